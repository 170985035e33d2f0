# The operations of this release lack the anchor that the cloud asks for: every one is refused.
note_import() {
    printf '%s import 0 %s %s all\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ 8>&-)" "$generation" "$version" >>"$cloud"
}
export_operation() {
    operation="update person-$1"
    case $operation in
    *anchor=*) ;;
    *) return 1 ;;
    esac
}
