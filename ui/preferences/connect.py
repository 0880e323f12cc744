"""接入: every world outside in one list: how it stands, what was proved when, and the keys that connect and
prove it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.rights import may
from liveconsole.messages.state import HealthState
from liveconsole.messages.worlds import WORLDS, WorldState
from ui.i18n import t
from ui.preferences.page import SettingsPage
from ui.seat.connections import LOCKED, SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.widgets import FlowRow, Mark, PlainLabel, button
from ui.words import worlds as words
from ui.words.answers import sentence

_PROVED_BY_CHECK: Final = frozenset({"orders", "coupons", "sales", "picture", "figures"})
"""Worlds whose connection can be asked; comments come by themselves, and a pin is pressed."""


class WorldRow(QFrame):
    """One world. ``connect`` opens where it is set, ``prove`` tries it."""

    def __init__(self, world: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.world = world
        title = words.world_title(world)
        self.setAccessibleName(title)
        self.mark = Mark("ring", "fg2", role="heading")
        self.title = PlainLabel(title, role="strong")
        self.via = PlainLabel("", role="small", tone="fg2")
        self.stands = PlainLabel("", role="small", tone="fg1")
        self.how = PlainLabel("", role="small", tone="fg1", lines=0)
        self.proof = PlainLabel("", role="small", tone="fg2", lines=0)
        self.todo = PlainLabel("", role="small", tone="fg0", lines=0)
        self.said = PlainLabel("", role="small", tone="fg1", lines=0)
        self.connect_ = button(t("设置"))
        self.prove = button(t("证实"))
        self.prove.setAccessibleName(t("{what}：证实", what=title))
        self._build()

    def _build(self) -> None:
        names, keys = QWidget(), QHBoxLayout()
        row = FlowRow(names)
        for each in (self.title, self.via, self.stands):
            row.addWidget(each)
        keys.setSpacing(8)
        for key in (self.connect_, self.prove):
            keys.addWidget(key)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 9, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.mark, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        lines: tuple[QWidget, ...] = (names, self.how, self.proof, self.todo, self.said)
        grid.addLayout(keys, 0, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
        for at, line in enumerate(lines):
            grid.addWidget(line, at, 1, 1, 1 if at < 2 else 2)

    def show_world(self, one: WorldState, health: HealthState, now: datetime) -> None:
        """As the state says it."""
        icon, tone, stands = words.step_look(one.step)
        self.mark.show_as(icon, tone, stands)
        self.connect_.setText(t("连接") if one.step == "connect" else t("设置"))
        self.connect_.setAccessibleName(f"{self.title.text()} {self.connect_.text()}")
        self.via.setText(words.via_words(one.via))
        self.stands.setText(stands)
        self.stands.set_tone(tone if tone != "fg2" else "fg1")
        self.proof.set_tone("fg2" if one.proved_at is not None else "warn")
        self.how.setText(words.how(one, health))
        self.proof.setText(words.proof(one, now))
        self.todo.setText(words.todo(self.world, one))
        for line in (self.how, self.proof, self.todo, self.said):
            line.setVisible(bool(line.text()))

    def say(self, said: str, tone: str) -> None:
        """What came of a press."""
        self.said.set_tone(tone)
        self.said.setText(said)
        self.said.setVisible(bool(said))


class WorldList(QWidget):
    """All the rows; the same in the settings and before a broadcast."""

    connect_asked = Signal(str)
    """To where this is set: a connection's name, or ``sources``."""

    def __init__(self, seat: Seat, asking: SeatConnections, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._may = seat, may(role, "room.set")
        self._asking = asking
        self._room: RoomView | None = None
        self.rows: dict[str, WorldRow] = {world: WorldRow(world) for world in WORLDS}
        column = QGridLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setVerticalSpacing(6)
        for at, (world, row) in enumerate(self.rows.items()):
            column.addWidget(row, at, 0)
            row.connect_.clicked.connect(partial(self._to, world))
            row.prove.clicked.connect(partial(self._prove, world))

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The room has changed."""
        self._room = room
        for world, row in self.rows.items():
            one = room.health.worlds.get(world)
            row.setVisible(one is not None)
            if one is not None:
                row.show_world(one, room.health, now)
                row.connect_.setVisible(one.step != "none")
                row.prove.setVisible(self._can_prove(world, one, room))

    def _can_prove(self, world: str, one: WorldState, room: RoomView) -> bool:
        if not self._may or one.step not in ("mend", "prove", "done"):
            return False
        if world == "pins":
            return one.step != "mend" and room.is_open and bool(_to_pin(room))
        return world in _PROVED_BY_CHECK and one.via in room.health.connections

    def _to(self, world: str) -> None:
        one = self._room.health.worlds.get(world) if self._room is not None else None
        if one is not None:
            self.connect_asked.emit(one.via)

    def _prove(self, world: str) -> None:
        if self._room is None:
            return
        row, one = self.rows[world], self._room.health.worlds[world]
        row.say(t("正在看…"), "fg1")
        row.prove.setEnabled(False)
        if self._asking.locked():
            self._checked(row, one.via, LOCKED)
        elif world == "pins":
            data = {"product_id": _to_pin(self._room)}
            self._seat.ask_then(self, "cart.pin", data, partial(self._pinned, row))
        else:
            self._asking.act(self, one.via, "check", {}, partial(self._checked, row, one.via))

    def _pinned(self, row: WorldRow, answer: Answer) -> None:
        row.prove.setEnabled(True)
        row.say(
            t("已经去点了：页面上读回来，这里就亮") if answer.ok else sentence(answer),
            "fg1" if answer.ok else "live",
        )

    def _checked(self, row: WorldRow, via: str, said: ConnectionSaid | Answer) -> None:
        row.prove.setEnabled(True)
        row.say(*words.came_of(via, said))


def _to_pin(room: RoomView) -> str:
    """The product that is explained now, else the first of the cart: to pin it again changes nothing that
    viewers did not expect."""
    return room.pinned.wanted or next((item.product_id for item in room.items if item.on_shelf), "")


class ConnectPage(SettingsPage):
    """The list, and what it means."""

    TITLE: ClassVar = "接入"
    SECTIONS: ClassVar = ("room", "health", "cart", "broadcast")

    def __init__(
        self,
        seat: Seat,
        asking: SeatConnections,
        role: str,
        go: Callable[[str], Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.remark(t("一样一样接，接上了再证实一次。证实过的记着日子，重开也在；没证实过的，别当它是好的。"))
        self.list = WorldList(seat, asking, role)
        self.list.connect_asked.connect(go)
        self.body.addWidget(self.list)
        self.remark(
            t(
                "Stream Deck、Companion 的按键和监控：令牌在数据文件夹的 bus.json 里（keys、metrics）；"
                "怎么接见 docs/keys.md。"
            )
        )

    def show_room(self, room: RoomView, now: datetime) -> None:
        self.list.show_room(room, now)
