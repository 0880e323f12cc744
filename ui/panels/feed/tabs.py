"""The filters over the rows: as many as fit stand there, the rest behind one key, the chosen one always."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QTabBar, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import button, set_tip

_SIDE: Final = 6
_GAP: Final = 2
_KEY: Final = 32
"""Width of the two keys at the right edge."""


FILTERS: Final = ("all", "question", "order", "big", "unpaid", "kept_back", "marked")
"""Their names, as `liveconsole.views.feed.matching` knows them."""


class FilterTabs(QWidget):
    """``chosen(index)`` when another filter is looked at. ``opener`` stands at the right edge."""

    chosen = Signal(int)

    def __init__(self, opener: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept_back = (0, False)
        self._bar = _Bar()
        self._bar.setExpanding(False)
        self._bar.setUsesScrollButtons(False)
        self._bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._bar.setFont(theme.font("base"))
        self._bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar.setAccessibleName(t("筛选"))
        self._bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for word in (t("全部"), t("提问"), t("订单"), t("大额"), t("未付"), t("拦截"), t("标记")):
            self._bar.addTab(word)
        self.more = button("", "quiet", icon="chevron-down")
        self.more.setAccessibleName(t("其余的筛选"))
        set_tip(self.more, t("其余的筛选"))
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for each in (self.more, opener):
            each.setFixedWidth(_KEY)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 4, _SIDE, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._bar, 1)
        row.addWidget(self.more)
        row.addWidget(opener)
        self.more.hide()
        self._bar.currentChanged.connect(self._changed)
        self.more.clicked.connect(self._offer_rest)

    @property
    def index(self) -> int:
        """Which one is looked at."""
        return self._bar.currentIndex()

    def choose(self, index: int, *_: object) -> None:
        """Look at another one."""
        self._bar.setTabVisible(index, True)
        self._bar.setCurrentIndex(index)

    def show_kept_back(self, count: int, *, at_least: bool) -> None:
        """``拦截 3``: how many there are, as far as that is known."""
        if (count, at_least) == self._kept_back:
            return
        self._kept_back = (count, at_least)
        self._bar.setTabText(
            5,  # where FILTERS has it
            t("拦截 {n}+", n=f"{count:,}") if at_least else t("拦截 {n}", n=f"{count:,}"),
        )
        self._fit()

    def in_sight(self) -> list[str]:
        """The words that stand in the line."""
        return [self._bar.tabText(n) for n in range(self._bar.count()) if self._bar.isTabVisible(n)]

    def rest(self) -> QMenu:
        """What did not fit."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for n in range(self._bar.count()):
            if not self._bar.isTabVisible(n):
                action = menu.addAction(self._bar.tabText(n).replace("&", "&&"))
                action.triggered.connect(partial(self.choose, n))
        return menu

    def _offer_rest(self) -> None:
        self.rest().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _changed(self, index: int) -> None:
        self._fit()
        self.chosen.emit(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """From the left as many as there is room for, and the chosen one."""
        wide = [self._bar.wide(n) for n in range(self._bar.count())]
        room = self.width() - 2 * _SIDE - _KEY - _GAP
        whole = sum(wide) <= room
        if not whole:
            room -= _KEY + _GAP + wide[self.index]
        for n, each in enumerate(wide):
            shown = whole or n == self.index or each <= room
            if n != self.index:
                room = room - each if shown else -1
            self._bar.setTabVisible(n, shown)
        self.more.setVisible(not whole)


class _Bar(QTabBar):
    """Says how wide each tab would like to be."""

    def wide(self, index: int) -> int:
        return self.tabSizeHint(index).width()

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)
