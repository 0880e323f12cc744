"""The left column: the rundown and the cart behind two tabs, each with 下一品 below it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.rights import may
from ui.i18n import t
from ui.panels.cart import CartPanel
from ui.panels.drill import DrillLine
from ui.panels.owed import OwedPanel
from ui.panels.rundown import RundownPanel
from ui.seat.room import RoomView
from ui.widgets import FilterChip, button, set_tip

RUNDOWN: Final = 0
CART: Final = 1
_FRAME: Final = 2
"""Pixels of a panel's border."""


class _Tabs(QWidget):
    """Two words in a panel's head in place of its title; the one that is shown is checked."""

    def __init__(self, column: LeftColumn, shown: int) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for place, words in ((RUNDOWN, t("排品表")), (CART, t("购物车"))):
            chip = FilterChip(words)
            chip.setChecked(place == shown)
            # A tab that is pressed again stays checked: its panel stays in sight.
            chip.clicked.connect(lambda _=False, chip=chip, place=place: chip.setChecked(place == shown))
            chip.clicked.connect(lambda _=False, place=place: column.choose(place))
            row.addWidget(chip)
        self._chips = self.findChildren(FilterChip)
        self.over = button("", "quiet", icon="comment")
        self.over.setAccessibleName(t("评论"))
        set_tip(self.over, t("评论 · F6"))
        self.over.clicked.connect(column.over)
        self.over.hide()
        row.addWidget(self.over, 0, Qt.AlignmentFlag.AlignVCenter)

    def keep_high(self) -> None:
        """As high as their words are now: the least height of the style sheet is one of the usual type."""
        for chip in self._chips:
            chip.setMinimumHeight(chip.sizeHint().height())


class LeftColumn(QStackedWidget):
    """The rundown comes to the front when there is one; a person's own choice of tab stands.

    Only the panel in front is shown the room; the one behind it when it comes to the front.
    """

    SECTIONS: Final = tuple(dict.fromkeys((*RundownPanel.SECTIONS, *CartPanel.SECTIONS)))

    over = Signal()
    """The column that takes turns with this one is wanted."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rundown, self.cart, self.owed = RundownPanel(), CartPanel(), OwedPanel()
        self._head: DrillLine | None = None
        self._chosen = False
        self._second = 0
        self._room: RoomView | None = None
        self._now: datetime | None = None
        self._tabs = [_Tabs(self, place) for place in (RUNDOWN, CART)]
        panels: tuple[RundownPanel | CartPanel, ...] = (self.rundown, self.cart)
        for place, panel in enumerate(panels):
            panel.title.hide()
            panel.head.setContentsMargins(12, 7, 12, 7)
            panel.head.insertWidget(0, self._tabs[place])
            # The count gives way, so that the column can be as narrow as its tabs and keys.
            panel.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            panel.head.setStretchFactor(panel.note, 2)
            # What is lower than the tabs would hold the row to its own height.
            for each in (self._tabs[place], panel.title, panel.note, panel.menu.key, self.rundown.ahead):
                panel.head.setAlignment(each, Qt.AlignmentFlag.AlignVCenter)
            self.addWidget(panel)
        allowed = [name for name in COMMANDS if may(role, name)]
        self.rundown.set_allowed(allowed)
        self.cart.set_allowed(allowed)
        self.cart.box.setVisible(may(role, "go.next"))
        self.setCurrentIndex(CART)
        self._hand_over()
        self.currentChanged.connect(self._hand_over)
        self.currentChanged.connect(self._show_front)

    def add_head(self, line: DrillLine) -> None:
        """What stands over the tabs now and then; the list gives the room."""
        self._head = line
        line.installEventFilter(self)
        self._hand_over()

    def show_over(self, shown: bool) -> None:
        """Whether the comments take turns with this column: a key goes over to them."""
        for tabs in self._tabs:
            tabs.over.setVisible(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._give_room()
        return False

    def choose(self, place: int) -> None:
        """A person pressed a tab. The focus stays: in a list PgDn would scroll it instead of going on."""
        self._chosen = True
        self.setCurrentIndex(place)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Which of the two is in front, and what it says."""
        self._room, self._now = room, now
        front = self.currentIndex()
        if not self._chosen:
            self.setCurrentIndex(RUNDOWN if room.rundown.segments else CART)
        if self.currentIndex() == front:
            self._show_front()

    def _hand_over(self) -> None:
        """现在要做 stands in the panel in front, right above 下一品: it grows out of the list's room."""
        self._front.add_above_next(self.owed)
        if self._head is not None:
            self._front.add_head(self._head)
        self._give_room()

    def enter(self) -> bool:
        """The keyboard goes to the list in front; whether it has any row in sight."""
        list_ = self._front.list
        if not list_.isVisible() or not self._front.model.rows:
            return False
        list_.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @property
    def _front(self) -> RundownPanel | CartPanel:
        return self.rundown if self.currentIndex() == RUNDOWN else self.cart

    def _give_room(self) -> None:
        """Between the tabs and 下一品, less one row of the list; in a low window that row as well, and in the
        lowest the tabs."""
        panel = self._front
        panel.show_head(True)
        self._tabs[self.currentIndex()].keep_high()
        parts = [panel.head.sizeHint(), *(each.sizeHint() for each in panel.above if not each.isHidden())]
        if self._head is not None and not self._head.isHidden():
            parts.append(self._head.sizeHint())
        room = panel.height() - _FRAME - sum(part.height() for part in parts) - panel.box.sizeHint().height()
        held = panel.list_box
        keeps = self.owed.fit(room - held.minimumHeight())
        held.setVisible(keeps)
        if not keeps and not self.owed.fit(room):
            panel.show_head(False)
            self.owed.fit(room + parts[0].height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._head is not None:
            self._head.fit(self.height())
        self._give_room()

    def _show_front(self) -> None:
        if self._room is not None and self._now is not None:
            panel = self._front
            panel.show_state(self._room.only(*panel.SECTIONS), self._now)
            self._give_room()

    def tick(self, now: datetime) -> None:
        """The rundown's clock, once a second."""
        self._now = now
        self.owed.tick(now)
        if int(now.timestamp()) != self._second:
            self._second = int(now.timestamp())
            if self.currentIndex() == RUNDOWN:
                self.rundown.tick(now)
