"""The one-line composer: 「3号 秒99 x50 限2 5分」, typed or pasted from a chat. Enter adds, never fires."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.intake.one_line import LimitDraft, LineDraft, LineRemark, read, read_limit
from liveconsole.messages.specs import terms_of
from liveconsole.messages.verdicts import RefusalSaid, Verdict
from liveconsole.views.goods import Goods, goods_of
from liveconsole.views.sentences import card
from ui import clipboard
from ui.i18n import language, t
from ui.panels.composer.money import lowest_words
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.advice import AdviceList, advice_of, warned_of
from ui.widgets import CostMeter, KeyCap, KindMark, PlainLabel, set_tip
from ui.words.answers import refusal, sentence
from ui.words.costs import ahead

TYPED_MS = 150


class LineBar(QFrame):
    """One line above the queue. What was read stands below it, then what the rules say; Enter adds it."""

    SECTIONS: Final = ("catalogue", "cart", "discount")

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self._round = 0
        self._goods = Goods()
        self._room: RoomView | None = None
        self._more: list[str] = []
        self._terms: list[str] = []
        self.draft: LineDraft | None = None
        self.limit: LimitDraft | None = None
        """本场上限: what the line sets in place of a promotion."""
        self.line = QLineEdit()
        self.line.setMaxLength(400)
        self.line.setAccessibleName(t("一行写促销"))
        self.line.setPlaceholderText(t("3号 秒99 x50 限2 5分，回车加入"))
        set_tip(self.line, self.line.placeholderText())
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self.add)
        key = KeyCap("Ctrl+K")
        set_tip(key, t("光标到这一行；回车只加入待上，从不发出"))
        self.mark = KindMark("pin", role="small")
        self.meaning = PlainLabel("", role="small", lines=0)
        self.cost = PlainLabel("", role="small", tone="ok", lines=0)
        self.most = CostMeter()
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.counsel = AdviceList()
        self._below = QWidget()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPED_MS)
        self._timer.timeout.connect(self.judge_now)
        self._build(key)

    def below(self) -> QWidget:
        """What was read of the line; where the line stands in a head it has a place of its own under it."""
        return self._below

    def _build(self, key: KeyCap) -> None:
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        # The key is drawn in the line that it leads to.
        inner = QHBoxLayout(self.line)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addStretch(1)
        inner.addWidget(key)
        self.line.setTextMargins(0, 0, key.sizeHint().width() + 8, 0)
        meaning = QHBoxLayout()
        meaning.setSpacing(8)
        meaning.addWidget(self.mark)
        meaning.addWidget(self.meaning, 1)
        below = QVBoxLayout(self._below)
        below.setContentsMargins(14, 6, 14, 6)
        below.setSpacing(4)
        below.addLayout(meaning)
        for each in (self.cost, self.most, self.said, self.counsel):
            below.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        self._clear()

    # What is read -----------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Numbers may have moved: what stands there is read again."""
        before, self._room = self._room, room
        goods = goods_of(room.catalogue, room.cart)
        moved = before is not None and before.pinned.wanted != room.pinned.wanted
        if goods != self._goods or moved:
            self._goods = goods
            if self.line.text().strip():
                self._typed()

    def _typed(self) -> None:
        self._round += 1
        text = self.line.text()
        self.draft, self.limit, self._terms = None, None, []
        self._timer.stop()
        if not text.strip():
            self._clear()
            return
        pinned = self._room.pinned if self._room is not None else None
        on_stage = pinned.wanted if pinned is not None else None
        bound = read_limit(text, self._goods, on_stage=on_stage)
        found = bound or read(text, self._goods, on_stage=on_stage, beats=True)
        english = language() == "en"
        self._below.show()
        self.cost.hide()
        self.most.show_cost(None)
        self.counsel.show_advice([])
        if not isinstance(found, LineDraft):
            self.mark.hide()
            self.limit = found if isinstance(found, LimitDraft) else None
            self.meaning.setText(_bound(self.limit) if self.limit is not None else "")
            self._say(found.reason(english=english) if isinstance(found, LineRemark) else "", "warn")
            return
        self.draft = found
        self.mark.set_kind(found.kind)
        self.mark.show()
        spoken = card(found.kind, found.spec, self._goods)
        said = spoken.en if english else spoken.zh
        self.meaning.setText(" · ".join(filter(None, (said, _beat(found)))))
        remarks = [remark.reason(english=english) for remark in found.warnings]
        warning = spoken.warning_en if english else spoken.warning_zh
        self._say(" · ".join([*remarks, warning] if warning else remarks), "warn")
        self._timer.start()

    def _clear(self) -> None:
        self.meaning.setText("")
        self.counsel.show_advice([])
        self._say("", "live")
        for each in (self.mark, self.cost, self.most, self._below):
            each.hide()

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def judge_now(self) -> None:
        """Ask the rules about what was read."""
        if self.draft is not None:
            tasks.spawn(self._judge(self._round, self._data(self.draft)), name="judge a line")

    def _data(self, draft: LineDraft) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": draft.kind, "spec": draft.spec}
        data |= {"repeat": draft.repeat} if draft.repeat is not None else {}
        return data | ({"override": self._terms} if self._terms else {})

    async def _judge(self, asked_in: int, data: dict[str, Any]) -> None:
        said = await self._seat.judge("cue.add", data)
        # What was typed since is judged by a later round.
        if said is not None and shiboken6.isValid(self) and asked_in == self._round:
            self.show_judged(said)

    def show_judged(self, said: Verdict) -> None:
        """The rules' answer to what stands there."""
        draft, room = self.draft, self._room
        if draft is not None and room is not None:
            words, tone = lowest_words(draft.kind, terms_of(draft.kind, draft.spec), said, room)
            self.cost.set_tone(tone)
            self.cost.setText(words)
            self.cost.setVisible(bool(words))
            self.most.show_cost(ahead(draft.kind, said.exposure_fen, room))
        if not said.ok:
            refusals = [said, *said.also]
            self._say("\n".join(_worded(each) for each in refusals), "live")
        self._terms = warned_of(said)
        self.counsel.show_advice(advice_of(said))

    # Adding -----------------------------------------------------------------------------------------

    def take_keyboard(self) -> bool:
        """Ctrl+K: the cursor is here."""
        self.line.setFocus()
        self.line.selectAll()
        return True

    def add(self) -> None:
        """Into the queue, never further; a refusal stands below the line, and the line stays."""
        if self.limit is not None:
            limit, self.limit = self.limit, None
            self._seat.ask_then(self, "stock.limit", limit.data, self._set)
        if self.draft is None:
            return
        self._round += 1
        self._timer.stop()
        draft, self.draft = self.draft, None
        self._seat.ask_then(self, "cue.add", self._data(draft), self._added)

    def _set(self, answer: Answer) -> None:
        self._done(answer, t("定好了"))

    def _added(self, answer: Answer) -> None:
        self._done(answer, t("已加入待上，没有发出"))

    def _done(self, answer: Answer, added: str) -> None:
        if not answer.ok:
            self._typed()
            self._timer.stop()
            self._say(sentence(answer), "live")
            return
        following = self._more.pop(0) if self._more else ""
        self.line.setText(following)
        self._below.show()
        left = len(self._more)
        if not following:
            self._say(added, "ok")
        elif left:
            self._say(t("{added} · 还有 {n} 行", added=added, n=left), "ok")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Several pasted lines come one after the other: each is looked at before it is added."""
        pressed = watched is self.line and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste):
            return self.paste(clipboard.held())
        return super().eventFilter(watched, event)

    def paste(self, text: str) -> bool:
        """Take several lines; one alone is pasted as always (False)."""
        lines = [line.strip() for line in text.splitlines() if line.strip()][:200]
        if len(lines) < 2:
            return False
        self._more = lines[1:]
        self.line.setText(lines[0])
        return True


def _worded(refused: RefusalSaid) -> str:
    return refusal(refused.code, refused.params, refused.text)


def _beat(draft: LineDraft) -> str:
    """When it comes again; nothing where it comes once."""
    repeat = draft.repeat
    if repeat is None:
        return ""
    return t("每 {n} 分钟一场，共 {times} 场", n=repeat["minutes"], times=repeat["times"])


def _bound(limit: LimitDraft) -> str:
    """What a line bounds."""
    if limit.units is None and limit.per_buyer is None:
        return t("{title}：本场不限", title=limit.title)
    parts = []
    if limit.units is not None:
        parts.append(t("上限 {n} 件", n=f"{limit.units:,}"))
    if limit.per_buyer is not None:
        parts.append(t("每人 {n} 件", n=f"{limit.per_buyer:,}"))
    return t("{title}：本场 {limits}", title=limit.title, limits=" · ".join(parts))
