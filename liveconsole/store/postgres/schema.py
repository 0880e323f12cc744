"""The tables of all rooms in one database, and the views in which one room sees its own.

Tables are made of `store.tables.METADATA`, each with ``room_id`` before its own columns and in front of every
key. An engine's connection says once which room it is of (``liveconsole.room``); views of the same names show
and take that room's rows alone, so that no question and no write can forget to say it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects import postgresql

from liveconsole.store.postgres.words import COUNTED, ROOM
from liveconsole.store.tables import HEAD, METADATA

TABLES: Final = "liveconsole"
"""The schema that holds the tables."""
VIEWS: Final = "liveconsole_room"
"""The schema that holds a room's views and the words that SQLite has and PostgreSQL lacks."""
SETTING: Final = "liveconsole.room"
_OWN_ROOM: Final = f"current_setting('{SETTING}')::int"
_NUMBERED: Final = frozenset({"denial"})
"""Tables whose ``id`` the database gives."""
_SEALED: Final = frozenset({"outside_id", "name"})
_MORE: Final = {"person": {"mark": "bytea NOT NULL"}}
"""Columns that only this store has. ``mark``: what an outside id is found by (`sealing.Seal.mark`)."""

_ROOMS: Final = (
    f"""CREATE TABLE {TABLES}.room (
    room_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    head bigint NOT NULL DEFAULT 0,
    epoch bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 20)""",
    f"""CREATE TABLE {TABLES}.lease (
    room_id int PRIMARY KEY REFERENCES {TABLES}.room ON DELETE CASCADE,
    holder text COLLATE "C" NOT NULL DEFAULT '',
    epoch bigint NOT NULL DEFAULT 1,
    until timestamptz NOT NULL DEFAULT '-infinity',
    backends int[] NOT NULL DEFAULT '{{}}'
) WITH (fillfactor = 20)""",
    f"CREATE TABLE {TABLES}.alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
)
"""``head`` and ``epoch`` fence the log; a lease is renewed in a row of its own, or a renewal would wait
behind a slow commit. This ``epoch`` counts who leads, that in ``meta`` counts restores."""

_PURE: Final = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"
FUNCTIONS: Final = (
    # JSON as parameters and as logged; U+0000 and the escape of `texts` read as `texts.kept` writes them.
    f"kept_json(t text) RETURNS text {_PURE} AS $$"
    r" SELECT CASE WHEN strpos(t, '\u0000') = 0 AND strpos(t, '\u001a') = 0 THEN t ELSE"
    r" regexp_replace(regexp_replace(t, '(?<!\\)((\\\\)*)\\u001a', '\1\\u001as', 'g'),"
    r" '(?<!\\)((\\\\)*)\\u0000', '\1\\u001a0', 'g') END $$",
    f"listed(j json) RETURNS json {_PURE} AS $$ SELECT CASE WHEN json_typeof(j) <> 'object' THEN j"
    " ELSE (SELECT coalesce(json_agg(e.value), '[]') FROM pg_catalog.json_each(j) e) END $$",
    f"json_each(t text) RETURNS TABLE (value text) {_PURE} ROWS 100 AS $$"
    f' SELECT v COLLATE "C" FROM json_array_elements_text({VIEWS}.listed({VIEWS}.kept_json(t)::json)) v $$',
    f"json_each(t text, path text) RETURNS TABLE (value text) {_PURE} ROWS 10 AS $$"
    f' SELECT v COLLATE "C" FROM json_array_elements_text({VIEWS}.kept_json(t)::json'
    " #> string_to_array(substr(path, 3), '.')) v $$",
    f"json_extract(t text, path text) RETURNS text {_PURE} AS $$"
    f" SELECT ({VIEWS}.kept_json(t)::json #>> string_to_array(substr(path, 3), '.')) COLLATE \"C\" $$",
    f"utf8(b bytea) RETURNS text {_PURE} AS $$ SELECT convert_from(b, 'UTF8') $$",
    f"instr(t text, part text) RETURNS int {_PURE} AS $$ SELECT strpos(t, part) $$",
    f"instr(b bytea, part bytea) RETURNS int {_PURE} AS $$ SELECT position(part IN b) $$",
    # As in SQLite, unlike greatest() and least(): nothing is known where one side is not.
    f"max(a bigint, b bigint) RETURNS bigint {_PURE}"
    " AS $$ SELECT CASE WHEN a >= b THEN a WHEN a < b THEN b END $$",
    f"min(a bigint, b bigint) RETURNS bigint {_PURE}"
    " AS $$ SELECT CASE WHEN a <= b THEN a WHEN a > b THEN b END $$",
    f"unixepoch(day text) RETURNS bigint {_PURE} AS $$ SELECT extract(epoch FROM day::date)::bigint $$",
    f"add_true(n bigint, b boolean) RETURNS bigint {_PURE} AS"
    " $$ SELECT CASE WHEN b IS NULL THEN n ELSE coalesce(n, 0) + b::int END $$",
)
_AGGREGATES: Final = (
    # A sum of whole numbers is a whole number; PostgreSQL's own is a decimal, whose division is another.
    "sum(bigint) (SFUNC = int8pl, STYPE = int8, COMBINEFUNC = int8pl, PARALLEL = SAFE)",
    f"sum(boolean) (SFUNC = {VIEWS}.add_true, STYPE = int8)",
)


