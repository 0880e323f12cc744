"""Bring one 讲解 about on a console's page: look, do what `pin.next_act` says, look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.connectors.browser.maps import PageMap
from liveconsole.connectors.browser.pin import (
    Came,
    CloseDialog,
    Confirm,
    Course,
    Goal,
    Press,
    ScrollTo,
    Sweep,
    Wait,
    next_act,
    not_pressed,
)
from liveconsole.connectors.browser.reading import PageLook, Row

_LONGEST: Final = 20.0
"""Beside the time that a platform wants between an end and its repetition."""
_ACTS_MOST: Final = 2000


class Swept(Struct, frozen=True):
    """The rows at each place of a list that draws only what one sees, and a look at its end."""

    looks: list[list[Row]]
    last: PageLook
    whole: bool
    """Nothing was passed over undrawn."""


class GoodsPage(Protocol):
    """The page with the products. Every call may raise `PageGone`."""

    async def look(self) -> PageLook: ...
    async def press(self, row: Row) -> bool:
        """Press the row's button if it is as it was read; else do nothing and return False."""

    async def close_dialog(self) -> None: ...
    async def confirm(self) -> None: ...
    async def reach(self, number: int) -> PageLook: ...
    async def sweep(self, number: int) -> Swept: ...


class PageGone(Exception):
    """The page, or the browser, is away or does not answer. ``code``: how the connection says it."""

    def __init__(self, why: str, code: str = "page_gone") -> None:
        super().__init__(why)
        self.code = code


async def carry_out(
    page: GoodsPage,
    goal: Goal,
    page_map: PageMap,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
) -> Came:
    """Return what came of it; it never takes longer than the map and `_LONGEST` allow."""
    course = Course(clock())
    until = course.began + _LONGEST + page_map.again_after_seconds * (2 if goal.again else 1)
    try:
        shown = await page.look()
        for _ in range(_ACTS_MOST):
            if clock() > until:
                break
            act = next_act(goal, shown, course, page_map, clock())
            if isinstance(act, Came):
                return act
            if isinstance(act, Press):
                if not await page.press(act.row):
                    not_pressed(course)
                    await sleep(0.02)
            elif isinstance(act, CloseDialog):
                await page.close_dialog()
                await sleep(0.05)
            elif isinstance(act, Confirm):
                await page.confirm()
                await sleep(0.05)
            elif isinstance(act, Wait):
                await sleep(act.seconds)
            if isinstance(act, ScrollTo):
                shown = await page.reach(act.number)
            elif isinstance(act, Sweep):
                shown = joined(await page.sweep(act.number))
            else:
                shown = await page.look()
    except PageGone:
        return Came("unknown", "page_gone", pressed=course.pressed_at is not None)
    return Came("unknown", "stuck", pressed=course.pressed_at is not None)


def joined(swept: Swept) -> PageLook:
    """One look made of many: each row once, as often as it stood there at one time, as it was read last."""
    latest: dict[int | str, Row] = {}
    most: Counter[int | str] = Counter()
    for rows in [*swept.looks, swept.last.rows]:
        for name, times in Counter(map(_name, rows)).items():
            most[name] = max(most[name], times)
        latest.update((_name(row), row) for row in rows)
    whole = [row for name, row in latest.items() for _ in range(most[name])]
    return replace(swept.last, rows=whole, whole=swept.whole)


def _name(row: Row) -> int | str:
    return row.text if row.number is None else row.number
