"""``liveconsole backup FILE``: the room in one file, under a recovery code that is shown once.

``--code`` shows the recovery code of the backups on a schedule, which is made here the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from liveconsole import credentials
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import open_kept
from liveconsole.credentials import SecretsUnreadable
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.paths import data_folder
from liveconsole.store.backup import backup, head_of
from liveconsole.store.codes import new_code
from liveconsole.store.errors import (
    BackupDamaged,
    CannotWrite,
    KeyUnavailable,
    StoreBroken,
    StoreError,
    WrongCode,
)
from liveconsole.store.kept_at import in_database
from liveconsole.store.trial import tried

_GENTLY: Final = 10
"""Of a machine that is busy it takes what is left over."""
_WHY: Final[dict[type[Exception], str]] = {
    KeyUnavailable: "key_unavailable",
    WrongCode: "no_code",
    BackupDamaged: "not_whole",
    StoreBroken: "not_whole",
    CannotWrite: "cannot_write",
    OSError: "cannot_write",
}
"""What the engine is told (`messages.backups.WHY`)."""


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole backup", description=described(__doc__))
    words.add_argument("file", type=Path, nargs="?", metavar="FILE", help="must not exist yet")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may go on")
    words.add_argument("--code", action="store_true", help="show the recovery code of backups on a schedule")
    words.add_argument("--scheduled", action="store_true", help=argparse.SUPPRESS)
    return words


def run(argv: Sequence[str]) -> int:
    """0: the file is there and was checked; the code is the only line on stdout."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        if args.code:
            return _show_code(folder)
        if args.file is None:
            parser().error("FILE is wanted")
        if args.scheduled:
            return _scheduled(folder, args.file)
        code = _made(folder, args.file)
        head = head_of(args.file, code)
    except (StoreError, OSError, SecretsUnreadable) as error:
        return complain(error)
    sys.stderr.write(
        "Write the recovery code down: it is kept nowhere, and nothing opens the backup without it.\n"
    )
    sys.stderr.write(
        f"Its log ends with {head.seq}:{head.link}; `liveconsole verify-log --head` asks for it.\n"
    )
    sys.stdout.write(f"{code}\n")
    return Exit.OK


def _show_code(folder: Path) -> int:
    code = credentials.read(folder, "backup").get("code")
    if code is None:
        code = new_code()
        credentials.keep(folder, "backup", {"code": code})
    sys.stderr.write(
        "Write it down and keep it elsewhere: with this computer gone, nothing else opens the backups.\n"
    )
    sys.stdout.write(f"{code}\n")
    return Exit.OK


def _made(folder: Path, file: Path, code: str | None = None) -> str:
    if in_database(folder) is None:
        return backup(folder, file, code=code)
    with closing(open_kept(folder)) as store:
        return backup(store, file, code=code)


def _scheduled(folder: Path, file: Path) -> int:
    """Make one for the engine, with the code that comes on stdin, and try it: one JSON object on stdout."""
    if hasattr(os, "nice"):
        os.nice(_GENTLY)
    code = sys.stdin.readline().strip()
    try:
        _made(folder, file, code)
        found = tried(file, code)
    except (StoreError, OSError) as error:
        why = next((why for kind, why in _WHY.items() if isinstance(error, kind)), "failed")
        sys.stdout.write(json.dumps({"why": why, "detail": str(error)}) + "\n")
        return Exit.FAILED
    told = {"bytes": file.stat().st_size, "events": found.whole, "head": found.head}
    sys.stdout.write(json.dumps(told) + "\n")
    return Exit.OK
