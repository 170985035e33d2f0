#!/usr/bin/env bash
# Runs the fuzz targets below a build folder, each for so many seconds, beginning with a few inputs of the kind it reads.
set -euo pipefail
build=$1 seconds=$2
for target in ${TARGETS:-archive expression ldif metadata rule settings}; do
    corpus=$build/corpus/$target
    mkdir -p "$corpus" "$build/found"
    case $target in
    archive)
        # Each hostile archive and good one, as it is (0) and as the tar that is in it (1).
        "$(dirname "$0")/archive-corpus.py" "$corpus"
        export FUZZ_DOCUMENT=$corpus-document.json
        ;;
    expression)
        printf 'IIF(IsPresent([mail]) && InStr([mail], "@") > 0, Trim([mail]), NULL)' >"$corpus/a"
        printf 'Join(Select($x, [otherMails], With($y, LCase($x), $y & "&")), ";")' >"$corpus/b"
        printf 'FormatDateTime(DateAdd("d", -1, CDate("2026-01-02")), "yyyyMMddHHmmss.0Z")' >"$corpus/c"
        ;;
    ldif) printf 'version: 1\ndn: CN=a\nobjectClass: user\ncn:: YQ==\n\ndn: CN=a\nchangetype: modify\nadd: x\nx: 1\n-\n' >"$corpus/a" ;;
    metadata)
        key='"00": {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"}}'
        head='"spec_version": "1.0.31", "version": 1, "expires": "2030-01-01T00:00:00Z"'
        role='{"keyids": ["00"], "threshold": 1}'
        end='}, "signatures": [{"keyid": "00", "sig": "00"}]}'
        info='{"version": 1, "length": 2, "hashes": {"sha256": "00"}}'
        printf '{"signed": {"_type": "root", %s, "consistent_snapshot": true, "keys": {%s}, "roles": {"root": %s, "timestamp": %s, "snapshot": %s, "targets": %s}%s' \
            "$head" "$key" "$role" "$role" "$role" "$role" "$end" >"$corpus/a"
        printf '{"signed": {"_type": "timestamp", %s, "meta": {"snapshot.json": %s}%s' "$head" "$info" "$end" >"$corpus/b"
        printf '{"signed": {"_type": "snapshot", %s, "meta": {"targets.json": %s, "a.json": {"version": 1}}%s' "$head" "$info" "$end" >"$corpus/c"
        printf '{"signed": {"_type": "targets", %s, "targets": {"a/b.txt": {"length": 1, "hashes": {"sha512": "00"}, "custom": [1, null]}}, "delegations": {"keys": {%s}, "roles": [{"name": "a", "paths": ["*/[!a-c]?.*"], "terminating": false, "keyids": ["00"], "threshold": 1}, {"name": "b", "path_hash_prefixes": ["0a"], "terminating": true, "keyids": [], "threshold": 1}]}%s' \
            "$head" "$key" "$end" >"$corpus/d"
        printf '{"signed": {"_type": "targets", %s, "targets": {}, "delegations": {"keys": {}, "succinct_roles": {"bit_length": 4, "name_prefix": "bin", "keyids": ["00"], "threshold": 1}}%s' "$head" "$end" >"$corpus/e"
        ;;
    rule)
        printf '<synchronizationRule><id>{11111111-2222-3333-4444-555555555555}</id><name>a</name><direction>Inbound</direction><disabled>False</disabled><connector>{11111111-2222-3333-4444-555555555555}</connector><sourceObjectType>user</sourceObjectType><targetObjectType>person</targetObjectType><linkType>Join</linkType><precedence>1</precedence><attribute-mappings><mapping><dest>a</dest><src><attr>b</attr></src><valueMergeType>Update</valueMergeType></mapping></attribute-mappings></synchronizationRule>' >"$corpus/a"
        printf "New-ADSyncRule -Name 'a' -Identifier '11111111-2222-3333-4444-555555555555' -Direction 'Inbound' -OutVariable syncRule\n" >"$corpus/b"
        ;;
    settings)
        printf 'Name                     Value\n----                     -----\nMicrosoft.A.B            True\nMicrosoft.C.LongerThan... 1\n' >"$corpus/a"
        printf 'Name  : Microsoft.A.B\nValue : True\n\nName  : Microsoft.C\nValue : a\n        b\n' >"$corpus/b"
        printf '"Name","Value"\n"Microsoft.A.B","x, ""y"""\n' >"$corpus/c"
        printf '[{"Name":"Microsoft.A.B","Value":"True"}]' >"$corpus/d"
        ;;
    esac
    program=$build/release/fuzz-$target
    [ -x "$program" ] || { echo "$program is not there: run make fuzz" >&2; exit 66; }
    echo "fuzz-$target for $seconds seconds"
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/found/$target-" "$corpus" 2>&1 | grep -E "^stat::number_of_executed|ERROR|SUMMARY|Fatal|Test unit" || true
    if ls "$build/found/$target-"* >/dev/null 2>&1; then
        echo "fuzz-$target: something was found, see $build/found" >&2
        exit 1
    fi
done
