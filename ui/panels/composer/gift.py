"""买赠 and 满赠: what has to be bought, which gift comes with it, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.specs import GiftSpec
from liveconsole.messages.verdicts import RepairFix, Verdict
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.panels.composer.form import ROWS, Form, LastsChoice, Spec
from ui.panels.composer.lots import LotRow, lots_of, skus_of, title_wide
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField, Segments
from ui.widgets.entry import FormRow, MoneyEntry

_BUY, _SUM = "buy", "sum"
_USUAL: Final = 20
"""Gifts, of one that nobody has said anything of yet."""


class GiftForm(Form[GiftSpec]):
    """买赠 for one product, or 满赠; one that is for several keeps them."""

    kind = "gift"
    OF_GOODS = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._several: list[str] = []
        """Products of an existing one that is for more than the list can say."""
        self._counted = False
        self.way = Segments(((_BUY, t("买赠")), (_SUM, t("满赠"))))
        self.product, self.units, self.threshold = ChoiceBox(), NumberField(1, 100), MoneyEntry(19_900)
        self.gift = LotRow()
        self.gift.take_out.hide()
        self.quantity, self.per_buyer = NumberField(1, 1_000_000), NumberField(1, 1000)
        self.lasts_entry = LastsChoice((600, 1200, 1800, 3600), 600)
        self._build()

    def _build(self) -> None:
        self.column.setSpacing(ROWS)
        bought = QWidget()
        row = QHBoxLayout(bought)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.product, 1)
        row.addWidget(self.units)
        self.product.setMinimumWidth(title_wide())
        self.product.setAccessibleName(t("商品"))
        self.units.setAccessibleName(t("买几件"))
        way = self.add_row("way", t("怎么送"), self.way)
        buy = self.add_row("product_ids", t("买"), bought, t("件"))
        gift = self.add_row("gift", t("送"), self.gift)
        self.watch(way, self.way.chosen_by_hand)
        self.watch(buy, self.product.currentIndexChanged)
        self.watch(buy, self.units.valueChanged)
        self.watch(gift, self.gift.changed)
        for each in (
            way,
            buy,
            self.add_row("threshold_fen", t("满"), self.threshold, t("元")),
            gift,
            self.add_row("quantity", t("一共"), self.quantity, t("份")),
            self.add_row("per_buyer", t("每人"), self.per_buyer, t("份")),
            self.add_row("seconds", t("时长"), self.lasts_entry),
        ):
            self.column.addWidget(each)
        self.way.chosen_by_hand.connect(lambda _: self._way_chosen())
        self.gift.changed.connect(self._follow)
        self.quantity.valueChanged.connect(self._count)
        self._way_chosen()

    def _count(self) -> None:
        self._counted = True

    def _follow(self) -> None:
        """Of a gift that nobody has counted there are no more than there is stock for."""
        chosen = self.gift.sku.chosen
        if not self._counted and chosen is not None:
            self.quantity.setValue(lots_of(self.room, [(chosen, self.gift.units.value())], _USUAL))
            self._counted = False
        self._show_notes()

    def _way_chosen(self) -> None:
        self.fields["product_ids"].setVisible(self.way.chosen == _BUY)
        self.fields["threshold_fen"].setVisible(self.way.chosen == _SUM)

    @property
    def first(self) -> QWidget:
        return self.product if self.way.chosen == _BUY else self.threshold

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        fresh = self.gift.sku.count() == 0
        self.product.set_items(products_of(room))
        self.gift.sku.set_items(skus_of(room))
        if fresh and self.gift.sku.count() > 1:
            self.gift.sku.setCurrentIndex(self.gift.sku.count() - 1)
        self._follow()

    def draft(self) -> Spec | None:
        seconds, gift = self.lasts("seconds"), self.gift.sku.chosen
        buy = self._bought()
        self.fields["gift"].answer("" if gift else t("先添加商品"))
        if buy is None or gift is None or seconds is None:
            return None
        return {
            "buy": buy,
            "gift": {"sku_id": gift, "quantity": self.gift.units.value()},
            "quantity": self.number("quantity"),
            "per_buyer": self.number("per_buyer"),
            "seconds": seconds,
        }

    def _bought(self) -> Spec | None:
        if self.way.chosen == _SUM:
            threshold = self.money("threshold_fen")
            return {"threshold_fen": threshold} if threshold is not None else None
        chosen = self.product.chosen
        self.fields["product_ids"].answer("" if chosen else t("先添加商品"))
        if chosen is None:
            return None
        products = self._several if self._several[:1] == [chosen] else [chosen]
        return {"product_ids": products, "units": self.units.value()}

    def fill(self, spec: GiftSpec) -> None:
        self._counted = True
        products = spec.buy.product_ids
        self.way.choose(_SUM if products is None else _BUY)
        self._way_chosen()
        if products is not None:
            self._several = list(products) if len(products) > 1 else []
            self.product.choose(products[0])
        self.units.setValue(spec.buy.units)
        self.threshold.set_fen(spec.buy.threshold_fen or 19_900)
        self.gift.sku.choose(spec.gift.sku_id)
        self.gift.units.setValue(spec.gift.quantity)
        self.quantity.setValue(spec.quantity)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """How many gifts there are."""
        if fix.quantity:
            self.quantity.setValue(fix.quantity)
            self.per_buyer.setValue(min(self.per_buyer.value(), fix.quantity))
        self.touch()
        self.changed.emit()

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def buys(units: int) -> Callable[[], None]:
            def put() -> None:
                self.way.choose(_BUY)
                self._way_chosen()
                self.units.setValue(units)

            return put

        def sums(fen: int) -> Callable[[], None]:
            def put() -> None:
                self.way.choose(_SUM)
                self._way_chosen()
                self.threshold.set_fen(fen)

            return put

        return [(t("买一送一"), buys(1)), (t("买二送一"), buys(2)), (t("满 199 送"), sums(19_900))]

    def show_judged(self, said: Verdict) -> None:
        self._show_notes()

    def _show_notes(self) -> None:
        gift, seconds = self.fields["gift"], self.fields["seconds"]
        assert isinstance(gift, FormRow)
        assert isinstance(seconds, FormRow)
        skus = self.room.skus if self.room is not None else {}
        sku = skus.get(self.gift.sku.chosen or "")
        if sku is not None:
            worth = yuan_short(sku.price_fen * self.gift.units.value())
            gift.show_note(t("每份值 {money}", money=worth), t("可送 {n} 件", n=f"{sku.available:,}"))
        seconds.show_note(t("送完就提前结束"))

    def basis(self) -> str:
        return t("{n} 份全送完，按赠品原价算", n=f"{self.quantity.value():,}")

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "unknown_sku", "over_stock", "stock_short", "broadcast_limit"):
            return "quantity" if code in ("over_stock", "broadcast_limit") else "gift"
        if code in ("unknown_product", "off_shelf"):
            return "product_ids" if self.way.chosen == _BUY else "gift"
        detail = str(params.get("detail", ""))
        names = ("per_buyer", "quantity", "seconds", "threshold_fen", "product_ids", "gift")
        return next((name for name in names if name in detail), "")
