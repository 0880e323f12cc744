"""Effects owed to the platform: asked once, marked on disk before that, asked about after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, Literal, NamedTuple, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.domain import effects, shop_asks
from liveconsole.domain.drand import Awaited
from liveconsole.domain.effects import Effect
from liveconsole.domain.room import Room
from liveconsole.domain.shop_asks import AskEffect
from liveconsole.failpoints import failpoint
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

ASK_SECONDS: Final = 10.0
"""How long one question may take before it counts as ``unknown``."""
_FIRST_WAIT: Final = 0.25
_MAY_SECONDS: Final = 0.1
_LONGEST_WAIT: Final = 15.0


Owed = Effect | AskEffect
"""What a platform's program is asked for."""


class RoomWants(NamedTuple):
    """What the room wants of the world after a commit."""

    platform: str
    owed: list[Owed]
    awaited: list[Awaited]


def wanted(room: Room) -> tuple[str, list[Owed]]:
    """Return the room's platform and what it owes an answer to: promotions, and what is asked of the shop
    after the order."""
    return room.settings.platform, [*effects.owed(room), *shop_asks.owed(room)]


def promotions_of(owed: Sequence[Owed]) -> list[Effect]:
    """Return those that the room's platform is asked for."""
    return [one for one in owed if isinstance(one, Effect)]


def asks_of(owed: Sequence[Owed]) -> list[AskEffect]:
    """Return those that the shop is asked for after the order."""
    return [one for one in owed if isinstance(one, AskEffect)]


class PlatformSaid(Struct, frozen=True):
    """What a platform said. ``absent``: it never heard of the key (only as an answer to
    `PlatformProgram.query`)."""

    outcome: Literal["done", "refused", "unknown", "absent"]
    reason: str = ""


E = TypeVar("E", bound=Owed)
E_contra = TypeVar("E_contra", bound=Owed, contravariant=True)


class EffectProgram(Protocol[E_contra]):
    """A platform's program. Both calls may raise or take for ever: that counts as ``unknown``."""

    async def ask(self, effect: E_contra) -> PlatformSaid:
        """Carry out an effect; ``effect.key`` is its idempotency key."""

    async def query(self, effect: E_contra) -> PlatformSaid:
        """Return what became of an effect that may have been sent. Begins nothing; what stands there in part
        and cannot become whole any more it may take back."""


PlatformProgram = EffectProgram[Effect]


class EngineCommands(Protocol):
    """The engine, as the dispatcher needs it."""

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer: ...


