"""福袋: the prize, how many win, what to say, how long, who draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from liveconsole.messages.specs import SERIES_MOST, Claim, LuckyBagSpec, SeriesSpec
from ui.i18n import t
from ui.kinds.lucky_bag import stood_back
from ui.panels.composer.form import Form, LastsChoice, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField
from ui.widgets.entry import MoneyEntry

_STAND_BACK: Final = ("none", "broadcast", "days:7", "days:30")


def _ways(*more: str) -> list[tuple[str, str]]:
    """What earlier winners may do: as the room has it, or of these; ``more``: what another program wrote."""
    ways = dict.fromkeys((*_STAND_BACK, *more))
    return [("", t("照房间设置")), *((way, stood_back(way) or t("可以再参加")) for way in ways)]


class BagForm(Form[LuckyBagSpec]):
    """A prize is a product of the shop or something else with its market value."""

    kind = "lucky_bag"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._claim, self._exclude = Claim(), list[str]()
        """What this form has no field for stays as it was."""
        self.product, self.prize, self.value = ChoiceBox(), QLineEdit(), MoneyEntry()
        self.prize.setMaxLength(60)
        self.column.addWidget(self.add("product", t("奖品是"), self.product))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addWidget(self.add("prize", t("奖品名"), self.prize), 0, 0)
        grid.addWidget(self.add("value", t("市价"), self.value, t("元")), 0, 1)
        self.column.addLayout(grid)
        self.keyword = QLineEdit()
        self.keyword.setMaxLength(30)
        self.keyword.setPlaceholderText(t("空着：说什么都算"))
        ways = ((t("一字不差"), "exact"), (t("不计标点空格"), "lenient"), (t("包含就算"), "contains"))
        self.match = ChoiceBox(ways)
        pair = QGridLayout()
        pair.setHorizontalSpacing(12)
        pair.addWidget(self.add("keyword", t("口令"), self.keyword), 0, 0)
        pair.addWidget(self.add("match", t("怎么算对"), self.match), 0, 1)
        self.winners, self.alternates = NumberField(1, 10_000), NumberField(0, 10_000)
        self.winners.setValue(3)
        self.alternates.setValue(3)
        pair.addWidget(self.add("winners", t("中奖"), self.winners, t("人")), 1, 0)
        pair.addWidget(self.add("alternates", t("候补"), self.alternates, t("人")), 1, 1)
        self.lasts_entry = LastsChoice((60, 180, 300, 600), 180)
        drawers = ((t("本机开奖，有收据"), "console"), (t("平台福袋，平台开奖"), "platform"))
        self.draw = ChoiceBox(drawers)
        pair.addWidget(self.add("seconds", t("时长"), self.lasts_entry), 2, 0, 1, 2)
        pair.addWidget(self.add("draw", t("谁开奖"), self.draw), 3, 1)
        self.stand_back = ChoiceBox()
        self.stand_back.set_items(_ways())
        pair.addWidget(self.add("stand_back", t("中过奖的人"), self.stand_back), 3, 0)
        self._add_series(pair)
        self.column.addLayout(pair)
        self.followed = QCheckBox(t("领奖时要已关注"))
        self.followed.toggled.connect(self.changed)
        self.column.addWidget(self.followed)
        self.product.currentIndexChanged.connect(self._product_chosen)

    def _add_series(self, pair: QGridLayout) -> None:
        """How many bags one after the other: one is a bag alone, and has no gap."""
        self.bags, self.gap = NumberField(1, SERIES_MOST), NumberField(0, 3_600)
        self.gap.setValue(30)
        pair.addWidget(self.add("bags", t("连发"), self.bags, t("个")), 4, 0)
        pair.addWidget(self.add("gap", t("间隔"), self.gap, t("秒")), 4, 1)
        self.once = QCheckBox(t("中过一个的不再中"))
        self.once.setChecked(True)
        self.once.toggled.connect(self.changed)
        pair.addWidget(self.once, 5, 0, 1, 2)
        self.bags.valueChanged.connect(self._show_series)
        self._show_series()

    def _show_series(self) -> None:
        several = self.bags.value() > 1
        self.gap.setEnabled(several)
        self.once.setEnabled(several)

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self.product.set_items(products_of(room, none=t("店外的东西")))

    def _product_chosen(self) -> None:
        if self.room is None or not self.product.chosen:
            return
        product = self.room.products.get(self.product.chosen)
        if product is not None:
            self.prize.setText(product.title[:60])
            self.value.set_fen(product.price_fen)

    def draft(self) -> Spec | None:
        name, value = self.words("prize", needed=t("送什么？")), self.money("value")
        seconds, keyword = self.lasts("seconds"), self.words("keyword")
        if name is None or value is None or seconds is None:
            return None
        prize: Spec = {"name": name, "value_fen": value}
        if self.product.chosen:
            prize["product_id"] = self.product.chosen
        entry: Spec = {"keyword": keyword, "match": self.match.currentData()} if keyword else {}
        if self.stand_back.chosen:
            entry["stand_back"] = self.stand_back.chosen
        claim = msgspec.structs.replace(self._claim, followed=self.followed.isChecked())
        spec: Spec = {
            "prize": prize,
            "winners": self.number("winners"),
            "alternates": self.number("alternates"),
            "entry": entry,
            "seconds": seconds,
            "draw": self.draw.currentData(),
        }
        if (bags := self.number("bags")) > 1:
            once = self.once.isChecked()
            spec["series"] = {"count": bags, "gap_seconds": self.number("gap"), "once": once}
        if claim != Claim():
            spec["claim"] = msgspec.to_builtins(claim)
        if self._exclude:
            spec["exclude"] = self._exclude
        return spec

    def fill(self, spec: LuckyBagSpec) -> None:
        self._claim, self._exclude = spec.claim, list(spec.exclude)
        self.product.choose(spec.prize.product_id or "")
        self.prize.setText(spec.prize.name)
        self.value.set_fen(spec.prize.value_fen)
        self.keyword.setText(spec.entry.keyword or "")
        self.match.choose(spec.entry.match)
        how = spec.entry.stand_back or ""
        self.stand_back.set_items(_ways(how) if how else _ways())
        self.stand_back.choose(how)
        self.winners.setValue(spec.winners)
        self.alternates.setValue(spec.alternates or 0)
        self.lasts_entry.set_seconds(spec.seconds)
        self.draw.choose(spec.draw)
        series = spec.series or SeriesSpec(1, 30)
        self.bags.setValue(series.count)
        self.gap.setValue(series.gap_seconds)
        self.once.setChecked(series.once)
        self.followed.setChecked(spec.claim.followed)

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def say(word: str, seconds: int) -> Callable[[], None]:
            def fill() -> None:
                self.keyword.setText(word)
                self.lasts_entry.set_seconds(seconds)

            return fill

        def rain() -> None:
            say(t("想要"), 60)()
            self.winners.setValue(1)
            self.bags.setValue(5)
            self.gap.setValue(40)

        return [
            (t("口令「想要」3 分钟"), say(t("想要"), 180)),
            (t("口令「好看」5 分钟"), say(t("好看"), 300)),
            (t("福袋雨 5 个"), rain),
        ]

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        said = str(params.get("detail", "")) + str(params.get("field", ""))
        names = ("keyword", "alternates", "winners", "seconds", "value", "prize", "product")
        if code in ("unknown_product", "off_shelf", "unknown_sku"):
            return "product"
        return next((name for name in names if name in said), "")
