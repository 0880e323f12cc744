"""The comment desk of a seat: its sheet, and the keys with which somebody is hidden."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from liveconsole.messages.rights import may
from ui.clean import clean
from ui.i18n import t
from ui.panels.comments import CommentSheet
from ui.panels.feed import FeedPanel
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.commands import SeatCommands
from ui.windows.sheets import SheetOpener

_SECONDS: Final = 8.0


class DeskComments(QObject):
    """Hiding somebody takes one press and is undone by another: it is of eyes alone."""

    def __init__(
        self,
        seat: Seat,
        commands: SeatCommands,
        sheets: SheetOpener,
        side: SideStack,
        feed: FeedPanel,
        notice: Notice,
    ) -> None:
        super().__init__(side)
        self._seat, self._commands, self._sheets = seat, commands, sheets
        self._side, self._feed, self._notice = side, feed, notice
        feed.view.mute_asked.connect(self.mute)

    def open(self) -> None:
        """The sheet; once more closes it."""
        room = self._commands.room
        if isinstance(self._side.sheet, CommentSheet):
            self._side.close_sheet()
        elif room is not None and not self._commands.locked and may(self._commands.role, "viewer.mute"):
            sheet = CommentSheet(self._seat, room, self._feed.group_names, self._propose)
            self._side.open_sheet(sheet)

    def mute(self, viewer_id: str, name: str, block: bool) -> None:
        """M or B on a comment."""
        if not may(self._commands.role, "viewer.mute"):
            return
        who = clean(name, 24) or t("这个人")
        words = t("已拉黑 {who}，以后也不显示", who=who) if block else t("已禁言 {who}，本场不显示", who=who)

        def told(answer: Answer) -> None:
            if answer.ok:
                self._notice.tell(words, "ok", seconds=_SECONDS, action=t("解除"), then=back)

        def back() -> None:
            self._commands.ask("viewer.unmute", {"viewer_id": viewer_id}, "feed")

        self._commands.ask("viewer.mute", {"viewer_id": viewer_id, "block": block}, "feed", told)

    def _propose(self, kind: str, product_id: str) -> None:
        """A wish is to be met: the sheet for it, filled in. A person says yes to it, or does not."""
        if kind == "more":
            self._sheets.stock(product_id)
            return
        sheet = self._sheets.compose()
        if sheet is not None:
            sheet.begin_with(product_id)
