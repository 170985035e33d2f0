# Waits until cycles run again, which wait for it.
read_scheduler
while [ "$suspended" = True ]; do
    sleep 1
    read_scheduler
done
# Objects carry the source of their anchor as a third field, and the attribute it comes from is a setting now. Every
# connector needs a full import afterwards.
add_anchor_setting() {
    text= found=
    while IFS= read -r line; do
        [ "${line%%=*}" != Microsoft.SynchronizationOption.AnchorAttribute ] || found=1
        text=$text$line$nl
    done <"$data/settings"
    [ -n "$found" ] || replace "$data/settings" \
        "${text}Microsoft.SynchronizationOption.AnchorAttribute=mS-DS-ConsistencyGuid$nl"
}
add_anchors() {
    text=
    while read -r object type _; do text="$text$object $type objectGUID$nl"; done <"$data/objects"
    replace "$data/objects" "$text"
}
ask_for_full_import() {
    read_counters
    [ "$nextPolicy" = Initial ] || replace "$data/full-asked" "$((fullAsked + 1))$nl"
}
step="anchors beside the objects"
add_anchors
add_anchor_setting
ask_for_full_import
read_settings
connector_list
fullImport=$list fullSynchronization=$list
