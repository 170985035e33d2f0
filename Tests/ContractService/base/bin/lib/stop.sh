# SIGTERM ends the service within a step: a sleep is cut short, a cycle's last write is finished.
handle_stop() {
    trap 'stopping=1; [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null || :' TERM INT
}
