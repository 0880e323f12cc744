"""Opening a room in a PostgreSQL database, and making one."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from liveconsole import versions
from liveconsole.paths import mark_folder, own_folder, refuse_newer
from liveconsole.store import keys
from liveconsole.store.errors import NoStore, OtherRoom, StoreBroken, StoreLost, StoreNewer, UnsafeLibrary
from liveconsole.store.kept_at import key_folder
from liveconsole.store.keys import KeySource
from liveconsole.store.migrate import SCRIPTS, number_of, run_revisions
from liveconsole.store.postgres import schema, texts
from liveconsole.store.postgres.address import Address
from liveconsole.store.postgres.causes import told
from liveconsole.store.postgres.link import OLDEST, PostgresLink
from liveconsole.store.postgres.sealing import Seal
from liveconsole.store.postgres.store import PostgresStore
from liveconsole.store.rows import Meta, micros, moment
from liveconsole.store.tables import BOOKS_VERSION, HEAD

log = logging.getLogger(__name__)

_MAKING: Final = int.from_bytes(hashlib.sha256(b"liveconsole/making").digest()[:8], "big", signed=True)
"""The lock under which tables and rooms are made: two engines may come to a new database at once."""
_REVISION = f"SELECT version_num FROM {schema.TABLES}.alembic_version"
_ROOM = f"SELECT room_id, epoch FROM {schema.TABLES}.room WHERE name = %s"
_NEW_ROOM = f"INSERT INTO {schema.TABLES}.room (name) VALUES (%s) RETURNING room_id, epoch"
_NEW_LEASE = f"INSERT INTO {schema.TABLES}.lease (room_id) VALUES (%s)"
_PUT_META = f"INSERT INTO {schema.TABLES}.meta (room_id, name, value) VALUES (%s, %s, %s)"
_SEALED: Final = "person_key"
"""Of what a store knows about itself, what the database must not read."""


def open_postgres(
    address: Address,
    folder: Path,
    *,
    create: bool = True,
    room_id: str = "room",
    simulated: bool | None = None,
    key_source: KeySource | None = None,
    person_key: bytes | None = None,
    epoch: int | None = None,
    read_only: bool = False,
) -> PostgresStore:
    """Open the room called `room_id`, made first if it is not there and `create` is set.

    `folder` is the engine's data folder: the room's key lies within it (`kept_at.key_folder`) or in the
    keyring, never in the database. `epoch`: that in which the caller leads (`lease`); None: as it stands.
    `read_only`: it writes nothing, whatever is asked of it.
    Raises as `opening.open_store` does, and CannotWrite where the database cannot be reached.
    """
    refuse_newer(folder)
    place = key_folder(folder, room_id)
    room, found_epoch = _room(address, place, room_id, create, bool(simulated), key_source, person_key)
    keys.made(place)
    store_id, key = keys.key_of(place, key_source)
    seal = Seal(key)
    leads_in = found_epoch if epoch is None else epoch
    link = PostgresLink(address, room, folder, seal, epoch=None if read_only else leads_in)
    try:
        meta = meta_of(link)
        if simulated is not None and simulated != meta.simulated:
            raise OtherRoom(
                f"{room_id!r} is a simulated room" if meta.simulated else f"{room_id!r} is a real room"
            )
        if not store_id and not read_only:  # store.json is gone, and with it that the room can only be lost
            keys.note(place, keys.KeyPlace(meta.store_id, keys.KeyFile.place))
        mark_folder(folder)
        return PostgresStore(link, folder, meta)
    except BaseException:
        link.close()
        raise


@contextmanager
def transaction(address: Address) -> Iterator[Connection]:
    """One transaction outside any room, on a connection of its own; statements are psycopg's here."""

    def connect() -> psycopg.Connection[Any]:
        raw = address.connect()
        texts.adapt(raw)
        return raw

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    try:
        with engine.begin() as c:
            yield c
    except (DBAPIError, psycopg.Error) as e:
        raise told(e.orig if isinstance(e, DBAPIError) else e) from e
    finally:
        engine.dispose()


def _room(
    address: Address,
    place: Path,
    name: str,
    create: bool,
    simulated: bool,
    source: KeySource | None,
    person_key: bytes | None,
) -> tuple[int, int]:
    """Return the number of a room and its epoch; the schema is at head then."""
    with transaction(address) as c:
        found = found_room(c, name)
        if found is None and not create:
            raise NoStore(f"no room {name!r} in this database")
    if found is not None:
        return found
    with transaction(address) as c:
        c.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
        bring_to_head(c)
        return found_room(c, name) or _make(c, place, name, simulated, source, person_key)


