#!/bin/sh
# Writes the expected values of the expression functions that follow .NET: a C# program run by mono says what .NET gives.
#
# The tests compare with the tables that are committed; this is run when cases are added. It needs mono-mcs, mono-runtime,
# their libraries (apt-get install mono-mcs mono-runtime).
set -eu
cd "$(dirname "$0")/../Tests/SyncExpressionsTests"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mcs -langversion:7 -out:"$work/oracle.exe" -r:System.Core.dll Oracle/*.cs
TZ=UTC LC_ALL=C.UTF-8 mono "$work/oracle.exe" Expected Certificates
