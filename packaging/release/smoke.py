"""Whether a program that was just built does what people install it for, on the machine that built it.

    python packaging/release/smoke.py dist/LiveConsole/liveconsole [its own words …]

Its version, a rehearsal on virtual time, its log and report, a folder of a newer version refused, and a desk
that paints a picture without a screen. Standard library only; stops at the first thing that is otherwise.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
"""Seconds for each step; a runner of a build service may be slow."""
PNG = b"\x89PNG\r\n"


class NotAsItShould(Exception):
    """What was otherwise."""


def version() -> str:
    text = (ROOT / "liveconsole/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


class Smoke:
    """Runs one program; each step says how long it took."""

    def __init__(self, program: list[str], folder: Path) -> None:
        self._program, self._folder = program, folder
        self._env = {
            **os.environ,
            "LIVECONSOLE_KEYRING": "off",
            "LIVECONSOLE_DATA": str(folder / "unnamed"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONUTF8": "1",
        }

    def run(self, *words: str, code: int = 0) -> bytes:
        """Its stdout. Raises NotAsItShould where it ends otherwise."""
        began = time.monotonic()
        done = subprocess.run(
            [*self._program, *words], env=self._env, capture_output=True, timeout=PATIENCE, check=False
        )
        took = time.monotonic() - began
        print(f"{took:6.1f} s  {done.returncode}  {' '.join(words)}", file=sys.stderr, flush=True)
        if done.returncode != code:
            said = done.stderr.decode("utf-8", "replace")[-2000:]
            raise NotAsItShould(f"{words[0]} ended with {done.returncode}, not {code}:\n{said}")
        return done.stdout

    def whole(self) -> None:
        data, out = self._folder / "room", self._folder / "out"
        if (said := self.run("--version").decode().strip()) != version():
            raise NotAsItShould(f"it says {said}, and the sources {version()}")
        self.run("no-such-command", code=2)
        told = json.loads(self.run("rehearse", "--headless", "--seconds", "60", "--data", str(data)))
        if not told["orders"] or not told["simulated"]:
            raise NotAsItShould(f"a rehearsal without an order: {told}")
        self.run("verify-log", "--data", str(data))
        self.run("report", "--data", str(data), "--out", str(out))
        if not list(out.rglob("*.html")) or not list(out.rglob("*.xlsx")):
            raise NotAsItShould("the report is not there")
        picture = self._folder / "desk.png"
        desk = ("open", "--data", str(self._folder / "desk"), "--seconds", "8", "--screenshot", str(picture))
        self.run(*desk)
        if picture.read_bytes()[: len(PNG)] != PNG:
            raise NotAsItShould("the desk painted nothing")
        mark = data / "version.json"
        mark.write_text(json.dumps({**json.loads(mark.read_text("utf-8")), "settings": 999}), "utf-8")
        self.run("history", "--data", str(data), code=6)


def main(argv: list[str]) -> int:
    if not argv:
        print(__doc__, file=sys.stderr)
        return 2
    program = Path(argv[0]).absolute()
    if program.with_name(f"{program.name}.exe").is_file():
        program = program.with_name(f"{program.name}.exe")
    with tempfile.TemporaryDirectory() as folder:
        try:
            Smoke([str(program), *argv[1:]], Path(folder)).whole()
        except (NotAsItShould, OSError, ValueError, KeyError, subprocess.TimeoutExpired) as why:
            print(f"smoke: {why}", file=sys.stderr)
            return 1
    print("smoke: as it should be", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
