"""What is ticked, in a line at the foot: a card of each broadcast with its best seller's picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from liveconsole.messages.broadcasts import PastBroadcast
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.widgets import PlainLabel, button
from ui.widgets.picture import paint_picture, shelf
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.windows.history import compare
from ui.windows.history.facts import duration, moment

_TILE: Final = 40.0
_SIDE: Final = 10.0


class TickedCard(PaintedBoard):
    """One of them."""

    def __init__(self, row: PastBroadcast, image: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = row.summary.number
        said, best = row.summary, row.card.best[0].title if row.card is not None and row.card.best else ""
        self._picture = image, best or said.title
        self._title = f"{said.title or t('没有名字的直播')} {moment(said.opened_at)[:5]}"
        gmv = "—" if said.gmv_fen is None else yuan_short(said.gmv_fen)
        paid = "—" if said.paid is None else t("{n} 单", n=f"{said.paid:,}")
        self._figures = f"{gmv} · {paid} · {duration(row)}"
        self.setAccessibleName(self._title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        shelf().arrived.connect(self._arrived)
        self.tell()

    def _arrived(self, sha: str) -> None:
        if sha == self._picture[0]:
            self.update()

    def placed_texts(self) -> tuple[PlacedText, ...]:
        left, strong, small = 2 * _SIDE + _TILE, float(line_high("strong")), float(line_high("small"))
        top, side = (self.height() - strong - small) / 2, self.width() - 3 * _SIDE - _TILE
        return (
            placed(self._title, QRectF(left, top, side, strong), "fg0", "strong"),
            placed(self._figures, QRectF(left, top + strong, side, small), "fg1", "small"),
        )

    def sizeHint(self) -> QSize:
        texts = max(wide(self._title, "strong"), wide(self._figures, "small"))
        high = max(_TILE, line_high("strong") + line_high("small")) + 12
        return QSize(round(texts + 3 * _SIDE + _TILE + 4), round(high))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("bg2"))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        paint_picture(
            painter, QRectF(_SIDE / 2 + 2, (self.height() - _TILE) / 2, _TILE, _TILE), *self._picture
        )
        paint_texts(painter, self.placed_texts())
        painter.end()


class CompareTray(QFrame):
    """There only while something is ticked. ``opened``: side by side; ``cleared``: 不比了."""

    opened = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self.count = PlainLabel("", role="strong")
        self.said = PlainLabel(t("存疑的数不进涨跌，只写「—」"), role="small", tone="fg1", elide=True)
        self.cards: list[TickedCard] = []
        self.none = button(t("不比了"))
        self.none.clicked.connect(self.cleared)
        self.open_compare = button(t("打开对比"), "primary")
        self.open_compare.clicked.connect(self.opened)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(10)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(14)
        row.addWidget(self.count)
        row.addLayout(self._cards, 4)
        row.addWidget(self.said, 1)
        row.addWidget(self.none)
        row.addWidget(self.open_compare)
        self.hide()

    def show_rows(self, rows: Sequence[PastBroadcast], images: Mapping[str, str | None]) -> None:
        """What is ticked now. ``images``: product → its picture."""
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for row in rows:
            best = row.card.best[0].product_id if row.card is not None and row.card.best else ""
            card = TickedCard(row, images.get(best))
            self._cards.addWidget(card)
            self.cards.append(card)
        self.count.setText(t("对比 {n} 场", n=len(rows)))
        self.open_compare.setEnabled(len(rows) >= compare.LEAST)
        self.setVisible(bool(rows))
