"""What stands under the head at each level: tiles, trend, funnel, goods, entrances, advice, comparison."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.boards import BoardPage
from ui import theme
from ui.i18n import t
from ui.windows.boards import tables
from ui.windows.boards.body_table import TableSection
from ui.windows.boards.entrances import EntranceView
from ui.windows.boards.foot import ComparisonFoot
from ui.windows.boards.funnel import FunnelView
from ui.windows.boards.tiles import TileGrid
from ui.windows.boards.trend import TrendChart
from ui.windows.boards.trial import TrialSection
from ui.words import boards as words

_GAP: Final = 10
_SIDE: Final = 400
"""Pixels at text scale 1 of the right column."""
_BESIDE: Final = 1060
"""From so many on the right column stands beside the left one."""
_FIRST_TILES: Final = 6
_OF_STOCK: Final = ("lead_days", "ordered", "season_percent")


class _Beside(QWidget):
    """Left and right, or one above the other in a narrow window."""

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._right = right
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(_GAP)
        self.box.addWidget(left, 1)
        self.box.addWidget(right)

    def turn(self, width: int) -> None:
        scale = theme.text_scale()
        beside = width >= round(_BESIDE * scale)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self.box.setDirection(way)
        self._right.setFixedWidth(round(_SIDE * scale)) if beside else self._right.setFixedWidth(width)


class _FirstScreen(QWidget):
    """As high as the window has room for, and never lower than its parts."""

    def __init__(self) -> None:
        super().__init__()
        self._high = 0

    def fill(self, high: int) -> None:
        """So many pixels there are; 0: its parts alone count."""
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._high))


class BoardBody(QScrollArea):
    """The first screen is as high as the window; what else there is stands below it."""

    typing_asked = Signal(str)
    product_asked = Signal(str, str, list)
    """A figure of a product is to be typed: its id, its title, and which it may be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = "basic"
        self._page: BoardPage | None = None
        self.basic, self.further = TileGrid(), TileGrid()
        self.trend, self.foot = TrendChart(), ComparisonFoot()
        self.funnel, self.following = FunnelView(t("从看见到付钱")), FunnelView(t("从看过到再买"))
        self.goods, self.entrances = TableSection(t("商品")), EntranceView()
        self.scores, self.mix = TableSection(t("每段三个分")), TableSection(t("讲了什么"))
        self.purchases, self.tests = TableSection(t("周采购计划")), TrialSection()
        for grid in (self.basic, self.further):
            grid.typing_asked.connect(self.typing_asked)
        self.goods.view.choose_rows(t("回车填点击数"))
        self.goods.view.asked.connect(self._type_clicks)
        self.purchases.view.choose_rows(t("回车填到货天数、在途、季节系数"))
        self.purchases.view.asked.connect(self._type_stock)
        self._build()
        self.show_level("basic")

    def _build(self) -> None:
        self.over = _Beside(self.trend, self.funnel)
        self.middle = _Beside(self.goods, self.entrances)
        self.advice = _Beside(self.purchases, self.following)
        self.first, self.below = _FirstScreen(), QWidget()
        first = QVBoxLayout(self.first)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(_GAP)
        first.addWidget(self.basic)
        first.addWidget(self.over, 300)
        first.addWidget(self.middle, 270)
        first.addWidget(self.advice, 300)
        first.addWidget(self.foot)
        below = QVBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(_GAP)
        self.more = _Beside(self.scores, self.mix)
        for each in (self.further, self.more, self.tests):
            below.addWidget(each)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(self.first, 1)
        column.addWidget(self.below)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(held)

    def show_level(self, level: str) -> None:
        """``basic``, ``advanced`` or ``decision``."""
        self.level = level
        advanced, decision = level == "advanced", level == "decision"
        self.over.setVisible(not decision)
        self.funnel.setVisible(advanced)
        self.middle.setVisible(advanced)
        self.advice.setVisible(decision)
        self.foot.setVisible(not decision)
        self.below.setVisible(level != "basic")
        self.further.setVisible(advanced)
        self.more.setVisible(advanced)
        self.tests.setVisible(decision)
        self.verticalScrollBar().setValue(0)
        self._fit()

    def show_page(self, page: BoardPage, now: datetime) -> None:
        """Other numbers at the same places."""
        self._page = page
        levels = page.levels
        basic = levels.get("basic", [])
        shown = {"basic": basic, "advanced": basic[:_FIRST_TILES]}
        self.basic.show_tiles(shown.get(self.level, levels.get("decision", [])), now)
        self.further.show_tiles(levels.get("advanced", []), now)
        self.trend.show_trend(page.trend, t("没有一分钟一分钟的数"))
        self.funnel.show_funnel(page.funnel)
        self.following.show_funnel(page.following)
        found = page.products
        age = words.ago(found.clicks_at, now) if found is not None else ""
        self.goods.show_table(tables.goods(page), t("点击数 {age}", age=age) if age else "")
        self.entrances.show_entrances(page.entrances, now)
        self.foot.show_comparison(page.comparison)
        self.scores.show_table(tables.scores(page))
        self.mix.show_table(tables.mix(page))
        self.purchases.show_table(tables.purchases(page))
        self.tests.show_page(page, now)
        self.scores.keep_whole(8)
        self.mix.keep_whole(6)
        self._fit()

    def _type_clicks(self, place: int) -> None:
        rows = self._page.products.rows if self._page is not None and self._page.products is not None else []
        if place < len(rows):
            self.product_asked.emit(rows[place].product_id, rows[place].title, ["clicks"])

    def _type_stock(self, place: int) -> None:
        rows = self._page.purchases if self._page is not None else []
        if place < len(rows):
            self.product_asked.emit(rows[place].product_id, rows[place].title, list(_OF_STOCK))

    def page(self) -> BoardPage | None:
        """What is shown."""
        return self._page

    def _fit(self) -> None:
        width = self.viewport().width() - 2 * _GAP
        for row in (self.over, self.middle, self.advice, self.more):
            row.turn(width)
        if self.foot.comparison is None:
            self.foot.hide()
        bounded = self.viewport().height() - 2 * _GAP
        self.first.fill(max(0, bounded) if self.level == "advanced" else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
