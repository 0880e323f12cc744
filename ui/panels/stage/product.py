"""What is pinned, at what price, and how much of it is left."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import CueState, MeasuredState, PinnedState, ProductState
from liveconsole.views.money import yuan, yuan_short
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.kinds.phrases import label
from ui.seat.room import RoomView
from ui.widgets import Bar, Chip, EmptyState, Fraction, Money, PlainLabel, set_tip
from ui.widgets.when import age
from ui.words import costs as cost_words
from ui.words.goods import left_of, points_of, read_words, reading_of

_TITLE: Final = 20
"""Letters of an ordinary title."""


class Placeholder(QWidget):
    """Stands for a picture: the title's first letter. No outside picture is decoded in this process."""

    def __init__(self, role: str = "price", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._role = "", role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_title(self, title: str) -> None:
        """The product whose place this is."""
        letter = next((c for c in title if c.isalpha()), "")
        if letter != self._letter:
            self._letter = letter
            self.update()

    def sizeHint(self) -> QSize:
        side = round(QFontMetrics(theme.font(self._role)).height() * 2.75)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._pinned: PinnedState | None = None
        self._confirmed = ""
        self._left_words = ""
        self._reading: MeasuredState | None = None
        self.picture = Placeholder()
        self.number = PlainLabel("", role="product", tone="accent")
        self.title = PlainLabel("", role="product", lines=2)
        self.price = Money(role="price")
        self.before = Money(role="base", tone="fg2", struck=True, short=True)
        self.price_kind = PlainLabel("", role="small", tone="fg1", elide=True)
        self.final = PlainLabel("", role="small", tone="fg1", elide=True)
        self.points = PlainLabel("", role="small", tone="fg2", elide=True)
        self.said = Chip("")
        self.left_label = PlainLabel("", role="small", tone="fg1")
        self.left = Fraction()
        self.bar = Bar(name=t("余量"))
        self.stock = PlainLabel("", role="small", tone="fg2", elide=True)
        self._build()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        money = QHBoxLayout()
        money.setSpacing(10)
        money.addWidget(self.price)
        money.addWidget(self.before)
        money.addWidget(self.price_kind, 1)
        middle = QVBoxLayout()
        middle.setSpacing(3)
        middle.addLayout(top)
        middle.addLayout(money)
        middle.addWidget(self.points)

        self._side = self._build_side()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle, 1)
        row.addWidget(self._side)
        full = QWidget()
        column = self._column = QVBoxLayout(full)
        column.setSpacing(8)
        column.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.said)
        foot.addWidget(self.final, 1)
        column.addLayout(foot)
        self.set_low(False)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "box", t("没有在讲解的商品"), t("在购物车里选一件，点「讲解」，或按 PgDn 讲下一品")
            ).yields()
        )
        self._stack.addWidget(full)

    def _build_side(self) -> QWidget:
        """What is left, as wide as its longest words at any number."""
        side = QWidget()
        side.setFixedWidth(
            QFontMetrics(theme.font("small")).horizontalAdvance("总库存 8,888 · 待付款 8,888") + 8
        )
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)
        right.addWidget(self.left_label)
        right.addWidget(self.left)
        right.addWidget(self.bar)
        right.addWidget(self.stock)
        right.addStretch(1)
        return side

    def show_state(self, room: RoomView, now: datetime) -> None:
        """The pinned product as it stands."""
        pinned = self._pinned = room.pinned
        self._confirmed = label(pinned.confirmed, room) if pinned.confirmed else ""
        product = room.products.get(pinned.wanted or pinned.confirmed or "")
        self._stack.setCurrentIndex(0 if product is None else 1)
        if product is None:
            return
        number = room.numbers.get(product.product_id)
        self.number.setText(t("{numbers} 号", numbers=number) if number is not None else "")
        self.number.set_tone("soft:accent")
        self.title.setText(product.title)
        self.picture.show_title(product.title)
        self.points.setText(" · ".join(points_of(product)))
        sales = room.sales_on(product.product_id)
        self._show_price(product, [sale for sale in sales if sale.status == "on_air"])
        self._show_left(product, sales)
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
        self.price_kind.setText(" · ".join(part for part in parts[:2] if part))
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
            self.final.setText(t("到手 {money} · 按已知优惠最低到手", money=yuan(low.fen)))
        self.final.set_tone("live" if under else "fg1")
        set_tip(self.final, cost_words.combination(low))

    def _show_left(self, product: ProductState, sales: list[CueState]) -> None:
        told = [sku.held for sku in product.skus if sku.held is not None]
        held = f"{sum(told):,}" if len(told) == len(product.skus) else "—"
        self.stock.setText(t("总库存 {n} · 待付款 {held}", n=f"{product.stock:,}", held=held))
        set_tip(self.stock, t("没有来源报订单") if held == "—" else "")
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
        self.left.show_as(left, whole, "live" if left == 0 else "fg0")
        self.bar.set_left(left, whole, tone)

    def set_low(self, low: bool) -> None:
        """In a low window the title has one line; the selling points and the shop's stock make room."""
        self._low = low
        self._fit_title()
        self.points.setVisible(not low)
        self.stock.setVisible(not low)
        self._column.setContentsMargins(14, 8 if low else 14, 14, 8 if low else 12)
        self._column.setSpacing(4 if low else 8)

    def _fit_title(self) -> None:
        """Two lines are kept for it where an ordinary title needs them, whatever the title of now."""
        taken = self.picture.sizeHint().width() + self._side.width() + self.number.sizeHint().width() + 76
        ordinary = QFontMetrics(self.title.font()).horizontalAdvance("字" * _TITLE)
        self.title.set_lines(1 if self._low or self.width() - taken >= ordinary else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where room is dear the picture goes first: it says least.
        self.picture.setVisible(self.width() > 5 * self.picture.sizeHint().width())
        self._fit_title()

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        spare = self.picture.sizeHint().width() + 16 if self.picture.isVisibleTo(self) else 0
        return QSize(least.width() - spare, least.height())

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
