"""Every widget that can show outside text, with one text in every place that comes from outside."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from unicodedata import category

from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QShortcut, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from liveconsole.intake.products import paste_products, read_products
from liveconsole.intake.tables import Table, TableRow
from liveconsole.messages.state import State
from liveconsole.messages.verdicts import SaidTwice, Verdict, WarnedWord
from tests.doors.hostile_room import state_of
from tests.ui.committed import NOW, comment, event
from tests.ui.looking import look
from ui.panels.cart import CartPanel
from ui.panels.composer import ComposerSheet
from ui.panels.composer.card import CardSheet
from ui.panels.composer.line import LineBar
from ui.panels.feed import FeedPanel
from ui.panels.feed.view import FeedView
from ui.panels.health import HealthPanel
from ui.panels.notes import NoteSheet, NoteStrip, PledgeSheet, PledgeStrip
from ui.panels.on_air import OnAirStrip
from ui.panels.owed import OwedPanel
from ui.panels.products import ProductsSheet, StockSheet
from ui.panels.queue import QueuePanel, rows
from ui.panels.queue.winners import WinnersSheet
from ui.panels.rundown import RundownPanel
from ui.panels.rundown.paste import PasteSheet
from ui.panels.rundown.sheet import SegmentSheet
from ui.panels.stage import StagePanel
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.seat.session import SeatPerson
from ui.sheets.draft_check import DraftCheck
from ui.sheets.sheet import Sheet
from ui.widgets import (
    Bar,
    Chip,
    EmptyState,
    Figure,
    FilterChip,
    FireButton,
    HoldButton,
    KeyCap,
    Mark,
    Notice,
    NumberField,
    PlainLabel,
    Section,
    button,
    set_tip,
)
from ui.widgets.buttons import MoneyButton
from ui.windows.check import CheckRow
from ui.windows.commands import SeatCommands
from ui.windows.opening import OpeningBar
from ui.windows.page import Centred
from ui.windows.sheets import StopBagSheet
from ui.windows.welcome.cards import ModeCard
from ui.windows.welcome.people import PersonTile

TIP = "<p style='white-space:pre-wrap'>"


def _lines(text: str) -> list[TableRow]:
    """A table with the text in every cell, and above them as a column of its own."""
    head = TableRow(1, ["编号", "名称", "价格", "库存", "规格", "卖点", text], "")
    rows = [["A1", text, "9", "1", text, text], ["A1", text, "9", "1", f"{text}2"], [text, "x", text, "1"]]
    return [head, *(TableRow(number, cells, "\t".join(cells)) for number, cells in enumerate(rows, 2))]


class StillSeat:
    """A seat that nobody answers."""

    def __init__(self, state: State) -> None:
        self.state = state

    def now(self) -> datetime:
        return NOW

    def ask_then(self, owner: object, type: str, data: object, then: Callable[[Answer], None]) -> None:
        then(Answer(False, code="another", text=str(data)))


def events_of(text: str) -> list[dict[str, Any]]:
    """What the feed gets when viewers write `text`."""
    who = {"id": f"p-{text[:20]}", "name": text}
    return [
        comment(1, text, name=text, viewer="p-x"),
        event(2, "viewer.entered", {"viewer": who}),
        event(3, "gift.sent", {"viewer": who, "gift": text, "count": 1, "value_fen": 100, "text": text}),
        event(4, "viewer.followed", {"viewer": who}),
        event(5, "cue.on_air", {"cue_id": "c-bag"}),
        event(6, "cue.on_air", {"cue_id": "c-coupon"}),
        event(7, "promotion.measured", {"cue_id": text, "sold": 1}),
    ]


class Gallery(QWidget):
    """All widgets of `ui.widgets`, and a page's pieces, with one text; made anew for each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        notice, look, sheet, field = Notice(), CheckRow(text), Sheet(text), NumberField(unit=text)
        look.say(text, well=False)
        figure, tipped, chip = Figure(text), PlainLabel("x"), Chip()
        figure.show_as(text, beside=text, why=text)
        chip.show_as(text, "ok", loud=True, icon="check")
        set_tip(tipped, text)
        fire = FireButton(text, key="F1")
        fire.block(text)
        shown: list[QWidget] = [PlainLabel(text), PlainLabel(text, lines=2), PlainLabel(text, lines=0)]
        shown += [PlainLabel(text, elide=True), Chip(text), chip, FilterChip(text), KeyCap(text[:40]), fire]
        shown += [
            HoldButton(text),
            button(text),
            notice,
            EmptyState("box", text, text),
            figure,
            tipped,
            field,
        ]
        shown += [Section(text), Mark("info", name=text), Bar(name=text), ModeCard("tape", text, text)]
        shown += [PersonTile(SeatPerson(text))]
        shown += [Centred(text, text), look, sheet, tipped, field]
        for each in shown:
            column.addWidget(each)
        notice.tell(text, "warn", action=text)


