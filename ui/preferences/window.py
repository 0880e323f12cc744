"""设置: pages at the left, what is set at the right; opened and closed by one key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import t
from ui.parts.own_window import OwnWindow
from ui.preferences.about import AboutPage
from ui.preferences.backup import BackupPage
from ui.preferences.computer import ComputerPage
from ui.preferences.connect import ConnectPage
from ui.preferences.console_page import ConsoleSettings
from ui.preferences.list_pages import LimitsPage, ListsPage
from ui.preferences.obs import ObsPage
from ui.preferences.online import OnlinePage
from ui.preferences.overlay import OverlayPage
from ui.preferences.page import SettingsPage
from ui.preferences.room import RoomPage
from ui.preferences.shop import ShopPage
from ui.preferences.sources import SourcesPage
from ui.preferences.updates import UpdatePage
from ui.preferences.wechat_shop import WechatShopPage
from ui.seat.connections import LOCKED, SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Frame, Seat
from ui.widgets import PlainLabel, Separator, button

_SIZE: Final = (860, 640)
_SIDE: Final = 168
"""Pixels at text scale 1 of the list of pages."""
_TICKS: Final = 12
"""Of the seat's clock, to a second."""


class SettingsWindow(OwnWindow):
    """``folder``: the engine's; None: it is on another computer. ``locked``: this seat sets nothing now."""

    def __init__(
        self,
        seat: Seat,
        role: str,
        *,
        folder: Path | None = None,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_SIZE, least=(640, 400), parent=parent)
        self.setWindowTitle(t("设置"))
        self.setAccessibleName(t("设置"))
        self._seat, self._locked, self._ticks = seat, locked, 0
        self.computer = ComputerPage(role, seat.name)
        self.room = RoomPage(self._set_room, role)
        self.shop = ShopPage(self._set_room, seat, role)
        self.sources = SourcesPage(self._set_room, role)
        asking = SeatConnections(seat, locked)
        self.connect_ = ConnectPage(seat, asking, role, self.go_to)
        self.wechat_shop = WechatShopPage(self._set_room, asking, role)
        self.console = ConsoleSettings(self._set_room, asking, role, folder)
        self.obs = ObsPage(self._set_room, asking, role)
        self.backup = BackupPage(self._set_room, asking, role)
        self.online = OnlinePage(seat)
        self.lists = ListsPage(seat, engine_here=folder is not None)
        self.limits = LimitsPage(seat, engine_here=folder is not None)
        self.overlay = OverlayPage(folder)
        self.updates = UpdatePage()
        self.about = AboutPage()
        self.pages: tuple[SettingsPage, ...] = (
            self.computer, self.room, self.shop,
            self.connect_, self.sources, self.wechat_shop, self.console, self.obs, self.backup,
            self.online, self.lists, self.limits, self.overlay, self.updates, self.about,
        )  # fmt: skip
        self.names: list[QPushButton] = []
        self._stack = QStackedWidget()
        self._build()
        self.computer.named.connect(seat.rename)
        seat.on_frame(self, self._frame)
        seat.on_tick(self, self._tick)
        if seat.state is not None:
            self._show(RoomView(seat.state), None)
        self.go(0)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        close = button("", "quiet", icon="cross")
        close.setAccessibleName(t("关闭"))
        close.clicked.connect(self.close)
        head.addWidget(PlainLabel(t("设置"), role="heading"), 1)
        head.addWidget(close)
        side = QVBoxLayout()
        side.setContentsMargins(10, 12, 10, 12)
        side.setSpacing(2)
        group = QButtonGroup(self)
        for at, page in enumerate(self.pages):
            name = button(t(page.TITLE), "nav")
            name.setCheckable(True)
            name.setMinimumWidth(_SIDE - 20)
            name.clicked.connect(lambda _checked, at=at: self.go(at))
            group.addButton(name)
            side.addWidget(name)
            self.names.append(name)
            page.body.addStretch(1)
            self._stack.addWidget(_scrolled(page))
        side.addStretch(1)
        names = _Names()
        names.setLayout(side)
        self._names = _scrolled(names)
        self._names.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self._names)
        columns.addWidget(Separator(upright=True))
        columns.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator())
        column.addLayout(columns, 1)

    @property
    def at(self) -> int:
        """Which page is shown."""
        return self._stack.currentIndex()

    def go(self, at: int) -> None:
        """Show a page."""
        self._stack.setCurrentIndex(at)
        self.names[at].setChecked(True)
        self.names[at].setFocus()
        self._names.ensureWidgetVisible(self.names[at], 0, 8)
        self.pages[at].opened()

    def go_to(self, via: str) -> None:
        """Show where what serves a world is set: a connection, or ``sources``; ``""``: the list of all;
        ``update``: what is new."""
        places = {
            "": self.connect_,
            "shop": self.wechat_shop,
            "browser": self.console,
            "obs": self.obs,
            "update": self.updates,
        }
        self.go(self.pages.index(places.get(via, self.sources)))

    def _set_room(self, page: QWidget, fields: dict[str, Any], then: Callable[[Answer], None]) -> None:
        """Ask the engine, unless this seat is locked."""
        if self._locked():
            then(LOCKED)
        else:
            self._seat.ask_then(page, "room.set", fields, then)

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self._show(RoomView(frame.state), frame.moved)

    def _show(self, room: RoomView, moved: frozenset[str] | None) -> None:
        now = self._seat.now()
        for page in self.pages:
            if page.SECTIONS and (moved is None or not moved.isdisjoint(page.SECTIONS)):
                page.show_room(room.only(*page.SECTIONS), now)

    def _tick(self, now: datetime) -> None:
        self._ticks = (self._ticks + 1) % _TICKS
        if not self._ticks:
            self.pages[self.at].tick(now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves what is being typed as it was, then closes; Ctrl+PgUp and Ctrl+PgDn turn the pages."""
        key, held = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_Escape:
            gave_up = [page.give_up() for page in self.pages]
            if not any(gave_up):
                self.close()
        elif held and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go((self.at + (1 if key == Qt.Key.Key_PageDown else -1)) % len(self.pages))
        else:
            super().keyPressEvent(event)


class _Names(QWidget):
    """Never lower than its keys are: what has no room is scrolled to."""

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
