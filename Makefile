# The two commands of this house are `make run` and `make test`. Both install what is missing.
.PHONY: run test fast lint screenshots pictures

run: ; @deploy/setup.sh && exec .venv/bin/python -m logbook_site.run

test: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Everything but the browser and the tests that take seconds.
fast: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow"

lint: ; @deploy/setup.sh && .venv/bin/ruff check . && .venv/bin/ruff format --check .

# Pictures of every page in var/screenshots, axe over all of them, and how soon two of them stand on a slow phone.
screenshots: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -q logbook_site/screenshots.py

# The four pictures of the README, in docs/pictures.
pictures: ; @deploy/setup.sh dev && README_PICTURES=1 exec .venv/bin/python -m pytest -q logbook_site/screenshots.py -k readme
