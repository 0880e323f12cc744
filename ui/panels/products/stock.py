"""加单: more units of a SKU, or fewer."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import NumberField, PlainLabel, Separator, button
from ui.words.answers import sentence


class StockSheet(Sheet):
    """One line for each SKU of a product: what is there, and the keys that add to it."""

    SECTIONS: ClassVar = ("catalogue",)

    def __init__(self, seat: Seat, product_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("加单"), parent)
        self._seat, self._product_id = seat, product_id
        self._there: dict[str, PlainLabel] = {}
        self.fields: dict[str, NumberField] = {}
        self.said = PlainLabel("", tone="live", lines=0)
        room = room.only(*self.SECTIONS)
        self.body.addWidget(PlainLabel(room.title(product_id), role="heading", lines=2))
        product = room.products.get(product_id)
        for sku in product.skus if product is not None else ():
            self._add_sku(sku.sku_id, sku.title)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self._show(room)

    def _add_sku(self, sku_id: str, title: str) -> None:
        self.body.addWidget(Separator())
        self.body.addWidget(PlainLabel(title, tone="fg1", elide=True))
        there = self._there[sku_id] = PlainLabel("", role="small", tone="fg2")
        self.body.addWidget(there)
        by = self.fields[sku_id] = NumberField(-1_000_000, 1_000_000, unit=t("件"))
        by.setAccessibleName(t("加多少件（负数是减）"))
        by.setValue(10)
        add = button(t("加单"), "primary")
        add.clicked.connect(lambda: self.add(sku_id, by.value()))
        row = QHBoxLayout()
        row.addWidget(by, 1)
        row.addWidget(add)
        self.body.addLayout(row)

    def add(self, sku_id: str, by: int) -> None:
        """Ask for so many units more (negative: fewer)."""
        if by:
            self._seat.ask_then(self, "stock.add", {"sku_id": sku_id, "by": by}, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.said.set_tone("ok" if answer.ok else "live")
        self.said.setText(t("加好了") if answer.ok else sentence(answer))

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room.only(*self.SECTIONS))

    def _show(self, room: RoomView) -> None:
        for sku_id, label in self._there.items():
            sku = room.skus.get(sku_id)
            if sku is not None:
                label.setText(
                    t("库存 {stock} · 可售 {left}", stock=f"{sku.stock:,}", left=f"{sku.available:,}")
                )
