"""The forms of what is played with the audience: a list, a PK, red packets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from liveconsole.messages.specs import FirstComeSpec, PkSpec, RedPacketSpec
from ui.i18n import t
from ui.panels.composer.form import ROWS, Form, LastsChoice, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField
from ui.widgets.entry import MoneyEntry


class ListForm(Form[FirstComeSpec]):
    """Which word, how many places, and for a place a unit of something at a price, or nothing."""

    kind = "first_come"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.setSpacing(ROWS)
        self.keyword, self.match = QLineEdit("1"), ChoiceBox(_ways())
        self.keyword.setMaxLength(30)
        self.places = NumberField(1, 10_000, unit=t("位"))
        self.places.setValue(50)
        self.sku, self.price = ChoiceBox(), MoneyEntry()
        self.lasts_entry = LastsChoice((60, 180, 300, 600), 180)
        for name, label, entry in (
            ("keyword", t("扣什么"), self.keyword),
            ("match", t("怎么算对"), self.match),
            ("places", t("几位"), self.places),
            ("sku_id", t("每人一件"), self.sku),
            ("price_fen", t("接龙价"), self.price),
            ("seconds", t("时长"), self.lasts_entry),
        ):
            self.column.addWidget(self.add_row(name, label, entry))
        self.sku.currentIndexChanged.connect(lambda _: self._priced())
        self._priced()

    def _priced(self) -> None:
        """Without something to buy there is no price."""
        self.fields["price_fen"].setVisible(bool(self.sku.chosen))

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.sku.set_items([("", t("只排名单，不卖东西")), *_skus(room)])

    def about(self) -> tuple[str, str | None, str]:
        product = self.room.product_of(self.sku.chosen) if self.room and self.sku.chosen else None
        return (product.title, product.image, "") if product is not None else ("", None, "")

    def draft(self) -> Spec | None:
        keyword, seconds = self.words("keyword", needed=t("扣什么字？")), self.lasts("seconds")
        spec: Spec = {"keyword": keyword, "match": self.match.currentData()}
        spec |= {"places": self.number("places"), "seconds": seconds}
        if self.sku.chosen:
            price = self.money("price_fen")
            if price is None:
                return None
            spec |= {"sku_id": self.sku.chosen, "price_fen": price}
        return spec if keyword is not None and seconds is not None else None

    def fill(self, spec: FirstComeSpec) -> None:
        self.keyword.setText(spec.keyword)
        self.match.choose(spec.match)
        self.places.setValue(spec.places)
        self.sku.choose(spec.sku_id or "")
        self.price.set_fen(spec.price_fen)
        self.lasts_entry.set_seconds(spec.seconds)

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def say(places: int, seconds: int) -> Callable[[], None]:
            def fill() -> None:
                self.keyword.setText("1")
                self.places.setValue(places)
                self.lasts_entry.set_seconds(seconds)

            return fill

        return [(t("扣 1 前 50 位"), say(50, 180)), (t("扣 1 前 10 位"), say(10, 60))]

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "dearer_than_shop"):
            return "price_fen"
        if code in ("over_stock", "broadcast_limit"):
            return "places"
        if code in ("unknown_sku", "off_shelf"):
            return "sku_id"
        return super().place_of(code, params)

    def field_of(self, path: str) -> str:
        return "keyword" if path == "spec.keyword" else super().field_of(path)


def _ways() -> list[tuple[str, str]]:
    return [(t("一字不差"), "exact"), (t("不计标点空格"), "lenient"), (t("包含就算"), "contains")]


def _skus(room: RoomView) -> list[tuple[str, str]]:
    """Every SKU, those of the cart first."""
    found = []
    for product_id, words in products_of(room):
        product = room.products[product_id]
        several = len(product.skus) > 1
        found += [(sku.sku_id, f"{words} {sku.title}" if several else words) for sku in product.skus]
    return found


class PkForm(Form[PkSpec]):
    """Against whom, how long, how many rounds, and what the loser does."""

    kind = "pk"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.setSpacing(ROWS)
        self.opponent, self.stake = QLineEdit(), QLineEdit()
        for line in (self.opponent, self.stake):
            line.setMaxLength(60)
        self.stake.setPlaceholderText(t("可以空着"))
        self.rounds = NumberField(1, 20, unit=t("局"))
        self.lasts_entry = LastsChoice((180, 300, 600), 300)
        for name, label, entry in (
            ("opponent", t("对方"), self.opponent),
            ("seconds", t("一共多久"), self.lasts_entry),
            ("rounds", t("几局"), self.rounds),
            ("stake", t("输了怎样"), self.stake),
        ):
            self.column.addWidget(self.add_row(name, label, entry))

    def draft(self) -> Spec | None:
        opponent, seconds = self.words("opponent", needed=t("和谁 PK？")), self.lasts("seconds")
        if opponent is None or seconds is None:
            return None
        spec: Spec = {"opponent": opponent, "seconds": seconds, "rounds": self.number("rounds")}
        stake = self.words("stake")
        return spec | ({"stake": stake} if stake else {})

    def fill(self, spec: PkSpec) -> None:
        self.opponent.setText(spec.opponent)
        self.lasts_entry.set_seconds(spec.seconds)
        self.rounds.setValue(spec.rounds)
        self.stake.setText(spec.stake or "")

    def field_of(self, path: str) -> str:
        name = path.removeprefix("spec.")
        return name if name in self.fields else super().field_of(path)


class PacketForm(Form[RedPacketSpec]):
    """How much in all, in how many packets."""

    kind = "red_packet"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.setSpacing(ROWS)
        self.total, self.packets = MoneyEntry(), NumberField(1, 1_000_000, unit=t("个"))
        self.packets.setValue(50)
        self.lasts_entry = LastsChoice((60, 180, 300), 180)
        self.column.addWidget(self.add_row("total_fen", t("一共"), self.total, t("元")))
        self.column.addWidget(self.add_row("packets", t("几个"), self.packets))
        self.column.addWidget(self.add_row("seconds", t("时长"), self.lasts_entry))

    def draft(self) -> Spec | None:
        total, seconds = self.money("total_fen"), self.lasts("seconds")
        if total is None or seconds is None:
            return None
        return {"total_fen": total, "packets": self.number("packets"), "seconds": seconds}

    def fill(self, spec: RedPacketSpec) -> None:
        self.total.set_fen(spec.total_fen)
        self.packets.setValue(spec.packets)
        self.lasts_entry.set_seconds(spec.seconds)

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def of(yuan: int, packets: int) -> Callable[[], None]:
            def fill() -> None:
                self.total.set_fen(yuan * 100)
                self.packets.setValue(packets)

            return fill

        return [(t("100 元 50 个"), of(100, 50)), (t("200 元 100 个"), of(200, 100))]
