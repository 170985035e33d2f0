# Suspending and resuming. Only these verbs write the scheduler file and full-asked; only the service writes counters.
answer_scheduler() {
    json=false
    [ "$1" != True ] || json=true
    quote "$2"
    printf '{"schema":"%s/1","suspended":%s,"suspendedBy":%s}\n' "$schema" "$json" "$quoted"
}

# Somebody else's pause: nothing changes.
leave_alone() {
    quote "$suspendedBy"
    echo "contract-service $verb: suspended by ${suspendedBy:-a person}" >&2
    printf '{"schema":"%s/1","suspended":true,"suspendedBy":%s,"error":"suspended by somebody else"}\n' \
        "$schema" "$quoted"
    exit 75
}

scheduler_suspend() {
    [ -n "$owner" ] || usage "suspend needs --owner"
    begin_change
    read_scheduler
    if [ "$suspended" = True ] && [ "$suspendedBy" != "$owner" ]; then leave_alone; fi
    [ "$suspended" = True ] || replace_durably "$data/scheduler" "suspended=True${nl}suspendedBy=$owner$nl"
    answer_scheduler True "$owner"
}

scheduler_resume() {
    [ -n "$owner" ] || usage "resume needs --owner"
    begin_change
    read_scheduler
    if [ "$suspended" = True ] && [ "$suspendedBy" != "$owner" ] && [ -z "$force" ]; then leave_alone; fi
    if [ -n "$full" ]; then
        read_counters
        [ "$nextPolicy" = Initial ] || replace_durably "$data/full-asked" "$((fullAsked + 1))$nl"
    fi
    [ "$suspended" = False ] || replace_durably "$data/scheduler" "suspended=False${nl}suspendedBy=$nl"
    answer_scheduler False ""
}

# The service marks a cycle before it looks whether it may run one, and a pause is written before this looks for the mark:
# one of the two sees the other.
wait_idle() {
    waited=0
    while find_cycle && [ "$cycling" = true ]; do
        if [ "$waited" -ge "$((timeout * 50))" ]; then
            printf '{"schema":"wait-idle/1","idle":false,"running":"cycle of process %s"}\n' "${running%% *}"
            exit 75
        fi
        sleep 0.02
        waited=$((waited + 1))
    done
    echo '{"schema":"wait-idle/1","idle":true,"running":""}'
}
