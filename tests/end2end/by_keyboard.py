"""A person who has a keyboard only, and somebody beside them who watches what must never happen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from liveconsole.bus.client import Client
from tests.end2end.desk_person import CTRL, SHIFT, Person
from ui.bench.beat import Heartbeat, spread
from ui.held_keys import REPEAT_MS
from ui.panels.notes import NoteSheet
from ui.sheets.sheet import Sheet
from ui.sheets.table import TableSheet
from ui.windows.shell import Shell

TABS_AT_MOST = 80
FINGER = 2 * REPEAT_MS / 1000
"""Between two presses of one key: what comes sooner the desk takes for a key that was held."""
_NONE = Qt.KeyboardModifier.NoModifier


class Watch(QObject):
    """Modal windows, gaps of the event loop, a feed that stands still, and warnings."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.modal: list[str] = []
        self.warnings: list[str] = []
        self._seen: tuple[int, float] | None = None
        self.still = 0.0
        """The longest time without a new comment while the feed was watched, in seconds."""
        self.beat = Heartbeat(self)
        self._handler = _Warnings(self.warnings)
        logging.getLogger().addHandler(self._handler)
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def watch_loop(self) -> None:
        """From here on gaps of the event loop count: the desk has been loaded."""
        self.beat.begin()

    def look(self) -> None:
        """Look once."""
        modal = QApplication.activeModalWidget()
        if modal is not None:
            self.modal.append(f"{type(modal).__name__} {modal.windowTitle()}")
        if self._seen is None or self._shell.desk is None:
            return
        comments, now = self._shell.desk.feed.feed.comments, time.monotonic()
        if comments != self._seen[0]:
            self._seen = comments, now
        else:
            self.still = max(self.still, now - self._seen[1])

    def watch_feed(self, on: bool) -> None:
        """From here on the feed must go on, or need not."""
        self._seen = (0, time.monotonic()) if on else None

    def end(self) -> dict[str, object]:
        """What was seen. Milliseconds; seconds for ``still``."""
        self._timer.stop()
        self.beat.stop()
        logging.getLogger().removeHandler(self._handler)
        return {
            "modal": self.modal,
            "warnings": self.warnings,
            "still": round(self.still, 2),
            "gap": {name: round(ms, 1) for name, ms in spread(self.beat.gaps).items()},
        }


class _Warnings(logging.Handler):
    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._into = into

    def emit(self, record: logging.LogRecord) -> None:
        self._into.append(f"{record.name}: {record.getMessage()}")


class Keyboard(Person):
    """Presses keys on whatever window has the focus, and nothing else."""

    def __init__(self, shell: Shell, outside: Client | None = None) -> None:
        super().__init__(shell, outside)
        self.watch = Watch(shell)
        self._last: Qt.Key | None = None

    async def sits_down(self) -> None:
        """The desk is there, has joined, and has the keyboard."""
        await self.sees(lambda: self.joined, 30.0)
        self.shell.activateWindow()
        await self.sees(QGuiApplication.focusWindow)
        self.watch.watch_loop()

    async def press(self, key: Qt.Key, held: Qt.KeyboardModifier = _NONE) -> None:
        if key == self._last:
            await asyncio.sleep(FINGER)
        self._last = key
        await self._on_focus(lambda window: QTest.keyClick(window, key, held))

    async def hold(self, key: Qt.Key) -> None:
        await self._on_focus(lambda window: QTest.keyPress(window, key))

    async def let_go(self, key: Qt.Key) -> None:
        await self._on_focus(lambda window: QTest.keyRelease(window, key))

    async def click(self, widget: QWidget) -> None:
        raise AssertionError(f"no mouse here: {widget}")

    async def _on_focus(self, does: Callable[[QWindow], None]) -> None:
        self.watch.look()
        window = QGuiApplication.focusWindow()
        assert window is not None, "the desk lost the keyboard"
        await self._hand(lambda: does(window))
        self.watch.look()

    async def types(self, text: str) -> None:
        """Letters, digits and blanks, key by key."""
        for letter in text:
            await self.press(Qt.Key(ord(letter.upper())), SHIFT if letter.isupper() else _NONE)

    async def pastes(self, text: str) -> None:
        """What was copied elsewhere: rows of a table, a line of a chat."""
        QGuiApplication.clipboard().setText(text)
        await self.press(Qt.Key.Key_V, CTRL)

    async def tabs_to(self, is_it: Callable[[QWidget], bool], back: bool = False) -> QWidget:
        """Tab until the keyboard is where it is wanted, as a person does who looks at the frame move."""
        for _ in range(TABS_AT_MOST):
            focus = QApplication.focusWidget()
            if focus is not None and is_it(focus):
                return focus
            await self.press(Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab, SHIFT if back else _NONE)
        raise AssertionError("Tab does not come there")

    async def presses_button(self, name: str, back: bool = False) -> None:
        """Go to a button by its words, and press it with the space bar."""
        await self.tabs_to(lambda at: isinstance(at, QAbstractButton) and _words(at) == name, back)
        await self.press(Qt.Key.Key_Space)

    async def sends_the_note(self) -> None:
        """Enter, the sheet says that it was sent, Esc."""
        sheet = self.desk.side.sheet
        assert isinstance(sheet, NoteSheet)
        await self.press(Qt.Key.Key_Return)
        await self.sees(lambda: sheet.said.text().startswith("送到了"))
        await self.press(Qt.Key.Key_Escape)
        await self.sees(lambda: self.desk.side.sheet is None)

    async def takes_the_sheets_offer(self) -> None:
        """The primary key of the sheet that is open, once it can be pressed."""
        sheet = self.desk.side.sheet
        assert isinstance(sheet, Sheet)

        def offer() -> QPushButton | None:
            found = (b for b in sheet.findChildren(QPushButton) if b.property("look") == "primary")
            return next((b for b in found if b.isVisible() and b.isEnabled()), None)

        await self.sees(offer)
        wanted = offer()
        await self.tabs_to(lambda at: at is wanted)
        await self.press(Qt.Key.Key_Space)
        if isinstance(sheet, TableSheet):
            # What came of it stands there until it was read; the same key closes it.
            await self.sees(lambda: sheet.put.text() == "完成")
            await self.press(Qt.Key.Key_Space)
        await self.sees(lambda: self.desk.side.sheet is not sheet)


def reads(part: QWidget, words: str) -> bool:
    """Whether `words` stand somewhere in sight in `part`, or are read out there."""
    return any(
        words in each.accessibleName() or (isinstance(each, QLabel) and words in each.text())
        for each in part.findChildren(QWidget)
        if each.isVisible()
    )


def _words(button: QAbstractButton) -> str:
    return button.accessibleName() or button.text()
