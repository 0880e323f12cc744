"""One step that a person is asked to do, and the keys that say whether it was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.views.instructions import instruction
from ui import theme
from ui.i18n import language, t
from ui.room import RoomView
from ui.widgets import FireButton, KindMark, PlainLabel
from ui.widgets.when import clock, parse


@dataclass(frozen=True, slots=True)
class StepFace:
    """A step that is owed to the platform, as its card shows it."""

    cue_id: str
    kind: str
    step: str
    words: str
    since: datetime | None
    unknown: bool
    by_hand: bool
    """The platform is `manual`; else it did not answer and a person is asked what is there."""

    @property
    def loud(self) -> bool:
        """An end that is owed, and a step nobody knows the outcome of, ring until they are answered."""
        return self.step == "ended" or self.unknown


def step_face(cue: Mapping[str, Any], room: RoomView) -> StepFace:
    """The card of a cue that owes a step."""
    owed = cue["owed"]
    said = instruction(cue["kind"], owed["step"], cue["spec"], room.names())
    by_hand = room.platform == "manual"
    words = said.en if language() == "en" else said.zh
    if not by_hand:
        words = t("平台没有回话。请在手机上看一眼：它开始了吗？")
    return StepFace(
        cue["cue_id"],
        cue["kind"],
        owed["step"],
        words,
        parse(owed.get("since")),
        cue["status"] == "unknown",
        by_hand,
    )


class ConfirmCard(QFrame):
    """``answered(cue_id, step, done)``. Nothing is on air before somebody pressed one of its keys."""

    answered = Signal(str, str, bool)

    def __init__(self, face: StepFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._mark = KindMark(face.kind, role="kpi")
        self._head = PlainLabel("", role="small_strong", elide=True)
        self._words = PlainLabel("", role="strong", lines=2)
        self._said = PlainLabel("", role="small", tone="live", lines=0)
        self._said.hide()
        self.done = FireButton(t("已完成"), tone="ok")
        self.failed = FireButton(t("没成功"), tone="live", outline=True)
        self.done.fired.connect(lambda: self.answered.emit(self.face.cue_id, self.face.step, True))
        self.failed.fired.connect(lambda: self.answered.emit(self.face.cue_id, self.face.step, False))
        words = QVBoxLayout()
        words.setSpacing(3)
        for each in (self._head, self._words, self._said):
            words.addWidget(each)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addWidget(self.failed)
        keys.addWidget(self.done)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        row.addLayout(keys)
        self.show_face(face)

    def show_face(self, face: StepFace) -> None:
        """Show the step as it stands."""
        self.face = face
        self._mark.set_kind(face.kind)
        self._words.setText(face.words)
        self.setAccessibleName(face.words)
        ended = face.step == "ended"
        self.done.show_as(t("已完成") if face.by_hand else t("开始了"))
        self.failed.show_as(t("没成功") if face.by_hand else t("没开始"))
        # An end that has not been done is still owed: there is no "no" to press.
        self.failed.setVisible(not ended)
        self.update()

    def tick(self, now: datetime) -> None:
        """How long it has been waiting."""
        face = self.face
        waited = clock((now - face.since).total_seconds()) if face.since else "?"
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

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = tokens.live if self.face.loud else tokens.warn
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, colour, 0.12)))
        painter.fillRect(QRectF(0, 0, 4, self.height()), theme.colour(colour))
        painter.end()
