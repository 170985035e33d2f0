# Steps beyond the data's epoch, in order. A step replaces files by rename and may run twice; the epoch is written after it.
migrate() {
    [ -f "$data/schema" ] || fail "no data in $data"
    begin_change
    read -r from <"$data/schema"
    newest=1
    while [ -f "$release/migrations/$((newest + 1)).sh" ]; do newest=$((newest + 1)); done
    [ "$from" -le "$newest" ] || fail "data of schema $from is newer than $newest, this release's"
    epoch=$from steps= fullImport=[] fullSynchronization=[]
    while [ "$epoch" -lt "$newest" ]; do
        epoch=$((epoch + 1))
        step="migration $epoch"
        . "$release/migrations/$epoch.sh"
        replace_durably "$data/schema" "$epoch$nl"
        steps="$steps${steps:+,}\"$step\""
    done
    printf '{"schema":"migrate/1","from":%s,"to":%s,"steps":[%s],"fullImport":%s,"fullSynchronization":%s}\n' \
        "$from" "$epoch" "$steps" "$fullImport" "$fullSynchronization"
}
