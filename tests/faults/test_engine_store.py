"""The disk fails, another writer comes, a rule has a bug: what the engine says, and what it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.domain import decide as deciding
from liveconsole.domain.room import FOLD_VERSION
from liveconsole.engine import core as core_module
from liveconsole.engine import folding
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.engine.outcome import Fenced, Unwritten
from liveconsole.messages.inputs import (
    ClockInput,
    CommandAnswer,
    CommandInput,
    FactsAnswer,
    FactsInput,
    Input,
    NotTaken,
)
from liveconsole.store import errors
from liveconsole.store.errors import CannotWrite
from liveconsole.store.opening import open_store
from liveconsole.store.rows import EventRow, Write
from liveconsole.store.store import Store
from tests import stores
from tests.contract.engine_process import BATCH, comment

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PRODUCTS = [{"product_id": "a", "title": "甲", "price_fen": 1900, "stock": 500}]


def facts(*ids: str, text: str = "x") -> FactsInput:
    body = msgspec.json.encode([comment(id_, text) for id_ in ids])
    return read_events(BATCH, body, simulated=False)


def command(id_: str, type_: str, **data: Any) -> CommandInput:
    return CommandInput(id_, type_, data, "host", id_.encode())


def core_of(store: Store) -> RoomCore:
    return RoomCore(store, now=NOW, chance=SystemChance())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "room")
    yield opened
    opened.close()


def full(write: Write) -> None:
    raise CannotWrite("disk_full", "database or disk is full")


def test_a_commit_that_fails_never_happened(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    core = core_of(store)
    core.process([command("1", "broadcast.open")], NOW)
    before = msgspec.msgpack.encode(core.room)
    with monkeypatch.context() as broken:
        broken.setattr(store, "commit", full)
        with pytest.raises(Unwritten):
            core.process([facts("1"), command("2", "catalogue.put", products=PRODUCTS)], NOW)
    assert msgspec.msgpack.encode(core.room) == before
    outcome = core.process([facts("1"), command("2", "catalogue.put", products=PRODUCTS)], NOW)
    first, second = outcome.answers
    assert isinstance(first, FactsAnswer)
    assert (first.accepted, first.duplicates) == (1, 0)
    assert isinstance(second, CommandAnswer)
    assert second.ok
    assert store.names([core.people.pid("u1")]) == {core.people.pid("u1"): ("u1", "小明")}


def test_without_throwing_the_room_away_memory_runs_ahead(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the same failure, the room kept as it was in memory, says yes to what is on no disk."""
    core = core_of(store)
    monkeypatch.setattr(store, "commit", full)
    monkeypatch.setattr(core, "_refold", lambda: None)
    with pytest.raises(Unwritten):
        core.process([command("1", "broadcast.open")], NOW)
    assert core.room.broadcast.status == "open"
    assert store.last_seq() == 0


def test_another_writer_fences_this_one(store: Store) -> None:
    core = core_of(store)
    core.process([facts("1")], NOW)
    store.commit(Write(1, events=[EventRow("broadcast.closed", NOW, "host", b"{}")]))
    with pytest.raises(Fenced):
        core.process([facts("2")], NOW)
    assert store.last_seq() == 2


