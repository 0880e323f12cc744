"""One step that a person is asked to do, and the keys that say whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.specs import PinSpec
from liveconsole.messages.state import CueState, OwedState
from liveconsole.views.instructions import instruction
from liveconsole.views.spans import parse_remaining
from ui import theme
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.widgets import FireButton, KindMark, PlainLabel
from ui.widgets.when import clock


@dataclass(frozen=True, slots=True)
class StepFace:
    """A step that is owed to the platform, as its card shows it."""

    cue_id: str
    kind: str
    step: str
    words: str
    since: datetime
    unknown: bool
    by_hand: bool
    """A person does it there; else a program did not answer, and a person is asked to look."""
    seconds: int | None = None
    """How long it was set to run; None for what has no end."""

    @property
    def loud(self) -> bool:
        """An end that is owed, and a step nobody knows the outcome of, ring until they are answered."""
        return self.step == "ended" or self.unknown


def confirmable(room: RoomView) -> list[CueState]:
    """Cues whose step a person is asked about, the oldest first: owed by a person, or whose platform did not
    answer."""
    found = [
        (cue.owed.since, cue)
        for cue in room.cues.values()
        if cue.owed is not None
        and (cue.owed.by == "person" or (cue.status == "unknown" and cue.owed.step == "on_air"))
    ]
    return [cue for _, cue in sorted(found, key=lambda pair: pair[0])]


def step_face(cue: CueState, owed: OwedState, room: RoomView) -> StepFace:
    """The card of a cue that owes a step."""
    terms, by_hand = cue.terms, owed.by == "person"
    said = instruction(cue.kind, owed.step, cue.spec, room.names())
    words = said.en if language() == "en" else said.zh
    if not by_hand:
        words = t("平台没有回话。请在手机上看一眼：它开始了吗？")
    return StepFace(
        cue.cue_id,
        cue.kind,
        owed.step,
        words,
        owed.since,
        cue.status == "unknown",
        by_hand,
        None if terms is None or isinstance(terms, PinSpec) else terms.seconds,
    )


_NARROW: Final = 36
"""Chinese letters."""


class ConfirmCard(QFrame):
    """``answered(cue_id, step, done, remaining_seconds | None)``. Nothing is on air before somebody pressed
    one of its keys: by mouse, or with the card itself focused Y for done and N for not done."""

    answered = Signal(str, str, bool, object)

    def __init__(self, face: StepFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._meant = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._mark = KindMark(face.kind, role="kpi")
        self._head = PlainLabel("", role="small_strong", elide=True)
        self._words = PlainLabel("", role="strong", lines=2)
        self._said = PlainLabel("", role="small", tone="live", lines=0)
        self._said.hide()
        self.remaining = QLineEdit()
        self.remaining.setMaxLength(12)
        self.remaining.setPlaceholderText("4:12")
        self.remaining.setAccessibleName(t("手机上还剩多久，空着就从现在算"))
        self.remaining.setFixedWidth(QFontMetrics(theme.font("base")).horizontalAdvance("00:00:00") + 24)
        self.remaining.returnPressed.connect(self._done)
        self.remaining.textEdited.connect(lambda _text: self.say(""))
        self._late = QWidget()
        self._keys = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.done = FireButton(t("已完成"), tone="ok")
        self.failed = FireButton(t("没成功"), tone="live", outline=True)
        self.done.fired.connect(self._done)
        self.failed.fired.connect(self._failed)
        self._build()
        self.show_face(face)

    def _build(self) -> None:
        late = QHBoxLayout(self._late)
        late.setContentsMargins(0, 2, 0, 0)
        late.setSpacing(6)
        late.addWidget(PlainLabel(t("手机上还剩"), role="small", tone="fg1"))
        late.addWidget(self.remaining)
        late.addWidget(PlainLabel(t("空着就从现在算"), role="small", tone="fg2", elide=True), 1)
        words = QVBoxLayout()
        words.setSpacing(3)
        for each in (self._head, self._words, self._late, self._said):
            words.addWidget(each)
        keys = self._keys
        keys.setSpacing(6)
        keys.addWidget(self.failed)
        keys.addWidget(self.done)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        row.addLayout(keys)

    def show_face(self, face: StepFace) -> None:
        """Show the step as it stands."""
        if face.step != self.face.step:
            self.remaining.clear()
        self.face = face
        self._mark.set_kind(face.kind)
        self._words.setText(face.words)
        self.setAccessibleName(face.words)
        self.setAccessibleDescription(t("Y 已完成，N 没成功") if face.step == "on_air" else t("Y 已完成"))
        ended = face.step == "ended"
        self.done.show_as(t("已完成") if face.by_hand else t("开始了"))
        self.failed.show_as(t("没成功") if face.by_hand else t("没开始"))
        # An end that has not been done is still owed: there is no "no" to press.
        self.failed.setVisible(not ended)
        self._late.setVisible(not ended and face.seconds is not None)
        self.update()

    def _done(self) -> None:
        typed = "" if self._late.isHidden() else self.remaining.text().strip()
        left = parse_remaining(typed) if typed else None
        if typed and left is None:
            self.say(t("还剩多久写成 4:12、252 秒或 4分12，或者空着"))
            return
        longest = self.face.seconds
        if left is not None and longest is not None and left > longest and typed != self._meant:
            # More likely a slip than a platform that was set to run longer; the second press means it.
            self._meant = typed
            self.say(
                t("设的是 {set}，还剩 {left} 更长。真是这样就再按一次", set=clock(longest), left=clock(left))
            )
            return
        self.answered.emit(self.face.cue_id, self.face.step, True, left)

    def _failed(self) -> None:
        self.answered.emit(self.face.cue_id, self.face.step, False, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        once = not event.isAutoRepeat() and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ours = once and self.hasFocus() and event.key() in (Qt.Key.Key_Y, Qt.Key.Key_N)
        if not ours or not self.press(done=event.key() == Qt.Key.Key_Y):
            event.ignore()

    def show_keys(self, done: str, failed: str) -> None:
        """The keys that press its buttons; ``""`` for none."""
        self.done.show_as(self.done.face, key=done)
        self.failed.show_as(self.failed.face, key=failed)

    def press(self, *, done: bool) -> bool:
        """As its buttons do. False where there is no such button: an end that is owed has no "no"."""
        if done:
            self._done()
        elif self.failed.isHidden():
            return False
        else:
            self._failed()
        return True

    def tick(self, now: datetime) -> None:
        """How long it has been waiting."""
        face = self.face
        waited = clock((now - face.since).total_seconds())
        if face.step == "ended":
            said = t("已经结束，平台上还没有 · {waited}", waited=waited)
        elif face.unknown:
            said = t("没人确认，不知道在不在播 · {waited}", waited=waited)
        else:
            said = t("请在手机上做，做完按「已完成」 · {waited}", waited=waited)
        self._head.setText(said)
        self._head.set_tone("live" if face.loud else "warn")

    def say(self, words: str) -> None:
        """Why the answer was not taken."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What to press on the phone must be read: in a narrow card its buttons stand one above the other.
        narrow = self.width() < QFontMetrics(theme.font("base")).horizontalAdvance("国") * _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._keys.direction() != way:
            self._keys.setDirection(way)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = tokens.live if self.face.loud else tokens.warn
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, colour, 0.12)))
        painter.fillRect(QRectF(0, 0, 4, self.height()), theme.colour(colour))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(tokens.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()
