"""Where a source has a gap, and what is told of it; on a clock that is data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole.domain.evolve import evolve
from liveconsole.domain.gaps import (
    FOLDS,
    MOST,
    SILENT_SECONDS,
    HeardSource,
    due,
    gap_of,
    interrupted,
    patience,
    told,
)
from liveconsole.domain.room import Room
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.gaps import tell_gaps
from liveconsole.engine.last_heard import LastHeard
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.inputs import CommandInput, SentFact
from liveconsole.store import open_store
from liveconsole.views.state.figures import heard_sources

START = datetime(2026, 11, 11, 12, 14, tzinfo=UTC)
OBA, SPY = "/oba/127.0.0.1:12354", "/wxlivespy/1"
BUSY = [0.5, 2.0, 6.0, 1.0, 3.0]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def open_room() -> Room:
    room = Room(room_id="r")
    room.broadcast.status = "open"
    room.broadcast.opened_at = START
    return room


def heard(source: str, last: float, **more: Any) -> HeardSource:
    return HeardSource(source, at(last), **more)


def gap(room: Room, now: float, one: HeardSource, *others: HeardSource) -> SourceGap | None:
    return gap_of(room, one, [one, *others], at(now))


def test_a_pause_far_beyond_its_rhythm_is_a_gap_while_another_speaks() -> None:
    room = open_room()
    quiet, loud = heard(OBA, 100, pauses=BUSY), heard(SPY, 130, pauses=BUSY)
    assert gap(room, 129, quiet, loud) is None
    assert gap(room, 130, quiet, loud) == SourceGap(OBA, at(100), None, "silent")
    assert gap(room, 130, quiet) is None, "nobody speaks: the room may just be quiet"
    assert gap(room, 100 + SILENT_SECONDS, quiet) is not None


def test_a_slow_source_is_given_its_own_time() -> None:
    room = open_room()
    slow = heard(OBA, 0, pauses=[60.0, 50, 70, 40, 65])
    assert gap(room, 279, slow, heard(SPY, 270)) is None
    assert gap(room, 280, slow, heard(SPY, 270)) is not None
    assert patience([10_000.0] * 5, others_speak=True) == timedelta(minutes=10), "and it has an end"
    assert patience([1.0], others_speak=True) == timedelta(seconds=SILENT_SECONDS), "no rhythm is known yet"


@pytest.mark.parametrize(
    ("state", "why"), [("waiting", "lost"), ("port_taken", "port_taken"), ("refused", "refused")]
)
def test_a_lost_connection_is_a_gap_from_the_moment_it_was_lost(state: str, why: str) -> None:
    room = open_room()
    lost = heard(OBA, 100, state=state, state_at=at(103))
    assert gap(room, 107.9, lost) is None, "back at once it left none"
    assert gap(room, 108, lost) == SourceGap(OBA, at(103), None, why)
    assert gap(room, 500, heard(OBA, 100, state="off", state_at=at(103))) is None, "a person turned it off"


def test_no_gap_without_a_broadcast_and_none_before_it() -> None:
    room = open_room()
    assert gap(room, 600, heard(OBA, -60)) == SourceGap(OBA, START, None, "silent")
    assert gap(room, 600, heard(OBA, -3600)) is None, "what spoke an hour before is none of this broadcast"
    room.broadcast.status = "closed"
    assert gap(room, 600, heard(OBA, 0)) is None


def played(room: Room, now: float, *sources: HeardSource) -> list[SourceGap]:
    found = due(room, sources, at(now))
    for one in found:
        evolve(room, Event("source.gap", at(now), "platform", one))
    return found


def test_a_gap_is_told_once_and_its_end_once() -> None:
    room = open_room()
    assert played(room, 119, heard(OBA, 0)) == []
    (begun,) = played(room, 120, heard(OBA, 0))
    assert played(room, 150, heard(OBA, 0)) == []
    (ended,) = played(room, 181, heard(OBA, 180))
    assert (ended.since, ended.until) == (begun.since, at(180))
    assert played(room, 182, heard(OBA, 180)) == []
    assert room.gaps == [ended]


def test_a_connection_that_is_back_and_still_says_nothing() -> None:
    room = open_room()
    played(room, 30, heard(OBA, 10, state="waiting", state_at=at(20)))
    (ended,) = played(room, 41, heard(OBA, 10, state="connected", state_at=at(40)))
    assert (ended.since, ended.until) == (at(20), at(40))
    (silent,) = played(room, 130, heard(OBA, 10, state="connected", state_at=at(40)))
    assert silent.why == "silent"


def test_a_gap_goes_on_while_its_tool_is_away() -> None:
    room = open_room()
    played(room, 120, heard(OBA, 0, state="connected", state_at=START))
    assert played(room, 122, heard(OBA, 121, state="waiting", state_at=at(121.5))) == []
    assert played(room, 140, heard(OBA, 121, state="connected", state_at=at(139)))[0].until == at(121)


def test_an_engine_that_did_not_run_left_a_gap_in_every_source_of_comments() -> None:
    room = open_room()
    room.at, room.heard = at(300), {1: {OBA: 4}, 2: {SPY: 1}}
    assert interrupted(room, at(302)) == [], "nobody missed much"
    begun = interrupted(room, at(345))
    assert begun == [SourceGap(one, at(300), None, "engine", comments=True) for one in (OBA, SPY)]
    for one in begun:
        evolve(room, Event("source.gap", at(345), "platform", one))
    assert interrupted(room, at(500)) == [], "told once"
    back = [heard(OBA, 300, state="connected", state_at=at(346)), heard(SPY, 347)]
    assert [one.until for one in played(room, 348, *back)] == [at(346), at(347)]
    room.broadcast.status = "closed"
    assert interrupted(room, at(900)) == []


def test_who_speaks_is_not_away_whatever_his_tool_says() -> None:
    room = open_room()
    assert gap(room, 60, heard(OBA, 58, state="waiting", state_at=at(10))) is None
    assert gap(room, 60, heard(OBA, 11, state="waiting", state_at=at(10))) is not None


def test_a_shop_without_orders_has_no_gap_and_one_that_cannot_be_reached_has() -> None:
    room = open_room()
    told = {
        "/wechat_shop/wx1": {"last_at": START, "events": 1},
        "/browser/buyin": {"last_at": START, "events": 1},
    }
    well = {name: ConnectionState("connected", START) for name in ("shop", "browser")}
    shop, page = heard_sources(told, {}, well)
    assert gap(room, 3_000, shop) is None
    assert gap(room, 3_000, page) is not None, "a page of comments that says nothing is another thing"
    away = {name: ConnectionState("away", at(30)) for name in ("shop", "browser")}
    assert [gap(room, 60, one) for one in heard_sources(told, {}, away)] == [
        SourceGap(source, at(30), None, "lost") for source in told
    ]


def test_gaps_of_one_broadcast_are_bounded() -> None:
    room = open_room()
    for n in range(MOST + 20):
        start = n * 300
        played(room, start + 120, heard(OBA, start))
        played(room, start + 121, heard(OBA, start + 121))
    assert len(room.gaps) == MOST
    full = SourceGap(OBA, at(10**6))
    assert told(room, full, ctx_at(10**6)).events == []


def ctx_at(seconds: float) -> Any:
    from liveconsole.domain.context import Context

    return Context(at(seconds), "platform", SystemChance())


def test_a_new_broadcast_has_no_gaps_and_an_unknown_end_tells_nothing() -> None:
    room = open_room()
    ended = SourceGap(OBA, at(5), at(9))
    assert told(room, ended, ctx_at(9)).events == [], "an end without its beginning"
    assert [event.type for event in told(room, SourceGap(OBA, at(5)), ctx_at(9)).events] == ["source.gap"]


# What the engine remembers --------------------------------------------------------------------------


class OwnClock(Clock):
    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


def said(source: str) -> SentFact:
    data = CommentPosted(Person("v"), "1")
    return SentFact(source, "1", "comment.posted", None, data, None, b"{}")


def test_pauses_and_rate_are_remembered_for_minutes_and_a_gap_is_no_pause() -> None:
    clock = OwnClock()
    last = LastHeard(clock)
    for n in range(20 * 60):
        clock.moment = at(n)
        if n % 2 == 0:
            last.heard([said(OBA)])
    found = last.heard_at()[OBA]
    assert found["pauses"] == [2.0] * 10, "bounded"
    assert found["per_minute"] == 30
    clock.moment = at(20 * 60 + 400)
    last.heard([said(OBA)])
    assert max(last.heard_at()[OBA]["pauses"]) <= 2.0, "the gap did not make it more patient"
    assert last.heard_at()[OBA]["per_minute"] == 0


# Through the engine ---------------------------------------------------------------------------------


class _Heard:
    def __init__(self) -> None:
        self.sources: dict[str, dict[str, Any]] = {}

    def heard_at(self) -> dict[str, dict[str, Any]]:
        return self.sources


class _Engine:
    """The store thread and the inbox of an engine, in one."""

    def __init__(self, core: RoomCore) -> None:
        self.core = core
        self.sources = _Heard()
        self.now = START

    async def view(self, look: Any) -> Any:
        return look(self.core)

    async def ask_self(self, type_: str, data: dict[str, Any]) -> Any:
        (answer,) = self.core.process([CommandInput("", type_, data, "platform")], self.now).answers
        assert answer is not None
        assert answer.ok  # type: ignore[union-attr]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[_Engine]:
    store = open_store(tmp_path / "data")
    core = RoomCore(store, now=START, chance=SystemChance())
    core.process([CommandInput("1", "broadcast.open", {}, "host", b"1")], START)
    yield _Engine(core)
    store.close()


async def test_a_gap_stands_on_the_log_with_its_words(engine: _Engine) -> None:
    def words(seconds: float, last: float) -> None:
        engine.now = at(seconds)
        engine.sources.sources = {OBA: {"last_at": at(last), "events": 3, "comments": True, "pauses": []}}

    def connected(now: datetime) -> dict[str, dict[str, Any]]:
        return {"oba": {"state": "connected", "state_at": START}}

    words(360, 10)
    await tell_gaps(engine, connected, dict, engine.now)  # type: ignore[arg-type]
    words(541, 540)
    await tell_gaps(engine, connected, dict, engine.now)  # type: ignore[arg-type]
    lines = [event for event in engine.core._store.events_after(0) if event.type == "source.gap"]
    assert [event.data for event in lines] == [
        b'{"source":"/oba/127.0.0.1:12354","from":"2026-11-11T12:14:10Z","to":null,"why":"silent","comments":true}',
        b'{"source":"/oba/127.0.0.1:12354","from":"2026-11-11T12:14:10Z","to":"2026-11-11T12:23:00Z","why":"silent","comments":true}',
    ]
    assert [g.until for g in engine.core.room.gaps] == [at(540)]
    again = RoomCore(engine.core._store, now=engine.now, chance=SystemChance())
    assert again.room.gaps == engine.core.room.gaps


def test_without_the_fold_nobody_would_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FOLDS, "source.gap", lambda room, data, event: None)
    from liveconsole.domain import evolve as evolving

    monkeypatch.setitem(evolving.FOLDS, "source.gap", lambda room, data, event: None)
    room = open_room()
    assert len(played(room, 120, heard(OBA, 0))) == len(played(room, 121, heard(OBA, 0))) == 1, "told anew"
