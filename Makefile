# The two commands of this house are `make run` and `make test`. Both install what is missing.
.PHONY: run test fast lint screenshots pictures faults privacy fuzz sbom audit bench bench-large load mutants

# What is compiled once stays so, whatever the shell says: tests start many processes of ours.
unexport PYTHONDONTWRITEBYTECODE

run: ; @deploy/setup.sh && exec .venv/bin/python -m logbook_site.run

# Three at once, on two processors, too: many tests wait, for servers that are killed and for browsers.
test: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# Everything but the browser and the tests that take a second or more.
fast: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not browser and not slow and not long"

lint: ; @deploy/setup.sh && .venv/bin/ruff check . && .venv/bin/ruff format --check .

# Pictures of every page in var/screenshots, axe over all of them, and how soon two of them stand on a slow phone.
screenshots: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -q logbook_site/screenshots.py

# A hundred thousand requests that nobody would write by hand. FROM=38 make fuzz goes on where a run was stopped.
fuzz: ; @deploy/setup.sh dev && exec .venv/bin/python -m pytest -v -n 2 logbook_site/fuzz.py

# A bill of materials, and known advisories; see docs/dependencies.md.
sbom: ; @deploy/setup.sh && exec deploy/audit.sh sbom

audit: ; @exec deploy/audit.sh

# How fast everything is, beside a base of the same minute; docs/benchmarks.md says what the numbers mean.
bench: ; @deploy/setup.sh && LOGBOOK_MODE=demo exec .venv/bin/python -m logbook_site.benchmarks --write

# The same with ten million entries and a million names: 6 GB of disk, a quarter of an hour.
bench-large: ; @deploy/setup.sh && LOGBOOK_MODE=demo exec .venv/bin/python -m logbook_site.benchmarks --write --entries 10000000 --names 1000000

# The web server with two workers and many people at once, for two minutes.
load: ; @deploy/setup.sh && LOGBOOK_MODE=demo exec .venv/bin/python -m logbook_site.benchmarks --write --load 120

# The whole site is hurt in every way we can think of, while people use it. SEED=7 make faults does the same again.
faults: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -q -rP -n 2 --dist loadfile $(addprefix logbook_site/faults/,controls.py kills.py moods.py clocks.py disk.py backups.py side_by_side.py)

# What people trust us with, searched for wherever the site writes: fresh, in backups, and when its time is over.
privacy: ; @deploy/setup.sh && exec .venv/bin/python -m pytest -q -rP logbook_site/faults/privacy.py

# The four pictures of the README, in docs/pictures.
pictures: ; @deploy/setup.sh dev && README_PICTURES=1 exec .venv/bin/python -m pytest -q logbook_site/screenshots.py -k readme

# The code is changed in one place, thousands of times, and some test must notice. AREAS="hours vault" tries some only.
mutants: ; @deploy/setup.sh && exec deploy/mutants.sh
