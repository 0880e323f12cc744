"""One transaction: all of a write or nothing; ids known for ever; the writer's seq is a fence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event as hooks

from liveconsole.store import (
    Denial,
    EventRow,
    InputTaken,
    KeptAnswer,
    OrderRow,
    SeqTaken,
    Store,
    Write,
    fact_digest,
)
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.rows import Forgetting
from tests.stores import Kind
from tests.unit.store.conftest import NOW, file_only

Comment = Callable[..., EventRow]
PID = "p" + "1" * 20


def lines(store: Store, **more: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in store.read(0, 100, **more)]  # type: ignore[arg-type]


def test_a_line_has_the_shape_of_the_door(store: Store, comment: Comment) -> None:
    rule = EventRow("cue.queued", NOW, "assistant", b'{"cue_id":"c1"}')
    store.commit(Write(0, [comment(7, pid=PID), rule], persons={PID: ("wx-1", "小明")}))
    assert lines(store) == [
        {
            "seq": 1,
            "type": "comment.posted",
            "at": "2026-11-22T09:00:00.123+00:00",
            "actor": "producer",
            "data": {"viewer": {"id": "wx-1", "name": "小明"}, "text": "多少钱"},
            "source": "/tape/a",
            "id": "7",
            "time": "2026-11-22T17:00:00+08:00",
        },
        {
            "seq": 2,
            "type": "cue.queued",
            "at": "2026-11-22T09:00:00.123+00:00",
            "actor": "assistant",
            "data": {"cue_id": "c1"},
        },
    ]
    assert lines(store, names=False)[0]["data"] == {"viewer": {"id": PID}, "text": "多少钱"}


def test_the_fold_reads_back_what_was_written_to_the_microsecond(store: Store, comment: Comment) -> None:
    store.commit(Write(0, [comment(1)]))
    (event,) = store.events_after(0)
    assert (event.seq, event.type, event.at, event.source, event.id) == (
        1,
        "comment.posted",
        NOW,
        "/tape/a",
        "1",
    )
    assert event.data == comment(1).data


def test_the_fold_reads_many_pages_without_gap(store: Store, comment: Comment) -> None:
    store.commit(Write(0, [comment(n) for n in range(12_000)]))
    assert [e.seq for e in store.events_after(500)] == list(range(501, 12_001))


def test_reading_some_types_only(store: Store, comment: Comment) -> None:
    order = EventRow("order.granted", NOW, "producer", b"{}")
    store.commit(Write(0, [comment(1), order, comment(2), order]))
    assert [x["seq"] for x in lines(store, types=["order.granted"])] == [2, 4]
    assert [x["seq"] for x in lines(store, types=["order.granted", "comment.posted"])] == [1, 2, 3, 4]
    assert lines(store, types=["never.seen"]) == []
    assert [json.loads(x)["seq"] for x in store.read(2, 1)] == [3]


def test_known_tells_a_duplicate_from_another_fact(store: Store, comment: Comment) -> None:
    odd = comment(3)._replace(id='1\0"二')
    store.commit(Write(0, [comment(1), odd]))
    asked = [("/tape/a", "1"), ("/tape/a", "2"), ("/tape/b", "1"), ("/tape/a", '1\0"二')]
    assert store.known(asked) == {("/tape/a", "1"): comment(1).digest, ("/tape/a", '1\0"二'): odd.digest}


def test_ids_are_known_after_a_restart(kind: Kind, tmp_path: Path, comment: Comment) -> None:
    first = kind.open(tmp_path)
    first.commit(Write(0, [comment(1)]))
    first.close()
    again = kind.open(tmp_path)
    assert again.known([("/tape/a", "1")]) == {("/tape/a", "1"): comment(1).digest}
    with pytest.raises(InputTaken):
        again.commit(Write(1, [comment(2), comment(1)]))
    assert again.last_seq() == 1
    again.close()


def test_the_same_id_from_another_source_is_another_fact(store: Store, comment: Comment) -> None:
    store.commit(Write(0, [comment(1), comment(1, source="/tape/b")]))
    assert store.last_seq() == 2


def test_a_write_with_another_seq_than_the_logs_is_refused_whole(store: Store, comment: Comment) -> None:
    store.commit(Write(0, [comment(1)]))
    for stale in (0, 2):
        with pytest.raises(SeqTaken) as caught:
            store.commit(
                Write(stale, [comment(9)], answers=[KeptAnswer("c", b"h", b"{}")], secrets={"s": b"1"})
            )
        assert caught.value.found == 1
    assert (store.last_seq(), store.answers(["c"]), store.secret("s")) == (1, {}, None)


def test_everything_of_a_write_or_nothing(store: Store, comment: Comment) -> None:
    """The last row breaks; what came before it in the same write must not stay, in the file or in memory."""
    new_type = EventRow("brand.new", NOW, "host", b"{}")
    bad = comment(1)._replace(source="/new")
    broken = Write(0, [new_type, bad, bad], persons={PID: ("wx-1", "小明")})
    with pytest.raises(InputTaken):
        store.commit(broken)
    assert (store.last_seq(), store.names([PID])) == (0, {})
    store.commit(Write(0, [new_type, bad], persons={PID: ("wx-1", "小明")}))
    assert [x["type"] for x in lines(store)] == ["brand.new", "comment.posted"]
    assert store.names([PID]) == {PID: ("wx-1", "小明")}


def test_answers_are_kept_for_ever_and_given_once(store: Store) -> None:
    store.commit(Write(0, answers=[KeptAnswer("c1", b"hash", b'{"ok":true}')]))
    assert store.answers(["c1", "c2"]) == {"c1": (b"hash", b'{"ok":true}')}
    with pytest.raises(InputTaken):
        store.commit(Write(0, answers=[KeptAnswer("c1", b"other", b"{}")]))
    assert store.answers(["c1"]) == {"c1": (b"hash", b'{"ok":true}')}


def test_denials_and_orders_stand_beside_the_log(store: Store) -> None:
    denial = Denial("viewer", "cue.fire", NOW, "forbidden")
    first = OrderRow("o1", "placed", PID, 9900, 0, 0, "c1", NOW, 1)
    later = OrderRow("o2", "paid", PID, 100, 100, 0, None, NOW + timedelta(seconds=1), 2)
    store.commit(Write(0, denials=[denial], orders=[first, later]))
    paid = first._replace(status="paid", paid_fen=9900, seq=3)
    store.commit(Write(0, orders=[paid]))
    assert store.denials() == [denial]
    assert store.orders() == [later, paid]
    assert store.orders(status="placed") == []
    assert store.orders(limit=1) == [later]
    odd = paid._replace(order_id="o\0'3")
    store.commit(Write(0, orders=[odd]))
    assert store.orders_of(["o1", "o\0'3", "none"]) == {"o1": paid, "o\0'3": odd}


@contextmanager
def person_writes(store: CipherStore) -> Iterator[list[object]]:
    seen: list[object] = []

    def saw(_c: object, _cursor: object, statement: str, rows: object, *_: object) -> None:
        if statement.startswith("INSERT INTO person"):
            seen.append(rows)

    engine = store._file._engine
    hooks.listen(engine, "before_cursor_execute", saw)
    yield seen
    hooks.remove(engine, "before_cursor_execute", saw)


@file_only
def test_a_person_is_written_when_new_or_changed_and_not_again(store: CipherStore) -> None:
    with person_writes(store) as written:
        for who in (("wx", "甲"), ("wx", "甲"), ("wx", ""), ("wx", "乙")):
            store.commit(Write(0, persons={PID: who}))
    assert written == [(PID, "wx", "甲", 0), (PID, "wx", "乙", 0)]
    assert store.names([PID]) == {PID: ("wx", "乙")}


def test_an_empty_name_takes_no_name_away(kind: Kind, tmp_path: Path) -> None:
    first = kind.open(tmp_path)
    first.commit(Write(0, persons={PID: ("wx", "甲")}))
    first.close()
    again = kind.open(tmp_path)
    again.commit(Write(0, persons={PID: ("wx", "")}))
    assert again.names([PID]) == {PID: ("wx", "甲")}
    again.close()


def test_forgetting_drops_the_name_and_leaves_the_log(store: Store, comment: Comment) -> None:
    store.commit(Write(0, [comment(1, pid=PID)], persons={PID: ("wx-77", "王小明")}))
    before = list(store.events_after(0))
    store.commit(Write(1, forgetting=Forgetting(PID)))
    assert list(store.events_after(0)) == before
    gone = {"id": "forgotten", "name": "forgotten"}
    assert lines(store)[0]["data"] == {"viewer": gone, "text": "多少钱"}
    store.commit(Write(1, persons={PID: ("wx-77", "王小明")}))
    assert store.names([PID]) == {PID: ("wx-77", "王小明")}, "who speaks again is known again"


def test_the_newest_two_snapshots_of_this_fold_that_the_log_reaches(store: Store, comment: Comment) -> None:
    assert store.load(1) == (None, 0)
    store.commit(Write(0, [comment(n) for n in range(9)]))
    for seq in (3, 5, 8):
        store.snapshot(seq, 1, b"room at %d" % seq)
    assert store.load(1) == (b"room at 8", 8)
    assert store.load(2) == (None, 0)
    store.snapshot(99, 1, b"of another log")
    assert store.load(1) == (b"room at 8", 8)


def test_secrets_are_kept_beside_the_log(kind: Kind, tmp_path: Path) -> None:
    first = kind.open(tmp_path)
    first.keep_secret("draw", b"\0" * 32)
    first.commit(Write(0, secrets={"other": b"x"}))
    first.close()
    again = kind.open(tmp_path)
    assert (again.secret("draw"), again.secret("other"), again.secret("none")) == (b"\0" * 32, b"x", None)
    again.close()


def test_a_reader_on_another_connection_sees_commits_and_cannot_write(store: Store, comment: Comment) -> None:
    reader = store.open_reader()
    store.commit(Write(0, [comment(1)]))
    assert reader.last_seq() == 1
    with pytest.raises(Exception, match=r"readonly|fenced"), reader._file.writing() as c:
        c.exec_driver_sql("DELETE FROM event")
    reader.close()
    assert store.last_seq() == 1


def test_the_digest_tells_type_and_data_apart_and_needs_the_rooms_key() -> None:
    key = b"k" * 32
    digests = {fact_digest(key, "a", b"bc"), fact_digest(key, "ab", b"c"), fact_digest(b"l" * 32, "a", b"bc")}
    assert len(digests) == 3
    assert fact_digest(key, "a", b"bc") in digests
