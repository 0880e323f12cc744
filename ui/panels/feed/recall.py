"""What groups were asked before this desk joined, read back off the log: every desk counts the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.views.feed import Feed

Page = Callable[[int, int, Sequence[str]], Awaitable[list[dict[str, Any]] | None]]
"""(after, limit, types) → events of the log in order, or None when nobody can be asked."""

PAGE: Final = 500
"""Events that are read at once: some milliseconds of this thread."""
PAGES: Final = 200
"""In a flood ten minutes are millions of comments: then the count says since when it counts."""
_BREATH: Final = 0.02


class Recall:
    """Goes back from the first event of a feed until the groups' window is full; `stop` ends it.

    ``since`` is the moment from which the counts stand, None once they are whole. ``moved`` is called after
    every page that brought something.
    """

    def __init__(self, feed: Feed, page: Page, moved: Callable[[], None], owner: QObject) -> None:
        self.since: datetime | None = None
        self._feed, self._page, self._moved, self._owner = feed, page, moved, owner
        self._task = tasks.spawn(self._run(feed.begun), name="feed recall")

    def stop(self) -> None:
        """The lists are others now, or the panel goes."""
        self._task.cancel()

    async def _run(self, before: int) -> None:
        for _ in range(PAGES):
            after = max(0, before - PAGE - 1)
            found = await self._page(after, PAGE, ("comment.posted",))
            if found is None or not shiboken6.isValid(self._owner):
                return
            comments = [event for event in found if event["seq"] < before]
            self._feed.recall(comments)
            oldest = datetime.fromisoformat(comments[0]["at"]) if comments else self.since
            if after == 0 or (oldest is not None and oldest.timestamp() < self._feed.counts.reaches):
                self.since = None
                self._moved()
                return
            self.since, before = oldest, after + 1
            self._moved()
            await asyncio.sleep(_BREATH)
