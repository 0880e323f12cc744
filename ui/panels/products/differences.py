"""和小店对一遍: where the shop differs from us, a row a field; a person takes the shop's or keeps ours."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.differences import DifferencePage, MendingCommand, ShopDifference, Value
from liveconsole.messages.rights import may
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import EmptyState, FlowRow, PlainLabel, button
from ui.widgets.when import wall_clock
from ui.words.answers import sentence
from ui.words.worlds import came_of

_AT_ONCE: Final = 50
"""Rows of a page."""
_LONGEST: Final = 120


class DifferenceRow(QFrame):
    """One field in two places."""

    def __init__(self, row: ShopDifference, role: str) -> None:
        super().__init__()
        self.setObjectName("raised")
        self.row = row
        about = " · ".join(clean(name, 60) for name in (row.title, row.sku) if name)
        field = field_words(row.field)
        self.setAccessibleName(f"{about} {field}")
        self.ours = PlainLabel(value_words(row.field, row.ours), lines=0)
        self.shop = PlainLabel(value_words(row.field, row.shop, row.at), lines=0)
        self.take = button(t("用店铺的"))
        self.keep = button(t("留我们的"), "quiet")
        for key in (self.take, self.keep):
            key.setAccessibleName(f"{key.text()} {about} {field}")
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.said.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(PlainLabel(about, role="strong", lines=0), 0, 0, 1, 2)
        grid.addWidget(PlainLabel(field, role="small", tone="fg2", lines=0), 1, 0, 1, 2)
        for at, (words, label) in enumerate(((t("我们"), self.ours), (t("店铺"), self.shop)), start=2):
            grid.addWidget(PlainLabel(words, role="small", tone="fg1"), at, 0)
            grid.addWidget(label, at, 1)
        keys = QWidget(self)
        flow = FlowRow(keys)
        flow.addWidget(self.take)
        flow.addWidget(self.keep)
        for key, command in ((self.take, row.take), (self.keep, row.keep)):
            key.setVisible(command is not None and may(role, command.type))
        grid.addWidget(keys, 4, 0, 1, 2)
        if row.take is None:
            grid.addWidget(
                PlainLabel(t("店铺的这一样不能直接用，请自己改"), role="small", lines=0), 5, 0, 1, 2
            )
        grid.addWidget(self.said, 6, 0, 1, 2)

    def wait(self, waits: bool) -> None:
        """While it is asked no key of it is pressed twice."""
        for key in (self.take, self.keep):
            key.setEnabled(not waits)

    def refuse(self, words: str) -> None:
        """Why it was not taken."""
        self.said.setText(words)
        self.said.show()
        self.wait(False)


class DifferencesSheet(Sheet):
    """Nothing is taken by itself: a price of the shop's is judged as if somebody had typed it."""

    SECTIONS: ClassVar = ("catalogue",)

    def __init__(self, seat: Seat, role: str, parent: QWidget | None = None) -> None:
        super().__init__(t("和小店对一遍"), parent)
        self._seat, self._role = seat, role
        self._asking = SeatConnections(seat)
        self._after = 0
        self._catalogue: object = None
        self.rows: list[DifferenceRow] = []
        self.line = PlainLabel(t("正在看…"), tone="fg1", lines=0)
        self._box = QVBoxLayout()
        self._box.setSpacing(8)
        self.none = EmptyState("check", t("一样"), t("店铺的商品和这里的一样"))
        self.none.hide()
        self.before, self.next = button(t("前一页"), "quiet"), button(t("后一页"), "quiet")
        self.before.clicked.connect(lambda: self.look(self._after - _AT_ONCE))
        self.next.clicked.connect(lambda: self.look(self._after + _AT_ONCE))
        self.read = button(t("重新读店铺"), icon="undo")
        self.read.clicked.connect(self._read)
        if not may(role, "room.set"):
            self.read.hide()
        self.body.addWidget(self.line)
        self.body.addWidget(self.none)
        self.body.addLayout(self._box)
        self.body.addStretch(1)
        held = QWidget()
        row = FlowRow(held)
        for key in (self.before, self.next, self.read):
            row.addWidget(key)
        self.add_foot(held)
        self.look(0)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """Goods have changed: what differs may be another now."""
        if room.catalogue != self._catalogue:
            first, self._catalogue = self._catalogue is None, room.catalogue
            if not first:
                self.look(self._after)

    def look(self, after: int) -> None:
        """Ask for a page."""
        self._after = max(0, after)
        self._asking.differences(self, self._after, _AT_ONCE, self._told)

    def _told(self, found: DifferencePage | Answer) -> None:
        if isinstance(found, Answer):
            self._say(sentence(found), "live")
            return
        if not found.rows and self._after:
            self.look(0)
            return
        self._show(found.rows)
        if found.at is None:
            self._say(t("店铺的商品还没有读过。"), "warn")
        else:
            words = t("{n} 处不一样 · {at} 读的店铺", n=found.total, at=wall_clock(found.at))
            kept = " · " + t("{n} 处已留我们的", n=found.kept) if found.kept else ""
            self._say(words + kept, "fg1")
        self.none.setVisible(not found.rows and found.at is not None)
        self.before.setVisible(self._after > 0)
        self.next.setVisible(found.next is not None)

    def _show(self, rows: list[ShopDifference]) -> None:
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = []
        for row in rows:
            made = DifferenceRow(row, self._role)
            made.take.clicked.connect(partial(self._do, made, row.take))
            made.keep.clicked.connect(partial(self._do, made, row.keep))
            self.rows.append(made)
            self._box.addWidget(made)

    def _do(self, row: DifferenceRow, command: MendingCommand | None) -> None:
        if command is not None:
            row.wait(True)
            self._seat.ask_then(row, command.type, command.data, partial(self._done, row))

    def _done(self, row: DifferenceRow, answer: Answer) -> None:
        if answer.ok:
            self.look(self._after)
        else:
            row.refuse(sentence(answer))

    def _read(self) -> None:
        self._say(t("正在读店铺的商品…"), "fg1")
        self.read.setEnabled(False)
        self._asking.act(self, "shop", "goods", {}, self._was_read)

    def _was_read(self, said: ConnectionSaid | Answer) -> None:
        self.read.setEnabled(True)
        if said.ok:
            self.look(0)
        else:
            self._say(came_of("shop", said)[0], "live")

    def _say(self, words: str, tone: str) -> None:
        self.line.set_tone(tone)
        self.line.setText(words)


def field_words(field: str) -> str:
    """What a field is called."""
    known = {
        "product": t("商品在不在"),
        "title": t("名称"),
        "price_fen": t("价格"),
        "on_shelf": t("是否在架"),
        "image": t("图片"),
        "sku": t("规格在不在"),
        "sku_id": t("规格编号"),
        "sku_title": t("规格名称"),
        "stock": t("库存"),
    }
    return known.get(field, clean(field, 40))


def value_words(field: str, value: Value, at: datetime | None = None) -> str:
    """One side's value, and when it was measured; what it does not have is said."""
    if value is None:
        return t("没有")
    if isinstance(value, bool):
        return t("在架") if value else t("不在架")
    if field == "price_fen" and isinstance(value, int):
        return yuan(value)
    if isinstance(value, int):
        return f"{value:,} · {wall_clock(at)}" if at is not None else f"{value:,}"
    return clean(str(value), _LONGEST)
