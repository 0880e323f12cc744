"""The recall bar: what is about to go, in tenths, and the key that takes it back."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.queue.rows import RecallFace
from ui.widgets import FireButton, KindMark, PlainLabel


class RecallBar(QFrame):
    """Loud while it counts down. ``recalled(cue_id)`` when its key is pressed."""

    recalled = Signal(str)

    def __init__(self, face: RecallFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._tone = kind_of(face.kind).TONE
        self._mark = KindMark(face.kind, role="kpi")
        self._count = PlainLabel("", role="heading", tone="fg0", elide=True)
        self._said = PlainLabel("", role="small", elide=True)
        self.key = FireButton(t("撤回"), tone=self._tone, key=face.key, outline=True)
        self.key.fired.connect(lambda: self.recalled.emit(self._face.cue_id))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._count)
        words.addWidget(self._said)
        self._heed = PlainLabel("", role="small", tone="warn", elide=True)
        words.addWidget(self._heed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        row.addWidget(self.key)
        self._left = -1.0
        self.show_face(face)

    def show_face(self, face: RecallFace) -> None:
        """Show another cue, or the same one changed."""
        self._face = face
        self._tone = kind_of(face.kind).TONE
        self._mark.set_kind(face.kind)
        self._said.set_tone(f"soft:{self._tone}")
        self._said.setText(face.detail)
        self._said.setVisible(bool(face.detail))
        self._heed.setText(face.heed)
        self._heed.setVisible(bool(face.heed))
        self.key.show_as(t("撤回"), self._tone, face.key)
        self.key.setVisible(face.may)
        self.update()

    def tick(self, now: datetime) -> None:
        """Count down in tenths; never below zero, the engine says when it has gone."""
        fires_at = self._face.fires_at
        left = max(0.0, (fires_at - now).total_seconds()) if fires_at else 0.0
        if round(left, 1) == self._left:
            return
        self._left = round(left, 1)
        self._count.setText(t("{n} 秒后发出：{title}", n=f"{left:.1f}", title=self._face.title))
        self.setAccessibleName(self._count.text())

    @property
    def said(self) -> str:
        """The words of the bar."""
        return self._count.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = getattr(tokens, self._tone)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, colour, 0.2)))
        painter.fillRect(QRectF(0, 0, self.width(), 2), theme.colour(colour))
        painter.end()
