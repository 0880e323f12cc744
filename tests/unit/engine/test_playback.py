"""A past broadcast looked at again: the room of any moment is the room that was, and nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.engine import recording as recordings
from liveconsole.engine.folding import event_of
from liveconsole.engine.playback import Playback
from liveconsole.messages.inputs import CommandInput, FactsInput, NotTaken
from liveconsole.store import Store, open_store
from liveconsole.views.report import NoBroadcast
from liveconsole.views.state import state_of, wire
from tests.unit.engine.evenings import Evenings


class Clock:
    """Turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    """Three evenings: something is carried from the first into the second, a sale waits over the night."""
    shop = Evenings(store)
    for number in (1, 2, 3):
        shop.open(f"第 {number} 场")
        shop.sale(f"sale-{number}")
        shop.ok("go.next")
        for n in range(3):
            shop.placed(f"o{number}-{n}", f"sale-{number}")
            shop.paid(f"o{number}-{n}")
            shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text=f"多少钱 {number}-{n}")
            shop.wait(20)
        shop.placed(f"unpaid{number}")
        shop.wait(120)
        waits = {"sku_id": "b", "price_fen": 9900, "quantity": 9, "per_buyer": 5, "seconds": 60}
        shop.ok("cue.add", cue_id=f"waits-{number}", kind="flash_sale", spec=waits)
        shop.close()
        shop.wait(2 * 86_400)
    return shop


@pytest_asyncio.fixture
async def second(shop: Evenings) -> AsyncIterator[tuple[Playback, Clock]]:
    reader, clock = shop.store.open_reader(), Clock()
    playback = Playback(reader, shop.store.meta, 2, clock=clock)
    yield playback, clock
    await playback.stop()
    reader.close()


def as_it_was(shop: Evenings, at: datetime) -> dict[str, Any]:
    """The state of that moment, from the whole log folded from its first line."""
    room = Room(shop.store.meta.room_id)
    for event in map(event_of, shop.store.events_after(0)):
        if event.at > at:
            break
        evolve(room, event)
    return msgspec.json.decode(msgspec.json.encode(wire(room, state_of(room, at))))  # type: ignore[no-any-return]


async def shown(playback: Playback) -> tuple[dict[str, Any], datetime]:
    body, now = await playback.state("host", "")
    return msgspec.json.decode(body), now


async def ask(playback: Playback, type_: str, **data: Any) -> dict[str, Any]:
    answer = await playback.ask(CommandInput("c", type_, data, "host"))
    return msgspec.json.decode(answer.body)  # type: ignore[no-any-return]


SAME = ("broadcast", "cart", "pinned", "rundown", "orders", "discount", "cues")


def same(shop: Evenings, seen: dict[str, Any], at: datetime) -> None:
    was = as_it_was(shop, at)
    for section in SAME:
        assert seen[section] == was[section], section
    prices = {
        p["product_id"]: (p["title"], [sku["price_fen"] for sku in p["skus"]])
        for p in was["catalogue"]["products"]
    }
    assert {
        p["product_id"]: (p["title"], [sku["price_fen"] for sku in p["skus"]])
        for p in seen["catalogue"]["products"]
    } == prices


@pytest.mark.asyncio
async def test_it_begins_at_its_opening_with_what_stood_there_then(
    shop: Evenings, second: tuple[Playback, Clock]
) -> None:
    playback, _ = second
    seen, now = await shown(playback)
    opened = shop.store.broadcasts()[1].opened_at
    assert now == opened
    assert seen["broadcast"]["title"] == "第 2 场"
    assert "waits-1" in [cue["cue_id"] for cue in seen["cues"]], "it waited over the night"
    assert seen["health"]["playback"] == {
        "broadcast": 2, "playing": False, "speed": 1, "start": seen["health"]["playback"]["start"],
        "end": seen["health"]["playback"]["end"],
    }  # fmt: skip
    same(shop, seen, opened)


@pytest.mark.asyncio
async def test_its_time_runs_only_while_it_plays_and_as_fast_as_asked(
    shop: Evenings, second: tuple[Playback, Clock]
) -> None:
    playback, clock = second
    start = playback.now()
    clock.now += 30
    assert playback.now() == start, "nobody has pressed play"
    assert (await ask(playback, "playback.play"))["ok"]
    clock.now += 10
    await playback.step()
    assert playback.now() == start + timedelta(seconds=10)
    assert (await ask(playback, "playback.speed", times=4))["result"]["speed"] == 4
    clock.now += 10
    await playback.step()
    assert playback.now() == start + timedelta(seconds=50)
    await ask(playback, "playback.pause")
    clock.now += 500
    seen, now = await shown(playback)
    assert now == start + timedelta(seconds=50)
    same(shop, seen, now)
    await ask(playback, "playback.play")
    clock.now += 10_000
    await playback.step()
    seen, now = await shown(playback)
    assert seen["broadcast"]["status"] == "closed"
    assert not seen["health"]["playback"]["playing"], "it stands at its end"
    await ask(playback, "playback.play")
    assert playback.now() == start, "and begins anew"


