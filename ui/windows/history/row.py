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

_ABOVE, _BELOW = 18, 20
"""Pixels over the two lines of a row, and under them."""
_LINES: Final = (22, 18)
"""Pixels of each line at the usual size of type."""
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
"""Under this two tiles, slimmer figures and bars; under the next no bars. Both at the usual size of type."""
_LEAST: Final = 985
_NAME_LEAST: Final = 150
"""Where the name would have less, tiles go, and then figures, which stand in the row's tip."""
_GIVE_WAY: Final = (0, 3, 4)
"""Figures by their place, the first to go first: turnover and orders stay."""


def row_high() -> int:
    """Return the height of a row at this size of type."""
    return _ABOVE + sum(_lines()) + _BELOW


def head_high() -> int:
    """Return the height of the line over the rows, and of a month's."""
    return round(32 * theme.text_scale())


def _lines() -> tuple[int, int]:
    first, second = _LINES
    return round(first * theme.text_scale()), round(second * theme.text_scale())


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
    widths: tuple[float, ...]
    shown: tuple[int, ...]
    """Which figures, by their place."""


@lru_cache(maxsize=32)
def columns(width: int, scale: float) -> RowColumns:
    """The same for the head and all rows. ``scale``: of the size of type."""
    narrow = width < _NARROW * scale
    count = 2 if narrow else 4
    wide = float(0 if width < _LEAST * scale else 70 if narrow else _BARS)
    keys = (_KEYS_NARROW if narrow else _KEYS) * scale
    shown = tuple(range(len(_WIDE)))
    found = _columns(width - keys - 24, scale, shown, count, wide, narrow=narrow)
    for gone in (None, *_GIVE_WAY):
        if found.name_wide >= _NAME_LEAST * scale:
            break
        shown = tuple(each for each in shown if each != gone)
        found = _columns(width - keys - 24, scale, shown, 0, wide, narrow=narrow)
    return found


def _columns(
    right: float, scale: float, shown: tuple[int, ...], count: int, bars_wide: float, *, narrow: bool
) -> RowColumns:
    widths = tuple((_SLIM if narrow else _WIDE)[each] * scale for each in shown)
    edges = []
    for each in reversed(widths):
        edges.append(right)
        right -= each
    bars = right - bars_wide - 6 if bars_wide else right
    tiles = bars - 15 - count * (_TILE + _TILES_GAP) + _TILES_GAP if count else bars
    name_wide = tiles - 14 - _NAME
    return RowColumns(_NAME, name_wide, tiles, count, bars, bars_wide, tuple(reversed(edges)), widths, shown)


def lay_out(facts: RowFacts, width: int) -> PastRowLayout:
    """Everything that is painted, in a row of this width."""
    at, high = columns(width, theme.text_scale()), row_high()
    upper, lower = _lines()
    below = _ABOVE + upper + 1
    texts = [
        placed(facts.title, QRectF(at.name, _ABOVE, at.name_wide, upper), "fg0", "heading"),
        placed(facts.when, QRectF(at.name, below, at.name_wide, lower), "fg2", "small"),
    ]
    figures = [facts.figures[each] for each in at.shown]
    for edge, wide, figure in zip(at.figures, at.widths, figures, strict=True):
        room = QRectF(edge - wide + 8, _ABOVE, wide - 8, upper)
        texts.append(placed(figure.value, room, figure.tone, "heading", right=True))
        room = QRectF(edge - wide + 8, below, wide - 8, lower)
        if figure.doubted:
            chip = t("存疑")
            side = QFontMetrics(theme.font("small_strong")).horizontalAdvance(chip) + 10
            small = QFontMetrics(theme.font("small")).horizontalAdvance(figure.small) + 5
            if small + side > room.width():  # why is in the tip, and in the report
                small = 0
            texts.append(_chip(chip, QRectF(edge - small - side, below, side, lower)))
            if not small:
                continue
            room.setLeft(edge - small + 1)
        texts.append(placed(figure.small, room, "fg2", "small", right=True))
    tiles = tuple(
        (QRectF(at.tiles + place * (_TILE + _TILES_GAP), (high - _TILE) / 2, _TILE, _TILE), *picture)
        for place, picture in enumerate(facts.best[: at.tile_count])
    )
    return PastRowLayout(tuple(text for text in texts if text.text), tiles, _bars(facts, at))


def _bars(facts: RowFacts, at: RowColumns) -> tuple[QRectF, ...]:
    """Each row to its own highest; a minute without turnover keeps a hair."""
    if not facts.bars or not at.bars_wide:
        return ()
    each = at.bars_wide / len(facts.bars)
    high, foot = 34.0, row_high() / 2 + 17
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
        self.setFixedHeight(row_high())
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
        return QSize(940, row_high())

    def _toggled(self, on: bool) -> None:
        self.ticked.emit(self.facts.number, on)
        self.update()

    def _arrived(self, sha: str) -> None:
        if any(image == sha for image, _ in self.facts.best):
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tick.setGeometry(_TICK, (self.height() - 22) // 2, 22, 22)
        first, second = self.report.sizeHint(), self.play.sizeHint()
        right = self.width() - 12
        scale = theme.text_scale()
        if self.width() < _NARROW * scale and not self.play.isHidden():
            high, wide = (self.height() - 12) // 2, round(_KEYS_NARROW * scale)
            for place, each in enumerate((self.report, self.play)):
                each.setGeometry(right - wide, 4 + place * (high + 4), wide, high)
            return
        middle = (self.height() - first.height()) // 2
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
        self.setFixedHeight(head_high())

    def texts(self) -> tuple[PlacedText, ...]:
        """As data."""
        at, high = columns(self.width(), theme.text_scale()), self.height()
        found = [placed(t("场次"), QRectF(at.name, 0, at.name_wide, high), "fg2", "small")]
        if at.tile_count:
            best = t("卖得最好的 {n} 件", n=at.tile_count)
            found.append(placed(best, QRectF(at.tiles, 0, at.bars - at.tiles - 4, high), "fg2", "small"))
        if at.bars_wide:
            found.append(placed(t("成交走势"), QRectF(at.bars, 0, at.bars_wide, high), "fg2", "small"))
        for edge, width, each in zip(at.figures, at.widths, at.shown, strict=True):
            room = QRectF(edge - width + 8, 0, width - 8, high)
            found.append(placed(t(COLUMNS[each]), room, "fg2", "small", right=True))
        return tuple(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_texts(painter, self.texts())
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        painter.end()
