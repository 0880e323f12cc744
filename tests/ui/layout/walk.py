"""A desk on a fake bus that is made to stand in every size, and asked what is wrong with it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from liveconsole.messages.state import SeatState, State
from tests.ui.committed import NOW, busy
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import Fault, faults
from tests.ui.test_desk import AtDesk
from ui import i18n, theme
from ui.seat.room import EVERYTHING
from ui.seat.session import Role
from ui.windows.folding import LOWEST

SIZES: Final = ((960, 520), (1024, 640), (1366, 728), (1440, 900), (1920, 1040))
"""Logical pixels: a screen's, less its bars."""
SEATED: Final = (
    SeatState("host", NOW - timedelta(minutes=72), "云朵", "here"),
    SeatState("assistant", NOW - timedelta(minutes=40), "小林", "there"),
)
"""Who follows, so that the footer has something to say: this window first."""
LARGE: Final = ((1366, 728), (1440, 852), (1920, 1040))
"""Screens on which people make type larger."""
ROWS: Final = {size: 2 if size == (960, 520) else 3 for size in (*SIZES, *LARGE)}
"""How many rows of the queue are whole at least, where so many wait."""


class WalkedDesk:
    """``async with`` a desk, the host's where nothing else is said, on one state in one language."""

    def __init__(self, folder: Path, state: State, language: str, role: Role = "host") -> None:
        self._folder, self._language, self._role = folder / "seat", language, role
        self._state = replace(state, health=replace(state.health, seats=list(SEATED)))

    async def __aenter__(self) -> Self:
        i18n.use(self._language)
        at = AtDesk(self._role, self._state)
        await at.open(self._folder)
        assert at.shell.seat is not None
        at.shell.seat.id = SEATED[0].seat
        self._at: Any = at
        self.desk.feed.take(list(busy(200)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._at.shell.leave()
        self._at.shell.deleteLater()
        await tasks.cancel_all()
        shutil.rmtree(self._folder, ignore_errors=True)
        i18n.use("zh")

    @property
    def window(self) -> QWidget:
        window: QWidget = self._at.shell
        return window

    @property
    def desk(self) -> Any:
        return self._at.desk

    async def stand(self, width: int, height: int) -> None:
        """In that size, with what the state says, at rest."""
        self.window.resize(width, height)
        self.desk._show(EVERYTHING, NOW)
        self.desk.feed.tick(NOW)
        for _ in range(8):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        for _ in range(3):
            self.desk._tick(NOW)  # what the desk's own clock said meanwhile is another day
            QApplication.sendPostedEvents()

    async def faults(self, width: int, height: int) -> list[Fault]:
        await self.stand(width, height)
        found = faults(self.window) + painted_faults(self.window)
        if (self.window.width(), self.window.height()) != (width, height):
            found.append(
                Fault("window_fits", "Shell", f"{self.window.size().toTuple()} not {width} x {height}")
            )
        return found + self._rows((width, height)) + self._next()

    def _rows(self, size: tuple[int, int]) -> list[Fault]:
        rows = self.desk.queue.rows()
        whole = [row for row in rows if row.isVisible() and row.visibleRegion().boundingRect() == row.rect()]
        # Type so large on so small a screen leaves one beside the recall bar; the list has the others.
        least = 1 if size[1] / theme.text_scale() < LOWEST else ROWS[size]
        wanted = min(least, len(rows))
        if len(whole) >= wanted:
            return []
        return [Fault("queue_has_rows", "QueuePanel", f"{len(whole)} of {len(rows)} rows are whole")]

    def _next(self) -> list[Fault]:
        """下一品 is the lowest of its column, wherever what is to be done stands."""
        left = self.desk.left
        if not left.isVisible() or left._front.box.isHidden():
            return []  # the comments have its place, or this seat does not go on
        box, owed = left._front.box, left.owed
        low = box.geometry().bottom() >= left._front.height() - 3
        if low and (owed.isHidden() or owed.geometry().bottom() < box.geometry().top() + 1):
            return []
        return [Fault("next_is_lowest", "LeftColumn", f"{box.geometry()} and {owed.geometry()}")]

    def picture(self, path: Path) -> None:
        self.window.grab().save(str(path))


@contextmanager
def application() -> Iterator[Callable[[Coroutine[Any, Any, None]], None]]:
    """A dressed application and what runs a coroutine on its loop."""
    from qasync import QEventLoop

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    i18n.use("zh")
    theme.apply(app)
    loop = QEventLoop(app)
    yield loop.run_until_complete
    loop.close()
