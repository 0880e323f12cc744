"""The store of a data folder, wherever it is kept, for commands that read it beside its engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from liveconsole import credentials
from liveconsole.engine import refill
from liveconsole.paths import own_folder
from liveconsole.store.errors import OtherLeader, StoreError
from liveconsole.store.kept_at import InDatabase, address_in, in_database
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store


def password_in(folder: Path) -> str:
    """Return the password of the database, "" where none is kept. Raises StoreError."""
    try:
        return credentials.read(folder, "database").get("password", "")
    except credentials.SecretsUnreadable as error:
        raise StoreError(str(error)) from error


def open_kept(folder: Path) -> Store:
    """Open the store of a folder to read it beside its engine, in its file or its database; makes none.
    Raises as `open_store` does."""
    place = in_database(folder)
    if place is None:
        return open_store(folder, create=False)
    return open_at(folder, place, create=False, read_only=True)


def fill_books(store: Store) -> None:
    """Fill the read tables where another version left them. Raises StoreError: those of a room in a database
    are filled by the engine that leads it, and by nobody beside it."""
    if refill.is_done(store):
        return
    try:
        refill.refill(store)
    except OtherLeader as error:
        raise StoreError("the tables of this room are filled when its engine starts next") from error


def open_at(folder: Path, place: InDatabase, **more: Any) -> Store:
    """Open a room in a database; words and errors as `postgres.opening.open_postgres`."""
    address = address_in(place, password_in(folder))
    from liveconsole.store.postgres.opening import open_postgres

    own_folder(folder)
    return open_postgres(address, folder, room_id=place.room, **more)