@pytest.mark.parametrize("kind", stores.KINDS)
@pytest.mark.parametrize("twin", [False, True])
def test_one_input_that_the_store_does_not_take_takes_no_other_with_it(
    kind: str, twin: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that a table has no place for, told by the store while it is written. The twin, for which that
    is a disk that fails, asks for the same batch again for ever and takes nothing."""
    keep = Store._keep_beside

    def misspelt(self: Store, c: Any, write: Any) -> None:
        if any(b'"bad"' in row.data for row in write.events):
            c.exec_driver_sql("INSERT INTO secret (name, valeu) SELECT 'a', 'b' WHERE")
        keep(self, c, write)

    monkeypatch.setattr(Store, "_keep_beside", misspelt)
    if twin:
        monkeypatch.setattr(errors, "StoreBug", partial(CannotWrite, "io_error"))
    with stores.kind_of(kind).open(tmp_path / "room") as store:
        core = core_of(store)
        given: list[Input] = [facts("1"), facts("bad", text="bad"), facts("2")]
        if twin:
            with pytest.raises(Unwritten):
                core.process(given, NOW)
            assert store.last_seq() == 0
            return
        accepted = [one.accepted for one in core.process(given, NOW).answers if isinstance(one, FactsAnswer)]
        assert accepted == [1, 0, 1]
        assert store.last_seq() == 2
        assert core.process([facts("3")], NOW).committed.types == ["comment.posted"]
    stores.let_go()


def test_one_input_with_a_bug_takes_no_other_with_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    core = core_of(store)
    decide = deciding.decide

    def buggy(room: Any, asked: Any, *more: Any, **named: Any) -> Any:
        if asked.id == "bad":
            raise ZeroDivisionError
        return decide(room, asked, *more, **named)

    monkeypatch.setattr(core_module, "decide", buggy)
    bad, good = command("bad", "broadcast.open"), command("2", "broadcast.open")
    given: list[Input] = [facts("1"), bad, good, facts("2")]
    outcome = core.process(given, NOW)
    ones, refused, taken, others = outcome.answers
    assert isinstance(ones, FactsAnswer)
    assert isinstance(others, FactsAnswer)
    assert isinstance(refused, CommandAnswer)
    assert isinstance(taken, CommandAnswer)
    assert (ones.accepted, refused.ok, refused.code, taken.ok, others.accepted) == (1, False, "bug", True, 1)
    assert outcome.committed.types == ["comment.posted", "broadcast.opened", "comment.posted"]
    assert [msgspec.json.decode(line)["seq"] for line in outcome.committed.lines] == [1, 2, 3]
    assert store.last_seq() == 3


def test_a_snapshot_and_the_whole_log_give_the_same_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "SNAPSHOT_EVERY", 10)
    core = core_of(store)
    core.process([command("1", "catalogue.put", products=PRODUCTS)], NOW)
    for n in range(30):
        core.process([facts(f"a{n}", f"b{n}")], NOW + timedelta(seconds=n))
    assert store.load(FOLD_VERSION)[1] > 0
    again = core_of(store)
    whole, began = folding.fold(store)
    monkeypatch.setattr(store, "load", lambda version: (None, 0))
    from_nothing, _ = folding.fold(store)
    assert began > 0
    expected = msgspec.msgpack.encode(core.room)
    assert msgspec.msgpack.encode(again.room) == expected
    assert msgspec.msgpack.encode(whole) == expected
    assert msgspec.msgpack.encode(from_nothing) == expected


def test_an_unreadable_snapshot_is_folded_anew(store: Store) -> None:
    core = core_of(store)
    core.process([facts("1", "2")], NOW)
    store.snapshot(2, FOLD_VERSION, b"rubbish")
    assert msgspec.msgpack.encode(core_of(store).room) == msgspec.msgpack.encode(core.room)


def test_time_never_goes_back_on_the_log(store: Store) -> None:
    core = core_of(store)
    core.process([facts("1")], NOW + timedelta(hours=1))
    core.process([facts("2")], NOW)
    core_of(store).process([facts("3")], NOW)
    times = [msgspec.json.decode(line)["at"] for line in store.read(0, 10)]
    assert times == sorted(times)


def test_a_wall_step_stands_on_the_log(store: Store) -> None:
    core = core_of(store)
    core.process([ClockInput(-3600.0)], NOW)
    (line,) = store.read(0, 10)
    found = msgspec.json.decode(line)
    assert (found["type"], found["actor"], found["data"]) == ("clock.stepped", "clock", {"seconds": -3600.0})


def test_a_secret_is_on_disk_with_its_promise_and_the_same_after_a_restart(store: Store) -> None:
    core = core_of(store)
    spec = {"prize": {"name": "奖", "value_fen": 1}, "winners": 1, "entry": {}, "seconds": 60}
    core.process(
        [
            command("1", "broadcast.open"),
            command("2", "room.set", recall_seconds=0),
            command("3", "cue.add", cue_id="bag", kind="lucky_bag", spec=spec),
            command("4", "cue.fire", cue_id="bag"),
        ],
        NOW,
    )
    bag = core.room.cues["bag"].bag
    assert bag is not None
    assert bag.promise is not None
    kept = store.secret(f"draw:{bag.promise.draw_id}")
    assert kept is not None
    assert core_of(store)._chance.secret(bag.promise.draw_id) == kept
    assert not [line for line in store.read(0, 100) if kept.hex().encode() in line]


async def with_engine(folder: Path, use: Callable[[Engine, Store], Awaitable[None]]) -> Engine:
    clock, store = Clock(), open_store(folder)
    core = RoomCore(store, now=clock.now(), chance=SystemChance())
    engine = Engine(store, core, clock, state=lambda *_: b"", overlay=lambda *_: b"")
    await engine.start()
    try:
        async with asyncio.timeout(20):
            await use(engine, store)
    finally:
        await engine.stop()
    return engine


async def test_a_full_disk_is_507_and_then_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(engine: Engine, store: Store) -> None:
        await engine.post(facts("1"))
        with monkeypatch.context() as broken:
            broken.setattr(store, "commit", full)
            results = await asyncio.gather(
                engine.post(facts("2")), engine.ask(command("a", "broadcast.open")), return_exceptions=True
            )
            assert [getattr(error, "code", None) for error in results] == ["cannot_write"] * 2
            assert engine.health()["ok"] is False
        assert (await engine.post(facts("2"))).accepted == 1
        assert (await engine.ask(command("a", "broadcast.open"))).ok
        assert engine.health()["ok"] is True

    await with_engine(tmp_path / "room", use)


async def test_a_fenced_engine_says_so_and_takes_nothing_more(tmp_path: Path) -> None:
    async def use(engine: Engine, store: Store) -> None:
        await engine.post(facts("1"))
        write = Write(1, events=[EventRow("broadcast.closed", NOW, "host", b"{}")])
        await engine.view(lambda _: store.commit(write))
        with pytest.raises(NotTaken, match="engine_stopped"):
            await engine.post(facts("2"))
        assert engine.fenced.is_set()
        with pytest.raises(NotTaken, match="engine_stopped"):
            await engine.ask(command("a", "broadcast.open"))

    await with_engine(tmp_path / "room", use)


async def test_the_timer_wakes_when_the_room_is_due(tmp_path: Path) -> None:
    async def use(engine: Engine, store: Store) -> None:
        spec = {"sku_id": "a", "price_fen": 900, "quantity": 1, "per_buyer": 1, "seconds": 1}
        for n, (type_, data) in enumerate(
            [
                ("broadcast.open", {}),
                ("room.set", {"recall_seconds": 0}),
                ("catalogue.put", {"products": PRODUCTS}),
                ("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": spec}),
                ("cue.fire", {"cue_id": "sale"}),
            ]
        ):
            answer = await engine.ask(CommandInput(str(n), type_, data, "host", b"h"))
            assert answer.ok, answer.body
        follower = engine.follow(0)
        found: dict[str, Any] = {}
        while "cue.ended" not in found:
            for line in await follower.batch() or []:
                event = msgspec.json.decode(line)
                found[event["type"]] = event
        due = datetime.fromisoformat(found["cue.on_air"]["data"]["ends_at"])
        late = datetime.fromisoformat(found["cue.ended"]["at"]) - due
        assert timedelta(0) <= late < timedelta(milliseconds=300)

    await with_engine(tmp_path / "room", use)


async def test_what_fell_due_while_nobody_ran_happens_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    store = open_store(folder)
    past = datetime.now(UTC) - timedelta(minutes=5)
    core = RoomCore(store, now=past, chance=SystemChance())
    spec = {"sku_id": "a", "price_fen": 900, "quantity": 1, "per_buyer": 1, "seconds": 30}
    core.process(
        [
            command("1", "broadcast.open"),
            command("2", "room.set", recall_seconds=0),
            command("3", "catalogue.put", products=PRODUCTS),
            command("4", "cue.add", cue_id="sale", kind="flash_sale", spec=spec),
            command("5", "cue.fire", cue_id="sale"),
        ],
        past,
    )
    assert core.room.cues["sale"].status == "on_air"
    store.close()

    async def use(engine: Engine, store: Store) -> None:
        follower = engine.follow(0)
        seen: list[str] = []
        while "cue.ended" not in seen:
            seen += [msgspec.json.decode(line)["type"] for line in await follower.batch() or []]

    await with_engine(folder, use)
