"""What sellers go by, as editable files (``resources/seller/*.toml``; the user's own copies win).

Figures of public guides: claims with a source and a date. They are shown and counted with, and refuse
nothing. Each subject has a module that says what its file holds.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from liveconsole.paths import own_folders
from liveconsole.respath import resources

FOLDER: Final = "seller"
_FILE_BYTES: Final = 256 * 1024

T = TypeVar("T")


class BadSellerFile(ValueError):
    """A file that cannot be used; the text names it and says where."""


def path(name: str, data: Path | None) -> Path:
    """The file that holds: the user's own (``paths.own_folders``), else the program's."""
    for folder in own_folders(data) if data is not None else ():
        own = folder / FOLDER / name
        if own.is_file():
            return own
    return resources() / FOLDER / name


def text_of(name: str, data: Path | None) -> str:
    """
    Raises:
        BadSellerFile: it is too long, or no text.
        OSError: it cannot be read.
    """
    file = path(name, data)
    if file.stat().st_size > _FILE_BYTES:
        raise BadSellerFile(f"{name}: > {_FILE_BYTES} bytes")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSellerFile(f"{name}: {error}") from error


def parse(name: str, text: str, shape: type[T]) -> T:
    """
    Raises:
        BadSellerFile: it is no TOML, or not of the shape.
    """
    try:
        found: Any = msgspec.convert(tomllib.loads(text), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadSellerFile(f"{name}: {error}") from error
    return found  # type: ignore[no-any-return]
