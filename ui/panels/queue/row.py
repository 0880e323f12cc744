"""One row of the queue: what it is, what the rules say, and the keys that this seat has for it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.views.money import yuan
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.queue.rows import RowFace
from ui.widgets import Chip, CostMeter, FireButton, KeyCap, KindMark, PlainLabel, Separator, button, set_tip
from ui.widgets.when import countdown
from ui.words import cues as words

FIRE_WIDTH = 128
_NARROW, _NARROW_FIRE = 540, 96
"""Below this width of a row, so wide is its key at least."""


class QueueRow(QFrame):
    """Emits what the person wants with the cue's id: ``act("fire" | "approve" | "reject" | …, cue_id)``."""

    act = Signal(str, str)
    HEIGHT = 88

    def __init__(self, face: RowFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._key = KeyCap("")
        self._key.setMinimumWidth(self._key.sizeHint().width())
        self._mark = KindMark(face.kind, role="heading")
        self._title = PlainLabel("", role="strong", elide=True)
        self._detail = PlainLabel("", role="small", tone="fg2", elide=True)
        self._asked = PlainLabel("", role="small", tone="fg2", elide=True)
        self._note = Chip("")
        self._cost = CostMeter()
        # The price is never cut; what gives way is who asked, then the words beside the bar.
        self._lowest = PlainLabel("", role="small", tone="ok")
        self._lowest.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._asked.setMinimumWidth(1)
        self._agree = PlainLabel(_agree_words(), role="small", tone="accent", elide=True)
        self._said = PlainLabel("", role="small", tone="live", lines=0)
        self._said.hide()
        self._heed = PlainLabel("", role="small", tone="warn", elide=True)
        self.fire = FireButton("", key="")
        self.fire.setMinimumWidth(FIRE_WIDTH)
        self.approve = button(t("审核"), "primary")
        self.approve.setMinimumWidth(FIRE_WIDTH)
        self.more = button("⋯", "quiet")
        self.more.setAccessibleName(t("更多"))
        self.fire.fired.connect(lambda: self.act.emit("fire", self.face.cue_id))
        self.approve.clicked.connect(lambda: self.act.emit("approve", self.face.cue_id))
        self.more.clicked.connect(self._open_menu)
        self._build()
        self.show_face(face, force=True)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._note)
        foot.addWidget(self._lowest)
        foot.addWidget(self._cost)
        foot.addWidget(self._asked, 1)
        lines = QVBoxLayout()
        lines.setSpacing(3)
        lines.addLayout(head)
        lines.addWidget(self._detail)
        lines.addWidget(self._heed)
        lines.addLayout(foot)
        lines.addWidget(self._agree)
        keys = QHBoxLayout()
        keys.setSpacing(4)
        for each in (self.approve, self.fire, self.more):
            keys.addWidget(each)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._key, 0, 0)
        grid.addLayout(lines, 0, 1)
        grid.addLayout(keys, 0, 2)
        grid.addWidget(self._said, 1, 1, 1, 2)
        grid.setRowMinimumHeight(2, 2)
        grid.addWidget(Separator(), 3, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, self._key_width())

    def _key_width(self) -> int:
        return KeyCap("Ctrl+9").sizeHint().width()

    def show_face(self, face: RowFace, *, force: bool = False) -> None:
        """Show the row as it is now; what has not changed is not touched."""
        if face == self.face and not force:
            return
        kind = kind_of(face.kind)
        self.face = face
        self.setAccessibleName(face.title)
        self._key.set_text(face.key)
        self._mark.set_kind(face.kind)
        self._title.setText(face.title)
        self._detail.setText(face.detail)
        self._detail.setVisible(bool(face.detail))
        self._heed.setText(face.heed[0] if face.heed else "")
        set_tip(self._heed, "\n".join(face.heed))
        self._heed.setVisible(bool(face.heed))
        if face.asked_at is None:
            self._asked.setText(face.asked)
            self._asked.setMinimumWidth(1)
        self._note.show_as(face.note, face.tone)
        self._fit()
        self._show_lowest(face)
        self.fire.setVisible(bool(face.fire))
        self.fire.show_as(t("不能发") if face.blocked else face.fire, kind.TONE)
        self.fire.block(face.blocked)
        self.fire.setAccessibleName(f"{self.fire.face} {face.title}")
        self.approve.setVisible(face.approve)
        self.approve.setEnabled(not face.blocked)
        self.more.setVisible(face.edit or face.remove or face.reject)
        self._agree.setVisible(face.agrees)
        guard = face.blocked or _below_words(face)
        if guard:
            self.say(guard)
        elif self._said.property("guard"):
            self.say("")
        self._said.setProperty("guard", bool(guard))

    def _fit(self) -> None:
        """In a narrow queue the key that fires says by itself that the row is approved."""
        narrow = self.width() < _NARROW * theme.text_scale()
        self.fire.setMinimumWidth(_NARROW_FIRE if narrow else FIRE_WIDTH)
        said_by_key = narrow and bool(self.face.fire) and self.face.tone == "ok"
        self._note.setVisible(bool(self.face.note) and not said_by_key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_lowest(self, face: RowFace) -> None:
        low, floor = face.lowest_fen, face.floor_fen
        unpriced, why = kind_of(face.kind).unpriced()
        if low is not None:
            said = t("最低到手 {money}", money=yuan(low))
            if face.under_floor:
                said = t("{low}，低于底价", low=said)
            self._lowest.setText(f"{face.lowest_of} {said}" if face.lowest_of else said)
            floor_words = t("底价 {money}", money=yuan(floor)) if floor is not None else t("没有底价")
            terms = [face.lowest_of, t("按已知优惠算"), floor_words, face.combination]
            set_tip(self._lowest, " · ".join(term for term in terms if term))
        else:
            self._lowest.setText(unpriced)
            set_tip(self._lowest, why)
        self._lowest.set_tone("live" if face.under_floor else "fg1" if unpriced else "ok")
        self._lowest.setVisible(bool(self._lowest.text()))
        self._cost.show_cost(face.cost)

    def say(self, refusal: str) -> None:
        """A refusal stands beside what caused it; ``""`` takes it away."""
        self._said.setText(refusal)
        self._said.setVisible(bool(refusal))

    @property
    def heed(self) -> str:
        """What of its words whoever approves it must see."""
        return "" if self._heed.isHidden() else self._heed.text()

    @property
    def said(self) -> str:
        """The refusal that stands on the row."""
        return self._said.text()

    def tick(self, now: datetime) -> None:
        """A planned start counts down, and who waits for an approval waits longer."""
        fires_at, asked_at = self.face.fires_at, self.face.asked_at
        if asked_at is not None:
            until = self.face.asked_until
            ends = countdown((until - now).total_seconds()) if until is not None else ""
            if ends and self.face.agrees:
                self._agree.setText(_agree_words() + t(" · {left} 后自动退回", left=ends))
                until = None
            self._asked.set_forms(*words.waiting(self.face.asked, asked_at, until, now))
        if fires_at is not None:
            left = (fires_at - now).total_seconds()
            at = fires_at.astimezone().strftime("%H:%M:%S")
            self._note.show_as(t("{at} 开始 · 还有 {left}", at=at, left=countdown(left)), "accent")

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        face = self.face
        entries = [
            ("edit", t("修改…"), face.edit),
            ("card", t("口播卡…"), True),
            ("approve", t("审核，先不发"), face.may_approve and not face.approve),
            ("reject", t("退回"), face.reject),
            ("up", t("上移"), True),
            ("down", t("下移"), True),
            ("remove", t("移除"), face.remove),
        ]
        for name, label, shown in entries:
            if shown:
                action = menu.addAction(label)
                action.triggered.connect(lambda _=False, name=name: self.act.emit(name, self.face.cue_id))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))


def _below_words(face: RowFace) -> str:
    """What brings the price under its floor; where the fire key is blocked, the block says it."""
    low, floor = face.lowest_fen, face.floor_fen
    if not face.under_floor or low is None or floor is None:
        return ""
    said = t("最低到手 {money}，低于底价 {floor}", money=yuan(low), floor=yuan(floor))
    return t("{low}：{parts}", low=said, parts=face.combination) if face.combination else said


def _agree_words() -> str:
    return t("Ctrl+Enter 通过 · Ctrl+Backspace 退回")
