# What must be in order before the service is ready.
prepare_start() {
    read -r epoch <"$data/schema" || fail "no schema in $data"
    newest=1
    while [ -f "$release/migrations/$((newest + 1)).sh" ]; do newest=$((newest + 1)); done
    [ "$epoch" = "$newest" ] || fail "data of schema $epoch, this release needs $newest"
}
