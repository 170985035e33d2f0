# The administrator's settings, one name=value per line. Whether the scheduler is suspended is kept elsewhere, because the
# owner of the pause changes with it, and is shown here among the parameters.

# Sets $list to the members of the JSON object.
parameter_list() {
    read_scheduler
    list="\"Microsoft.Synchronize.SchedulerSuspended\":\"$suspended\""
    while IFS= read -r line; do
        quote "${line%%=*}"
        key=$quoted
        quote "${line#*=}"
        list="$list,$key:$quoted"
    done <"$data/settings"
}

settings_get() {
    parameter_list
    printf '{"schema":"settings/1","parameters":{%s}}\n' "$list"
}

settings_set() {
    case "$name$value" in
    *"$nl"* | "") fail "a setting has a name and a value of one line" ;;
    esac
    case $name in *=*) fail "the name of a setting has no '='" ;; esac
    begin_change
    if [ "$name" = Microsoft.Synchronize.SchedulerSuspended ]; then
        case $value in True | False) ;; *) fail "$name is True or False, not '$value'" ;; esac
        replace_durably "$data/scheduler" "suspended=$value${nl}suspendedBy=$nl"
    else
        text= found=
        while IFS= read -r line; do
            [ "${line%%=*}" != "$name" ] || { line=$name=$value found=1; }
            text=$text$line$nl
        done <"$data/settings"
        [ -n "$found" ] || text=$text$name=$value$nl
        replace_durably "$data/settings" "$text"
    fi
    settings_get
}
