#!/bin/bash
# Measures `aadc-upgrade check` on an exported configuration: one export in each format, then folders of many.
#
# usage: check.sh PROGRAMS WORK EXPORT [COUNT,COUNT…]
#
# PROGRAMS is a folder with a release build, WORK gets the copies (hard links), EXPORT is a folder that
# Get-ADSyncServerConfiguration wrote.
set -euo pipefail
programs=${1:?usage: check.sh PROGRAMS WORK EXPORT [COUNT,…]}
work=${2:?usage: check.sh PROGRAMS WORK EXPORT [COUNT,…]}
export=${3:?usage: check.sh PROGRAMS WORK EXPORT [COUNT,…]}
counts=${4:-10,100,1000}
check=$programs/aadc-upgrade

microseconds() { # runs the command once and prints what it took
    local begin=${EPOCHREALTIME/./} status=0
    "$@" >/dev/null || status=$?
    case $status in 0 | 75 | 78) ;; *) echo "$* ended with $status" >&2 && return 1 ;; esac
    echo $((${EPOCHREALTIME/./} - begin))
}

mkdir -p "$work"
printf '%-28s %10s %10s\n' "one export" "least ms" "median ms"
for format in text json html; do
    for _ in {1..21}; do microseconds "$check" check --export "$export" --format "$format"; done | sort -n >"$work/times"
    awk -v name="$format" '{ t[NR] = $1 } END { printf "%-28s %10.1f %10.1f\n", name, t[1] / 1000, t[11] / 1000 }' "$work/times"
done
printf '\n%-28s %10s %10s\n' "exports in one folder" "seconds" "ms each"
IFS=, read -ra sizes <<<"$counts"
for count in "${sizes[@]}"; do
    folder=$work/exports-$count
    rm -rf "$folder" && mkdir "$folder"
    for ((i = 1; i <= count; i++)); do cp -rl "$export" "$folder/server-$i" 2>/dev/null || cp -r "$export" "$folder/server-$i"; done
    took=$(microseconds "$check" check --export "$folder")
    awk -v n="$count" -v t="$took" 'BEGIN { printf "%-28d %10.2f %10.2f\n", n, t / 1e6, t / 1e3 / n }'
    rm -rf "$folder"
done
