"""Coupons already live in the shop: they stack with what the console does, so the rules must know them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.specs import CouponRule, ShopCoupon
from ui.i18n import t
from ui.kinds.phrases import rule_words
from ui.preferences.page import SetRoom
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import FlowRow, PlainLabel, button
from ui.widgets.entry import MoneyEntry
from ui.words.answers import sentence


class ShopCoupons(QWidget):
    """The list, and one line to add to it. The whole list is sent each time, as the room keeps it."""

    def __init__(self, set_room: SetRoom, *, may_change: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_room, self._may = set_room, may_change
        self._coupons: list[ShopCoupon] = []
        self._shown: list[ShopCoupon] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.threshold, self.off = MoneyEntry(), MoneyEntry()
        self._said = PlainLabel("", role="small", tone="live", lines=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._list)
        if may_change:
            column.addWidget(self._line())
            column.addWidget(self._said)

    def _line(self) -> QWidget:
        held = QWidget()
        row = FlowRow(held, gap=6)
        self.threshold.setPlaceholderText(t("门槛，空着是直减"))
        for words, entry in ((t("店里有券：满"), self.threshold), (t("减"), self.off)):
            entry.setMaximumWidth(150)
            entry.setAccessibleName(words)
            row.addWidget(PlainLabel(words, role="small", tone="fg1"))
            row.addWidget(entry)
        self.add = button(t("记下这张券"))
        self.add.clicked.connect(self._add)
        row.addWidget(self.add)
        return held

    def show_state(self, room: RoomView) -> None:
        """Show what the room knows."""
        self._coupons = room.settings.shop_coupons
        if self._coupons == self._shown:
            return
        self._shown = self._coupons
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, coupon in enumerate(self._coupons):
            self._list.addWidget(self._row(place, coupon))
        if not self._coupons:
            self._list.addWidget(
                PlainLabel(
                    t("没有记店里的券。它们会和促销叠加，漏记会算错最低到手。"),
                    role="small",
                    tone="fg2",
                    lines=0,
                )
            )

    def _row(self, place: int, coupon: ShopCoupon) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(rule_words(coupon.rule), elide=True), 1)
        if self._may:
            gone = button(t("没有这张了"), "quiet")
            gone.setAccessibleName(t("{what}：没有这张了", what=rule_words(coupon.rule)))
            gone.clicked.connect(
                lambda: self._send(self._coupons[:place] + self._coupons[place + 1 :], self._answered)
            )
            row.addWidget(gone)
        return held

    def _add(self) -> None:
        off, threshold = self.off.fen(), self.threshold.fen()
        if not off or self.threshold.problem():
            self._said.setText(self.off.problem() or self.threshold.problem() or t("减多少？"))
            return
        rule = CouponRule(off_fen=off, threshold_fen=threshold or None)
        self._send([*self._coupons, ShopCoupon(rule)], self._added)

    def _send(self, coupons: list[ShopCoupon], then: Callable[[Answer], None]) -> None:
        self._set_room(self, {"shop_coupons": msgspec.to_builtins(coupons)}, then)

    def _added(self, answer: Answer) -> None:
        """What the engine did not take stays to be mended."""
        self._answered(answer)
        if answer.ok:
            for entry in (self.off, self.threshold):
                QLineEdit.clear(entry)

    def _answered(self, answer: Answer) -> None:
        self._said.setText("" if answer.ok else sentence(answer))
