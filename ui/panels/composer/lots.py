"""Which SKUs, and how many of each: rows that are added and taken out by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox
from ui.widgets import NumberField, button

MOST_ROWS: Final = 20
_MOST_UNITS: Final = 100
_TITLE_WIDE: Final = 190


def title_wide() -> int:
    """Pixels that a list of goods has at least: beside its title stand other fields. With the largest type no
    more than with large: it would push those beyond the edge."""
    return round(_TITLE_WIDE * min(theme.text_scale(), 1.5))


def skus_of(room: RoomView) -> list[tuple[str, str]]:
    """The SKUs to choose from, as `sheets.choices.products_of` has the products."""
    numbers = room.numbers
    order = sorted(numbers, key=lambda p: p != room.pinned.wanted)
    found = []
    for product_id in [*order, *(p for p in room.products if p not in numbers)]:
        product = room.products.get(product_id)
        number = numbers.get(product_id)
        label = f"{t('{n} 号', n=number)} " if number is not None else ""
        for sku in product.skus if product is not None else ():
            found.append((sku.sku_id, f"{label}{room.title(sku.sku_id)}"))
    return found


def lots_of(room: RoomView | None, lots: Sequence[tuple[str, int]], most: int) -> int:
    """How many lots there are units for, ``most`` at most and one at least: where a form begins."""
    skus = room.skus if room is not None else {}
    there = [skus[sku_id].available // units for sku_id, units in lots if sku_id in skus]
    return max(1, min([most, *there]))


class LotRow(QWidget):
    """One SKU and its units; ``out`` when its key was pressed."""

    changed = Signal()
    out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sku, self.units = ChoiceBox(), NumberField(1, _MOST_UNITS, unit=t("件"))
        self.take_out = button(t("去掉"))
        self.sku.setMinimumWidth(title_wide())
        self.sku.setAccessibleName(t("商品"))
        self.units.setAccessibleName(t("数量"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.sku, 1)
        row.addWidget(self.units)
        row.addWidget(self.take_out)
        self.sku.currentIndexChanged.connect(self.changed)
        self.units.valueChanged.connect(self.changed)
        self.take_out.clicked.connect(self.out)


class LotRows(QWidget):
    """As many rows as there are SKUs in it, at least ``least``."""

    changed = Signal()

    def __init__(self, least: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self._items: list[tuple[str, str]] = []
        self.rows: list[LotRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.add_one = button(t("再加一样"))
        self.add_one.clicked.connect(self._added)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._column)
        column.addWidget(self.add_one)
        self.set_rows([("", 1)] * least)

    def set_items(self, items: list[tuple[str, str]]) -> None:
        """The SKUs that there are; a row that nobody has chosen for takes the next one."""
        self._items = items
        for place, row in enumerate(self.rows):
            fresh = row.sku.count() == 0
            row.sku.blockSignals(True)
            row.sku.set_items(items)
            if fresh and items:
                row.sku.setCurrentIndex(min(place, len(items) - 1))
            row.sku.blockSignals(False)

    def value(self) -> list[tuple[str, int]]:
        return [(row.sku.chosen, row.units.value()) for row in self.rows if row.sku.chosen]

    def set_rows(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Stand in for choosing."""
        while len(self.rows) > len(wanted):
            self._drop(self.rows[-1])
        while len(self.rows) < len(wanted):
            self._append()
        for row, (sku_id, units) in zip(self.rows, wanted, strict=True):
            row.sku.choose(sku_id)
            row.units.setValue(units)
        self._show_keys()
        self.changed.emit()

    def _append(self) -> LotRow:
        row = LotRow()
        row.sku.set_items(self._items)
        if self._items:
            row.sku.setCurrentIndex(min(len(self.rows), len(self._items) - 1))
        before = self.rows[-1].take_out if self.rows else None
        self.rows.append(row)
        self._column.addWidget(row)
        row.show()  # at once: what is not shown yet has no place among what Tab goes through
        if before is not None:
            for first, then in ((before, row.sku), (row.sku, row.units), (row.units, row.take_out)):
                QWidget.setTabOrder(first, then)
        QWidget.setTabOrder(row.take_out, self.add_one)
        row.changed.connect(self.changed)
        row.out.connect(lambda: self._taken_out(row))
        return row

    def _added(self) -> None:
        row = self._append()
        self._show_keys()
        row.sku.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _taken_out(self, row: LotRow) -> None:
        if len(self.rows) > self._least:
            self._drop(row)
            self.rows[-1].sku.setFocus(Qt.FocusReason.TabFocusReason)
            self._show_keys()
            self.changed.emit()

    def _drop(self, row: LotRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _show_keys(self) -> None:
        for row in self.rows:
            row.take_out.setEnabled(len(self.rows) > self._least)
        self.add_one.setEnabled(len(self.rows) < MOST_ROWS)
