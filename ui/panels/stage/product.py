"""What is pinned, at what price, and how much of it is left."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from liveconsole.messages.state import CueState, MeasuredState, PinnedState, ProductState
from liveconsole.views.money import yuan, yuan_short
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.kinds.phrases import label
from ui.panels.stage.sku_table import FEW, SkuTable, left_of_sku, scarcest, table_of
from ui.seat.room import RoomView
from ui.widgets import Bar, Chip, EmptyState, Fraction, Money, PlainLabel, button, set_tip
from ui.widgets.picture import paint_picture, shelf
from ui.widgets.when import age
from ui.words import costs as cost_words
from ui.words.goods import left_of, points_of, read_words, reading_of

PICTURE, PICTURE_SHORT = 144, 96
_HIGH, HIGH_SHORT, HIGH_LINES, _HIGH_EMPTY = 180, 114, 79, 60
"""Pixels of the card at text scale 1, whatever it has to say: what stands below does not stir."""
_TABLE: Final = 560
"""Pixels of the card at text scale 1 from which a table of sizes has room in it."""
_NARROW: Final = 470
"""Pixels of the card at text scale 1 under which what is left has its words below the figure."""
_LEAST: Final = 320
"""Pixels of the narrowest card at text scale 1."""


class Placeholder(QWidget):
    """The picture of what is pinned; the title's first letter where there is none, or until it came."""

    _image: str | None = None

    def __init__(self, role: str = "price", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._role, self._side = "", role, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_title(self, title: str) -> None:
        """The product whose place this is."""
        letter = next((c for c in title if c.isalpha()), "")
        if letter != self._letter:
            self._letter = letter
            self.update()

    def set_side(self, side: int) -> None:
        """Logical pixels at text scale 1."""
        if side != self._side:
            self._side = side
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        side = round(self._side * theme.text_scale())
        side = side or round(QFontMetrics(theme.font(self._role)).height() * 2.75)
        return QSize(side, side)

    def show_image(self, sha: str | None) -> None:
        """Its picture's hash. A picture that comes later paints it again."""
        if sha != self._image:
            self._image = sha
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shelf().picture(self._image, self.width() * self.devicePixelRatioF()) is not None:
            paint_picture(painter, QRectF(self.rect()), self._image, self._letter)
            painter.end()
            return
        shade = QLinearGradient(0, 0, self.width(), self.height())
        shade.setColorAt(0, theme.colour(theme.mix(tokens.bg3, tokens.accent, 0.28)))
        shade.setColorAt(1, theme.colour(tokens.bg3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setPen(theme.colour(tokens.fg1))
        painter.setFont(theme.font(self._role))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


class ProductCard(QFrame):
    """The pinned product. While wish and platform disagree it says so, with the age of what is known."""

    stock_asked = Signal(str)
    """Somebody wants to see the stock of every size: the product."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._pinned: PinnedState | None = None
        self._confirmed = ""
        self._left_words = ""
        self._reading: MeasuredState | None = None
        self._product: ProductState | None = None
        self._short = self._lines = False
        self.picture = Placeholder()
        shelf().arrived.connect(self.picture.update)
        self.number = PlainLabel("", role="product", tone="accent")
        self.title = PlainLabel("", role="product", lines=2)
        self.price = Money(role="price")
        self.before = Money(role="base", tone="fg2", struck=True, short=True)
        self.price_kind = PlainLabel("", role="small", tone="fg1", elide=True)
        self.final = PlainLabel("", role="small", tone="fg1", elide=True)
        self.points = PlainLabel("", role="small", tone="fg2", elide=True)
        self.said = Chip("", elide=True)
        self.left_label = PlainLabel("", role="small", tone="fg1", elide=True)
        self.left = Fraction()
        self.bar = Bar(name=t("余量"))
        self.table = SkuTable()
        self.scarce = PlainLabel("", role="small_strong", tone="warn", elide=True)
        self.every = button(t("全部"), "quiet")
        self.every.setFont(theme.font("small"))
        self.stock = PlainLabel("", role="small", tone="fg2", elide=True)
        self._build()

    def _build(self) -> None:
        top = self._top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        money = self._money = QHBoxLayout()
        money.setSpacing(10)
        money.addWidget(self.price)
        money.addWidget(self.before)
        money.addWidget(self.price_kind, 1)
        middle = self._middle = QVBoxLayout()
        middle.setSpacing(3)
        middle.addLayout(top)
        middle.addLayout(money)
        middle.addWidget(self.points)
        middle.addWidget(self.final)
        middle.addStretch(1)
        said = self._foot = QHBoxLayout()
        said.setSpacing(10)
        said.addWidget(self.said)
        said.addStretch(1)
        middle.addLayout(said)
        self._side = self._build_side()
        full = QWidget()
        row = self._row = QHBoxLayout(full)
        row.setSpacing(14)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle, 1)
        row.addWidget(self._side)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "box", t("没有在讲解的商品"), t("在购物车里选一件，点「讲解」，或按 PgDn 讲下一品")
            ).yields()
        )
        self._stack.addWidget(full)
        self._fit()

    def _build_side(self) -> QWidget:
        """What is left, as wide as its longest words at any number."""
        side = QWidget()
        left = self._left = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        left.setSpacing(6)
        left.addWidget(self.left)
        left.addWidget(self.left_label, 1)
        left.addWidget(self.every)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)
        right.addLayout(left)
        for each in (self.bar, self.table, self.scarce):
            right.addWidget(each)
        right.addWidget(self.stock)
        right.addStretch(1)
        self.every.clicked.connect(self._ask_stock)
        return side

    def _ask_stock(self) -> None:
        if self._product is not None:
            self.stock_asked.emit(self._product.product_id)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """The pinned product as it stands."""
        pinned = self._pinned = room.pinned
        self._confirmed = label(pinned.confirmed, room) if pinned.confirmed else ""
        product = room.products.get(pinned.wanted or pinned.confirmed or "")
        self._stack.setCurrentIndex(0 if product is None else 1)
        if (product is None) != (self._product is None):
            self._product = product
            self.updateGeometry()
        if product is None:
            return
        number = room.numbers.get(product.product_id)
        self.number.setText(t("{numbers} 号", numbers=number) if number is not None else "")
        self.number.set_tone("soft:accent")
        self.title.setText(product.title)
        self.picture.show_title(product.title)
        self.picture.show_image(product.image)
        self.points.setText(" · ".join(points_of(product)))
        self._product = product
        sales = room.sales_on(product.product_id)
        self._show_price(product, [sale for sale in sales if sale.status == "on_air"])
        self._show_left(product, sales)
        self._fit()
        self.tick(now)

    def _show_price(self, product: ProductState, on_air: list[CueState]) -> None:
        own = {sku.sku_id for sku in product.skus}
        lines = [(sku, sale.kind) for sale in on_air for sku in sale.skus if sku.sku_id in own]
        if lines:
            shown, name = min(lines, key=lambda line: line[0].price_fen)
            self.price.set_fen(shown.price_fen)
            self.price.set_tone(kind_of(name).TONE)
            said = kind_of(name).unit_price()
            self._show_compared(shown.struck_fen, shown.lowest_7d_fen, said, t("划线为日常价"))
        else:
            self.price.set_fen(product.price_fen)
            self.price.set_tone("fg0")
            self._show_compared(product.struck_fen, product.lowest_7d_fen, t("日常价"), "")
        self.price_kind.set_tone("live" if product.sold_out else "fg1")
        if product.sold_out:
            self.price.set_tone("fg2")
            self.before.setVisible(False)
            self.price_kind.setText(t("已售罄"))
            self.final.setText("")
            return
        self._show_lowest([sale for sale in on_air if sale.lowest is not None and sale.lowest.sku_id in own])

    def _show_compared(self, struck_fen: int | None, lowest_fen: int | None, said: str, of: str) -> None:
        """What is struck out beside the price, which the engine proves, and 七日最低价 with it."""
        self.before.set_fen(struck_fen)
        self.before.setVisible(struck_fen is not None)
        low = t("七日最低 {money}", money=yuan_short(lowest_fen)) if lowest_fen is not None else ""
        parts = [said] if struck_fen is None else [said, low, of]
        # The line is short: what the price is called and the proof; the tip says what is struck.
        short = " · ".join(part for part in parts[:2] if part)
        self.price_kind.set_forms(short, *(part for part in (low, said) if part and part != short), "")
        set_tip(self.price_kind, " · ".join(part for part in parts if part))

    def _show_lowest(self, sales: list[CueState]) -> None:
        """What a buyer can come to while it runs; a coupon added since may have undercut the floor."""
        told = [sale.lowest for sale in sales if sale.lowest is not None]
        if not told:
            self.final.setText("")
            return
        low = min(told, key=lambda lowest: lowest.fen)
        floor = low.floor_fen
        under = floor is not None and low.fen < floor
        if floor is not None and under:
            self.final.setText(
                t("最低到手 {money}，低于底价 {floor}", money=yuan(low.fen), floor=yuan(floor))
            )
        else:
            said = t("到手 {money} · 按已知优惠最低到手", money=yuan(low.fen))
            self.final.set_forms(said, t("到手 {money}", money=yuan(low.fen)), "")
        self.final.set_tone("live" if under else "fg1")
        set_tip(self.final, cost_words.combination(low))

    def _show_left(self, product: ProductState, sales: list[CueState]) -> None:
        told = [sku.held for sku in product.skus if sku.held is not None]
        if len(told) == len(product.skus):
            free = sum(map(left_of_sku, product.skus))
            words = t("总可售 {n} 件 · 已扣待付款 {held}", n=f"{free:,}", held=f"{sum(told):,}")
        else:
            words = t("总库存 {n} · 待付款 {held}", n=f"{product.stock:,}", held="—")
        self.stock.setText(words)
        set_tip(self.stock, t("没有来源报订单") if len(told) < len(product.skus) else "")
        if (low := scarcest(product)) is not None:
            self.scarce.setText(t("最缺：{sku} {n}", sku=low[0], n=low[1]))
            self.scarce.set_tone("warn" if low[1] <= FEW else "fg1")
        else:
            self.scarce.setText("")
        left: int | None
        if sales:
            left, whole = left_of(sales, product)
            kind = kind_of(sales[0].kind)
            self._left_words = kind.unit_left(told=left is not None)
            self._reading = reading_of(sales[0]) if left is not None else None
            tone = kind.TONE
        else:
            left, whole, tone = product.available, product.stock, "accent"
            self._left_words, self._reading = t("可售库存"), None
        self.left.show_as(left, whole, "live" if left == 0 else tone if sales else "fg0")
        self.bar.set_left(left, whole, tone)

    def set_short(self, short: bool, *, lines: bool = False) -> None:
        """In a short window the picture is small, the sizes are one line, the selling points make room; as
        ``lines`` two are left: its name and how many, its price and whether viewers see it."""
        if (short, lines) != (self._short, self._lines):
            self._short, self._lines = short, lines
            self._fit()
            self.updateGeometry()

    def _fit(self) -> None:
        """What there is room for, and nothing for what has no words."""
        short, scale = self._short, theme.text_scale()
        table = table_of(self._product) if self._product is not None else None
        roomy = not short and self.width() >= _TABLE * scale
        self._fit_side(narrow=self.width() < _NARROW * scale)
        self.table.setVisible(table is not None and roomy)
        if table is not None:
            self.table.show_table(table)
        self.every.setVisible(table is not None and roomy and table.more > 0)
        self.bar.setVisible(table is None)
        self.scarce.setVisible(table is not None and not roomy and bool(self.scarce.text()))
        self.stock.setVisible(not short or not self.scarce.text())
        # Where room is dear the picture goes first: it says least.
        self.picture.set_side(PICTURE_SHORT if short else PICTURE)
        dear = 5 if short else 4.5
        self.picture.setVisible(not self._lines and self.width() > dear * self.picture.sizeHint().width())
        self._place_lines()
        self._place_final(beside=short)
        self._row.setContentsMargins(12, 8 if short else 10, 12, 8 if short else 10)
        self._middle.setSpacing(1 if short else 3)
        self._fit_title()

    def _fit_side(self, *, narrow: bool) -> None:
        """As wide as its longest words at any number, or a third of a narrow card."""
        words = t("总可售 {n} 件 · 已扣待付款 {held}", n="8,888", held="888")
        wide = QFontMetrics(theme.font("small")).horizontalAdvance(words) + 8
        self._side.setFixedWidth(min(wide, self.width() // 3) if narrow else wide)
        across = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._left.direction() != across:
            self._left.setDirection(across)
            self._left.setSpacing(0 if narrow else 6)
        bottom = Qt.AlignmentFlag.AlignBottom
        self._left.setAlignment(self.left_label, Qt.AlignmentFlag(0) if narrow else bottom)
        self._row.setSpacing(8 if narrow else 14)

    def _place_final(self, *, beside: bool) -> None:
        """The lowest price has a line of its own, or the rest of the last one."""
        at = self._foot.indexOf(self.final)
        if beside and at < 0:
            self._middle.removeWidget(self.final)
            self._foot.insertWidget(1, self.final, 1)
        elif not beside and at >= 0:
            self._foot.removeWidget(self.final)
            self._middle.insertWidget(3, self.final)
        self.final.setVisible(bool(self.final.text()) and not self._lines)

    def _place_lines(self) -> None:
        """As two lines what is left stands after the name, and what viewers see after the price."""
        if self._lines == (self._top.indexOf(self.left) >= 0):
            return
        words: tuple[QWidget, ...] = (self.left, self.left_label)
        if self._lines:
            for each in words:
                self._left.removeWidget(each)
                self._top.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
            self._foot.removeWidget(self.said)
            self._money.addWidget(self.said)
        else:
            for at, each in enumerate(words):
                self._top.removeWidget(each)
                self._left.insertWidget(at, each, at)
            self._money.removeWidget(self.said)
            self._foot.insertWidget(0, self.said)
        self._side.setVisible(not self._lines)

    def _fit_title(self) -> None:
        """A long title has a second line beside the large picture: that of the selling points."""
        picture = self.picture.sizeHint().width() if self.picture.isVisibleTo(self) else 0
        side = 0 if self._lines else self._side.width()
        taken = picture + side + self.number.sizeHint().width() + 76
        wide = QFontMetrics(self.title.font()).horizontalAdvance(self.title.text())
        one = self._short or self.width() - taken >= wide
        self.title.set_lines(1 if one else 2)
        self.points.setVisible(one and not self._short and bool(self.points.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def whole_height(self) -> int:
        """How high it is with nothing folded."""
        return round((_HIGH if self._product is not None else _HIGH_EMPTY) * theme.text_scale())

    def _high(self) -> int:
        short = round((HIGH_LINES if self._lines else HIGH_SHORT) * theme.text_scale())
        return min(short, self.whole_height()) if self._short else self.whole_height()

    def hasHeightForWidth(self) -> bool:
        return False  # the words of the empty stage wrap, and asked for a height that is not theirs to have

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(_LEAST * theme.text_scale()), self._high())

    def tick(self, now: datetime) -> None:
        """What is known about the pin, and how old that is."""
        pinned = self._pinned
        if pinned is None:
            return
        read = read_words(self._reading, now)
        self.left_label.setText(f"{self._left_words} · {read}" if read else self._left_words)
        at = pinned.confirmed_at
        ago = age(max(0.0, (now - at).total_seconds())) if at is not None else ""
        if pinned.wanted == pinned.confirmed:
            self.said.show_as(
                t("讲解中 · {ago}前确认", ago=ago) if ago else t("讲解中"), "accent", icon="kind-pin"
            )
        elif pinned.confirmed is None:
            self.said.show_as(t("等平台开始讲解"), "warn", loud=True, icon="clock")
        elif pinned.wanted is None:
            words = t("等平台结束讲解 {label}", label=self._confirmed)
            self.said.show_as(words, "warn", loud=True, icon="clock")
        else:
            words = t("观众看到的还是 {label} · {ago}前确认", label=self._confirmed, ago=ago or "?")
            self.said.show_as(words, "warn", loud=True, icon="warn")
