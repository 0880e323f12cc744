"""Posts in turn: several connections of one producer at once, and what they bring is taken in its order.

The header ``Publish-Order: NAME/N`` names a line and a place in it, from 1. A post waits until the one before
it is taken in; one that is sent again (429) comes when it comes, and those behind it wait.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from typing import Final

from liveconsole.bus.http import ErrorAnswer

HEADER: Final = "Publish-Order"
WAIT_SECONDS: Final = 10.0
_MOST_LINES: Final = 1_000
_MOST_WAITING: Final = 16
_ORDER: Final = re.compile(r"([A-Za-z0-9-]{1,64})/([1-9][0-9]{0,17})")


class Turns:
    """Every line that is known; of more than `_MOST_LINES` the one that rested longest goes."""

    def __init__(self) -> None:
        self._lines: OrderedDict[tuple[str, str], _Line] = OrderedDict()

    async def wait(self, order: str, of: str = "") -> Turn:
        """Return when it is this post's turn. ``of``: whose lines they are; each has names of his own.

        Raises:
            ErrorAnswer: 400 for a header that is none; 429 where the one before does not come, or too many
                wait.
        """
        found = _ORDER.fullmatch(order)
        if found is None:
            raise ErrorAnswer(400, "bad_shape", detail=HEADER)
        name, place = (of, found[1]), int(found[2])
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = _Line()
            if len(self._lines) > _MOST_LINES:
                self._lines.popitem(last=False)
        self._lines.move_to_end(name)
        await line.wait(place)
        return Turn(line, place)


class Turn:
    """It is this post's turn, until it is `over`."""

    def __init__(self, line: _Line, place: int) -> None:
        self._line, self._place = line, place

    def over(self) -> None:
        """It was taken in: the next one may."""
        self._line.taken(self._place)


class _Line:
    """A line that nothing was taken of may be one that was known before: whoever is first in it when the time
    is over goes on, and those behind follow."""

    def __init__(self) -> None:
        self._next = 1
        self._new = True
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def wait(self, place: int) -> None:
        if place <= self._next:
            return  # its turn, or one that is sent again: known by its ids
        if len(self._waiting) >= _MOST_WAITING or place in self._waiting:
            raise _later()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[place] = turn
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turn
        except TimeoutError:
            if not self._new or place > min(self._waiting):
                raise _later() from None
        finally:
            del self._waiting[place]

    def taken(self, place: int) -> None:
        self._new = False
        self._next = max(self._next, place + 1)
        turn = self._waiting.get(self._next)
        if turn is not None and not turn.done():
            turn.set_result(None)


def _later() -> ErrorAnswer:
    return ErrorAnswer(429, "inbox_full", headers={"Retry-After": "1"})
