#!/usr/bin/env bash
# Unpacks servers that tests compare with or talk to: OpenLDAP's slapd (2 MB), whose dumps our LDIF reader is compared with,
# nginx (1 MB), which speaks HTTP/2, and, with --samba, Samba's domain controller (11 MB). Nothing is installed,
# configured or started: the packages lie below .build/oracles.
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
target=$package/.build/oracles
wanted=(slapd nginx)
[ "${1-}" = --samba ] && wanted+=(python3-samba samba-common-bin samba-ad-provision samba-dsdb-modules ldb-tools)
mkdir -p "$target/packages"
cd "$target/packages"
for name in "${wanted[@]}"; do
    [ -e "$target/$name.there" ] && continue
    # What this machine lacks to run it comes with it.
    closure=$(apt-get install -s --no-install-recommends "$name" | sed -n 's/^Inst \([^ ]*\).*/\1/p') || {
        echo "$name: the package is not known here; run apt-get update first" >&2
        exit 69
    }
    for part in ${closure:-$name}; do
        [ -e "$target/$part.there" ] && continue
        apt-get download "$part" >/dev/null 2>download.err || {
            cat download.err >&2
            exit 69
        }
        dpkg-deb -x "$part"_*.deb "$target/root"
        rm -f "$part"_*.deb
        touch "$target/$part.there"
    done
    touch "$target/$name.there"
done
rm -f download.err
