"""Who still has to claim, on the stage: names, the claim clock, and the two keys that settle one."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import FireButton, KindMark, PlainLabel, set_tip
from ui.widgets.when import countdown
from ui.words.winners import WinnerMoment, name_of_winner

LINE: Final = 46
"""Pixels of height at text scale 1."""
_NARROW: Final = 560
"""Pixels at text scale 1 that the row has the count in."""
SETTLE_SECONDS: Final = 0.7
"""Another winner came up less than this ago: a key that is pressed then was meant for the one before."""


class WinnersRow(QWidget):
    """No height without anybody. ``settled``: what `bag.settle` is asked."""

    settled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.moment: WinnerMoment | None = None
        self._keys = True
        self._first: tuple[str, str, str] = ("", "", "")
        self._since = 0.0
        self.mark = KindMark("")
        self.clock = PlainLabel("", role="strong", tone="warn")
        self.names = PlainLabel("", role="base", elide=True)
        self.count = PlainLabel("", role="small", tone="fg1")
        self.over = FireButton(t("让给候补"), tone="fg1", outline=True, compact=True, role="small_strong")
        self.done = FireButton(t("已领"), tone="ok", compact=True, role="small_strong")
        self.done.fired.connect(lambda: self._settle(ok=True))
        self.over.fired.connect(lambda: self._settle(ok=False))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self.mark)
        row.addWidget(self.clock)
        row.addWidget(self.names, 1)
        row.addWidget(self.count)
        row.addWidget(self.over)
        row.addWidget(self.done)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.remeasure()
        self.hide()

    def remeasure(self) -> None:
        """Type has another size."""
        self.setFixedHeight(round(LINE * theme.text_scale()))

    def show_moment(self, moment: WinnerMoment | None, now: datetime) -> None:
        """Who waits; None once all is settled."""
        self.moment = moment
        self.setVisible(moment is not None)
        if moment is None:
            return
        self.mark.set_kind(moment.kind)
        first = moment.open[0]
        now_first = (moment.cue_id, first.viewer_id, first.name)
        if now_first != self._first:
            self._first, self._since = now_first, time.monotonic()
        names = t("、").join(map(name_of_winner, moment.open))
        said = t("等领奖 {names}", names=names)
        if len(moment.open) > 1:
            # The clock and the keys say what is waited for: where it is narrow, only for whom.
            whom = name_of_winner(first)
            self.names.set_forms(said, names, f"{whom} {t('+{n}', n=len(moment.open) - 1)}", whom)
        else:
            self.names.set_forms(said, names)
        self.names.setMinimumWidth(1)
        self.count.setText(t("已领 {n} / {of}", n=moment.claimed, of=len(moment.winners)))
        set_tip(self.names, f"{moment.prize} · {self.count.text()} · {names}")
        self.over.show_as(t("没领") if moment.at_platform else t("让给候补"))
        next_name = name_of_winner(first)
        for key, words in ((self.done, t("已领")), (self.over, self.over.face)):
            key.setVisible(moment.may_settle)
            key.setAccessibleName(f"{words} {next_name}")
            set_tip(key, f"{words} · {next_name}")
        self.setAccessibleName(f"{self.names.text()} · {self.count.text()}")
        self._draw_keys()
        self.tick(now)

    def set_keys(self, here: bool) -> None:
        """Whether Ctrl+Y and Ctrl+N are this row's: a card of 现在要做 has them before it."""
        if here != self._keys:
            self._keys, self._since = here, time.monotonic()
            self._draw_keys()

    def _draw_keys(self) -> None:
        for key, name in ((self.done, "Ctrl+Y"), (self.over, "Ctrl+N")):
            key.show_as(key.face, key=name if self._keys else "")

    @property
    def waits(self) -> bool:
        """Whether anybody waits here for Ctrl+Y or Ctrl+N."""
        return self.moment is not None and self.moment.may_settle and self._keys

    def settle(self, *, ok: bool) -> bool:
        """Ctrl+Y, Ctrl+N: the first of them has claimed, or is passed over. Whether anybody waited here."""
        if not self.waits:
            return False
        if time.monotonic() - self._since >= SETTLE_SECONDS:
            self._settle(ok=ok)
        return True

    def _settle(self, *, ok: bool) -> None:
        asked = self.moment.settling(ok=ok) if self.moment is not None else None
        if asked is not None:
            self.settled.emit(asked)

    def tick(self, now: datetime) -> None:
        """The time to claim runs down."""
        if self.moment is not None:
            until = self.moment.until
            self.clock.setText(countdown((until - now).total_seconds()) if until is not None else "—")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The keys are whole; where it is narrow the count gives way, and the tip of the names says it."""
        wide = round(_NARROW * theme.text_scale())
        self.count.setVisible(self.width() >= wide)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("warn"))
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.1)))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
        painter.end()
