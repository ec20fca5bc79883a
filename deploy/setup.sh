#!/bin/sh
# Brings a bare Debian 12 to a working .venv; does nothing when all is there.
#   deploy/setup.sh        what running the site needs
#   deploy/setup.sh dev    what the tests need too: a browser
set -eu
cd "$(dirname "$0")/.."
lock=deploy/requirements.lock
stamp=.venv/installed
PATH="$PATH:/usr/sbin:/sbin"

# --- System packages -------------------------------------------------------------------------

missing=""
need() { missing="$missing $1"; }
has_library() { ldconfig -p | grep -q "$1"; }
has_font() { command -v fc-list >/dev/null && fc-list ":lang=$1" family | grep -q .; }
has_python() { command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null; }

has_python || need python3-venv
# PDF: the shaping of text, and fonts for all languages of our people.
has_library libpangoft2-1.0.so.0 || need libpangoft2-1.0-0
has_library libharfbuzz-subset.so.0 || need libharfbuzz-subset0
command -v fc-list >/dev/null || need fontconfig
has_font ru || need fonts-dejavu-core
has_font zh || need fonts-wqy-microhei
fc-list P052 family 2>/dev/null | grep -q . || need fonts-urw-base35  # the serif of our headings
if [ "${1:-}" = dev ]; then
    # Chromium without its windows: half the work in each test.
    command -v "${CHROMIUM:-chromium-headless-shell}" >/dev/null || need chromium-headless-shell
    has_library libatomic.so.1 || need libatomic1  # the driver of the browser needs it
fi

if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # Another installation may be running: wait for it.
    apt-get -o DPkg::Lock::Timeout=300 -qq update
    # shellcheck disable=SC2086  # a list of words
    apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends $missing >/dev/null
elif [ -n "$missing" ]; then
    echo "Some system packages are missing. Ask an administrator to run:" >&2
    echo "  apt-get install -y --no-install-recommends$missing" >&2
    has_python || exit 1  # without the others the site starts, and says what it cannot do
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or later is needed; this is $(python3 -V)." >&2
    exit 1
}

# --- Python packages -------------------------------------------------------------------------

# A virtual environment holds its own path: a copied or moved one must be made again.
wanted="$(sha256sum <"$lock") $(python3 -V) $PWD"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing Python packages into .venv (about half a minute)"
    python3 -m venv --clear .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    echo "$wanted" >"$stamp"
fi
