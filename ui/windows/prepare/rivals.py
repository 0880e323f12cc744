"""The right column: what rivals sold best in the newest week that was brought in, beside our own shelf."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.preparations import RivalGoods, RivalShop, RivalWeek
from ui.i18n import t
from ui.widgets import Bar, EmptyState, PlainLabel, Section, button, set_tip
from ui.windows.prepare.calendar import scrolled
from ui.words import prepare as words

SHOPS_MOST: Final = 20
GOODS_MOST: Final = 10


class _GoodsLine:
    """One of a rival's goods: its title, and its price beside ours."""

    def __init__(self, column: QVBoxLayout) -> None:
        self.title = PlainLabel("", elide=True)
        self.line = PlainLabel("", role="small", tone="fg1", lines=0)
        column.addWidget(self.title)
        column.addWidget(self.line)

    def show_goods(self, goods: RivalGoods | None, place: int) -> None:
        for label in (self.title, self.line):
            label.setVisible(goods is not None)
        if goods is not None:
            rank = goods.rank if goods.rank is not None else place
            self.title.setText(f"{rank}. {goods.title}")
            self.line.setText(words.goods_line(goods))
            dearer = goods.ours_fen is not None and goods.ours_fen > goods.price_fen
            self.line.set_tone("warn" if dearer else "fg1")


class _BandLine:
    """One price band in the grid: how many of ours and of theirs lie in it."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.band = PlainLabel("", role="small", tone="fg1")
        self.ours = PlainLabel("", role="small", tone="fg1")
        self.theirs = PlainLabel("", role="small", tone="fg1")
        self.own, self.other = Bar("accent"), Bar("fg2")
        for column, widget in enumerate((self.band, self.own, self.ours, self.other, self.theirs)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)

    def show_band(self, band: str, ours: int, of_ours: int, theirs: int, of_theirs: int) -> None:
        self.band.setText(band)
        self.own.set_left(ours, of_ours)
        self.other.set_left(theirs, of_theirs)
        self.own.setAccessibleName(t("我们 {n} 个规格", n=ours))
        self.other.setAccessibleName(t("对手 {n} 个", n=theirs))
        self.ours.setText(f"{ours}")
        self.theirs.setText(f"{theirs}")


class _Shop(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name = PlainLabel("", role="strong", elide=True)
        self.line = PlainLabel("", role="small", tone="fg1", lines=0)
        self.goods: list[_GoodsLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 14, 4)
        self._column.setSpacing(2)
        self._column.addWidget(self.name)
        self._column.addWidget(self.line)

    def show_shop(self, shop: RivalShop) -> None:
        self.name.setText(shop.shop)
        self.line.setText(words.shop_line(shop))
        shown = shop.goods[:GOODS_MOST]
        while len(self.goods) < len(shown):
            self.goods.append(_GoodsLine(self._column))
        for place, line in enumerate(self.goods):
            line.show_goods(shown[place] if place < len(shown) else None, place + 1)


class RivalsBox(Section):
    """竞品周榜: price bands of ours and theirs, then each shop."""

    import_asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("竞品周榜"), flush=True)
        self.read = button(t("读竞品表…"))
        set_tip(self.read, "I")
        self.read.clicked.connect(self.import_asked)
        self.empty = EmptyState(
            "people",
            t("还没有竞品表"),
            t("每周把对手卖得最好的十样存成表：店铺、商品、价格、销量。读进来就和我们的比。"),
        )
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(0)
        grid = QGridLayout()
        grid.setContentsMargins(14, 0, 14, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for column, label in ((0, t("价格带（元）")), (1, t("我们")), (3, t("对手"))):
            grid.addWidget(PlainLabel(label, role="small", tone="fg2"), 0, column)
        self._grid = grid
        self.bands: list[_BandLine] = []
        self._column.addLayout(grid)
        self.shops: list[_Shop] = []
        self._column.addStretch(1)
        self._area = scrolled(inside)
        self.body.addWidget(self.empty)
        self.body.addWidget(self._area, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 4, 14, 12)
        foot.addWidget(self.read)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_week(self, week: RivalWeek | None) -> None:
        """None: nobody has brought a list in."""
        self.empty.setVisible(week is None)
        self._area.setVisible(week is not None)
        self.note.setText("" if week is None else t("{day} 那一周 · 参考", day=week.week))
        if week is None:
            return
        theirs = [sum(bands) for bands in zip(*(shop.bands for shop in week.shops), strict=True)]
        self._show_bands(week, theirs or [0] * len(week.edges))
        shown = week.shops[:SHOPS_MOST]
        while len(self.shops) < len(shown):
            made = _Shop()
            self._column.insertWidget(self._column.count() - 1, made)
            self.shops.append(made)
        for place, made in enumerate(self.shops):
            made.setVisible(place < len(shown))
            if place < len(shown):
                made.show_shop(shown[place])

    def _show_bands(self, week: RivalWeek, theirs: list[int]) -> None:
        while len(self.bands) < len(week.edges):
            self.bands.append(_BandLine(self._grid, len(self.bands) + 1))
        whole = sum(week.ours), sum(theirs)
        for line, edges, a, b in zip(self.bands, week.edges, week.ours, theirs, strict=True):
            line.show_band(words.band_words(edges), a, whole[0], b, whole[1])
