# The verbs that only look.
report_status() {
    read_scheduler
    read_settings
    read_counters
    find_service
    find_cycle
    trial=false
    [ ! -e "$data/trial.json" ] || trial=true
    pending_list=[]
    if [ "$nextPolicy" = Initial ]; then connector_list && pending_list=$list; fi
    enabled_json=false staging_json=false suspended_json=false
    [ "$enabled" != True ] || enabled_json=true
    [ "$staging" != True ] || staging_json=true
    [ "$suspended" != True ] || suspended_json=true
    quote "$suspendedBy"
    printf '{"schema":"status/1","serving":%s,"generation":%s,"version":"%s","onTrial":%s,' \
        "$serving" "$generation" "$version" "$trial"
    printf '"scheduler":{"cycleEnabled":%s,"suspended":%s,"suspendedBy":%s,"staging":%s,"cycleInProgress":%s,' \
        "$enabled_json" "$suspended_json" "$quoted" "$staging_json" "$cycling"
    printf '"nextPolicy":"%s","intervalSeconds":%s},' "$nextPolicy" "${interval%%.*}"
    printf '"cycles":{"completed":%s,"lastPolicy":"%s","lastResult":"%s","lastEnded":"%s",' \
        "$completed" "$lastPolicy" "$lastResult" "$lastEnded"
    printf '"fullImportPending":%s,"fullSynchronizationPending":%s},"exports":{"total":%s}}\n' \
        "$pending_list" "$pending_list" "$exported"
}

report_facts() {
    read_scheduler
    read_settings
    find_service
    read -r recorded <"$data/host"
    read -r actual </proc/sys/kernel/hostname
    people=0 groups=0 contacts=0 devices=0
    while read -r _ type _; do
        case $type in
        person) people=$((people + 1)) ;; group) groups=$((groups + 1)) ;;
        contact) contacts=$((contacts + 1)) ;; device) devices=$((devices + 1)) ;;
        esac
    done <"$data/objects"
    total=$((people + groups + contacts + devices))
    . "$release/bin/lib/settings.sh"
    parameter_list
    while read -r key uid _; do [ "$key" != Uid: ] || break; done <"/proc/${served_pid:-$$}/status"
    wizard=false console=false writable=false
    [ ! -e "$service/configuration-in-progress" ] || wizard=true
    [ ! -e "$service/console-open" ] || console=true
    [ ! -w "$data/counters" ] || writable=true
    read -r agent <"$release/rules/health-agent-version"
    read -r registration <"$root/etc/adsync/health-agent-registration"
    sizes=$(wc -c "$data"/*)
    sizes=${sizes##*"$nl"}
    set -- $sizes
    printf '{"schema":"facts/1","product":"adsync","version":"%s","hostName":{"recorded":"%s","actual":"%s"},' \
        "$version" "$recorded" "$actual"
    printf '"parameters":{%s},"account":"uid %s","serviceRunning":%s,"configurationInProgress":%s,"consoleOpen":%s,' \
        "$list" "$uid" "$serving" "$wizard" "$console"
    printf '"database":{"bytes":%s,"writable":%s,"kind":"local"},' "$1" "$writable"
    printf '"objects":{"metaverse":%s,"byType":{"person":%s,"group":%s,"contact":%s,"device":%s},' \
        "$total" "$people" "$groups" "$contacts" "$devices"
    printf '"linkedMailboxes":0,"resourceMailboxes":0,"largestGroup":0},"connectors":['
    comma=
    while IFS='=' read -r key text; do
        case $key in
        connector.*.name) quote "$text" && connector=${key#connector.} connector_name=$quoted ;;
        connector.*.kind)
            printf '%s{"id":"%s","name":%s,"kind":"%s","objects":%s}' \
                "$comma" "${connector%.name}" "$connector_name" "$text" "$total"
            comma=,
            ;;
        esac
    done <"$data/settings"
    changes=
    [ "$rules" != 0 ] || changes='"ruleChanges":[],'
    printf '],%s"domains":[],"installKind":"express","signInMethod":"none","desktopSingleSignOn":false,' "$changes"
    printf '"securityGroupsPresent":true,"engineConfigurationEdited":false,'
    printf '"customRules":%s,"healthAgent":{"version":"%s","registration":"%s","uploadEnabled":true}}\n' \
        "$rules" "$agent" "$registration"
}
