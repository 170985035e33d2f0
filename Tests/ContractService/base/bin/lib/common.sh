# What several verbs need. Shell built-ins wherever they suffice: a verb takes a few milliseconds.
nl='
'

usage() {
    echo "contract-service: $1" >&2
    exit 64
}

# The failure's document, and the same line for people.
fail() {
    echo "contract-service $verb: $1" >&2
    quote "$1"
    printf '{"schema":"%s/1","error":%s}\n' "$schema" "$quoted"
    exit "${2:-1}"
}

# JSON text of a string; values are single lines without control characters.
quote() {
    quoted=
    rest=$1
    while :; do
        case $rest in
        *[\\\"]*)
            plain=${rest%%[\\\"]*}
            rest=${rest#"$plain"}
            mark=${rest%"${rest#?}"}
            rest=${rest#?}
            quoted="$quoted$plain\\$mark"
            ;;
        *) break ;;
        esac
    done
    quoted="\"$quoted$rest\""
}

find_server() {
    service=$root/var/lib/adsync
    generation=0
    if [ -z "$data" ]; then
        cd -P "$service/current" 2>/dev/null || fail "no active generation below $service"
        generation=${PWD##*/}
        data=$PWD/data
        cd /
    fi
    marker=$service/cycle
    version=
    read -r version <"$release/rules/version" || :
    read -r boot </proc/sys/kernel/random/boot_id
}

# Replaces a file by rename, so that whoever reads or copies meanwhile has the old or the new one whole.
replace() {
    next=${1%/*}/.${1##*/}.$$
    printf '%s' "$2" >"$next"
    mv -f "$next" "$1"
}

# The same, on disk before it returns.
replace_durably() {
    next=${1%/*}/.${1##*/}.$$
    printf '%s' "$2" >"$next"
    sync "$next"
    mv -f "$next" "$1"
    sync "${1%/*}"
}

# Field 22 of /proc/<pid>/stat, counted behind the name, which may have spaces; empty when there is no such process.
start_time() {
    started=
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- ${line##*) }
    [ "$1" = Z ] || started=${20}
}

# A number after "name": in a JSON document that was read into $document.
read_document() {
    document=
    [ -f "$1" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do document="$document$line$nl"; done <"$1" 2>/dev/null || :
}
number_in_document() {
    number=
    case $document in
    *"\"$1\":"*)
        number=${document#*"\"$1\":"}
        number=${number# }
        number=${number%%[!0-9]*}
        ;;
    esac
}

# Whether the service that serve.json names is alive; sets $served_pid.
find_service() {
    read_document "$service/serve.json"
    serving=false served_pid=
    [ -n "$document" ] || return 0
    number_in_document pid
    served_pid=$number
    number_in_document startTime
    [ -n "$served_pid" ] || return 0
    start_time "$served_pid"
    if [ -n "$started" ] && [ "$started" = "$number" ]; then serving=true; fi
}

# Whether a cycle runs: the marker is not empty and its service is alive.
find_cycle() {
    running=
    cycling=false
    [ -f "$marker" ] && read -r running <"$marker" || :
    [ -n "$running" ] || return 0
    start_time "${running%% *}"
    if [ -n "$started" ] && [ "$started" = "${running##* }" ]; then cycling=true; fi
}

read_scheduler() {
    suspended=False suspendedBy=
    while IFS='=' read -r key text; do
        case $key in suspended) suspended=$text ;; suspendedBy) suspendedBy=$text ;; esac
    done <"$data/scheduler"
}

read_settings() {
    enabled=True staging=False interval=1800 work=0 operations=1 cloud= connectors= rules=0
    while IFS='=' read -r key text; do
        case $key in
        Microsoft.Synchronize.SynchronizationSchedule) enabled=$text ;;
        Microsoft.Synchronize.StagingMode) staging=$text ;;
        ContractService.IntervalSeconds) interval=$text ;;
        ContractService.CycleSeconds) work=$text ;;
        ContractService.OperationsPerCycle) operations=$text ;;
        ContractService.CloudLog) cloud=$text ;;
        connector.*.name)
            key=${key#connector.}
            connectors="$connectors${key%.name} "
            ;;
        rule.*) rules=$((rules + 1)) ;;
        esac
    done <"$data/settings"
    case $cloud in /*) ;; *) cloud=$root/$cloud ;; esac
}

read_counters() {
    completed=0 lastPolicy= lastResult= lastEnded= exported=0 pending=0
    importErrors=0 exportErrors=0 synchronizationErrors=0 fullDone=0
    while IFS='=' read -r key text; do
        case $key in
        completed) completed=$text ;; lastPolicy) lastPolicy=$text ;; lastResult) lastResult=$text ;;
        lastEnded) lastEnded=$text ;; exported) exported=$text ;; pending) pending=$text ;;
        importErrors) importErrors=$text ;; exportErrors) exportErrors=$text ;;
        synchronizationErrors) synchronizationErrors=$text ;; fullDone) fullDone=$text ;;
        esac
    done <"$data/counters"
    read -r fullAsked <"$data/full-asked"
    nextPolicy=Delta
    [ "$fullAsked" = "$fullDone" ] || nextPolicy=Initial
}

# The connectors as a JSON array, when a full run is due, else an empty one.
connector_list() {
    list=
    for connector in $connectors; do list="$list${list:+,}\"$connector\""; done
    list="[$list]"
}

# Fencing: one changing verb at a time, and only one that is still wanted.
begin_change() {
    exec 9>>"$service/operation.lock"
    flock -w 10 9 || fail "another operation has operation.lock" 75
    start_time $$
    printf '{"schema":"operation/1","verb":"%s","pid":%s,"startTime":%s,"bootId":"%s"}\n' \
        "$verb" $$ "$started" "$boot" >"$service/operation.lock"
    [ -n "$token" ] || return 0
    read_document "$service/lease.json"
    number_in_document token
    [ "$number" = "$token" ] || fail "token $token is not the lease's (${number:-no lease})"
}
