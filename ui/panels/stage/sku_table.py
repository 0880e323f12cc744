"""Stock a size: colours × sizes, as many units as can still be had of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.state import ProductState, SkuState
from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.widgets.cut import elided
from ui.widgets.plain import set_tip

FEW: Final = 3
"""So many or fewer are amber."""
MOST: Final = 5
"""Rows, and columns. Of more only the scarcest are shown."""
_HEIGHT: Final = 100
_GAP: Final = 3
_ROW: Final = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """One SKU in its place; ``left`` None: nobody makes that one."""

    words: str
    left: int | None


@dataclass(frozen=True, slots=True)
class StockTable:
    """``heads`` is empty where the SKUs lie along one axis, or are only the scarcest of many."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    more: int = 0
    """SKUs that are not shown."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What is painted where. ``look``: ``head``, ``row``, ``plain``, ``few`` or ``gone``."""

    text: str
    whole: str
    room: QRectF
    look: str

    @property
    def elided(self) -> bool:
        return self.text != self.whole


def left_of_sku(sku: SkuState) -> int:
    """Units that no order holds; where nobody reports orders, all that are there."""
    return max(0, sku.stock - (sku.held or 0))


def table_of(product: ProductState) -> StockTable | None:
    """The product's SKUs as a table; None where there is nothing to choose between."""
    if len(product.skus) < 2:
        return None
    axes = [axis.values for axis in product.axes]
    if len(axes) != 2 or max(map(len, axes)) > MOST:
        ranked = list(product.skus)
        if len(ranked) > MOST:
            ranked = sorted(ranked, key=left_of_sku)[:MOST]
        rows = tuple((_called(sku), (_cell(sku),)) for sku in ranked)
        return StockTable((), rows, len(product.skus) - len(ranked))
    at = {tuple(sku.values): _cell(sku) for sku in product.skus}
    down, across = axes
    return StockTable(
        tuple(across),
        tuple(
            (row, tuple(at.get((row, head)) or Cell(f"{row} {head}", None) for head in across))
            for row in down
        ),
    )


def scarcest(product: ProductState) -> tuple[str, int] | None:
    """The SKU of which fewest can still be had, of those that can; None where there is only one."""
    there = [sku for sku in product.skus if left_of_sku(sku)]
    if len(product.skus) < 2 or not there:
        return None
    sku = min(there, key=left_of_sku)
    return _called(sku), left_of_sku(sku)


def _called(sku: SkuState) -> str:
    return clean(" ".join(sku.values) or sku.title)


def _cell(sku: SkuState) -> Cell:
    return Cell(_called(sku), left_of_sku(sku))


def lay_out(table: StockTable, width: int, height: int, metrics: QFontMetrics) -> list[Placed]:
    """Where each text of the table stands in so much room."""
    line = metrics.height()
    top = float(line + 1 if table.heads else 0)
    rows = len(table.rows)
    high = min(_ROW * line / 17, (height - top + _GAP) / rows - _GAP)
    columns = max(len(cells) for _row, cells in table.rows)
    number = metrics.horizontalAdvance("888") + 10
    names = max(metrics.horizontalAdvance(clean(row)) for row, _cells in table.rows) + 8
    least = max(number, metrics.horizontalAdvance(t("售罄")) + 4) if not table.heads else number - 4
    first = float(min(names, width - columns * (least + _GAP)))
    wide = (width - first - _GAP * (columns - 1)) / columns
    if not table.heads:
        wide = float(least + 16)
        first = width - wide
    placed: list[Placed] = []

    def put(text: str, room: QRectF, look: str) -> None:
        shown = elided(text, metrics, int(room.width()) + 1)
        placed.append(Placed(shown, text, room, look))

    for at, head in enumerate(table.heads):
        put(clean(head), QRectF(first + at * (wide + _GAP), 0, wide, line), "head")
    for down, (row, cells) in enumerate(table.rows):
        y = top + down * (high + _GAP)
        put(clean(row), QRectF(0, y, first - 6, high), "row")
        for at, cell in enumerate(cells):
            if cell.left is not None:
                look = "gone" if not cell.left else "few" if cell.left <= FEW else "plain"
                # In a narrow place the figure says what the word would.
                room = metrics.horizontalAdvance(t("售罄")) <= wide - 4 and high >= line - 2
                gone = t("售罄") if room else "0"
                words = f"{cell.left:,}" if cell.left else gone
                put(words, QRectF(first + at * (wide + _GAP), y, wide, high), look)
    return placed


class SkuTable(QWidget):
    """Always as high, whatever product is pinned: what stands below it does not stir."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: StockTable | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_table(self, table: StockTable) -> None:
        """Another product, or other figures."""
        if table != self._table:
            self._table = table
            self.setAccessibleName(t("各规格还剩多少"))
            self.setAccessibleDescription(t("；").join(_said(cells) for _row, cells in table.rows))
            self._show_tip()
            self.update()

    def placed(self) -> list[Placed]:
        """What is painted at the present size."""
        if self._table is None:
            return []
        return lay_out(self._table, self.width(), self.height(), QFontMetrics(theme.font("small_strong")))

    def _show_tip(self) -> None:
        cut = any(each.elided for each in self.placed())
        set_tip(self, self.accessibleDescription() if cut else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tip()

    def sizeHint(self) -> QSize:
        return QSize(200, round(_HEIGHT * theme.text_scale()))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        few, few_ink = theme.soft(tokens, "warn")
        for each in self.placed():
            ground = {"plain": tokens.bg3, "few": few}.get(each.look)
            ink = {"head": tokens.fg1, "row": tokens.fg1, "gone": tokens.fg1, "few": few_ink}
            room = each.room.adjusted(0.5, 0.5, -0.5, -0.5)
            if ground is not None or each.look == "gone":
                dashed = QPen(theme.colour(tokens.fg2), 1, Qt.PenStyle.DashLine)
                painter.setPen(dashed if ground is None else Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(ground) if ground is not None else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(room, 4, 4)
            painter.setFont(theme.font("small_strong" if each.look in ("plain", "few") else "small"))
            painter.setPen(theme.colour(ink.get(each.look, tokens.fg0)))
            side = Qt.AlignmentFlag.AlignLeft if each.look == "row" else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(each.room, side | Qt.AlignmentFlag.AlignVCenter, each.text)
        painter.end()


def _said(cells: Sequence[Cell]) -> str:
    told = [(cell.words, cell.left) for cell in cells if cell.left is not None]
    return t("，").join(f"{words} {left}" if left else f"{words} {t('售罄')}" for words, left in told)
