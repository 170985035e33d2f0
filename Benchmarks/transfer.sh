#!/usr/bin/env bash
# What it costs to bring a release onto a server: fetch from an HTTP server on loopback, verify the signature, unpack, and
# activate durably. The same tree through `aadc-upgrade stage` and through other tools, in turn, in one run.
#
# usage: transfer.sh PROGRAMS WORK
#
#   ROUNDS=10      measured rounds; one more before them compares each result with the source and is not counted
#   MEGABYTES=300  size of the tree
#   LARGE=1200     size of two more trees, for `aadc-upgrade` alone, one with as many files, one with as many more; 0
#                  leaves them out
#   LEVEL=9        zstd's level, of every archive
#   DISK=          anything: the clients' side lies on WORK's own disk
#   ONLY=          names of the rows to measure, with spaces; all
#
# PROGRAMS is a folder with a release build. WORK gets the trees and the publishers' side, once per size and level, and
# the results: transfer.tsv with every run, transfer.md with the table. As root, the clients' side is a fresh ext4 on a
# loop device over memory, so that neither a disk nor the age of a file system weighs; otherwise a folder below WORK.
#
# Debian packages: nginx-light ostree swupdate casync minisign zstd cpio gnupg openssl time e2fsprogs curl python3.
# What is missing is installed where that is possible.
set -euo pipefail
programs=$(realpath "${1:?usage: transfer.sh PROGRAMS WORK}")
work=${2:?usage: transfer.sh PROGRAMS WORK}
mkdir -p "$work"
work=$(realpath "$work")
here=$(cd "$(dirname "$0")" && pwd)
rounds=${ROUNDS:-10} megabytes=${MEGABYTES:-300} large=${LARGE:-1200} level=${LEVEL:-9}
export LC_ALL=C

install_tools() {
    declare -A package=([nginx]=nginx-light [ostree]=ostree [swupdate]=swupdate [casync]=casync [minisign]=minisign
        [zstd]=zstd [cpio]=cpio [gpg]=gnupg [openssl]=openssl [time]=time [mkfs.ext4]=e2fsprogs [curl]=curl
        [python3]=python3)
    local missing=() tool
    export PATH=$PATH:/usr/sbin:/sbin
    for tool in "${!package[@]}"; do type -P "$tool" >/dev/null || missing+=("${package[$tool]}"); done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then echo "Install ${missing[*]}, then run this again." >&2 && exit 69; fi
    echo "Installing ${missing[*]}" >&2
    # A web server for all of this machine is not wanted: what the packages would start is not started.
    local policy=/usr/sbin/policy-rc.d made=
    if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && made=yes; fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
        { apt-get update >/dev/null && apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null; } || {
        [ -z "$made" ] || rm $policy
        exit 69
    }
    [ -z "$made" ] || rm $policy
}

install_tools
client=$work/client image='' server='' loop='' rounds_process=''
finish() {
    local status=$?
    [ -z "$rounds_process" ] || { kill "$rounds_process" && wait "$rounds_process"; } 2>/dev/null || true
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    if [ -n "$loop" ]; then
        cd /
        umount "$client" 2>/dev/null || umount -l "$client" 2>/dev/null || true
        losetup -d "$loop" 2>/dev/null || true
    fi
    [ -z "$image" ] || rm -f "$image"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

# The publishers' side, once per size and level.
publish() { # megabytes, files, formats
    local side=$work/publishers-$1-$2-$level
    if [ ! -f "$side/done" ]; then
        echo "preparing $side" >&2
        rm -rf "$side"
        "$here/transfer-publishers.sh" "$programs" "$side" "$1" "$2" "$level" "$3" >"$work/publishers-$1.log" 2>&1 ||
            { tail -20 "$work/publishers-$1.log" >&2 && exit 1; }
    fi
    echo "$side"
}
side=$(publish "$megabytes" $((megabytes * 10)) all)
side_large='' side_many=''
if [ "$large" != 0 ]; then
    side_large=$(publish "$large" $((megabytes * 10)) ours)
    side_many=$(publish "$large" $((large * 10)) ours)
fi

# What the programs are may have changed since then: the repositories of releases are published anew each time.
for one in $side $side_large $side_many; do "$here/transfer-repository.sh" "$programs" "$one" >"$work/repository.log" 2>&1 ||
    { tail -20 "$work/repository.log" >&2 && exit 1; }; done

# One nginx, in the foreground and without workers, so that it ends with this script. Every request is logged at once.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
rm -rf "$work/nginx" && mkdir "$work/nginx"
{
    [ "$(id -u)" -ne 0 ] || echo 'user root;'
    cat <<CONF
daemon off; master_process off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 256; }
http {
    sendfile on; tcp_nopush on; keepalive_requests 100000; default_type application/octet-stream;
    log_format sent '\$bytes_sent \$status \$request_uri'; access_log $work/nginx/access.log sent;
    client_body_temp_path $work/nginx/1; proxy_temp_path $work/nginx/2; fastcgi_temp_path $work/nginx/3;
    uwsgi_temp_path $work/nginx/4; scgi_temp_path $work/nginx/5;
    server { listen 127.0.0.1:$port; root $work; }
}
CONF
} >"$work/nginx/conf"
nginx -c "$work/nginx/conf" 2>"$work/nginx/stderr" &
server=$!
until curl -fsS -o /dev/null "http://127.0.0.1:$port/nginx/conf" 2>/dev/null; do
    kill -0 $server 2>/dev/null || { cat "$work/nginx/stderr" >&2 && exit 1; }
    sleep 0.05
done

# The clients' side.
mkdir -p "$client"
where="a folder of $(df --output=fstype "$work" | tail -1)"
if [ -z "${DISK:-}" ] && [ "$(id -u)" -eq 0 ] && [ -w /dev/shm ]; then
    image=$(mktemp /dev/shm/transfer-client.XXXXXX)
    truncate -s $(((megabytes + large) * 4 + 1000))M "$image"
    mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$image"
    if loop=$(losetup -f --show "$image") && mount -t ext4 "$loop" "$client"; then
        where="a fresh ext4 on a loop device over memory"
    else
        [ -z "$loop" ] || losetup -d "$loop"
        rm -f "$image" && loop='' image=''
    fi
fi
echo "the clients' side is $where" >&2

python3 "$here/transfer-rounds.py" --work "$work" --client "$client" --url "http://127.0.0.1:$port" \
    --side "$side" --side-large "$side_large" --side-many "$side_many" --programs "$programs" --rounds "$rounds" --where "$where" \
    --level "$level" ${ONLY:+--only "$ONLY"} &
# In the background, so that a signal to this script ends it at once and not after the last round.
rounds_process=$!
wait $rounds_process
rounds_process=''
