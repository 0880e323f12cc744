"""From the schema a store has to the one this program knows. alembic (362 ms of import) only when there is
a step to take; a store at head is recognised by reading its version table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from liveconsole import versions
from liveconsole.store.cipher import CipherFile
from liveconsole.store.errors import StoreBroken, StoreNewer
from liveconsole.store.tables import HEAD, METADATA

SCRIPTS: Final = Path(__file__).resolve().parent / "migrations"


def revision_of(file: CipherFile) -> str | None:
    """Return the schema's revision, or None for a file with no schema at all."""
    with file.reading() as c:
        there = c.exec_driver_sql(
            "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        ).scalar()
        if not there:
            return None
        row = c.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def refuse_newer_store(file: CipherFile, what: str) -> None:
    """Look into a store, before anything is written to it. Raises StoreNewer."""
    found = revision_of(file)
    if found is None:
        return
    told = {"schema": number_of(found)}
    with file.reading() as c:
        books = c.exec_driver_sql("SELECT value FROM meta WHERE name = 'books'").scalar()
        told["fold"] = c.exec_driver_sql("SELECT max(fold_version) FROM snapshot").scalar() or 0
    told["books"] = int(books or 0)
    if beyond := versions.newer_than_ours(told):
        raise StoreNewer(f"{what} ({', '.join(f'{name} {told[name]}' for name in beyond)})")


def number_of(revision: str) -> int:
    """Return the number of a revision ``rNNNN``; of a name that is none of ours one beyond all."""
    digits = revision.removeprefix("r")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else sys.maxsize


def create_schema(connection: Connection) -> None:
    """The schema at head in an empty file, stamped; the caller's transaction."""
    METADATA.create_all(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))


def upgrade(file: CipherFile, *, scripts: Path = SCRIPTS, head: str = HEAD) -> Path | None:
    """Bring the store to `head`; all revisions in one transaction, so a failing one leaves the store as it
    was.

    An older store is copied first (same key) to ``room.before-REVISION.db``, whose path is returned; a
    store at head is left alone. Raises StoreNewer for a revision that this program does not know.
    """
    found = revision_of(file)
    if found == head:
        return None
    known_revisions(found, scripts=scripts, head=head)  # before anything is copied
    kept = _copy_of(file, found) if found is not None else None
    with file.writing() as c:  # foreign_keys is OFF on every connection, so batch steps may rebuild tables
        run_revisions(c, found, scripts=scripts, head=head)
        if c.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreBroken("the upgraded store points at rows that are not there")
    return kept


def known_revisions(found: str | None, *, scripts: Path, head: str) -> Any:
    """Return alembic's configuration, having looked whether it knows a revision. Raises StoreNewer."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreNewer(f"schema {found}")
    return config


def run_revisions(c: Connection, found: str | None, *, scripts: Path = SCRIPTS, head: str = HEAD) -> None:
    """Take every step from a revision to `head`, in the caller's transaction. Raises StoreNewer."""
    from alembic import command

    config = known_revisions(found, scripts=scripts, head=head)
    config.attributes["connection"] = c
    command.upgrade(config, head)


def _copy_of(file: CipherFile, revision: str) -> Path:
    target = file.path.with_name(f"{file.path.stem}.before-{revision}.db")
    target.unlink(missing_ok=True)
    file.copy_to(target)
    return target
