#!/bin/sh
# Makes a server below ROOT that runs RELEASEFOLDER, an unpacked release with its release.json, as generation 1. More
# arguments NAME=VALUE are settings. The service is not started.
#
# usage: provision.sh ROOT RELEASEFOLDER [NAME=VALUE…]
set -eu
root=${1:?usage: provision.sh ROOT RELEASEFOLDER [NAME=VALUE…]}
from=${2:?usage: provision.sh ROOT RELEASEFOLDER [NAME=VALUE…]}
shift 2
[ -f "$from/release.json" ] || { echo "provision.sh: $from has no release.json" >&2 && exit 66; }
read -r version <"$from/rules/version"

release=$root/opt/adsync/releases/$version
service=$root/var/lib/adsync
data=$service/gen/1/data
[ ! -e "$service/current" ] || { echo "provision.sh: $root has a server already" >&2 && exit 65; }
mkdir -p "$release" "$data" "$root/etc/adsync" "$root/etc/aadc-upgrade" "$root/var/log/adsync" \
    "$root/var/lib/aadc-upgrade"
cp -R --preserve=mode "$from/." "$release"
ln -s "../../../../../opt/adsync/releases/$version" "$service/gen/1/release"
ln -s gen/1 "$service/current"
: >"$service/operation.lock"
echo a1b2c3d4 >"$root/etc/adsync/health-agent-registration"

settings='Microsoft.OptionalFeature.AutoUpgradeState=Enabled
Microsoft.OptionalFeature.AutoUpgradeSuspensionReason=
Microsoft.Synchronize.SynchronizationSchedule=True
Microsoft.Synchronize.StagingMode=False
Microsoft.OptionalFeature.ExportDeletionThreshold=True
Microsoft.OptionalFeature.ExportDeletionThresholdValue=500
ContractService.IntervalSeconds=1800
ContractService.CycleSeconds=0
ContractService.OperationsPerCycle=1
ContractService.CloudLog=cloud.log
connector.ad.name=contoso.example
connector.ad.kind=ad
connector.cloud.name=contoso.example - cloud
connector.cloud.kind=cloud'
for setting in "$@"; do
    case $setting in *?=*) ;; *) echo "provision.sh: '$setting' is not NAME=VALUE" >&2 && exit 64 ;; esac
    settings=$(printf '%s\n' "$settings" | grep -vF "${setting%%=*}=")'
'$setting
done
printf '%s\n' "$settings" >"$data/settings"
echo 1 >"$data/schema"
printf 'suspended=False\nsuspendedBy=\n' >"$data/scheduler"
printf 'completed=0\nexported=0\npending=0\nfullDone=0\n' >"$data/counters"
echo 0 >"$data/full-asked"
cat /proc/sys/kernel/hostname >"$data/host"
printf '%s\n' 'user-1 person' 'user-2 person' 'staff group' 'partner contact' 'laptop device' >"$data/objects"
