#!/bin/sh
# Pictures of report pages, as a reader sees them: light and dark, desktop and telephone, and the pages of its print.
#
#   scripts/report-pictures.sh FOLDER PAGE.html...
#
# Needs chromium, and pdftoppm (poppler-utils) for pictures of the printed pages.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: scripts/report-pictures.sh FOLDER PAGE.html..." >&2
    exit 64
fi
folder=$1
shift
command -v chromium >/dev/null || { echo "chromium is not installed: apt-get install chromium" >&2; exit 66; }
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

browse() {
    chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
        --user-data-dir="$profile" --allow-file-access-from-files "$@" >/dev/null 2>&1
}

# A browser's window has a least width; a frame has none.
framed() { # width height page picture options...
    width=$1 height=$2 page=$3 picture=$4
    shift 4
    frame=$profile/frame.html
    printf '<!DOCTYPE html><style>body{margin:0}iframe{border:0;width:%spx;height:%spx}</style><iframe src="%s"></iframe>' \
        "$width" "$height" "$page" >"$frame"
    window=$width
    [ "$window" -ge 500 ] || window=500
    browse --window-size="$window,$height" --screenshot="$picture" "$@" "file://$frame"
}

for page; do
    path=$(cd "$(dirname "$page")" && pwd)/$(basename "$page")
    name=$(basename "$page" .html)
    dark=--blink-settings=preferredColorScheme=0
    light=--blink-settings=preferredColorScheme=1
    framed 1200 "${HEIGHT:-3600}" "file://$path" "$folder/$name-desktop.png" $light
    framed 1200 "${HEIGHT:-3600}" "file://$path" "$folder/$name-dark.png" $dark
    framed 360 "${HEIGHT:-3600}" "file://$path" "$folder/$name-phone.png" $light
    browse --print-to-pdf="$folder/$name.pdf" --no-pdf-header-footer "file://$path"
    if command -v pdftoppm >/dev/null; then pdftoppm -r 60 -png "$folder/$name.pdf" "$folder/$name-print"; fi
done
ls "$folder"
