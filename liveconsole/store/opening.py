"""Opening a store, and making one. A database comes into being under another name and is put in place
whole."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from liveconsole.paths import mark_folder, own_folder, refuse_newer
from liveconsole.store import keys, rotation
from liveconsole.store.cipher import CipherFile, library_versions, touch_own
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.errors import CannotWrite, NoStore, OtherRoom, StoreBroken, StoreError, StoreLost
from liveconsole.store.keys import KeyPlace, KeySource
from liveconsole.store.linking import link_older
from liveconsole.store.migrate import create_schema, refuse_newer_store, revision_of, upgrade
from liveconsole.store.rows import Meta, micros, moment
from liveconsole.store.tables import BOOKS_VERSION

DATABASE: Final = "room.db"
_LOCK: Final = ".making.lock"


def open_store(
    folder: Path,
    *,
    create: bool = True,
    room_id: str | None = None,
    simulated: bool | None = None,
    key_source: KeySource | None = None,
    person_key: bytes | None = None,
) -> CipherStore:
    """Open the store in `folder`, made first if it is not there and `create` is set.

    `room_id` ("room") and `simulated` (False) are set when a store is made; of an existing one they are
    asked for if given, and another answer is OtherRoom. `person_key` replaces the random one of a new store
    (a rehearsal that must be repeatable). Also raises NoStore, StoreLost, KeyUnavailable (the program
    exits 4), StoreNewer, StoreBroken, UnsafeLibrary. That only one engine writes is the lease's business,
    not checked here.
    """
    path = folder / DATABASE
    refuse_newer(folder)
    if is_lost(folder):
        raise StoreLost(f"{DATABASE} is missing in {folder}, though {keys.STORE_FILE} and the key tell of it")
    if not path.exists():
        if not create:
            raise NoStore(f"no store in {folder}")
        own_folder(folder)
        with FileLock(folder / _LOCK):
            if not path.exists():
                _make(folder, room_id or "room", bool(simulated), key_source, person_key)
    keys.made(folder)
    rotation.finish(folder, DATABASE, key_source=key_source)
    store_id, key = keys.key_of(folder, key_source)
    if path.stat().st_size == 0:
        raise StoreBroken(f"{DATABASE} is empty: the log is gone")
    file = CipherFile(path, key)
    try:
        refuse_newer_store(file, str(path))
        upgrade(file)
        link_older(file)
        meta = _meta_of(file)
        if (room_id or meta.room_id) != meta.room_id:
            raise OtherRoom(f"this folder holds the room {meta.room_id!r}, not {room_id!r}")
        if simulated is not None and simulated != meta.simulated:
            raise OtherRoom(
                "this folder holds a simulated room" if meta.simulated else "this room is a real one"
            )
        if not store_id:
            keys.note(folder, KeyPlace(meta.store_id, keys.KeyFile.place))
        mark_folder(folder)
        return CipherStore(file, folder, meta)
    except BaseException:
        file.close()
        raise


def is_lost(folder: Path) -> bool:
    """Tell whether a room was made here and its database is gone."""
    if (folder / DATABASE).exists():
        return False
    placed = keys.placed_in(folder)
    return placed is not None and not placed.making


def is_surely_simulated(folder: Path) -> bool:
    """Tell whether the folder holds a simulated room whose key lies beside it, or none was made yet; asks no
    keyring and changes nothing. False at the least doubt."""
    try:
        placed = keys.placed_in(folder)
        if placed is None:
            return not (folder / DATABASE).exists()
        if placed.place != keys.KeyFile.place:
            return False
        if placed.making and not (folder / DATABASE).exists():
            return True
        _, key = keys.key_of(folder)
        file = CipherFile(folder / DATABASE, key)
        try:
            return _meta_of(file).simulated
        finally:
            file.close()
    except (StoreError, DatabaseError, OSError):
        return False


def _make(
    folder: Path, room_id: str, simulated: bool, source: KeySource | None, person_key: bytes | None
) -> None:
    if keys.placed_in(folder) is None:
        keys.place_new_key(folder, source)
    store_id, key = keys.key_of(folder, source)
    fresh = folder / f".{DATABASE}.{secrets.token_hex(4)}"
    touch_own(fresh)
    try:
        file = CipherFile(fresh, key)
        try:
            with file.writing() as c:
                create_schema(c)
                write_meta(
                    c,
                    {
                        "store_id": store_id.encode(),
                        "room_id": room_id.encode(),
                        "simulated": b"1" if simulated else b"0",
                        "person_key": person_key or secrets.token_bytes(32),
                        "epoch": b"1",
                        "books": b"%d" % BOOKS_VERSION,
                        "created_at": b"%d" % micros(datetime.now(UTC)),
                    },
                )
        finally:
            file.close()
        put_in_place(fresh, folder / DATABASE)
    except BaseException:
        remove_database(fresh)
        raise


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a closed, whole database its name. A -wal of an earlier database there would be played into it:
    gone first.

    Raises:
        CannotWrite: the disk was too full to bring its own -wal home, and that does not go along.
    """
    left = fresh.with_name(f"{fresh.name}-wal")
    if left.exists() and left.stat().st_size:
        raise CannotWrite("disk_full", f"{path.name} could not be written whole, and was not put in place")
    remove_database(path)
    fresh.rename(path)


def remove_database(path: Path) -> None:
    """The file and what SQLite keeps beside it."""
    for end in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


def write_meta(c: Connection, values: dict[str, bytes]) -> None:
    """Put rows into ``meta``; the caller's transaction."""
    c.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", list(values.items()))


def _meta_of(file: CipherFile) -> Meta:
    with file.reading() as c:
        rows: dict[str, bytes] = {row[0]: row[1] for row in c.exec_driver_sql("SELECT name, value FROM meta")}
    try:
        return Meta(
            store_id=rows["store_id"].decode(),
            room_id=rows["room_id"].decode(),
            simulated=rows["simulated"] == b"1",
            person_key=rows["person_key"],
            epoch=int(rows["epoch"]),
            created_at=moment(int(rows["created_at"])),
            versions={"schema": revision_of(file) or "", **library_versions()},
        )
    except (KeyError, ValueError) as e:
        raise StoreBroken(f"the store does not know itself: {e}") from e
