"""接龙名单: who has a place, in order; one key copies it, another takes somebody off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from liveconsole.messages.state import CueState, PlaceState
from ui import clipboard
from ui.clean import clean
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import Chip, PlainLabel, Separator, button
from ui.words import cues as words
from ui.words.answers import sentence

ROWS: Final = 200
"""So many are listed here; copied are all."""


def listed(cues: Iterable[CueState]) -> CueState | None:
    """The list that a key means: the one that runs, else the one that ended last."""
    found = [cue for cue in cues if cue.waiting is not None]
    running = [cue for cue in found if cue.status == "on_air"]
    return max(running or found, key=lambda cue: cue.on_air_at or cue.at, default=None)


def copied(cue: CueState) -> str:
    """The list as it is pasted: order and name, a line each."""
    return "\n".join(
        f"{order}\t{clean(place.name or place.viewer_id, 60)}" for order, place in enumerate(cue.places, 1)
    )


class PlacesSheet(Sheet):
    """The list as it stands; names come from outside."""

    SECTIONS: ClassVar = ("cart", "catalogue", "cues")

    def __init__(
        self, seat: Seat, role: str, cue_id: str, room: RoomView, parent: QWidget | None = None
    ) -> None:
        super().__init__(t("接龙名单"), parent)
        self._seat, self._cue_id = seat, cue_id
        self._frees = may(role, "place.free")
        self._cue: CueState | None = None
        self._shown: list[PlaceState] | None = None
        self.title_line = PlainLabel("", role="heading", lines=2)
        self.counts = PlainLabel("", role="small", tone="fg1", lines=0)
        self.more = PlainLabel("", role="small", tone="fg1", lines=0)
        self.said = PlainLabel("", tone="fg1", lines=0)
        self._held = QWidget()
        self._rows = QVBoxLayout(self._held)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        for each in (self.title_line, self.counts, Separator(), self._held, self.more, self.said):
            self.body.addWidget(each)
        self.body.addStretch(1)
        self.copy_key = button(t("复制名单"), "primary", icon="copy")
        self.copy_key.clicked.connect(self.copy)
        self.add_foot(self.copy_key)
        self.show_room(room, seat.now())

    def show_room(self, room: RoomView, now: datetime) -> None:
        cue = room.cues.get(self._cue_id)
        if cue is None:
            return
        self._cue = cue
        self.title_line.setText(words.title(cue, room))
        self.counts.setText(" · ".join((t("{n} 位", n=len(cue.places)), t("候补 {n}", n=cue.waiting or 0))))
        self.more.setText(t("还有 {n} 位，复制时都在", n=len(cue.places) - ROWS))
        self.more.setVisible(len(cue.places) > ROWS)
        self.copy_key.setEnabled(bool(cue.places))
        if cue.places != self._shown:
            self._shown = cue.places
            self._list(cue.places[:ROWS])

    def _list(self, places: list[PlaceState]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for order, place in enumerate(places, 1):
            self._rows.addWidget(self._row(order, place))

    def _row(self, order: int, place: PlaceState) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = place.name or t("没有名字的观众")
        row.addWidget(PlainLabel(f"{order}.", tone="fg2"))
        row.addWidget(PlainLabel(name, elide=True), 1)
        if place.unverified:
            row.addWidget(Chip(t("只知名字"), tone="warn"))
        if self._frees and place.viewer_id:
            off = button(t("移出"), "quiet")
            off.setAccessibleName(t("移出 {name}", name=clean(name, 60)))
            off.clicked.connect(partial(self.free, place.viewer_id))
            row.addWidget(off)
        return held

    def free(self, viewer_id: str) -> None:
        """Take one off the list: the first who waits moves up."""
        data = {"cue_id": self._cue_id, "viewer_id": viewer_id}
        self._seat.ask_then(self, "place.free", data, self._freed)

    def _freed(self, answer: Answer) -> None:
        self.said.set_tone("fg1" if answer.ok else "live")
        self.said.setText(t("已移出，候补补上") if answer.ok else sentence(answer))

    def copy(self) -> None:
        """All of it, with order and names."""
        if self._cue is not None and self._cue.places:
            clipboard.copy(copied(self._cue))
            self.said.set_tone("ok")
            self.said.setText(t("复制好了，{n} 位", n=len(self._cue.places)))
