#!/usr/bin/env bash
# Puts python-tuf, the reference of The Update Framework, into a virtual environment below .build/python-tuf, to hold our
# client and our publisher against. Works offline when it is there.
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
target=$package/.build/python-tuf
wanted=(tuf==7.0.1 "securesystemslib[crypto]==1.6.0")
[ "$(cat "$target/installed" 2>/dev/null)" = "${wanted[*]}" ] && exit 0
rm -rf "$target"
mkdir -p "$package/.build"
if ! { python3 -m venv "$target" && "$target/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"; } \
    >"$package/.build/python-tuf.log" 2>&1; then
    rm -rf "$target"
    echo "python-tuf could not be installed (.build/python-tuf.log); the comparisons with it will be skipped." >&2
    exit 69
fi
printf '%s' "${wanted[*]}" >"$target/installed"
