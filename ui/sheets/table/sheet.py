"""A sheet that brings a table in: read off the Qt thread, looked at row by row, taken when one says so."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from liveconsole.intake.tables import (
    FILE_LIMIT,
    NOTHING_SAID,
    Choice,
    Columns,
    Table,
    TableRefused,
    TableRow,
    key_of,
    read_table,
    said_of,
    understood,
)
from ui.i18n import language, t
from ui.sheets.sheet import Sheet
from ui.sheets.table.preview import Preview
from ui.sheets.table.source import TableInput
from ui.sheets.table.taken import Taken
from ui.widgets import PlainLabel, button

SMALL = 16_000
"""Characters of a paste that is understood at once; a longer one does not keep the desk waiting."""


class Understood(Protocol):
    """A table as it was understood."""

    @property
    def columns(self) -> Columns: ...


class Kept(Protocol):
    """Where what people have said of columns is remembered."""

    @property
    def columns(self) -> Mapping[str, Choice]: ...

    def keep_columns(self, key: str, said: Choice) -> None:
        """For tables with this header from now on."""


Found = TypeVar("Found", bound=Understood)


class TableSheet(Sheet, Generic[Found]):
    """`Found`: what a table is understood as."""

    def __init__(
        self,
        title: str,
        hint: str,
        names: Mapping[str, tuple[str, str]],
        kept: Kept,
        parent: QWidget | None = None,
    ) -> None:
        """``names``: column → how it is called, in Chinese and in English."""
        super().__init__(title, parent)
        self._kept = kept
        self.source, self.preview = TableInput(title, hint), Preview(title)
        english = language() == "en"
        self.taken = Taken({column: words[english] for column, words in names.items()})
        self.taken.hide()
        self.taken.said.connect(self._columns_told)
        self._by_letter: Choice = NOTHING_SAID
        self.text, self.count = self.source.text, self.preview.count
        self.found: Found | None = None
        self._table: Table | None = None
        self._content, self._name = b"", ""
        self._folder: Path | None = None
        self._turn = 0
        self._finished = self._reading = self.sending = False
        self.said = PlainLabel("", tone="live", lines=0)
        self.said.hide()
        self.put = button("", "primary")
        self.put.setEnabled(False)
        self.put.clicked.connect(self._pressed)
        self.source.pasted.connect(self.read)
        self.source.path_given.connect(lambda path: self.open_file(Path(path)))
        self.source.sheet_chosen.connect(self._other_sheet)
        self.source.put_away.connect(self._without_file)
        self.body.addWidget(self.source)
        self.body.addWidget(self.taken)
        self.body.addWidget(self.preview, 1)
        self.setAcceptDrops(True)

    # What another kind of table says ------------------------------------------------------------------

    @abstractmethod
    def reading(self) -> Callable[[str | Table, Choice], Found]:
        """How a paste or a table is understood, with all that it needs: it may run on another thread."""

    def is_wanted(self, lines: Sequence[TableRow]) -> bool:
        """Whether a sheet of a workbook is the one to read."""
        return bool(lines)

    def asks(self) -> str:
        """Why `found` is nothing before somebody says what its columns are; ``""``: it is."""
        return ""

    def shows_columns(self) -> bool:
        """Whether what stands there has columns to speak of."""
        return True

    @abstractmethod
    def show_found(self) -> None:
        """Show `found` in the preview and on the key."""

    @abstractmethod
    def bring_in(self) -> None:
        """The person has said so."""

    def understanding(self) -> Callable[[str | Table], Found]:
        """`reading`, with what people have said of the columns."""
        read, choices, by_letter = self.reading(), self._kept.columns, self._by_letter
        return lambda given: understood(lambda said: read(given, said), choices, by_letter)

    def _columns_told(self, said: Choice) -> None:
        assert self.found is not None
        key = key_of(self.found.columns)
        if key:
            self._kept.keep_columns(key, said)
        else:
            self._by_letter = dict(said)
        if not self.busy:
            self.read()

    # Reading ------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Understand what stands there anew and show it row by row."""
        self._turn += 1
        self.source.settle()
        understand = self.understanding()
        if self._table is None and len(self.text.toPlainText()) <= SMALL:
            self._understood(understand(self.text.toPlainText()))
            return
        given = self._table or self.text.toPlainText()
        self._reading = True
        tasks.spawn(self._read_later(self._turn, lambda: understand(given)), name="understand a table")

    def settled(self) -> bool:
        """Whether what stands there is what was understood: what was typed a moment ago is read first. A long
        paste takes longer, and waits for another press."""
        if self.source.settle():
            self._reading = True
            self.read()
        return not self._reading

    async def _read_later(self, turn: int, work: Callable[[], Found]) -> None:
        found = await asyncio.to_thread(work)
        if self.is_here() and turn == self._turn:
            self._understood(found)

    def _understood(self, found: Found) -> None:
        self.found = found
        self._finished = self._reading = False
        self.say("")
        if self.shows_columns():
            said = said_of(found.columns, self._kept.columns, self._by_letter)
            self.taken.show_columns(found.columns, said, asked=self.asks())
        else:
            self.taken.hide()
        self.show_found()

    def open_file(self, path: Path) -> None:
        """Read a file in place of what was pasted."""
        self._name, self._by_letter, self._folder = path.name, NOTHING_SAID, path.parent
        tasks.spawn(self._open(path, None), name="read a table")

    def _other_sheet(self, sheet: str) -> None:
        tasks.spawn(self._open(None, sheet), name="read a sheet")

    async def _open(self, path: Path | None, sheet: str | None) -> None:
        self._turn += 1
        turn, understand, content, name = self._turn, self.understanding(), self._content, self._name

        def work() -> tuple[bytes, Table, Found]:
            held = content if path is None else _bytes(path)
            table = read_table(held, name, sheet, self.is_wanted)
            return held, table, understand(table)

        self.source.show_reading(name)
        try:
            held, table, found = await asyncio.to_thread(work)
        except (TableRefused, OSError) as why:
            if self.is_here() and turn == self._turn:
                self.source.show_reading("")
                self.say(_why(why))
            return
        if not self.is_here() or turn != self._turn:
            return
        self.source.show_reading("")
        self._content, self._table = held, table
        self.source.show_file(name, table)
        self._understood(found)
        focus = QApplication.focusWidget()
        if self.put.isEnabled() and focus is not None and self.source.isAncestorOf(focus):
            self.put.setFocus()  # so that the next key is for what was read

    def _without_file(self) -> None:
        self._content, self._table, self._by_letter, self._folder = b"", None, NOTHING_SAID, None
        self.source.show_file("", None)
        self.text.setFocus()
        self.read()

    def file_given(self) -> tuple[bytes, str, Path | None]:
        """The file that stands there: its bytes, the sheet that was read, the folder in which it lies. None
        for a paste."""
        return self._content, self._table.sheet if self._table is not None else "", self._folder

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.source.dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self.source.dropped(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.open_file(Path(path))

    # Taking -------------------------------------------------------------------------------------------

    def _pressed(self) -> None:
        if self._finished:
            self.close_sheet()
        else:
            self.bring_in()

    def finish(self, words: str) -> None:
        """What was asked for is done: say what came of it; the key closes the sheet now."""
        self._finished, self.sending = True, False
        self.say(words, "ok")
        self.put.setText(t("完成"))
        self.put.setEnabled(True)
        self.put.setFocus()

    @property
    def busy(self) -> bool:
        """Whether rows are on their way or have arrived: they are not read anew under the person's hands."""
        return self._finished or self.sending

    def stop(self, words: str) -> None:
        """It came to nothing, or to less than was asked for."""
        self.sending = False
        self.say(words)
        self.put.setEnabled(True)

    def say(self, words: str, tone: str = "live") -> None:
        """Above the key; ``""`` takes it away."""
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(FILE_LIMIT + 1)


def _why(why: TableRefused | OSError) -> str:
    if isinstance(why, TableRefused):
        return why.reason(english=language() == "en")
    return t("打不开：{why}", why=why.strerror or type(why).__name__)
