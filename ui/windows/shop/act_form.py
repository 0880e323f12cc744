"""What the shop is told with each act, as it is typed; what the engine does not take stands at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseLine, ShopAct
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.messages.verdicts import Verdict
from ui.clean import clean
from ui.i18n import t
from ui.widgets import PlainLabel, set_tip
from ui.widgets.entry import Field, MoneyEntry

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "reject": ("reason",),
    "ship": ("carrier", "waybill"),
    "resend": ("carrier", "waybill"),
    "remark": ("text",),
}
_NAMES: Final = {
    "reason": "为什么，买家看得到",
    "carrier": "快递公司",
    "waybill": "快递单号",
    "text": "备注，买家看不到",
}
LINES_MOST: Final = 6
"""Lines of an order that are filled in here; with more it is done at the shop."""
MONEY_LONG: Final = 20


class ActForm(QWidget):
    """The lines to fill in for one act. ``sent``: Enter in the last of them. ``drafted``: what stands there
    is to be judged before it is sent."""

    sent = Signal()
    drafted = Signal()

    def __init__(self, act: ShopAct, card: CaseCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.act = act
        self._lines = card.lines[:LINES_MOST] if act == "price" else []
        self.entries: dict[str, QLineEdit] = {}
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.lay_out()

    def lay_out(self) -> None:
        """Lay the fields of this act in their order."""
        for field in _FIELDS.get(self.act, ()):
            self.column.addWidget(self.add(field, t(_NAMES[field]), QLineEdit()))
        for line in self._lines:
            entry = MoneyEntry(line.fen)
            self.column.addWidget(PlainLabel(goods_of(line), role="small", lines=0))
            self.column.addWidget(self.add(f"line:{line.line}", t("一共改成多少元"), entry))
            entry.setAccessibleName(t("{goods}一共改成多少元", goods=goods_of(line)))

    def add(self, field: str, name: str, entry: QLineEdit, unit: str = "") -> Field:
        """A field with its name over it and its answer below."""
        entry.setMaxLength(MONEY_LONG if isinstance(entry, MoneyEntry) else TEXT_LIMIT)
        made = Field(name, entry, unit)
        made.label.setMinimumWidth(1)
        set_tip(entry, name)
        entry.returnPressed.connect(self.enter)
        entry.textEdited.connect(lambda _text, field=made: field.answer(""))
        self.entries[field], self.fields[field] = entry, made
        return made

    def learn(self, card: CaseCard) -> None:
        """The same case again, of which something else may be known now."""

    def missing(self) -> QLineEdit | None:
        """The first line that is empty, or holds no amount."""
        return next((entry for entry in self.entries.values() if empty(entry)), None)

    def first(self) -> QWidget | None:
        """What the keyboard goes to when it opens; None: there is nothing to fill in."""
        return self.missing() or next(iter(self.entries.values()), None)

    def data(self) -> dict[str, Any]:
        """What ``shop.answer`` is told beside the act."""
        found: dict[str, Any] = {
            field: entry.text().strip()
            for field, entry in self.entries.items()
            if not field.startswith("line:")
        }
        changed = [line for line in self._lines if self._fen(line) is not None]
        if changed:
            found["lines"] = [
                {"sku_id": line.sku_id, "quantity": line.quantity, "fen": self._fen(line)} for line in changed
            ]
        return found

    def _fen(self, line: CaseLine) -> int | None:
        entry = self.entries[f"line:{line.line}"]
        return entry.fen() if isinstance(entry, MoneyEntry) else None

    def refuse(self, code: str, params: Mapping[str, Any], words: str) -> bool:
        """Why the engine did not take it, at the field that it is about; False: it is about none of them."""
        place = self.place_of(code, params)
        if place not in self.fields:
            return False
        self.fields[place].touch()
        self.fields[place].answer(words)
        self.entries[place].setFocus()
        return True

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        """The field that a refusal is about; ``""``: none."""
        if "sku_id" in params:
            sku_id = params["sku_id"]
            return next((f"line:{line.line}" for line in self._lines if line.sku_id == sku_id), "")
        return str(params.get("detail", "")) if code == "bad_shape" else ""

    def judged(self, said: Verdict) -> None:
        """What the rules say to the draft."""

    def enter(self) -> None:
        """Go on to what is missing, or hand it in."""
        missing = self.missing()
        if missing is None:
            self.sent.emit()
        else:
            missing.setFocus()


def empty(entry: QLineEdit) -> bool:
    """Whether a line has still to be filled in."""
    return not entry.fen() if isinstance(entry, MoneyEntry) else not entry.text().strip()


def goods_of(line: CaseLine) -> str:
    """A line of the order in words."""
    parts = (line.title or line.sku_id, line.sku, f"× {line.quantity}")
    return clean(" ".join(part for part in parts if part), 80)
