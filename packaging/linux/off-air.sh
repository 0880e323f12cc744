#!/bin/sh
# Before the package is replaced or removed: never under a broadcast. One script for dpkg and rpm; it asks the
# installed program, waits half a minute at most, and LIVECONSOLE_FORCE=1 goes on whatever is on air.
set -eu
case "${1:-}" in
    upgrade) case "$0" in *prerm) exit 0 ;; esac ;; # dpkg: what comes asks, before anything is unpacked
    2 | remove | 0) ;;                              # rpm's upgrade; dpkg's and rpm's removal
    *) exit 0 ;;
esac
folder=/opt/liveconsole
if [ "${LIVECONSOLE_FORCE:-}" = 1 ] || [ ! -x "$folder/liveconsole" ]; then
    exit 0
fi
code=0
said=$(timeout -k 5 30 "$folder/liveconsole" on-air --program "$folder" --english 2>&1 </dev/null) || code=$?
if [ "$code" -eq 0 ]; then
    exit 0
fi
if [ "$code" -ne 3 ]; then
    # It could not be asked. Where nothing of it runs nothing is on air; else nobody knows.
    running=
    for exe in /proc/[0-9]*/exe; do
        case "$(readlink "$exe" 2>/dev/null || :)" in
            "$folder"/*) running="$running ${exe%/exe}" ;;
        esac
    done
    if [ -z "$running" ]; then
        exit 0
    fi
    echo "LiveConsole runs and does not say whether it is on air:$running" >&2
    echo "LiveConsole 在运行，但问不到它有没有在直播。" >&2
else
    echo "A live room is on air; LiveConsole stays as it is until it has ended." >&2
    echo "有直播间正在直播：结束直播以后再升级或卸载 LiveConsole。" >&2
fi
printf '%s\n' "$said" >&2
echo "To go on all the same / 一定要继续: LIVECONSOLE_FORCE=1" >&2
exit 1
