"""Both stores for the same tests: a folder of its own is a room of its own, in a file or in a database.

A test takes the fixture ``kind`` (or ``store``) and runs on each. With ``LIVECONSOLE_TEST_STORE=postgresql``
whatever test opens a store by `open_store` gets one in a database: so a whole folder of tests runs there.
What is of a file only says so by its mark ``of_a_file``; a folder with a room in a file is opened as that.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from liveconsole.store import opening, restore
from liveconsole.store.errors import NoStore
from liveconsole.store.store import Store
from tests.services import USER, postgres

KINDS: Final = ("sqlcipher", "postgresql")
ALL_ON: Final = "LIVECONSOLE_TEST_STORE"
Opener = Callable[..., Store]
_open_file: Final = opening.open_store
"""As the program has it, whatever `put_all_on_postgres` puts in its place."""
_places: dict[Path, tuple[str, str]] = {}
"""Folder -> the database and the room that stand for it."""


@cache
def _shared() -> str:
    """The database that tests share: each has rooms of its own in it, between those of others."""
    return _with_tables(postgres(durable=False).database())


def _with_tables(url: str) -> str:
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.opening import bring_to_head, transaction

    with transaction(address_of(url)) as c:
        bring_to_head(c)
    return url


def address_for(folder: Path, room: str = "room") -> str:
    """Return the address of the database that stands for a folder: the shared one, or where another folder of
    this test has a room of that name there, one of its own."""
    folder = folder.absolute()
    if folder not in _places:
        taken = (_shared(), room) in _places.values()
        _places[folder] = (postgres(durable=False).database() if taken else _shared(), room)
    return _places[folder][0]


def open_in_database(folder: Path, *, create: bool = True, room_id: str | None = None, **more: Any) -> Store:
    """Do what `open_store` does, in the database that stands for the folder."""
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.opening import open_postgres

    if folder.absolute() not in _places and (folder / opening.DATABASE).exists():
        return _open_file(folder, create=create, room_id=room_id, **more)
    if not create and folder.absolute() not in _places:
        raise NoStore(f"no store in {folder}")
    url = address_for(folder, room_id or "room")
    room = room_id or _places[folder.absolute()][1]
    folder.mkdir(parents=True, exist_ok=True)
    return open_postgres(address_of(url), folder, create=create, room_id=room, **more)


_END_ALL: Final = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'"
"""Not every test closes what it reads by; a server's connections are few."""


def let_go() -> None:
    """After a test: nobody finds its rooms again."""
    if not _places:
        return
    server = postgres(durable=False)
    server.ask("postgres", _END_ALL)
    for url in {url for url, _ in _places.values()}:
        if url == _shared():
            server.ask(
                url, "UPDATE liveconsole.room SET name = 'gone ' || room_id WHERE name NOT LIKE 'gone %'"
            )
        else:
            server.drop(url)
    _places.clear()


def restore_to_database(file: Path, code: str, folder: Path, **more: Any) -> None:
    """Do what `restore` does, into the database that stands for the folder."""
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.moving import restore_room

    restore_room(file, code, address_of(address_for(folder)), folder, "room", **more)


class Kind(NamedTuple):
    """How a store of one kind is opened and made again from a backup."""

    name: str
    keys: str
    """Where its key lies, within its folder."""
    open: Opener
    restore: Callable[..., None]


def kind_of(name: str) -> Kind:
    """Return a kind by its name; the test is skipped where it cannot be had."""
    if name == "postgresql":
        postgres(durable=False)
        return Kind(name, "database/room", open_in_database, restore_to_database)
    return Kind(name, "", _open_file, restore)


def are_all_on_postgres() -> bool:
    return os.environ.get(ALL_ON) == "postgresql"


def leave_out_files(items: list[pytest.Item]) -> None:
    """Skip tests of what only a file has where every store is in a database: they would prove nothing."""
    if not are_all_on_postgres():
        return
    for item in items:
        how = getattr(item, "callspec", None)
        kind = how.params.get("kind") if how is not None else None
        if kind == "sqlcipher" or item.get_closest_marker("of_a_file"):
            item.add_marker(pytest.mark.skip(reason="of a store in a file; here all are in a database"))


def put_all_on_postgres() -> None:
    """Before test modules are imported: every `open_store` opens in a database."""
    if not are_all_on_postgres():
        return
    import liveconsole.store

    opening.open_store = open_in_database  # type: ignore[assignment]
    liveconsole.store.open_store = open_in_database  # type: ignore[assignment]
