"""A comment that two sources tell of is one for counts, feed and report, and two facts for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.decode import read_events
from liveconsole.domain.same_comment import MOST, SameComments
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.outcome import Unwritten
from liveconsole.messages.inputs import CommandInput, FactsAnswer
from liveconsole.store import Store, open_store
from liveconsole.store.errors import CannotWrite
from liveconsole.views.feed.fold import Feed
from liveconsole.views.report.fold import ReportFold
from liveconsole.views.summary import Summary

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OBA, SPY, GRAB = "/oba/127.0.0.1:12354", "/wxlivespy/2042602950", "/douyin_grab/8888"
MESSAGE = "finderlive_usermsg_comment_9V1pD-9rrIJr1GFSXo"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


def core_on(store: Store, at: datetime = NOW) -> RoomCore:
    core = RoomCore(store, now=at, chance=SystemChance())
    core.process([CommandInput(f"open{at}", "broadcast.open", {}, "host", b"o")], at)
    return core


def said(
    source: str,
    id_: str,
    name: str = "小红",
    text: str = "这款多少钱",
    *,
    person: str = "",
    message: str = "",
) -> dict[str, Any]:
    data: dict[str, Any] = {"viewer": {"id": person or f"{source}#{name}", "name": name}, "text": text}
    if message:
        data["message_id"] = message
    return {"specversion": "1.0", "id": id_, "source": source, "type": "comment.posted", "data": data}


def post(core: RoomCore, *events: dict[str, Any], seconds: float = 0) -> FactsAnswer:
    body = json.dumps(events).encode()
    facts = read_events("application/cloudevents-batch+json", body, simulated=False)
    (answer,) = core.process([facts], NOW + timedelta(seconds=seconds)).answers
    assert isinstance(answer, FactsAnswer)
    return answer


def lines(store: Store) -> list[dict[str, Any]]:
    return [json.loads(line) for line in store.read(0, 10_000)]


def counted(core: RoomCore, store: Store) -> set[int]:
    """Comments as everybody counts them."""
    log = lines(store)
    feed = Feed()
    feed.fold(log)
    feed.counts.settle()
    report = ReportFold(simulated=False).add(log).report()
    return {
        core.room.audience.comments,
        core_on_same(store).room.audience.comments,
        Summary().add(log).comments,
        feed.counts.comments,
        sum(minute.comments or 0 for minute in report.minutes),
    }


def core_on_same(store: Store) -> RoomCore:
    return RoomCore(store, now=NOW, chance=SystemChance())


def test_by_the_platforms_own_id_two_words_are_one_comment(store: Store) -> None:
    core = core_on(store)
    post(core, said(OBA, MESSAGE, person="v2_a@finder"))
    answer = post(core, said(SPY, "2042602950/11", person="o9h", message=MESSAGE), seconds=40)
    assert (answer.accepted, answer.duplicates) == (1, 0), "both are accepted"
    assert post(core, said(SPY, "2042602950/11", person="o9h", message=MESSAGE)).duplicates == 1
    assert counted(core, store) == {1}
    told = [line for line in lines(store) if line["type"] == "comment.posted"]
    assert [(line["source"], line["id"], line["actor"]) for line in told] == [
        (OBA, MESSAGE, "producer"),
        (SPY, "2042602950/11", "producer="),
    ]
    assert core.room.heard, "each source is still heard for itself"
    assert {source: n for span in core.room.heard.values() for source, n in span.items()} == {OBA: 1, SPY: 1}


def test_without_ids_by_name_words_and_moment_one_for_one(store: Store) -> None:
    core = core_on(store)
    post(core, said(OBA, "a1", text="1"), said(OBA, "a2", text="1"), said(OBA, "a3", text="2"))
    post(core, said(SPY, "2042602950/1", text="1"), said(SPY, "2042602950/2", text="1"), seconds=2)
    assert counted(core, store) == {3}
    post(core, said(SPY, "2042602950/3", text="1"), seconds=2.5)
    assert core.room.audience.comments == 4, "the third 1 has no other to be the same as"


@pytest.mark.parametrize(
    ("other", "seconds"),
    [
        (said(SPY, "l/1"), 3.5),
        (said(SPY, "l/1", name="小明"), 0),
        (said(SPY, "l/1", text="这款多少钱？"), 0),
        (said(OBA, "2"), 0),
        (said(GRAB, "8888/1/2"), 0),
        (said("/my-tool/1", "2"), 0),
        (said(SPY, "l/1", message="finderlive_usermsg_comment_another"), 0),
    ],
    ids=[
        "later",
        "another name",
        "other words",
        "one source",
        "another platform",
        "unknown tool",
        "another id",
    ],
)
def test_what_is_not_the_same_stays_two(store: Store, other: dict[str, Any], seconds: float) -> None:
    core = core_on(store)
    spied = SPY if other["source"] == GRAB else OBA
    first = said(spied, "x1", message=MESSAGE if other["data"].get("message_id") else "")
    post(core, first)
    post(core, other, seconds=seconds)
    assert counted(core, store) == {2}


def test_an_id_that_two_producers_make_up_alike_is_not_the_platforms(store: Store) -> None:
    core = core_on(store)
    post(core, said("/a", "2026-11-11T20:00:00Z", text="有黑色吗"))
    post(core, said("/b", "2026-11-11T20:00:00Z", name="小明", text="包邮吗"))
    assert counted(core, store) == {2}
    again = core_on_same(store)
    post(again, said("/c", "2026-11-11T20:00:00Z", name="小李", text="还有吗"))
    assert again.room.audience.comments == 3


def test_masked_people_are_never_made_one(store: Store) -> None:
    core = core_on(store)
    post(core, said(OBA, "1", name="张***", person="masked:a", text="1"))
    post(core, said(SPY, "l/1", name="张***", person="masked:b", text="1"))
    assert core.room.audience.comments == 2


def test_after_a_restart_the_platforms_id_is_still_known(store: Store) -> None:
    post(core_on(store), said(OBA, MESSAGE))
    again = core_on_same(store)
    post(again, said(SPY, "2042602950/11", message=MESSAGE), seconds=9)
    assert again.room.audience.comments == 1


def test_a_commit_that_failed_makes_no_double_of_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = core_on(store)
    kept = store.commit
    failed: list[int] = []

    def commit(write: Any) -> None:
        if not failed:
            failed.append(1)
            raise CannotWrite("disk_full")
        kept(write)

    monkeypatch.setattr(store, "commit", commit)
    with pytest.raises(Unwritten, match="disk_full"):
        post(core, said(OBA, MESSAGE))
    post(core, said(OBA, MESSAGE))
    assert counted(core, store) == {1}


def test_without_the_rule_the_room_counts_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SameComments, "is_double", lambda self, sent, now: False)
    core = core_on(store)
    post(core, said(OBA, MESSAGE), said(SPY, "2042602950/11", message=MESSAGE))
    assert counted(core, store) == {2}


def test_who_is_forgotten_is_in_no_memory_of_doubles(store: Store) -> None:
    core = core_on(store)
    post(core, said(OBA, MESSAGE, person="v2_a@finder", name="小红"))
    assert "小红" in str(core._same._by_words)
    forget = CommandInput("f", "viewer.forget", {"viewer_id": "v2_a@finder"}, "host", b"f")
    (answer,) = core.process([forget], NOW).answers
    assert getattr(answer, "ok", False)
    assert not core._same._by_words


def test_its_memory_is_bounded() -> None:
    same = SameComments(most=50)
    for n, source in product(range(500), (OBA, SPY)):
        (fact,) = read_events(
            "application/cloudevents-batch+json",
            json.dumps([said(source, f"{source[1]}{n:020}", text=str(n))]).encode(),
            simulated=False,
        ).facts
        same.is_double(fact, NOW)
    assert len(same) <= 51
    assert MOST <= 20_000


def seen(source: str, id_: int, type_: str, **more: Any) -> dict[str, Any]:
    data = {"viewer": {"id": f"v{id_}", "name": f"v{id_}"}, **more}
    return {"specversion": "1.0", "id": f"{type_}{id_}", "source": source, "type": type_, "data": data}


def test_entries_and_likes_of_the_source_that_told_most_count(store: Store) -> None:
    core = core_on(store)
    both = [seen(OBA, n, "viewer.entered") for n in range(5)] + [
        seen(SPY, n, "viewer.entered") for n in range(7)
    ]
    post(core, *both)
    post(core, *[seen(source, n, "viewer.liked", count=10) for source in (OBA, SPY) for n in range(3)])
    gift = {"gift": "花", "count": 2, "value_fen": 100}
    post(core, *[seen(source, 1, "gift.sent", **gift) for source in (OBA, SPY)])
    audience = core.room.audience
    assert (audience.entered, audience.likes, audience.gifts, audience.gift_value_fen) == (7, 30, 2, 100)
    assert core_on_same(store).room.audience == audience
    counts = ReportFold(simulated=False).add(lines(store)).report().totals
    assert (counts.entered, counts.gifts, counts.gift_value_fen) == (7, 2, 100)


def test_rooms_of_two_platforms_and_a_producer_of_its_own_add_up(store: Store) -> None:
    core = core_on(store)
    told = ((SPY, 5), (GRAB, 4), ("/dycast/room", 3), ("/my-tool/1", 2), ("/my-tool/2", 1))
    post(core, *[seen(source, n, "viewer.entered") for source, many in told for n in range(many)])
    assert core.room.audience.entered == 5 + 4 + 2 + 1


def test_added_up_they_would_be_twice_as_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.domain.audience.more", lambda told, source, count: count)
    core = core_on(store)
    post(core, *[seen(source, n, "viewer.entered") for source in (OBA, SPY) for n in range(5)])
    assert core.room.audience.entered == 10
