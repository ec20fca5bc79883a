#!/bin/sh
# Changes the code and looks whether a test notices; see docs/mutations.md. Its tools stay out of the site's environment.
set -eu
cd "$(dirname "$0")/.."
tools="${VAR_DIR:-var}/mutants/tools"
wanted="$(sha256sum <deploy/mutants.lock) $(python3 -V)"
if [ "$(cat "$tools/installed" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$tools"
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r deploy/mutants.lock --target "$tools"
    echo "$wanted" >"$tools/installed"
fi
exec nice -n 19 .venv/bin/python -m logbook_site.mutants
