"""What groups were asked before this desk joined, read back off the log: every desk counts the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.views.feed import Feed

Page = Callable[[int, int], Awaitable[list[dict[str, Any]] | None]]
"""(after, limit) → events of the log in order, or None when nobody can be asked."""

PAGE: Final = 500
"""Events that are read at once: some milliseconds of this thread."""
PAGES: Final = 200
"""In a flood ten minutes are millions of comments: then the count says since when it counts."""
_ASKING: Final = ("comment.posted", "question.answered")
_BREATH: Final = 0.02
_AGAIN: Final = 1.0
"""Seconds until the log is asked again after nobody could be."""


class Earlier:
    """Goes back from the first event of a feed until the groups' window is full; `stop` ends it.

    ``moved`` is called after every page. How far back it has come stands in `Counts.since`.
    """

    def __init__(self, feed: Feed, page: Page, moved: Callable[[], None], owner: QObject) -> None:
        self._counts, self._take = feed.counts, feed.take_earlier
        self._page, self._moved, self._owner = page, moved, owner
        self._task = tasks.spawn(self._run(feed.begun), name="feed earlier")

    def stop(self) -> None:
        """Groups are counted anew."""
        self._task.cancel()

    async def _run(self, before: int) -> None:
        pages = 0
        while before > 1 and self._counts.since > self._counts.reaches and pages < PAGES:
            after = max(0, before - PAGE - 1)
            # Of every type: a page of comments alone would be searched for through a log that has few.
            found = await self._page(after, PAGE)
            if not shiboken6.isValid(self._owner):
                return
            if found is None:
                await asyncio.sleep(_AGAIN)
                continue
            earlier = [event for event in found if event["seq"] < before]
            self._take(event for event in earlier if event["type"] in _ASKING)
            if earlier:
                self._counts.since = int(datetime.fromisoformat(earlier[0]["at"]).timestamp())
            before, pages = after + 1, pages + 1
            self._moved()
            await asyncio.sleep(_BREATH)
        if before <= 1:
            self._counts.since = 0
            self._moved()
