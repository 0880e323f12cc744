"""``liveconsole restore FILE``: a new data folder from a backup; the recovery code comes from stdin."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.cli.joining import complain
from liveconsole.cli.stores import password_in
from liveconsole.described import described
from liveconsole.engine.lease import FolderTaken, Lease
from liveconsole.exits import Exit
from liveconsole.paths import data_folder
from liveconsole.store.backup import restore
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import InDatabase, address_in, exists, remember


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole restore", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE")
    words.add_argument(
        "--data", type=Path, metavar="DIR", help="a folder without a room, or one that lost it"
    )
    words.add_argument(
        "--database", metavar="URL", help="into a PostgreSQL database: postgresql://USER@HOST/DB"
    )
    words.add_argument("--room", metavar="ID", help='what the room is called there (default "room")')
    return words


def run(argv: Sequence[str]) -> int:
    """0: the room stands in the folder or database under a new key; 3: an engine runs or stands by there."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        lease = Lease(folder)
    except FolderTaken:
        sys.stderr.write(f"an engine runs on {folder}, or stands by there: stop it first\n")
        return Exit.TAKEN
    except OSError as error:
        return complain(error)
    try:
        return _restore(args.file, folder, args.database, args.room)
    finally:
        lease.release()


def _restore(file: Path, folder: Path, database: str | None, room: str | None) -> int:
    code = getpass.getpass("Recovery code: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        if database is None:
            restore(file, code.strip(), folder)
        else:
            _into_database(file, code.strip(), folder, InDatabase(database, room or "room"))
    except (StoreError, OSError) as error:
        return complain(error)
    sys.stderr.write(f"restored into {folder}; draws that ran then are void in it\n")
    return Exit.OK


def _into_database(file: Path, code: str, folder: Path, place: InDatabase) -> None:
    if exists(folder):
        raise FileExistsError(f"{folder} holds a room already")
    address = address_in(place, password_in(folder))
    from liveconsole.store.postgres.moving import restore_room

    restore_room(file, code, address, folder, place.room)
    remember(folder, place)
