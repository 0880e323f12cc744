"""C: the answer of a question into the clipboard, and the question ticked off, in one press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liveconsole.views.feed import COMMENT, FeedRow
from liveconsole.views.room_questions import AnswerableQuestion, SuggestedAnswer, alike
from ui import clipboard, i18n
from ui.clean import clean
from ui.i18n import t

if TYPE_CHECKING:
    from ui.panels.feed.asked import AskedNow
    from ui.panels.feed.view import FeedView


def in_words(answer: SuggestedAnswer) -> str:
    """The answer in the desk's language, in the other where nobody wrote that."""
    first, second = (answer.en, answer.zh) if i18n.language() == "en" else (answer.zh, answer.en)
    return first or second


def meant(
    asked: Sequence[AnswerableQuestion], focused: AnswerableQuestion | None, row: FeedRow | None
) -> AnswerableQuestion | None:
    """The question with an answer that is meant: the one that has the keyboard, the one that the framed
    comment asks, else the first that waits."""
    if focused is not None:
        return focused if focused.answer is not None else None
    answerable = [one for one in asked if one.answer is not None]
    if row is not None and row.kind == COMMENT:
        return next((one for one in answerable if alike(one.text, row.text)), None)
    return next((one for one in answerable if not one.answered), None)


class AnswerKey(QObject):
    """``given(data)`` is the ``question.answer`` of the question that C was pressed for; ``told`` says so."""

    given = Signal(dict)
    told = Signal(str, str)

    def __init__(self, asked: AskedNow, view: FeedView) -> None:
        super().__init__(asked)
        self._asked, self._view = asked, view

    def press(self) -> None:
        """Copy the answer of the question that is meant, and tick the question off."""
        one = meant(self._asked.questions, self._asked.focused, self._view.chosen)
        if one is None or one.answer is None:
            self.told.emit(t("这个问题还没有写好的回答"), "warn")
            return
        words = in_words(one.answer)
        clipboard.copy(words)
        said = {"question": clean(one.text, 20), "answer": clean(words, 60)}
        self.told.emit(t("已复制，「{question}」记为已回答：{answer}", **said), "ok")
        self.given.emit({"text": one.text, "reply": words})