def found_room(c: Connection, name: str) -> tuple[int, int] | None:
    """Return a room's number and epoch, where the schema is at head and has it. Raises StoreNewer."""
    found = c.exec_driver_sql("SHOW server_version_num").scalar_one()
    if int(found) < OLDEST:
        raise UnsafeLibrary(f"PostgreSQL {int(found) // 10_000}: {OLDEST // 10_000} or newer is needed")
    revision = revision_in(c)
    if revision != HEAD:
        if revision is not None and number_of(revision) > versions.SCHEMA:
            raise StoreNewer(f"PostgreSQL, schema {revision}")
        return None
    row = c.exec_driver_sql(_ROOM, (name,)).first()
    return None if row is None else (int(row[0]), int(row[1]))


def revision_in(c: Connection) -> str | None:
    """Return the schema's revision, or None for a database that has nothing of ours."""
    there = c.exec_driver_sql("SELECT to_regclass(%s)", (f"{schema.TABLES}.alembic_version",)).scalar()
    return None if there is None else c.exec_driver_sql(_REVISION).scalar()


def _make(
    c: Connection,
    place: Path,
    name: str,
    simulated: bool,
    source: KeySource | None,
    person_key: bytes | None,
) -> tuple[int, int]:
    own_folder(place)
    placed = keys.placed_in(place) or keys.place_new_key(place, source)
    if not placed.making:
        raise StoreLost(f"the key of {name!r} lies here, and this database does not have that room")
    store_id, key = keys.key_of(place, source)
    return new_room(
        c,
        name,
        Seal(key),
        {
            "store_id": store_id.encode(),
            "room_id": name.encode(),
            "simulated": b"1" if simulated else b"0",
            _SEALED: person_key or secrets.token_bytes(32),
            "epoch": b"1",
            "books": b"%d" % BOOKS_VERSION,
            "created_at": b"%d" % micros(datetime.now(UTC)),
        },
    )


def new_room(c: Connection, name: str, seal: Seal, meta: dict[str, bytes]) -> tuple[int, int]:
    """Make a room's own rows; what it knows about itself in clear. The caller's transaction."""
    room, epoch = c.exec_driver_sql(_NEW_ROOM, (name,)).one()
    c.exec_driver_sql(_NEW_LEASE, (room,))
    for key, value in meta.items():
        kept = seal.close(f"meta:{key}", value) if key == _SEALED else value
        c.exec_driver_sql(_PUT_META, (room, key, kept))
    return int(room), int(epoch)


def bring_to_head(c: Connection, *, head: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Bring the schema of a database to `head`, in the caller's transaction. Raises StoreNewer.

    A database of many rooms is nobody's to copy first: that is for whoever runs it, before an upgrade.
    """
    found = revision_in(c)
    if found is None:
        schema.create_all(c)
    elif found != head:
        schema.drop_views(c)  # no table moves under them
        c.exec_driver_sql(f"SET LOCAL search_path = {schema.TABLES}, pg_catalog")
        run_revisions(c, found, scripts=scripts, head=head)
        schema.create_views(c)
        c.exec_driver_sql(f"SET LOCAL search_path = {schema.VIEWS}, pg_catalog")


def meta_of(link: PostgresLink) -> Meta:
    """Return what a room knows about itself. Raises KeyUnavailable where our key is not the room's."""
    with link.reading() as c:
        rows: dict[str, bytes] = {row[0]: row[1] for row in c.exec_driver_sql("SELECT name, value FROM meta")}
        version = c.exec_driver_sql("SHOW server_version").scalar_one()
    try:
        return Meta(
            store_id=rows["store_id"].decode(),
            room_id=rows["room_id"].decode(),
            simulated=rows["simulated"] == b"1",
            person_key=link.seal.open(f"meta:{_SEALED}", rows[_SEALED]),
            epoch=int(rows["epoch"]),
            created_at=moment(int(rows["created_at"])),
            versions={"schema": HEAD, "postgresql": str(version)},
        )
    except (KeyError, ValueError) as e:
        raise StoreBroken(f"the store does not know itself: {e}") from e