class Screens:
    """The panels and sheets. ``show`` puts one text everywhere; ``each`` gives name and widget of all."""

    def __init__(self) -> None:
        self.strip, self.cart, self.stage = OnAirStrip(), CartPanel(), StagePanel()
        self.queue, self.feed, self.health = QueuePanel("host"), FeedPanel(), HealthPanel()
        self.rundown, self.note, self.promised = RundownPanel(), NoteStrip(), PledgeStrip()
        self.owed = OwedPanel(ring=lambda: None)
        self.made: dict[str, QWidget] = {}
        self.kept: dict[str, QWidget] = {
            "strip": self.strip,
            "cart": self.cart,
            "rundown": self.rundown,
            "note to the seat": self.note,
            "promised aloud": self.promised,
            "stage": self.stage,
            "queue": self.queue,
            "feed": self.feed,
            "health": self.health,
            "owed": self.owed,
        }
        for each in self.kept.values():
            each.resize(760, 700)

    def show(self, text: str) -> None:
        """Every panel that stands, brought up to date; what the text before left is gone, as on a loop."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        state = state_of(text)
        room = RoomView(state)
        for panel in (self.strip, self.cart, self.rundown, self.stage, self.queue, self.health):
            look(panel, state)
        self.note.show_notes(state.notes, NOW)
        self.promised.show_pledges(state.pledges, room, NOW)
        look(self.owed, state)
        judged = {cue.cue_id: rows.Judged(lowest_fen=1, floor_fen=2, combination=text) for cue in state.cues}
        self.queue.show_judged(judged, NOW)
        for cue in state.cues:
            self.queue.say(cue.cue_id, text)
            self.owed.say(cue.cue_id, text)
        self.feed.feed.__init__()  # type: ignore[misc]  # the same view over an empty feed
        look(self.feed, state)
        self.feed.take(events_of(text))
        self.feed.tick(NOW)

    def open(self, text: str) -> None:
        """Every sheet and single widget, which are made anew each time they open."""
        self.close()
        state = state_of(text)
        seat: Any = StillSeat(state)
        room = RoomView(state)
        products = ProductsSheet(seat)
        line = " ".join(text.split()) or "x"
        products.text.setPlainText(f"A01 {line} 199 128 99\n{text}\nA02,{line},x,1,1")
        products._understood(paste_products(products.text.toPlainText()))
        products.say(text)
        products.preview.list.setCurrentIndex(products.preview.model.index(0))
        filed = ProductsSheet(seat)
        filed.source.show_reading(text)
        filed.source.show_file(text, Table((), text, (text, f"{text}2")))
        filed._understood(read_products(Table(_lines(text), text, (text,))))
        for each in (products, filed):
            each.source.settle()
            each.wording._timer.stop()
        stock = StockSheet(seat, "scarf", room)
        stock._answered(Answer(False, code="another", text=text))
        winners, typed = WinnersSheet(seat, "e-bag", room), WinnersSheet(seat, "e-platform", room)
        winners._answered(Answer(False, code="another", text=text))
        self.made = {
            "products": products,
            "products of a file": filed,
            "stock": stock,
            "winners": winners,
            "typed winners": typed,
        }
        for kind in ("flash_sale", "coupon", "lucky_bag", "pin"):
            sheet = ComposerSheet(seat, "host", room, cue=room.cues[f"queued-{kind}-False"])
            sheet._timer.stop()
            self.made[f"composer of {kind}"] = sheet
        segment, paste = SegmentSheet(seat, "s1", room), PasteSheet(seat, room)
        segment.line.setText(text)
        paste.text.setPlainText(f"{text}\n3 8 {line}\n3 8")
        paste._understood(paste.understanding()(paste.text.toPlainText()))
        paste.source.settle()
        paste.wording._timer.stop()
        self.made |= {"segment": segment, "pasted rundown": paste}
        self.made |= {
            "note": NoteSheet(seat, "assistant", room),
            "pledge": PledgeSheet(seat, room),
            "card": CardSheet(seat, "queued-coupon-False", room),
        }
        bar = LineBar(seat)
        bar.line.setText(f"券「{text}」满199减20 x9")
        bar._timer.stop()
        word = WarnedWord(field="spec.name", term=text, text=text, zh=text, en=text, suggestion=text)
        notice = SaidTwice(zh=text, en=text)
        bar.show_judged(Verdict(code="another", text=text, words=[word], notices=[notice]))
        self.made["line"] = bar
        self.made["opening"] = OpeningBar(seat, may_open=True)
        self.made["stop a bag"] = StopBagSheet(
            seat, "e-bag", SeatCommands(seat, "host", lambda _place, _words: None)
        )
        for widget in self.made.values():
            for wording in widget.findChildren(DraftCheck):
                wording._timer.stop()
                fields = ("segments.0.script", "segments.0.title", "segments.0.script")
                wording.answered(
                    Verdict(words=[replace(word, field=field, start=0, end=9) for field in fields])
                )
        self.made["widgets"] = Gallery(text)
        for widget in self.made.values():
            widget.resize(760, 700)

    def close(self) -> None:
        """Take the sheets away, now: where no loop turns, another look would go through thousands of them."""
        for each in self.made.values():
            each.deleteLater()
            QCoreApplication.sendPostedEvents(each, QEvent.Type.DeferredDelete.value)
        self.made = {}

    def each(self) -> Iterator[tuple[str, QWidget]]:
        yield from self.kept.items()
        yield from self.made.items()


# What is wrong with a screen --------------------------------------------------------------------------


def wrongs(top: QWidget) -> Iterator[str]:
    """Every way in which a text in this tree could be more than text."""
    for widget in [top, *top.findChildren(QWidget)]:
        named = f"{type(widget).__module__}.{type(widget).__name__}"
        if widget.styleSheet():
            yield f"{named} has a style of its own"
        if widget.windowTitle():
            yield f"{named} has a window title"
        yield from (f"{named}: {wrong}" for wrong in _wrong_tip(widget.toolTip()))
        if isinstance(widget, QLabel):
            if widget.textFormat() != Qt.TextFormat.PlainText:
                yield f"{named} guesses at mark-up: {widget.text()[:40]!r}"
            if widget.buddy() is not None:
                yield f"{named} has a buddy"
        if isinstance(widget, QTextEdit) or (isinstance(widget, QPlainTextEdit) and not widget.isEnabled()):
            yield f"{named} can show mark-up"
        if isinstance(widget, QAbstractButton) and not widget.shortcut().isEmpty():
            yield f"{named} made a shortcut {widget.shortcut().toString()} of {widget.text()[:40]!r}"
    for action in top.findChildren(QAction):
        if not action.shortcut().isEmpty() or "&" in action.text().replace("&&", ""):
            yield f"an action with a key: {action.text()[:40]!r}"
    for key in top.findChildren(QShortcut):
        yield f"a shortcut: {key.key().toString()}"


def _wrong_tip(tip: str) -> Iterator[str]:
    if not tip:
        return
    inside = tip.removeprefix(TIP).removesuffix("</p>")
    if len(inside) != len(tip) - len(TIP) - 4 or "<" in inside:
        yield f"a tooltip that is not from plain_tip: {tip[:60]!r}"
    else:
        document = QTextDocument()
        document.setHtml(tip)
        again = html.escape(document.toPlainText())
        if _letters(again) != _letters(inside):
            yield f"a tooltip that reads otherwise: {tip[:60]!r}"


def _letters(text: str) -> str:
    """Without blanks, and without what Unicode says is no character, which Qt leaves out."""
    return "".join(letter for letter in text if not letter.isspace() and category(letter) != "Cn")


def said(top: QWidget) -> str:
    """All that can be read in this tree."""
    return "\n".join(_said(top)).replace("\u2068", "").replace("\u2069", "")


def _said(top: QWidget) -> Iterator[str]:
    for widget in [top, *top.findChildren(QWidget)]:
        yield widget.accessibleName()
        match widget:
            case QLabel() | QLineEdit():
                yield widget.text()
            case MoneyButton():
                yield widget.face
                yield widget.reason if isinstance(widget, FireButton) else ""
            case QAbstractButton():
                yield widget.text().replace("&&", "&")
            case QPlainTextEdit():
                yield widget.toPlainText()
            case FeedView():
                yield from widget.sentences()
            case QComboBox():
                yield from (widget.itemText(n) for n in range(widget.count()))
            case QAbstractItemView():
                model: QAbstractItemModel = widget.model()
                yield from (str(model.index(n, 0).data()) for n in range(model.rowCount()))
            case _:
                pass
