#!/bin/sh
# A draft of the release of a tag, with what lies in DIST: nobody sees it before a person publishes it.
#   sh packaging/release/draft.sh DIST TAG
set -eu
cd "$(dirname "$0")/../.."
dist=${1:?}
tag=${2:?}
set --
for file in "$dist"/*.deb "$dist"/*.rpm "$dist"/*.AppImage "$dist"/*-win64.exe "$dist"/*.dmg \
    "$dist/SHA256SUMS" "$dist/latest.json" "$dist"/winget/*/*.yaml; do
    if [ -f "$file" ]; then
        set -- "$@" "$file"
    fi
done
if [ ! -f "$dist/SHA256SUMS" ]; then
    echo "draft.sh: no SHA256SUMS in $dist" >&2
    exit 1
fi
(cd "$dist" && sha256sum --check --strict SHA256SUMS)
gh release create "$tag" --draft --verify-tag --title "LiveConsole ${tag#v}" --notes-file CHANGELOG.md "$@"
