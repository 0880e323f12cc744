"""The form of `tests.unit.made_up_kind`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from tests.unit.made_up_kind import NAME, DoorSpec
from ui.panels.composer.form import Form, LastsEntry, Spec
from ui.widgets import NumberField
from ui.widgets.entry import MoneyEntry


class DoorForm(Form[DoorSpec]):  # type: ignore[type-var]
    kind = NAME

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sku = "scarf"
        self.price, self.quantity, self.open_for = MoneyEntry(), NumberField(1, 100), LastsEntry(60)
        for name, entry in (("price", self.price), ("quantity", self.quantity), ("seconds", self.open_for)):
            self.column.addWidget(self.add(name, name, entry))

    def draft(self) -> Spec | None:
        price, seconds = self.money("price"), self.lasts("seconds")
        if price is None or seconds is None:
            return None
        return {
            "sku_id": self._sku,
            "price_fen": price,
            "quantity": self.number("quantity"),
            "seconds": seconds,
        }

    def fill(self, spec: DoorSpec) -> None:
        self._sku = spec.sku_id
        self.price.set_fen(spec.price_fen)
        self.quantity.setValue(spec.quantity)
        self.open_for.set_seconds(spec.seconds)
