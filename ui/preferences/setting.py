"""One value of the room: shown as the room has it, asked for when it was changed, answered beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.clean import clean
from ui.i18n import t
from ui.preferences.page import chips
from ui.seat.seat import Answer
from ui.widgets import NumberField, PlainLabel
from ui.words.answers import sentence

_UNKNOWN: Final = object()
"""Nothing was heard of the room yet."""


class RoomSetting(QWidget):
    """Title, entry, and one line: what it means, or what the engine said to the last change.

    A seat that may not change it has the value as plain text. What is being typed is never taken away: where
    the room's value moves meanwhile, the line says so.
    """

    asked = Signal(object)
    """The person wants this value."""

    def __init__(self, title: str, more: str, *, may: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._more, self._may = more, may
        self._value: Any = _UNKNOWN
        self._sent: Any = _UNKNOWN
        self.title = PlainLabel(title, role="strong")
        self.plain = PlainLabel("—", tone="fg0", lines=0)
        self._line = PlainLabel(more, role="small", tone="fg2", lines=0)
        if not more:
            self._line.hide()
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(self._row)
        column.addWidget(self._line)
        if not may:
            self._row.addWidget(self.plain, 1)

    @property
    def answered(self) -> str:
        """What the line says."""
        return self._line.text()

    def face(self, value: Any) -> str:
        """A value in words."""
        return str(value)

    def editing(self) -> bool:
        """Whether something stands there that was typed and not sent yet."""
        return False

    def put(self, value: Any) -> None:
        """Have the entry show a value."""

    def show_value(self, value: Any) -> None:
        """The room has this value now."""
        if value == self._value:
            return
        first, self._value = self._value is _UNKNOWN, value
        self.plain.setText(clean(self.face(value)))
        if not self._may:
            return
        if self.editing():
            self._say(t("别的席位刚改成 {value}", value=clean(self.face(value))), "warn")
        else:
            if value != self._sent and not first:
                self._say(self._more, "fg2")
            self.put(value)

    def ask(self, value: Any) -> None:
        """The person wants this value."""
        self._sent = value
        self.asked.emit(value)

    def answer(self, said: Answer) -> None:
        """What the engine said to the change."""
        if said.ok:
            self._say(t("已保存"), "ok")
        else:
            self._say(sentence(said), "live")
            self.refused()

    def refused(self) -> None:
        """The engine said no: what is not typed shows what stands."""
        self.put(self._value)

    def give_up(self) -> None:
        """Leave it as the room has it."""
        self.put(self._value)
        self._say(self._more, "fg2")

    def _say(self, words: str, tone: str) -> None:
        self._line.set_tone(tone)
        self._line.setText(words)
        self._line.setVisible(bool(words))


class NumberSetting(RoomSetting):
    """A whole number; Enter, or leaving it, asks for it. ``none``: the word for None, which is typed as 0."""

    def __init__(
        self, title: str, more: str, highest: int, unit: str, *, lowest: int = 0, none: str = "", may: bool
    ) -> None:
        super().__init__(title, more, may=may)
        self._none, self._unit, self._typed = none, unit, False
        self.entry = NumberField(0 if none else lowest, highest, unit=unit)
        self.entry.setKeyboardTracking(False)
        self.entry.setSpecialValueText(none)
        for each in (self.entry, self.entry.lineEdit()):
            each.setAccessibleName(title)
            each.setAccessibleDescription(more)
        self.entry.setMaximumWidth(200)
        self.entry.lineEdit().textEdited.connect(self._touched)
        self.entry.valueChanged.connect(self._touched)
        self.entry.editingFinished.connect(self._done)
        if may:
            self._row.addWidget(self.entry)
            self._row.addStretch(1)

    def face(self, value: Any) -> str:
        return self._none if value is None else f"{value:,} {self._unit}"

    def editing(self) -> bool:
        return self._typed

    def put(self, value: Any) -> None:
        self.entry.blockSignals(True)
        self.entry.setValue(0 if value is None else value)
        self.entry.blockSignals(False)
        self._typed = False

    def refused(self) -> None:
        self._typed = True  # it stays to be mended

    def _touched(self, _new: object) -> None:
        self._typed = True

    def _done(self) -> None:
        if not self._typed:
            return
        value: int | None = self.entry.value()
        if self._none and value == 0:
            value = None
        self._typed = False
        if value != self._value:
            self.ask(value)
        else:
            self.give_up()


class TextSetting(RoomSetting):
    """A line of text; Enter, or leaving it, asks for it."""

    def __init__(self, title: str, more: str, longest: int, *, may: bool) -> None:
        super().__init__(title, more, may=may)
        self.typed = QLineEdit()
        self.typed.setMaxLength(longest)
        self.typed.setAccessibleName(title)
        self.typed.setAccessibleDescription(more)
        self.typed.editingFinished.connect(self._done)
        if may:
            self._row.addWidget(self.typed, 1)

    def face(self, value: Any) -> str:
        return str(value) or t("没有写")

    def editing(self) -> bool:
        return self.typed.isModified()

    def put(self, value: Any) -> None:
        self.typed.setText(value or "")

    def refused(self) -> None:
        self.typed.setModified(True)  # it stays to be mended

    def _done(self) -> None:
        if self.typed.isModified():
            self.typed.setModified(False)
            if self.typed.text() != self._value:
                self.ask(self.typed.text())
            else:
                self.give_up()


class ChoiceSetting(RoomSetting):
    """A few choices side by side; a press asks for it at once."""

    def __init__(self, title: str, more: str, faces: Sequence[tuple[Any, str]], *, may: bool) -> None:
        super().__init__(title, more, may=may)
        self._faces = dict(faces)
        self._group = QButtonGroup(self)
        acts: list[tuple[str, Callable[[], None]]] = [
            (face, partial(self._pressed, value)) for value, face in faces
        ]
        held, self.chips = chips(title, acts, self._group)
        if may:
            self._row.addWidget(held, 1)
        else:
            held.setParent(self)
            held.hide()

    def face(self, value: Any) -> str:
        return str(self._faces.get(value, value))

    def put(self, value: Any) -> None:
        self._group.setExclusive(False)
        for known, chip in zip(self._faces, self.chips, strict=True):
            chip.setChecked(known == value)
        self._group.setExclusive(True)
        if value not in self._faces:
            self._say(t("现在是 {value}", value=clean(self.face(value))), "fg1")

    def _pressed(self, value: Any) -> None:
        if value == self._value:
            return
        self.put(self._value)  # it stands once the engine has it on disk
        self.ask(value)
