"""交接单: what is left to do when the broadcast is over, folded from the log; one key copies it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from liveconsole import tasks
from liveconsole.views.report import NoBroadcast, Report, ReportFold, handover_text
from liveconsole.views.report.pledges import pledges_csv
from liveconsole.views.report.words import ReportWords
from ui import clipboard
from ui.alive import alive
from ui.beside.report_run import ReportRun
from ui.i18n import language, t
from ui.seat.seat import Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, button
from ui.widgets.files import choose_file

PAGE = 2_000


class HandoverSheet(Sheet):
    """Read page by page; each page is folded off the Qt thread, so that the feed goes on beside it."""

    def __init__(self, seat: Seat, run: ReportRun | None = None, parent: QWidget | None = None) -> None:
        super().__init__(t("交接单"), parent)
        self._seat, self._run = seat, run
        self._report: Report | None = None
        self.said = PlainLabel(t("正在读日志…"), role="small", tone="fg1", lines=0)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(t("交接单"))
        self.text.setMinimumHeight(360)
        self.copy_it = button(t("复制交接单"), "primary")
        self.copy_it.setEnabled(False)
        self.copy_it.clicked.connect(self.copy)
        self.body.addWidget(self.said)
        self.body.addWidget(self.text, 1)
        self.pledges = button(t("口头承诺存成 CSV…"))
        self.pledges.clicked.connect(self._pick)
        self.pledges.hide()
        self.files = button(t("写复盘文件"))
        self.files.clicked.connect(self.write_files)
        self.files.setEnabled(False)
        if run is None:
            self.files.hide()
        if run is not None:
            run.done.connect(self._files_written)
        for each in (self.pledges, self.files, self.copy_it):
            self.add_foot(each)
        self.again()

    def again(self) -> None:
        """Read the log from its beginning."""
        tasks.spawn(self._read(), name="handover")

    async def _read(self) -> None:
        state = self._seat.state
        folding = ReportFold(simulated=state is not None and state.room.simulated)
        after, until = 0, max(1, state.seq if state is not None else 0)
        while (page := await self._seat.log_page(after, PAGE)) is not None and page:
            await asyncio.to_thread(partial(folding.add, page))
            after = int(page[-1]["seq"])
            if not self.is_here():
                return
            self.said.setText(t("正在读日志 {percent} %", percent=min(100, after * 100 // until)))
        if not self.is_here():
            return
        if page is None:
            self._fail(t("引擎没有回应，读不到日志"))
            return
        try:
            report = await alive(self, asyncio.to_thread(folding.report))
        except NoBroadcast:
            self._fail(t("还没有直播过，没有要交接的"))
            return
        if self.is_here():
            self._report = report
            self.pledges.setVisible(bool(report.pledges))
            self.show_text(handover_text(report, language() == "en"))

    def show_text(self, text: str) -> None:
        """The whole of it."""
        self.text.setPlainText(text)
        self.said.set_tone("fg1")
        self.said.setText(t("下播后要做的：复制给接班的人"))
        self.copy_it.setEnabled(True)
        self.files.setEnabled(self._run is not None and not self._run.running)
        self.copy_it.setFocus()

    def write_files(self) -> None:
        """HTML, PDF, XLSX, CSV and EDL, beside the desk and not on its thread."""
        if self._run is not None:
            self.files.setEnabled(False)
            self.said.set_tone("fg1")
            self.said.setText(t("正在写复盘文件…"))
            self._run.start()

    def _files_written(self, folder: str, why: str) -> None:
        self.files.setEnabled(True)
        self.said.set_tone("ok" if folder else "warn")
        written = t("复盘文件写好了：{folder}", folder=folder)
        self.said.setText(written if folder else t("复盘文件没有写成：{why}", why=why))

    def _fail(self, why: str) -> None:
        self.said.set_tone("warn")
        self.said.setText(why)

    def copy(self) -> None:
        """Into the clipboard."""
        clipboard.copy(self.text.toPlainText())
        self.said.set_tone("ok")
        self.said.setText(t("复制好了"))

    def _pick(self) -> None:
        choose_file(
            self,
            t("口头承诺存成 CSV"),
            [t("表格文本 (*.csv)")],
            lambda path: self.save_pledges(Path(path)),
            save_as="pledges.csv",
        )

    def save_pledges(self, path: Path) -> None:
        """Write what was promised aloud where the person said, for the warehouse."""
        if self._report is not None:
            raw = pledges_csv(self._report, ReportWords(english=language() == "en"), None)
            tasks.spawn(self._save(path, raw), name="save pledges")

    async def _save(self, path: Path, raw: bytes) -> None:
        try:
            await asyncio.to_thread(path.write_bytes, raw)
        except OSError as why:
            if self.is_here():
                self._fail(t("存不下来：{why}", why=why.strerror or type(why).__name__))
            return
        if self.is_here():
            self.said.set_tone("ok")
            self.said.setText(t("存好了：{name}", name=path.name))
