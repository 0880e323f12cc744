"""Bring a rundown in: rows of a table or a file, or 「1-20,33」; looked at one by one before they go in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from PySide6.QtWidgets import QCheckBox, QWidget

from liveconsole.intake.batches import batches
from liveconsole.intake.segment_rows import (
    COLUMN_NAMES,
    BadSegment,
    SegmentRow,
    SegmentTable,
    is_rundown,
    read_segments,
)
from liveconsole.intake.tables import Choice, Table, TableRow
from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.verdicts import WarnedWord
from liveconsole.views.goods import goods_of
from ui import preferences
from ui.clean import clean
from ui.i18n import language, t
from ui.panels.rundown.writing import read_rows
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.draft_check import DraftCheck, by_row, once_more
from ui.sheets.table import PreviewRow, TableSheet, why_in
from ui.widgets.when import clock
from ui.words.answers import sentence
from ui.words.next import template_words

Shown = tuple[int, SegmentRow | BadSegment]
"""A row with its place among the good ones."""

BAD: Final = -1


class PasteSheet(TableSheet[SegmentTable]):
    """Bad lines come first, with their reason, and are left out; nothing is put before the person says so."""

    SECTIONS: ClassVar = ("rundown", "catalogue", "cart")

    def __init__(self, seat: Seat, room: RoomView, parent: QWidget | None = None) -> None:
        hint = t(
            "编号 分钟 话术 促销 条件 类型，从表格里复制，或把文件拖进来；也能直接写：\n"
            "3 8 秒99 x50 限2 5分\n1-20,33 6"
        )
        super().__init__(t("粘贴排品表"), hint, COLUMN_NAMES, preferences.current(), parent)
        self._seat, self._room = seat, room.only(*self.SECTIONS)
        self.replace = QCheckBox(t("换掉现在的排品表"))
        if not self._room.rundown.segments:
            self.replace.hide()
        self.wording = DraftCheck(seat, self, self._show_words, rows="segments")
        self._hints: dict[int, str] = {}
        self._left: Iterator[list[dict[str, Any]]] = iter(())
        self._sent = 0
        self.put.setText(t("放进排品表"))
        for each in (self.replace, self.said, self.put):
            self.add_foot(each)

    def reading(self) -> Callable[[str | Table, Choice], SegmentTable]:
        goods = goods_of(self._room.catalogue, self._room.cart)
        now = self._seat.now()
        return lambda given, said: (
            read_rows(given, goods, said, now=now)
            if isinstance(given, str)
            else read_segments(given, goods, said, now=now)
        )

    def is_wanted(self, lines: Sequence[TableRow]) -> bool:
        return is_rundown(lines)

    def shows_columns(self) -> bool:
        """「3 8 秒99」 has none."""
        headed = self.found is not None and self.found.columns.header is not None
        return headed or self._table is not None or "\t" in self.text.toPlainText()

    def show_room(self, room: RoomView, now: datetime) -> None:
        """Products may have come: what was unknown may be known now."""
        before, self._room = self._room, room.only(*self.SECTIONS)
        changed = self._room.catalogue != before.catalogue or self._room.items != before.items
        if changed and not self.busy:
            self.read()

    def show_found(self) -> None:
        assert self.found is not None
        good, bad = self.found.good, self.found.bad
        places = iter(range(len(good)))
        rows = [(BAD if isinstance(row, BadSegment) else next(places), row) for row in self.found.rows]
        words = t("读到 {n} 段", n=len(good)) if rows else ""
        english, room, found = language() == "en", self._room, self.found
        self._hints = {}
        self.preview.show_rows(
            rows,
            words + (t("，{n} 行不对（不会放进来）", n=len(bad)) if bad else ""),
            show=lambda row: self._item(row, room, english=english),
            state_of=lambda row: "wrong" if row[0] == BAD else "new",
            remarks=found.remarks(english=english) if rows else (),
            mending=lambda: found.to_mend(english=english),
        )
        self.wording.look("rundown.put", {"segments": self._segments()})
        self.put.setEnabled(bool(good))
        self.put.setText(t("放进 {n} 段", n=len(good)) if good else t("放进排品表"))

    def _segments(self) -> list[dict[str, Any]]:
        return [row.segment for row in self.found.good] if self.found is not None else []

    def _item(self, shown: Shown, room: RoomView, *, english: bool) -> PreviewRow:
        place, row = shown
        if isinstance(row, BadSegment):
            return PreviewRow(
                row.line, "wrong", row.text, below=why_in(row.reason(english=english), row.cell)
            )
        segment: Mapping[str, Any] = row.segment
        product_id = segment.get("product_id")
        if product_id is None:
            name = t("没有商品的一段：{title}", title=segment.get("title") or segment["script"][:20])
        else:
            number = room.numbers.get(product_id)
            name = clean(room.title(product_id), 200)
            name = f"{t('{numbers} 号', numbers=number)} {name}" if number is not None else name
        hint = self._hints.get(place, "")
        terms = [template_words(CueTemplate(**cue), room) for cue in segment["cues"]]
        terms.append(clock(segment["minutes"] * 60))
        below = " · ".join([*hint.splitlines(), *row.remarks]) or segment["script"]
        kinds = [cue["kind"] for cue in segment["cues"]]
        return PreviewRow(
            row.line, "new", name, " · ".join(terms), below, kinds, warned=bool(hint or row.remarks)
        )

    def _show_words(self, words: list[WarnedWord]) -> None:
        """A hint at every row in which a word should be looked at."""
        hints = by_row(words)
        if hints != self._hints:
            self._hints = hints
            self.preview.refresh()

    # Putting ------------------------------------------------------------------------------------------

    def bring_in(self) -> None:
        if self.settled():
            self.wording.settle(self._send, lambda: self.say(once_more()))

    def _send(self) -> None:
        segments = self._segments()
        if not segments:
            return
        self.sending = True
        self.put.setEnabled(False)
        self._left, self._sent = batches(segments), 0
        self._send_next(replace=self.replace.isChecked())

    def _send_next(self, *, replace: bool = False) -> None:
        some = next(self._left, None)
        if some is None:
            self._taken()
            return
        data: dict[str, Any] = {"segments": some, "replace": replace}
        if self.wording.terms:
            data["override"] = self.wording.terms
        self._seat.ask_then(self, "rundown.put", data, lambda answer: self._answered(answer, len(some)))

    def _answered(self, answer: Answer, segments: int) -> None:
        if answer.ok:
            self._sent += segments
            self._send_next()
            return
        taken = t("放进了 {n} 段", n=self._sent)
        self.stop(f"{taken} · {sentence(answer)}" if self._sent else sentence(answer))

    def _taken(self) -> None:
        left = len(self.found.bad) if self.found is not None else 0
        words = t("放进了 {n} 段", n=self._sent)
        self.finish(words + (t("，{n} 行没放", n=left) if left else ""))
