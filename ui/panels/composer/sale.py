"""秒杀: which SKUs, at what price, how many, how many each, how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from liveconsole.messages.specs import FlashSaleSpec
from liveconsole.messages.state import SkuState
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.panels.composer.form import Form, LastsEntry, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField, PlainLabel
from ui.widgets.entry import MoneyEntry


class _SkuLine:
    """One SKU: whether it is in, its price and how many."""

    def __init__(self, sku: SkuState, *, alone: bool) -> None:
        self.sku_id, self.title = sku.sku_id, sku.title
        self.day_fen, self.available = sku.price_fen, sku.available
        self.chosen = QCheckBox()
        self.chosen.setChecked(True)
        self.chosen.setAccessibleName(self.title)
        if alone:
            self.chosen.hide()
        self.price = MoneyEntry()
        self.price.setAccessibleName(t("秒杀价 {title}", title=self.title))
        self.quantity = NumberField(1, 1_000_000)
        self.quantity.setAccessibleName(t("数量 {title}", title=self.title))


class SaleForm(Form[FlashSaleSpec]):
    """Every SKU of one product that is ticked goes into the same sale."""

    kind = "flash_sale"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ChoiceBox()
        self.column.addWidget(self.add("product", t("商品"), self.product))
        self._of = ""
        self.lines: list[_SkuLine] = []
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 2)
        self._grid.setColumnStretch(3, 2)
        self.column.addWidget(self.add("skus", t("秒杀价和数量"), self._table))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        self.per_buyer, self.lasts_entry = NumberField(1, 10_000), LastsEntry(600)
        grid.addWidget(self.add("per_buyer", t("每人限"), self.per_buyer, t("件")), 0, 0)
        grid.addWidget(self.add("seconds", t("时长"), self.lasts_entry, t("分")), 0, 1)
        self.column.addLayout(grid)
        self.via = ChoiceBox(((t("限时抢购（任务）"), "task"), (t("改价（结束要改回）"), "price")))
        self._via_field = self.add("via", t("在平台上怎么做"), self.via)
        self._via_field.hide()
        self.column.addWidget(self._via_field)
        self.product.currentIndexChanged.connect(self._product_chosen)

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.product.set_items(products_of(room))
        self._via_field.setVisible(room.settings.capabilities.sales == "person")
        self._product_chosen()

    def _product_chosen(self) -> None:
        """Lines for the SKUs of another product; the first template stands in them."""
        chosen = self.product.chosen or ""
        if chosen == self._of or self.room is None:
            return
        self._of = chosen
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        product = self.room.products.get(chosen)
        skus = product.skus if product is not None else []
        self.lines = [_SkuLine(sku, alone=len(skus) == 1) for sku in skus]
        for row, line in enumerate(self.lines):
            self._add_line(row, line)
        if self.lines:
            self._percent(80)

    def _add_line(self, row: int, line: _SkuLine) -> None:
        stock = t("余 {n}", n=f"{line.available:,}")
        name = PlainLabel(
            f"{line.title} {yuan_short(line.day_fen)} {stock}", role="small", tone="fg1", elide=True
        )
        self._grid.addWidget(line.chosen, 2 * row + 1, 0)
        self._grid.addWidget(name, 2 * row, 0, 1, 4)
        self._grid.addWidget(line.price, 2 * row + 1, 1)
        self._grid.addWidget(PlainLabel("×", tone="fg2"), 2 * row + 1, 2)
        self._grid.addWidget(line.quantity, 2 * row + 1, 3)
        self._grid.setColumnStretch(2, 0)
        line.quantity.setValue(max(1, min(50, line.available)))
        line.price.textChanged.connect(self.changed)
        line.quantity.valueChanged.connect(self.changed)
        line.chosen.toggled.connect(self.changed)

    def draft(self) -> Spec | None:
        seconds = self.lasts("seconds")
        field = self.fields["skus"]
        chosen = [line for line in self.lines if line.chosen.isChecked()]
        if not chosen:
            field.answer(t("先添加商品") if not self.lines else t("至少选一个规格"))
            return None
        problem = next(
            (line.price.problem() or t("多少钱？") for line in chosen if line.price.fen() is None), ""
        )
        field.answer(problem)
        if problem or seconds is None:
            return None
        skus = [
            {"sku_id": line.sku_id, "price_fen": line.price.fen(), "quantity": line.quantity.value()}
            for line in chosen
        ]
        spec: Spec = {"skus": skus, "per_buyer": self.number("per_buyer"), "seconds": seconds}
        if not self._via_field.isHidden():
            spec["via"] = self.via.currentData()
        return spec

    def fill(self, spec: FlashSaleSpec) -> None:
        wanted = {sku.sku_id: sku for sku in spec.skus}
        owner = self.room.product_of(spec.skus[0].sku_id) if self.room is not None else None
        if owner is not None:
            self.product.choose(owner.product_id)
            self._product_chosen()
        for line in self.lines:
            said = wanted.get(line.sku_id)
            line.chosen.setChecked(said is not None)
            if said is not None:
                line.price.set_fen(said.price_fen)
                line.quantity.setValue(said.quantity)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)
        self.via.choose(spec.via)

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        if not self.lines:
            return []
        found: list[tuple[str, Callable[[], None]]] = [
            (t("9 折"), lambda: self._percent(90)),
            (t("8 折"), lambda: self._percent(80)),
        ]
        if any(self._floor(line) is not None for line in self.lines):
            found.append((t("到底价"), self._to_floor))
        return found

    def _floor(self, line: _SkuLine) -> int | None:
        assert self.room is not None
        sku, product = self.room.skus.get(line.sku_id), self.room.product_of(line.sku_id)
        if sku is not None and sku.floor_fen is not None:
            return sku.floor_fen
        return product.floor_fen if product is not None else None

    def _percent(self, percent: int) -> None:
        """So many hundredths of the day's price, whole 元 where it is over one, never below the floor."""
        for line in self.lines:
            fen = line.day_fen * percent // 100
            fen = fen // 100 * 100 or fen
            line.price.set_fen(max(fen, self._floor(line) or 0))

    def _to_floor(self) -> None:
        for line in self.lines:
            if (floor := self._floor(line)) is not None:
                line.price.set_fen(floor)

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "over_stock", "unknown_sku", "stock_short"):
            return "skus"
        said = str(params.get("detail", ""))
        return next((name for name in ("per_buyer", "seconds", "via", "skus") if name in said), "")
