"""K9.7: a combo never adds: the feed, the figures and the report count the same gifts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.connectors.tape.lines import TapeFact
from liveconsole.connectors.tape.reader import name_of, read
from liveconsole.domain import audience
from liveconsole.messages.inputs import FactsInput
from liveconsole.store import Store, open_store
from liveconsole.views.feed import GIFT, Feed
from liveconsole.views.feed import fold as feed_fold
from liveconsole.views.report import ReportFold
from liveconsole.views.report import broadcast as report_fold
from tests.unit.engine.evenings import Evenings

WHO = {"id": "u1", "name": "小明"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


def log_of(store: Store) -> Iterator[dict[str, Any]]:
    after = 0
    while page := store.read(after, 5_000):
        yield from map(msgspec.json.decode, page)
        after = msgspec.json.decode(page[-1])["seq"]


def counted(room: Evenings) -> tuple[int, int, int]:
    """Gifts in the feed, in the figures and in the report."""
    feed, report = Feed(), ReportFold(1, simulated=False)
    lines = list(log_of(room.store))
    feed.fold(lines)
    report.add(lines)
    rows = [row for row in feed.rows() if row.kind == GIFT]
    return sum(row.count for row in rows), room.room.audience.gifts or 0, report.report().totals.gifts or 0


def given(room: Evenings, combo_count: int = 3, *, singles: int = 3) -> None:
    gift = {"viewer": WHO, "gift": "花", "value_fen": 10}
    for _ in range(singles):
        room.fact("gift.sent", **gift, count=1)
    room.fact("gift.sent", **{**gift, "value_fen": 0}, count=combo_count, combo=True)


def test_three_gifts_and_their_combo_are_three(store: Store) -> None:
    room = Evenings(store)
    room.open()
    given(room)
    assert counted(room) == (3, 3, 3)
    room.wait(30)
    room.fact("gift.sent", viewer=WHO, gift="花", value_fen=0, count=3, combo=True)
    assert counted(room) == (3, 3, 3), "nor does one that comes when the row is closed"


def test_a_streak_that_is_told_by_its_combos_alone_is_seen_and_counts_nothing(store: Store) -> None:
    room = Evenings(store)
    room.open()
    for count in (1, 2, 7):
        given(room, count, singles=0)
    assert counted(room) == (0, 0, 0)
    feed = Feed()
    feed.fold(log_of(store))
    (row,) = [row for row in feed.rows() if row.kind == GIFT]
    assert row.text == "花 ×7"


@pytest.mark.parametrize("place", [audience, report_fold, feed_fold])
def test_the_twin_a_place_that_adds_them_is_found(
    store: Store, monkeypatch: pytest.MonkeyPatch, place: Any
) -> None:
    monkeypatch.setattr(place, "adds", lambda _gift: True)
    room = Evenings(store)
    room.open()
    given(room)
    assert len(set(counted(room))) == 2


def test_a_recorded_room_has_its_gifts_once(store: Store, shared: Path) -> None:
    tape = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    room = Evenings(store)
    room.open()
    singles = 0
    batch: list[Any] = []
    for _, line in read(tape, name_of(tape)):
        if isinstance(line, TapeFact) and line.event["type"] == "gift.sent":
            batch.append(line.event)
            data = line.event["data"]
            singles += 0 if data.get("combo") else data["count"]
    for start in range(0, len(batch), 500):
        body = msgspec.json.encode(batch[start : start + 500])
        facts: FactsInput = read_events("application/cloudevents-batch+json", body, simulated=False)
        room.process(facts)
        room.wait(1)
    assert singles > 1_000
    assert counted(room) == (singles, singles, singles)
