# The cloud takes one operation of this release; every further one repeats its identity and is refused.
note_import() {
    printf '%s import 0 %s %s all\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ 8>&-)" "$generation" "$version" >>"$cloud"
}
identity=
export_operation() {
    [ -z "$identity" ] || return 1
    identity=person-$1
    printf '%s export %s %s %s update %s\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ 8>&-)" \
        "$1" "$generation" "$version" "$identity" >>"$cloud"
}
