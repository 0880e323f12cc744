"""What of a collected bundle ships: the desk's own, and of everybody else's files those that it loads.

A path below is one in the bundle, with ``/``. On Linux a library of the system comes along only where
something that ships is linked with it: what a plugin that was cut had dragged in goes with the plugin.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

Entry = tuple[str, str, str]
"""PyInstaller's: the name in the bundle, the file that it is, its kind."""

LINUX = sys.platform == "linux"
DROP: Final = re.compile(
    # Qt: other screens than X11's, Wayland's and none; GTK's look; QML, databases, network; pictures and
    # decorations that nothing here has
    r"plugins/(?:platformthemes/libqgtk3|imageformats/libq(?:tiff|tga|wbmp|icns|pdf|gif|ico|webp)"
    r"|platforms/libq(?:eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\b|egldeviceintegrations|generic"
    r"|qmltooling|sqldrivers|tls|networkinformation|xcbglintegrations|wayland-graphics-integration-client)"
    r"|Qt6?(?:Network|EglFSDeviceIntegration|EglFsKmsSupport|Qml|Quick)\w*\.|Qt/qml/|opengl32sw\.dll"
    r"|translations/(?!qt(?:base)?_(?:zh_CN|en)\.)"
    r"|playwright/driver/"  # a part that the user adds, docs/decisions/0014
    # Pillow: pictures come as PNG, JPEG and WebP, and go as PNG and JPEG; nothing is written on them
    r"|PIL/_(?:avif|imagingft|imagingcms|imagingtk|imagingmath|imagingmorph)\."
    # Of the system: GTK; readline is GPL, and no line is read with it here. C++ and GCC's own,
    # X11, D-Bus and the fonts' come from the system, whose drivers, bus and settings they must fit
    r"|readline\.|libreadline|lib(?:gtk-3|gdk-3|gdk_pixbuf|cairo|pango|atk|atspi|epoxy|cloudproviders|tiff)\b"
    r"|lib(?:stdc\+\+|gcc_s|X11|X11-xcb|dbus-1|fontconfig|freetype)\.so"
)
EXCLUDED: Final = (
    "tkinter", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPdf", "PySide6.QtSql", "PySide6.QtTest",
    "PySide6.QtDesigner", "PySide6.QtNetwork", "pytest", "_pytest", "setuptools", "pip", "hypothesis",
    "pygments", "rich", "yaml", "numpy", "pydoc", "pydoc_data", "doctest", "unittest", "lib2to3", "readline",
    "PIL._avif", "PIL._imagingft", "PIL._imagingcms", "PIL.ImageTk", "PIL.ImageQt",
    "psycopg", "psycopg_binary", "nats", "nkeys", "nacl",  # never a part of it: docs/decisions/0026, 0027
)  # fmt: skip
"""Modules that something offers and nothing here loads."""


def shipped(binaries: Iterable[Entry], datas: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return what of the collected binaries and data files ships."""
    kept = [entry for entry in binaries if not _dropped(entry)]
    if LINUX:
        kept = _linked(kept)
    there = {_slashed(entry[0]) for entry in kept}
    data = [entry for entry in datas if not _dropped(entry)]
    # Links that PyInstaller puts beside the programs: those whose library stayed.
    return kept, [e for e in data if e[2] != "SYMLINK" or _slashed(str(Path(e[0]).parent / e[1])) in there]


def needed(library: Path) -> set[str]:
    """Return the names of the libraries that one is linked with; nothing of what is no ELF file."""
    said = subprocess.run(["objdump", "-p", str(library)], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^ +NEEDED +(\S+)$", said, re.MULTILINE))


def glibc_of(binary: Path) -> set[tuple[int, ...]]:
    """Return the versions of glibc that a binary asks for."""
    said = subprocess.run(["objdump", "-p", str(binary)], capture_output=True, text=True, check=False).stdout
    return {
        tuple(map(int, one.split("."))) for one in re.findall(r" GLIBC_(\d+(?:\.\d+)+)$", said, re.MULTILINE)
    }


def _dropped(entry: Entry) -> bool:
    return DROP.search(_slashed(entry[0])) is not None


def _slashed(path: str) -> str:
    return path.replace("\\", "/")


def _is_of_others(entry: Entry) -> bool:
    """A library that comes along only for those that are linked with it: the system's and the wheels' own."""
    name = _slashed(entry[0])
    beside = "/" not in name or ".libs/" in name or name.startswith("PySide6/Qt/lib/")
    return beside and re.search(r"\.so(\.\d+)*$", name) is not None and ".cpython-" not in name


def _linked(binaries: list[Entry]) -> list[Entry]:
    """Return the binaries without those of others that none of the rest is linked with."""
    others = {Path(entry[0]).name: entry for entry in binaries if _is_of_others(entry)}
    wanted = [entry for entry in binaries if not _is_of_others(entry) or "libpython" in entry[0]]
    seen: set[str] = set()
    while wanted:
        entry = wanted.pop()
        for name in needed(Path(entry[1])) - seen:
            seen.add(name)
            if name in others:
                wanted.append(others[name])
    return [e for e in binaries if not _is_of_others(e) or "libpython" in e[0] or Path(e[0]).name in seen]
