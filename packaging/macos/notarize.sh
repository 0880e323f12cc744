#!/bin/sh
# Signs dist/LiveConsole.app, builds the disk image and has it notarised. Needs a Developer ID certificate in
# the keychain and a notarytool profile:
#   SIGN_AS="Developer ID Application: …" NOTARY_PROFILE=liveconsole sh packaging/macos/notarize.sh
set -eu
cd "$(dirname "$0")/../.."
app=dist/LiveConsole.app
dmg=dist/LiveConsole.dmg

codesign --force --deep --options runtime --timestamp \
    --entitlements packaging/macos/entitlements.plist --sign "${SIGN_AS:?}" "$app"
codesign --verify --deep --strict "$app"
dmgbuild -s packaging/macos/dmg_settings.py LiveConsole "$dmg"
codesign --timestamp --sign "$SIGN_AS" "$dmg"
xcrun notarytool submit "$dmg" --keychain-profile "${NOTARY_PROFILE:?}" --wait
xcrun stapler staple "$dmg"
