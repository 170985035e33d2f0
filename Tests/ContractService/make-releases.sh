#!/bin/sh
# Makes the contract service's releases: OUT/<version>/ with the files of one release and OUT/<version>.recipe.json beside
# it. A release is the base and the files of one overlay; each is broken by what it contains. What upgrades the data has
# the good migration below its overlay; what servers are provisioned with has none.
#
# usage: make-releases.sh OUT [VERSION…]
set -eu
here=$(cd "${0%/*}" && pwd)
out=${1:?usage: make-releases.sh OUT [VERSION…]}
shift
wanted=" $* "

verb() { # name, argv, seconds
    printf '    "%s": {"argv": ["bin/contract-service"%s], "timeoutSeconds": %s}%s\n' "$1" "$2" "$3" "${4-,}"
}

recipe() { # version, epochs read, epoch written, settings changed, verb with a limit of its own, its limit, oldest version
    limit() { if [ "$1" = "$verb_name" ]; then echo "$verb_seconds"; else echo 30; fi; }
    verb_name=$5 verb_seconds=$6
    cat <<JSON
{
  "schema": "recipe/1",
  "product": "adsync",
  "version": "$1",
  "platform": "linux",
  "contract": 1,
  "upgradesFrom": "${7:-1.1.750.0}",
  "dataSchema": {"reads": [$2], "writes": $3},
  "freeDiskBytes": 1048576,
  "settingsChanged": [$4],
  "components": [{"name": "health-agent", "version": "3.1.2.0"}],
  "requiresFullImport": $([ "$3" = 1 ] && echo false || echo true),
  "requiresFullSynchronization": $([ "$3" = 1 ] && echo false || echo true),
  "notes": "The contract service, release $1.",
  "commands": {
JSON
    for name in facts status health suspend resume wait-idle snapshot migrate self-test rehearse export-config; do
        verb "$name" ", \"$name\"" "$(limit "$name")"
    done
    verb "settings get" ', "settings", "get"' 30
    verb "settings set" ', "settings", "set"' 30
    verb serve ', "serve"' 30 ""
    printf '  }\n}\n'
}

make() { # version, overlay, verb with a limit of its own, its limit, oldest version that it upgrades from
    case $wanted in "  " | *" $1 "*) ;; *) return 0 ;; esac
    rm -rf "${out:?}/$1"
    mkdir -p "$out/$1"
    cp -R "$here/base/." "$out/$1"
    if [ "$2" = none ] || [ "$2" = copies-badly ]; then
        [ "$2" = none ] || cp -R "$here/overlays/$2/." "$out/$1"
        recipe "$1" 1 1 "" "" "" >"$out/$1.recipe.json"
    else
        cp -R "$here/overlays/good/." "$out/$1"
        cp -R "$here/overlays/$2/." "$out/$1"
        recipe "$1" "1, 2" 2 '"Microsoft.SynchronizationOption.AnchorAttribute"' "${3-}" "${4-}" \
            "${5-}" >"$out/$1.recipe.json"
    fi
    echo "$1" >"$out/$1/rules/version"
    find "$out/$1" -type d -empty -delete
    find "$out/$1" -type f -perm /100 -exec chmod 755 {} +
    find "$out/$1" -type f ! -perm /100 -exec chmod 644 {} +
}

mkdir -p "$out"
make 1.1.740.0 none
make 1.1.750.0 none
make 1.1.751.0 good
make 1.1.752.0 pre-test-fails
make 1.1.753.0 migration-fails
make 1.1.754.0 start-fails
make 1.1.755.0 post-test-fails
make 1.1.756.0 exports-fail
make 1.1.757.0 second-start-works
make 1.1.758.0 undeclared-setting
make 1.1.759.0 self-test-fails
make 1.1.760.0 ignores-sigterm
make 1.1.761.0 migration-hangs migrate 2
make 1.1.762.0 health-hangs health 2
make 1.1.763.0 deletes-devices
make 1.1.764.0 paused-migration-fails
make 1.1.765.0 copies-badly
make 1.1.766.0 post-test-hangs
make 1.1.767.0 paused-migration-hangs
make 1.1.768.0 exports-fail-later
make 1.1.770.0 good
make 1.1.771.0 good "" "" 1.1.105.0
make 1.1.772.0 good "" "" 1.1.751.0