def create_all(c: Connection) -> None:
    """Make everything at head in a database that has nothing of ours; the caller's transaction."""
    c.exec_driver_sql(f"CREATE SCHEMA {TABLES}")
    for statement in _ROOMS:
        c.exec_driver_sql(statement)
    for table in METADATA.tables.values():
        for statement in table_statements(table):
            c.exec_driver_sql(statement)
    c.exec_driver_sql(f"INSERT INTO {TABLES}.alembic_version VALUES ('{HEAD}')")
    create_views(c)


def drop_views(c: Connection) -> None:
    """Take a room's views and words away; the caller's transaction, which makes them again."""
    c.exec_driver_sql(f"DROP SCHEMA IF EXISTS {VIEWS} CASCADE")


def create_views(c: Connection) -> None:
    """Make a room's views and words anew, as this program has them; the caller's transaction."""
    drop_views(c)
    c.exec_driver_sql(f"CREATE SCHEMA {VIEWS}")
    for words in FUNCTIONS:
        c.exec_driver_sql(f"CREATE FUNCTION {VIEWS}.{words}")
    for words in _AGGREGATES:
        c.exec_driver_sql(f"CREATE AGGREGATE {VIEWS}.{words}")
    for table in METADATA.tables.values():
        own = [column.name for column in table.columns] + (["rowid"] if table.name in COUNTED else [])
        listed = ", ".join(f'"{name}"' for name in [*own, *_MORE.get(table.name, ()), ROOM])
        c.exec_driver_sql(
            f'CREATE VIEW {VIEWS}."{table.name}" AS SELECT {listed} FROM {TABLES}."{table.name}"'
            f" WHERE {ROOM} = {_OWN_ROOM} WITH CHECK OPTION"
        )


def table_statements(table: Table) -> list[str]:
    """Return what makes one of `METADATA`'s tables here, with its indexes."""
    parts = [f"{ROOM} int NOT NULL DEFAULT {_OWN_ROOM}"]  # no foreign key: every comment would pay for it
    parts += [_column(table, column) for column in table.columns]
    parts += [f"{name} {words}" for name, words in _MORE.get(table.name, {}).items()]
    if table.name in COUNTED:
        parts.append("rowid bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY")
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    parts.append(f"CONSTRAINT {table.name}_pkey PRIMARY KEY ({ROOM}, {keys})")
    for column in table.columns:
        if column.unique:
            parts.append(f'CONSTRAINT {table.name}_{column.name}_key UNIQUE ({ROOM}, "{column.name}")')
    statements = [f'CREATE TABLE {TABLES}."{table.name}" ({", ".join(parts)})']
    statements += [_index(table, index) for index in sorted(table.indexes, key=lambda one: str(one.name))]
    statements += [
        f"CREATE INDEX {table.name}_{name} ON {TABLES}.{table.name} ({ROOM}, {name})"
        for name in _MORE.get(table.name, ())
    ]
    return statements


def _column(table: Table, column: Column[Any]) -> str:
    kinds = {Integer: "bigint", Text: 'text COLLATE "C"', LargeBinary: "bytea"}
    kind = kinds[type(column.type)]
    if table.name == "person" and column.name in _SEALED:
        kind = "bytea"
    words = f'"{column.name}" {kind}'
    if table.name in _NUMBERED and column.name == "id":
        return f"{words} GENERATED BY DEFAULT AS IDENTITY"
    if column.server_default is not None:
        words += f" DEFAULT {column.server_default.arg}"  # type: ignore[attr-defined]
    return words if column.nullable else f"{words} NOT NULL"


def _index(table: Table, index: Index) -> str:
    unique = "UNIQUE " if index.unique else ""
    columns = ", ".join(f'"{one.name}"{" NULLS FIRST" if one.nullable else ""}' for one in index.columns)
    where, only = index.dialect_options["sqlite"]["where"], ""
    if where is not None:
        said = where.compile(
            dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
            compile_kwargs={"literal_binds": True},
        )
        only = f" WHERE {str(said).replace(f'{table.name}.', '')}"
    return f'CREATE {unique}INDEX {index.name} ON {TABLES}."{table.name}" ({ROOM}, {columns}){only}'
