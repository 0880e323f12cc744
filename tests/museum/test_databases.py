"""A database of an older version is brought to today's tables: the same that a new one gets."""

from __future__ import annotations

import gzip

import pytest

from liveconsole.store.errors import StoreError
from tests import services
from tests.museum.exhibits import HERE

SCHEMAS = sorted(path.name.removesuffix(".sql.gz") for path in HERE.glob("*-postgresql.sql.gz"))
COLUMNS = (
    "SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default, collation_name"
    " FROM information_schema.columns WHERE table_schema LIKE 'liveconsole%' ORDER BY 1, 2, 3"
)
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'liveconsole' ORDER BY 1"


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_older_database_gets_the_tables_of_a_new_one(name: str) -> None:
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.opening import bring_to_head, revision_in, transaction
    from liveconsole.store.tables import HEAD

    server = services.postgres(durable=False)
    old, new = server.database(), server.database()
    with transaction(address_of(old)) as c:
        c.exec_driver_sql("SET LOCAL check_function_bodies = off")  # they name each other in any order
        for statement in gzip.decompress((HERE / f"{name}.sql.gz").read_bytes()).decode().split(";\n\n"):
            if statement.strip():
                c.exec_driver_sql(statement.replace("%", "%%"))
        assert revision_in(c) == name.partition("-")[0]
    found = []
    for url in (old, new):
        with transaction(address_of(url)) as c:
            bring_to_head(c)
            assert revision_in(c) == HEAD
        found.append((server.ask(url, COLUMNS), server.ask(url, INDEXES)))
        server.drop(url)
    assert found[0] == found[1]


def test_the_twin_that_leaves_the_views_cannot_move_their_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    from liveconsole.store.postgres import schema

    monkeypatch.setattr(schema, "drop_views", lambda c: None)
    with pytest.raises(StoreError, match="depend"):
        test_an_older_database_gets_the_tables_of_a_new_one("r0018-postgresql")
