"""推流 and 录制 of OBS, on the strip."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.state import HealthState
from ui.i18n import t
from ui.widgets import PlainLabel, set_tip
from ui.widgets.chip import Mark
from ui.words.recording import output_sign


class OutputSign(QWidget):
    """Gone where the room has no OBS. ``short``: its shape alone, the words in its tip."""

    def __init__(self) -> None:
        super().__init__()
        self._health: HealthState | None = None
        self._short = False
        self.mark = Mark("ring", "fg2", role="small")
        self.words = PlainLabel("", role="small", tone="fg1")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.mark)
        row.addWidget(self.words)
        self.hide()

    @property
    def least(self) -> int:
        """Pixels of its words."""
        return self.words.minimumWidth()

    def show_health(self, health: HealthState, now: datetime) -> None:
        """The room's connections as they are now."""
        self._health = health
        self.setVisible("obs" in health.connections)
        self.tick(now)

    def shorten(self, short: bool) -> None:
        """Whether the words have room."""
        self._short = short
        self.words.setVisible(not short)

    def tick(self, now: datetime) -> None:
        """Move its clocks."""
        if self._health is None or self.isHidden():
            return
        icon, tone, words = output_sign(self._health, now)
        self.mark.show_as(icon, tone, words)
        self.words.setText(words)
        self.words.set_tone("fg1" if tone in ("ok", "fg2", "live") else tone)
        self.setAccessibleName(t("OBS：{words}", words=words))
        set_tip(self, words)
        # A clock that runs moves nothing beside it.
        self.words.setMinimumWidth(self.words.sizeHint().width())
