"""接入 among the looks before a broadcast: what is connected and not well, or was never proved."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from liveconsole.messages.connections import QUOTA_LOW, known
from ui.i18n import t
from ui.seat.room import RoomView
from ui.widgets import FlowRow, PlainLabel, button
from ui.words import worlds as words


class WorldTroubles(QWidget):
    """A line for each, with the key that goes to where it is set. ``well`` says how it is in all."""

    asked = Signal(str)
    """To where it is set: a connection, ``sources``, or ``""`` for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[tuple[str, str]] | None = None
        self.lines: list[tuple[PlainLabel, QPushButton]] = []
        self._held: list[QWidget] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(4)
        self.all = button(t("打开接入"), icon="link")
        self.all.clicked.connect(lambda: self.asked.emit(""))
        held = QWidget()
        row = FlowRow(held)
        row.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._box)
        column.addWidget(held)

    def show_room(self, room: RoomView) -> tuple[str, bool | None]:
        """What is seen in all, and whether it is well; None: nobody knows."""
        found = troubles(room)
        if found != self._shown:
            self._shown = found
            self._make(found)
        steps = {one.step for one in room.health.worlds.values()}
        if found:
            return t("{n} 样要看。没好之前，它做不了的都交给人。", n=len(found)), False
        if "done" in steps:
            return t("接上的都证实过。"), True
        if room.simulated:
            return t("排练：不接真店，画面可以接 OBS。"), None
        return t("外面的店还没有接：订单、讲解、券都靠人。"), None

    def _make(self, found: list[tuple[str, str]]) -> None:
        for old in self._held:
            old.hide()
            old.deleteLater()
        self.lines, self._held = [], []
        for via, said in found:
            held = QWidget()
            row = FlowRow(held)
            key = button(t("去看"))
            key.setAccessibleName(t("去看 {what}", what=said))
            key.clicked.connect(partial(self.asked.emit, via))
            label = PlainLabel(said, role="small", tone="warn", lines=0)
            row.addWidget(key)
            for each in (label, held):
                self._box.addWidget(each)
                self._held.append(each)
            self.lines.append((label, key))


def troubles(room: RoomView) -> list[tuple[str, str]]:
    """Where it is set → what is the matter: a line a connection, and one for all that was never proved."""
    found: list[tuple[str, str]] = []
    unproved: dict[str, list[str]] = {}
    for world, one in room.health.worlds.items():
        if one.step == "mend":
            said = words.how(one, room.health) or words.todo(world, one)
            line = (one.via, t("{what}：{how}", what=words.via_words(one.via), how=said))
            if line not in found:
                found.append(line)
        elif one.step == "prove":
            unproved.setdefault(one.via, []).append(words.world_title(world))
    shop = room.health.connections.get("shop")
    left = known(shop.figures.quota_left) if shop is not None else None
    if left is not None and left < QUOTA_LOW:
        found.append(("shop", t("微信小店：今天只剩 {left} 次调用", left=f"{left:,}")))
    for via, names in unproved.items():
        found.append((via, t("{names}：接上了，还没证实过", names=t("、").join(names))))
    return found
