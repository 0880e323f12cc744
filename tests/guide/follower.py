"""A person who has the guide in one hand: presses what it says, and looks for what it says will be there."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from tests.end2end.by_keyboard import Keyboard
from tests.guide.steps import Action, Step
from ui.widgets import MoneyButton
from ui.windows.commands import TWICE_SECONDS
from ui.windows.shell import Shell

WITHIN: Final = 25.0
"""Seconds until what the guide promises has to be in sight on a busy machine."""
_SUDDEN: Final = 0.1
_READS: Final = 0.8
_HELD: Final = 2.2
"""Seconds: as long as the longest that is told of."""
_NAMES: Final = {"Enter": Qt.Key.Key_Return, "?": Qt.Key.Key_Question, "PgDn": Qt.Key.Key_PageDown}
_READ: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_MODIFIERS: Final = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier,
                     "Alt": Qt.KeyboardModifier.AltModifier}  # fmt: skip


class NotAsTheGuideSays(AssertionError):
    """Says which step, and what of it did not come."""


def key_of(name: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """Return the key of a name as the guide prints it: ``Ctrl+Shift+1``."""
    *held, last = name.split("+") if name != "+" else [name]
    key = _NAMES.get(last) or QKeySequence(last)[0].key()  # type: ignore[index]
    assert key != Qt.Key.Key_unknown, name
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= _MODIFIERS[each]
    return key, modifiers


def in_sight(words: str) -> bool:
    """Whether the words stand in any window, on something that is shown."""
    return any(words in _says(each) for each in QApplication.allWidgets() if each.isVisible())


def drawn(key: str) -> bool:
    """Whether a button that can be pressed has this key on it: nobody presses a number that is nowhere."""
    buttons = (each for each in QApplication.allWidgets() if isinstance(each, MoneyButton))
    return any(each.isVisible() and each.key_name == key and each.isEnabled() for each in buttons)


def _says(widget: QWidget) -> str:
    said = [widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, QLabel | QAbstractButton):
        said.append(widget.text())
    if isinstance(widget, QPlainTextEdit):
        said.append(widget.toPlainText())
    if isinstance(widget, QAbstractItemView):
        model = widget.model()
        rows = (model.index(row, 0) for row in range(model.rowCount()))
        said += [str(row.data(role) or "") for row in rows for role in _READ]
    return "\n".join(said)


class Follower(Keyboard):
    """Follows one step after the other."""

    def __init__(self, shell: Shell, within: float = WITHIN) -> None:
        super().__init__(shell)
        self.within = within
        self._pressed: dict[str, float] = {}

    async def follow(self, step: Step) -> None:
        """Do all of a step. Raises NotAsTheGuideSays."""
        held: Qt.Key | None = None
        for action in step.actions:
            try:
                if action.does == "hold":
                    held = key_of(action.what)[0]
                    await self.hold(held)
                    await asyncio.sleep(_HELD)
                else:
                    await self._does(action)
            except AssertionError as why:
                raise NotAsTheGuideSays(f"step {step.number}, {action.does} {action.what!r}: {why}") from why
            if action.does == "see" and held is not None:
                await self.let_go(held)
                held = None

    async def _does(self, action: Action) -> None:
        if action.does == "press":
            # As a person does who reads on between two presses: sooner the second is the first once more.
            again = self._pressed.get(action.what, 0.0) + TWICE_SECONDS + 0.1
            await asyncio.sleep(max(0.1, again - time.monotonic()))
            numbered = action.what.startswith("Ctrl+") and action.what[-1].isdigit()
            if numbered and self.shell.pages.currentWidget() is self.shell.desk:
                await self.sees(lambda: drawn(action.what), self.within)
            await self.press(*key_of(action.what))
            self._pressed[action.what] = time.monotonic()
        elif action.does == "tab":
            await self.sees(lambda: in_sight(action.what), self.within)
            await self.tabs_to(
                lambda at: isinstance(at, QAbstractButton) and action.what in _says(at).splitlines(),
                back=action.back,
            )
        elif action.does == "put":
            await self.pastes(action.what)
        else:
            await self._looks_for(action.what)

    async def _looks_for(self, words: str) -> None:
        """What had to be waited for is read before anything is pressed: the desk counts on that as well."""
        began = time.monotonic()
        await self.sees(lambda: in_sight(words), self.within)
        if time.monotonic() - began > _SUDDEN:
            await asyncio.sleep(_READS)
