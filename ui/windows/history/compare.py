"""Two to four broadcasts side by side, and the mean of the same hour: a figure in doubt gives no rise and no
fall. What the list does not have, the boards of each say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.boards import LEVELS, BoardPage, BoardWhy, ComparedFigure, Switchback, Tile
from liveconsole.messages.broadcasts import PastBroadcast
from liveconsole.views.past import FIGURES, change, doubt, figure
from ui.i18n import t
from ui.widgets import PlainLabel, button, set_tip
from ui.windows.boards.tables import verdict_words
from ui.windows.boards.typing import TypedBar
from ui.windows.history.curves import CurveChart
from ui.windows.history.facts import duration, moment, shown, why_words
from ui.words import boards as words

LEAST, MOST = 2, 4
_NAMES: Final = {
    "gmv_fen": "成交额", "refund_fen": "退款", "paid": "支付订单", "units": "售出件数",
    "online_peak": "最高在线", "given_fen": "让利",
}  # fmt: skip
_MEAN_NAMES: Final = {"paid": "orders_paid"}
"""What the boards call a figure of the list, where that is another word."""
OF_BOARDS: Final = (
    "aov_fen", "units_per_order", "viewers", "conversion", "stay_seconds", "new_buyers", "repurchase_rate",
    "clip_share", "clip_roi",
)  # fmt: skip
"""Tiles that stand under the figures of the list; one that no board has is left out."""


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """``said`` is the change against the first, or nothing; ``typed``: a person can supply it so."""

    value: str
    tone: str = "fg0"
    said: str = ""
    why: str = ""
    typed: str = ""


Boards = Mapping[int, BoardPage | None]
"""Number → its board; None: it could not be had. A number that is not there is being read."""


def cell_of(first: PastBroadcast, row: PastBroadcast, name: str) -> ComparedCell:
    """A figure of the list."""
    value, why = figure(row, name), doubt(row, name)
    shown_value = "—" if value is None else shown(name, value)
    if why and value is not None:
        shown_value = f"≥ {shown_value}"
    said = ""
    if row is not first:
        differs = change([first, row], name)
        said = "—" if differs is None else words.change_words(differs)
    tone = "warn" if why and value is not None else "fg2" if value is None else "fg0"
    return ComparedCell(shown_value, tone, said, why_words(why))


def tile_of(page: BoardPage | None, name: str) -> Tile | None:
    """A tile of a board, whatever level it is of."""
    tiles = [tile for level in LEVELS for tile in page.levels.get(level, [])] if page is not None else []
    return next((tile for tile in tiles if tile.name == name), None)


def tile_cell(boards: Boards, number: int, name: str) -> ComparedCell:
    """A figure of a board: unknown is a dash with its reason."""
    if number not in boards:
        return ComparedCell("…", "fg2")
    tile = tile_of(boards[number], name)
    if tile is None:
        return ComparedCell("—", "fg2", why=words.why_words(BoardWhy("no_source")))
    if tile.value is None:
        return ComparedCell("—", "fg2", why=words.why_words(tile.why), typed=tile.typed)
    reference = ""
    if tile.reference is not None:
        reference = t("参考 {value}", value=words.number(tile.reference, tile.unit))
    return ComparedCell(words.number(tile.value, tile.unit), why=reference, typed=tile.typed)


def mean_of(boards: Boards, newest: int, name: str) -> ComparedFigure | None:
    """What the board of the newest says of the same hour's mean, so long after the start as it lasted."""
    page = boards.get(newest)
    if page is None or page.comparison is None:
        return None
    sought = _MEAN_NAMES.get(name, name)
    return next((each for each in page.comparison.figures if each.name == sought), None)


def experiment_words(tests: Sequence[Switchback]) -> str:
    """``整点福袋 更多 ¥550/分钟``; of one that says nothing yet, why."""
    said = []
    for each in tests:
        verdict = verdict_words(each)
        differs = f" {words.number(each.difference, each.unit)}" if each.difference is not None else ""
        said.append(f"{each.name} {verdict}{differs}".strip())
    return t("；").join(said)


