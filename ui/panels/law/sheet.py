"""法规 in the right column: checks, reviews, licences, warnings, a part each; 1 to 4 turn between them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.beside.evidence_run import EvidenceRun
from ui.clean import clean
from ui.i18n import t
from ui.panels.law.checks import LawChecks
from ui.panels.law.reviewing import Reviews
from ui.panels.law.rights_list import RightsList
from ui.panels.law.warned import WarnedCards
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, button
from ui.widgets.segments import Segments

PARTS: Final = ("checks", "reviews", "rights", "warned")


class LawSheet(Sheet):
    """``evidence`` writes the file of the broadcast; without it this desk is at another machine's engine."""

    SIZE: ClassVar = (620, 1200)
    SECTIONS: ClassVar = ("room", "law", "catalogue", "health", "broadcast")

    def __init__(
        self,
        seat: Seat,
        role: str,
        room: RoomView,
        evidence: EvidenceRun | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("法规"), parent)
        self._evidence = evidence
        self.said = PlainLabel("", role="small", tone="ok", lines=0)
        self.parts = Segments(
            (("checks", t("检查")), ("reviews", t("三级审核")), ("rights", t("授权")), ("warned", t("警告")))
        )
        self.parts.setAccessibleName(t("看哪一样"))
        self.checks = LawChecks()
        self.reviews = Reviews(seat, self.said, role)
        self.rights = RightsList(seat, self.said, role)
        self.warned = WarnedCards(seat, self.said)
        self._pages: dict[str, QWidget] = dict(
            zip(PARTS, (self.checks, self.reviews, self.rights, self.warned), strict=True)
        )
        self.parts.chosen_by_hand.connect(self.turn)
        for each in (self.parts, self.said, *self._pages.values()):
            self.body.addWidget(each)
        self.body.addStretch(1)
        self.keep = button(t("这一场存成一个封存文件"))
        self.keep.clicked.connect(self.keep_evidence)
        if evidence is not None and role in ("host", "operator"):
            self.add_foot(self.keep)
            evidence.done.connect(self._kept)
        self.turn(PARTS[0])
        self.show_room(room, seat.now())

    def turn(self, part: str) -> None:
        """Show another part."""
        self.parts.choose(part)
        for name, page in self._pages.items():
            page.setVisible(name == part)
        self.said.setText("")

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The room has changed."""
        mine = room.only(*self.SECTIONS)
        self.keep.setEnabled(mine.broadcast.number > 0)
        for page in (self.checks, self.reviews, self.rights, self.warned):
            page.show_room(mine)

    def keep_evidence(self) -> None:
        """Write the file of this broadcast, the last one where none is open."""
        if self._evidence is not None and not self._evidence.running:
            self._say(t("正在写…"), "fg1")
            self._evidence.start()

    def _kept(self, folder: str, why: str) -> None:
        if self.is_here():
            self._say(
                t("写好了：{folder}", folder=folder) if folder else clean(why, 300),
                "ok" if folder else "live",
            )

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(PARTS) and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.turn(PARTS[place])
            event.accept()
            return
        super().keyPressEvent(event)
