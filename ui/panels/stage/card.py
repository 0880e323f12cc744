"""A running promotion: a ring that empties, its counts, a stop key. Its place and size never change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QStackedLayout, QWidget

from liveconsole.messages.state import CueState
from ui import look, theme
from ui.i18n import t
from ui.keys import slot_key
from ui.kinds import kind_of, name_of
from ui.kinds.phrases import clock_of
from ui.seat.room import RoomView
from ui.widgets import FireButton, KindMark, PlainLabel, Ring, set_tip
from ui.widgets.when import clock
from ui.words import costs as cost_words
from ui.words.answers import why_not
from ui.words.goods import cue_counts, cue_title, read_words, reading_of
from ui.words.sources import source_name

_NARROW: Final = 6
"""Between the things of a card that shares its line."""
_ANY_WIDTH: Final = 16_777_215  # QWIDGETSIZE_MAX
_COUNT_LETTERS: Final = 16
"""Letters of its counts, at their average width, that are worth a place beside the whole name."""


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
        self._source = ""
        self._cost = ("", "")
        self.ring = Ring()
        self._kind = KindMark("pin")
        self.title = PlainLabel("", role="strong", elide=True)
        self.state = PlainLabel("", role="small_strong", tone="warn", lines=2)
        self.counts = PlainLabel("", role="small", tone="fg1", lines=2)
        self.stop = FireButton(t("停"), tone="live", outline=True, compact=True, role="small_strong")
        self.stop_key = ""
        self._stop_wide = self.stop.least_width()
        """With its whole key, whether there is room for that now or not."""
        self.stop.fired.connect(lambda: self.stop_asked.emit(self.cue_id))
        # What is unsettled takes the counts' place: same size, so the card does not stir.
        held = self._held = QWidget()
        self._middle = QStackedLayout(held)
        self._middle.addWidget(self.counts)
        self._middle.addWidget(self.state)
        self._grid = QGridLayout(self)
        self._low, self._alone, self._stacked = low, False, False
        self._place()

    def _place(self) -> None:
        """The ring beside three lines, the last of them the stop key; in a low window all in one line, or the
        name above the time."""
        low, stacked = self._low, self._stacked
        for each in (self.ring, self._kind, self.title, self._held, self.stop):
            self._grid.removeWidget(each)
        for at in range(5):
            self._grid.setColumnStretch(at, 0)
        self.ring.set_flat(low, role="kpi" if low and self._alone else "clock")
        self.title.set_role("small_strong" if stacked else "strong")
        self._name()
        for label in (self.counts, self.state):
            label.set_lines(1 if low else 2)
        middle = Qt.AlignmentFlag.AlignVCenter
        # What is unsettled takes the time's place: as high, so the name above does not stir.
        self._grid.setRowMinimumHeight(1, self.ring.sizeHint().height() if stacked else 0)
        self._grid.setVerticalSpacing(0 if stacked else 2)
        if stacked:
            self._grid.setContentsMargins(10, 0, 8, 0)
            self._grid.setHorizontalSpacing(_NARROW)
            self._grid.addWidget(self._kind, 0, 0, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(self.title, 0, 1, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(
                self.ring, 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            )
            self._grid.addWidget(self._held, 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self.stop, 0, 2, 2, 1, middle)
            self._grid.setColumnStretch(1, 1)
            self._fit()
            return
        self._grid.addWidget(self.ring, 0, 0, 1 if low else 3, 1, middle)
        self._grid.addWidget(self._kind, 0, 1, middle)
        self._grid.addWidget(self.title, 0, 2, middle)
        if low:
            self._grid.setContentsMargins(10, 0, 8, 0)
            self._grid.setHorizontalSpacing(10 if self._alone else _NARROW)
            self._grid.addWidget(self._held, 0, 3, middle)
            self._grid.addWidget(self.stop, 0, 4, middle)
            self._grid.setColumnStretch(3, 1)
        else:
            self._grid.setContentsMargins(10, 6, 10, 8)
            self._grid.setHorizontalSpacing(8)
            self._grid.addWidget(self._held, 1, 1, 1, 2)
            self._grid.addWidget(self.stop, 2, 1, 1, 2)
            self._grid.setColumnStretch(2, 1)
        self._fit()

    def _name(self) -> None:
        """A colour and a shape do not say which of two it is: its name does, whatever room there is."""
        title = self._whole_title()
        # The sign before it says the kind; where they share a line the rest tells one from another.
        kind = name_of(self._cue.kind) if self._cue is not None else ""
        rest = title.removeprefix(kind).strip()
        if self._stacked and rest and rest != title:
            self.title.set_forms(title, rest)
            self.title.setMinimumWidth(1)
        else:
            self.title.setText(title)

    def _whole_title(self) -> str:
        return self._shown[1] if self._shown else ""

    @property
    def is_unsettled(self) -> bool:
        """Whether somebody has to answer for it, or it went wrong at the platform."""
        return self._cue is not None and (self._cue.owed is not None or bool(self._cue.oversold))

    def set_low(self, low: bool) -> None:
        """One line of text high, for a window that has no more height to give."""
        if low != self._low:
            self._low = low
            self._place()

    def set_alone(self, alone: bool) -> None:
        """Whether it has the whole line for itself, and so its facts too."""
        if alone != self._alone:
            self._alone = alone
            self._place()

    def least_width(self) -> int:
        """The least with which its time and its stop key are whole, however much room it has now."""
        time = QFontMetrics(theme.font("clock")).horizontalAdvance("00:00") + 2
        if self._low:
            return 22 + time + self._kind.sizeHint().width() + 2 * _NARROW + self._stop_wide
        return 20 + round(time * 1.4) + 8 + self._stop_wide

    def _fit(self) -> None:
        """In a narrow line the counts go first; then the name stands above the time, without the ring.

        What is unsettled is said all the same: below the name in place of the time, which means nothing
        then, and without the name of the stop key, which is in its tip, where both have no room. That goes
        for one that has the line for itself as well.
        """
        room = self.width() - self.least_width() - self.ring.flat_width() + self.ring.bare_width()
        strong = QFontMetrics(theme.font("strong"))
        unsettled = bool(self.state.text())
        # Counts may be short of letters; what somebody has to do is said whole, and so is what it is about.
        said = self.state.sizeHint().width() if unsettled else _COUNT_LETTERS * strong.averageCharWidth()
        named = strong.horizontalAdvance(self._whole_title()) + 1 + said
        stacked = self._low and (unsettled or not self._alone) and room < named
        if stacked != self._stacked:
            self._stacked = stacked
            self._place()
            return
        self.ring.set_bare(stacked)
        self.ring.setVisible(not (stacked and unsettled))
        self._held.setVisible(not stacked or unsettled)
        # As wide as its cell, or it stands in the middle of it.
        whole = self._low and not stacked
        self.title.setMaximumWidth(self.title.sizeHint().width() if whole else _ANY_WIDTH)
        key = self.stop_key
        if stacked and unsettled:
            left = self.width() - self._stop_wide - _NARROW - 18
            key = "" if left < self.state.sizeHint().width() else key
        self.stop.show_as(t("停"), key=key)
        # The air about its words is the name's where both share the line.
        self.stop.setMaximumWidth(self.stop.least_width() if stacked else _ANY_WIDTH)
        self._show_tip()

    def show_cue(self, cue: CueState, room: RoomView, now: datetime) -> None:
        """Show a cue as it stands."""
        shown = (cue, cue_title(cue, room), look.generation())
        if shown != self._shown:
            self._shown = shown
            self._show(cue, shown[1])
        self.tick(now)
        self._fit()

    def _show(self, cue: CueState, title: str) -> None:
        self.cue_id, self._cue = cue.cue_id, cue
        self._kind.set_kind(cue.kind)
        self._name()
        self.setAccessibleName(title)
        self._source = t("只认 {source}", source=source_name(cue.source)) if cue.source else ""
        begun, ends = clock_of(cue)
        seconds = getattr(cue.terms, "seconds", None)
        if begun is None and ends is not None and seconds is not None:
            begun = ends - timedelta(seconds=seconds)
        self.ring.set_tone(kind_of(cue.kind).TONE)
        self.ring.set_span(begun, ends)
        self.stop_key = slot_key(cue.slot, stops=True)
        self.stop.show_as(t("停"), key=self.stop_key)
        set_tip(self.stop, self.stop_key)
        self._stop_wide = self.stop.least_width()
        cost = cost_words.running(cue)
        self._cost = (cost.words, cost.tip or cost.words) if cost is not None else ("", "")
        ending = cue.owed is not None and cue.owed.step == "ended"
        self.stop.block(t("正在请平台结束") if ending else why_not(cue.can.stop))

    def _show_tip(self) -> None:
        """All that it would say with more room."""
        hidden = self._low and not self._held.isVisibleTo(self)
        parts = [self.title.text() if hidden else "", self.counts.text() if hidden else "", self._cost[1]]
        tip = "\n".join(part for part in parts if part)
        for each in (self.ring, self._kind, self.title, self.counts):
            set_tip(each, tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def tick(self, now: datetime) -> None:
        """Move the ring and the ages."""
        if self._cue is None:
            return
        self.ring.tick(now)
        read = read_words(reading_of(self._cue), now)
        cost = self._cost[0] if self._low and self._alone else ""
        counts = cue_counts(self._cue)
        said = [*([self._source] if self._source else []), *counts, *(each for each in (cost, read) if each)]
        if self._low:
            self.counts.set_forms(
                " · ".join(said), *(" · ".join(said[:n]) for n in range(len(said) - 1, 0, -1))
            )
            self.counts.setMinimumWidth(1)
        else:
            self.counts.setText(" · ".join(said))
        text, tone = _unsettled(self._cue, now)
        self.state.setText(text)
        self.state.set_tone(tone)
        if self._middle.currentIndex() != (1 if text else 0):
            self._middle.setCurrentIndex(1 if text else 0)
            self._fit()


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
