"""The report of one broadcast to read: its first page and its 交接单, and its files by a key."""

from __future__ import annotations

from collections.abc import Container, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from liveconsole.messages.settlements import SettlementTold
from liveconsole.messages.sharers import SharersPage
from liveconsole.views.report import Report, handover_text
from liveconsole.views.report.front import front_text
from liveconsole.views.settlement import settlement_text
from ui import clipboard, outside, theme
from ui.beside.report_run import ReportRun
from ui.i18n import language, t
from ui.key_places import letter
from ui.widgets import CappedButton, PlainLabel
from ui.widgets.frames import FlowRow
from ui.windows.history.parts_form import PartsForm
from ui.windows.history.proposals import ProposalList
from ui.windows.history.sharers_form import SharersForm


class ReportPage(QWidget):
    """Two texts side by side. ``left``: back to the list. ``boards_wanted(number)``: its 数据."""

    left = Signal()
    boards_wanted = Signal(int)
    sharers_wanted = Signal()

    def __init__(self, run: ReportRun | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.number = 0
        self._folder = ""
        self._opens = False
        self.back = CappedButton(t("回到列表"), "Esc")
        self.back.clicked.connect(self.left)
        self.title = PlainLabel("", role="heading", elide=True)
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.front, self.handover = self._text(t("第一页")), self._text(t("交接单"))
        self.proposals, self.parts_form = ProposalList(), PartsForm()
        self._settlement: SettlementTold | None = None
        self._front = ""
        self.parts = CappedButton(t("谁分多少"), "P")
        self.parts.clicked.connect(self.write_parts)
        self.parts_form.left.connect(self.close_parts)
        self.sharers_form = SharersForm()
        self.sharers = CappedButton(t("带货的人"), "S")
        self.sharers.clicked.connect(self.sharers_wanted)
        self.sharers_form.left.connect(self.close_sharers)
        self.boards = CappedButton(t("数据"), "D")
        self.boards.clicked.connect(lambda: self.boards_wanted.emit(self.number))
        self.copy_it = CappedButton(t("复制交接单"), "C")
        self.copy_it.clicked.connect(self.copy)
        self.files = CappedButton(t("写文件并打开文件夹"), "O", primary=True)
        self.files.clicked.connect(self.open_folder)
        if run is None:
            self.files.hide()
        else:
            run.done.connect(self._written)
        head = QHBoxLayout()
        for each in (self.title, self.said):
            head.addWidget(each, 1)
        held = QWidget()
        keys = FlowRow(held)
        for key in (self.back, self.files, self.copy_it, self.boards, self.parts, self.sharers):
            keys.addWidget(key)
        pages = QHBoxLayout()
        pages.setSpacing(theme.GAP)
        pages.addWidget(self.front, 1)
        pages.addWidget(self.handover, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 16)
        column.addLayout(head)
        column.addWidget(held)
        column.addWidget(self.parts_form)
        column.addWidget(self.sharers_form)
        column.addLayout(pages, 1)
        column.addWidget(self.proposals)

    def _text(self, name: str) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setReadOnly(True)
        made.setTabChangesFocus(True)
        made.setAccessibleName(name)
        return made

    def wait_for(self, number: int) -> None:
        """It is being read."""
        self.number, self._folder = number, ""
        self.title.setText(t("第 {number} 场", number=number))
        self._say(t("正在读日志…"), "fg1")
        for each in (self.front, self.handover):
            each.clear()
        self.proposals.show_proposals([])
        self._settlement, self._front = None, ""
        self.parts.setEnabled(False)
        self.parts_form.hide()
        self.sharers_form.hide()
        self.copy_it.setEnabled(False)
        self.files.setEnabled(False)
        self.back.setFocus()

    def show_report(self, report: Report | None, there: Container[str] = ()) -> None:
        """All of it; None: nobody could be asked. ``there``: segments of the rundown as it is now, the only
        ones that can be changed."""
        if report is None:
            self._say(t("引擎没有回应，读不到日志"), "warn")
            return
        english = language() == "en"
        self.title.setText(report.title or t("没有名字的直播"))
        self._front = front_text(report, english)
        self.front.setPlainText(self._front)
        self.handover.setPlainText(handover_text(report, english))
        self.proposals.show_proposals([p for p in report.proposals if p.segment_id in there])
        self._say("", "fg1")
        self.copy_it.setEnabled(True)
        self.files.setEnabled(self._run is not None and not self._run.running)
        (self.files if self._run is not None else self.copy_it).setFocus()

    def show_settlement(self, told: SettlementTold | None) -> None:
        """What it brings, below the first page; None: the engine does not say."""
        if told is not None and told.broadcast == self.number:
            said = settlement_text(told, language() == "en")
            self.front.setPlainText(f"{self._front.rstrip()}\n\n{said}\n")
            self._settlement = told
            self.parts.setEnabled(True)

    def write_parts(self) -> None:
        """P: who gets which part of it."""
        if self._settlement is not None:
            self.sharers_form.hide()
            self.parts_form.open_for(self._settlement)

    def close_parts(self) -> None:
        """Away with the form, and the keyboard back to the page."""
        self.parts_form.hide()
        self.back.setFocus()

    def show_sharers(self, page: SharersPage | None, goods: Mapping[str, str]) -> None:
        """S: who brought whom, and their goods; None: nobody could be asked. ``goods``: SKU → its title."""
        if page is None:
            self._say(t("引擎没有回应，没有发出去"), "warn")
            return
        self.parts_form.hide()
        self.sharers_form.open_for(page, goods)

    def close_sharers(self) -> None:
        """Away with the form, and the keyboard back to the page."""
        self.sharers_form.hide()
        self.back.setFocus()

    def copy(self) -> None:
        """交接单 into the clipboard."""
        clipboard.copy(self.handover.toPlainText())
        self._say(t("复制好了"), "ok")

    def open_folder(self) -> None:
        """The folder with its files; they are written first, once."""
        if self._folder:
            if not outside.show_file(self._folder):
                self._say(t("文件夹在 {path}", path=self._folder), "fg1")
        elif self._run is not None and not self._run.running:
            self._opens = True
            self.files.setEnabled(False)
            self._say(t("正在写复盘文件…"), "fg1")
            self._run.start(self.number)

    def _written(self, folder: str, why: str) -> None:
        self.files.setEnabled(True)
        self._folder = folder
        written = t("复盘文件写好了：{folder}", folder=folder)
        self._say(written if folder else t("复盘文件没有写成：{why}", why=why), "ok" if folder else "warn")
        if folder and self._opens:
            self.open_folder()
        self._opens = False

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: dict[int, QAbstractButton] = {
            Qt.Key.Key_O: self.files,
            Qt.Key.Key_C: self.copy_it,
            Qt.Key.Key_D: self.boards,
            Qt.Key.Key_P: self.parts,
            Qt.Key.Key_S: self.sharers,
            Qt.Key.Key_W: self.proposals.write,
        }
        does = keys.get(letter(event))
        if does is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            does.click()
            return
        super().keyPressEvent(event)
