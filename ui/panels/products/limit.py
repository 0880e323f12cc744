"""本场上限: how many units of a SKU a broadcast may sell, in all and to one buyer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from msgspec import UNSET
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.state import SkuState
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import NumberField, PlainLabel, Separator, button
from ui.words.answers import sentence

_MOST: Final = 1_000_000


class LimitSheet(Sheet):
    """Two numbers for each SKU of a product; 0 is no bound."""

    SECTIONS: ClassVar = ("catalogue",)

    def __init__(self, seat: Seat, product_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("本场上限"), parent)
        self._seat, self._product_id = seat, product_id
        self.there: dict[str, PlainLabel] = {}
        self.fields: dict[str, tuple[NumberField, NumberField]] = {}
        self.said = PlainLabel("", tone="live", lines=0)
        room = room.only(*self.SECTIONS)
        self.body.addWidget(PlainLabel(room.title(product_id), role="heading", lines=2))
        self.body.addWidget(
            PlainLabel(t("秒杀、组合、赠品和原价买的都算；0 是不限"), role="small", tone="fg1", lines=0)
        )
        product = room.products.get(product_id)
        for sku in product.skus if product is not None else ():
            self._add_sku(sku)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self._show(room)

    def _add_sku(self, sku: SkuState) -> None:
        self.body.addWidget(Separator())
        self.body.addWidget(PlainLabel(sku.title, tone="fg1", elide=True))
        there = self.there[sku.sku_id] = PlainLabel("", role="small", tone="fg2", lines=0)
        self.body.addWidget(there)
        units, per_buyer = NumberField(0, _MOST, unit=t("件")), NumberField(0, _MOST, unit=t("件/人"))
        units.setAccessibleName(t("本场最多卖几件（0：不限）"))
        per_buyer.setAccessibleName(t("本场每人最多几件（0：不限）"))
        if sku.limit is not UNSET:
            units.setValue(sku.limit.units or 0)
            per_buyer.setValue(sku.limit.per_buyer or 0)
        self.fields[sku.sku_id] = units, per_buyer
        bound = button(t("定上限"), "primary")
        bound.clicked.connect(partial(self.bound, sku.sku_id))
        row = QHBoxLayout()
        row.addWidget(units, 1)
        row.addWidget(per_buyer, 1)
        row.addWidget(bound)
        self.body.addLayout(row)

    def bound(self, sku_id: str, *_: object) -> None:
        """Ask for the two numbers that stand there."""
        units, per_buyer = (field.value() or None for field in self.fields[sku_id])
        data = {"sku_id": sku_id, "units": units, "per_buyer": per_buyer}
        self._seat.ask_then(self, "stock.limit", data, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.said.set_tone("ok" if answer.ok else "live")
        self.said.setText(t("定好了") if answer.ok else sentence(answer))

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room.only(*self.SECTIONS))

    def _show(self, room: RoomView) -> None:
        for sku_id, label in self.there.items():
            sku = room.skus.get(sku_id)
            if sku is not None:
                words, passed = limit_words(sku)
                label.setText(words)
                label.set_tone("live" if passed else "fg2")


def limit_words(sku: SkuState) -> tuple[str, bool]:
    """What is bounded and how much of it is taken, and whether more is."""
    if sku.limit is UNSET:
        return t("没有本场上限"), False
    units, per_buyer, taken = sku.limit.units, sku.limit.per_buyer, sku.limit.taken
    said = "—" if taken is None else f"{taken:,}"
    parts = [t("本场已卖 {n} 件", n=said)]
    if units is not None:
        parts.append(t("上限 {n} 件", n=f"{units:,}"))
    if per_buyer is not None:
        parts.append(t("每人 {n} 件", n=f"{per_buyer:,}"))
    return " · ".join(parts), units is not None and taken is not None and taken > units
