"""组合价: which goods make one bundle, what it costs, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from liveconsole.messages.specs import BundleSpec
from liveconsole.messages.verdicts import FieldLimit, RepairFix, Verdict
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.panels.composer.amount import PriceBox
from ui.panels.composer.form import ROWS, Form, LastsChoice, Spec
from ui.panels.composer.lots import LotRows, lots_of, skus_of
from ui.seat.room import RoomView
from ui.widgets import NumberField
from ui.widgets.entry import FormRow

_USUAL: Final = 20
"""Bundles, of one that nobody has said anything of yet."""


class BundleForm(Form[BundleSpec]):
    """Price and quantity follow the goods until somebody types others: a tenth off, and no more than there
    are."""

    kind = "bundle"
    OF_GOODS = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = self._counted = False
        self.goods, self.prices = LotRows(), PriceBox()
        self.price = self.prices.entry
        self.prices.show_for_all(False)
        self.quantity, self.per_buyer = NumberField(1, 1_000_000), NumberField(1, 1000)
        self.lasts_entry = LastsChoice((60, 180, 300, 600), 300)
        self.column.setSpacing(ROWS)
        goods = self.add_row("items", t("一套有"), self.goods)
        self.watch(goods, self.goods.changed)
        price = self.add_row("price_fen", t("组合价"), self.prices)
        self.watch(price, self.price.textChanged)
        rows = (
            goods,
            price,
            self.add_row("quantity", t("数量"), self.quantity, t("套")),
            self.add_row("per_buyer", t("每人"), self.per_buyer, t("套")),
            self.add_row("seconds", t("时长"), self.lasts_entry),
        )
        for row in rows:
            self.column.addWidget(row)
        self.price.textEdited.connect(self._by_hand)
        self.quantity.valueChanged.connect(self._count)
        self.goods.changed.connect(self._follow)

    @property
    def first(self) -> QWidget:
        return self.goods.rows[0].sku

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.goods.set_items(skus_of(room))
        self._follow()

    def apart(self) -> int:
        """What its goods cost by themselves, in 分."""
        skus = self.room.skus if self.room is not None else {}
        return sum(skus[sku_id].price_fen * units for sku_id, units in self.goods.value() if sku_id in skus)

    def _by_hand(self) -> None:
        self._typed = bool(self.price.text().strip())

    def _count(self) -> None:
        self._counted = True

    def _follow(self) -> None:
        if not self._typed:
            self._percent(90)
        if not self._counted:
            self.quantity.setValue(lots_of(self.room, self.goods.value(), _USUAL))
            self._counted = False
        self._show_notes({})

    def _percent(self, percent: int) -> None:
        fen = self.apart() * percent // 100
        self.price.set_fen((fen // 100 * 100 or fen) or None)

    def draft(self) -> Spec | None:
        chosen, price, seconds = self.goods.value(), self.money_of(), self.lasts("seconds")
        self.fields["items"].answer("" if chosen else t("先添加商品"))
        if not chosen or price is None or seconds is None:
            return None
        return {
            "items": [{"sku_id": sku_id, "quantity": units} for sku_id, units in chosen],
            "price_fen": price,
            "quantity": self.number("quantity"),
            "per_buyer": self.number("per_buyer"),
            "seconds": seconds,
        }

    def money_of(self) -> int | None:
        """分 of the price; says beside it why there is none."""
        problem = self.price.problem() or ("" if self.price.fen() is not None else t("多少钱？"))
        self.fields["price_fen"].answer(problem)
        return None if problem else self.price.fen()

    def fill(self, spec: BundleSpec) -> None:
        self._typed = self._counted = True
        self.goods.set_rows([(item.sku_id, item.quantity) for item in spec.items])
        self.price.set_fen(spec.price_fen)
        self.quantity.setValue(spec.quantity)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """The bundle's price, or how many bundles there are."""
        if fix.price_fen is not None:
            self._typed = True
            self.price.set_fen(fix.price_fen)
        if fix.quantity:
            self.quantity.setValue(fix.quantity)
            self.per_buyer.setValue(min(self.per_buyer.value(), fix.quantity))
        self.touch()
        self.changed.emit()

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        return [(t("9 折"), lambda: self._percent(90)), (t("8 折"), lambda: self._percent(80))]

    def show_judged(self, said: Verdict) -> None:
        self._show_notes(said.limits)

    def _show_notes(self, limits: Mapping[str, FieldLimit] | None) -> None:
        apart = self.apart()
        price, seconds = self.fields["price_fen"], self.fields["seconds"]
        assert isinstance(price, FormRow)
        assert isinstance(seconds, FormRow)
        price.show_note(t("分开买 {money}", money=yuan_short(apart)) if apart else "")
        seconds.show_note(t("有一样没了就提前结束"))

    def basis(self) -> str:
        return t("{n} 套全卖完，比分开买少收", n=f"{self.quantity.value():,}")

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "dearer_together"):
            return "price_fen"
        if code in ("unknown_sku", "off_shelf"):
            return "items"
        if code in ("over_stock", "stock_short", "broadcast_limit"):
            return "quantity"
        detail = str(params.get("detail", ""))
        return next(
            (n for n in ("per_buyer", "quantity", "seconds", "price_fen", "items") if n in detail), ""
        )
