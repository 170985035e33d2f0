#!/bin/sh
# Loads an LDIF file into a database of OpenLDAP's slapd and prints slapd's own dump of it. No server is started.
# Usage: slapd-dump.sh ROOT FOLDER FILE
# ROOT holds the unpacked packages (`make oracles`) or is empty for installed ones; FOLDER takes the database.
set -eu
root=$1
folder=$2
file=$3
mkdir "$folder/database"
{
    for schema in core cosine inetorgperson; do echo "include $root/etc/ldap/schema/$schema.schema"; done
    echo "modulepath $root/usr/lib/ldap"
    echo "moduleload back_mdb"
    echo "database mdb"
    echo "maxsize 1073741824"
    echo 'suffix "dc=lab,dc=example"'
    echo "directory $folder/database"
} >"$folder/slapd.conf"
if [ -n "$root" ]; then
    LD_LIBRARY_PATH=$root/usr/lib/$(uname -m)-linux-gnu
    export LD_LIBRARY_PATH
fi
"$root/usr/sbin/slapadd" -q -f "$folder/slapd.conf" -l "$file"
exec "$root/usr/sbin/slapcat" -f "$folder/slapd.conf"