class ComparePage(QWidget):
    """The oldest stands first, and what follows is measured against it. ``typed(number, name, value)``: a
    person supplied a figure of one of them."""

    left = Signal()
    typed = Signal(int, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PastBroadcast] = []
        self.boards: dict[int, BoardPage | None] = {}
        self._typing = 0
        self.back = button(t("回到列表"), "quiet")
        self.back.clicked.connect(self.left)
        set_tip(self.back, "Esc")
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self.back)
        head.addWidget(PlainLabel(t("对比"), role="heading"))
        head.addWidget(PlainLabel(t("存疑的数不进涨跌，只写「—」"), role="small", tone="fg1", elide=True), 1)
        self.bar = TypedBar()
        self.bar.typed.connect(lambda name, value, _product: self.typed.emit(self._typing, name, value))
        self.curves = CurveChart()
        self._held: QWidget = _box()
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(16, 0, 16, 16)
        self._inside.setSpacing(10)
        self._inside.addWidget(self._held)
        self._inside.addWidget(self.curves)
        self._inside.addStretch(1)
        held = QWidget()
        held.setLayout(self._inside)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(held)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(area, 1)

    def show_rows(self, rows: list[PastBroadcast]) -> None:
        """Other broadcasts; their boards are being read."""
        self.rows, self.boards = sorted(rows, key=lambda row: row.summary.number), {}
        self.bar.hide()
        self._lay()
        self.back.setFocus()

    def show_board(self, number: int, page: BoardPage | None) -> None:
        """What a board says of one of them."""
        if any(row.summary.number == number for row in self.rows):
            self.boards[number] = page
            self._lay()

    def lines(self) -> list[tuple[str, list[ComparedCell]]]:
        """Name and cells of every line, as they stand; the last cell is the mean of the same hour."""
        found = []
        numbers = [row.summary.number for row in self.rows]
        for name in FIGURES:
            cells = [cell_of(self.rows[0], row, name) for row in self.rows]
            found.append((t(_NAMES[name]), [*cells, self._mean(name)]))
        for name in OF_BOARDS:
            if all(tile_of(self.boards.get(number), name) is None for number in numbers):
                continue
            cells = [tile_cell(self.boards, number, name) for number in numbers]
            found.append((words.name_words(name), [*cells, self._mean(name)]))
        tests = [experiment_words(page.switchbacks) if page else "" for page in map(self.boards.get, numbers)]
        if any(tests):
            found.append((t("试验"), [*(ComparedCell(said or "—", role_of(said)) for said in tests), _NONE]))
        return found

    def _mean(self, name: str) -> ComparedCell:
        found = mean_of(self.boards, self.rows[-1].summary.number, name)
        if found is None:
            return _NONE
        if found.mean is None:
            return ComparedCell("—", "fg2", why=words.why_words(found.mean_why))
        return ComparedCell(words.number(found.mean, found.unit), "fg1")

    def _lay(self) -> None:
        old, self._held = self._held, _box()
        grid = QGridLayout(self._held)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(9)
        for place, row in enumerate(self.rows, 1):
            title = row.summary.title or t("没有名字的直播")
            grid.addWidget(PlainLabel(title, role="heading", elide=True), 0, place)
            when = f"{moment(row.summary.opened_at)} · {duration(row)}"
            grid.addWidget(PlainLabel(when, role="small", tone="fg2", elide=True), 1, place)
            grid.setColumnStretch(place, 3)
        last = len(self.rows) + 1
        grid.addWidget(PlainLabel(t("同时段均值"), role="heading", elide=True), 0, last)
        grid.addWidget(PlainLabel(self._mean_words(), role="small", tone="fg2", elide=True), 1, last)
        grid.setColumnStretch(last, 2)
        for line, (name, cells) in enumerate(self.lines(), 2):
            grid.addWidget(PlainLabel(name, tone="fg1"), line, 0)
            for place, cell in enumerate(cells, 1):
                number = self.rows[place - 1].summary.number if place < last else 0
                grid.addWidget(self._cell(cell, number), line, place)
        self._inside.replaceWidget(old, self._held)
        old.deleteLater()
        pages = [self.boards.get(row.summary.number) for row in self.rows]
        titles = [
            f"{row.summary.title or t('没有名字的直播')} {moment(row.summary.opened_at)[:5]}"
            for row in self.rows
        ]
        self.curves.show_trends(titles, [page.trend if page is not None else None for page in pages])

    def _mean_words(self) -> str:
        page = self.boards.get(self.rows[-1].summary.number)
        found = page.comparison if page is not None else None
        if found is None or not found.mean_of:
            return t("同一个钟点开播的")
        return t("近 {n} 场 · 播到 {minute} 分钟", n=found.mean_of, minute=found.minute)

    def _cell(self, cell: ComparedCell, number: int) -> QWidget:
        held = QWidget()
        line = QHBoxLayout(held)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        role = "strong" if len(cell.value) > 14 else "kpi"
        line.addWidget(PlainLabel(cell.value, role=role, tone=cell.tone, elide=len(cell.value) > 14))
        if cell.said:
            line.addWidget(PlainLabel(cell.said, role="small", tone="fg1"))
        if cell.why:
            line.addWidget(PlainLabel(cell.why, role="small", tone="fg2", elide=True), 1)
        if cell.typed and number:
            fill = button(t("填"), "quiet")
            fill.setAccessibleName(t("填 {name}", name=words.name_words(cell.typed)))
            fill.clicked.connect(lambda: self._ask(number, cell.typed))
            line.addWidget(fill)
        line.addStretch(1)
        return held

    def _ask(self, number: int, name: str) -> None:
        self._typing = number
        self.bar.ask_for(name)


_NONE: Final = ComparedCell("—", "fg2")


def role_of(said: str) -> str:
    """The tone of what may be nothing."""
    return "fg0" if said else "fg2"


def _box() -> QFrame:
    made = QFrame()
    made.setObjectName("section")
    return made
