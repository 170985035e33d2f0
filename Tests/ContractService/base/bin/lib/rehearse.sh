# A full synchronization of a scratch copy: which changes the release's rules make that were not pending before.
rehearse() {
    . "$release/rules/self-test.sh"
    inspect_data
    errors=0
    [ -z "$broken" ] || errors=1
    list=
    while read -r type operation count; do
        list="$list${list:+,}{\"objectType\":\"$type\",\"operation\":\"$operation\",\"count\":$count}"
    done <"$release/rules/changes"
    printf '{"schema":"rehearse/1","changes":[%s],"errors":%s}\n' "$list" "$errors"
}
