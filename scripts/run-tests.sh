#!/usr/bin/env bash
# Runs the given test command and, when it fails, repeats what failed at the end: whoever sees only the last lines of a long
# output still sees why.
set -u
log=.build/tests.log
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
    echo
    echo "What failed (all of it: $log):"
    grep -E "✘ Test .*recorded an issue|✘ Test .*Caught error|Fatal error|error: " "$log" | cut -c1-900 | head -12
fi
exit "$status"
