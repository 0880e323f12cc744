#!/bin/sh
# The installer for Windows from dist/LiveConsole/, by makensis, on any system that has it.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' liveconsole/__init__.py)
tool=$(command -v makensis || echo "/c/Program Files (x86)/NSIS/makensis.exe")
if [ ! -f "dist/LiveConsole/liveconsole.exe" ]; then
    echo "installer.sh: no programs for Windows in dist/LiveConsole: make the bundle there first" >&2
    exit 1
fi
# Git's shell on Windows would take words that begin with / or - for paths in places; these are told as they are.
MSYS2_ARG_CONV_EXCL='*' "$tool" -WX "-DVERSION=$version" packaging/windows/liveconsole.nsi
