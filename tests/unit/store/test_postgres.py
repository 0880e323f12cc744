"""What is PostgreSQL's own: rooms beside each other, what is sealed, texts it cannot hold, a cut connection,
and a whole evening that comes to the same log there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.connectors.rehearsal import headless
from liveconsole.store import (
    CannotWrite,
    EventRow,
    KeyUnavailable,
    NoStore,
    OrderRow,
    OtherRoom,
    SeqTaken,
    Store,
    StoreNewer,
    Write,
    backup,
    open_store,
    opening,
    restore,
)
from liveconsole.store.errors import StoreLost
from liveconsole.store.kept_at import FILE, InDatabase, chosen, remember
from liveconsole.store.linking import check_log
from liveconsole.store.port import straight
from liveconsole.store.tables import HEAD, METADATA
from tests import services, stores
from tests.goals import within
from tests.unit.store.conftest import NOW

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres import opening as rooms  # noqa: E402
from liveconsole.store.postgres import schema, words  # noqa: E402
from liveconsole.store.postgres.address import BadAddress, address_of  # noqa: E402
from liveconsole.store.postgres.leading import Leadership  # noqa: E402

Comment = Callable[..., EventRow]
PID = "p" + "1" * 20
ODD = 'a\0b\x1a\x1a0s\\u0000"二'
"""What a text may be made of: NUL, our escape, what looks like either in JSON."""


@pytest.fixture
def kind() -> stores.Kind:
    return stores.kind_of("postgresql")


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'liveconsole' AND tablename <> 'lease'"


def asked(folder: Path, *statements: str) -> Any:
    return services.postgres(durable=False).ask(stores.address_for(folder), *statements)


def test_rooms_of_one_database_see_nothing_of_each_other(
    kind: stores.Kind, tmp_path: Path, comment: Comment
) -> None:
    one, two = kind.open(tmp_path / "1", room_id="one"), kind.open(tmp_path / "2", room_id="two")
    assert stores.address_for(tmp_path / "1") == stores.address_for(tmp_path / "2")
    order = OrderRow("o1", "paid", PID, 1, 1, 0, None, NOW, 1)
    for room in (one, two):
        room.commit(Write(0, [comment(1)], persons={PID: ("wx", room.meta.room_id)}, orders=[order]))
        room.keep_secret("draw", room.meta.room_id.encode())
    two.commit(Write(1, [comment(2)]))
    assert (one.last_seq(), two.last_seq()) == (1, 2)
    assert (one.names([PID]), one.secret("draw")) == ({PID: ("wx", "one")}, b"one")
    with one._file.writing() as c:
        for table in METADATA.tables:
            c.exec_driver_sql(f"DELETE FROM {table}")
    assert (two.last_seq(), two.names([PID]), len(two.orders())) == (2, {PID: ("wx", "two")}, 1)
    with pytest.raises(Exception, match="check option"), two._file.writing() as c:
        c.exec_driver_sql("INSERT INTO secret (room_id, name, value) VALUES (1, 'x', ?)", (b"x",))
    two.close()
    one.close()


def test_what_names_somebody_and_what_must_stay_secret_are_nowhere_in_the_database(
    kind: stores.Kind, tmp_path: Path, comment: Comment
) -> None:
    store = kind.open(tmp_path)
    store.commit(
        Write(0, [comment(1, pid=PID)], persons={PID: ("wxid_outside", "王小明")}, secrets={"a": b"seed-a"})
    )
    store.keep_secret("draw:1", b"seed-b")
    store.snapshot(1, 1, b"a room")
    everything = b""
    for (table,) in asked(tmp_path, _TABLES):
        for row in asked(tmp_path, f"SELECT * FROM liveconsole.{table}"):
            everything += b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert "多少钱".encode() in everything, "what may be read is"
    for word in (b"wxid_outside", "王小明".encode(), b"seed-a", b"seed-b", store.meta.person_key):
        assert word not in everything
    assert (store.people_with("小明", 9), store.people_with("OUTSIDE", 9)) == (
        [("wxid_outside", "王小明")],
    ) * 2
    store.close()


def test_another_rooms_key_opens_nothing(kind: stores.Kind, tmp_path: Path) -> None:
    kind.open(tmp_path, room_id="r").close()
    (tmp_path / "database" / "r" / "room.key").write_text("00" * 32)
    with pytest.raises(KeyUnavailable):
        kind.open(tmp_path, room_id="r")
    asked(tmp_path, "UPDATE liveconsole.room SET name = 'elsewhere' WHERE name = 'r'")
    with pytest.raises(StoreLost):
        kind.open(tmp_path, room_id="r")
    with pytest.raises(NoStore):
        kind.open(tmp_path, room_id="r", create=False)


def test_texts_that_postgresql_cannot_hold_come_back_as_they_were(
    kind: stores.Kind, tmp_path: Path, comment: Comment
) -> None:
    store = kind.open(tmp_path)
    data = msgspec.json.encode({"viewer": {"id": PID}, "text": ODD})
    row = comment(1)._replace(id=ODD, source=f"/{ODD}", time=ODD, data=data, actor=ODD)
    order = OrderRow(ODD, "paid", PID, 1, 1, 0, ODD, NOW, 1)
    store.commit(Write(0, [row], persons={PID: (ODD, ODD)}, orders=[order]))
    (event,) = store.events_after(0)
    assert (event.id, event.source, event.time, event.data, event.actor) == (ODD, f"/{ODD}", ODD, data, ODD)
    assert store.known([(f"/{ODD}", ODD)]) == {(f"/{ODD}", ODD): row.digest}
    assert store.names([PID]) == {PID: (ODD, ODD)}
    assert (store.orders_of([ODD])[ODD].order_id, store.orders()[0].cue_id) == (ODD, ODD)
    assert store.search("二", 0, 9).lines, "and what was said is found"
    assert check_log(store).differs is None
    store.close()


def test_a_cut_connection_is_cannot_write_and_the_next_commit_goes_on(
    kind: stores.Kind, tmp_path: Path, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = kind.open(tmp_path)
    store.commit(Write(0, [comment(1)]))
    reader = store.open_reader()
    cut = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '{services.USER}'"
    services.postgres(durable=False).ask("postgres", cut)
    assert (store.last_seq(), reader.last_seq()) == (1, 1), "between two questions nobody feels it"

    def cut_while_it_reads() -> None:
        with reader._file.reading() as c:
            services.postgres(durable=False).ask("postgres", cut)
            c.exec_driver_sql("SELECT 1").scalar()

    with pytest.raises(CannotWrite):
        cut_while_it_reads()
    assert reader.last_seq() == 1
    put = type(store)._put_persons

    def cut_inside(self: Any, *words: Any) -> None:
        put(self, *words)
        services.postgres(durable=False).ask("postgres", cut)

    monkeypatch.setattr(type(store), "_put_persons", cut_inside)
    with pytest.raises(CannotWrite):
        store.commit(Write(1, [comment(2)], persons={PID: ("a", "b")}))
    monkeypatch.undo()

    def cut_in_a_statement(self: Any, c: Any, write: Any) -> None:
        services.postgres(durable=False).ask("postgres", cut)
        c.exec_driver_sql("SELECT 1")

    monkeypatch.setattr(type(store), "_keep_beside", cut_in_a_statement)
    with pytest.raises(CannotWrite):
        store.commit(Write(1, [comment(2)]))
    monkeypatch.undo()
    with store._file.reading() as c:
        assert straight(c).execute("SELECT ?", ("a",)).fetchone() == ("a",), (
            "the new one speaks our words too"
        )
    store.commit(Write(1, [comment(2)], persons={PID: ("a", "b")}))
    assert (store.last_seq(), store.names([PID])) == (2, {PID: ("a", "b")})
    with pytest.raises(SeqTaken):
        store.commit(Write(1, [comment(3)]))
    reader.close()
    store.close()


def test_many_come_to_a_new_database_at_once_and_make_one_room(tmp_path: Path) -> None:
    url = services.postgres(durable=False).database()
    found: list[object] = []

    def come() -> None:
        try:
            with rooms.open_postgres(address_of(url), tmp_path) as store:
                found.append((store.number, store.meta.store_id))
        except Exception as error:  # noqa: BLE001  told by the assertion
            found.append(error)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    services.postgres(durable=False).drop(url)
    assert (len(found), len(set(found))) == (4, 1), found


@pytest.mark.parametrize("relieved", [True, False])
def test_who_gives_up_knows_whether_it_led_to_the_end(
    kind: stores.Kind, tmp_path: Path, relieved: bool
) -> None:
    """Also where its connection is gone, and a commit heard of the next leader before a renewal could."""
    with kind.open(tmp_path) as store:
        leader = Leadership(address_of(stores.address_for(tmp_path)), store.number, "one")  # type: ignore[attr-defined]
    assert leader.try_to_lead() is not None
    assert abs(leader.wall() / 1e9 - time.time()) < 5, "and the database's clock is known"
    leader._drop()
    if relieved:
        asked(tmp_path, f"UPDATE liveconsole.lease SET epoch = epoch + 1 WHERE room_id = {leader._room}")
    leader.give_up()
    assert leader.is_lost is relieved


def test_who_hands_over_does_not_wait_for_a_renewal_that_has_just_connected_anew() -> None:
    """What was cut is of no use where the thread waits on another connection a moment later."""
    leader = Leadership(address_of("postgresql://nobody@127.0.0.1/none"), 1, "one", ttl=0.05)
    ended, cuts = threading.Event(), list[str]()

    class Raw:
        def __init__(self, name: str) -> None:
            self.name = name

        def cut(self) -> None:
            cuts.append(self.name)
            if self.name == "new":
                ended.set()
            else:
                leader._raw = Raw("new")  # type: ignore[assignment]

        def close(self) -> None: ...

    leader._raw = Raw("old")  # type: ignore[assignment]
    renewing = threading.Thread(target=ended.wait, args=(5,), daemon=True)
    renewing.start()
    leader._threads = [renewing]
    began = time.monotonic()
    leader.give_up()
    assert cuts == ["old", "new"]
    within(time.monotonic() - began, 2)


STEP = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "r9002", {HEAD!r}, None, None
def upgrade():
    with op.batch_alter_table("order_row") as t:
        t.add_column(sa.Column("pieces", sa.BigInteger))
    op.execute("UPDATE order_row SET pieces = units + 1")
"""


