"""Where a table comes from: pasted, typed as a path, chosen, or dragged here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer, QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from liveconsole.intake.tables import Table
from ui.i18n import t
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel, button, set_tip
from ui.widgets.files import choose_file

READ_AFTER_MS = 150
TOLD_AFTER_MS = 400
"""A file that takes longer is said to be read."""


class TableInput(QWidget):
    """Knows no rows. A file stands in place of the paste until it is put away."""

    pasted = Signal()
    """What stands in the field has changed and has rested for a moment."""
    path_given = Signal(str)
    """A file is to be read."""
    sheet_chosen = Signal(str)
    """Another sheet of the workbook is to be read."""
    put_away = Signal()
    """The file is to be forgotten, and what was pasted holds again."""

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(name)
        self.text.setPlaceholderText(hint)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(110)
        # What is dropped here is a file for the sheet, not an address for the field.
        self.text.setAcceptDrops(False)
        self.text.viewport().setAcceptDrops(False)
        self._rested = QTimer(self)
        self._rested.setSingleShot(True)
        self._rested.setInterval(READ_AFTER_MS)
        self._rested.timeout.connect(self.pasted)
        self.text.textChanged.connect(self._rested.start)
        self.path = QLineEdit()
        self.path.setAccessibleName(t("文件路径"))
        self.path.setPlaceholderText(t("文件路径，回车读取"))
        set_tip(self.path, self.path.placeholderText())
        self.path.returnPressed.connect(self._typed)
        self.pick = button(t("从文件导入…"), icon="box")
        self.pick.clicked.connect(self._pick)
        self.reading = PlainLabel("", role="small", tone="fg1", lines=0)
        self.reading.hide()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(TOLD_AFTER_MS)
        self._late.timeout.connect(self.reading.show)
        self.name = PlainLabel("", elide=True)
        self.sheets = ChoiceBox()
        self.sheets.setAccessibleName(t("工作表"))
        self.sheets.activated.connect(self._sheet_chosen)
        self.away = button("", "quiet", icon="cross")
        self.away.setAccessibleName(t("不用这个文件"))
        set_tip(self.away, t("不用这个文件"))
        self.away.clicked.connect(self.put_away)
        self._file = QWidget()
        self._build()
        self.show_file("", None)

    def _build(self) -> None:
        file = QHBoxLayout(self._file)
        file.setContentsMargins(0, 0, 0, 0)
        file.setSpacing(8)
        file.addWidget(self.name, 1)
        file.addWidget(self.sheets)
        file.addWidget(self.away)
        given = QHBoxLayout()
        given.setSpacing(8)
        given.addWidget(self.path, 1)
        given.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self._file)
        column.addLayout(given)
        column.addWidget(self.reading)
        for first, then in ((self.text, self.path), (self.path, self.pick)):
            QWidget.setTabOrder(first, then)

    def settle(self) -> bool:
        """Whether something was typed that has not been told of yet; it is not told again."""
        waits = self._rested.isActive()
        self._rested.stop()
        return waits

    def show_reading(self, name: str) -> None:
        """A file is being read; said when it takes a while. ``""``: it is no longer."""
        self.reading.setText(t("正在读 {name}…", name=name) if name else "")
        if name:
            self._late.start()
        else:
            self._late.stop()
            self.reading.hide()

    def show_file(self, name: str, table: Table | None) -> None:
        """The file that stands in place of the paste, None: there is none."""
        self.name.setText(t("文件：{name}", name=name) if table is not None else "")
        sheets = table.sheets if table is not None else ()
        self.sheets.set_items([(sheet, sheet) for sheet in sheets])
        if table is not None:
            self.sheets.choose(table.sheet)
        self.sheets.setVisible(len(sheets) > 1)
        self._file.setVisible(table is not None)
        self.text.setVisible(table is None)

    def dropped(self, data: QMimeData) -> str:
        """The path of the first file that is dragged; ``""`` when none is."""
        return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")

    def _typed(self) -> None:
        path = as_path(self.path.text())
        if path:
            self.path_given.emit(path)

    def _sheet_chosen(self) -> None:
        if self.sheets.chosen is not None:
            self.sheet_chosen.emit(self.sheets.chosen)

    def _pick(self) -> None:
        kinds = [t("表格 (*.xlsx *.xls *.xlsb *.et *.ods *.csv *.tsv *.txt *.html)"), t("所有文件 (*)")]
        choose_file(self, t("从文件导入"), kinds, self.path_given.emit)


def as_path(typed: str) -> str:
    """A path as people paste it: in the quotation marks of Explorer, as an address, from the home folder."""
    path = typed.strip().strip("\"'")
    if path.startswith("file:"):
        path = QUrl(path).toLocalFile()
    return str(Path(path).expanduser()) if path else ""
