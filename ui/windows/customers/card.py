"""One customer at the right: his orders, his membership where he agreed to one, and what may be done."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.customers import CustomerProfile
from liveconsole.messages.rights import may
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.widgets import FlowRow, NumberField, PlainLabel, Separator, button
from ui.windows.customers.words import member_lines, order_line

_ORDERS: Final = 12
"""Lines; the sums are over all of them."""
_YUAN: Final = 100


class PersonColumn(QFrame):
    """``asked(type, data)``: a command about him; ``export_asked``: all that is kept of him, into a file.

    Joining and forgetting take two presses: the first says what it means.
    """

    asked = Signal(str, dict)
    export_asked = Signal()

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self._role, self.viewer_id = role, ""
        self._sure = ""
        self.name = PlainLabel("", role="heading", elide=True)
        self.sums = PlainLabel("", tone="fg1", lines=0)
        self.member = PlainLabel("", lines=0)
        self.member_head = PlainLabel(t("会员"), role="small", tone="fg2")
        self.orders_head = PlainLabel(t("他的订单"), role="small", tone="fg2")
        self.orders = PlainLabel("", role="small", tone="fg1", lines=0)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.join, self.leave = button(t("入会…")), button(t("退会"), "quiet")
        self.checkin = button(t("签到"))
        self.points, self.what = NumberField(1, 1_000_000, unit=t("积分")), QLineEdit()
        self.points.setAccessibleName(t("用多少积分"))
        self.what.setPlaceholderText(t("换什么"))
        self.what.setAccessibleName(t("换什么"))
        self.what.setMaxLength(40)
        self.spend = button(t("用积分"))
        self.amount = NumberField(1, 100_000, unit=t("元"))
        self.amount.setAccessibleName(t("储值多少元"))
        self.deposit, self.use = button(t("储值")), button(t("用储值"))
        self.export, self.forget = button(t("导出这个人…")), button(t("忘掉这个人…"), icon="trash")
        self.question = PlainLabel("", role="small", tone="fg1", lines=0)
        self.yes, self.no = button("", "primary"), button(t("先不"), "quiet")
        self._connect()
        self._build()
        self.say("")
        self.show_person("", None)

    def _connect(self) -> None:
        self.join.clicked.connect(lambda: self._ask_first("member.join"))
        self.forget.clicked.connect(lambda: self._ask_first("viewer.forget"))
        self.leave.clicked.connect(lambda: self._ask("member.leave"))
        self.checkin.clicked.connect(lambda: self._ask("member.checkin"))
        self.spend.clicked.connect(self._spend)
        self.deposit.clicked.connect(lambda: self._deposit(use=False))
        self.use.clicked.connect(lambda: self._deposit(use=True))
        self.export.clicked.connect(self.export_asked)
        self.yes.clicked.connect(self._agreed)
        self.no.clicked.connect(self._stepped_back)

    def _build(self) -> None:
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(8)
        self.spending = _row(self.points, self.what, self.spend)
        self.paying = _row(self.amount, self.deposit, self.use)
        self.keys = _row(self.join, self.checkin, self.leave)
        self.sure = _row(self.yes, self.no)
        for each in (
            self.name, self.sums, self.member_head, self.member, self.keys, self.spending, self.paying,
            self.question, self.sure, self.said, Separator(), self.orders_head, self.orders, Separator(),
            _row(self.export, self.forget),
        ):  # fmt: skip
            inside.addWidget(each)
        inside.addStretch(1)
        held = QWidget()
        held.setLayout(inside)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(held)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(area)

    def show_person(self, viewer_id: str, profile: CustomerProfile | None) -> None:
        """Him; None: he is being read, or nobody is chosen, or there is nobody of that id."""
        if viewer_id != self.viewer_id:
            self._stepped_back()
            self.say("")
        self.viewer_id = viewer_id
        member = profile.member if profile is not None else None
        self.name.setText(clean(profile.name, 24) if profile is not None else "")
        self.sums.setText(_sums(profile) if profile is not None else t("在列表里选一个人"))
        lines = member_lines(member) if member is not None else [t("不是会员：没有同意，就不建档案")]
        self.member.setText("\n".join(lines))
        shown = profile.shown[:_ORDERS] if profile is not None else []
        self.orders.setText("\n".join(map(order_line, shown)))
        here, joined = profile is not None, member is not None
        for widget, shows in (
            (self.member_head, here),
            (self.member, here),
            (self.orders_head, bool(shown)),
            (self.orders, bool(shown)),
            (self.join, here and not joined and may(self._role, "member.join")),
            (self.checkin, joined and may(self._role, "member.checkin")),
            (self.leave, joined and may(self._role, "member.leave")),
            (self.spending, joined and may(self._role, "member.spend")),
            (self.paying, joined and may(self._role, "member.deposit")),
            (self.export, here),
            (self.forget, here and may(self._role, "viewer.forget")),
        ):
            widget.setVisible(shows)

    def say(self, words: str, tone: str = "live") -> None:
        """What came of it."""
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _ask(self, type_: str, **data: Any) -> None:
        if self.viewer_id:
            self.asked.emit(type_, {"viewer_id": self.viewer_id, **data})

    def _spend(self) -> None:
        self._ask("member.spend", points=self.points.value(), what=self.what.text().strip())

    def _deposit(self, *, use: bool) -> None:
        self._ask("member.deposit", amount_fen=self.amount.value() * _YUAN, use=use)

    def _ask_first(self, type_: str) -> None:
        self._sure = type_
        if type_ == "member.join":
            self.question.setText(
                t("他本人同意了吗？会记下他的入会、签到、积分和储值；随时可以退会，忘掉他时一起删。")
            )
            self.yes.setText(t("他同意了，入会"))
        else:
            self.question.setText(
                t("名字、编号和会员档案从本机删掉，订单还在，只是没有名字。在这之前做的备份里仍有他。")
            )
            self.yes.setText(t("忘掉，不能撤回"))
        self._show_question(shows=True)
        self.no.setFocus()

    def _agreed(self) -> None:
        type_ = self._sure
        self._stepped_back()
        if type_ == "member.join":
            self._ask(type_, consent=True)
        elif type_:
            self._ask(type_)

    def _stepped_back(self) -> None:
        self._sure = ""
        self._show_question(shows=False)

    def _show_question(self, *, shows: bool) -> None:
        self.question.setVisible(shows)
        self.sure.setVisible(shows)


def _sums(profile: CustomerProfile) -> str:
    words = t("{n} 单 · 实付净额 {sum}", n=f"{profile.orders:,}", sum=yuan(profile.amount_fen))
    if profile.first_at is None or profile.last_at is None:
        return words
    days = t(
        "第一次 {first}，最近 {last}",
        first=f"{profile.first_at.astimezone():%Y-%m-%d}",
        last=f"{profile.last_at.astimezone():%Y-%m-%d}",
    )
    return f"{words}\n{days}"


def _row(*widgets: QWidget) -> QWidget:
    """Side by side, and on in the next line where there is no room."""
    held = QWidget()
    row = FlowRow(held)
    for widget in widgets:
        row.addWidget(widget)
    return held
