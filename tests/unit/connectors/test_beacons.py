"""Rounds that draws wait for are brought whatever a relay does, and asked for while they are awaited."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from liveconsole.connectors.drand import beacons, relay
from liveconsole.connectors.drand.beacons import Beacons
from liveconsole.domain.drand import Awaited
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.tasks import cancel_all
from tests.drand_chain import OwnChain, honest
from tests.drand_chain import relay as served

CHAIN = OwnChain("beacons")
ROUND = 7
HANG = 599
AWAITED = Awaited("bag", CHAIN.hash, ROUND, datetime(2026, 1, 1, tzinfo=UTC))


class Room:
    """``answers`` one after another, the last for ever."""

    def __init__(self, *answers: CommandAnswer | NotTaken) -> None:
        self.answers = list(answers) or [CommandAnswer(True, b"{}")]
        self.told: list[dict[str, Any]] = []

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        assert type_ == "draw.beacon"
        self.told.append(data)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, NotTaken):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beacons, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(beacons, "_LONGEST_WAIT", 0.02)
    monkeypatch.setattr(relay, "ASK_SECONDS", 0.3)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    yield Room()
    await cancel_all()


async def until(holds: Callable[[], object], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def bringing(room: Room, *, until_it_comes: float = 0.0) -> Beacons:
    return Beacons(room, CHAIN.chain, lambda _: until_it_comes)


async def test_a_relay_that_has_it_late_hangs_or_sends_elsewhere_is_asked_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = honest(CHAIN)
    said: list[bytes | int] = [425, HANG, 302, b"[", b'{"round": 7}', json.dumps({"round": ROUND}).encode()]

    def serves(number: int) -> bytes | int:
        one = said.pop(0) if said else truth(number)
        if one == HANG:
            time.sleep(0.6)
        return one

    with served(CHAIN, serves) as (address, asked):
        monkeypatch.setenv(relay.RELAY, address)
        fetching = bringing(room)
        fetching.awaited([AWAITED])
        fetching.awaited([AWAITED])  # after another commit: the same task
        await until(lambda: room.told)
        assert room.told == [{"cue_id": "bag", "round": ROUND, "signature": CHAIN.sign(ROUND).hex()}]
        assert len(asked) == 7
        await fetching.close()


async def test_what_is_no_longer_awaited_is_asked_for_no_more(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fallback was drawn: the room says so by awaiting nothing."""
    with served(CHAIN, lambda _: 500) as (address, asked):
        monkeypatch.setenv(relay.RELAY, address)
        fetching = bringing(room)
        fetching.awaited([AWAITED])
        await until(lambda: len(asked) > 2)
        fetching.awaited([])
        await asyncio.sleep(0.05)
        there = len(asked)
        await asyncio.sleep(0.2)
        assert len(asked) == there
        assert room.told == []


async def test_it_is_not_asked_for_before_its_time(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(CHAIN) as (address, asked):
        monkeypatch.setenv(relay.RELAY, address)
        fetching = bringing(room, until_it_comes=30)
        fetching.awaited([AWAITED])
        await asyncio.sleep(0.2)
        assert asked == []
        await fetching.close()


async def test_a_full_disk_is_waited_for_and_an_engine_that_stops_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, done = NotTaken("cannot_write"), CommandAnswer(True, b"{}")
    for answers, told in (((full, full, done), 3), ((NotTaken("engine_stopped"), done), 1)):
        room = Room(*answers)
        with served(CHAIN) as (address, _):
            monkeypatch.setenv(relay.RELAY, address)
            fetching = bringing(room)
            fetching.awaited([AWAITED])
            await until(lambda room=room, told=told: len(room.told) == told)  # type: ignore[misc]
            await asyncio.sleep(0.1)
            assert len(room.told) == told
            await fetching.close()


async def test_a_round_of_a_chain_that_is_not_ours_is_said_once(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    fetching = bringing(room)
    for _ in range(5):
        fetching.awaited([Awaited("bag", "00" * 32, ROUND, AWAITED.at)])
    assert sum("cannot be verified here" in record.message for record in caplog.records) == 1
    await fetching.close()


def test_the_public_relays_stand_in_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(relay.RELAY, raising=False)
    assert relay.relays() == relay.PUBLIC
    assert all(address.startswith("https://") for address in relay.PUBLIC)
    monkeypatch.setenv(relay.RELAY, " http://127.0.0.1:9/ ")
    assert relay.relays() == ("http://127.0.0.1:9",)
