"""A table that is painted: a head that stays, rows of one height, columns that go where there is no room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.boards import Number
from ui import theme
from ui.clean import clean
from ui.widgets.picture import paint_picture, shelf
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide

_SIDE: Final = 14.0
_GAP: Final = 18.0
_PICTURE: Final = 26.0
_WIDEST: Final = 260.0
_PICTURED: Final = 110.0
"""What stands beside the words of a first cell, and air."""
_FIRST: Final = 170
"""Pixels at text scale 1 that the first column is to have; columns go for it."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``gives``: which goes first where there is no room, the highest first; 0 stays."""

    name: str
    right: bool = True
    gives: int = 0


@dataclass(frozen=True, slots=True)
class TableCell:
    """One value in words; ``value`` and ``unit`` where it is a number that is known."""

    text: str
    tone: str = "fg0"
    role: str = "base"
    value: Number | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row. ``picture``: of a product before its title, None where the table has none; ``lit``: it is now;
    ``chip`` stands behind the first cell."""

    cells: tuple[TableCell, ...]
    picture: tuple[str | None, str] | None = None
    lit: bool = False
    chip: str = ""


@dataclass(frozen=True, slots=True)
class BoardTable:
    """A whole table, to be painted. ``more``: rows that are not in it."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableLine, ...] = field(default=())
    note: str = ""
    under: str = ""
    more: int = 0


def row_high() -> float:
    """Pixels of a row at this size of type."""
    return max(_PICTURE, float(line_high("base"))) + 13


def head_high() -> float:
    """Pixels of the names of the columns."""
    return float(line_high("small")) + 12


class _Grid:
    """Which columns there are in a width, and their edges."""

    def __init__(self, table: BoardTable, width: float) -> None:
        sizes = [float(_needs(table, n)) for n in range(len(table.columns))]
        least, room = _FIRST * theme.text_scale(), width - 2 * _SIDE
        shown = list(range(1, len(table.columns)))

        def taken() -> float:
            return sum(sizes[n] + _GAP for n in shown)

        for n in sorted(shown, key=lambda n: -table.columns[n].gives):
            if least + taken() <= room or not table.columns[n].gives:
                break
            shown.remove(n)
        first = max(60.0, min(room - taken(), max(least, sizes[0] + _PICTURED)))
        over = max(0.0, room - first - taken()) / max(1, len(shown))
        self.cells: list[tuple[int, float, float]] = [(0, _SIDE, first)]
        at = _SIDE + first
        for n in shown:
            self.cells.append((n, at + _GAP, sizes[n] + over))
            at += _GAP + sizes[n] + over


def _needs(table: BoardTable, n: int) -> float:
    """Pixels of the widest text of a column, within a bound."""
    texts = ((row.cells[n].text, row.cells[n].role) for row in table.rows)
    widest = max((wide(text, role) for text, role in texts), default=0)
    return min(_WIDEST, max(widest, wide(table.columns[n].name, "small")) + 2.0)


