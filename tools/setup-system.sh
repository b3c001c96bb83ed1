#!/bin/sh
# Install what handouts needs from the system: Python with venv, Pango, and HarfBuzz with its subset library.
# Where all of it is there already, this does nothing, asks for nothing and says nothing.
#
# Tried on Debian 12. Written for Ubuntu, Fedora and macOS too, and not tried there.
set -eu
here=$(dirname "$0")

say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }
too_old() {
    fail "handouts needs Python 3.11 or newer; $(python3 --version 2>&1 || true) is what this system brings.
Debian 12, Ubuntu 24.04, Fedora 37 and later bring a newer one. On Ubuntu 22.04, as root:
    apt-get install python3.11 python3.11-venv"
}

# A library is there if it can be opened, which is all that WeasyPrint asks of it. Where there is no Python yet, the
# linker's cache is asked. Names: Linux, then macOS.
library() {
    if [ -n "$python" ]; then
        DYLD_FALLBACK_LIBRARY_PATH="${brew:-}/lib:/usr/local/lib:/usr/lib" "$python" - "$@" 2>/dev/null <<'PYTHON'
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        continue
    sys.exit(0)
sys.exit(1)
PYTHON
    else
        PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -qF "$1"
    fi
}

python=$("$here/find-python.sh" || true)
brew=$(brew --prefix 2>/dev/null || true)

missing=""
if [ -z "$python" ]; then
    # Of Linux's packages, python3 is one release only: where it is there and too old, to install it is no help.
    if command -v python3 >/dev/null && [ -z "$brew" ]; then too_old; fi
    missing="$missing python"
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    missing="$missing venv"
fi
library libpango-1.0.so.0 libpango-1.0.dylib libpango-1.0.0.dylib || missing="$missing pango"
library libpangoft2-1.0.so.0 libpangoft2-1.0.dylib libpangoft2-1.0.0.dylib || missing="$missing pangoft2"
library libharfbuzz-subset.so.0 libharfbuzz-subset.0.dylib || missing="$missing subset"
[ -n "$missing" ] || exit 0

# The packages that bring what is missing, and the command that installs them, for the package manager of this system.
packages=""
add() { case " $packages " in *" $1 "*) ;; *) packages="$packages $1" ;; esac; }

if command -v apt-get >/dev/null; then
    for part in $missing; do
        case $part in
            python) add python3; add python3-venv ;;
            venv) case $(basename "$python") in python3) add python3-venv ;; *) add "$(basename "$python")-venv" ;; esac ;;
            pango) add libpango-1.0-0 ;;
            pangoft2) add libpangoft2-1.0-0 ;;
            subset) add libharfbuzz-subset0 ;;
        esac
    done
    install="apt-get install -y --no-install-recommends$packages"
    by_hand="apt-get update && $install"
elif command -v dnf >/dev/null; then
    for part in $missing; do
        case $part in
            python | venv) add python3 ;;
            pango | pangoft2) add pango ;;
            subset) add harfbuzz ;;
        esac
    done
    install="dnf install -y$packages"
    by_hand=$install
elif command -v brew >/dev/null; then
    for part in $missing; do
        case $part in
            python | venv) add python@3.13 ;;
            *) add pango ;;
        esac
    done
    install="brew install$packages"
    by_hand=$install
else
    fail "handouts needs Python 3.11 or newer with venv, Pango 1.44 or newer, and HarfBuzz with its subset library.
Missing here:$missing. No apt-get, dnf or brew was found: please install them with your system's packages.
docs/install.md names the packages of more systems."
fi

say "handouts needs these packages of the system, which are not here yet:"
say "   $packages"
say "They lay out the text and run the program. Nothing else of the system is changed. The command:"

# Homebrew must not run as root; the others must.
if [ "${install%% *}" = brew ]; then
    say "    $install"
    # shellcheck disable=SC2086
    $install
elif [ "$(id -u)" -eq 0 ]; then
    say "    $install"
    root=""
elif command -v sudo >/dev/null; then
    say "    sudo $install"
    say "sudo may ask for your password."
    root=sudo
else
    say "    $install"
    fail "This takes root, and there is no sudo here. Please run this one command as root, then make again:
    $by_hand"
fi

if [ "${install%% *}" = apt-get ]; then
    # A fresh machine or container has no package lists, and old ones name files that are gone: then fetch them once.
    as_root() { $root env DEBIAN_FRONTEND=noninteractive "$@"; }
    lists=$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)
    [ -n "$lists" ] || as_root apt-get update
    # shellcheck disable=SC2086
    as_root $install || { [ -n "$lists" ] && as_root apt-get update && as_root $install; } ||
        fail "The packages could not be installed. Please run this one command as root, then make again:
    $by_hand"
elif [ "${install%% *}" = dnf ]; then
    # shellcheck disable=SC2086
    $root $install
fi

"$here/find-python.sh" >/dev/null || too_old
