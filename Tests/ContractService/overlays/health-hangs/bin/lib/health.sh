# Waits for a measurement that nobody takes.
report_health() {
    while [ ! -f "$data/measured" ]; do sleep 1; done
}
