"""Whose files a bundle is made of: packages, Python, the builder's start-up code, libraries of the system.

A file that nobody answers for, a part without a text, and a part under the GPL stop the build: what ships is
known, or does not ship.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

from liveconsole.notices import PROGRAM, ShippedPart, canonical, in_order, of_package
from liveconsole.respath import resources

LOCK: Final = Path(__file__).resolve().parents[2] / "requirements-bundle.lock"
SYSTEM: Final = {
    "libbz2-1.0": "bzip2-1.0.6",
    "libexpat1": "MIT",
    "libffi8": "MIT",
    "libglib2.0-0": "LGPL-2.1-or-later",
    "libglib2.0-0t64": "LGPL-2.1-or-later",
    "liblzma5": "0BSD",
    "libncursesw6": "X11",
    "libpcre2-8-0": "BSD-3-Clause",
    "libsqlite3-0": "blessing",
    "libssl3": "Apache-2.0",
    "libssl3t64": "Apache-2.0",
    "libtinfo6": "X11",
    "libuuid1": "BSD-3-Clause",
    "libxkbcommon-x11-0": "MIT",
    "libxkbcommon0": "MIT",
    "libzstd1": "BSD-3-Clause",
    "zlib1g": "Zlib",
}
"""What a library of Debian is under that may ship; of the same sources other files may be under the GPL."""
_LIKE: Final = (
    (re.compile(r"libxcb-[a-z0-9-]+|libx(?:au|dmcp)6"), "X11"),
    (re.compile(r"(?:lib)?python3\.\d+(?:-minimal|-stdlib)?"), "PSF-2.0"),
)
_GPL: Final = re.compile(r"\bA?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)  # not LGPL, nor Lesser
BUILDERS: Final = ("pyinstaller", "pyinstaller-hooks-contrib")
"""Of these only what starts the program ships: the bootloader, and hooks under Apache-2.0."""
BOOTLOADER: Final = "GPL-2.0-or-later WITH Bootloader-exception"


class UnknownPart(Exception):
    """Something would ship that nobody answers for."""


def parts(files: Iterable[str]) -> list[ShippedPart]:
    """Return the notices of everything that the files of a bundle come from; raises UnknownPart."""
    paths = {str(Path(path)) for path in files if path}
    names = packages(paths)
    if strays := names - locked():
        raise UnknownPart(f"not in {LOCK.name}, so this environment's alone: {', '.join(sorted(strays))}")
    found = [of_package(name) for name in names]
    found += [_python(), _bootloader(), *(_of_system(name) for name in system_packages(paths))]
    check(found)
    return in_order(found)


def check(found: Iterable[ShippedPart]) -> None:
    """Raise UnknownPart for a part without licence or text, or under the GPL or AGPL alone."""
    for one in found:
        if not one.licence:
            raise UnknownPart(f"{one.name} does not say its licence")
        if not one.texts:
            raise UnknownPart(f"{one.name} has no text of its licence")
        if one.licence != BOOTLOADER and not any(_may_ship(words) for words in one.licence.split(" OR ")):
            raise UnknownPart(f"{one.name} is under {one.licence}")


def _may_ship(licence: str) -> bool:
    return _GPL.search(licence) is None


def locked() -> set[str]:
    """Return the packages that a bundle may be made of: what a developer has beside them never ships."""
    names = re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text("utf-8"), re.MULTILINE)
    return {PROGRAM, *map(canonical, names)}


def packages(paths: set[str]) -> set[str]:
    """Return the names of the installed packages that have one of the files, and the program's own."""
    found = {PROGRAM}
    for told in metadata.distributions():
        name = canonical(told.metadata["Name"])
        if name not in BUILDERS and any(str(told.locate_file(path)) in paths for path in told.files or ()):
            found.add(name)
    return found


def system_packages(paths: set[str]) -> set[str]:
    """Return the packages of the system whose libraries are among the files; none off Debian's family."""
    inside = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    found = set()
    for path in sorted(p for p in paths if p.startswith(("/usr/lib", "/lib")) and not p.startswith(inside)):
        real = str(Path(path).resolve())
        for name in (path, real, path.removeprefix("/usr"), real.removeprefix("/usr")):
            said = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False).stdout
            if said:
                found.add(said.partition(":")[0])
                break
        else:
            raise UnknownPart(f"no package has {path}")
    return found


def _of_system(name: str) -> ShippedPart:
    licence = SYSTEM.get(name) or next((one for known, one in _LIKE if known.fullmatch(name)), "")
    if not licence:
        raise UnknownPart(f"{name} of the system: its licence is not in packaging/bundle/shipping.py")
    version = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", name], check=True, capture_output=True, text=True
    ).stdout
    texts = [Path(f"/usr/share/doc/{name}/copyright").read_text("utf-8", "replace").strip()]
    if licence.startswith("LGPL-2.1"):
        texts.append((resources() / "licences" / "lgpl-2.1.txt").read_text("utf-8"))
    return ShippedPart(name, version, licence, tuple(texts))


def _python() -> ShippedPart:
    places = [
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python3.{sys.version_info.minor}/copyright"),
    ]
    for place in places:
        if place.is_file():
            text = place.read_text("utf-8", "replace").strip()
            return ShippedPart("Python", sys.version.split()[0], "PSF-2.0", (text,))
    raise UnknownPart("Python's own licence is at none of its places")


def _bootloader() -> ShippedPart:
    told = [of_package(name) for name in BUILDERS]
    return ShippedPart(
        "PyInstaller (start-up code)",
        told[0].version,
        BOOTLOADER,
        tuple(text for one in told for text in one.texts),
    )
