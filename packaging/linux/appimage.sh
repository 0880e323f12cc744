#!/bin/sh
# dist/LiveConsole/ as an AppDir, and as one file where appimagetool is there, or its type-2 runtime and mksquashfs:
#   sh packaging/linux/appimage.sh [BUNDLE [OUT]]
# APPIMAGETOOL and APPIMAGE_RUNTIME name them; no package index has either (packages that make AppImages fetch both
# from the project's own releases). Without them the AppDir alone is made, and it runs: OUT/LiveConsole.AppDir/AppRun.
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
image="$out/LiveConsole-$version-$arch.AppImage"
if [ -z "$tool" ] && [ -n "${APPIMAGE_RUNTIME:-}" ] && command -v mksquashfs >/dev/null; then
    # A type-2 image is its runtime with the files behind it; "AI" and 2 in an unused place of its head say that it is.
    if [ "$(od -An -tx1 -j8 -N3 "$APPIMAGE_RUNTIME" | tr -d ' ')" != 414902 ]; then
        echo "appimage.sh: $APPIMAGE_RUNTIME is no runtime of type 2" >&2
        exit 1
    fi
    rm -f "$image" "$image.files"
    mksquashfs "$dir" "$image.files" -root-owned -noappend -comp zstd -quiet -no-progress >&2
    cat "$APPIMAGE_RUNTIME" "$image.files" >"$image"
    rm -f "$image.files"
    chmod 755 "$image"
    echo "$image"
    exit 0
fi
if [ -z "$tool" ]; then
    echo "appimage.sh: no appimagetool here, so the AppDir is all" >&2
    exit 0
fi
set -- --no-appstream
if [ -n "${APPIMAGE_RUNTIME:-}" ]; then
    set -- "$@" --runtime-file "$APPIMAGE_RUNTIME"
fi
ARCH=$arch "$tool" "$@" "$dir" "$image"
