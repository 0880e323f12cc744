"""优惠券: 满减, 直减, 折扣 or 阶梯满减; for all products or for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from liveconsole.messages.specs import CouponRule, CouponSpec
from liveconsole.messages.verdicts import RepairFix
from liveconsole.views.money import plain_yuan
from ui.i18n import t
from ui.kinds.phrases import rule_words
from ui.panels.composer.form import Form, LastsChoice, Spec
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import NumberField
from ui.widgets.entry import MoneyEntry

_SEVERAL: Final = "\0several"
"""Stands among ids of products and can be none of them: no shop's id begins with a control character."""
_TIER: Final = re.compile(r"\s*满?\s*([\d.,]+)\s*[减\-:：/]\s*([\d.,]+)\s*")


class CouponForm(Form[CouponSpec]):
    """The name follows the rule until somebody types another one."""

    kind = "coupon"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope: list[str] = []
        """Products of an existing coupon for several: the choice below names one, all, or these."""
        ways = ((t("满减"), "threshold"), (t("直减"), "off"), (t("折扣"), "zhe"), (t("阶梯满减"), "tiers"))
        self.way = ChoiceBox(ways)
        self.product, self.name, self.link = ChoiceBox(), QLineEdit(), QLineEdit()
        self._side_by_side(self.add("way", t("怎么减"), self.way), self.add("scope", t("用在"), self.product))
        self.threshold, self.off, self.zhe, self.tiers = MoneyEntry(), MoneyEntry(), QLineEdit(), QLineEdit()
        self.zhe.setPlaceholderText("8.5")
        self.tiers.setPlaceholderText(t("满199减20，满299减40"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addWidget(self.add("threshold", t("满"), self.threshold, t("元")), 0, 0)
        grid.addWidget(self.add("off", t("减"), self.off, t("元")), 0, 1)
        grid.addWidget(self.add("zhe", t("打几折"), self.zhe, t("折")), 1, 0, 1, 2)
        grid.addWidget(self.add("tiers", t("几档，用逗号隔开"), self.tiers), 2, 0, 1, 2)
        self.quantity, self.per_buyer = NumberField(1, 1_000_000), NumberField(1, 1000)
        self.quantity.setValue(100)
        grid.addWidget(self.add("quantity", t("张数"), self.quantity, t("张")), 3, 0)
        grid.addWidget(self.add("per_buyer", t("每人"), self.per_buyer, t("张")), 3, 1)
        self.column.addLayout(grid)
        self.lasts_entry = LastsChoice((300, 600, 1800, 3600), 600)
        self.valid = LastsChoice((3600, 86_400, 3 * 86_400, 7 * 86_400), 86_400)
        self.column.addWidget(self.add("seconds", t("多久内可领"), self.lasts_entry))
        self.column.addWidget(self.add("valid_seconds", t("领后多久内可用"), self.valid))
        self.friends = NumberField(0, 100)
        self.column.addWidget(self.add("share", t("分享带来几人才能领（0：不用）"), self.friends, t("人")))
        self.name.setMaxLength(60)
        self.link.setPlaceholderText("https://")
        self._side_by_side(
            self.add("name", t("名字（观众看得到）"), self.name),
            self.add("link", t("领券链接，直播画面上是二维码（可空）"), self.link),
        )
        self.way.currentIndexChanged.connect(self._way_chosen)
        self._way_chosen()

    def _side_by_side(self, *fields: QWidget) -> None:
        row = QGridLayout()
        row.setHorizontalSpacing(12)
        for column, field in enumerate(fields):
            row.addWidget(field, 0, column)
            row.setColumnStretch(column, 1)
        self.column.addLayout(row)

    def _way_chosen(self) -> None:
        way = self.way.currentData()
        for name, ways in (
            ("threshold", {"threshold"}),
            ("off", {"threshold", "off"}),
            ("zhe", {"zhe"}),
            ("tiers", {"tiers"}),
        ):
            self.fields[name].setVisible(way in ways)

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        items = products_of(room, none=t("全场"))
        if self._scope:
            items.insert(1, (_SEVERAL, t("原来的 {n} 个商品", n=len(self._scope))))
        self.product.set_items(items)

    def rule(self) -> Spec | None:
        """The rule as it stands, None while it cannot be read."""
        way = self.way.currentData()
        if way == "zhe":
            return self._zhe()
        if way == "tiers":
            return self._tiers()
        off = self.money("off")
        threshold = self.money("threshold") if way == "threshold" else None
        if off is None or (way == "threshold" and threshold is None):
            return None
        return {"off_fen": off} | ({"threshold_fen": threshold} if threshold is not None else {})

    def _zhe(self) -> Spec | None:
        said = self.zhe.text().strip()
        well = re.fullmatch(r"[1-9](\.\d{1,2})?|0\.\d{1,2}", said) is not None
        self.fields["zhe"].answer("" if well else t("写 8.5 这样的数"))
        return {"zhe": said} if well else None

    def _tiers(self) -> Spec | None:
        found = []
        for part in re.split(r"[，,;；]", self.tiers.text()):
            match = _TIER.fullmatch(part)
            threshold, off = MoneyEntry(), MoneyEntry()
            if match is not None:
                threshold.setText(match[1])
                off.setText(match[2])
            pair = threshold.fen(), off.fen()
            if None in pair:
                self.fields["tiers"].answer(t("写成 满199减20，满299减40"))
                return None
            found.append({"threshold_fen": pair[0], "off_fen": pair[1]})
        self.fields["tiers"].answer("")
        return {"tiers": found}

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """The most that it may take off."""
        if (fen := fix.off_fen) is not None:
            self.off.set_fen(fen)
        self.touch()
        self.changed.emit()

    def draft(self) -> Spec | None:
        rule, seconds, valid = self.rule(), self.lasts("seconds"), self.lasts("valid_seconds")
        if rule is None or seconds is None or valid is None:
            return None
        name = _said(rule)
        self.name.setPlaceholderText(name)
        spec: Spec = {
            "name": self.name.text().strip() or name,
            "rule": rule,
            "quantity": self.number("quantity"),
            "per_buyer": self.number("per_buyer"),
            "seconds": seconds,
            "valid_seconds": valid,
        }
        if self.product.chosen:
            several = self.product.chosen == _SEVERAL
            spec["scope"] = {"product_ids": self._scope if several else [self.product.chosen]}
        if friends := self.number("share"):
            spec["share"] = {"friends": friends}
        if link := self.words("link"):
            spec["link"] = link
        return spec

    def fill(self, spec: CouponSpec) -> None:
        self._fill_rule(spec.rule)
        self.quantity.setValue(spec.quantity)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)
        self.valid.set_seconds(spec.valid_seconds or 86_400)
        self.name.setText("" if spec.name == rule_words(spec.rule) else spec.name)
        self.link.setText(spec.link or "")
        self.friends.setValue(spec.share.friends if spec.share is not None else 0)
        scoped = spec.scope.product_ids if spec.scope is not None else [""]
        self._scope = scoped if len(scoped) > 1 else []
        if self.room is not None:
            self.show_room(self.room)
        self.product.choose(_SEVERAL if self._scope else scoped[0])

    def _fill_rule(self, rule: CouponRule) -> None:
        off = "off" if rule.threshold_fen is None else "threshold"
        self.way.choose("tiers" if rule.tiers else "zhe" if rule.zhe else off)
        self.threshold.set_fen(rule.threshold_fen)
        self.off.set_fen(rule.off_fen)
        self.zhe.setText(rule.zhe or "")
        bare = [(plain_yuan(tier.threshold_fen), plain_yuan(tier.off_fen)) for tier in rule.tiers or ()]
        self.tiers.setText("，".join(f"满{a.removesuffix('.00')}减{b.removesuffix('.00')}" for a, b in bare))

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        def off(threshold: int, fen: int) -> Callable[[], None]:
            rule = CouponRule(off_fen=fen, threshold_fen=threshold)
            return lambda: self.fill(CouponSpec("", rule, 100, 1, 600))

        return [
            (t("满 99 减 10"), off(9900, 1000)),
            (t("满 199 减 20"), off(19_900, 2000)),
            (t("满 299 减 40"), off(29_900, 4000)),
        ]

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "over_limit"):
            return {"zhe": "zhe", "tiers": "tiers"}.get(str(self.way.currentData()), "off")
        if code in ("unknown_product", "unknown_sku", "off_shelf"):
            return "scope"
        said = str(params.get("detail", ""))
        names = (
            "share",
            "per_buyer",
            "valid_seconds",
            "seconds",
            "quantity",
            "name",
            "zhe",
            "tiers",
            "off",
            "link",
        )
        return next((name for name in names if name in said), "")


def _said(rule: Spec) -> str:
    try:
        return rule_words(msgspec.convert(rule, CouponRule))
    except msgspec.ValidationError:  # such as 减 0: the engine says beside its field what is wrong with it
        return ""
