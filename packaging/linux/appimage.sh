#!/bin/sh
# dist/LiveConsole/ as an AppDir, and as one file where appimagetool is there:
#   sh packaging/linux/appimage.sh [BUNDLE [OUT]]
# APPIMAGETOOL and APPIMAGE_RUNTIME name the tool and its type-2 runtime, which no package index has; without them
# the AppDir alone is made, and it runs: OUT/LiveConsole.AppDir/AppRun.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
bundle=${1:-"$root/dist/LiveConsole"}
out=${2:-"$root/dist"}
dir="$out/LiveConsole.AppDir"
id=io.github.live_room_console.LiveConsole
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/liveconsole/__init__.py")
arch=$(uname -m)

for program in liveconsole liveconsole-desk; do
    if [ ! -x "$bundle/$program" ]; then
        echo "appimage.sh: no $program in $bundle: make the bundle first" >&2
        exit 1
    fi
done
rm -rf "$dir"
mkdir -p "$dir/usr/lib" "$dir/usr/share/applications" "$dir/usr/share/metainfo" \
    "$dir/usr/share/icons/hicolor/scalable/apps"
cp -a "$bundle" "$dir/usr/lib/liveconsole"
here="$root/packaging/linux"
cp "$here/liveconsole.desktop" "$dir/liveconsole.desktop"
cp "$here/liveconsole.desktop" "$dir/usr/share/applications/liveconsole.desktop"
cp "$here/liveconsole.svg" "$dir/liveconsole.svg"
cp "$here/liveconsole.svg" "$dir/usr/share/icons/hicolor/scalable/apps/liveconsole.svg"
ln -s liveconsole.svg "$dir/.DirIcon"
cp "$here/$id.metainfo.xml" "$dir/usr/share/metainfo/$id.metainfo.xml"
cp "$root/LICENSE" "$dir/usr/lib/liveconsole/LICENSE"
install -m 755 "$here/AppRun" "$dir/AppRun"
echo "$dir"

tool=${APPIMAGETOOL:-$(command -v appimagetool || true)}
if [ -z "$tool" ]; then
    echo "appimage.sh: no appimagetool here, so the AppDir is all" >&2
    exit 0
fi
set -- --no-appstream
if [ -n "${APPIMAGE_RUNTIME:-}" ]; then
    set -- "$@" --runtime-file "$APPIMAGE_RUNTIME"
fi
ARCH=$arch "$tool" "$@" "$dir" "$out/LiveConsole-$version-$arch.AppImage"
