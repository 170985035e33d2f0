# A copy of the data folder. Every file there is replaced by rename only, so a copied file is one whole version of it. What
# begins with a dot is being written, the trial mark belongs to its generation: neither is copied.
snapshot() {
    [ -n "$to" ] || usage "snapshot needs --to"
    case $phase in live | final) ;; *) usage "--phase is live or final" ;; esac
    begin_change
    mkdir -p "$to"
    copied=0 bytes=0 list=
    for path in "$to"/*; do
        [ ! -f "$path" ] || [ -e "$data/${path##*/}" ] || rm -f "$path"
    done
    for path in "$data"/*; do
        file=${path##*/}
        [ "$file" != trial.json ] || continue
        if cmp -s "$path" "$to/$file" 2>/dev/null; then continue; fi
        # Not cp: it refuses a file that is replaced between its look and its opening.
        cat "$path" >"$to/.$file.$$" || fail "cannot copy $path"
        mv -f "$to/.$file.$$" "$to/$file"
        set -- $(wc -c "$to/$file")
        copied=$((copied + $1))
    done
    sync "$to"/* "$to" || fail "cannot write $to to disk"
    sums=$(sha256sum "$to"/*)
    sizes=$(wc -c "$to"/*)
    while read -r size path <&3 && read -r sum same <&4; do
        [ "$path" = "$same" ] || fail "$to changed while it was read"
        list="$list${list:+,}{\"path\":\"${path##*/}\",\"size\":$size,\"sha256\":\"$sum\"}"
        bytes=$((bytes + size))
    done 3<<SIZES 4<<SUMS
$sizes
SIZES
$sums
SUMS
    printf '{"schema":"snapshot/1","files":[%s],"bytes":%s,"copiedBytes":%s}\n' "$list" "$bytes" "$copied"
}
