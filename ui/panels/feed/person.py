"""A viewer's card: what the room knows of him, and the key with which he is forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from liveconsole.messages.state import MutedState
from liveconsole.messages.viewer_card import CardBag, CardMark, CardOrder, ViewerCard
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.panels.feed.words import clock_time
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.words.answers import sentence

_LINES = 8
"""Bags, orders and comments that are shown; the sums are over all orders."""


class ViewerSheet(Sheet):
    """Opened with what stands in a row; the rest is asked for. Forgetting takes two presses, and no key of
    the keyboard is under the second."""

    SECTIONS: ClassVar = ("notes",)

    def __init__(
        self, seat: Seat, role: str, viewer_id: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(clean(name, 24) or t("用户"), parent)
        self._seat, self._viewer_id = seat, viewer_id
        self.sums = PlainLabel(t("正在查这个人…"), lines=0)
        self.marks = PlainLabel("", role="small", tone="warn", lines=0)
        self.bags, self.orders = _Lines(t("本场福袋")), _Lines(t("他的订单"))
        self.lately = _Lines(t("最近说的"))
        self.body.addWidget(PlainLabel(viewer_id, role="small", tone="fg2", elide=True))
        for each in (self.sums, self.marks, self.bags, self.orders, self.lately):
            self.body.addWidget(each)
        self.marks.hide()
        self.mute, self.block = button(t("禁言（本场）")), button(t("拉黑"))
        self.unmute = button(t("解除，重新显示"))
        self.mute.clicked.connect(lambda: self._hide(block=False))
        self.block.clicked.connect(lambda: self._hide(block=True))
        self.unmute.clicked.connect(lambda: self._ask("viewer.unmute", {"viewer_id": viewer_id}))
        self.hidden_note = PlainLabel("", role="small", tone="fg1", lines=0)
        for key in (self.hidden_note, self.mute, self.block, self.unmute):
            self.body.addWidget(key)
        self._may_hide = may(role, "viewer.mute")
        self.body.addWidget(Separator())
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.forget = button(t("忘掉这个人…"), icon="trash")
        self.forget.clicked.connect(self._ask_first)
        if not may(role, "viewer.forget"):
            self.forget.hide()
        self.sure = self._question()
        for widget in (self.forget, self.sure, self.said):
            self.body.addWidget(widget)
        self.sure.hide()
        self.body.addStretch(1)
        self._show_hidden(None)

    def _question(self) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        self.yes = button(t("忘掉，不能撤回"), "danger")
        self.no = button(t("留着"), "quiet")
        self.yes.clicked.connect(self._forget)
        self.no.clicked.connect(self._leave)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        row.addStretch(1)
        return held

    def show_card(self, card: ViewerCard | None) -> None:
        """What the engine knows; None: nobody can be asked, or nobody has this id."""
        if card is None:
            self.sums.setText(t("这个人的资料现在查不到"))
            return
        self.sums.setText(_sums(card))
        self.marks.setText(" · ".join(_mark(mark) for mark in card.marks))
        self.bags.show_lines([_bag(bag) for bag in card.bags[:_LINES]])
        self.orders.show_lines([_order(order) for order in card.orders[:_LINES]])
        self.lately.show_lines([clean(said.text, 60) for said in card.comments[:_LINES]])
        self.marks.setVisible(bool(card.marks))

    def show_room(self, room: RoomView, now: datetime) -> None:
        """Whether he is hidden here, as the engine has it."""
        known = (one for one in room.muted if one.viewer_id == self._viewer_id and one.hidden)
        self._show_hidden(next(known, None))

    def _show_hidden(self, one: MutedState | None) -> None:
        self.mute.setVisible(self._may_hide and one is None)
        self.block.setVisible(self._may_hide and (one is None or not one.block))
        self.unmute.setVisible(self._may_hide and one is not None)
        self.hidden_note.setVisible(one is not None)
        if one is not None:
            words = t("已拉黑，以后也不显示") if one.block else t("已禁言，本场不显示")
            self.hidden_note.setText(t("{words}。福袋照样参加，订单照样算", words=words))

    def _hide(self, *, block: bool) -> None:
        self._ask("viewer.mute", {"viewer_id": self._viewer_id, "block": block})

    def _ask(self, command: str, data: dict[str, object]) -> None:
        def told(answer: Answer) -> None:
            self.said.set_tone("live")
            self.said.setText("" if answer.ok else sentence(answer))

        self._seat.ask_then(self, command, data, told)

    def _ask_first(self) -> None:
        self.forget.hide()
        self.sure.show()
        self.said.set_tone("fg1")
        self.said.setText(
            t(
                "名字和编号从本机删掉，备注、口头承诺、手填的中奖名里的也一起；订单和评论还在，只是没有名字。"
                "在这之前做的备份里仍有他。"
            )
        )
        self.no.setFocus()

    def _leave(self) -> None:
        self.sure.hide()
        self.forget.show()
        self.said.setText("")

    def _forget(self) -> None:
        self._seat.ask_then(self, "viewer.forget", {"viewer_id": self._viewer_id}, self._forgotten)

    def _forgotten(self, answer: Answer) -> None:
        if answer.ok:
            self.close_sheet()
            return
        self.said.set_tone("live")
        self.said.setText(sentence(answer))


def _sums(card: ViewerCard) -> str:
    if card.placed is None or card.paid_fen is None or card.refund_fen is None:
        return t("订单 — · {why}", why=t("没有来源报订单"))
    return t(
        "下单 {placed} 单 · 付款 {paid} 单 · {money} · 退款 {refund}",
        placed=card.placed,
        paid=card.paid,
        money=yuan(card.paid_fen),
        refund=yuan(card.refund_fen),
    )


def _mark(mark: CardMark) -> str:
    return {
        "name_only": t("只有名字，没有编号"),
        "kept_out": t("有福袋不让他参加"),
        "won": t("最近中过奖"),
        "member": t("会员"),
    }[mark]


def _bag(bag: CardBag) -> str:
    place = {
        "entered": t("参加了"),
        "won": t("中奖，还没领"),
        "confirmed": t("中奖，已确认"),
        "passed_over": t("中奖没领，让给候补"),
        "kept_out": t("不参加"),
    }[bag.place]
    at = clock_time(bag.at.isoformat()) if bag.at is not None else t("待上")
    return f"{at}  {clean(bag.prize, 40)} · {place}"


def _order(order: CardOrder) -> str:
    at = clock_time(order.placed_at.isoformat()) if order.placed_at is not None else "—"
    status = {"paid": t("已付"), "closed": t("已取消")}.get(order.status) or t("未付")
    fen = order.total_fen if order.paid_fen is None else order.paid_fen
    return f"{at}  {clean(order.order_id, 40)} · {yuan(fen)} · {status}"


class _Lines(QWidget):
    """A heading and lines under it; not there while there is none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._lines = PlainLabel("", role="small", tone="fg1", lines=0)
        held = QVBoxLayout(self)
        held.setContentsMargins(0, 4, 0, 0)
        held.setSpacing(2)
        held.addWidget(PlainLabel(title, role="small", tone="fg2"))
        held.addWidget(self._lines)
        self.hide()

    def show_lines(self, lines: list[str]) -> None:
        self._lines.setText("\n".join(lines))
        self.setVisible(bool(lines))

    def text(self) -> str:
        """The lines."""
        return self._lines.text()
