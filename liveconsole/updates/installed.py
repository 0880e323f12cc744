"""Which version lies where this program was started from: another one, once a package was replaced."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from liveconsole.updates.notice import version_of

BUNDLED: Final = "version.txt"
"""Beside the package in a bundle, whose modules are in one file; build.spec writes it."""
_PACKAGE: Final = Path(__file__).resolve().parents[1]
_LIMIT: Final = 4096
_SOURCE: Final = re.compile(r'^__version__ = "([0-9.]{5,20})"$', re.MULTILINE)
_BUNDLED: Final = re.compile(r"([0-9.]{5,20})\n?")


def installed_version(package: Path = _PACKAGE) -> str:
    """Return the version that the next start will be, as the files say now; empty where they do not say it.
    Blocks on the disk; any thread."""
    for name, pattern in ((BUNDLED, _BUNDLED.fullmatch), ("__init__.py", _SOURCE.search)):
        try:
            with open(package / name, "rb") as file:
                found = pattern(file.read(_LIMIT).decode("utf-8", "replace"))
        except OSError:
            continue
        return found[1] if found is not None else ""
    return ""


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version is newer than another; one that is none is not. Pure."""
    try:
        return version_of(version) > version_of(than)
    except ValueError:
        return False
