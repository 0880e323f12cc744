"""Words looked at before they leave: what a person types is asked about while it is typed.

The engine has the lists, reads them again when they change, and judges; here it is only shown. Nothing is
refused because of a word: who keeps one that was warned of presses once more, and that stands on the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from liveconsole import tasks
from ui import theme
from ui.i18n import t
from ui.panels.composer.counsel import Advice, advice_of, terms_of
from ui.seat import Seat

Json = Mapping[str, Any]
Draft = tuple[str, dict[str, Any]]
"""A type and its data, as ``POST /v1/judge`` takes them."""

TYPED_MS: Final = 200
"""How long after the last keystroke the engine is asked."""
AT_ONCE: Final = 200
"""Rows of one question: a thousand titles at once would hold up whoever asks for a price meanwhile."""


class Wording(QObject):
    """Asks about one draft; only the answer to the newest counts. Belongs to the widget it is made for.

    Args:
        show: gets the ``words`` of the answer, the same again included.
    """

    def __init__(self, seat: Seat, owner: QObject, show: Callable[[list[Json]], None]) -> None:
        super().__init__(owner)
        self._seat, self._show = seat, show
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
        said = await self._seat.judge(type_, data)
        # What was typed since is looked at by a later round.
        if asked_in == self._round and shiboken6.isValid(self):
            self.answered(said or {})

    def answered(self, said: Json) -> None:
        """The engine's answer to the newest draft; an empty one where nobody can be asked."""
        warned = set(self.terms)
        self.terms, self._fresh = terms_of(said), True
        self._show(list(said.get("words") or ()))
        go, stop = self._go, self._stop
        self._go = self._stop = None
        if go is not None and stop is not None:
            (go if warned.issuperset(self.terms) else stop)()


def once_more() -> str:
    """What a sheet says that was about to send a word which nobody has seen the warning of."""
    return t("有要留意的词：照用就再按一次，会记进日志")


def word_advice(words: Sequence[Json]) -> list[Advice]:
    """What was found, as a person reads it."""
    return advice_of({"words": words})


async def look_at_rows(
    seat: Seat, type_: str, name: str, rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[int, str], list[str]]:
    """Findings of a list of rows, by place: the sentence for a row, and every word that was found.

    Args:
        name: the field of the command that holds the rows, such as ``products``.
    """
    found: dict[int, str] = {}
    terms: list[str] = []
    for first in range(0, len(rows), AT_ONCE):
        said = await seat.judge(type_, {name: list(rows[first : first + AT_ONCE])})
        if said is None:
            break
        for advice in word_advice(said.get("words") or ()):
            place = advice.field.split(".")[1:2]
            if place and place[0].isdigit():
                at = first + int(place[0])
                found[at] = f"{found[at]}\n{advice.text}" if at in found else advice.text
        terms += terms_of(said)
    return found, list(dict.fromkeys(terms))


def mark_words(editor: QPlainTextEdit, words: Sequence[Json]) -> None:
    """Underline what was found in an editor, with a wave: colour is not the only sign."""
    text = editor.toPlainText()
    marks = []
    for word in words:
        start, end = int(word.get("start", 0)), int(word.get("end", 0))
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
