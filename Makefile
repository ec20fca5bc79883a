# The two commands of this house are `make run` and `make test`. Both install what is missing.
.PHONY: run test fast lint screenshots faults privacy

run: ; @deploy/setup.sh && exec .venv/bin/python -m logbook_site.run

test: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Everything but the browser and the tests that take seconds.
fast: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow"

lint: ; @deploy/setup.sh && .venv/bin/ruff check . && .venv/bin/ruff format --check .

# Pictures of every page in var/screenshots, axe over all of them, and how soon two of them stand on a slow phone.
screenshots: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -q logbook_site/screenshots.py

# The whole site is hurt in every way we can think of, while people use it. SEED=7 make faults does the same again.
faults: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -q -rP -n 2 --dist loadfile $(addprefix logbook_site/faults/,controls.py kills.py moods.py clocks.py disk.py backups.py side_by_side.py)

# What people trust us with, searched for wherever the site writes: fresh, in backups, and when its time is over.
privacy: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -q -rP logbook_site/faults/privacy.py
