"""What an installation is at, how far and for how long: one line at a terminal, else a line now and then.

The plain words of uv, pip and apt-get are read here; what they said last is kept for when it fails.
Standard library only.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import TextIO

EVERY_S = 10.0
"""Seconds between two lines where nobody can rewrite one."""
TURN_S = 0.5
KEPT = 60
"""Lines of the installer's own that are shown when it fails."""
WIDEST = 100

_FOUND = re.compile(r"Collecting ([\w.-]+)")
_THERE = re.compile(r"Requirement already satisfied: ([\w.-]+)")
_NOT_HERE = re.compile(r"Ignoring [\w.-]+: markers")
_FILE = re.compile(r"\s*(?:Downloading|Building) ([A-Za-z0-9.]+(?:[_-][A-Za-z]\w*)*)\S* \((.+)\)")
_BYTES = re.compile(r"Progress (\d+) of (\d+)")
_RESOLVED = re.compile(r"(?:Resolved|Audited) (\d+) packages?")
_PREPARED = re.compile(r"Prepared (\d+) packages?")
_APT_COUNT = re.compile(r"\d+ upgraded, (\d+) newly installed")
_APT_FILE = re.compile(r"Get:\d+ \S+ \S+ \S+ ([\w.+:-]+) \S+ \S+ \[(.+)\]")
_APT_DONE = re.compile(r"Setting up ([\w.+:-]+) ")
_UNPACKING = re.compile(r"Installing collected packages|(?:Uninstalled|Installed) \d+ packages?")


class Progress:
    """Follows one installation; a context. ``total`` packages are expected at most."""

    def __init__(self, what: str, total: int = 0, out: TextIO | None = None) -> None:
        self.total, self.done, self.at, self.share = total, 0, "", ""
        self.touched = False
        self.last: deque[str] = deque(maxlen=KEPT)
        self._what = what
        self._out = sys.stderr if out is None else out
        self._live = self._out.isatty()
        self._began = time.monotonic()
        self._over = threading.Event()
        self._teller = threading.Thread(target=self._tell, name="progress", daemon=True)

    def __enter__(self) -> Progress:
        self._teller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._teller.join()
        if self._live:
            self._out.write("\r" + " " * WIDEST + "\r")
            self._out.flush()

    def heard(self, line: str) -> None:
        """Take in a line of uv's or pip's."""
        if (got := _BYTES.match(line)) is not None:
            self.share = f", {int(got[1]) * 100 // max(1, int(got[2]))} %"
            return
        self.last.append(line)
        if (got := _FOUND.match(line) or _THERE.match(line)) is not None:
            self.done, self.at, self.share = self.done + 1, got[1], ""
        elif _NOT_HERE.match(line):
            self.total -= 1
        elif (got := _FILE.match(line)) is not None:
            self.at, self.share = f"{got[1]} ({got[2]})", ""
        elif (got := _RESOLVED.match(line)) is not None:
            self.total = int(got[1])
        elif (got := _PREPARED.match(line)) is not None:
            self.done, self.at, self.touched = int(got[1]), "", True
        elif (got := _APT_COUNT.match(line)) is not None:
            self.total = int(got[1])
        elif (got := _APT_FILE.match(line)) is not None:
            self.at = f"{got[1]} ({got[2]})"
        elif (got := _APT_DONE.match(line)) is not None:
            self.done, self.at, self.touched = self.done + 1, got[1], True
        elif _UNPACKING.match(line):
            self.at, self.share, self.touched = "unpacking", "", True

    def line(self) -> str:
        """How it stands now, in one line."""
        far = f" {min(self.done, self.total) if self.total else self.done}"
        far += f" of {self.total} packages" if self.total else " packages"
        at = f", {self.at}{self.share}" if self.at else ""
        return f"{self._what}:{far}{at}, {time.monotonic() - self._began:.0f} s"[:WIDEST]

    def _tell(self) -> None:
        while not self._over.wait(TURN_S if self._live else EVERY_S):
            line = self.line()
            self._out.write(f"\r{line:<{WIDEST}}" if self._live else line + "\n")
            self._out.flush()


class Failed(Exception):
    """``words`` is what the installer said last; ``touched``: it had begun to change what is installed."""

    def __init__(self, words: str, *, touched: bool = True) -> None:
        super().__init__(words)
        self.words, self.touched = words, touched


def followed(command: list[str], what: str, total: int, folder: Path) -> None:
    """Run an installer in ``folder`` and tell how far it is.

    Raises:
        Failed: it ended with another code than 0; its last lines stand on stderr.
    """
    child = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    with child, Progress(what, total) as progress:
        try:
            for line in child.stdout or ():
                progress.heard(line.rstrip())
            code = child.wait()
        except BaseException:  # we are broken off, and it is not left alone at its work
            child.terminate()
            raise
    if code:
        words = "\n".join(progress.last)
        sys.stderr.write(words + "\n")
        sys.stderr.flush()
        raise Failed(words, touched=progress.touched)
