#!/bin/sh
# Print the first Python of 3.11 or newer on this machine. Ends with 1, and says nothing, where there is none.
set -eu

for name in python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
exit 1
