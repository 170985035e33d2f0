# Begins to rewrite the objects and meets one that it cannot convert.
text=
while read -r object type _; do
    text="$text$object $type objectGUID$nl"
    replace "$data/objects" "$text"
    [ "$type" != group ] || fail "object $object: a group without a mail address cannot be converted"
done <"$data/objects"
