# The global settings as XML, in the folder shape of an exported configuration.
export_config() {
    [ -n "$to" ] || usage "export-config needs --to"
    mkdir -p "$to/GlobalSettings"
    text="<saved-parameters>$nl"
    while IFS= read -r line; do
        setting=${line#*=}
        case $setting in
        *[\&\<\>\"]*) setting=$(printf '%s' "$setting" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g') ;;
        esac
        text="$text  <parameter name=\"${line%%=*}\" value=\"$setting\"/>$nl"
    done <"$data/settings"
    replace "$to/GlobalSettings/GlobalSettings.xml" "$text</saved-parameters>$nl"
    echo '{"schema":"export-config/1","files":1}'
}
