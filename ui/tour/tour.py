"""Leads through the steps: watches what was pressed and what the room became, decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QWidget

from ui import preferences, theme
from ui.i18n import t
from ui.panels.owed.panel import OwedPanel
from ui.panels.queue.recall import RecallBar
from ui.panels.queue.row import QueueRow
from ui.panels.stage.card import RunningCard
from ui.sheets.sheet import Sheet
from ui.tour.callout import Callout, PartOutline, free_place
from ui.tour.steps import TourStep, TourView, steps_for
from ui.widgets import FireButton, HoldButton

_ENJOY_MS: Final = 1400
_FAREWELL_MS: Final = 6000


class Tour(QObject):
    """Belongs to one desk. Begins by itself where a rehearsal is seen by a role for the first time here.

    ``part`` gives the widget of a `TourStep.place` (``columns``: all between strip and footer), ``look`` what
    there is to see now.
    """

    def __init__(
        self, desk: QWidget, role: str, part: Callable[[str], QWidget], look: Callable[[], TourView | None]
    ) -> None:
        super().__init__(desk)
        self._desk, self._role, self._part, self._look = desk, role, part, look
        self._steps: list[TourStep] = []
        self._at = -1
        self._count = 0
        self._before: frozenset[str] | None = None
        self._done = False
        self._offered = False
        self.halo, self.callout = PartOutline(desk), Callout(desk)
        self.callout.skipped.connect(self.end)
        self._on = QTimer(self)
        self._on.setSingleShot(True)
        self._on.timeout.connect(self._go_on)

    @property
    def step(self) -> TourStep | None:
        """The step that is shown."""
        return self._steps[self._at] if 0 <= self._at < len(self._steps) else None

    @property
    def running(self) -> bool:
        """Whether the card stands on the desk."""
        return not self.callout.isHidden()

    def may_begin(self) -> bool:
        """In a rehearsal only: keys of a real room are for real."""
        glance = self._look()
        return glance is not None and glance.room.simulated

    def _room_is_ready(self) -> bool:
        """A rehearsal fills its shop and opens by itself: before that there is nothing to try."""
        glance = self._look()
        opened = glance is not None and glance.room.is_open and self.may_begin()
        return opened and glance is not None and steps_for(self._role)[0].possible(glance)

    def begin(self) -> bool:
        """From the first step, whatever was seen before."""
        if not self.may_begin():
            return False
        self._steps, self._at, self._count, self._offered = steps_for(self._role), -1, 0, True
        self._go_on()
        return True

    def end(self) -> bool:
        """The person has had enough, or has seen all; it does not come by itself again. Whether it ran."""
        if not self.running:
            return False
        self._on.stop()
        self._steps, self._at = [], -1
        self.callout.hide()
        self.halo.hide()
        preferences.current().keep_toured(self._role)
        return True

    def escape(self) -> bool:
        """Esc ends it, but not where Esc is the very key that is tried, and came too late."""
        waits = self.step is not None and "Esc" in self.step.keys
        return not waits and self.end()

    def show_state(self) -> None:
        """The room or the desk has changed."""
        eyes = preferences.current()
        if not self._offered and eyes.shows_round(self._role) and self._room_is_ready():
            self.begin()
        glance, step = self._look(), self.step
        if glance is None or step is None or not self.running:
            return
        if not glance.room.simulated:
            self.end()
            return
        if not self._done:
            if self._before is not None and step.seen(glance) - self._before:
                self._well(step)
            self._say(step, glance)
        self.place()

    def pressed(self, name: str) -> None:
        """A key of ours went down; what it does comes after this."""
        glance, step = self._look(), self.step
        if step is not None and glance is not None and not self._done and name in step.keys:
            self._before = step.seen(glance)
            # What it opens on this desk is there as soon as the key was dealt with.
            QTimer.singleShot(0, self, self.show_state)

    def _well(self, step: TourStep) -> None:
        self._done = True
        self._on.start(0 if step.at_once else _ENJOY_MS)

    def _go_on(self) -> None:
        glance = self._look()
        if glance is None:
            return
        if self._steps and self._at >= len(self._steps):
            self.end()
            return
        self._at += 1
        while (step := self.step) is not None and not step.possible(glance):
            self._at += 1
        self._before, self._done = None, False
        if step is None:
            self._farewell()
            return
        self._count += 1
        self._say(step, glance)
        self.callout.show()
        self.place()

    def _farewell(self) -> None:
        if not self._count:  # nothing of it can be tried now: it is offered again another time
            self._steps, self._at = [], -1
            return
        self.halo.hide()
        self.callout.say(t("走完了"), t("在 ? 里可以再走一遍。这是排练，随便按。"), key="", count="")
        self.place()
        self._on.start(_FAREWELL_MS)

    def _say(self, step: TourStep, glance: TourView) -> None:
        key = "" if self._done else step.key(glance)
        count = f"{self._at + 1} / {len(self._steps)}"
        self.callout.say(step.title, step.words(glance), key=key, count=count, done=self._done)

    def place(self) -> None:
        """Stand beside what is spoken of, never on a key that spends money or on the recall bar; where it can
        be not on an open sheet either, nor on what those keys say. On what has to be done now it never lies:
        where there is no room beside that it says its title and key alone, or is not seen meanwhile."""
        if not self.running:
            return
        glance, step = self._look(), self.step
        part = self._part(step.place(glance)) if step is not None and glance is not None else None
        shown = part is not None and part.isVisible()
        within = self._where(self._part("columns"))
        beside = self._where(part) if part is not None and shown else within
        now = self.callout.geometry() if self.callout.property("placed") == id(part) else None
        money = self._keep_clear(FireButton, HoldButton, RecallBar)
        kept = [*money, *self._keep_clear(OwedPanel)]
        sheets, read = self._keep_clear(Sheet), self._keep_clear(QueueRow, RunningCard)
        size = self.callout.fitting()
        tries = [(size, [*kept, *sheets, *read]), (size, [*kept, *sheets]), (size, kept)]
        found = (free_place(fits, beside, within, clear, now) for fits, clear in tries)
        place = next((place for place in found if place is not None), None)
        if place is None:
            size = self.callout.fitting(brief=True)
            place = free_place(size, beside, within, kept, now)
        self.halo.setVisible(shown and place is not None)
        if shown and place is not None:
            self.halo.setGeometry(beside.adjusted(-3, -3, 3, 3))
            self.halo.raise_()
        if place is None:
            # Rather unseen for a moment than over a key: the next state finds it a place.
            self.callout.move(-size.width() - theme.GAP, 0)
            return
        self.callout.setProperty("placed", id(part))
        self.callout.setGeometry(place)
        self.callout.raise_()

    def _where(self, part: QWidget) -> QRect:
        return QRect(part.mapTo(self._desk, QPoint(0, 0)), part.size())

    def _keep_clear(self, *kinds: type[QWidget]) -> list[QRect]:
        found = [each for kind in kinds for each in self._desk.findChildren(kind) if each.isVisible()]
        seen = [self._in_sight(each) for each in found]
        return [rect for rect in seen if not rect.isEmpty()]

    def _in_sight(self, widget: QWidget) -> QRect:
        """What of it is not scrolled away."""
        rect, holds = self._where(widget), widget.parentWidget()
        while holds is not None and holds is not self._desk:
            rect = rect.intersected(self._where(holds))
            holds = holds.parentWidget()
        return rect
