"""Where the program's own files (icons, translations, scenarios, limits) lie."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resources() -> Path:
    """The resources folder: beside this file in a wheel or bundle, `resources/` in a source tree."""
    for folder in (_HERE / "_resources", _HERE.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("the program's resources folder is missing: install it again")
