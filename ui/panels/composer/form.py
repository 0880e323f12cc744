"""What every kind's form has: fields with answers, a draft that is never guessed, templates."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages import specs
from ui.i18n import t
from ui.seat.room import RoomView
from ui.widgets import NumberField
from ui.widgets.entry import Field, MoneyEntry

Spec = dict[str, Any]
"""A spec as it is sent."""
Terms = TypeVar("Terms", bound=specs.Spec)
LONGEST: Final = 30 * 86_400
_FIELD_OF: Final = {
    "spec.name": "name",
    "spec.rule": "threshold",
    "spec.prize.name": "prize",
    "spec.entry.keyword": "keyword",
}
_LASTS: Final = re.compile(r"(\d{1,5})(?:[:：]([0-5]?\d))?")


class LastsEntry(QLineEdit):
    """How long: ``10`` is ten minutes, ``1:30`` a minute and a half."""

    def __init__(self, seconds: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(8)
        self.setPlaceholderText(t("分 或 分:秒"))
        self.set_seconds(seconds)

    def set_seconds(self, seconds: int) -> None:
        """Stand in for typing."""
        minutes, rest = divmod(seconds, 60)
        self.setText(f"{minutes}:{rest:02}" if rest else str(minutes))

    def seconds(self) -> int | None:
        """Seconds, None when what stands there is no span."""
        found = _LASTS.fullmatch(self.text().strip())
        if found is None:
            return None
        seconds = int(found[1]) * 60 + int(found[2] or 0)
        return seconds if 0 < seconds <= LONGEST else None


class Form(QWidget, Generic[Terms]):
    """One kind. ``changed`` after every keystroke; ``draft`` is None while a field cannot be read."""

    changed = Signal()
    kind = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room: RoomView | None = None
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def add(self, name: str, label: str, entry: QWidget, unit: str = "") -> Field:
        """A field under its name; refusals of the rules are placed by it."""
        field = self.fields[name] = Field(label, entry, unit)
        if isinstance(entry, QLineEdit):
            entry.textChanged.connect(self.changed)
        elif isinstance(entry, NumberField):
            entry.valueChanged.connect(self.changed)
        elif isinstance(entry, QComboBox):
            entry.currentIndexChanged.connect(self.changed)
        return field

    def show_room(self, room: RoomView) -> None:
        """Products may have come or gone."""
        self.room = room

    @abstractmethod
    def draft(self) -> Spec | None:
        """The spec as it stands in the fields."""

    @abstractmethod
    def fill(self, spec: Terms) -> None:
        """Put an existing promotion into the fields."""

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        """Words on a key, and what it fills in."""
        return []

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        """The name of the field that a refusal belongs to, ``""`` for none."""
        return ""

    def field_of(self, path: str) -> str:
        """The name of the field that a text of the spec stands in (``spec.prize.name``), ``""`` for none."""
        return _FIELD_OF.get(path, "")

    def clear_answers(self) -> None:
        """Nothing is wrong any more, or it is judged anew."""
        for field in self.fields.values():
            field.answer("")

    # Reading, with the answer beside what cannot be read ---------------------------------------------

    def money(self, name: str, *, needed: bool = True) -> int | None:
        """分 of a field; says beside it why there is none."""
        field = self.fields[name]
        entry = field.entry
        assert isinstance(entry, MoneyEntry)
        problem = entry.problem() or (t("多少钱？") if needed and entry.fen() is None else "")
        field.answer(problem)
        return None if problem else entry.fen()

    def lasts(self, name: str) -> int | None:
        """Seconds of a field; says beside it why there are none."""
        field = self.fields[name]
        assert isinstance(field.entry, LastsEntry)
        seconds = field.entry.seconds()
        field.answer("" if seconds is not None else t("写分钟数，或 分:秒"))
        return seconds

    def words(self, name: str, *, needed: str = "") -> str | None:
        """The words of a field; `needed` is what to ask when there are none."""
        field = self.fields[name]
        assert isinstance(field.entry, QLineEdit)
        said = field.entry.text().strip()
        field.answer(needed if needed and not said else "")
        return None if needed and not said else said

    def number(self, name: str) -> int:
        """The number of a field."""
        entry = self.fields[name].entry
        assert isinstance(entry, NumberField)
        return entry.value()