def test_revisions_run_in_a_database_too_and_a_newer_one_is_refused(tmp_path: Path) -> None:
    import shutil

    from liveconsole.store.migrate import SCRIPTS

    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "r9002.py").write_text(STEP)
    server = services.postgres(durable=False)
    url = server.database()
    with rooms.open_postgres(address_of(url), tmp_path / "d") as store:
        store.commit(Write(0, orders=[OrderRow("o", "paid", "", 1, 1, 0, None, NOW, 1, units=2)]))

    def broken_off() -> None:
        with rooms.transaction(address_of(url)) as c:
            rooms.bring_to_head(c, head="r9002", scripts=scripts)
            raise KeyError("what comes later fails")

    with pytest.raises(KeyError):
        broken_off()
    rooms.open_postgres(address_of(url), tmp_path / "d").close()  # whole, or not at all
    with rooms.transaction(address_of(url)) as c:
        rooms.bring_to_head(c, head="r9002", scripts=scripts)
    assert server.ask(url, "SELECT pieces FROM liveconsole.order_row") == [(3,)]
    with pytest.raises(StoreNewer):
        rooms.open_postgres(address_of(url), tmp_path / "d")
    server.drop(url)


def test_an_evening_comes_to_the_same_log_and_the_same_books(
    kind: stores.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsal of one seed in a file and in a database: the chain ends in the same link, every read table
    has the same rows, and every book answers the same. Moved over by a backup it is the same once more."""
    stands: list[tuple[Any, ...]] = []
    made = {"file": stores.kind_of("sqlcipher").open, "database": kind.open}
    for name, how in made.items():
        monkeypatch.setattr(headless, "open_store", how)
        headless.run_headless(7, "default", 90.0, tmp_path / name)
        with how(tmp_path / name, create=False, room_id="rehearsal") as store:
            stands.append(stand_of(store))
            if name == "database":
                code = backup(store, tmp_path / "b.lcbackup")
    assert stands[0][0].seq > 100
    assert sum(map(len, stands[0][1].values())) > 100
    for mine, theirs in zip(stands[0], stands[1], strict=True):
        assert mine == theirs
    monkeypatch.setattr(headless, "open_store", opening.open_store)
    restore(tmp_path / "b.lcbackup", code, tmp_path / "moved")
    with open_store(tmp_path / "moved") as store:
        assert stand_of(store) == stands[0]
    kind.restore(tmp_path / "b.lcbackup", code, tmp_path / "again")
    with kind.open(tmp_path / "again") as store:
        assert stand_of(store) == stands[0]
        store.commit(Write(store.last_seq(), [EventRow("cue.queued", NOW, "assistant", b"{}")]))
        assert check_log(store).differs is None


BOOKS = ("orders", "customers", "boards", "cases", "reviews", "settlement", "sharers", "prepare")


def stand_of(store: Store) -> tuple[Any, ...]:
    """Where the log ends, all rows of the read tables, and what the books say."""
    tables = {}
    with store._file.reading() as c:
        for name, table in METADATA.tables.items():
            if name in ("meta", "snapshot", "person", "secret", "answer"):
                continue
            columns = ", ".join(f'"{one.name}"' for one in table.columns)
            keys = ", ".join(f'"{one.name}"' for one in table.primary_key)
            found = c.exec_driver_sql(f'SELECT {columns} FROM "{name}" ORDER BY {keys}')
            tables[name] = [tuple(row) for row in found]
        people = store._file.people.names(c, [row[0] for row in c.exec_driver_sql("SELECT pid FROM person")])
    reader = BookReader(store.beside(), simulated=True, now=lambda: headless.EPOCH, seconds=30)
    said = {book: json.loads(answer(reader, book, {})) for book in BOOKS}
    reader.close()
    return store.log_head(), tables, people, said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret@h/db",
        "postgresql://u@h/",
        "mysql://u@h/db",
        "postgresql://h/db?password=secret",
    ],
)
def test_an_address_with_a_password_or_of_nothing_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        address_of(url)
    assert "secret" not in str(refused.value)
    assert "hush" not in repr(address_of("postgresql://u@h/db", "hush"))


def test_a_folder_remembers_where_its_room_is(tmp_path: Path) -> None:
    place = InDatabase("postgresql://u@h/db", "r")
    assert chosen(tmp_path, None, None) is None
    remember(tmp_path, place)
    assert (chosen(tmp_path, None, None), chosen(tmp_path, place.url, None)) == (place, place)
    with pytest.raises(OtherRoom):
        chosen(tmp_path, None, "another")
    (tmp_path / FILE).unlink()
    stores.kind_of("sqlcipher").open(tmp_path).close()
    with pytest.raises(OtherRoom):
        chosen(tmp_path, place.url, None)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT '?' || ? WHERE a LIKE '%' AND b = :b", "SELECT '?' || %s WHERE a LIKE '%%' AND b = %(b)s"),
        (
            "SELECT 1 FROM a x CROSS JOIN b y INDEXED BY b_c ON x.i = y.i",
            "SELECT 1 FROM a x JOIN b y ON x.i = y.i",
        ),
        (
            "INSERT OR IGNORE INTO brought VALUES (?)",
            "INSERT INTO brought VALUES (%s) ON CONFLICT DO NOTHING",
        ),
        (
            "INSERT OR REPLACE INTO secret (name, value) VALUES (?, x'01')",
            "INSERT INTO secret (name, value) VALUES (%s, '\\x01'::bytea)"
            ' ON CONFLICT (room_id, "name") DO UPDATE SET "value" = excluded."value"',
        ),
    ],
)
def test_our_words_in_the_other_grammar(ours: str, theirs: str) -> None:
    assert words.spoken(ours) == theirs


def test_every_key_begins_with_the_room() -> None:
    for table in METADATA.tables.values():
        made, *indexes = schema.table_statements(table)
        assert "PRIMARY KEY (room_id, " in made
        assert all("(room_id, " in index for index in indexes)
