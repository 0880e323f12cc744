"""评论台: what is wished for, answers, and who is hidden, a part each; 1, 2, 3 turn between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.i18n import t
from ui.panels.comments.hidden import HiddenPeople
from ui.panels.comments.library import AnswerLibrary
from ui.panels.comments.wished import WishedFor
from ui.parts.room_asks import RoomAsks
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel
from ui.widgets.segments import Segments

PARTS: Final = ("wishes", "answers", "hidden")


class CommentSheet(Sheet):
    """``propose(kind, product_id)`` is called for a wish that is to be met."""

    SECTIONS: ClassVar = ("cart", "catalogue", "notes")

    def __init__(
        self,
        seat: Seat,
        room: RoomView,
        groups: dict[str, str],
        propose: Callable[[str, str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("评论台"), parent)
        self.said = PlainLabel("", role="small", tone="ok", lines=0)
        self.parts = Segments((("wishes", t("观众想要")), ("answers", t("回答")), ("hidden", t("禁言"))))
        self.parts.setAccessibleName(t("看哪一样"))
        self.wishes = WishedFor(propose)
        self.answers = AnswerLibrary(seat, self.said, groups)
        self.hidden = HiddenPeople(seat, self.said)
        self._pages: tuple[QWidget, ...] = (self.wishes, self.answers, self.hidden)
        self._asks = RoomAsks(self)
        self._asks.ask_with(seat.questions)
        self._asks.wished.connect(self.wishes.show_wishes)
        self.parts.chosen_by_hand.connect(self.turn)
        for each in (self.parts, self.said, *self._pages):
            self.body.addWidget(each)
        self._show_page(0)
        self.body.addStretch(1)
        self.show_room(room, seat.now())

    def turn(self, part: str) -> None:
        """Show another part."""
        self.parts.choose(part)
        self._show_page(PARTS.index(part))
        self.said.setText("")

    def _show_page(self, index: int) -> None:
        """The sheet is as high as the part that is shown, not as the highest."""
        for place, page in enumerate(self._pages):
            page.setVisible(place == index)

    def write_answer(self, question: str) -> None:
        """Write an answer to this question."""
        self.turn("answers")
        self.answers.begin(question)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The room has changed."""
        for page in (self.wishes, self.answers, self.hidden):
            page.show_room(room)

    def tick(self, now: datetime) -> None:
        """Every other second the engine is asked what is wished for."""
        self._asks.tick(now.timestamp())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        if not event.modifiers() and 0 <= place < len(PARTS):
            self.turn(PARTS[place])
        else:
            super().keyPressEvent(event)
