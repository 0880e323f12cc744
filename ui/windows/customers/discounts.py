"""The levels' discounts: on for the whole shop, or off. Each is a shop coupon: every floor is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.membership import MemberLevel
from liveconsole.messages.rights import may
from liveconsole.messages.specs import CouponRule, ShopCoupon
from liveconsole.messages.state import State
from ui.i18n import t
from ui.seat.seat import Answer, Frame, Seat
from ui.widgets import PlainLabel, button
from ui.words.answers import sentence


class LevelDiscounts(QWidget):
    """Shows whether they are on; a no of the engine stands beside the key. ``locked``: of this seat, now."""

    def __init__(
        self, seat: Seat, role: str, locked: Callable[[], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._may, self._locked = seat, may(role, "room.set"), locked
        self._levels: list[MemberLevel] = []
        self._coupons: list[ShopCoupon] = []
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.said.hide()
        self.key = button("")
        self.key.clicked.connect(self._turn)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.said, 1)
        row.addWidget(self.key, 0, Qt.AlignmentFlag.AlignRight)
        seat.on_frame(self, self._frame)
        if seat.state is not None:
            self._show_state(seat.state)

    def show_levels(self, levels: Sequence[MemberLevel]) -> None:
        """What the seller's file says; a level without a discount is none here."""
        self._levels = [level for level in levels if level.zhe is not None]
        self._show()

    @property
    def on(self) -> bool:
        """Tell whether a discount of members is on in the shop."""
        return any(coupon.member_from is not None for coupon in self._coupons)

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None and "room" in frame.moved:
            self._show_state(frame.state)

    def _show_state(self, state: State) -> None:
        self._coupons = state.room.shop_coupons
        self._show()

    def _show(self) -> None:
        self.setVisible(self._may and (self.on or bool(self._levels)))
        self.key.setText(t("停用等级折扣") if self.on else t("启用等级折扣"))
        self.key.setAccessibleName(self.key.text())

    def _turn(self) -> None:
        if self._locked():
            self._answered(Answer(False, code="locked"))
            return
        others = [coupon for coupon in self._coupons if coupon.member_from is None]
        ours = [] if self.on else [_coupon(level) for level in self._levels]
        data: dict[str, Any] = {"shop_coupons": msgspec.to_builtins([*others, *ours])}
        self._seat.ask_then(self, "room.set", data, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.said.set_tone("fg1" if answer.ok else "live")
        self.said.setText("" if answer.ok else sentence(answer))
        self.said.setVisible(not answer.ok)


def _coupon(level: MemberLevel) -> ShopCoupon:
    return ShopCoupon(CouponRule(zhe=level.zhe), level.zh, None, level.since)
