"""讲解 prepared beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from liveconsole.messages.specs import PinSpec
from ui.i18n import t
from ui.panels.composer.form import Form, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of


class PinForm(Form[PinSpec]):
    """Only which product."""

    kind = "pin"
    OF_GOODS = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ChoiceBox()
        self.column.addWidget(self.add("product", t("商品"), self.product))

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.product.set_items(products_of(room))

    def draft(self) -> Spec | None:
        chosen = self.product.chosen
        self.fields["product"].answer("" if chosen else t("先添加商品"))
        return {"product_id": chosen} if chosen else None

    def fill(self, spec: PinSpec) -> None:
        self.product.choose(spec.product_id)

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        return "product" if code in ("unknown_product", "off_shelf") else ""
