#!/bin/sh
# Signs dist/LiveConsole.app from the inside out, makes the disk image and has it notarised. Needs a Developer ID
# certificate in the keychain and a notarytool profile:
#   SIGN_AS="Developer ID Application: …" NOTARY_PROFILE=liveconsole sh packaging/macos/notarize.sh
# Without SIGN_AS the disk image alone is made: macOS then asks whoever opens it.
set -eu
cd "$(dirname "$0")/../.."
app=dist/LiveConsole.app
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' liveconsole/__init__.py)
dmg="dist/LiveConsole-$version.dmg"
entitlements=packaging/macos/entitlements.plist

if [ ! -d "$app" ]; then
    echo "notarize.sh: no $app: make the bundle first" >&2
    exit 1
fi
sign() {
    codesign --force --options runtime --timestamp --sign "$SIGN_AS" "$@"
}
if [ -n "${SIGN_AS:-}" ]; then
    # Apple asks for each library by itself, and for what holds others after them; --deep is none of it.
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) | while IFS= read -r library; do
        sign "$library"
    done
    find "$app/Contents" -type d -name '*.framework' -prune | while IFS= read -r framework; do
        sign "$framework"
    done
    for program in "$app"/Contents/MacOS/*; do
        sign --entitlements "$entitlements" "$program"
    done
    sign --entitlements "$entitlements" "$app"
    codesign --verify --deep --strict "$app"
fi
rm -f "$dmg"
PATH="$PATH:$PWD/.venv/bin" # where requirements-bundle.lock puts it
dmgbuild -s packaging/macos/dmg_settings.py LiveConsole "$dmg"
if [ -z "${SIGN_AS:-}" ]; then
    echo "notarize.sh: no SIGN_AS: $dmg is neither signed nor notarised" >&2
    exit 0
fi
codesign --timestamp --sign "$SIGN_AS" "$dmg"
xcrun notarytool submit "$dmg" --keychain-profile "${NOTARY_PROFILE:?}" --wait
xcrun stapler staple "$dmg"
xcrun stapler validate "$dmg"
