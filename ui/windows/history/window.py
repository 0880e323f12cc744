"""The window itself: filters, search, months, and a tray once something is ticked."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liveconsole import tasks
from liveconsole.messages.boards import BoardPage
from liveconsole.messages.broadcasts import PastBroadcast, PastBroadcasts
from liveconsole.messages.settlements import SettlementTold
from liveconsole.messages.sharers import SharersPage
from liveconsole.views.past import is_doubtful
from ui import theme
from ui.beside.report_run import ReportRun
from ui.i18n import t
from ui.parts.own_window import OwnWindow
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.seat.told import as_told
from ui.widgets import FilterChip, PlainLabel, Separator, button, set_tip
from ui.windows.history import compare
from ui.windows.history.compare import ComparePage
from ui.windows.history.facts import facts_of, finds, month_of, month_words
from ui.windows.history.proposals import Commands
from ui.windows.history.report import ReportPage
from ui.windows.history.row import PastRow, RowsHead, head_high
from ui.windows.history.tray import CompareTray
from ui.words.answers import sentence

AGAIN_SECONDS: Final = 0.4
"""Until the engine is asked again for what it had not read."""
SHOWN_MOST: Final = 100
"""Rows; the rest is found by searching, and how many there are is said."""


class HistoryWindow(OwnWindow):
    """Every broadcast of this room. ``folder``: where report files go; None: not from this machine."""

    played = Signal(int)
    """回看 of a broadcast; 0: of the sample."""
    boards_wanted = Signal(int)
    """数据 of a broadcast."""
    elsewhere_wanted = Signal()
    """打开别处的录像."""

    def __init__(self, seat: Seat, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__((1280, 800), parent=parent)
        self.setWindowTitle(t("历史场次"))
        self._seat = seat
        self._page = PastBroadcasts([], 0, 0)
        self._rows: dict[int, PastRow] = {}
        self._ticked: list[int] = []
        self._current = 0
        self._laid: tuple[int, ...] | None = None
        self._months: list[PlainLabel] = []
        self.run = ReportRun(folder, self) if folder is not None else None
        self.pages = QStackedWidget()
        self.list, self.report, self.compare = QWidget(), ReportPage(self.run), ComparePage()
        for page in (self.list, self.report, self.compare):
            self.pages.addWidget(page)
        self.report.left.connect(self.back)
        self.report.boards_wanted.connect(self.boards_wanted)
        self.report.proposals.asked.connect(self._write_proposals)
        self.report.parts_form.written.connect(self._write_parts)
        self.report.sharers_wanted.connect(self._look_at_sharers)
        self.report.sharers_form.written.connect(self._write_sharer)
        self.compare.left.connect(self.back)
        self.compare.typed.connect(self._keep_typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._build()
        self.search.setFocus()

    def _build(self) -> None:
        self.count = PlainLabel("", role="small", tone="fg2", elide=True)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(t("历史场次"), role="heading"))
        names.addWidget(self.count)
        self.kind, self.rehearsed = FilterChip(t("真直播")), FilterChip(t("排练"))
        self.doubtful = FilterChip(t("存疑"))
        self.kind.setChecked(True)
        for chip in (self.kind, self.rehearsed, self.doubtful):
            chip.clicked.connect(partial(self._filter, chip))
        self.search = QLineEdit()
        self.search.setPlaceholderText(t("场名、商品、日期、第几场"))
        self.search.setAccessibleName(t("找一场直播"))
        set_tip(self.search, t("场名、商品、日期、第几场"))
        self.search.setMinimumWidth(240)
        self.search.setMaximumWidth(round(320 * theme.text_scale()))
        self.search.textChanged.connect(lambda: self._lay())
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(14)
        head.addLayout(names)
        head.addSpacing(20)
        for chip in (self.kind, self.rehearsed, self.doubtful):
            head.addWidget(chip)
        head.addStretch(1)
        head.addWidget(self.search, 1)
        self.sample, self.elsewhere = button(t("看样片"), icon="play"), button(t("打开别处的录像…"))
        self.sample.clicked.connect(lambda: self.played.emit(0))
        self.elsewhere.clicked.connect(self.elsewhere_wanted)
        for each in (self.sample, self.elsewhere):
            head.addWidget(each)
            if self.run is None:
                each.hide()
        self.said = PlainLabel(t("正在读…"), tone="fg1", align=Qt.AlignmentFlag.AlignHCenter, lines=0)
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(0)
        held = QWidget()
        held.setLayout(self._inside)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(held)
        box = QFrame()
        box.setObjectName("section")
        inner = QVBoxLayout(box)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        over = QHBoxLayout()
        over.addWidget(RowsHead(), 1)
        over.addSpacing(self._area.verticalScrollBar().sizeHint().width())
        inner.addLayout(over)
        inner.addWidget(self.said)
        inner.addWidget(self._area, 1)
        around = QHBoxLayout()
        around.setContentsMargins(10, 10, 10, 10)
        around.addWidget(box)
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator())
        column.addLayout(around, 1)
        column.addWidget(self._make_tray())

    def _make_tray(self) -> QWidget:
        self.tray = CompareTray()
        self.none, self.open_compare = self.tray.none, self.tray.open_compare
        self.tray.cleared.connect(self.untick)
        self.tray.opened.connect(self.show_compare)
        return self.tray

    # What arrives ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask the engine, until it has read everything."""
        tasks.spawn(self._ask(), name="past broadcasts")

    async def _ask(self) -> None:
        while True:
            page = await self._seat.past_broadcasts()
            if not shiboken6.isValid(self):
                return
            if page is None:
                self.said.setText(t("引擎没有回应，读不到历史"))
                self.said.set_tone("warn")
                self.said.show()
                return
            self.show_page(page)
            if not page.reading:
                return
            await asyncio.sleep(AGAIN_SECONDS)
            if not shiboken6.isValid(self) or not self.isVisible():
                return

    def show_page(self, page: PastBroadcasts) -> None:
        """What there is now."""
        self._page = page
        simulated = sum(row.summary.simulated for row in page.rows)
        self.rehearsed.set_count(simulated)
        self.kind.set_count(page.of - simulated)
        self.doubtful.set_count(sum(map(is_doubtful, page.rows)))
        # A room is real or a rehearsal; a folder of both has both.
        self.rehearsed.setVisible(bool(simulated))
        self.kind.setVisible(simulated < page.of or not page.of)
        if simulated == page.of and page.of and self.kind.isChecked():
            self._filter(self.rehearsed)
        self.count.setText(t("{n} 场 · 都存在这台电脑上", n=page.of))
        self._lay()

    def _filter(self, chosen: FilterChip) -> None:
        for chip in (self.kind, self.rehearsed, self.doubtful):
            chip.setChecked(chip is chosen)
        self._lay()

    def found(self) -> list[PastBroadcast]:
        """What the filters leave, the newest first."""
        rows = self._page.rows
        if self.doubtful.isChecked():
            rows = [row for row in rows if is_doubtful(row)]
        else:
            rows = [row for row in rows if row.summary.simulated == self.rehearsed.isChecked()]
        sought = self.search.text()
        return [row for row in rows if finds(row, sought)] if sought.strip() else list(rows)

    def _lay(self) -> None:
        found = self.found()
        shown = found[:SHOWN_MOST]
        images = self._images()
        numbers = tuple(row.summary.number for row in shown)
        if numbers != self._laid:
            self._place(shown, len(found))
        for row in shown:
            self._rows[row.summary.number].show_facts(facts_of(row, images))
        for month, (_, words) in zip(self._months, self._month_words(shown), strict=True):
            month.setText(words)
        if self._current not in numbers:
            self._current = numbers[0] if numbers else 0
        self._mark()
        self.said.set_tone("fg1")
        self.said.setText(t("还没有直播过") if not self._page.rows else t("没有这样的一场"))
        self.said.setVisible(not found)

    def _images(self) -> dict[str, str | None]:
        state = self._seat.state
        products = RoomView(state).products if state is not None else {}
        return {product_id: product.image for product_id, product in products.items()}

    def _month_words(self, shown: list[PastBroadcast]) -> list[tuple[str, str]]:
        return [month_words(list(rows)) for _, rows in groupby(shown, key=month_of)]

    def _place(self, shown: list[PastBroadcast], whole: int) -> None:
        """Months and rows anew; a row that stays keeps its widget."""
        kept = {row.summary.number for row in shown}
        while (item := self._inside.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and not (isinstance(widget, PastRow) and widget.facts.number in kept):
                widget.hide()
                widget.deleteLater()
        self._rows = {number: row for number, row in self._rows.items() if number in kept}
        self._months.clear()
        for _, rows in groupby(shown, key=month_of):
            month = list(rows)
            self._inside.addWidget(self._month_line(month_words(month)[0]))
            for each in month:
                self._inside.addWidget(self._row_of(each))
        if whole > len(shown):
            more = PlainLabel(t("还有 {n} 场更早的：在上面找", n=whole - len(shown)), tone="fg2")
            more.setContentsMargins(16, 8, 16, 8)
            self._inside.addWidget(more)
        self._inside.addStretch(1)
        self._laid = tuple(row.summary.number for row in shown)

    def _month_line(self, name: str) -> QWidget:
        held = QFrame()
        held.setFixedHeight(head_high())
        line = QHBoxLayout(held)
        line.setContentsMargins(16, 0, 16, 0)
        line.addWidget(PlainLabel(name, role="strong"))
        words = PlainLabel("", role="small", tone="fg1")
        line.addWidget(words, 1)
        self._months.append(words)
        return held

    def _row_of(self, row: PastBroadcast) -> PastRow:
        number = row.summary.number
        found = self._rows.get(number)
        if found is None:
            found = self._rows[number] = PastRow(facts_of(row, {}))
            found.opened.connect(self.open_report)
            found.played.connect(self.played)
            found.play.setVisible(self.run is not None)
            found.ticked.connect(self._tick)
            found.tick.setChecked(number in self._ticked)
        elif found.parentWidget() is not None:
            found.show()
        return found

    # Comparing -------------------------------------------------------------------------------------

    def _tick(self, number: int, on: bool) -> None:
        if on and number not in self._ticked:
            self._ticked.append(number)
        elif not on and number in self._ticked:
            self._ticked.remove(number)
        if len(self._ticked) > compare.MOST:
            self._untick(self._ticked[0])
        self.tray.show_rows(self._chosen(), self._images())

    def _chosen(self) -> list[PastBroadcast]:
        return [row for row in self._page.rows if row.summary.number in self._ticked]

    def _untick(self, number: int) -> None:
        row = self._rows.get(number)
        if row is not None:
            row.tick.setChecked(False)
        elif number in self._ticked:
            self._tick(number, False)

    def untick(self) -> None:
        """不比了."""
        for number in list(self._ticked):
            self._untick(number)

    def show_compare(self) -> None:
        """Side by side."""
        rows = self._chosen()
        if len(rows) >= compare.LEAST:
            self.pages.setCurrentWidget(self.compare)
            self.compare.show_rows(rows)
            for row in rows:
                self._ask_board(row.summary.number)

    def _ask_board(self, number: int) -> None:
        if self._seat.link == "live":
            tasks.spawn(self._read_board(number), name="board of a broadcast")
        else:  # nobody can be asked
            self.compare.show_board(number, None)

    async def _read_board(self, number: int) -> None:
        told = await self._seat.book("boards", broadcast=number)
        page = await asyncio.to_thread(as_told, told, BoardPage)
        if shiboken6.isValid(self):
            self.compare.show_board(number, page)

    def _keep_typed(self, number: int, name: str, value: int) -> None:
        data = {"name": name, "value": value, "broadcast": number}
        self._seat.ask_then(self, "board.type", data, lambda answer: self._typed(number, answer))

    def _typed(self, number: int, answer: Answer) -> None:
        self.compare.bar.answered(answer)
        if answer.ok:
            self._ask_board(number)

    # Reports and keys ------------------------------------------------------------------------------

    def open_report(self, number: int) -> None:
        """Read it and show it."""
        self.pages.setCurrentWidget(self.report)
        self.report.wait_for(number)
        tasks.spawn(self._read(number), name="report of a broadcast")

    async def _read(self, number: int) -> None:
        report = await self._seat.report_of(number)
        if shiboken6.isValid(self) and self.report.number == number:
            state = self._seat.state
            there = {s.segment_id for s in state.rundown.segments} if state is not None else set()
            self.report.show_report(report, there)
        if report is not None:
            await self._read_settlement(number)

    async def _read_settlement(self, number: int) -> None:
        told = await self._seat.book("settlement", broadcast=number)
        settled = as_told(told, SettlementTold)
        if shiboken6.isValid(self) and settled is not None:
            self.report.show_settlement(settled)

    def _write_parts(self, data: dict[str, Any]) -> None:
        self._seat.ask_then(self, "parts.put", data, self._parts_written)

    def _parts_written(self, answer: Answer) -> None:
        if not answer.ok:
            self.report.parts_form.tell(sentence(answer))
            return
        self.report.close_parts()
        tasks.spawn(self._read_settlement(self.report.number), name="settlement of a broadcast")

    def _look_at_sharers(self) -> None:
        tasks.spawn(self._read_sharers(), name="sharers")

    async def _read_sharers(self) -> None:
        told = await self._seat.book("sharers")
        state = self._seat.state
        if not shiboken6.isValid(self):
            return
        room = RoomView(state) if state is not None else None
        goods = {sku_id: room.title(sku_id) for sku_id in room.skus} if room is not None else {}
        self.report.show_sharers(as_told(told, SharersPage), goods)

    def _write_sharer(self, data: dict[str, Any]) -> None:
        self._seat.ask_then(self, "sharer.put", data, self._sharer_written)

    def _sharer_written(self, answer: Answer) -> None:
        if answer.ok:
            self.report.close_sharers()
        else:
            self.report.sharers_form.tell(sentence(answer), answer.params)

    def _write_proposals(self, commands: Commands) -> None:
        tasks.spawn(self._ask_all(commands), name="changes of the next rundown")

    async def _ask_all(self, commands: Commands) -> None:
        """One after the other; the first that is refused is the last."""
        refused = ""
        for type_, data in commands:
            answer = await self._seat.ask(type_, data)
            if not answer.ok:
                refused = sentence(answer)
                break
        if shiboken6.isValid(self):
            self.report.proposals.written(refused)

    def back(self) -> None:
        """To the list."""
        self.pages.setCurrentWidget(self.list)
        self.search.setFocus()

    def _mark(self) -> None:
        for number, row in self._rows.items():
            row.set_current(number == self._current)

    def _go(self, by: int) -> None:
        numbers = list(self._laid or ())
        if numbers:
            at = numbers.index(self._current) if self._current in numbers else 0
            self._current = numbers[max(0, min(len(numbers) - 1, at + by))]
            self._mark()
            self._area.ensureWidgetVisible(self._rows[self._current], 0, 40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ and Enter choose a row while the cursor is in the search, with Shift to look at it again; Esc
        goes back, then away."""
        key, listed = event.key(), self.pages.currentWidget() is self.list
        if key == Qt.Key.Key_Escape:
            if not self.compare.bar.isHidden() and self.pages.currentWidget() is self.compare:
                self.compare.bar.hide()
            elif not listed:
                self.back()
            else:
                self.close()
        elif listed and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(-1 if key == Qt.Key.Key_Up else 1)
        elif listed and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._go(-6 if key == Qt.Key.Key_PageUp else 6)
        elif listed and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current:
            row = self._rows[self._current]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                row.play.click()
            else:
                self.open_report(self._current)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.run is not None:
            self.run.stop()
        super().closeEvent(event)
