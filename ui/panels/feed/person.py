"""A viewer's card: what the room knows of him, and the key with which he is forgotten."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.rights import may
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.panels.feed.words import clock_time
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.words.answers import sentence

_LINES = 8
"""Orders and comments that are shown; the sums are over all orders."""


class ViewerSheet(Sheet):
    """Opened with what stands in a row; the rest is asked for. Forgetting takes two presses, and no key of
    the keyboard is under the second."""

    def __init__(
        self, seat: Seat, role: str, viewer_id: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(clean(name, 24) or t("用户"), parent)
        self._seat, self._viewer_id = seat, viewer_id
        self.sums = PlainLabel(t("正在查这个人…"), lines=0)
        self.lately = PlainLabel("", role="small", tone="fg2", lines=0)
        for each in (PlainLabel(viewer_id, role="small", tone="fg2", elide=True), self.sums, self.lately):
            self.body.addWidget(each)
        self.body.addWidget(Separator())
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.forget = button(t("忘掉这个人…"), icon="trash")
        self.forget.clicked.connect(self._ask_first)
        self.forget.setVisible(may(role, "viewer.forget"))
        self.sure = self._question()
        for widget in (self.forget, self.sure, self.said):
            self.body.addWidget(widget)
        self.sure.hide()
        self.body.addStretch(1)

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

    def show_card(self, card: dict[str, Any] | None) -> None:
        """What the engine knows; None: nobody can be asked, or nobody has this id."""
        if card is None:
            self.sums.setText(t("这个人的资料现在查不到"))
            return
        told = card["placed"] is not None
        self.sums.setText(
            t("订单 — · {why}", why=t("没有来源报订单"))
            if not told
            else t(
                "下单 {placed} 单 · 付款 {paid} 单 · {money} · 退款 {refund}",
                placed=card["placed"],
                paid=card["paid"],
                money=yuan(card["paid_fen"]),
                refund=yuan(card["refund_fen"]),
            )
        )
        lines = [
            " ".join(
                part
                for part in (
                    clock_time(order["placed_at"]) if order["placed_at"] else "",
                    clean(order["order_id"], 40),
                    yuan(order["total_fen"]),
                )
                if part
            )
            for order in card["orders"][:_LINES]
        ]
        lines += [clean(said["text"], 60) for said in card["comments"][:_LINES]]
        self.lately.setText("\n".join(lines))

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
