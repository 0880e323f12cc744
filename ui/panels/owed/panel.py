"""Every step that a person is asked to do, one in sight; what is loud also sounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import preferences
from ui.i18n import t
from ui.panels.owed.card import ConfirmCard, confirmable, step_face
from ui.panels.owed.head import OwedHead
from ui.panels.owed.measure import MeasureLine, MoreCard, needs_measuring
from ui.seat.room import RoomView
from ui.widgets import PlainLabel
from ui.widgets.when import clock
from ui.words.cues import title

RING_EVERY: Final = timedelta(seconds=8)
KEYS: Final = ("Ctrl+Y", "Ctrl+N")
_LINES: Final = 3
SETTLE_SECONDS: Final = 0.7
"""A card that came up less than this ago is not answered by a key: the press was meant for another."""


class OwedPanel(QWidget):
    """Hidden while nothing is owed. ``answered(cue_id, step, done, remaining_seconds | None)``."""

    SECTIONS: Final = ("room", "broadcast", "catalogue", "cart", "cues", "health")

    answered = Signal(str, str, bool, object)
    more_answered = Signal(str, bool)
    """「平台加过单？」: cue id, whether it did."""
    measure_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, ring: Callable[[], object] | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, ConfirmCard] = {}
        self._more: dict[str, MoreCard] = {}
        self._lines: dict[str, MeasureLine] = {}
        self._waiting: list[str] = []
        self._ring = ring or _alert
        self._rang: datetime | None = None
        self._first: str | None = None
        self._first_since = 0.0
        self.head = OwedHead()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._stack, self._below = QVBoxLayout(), QVBoxLayout()
        self._column.addLayout(self._stack)
        self._column.addLayout(self._below)
        self._room: int | None = None
        self._rest = PlainLabel("", role="small", tone="fg1")
        self._rest.setContentsMargins(14, 0, 14, 4)
        self._column.addWidget(self._rest)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def is_empty(self) -> bool:
        """Whether there is nothing to do or to fill in."""
        return not (self._cards or self._more or self._lines)

    def cards(self) -> list[ConfirmCard]:
        """The cards that stand, oldest first."""
        return list(self._cards.values())

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; what was answered leaves."""
        owing = confirmable(room)
        faces = {cue.cue_id: step_face(cue, cue.owed, room) for cue in owing if cue.owed is not None}
        for cue_id in [c for c in self._cards if c not in faces]:
            _drop(self._cards.pop(cue_id))
        for cue_id, face in faces.items():
            known = self._cards.get(cue_id)
            if known is not None:
                if known.face != face:
                    known.show_face(face)
                    known.say("")
                continue
            card = ConfirmCard(face)
            card.answered.connect(self.answered)
            card.turned.connect(self.turn)
            self._cards[cue_id] = card
            self._stack.addWidget(card)
        self._show_front()
        self._show_more(room)
        self._show_lines(room)
        self.setVisible(bool(faces or self._more or self._lines))
        self.tick(now)

    def _show_front(self) -> None:
        """One card is in front and names the keys that answer it: the oldest, until a person turns to
        another. It stays while others come."""
        order = list(self._cards)
        front = self._first if self._first in self._cards else next(iter(order), None)
        if front != self._first:
            self._first, self._first_since = front, time.monotonic()
        for place, (cue_id, card) in enumerate(self._cards.items(), start=1):
            card.show_keys(*(KEYS if cue_id == front else ("", "")))
            card.show_place(place, len(order))
            card.setVisible(cue_id == front)

    def turn(self, by: int) -> None:
        """To a card further on, or back."""
        order = list(self._cards)
        place = order.index(self._first) + by if self._first in order else 0
        if 0 <= place < len(order):
            focused = self.front is not None and self.front.hasFocus()
            self._first, self._first_since = order[place], time.monotonic()
            self._show_front()
            if focused and self.front is not None:
                self.front.setFocus()

    def bring(self, cue_id: str) -> bool:
        """One card in front with the keyboard on it; whether there is one."""
        card = self._cards.get(cue_id) or self._more.get(cue_id)
        if card is None:
            return False
        if cue_id in self._cards and cue_id != self._first:
            self._first, self._first_since = cue_id, time.monotonic()
            self._show_front()
        card.setFocus()
        return True

    @property
    def front(self) -> ConfirmCard | None:
        """The card that is in sight."""
        return self._cards.get(self._first or "")

    def answer(self, *, done: bool) -> bool:
        """Answer the card in front, which names the keys; one that has just come up is looked at first.
        Whether there was one."""
        card = self._cards.get(self._first or "")
        if card is None:
            return False
        if time.monotonic() - self._first_since < SETTLE_SECONDS:
            card.say(t("刚换成这一条：看一眼再按"))
            return True
        return card.press(done=done)

    def _show_more(self, room: RoomView) -> None:
        asking = [c for c, cue in room.cues.items() if cue.asks_more and cue.status == "on_air"]
        for cue_id in [c for c in self._more if c not in asking]:
            _drop(self._more.pop(cue_id))
        for cue_id in asking:
            if cue_id not in self._more:
                card = self._more[cue_id] = MoreCard(cue_id, title(room.cues[cue_id], room))
                card.answered.connect(self.more_answered)
                self._below.addWidget(card)

    def _show_lines(self, room: RoomView) -> None:
        blind = [cue for cue in room.cues.values() if needs_measuring(cue, room)]
        ids = [cue.cue_id for cue in blind]
        for cue_id in [c for c in self._lines if c not in ids]:
            _drop(self._lines.pop(cue_id))
        for cue in blind:
            line = self._lines.get(cue.cue_id)
            if line is None:
                line = self._lines[cue.cue_id] = MeasureLine(cue.cue_id)
                line.wanted.connect(self.measure_asked)
                self._below.addWidget(line)
            line.show_cue(cue, room)
        # The figures that are oldest come first; what there is to do on the phone has the room before them.
        waiting = sorted(blind, key=lambda cue: cue.measured.at.timestamp() if cue.measured else 0.0)
        self._waiting = [cue.cue_id for cue in waiting]
        self._front_lines(1 if self._cards or self._more else _LINES)

    def _front_lines(self, most: int, *, counted: bool = True) -> None:
        for place, cue_id in enumerate(self._waiting):
            self._lines[cue_id].setVisible(place < most)
        rest = len(self._waiting) - most
        self._rest.setText(t("还有 {n} 条要填", n=rest) if rest > 0 else "")
        self._rest.setVisible(rest > 0 and counted)

    def tick(self, now: datetime) -> None:
        """Move the ages, and ring while something loud stands."""
        for card in self._cards.values():
            card.tick(now)
        for line in self._lines.values():
            line.tick(now)
        loud = bool(self._more) or any(card.face.loud for card in self._cards.values())
        self._tick_head(now, loud=loud)
        if loud and (self._rang is None or now - self._rang >= RING_EVERY):
            self._rang = now
            self._ring()
        elif not loud:
            self._rang = None

    def fit(self, room: int | None = None) -> bool:
        """Stand in so many pixels; what is below, 下一品, is never pushed out. None: those of the last time.

        Figures to fill in give way first, then what a card says between its head and its keys is turned.

        Returns:
            whether that was room enough.
        """
        self._room = self._room if room is None else room
        card, wide = self.front, self.width()
        fixed, whole, least = card.heights(wide) if card is not None else (0, 0, 0)
        fixed += self.head.sizeHint().height() + sum(_height(more, wide) for more in self._more.values())
        most = 1 if card is not None or self._more else _LINES
        lines = sum(_height(self._lines[cue_id], wide) for cue_id in self._waiting[:most])
        counted = _height(self._rest, wide)
        lines += counted if len(self._waiting) > most else 0
        room = self._room if self._room is not None else fixed + whole + lines
        body: int | None = None
        if card is None or fixed + whole + lines <= room:
            self._front_lines(most)
        else:
            lines = counted if self._waiting and fixed + least + counted <= room else 0
            self._front_lines(0, counted=bool(lines))
            body = max(least, room - fixed - lines)
        if card is not None:
            card.let(body)
        # All of it is in sight: the list above gives the room, whatever its own wish is.
        high = max(0, fixed + (whole if body is None else min(whole, body)) + lines)
        self.setMinimumHeight(high)
        return high <= room

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.fit()
        return done

    def _tick_head(self, now: datetime, *, loud: bool) -> None:
        count = len(self._cards) + len(self._more)
        oldest = min((card.face.since for card in self._cards.values()), default=None)
        waited = clock((now - oldest).total_seconds()) if oldest is not None else ""
        self.head.show_as(count, waited, loud=loud)

    def say(self, cue_id: str, words: str) -> bool:
        """A refusal beside its card; whether there is one."""
        card = self._cards.get(cue_id)
        if card is None:
            return False
        card.say(words)
        return True


def _alert() -> None:
    preferences.current().sounds.play("alert")


def _height(widget: QWidget, width: int) -> int:
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
