#!/usr/bin/env bash
# Publishes the releases of one side with the current programs, and makes the server that they are offered to: SIDE/web/
# releases and SIDE/server. Called by transfer.sh.
#
# usage: transfer-repository.sh PROGRAMS SIDE
set -euo pipefail
programs=$1 side=$2
package=$(cd "$(dirname "$0")/.." && pwd)
rm -rf "$side/web/releases" "$side/server" "$side/keys/releases" "$side/keys/releases.pub"
mkdir -p "$side/web/releases"
ln "$side"/built/* "$side/web/releases"
"$programs/aadc-publish" keygen --output "$side/keys/releases" --unencrypted
"$programs/aadc-publish" repository "$side/web/releases" --product adsync --key "$side/keys/releases" \
    --channel auto-upgrade
"$package/Tests/ContractService/provision.sh" "$side/server" "$side/releases/1.1.750.0"
cp "$side/web/releases/metadata/root.json" "$side/server/etc/aadc-upgrade/trusted-root.json"
