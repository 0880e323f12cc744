"""An effect is asked for once, whatever happens; the twin without the mark asks twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import msgspec

from liveconsole.domain.effects import Effect
from liveconsole.engine import dispatch
from liveconsole.engine.dispatch import Dispatcher, PlatformSaid
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.messages.specs import PinSpec

AT = datetime(2026, 11, 22, tzinfo=UTC)


def effect(key: str = "k", step: Literal["on_air", "ended"] = "on_air", asked: bool = False) -> Effect:
    return Effect(key, "cue", step, "pin", PinSpec("p"), AT, asked)


class Room:
    """Owes one effect until it is answered; keeps what the dispatcher commits."""

    def __init__(self, one: Effect) -> None:
        self.owed: list[Effect] = [one]
        self.told: list[tuple[str, str]] = []
        self.broken = 0
        self.settled = asyncio.Event()
        self.dispatcher: Dispatcher[Effect] | None = None

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        await asyncio.sleep(0)
        if self.broken:
            self.broken -= 1
            raise NotTaken("cannot_write")
        if type_ == "effect.asked":
            known = [one for one in self.owed if one.key == data["key"]]
            self.owed = [msgspec.structs.replace(one, asked=True) for one in self.owed]
            self._moved()
            return CommandAnswer(bool(known), b"")
        self.told.append((data["key"], data["outcome"]))
        if data["outcome"] in ("done", "refused"):
            self.owed = [one for one in self.owed if one.key != data["key"]]
            self.settled.set()
        self._moved()
        return CommandAnswer(True, b"")

    def _moved(self) -> None:
        if self.dispatcher is not None:
            self.dispatcher.owed("rehearsal", self.owed)


class Ledger:
    """A platform that answers as told: ``asks`` and ``queries`` are used up from the front."""

    def __init__(self, asks: list[Any], queries: list[Any]) -> None:
        self._asks, self._queries = asks, queries
        self.asked: list[str] = []
        self.queried: list[str] = []
        self.reached = asyncio.Event()

    async def ask(self, one: Effect) -> PlatformSaid:
        self.asked.append(one.key)
        self.reached.set()
        return await self._say(self._asks)

    async def query(self, one: Effect) -> PlatformSaid:
        self.queried.append(one.key)
        return await self._say(self._queries)

    async def _say(self, answers: list[Any]) -> PlatformSaid:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer == "silence":
            await asyncio.Event().wait()
        if answer == "late":
            await asyncio.sleep(0.05)
            answer = "done"
        return PlatformSaid(answer)


async def settle(
    room: Room,
    platform: Ledger,
    kind: type[Dispatcher[Effect]] = Dispatcher,
    longer: Callable[[Effect], float] = lambda _effect: 0.0,
) -> None:
    dispatcher = kind(room, {"rehearsal": platform}, first_wait=0.001, longer=longer)
    room.dispatcher = dispatcher
    dispatcher.owed("rehearsal", room.owed)
    async with asyncio.timeout(5):
        await room.settled.wait()
    await dispatcher.close()


async def test_a_yes_settles_it() -> None:
    room, platform = Room(effect()), Ledger(["done"], [])
    await settle(room, platform)
    assert room.told == [("k", "done")]
    assert platform.asked == ["k"]
    assert platform.queried == []


async def test_what_was_sent_before_a_crash_is_asked_about_and_never_sent() -> None:
    room, platform = Room(effect(asked=True)), Ledger([], ["unknown", "absent", "done"])
    await settle(room, platform)
    assert platform.asked == []
    assert platform.queried == ["k"] * 3
    assert room.told == [("k", "unknown"), ("k", "done")]


async def test_an_exception_is_unknown_and_then_asked_about() -> None:
    room, platform = Room(effect()), Ledger([ConnectionError("gone")], [OSError("still gone"), "refused"])
    await settle(room, platform)
    assert platform.asked == ["k"]
    assert room.told == [("k", "unknown"), ("k", "refused")]


async def test_silence_is_unknown_and_then_asked_about(monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch, "ASK_SECONDS", 0.01)
    room, platform = Room(effect()), Ledger(["silence"], ["done"])
    await settle(room, platform)
    assert platform.asked == ["k"]
    assert room.told == [("k", "unknown"), ("k", "done")]


def _seconds(seconds: float, _effect: Effect) -> float:
    return seconds


async def test_an_effect_that_may_take_longer_is_not_unknown_meanwhile(monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch, "ASK_SECONDS", 0.01)
    for longer, told in ((5.0, ["done"]), (0.0, ["unknown", "done"])):
        room, platform = Room(effect()), Ledger(["late"], ["done"])
        await settle(room, platform, longer=partial(_seconds, longer))
        assert [outcome for _, outcome in room.told] == told


async def test_an_end_that_was_lost_is_asked_for_again() -> None:
    room, platform = Room(effect(step="ended", asked=True)), Ledger(["unknown", "done"], ["absent", "absent"])
    await settle(room, platform)
    assert platform.asked == ["k", "k"]


async def test_the_mark_is_on_disk_before_anything_is_sent() -> None:
    room, platform = Room(effect()), Ledger(["done"], [])
    room.broken = 3
    await settle(room, platform)
    assert platform.asked == ["k"]


async def test_what_is_no_longer_owed_is_not_sent() -> None:
    room, platform = Room(effect()), Ledger([], [])
    dispatcher = Dispatcher(room, {"rehearsal": platform})
    dispatcher.owed("rehearsal", room.owed)
    dispatcher.owed("rehearsal", [])
    await asyncio.sleep(0)
    dispatcher.owed("rehearsal", [effect()])
    room.owed = []
    for _ in range(10):
        await asyncio.sleep(0)
    await dispatcher.close()
    assert platform.asked == []


async def test_manual_and_own_send_nothing() -> None:
    room, platform = Room(effect()), Ledger([], [])
    dispatcher = Dispatcher(room, {"rehearsal": platform})
    for name in ("manual", "own"):
        dispatcher.owed(name, room.owed)
        await asyncio.sleep(0)
    assert platform.asked == []
    assert not dispatcher._tasks
    await dispatcher.close()


class Careless(Dispatcher[Effect]):
    """The guard taken out: it does not look whether the effect was sent before."""

    def owed(self, platform: str, effects: Any) -> None:
        super().owed(platform, [msgspec.structs.replace(one, asked=False) for one in effects])


async def test_without_the_mark_a_crash_sends_it_twice() -> None:
    """Two engines one after the other; the first dies after the platform did it and before it said so."""

    async def crash_and_restart(kind: type[Dispatcher[Effect]]) -> list[str]:
        room = Room(effect())
        first = Ledger(["silence"], [])
        dispatcher = kind(room, {"rehearsal": first})
        room.dispatcher = dispatcher
        dispatcher.owed("rehearsal", room.owed)
        await first.reached.wait()
        room.dispatcher = None
        await dispatcher.close()
        second = Ledger(["done"], ["done"])
        await settle(room, second, kind)
        return first.asked + second.asked

    assert await crash_and_restart(Dispatcher) == ["k"]
    assert await crash_and_restart(Careless) == ["k", "k"]


async def test_an_end_that_the_platform_refuses_is_asked_for_again() -> None:
    room = Room(effect(step="ended"))
    platform = Ledger(["refused", "refused", "done"], ["refused", "absent"])
    await settle(room, platform)
    assert platform.asked == ["k"] * 3
    assert room.told == [("k", "unknown"), ("k", "done")]
