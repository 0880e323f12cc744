"""``liveconsole completion``: what a shell needs to complete commands and options with Tab, on stdout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import shtab

from liveconsole.cli import grammar
from liveconsole.described import described
from liveconsole.exits import Exit

_FOLDERS: Final = frozenset({"DIR", "FOLDER"})
"""What a folder is called in usages; any other path is a file."""


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole completion", description=described(__doc__))
    words.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="docs/completion.md says where it goes")
    return words


def run(argv: Sequence[str]) -> int:
    """0: the script stands on stdout. Whole by itself: at a press of Tab nothing of the program runs."""
    from liveconsole.cli import told_commands

    shell: str = parser().parse_args(argv).shell
    sys.stdout.buffer.write(script(grammar.whole(told_commands()), shell).encode())
    return Exit.OK


def script(whole: argparse.ArgumentParser, shell: str) -> str:
    """Return the script of one shell for a whole grammar (`grammar.whole`)."""
    _say_paths(whole)
    made: str = shtab.complete(whole, shell)
    return made.rstrip("\n") + "\n"


def _say_paths(words: argparse.ArgumentParser) -> None:
    """Tab offers files where a path is wanted, and folders where it is one."""
    for action in words._actions:
        if action.type is Path:
            wanted = shtab.DIRECTORY if action.metavar in _FOLDERS or action.dest == "data" else shtab.FILE
            action.complete = wanted  # type: ignore[attr-defined]
    for _, _, deed in grammar.below(words):
        _say_paths(deed)
