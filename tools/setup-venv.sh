#!/bin/sh
# Make .venv and install handouts and its pinned packages there, for work on this checkout.
set -eu
cd "$(dirname "$0")/.."

python=$(tools/find-python.sh) || {
    echo "handouts needs Python 3.11 or newer, and none was found: run tools/setup-system.sh" >&2
    exit 1
}

# An environment whose Python is gone (after an upgrade of the system, say) cannot be mended, only made again.
if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "installing the Python packages of constraints.txt into .venv (about a minute)"
install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$@"; }
# The build back end first, so that handouts itself is built with the pinned one and not in an environment of its own.
install hatchling
install --no-build-isolation --editable '.[dev]'
