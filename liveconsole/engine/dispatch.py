"""Effects owed to the platform: asked once, marked on disk before that, asked about after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.domain.effects import Effect
from liveconsole.failpoints import failpoint
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

ASK_SECONDS: Final = 10.0
"""How long one question may take before it counts as ``unknown``."""
_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 15.0


class PlatformSaid(Struct, frozen=True):
    """What a platform said. ``absent``: it never heard of the key (only as an answer to
    `PlatformProgram.query`)."""

    outcome: Literal["done", "refused", "unknown", "absent"]
    reason: str = ""


class PlatformProgram(Protocol):
    """A platform's program. Both calls may raise or take for ever: that counts as ``unknown``."""

    async def ask(self, effect: Effect) -> PlatformSaid:
        """Carry out an effect; ``effect.key`` is its idempotency key."""

    async def query(self, effect: Effect) -> PlatformSaid:
        """Return what became of an effect that may have been sent. Begins nothing; what stands there in part
        and cannot become whole any more it may take back."""


class EngineCommands(Protocol):
    """The engine, as the dispatcher needs it."""

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer: ...


class Dispatcher:
    """Follows what the room owes. One task an effect; an effect that is no longer owed loses its task."""

    def __init__(
        self,
        engine: EngineCommands,
        platforms: Mapping[str, PlatformProgram],
        *,
        first_wait: float = _FIRST_WAIT,
        longer: Callable[[Effect], float] = lambda _effect: 0.0,
    ) -> None:
        """``longer``: seconds that an effect may take beyond `ASK_SECONDS`."""
        self._engine = engine
        self._platforms = platforms
        self._first_wait = first_wait
        self._longer = longer
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def owed(self, platform: str, effects: Sequence[Effect]) -> None:
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

    async def _settle(self, platform: PlatformProgram, effect: Effect) -> None:
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

    async def _ask_until_settled(self, platform: PlatformProgram, effect: Effect) -> None:
        failpoint("effect taken")
        said = await (self._again(platform, effect) if effect.asked else self._first(platform, effect))
        if said is None:
            return
        failpoint("effect answered")
        wait = self._first_wait
        told_unknown = False
        while not _settles(effect, said):
            if said.outcome == "refused":
                log.error("the platform refuses to end %s: %s", effect.cue_id, said.reason)
            if not told_unknown:
                await self._tell(effect, PlatformSaid("unknown", said.reason))
                told_unknown = True
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            said = await self._again(platform, effect)
        await self._tell(effect, said)

    async def _first(self, platform: PlatformProgram, effect: Effect) -> PlatformSaid | None:
        """The mark goes to disk, then the question goes out: a crash between the two asks, and fires nothing.
        None where the effect is no longer owed."""
        answer = await self._commit("effect.asked", _names(effect))
        failpoint("effect marked")
        return await _within(platform.ask(effect), self._longer(effect)) if answer.ok else None

    async def _again(self, platform: PlatformProgram, effect: Effect) -> PlatformSaid:
        """What became of it. A firing that the platform never heard of stays unknown, for a person to decide;
        an end is asked for anew, because ending twice does no harm and not ending does."""
        said = await _within(platform.query(effect))
        if effect.step == "ended" and said.outcome in ("absent", "refused"):
            return await _within(platform.ask(effect), self._longer(effect))
        return said

    async def _tell(self, effect: Effect, said: PlatformSaid) -> None:
        outcome = "unknown" if said.outcome == "absent" else said.outcome
        data = {**_names(effect), "outcome": outcome, "reason": said.reason[:500]}
        await self._commit("effect.answered", data)

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


def _settles(effect: Effect, said: PlatformSaid) -> bool:
    """A beginning may be refused; an end is asked for until the platform has said yes."""
    return said.outcome == "done" or (said.outcome == "refused" and effect.step == "on_air")


def _names(effect: Effect) -> dict[str, Any]:
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
