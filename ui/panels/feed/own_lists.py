"""The user's own lists of words, looked at again whenever somebody comes back to the desk."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.advice.words import marked
from liveconsole.views.highlights import CommentMarks
from ui.alive import alive
from ui.panels.feed.lists import load_look, stamps

log = logging.getLogger(__name__)


class OwnLists(QObject):
    """``changed(look, problems)`` when one of the files in ``folder`` has changed; without a folder never."""

    changed = Signal(object, list)

    def __init__(self, folder: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._seen = stamps(folder) if folder is not None else None

    def load(self) -> tuple[CommentMarks, list[str]]:
        """The lists as they are now, and what cannot be used of the user's own."""
        return load_look(self._folder)

    def teach(self, text: str) -> None:
        """This very comment needs no mark from now on."""
        if self._folder is not None:
            tasks.spawn(self._teach(self._folder, text), name="a comment let be")

    async def _teach(self, folder: Path, text: str) -> None:
        try:
            await alive(self, asyncio.to_thread(marked.teach, folder, text))
        except OSError as error:
            log.warning("what is let be cannot be written: %s", error.strerror)
        await self._look(folder)

    def look(self) -> None:
        """Whether one has changed, off this thread."""
        if self._folder is not None:
            tasks.spawn(self._look(self._folder), name="feed lists")

    async def _look(self, folder: Path) -> None:
        seen = await asyncio.to_thread(stamps, folder)
        if not shiboken6.isValid(self) or seen == self._seen:
            return
        self._seen = seen
        look, problems = await asyncio.to_thread(load_look, folder)
        if shiboken6.isValid(self):
            self.changed.emit(look, problems)
