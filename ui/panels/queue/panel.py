"""待上: the recall bar first, then the queue, then what has just ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import actor_of, may
from ui import composition, theme
from ui.i18n import t
from ui.panels.queue import rows
from ui.panels.queue.ended import EndedLine
from ui.panels.queue.recall import RecallBar
from ui.panels.queue.row import QueueRow
from ui.panels.queue.rows import Judged
from ui.panels.queue.total import TotalLine
from ui.panels.queue.whole_rows import LEAST, SURE, WholeRows
from ui.seat.room import RoomView
from ui.widgets import Chip, EmptyState, Section, Separator, button, set_tip
from ui.words import cues as words

NARROW: Final = 520
"""Pixels at text scale 1 under which the head says the same in fewer words."""


class QueuePanel(Section):
    """``show_state`` when the state changed, ``tick`` some ten times a second.

    ``act(what, cue_id)`` says what the person wants: fire, approve, reject, edit, up, down, remove, recall,
    winners, again, card; ``compose`` comes from the key that adds.
    """

    SECTIONS: Final = ("room", "broadcast", "catalogue", "cart", "cues", "discount", "law")

    act = Signal(str, str)
    compose = Signal()

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(t("待上"), flush=True, parent=parent)
        self._role = role
        self._rows: dict[str, QueueRow] = {}
        self._bars: dict[str, RecallBar] = {}
        self._ended: dict[str, EndedLine] = {}
        self._order: list[str] = []
        self._room: RoomView | None = None
        self._judged: Mapping[str, Judged] = {}
        self._from = Chip("", tone="accent")
        self.add_chip(self._from)
        self.note.hide()
        self.head.setContentsMargins(12, 7, 12, 7)
        self.add = button(t("加促销"), icon="plus")
        self.add.setAccessibleName(t("加促销"))
        set_tip(self.add, t("加促销"))
        self.add.clicked.connect(self.compose)
        self.add.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.head.addWidget(self.add)
        self.total = TotalLine()
        self._bar_box, self._top = QVBoxLayout(), QVBoxLayout()
        self._bar_box.setSpacing(0)
        self._build()
        self._show_count()

    def _build(self) -> None:
        self.body.setSpacing(0)
        self.body.addWidget(Separator())
        self.body.addLayout(self._bar_box)
        self.body.addLayout(self._top)
        self.list = WholeRows()
        self._ended_box = self.list.below
        self.empty = EmptyState(
            "clock", t("没有待上的促销"), t("按「加促销」准备秒杀、券或福袋；审核后在这里一键发出")
        ).yields()
        held = self._held = QWidget()
        self._stack = QStackedLayout(held)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        self.body.addWidget(held, 1)
        self.body.addWidget(self.total)

    def add_entry(self, entry: QWidget, below: QWidget) -> None:
        """A line to write into, in the head; what it says stands below the recall bars."""
        at = self.head.indexOf(self.note)
        self.head.takeAt(at - 1)  # the stretch: the line takes the room
        self.head.insertWidget(at - 1, entry, 1)
        self._top.addWidget(below)

    # What it shows ----------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room. A row stays the same widget for as long as its cue waits."""
        self._room = room
        self._show_bars(room)
        self._show_rows(room)
        self._show_ended(room)
        anything = self._rows or self._ended
        self._stack.setCurrentIndex(1 if anything else 0)
        self._show_count()
        self.tick(now)

    def show_judged(self, judged: Mapping[str, Judged], now: datetime) -> None:
        """What the rules say of each cue's price now."""
        self._judged = dict(judged)
        if self._room is not None:
            self._show_rows(self._room)
            self._show_count()
            self.tick(now)

    def _show_bars(self, room: RoomView) -> None:
        faces = {face.cue_id: face for face in rows.recall_faces(room)}
        for cue_id in [c for c in self._bars if c not in faces]:
            _drop(self._bars.pop(cue_id))
        for place, (cue_id, face) in enumerate(faces.items()):
            bar = self._bars.get(cue_id)
            if bar is None:
                if face.may:
                    composition.end()  # an input method would take the Esc that takes this back
                bar = self._bars[cue_id] = RecallBar(face)
                bar.recalled.connect(lambda cue_id: self.act.emit("recall", cue_id))
                self._bar_box.insertWidget(place, bar)
            else:
                bar.show_face(face)

    def _show_rows(self, room: RoomView) -> None:
        faces = {f.cue_id: f for f in rows.faces(room, self._role, self._judged)}
        for cue_id in [c for c in self._rows if c not in faces]:
            _drop(self._rows.pop(cue_id))
        for cue_id, face in faces.items():
            row = self._rows.get(cue_id)
            if row is None:
                row = self._rows[cue_id] = QueueRow(face)
                row.act.connect(self.act)
                row.chosen_changed.connect(self._bring_chosen)
            else:
                row.show_face(face)
        if self._order != list(faces):
            self._order = list(faces)
            self.list.show_rows(self.rows())
        else:
            self.list.fit()

    def _bring_chosen(self) -> None:
        if (row := self.chosen()) is not None:
            self.list.bring(row)

    def _show_ended(self, room: RoomView) -> None:
        ended = rows.just_ended(room)
        ids = [cue.cue_id for cue in ended]
        for cue_id in [c for c in self._ended if c not in ids]:
            _drop(self._ended.pop(cue_id))
        for place, cue in enumerate(ended):
            line = self._ended.get(cue.cue_id)
            if line is None:
                line = self._ended[cue.cue_id] = EndedLine(cue.cue_id)
                line.opened.connect(lambda cue_id: self.act.emit("winners", cue_id))
                line.again.connect(lambda cue_id: self.act.emit("again", cue_id))
                line.once_more.setVisible(may(self._role, "cue.again"))
            line.show_cue(cue, words.title(cue, room), words.result(cue))
            self._ended_box.insertWidget(place, line)

    def _show_count(self) -> None:
        room = self._room
        proposed = [c for c in rows.waiting(room) if c.status == "queued"] if room else []
        from_assistant = sum(c.proposed_by == "assistant" for c in proposed)
        if actor_of(self._role) == "assistant":
            self._from.show_as(t("{n} 条等审核", n=len(proposed)) if proposed else "", "warn")
        else:
            self._from.show_as(t("助理排了 {n} 条", n=from_assistant) if from_assistant else "", "accent")
        waits = len(self._rows)
        self.title.setText(t("待上 {n}", n=waits) if waits else t("待上"))
        self._show_total()
        self._fit_head()

    def _fit_head(self) -> None:
        """In a narrow queue the key that adds is its sign, and the chip its count: the line stays a line."""
        narrow = self.width() < NARROW * theme.text_scale()
        self.add.setText("" if narrow else t("加促销"))
        self.add.setProperty("bare", narrow)
        words = self._from.text()
        count = "".join(letter for letter in words if letter.isdigit())
        self._from.set_forms(words, count)
        self._from.setFixedWidth(self._from.width_for(count if narrow else words) if words else 0)
        self._from.setVisible(bool(words))
        set_tip(self._from, words if narrow else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def _show_total(self) -> None:
        if self._room is not None:
            ready = [row.face for row in self._rows.values() if row.face.fire and not row.face.blocked]
            self.total.show_room(self._room, [face.most_fen for face in ready])

    def fold(self, *, total: bool) -> None:
        """In the smallest window the sum makes room for a row."""
        self.total.set_folded(total)

    def least_height(self) -> int:
        """How high it is with its head, a recall bar, three whole rows and its total.

        One bar is always reckoned with: whatever is about to go, nothing above it changes its height.
        """
        scale = theme.text_scale()
        bars = max(1, len(self._bars)) * round(RecallBar.HIGH * scale)
        rows_ = SURE * round(LEAST * scale)
        head = self.head.sizeHint().height()
        return head + self._top.sizeHint().height() + bars + rows_ + round(TotalLine.HIGH * scale) + 4

    def set_locked(self, locked: bool) -> None:
        """Locked: everything but recall is out of reach."""
        for each in (self.add, self._held):
            each.setEnabled(not locked)

    def tick(self, now: datetime) -> None:
        """Count down, and move the ages."""
        for bar in self._bars.values():
            bar.tick(now)
        for row in self._rows.values():
            row.tick(now)

    # For the keys and the answers -------------------------------------------------------------------

    def rows(self) -> list[QueueRow]:
        """The rows, in the order of the queue."""
        # A row that goes takes the focus along, and who hears of that asks in the middle of it.
        return [self._rows[cue_id] for cue_id in self._order if cue_id in self._rows]

    def bars(self) -> list[RecallBar]:
        """The recall bars, the one that Esc takes back first."""
        return list(self._bars.values())

    def row(self, cue_id: str) -> QueueRow | None:
        """The row of a cue."""
        return self._rows.get(cue_id)

    def chosen(self) -> QueueRow | None:
        """The proposal that the keyboard is on."""
        return next((row for row in self.rows() if row.chosen), None)

    def has_proposals(self) -> bool:
        """Whether any proposal waits for a yes of this seat."""
        return self._room is not None and bool(rows.proposals(self._room))

    def choose_oldest(self) -> bool:
        """The keyboard goes onto the proposal that has waited longest; whether there is one."""
        asked = rows.proposals(self._room) if self._room is not None else []
        row = self._rows.get(asked[0]) if asked else None
        if row is None:
            return False
        self.list.bring(row)
        row.choose()
        return True

    def to_recall(self) -> str | None:
        """The cue that Esc takes back."""
        first = rows.recallable(self._room)[:1] if self._room else []
        return first[0].cue_id if first else None

    def neighbours(self, cue_id: str) -> tuple[str | None, str | None]:
        """(the cue before which it would stand one place up, the one before which one place down).

        For "down" None means the end of the queue; for "up" None means it is the first already.
        """
        if cue_id not in self._order:
            return None, None
        # What is ready and what is asked stand apart: each moves among its own.
        proposal = self._rows[cue_id].face.proposal
        own = [other for other in self._order if self._rows[other].face.proposal == proposal]
        at = own.index(cue_id)
        up = own[at - 1] if at > 0 else None
        down = own[at + 2] if at + 2 < len(own) else None
        return up, down

    def say(self, cue_id: str, said: str) -> bool:
        """A refusal beside what caused it; whether there is a place for it here."""
        row = self._rows.get(cue_id)
        if row is not None:
            row.say(said)
        return row is not None


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
