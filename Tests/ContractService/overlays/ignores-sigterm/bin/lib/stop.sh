# Meant to keep a cycle whole; keeps the whole service.
handle_stop() {
    trap '' TERM INT
}
