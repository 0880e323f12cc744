"""Who asks, with the digits to compare and what it may do; and who has a seat already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.sharing import (
    AskState,
    GivenRole,
    ShareAct,
    ShareAllow,
    SharedSeatState,
    ShareRefuse,
    ShareRevoke,
)
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.widgets import Mark, PlainLabel, Segments, button
from ui.widgets.when import clock
from ui.words.sharing import KINDS, ONLY_POSTS, here_words, label_of, role_words, spaced

_ROLES: Final[tuple[GivenRole, ...]] = ("assistant", "operator", "viewer")
GiveAct = Callable[[ShareAct], object]


class AskCard(QFrame):
    """The person compares the digits and says as what it may come in."""

    def __init__(self, ask: AskState, give: GiveAct, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.ask, self._give = ask, give
        name = t("{label} · {kind}", label=label_of(ask), kind=t(KINDS[ask.kind]))
        self.setAccessibleName(name)
        self.digits = PlainLabel(spaced(ask.digits), role="price", align=Qt.AlignmentFlag.AlignHCenter)
        self.digits.setAccessibleName(" ".join(ask.digits))
        self._left = PlainLabel("", role="small", tone="fg1")
        self.roles = Segments([(role, t(ROLE_NAMES[role])) for role in _ROLES])
        self.roles.setAccessibleName(t("让它做什么"))
        self.fires = QCheckBox(t("可以开抢"))
        self.roles.chosen_by_hand.connect(self._show_fires)
        self.allow = button(t("数字一样，同意"), "primary")
        self.refuse = button(t("不同意"), "danger")
        self.allow.clicked.connect(self._allow)
        self.refuse.clicked.connect(lambda: give(ShareRefuse(ask.id)))
        top = QHBoxLayout()
        top.addWidget(Mark("phone" if ask.kind == "phone" else "people", "warn"))
        top.addWidget(PlainLabel(name, role="strong", elide=True), 1)
        top.addWidget(self._left)
        keys = QHBoxLayout()
        keys.addWidget(self.refuse)
        keys.addWidget(self.allow, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(PlainLabel(t("和那边屏幕上的一样才同意"), role="small", tone="fg1", lines=0))
        column.addWidget(self.digits)
        column.addWidget(self.roles)
        column.addWidget(self.fires)
        if ask.kind == "tool":  # it may one thing, and is not asked about others
            self.roles.hide()
            self.fires.hide()
            column.addWidget(PlainLabel(t(ONLY_POSTS), role="small", lines=0))
        column.addLayout(keys)
        self._show_fires(self.roles.chosen)

    def _show_fires(self, role: str) -> None:
        # 中控 always may, 只看 never: only of an assistant is it asked.
        self.fires.setEnabled(role == "assistant")
        if role != "assistant":
            self.fires.setChecked(role == "operator")

    def _allow(self) -> None:
        role = next(each for each in _ROLES if each == self.roles.chosen)
        self._give(ShareAllow(self.ask.id, role, role == "assistant" and self.fires.isChecked()))

    def tick(self, now: datetime) -> None:
        """How long it still waits."""
        self._left.setText(t("还等 {time}", time=clock(max(0.0, (self.ask.until - now).total_seconds()))))


class SeatLine(QWidget):
    """One seat: who, what it may do, its last word, and the key that takes it away."""

    def __init__(self, seat: SharedSeatState, give: GiveAct, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seat = seat
        self._name = PlainLabel(label_of(seat), role="strong", elide=True)
        self._role = PlainLabel("", role="small", tone="fg1", lines=0)
        self._here = PlainLabel("", role="small")
        self.remove = button(t("移除"), "quiet")
        self.remove.setAccessibleName(t("移除 {label}", label=label_of(seat)))
        self.remove.clicked.connect(lambda: give(ShareRevoke(seat.id)))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._role)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Mark("phone" if seat.kind == "phone" else "people", "fg1"))
        row.addLayout(words, 1)
        row.addWidget(self._here)
        row.addWidget(self.remove)

    def show_seat(self, seat: SharedSeatState, now: datetime) -> None:
        """As it stands."""
        self.seat = seat
        self._role.setText(role_words(seat))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Its last word grows old."""
        words, tone = here_words(self.seat, now)
        self._here.setText(words)
        self._here.set_tone(tone)
