"""Parameters and size table of a product, as lines typed or pasted: answers take figures from them."""

from __future__ import annotations

import re
from typing import Any, Final

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from liveconsole.messages.answers import SizeTable
from liveconsole.messages.state import ProductState
from ui.i18n import t
from ui.parts.keyed_rows import said_by
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.widgets import PlainLabel, button

PARAMETERS_MAX: Final = 40
COLUMNS_MAX: Final = 12
ROWS_MAX: Final = 40
"""As the engine takes them (`messages.answers`)."""
_CELLS: Final = re.compile(r"\t|\s*[|｜]\s*|\s*[,，]\s*")
_NAMED: Final = re.compile(r"\s*[:：=]\s*")
_HIGH: Final = 84


def parameters_of(text: str) -> dict[str, str] | None:
    """``材质：羊绒`` a line; None for none at all. A line without a value is left out."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, *value = _NAMED.split(line.strip(), maxsplit=1)
        if name and value and value[0]:
            found[name[:40]] = value[0][:200]
    return dict(list(found.items())[:PARAMETERS_MAX]) or None


def table_of(text: str) -> dict[str, Any] | None:
    """The first line is the head, a size begins each of the others; cells between tabs, commas or bars."""
    rows = [_CELLS.split(line.strip())[:COLUMNS_MAX] for line in text.splitlines() if line.strip()]
    if len(rows) < 2:
        return None
    return {"columns": rows[0], "rows": rows[1 : ROWS_MAX + 1]}


def lines_of(table: SizeTable | None) -> str:
    """A table as it is typed."""
    if table is None:
        return ""
    return "\n".join(" | ".join(row) for row in [table.columns, *table.rows])


class ProductFacts(QWidget):
    """``show_product`` fills it in, unless somebody is typing."""

    def __init__(self, seat: Seat, said: PlainLabel) -> None:
        super().__init__()
        self._seat, self._said = seat, said
        self._product_id: str | None = None
        self.parameters, self.table = QPlainTextEdit(), QPlainTextEdit()
        for field, name, hint in (
            (self.parameters, t("参数"), t("参数，一行一个：材质：羊绒")),
            (self.table, t("尺码表"), t("尺码表，第一行是表头：尺码 | 身高 | 体重")),
        ):
            field.setAccessibleName(name)
            field.setPlaceholderText(hint)
            field.setTabChangesFocus(True)
            field.setFixedHeight(_HIGH)
        self.keep = button(t("记下参数和尺码表"))
        self.keep.clicked.connect(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.parameters, self.table, self.keep):
            column.addWidget(part)
        self.hide()

    def show_product(self, product: ProductState | None) -> None:
        """Another product was chosen, or none: answers for all have no parameters."""
        product_id = product.product_id if product is not None else None
        if product_id == self._product_id:
            return
        self._product_id = product_id
        self.setVisible(product is not None)
        if product is not None:
            parameters = product.parameters or {}
            self.parameters.setPlainText("\n".join(f"{name}：{value}" for name, value in parameters.items()))
            self.table.setPlainText(lines_of(product.size_table))

    def save(self) -> None:
        """With the product; what is empty is taken out."""
        if self._product_id is None:
            return
        row = {
            "product_id": self._product_id,
            "parameters": parameters_of(self.parameters.toPlainText()),
            "size_table": table_of(self.table.toPlainText()),
        }
        done = said_by(self._said, t("参数和尺码表记下了"))
        self._seat.ask_then(self, "catalogue.put", {"products": [row]}, done)

    def show_room(self, room: RoomView) -> None:
        """What is chosen may be gone."""
        if self._product_id is not None and self._product_id not in room.products:
            self.show_product(None)
