# The two commands of this house are `make run` and `make test`. Both install what is missing.
.PHONY: run test fast lint screenshots sbom audit fuzz

run: ; @deploy/setup.sh && exec .venv/bin/python -m logbook_site.run

test: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Everything but the browser and the tests that take seconds.
fast: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow"

lint: ; @deploy/setup.sh && .venv/bin/ruff check . && .venv/bin/ruff format --check .

# Pictures of every page in var/screenshots, axe over all of them, and how soon two of them stand on a slow phone.
screenshots: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -q logbook_site/screenshots.py

# A hundred thousand requests that nobody would write by hand. FROM=38 make fuzz goes on where a run was stopped.
fuzz: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -v -n 2 logbook_site/fuzz.py

# A bill of materials, and known advisories; see docs/dependencies.md.
sbom: ; @deploy/setup.sh && exec deploy/audit.sh sbom

audit: ; @exec deploy/audit.sh
