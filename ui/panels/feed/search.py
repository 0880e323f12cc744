"""A search of the whole log, page by page in the background, newest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.views.feed import Feed, FoundComments
from ui.i18n import t
from ui.panels.feed.words import clock_time

Ask = Callable[[str, int], Awaitable[dict[str, Any] | None]]
"""(words, before seq) → ``{"events", "before", "at"}``, or None when nobody can be asked."""


class Search:
    """One search. ``moved`` is called after every page, as long as ``owner`` lives and it was not stopped."""

    def __init__(self, feed: Feed, ask: Ask, words: str, moved: Callable[[], None], owner: QObject) -> None:
        self.found = FoundComments(feed)
        self.running = True
        self._failed = False
        self._at = ""
        self._ask, self._words, self._moved, self._owner = ask, words, moved, owner
        self._task = tasks.spawn(self._run(), name="search the log")

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self.running = False
        self._task.cancel()

    def says(self) -> str:
        """How far it is."""
        n = f"{len(self.found):,}"
        if self._failed:
            return t("整场搜索中断，已找到 {n} 条", n=n)
        if self.running:
            return t(
                "整场搜索 · 已找到 {n} 条 · 搜到 {time}", n=n, time=clock_time(self._at) if self._at else "…"
            )
        if self.found.full:
            return t("整场搜索 · 只留最近 {n} 条", n=n)
        return t("整场搜索 · 共 {n} 条", n=n)

    async def _run(self) -> None:
        before = 0
        while self.running:
            page = await self._ask(self._words, before)
            if not shiboken6.isValid(self._owner):
                return
            if page is None:
                self._failed = True
                break
            self.found.older(page["events"])
            before, self._at = int(page["before"]), str(page["at"])
            if before <= 1 or self.found.full:
                break
            self._moved()
        self.running = False
        self._moved()
