"""The two lines at the top: on air and the clocks; the product with its price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.shop import ShopFace
from liveconsole.messages.state import MeasuredState
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.widgets.picture import ProductPicture
from ui.widgets.shop_mark import ShopMark, ink_of
from ui.widgets.when import clock, countdown, long_clock
from ui.windows.host.facts import Air, BroadcastTimes, OnStage, RunningPromotion
from ui.windows.host.large import LargeLabel, LargeSign
from ui.words.goods import read_words

_LOGO = 34


class LabelledTime(QWidget):
    """A quiet word and a time."""

    def __init__(self, word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.word = LargeLabel(word, px=25, tone="fg2")
        self.time = LargeLabel("", px=30, bold=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.word)
        row.addWidget(self.time)
        self.hide()

    def show_time(self, word: str, time: str, tone: str = "fg0") -> None:
        """Show another; an empty time takes the whole away."""
        self.word.setText(word)
        self.time.setText(time)
        self.time.set_tone(tone)
        self.setAccessibleName(f"{word} {time}")
        self.setVisible(bool(time))


class HostTopBar(QWidget):
    """Her shop, on air or not, how long, how long on this product, ahead or behind, and what is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = ShopFace()
        self.shop = ShopMark(_LOGO)
        self.shop_name = LargeLabel("", px=25, bold=True, elide=True)
        self.shop_name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_shop(ShopFace())
        self.air = LargeSign()
        self.on_air, self.spent, self.plan = LabelledTime(), LabelledTime(), LabelledTime()
        self.running = LabelledTime()
        self._running: RunningPromotion | None = None
        self.wrong = LargeLabel(
            "", px=25, least=22, bold=True, tone="warn", align=Qt.AlignmentFlag.AlignRight
        )
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(28)
        shop = QHBoxLayout()
        shop.setSpacing(10)
        shop.addWidget(self.shop)
        shop.addWidget(self.shop_name)
        self.row.addWidget(self.air)
        self.row.addLayout(shop)
        for each in (self.on_air, self.spent, self.plan):
            self.row.addWidget(each)
        self.row.addWidget(self.wrong, 1)
        self.row.addWidget(self.running)

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self.shop.set_side(round(_LOGO * scale))

    def show_shop(self, face: ShopFace) -> None:
        """Her shop's logo and name; without a face nothing stands there."""
        self._face = face
        self.shop.show_face(face)
        self.shop.setVisible(not face.is_blank)
        self.shop_name.setText(face.name)
        self.shop_name.setVisible(bool(face.name))
        self._ink()

    def _ink(self) -> None:
        self.shop_name.set_tone(ink_of(self._face, theme.tokens().bg0, "fg1"))

    def remeasure(self) -> None:
        """On another theme's ground another shade is read."""
        self._ink()

    def show_air(self, air: Air, *, is_open: bool) -> None:
        """A rehearsal is amber whatever else is true; 直播中 is said of a real broadcast only."""
        word, tone = {
            "live": (t("直播中"), "live"),
            "rehearsal": (t("排练中") if is_open else t("排练"), "warn"),
            "off": (t("未开播"), "fg1"),
            "over": (t("已下播"), "fg1"),
        }[air]
        self.air.setText(word)
        self.air.set_tone(tone)
        self.air.setAccessibleName(word)

    def show_running(self, running: Sequence[RunningPromotion], now: datetime) -> None:
        """The clock that ends first of what runs, while its ring is covered."""
        timed = [each for each in running if each.ends is not None]
        self._running = min(timed, key=lambda each: each.ends or now, default=None)
        self.tick_running(now)

    def tick_running(self, now: datetime) -> None:
        """It runs down."""
        one = self._running
        if one is None or one.ends is None:
            self.running.show_time("", "")
        else:
            left = countdown((one.ends - now).total_seconds())
            words = one.waits or t("{kind}还剩", kind=one.name)
            self.running.show_time(words, left, kind_of(one.kind).TONE)

    def show_times(self, times: BroadcastTimes) -> None:
        """The clocks of now."""
        self.on_air.show_time(t("已播"), long_clock(times.on_air) if times.on_air is not None else "")
        spent = clock(times.spent) if times.spent is not None else ""
        self.spent.show_time(t("本品已讲"), spent, "warn" if times.over else "fg0")
        if times.ahead is None:
            self.plan.show_time("", "")
        elif times.ahead < 0:
            self.plan.show_time(t("全场落后"), clock(-times.ahead), "warn")
        else:
            self.plan.show_time(t("全场领先"), clock(times.ahead), "ok")

    def show_wrong(self, words: str, tone: str) -> None:
        """What is wrong; ``""`` when nothing is."""
        self.wrong.setText(words)
        self.wrong.set_tone(tone)


_PICTURE = 104
_GAP = 12
"""Half of what lies between picture, words and prices."""


