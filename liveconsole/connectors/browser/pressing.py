"""The room's pins on the console's page: which row is meant, and what became of each that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from liveconsole.connectors.browser.carry import GoodsPage, PageGone, carry_out, joined
from liveconsole.connectors.browser.maps import PageMap
from liveconsole.connectors.browser.pin import Came, Goal
from liveconsole.connectors.browser.reading import PageLook, is_on, same_title, word
from liveconsole.connectors.connection import RoomDoor
from liveconsole.domain.effects import Effect
from liveconsole.engine.core import RoomCore
from liveconsole.messages.specs import PinSpec
from liveconsole.tasks import cancel_all, spawn

_KEPT: Final = 200
"""Answers that are remembered for whoever asks again."""


class Fault(Struct, frozen=True):
    """Why a person has to see to the pin of a cue; it stands until nothing is owed for that cue."""

    code: str
    cue_id: str
    number: int
    title: str
    said: str = ""


class Pressing:
    """Carries out one pin at a time. ``faulty`` is told of each that a person must see to, before anybody
    gets its answer."""

    def __init__(
        self,
        page_map: PageMap,
        faulty: Callable[[Fault], Awaitable[None]],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._map = page_map
        self._faulty = faulty
        self._clock = clock
        self._sleep = sleep
        self._one = asyncio.Lock()
        self._asked: dict[str, asyncio.Task[Came]] = {}
        self._places: dict[str, tuple[int, str]] = {}
        self._ours: str | None = None
        """The product that is on by our own press."""
        self._on: set[int] = set()
        self._ended: dict[int, float] = {}
        self.presses = 0
        self.done = 0

    @property
    def busy(self) -> bool:
        return self._one.locked()

    async def ask(self, effect: Effect, room: RoomDoor, page: GoodsPage) -> Came:
        """Press for an effect, once for its key: whoever asks again gets the same answer. It is carried to
        its end though nobody waits for it any more."""
        task = self._asked.get(effect.key)
        if task is None:
            task = spawn(self._carry(effect, room, page), name=f"讲解 {effect.step}")
            self._asked[effect.key] = task
            for key in [key for key, old in self._asked.items() if old.done()][:-_KEPT]:
                del self._asked[key]
        await asyncio.wait([task])  # who asks may stop waiting; the press does not end with it
        if task.cancelled():  # the browser went: what became of it is read when it is there again
            return Came("unknown", "page_gone")
        return task.result()

    async def query(self, effect: Effect, room: RoomDoor, page: GoodsPage) -> Came | None:
        """What became of it: our own answer, else what the page shows now. None: it goes on, or the page
        does not say."""
        task = self._asked.get(effect.key)
        if task is not None and not task.done():
            return None
        if task is not None and not task.cancelled() and task.exception() is None:
            came = task.result()
            if came.outcome != "unknown":
                return came
        place = await self._place(effect, room)
        if place is None:
            return None
        number, title = place
        quiet = Goal(number, title, effect.step == "on_air")
        if await self._shows(quiet, page):
            return Came("done")
        if task is None:
            await self._faulty(Fault("not_known", effect.cue_id, number, title))
        return None

    async def _shows(self, goal: Goal, page: GoodsPage) -> bool:
        """Whether the page shows what was wanted, pressed by whomever; nothing is pressed for it."""
        async with self._one:
            try:
                shown = await page.look()
                if not shown.whole:
                    shown = joined(await page.sweep(goal.number))
            except PageGone:
                return False
        if word(shown, self._map) != "ready" or not shown.whole:
            return False
        rows = [row for row in shown.rows if row.number == goal.number]
        if len(rows) != 1 or not same_title(rows[0], goal.title):
            return False
        on = [row for row in shown.rows if is_on(row, self._map)]
        return on == rows if goal.on else is_on(rows[0], self._map) is False

    async def _carry(self, effect: Effect, room: RoomDoor, page: GoodsPage) -> Came:
        place = await self._place(effect, room)
        assert isinstance(effect.spec, PinSpec)
        if place is None:
            came, number, title = Came("unknown", "not_in_cart"), 0, effect.spec.product_id
        else:
            number, title = place
            async with self._one:
                product, on = effect.spec.product_id, effect.step == "on_air"
                self.presses += 1
                since = self._ended.get(number)
                goal = Goal(
                    number,
                    title,
                    on,
                    again=on and self._ours == product,
                    not_before=0.0 if since is None else since + self._map.again_after_seconds,
                )
                came = await carry_out(page, goal, self._map, clock=self._clock, sleep=self._sleep)
                self._learn(product, number, on, came)
        if came.outcome == "unknown":
            await self._faulty(Fault(came.code, effect.cue_id, number, title, came.said))
        return came

    def _learn(self, product: str, number: int, on: bool, came: Came) -> None:
        if came.outcome == "done":
            self.done += 1
            self._ours = product if on else None
        elif self._ours == product:
            self._ours = None
        if not on and came.pressed:
            self._ended[number] = self._clock()

    def seen(self, shown: PageLook) -> None:
        """Learn from a look which 讲解 has ended, by whomever."""
        on = {row.number for row in shown.rows if row.number is not None and is_on(row, self._map)}
        drawn = {row.number for row in shown.rows}
        for number in self._on & (drawn - on):
            self._ended[number] = self._clock()
        self._on = {number for number in self._on if number not in drawn} | on

    async def _place(self, effect: Effect, room: RoomDoor) -> tuple[int, str] | None:
        """Number and title of the product; one that left the cart meanwhile as it was."""
        assert isinstance(effect.spec, PinSpec)
        product_id = effect.spec.product_id

        def look(core: RoomCore) -> tuple[int, str] | None:
            product = core.room.products.get(product_id)
            number = next((item.number for item in core.room.cart if item.product_id == product_id), None)
            return None if product is None or number is None else (number, product.title)

        found = await room.view(look)
        if found is not None:
            self._places[product_id] = found
        return found or self._places.get(product_id)

    async def close(self) -> None:
        """Let go of what still runs; the engine asks the next one what became of it."""
        await cancel_all([task for task in self._asked.values() if not task.done()])


async def still_owed(room: RoomDoor, cue_id: str) -> bool:
    """Whether anything is owed for a cue."""

    def look(core: RoomCore) -> bool:
        cue = core.room.cues.get(cue_id)
        return cue is not None and cue.owed is not None

    return await room.view(look)