class TableHead(PaintedBoard):
    """The names of the columns."""

    def __init__(self, rows: TableRows) -> None:
        super().__init__()
        self._rows = rows
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, round(head_high()))

    def placed_texts(self) -> tuple[PlacedText, ...]:
        found = []
        for n, left, side in self._rows.grid().cells:
            column, room = self._rows.table.columns[n], QRectF(left, 0, side, self.height())
            found.append(placed(column.name, room, "fg2", "small", right=column.right and n > 0))
        return tuple(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_texts(painter, self.placed_texts())
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        painter.end()


class TableRows(PaintedBoard):
    """The rows; only those that are seen are laid out."""

    clicked = Signal(int)

    def __init__(self, table: BoardTable) -> None:
        super().__init__()
        self.table = table
        self.chosen = -1
        self._grid: tuple[object, _Grid] | None = None
        self._texts: dict[int, tuple[PlacedText, ...]] = {}
        shelf().arrived.connect(self._arrived)

    def _arrived(self, sha: str) -> None:
        if any(row.picture is not None and row.picture[0] == sha for row in self.table.rows):
            self.update()

    def show_table(self, table: BoardTable) -> None:
        """Other values."""
        if table != self.table:
            self.table, self._grid = table, None
            self._texts.clear()
            self.setFixedHeight(self.sizeHint().height())
            self.tell()

    def grid(self) -> _Grid:
        """The columns at this width."""
        of = (self.width(), theme.text_scale())
        if self._grid is None or self._grid[0] != of:
            self._grid = of, _Grid(self.table, self.width())
            self._texts.clear()
        return self._grid[1]

    def sizeHint(self) -> QSize:
        return QSize(300, round(row_high() * max(1, len(self.table.rows))))

    def said(self) -> str:
        lines = (" ".join(cell.text for cell in row.cells) for row in self.table.rows[:12])
        return clean(" · ".join(lines), 2000)

    def texts_of(self, place: int) -> tuple[PlacedText, ...]:
        """What is written in one row."""
        grid = self.grid()
        if place not in self._texts:
            self._texts[place] = self._row(place, grid)
        return self._texts[place]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        return tuple(text for n in range(len(self.table.rows)) for text in self.texts_of(n))

    def _row(self, place: int, grid: _Grid) -> tuple[PlacedText, ...]:
        row, top, high = self.table.rows[place], place * row_high(), row_high()
        found = []
        for n, left, side in grid.cells:
            cell = row.cells[n]
            if n:
                room = QRectF(left, top, side, high)
                right = self.table.columns[n].right
                found.append(placed(cell.text, room, cell.tone, cell.role, right=right))
                continue
            if row.picture is not None:
                left, side = left + _PICTURE + 10, side - _PICTURE - 10
            chip = wide(row.chip, "small_strong") + 14 if row.chip else 0
            if chip > side / 2:
                chip = 0
            said = placed(
                cell.text, QRectF(left, top, side - chip - 6 * bool(chip), high), cell.tone, cell.role
            )
            found.append(said)
            if chip:
                at = left + min(said.room.width(), wide(said.text, cell.role)) + 8
                box = QRectF(at, top + high / 2 - line_high("small") / 2 - 1, chip, line_high("small") + 2)
                found.append(PlacedText(row.chip, box, "accent", "small_strong", chip=True, whole=row.chip))
        return tuple(text for text in found if text.text)

    def tip_at(self, at: QPoint) -> str:
        place = int(at.y() // row_high())
        if not 0 <= place < len(self.table.rows):
            return ""
        texts = self.texts_of(place)
        return next((x.whole for x in texts if x.elided and x.room.contains(at.toPointF())), "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // row_high())
        if event.button() == Qt.MouseButton.LeftButton and 0 <= place < len(self.table.rows):
            self.clicked.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, high = theme.tokens(), row_high()
        first = max(0, int(event.rect().top() // high))
        last = min(len(self.table.rows) - 1, int(event.rect().bottom() // high))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(first, last + 1):
            row, top = self.table.rows[place], place * high
            if row.lit:
                painter.fillRect(
                    QRectF(0, top, self.width(), high),
                    theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)),
                )
            if place == self.chosen:
                painter.fillRect(QRectF(0, top, 3, high), theme.colour("accent"))
            painter.fillRect(QRectF(0, top + high - 1, self.width(), 1), theme.colour("line"))
            if row.picture is not None:
                box = QRectF(_SIDE, top + (high - _PICTURE) / 2, _PICTURE, _PICTURE)
                paint_picture(painter, box, *row.picture)
            paint_texts(painter, self.texts_of(place))
        painter.end()


class _RowsArea(QScrollArea):
    """Leaves the keys of rows to the view around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
            return
        super().keyPressEvent(event)


class TableView(QWidget):
    """Head and rows; the arrow keys go through them. ``asked(place)``: Enter or a click on a row that can be
    chosen (`choose_rows`)."""

    asked = Signal(int)

    def __init__(self, table: BoardTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chooses = False
        self.rows = TableRows(table)
        self.head = TableHead(self.rows)
        self.area = _RowsArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(table.title)
        self.area.setWidget(self.rows)
        self.rows.setFixedHeight(self.rows.sizeHint().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.area, 1)
        self.setMinimumHeight(round(head_high() + 2 * row_high()))

    def show_table(self, table: BoardTable) -> None:
        """Other values."""
        self.rows.show_table(table)
        self.head.update()

    def choose_rows(self, why: str) -> None:
        """Rows are chosen by ↑ ↓ and asked about by Enter or a click. ``why``: what comes of it."""
        self._chooses = True
        self.area.setAccessibleDescription(why)
        self.rows.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rows.clicked.connect(self._click)

    def _click(self, place: int) -> None:
        self._choose(place)
        self.asked.emit(place)

    def _choose(self, place: int) -> None:
        self.rows.chosen = max(0, min(len(self.rows.table.rows) - 1, place))
        high = row_high()
        self.area.ensureVisible(0, round((self.rows.chosen + 0.5) * high), 0, round(high))
        self.rows.update()

    def whole_height(self) -> int:
        """Pixels with every row seen."""
        return round(head_high() + row_high() * max(1, len(self.rows.table.rows))) + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, step = self.area.verticalScrollBar(), round(row_high())
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self._chooses and self.rows.table.rows:
            if event.key() in moves:
                self._choose(self.rows.chosen + moves[Qt.Key(event.key())])
                return
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows.chosen >= 0:
                self.asked.emit(self.rows.chosen)
                return
        elif event.key() in moves and bar.maximum() > 0:
            bar.setValue(bar.value() + step * moves[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)
