#!/bin/sh
# Install a browser for the tests of `handouts preview`, which are skipped where there is none. `make test` does not ask
# for one: a browser is large, and who writes handouts has one of their own.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done

if ! command -v apt-get >/dev/null; then
    echo "the browser tests need Chromium: install it by the package manager of this system" >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then root=""; else root=sudo; fi
install="apt-get install -y --no-install-recommends chromium"
echo "installing Chromium for the browser tests: $root $install"
as_root() { $root env DEBIAN_FRONTEND=noninteractive "$@"; }
# Old package lists name files that are gone: then they are fetched, and it is tried once more.
as_root $install || { as_root apt-get update && as_root $install; }
