#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, when they are missing. Does nothing, offline too, when
# they are there.
set -eu
if ! command -v "${SWIFT:-swift}" >/dev/null 2>&1; then
    echo "A Swift 6.3 toolchain is needed and 'swift' is not on the PATH: install it from swift.org, then run make again." >&2
    exit 69
fi
needed=(libcurl4-openssl-dev libarchive-dev libseccomp-dev libsqlite3-dev libxml2-dev binutils python3 python3-venv)
missing=()
for package in "${needed[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "Installing ${missing[*]}"
install=(apt-get install -y --no-install-recommends)
run=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "Run as root: apt-get install ${missing[*]}" >&2; exit 77; }
    run=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" "${install[@]}" "${missing[@]}" >/dev/null 2>&1 || {
    "${run[@]}" apt-get update >/dev/null && "${run[@]}" "${install[@]}" "${missing[@]}" >/dev/null
}