@pytest.mark.asyncio
@pytest.mark.parametrize("every", [3, 4_000])
async def test_every_moment_is_what_it_was_forth_and_back(
    shop: Evenings, second: tuple[Playback, Clock], monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    playback, _ = second
    playback._recording._every = every
    monkeypatch.setattr(recordings, "KEPT_MOST", 4)
    start = playback.now()
    for seconds in (60, 5, 150, 22.5, 0, 9_999, 40, 41):
        await ask(playback, "playback.seek", at=(start + timedelta(seconds=seconds)).isoformat())
        seen, now = await shown(playback)
        assert now == min(start + timedelta(seconds=seconds), playback._recording.end)
        same(shop, seen, now)
        assert len(playback._recording._kept) <= 4


@pytest.mark.asyncio
async def test_the_twin_that_begins_with_an_empty_room_is_seen(
    shop: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "seqs_before", lambda reader, mine: [])
    reader = shop.store.open_reader()
    try:
        playback = Playback(reader, shop.store.meta, 2)
        seen, now = await shown(playback)
        same(shop, seen, now)
    except (AssertionError, KeyError):
        return
    finally:
        reader.close()
    raise AssertionError("nobody sees it")


@pytest.mark.asyncio
async def test_what_is_asked_of_a_room_is_refused_and_the_log_stays(
    shop: Evenings, second: tuple[Playback, Clock]
) -> None:
    playback, _ = second
    before = shop.store.log_head()
    for type_ in ("cue.fire", "room.halt", "broadcast.open", "catalogue.put", "nonsense"):
        assert (await ask(playback, type_, cue_id="sale-2"))["code"] == "only_playback"
    with pytest.raises(NotTaken, match="only_playback"):
        await playback.post(FactsInput([]))
    with pytest.raises(NotTaken, match="only_playback"):
        await playback.overlay()
    with pytest.raises(NotTaken, match="only_playback"):
        await playback.pictures.take(b"")
    assert msgspec.json.decode(await playback.judge("cue.fire", {}, "host"))["code"] == "only_playback"
    for type_, data in (
        ("playback.speed", {"times": 3}),
        ("playback.seek", {"at": "2026-06-01T12:00:00"}),
        ("playback.seek", {}),
        ("playback.play", {"x": 1}),
    ):
        assert (await ask(playback, type_, **data))["code"] == "bad_shape", type_
    assert shop.store.log_head() == before


@pytest.mark.asyncio
async def test_its_log_ends_at_now_and_begins_with_its_evening(
    shop: Evenings, second: tuple[Playback, Clock]
) -> None:
    playback, _ = second
    first = shop.store.broadcasts()[1].opened_seq
    await ask(playback, "playback.seek", at=(playback.now() + timedelta(seconds=30)).isoformat())
    lines = [msgspec.json.decode(line) for line in await playback.log(0, 10_000, ())]
    assert [line["seq"] for line in lines] == list(range(first, playback.seq + 1))
    comments = [msgspec.json.decode(line) for line in await playback.log(0, 10_000, ["comment.posted"])]
    assert comments
    assert all(first <= line["seq"] <= playback.seq for line in comments)
    found = msgspec.json.decode(await playback.search("多少钱", 0, 100))
    assert all(line["seq"] <= playback.seq for line in found["events"])
    assert await playback.broadcast(9) is None
    assert msgspec.json.decode(await playback.broadcast(2) or b"")["title"] == "第 2 场"


@pytest.mark.asyncio
async def test_a_follower_goes_with_it_and_is_told_where_it_was_moved_to(
    shop: Evenings, second: tuple[Playback, Clock]
) -> None:
    playback, clock = second
    follower = playback.follow(playback.seq)
    await ask(playback, "playback.play")
    clock.now += 25
    reading = asyncio.gather(follower.batch(), playback.step())
    lines, _ = await asyncio.wait_for(reading, 5)
    assert lines
    seqs = [msgspec.json.decode(line)["seq"] for line in lines]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    await ask(playback, "playback.seek", at=(playback.now() - timedelta(seconds=20)).isoformat())
    (told,) = await asyncio.wait_for(follower.batch(), 5) or [b""]
    assert msgspec.json.decode(told) == {"type": "playback.sought", "seq": playback.seq, "data": {}}
    follower.close()
    assert await asyncio.wait_for(follower.batch(), 5) is None
    waits = asyncio.gather(playback.follow(playback.seq).batch(), playback.moved(playback.seq))
    await asyncio.sleep(0)
    await playback.stop()
    assert list(await asyncio.wait_for(waits, 5)) == [None, -1]


def test_a_broadcast_that_is_not_there(shop: Evenings) -> None:
    with pytest.raises(NoBroadcast):
        Playback(shop.store, shop.store.meta, 7)
