"""What every kind's form has: fields with answers, a draft that is never guessed, templates."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages import specs
from liveconsole.messages.verdicts import RefusalSaid, RepairFix, Verdict
from ui.i18n import t
from ui.panels.composer.lasts import LastsChoice, LastsEntry
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox
from ui.widgets import NumberField
from ui.widgets.entry import Field, FormRow, MoneyEntry

__all__ = ["ROWS", "Form", "LastsChoice", "LastsEntry", "Spec"]

Spec = dict[str, Any]
"""A spec as it is sent."""
Terms = TypeVar("Terms", bound=specs.Spec)
ROWS: Final = 16
"""Between fields that stand beside their names."""
_FIELD_OF: Final = {
    "spec.name": "name",
    "spec.rule": "threshold",
    "spec.prize.name": "prize",
    "spec.entry.keyword": "keyword",
}


class Form(QWidget, Generic[Terms]):
    """One kind. ``changed`` after every keystroke; ``draft`` is None while a field cannot be read.

    What is wrong with a field is said once somebody was there (`Field.touch`), of all of them after a try to
    hand it in.
    """

    changed = Signal()
    kind = ""
    OF_GOODS: ClassVar = False
    """Whether there must be a product for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room: RoomView | None = None
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def add(self, name: str, label: str, entry: QWidget, unit: str = "") -> Field:
        """A field under its name; refusals of the rules are placed by it."""
        return self._take(name, Field(label, entry, unit))

    def add_row(self, name: str, label: str, entry: QWidget, unit: str = "") -> FormRow:
        """A field beside its name, with a place for what is to be known of it."""
        row = FormRow(label, entry, unit)
        self._take(name, row)
        return row

    def _take(self, name: str, field: Field) -> Field:
        self.fields[name] = field
        entry = field.entry
        if isinstance(entry, QLineEdit):
            self.watch(field, entry.textChanged)
        elif isinstance(entry, NumberField):
            self.watch(field, entry.valueChanged)
        elif isinstance(entry, QComboBox):
            self.watch(field, entry.currentIndexChanged)
        elif isinstance(entry, LastsChoice):
            self.watch(field, entry.changed)
        return field

    def watch(self, field: Field, moved: Any) -> None:
        """What moves with this signal is this field: it was touched, and the draft is another."""
        moved.connect(lambda *_: field.touch())
        moved.connect(self.changed)

    def touch(self, touched: bool = True) -> None:
        """All of them were, or none: after a try to hand it in, and when it opens."""
        for field in self.fields.values():
            field.touch(touched)

    @property
    def touched(self) -> bool:
        """Whether anybody was at any of them."""
        return any(field.touched for field in self.fields.values())

    @property
    def first(self) -> QWidget:
        """Where typing begins."""
        return next(iter(self.fields.values())).entry

    def in_order(self) -> None:
        """In which order Tab goes through it, where that is not the order of its fields."""

    @property
    def subject(self) -> ChoiceBox | None:
        """What it is about, where that stands in the head of the sheet."""
        return None

    @classmethod
    def lacks(cls, room: RoomView) -> str:
        """Why the room cannot do it now; empty where it can."""
        return t("还没有商品") if cls.OF_GOODS and not room.products else ""

    def about(self) -> tuple[str, str | None, str]:
        """(title, picture, line under the title) of what it is about; empty where nothing is chosen."""
        return "", None, ""

    def basis(self) -> str:
        """On what the most that it can give away rests."""
        return ""

    def show_judged(self, said: Verdict) -> None:
        """The rules' answer, for what the form shows of it in places of its own."""

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """Put in a value that the rules gave for one SKU."""

    def covers(self, refused: RefusalSaid) -> bool:
        """Whether `show_judged` shows this refusal in a place of its own."""
        return False

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
        """The name of the field that a refusal belongs to, ``""`` for none. A kind says whose its codes are;
        what is wrong with the spec names its field itself."""
        detail = str(params.get("detail", ""))
        return next((name for name in self.fields if name in detail), "")

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
        assert isinstance(field.entry, LastsEntry | LastsChoice)
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
