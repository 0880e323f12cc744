"""Keys for what a person would else go to with the mouse: sheets, waiting cards, the parts of the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.rights import may
from ui.key_owner import is_text
from ui.panels.owed import OwedPanel
from ui.panels.stage.claims import WinnersRow
from ui.sheets.sheet import SideStack
from ui.windows.commands import SeatCommands
from ui.windows.left_column import LeftColumn
from ui.windows.segments import SegmentCommands
from ui.windows.sheets import SheetOpener
from ui.windows.undo import UndoKey

_NEEDS: Final = {
    "Ctrl+I": ("catalogue.put",), "Ctrl+R": ("rundown.put",), "Ctrl+P": ("cue.add",),
}  # fmt: skip


class DeskKeyboard(QObject):
    """Belongs to one desk. Nothing here fires; F6 goes through `areas` in their order."""

    def __init__(
        self,
        desk: QWidget,
        areas: Sequence[QWidget],
        *,
        commands: SeatCommands,
        sheets: SheetOpener,
        segments: SegmentCommands,
        owed: OwedPanel,
        side: SideStack,
        undo: UndoKey,
        alarms: Callable[[], bool],
        winners: WinnersRow,
        bring: Callable[[QWidget], bool],
    ) -> None:
        super().__init__(desk)
        self._desk, self._areas = desk, areas
        self._commands, self._owed, self._side, self._undo = commands, owed, side, undo
        self._alarms, self._winners, self._bring = alarms, winners, bring
        self._opens: dict[str, Callable[[], object]] = {
            "Ctrl+I": sheets.products,
            "Ctrl+R": segments.paste,
            "Ctrl+P": sheets.compose,
            "Ctrl+E": sheets.handover,
        }

    def opens(self, name: str, sheet: Callable[[], object]) -> None:
        """One more key that opens a sheet."""
        self._opens[name] = sheet

    def key(self, name: str) -> bool:
        """One of `ui.keys.REACHING`; whether it had anything to do."""
        if name in ("F6", "Shift+F6"):
            return self.go(1 if name == "F6" else -1)
        if name == "Ctrl+G":
            return self._alarms()
        if name == "Ctrl+Z":
            return self._undo.press()
        if name in ("Ctrl+Y", "Ctrl+N"):
            done = name == "Ctrl+Y"
            return not self._commands.locked and (
                self._owed.answer(done=done) or self._winners.settle(ok=done)
            )
        if not all(may(self._commands.role, command) for command in _NEEDS.get(name, ())):
            return False
        before = self._side.sheet
        self._opens[name]()
        sheet = self._side.sheet
        if sheet is None or sheet is before:
            return False
        # Opened by a key, so the next keys are meant for it.
        focus = QApplication.focusWidget()
        if focus is None or not sheet.isAncestorOf(focus):
            _enter(sheet)
        return True

    def go(self, by: int) -> bool:
        """The keyboard goes to the next part of the desk that has anything to go to."""
        focus = QApplication.focusWidget()
        here = next((n for n, area in enumerate(self._areas) if focus and area.isAncestorOf(focus)), None)
        at = here if here is not None else -1 if by > 0 else 0
        for _ in self._areas:
            at = (at + by) % len(self._areas)
            area = self._areas[at]
            if self._bring(area):
                # It was out of sight; the keyboard may find nothing in it, and the eye does.
                _ = (isinstance(area, LeftColumn) and area.enter()) or _enter(area)
                return True
            if (isinstance(area, LeftColumn) and area.enter()) or _enter(area):
                return True
        return False

    def writing(self) -> bool:
        """Whether the cursor is in a line of the desk."""
        focus = QApplication.focusWidget()
        return focus is not None and self._desk.isAncestorOf(focus) and is_text(focus)

    def back(self) -> bool:
        """Esc: out of lines, lists and buttons, so that PgDn is 下一品 again. A line of the feed has an Esc
        of its own."""
        focus = QApplication.focusWidget()
        if focus is None or focus is self._desk or not self._desk.isAncestorOf(focus):
            return False
        if self._side.isAncestorOf(focus) and is_text(focus):
            return False
        self._desk.setFocus()
        return True


def _enter(area: QWidget) -> bool:
    """Give the keyboard to the first thing in `area` that Tab comes to."""
    each = area.nextInFocusChain()
    while each is not None and each is not area:
        reached = each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
        if reached and area.isAncestorOf(each):
            each.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        each = each.nextInFocusChain()
    return False
