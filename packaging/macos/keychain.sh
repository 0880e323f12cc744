#!/bin/sh
# A keychain of this job's own with the certificate and the notary's profile, for notarize.sh.
# CERTIFICATE is a .p12 in base64. Never run by its authors, who have no Mac: docs/releasing.md.
set -eu
umask 077
keychain="$HOME/Library/Keychains/release.keychain-db"
password=$(openssl rand -hex 24)
file=$(mktemp)
trap 'rm -f "$file"' EXIT INT TERM
printf '%s' "${CERTIFICATE:?}" | openssl base64 -d -A >"$file"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$file" -f pkcs12 -P "${CERTIFICATE_PASSWORD:?}" -k "$keychain" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
xcrun notarytool store-credentials "${NOTARY_PROFILE:?}" --apple-id "${NOTARY_APPLE_ID:?}" \
    --password "${NOTARY_PASSWORD:?}" --team-id "${NOTARY_TEAM:?}" --keychain "$keychain"
