# The cloud's log: time, what was done, number of the operation, generation, version, object.
note_import() {
    printf '%s import 0 %s %s all\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ 8>&-)" "$generation" "$version" >>"$cloud"
}
export_operation() {
    printf '%s export %s %s %s update person-%s\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ 8>&-)" \
        "$1" "$generation" "$version" "$1" >>"$cloud"
}