class Dispatcher(Generic[E]):
    """Follows what the room owes. One task an effect; an effect that is no longer owed loses its task."""

    def __init__(
        self,
        engine: EngineCommands,
        platforms: Mapping[str, EffectProgram[E]],
        *,
        first_wait: float = _FIRST_WAIT,
        longer: Callable[[E], float] = lambda _effect: 0.0,
        may_ask: Callable[[], bool] = lambda: True,
    ) -> None:
        """``longer``: seconds that an effect may take beyond `ASK_SECONDS`. ``may_ask``: whether this engine
        still leads its room; asked before each question, for one that was frozen may have been relieved."""
        self._engine = engine
        self._platforms = platforms
        self._first_wait = first_wait
        self._longer = longer
        self._may_ask = may_ask
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def owed(self, platform: str, effects: Sequence[E]) -> None:
        """What is owed now, after every commit. ``platform``: the room's setting."""
        if not effects and not self._tasks:
            return
        port = self._platforms.get(platform)
        wanted = {effect.key: effect for effect in effects} if port is not None else {}
        for key in [key for key in self._tasks if key not in wanted]:
            self._tasks.pop(key).cancel()
        for key, effect in wanted.items():
            if key not in self._tasks and port is not None:
                self._tasks[key] = spawn(self._settle(port, effect), name=f"effect {effect.step}")

    async def close(self) -> None:
        """Stop asking. What is owed stays owed: the next engine finds it in the log."""
        tasks, self._tasks = list(self._tasks.values()), {}
        await cancel_all(tasks)

    async def _settle(self, platform: EffectProgram[E], effect: E) -> None:
        """Ask until the platform has given an answer that settles the effect."""
        while True:
            try:
                await self._ask_until_settled(platform, effect)
                return
            except NotTaken as error:
                log.warning("an effect waits for the next engine: %s", error)
                return
            except Exception:
                log.exception("settling an effect failed with a bug: the platform is asked what became of it")
                effect = replace(effect, asked=True)
            await asyncio.sleep(self._first_wait)

    async def _ask_until_settled(self, platform: EffectProgram[E], effect: E) -> None:
        failpoint("effect taken")
        said = await (self._again(platform, effect) if effect.asked else self._first(platform, effect))
        if said is None:
            return
        failpoint("effect answered")
        wait = self._first_wait
        told_unknown = False
        while not _settles(effect, said):
            if said.outcome == "refused":
                log.error("the platform refuses to end %s: %s", _about(effect), said.reason)
            if not told_unknown:
                await self._tell(effect, PlatformSaid("unknown", said.reason))
                told_unknown = True
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            said = await self._again(platform, effect)
        await self._tell(effect, said)

    async def _first(self, platform: EffectProgram[E], effect: E) -> PlatformSaid | None:
        """The mark goes to disk, then the question goes out: a crash between the two asks, and fires nothing.
        None where the effect is no longer owed."""
        answer = await self._commit(*_marked(effect))
        failpoint("effect marked")
        return await self._asked(platform, effect) if answer.ok else None

    async def _again(self, platform: EffectProgram[E], effect: E) -> PlatformSaid:
        """What became of it. A firing that the platform never heard of stays unknown, for a person to decide;
        an end is asked for anew, because ending twice does no harm and not ending does."""
        said = await _within(platform.query(effect))
        if effect.step == "ended" and said.outcome in ("absent", "refused"):
            return await self._asked(platform, effect)
        return said

    async def _asked(self, platform: EffectProgram[E], effect: E) -> PlatformSaid:
        # It leads again in a moment, or it ends, and this with it; the lease is renewed on another thread.
        while not self._may_ask():  # noqa: ASYNC110
            await asyncio.sleep(_MAY_SECONDS)
        return await _within(platform.ask(effect), self._longer(effect))

    async def _tell(self, effect: E, said: PlatformSaid) -> None:
        outcome = "unknown" if said.outcome == "absent" else said.outcome
        type_ = "ask.told" if isinstance(effect, AskEffect) else "effect.answered"
        await self._commit(type_, {**_names(effect), "outcome": outcome, "reason": said.reason[:500]})

    async def _commit(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        """Tell the room, and again while its disk is full."""
        wait = self._first_wait
        while True:
            try:
                return await self._engine.ask_self(type_, data)
            except NotTaken as error:
                if error.code != "cannot_write":
                    raise
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)


def _settles(effect: Owed, said: PlatformSaid) -> bool:
    """A beginning may be refused; an end is asked for until the platform has said yes."""
    return said.outcome == "done" or (said.outcome == "refused" and effect.step == "on_air")


def _about(effect: Owed) -> str:
    return effect.asked_for.order_id if isinstance(effect, AskEffect) else effect.cue_id


def _marked(effect: Owed) -> tuple[str, dict[str, Any]]:
    return "ask.sending" if isinstance(effect, AskEffect) else "effect.asked", _names(effect)


def _names(effect: Owed) -> dict[str, Any]:
    if isinstance(effect, AskEffect):
        return {"ask_id": effect.key}
    return {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step}


async def _within(question: Any, longer: float = 0.0) -> PlatformSaid:
    try:
        async with asyncio.timeout(ASK_SECONDS + longer):
            said: PlatformSaid = await question
            return said
    except TimeoutError:
        return PlatformSaid("unknown", "no answer in time")
    except Exception as error:  # noqa: BLE001  # whatever a platform's program raises, nobody knows what it did
        log.warning("asking the platform failed: %s", error)
        return PlatformSaid("unknown", type(error).__name__)
