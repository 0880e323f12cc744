"""``liveconsole keys``: where the room's key is kept, and another one. No key is ever printed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liveconsole.cli.joining import complain
from liveconsole.described import described
from liveconsole.engine.lease import FolderTaken, Lease
from liveconsole.exits import Exit
from liveconsole.paths import data_folder
from liveconsole.store import keys
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import in_database, key_place
from liveconsole.store.opening import DATABASE
from liveconsole.store.rotation import rotate

_SEALED: Final = (
    "this room is in a database, and every engine that may lead it has the same key: it is not changed under"
    " them. A backup that is restored into the database as another room has a new one"
)


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole keys", description=described(__doc__))
    words.add_argument("--rotate", action="store_true", help="a new key; stop the engine before")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0; with ``--rotate`` the store has another key; 3: an engine runs on the folder; 1: the rest."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        place = in_database(folder)
    except StoreError as error:
        return complain(error)
    if not args.rotate:
        sys.stdout.write(f"{folder}: {keys.describe(key_place(folder))['key']}\n")
        return Exit.OK
    if place is not None:
        return complain(StoreError(_SEALED))
    if not (folder / DATABASE).exists():
        return complain(FileNotFoundError(f"no store in {folder}"))
    try:
        lease = Lease(folder)
    except FolderTaken:
        sys.stderr.write(f"an engine runs on {folder}: stop it first\n")
        return Exit.TAKEN
    try:
        rotate(folder, DATABASE)
    except (StoreError, OSError) as error:
        return complain(error)
    finally:
        lease.release()
    sys.stdout.write(f"{folder} has a new key; backups open with their own codes as before\n")
    return Exit.OK
