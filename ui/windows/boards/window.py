"""The window itself: it asks the engine no more than once in two seconds and shows what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.board_figures import OF_GOODS
from liveconsole.messages.boards import LEVELS, BoardPage
from liveconsole.views.day_ranges import days_of
from ui.alive import alive
from ui.i18n import t
from ui.key_owner import is_text
from ui.key_places import letter
from ui.parts.own_window import OwnWindow
from ui.seat.seat import Answer, Seat
from ui.seat.told import as_told
from ui.widgets import Notice, PlainLabel, Separator
from ui.widgets.files import choose_file
from ui.windows.boards.body import BoardBody
from ui.windows.boards.head import BoardHead
from ui.windows.boards.reading import TablePage
from ui.windows.boards.tables import tables_of
from ui.windows.boards.typing import TypedBar
from ui.windows.boards.workbook import file_of

AGAIN_SECONDS: Final = 2.0
"""Until the engine is asked again."""
SOON_MS: Final = 150
"""After a person chose other days or began a test: whoever goes through a list asks once."""
_LEVEL_KEYS: Final = {Qt.Key.Key_1: "basic", Qt.Key.Key_2: "advanced", Qt.Key.Key_3: "decision"}


class BoardsWindow(OwnWindow):
    """``query``: which broadcast or days (as ``GET /v1/boards`` takes it); without one the broadcast that
    runs, or the last."""

    def __init__(
        self,
        seat: Seat,
        query: dict[str, str | int] | None = None,
        parent: QWidget | None = None,
        *,
        locked: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__((1440, 900), parent=parent)
        self.setWindowTitle(t("数据"))
        self._seat, self._query, self._days, self._locked = seat, query or {}, "", locked
        self._page: BoardPage | None = None
        self._lost = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._ask_once)
        self._following: asyncio.Task[None] | None = None
        self.head, self.body, self.reading = BoardHead(), BoardBody(), TablePage()
        self.typed = TypedBar()
        self.said = PlainLabel(t("正在读…"), tone="fg1", align=Qt.AlignmentFlag.AlignHCenter, lines=0)
        self.pages = QStackedWidget()
        for page in (self.said, self.body, self.reading):
            self.pages.addWidget(page)
        self.notice = Notice(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for each in (self.head, Separator(), self.typed, self.notice):
            column.addWidget(each)
        column.addWidget(self.pages, 1)
        self.head.level_asked.connect(self.show_level)
        self.head.days_asked.connect(self.show_days)
        self.head.tables_asked.connect(self.toggle_tables)
        self.head.file_asked.connect(self.ask_file)
        self.body.typing_asked.connect(self._type)
        self.body.product_asked.connect(self.typed.ask_of)
        self.typed.typed.connect(self._keep_typed)
        self.typed.kept.connect(self._soon.start)
        self.reading.left.connect(self.toggle_tables)
        tests = self.body.tests
        tests.planned.connect(lambda data: self._command("switchback.plan", data, self._planned))
        tests.dropped.connect(
            lambda plan_id: self._command("switchback.drop", {"plan_id": plan_id}, self._planned)
        )
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.head.file.setEnabled(False)
        self.head.table.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    # What arrives ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask the engine now, and again while the window is seen."""
        self._following = tasks.spawn(self._follow(), name="boards")

    async def _follow(self) -> None:
        while shiboken6.isValid(self):
            if self.isVisible() and not self.isMinimized():
                await self._ask()
                if not shiboken6.isValid(self):
                    return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ask(self) -> None:
        days = self._days
        query = days_of(days, self._seat.now()) or self._query
        told = await alive(self, self._seat.book("boards", **query))
        if days != self._days:
            return  # of what is not asked any more
        page = await asyncio.to_thread(as_told, told, BoardPage)
        if shiboken6.isValid(self):
            self.show_page(page)

    def show_page(self, page: BoardPage | None) -> None:
        """What there is now; None: the engine does not say, what stands there stays and grows old."""
        if page is None and self._page is None:
            self.said.setText(t("引擎没有回应，读不到数据"))
            self.said.set_tone("warn")
            return
        self._lost = t("引擎没有回应，数字可能旧了") if page is None else ""
        first, self._page = self._page is None, page or self._page
        assert self._page is not None
        now = self._seat.now()
        self.head.show_page(self._page, now, self._lost)
        self.head.file.setEnabled(True)
        self.head.table.setEnabled(True)
        self.body.show_page(self._page, now)
        if self.pages.currentWidget() is self.reading:
            self.reading.show_tables(tables_of(self._page, now))
        if first:
            self.pages.setCurrentWidget(self.body)
            self.body.trend.setFocus()

    def show_days(self, name: str) -> None:
        """Days in place of a broadcast; ``""``: the broadcast again."""
        self._days = name
        self._soon.start()

    # Levels and tables -----------------------------------------------------------------------------

    def show_level(self, level: str) -> None:
        """One of `LEVELS`."""
        if level not in LEVELS:
            return
        self.head.levels.choose(level)
        self.body.show_level(level)
        if self._page is not None:
            self.body.show_page(self._page, self._seat.now())
            self.pages.setCurrentWidget(self.body)

    def toggle_tables(self) -> None:
        """T: the pictures as tables, and back."""
        if self._page is None:
            return
        if self.pages.currentWidget() is self.reading:
            self.pages.setCurrentWidget(self.body)
            self.head.table.setFocus()
            return
        self.reading.show_tables(tables_of(self._page, self._seat.now()))
        self.pages.setCurrentWidget(self.reading)
        self.reading.which.setFocus()

    # Files -----------------------------------------------------------------------------------------

    def ask_file(self) -> None:
        """E: where to write the tables."""
        if self._page is None:
            return
        name = t("数据 第 {number} 场", number=self._page.number) if self._page.number else t("数据")
        kinds = [t("表格 (*.xlsx)"), t("CSV 文件 (*.csv)")]
        choose_file(self, t("导出表格"), kinds, self.write_file, save_as=f"{name}.xlsx")

    def write_file(self, path: str) -> None:
        """Write what is shown now into a .xlsx or .csv."""
        if self._page is not None:
            tasks.spawn(self._write(Path(path), self._page), name="write tables")

    async def _write(self, path: Path, page: BoardPage) -> None:
        found = tables_of(page, self._seat.now())
        try:
            await asyncio.to_thread(file_of, path, found, t("排练 · 模拟数据") if page.simulated else "")
        except OSError as why:
            said, tone = t("没写成：{why}", why=why.strerror or str(why)), "warn"
        else:
            said, tone = t("写好了：{path}", path=str(path)), "ok"
        if shiboken6.isValid(self):
            self.notice.tell(said, tone, seconds=8)

    def _planned(self, answer: Answer) -> None:
        """A test was begun or ended: what runs now is asked at once."""
        self.body.tests.answered(answer)
        if answer.ok:
            self._soon.start()

    def _ask_once(self) -> None:
        if self._seat.link == "live":
            tasks.spawn(self._ask(), name="boards")

    def _tick(self) -> None:
        now = self._seat.now()
        self.head.tick(now)
        self.body.tests.tick(now)

    # Typing ----------------------------------------------------------------------------------------

    def _type(self, name: str) -> None:
        tiles = [tile for level in LEVELS for tile in self._page.levels.get(level, [])] if self._page else []
        found = next((tile for tile in tiles if tile.name == name), None)
        if found is not None:
            self.typed.ask_for(found.typed)

    def _keep_typed(self, name: str, value: int, product_id: str) -> None:
        data: dict[str, Any] = {"name": name, "value": value}
        if product_id:
            data["product_id"] = product_id
        if name not in OF_GOODS and self._page is not None and self._page.number is not None:
            data["broadcast"] = self._page.number
        self._command("board.type", data, self.typed.answered)

    def _command(self, type: str, data: dict[str, Any], then: Callable[[Answer], None]) -> None:
        """What is written into the room; a seat that is locked writes nothing."""
        if self._locked():
            then(Answer(False, code="locked"))
            return
        self._seat.ask_then(self, type, data, then)

    # Keys ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 2 3 a level, T tables, E a file, ← → a promotion; Esc takes one of them back, or closes."""
        key, plain = letter(event), event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif not plain or is_text(self.focusWidget()):
            super().keyPressEvent(event)
        elif key in _LEVEL_KEYS:
            self.show_level(_LEVEL_KEYS[Qt.Key(key)])
        elif key == Qt.Key.Key_T:
            self.toggle_tables()
        elif key == Qt.Key.Key_E:
            self.ask_file()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.body.level != "decision":
            self.body.trend.step(-1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def show_keys(self) -> bool:
        """?: the keys of this window, and away with them."""
        if self.notice.isVisible():
            self.notice.dismiss()
        else:
            self.notice.tell(
                t("1 2 3 换一级 · ← → 看一条促销前后 5 分钟 · T 看成表格 · E 导出表格 · Esc 退一步，最后关掉")
            )
        return True

    def _escape(self) -> None:
        if not self.typed.isHidden():
            self.typed.hide()
        elif self.pages.currentWidget() is self.reading:
            self.toggle_tables()
        elif self.body.trend.chosen >= 0:
            self.body.trend.choose(-1)
        else:
            self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.tighten(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._following is not None:
            self._following.cancel()
        super().closeEvent(event)
