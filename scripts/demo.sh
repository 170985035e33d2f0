#!/usr/bin/env bash
# The main job, for real, below .demo/: a server with a thousand users, a signed repository over HTTP on loopback, a good
# upgrade, a run with nothing to do, a release that fails and is rolled back, and the repair of a suspended server.
# Usage: scripts/demo.sh [--stop]
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
demo=$package/.demo
programs=${PROGRAMS:-$package/.build/debug}
server=$demo/server
repository=$demo/repository
PATH=$programs:$PATH

stop() { # what an earlier demo started, by its own records
    if [ -f "$demo/http.pid" ]; then
        kill "$(cat "$demo/http.pid")" 2>/dev/null || true
        rm -f "$demo/http.pid"
    fi
    local record=$server/var/lib/adsync/serve.json pid
    if [ -f "$record" ]; then
        pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$record")
        if [ -n "$pid" ] && grep -qs adsync "/proc/$pid/cmdline"; then
            kill "$pid"
            while [ -e "/proc/$pid" ]; do read -r -t 0.1 _ <> <(:) || true; done
        fi
    fi
}

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# Shows a command, runs it, and shows its exit status; a refusal is part of the show.
show() {
    printf '$ %s\n' "$(sed "s#$package/##g" <<<"$*")"
    local status=0
    "$@" || status=$?
    printf '(exit status %s)\n' "$status"
}
adsync() { "$server/var/lib/adsync/current/release/bin/adsync" "$@"; }
await_cycles() { # until at least this many whole cycles have ended
    local seen
    for _ in $(seq 1 600); do
        seen=$(adsync status --root "$server" --format json | sed -n 's/.*"completed": *\([0-9]*\).*/\1/p')
        [ "${seen:-0}" -ge "$1" ] && return 0
        read -r -t 0.2 _ <> <(:) || true
    done
    echo "the service did not finish $1 cycles; see $server/var/log/adsync/serve.log" >&2
    return 1
}
publish() { # versions: into the repository, signed
    local version
    for version in "$@"; do cp "$demo/releases/adsync-$version".* "$repository/"; done
    aadc-publish repository "$repository" --product adsync --key "$demo/signing-key" --channel auto-upgrade >/dev/null
}

stop
[ "${1-}" = --stop ] && exit 0
chmod -R u+w "$demo" 2>/dev/null || true
rm -rf "$server" "$repository" "$demo/cloud" "$demo/forest" "$demo/signing-key" "$demo/signing-key.pub"
mkdir -p "$demo/releases" "$repository"

say "1. Three releases of the service adsync, built from this package and signed"
if [ ! -f "$demo/releases/adsync-1.2.65.0.tar.zst" ] || [ "$programs/adsync" -nt "$demo/releases/adsync-1.2.65.0.tar.zst" ]; then
    "$package/scripts/make-adsync-releases.sh" "$demo/releases" 1.1.750.0 1.1.819.0 1.2.65.0 >/dev/null
fi
aadc-publish keygen --unencrypted --output "$demo/signing-key" >/dev/null
publish 1.1.750.0 1.1.819.0
ls "$repository"
python3 -u -m http.server --bind 127.0.0.1 --directory "$repository" 0 >"$demo/http.out" 2>"$demo/http.log" &
echo $! >"$demo/http.pid"
port=
for _ in $(seq 1 100); do
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$demo/http.out")
    [ -n "$port" ] && break
    read -r -t 0.1 _ <> <(:) || true
done
[ -n "$port" ] || { echo "the HTTP server did not start; see $demo/http.log" >&2; exit 1; }
url=http://127.0.0.1:$port

say "2. A server below .demo/server: release 1.1.750.0, a forest of 1,000 users, and a cloud directory beside it"
release=$server/opt/adsync/releases/1.1.750.0
mkdir -p "$release" "$server/etc/aadc-upgrade"
aadc-unpack --document "$repository/adsync-1.1.750.0.release.json" --into "$release" <"$repository/adsync-1.1.750.0.tar.zst"
forest-generator --seed 750 --users 1000 --groups 100 --contacts 50 --computers 300 --output "$demo/forest"
forest=$(ls -d "$demo"/forest/*/ | head -n 1)
"$release/bin/adsync" init --root "$server" --connector "corp.example=${forest%/}" --cloud "$demo/cloud" \
    --interval 00:00:01 >/dev/null
aadc-upgrade catalog trust --root "$server" --pin "$repository/metadata/1.root.json"
cat >"$server/etc/aadc-upgrade/config.json" <<JSON
{"schema": "upgrader-config/1", "repository": "$url", "observationSeconds": 600}
JSON
setsid "$server/var/lib/adsync/current/release/bin/adsync" serve --root "$server" </dev/null >"$demo/serve.log" 2>&1 &
disown
await_cycles 2
adsync status --root "$server"

say "3. May this server be upgraded? (the report that goes with a change request)"
show aadc-upgrade check --root "$server" | sed -n "1,14p; \$p"

say "4. The upgrade: rehearsed on a copy, paused for a moment, tested, observed"
show aadc-upgrade run --root "$server" --wait

say "5. The same from cron a little later: nothing to do"
show aadc-upgrade run --root "$server"

say "6. A release that passes its rehearsal and fails its post-test: rolled back by itself"
publish 1.2.65.0
show aadc-upgrade run --root "$server"
show aadc-upgrade status --root "$server"

say "7. A server that is Suspended: repaired, because nothing stands in its way any more"
adsync settings set --root "$server" --name Microsoft.OptionalFeature.AutoUpgradeSuspensionReason \
    --value UpgradeNotSupportedCustomizedSyncRules >/dev/null
adsync settings set --root "$server" --name Microsoft.OptionalFeature.AutoUpgradeState --value Suspended >/dev/null
show aadc-upgrade repair --root "$server" --dry-run
show aadc-upgrade repair --root "$server"

say "8. What happened, from the journal"
show aadc-upgrade history --root "$server"

cat <<END

The server goes on below .demo/server; play with it:
  PATH=.build/debug:\$PATH
  aadc-upgrade why --root .demo/server           the last attempt, step by step
  aadc-upgrade status --root .demo/server        what runs
  aadc-upgrade rollback --root .demo/server      back to 1.1.750.0 (says first what is lost)
  ls .demo/server/var/lib/aadc-upgrade/attempts  plans, journals, reports
  cat .demo/cloud/*.jsonl | tail                 what the cloud directory was sent
  scripts/demo.sh --stop                         ends the service and the HTTP server
END
