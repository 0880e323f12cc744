"""What is pinned, at what price, and how much of it is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from liveconsole.views.money import yuan
from ui import theme
from ui.i18n import t
from ui.widgets import Bar, Chip, EmptyState, Fraction, Money, PlainLabel, set_tip
from ui.widgets.when import age
from ui.words import costs as cost_words
from ui.words.goods import RUNNING, Goods, sale_skus

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
        self._pinned: Mapping[str, Any] = {}
        self._goods: Goods | None = None
        self._told_at: datetime | None = None
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

        side = self._side = QWidget()
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

        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle, 1)
        row.addWidget(side)
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

    def show_state(self, state: Mapping[str, Any], goods: Goods, now: datetime) -> None:
        """The pinned product as it stands."""
        self._pinned, self._goods, self._told_at = state["pinned"], goods, now
        product_id = self._pinned.get("wanted") or self._pinned.get("confirmed")
        product = goods.products.get(product_id) if product_id else None
        self._stack.setCurrentIndex(0 if product is None else 1)
        if product is None or product_id is None:
            return
        number = goods.numbers.get(product_id)
        self.number.setText(t("{numbers} 号", numbers=number) if number is not None else "")
        self.number.set_tone("soft:accent")
        self.title.setText(product["title"])
        self.picture.show_title(product["title"])
        points = product.get("points") or ""
        self.points.setText(points if isinstance(points, str) else " · ".join(map(str, points)))
        sales = goods.cues_on(product_id, "flash_sale", RUNNING)
        self._show_price(product, sales)
        self._show_left(product, sales)
        self.tick(now)

    def _show_price(self, product: Mapping[str, Any], sales: list[Mapping[str, Any]]) -> None:
        assert self._goods is not None
        on_air = [sale for sale in sales if sale["status"] == "on_air"]
        skus = {sku["sku_id"] for sku in product["skus"]}
        prices = [s["price_fen"] for sale in on_air for s in sale_skus(sale["spec"]) if s["sku_id"] in skus]
        if prices:
            self.price.set_fen(min(prices))
            self.price.set_tone("flash")
            self.before.set_fen(product["price_fen"])
            self.before.setVisible(product["price_fen"] > min(prices))
            self.price_kind.setText(t("秒杀价 · 划线为日常价"))
        else:
            listed = product.get("list_price_fen")
            self.price.set_fen(product["price_fen"])
            self.price.set_tone("fg0")
            self.before.set_fen(listed)
            self.before.setVisible(bool(listed) and listed > product["price_fen"])
            self.price_kind.setText(t("日常价"))
        self._show_lowest(on_air)

    def _show_lowest(self, on_air: list[Mapping[str, Any]]) -> None:
        """What a buyer can come to while it runs; a coupon added since may have undercut the floor."""
        told = [sale for sale in on_air if sale.get("lowest_fen") is not None]
        if not told:
            self.final.setText("")
            return
        sale = min(told, key=lambda sale: int(sale["lowest_fen"]))
        low, fen = sale.get("lowest") or {}, int(sale["lowest_fen"])
        floor = low.get("floor_fen")
        under = floor is not None and fen < floor
        if floor is not None and under:
            self.final.setText(t("最低到手 {money}，低于底价 {floor}", money=yuan(fen), floor=yuan(floor)))
        else:
            self.final.setText(t("到手 {money} · 按已知优惠最低到手", money=yuan(fen)))
        self.final.set_tone("live" if under else "fg1")
        set_tip(self.final, cost_words.combination(low))

    def _show_left(self, product: Mapping[str, Any], sales: list[Mapping[str, Any]]) -> None:
        held = sum(sku.get("held") or 0 for sku in product["skus"])
        stock, available = product["stock"], product.get("available")
        self.stock.setText(t("总库存 {n} · 待付款 {held}", n=f"{stock:,}", held=f"{held:,}"))
        if sales:
            whole = sum(sku["quantity"] for sale in sales for sku in sale_skus(sale["spec"]))
            lefts = [sale.get("left") for sale in sales]
            left = None if None in lefts else sum(n for n in lefts if n is not None)
            self.left_label.setText(t("秒杀余量") if left is not None else t("秒杀余量 · 平台没有报"))
            tone = "flash"
        else:
            whole, left, tone = stock, available, "accent"
            self.left_label.setText(t("可售库存"))
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
        if self._goods is None or self._told_at is None:
            return
        wanted, confirmed = self._pinned.get("wanted"), self._pinned.get("confirmed")
        known = self._pinned.get("age")
        ago = "" if known is None else age(known + max(0.0, (now - self._told_at).total_seconds()))
        if wanted == confirmed:
            self.said.show_as(
                t("讲解中 · {ago}前确认", ago=ago) if ago else t("讲解中"), "accent", icon="kind-pin"
            )
        elif confirmed is None:
            self.said.show_as(t("等平台开始讲解"), "warn", loud=True, icon="clock")
        elif wanted is None:
            label = self._goods.label(confirmed)
            self.said.show_as(t("等平台结束讲解 {label}", label=label), "warn", loud=True, icon="clock")
        else:
            label = self._goods.label(confirmed)
            words = t("观众看到的还是 {label} · {ago}前确认", label=label, ago=ago or "?")
            self.said.show_as(words, "warn", loud=True, icon="warn")
