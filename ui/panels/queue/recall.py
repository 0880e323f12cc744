"""The recall bar: what is about to go, in tenths, and the key that takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.queue.rows import RecallFace
from ui.panels.queue.titled import show_title
from ui.widgets import FactLine, FireButton, KindMark, PlainLabel, ShortFact

_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter


class RecallBar(QFrame):
    """Loud while it counts down, as high as a row. ``recalled(cue_id)`` when its key is pressed."""

    recalled = Signal(str)
    HIGH = 54

    def __init__(self, face: RecallFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._tone = kind_of(face.kind).TONE
        self._mark = KindMark(face.kind, role="strong")
        self._count = PlainLabel("", role="product", tone=self._tone, align=_CENTRE)
        self._unit = PlainLabel(t("秒后发"), role="small", tone="fg1", align=_CENTRE)
        self._title = PlainLabel("", role="heading", elide=True)
        self._facts = FactLine()
        self.key = FireButton(t("撤回"), tone=self._tone, key=face.key, outline=True)
        self.key.fired.connect(lambda: self.recalled.emit(self._face.cue_id))
        self._left = -1.0
        self._build()
        self.show_face(face)

    def _build(self) -> None:
        clock = QVBoxLayout()
        clock.setSpacing(0)
        clock.addStretch(1)
        clock.addWidget(self._count)
        clock.addWidget(self._unit)
        clock.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch(1)
        lines.addLayout(head)
        lines.addWidget(self._facts)
        lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 0)
        row.setSpacing(12)
        row.addLayout(clock)
        row.addLayout(lines, 1)
        row.addWidget(self.key)
        # The digits may change; the words beside them must not stir.
        wide = QFontMetrics(self._count.font()).horizontalAdvance("88.8")
        self._count.setMinimumWidth(max(wide, self._unit.sizeHint().width()))
        self.setFixedHeight(round(self.HIGH * theme.text_scale()))

    def show_face(self, face: RecallFace) -> None:
        """Show another cue, or the same one changed."""
        self._face = face
        self._tone = kind_of(face.kind).TONE
        self._mark.set_kind(face.kind)
        self._count.set_tone(self._tone)
        show_title(self._title, face.kind, face.title, face.product)
        heed = [ShortFact(face.heed, "warn")] if face.heed else []
        self._facts.show_facts([*heed, *(ShortFact(said, tone, goes) for said, tone, goes in face.facts)])
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
        self._count.setText(f"{left:.1f}")
        self.setAccessibleName(self.said)

    @property
    def said(self) -> str:
        """The words of the bar."""
        return t("{n} 秒后发出：{title}", n=f"{max(0.0, self._left):.1f}", title=self._face.title)

    @property
    def heed(self) -> str:
        """What of its words was warned of."""
        return self._face.heed

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = getattr(tokens, self._tone)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, colour, 0.2)))
        painter.fillRect(QRectF(0, 0, self.width(), 2), theme.colour(colour))
        painter.end()
