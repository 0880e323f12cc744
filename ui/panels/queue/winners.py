"""Who won a bag: settle, pass over to the next alternate, keep the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.state import CueState, WinnerState
from liveconsole.paths import write_own
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import Chip, PlainLabel, Separator, button
from ui.widgets.files import choose_file
from ui.widgets.when import countdown
from ui.words import cues as words
from ui.words.answers import sentence


class WinnersSheet(Sheet):
    """The winners of one bag as they stand; names come from outside."""

    SECTIONS: ClassVar = ("cart", "catalogue", "cues")

    def __init__(self, seat: Seat, cue_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("中奖名单"), parent)
        self._seat, self._cue_id = seat, cue_id
        self._cue: CueState | None = None
        self._shown: list[WinnerState] | None = None
        self._mends: int | None = None
        """Which bag of a series is corrected."""
        self._clocks: list[tuple[PlainLabel, datetime]] = []
        self.title_line = PlainLabel("", role="heading", lines=2)
        self.counts = PlainLabel("", role="small", tone="fg1", lines=0)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.said = PlainLabel("", tone="live", lines=0)
        for each in (self.title_line, self.counts, Separator()):
            self.body.addWidget(each)
        self.body.addLayout(self._list)
        self.body.addWidget(self.said)
        self._typed = _PlatformNames(self._send_names)
        self._corrections = _Corrections(self._correct)
        self.body.addWidget(self._corrections)
        self.body.addWidget(self._typed)
        self.body.addStretch(1)
        self.save = button(t("存收据…"), icon="down")
        self.save.clicked.connect(self._pick)
        self.add_foot(self.save)
        self._show(room)

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room)

    def _show(self, room: RoomView) -> None:
        cue = room.cues.get(self._cue_id)
        if cue is None:
            return
        self._cue = cue
        self.title_line.setText(words.title(cue, room))
        self.counts.setText(words.result(cue))
        self.save.setVisible(self.is_drawn())
        typed = self._names_typed()
        series = cue.series
        open_to = [b.bag for b in series.bags if b.typed and not b.corrected] if series and typed else []
        if self._mends not in open_to:
            self._mends = None
        self._corrections.show_bags(open_to)
        self._typed.setVisible(typed and (self._bag_to_type() is not None if series else not cue.corrected))
        if (bag := self._bag_to_type()) is not None:
            self._typed.ask_for(bag, None if self._mends is None else self._names_of(bag))
        elif typed and cue.ended_because == "platform":
            self._typed.correct([winner.name for winner in cue.winners])
        if cue.winners != self._shown:
            self._shown = cue.winners
            self._list_winners(cue.winners)

    def _bag_to_type(self) -> int | None:
        """Which bag of a series names are typed in for: the one that is corrected, else the first that has
        none."""
        if self._mends is not None:
            return self._mends
        series = self._cue.series if self._cue is not None and self._names_typed() else None
        return next((bag.bag for bag in series.bags if not bag.typed), None) if series is not None else None

    def _correct(self, bag: int) -> None:
        """Open what was typed in for a bag; pressed again, leave it as it is."""
        self._mends = None if self._mends == bag else bag
        if (now := self._bag_to_type()) is not None:
            self._typed.ask_for(now, None if self._mends is None else self._names_of(now))
        self._typed.setVisible(now is not None)

    def _names_of(self, bag: int) -> list[str]:
        return [winner.name for winner in self._cue.winners if winner.bag == bag] if self._cue else []

    def _list_winners(self, winners: list[WinnerState]) -> None:
        self._clocks.clear()
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for winner in winners:
            self._list.addWidget(self._row(winner))

    def _row(self, winner: WinnerState) -> QWidget:
        held = QWidget()
        both = QVBoxLayout(held)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(4)
        # The keys below the name: in the narrowest column a name beside them would have no room.
        row, keys = QHBoxLayout(), QHBoxLayout()
        for line in (row, keys):
            line.setSpacing(8)
            both.addLayout(line)
        keys.addStretch(1)
        name = winner.name or t("没有名字的观众")
        row.addWidget(PlainLabel(_in_bag(winner, name), elide=True), 1)
        if winner.unverified:
            row.addWidget(Chip(t("只知名字"), tone="warn"))
        viewer_id, until = winner.viewer_id, winner.claim_until
        if winner.settled is True:
            row.addWidget(Chip(t("已确认"), tone="ok", icon="check"))
        elif self._names_typed():
            self._add_name_keys(keys, winner)
        elif winner.settled is None and viewer_id and self.is_drawn():
            clock = PlainLabel("", role="small", tone="warn")
            if until is not None:
                self._clocks.append((clock, until))
            row.addWidget(clock)
            well, over = button(t("确认")), button(t("让给候补"), "quiet")
            well.setAccessibleName(t("确认 {name}", name=name))
            over.setAccessibleName(t("让给候补 {name}", name=name))
            bag = winner.bag
            well.clicked.connect(lambda: self.settle(viewer_id, ok=True, bag=bag))
            over.clicked.connect(lambda: self.settle(viewer_id, ok=False, bag=bag))
            keys.addWidget(well)
            keys.addWidget(over)
        return held

    def _names_typed(self) -> bool:
        return self._cue is not None and kind_of(self._cue.kind).names_typed(self._cue.terms)

    def _add_name_keys(self, row: QHBoxLayout, winner: WinnerState) -> None:
        """A winner of the platform's: confirmed by name, or not claimed; there are no alternates."""
        if winner.settled is False:
            row.addWidget(Chip(t("没领"), tone="warn"))
            return
        name = winner.name
        for said, ok in ((t("确认"), True), (t("没领"), False)):
            key = button(said, "" if ok else "quiet")
            key.setAccessibleName(f"{said} {name}")
            key.clicked.connect(partial(self._settle_name, name, ok, winner.bag))
            row.addWidget(key)

    def _settle_name(self, name: str, ok: bool, bag: int, _checked: bool = False) -> None:
        data: dict[str, Any] = {"cue_id": self._cue_id, "name": name, "ok": ok}
        data |= {"bag": bag} if bag else {}
        self._seat.ask_then(self, "bag.settle", data, self._answered)

    def tick(self, now: datetime) -> None:
        """The time to claim runs down."""
        for label, until in self._clocks:
            label.setText(countdown((until - now).total_seconds()))

    def settle(self, viewer_id: str, *, ok: bool, bag: int = 0) -> None:
        """Confirm a winner, or let the next alternate move up; ``bag``: which of a series."""
        data: dict[str, Any] = {"cue_id": self._cue_id, "viewer_id": viewer_id, "ok": ok}
        data |= {"bag": bag} if bag else {}
        self._seat.ask_then(self, "bag.settle", data, self._answered)

    def _send_names(self, names: list[str]) -> None:
        data: dict[str, Any] = {"cue_id": self._cue_id, "names": names}
        if (bag := self._bag_to_type()) is not None:
            data["bag"] = bag
        self._seat.ask_then(self, "bag.winners", data, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.said.setText("" if answer.ok else sentence(answer))

    # The receipt ------------------------------------------------------------------------------------

    def is_drawn(self) -> bool:
        """Whether the console drew it, so that there is a receipt."""
        return self._cue is not None and self._cue.draw is not None and self._cue.draw.drawn

    def _pick(self) -> None:
        choose_file(
            self,
            t("存收据"),
            ["JSON (*.json)"],
            lambda path: tasks.spawn(self.keep(Path(path)), name="save receipt"),
            save_as="receipt.json",
        )

    async def keep(self, path: Path) -> None:
        """Write the receipt, with which anybody can check the draw (hashes only, no names); says here
        whether it worked."""
        receipt = await self._seat.receipt(self._cue_id)
        if receipt is None:
            words_, tone = t("引擎没有应答，收据没有存"), "live"
        else:
            words_, tone = await _written(path, receipt)
        if self.is_here():
            self.said.set_tone(tone)
            self.said.setText(words_)


async def _written(path: Path, receipt: Mapping[str, Any]) -> tuple[str, str]:
    body = msgspec.json.format(msgspec.json.encode(receipt), indent=2)
    try:
        await asyncio.to_thread(write_own, path, body)
    except OSError as why:
        return t("存不了：{why}", why=why.strerror or type(why).__name__), "live"
    return t("已存到 {name}", name=path.name), "ok"


def _in_bag(winner: WinnerState, name: str) -> str:
    return t("第 {n} 个 · {name}", n=winner.bag, name=name) if winner.bag else name


class _Corrections(QWidget):
    """A key for each bag of a series whose typed names may be corrected once."""

    def __init__(self, pressed: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed = pressed
        self.keys: dict[int, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_bags(self, bags: list[int]) -> None:
        for bag in [bag for bag in self.keys if bag not in bags]:
            gone = self.keys.pop(bag)
            gone.hide()
            gone.deleteLater()
        for bag in bags:
            if bag not in self.keys:
                key = self.keys[bag] = button(t("更正第 {n} 个的中奖人", n=bag), "quiet")
                key.clicked.connect(partial(self._press, bag))
                self._column.addWidget(key)
        self.setVisible(bool(bags))

    def _press(self, bag: int, _checked: bool = False) -> None:
        self._pressed(bag)


class _PlatformNames(QWidget):
    """Where the platform drew: its winners are typed in, one a line."""

    def __init__(self, send: Callable[[list[str]], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = QPlainTextEdit()
        self.names.setTabChangesFocus(True)
        self.names.setMaximumHeight(120)
        self.names.setAccessibleName(t("平台开出的中奖人"))
        self.names.setPlaceholderText(t("平台开出的中奖人，一行一个"))
        done = self._done = button(t("记下中奖人"), "primary")
        done.clicked.connect(lambda: send(self.typed()))
        self._first = ""
        self._asked: tuple[int, bool] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.names)
        column.addWidget(done)

    def correct(self, names: list[str]) -> None:
        """Offer the one correction of what was typed; what somebody is typing stays."""
        first = "\n".join(names)
        self._done.setText(t("更正（只有一次）"))
        if self._first != first and self.names.toPlainText() in ("", self._first):
            self.names.setPlainText(first)
        self._first = first

    def ask_for(self, bag: int, names: list[str] | None = None) -> None:
        """Say which bag of a series the names are of, to be corrected where it has some; what was sent for
        another bag is gone."""
        said = t("第 {n} 个福袋平台开出的中奖人，一行一个", n=bag)
        asked = (bag, names is not None)
        if self._asked != asked:
            self._asked = asked
            self.names.setPlaceholderText(said)
            if names is None:
                self._done.setText(t("记下中奖人"))
            else:
                self._done.setText(t("更正第 {n} 个（只有一次）", n=int(bag)))
            self.names.setPlainText("\n".join(names or []))

    def typed(self) -> list[str]:
        """The names, without empty lines."""
        return [name.strip() for name in self.names.toPlainText().splitlines() if name.strip()]
