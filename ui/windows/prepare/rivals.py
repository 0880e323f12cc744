"""The right column: what rivals sold best in the newest week that was brought in, beside our own shelf."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.preparations import RivalShop, RivalWeek
from ui.i18n import t
from ui.widgets import Bar, EmptyState, PlainLabel, Section, button, set_tip
from ui.windows.prepare.calendar import scrolled
from ui.words import prepare as words

SHOPS_MOST: Final = 20
GOODS_MOST: Final = 10


class _Shop(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name = PlainLabel("", role="strong", elide=True)
        self.line = PlainLabel("", role="small", tone="fg1", lines=0)
        self.goods: list[tuple[PlainLabel, PlainLabel]] = []
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
            pair = PlainLabel("", elide=True), PlainLabel("", role="small", tone="fg1", lines=0)
            for label in pair:
                self._column.addWidget(label)
            self.goods.append(pair)
        for place, (title, line) in enumerate(self.goods):
            there = place < len(shown)
            title.setVisible(there)
            line.setVisible(there)
            if there:
                goods = shown[place]
                rank = goods.rank if goods.rank is not None else place + 1
                title.setText(f"{rank}. {goods.title}")
                line.setText(words.goods_line(goods))
                dearer = goods.ours_fen is not None and goods.ours_fen > goods.price_fen
                line.set_tone("warn" if dearer else "fg1")


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
        self.bands: list[tuple[PlainLabel, Bar, PlainLabel, Bar, PlainLabel]] = []
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
            row = len(self.bands) + 1
            label, ours, others = (PlainLabel("", role="small", tone="fg1") for _ in range(3))
            made = label, Bar("accent"), ours, Bar("fg2"), others
            for column, widget in enumerate(made):
                self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
            self.bands.append(made)
        whole = sum(week.ours), sum(theirs)
        for made, edges, a, b in zip(self.bands, week.edges, week.ours, theirs, strict=True):
            label, own, ours, other, others = made
            label.setText(words.band_words(edges))
            own.set_left(a, whole[0])
            other.set_left(b, whole[1])
            own.setAccessibleName(t("我们 {n} 个规格", n=a))
            other.setAccessibleName(t("对手 {n} 个", n=b))
            ours.setText(f"{a}")
            others.setText(f"{b}")
