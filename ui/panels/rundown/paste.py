"""Paste a rundown: 200 rows from a table, or 「1-20,33」; looked at row by row before it is put."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from liveconsole.views.segment_rows import BadSegment, SegmentRow
from ui import theme
from ui.answers import sentence
from ui.i18n import language, t
from ui.panels.rundown.rows import template_words
from ui.panels.rundown.writing import read_rows
from ui.panels.stage.goods import Goods
from ui.room import RoomView
from ui.seat import Answer, Seat
from ui.sheet import Sheet
from ui.widgets import Mark, PlainLabel, button, set_tip
from ui.widgets.when import clock
from ui.wording import Wording, by_row, once_more

SHOWN = 240
"""Lines that are listed; all are put."""


class PasteSheet(Sheet):
    """Bad lines come first, with their reason, and are left out; nothing is put before the person says so."""

    def __init__(self, seat: Seat, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("粘贴排品表"), parent)
        self._seat, self._room = seat, room
        self._rows: list[SegmentRow | BadSegment] = []
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(t("粘贴排品表"))
        self.text.setPlaceholderText(
            t("编号 分钟 话术 促销 条件 类型，从表格里复制；也能直接写：\n3 8 秒99 x50 限2 5分\n1-20,33 6")
        )
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(160)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self.read)
        self.text.textChanged.connect(self._timer.start)
        self.count = PlainLabel("", role="strong", lines=0)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.body.addWidget(self.text)
        self.body.addWidget(self.count)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.replace = QCheckBox(t("换掉现在的排品表"))
        there = bool((room.state.get("rundown") or {}).get("segments"))
        self.replace.setVisible(there)
        self.wording = Wording(seat, self, self._show_words, rows="segments")
        self._hints: dict[int, str] = {}
        self.said = PlainLabel("", tone="live", lines=0)
        self.said.hide()
        self.put = button(t("放进排品表"), "primary")
        self.put.setEnabled(False)
        self.put.clicked.connect(self._put)
        for each in (self.replace, self.said, self.put):
            self.add_foot(each)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """Products may have come: what was unknown may be known now."""
        changed = room.products != self._room.products or room.cart != self._room.cart
        self._room = room
        if changed:
            self.read()

    def read(self) -> None:
        """Read what stands in the field and show it line by line."""
        self._rows = read_rows(self.text.toPlainText(), self._room.state)
        good = self._segments()
        bad = len(self._rows) - len(good)
        words = t("读到 {n} 段", n=len(good)) if self._rows else ""
        self.count.setText(words + (t("，{n} 行不对（不会放进来）", n=bad) if bad else ""))
        self.count.set_tone("warn" if bad else "fg0")
        self._hints = {}
        self._show()
        self.wording.look("rundown.put", {"segments": good})
        self.put.setEnabled(bool(good))
        self.put.setText(t("放进 {n} 段", n=len(good)) if good else t("放进排品表"))

    def _segments(self) -> list[dict[str, Any]]:
        return [row.segment for row in self._rows if isinstance(row, SegmentRow)]

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        # What is wrong comes first: it is what there is to do.
        bad = [row for row in self._rows if isinstance(row, BadSegment)]
        good = [row for row in self._rows if isinstance(row, SegmentRow)]
        goods = Goods(self._room.state)
        for row in bad[:SHOWN]:
            self._list.addWidget(_bad(row))
        for place, segment in enumerate(good[: max(0, SHOWN - len(bad))]):
            self._list.addWidget(_good(segment, goods, self._hints.get(place, "")))
        if len(self._rows) > SHOWN:
            more = t("还有 {n} 行没有列出来", n=len(self._rows) - SHOWN)
            self._list.addWidget(PlainLabel(more, role="small", tone="fg2"))

    def _show_words(self, words: list[Mapping[str, Any]]) -> None:
        """A hint at every row in which a word should be looked at."""
        hints = by_row(words)
        if hints != self._hints:
            self._hints = hints
            self._show()

    def _put(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.read()
        self.wording.settle(self._send, self._warn)

    def _warn(self) -> None:
        self.said.setText(once_more())
        self.said.show()

    def _send(self) -> None:
        segments = self._segments()
        if not segments:
            return
        self.put.setEnabled(False)
        data: dict[str, Any] = {"segments": segments, "replace": self.replace.isChecked()}
        if self.wording.terms:
            data["override"] = self.wording.terms
        self._seat.ask_then(self, "rundown.put", data, self._done)

    def _done(self, answer: Answer) -> None:
        if answer.ok:
            self.close_sheet()
            return
        self.said.setText(sentence(answer))
        self.said.show()
        self.put.setEnabled(True)


def _bad(row: BadSegment) -> QWidget:
    held, across = _line()
    across.addWidget(Mark("warn", "warn", role="small", name=t("不对")))
    words = QVBoxLayout()
    words.setSpacing(0)
    why = row.reason(english=language() == "en")
    words.addWidget(
        PlainLabel(t("第 {n} 行：{why}", n=row.line, why=why), role="small", tone="warn", lines=0)
    )
    words.addWidget(PlainLabel(row.text, role="small", tone="fg2", elide=True))
    across.addLayout(words, 1)
    return held


def _good(row: SegmentRow, goods: Goods, hint: str) -> QWidget:
    held, across = _line()
    segment = row.segment
    product_id = segment.get("product_id")
    mark = (
        Mark("edit", "warn", role="small", name=hint)
        if hint
        else Mark("check", "ok", role="small", name=t("好"))
    )
    across.addWidget(mark)
    if product_id is None:
        name = t("没有商品的一段：{title}", title=segment.get("title") or segment["script"][:20])
    else:
        number = goods.numbers.get(product_id)
        name = goods.title(product_id)
        name = f"{t('{numbers} 号', numbers=number)} {name}" if number is not None else name
    across.addWidget(PlainLabel(name, role="small", elide=True), 1)
    for cue in segment["cues"]:
        look = theme.kind_of(cue["kind"])
        across.addWidget(Mark(look.icon, look.tone, role="small", name=t(look.name)))
    terms = [template_words(cue, goods) for cue in segment["cues"]]
    terms.append(clock(segment["minutes"] * 60))
    across.addWidget(PlainLabel(" · ".join(terms), role="small", tone="fg1"))
    set_tip(held, "\n".join([hint, *row.remarks] if hint else row.remarks))
    if not hint:
        return held
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(held)
    column.addWidget(PlainLabel(hint.partition("\n")[0], role="small", tone="warn", lines=0))
    return both


def _line() -> tuple[QWidget, QHBoxLayout]:
    held = QWidget()
    across = QHBoxLayout(held)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(8)
    return held, across
