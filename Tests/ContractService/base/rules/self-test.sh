# Reads the whole data folder; sets $broken to what is wrong with it.
inspect_data() {
    broken=
    newest=1
    while [ -f "$release/migrations/$((newest + 1)).sh" ]; do newest=$((newest + 1)); done
    for file in schema settings scheduler counters full-asked objects host; do
        [ -r "$data/$file" ] || { broken="$file cannot be read" && return 0; }
    done
    read -r epoch <"$data/schema"
    [ "$epoch" = "$newest" ] || broken="schema $epoch instead of $newest"
    fields=$((newest + 1))
    while read -r line; do
        set -- $line
        [ $# -eq "$fields" ] || broken="object '$line' has $# fields instead of $fields"
    done <"$data/objects"
}

self_test() {
    inspect_data
    status=ok passed=true
    [ -z "$broken" ] || status=failed passed=false
    quote "${broken:-schema $epoch}"
    printf '{"schema":"self-test/1","passed":%s,"checks":[{"name":"data","status":"%s","detail":%s}]}\n' \
        "$passed" "$status" "$quoted"
}
