"""排品表: the plan of the broadcast against its clock, and what a person may do with a segment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from liveconsole.messages.state import BroadcastState, RundownState
from liveconsole.views.rundown import Pace, benefits, mix, pace
from ui import theme
from ui.i18n import t
from ui.panels.rundown.list import SegmentDelegate, SegmentModel
from ui.panels.rundown.mix import MixBar
from ui.panels.rundown.rows import benefit_words, pace_words, segment_rows
from ui.parts.next import NextBox
from ui.seat.room import RoomView
from ui.widgets import Chip, EmptyState, FireButton, FlowRow, PlainLabel, Section, Separator, button, set_tip
from ui.widgets.rows import RowsList, RowsOrEmpty
from ui.widgets.when import wall_clock
from ui.words.answers import refusal

_NEEDS: Final = {
    "go": "go.next",
    "up": "rundown.move",
    "down": "rundown.move",
    "copy": "rundown.duplicate",
    "edit": "rundown.put",
    "remove": "rundown.remove",
}
_STEPS: Final = {"up": -1, "down": 1}
_LOW: Final = 31
"""Lines of type; below them the mix makes room for the list."""


class RundownPanel(Section):
    """Emits what is asked for; whoever owns the seat sends the command and shows the answer."""

    SECTIONS: Final = NextBox.SECTIONS

    go_asked = Signal(str)
    """On to this very segment."""
    move_asked = Signal(str, str)
    """segment_id, and the one before which it is to stand (``""``: last)."""
    copy_asked = Signal(str)
    edit_asked = Signal(str)
    remove_asked = Signal(str)
    add_asked = Signal()
    """Segments are to be pasted or written."""
    from_cart_asked = Signal()
    """A segment for every product of the cart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("排品表"), flush=True, parent=parent)
        self._allowed: Collection[str] | None = None
        self._rundown: RundownState | None = None
        self._broadcast: BroadcastState | None = None
        self.model = SegmentModel(self)
        self.model.dropped.connect(self._dropped)
        self.list = RowsList(self.model, SegmentDelegate(self), t("排品表"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDropIndicatorShown(True)
        self.list.installEventFilter(self)
        self.list.selectionModel().currentChanged.connect(self._show_rights)
        self.list.doubleClicked.connect(self._double_clicked)
        self.ahead = Chip("", tone="fg1")
        right = Qt.AlignmentFlag.AlignRight
        self.benefits = PlainLabel("", role="small", tone="fg2", align=right, elide=True)
        self.mix = MixBar()
        self.empty = EmptyState(
            "clock",
            t("还没有排品表"),
            t("用购物车生成，或从表格粘贴：编号 分钟 话术 促销，一行一段；也能写 1-20,33"),
        )
        self.from_cart = button(t("用购物车生成"), "primary")
        self.paste = button(t("粘贴排品表…"), icon="plus")
        self.add = button(t("加段"), "quiet", icon="plus")
        self.head.addWidget(self.add)
        self.box = NextBox()
        self.go = FireButton(t("跳到这段"), role="strong", outline=True)
        self.buttons = {
            "up": button("", "quiet", icon="up"),
            "down": button("", "quiet", icon="down"),
            "edit": button("", "quiet", icon="edit"),
            "copy": button("", "quiet", icon="copy"),
            "remove": button("", "quiet", icon="trash"),
        }
        self._build()
        self._show_rights()

    def _build(self) -> None:
        names = {
            "up": t("上移"),
            "down": t("下移"),
            "edit": t("修改"),
            "copy": t("复制"),
            "remove": t("移出排品表"),
        }
        for what, name in names.items():
            self.buttons[what].setAccessibleName(name)
            set_tip(self.buttons[what], name)
        for what, each in self.buttons.items():
            each.clicked.connect(lambda _=False, what=what: self._ask(what))
        self.go.fired.connect(lambda: self._ask("go"))
        self.add.clicked.connect(self.add_asked)
        self.paste.clicked.connect(self.add_asked)
        self.from_cart.clicked.connect(self.from_cart_asked)
        bar = self._bar = QWidget()
        flow = FlowRow(bar, gap=2)
        flow.setContentsMargins(14, 8, 10, 8)
        flow.addWidget(self.go)
        for each in self.buttons.values():
            flow.addWidget(each)
        self._held = RowsOrEmpty(self.list, self.empty, self.from_cart, self.paste)
        clock = self._clock = QWidget()
        line = QHBoxLayout()
        line.addWidget(self.ahead)
        line.addWidget(self.benefits, 1)
        over = QVBoxLayout(clock)
        over.setContentsMargins(14, 0, 14, 8)
        over.setSpacing(6)
        over.addLayout(line)
        over.addWidget(self.mix)
        self.body.setSpacing(0)
        self.body.addWidget(clock)
        self.body.addWidget(Separator())
        self.body.addWidget(self._held, 1)
        self.body.addWidget(Separator())
        self.body.addWidget(bar)
        self.body.addWidget(self.box)

    # What it shows ------------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; the selected segment stays selected wherever it moved."""
        self._rundown, self._broadcast = room.rundown, room.broadcast
        before = self._current()
        self.list.show_rows(segment_rows(room))
        rows = self.model.rows
        self._held.show_empty(not rows)
        for each in (self._clock, self._bar):
            each.setVisible(bool(rows))
        self.from_cart.setVisible(bool(room.items))
        self.add.setVisible(bool(rows))
        words = t("{n} 段", n=len(rows))
        self.note.setText(words if rows else "")
        self.box.show_state(room, now)
        self.tick(now)
        if self._current() != before:
            self._follow()
        self._show_rights()

    def tick(self, now: datetime) -> None:
        """The clock runs on between two states; call it once a second."""
        rundown, broadcast = self._rundown, self._broadcast
        if rundown is None or broadcast is None or not self.model.rows:
            self.ahead.setText("")
            return
        clock = pace(rundown, now)
        self.model.set_pace(clock)
        words, tone = pace_words(clock)
        self.ahead.show_as(words, tone)
        self.mix.show_mix(mix(rundown, now))
        opened_at = broadcast.opened_at if broadcast.status == "open" else None
        words, tone = benefit_words(benefits(rundown, opened_at, now))
        self.benefits.set_tone(tone)
        self.benefits.setText(words)
        self._show_end(clock)

    def _show_end(self, clock: Pace) -> None:
        if clock.ends_at is not None:
            set_tip(self.ahead, t("照计划讲完是 {at}", at=wall_clock(clock.ends_at)))

    def _current(self) -> str | None:
        return next((row.segment_id for row in self.model.rows if row.current), None)

    def _follow(self) -> None:
        """The current segment is in sight, and the next one below it."""
        for position, row in enumerate(self.model.rows):
            if row.current:
                last = min(position + 1, len(self.model.rows) - 1)
                self.list.scrollTo(self.model.index(last))
                self.list.scrollTo(self.model.index(position))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.mix.fit(self.height() >= QFontMetrics(theme.font()).height() * _LOW)

    def minimumSizeHint(self) -> QSize:
        """As low as it can be without the mix."""
        least = super().minimumSizeHint()
        return least if self.mix.isHidden() else least - QSize(0, self.mix.sizeHint().height())

    def set_allowed(self, commands: Collection[str] | None) -> None:
        """The commands of this seat's role; None allows all. The engine judges again."""
        self._allowed = commands
        self._show_rights()

    def _may(self, what: str) -> str:
        """Why not, or ``""``."""
        if not self._can(_NEEDS[what]):
            return refusal("forbidden")
        return "" if self.list.chosen() is not None else t("先选一段")

    def _can(self, command: str) -> bool:
        return self._allowed is None or command in self._allowed

    def _show_rights(self) -> None:
        row = self.list.chosen()
        for what, each in self.buttons.items():
            each.setEnabled(not self._may(what) and self.list.has_place(_STEPS.get(what, 0)))
        writes = self._can("rundown.put")
        for each in (self.add, self.paste, self.from_cart):
            each.setEnabled(writes)
        self.list.setDragEnabled(self._can("rundown.move"))
        self.go.setVisible(self._can("go.next"))
        self.box.setVisible(self._can("go.next"))
        why = self._may("go")
        if not why and row is not None:
            why = t("正在讲这段") if row.current and not row.done else "" if row.on_shelf else t("已下架")
        self.go.block(why)

    # What the person does -----------------------------------------------------------------------------

    def _ask(self, what: str) -> None:
        row = self.list.chosen()
        if row is None or self._may(what):
            return
        if what in _STEPS:
            self._move(_STEPS[what])
        else:
            asked = {"go": self.go_asked, "copy": self.copy_asked, "edit": self.edit_asked}
            asked.get(what, self.remove_asked).emit(row.segment_id)

    def _move(self, by: int) -> None:
        row = self.list.chosen()
        position = self.list.currentIndex().row()
        rows = self.model.rows
        if row is None or self._may("up") or not self.list.has_place(by):
            return
        before = position - 1 if by < 0 else position + 2
        self.move_asked.emit(row.segment_id, rows[before].segment_id if before < len(rows) else "")

    def _dropped(self, segment_id: str, before: str) -> None:
        if self._can("rundown.move"):
            self.move_asked.emit(segment_id, before)

    def _double_clicked(self, index: QModelIndex) -> None:
        self._ask("edit")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+↑ and Alt+↓ move a segment, Ctrl+PgDn goes on to it, Ctrl+D copies it, F2 opens it, Delete
        takes it out.

        Enter and Space do nothing: nobody goes on to another product by them.
        """
        if watched is self.list and event.type() == QEvent.Type.Resize:
            # The first height that it is given, too: what is on stage is in sight.
            QTimer.singleShot(0, self, self._follow)
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, held = event.key(), event.modifiers()
            if held & Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if key == Qt.Key.Key_Up else 1)
                return True
            if held & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_D:
                self._ask("copy")
                return True
            if held & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_PageDown:
                if not self.go.reason and self._can("go.next"):
                    self._ask("go")
                return True
            if key in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
                self._ask("edit" if key == Qt.Key.Key_F2 else "remove")
                return True
        return super().eventFilter(watched, event)
