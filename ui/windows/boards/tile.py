"""One figure of a board: what it is, from where and how old, the last ten minutes against those before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import BoardWhy, Tile
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.widgets.plain import break_lines
from ui.words import boards as words

_SIDE: Final = 13
_WHY_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class TileLayout:
    """Texts; bars as (track, share of it, tone)."""

    texts: tuple[PlacedText, ...]
    bars: tuple[tuple[QRectF, float, str], ...]


def tile_height(tiles: Iterable[Tile] = ()) -> int:
    """The same for all that stand beside each other, at this size of type; without ten minutes to compare
    and without anything to say about an unknown one they are lower."""
    tiles = list(tiles)
    high = 24 + line_high("strong") + line_high("stock")
    lines = max((_lines_under(tile) for tile in tiles), default=2)
    return high + lines * (line_high("small") + 4)


def _lines_under(tile: Tile) -> int:
    if tile.value is None or tile.last is not None or tile.before is not None:
        return 2
    return 1 if tile.reference is not None or tile.why is not None else 0


def lay_out(tile: Tile, now: datetime, width: int) -> TileLayout:
    """Everything that is painted, in a tile of this width."""
    inner = float(width - 2 * _SIDE)
    name, top = words.name_words(tile.name), 10.0
    high = float(line_high("strong"))
    name_wide = min(inner, wide(name, "strong") + 2)
    texts = [placed(name, QRectF(_SIDE, top, name_wide, high), "fg0", "strong")]
    room = QRectF(_SIDE + name_wide + 8, top, max(0.0, inner - name_wide - 8), high)
    texts.append(placed(_source(tile, now), room, "fg2", "small", right=True))
    top += high + 2
    if tile.value is None:
        return TileLayout(tuple(texts + _unknown(tile, top, inner)), ())
    shown = _value(tile, top, inner)
    top += line_high("stock") + 4
    bars: list[tuple[QRectF, float, str]] = []
    if tile.last is not None or tile.before is not None:
        bars, said = _bars(tile, top, inner)
        shown += said
    elif tile.why is not None:
        shown += _lines(words.why_words(tile.why), top, inner, "warn")
    elif tile.reference is not None:
        said_of = t("参考 {value}", value=words.number(tile.reference, tile.unit))
        shown.append(placed(said_of, QRectF(_SIDE, top, inner, line_high("small")), "fg2", "small"))
    return TileLayout(tuple(text for text in (*texts, *shown) if text.text), tuple(bars))


def _source(tile: Tile, now: datetime) -> str:
    if tile.value is None:
        return t("没有来源")
    source = words.source_words(tile.source)
    age = words.ago(tile.at, now)
    return f"{source} · {age}" if age else source


def _value(tile: Tile, top: float, inner: float) -> list[PlacedText]:
    """The large number, a small count beside it, and the change of the last ten minutes."""
    value, high = words.big(tile.value, tile.unit), float(line_high("stock"))
    change = words.change_words(tile.change)
    label = t("近 10 分") if change else ""
    side = float(max(wide(label, "small"), wide(change, "small_strong")) + 2) if change else 0.0
    most = inner - side - (8 if side else 0)
    role = next((role for role in ("stock", "product", "kpi") if wide(value, role) <= most), "heading")
    took = min(most, float(wide(value, role) + 2))
    found = [placed(value, QRectF(_SIDE, top, took, high), "fg0", role)]
    if tile.beside is not None:
        beside = words.counted(tile.beside, tile.beside_unit)
        left = most - took - 6
        if wide(beside, "small") <= left:
            found.append(placed(beside, QRectF(_SIDE + took + 6, top + 3, left, high), "fg1", "small"))
    if change:
        half = float(line_high("small"))
        edge = _SIDE + inner - side
        over = max(0.0, (high - 2 * half) / 2)
        found.append(placed(label, QRectF(edge, top + over, side, half), "fg2", "small", right=True))
        tone = words.change_tone(tile.change, tile.bad_when)
        room = QRectF(edge, top + over + half, side, half)
        found.append(placed(change, room, tone, "small_strong", right=True))
    return found


def _bars(tile: Tile, top: float, inner: float) -> tuple[list[tuple[QRectF, float, str]], list[PlacedText]]:
    rows = ((t("近 10 分"), tile.last, _tone(tile)), (t("前 10 分"), tile.before, "fg2"))
    shown = [words.number(value, tile.unit) for _, value, _ in rows]
    if tile.name == "online":
        shown = [t("均 {n}", n=each) for each in shown]
    names = max(wide(name, "small") for name, _, _ in rows) + 8.0
    values = min(inner - names - 30, max(wide(each, "small_strong") for each in shown) + 8.0)
    most = max((abs(value) for _, value, _ in rows if value is not None), default=0)
    high, bars, texts = float(line_high("small")), [], []
    for place, ((name, value, tone), said) in enumerate(zip(rows, shown, strict=True)):
        at = top + place * (high + 2)
        texts.append(placed(name, QRectF(_SIDE, at, names, high), "fg2", "small"))
        room = QRectF(_SIDE + inner - values, at, values, high)
        texts.append(placed(said, room, "fg0", "small_strong", right=True))
        track = QRectF(_SIDE + names, at + high / 2 - 3, max(0.0, inner - names - values - 4), 6)
        if value is not None:
            bars.append((track, abs(value) / most if most else 0.0, tone))
    return bars, texts


def _tone(tile: Tile) -> str:
    return "live" if tile.bad_when == "rises" else "ok"


def _unknown(tile: Tile, top: float, inner: float) -> list[PlacedText]:
    high = float(line_high("kpi"))
    found = [placed("—", QRectF(_SIDE, top, inner, high), "fg1", "kpi")]
    said = words.why_words(tile.why or BoardWhy("no_source"))
    if tile.typed:
        said = t("{why}，点这里抄一个数进来", why=said)
    return found + _lines(said, top + high + 2, inner, "fg1")


def _lines(said: str, top: float, inner: float, tone: str) -> list[PlacedText]:
    high = float(line_high("small"))
    pieces = break_lines(said, theme.font("small"), int(inner), _WHY_LINES)
    found = []
    for place, piece in enumerate(pieces):
        room = QRectF(_SIDE, top + place * high, inner, high)
        cut = piece.endswith("…") and not said.endswith("…")
        found.append(PlacedText(piece, room, tone, "small", elided=cut, whole=said if not place else ""))
    return found


class TileCard(PaintedBoard):
    """``typing_asked(name)``: a person wants to supply what no source tells."""

    typing_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile: Tile | None = None
        self._now = datetime.min.replace(tzinfo=UTC)
        self._kept: tuple[object, TileLayout] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tile(self, tile: Tile, now: datetime) -> None:
        """What it is now; ``now`` by the engine's clock."""
        self.tile, self._now, self._kept = tile, now, None
        types = bool(tile.typed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if types else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if types else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(words.name_words(tile.name))
        self.tell()

    def layout_now(self) -> TileLayout:
        """What is painted, as data."""
        if self.tile is None:
            return TileLayout((), ())
        of = (self.width(), theme.text_scale())
        if self._kept is None or self._kept[0] != of:
            self._kept = of, lay_out(self.tile, self._now, self.width())
        return self._kept[1]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        return self.layout_now().texts

    def tip_at(self, at: QPoint) -> str:
        if found := super().tip_at(at):
            return found
        tile = self.tile
        return words.why_words(tile.why) if tile is not None and tile.value is None else ""

    def sizeHint(self) -> QSize:
        return QSize(round(224 * theme.text_scale()), self.height_for_text())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(150 * theme.text_scale()), self.height_for_text())

    def height_for_text(self) -> int:
        """As high as what it writes."""
        return tile_height([self.tile] if self.tile is not None else [])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._ask()

    def _ask(self) -> None:
        if self.tile is not None and self.tile.typed:
            self.typing_asked.emit(self.tile.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        found, tile = self.layout_now(), self.tile
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unknown = tile is not None and tile.value is None
        pen = QPen(theme.colour("accent" if self.hasFocus() else "line"), 1)
        if unknown and not self.hasFocus():
            pen.setColor(theme.colour(theme.mix(theme.tokens().line, theme.tokens().fg2, 0.4)))
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.colour("bg1"))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        for track, share, tone in found.bars:
            painter.setBrush(theme.colour(tone))
            done = QRectF(track.left(), track.top(), max(3.0, track.width() * share), track.height())
            painter.drawRoundedRect(done, 3, 3)
        paint_texts(painter, found.texts)
        painter.end()
