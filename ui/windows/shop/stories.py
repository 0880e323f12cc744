"""故事 in the shop window: the word that collects them, and each as a row and a card like a review's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseReview, CaseRow
from liveconsole.messages.state import StoriesState, StoryState
from liveconsole.messages.stories import KEYWORD_LONG
from liveconsole.messages.verdicts import WarnedWord
from ui.clean import clean
from ui.i18n import t
from ui.parts.written_line import WrittenLine
from ui.seat.seat import Seat
from ui.sheets.draft_check import DraftCheck
from ui.widgets import Chip, FilterChip, PlainLabel

STORIES: Final = "stories"
"""The group of them; its rows are the state's."""
OF_STORY: Final = "story/"
"""Begins the id of such a row; behind it stands the story's ``review_id``."""


class StoryBar(QWidget):
    """Over the list: which word is out. ``asked(type, data)``: another, or none any more."""

    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = False
        self.chip = Chip("", tone="warn", elide=True)
        self.line = WrittenLine(t("故事的口令"), t("主播说的口令，如：我的故事；回车开始收"), self._written)
        self.line.setMaxLength(KEYWORD_LONG)
        self.stop_key = FilterChip(t("不收了"), checkable=False)
        self.stop_key.clicked.connect(lambda _on=False: self._ask(None))
        self.heard = PlainLabel("", role="small", tone="fg1", elide=True)
        row, below = QHBoxLayout(), QHBoxLayout()
        for each in (row, below):
            each.setSpacing(10)
        row.addWidget(self.line, 1)
        row.addWidget(self.stop_key)
        below.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.heard, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 14, 9)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(below)

    def show_stories(self, stories: StoriesState) -> None:
        """Which word is out, and how many came with it."""
        word = clean(stories.keyword, KEYWORD_LONG)
        if stories.open:
            self.chip.show_as(t("在收：{word}", word=word), "ok")
        else:
            self.chip.show_as(t("收完了：{word}", word=word) if word else t("还没开始收"), "warn")
        self.stop_key.setVisible(stories.open)
        heard, kept = f"{stories.heard:,}", f"{len(stories.rows):,}"
        self.heard.setText(t("收到 {n} 条 · 列出 {kept} 人", n=heard, kept=kept) if word else "")

    def begin(self) -> None:
        """The keyboard goes into the word."""
        if self.isVisible():
            self.line.setFocus()
            self.line.selectAll()

    def _written(self) -> None:
        self._ask(self.line.text().strip() or None)
        self.line.clear()

    def _ask(self, keyword: str | None) -> None:
        data: dict[str, Any] = {"keyword": keyword}
        self.asked.emit("story.collect", data)


def rows_of(stories: StoriesState, text: str) -> list[CaseRow]:
    """The stories as rows of the list, those with ``text`` in them."""
    return [_row(one) for one in stories.rows if text.casefold() in one.text.casefold()]


def review_of(stories: StoriesState, case_id: str) -> CaseReview | None:
    """What is asked and shown of the chosen one; None where it is there no more."""
    found = _by_id(stories.rows, case_id)
    return None if found is None else CaseReview(found.review_id, found.text, found.agreed, [])


class StoryWords(QObject):
    """What the word lists find in the story that is chosen, asked as of any text before it leaves.

    ``show`` gets the story with what was found; a story that was answered for is not asked about again.
    """

    def __init__(self, seat: Seat, owner: QObject, show: Callable[[CaseReview], None]) -> None:
        super().__init__(owner)
        self._show = show
        self._story: CaseReview | None = None
        self._asked = ""
        self._found: list[str] = []
        self._check = DraftCheck(seat, self, self._answered)

    def look(self, story: CaseReview | None) -> CaseReview | None:
        """The story with what is known of it by now."""
        self._story = story
        if story is None:
            return None
        if story.text != self._asked:
            self._asked, self._found = story.text, []
            self._check.look("text", {"text": story.text}, typed=False)
        return replace(story, words=self._found)

    def _answered(self, words: Sequence[WarnedWord]) -> None:
        found = list(dict.fromkeys(clean(word.text) for word in words))
        if self._story is not None and found != self._found:
            self._found = found
            self._show(replace(self._story, words=found))


def _by_id(rows: Sequence[StoryState], case_id: str) -> StoryState | None:
    return next((one for one in rows if f"{OF_STORY}{one.review_id}" == case_id), None)


def _row(story: StoryState) -> CaseRow:
    said = "" if story.agreed is None else t("本人同意了") if story.agreed else t("本人不同意")
    return CaseRow(
        case_id=f"{OF_STORY}{story.review_id}",
        group="review",
        kind="story",
        order_id="",
        reason=said or t("还没问过本人"),
        title=story.text,
        buyer=story.name or story.viewer_id,
    )
