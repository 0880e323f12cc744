"""The browser part: Playwright's driver, too large for the installer, that the user adds from a file.

Playwright's Python is in the program, and with it the list of what its driver consists of, with the SHA-256
of every file: a part is taken only where each file is the one on that list. So a part is of exactly this
version and system, or it is none, whoever made the file.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Final

from liveconsole.paths import own_folder, own_folders

FOLDER: Final = "parts/browser"
_INSIDE: Final = "playwright/driver/"
_CHUNK: Final = 1 << 20
_NODE: Final = "node.exe" if sys.platform == "win32" else "node"


class BadPart(ValueError):
    """``code``: one of `messages.connection_words.browser`."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code} {name}".strip())
        self.code = code
        self.name = name


def wanted() -> dict[str, tuple[str, int]]:
    """Name in the driver's folder → SHA-256 and size, as the program's own Playwright names them.

    Raises:
        BadPart: this program has no Playwright.
    """
    try:
        record = metadata.distribution("playwright").read_text("RECORD") or ""
    except metadata.PackageNotFoundError as why:
        raise BadPart("part_not_for_this") from why
    found = {}
    for line in csv.reader(
        record.splitlines()
    ):  # not `files`: that leaves out what is not there, which is all
        if len(line) == 3 and line[0].startswith(_INSIDE) and line[1].startswith("sha256=") and line[2]:
            found[line[0].removeprefix(_INSIDE)] = _hex(line[1].removeprefix("sha256=")), int(line[2])
    if not found:
        raise BadPart("part_not_for_this")
    return found


def _hex(value: str) -> str:
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    except (ValueError, binascii.Error):
        return ""


def driver(folder: Path) -> Path | None:
    """Return the folder of the driver: beside Playwright itself, else the part that was added."""
    try:
        import playwright
    except ImportError:
        return None
    places = [Path(playwright.__file__).parent / "driver"]
    places += [base / FOLDER / _version() for base in own_folders(folder)]
    return next(
        (place for place in places if (place / _NODE).is_file() and (place / "package").is_dir()), None
    )


def add(file: Path, folder: Path, listed: Mapping[str, tuple[str, int]] | None = None) -> Path:
    """Unpack a part into the data folder and return where; whole or not at all.

    Raises:
        BadPart: it is not the part of this program.
        OSError: it cannot be read or written.
    """
    files = wanted() if listed is None else listed
    place = own_folder(folder / FOLDER) / _version()
    beside = place.with_name(f".{place.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(file) as archive:
            named = _named(archive)
            for name in files:
                if name not in named:
                    raise BadPart("part_lacks", name)
            own_folder(beside)
            for name, (sha256, size) in files.items():
                _unpack(archive, named[name], beside / PurePosixPath(name), sha256, size)
        (beside / _NODE).chmod(0o700)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(beside, place)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as why:
        raise BadPart("part_broken", file.name) from why
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _named(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What the archive has of the driver; paths are only ever taken from our own list."""
    return {
        info.filename.removeprefix(_INSIDE): info
        for info in archive.infolist()
        if info.filename.startswith(_INSIDE)
    }


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, sha256: str, size: int) -> None:
    """Never more than the listed size is written: what unpacks to more is another file."""
    if info.file_size != size or info.flag_bits & 0x1:
        raise BadPart("part_other", info.filename)
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    running, left = hashlib.sha256(), size
    with archive.open(info) as source, open(to, "xb") as out:
        while left and (chunk := source.read(min(_CHUNK, left))):
            running.update(chunk)
            out.write(chunk)
            left -= len(chunk)
    if left or running.hexdigest() != sha256:
        raise BadPart("part_other", info.filename)


def use(folder: Path) -> bool:
    """Have Playwright start the driver that there is; False: there is none."""
    place = driver(folder)
    if place is None:
        return False
    from playwright._impl import transport

    # Playwright looks beside its own package only, and a part lies in the data folder.
    found = str(place / _NODE), str(place / "package" / "cli.js")
    vars(transport)["compute_driver_executable"] = lambda: found
    return True


def _version() -> str:
    return metadata.version("playwright")


def make(to: Path) -> Path:
    """Write the part of this machine's Playwright; the same bytes for the same version and system.

    Raises:
        BadPart: this Playwright has no driver.
    """
    import playwright

    root = Path(playwright.__file__).parent / "driver"
    to.mkdir(parents=True, exist_ok=True)
    file = to / f"LiveConsole-browser-{_version()}-{sys.platform}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in _contents(root):
            info = zipfile.ZipInfo(_INSIDE + name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    for name in sorted(wanted()):
        path = root / PurePosixPath(name)
        if not path.is_file():
            raise BadPart("part_lacks", name)
        yield name, path.read_bytes()
