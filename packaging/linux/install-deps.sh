#!/bin/sh
# Installs what LiveConsole needs from the system on Debian and Ubuntu: Qt's libraries, fonts with
# Chinese and with emoji and, for a system Python without it, python3-venv. Run as root. Other distributions:
# `liveconsole doctor` names the packages. The list is the one in liveconsole/machine.py; a test keeps the two equal.
set -eu

packages="
libgl1
libegl1
libx11-6
libglib2.0-0
libfontconfig1
libfreetype6
libdbus-1-3
libxkbcommon0
libxcb-cursor0
libxkbcommon-x11-0
libxcb-icccm4
libxcb-keysyms1
libxcb-shape0
libxcb-xkb1
libxcb-randr0
libxcb-render-util0
libxcb-image0
libxcb-util1
libxcb-render0
libxcb-shm0
libxcb-sync1
libxcb-xfixes0
libxcb1
libx11-xcb1
libwayland-client0
libwayland-cursor0
fonts-noto-cjk
fonts-noto-color-emoji
"

if ! command -v apt-get >/dev/null 2>&1; then
    echo "install-deps.sh: this is for Debian and Ubuntu (no apt-get here)" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-deps.sh: run me as root: sudo sh $0" >&2
    exit 1
fi
if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    packages="$packages python3-venv"
fi

export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086  # one word per package is what is wanted
    apt-get install -y --no-install-recommends $packages
}
# The package lists of a fresh image are empty or old: ask for new ones only when the first try fails.
install 2>/dev/null || { apt-get update -qq && install; }
