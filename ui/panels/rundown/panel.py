"""排品表: the plan of the broadcast against its clock, and what a person may do with a segment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liveconsole.messages.state import BroadcastState, RundownState
from liveconsole.views.rundown import Pace, benefits, mix, pace
from ui import theme
from ui.i18n import t
from ui.panels.rundown.anchor import AnchorCard
from ui.panels.rundown.list import SegmentDelegate, SegmentModel, row_height
from ui.panels.rundown.mix import MixBar
from ui.panels.rundown.rows import benefit_words, pace_words, segment_rows
from ui.parts.next import NextBox
from ui.parts.row_menu import RowMenu, show_entry
from ui.parts.typed_number import TypedNumber
from ui.seat.room import RoomView
from ui.widgets import Chip, EmptyState, PlainLabel, Section, Separator, button, set_tip
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
_WAYS: Final = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)
_STEPS: Final = {"up": -1, "down": 1}
_LOW: Final = 31
"""Lines of type; below them the mix makes room for the list."""


class RundownPanel(Section):
    """Emits what is asked for; whoever owns the seat sends the command and shows the answer."""

    SECTIONS: Final = (*NextBox.SECTIONS, "law")

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
    keep_asked = Signal(str, str, list)
    """A segment is to begin at its moment: which way, and what it would change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("排品表"), flush=True, parent=parent)
        self._allowed: Collection[str] | None = None
        self._rundown: RundownState | None = None
        self._broadcast: BroadcastState | None = None
        self._block: QWidget | None = None
        self.model = SegmentModel(self)
        self.model.dropped.connect(self._dropped)
        self.list = RowsList(self.model, SegmentDelegate(self), t("排品表"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDropIndicatorShown(True)
        self.list.installEventFilter(self)
        TypedNumber(self.list, self.go_to)
        self.list.selectionModel().currentChanged.connect(self._show_rights)
        self.list.doubleClicked.connect(self._double_clicked)
        self.ahead = Chip("", tone="fg1")
        right = Qt.AlignmentFlag.AlignRight
        self.benefits = PlainLabel("", role="small", tone="fg2", align=right, elide=True)
        self.mix = MixBar()
        self.anchor = AnchorCard()
        self.anchor.asked.connect(self.keep_asked)
        self.empty = EmptyState(
            "clock",
            t("还没有排品表"),
            t("用购物车生成，或从表格粘贴：编号 分钟 话术 促销，一行一段；也能写 1-20,33"),
        )
        self.from_cart = button(t("用购物车生成"), "primary")
        self.paste = button(t("粘贴排品表…"), icon="plus")
        self.box = NextBox()
        self.menu = RowMenu(self.list, self._show_rights)
        self.go = self.menu.entry(t("跳到这段"), "Ctrl+PgDn", lambda: self._ask("go"))
        self.go_reason = ""
        self.tools = {
            what: self.menu.entry(words, key, partial(self._ask, what))
            for what, words, key in (
                ("edit", t("修改"), "F2"),
                ("up", t("上移"), "Alt+↑"),
                ("down", t("下移"), "Alt+↓"),
                ("copy", t("复制"), "Ctrl+D"),
                ("remove", t("移出排品表"), "Delete"),
            )
        }
        self.add = self.menu.entry(t("加段"), "Ctrl+R", self.add_asked.emit)
        self.head.addWidget(self.ahead)
        self.head.addWidget(self.menu.key)
        self._build()
        self._show_rights()

    def _build(self) -> None:
        self.paste.clicked.connect(self.add_asked)
        self.from_cart.clicked.connect(self.from_cart_asked)
        self.list_box = RowsOrEmpty(self.list, self.empty, self.from_cart, self.paste)
        clock = self._clock = QWidget()
        over = QVBoxLayout(clock)
        over.setContentsMargins(14, 0, 14, 8)
        over.setSpacing(6)
        over.addWidget(self.mix)
        over.addWidget(self.benefits)
        self.body.setSpacing(0)
        # The list gives its room to what comes below it; a row of it stays.
        self.list_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.list_box.setMinimumHeight(row_height())
        self.body.addWidget(self.anchor)
        self.body.addWidget(clock)
        rule = Separator()
        self.above: tuple[QWidget, ...] = (clock, rule)
        self.body.addWidget(rule)
        self.body.addWidget(self.list_box, 1)
        self.body.addWidget(self.box)

    # What it shows ------------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; the selected segment stays selected wherever it moved."""
        self._rundown, self._broadcast = room.rundown, room.broadcast
        before = self._current()
        self.list.show_rows(segment_rows(room))
        rows = self.model.rows
        self.list_box.show_empty(not rows)
        self.menu.key.setVisible(bool(rows))
        self.from_cart.setVisible(bool(room.items))
        self.box.show_state(room, now)
        self.anchor.show_state(room)
        self.tick(now)
        if self._current() != before:
            self._follow()
        self._fit()
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
        if words != self.ahead.text():
            self.ahead.show_as(words, tone)
            self._fit()
        self.ahead.set_tone(tone)
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

    def add_above_next(self, block: QWidget) -> None:
        """A block that is as high as it must be: the list gives the room, the plan bars all of theirs."""
        self._block = block
        block.installEventFilter(self)
        self.body.removeWidget(block)  # a second time it would come to stand below
        self.body.insertWidget(self.body.indexOf(self.box), block)
        self._fit()

    def _fit(self) -> None:
        block = self._block
        here = block is not None and not block.isHidden() and block.parentWidget() is self
        taken = block.minimumHeight() if here and block is not None else 0
        taken += 0 if self.anchor.isHidden() else self.anchor.sizeHint().height()
        fits = self.height() - taken >= QFontMetrics(theme.font()).height() * _LOW
        self.mix.fit(fits)
        self._clock.setVisible(fits and bool(self.model.rows))
        # Two tabs and the tools are never cut for the sake of how far behind it is.
        wanted = self.head.minimumSize().width()
        if self.ahead.isHidden():
            wanted += self.ahead.sizeHint().width() + self.head.spacing()
        self.ahead.setVisible(bool(self.model.rows) and wanted <= self.width() - 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As low as it can be without the plan bars."""
        least = super().minimumSizeHint()
        return least if self._clock.isHidden() else least - QSize(0, self._clock.sizeHint().height())

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
        for what, each in self.tools.items():
            each.setEnabled(not self._may(what) and self.list.has_place(_STEPS.get(what, 0)))
        writes = self._can("rundown.put")
        show_entry(self.add, t("加段"), why="" if writes else refusal("forbidden"))
        for starting in (self.paste, self.from_cart):
            starting.setEnabled(writes)
        self.list.setDragEnabled(self._can("rundown.move"))
        self.anchor.allow(self._can("rundown.keep"))
        self.go.setVisible(self._can("go.next"))
        self.box.setVisible(self._can("go.next"))
        why = self._may("go")
        if not why and row is not None:
            why = t("正在讲这段") if row.current and not row.done else "" if row.on_shelf else t("已下架")
        self.go_reason = why
        show_entry(self.go, t("跳到这段"), why=why)

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

    def go_to(self, number: int) -> bool:
        """The cursor goes to the next segment about the product of this number; whether there is one."""
        about = [row for row in self.model.rows if row.number == number]
        ahead = next((row for row in about if not row.done), about[0] if about else None)
        if ahead is not None:
            self.list.choose(ahead.segment_id)
        return ahead is not None

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
        takes it out; Alt+1 to Alt+3 take a way that keeps a moment.

        Enter and Space do nothing: nobody goes on to another product by them.
        """
        moved = (QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if watched is self._block and event.type() in moved:
            self._fit()
        if watched is self.list and event.type() == QEvent.Type.Resize:
            # The first height that it is given, too: what is on stage is in sight.
            QTimer.singleShot(0, self, self._follow)
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, held = event.key(), event.modifiers()
            if held & Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if key == Qt.Key.Key_Up else 1)
                return True
            if held & Qt.KeyboardModifier.AltModifier and key in _WAYS:
                self.anchor.take(_WAYS.index(Qt.Key(key)))
                return True
            if held & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_D:
                self._ask("copy")
                return True
            if held & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_PageDown:
                if not self.go_reason and self._can("go.next"):
                    self._ask("go")
                return True
            if key in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
                self._ask("edit" if key == Qt.Key.Key_F2 else "remove")
                return True
        return super().eventFilter(watched, event)
