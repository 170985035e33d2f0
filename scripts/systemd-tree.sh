#!/usr/bin/env bash
# Makes OUT, a small Debian 12 system with systemd for the tests that reboot a whole machine (in systemd-nspawn). Made once:
# a whole tree is left as it is. It comes from the mirror that this machine's own apt uses. Installs the tools for that when
# they are missing.
#
# usage: scripts/systemd-tree.sh OUT
set -euo pipefail
out=${1:?usage: scripts/systemd-tree.sh OUT}
suite=bookworm
# What is written last says that everything before it was written.
whole=$out/etc/systemd-tree
[ ! -e "$whole" ] || exit 0

unable() {
    echo "systemd-tree.sh: $1" >&2
    exit 69
}
[ "$(id -u)" = 0 ] || unable "only root can make a system tree"
if ! command -v debootstrap >/dev/null || ! command -v systemd-nspawn >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    install=(apt-get install -y --no-install-recommends debootstrap systemd-container)
    echo "Installing debootstrap systemd-container"
    "${install[@]}" >/dev/null 2>&1 || { apt-get update && "${install[@]}"; } >/dev/null 2>&1 ||
        unable "these cannot be installed: debootstrap systemd-container"
fi
# shellcheck disable=SC2016  # apt fills these in
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$suite" '$1 == suite && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || unable "apt knows no mirror of $suite"

# systemd and a bus for systemctl; what the programs and the contract service use; what the tests look with.
packages=(systemd systemd-sysv dbus util-linux procps coreutils dash
    libcurl4 libarchive13 libsqlite3-0 libxml2 libstdc++6)
partial=$out.partial
rm -rf --one-file-system "$partial"
trap 'rm -rf --one-file-system "$partial"' EXIT
mkdir -p "$partial"
debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$partial" "$mirror" \
    >"$out.log" 2>&1 || unable "debootstrap failed; its last words: $(tail -n 1 "$out.log")"

# Nothing that waits for a network, a console or a day: the machine has none of them.
ln -sf /lib/systemd/system/multi-user.target "$partial/etc/systemd/system/default.target"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer systemd-resolved.service systemd-timesyncd.service systemd-networkd.service \
    systemd-networkd-wait-online.service systemd-logind.service console-getty.service getty.target; do
    ln -sf /dev/null "$partial/etc/systemd/system/$unit"
done
mkdir -p "$partial/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\n' >"$partial/etc/systemd/journald.conf.d/volatile.conf"
echo directory-server >"$partial/etc/hostname"
rm -rf "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/* "$partial"/usr/share/{doc,man,locale}
rm -rf "$out"
echo "$suite" >"$partial/etc/systemd-tree"
mv "$partial" "$out"
rm -f "$out.log"
