"""Words looked at before they leave: what a person types is asked about while it is typed.

The engine has the lists, reads them again when they change, and judges; here it is only shown. Nothing is
refused because of a word: who keeps one that was warned of presses once more, and that stands on the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from liveconsole import tasks
from liveconsole.messages.verdicts import Verdict, WarnedWord
from ui import theme
from ui.alive import alive
from ui.i18n import t
from ui.seat.seat import Seat
from ui.sheets.advice import AdviceLine, advice_of, warned_of

Draft = tuple[str, dict[str, Any]]
"""A type and its data, as ``POST /v1/judge`` takes them."""

TYPED_MS: Final = 200
"""How long after the last keystroke the engine is asked."""
AT_ONCE: Final = 200
LETTERS_AT_ONCE: Final = 8_000
"""Rows and letters of one question: more would hold up whoever asks for a price meanwhile."""
TERMS_LIMIT: Final = 100
"""Words that one ``override`` names (`messages.fields.Override`)."""
_SAID: Final = ("title", "points", "script", "conditions", "cues")
"""What of a row is read or heard by others; the rest of it need not travel."""


class DraftCheck(QObject):
    """Asks about one draft; only the answer to the newest counts. Belongs to the widget it is made for.

    Args:
        show: gets the ``words`` of the answer, the same again included.
        rows: the field of the draft that holds a list, which is asked about piece by piece.
    """

    def __init__(
        self, seat: Seat, owner: QObject, show: Callable[[list[WarnedWord]], None], *, rows: str = ""
    ) -> None:
        super().__init__(owner)
        self._seat, self._show, self._rows = seat, show, rows
        self._draft: Draft | None = None
        self._round = 0
        self._fresh = True
        self._go: Callable[[], None] | None = None
        self._stop: Callable[[], None] | None = None
        self.terms: list[str] = []
        """The words that were warned of and stand there still: what an ``override`` names."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPED_MS)
        self._timer.timeout.connect(self._ask)

    def look(self, type: str, data: dict[str, Any], *, typed: bool = True) -> None:
        """Ask about this, in a moment. ``typed`` is False for what stood there before: it may be kept
        without waiting for the answer."""
        self._draft = (type, data)
        self._round += 1
        self._fresh = self._fresh and not typed
        self._timer.start()

    def forget(self) -> None:
        """Nothing stands there any more."""
        self._round += 1
        self._timer.stop()
        self._draft, self._fresh, self.terms = None, True, []
        self._show([])

    def settle(self, go: Callable[[], None], stop: Callable[[], None]) -> None:
        """Go on with what was looked at: at once where it was, else as soon as it is.

        ``stop`` instead, where the answer brings a word that the person has not been warned of yet.
        """
        if self._fresh:
            go()
            return
        self._go, self._stop = go, stop
        self._timer.stop()
        self._ask()

    def _ask(self) -> None:
        if self._draft is not None:
            tasks.spawn(self._judge(self._round, *self._draft), name="look at words")

    async def _judge(self, asked_in: int, type_: str, data: dict[str, Any]) -> None:
        said = await (self._in_pieces(type_, data) if self._rows else self._seat.judge(type_, data))
        # What was typed since is looked at by a later round.
        if shiboken6.isValid(self) and asked_in == self._round:
            self.answered(said or Verdict())

    async def _in_pieces(self, type_: str, data: dict[str, Any]) -> Verdict:
        asked_in = self._round
        words: list[WarnedWord] = []
        bare = [{name: row[name] for name in _SAID if name in row} for row in data[self._rows]]
        for first, rows in _pieces(bare):
            said = await alive(self, self._seat.judge(type_, {self._rows: rows}))
            if said is None or asked_in != self._round:
                break
            words += [_behind(word, first) for word in said.words]
        return Verdict(words=words)

    def answered(self, said: Verdict) -> None:
        """The engine's answer to the newest draft; an empty one where nobody can be asked."""
        warned = set(self.terms)
        self.terms, self._fresh = warned_of(said)[:TERMS_LIMIT], True
        self._show(said.words)
        go, stop = self._go, self._stop
        self._go = self._stop = None
        if go is not None and stop is not None:
            (go if warned.issuperset(self.terms) else stop)()


def once_more() -> str:
    """What a sheet says that was about to send a word which nobody has seen the warning of."""
    return t("有要留意的词：照用就再按一次，会记进日志")


def word_advice(words: list[WarnedWord]) -> list[AdviceLine]:
    """What was found, as a person reads it."""
    return advice_of(Verdict(words=words))


def by_row(words: list[WarnedWord]) -> dict[int, str]:
    """What was found in a list, by the place of its row: a sentence a line."""
    found: dict[int, str] = {}
    for advice in word_advice(words):
        place = advice.field.split(".")[1:2]
        if place and place[0].isdigit():
            at = int(place[0])
            found[at] = f"{found[at]}\n{advice.text}" if at in found else advice.text
    return found


def _pieces(rows: Sequence[Any]) -> Iterator[tuple[int, list[Any]]]:
    """The rows in pieces, each with the place of its first."""
    first, size, piece = 0, 0, list[Any]()
    for row in rows:
        long = len(str(row))
        if piece and (len(piece) == AT_ONCE or size + long > LETTERS_AT_ONCE):
            yield first, piece
            first, size, piece = first + len(piece), 0, []
        piece.append(row)
        size += long
    if piece:
        yield first, piece


def _behind(word: WarnedWord, first: int) -> WarnedWord:
    """The finding of a piece as one of the whole list."""
    parts = (word.field or "").split(".")
    if len(parts) < 2 or not parts[1].isdigit():
        return word
    parts[1] = str(int(parts[1]) + first)
    return replace(word, field=".".join(parts))


def mark_words(editor: QPlainTextEdit, words: Sequence[WarnedWord]) -> None:
    """Underline what was found in an editor, with a wave: colour is not the only sign."""
    text = editor.toPlainText()
    marks = []
    for word in words:
        start, end = word.start, word.end
        if not 0 <= start < end <= len(text):
            continue
        mark = QTextEdit.ExtraSelection()
        mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        mark.format.setUnderlineColor(theme.colour("warn"))
        mark.cursor = QTextCursor(editor.document())
        mark.cursor.setPosition(_utf16(text, start))
        mark.cursor.setPosition(_utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        marks.append(mark)
    editor.setExtraSelections(marks)


def _utf16(text: str, place: int) -> int:
    """Where a letter stands in a Qt document, which counts in UTF-16."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
