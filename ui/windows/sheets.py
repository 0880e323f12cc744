"""Which sheet opens for what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from liveconsole.messages.rights import actor_of, may
from liveconsole.messages.state import CueState
from liveconsole.tasks import spawn
from ui.beside.evidence_run import EvidenceRun
from ui.beside.report_run import ReportRun
from ui.clean import clean
from ui.i18n import t
from ui.kinds.phrases import between
from ui.panels.composer import ComposerSheet
from ui.panels.composer.card import CardSheet
from ui.panels.feed.person import ViewerSheet
from ui.panels.law import LawSheet, QualificationSheet
from ui.panels.notes.handover import HandoverSheet
from ui.panels.owed.measure import MeasureSheet
from ui.panels.products import DifferencesSheet, LimitSheet, PictureSheet, ProductsSheet, StockSheet
from ui.panels.queue.places import PlacesSheet, listed
from ui.panels.queue.winners import WinnersSheet
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.advice import AdviceList
from ui.sheets.draft_check import DraftCheck, word_advice
from ui.sheets.sheet import Sheet, SideStack
from ui.tour import Tour
from ui.widgets import PlainLabel, button, set_tip
from ui.windows.commands import SeatCommands
from ui.windows.help import KeysSheet
from ui.words.sources import source_name

_SOURCES: Final = 6
"""Sources that a bag can be handed over to by a key."""


class StopBagSheet(Sheet):
    """A bag is stopped with a reason, which everybody is shown."""

    def __init__(
        self, seat: Seat, cue_id: str, commands: SeatCommands, parent: QWidget | None = None
    ) -> None:
        super().__init__(t("停掉福袋"), parent)
        self._cue_id, self._commands = cue_id, commands
        self.no_more: QPushButton | None = None
        """Of a series: the present bag is its last."""
        self._offer_last()
        said = t("停掉就不开奖了。原因会公示，也写进日志。")
        if self._between():
            said = t("开过的照常领奖，后面的不再发。原因会公示，也写进日志。")
        self.body.addWidget(PlainLabel(said, tone="fg1", lines=0))
        self.reason = QLineEdit()
        self.reason.setMaxLength(100)
        self.reason.setAccessibleName(t("原因"))
        self.reason.setPlaceholderText(t("原因"))
        self.body.addWidget(self.reason)
        self.counsel = AdviceList()
        self.wording = DraftCheck(seat, self, lambda words: self.counsel.show_advice(word_advice(words)))
        self.body.addWidget(self.counsel)
        self.stop = button(t("后面的不发了") if self._between() else t("停掉，不开奖"), "danger")
        self.stop.setEnabled(False)
        self.reason.textChanged.connect(self._look)
        self.stop.clicked.connect(self.submit)
        self.body.addWidget(self.stop)
        self.sources: dict[str, QPushButton] = {}
        """Another source of comments → the key that hands the bag over to it."""
        self._offer_sources()
        self.body.addStretch(1)

    def _cue(self) -> CueState | None:
        room = self._commands.room
        return room.cues.get(self._cue_id) if room is not None else None

    def _between(self) -> bool:
        cue = self._cue()
        return cue is not None and between(cue)

    def _offer_last(self) -> None:
        """Those who have entered the present bag of a series keep their draw."""
        cue = self._cue()
        if cue is None or cue.series is None or not cue.series.more or between(cue):
            return
        said = t("这是第 {n}/{of} 个。已经参与的人等着开奖：", n=cue.series.bag, of=cue.series.count)
        self.body.addWidget(PlainLabel(said, tone="fg1", lines=0))
        self.no_more = button(t("这个照常开奖，后面的不发"))
        self.no_more.clicked.connect(self._make_last)
        self.body.addWidget(self.no_more)

    def _make_last(self) -> None:
        self._commands.no_more(self._cue_id, self.reason.text().strip())
        self.close_sheet()

    def _offer_sources(self) -> None:
        """Where comments come by another way now, the bag need not be stopped."""
        room = self._commands.room
        cue = room.cues.get(self._cue_id) if room is not None else None
        if room is None or cue is None or not cue.source:
            return
        heard = [source.source for source in room.health.sources if source.comments is True]
        others = [source for source in heard if source != cue.source]
        if not others:
            return
        said = t("现在只认 {source} 的口令。换了采集工具？不用停：", source=source_name(cue.source))
        self.body.addWidget(PlainLabel(said, tone="fg1", lines=0))
        for source in others[:_SOURCES]:
            key = self.sources[source] = button(t("改认 {source}", source=source_name(source)))
            set_tip(key, clean(source, 80))
            key.clicked.connect(partial(self._hand_over, source))
            self.body.addWidget(key)

    def _hand_over(self, source: str) -> None:
        self._commands.hand_over(self._cue_id, source)
        self.close_sheet()

    def _look(self) -> None:
        reason = self.reason.text().strip()
        self.stop.setEnabled(bool(reason))
        self.wording.look("cue.stop", {"cue_id": self._cue_id, "reason": reason})

    def submit(self) -> None:
        """Stop it; a reason with a word that nobody has seen the warning of waits for another press."""
        self.wording.settle(self._stop, lambda: None)

    def _stop(self) -> None:
        self._commands.stop(self._cue_id, self.reason.text().strip(), self.wording.terms)
        self.close_sheet()


class SheetOpener(QObject):
    """Opens sheets in the right column and keeps the open one up to date."""

    def __init__(
        self, seat: Seat, role: str, commands: SeatCommands, side: SideStack, folder: Path | None = None
    ) -> None:
        super().__init__(side)
        self._seat, self._role, self._commands, self._side = seat, role, commands, side
        self._folder = folder
        # Files are written where the data folder lies: not from a desk at another machine's engine.
        self.report = ReportRun(folder, self) if folder is not None else None
        self.evidence = EvidenceRun(folder, self) if folder is not None else None
        self._was_open = False
        self.tour: Tour | None = None
        self.why_not: Callable[[str], str] = lambda _name: ""

    @property
    def _room(self) -> RoomView | None:
        return self._commands.room

    SECTIONS: Final = ("broadcast",)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """The broadcast has changed; at its close what is left to do comes up by itself."""
        if self._was_open and room.broadcast.status == "closed":
            self.handover()
        self._was_open = room.is_open

    def show_room(self, room: RoomView, moved: frozenset[str], now: datetime) -> None:
        """The open sheet is shown what has moved of what it reads."""
        sheet = self._side.sheet
        if sheet is not None and not moved.isdisjoint(sheet.SECTIONS):
            sheet.show_room(room.only(*sheet.SECTIONS), now)

    def tick(self, now: datetime) -> None:
        """Time has passed."""
        if self._side.sheet is not None:
            self._side.sheet.tick(now)

    def viewer(self, viewer_id: str, name: str) -> ViewerSheet | None:
        """The card of whoever stands in a row of the feed."""
        if actor_of(self._role) not in ("host", "operator", "assistant"):
            return None
        sheet = ViewerSheet(self._seat, self._role, viewer_id, name)
        self._side.open_sheet(sheet)
        if self._room is not None:
            sheet.show_room(self._room, self._seat.now())
        spawn(self._fill_card(sheet, viewer_id), name="viewer's card")
        return sheet

    async def _fill_card(self, sheet: ViewerSheet, viewer_id: str) -> None:
        card = await self._seat.viewer(viewer_id)
        if sheet.is_here():
            sheet.show_card(card)

    def compose(self) -> ComposerSheet | None:
        """Prepare a new promotion."""
        return self._composer(None)

    def edit(self, cue_id: str) -> bool:
        """Change a waiting one."""
        return self._composer(cue_id) is not None

    def _composer(self, cue_id: str | None) -> ComposerSheet | None:
        room = self._room
        cue = room.cues.get(cue_id) if room and cue_id else None
        if room is None or self._commands.locked or (cue_id is not None and cue is None):
            return None
        sheet = ComposerSheet(self._seat, self._role, room, cue=cue)
        self._side.open_sheet(sheet)
        sheet.begin()
        return sheet

    def products(self) -> None:
        """Bring products in."""
        if not self._commands.locked:
            sheet = ProductsSheet(self._seat)
            self._side.open_sheet(sheet)
            sheet.text.setFocus()

    def stock(self, product_id: str) -> None:
        """加单."""
        if self._room is not None and not self._commands.locked:
            self._side.open_sheet(StockSheet(self._seat, product_id, self._room))

    def limit(self, product_id: str) -> None:
        """本场上限."""
        if self._room is not None and not self._commands.locked:
            self._side.open_sheet(LimitSheet(self._seat, product_id, self._room))

    def picture(self, product_id: str) -> None:
        """The picture of a product."""
        if self._room is not None and not self._commands.locked:
            self._side.open_sheet(PictureSheet(self._seat, product_id, self._room))

    def places(self) -> None:
        """接龙名单: the one that runs, else the last; copied at once."""
        cue = listed(self._room.cues.values()) if self._room is not None else None
        if self._room is None or cue is None or self._commands.locked or not may(self._role, "place.free"):
            return
        sheet = PlacesSheet(self._seat, self._role, cue.cue_id, self._room)
        self._side.open_sheet(sheet)
        sheet.copy()

    def law(self, part: str = "") -> None:
        """法规; once more closes it."""
        if isinstance(self._side.sheet, LawSheet):
            self._side.close_sheet()
        elif self._room is not None and not self._commands.locked and may(self._role, "review.note"):
            sheet = LawSheet(self._seat, self._role, self._room, self.evidence)
            self._side.open_sheet(sheet)
            if part:
                sheet.turn(part)

    def qualifications(self, product_id: str) -> None:
        """Category and licences of a product."""
        if self._room is not None and not self._commands.locked:
            self._side.open_sheet(QualificationSheet(self._seat, product_id, self._room))

    def stock_of(self, cue_id: str) -> None:
        """加单 for the product of a sale."""
        room = self._room
        cue = room.cues.get(cue_id) if room is not None else None
        if room is not None and cue is not None and (products := room.products_of(cue)):
            self.stock(products[0])

    def measure(self, cue_id: str) -> bool:
        """Type in what the platform shows."""
        room = self._room
        if room is None or cue_id not in room.cues or self._commands.locked:
            return False
        self._side.open_sheet(MeasureSheet(self._seat, cue_id, room))
        return True

    def differences(self) -> None:
        """Where the shop's goods differ from ours."""
        if not self._commands.locked:
            self._side.open_sheet(DifferencesSheet(self._seat, self._role))

    def card(self, cue_id: str) -> bool:
        """The sentence to read out."""
        room = self._room
        if room is None or cue_id not in room.cues:
            return False
        self._side.open_sheet(CardSheet(self._seat, cue_id, room))
        return True

    def close(self) -> None:
        """The desk goes."""
        for run in (self.report, self.evidence):
            if run is not None:
                run.stop()

    def handover(self) -> None:
        """What is left to do when the broadcast is over."""
        self._side.open_sheet(HandoverSheet(self._seat, self.report))

    def winners(self, cue_id: str) -> bool:
        """Who won a bag."""
        if self._room is None:
            return False
        self._side.open_sheet(WinnersSheet(self._seat, cue_id, self._room))
        return True

    def stop_bag(self, cue_id: str) -> None:
        """Ask for the reason, then stop it."""
        sheet = StopBagSheet(self._seat, cue_id, self._commands)
        self._side.open_sheet(sheet)
        sheet.reason.setFocus()

    def keys(self) -> None:
        """The keys; once more closes them."""
        if isinstance(self._side.sheet, KeysSheet):
            self._side.close_sheet()
        else:
            self._side.open_sheet(KeysSheet(self.tour, self.why_not))

    def key_seen(self, name: str) -> None:
        """A key of ours arrived: the open list of keys says so."""
        if isinstance(self._side.sheet, KeysSheet):
            self._side.sheet.key_seen(name)
