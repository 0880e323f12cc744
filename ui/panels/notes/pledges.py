"""口头承诺: what the host promised aloud, taken down in one line, with all of tonight's below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import PledgeState
from ui.i18n import t
from ui.parts.written_line import WrittenLine
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.seat.session import ROLE_NAMES
from ui.sheets.choices import ChoiceBox, products_of
from ui.sheets.sheet import Sheet
from ui.widgets import Chip, PlainLabel, Separator, button, set_tip
from ui.words.answers import sentence

READY: Final = ("多送小样", "送运费险", "7 天保价", "今天发货")
"""What is promised often, Chinese source text."""
FRESH_SECONDS: Final = 30.0
"""So long a new one stands in the line below, on every seat."""
WIDEST: Final = 420


class PledgeSheet(Sheet):
    """Enter writes it down; the product is the one that was explained when the key was pressed."""

    SECTIONS: ClassVar = ("cart", "catalogue", "pledges")

    def __init__(self, seat: Seat, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("记口头承诺"), parent)
        self._seat, self._room = seat, room
        self._shown: object = None
        self.line = WrittenLine(t("答应了什么"), t("答应了什么，回车记下"), self.write)
        self.product = ChoiceBox()
        self.product.setAccessibleName(t("哪个商品"))
        ready = self.line.ready(READY)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.write_it = button(t("记下"), "primary")
        self.write_it.clicked.connect(self.write)
        why = PlainLabel(
            t("时间和商品自动带上；下播后进复盘、交接单和给仓库的表。不用写买家名字。"),
            role="small",
            tone="fg2",
            lines=0,
        )
        self._count = PlainLabel("", role="small", tone="fg2")
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        for each in (self.line, self.product, ready, self.said, self.write_it, why, Separator(), self._count):
            self.body.addWidget(each)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.show_room(room, seat.now())
        self._choose_pinned()

    def _choose_pinned(self) -> None:
        self.product.choose(self._room.pinned.wanted or "")

    def write(self) -> None:
        """Put it on the log."""
        text = self.line.text().strip()
        if text:
            data = {"text": text, "product_id": self.product.chosen}
            self._seat.ask_then(self, "pledge.put", data, self._written)

    def _written(self, answer: Answer) -> None:
        self._tell(t("记下了") if answer.ok else sentence(answer), well=answer.ok)
        if answer.ok:
            self.line.clear()
            self._choose_pinned()

    def _tell(self, words: str, *, well: bool) -> None:
        self.said.set_tone("ok" if well else "live")
        self.said.setText(words)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """What was promised tonight, the newest first, each with the key that strikes it out."""
        self._room = room
        self.product.set_items(products_of(room, none=t("不限商品")))
        pledges = room.pledges
        if (pledges, room.numbers) == self._shown:
            return
        self._shown = (pledges, room.numbers)
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        n = len(pledges)
        self._count.setText(t("这一场答应过 {n} 件", n=n) if n else t("这一场还没记过口头承诺"))
        for pledge in reversed(pledges):
            self._list.addWidget(self._row(pledge))

    def _row(self, pledge: PledgeState) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(pledge.text, lines=0))
        words.addWidget(PlainLabel(about(pledge, self._room), role="small", tone="fg2", elide=True))
        row.addLayout(words, 1)
        away = button("", "quiet", icon="trash")
        name = t("划掉 {words}", words=pledge.text[:40])
        away.setAccessibleName(name)
        set_tip(away, name)
        away.clicked.connect(lambda: self.strike_out(pledge))
        row.addWidget(away)
        return held

    def strike_out(self, pledge: PledgeState) -> None:
        """It was written down wrongly. Its words go back into the line, so that it is mended in one move."""

        def gone(answer: Answer) -> None:
            if not answer.ok:
                self._tell(sentence(answer), well=False)
                return
            self._tell(t("划掉了；改好按回车再记下"), well=True)
            if not self.line.text().strip():
                self.line.write(pledge.text)
                self.product.choose(pledge.product_id or "")

        self._seat.ask_then(self, "pledge.clear", {"pledge_id": pledge.pledge_id}, gone)


def about(pledge: PledgeState, room: RoomView) -> str:
    """``20:15 · 3 号 羊绒围巾 · 助理``."""
    product_id = pledge.product_id or ""
    number = room.numbers.get(product_id)
    title = room.title(product_id) if product_id else t("不限商品")
    who = t(ROLE_NAMES.get(pledge.by, pledge.by))
    parts = [
        pledge.at.astimezone().strftime("%H:%M"),
        title if number is None else f"{t('{n} 号', n=number)} {title}",
        who,
    ]
    return " · ".join(part for part in parts if part)


class PledgeStrip(QWidget):
    """The newest promise while it is fresh, so that every seat sees that it was written down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at: datetime | None = None
        self.chip = Chip(t("口头承诺"), tone="accent", icon="check")
        self.text = PlainLabel("", role="strong", elide=True)
        self.text.setMaximumWidth(WIDEST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.chip)
        row.addWidget(self.text)
        self.hide()

    def show_pledges(self, pledges: Sequence[PledgeState], room: RoomView, now: datetime) -> None:
        """The promises of tonight, oldest first."""
        newest = pledges[-1] if pledges else None
        self._at = newest.at if newest is not None else None
        if newest is not None:
            words = f"{newest.text} · {about(newest, room)}"
            self.text.setText(words)
            set_tip(self.text, words)
            self.setAccessibleName(t("口头承诺：{words}", words=words))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """It makes room again."""
        fresh = self._at is not None and (now - self._at).total_seconds() < FRESH_SECONDS
        if fresh == self.isHidden():
            self.setVisible(fresh)
