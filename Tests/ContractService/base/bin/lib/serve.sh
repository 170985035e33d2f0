# The service: one cycle per interval until SIGTERM, from the generation that was active when it started.
. "$release/rules/start.sh"
. "$release/rules/export.sh"
. "$release/bin/lib/stop.sh"

serve() {
    begin_change
    exec 8>>"$service/serve.lock"
    flock -n 8 || fail "another process serves" 75
    stopping= sleeper=
    handle_stop
    prepare_start
    : >"$marker"
    start_time $$
    own_start=$started
    replace "$service/serve.json" "{\"schema\":\"service-process/1\",\"pid\":$$,\"startTime\":$own_start,\
\"bootId\":\"$boot\",\"generation\":$generation}$nl"
    exec 9>&-
    echo "serving generation $generation, version $version" >&2
    while [ -z "$stopping" ]; do
        read_settings
        pause "$interval"
        [ -n "$stopping" ] || cycle
    done
    rm -f "$service/serve.json" "$marker"
    echo "stopped" >&2
}

# Sleeps in pieces of at most a second, so that what a killed service leaves behind ends by itself. Children get no locks.
pause() {
    whole=${1%%.*}
    while [ "$whole" -gt 0 ] && [ -z "$stopping" ]; do
        nap 1
        whole=$((whole - 1))
    done
    case $1 in
    *.*) [ -n "$stopping" ] || nap "0.${1#*.}" ;;
    esac
}
nap() {
    sleep "$1" 8>&- &
    sleeper=$!
    wait "$sleeper" || :
    [ -z "$stopping" ] || kill "$sleeper" 2>/dev/null || :
    sleeper=
}

cycle() {
    printf '%s %s\n' $$ "$own_start" >"$marker"
    read_scheduler
    read_settings
    if [ "$suspended" = True ] || [ "$enabled" != True ]; then
        : >"$marker"
        return 0
    fi
    read_counters
    asked=$fullAsked policy=$nextPolicy result=success
    pause "$work"
    if [ -z "$stopping" ]; then
        [ "$policy" = Delta ] || note_import
        export_pending
        now=$(date -u +%Y-%m-%dT%H:%M:%SZ 8>&-)
        replace "$data/counters" "completed=$((completed + 1))${nl}lastPolicy=$policy${nl}lastResult=$result${nl}\
lastEnded=$now${nl}exported=$exported${nl}pending=$pending${nl}importErrors=$importErrors${nl}\
exportErrors=$exportErrors${nl}synchronizationErrors=$synchronizationErrors${nl}fullDone=$asked$nl"
    fi
    : >"$marker"
}

# A lease, a trial or staging mode is looked for before each operation; what may not be sent stays pending.
export_pending() {
    pending=$((pending + operations))
    while [ "$pending" -gt 0 ]; do
        if [ "$staging" = True ] || [ -e "$service/lease.json" ] || [ -e "$data/trial.json" ]; then return 0; fi
        pending=$((pending - 1))
        if export_operation $((exported + 1)); then
            exported=$((exported + 1))
        else
            exportErrors=$((exportErrors + 1)) result=completed-export-errors
        fi
    done
}
