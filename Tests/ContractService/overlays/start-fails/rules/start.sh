# A table of this release is missing from its archive.
prepare_start() {
    [ -f "$release/rules/precedence" ] || fail "rules/precedence is missing"
}
