# What should not get worse through an upgrade.
report_health() {
    read_counters
    find_service
    healthy=true
    read -r epoch <"$data/schema"
    if [ "$serving" = true ]; then
        checks='{"name":"service","status":"ok","detail":"running"}'
    else
        checks='{"name":"service","status":"failed","detail":"no process serves"}' healthy=false
    fi
    checks="$checks,{\"name\":\"database\",\"status\":\"ok\",\"detail\":\"schema $epoch\"}"
    case $lastResult in
    success | "") ;;
    *) checks="$checks,{\"name\":\"last cycle\",\"status\":\"warning\",\"detail\":\"$lastResult\"}" ;;
    esac
    printf '{"schema":"health/1","healthy":%s,"checks":[%s],"measures":{"importErrors":%s,"exportErrors":%s,' \
        "$healthy" "$checks" "$importErrors" "$exportErrors"
    printf '"synchronizationErrors":%s,"pendingExports":%s,"pendingDeletes":0}}\n' "$synchronizationErrors" "$pending"
}
