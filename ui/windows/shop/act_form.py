"""What the shop is told with each act, as it is typed."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseLine, ShopAct
from liveconsole.messages.text import TEXT_LIMIT
from ui.clean import clean
from ui.i18n import t
from ui.widgets import set_tip
from ui.widgets.entry import MoneyEntry

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "reject": ("reason",),
    "compensate": ("amount_fen", "reason"),
    "ship": ("carrier", "waybill"),
    "resend": ("carrier", "waybill"),
    "remark": ("text",),
}
_NAMES: Final = {
    "reason": "为什么，买家看得到",
    "amount_fen": "补多少元",
    "carrier": "快递公司",
    "waybill": "快递单号",
    "text": "备注，买家看不到",
}
LINES_MOST: Final = 6
"""Lines of an order whose price is changed here; with more it is done at the shop."""


class ActForm(QWidget):
    """The lines to fill in for one act. ``sent(data)``: Enter in the last of them."""

    sent = Signal()

    def __init__(self, act: ShopAct, card: CaseCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.act = act
        self._lines = card.lines if act == "price" else []
        self.entries: dict[str, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for field in _FIELDS.get(act, ()):
            entry = MoneyEntry() if field == "amount_fen" else QLineEdit()
            self._add(field, t(_NAMES[field]), entry)
        for line in self._lines[:LINES_MOST]:
            name = " ".join(part for part in (line.title, line.sku, f"× {line.quantity}") if part)
            said = t("{goods}一共改成多少元", goods=clean(name, 80))
            self._add(f"line:{line.line}", said, MoneyEntry(line.fen))
        for entry in self.entries.values():
            column.addWidget(entry)

    def _add(self, field: str, name: str, entry: QLineEdit) -> None:
        entry.setMaxLength(20 if isinstance(entry, MoneyEntry) else TEXT_LIMIT)
        entry.setPlaceholderText(name)
        entry.setAccessibleName(name)
        set_tip(entry, name)
        entry.returnPressed.connect(self._enter)
        self.entries[field] = entry

    def missing(self) -> QLineEdit | None:
        """The first line that is empty, or holds no amount."""
        for entry in self.entries.values():
            if isinstance(entry, MoneyEntry) and not entry.fen():
                return entry
            if not entry.text().strip():
                return entry
        return None

    def data(self) -> dict[str, Any]:
        """What ``shop.answer`` is told beside the act."""
        found: dict[str, Any] = {}
        for field, entry in self.entries.items():
            if not field.startswith("line:"):
                found[field] = entry.fen() if isinstance(entry, MoneyEntry) else entry.text().strip()
        changed = [line for line in self._lines[:LINES_MOST] if self._fen(line) is not None]
        if changed:
            found["lines"] = [
                {"sku_id": line.sku_id, "quantity": line.quantity, "fen": self._fen(line)} for line in changed
            ]
        return found

    def _fen(self, line: CaseLine) -> int | None:
        entry = self.entries[f"line:{line.line}"]
        return entry.fen() if isinstance(entry, MoneyEntry) else None

    def _enter(self) -> None:
        missing = self.missing()
        if missing is None:
            self.sent.emit()
        else:
            missing.setFocus()
