"""A running promotion: a ring that empties, its counts, a stop key. Its place and size never change."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import CueState
from ui import look
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.widgets import CostMeter, FireButton, KindMark, PlainLabel, Ring, set_tip
from ui.widgets.when import clock
from ui.words import costs as cost_words
from ui.words.answers import why_not
from ui.words.goods import cue_counts, cue_title, read_words, reading_of
from ui.words.sources import source_name


class RunningCard(QFrame):
    """One cue. ``stop_asked`` names it; the platform is only asked once somebody takes that up."""

    stop_asked = Signal(str)

    def __init__(self, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.cue_id = ""
        self._cue: CueState | None = None
        self._shown: tuple[CueState, str, int] | None = None
        """All that its words come from: the promotion, its title, the look."""
        self.ring = Ring()
        self._kind = KindMark("pin")
        self.title = PlainLabel("", role="strong", lines=2)
        self.source = PlainLabel("", role="small", tone="fg2", elide=True)
        self.source.hide()
        self.state = PlainLabel("", role="small_strong", tone="warn", lines=2)
        self.counts = PlainLabel("", role="small", tone="fg1", lines=2)
        self.cost = CostMeter()
        self.stop = FireButton(t("停"), tone="live", outline=True, compact=True, role="small_strong")
        self.stop.fired.connect(lambda: self.stop_asked.emit(self.cue_id))
        head = QHBoxLayout()
        head.setSpacing(6)
        mark = QVBoxLayout()
        mark.addSpacing(3)
        mark.addWidget(self._kind)
        mark.addStretch(1)
        head.addLayout(mark)
        head.addWidget(self.title, 1)
        # What is unsettled takes the counts' place: same size, so the card does not stir.
        held = self._held = QWidget()
        self._middle = QStackedLayout(held)
        self._middle.addWidget(self.counts)
        self._middle.addWidget(self.state)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(head)
        words.addWidget(self.source)
        words.addStretch(1)
        self._words = words
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.ring, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addLayout(words, 0, 1)
        # A line of its own, so that ring and stop key share no column.
        foot = self._foot = QWidget()
        self._foot_row = QHBoxLayout(foot)
        self._foot_row.setContentsMargins(0, 0, 0, 0)
        self._foot_row.addWidget(self.cost, 1)
        self._low = low
        self._place()

    def _place(self) -> None:
        """Ring and title, the counts below, then the stop key; in a low window all of it in two lines."""
        low = self._low
        self.ring.set_flat(low)
        for label in (self.title, self.counts, self.state):
            label.set_lines(1 if low else 2)
        self._words.setSpacing(1 if low else 4)
        self._grid.setContentsMargins(10, 4 if low else 12, 8 if low else 10, 4 if low else 10)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if low:
            self._words.insertWidget(1, self._held)
            self._grid.addWidget(self.stop, 0, 2, right)
        else:
            self._grid.addWidget(self._held, 1, 0, 1, 3)
            self._foot_row.addWidget(self.stop, 0, right)
            self._grid.addWidget(self._foot, 2, 0, 1, 3)
        self._foot.setVisible(not low)

    def set_low(self, low: bool) -> None:
        """Two lines of text high, for a window that has no more height to give."""
        if low != self._low:
            self._low = low
            for each in (self.stop, self._held, self._foot):
                for layout in (self._grid, self._words, self._foot_row):
                    layout.removeWidget(each)
            self._place()
            self._show_cost()
            self._show_source()

    def readable_width(self) -> int:
        """The width under which its counts are no longer read at a glance."""
        words = self.counts.fontMetrics().horizontalAdvance(t("待付款 {n}", n=888)) * 3 // 2
        if self._low:
            return self.ring.sizeHint().width() + 2 * words + self.stop.sizeHint().width() + 52
        return self.ring.sizeHint().width() + words + 32

    def show_cue(self, cue: CueState, room: RoomView, now: datetime) -> None:
        """Show a cue as it stands."""
        shown = (cue, cue_title(cue, room), look.generation())
        if shown != self._shown:
            self._shown = shown
            self._show(cue, shown[1])
        self.tick(now)

    def _show(self, cue: CueState, title: str) -> None:
        self.cue_id, self._cue = cue.cue_id, cue
        self._kind.set_kind(cue.kind)
        self.title.setText(title)
        self.setAccessibleName(title)
        self.source.setText(t("只认 {source}", source=source_name(cue.source)) if cue.source else "")
        self._show_source()
        ends = cue.ends_at if cue.status == "on_air" else None
        begun, seconds = cue.on_air_at, getattr(cue.terms, "seconds", None)
        if begun is None and ends is not None and seconds is not None:
            begun = ends - timedelta(seconds=seconds)
        self.ring.set_tone(kind_of(cue.kind).TONE)
        self.ring.set_span(begun, ends)
        self.stop.show_as(t("停"), key=f"Ctrl+Shift+{cue.slot}" if cue.slot is not None else "")
        self._show_cost()
        ending = cue.owed is not None and cue.owed.step == "ended"
        self.stop.block(t("正在请平台结束") if ending else why_not(cue.can.stop))

    def _show_cost(self) -> None:
        """What it has cost against the most it can; where there is no room for it the counts' tip says it."""
        cost = cost_words.running(self._cue) if self._cue is not None else None
        beside = self.width() - self.stop.sizeHint().width() - self._foot_row.spacing() - 22
        tight = self._low or beside < self.cost.bar.minimumSizeHint().width()
        self.cost.show_cost(None if tight else cost)
        set_tip(self.counts, cost.tip or cost.words if cost is not None and tight else "")

    def _show_source(self) -> None:
        """Whose comments enter it, where there is a line for it."""
        self.source.setVisible(bool(self.source.text()) and not self._low)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_cost()

    def tick(self, now: datetime) -> None:
        """Move the ring and the ages."""
        if self._cue is None:
            return
        self.ring.tick(now)
        read = read_words(reading_of(self._cue), now)
        self.counts.setText(" · ".join([*cue_counts(self._cue), *([read] if read else [])]))
        text, tone = _unsettled(self._cue, now)
        self.state.setText(text)
        self.state.set_tone(tone)
        self._middle.setCurrentIndex(1 if text else 0)


def _unsettled(cue: CueState, now: datetime) -> tuple[str, str]:
    """What is unsettled, and how loud it is."""
    owed = cue.owed
    if owed is not None:
        waited, asked = clock((now - owed.since).total_seconds()), owed.by == "person"
        if owed.step == "ended":
            if asked:
                return t("请去结束它 {waited}", waited=waited), "live"
            return t("等平台结束 {waited}", waited=waited), "warn"
        if cue.status == "unknown":
            if asked:
                return t("等人确认 {waited}", waited=waited), "live"
            return t("平台没回话，在问 {waited}", waited=waited), "live"
        return t("等平台开始 {waited}", waited=waited), "warn"
    if cue.oversold:
        return t("平台超卖了"), "live"
    heed = kind_of(cue.kind).heed(cue)
    return (heed, "warn") if heed else ("", "fg2")
