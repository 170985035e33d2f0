#!/usr/bin/env bash
# Builds the releases of adsync from Releases/ and the built program.
# Usage: scripts/make-adsync-releases.sh [--folders] OUT [VERSION...]
#   --folders  only assemble the folders, in OUT/<version>, without archives
# Environment: PROGRAMS, the folder with adsync and aadc-publish (.build/debug); LEVEL, zstd's level (3).
set -eu
archives=yes
if [ "${1-}" = --folders ]; then
    archives=
    shift
fi
[ $# -ge 1 ] || { echo "usage: $0 [--folders] OUT [VERSION...]" >&2; exit 64; }
package=$(cd "$(dirname "$0")/.." && pwd)
programs=${PROGRAMS:-$package/.build/debug}
out=$1
shift
[ -x "$programs/adsync" ] || { echo "$programs/adsync: build it first: swift build --product adsync" >&2; exit 66; }
versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
    for recipe in "$package"/Releases/*/recipe.json; do versions+=("$(basename "$(dirname "$recipe")")"); done
fi
mkdir -p "$out"
work=$(mktemp -d "$out/.assembling-XXXXXX")
trap 'rm -rf "$work"' EXIT
strip -o "$work/adsync" "$programs/adsync"
for version in "${versions[@]}"; do
    source=$package/Releases/$version
    [ -f "$source/recipe.json" ] || { echo "$source: there is no such release" >&2; exit 66; }
    folder=$work/$version
    mkdir -p "$folder/bin" "$folder/rules"
    ln "$work/adsync" "$folder/bin/adsync"
    cp "$package/catalog/rules/$(cat "$source/rules.from")" "$folder/rules/standard.json"
    while read -r layer; do cp -R "$package/Releases/$layer/." "$folder/"; done <"$source/layers"
    rm -f "$folder/recipe.json" "$folder/layers" "$folder/rules.from"
    find "$folder" -type d -exec chmod 755 {} +
    find "$folder" -type f ! -path '*/bin/*' ! -path '*/tests/*' -exec chmod 644 {} +
    chmod 755 "$folder"/bin/*
    if [ "$archives" ]; then
        "$programs/aadc-publish" build-release "$folder" --recipe "$source/recipe.json" --output "$out" \
            --compression-level "${LEVEL:-3}"
    else
        # Enough for the program to know itself; a real release.json lists every file.
        sed 's#"recipe/1"#"release/1"#' "$source/recipe.json" >"$folder/release.json"
        mv "$folder" "$out/$version"
    fi
done
