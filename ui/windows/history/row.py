"""One broadcast in a row: laid out by one function, painted by another; tick and keys are widgets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import button, set_tip
from ui.widgets.picture import paint_picture, shelf
from ui.widgets.placed import PlacedText, paint_texts, placed
from ui.windows.history.facts import COLUMNS, RowFacts

HEIGHT: Final = 78
_TICK, _NAME = 16, 50
_TILE, _TILES_GAP = 40, 5
_WIDE: Final = (72, 118, 92, 92, 138)
_SLIM: Final = (66, 104, 82, 90, 114)
"""Of the figures, right-aligned."""
_KEYS: Final = 176
_KEYS_NARROW: Final = 96
"""There one key stands above the other."""
_BARS: Final = 150
_NARROW: Final = 1180
"""Under this two tiles, slimmer figures and bars; under the next no bars."""
_LEAST: Final = 985


@dataclass(frozen=True, slots=True)
class PastRowLayout:
    """Where everything of a row stands."""

    texts: tuple[PlacedText, ...]
    tiles: tuple[tuple[QRectF, str | None, str], ...]
    bars: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class RowColumns:
    """The left edges, and the right edges of the figures."""

    name: float
    name_wide: float
    tiles: float
    tile_count: int
    bars: float
    bars_wide: float
    figures: tuple[float, ...]
    widths: tuple[int, ...]


@lru_cache(maxsize=32)
def columns(width: int) -> RowColumns:
    """The same for the head and all rows."""
    narrow = width < _NARROW
    count = 2 if narrow else 4
    wide = float(0 if width < _LEAST else 70 if narrow else _BARS)
    widths = _SLIM if narrow else _WIDE
    right = float(width - (_KEYS_NARROW if narrow else _KEYS) - 24)
    edges = []
    for each in reversed(widths):
        edges.append(right)
        right -= each
    bars = right - wide - 6 if wide else right
    tiles = bars - 15 - count * (_TILE + _TILES_GAP) + _TILES_GAP
    return RowColumns(_NAME, tiles - 14 - _NAME, tiles, count, bars, wide, tuple(reversed(edges)), widths)


def lay_out(facts: RowFacts, width: int) -> PastRowLayout:
    """Everything that is painted, in a row of this width."""
    at = columns(width)
    texts = [
        placed(facts.title, QRectF(at.name, 18, at.name_wide, 22), "fg0", "heading"),
        placed(facts.when, QRectF(at.name, 41, at.name_wide, 18), "fg2", "small"),
    ]
    for edge, wide, figure in zip(at.figures, at.widths, facts.figures, strict=True):
        room = QRectF(edge - wide + 8, 18, wide - 8, 22)
        texts.append(placed(figure.value, room, figure.tone, "heading", right=True))
        room = QRectF(edge - wide + 8, 41, wide - 8, 18)
        if figure.doubted:
            chip = t("存疑")
            side = QFontMetrics(theme.font("small_strong")).horizontalAdvance(chip) + 10
            small = QFontMetrics(theme.font("small")).horizontalAdvance(figure.small) + 5
            if small + side > room.width():  # why is in the tip, and in the report
                small = 0
            texts.append(_chip(chip, QRectF(edge - small - side, 41, side, 18)))
            if not small:
                continue
            room.setLeft(edge - small + 1)
        texts.append(placed(figure.small, room, "fg2", "small", right=True))
    tiles = tuple(
        (QRectF(at.tiles + place * (_TILE + _TILES_GAP), (HEIGHT - _TILE) / 2, _TILE, _TILE), *picture)
        for place, picture in enumerate(facts.best[: at.tile_count])
    )
    return PastRowLayout(tuple(text for text in texts if text.text), tiles, _bars(facts, at))


def _bars(facts: RowFacts, at: RowColumns) -> tuple[QRectF, ...]:
    """Each row to its own highest; a minute without turnover keeps a hair."""
    if not facts.bars or not at.bars_wide:
        return ()
    each = at.bars_wide / len(facts.bars)
    high, foot = 34.0, HEIGHT / 2 + 17
    tall = [max(1.0, share * high) for share in facts.bars]
    return tuple(
        QRectF(at.bars + place * each, foot - up, max(1.0, each - 1), up) for place, up in enumerate(tall)
    )


def _chip(text: str, room: QRectF) -> PlacedText:
    return PlacedText(text, room, "warn", "small_strong", chip=True)


class PastRow(QWidget):
    """A broadcast. ``opened(number)``: its report is wanted; ``played(number)``: to look at it again;
    ``ticked(number, on)``: to compare it."""

    opened = Signal(int)
    played = Signal(int)
    ticked = Signal(int, bool)

    def __init__(self, facts: RowFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.facts = facts
        self.is_current = False
        self.tick = QCheckBox(self)
        self.tick.setAccessibleName(t("对比 {title}", title=facts.title))
        self.tick.setFixedSize(self.tick.minimumSizeHint())
        self.tick.toggled.connect(self._toggled)
        self.report = button(t("报告"))
        self.report.setParent(self)
        self.report.setAccessibleName(t("报告 {title}", title=facts.title))
        self.report.clicked.connect(lambda: self.opened.emit(self.facts.number))
        self.play = button(t("回看"), icon="play")
        self.play.setParent(self)
        self.play.setAccessibleName(t("回看 {title}", title=facts.title))
        self.play.clicked.connect(lambda: self.played.emit(self.facts.number))
        shelf().arrived.connect(self._arrived)
        self.show_facts(facts)

    def show_facts(self, facts: RowFacts) -> None:
        """The same broadcast, further on."""
        self.facts = facts
        self.tick.setEnabled(facts.closed)
        self.play.setEnabled(facts.closed)
        said = [facts.title, facts.when]
        for name, figure in zip(COLUMNS, facts.figures, strict=True):
            said.append(f"{t(name)} {figure.value} {figure.small}".strip())
        words = " · ".join(said)
        if words != self.accessibleName():
            self.setAccessibleName(words)
            set_tip(self, words)
        self.update()

    def set_current(self, current: bool) -> None:
        """The arrow keys stand here."""
        if current != self.is_current:
            self.is_current = current
            self.update()

    def layout_now(self) -> PastRowLayout:
        """What is painted, as data."""
        return lay_out(self.facts, self.width())

    def sizeHint(self) -> QSize:
        return QSize(940, HEIGHT)

    def _toggled(self, on: bool) -> None:
        self.ticked.emit(self.facts.number, on)
        self.update()

    def _arrived(self, sha: str) -> None:
        if any(image == sha for image, _ in self.facts.best):
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tick.setGeometry(_TICK, (HEIGHT - 22) // 2, 22, 22)
        first, second = self.report.sizeHint(), self.play.sizeHint()
        right = self.width() - 12
        if self.width() < _NARROW and not self.play.isHidden():
            high = (HEIGHT - 12) // 2
            for place, each in enumerate((self.report, self.play)):
                each.setGeometry(right - _KEYS_NARROW, 4 + place * (high + 4), _KEYS_NARROW, high)
            return
        middle = (HEIGHT - first.height()) // 2
        if not self.play.isHidden():
            self.play.setGeometry(right - second.width(), middle, second.width(), second.height())
            right -= second.width() + 8
        self.report.setGeometry(right - first.width(), middle, first.width(), first.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        placed = self.layout_now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens()
        if self.tick.isChecked():
            painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
        if self.is_current:
            painter.fillRect(QRectF(0, 0, 3, self.height()), theme.colour("accent"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        for room, image, title in placed.tiles:
            paint_picture(painter, room, image, title)
        for bar in placed.bars:
            painter.fillRect(bar, theme.colour("ok"))
        paint_texts(painter, placed.texts)
        painter.end()


class RowsHead(QWidget):
    """What the columns are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(32)

    def texts(self) -> tuple[PlacedText, ...]:
        """As data."""
        at = columns(self.width())
        best = t("卖得最好的 {n} 件", n=at.tile_count)
        wide = at.bars - at.tiles - 4
        found = [
            placed(t("场次"), QRectF(at.name, 0, at.name_wide, 32), "fg2", "small"),
            placed(best, QRectF(at.tiles, 0, wide, 32), "fg2", "small"),
        ]
        if at.bars_wide:
            found.append(placed(t("成交走势"), QRectF(at.bars, 0, at.bars_wide, 32), "fg2", "small"))
        for edge, width, name in zip(at.figures, at.widths, COLUMNS, strict=True):
            room = QRectF(edge - width + 8, 0, width - 8, 32)
            found.append(placed(t(name), room, "fg2", "small", right=True))
        return tuple(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_texts(painter, self.texts())
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        painter.end()
