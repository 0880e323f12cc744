"""拼团 and 砍价: one SKU at a price, how many people it takes, how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from PySide6.QtWidgets import QGridLayout, QWidget

from liveconsole.messages.specs import BargainSpec, GroupBuySpec
from liveconsole.messages.verdicts import RepairFix
from ui.i18n import t
from ui.panels.composer.form import Form, LastsChoice, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField
from ui.widgets.entry import MoneyEntry

_Terms = TypeVar("_Terms", GroupBuySpec, BargainSpec)


def skus_of(room: RoomView) -> list[tuple[str, str]]:
    """The SKUs to choose from, in the order of the products."""
    found = []
    for product_id, words in products_of(room):
        skus = room.products[product_id].skus
        for sku in skus:
            found.append((sku.sku_id, words if len(skus) == 1 else f"{words} {sku.title}"))
    return found


class OneSkuForm(Form[_Terms], Generic[_Terms]):
    """What both have: the SKU, the price, the limit of a buyer, the time. People are the kind's own."""

    OF_GOODS = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sku, self.price, self.per_buyer = ChoiceBox(), MoneyEntry(), NumberField(1, 1000)
        self.lasts_entry = LastsChoice((300, 600, 1800, 3600), 600)
        self.column.addWidget(self.add("sku", t("商品"), self.sku))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.addWidget(self.add("price", self._priced(), self.price, t("元")), 0, 0)
        self._add_people()
        self.grid.addWidget(self.add("per_buyer", t("每人"), self.per_buyer, t("件")), 2, 0)
        self.column.addLayout(self.grid)
        self.column.addWidget(self.add("seconds", t("时长"), self.lasts_entry))
        self.sku.currentIndexChanged.connect(self._sku_chosen)

    def _priced(self) -> str:
        raise NotImplementedError

    def _add_people(self) -> None:
        raise NotImplementedError

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.sku.set_items(skus_of(room))
        if self.price.fen() is None:
            self._sku_chosen()

    def _sku_chosen(self) -> None:
        """Of another SKU the first price is eight tenths of its own."""
        sku = self.room.skus.get(self.sku.chosen or "") if self.room is not None else None
        if sku is not None:
            self.price.set_fen(sku.price_fen * 8 // 10)

    def draft(self) -> Spec | None:
        price, seconds, sku_id = self.money("price"), self.lasts("seconds"), self.sku.chosen
        self.fields["sku"].answer("" if sku_id else t("先添加商品"))
        if price is None or seconds is None or sku_id is None:
            return None
        return {
            "sku_id": sku_id,
            "price_fen": price,
            **self._people(),
            "per_buyer": self.number("per_buyer"),
            "seconds": seconds,
        }

    def _people(self) -> Spec:
        raise NotImplementedError

    def fill(self, spec: _Terms) -> None:
        self.sku.choose(spec.sku_id)
        self.price.set_fen(spec.price_fen)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        if (fen := fix.price_fen) is not None:
            self.price.set_fen(fen)

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def tenths(part: int) -> Callable[[], None]:
            def fill() -> None:
                sku = self.room.skus.get(self.sku.chosen or "") if self.room is not None else None
                if sku is not None:
                    self.price.set_fen(sku.price_fen * part // 10)

            return fill

        return [(t("{n} 折", n=part), tenths(part)) for part in (8, 7, 5)]

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "dearer_than_shop"):
            return "price"
        if code in ("unknown_sku", "off_shelf", "unknown_product"):
            return "sku"
        said = str(params.get("detail", ""))
        names = ("price", "per_buyer", "size", "groups", "friends", "seconds")
        return next((name for name in names if name in self.fields and name in said), "")


class GroupBuyForm(OneSkuForm[GroupBuySpec]):
    """拼团: how many people a group wants, and how many groups there are at most."""

    kind = "group_buy"

    def _priced(self) -> str:
        return t("拼团价")

    def _add_people(self) -> None:
        self.people, self.groups = NumberField(2, 100), NumberField(1, 500)
        self.people.setValue(3)
        self.groups.setValue(5)
        self.grid.addWidget(self.add("size", t("几人成团"), self.people, t("人")), 1, 0)
        self.grid.addWidget(self.add("groups", t("最多几团"), self.groups, t("团")), 1, 1)

    def _people(self) -> Spec:
        return {"size": self.number("size"), "groups": self.number("groups")}

    def fill(self, spec: GroupBuySpec) -> None:
        super().fill(spec)
        self.people.setValue(spec.size)
        self.groups.setValue(spec.groups)

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """Too many units are too many groups."""
        super().mend(sku_id, fix)
        if (units := fix.quantity) is not None:
            self.groups.setValue(max(1, units // (self.people.value() * self.per_buyer.value())))

    def basis(self) -> str:
        units = self.people.value() * self.groups.value() * self.per_buyer.value()
        return t("{n} 个团都成、每人都拿满，共 {units} 件", n=self.groups.value(), units=f"{units:,}")

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        return "groups" if code in ("over_stock", "broadcast_limit") else super().place_of(code, params)


class BargainForm(OneSkuForm[BargainSpec]):
    """砍价: how many others have to help."""

    kind = "bargain"

    def _priced(self) -> str:
        return t("砍到")

    def _add_people(self) -> None:
        self.friends = NumberField(1, 100)
        self.friends.setValue(3)
        self.grid.addWidget(self.add("friends", t("几人帮砍"), self.friends, t("人")), 1, 0)

    def _people(self) -> Spec:
        return {"friends": self.number("friends")}

    def fill(self, spec: BargainSpec) -> None:
        super().fill(spec)
        self.friends.setValue(spec.friends)

    def basis(self) -> str:
        return t("可售的全按砍价卖完，比日常价少收")

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        return "sku" if code in ("over_stock", "broadcast_limit") else super().place_of(code, params)