class StageHeading(QWidget):
    """The product on stage: number, title, price, and under them what she says next to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_words = ""
        self._reading: MeasuredState | None = None
        self._explained = False
        self.picture = ProductPicture(_PICTURE)
        self.number = LargeLabel("", px=44, bold=True)
        self.title = LargeLabel("", px=44, least=32, bold=True)
        self.price = LargeLabel("", px=76, bold=True, align=Qt.AlignmentFlag.AlignRight)
        self.dearer = LargeLabel("", px=30, tone="fg1")
        self.left_word = LargeLabel("", px=25, tone="fg1")
        self.left = LargeLabel("", px=34, bold=True)
        self.rest = LargeLabel("", px=25, tone="fg1", elide=True)
        self.final = LargeLabel("", px=30, bold=True, tone="warn")
        self.before = LargeLabel("", px=25, tone="fg2", struck=True)
        self.lowest = LargeLabel("", px=25, tone="fg2")
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.number)
        top.addWidget(self.title, 1)
        under = QHBoxLayout()
        under.setSpacing(12)
        under.addWidget(self.left_word)
        under.addWidget(self.left)
        under.addWidget(self.rest, 1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addLayout(top)
        words.addLayout(under)
        money = QHBoxLayout()
        money.setSpacing(6)
        money.addStretch(1)
        money.addWidget(self.price)
        money.addWidget(self.dearer, 0, Qt.AlignmentFlag.AlignBottom)
        prices = QHBoxLayout()
        prices.setSpacing(16)
        prices.addStretch(1)
        prices.addWidget(self.final)
        prices.addWidget(self.before)
        prices.addWidget(self.lowest)
        self._money = QWidget()
        right = QVBoxLayout(self._money)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(money)
        right.addLayout(prices)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._money)

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self.picture.set_side(round(_PICTURE * scale))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The picture gives its room to a title that is whole only without it."""
        gaps = 2 * _GAP * self.picture.width() // _PICTURE
        number = self.number.sizeHint().width() + gaps if not self.number.isHidden() else 0
        room = self.width() - self._money.sizeHint().width() - gaps - number
        wants = self.title.least_width()
        dear = room - self.picture.width() - gaps < wants <= room
        self.picture.setVisible(self._explained and not dear)

    def show_product(self, product: OnStage | None, *, more: bool) -> None:
        """Another product, or the same one sold further; None: nothing is explained.

        ``more``: there is a next one.
        """
        self.number.set_tone("soft:accent")
        self._explained = product is not None
        if product is None:
            self._reading = None
            for each in (self.price, self.final, self.before, self.lowest):
                each.setText("")
            for each in (self.number, self.dearer, self.left_word, self.left):
                each.hide()
            self.title.setText(t("没有在讲解的商品"))
            self.title.set_tone("fg2")
            self.rest.setText(t("按 PgDn 讲下一品") if more else "")
            self.rest.set_tone("fg2")
            self.setAccessibleName(self.title.text())
            self._fit()
            return
        self.picture.show_product(product.image, product.title)
        number = product.number
        self.number.setText(t("{n} 号", n=number) if number is not None else "")
        self.number.setVisible(number is not None)
        self.title.setText(product.title)
        self.title.set_tone("fg0")
        gone = product.sold_out
        self.price.setText(t("已售罄") if gone else yuan_short(product.price_fen))
        self.price.set_tone("live" if gone else "flash" if product.sale else "fg0")
        self.dearer.setText(t("起"))
        self.dearer.setVisible(product.dearer and not gone)
        before = yuan_short(product.before_fen) if product.before_fen is not None and not gone else ""
        words = t("日常价 {money}", money=before) if product.sale else t("划线价 {money}", money=before)
        self.before.setText(words if before else "")
        low = None if gone else product.lowest_7d_fen
        self.lowest.setText(t("七日最低 {money}", money=yuan_short(low)) if low is not None else "")
        final = None if gone else product.final_fen
        self.final.setText(t("最低到手 {money}", money=yuan_short(final)) if final is not None else "")
        self._show_left(product)
        self._fit()
        self.setAccessibleName(
            " ".join(
                each.text()
                for each in (self.number, self.title, self.price, self.final, self.left_word, self.left)
                if each.text()
            )
        )

    def tick(self, now: datetime) -> None:
        """Move the age of a figure that somebody read off the platform."""
        if self._reading is not None:
            self.left_word.setText(f"{self._left_words} · {read_words(self._reading, now)}")

    def _show_left(self, product: OnStage) -> None:
        self._reading = product.reading
        if product.left is None:
            self.left_word.setText(t("秒杀余量 · 平台没有报") if product.sale else "")
            self.left.setText("")
        else:
            self._left_words = t("秒杀还剩") if product.sale else t("库存")
            self.left_word.setText(self._left_words)
            self.left.setText(f"{product.left:,}")
        for each in (self.left_word, self.left):
            each.setVisible(bool(each.text()))
        scarce = product.left is not None and product.left * 5 <= product.whole
        tone = "live" if product.left == 0 else "flash" if product.sale else "warn" if scarce else "fg0"
        self.left.set_tone(tone)
        said = [f"/ {product.whole:,}"] if product.sale and product.left is not None else []
        if product.per_buyer:
            said.append(t("每人 {n} 件", n=product.per_buyer))
        if product.points:
            said.append(product.points)
        self.rest.setText(product.doubt or " · ".join(said))
        self.rest.set_tone("warn" if product.doubt else "fg1")
