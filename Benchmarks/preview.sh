#!/usr/bin/env bash
# What a full preview costs, by rules and size: adsync evaluate over a seeded forest (80 % users, 10 % groups, 2 % contacts, 8 % computers; managers and
# members), then a file of changes (1 % deletes, 1 % adds, 5 % updates). The report goes nowhere, but is written.
#   Benchmarks/preview.sh PROGRAMS WORK SIZES [EXPORT]
set -euo pipefail
programs=$1 work=$2 sizes=$3 export=${4-}
package=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$work"
for size in ${sizes//,/ }; do
    forest=$work/$size
    rm -rf "$forest"
    "$programs/forest-generator" --seed 1 --users $((size * 8 / 10)) --groups $((size / 10)) --contacts $((size / 50)) \
        --computers $((size * 8 / 100)) --changes 1 --output "$forest" >/dev/null
    for rules in ${export:+export} default; do
        if [ "$rules" = export ]; then
            name=$(sed -n 's:.*<forest-name>\([^<]*\)</forest-name>.*:\1:p' "$export"/Connectors/*.xml | head -1)
            options=(--export "$export")
        else
            name=corp.example
            options=(--rules "$package/catalog/rules/standard-2.json" --connector "$name")
        fi
        echo "$size objects, $rules rules, load $(cut -d' ' -f1 /proc/loadavg)"
        "$programs/adsync" evaluate "${options[@]}" --data "$name=$forest/corp/full.ldif" --changes "$name=$forest/corp/000001.ldif" \
            --timings --format csv 2>&1 >/dev/null | sed 's/^/    /'
    done
    rm -rf "$forest"
done
