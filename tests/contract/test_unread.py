"""``| head -1`` behind every command, on a clean computer whose Python keeps output in a buffer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from liveconsole.cli import told_commands
from liveconsole.exits import Exit
from tests.contract.engine_process import ROOT

HELP: Final = ("--help",)
PRINTS: Final[dict[str, tuple[str, ...]]] = {
    "licenses": ("--json",), "man": (), "completion": ("bash",), "guide": ("--print-path",), "update": HELP,
    "rooms": (), "history": (), "boards": (), "customers": (), "sharers": (), "settlement": (),
    "verify-log": (), "keys": (), "tokens": (), "evidence": (), "doctor": ("--json",), "report": (),
    "rehearse": ("--headless", "--seconds", "1"), "export": ("--orders", "orders.csv"),
    "backup": ("kept.backup",), "browser": HELP,
    "open": HELP, "serve": HELP, "replay": HELP, "playback": HELP, "import": HELP, "publish": HELP,
    "tail": HELP, "shop": HELP, "relay": HELP, "receipt": HELP, "verify-draw": HELP, "restore": HELP,
    "forget": HELP, "repair": HELP, "share": HELP, "join": HELP, "nats": HELP, "bench": HELP, "on-air": HELP,
}  # fmt: skip
"""Command → words with which it prints on a folder with one evening; what needs an engine or a person
to print more prints its help."""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unread") / "evening"
    done, said = told(
        folder.parent, folder, "rehearse", "--headless", "--seconds", "20", "--data", str(folder)
    )
    assert done == 0, said
    return folder


def told(home: Path, data: Path, *words: str, unread: bool = False) -> tuple[int, str]:
    """Run a command where nothing of this machine's environment is set; its exit code and its stderr."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
                   "LIVECONSOLE_DATA": str(data), "PYTHONPATH": str(ROOT)}  # fmt: skip
    if os.name == "nt":
        environment |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "PYTHONUTF8": "1"}
    reading, writing = os.pipe()
    try:
        if unread:
            os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "liveconsole", *words],
            env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE,
            timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
        if not unread:
            os.close(reading)
    return done.returncode, done.stderr.decode("utf-8", "replace")


def test_the_table_has_every_command() -> None:
    assert set(PRINTS) == set(told_commands())


@pytest.mark.parametrize("name", PRINTS)
def test_who_had_enough_leaves_quietly(name: str, evening: Path) -> None:
    code, said = told(evening.parent, evening, name, *PRINTS[name], unread=True)
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert "BrokenPipe" not in said
    assert code == Exit.OK, said
