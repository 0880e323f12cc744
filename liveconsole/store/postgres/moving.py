"""A room out of a database into a file, and back into one: its backups are those of any other room.

The file is the encrypted one that `opening` makes, with every table in it; so a backup of a room in a
database opens as a room in a file, and the reverse: that is how a room moves from one to the other.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table

from liveconsole.paths import own_folder
from liveconsole.store import codes, keys
from liveconsole.store.cipher import CipherFile, export, faults, raw_key, touch_own
from liveconsole.store.errors import BackupDamaged, KeyUnavailable, StoreError, StoreNewer, WrongCode
from liveconsole.store.filling import add, many, marks
from liveconsole.store.kept_at import key_folder
from liveconsole.store.keys import KeySource
from liveconsole.store.linking import link_older
from liveconsole.store.migrate import create_schema, upgrade
from liveconsole.store.postgres import schema
from liveconsole.store.postgres.address import Address
from liveconsole.store.postgres.link import PostgresLink
from liveconsole.store.postgres.opening import bring_to_head, found_room, new_room, transaction
from liveconsole.store.postgres.sealing import Seal
from liveconsole.store.postgres.seats import NAME as SEATS
from liveconsole.store.postgres.words import COUNTED
from liveconsole.store.tables import METADATA

_PAGE: Final = 2_000
_SEALED_META: Final = "person_key"
_DRAWS: Final = "draw:"


def copy_out(link: PostgresLink, part: Path, phrase: str) -> None:
    """Put a room into the empty file `part`, under a passphrase. One view: an engine goes on meanwhile."""
    with _file_beside(part) as (path, key):
        file = CipherFile(path, key)
        try:
            with closing(link.beside()) as room, room.reading() as source, file.writing() as target:
                create_schema(target)
                for table in METADATA.tables.values():
                    statements = many(f'INSERT INTO "{table.name}"', marks(len(table.columns)))
                    for page in _pages(source, table, link.seal):
                        add(target, statements, page)
        finally:
            file.close()
        export(path, raw_key(key), part, phrase)


def _pages(c: Connection, table: Table, seal: Seal) -> Iterator[list[tuple[Any, ...]]]:
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    order = "rowid" if table.name in COUNTED else ", ".join(f'"{one.name}"' for one in table.primary_key)
    where = f" WHERE name <> '{SEATS}'" if table.name == "meta" else ""
    with c.execution_options(stream_results=True).exec_driver_sql(
        f'SELECT {listed} FROM "{table.name}"{where} ORDER BY {order}'
    ) as rows:
        for page in rows.partitions(_PAGE):
            yield [_opened(table.name, tuple(row), seal) for row in page]


def _opened(table: str, row: tuple[Any, ...], seal: Seal) -> tuple[Any, ...]:
    if table == "person":
        pid, outside, name, seen = row
        outside = seal.open(f"person:outside_id:{pid}", outside).decode()
        return pid, outside, seal.open(f"person:name:{pid}", name).decode() if name else "", seen
    if table == "secret" or (table == "meta" and row[0] == _SEALED_META):
        return row[0], seal.open(f"{table}:{row[0]}", row[1])
    return row


def restore_room(
    file: Path,
    code: str,
    address: Address,
    folder: Path,
    room_id: str,
    *,
    key_source: KeySource | None = None,
) -> None:
    """Make the room `room_id` from a backup, in a database that has none of that name; its epoch one higher,
    under a new key (`backup.restore` says what else).

    Raises WrongCode, BackupDamaged, FileExistsError (the room is there), KeyUnavailable, CannotWrite.
    """
    phrase = codes.passphrase(code)
    try:
        wrong = faults(file, phrase)
    except KeyUnavailable as e:
        raise WrongCode("this code is of another backup, or the first page of this one is damaged") from e
    if wrong:
        raise BackupDamaged(f"this backup is cut or changed: {wrong[0]}")
    own_folder(folder)
    with _file_beside(folder / "room.db") as (path, key):
        touch_own(path)
        export(file, phrase, path, raw_key(key))
        source = CipherFile(path, key)
        with closing(source):
            try:
                upgrade(source)
                link_older(source)
            except StoreNewer:
                raise
            except StoreError as e:
                raise BackupDamaged(str(e)) from e
            _put_in(source, address, key_folder(folder, room_id), room_id, key_source)


def _put_in(
    source: CipherFile, address: Address, place: Path, room_id: str, key_source: KeySource | None
) -> None:
    with transaction(address) as c:
        if found_room(c, room_id) is not None:
            raise FileExistsError(
                f"the room {room_id!r} is in the database already, whoever leads it or stands by for it:"
                " nothing is put over it; restore under another name"
            )
    own_folder(place)
    keys.place_new_key(place, key_source)
    try:
        store_id, key = keys.key_of(place, key_source)
        seal = Seal(key)
        with transaction(address) as c, source.reading() as old:
            bring_to_head(c)
            rows = old.exec_driver_sql("SELECT name, value FROM meta")
            meta = {name: value for name, value in rows if name != SEATS}
            meta |= {
                "store_id": store_id.encode(),
                "room_id": room_id.encode(),
                "epoch": b"%d" % (int(meta["epoch"]) + 1),
            }
            room, _ = new_room(c, room_id, seal, meta)
            for table in METADATA.tables.values():
                if table.name != "meta":
                    _copy_in(old, c, table, room, seal)
            c.exec_driver_sql(
                f"UPDATE {schema.TABLES}.room SET head = (SELECT coalesce(max(seq), 0)"
                f" FROM {schema.TABLES}.event WHERE room_id = %s) WHERE room_id = %s",
                (room, room),
            )
            c.exec_driver_sql(f"ANALYZE {schema.TABLES}.event")
        keys.made(place)
    except BaseException:
        keys.take_back(place)
        raise


def _copy_in(old: Connection, c: Connection, table: Table, room: int, seal: Seal) -> None:
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    more = ", mark" if table.name == "person" else ""
    order = "rowid" if table.name in COUNTED else ", ".join(f'"{one.name}"' for one in table.primary_key)
    raw: Any = c.connection.driver_connection
    copy = f'COPY {schema.TABLES}."{table.name}" (room_id, {listed}{more}) FROM STDIN'
    rows = old.exec_driver_sql(f'SELECT {listed} FROM "{table.name}" ORDER BY {order}')
    with raw.cursor().copy(copy) as into, rows:
        for row in rows:
            sealed = _sealed(table.name, tuple(row), seal)
            if sealed is not None:
                into.write_row((room, *sealed))
    if table.name == "denial":
        raw.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest((SELECT coalesce(max(id), 0) FROM"
            f" {schema.TABLES}.denial), 1))",
            (f"{schema.TABLES}.denial",),
        )


def _sealed(table: str, row: Sequence[Any], seal: Seal) -> tuple[Any, ...] | None:
    if table == "person":
        pid, outside, name, seen = row
        kept = seal.close(f"person:name:{pid}", name.encode()) if name else b""
        return pid, seal.close(f"person:outside_id:{pid}", outside.encode()), kept, seen, seal.mark(outside)
    if table == "secret":
        return None if row[0].startswith(_DRAWS) else (row[0], seal.close(f"secret:{row[0]}", row[1]))
    return tuple(row)


@contextmanager
def _file_beside(path: Path) -> Iterator[tuple[Path, bytes]]:
    """A place for an encrypted file under a key that nobody keeps; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".moving-", dir=path.parent))
    try:
        yield folder / "room.db", secrets.token_bytes(32)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
