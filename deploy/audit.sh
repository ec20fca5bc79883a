#!/bin/sh
# What the site is made of, and whether anything of it is known to be unsafe.
#   deploy/audit.sh sbom    a bill of materials (CycloneDX) with licences: var/sbom.json
#   deploy/audit.sh         asks for known advisories; exit code 0 only when every package was looked up and none has any
set -eu
cd "$(dirname "$0")/.."
var="${VAR_DIR:-var}"
tools="$var/audit"
wanted="$(sha256sum <deploy/audit.lock) $(python3 -V)"
mkdir -p "$var"
if [ "$(cat "$tools/installed" 2>/dev/null)" != "$wanted" ]; then
    python3 -m venv --clear "$tools"
    "$tools/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r deploy/audit.lock
    echo "$wanted" >"$tools/installed"
fi

if [ "${1:-}" = sbom ]; then
    "$tools/bin/cyclonedx-py" environment --of JSON --output-reproducible -o "$var/sbom.json" .venv
    echo "$var/sbom.json"
    exit
fi

report="$var/audit.json"
"$tools/bin/pip-audit" -r deploy/requirements.lock --no-deps --disable-pip --progress-spinner off --timeout 20 \
    --format json --output "$report" || true
"$tools/bin/python" - "$report" <<'END'
import json
import sys

try:
    packages = json.load(open(sys.argv[1]))["dependencies"]
except (OSError, ValueError, KeyError):
    sys.exit("NOTHING WAS CHECKED: the list of advisories could not be reached.")
unknown = [package["name"] for package in packages if "skip_reason" in package]
unsafe = [(package["name"], advisory["id"]) for package in packages for advisory in package.get("vulns", [])]
for name, advisory in unsafe:
    print(f"{name}: {advisory}")
if unknown:
    print(f"NOT CHECKED: {len(unknown)} of {len(packages)} packages. The list that was reached does not know them.")
    print("This is no clean audit. Run it where the network allows it.")
sys.exit(1 if unsafe else 3 if unknown else 0)
END
