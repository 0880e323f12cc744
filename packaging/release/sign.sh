#!/bin/sh
# latest.json with the key that $RELEASE_KEY is, base64 as make_latest.py key writes it; never a file that stays.
#   RELEASE_KEY=… [RELEASE_KEY_NAME=…] sh packaging/release/sign.sh DIST
set -eu
cd "$(dirname "$0")/../.."
dist=${1:?}
umask 077
file=$(mktemp)
trap 'rm -f "$file"' EXIT INT TERM
printf '%s\n' "${RELEASE_KEY:?}" >"$file"
unset RELEASE_KEY
LIVECONSOLE_RELEASE_KEY_FILE="$file"
export LIVECONSOLE_RELEASE_KEY_FILE
${PYTHON:-.venv/bin/python} packaging/release/make_latest.py sign "$dist" "${RELEASE_KEY_NAME:-release}"
${PYTHON:-.venv/bin/python} packaging/release/make_latest.py check "$dist"
