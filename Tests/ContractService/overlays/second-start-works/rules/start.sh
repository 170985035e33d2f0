# The first start writes an index and is not ready in time for itself; the second finds the index.
prepare_start() {
    [ ! -f "$data/index" ] || return 0
    read_settings
    replace "$data/index" "$connectors$nl"
    fail "the index was missing and has been written: start again"
}
