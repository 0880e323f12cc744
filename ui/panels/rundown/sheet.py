"""One segment: what is said, for how long, under which conditions, and the promotions it brings along."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from liveconsole.intake.one_line import LineDraft, read
from liveconsole.messages.rundown import CUES_LIMIT, SCRIPT_LIMIT, CueTemplate
from liveconsole.messages.state import SegmentState
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.messages.verdicts import WarnedWord
from liveconsole.views.goods import goods_of
from ui.i18n import language, t
from ui.kinds import kind_of
from ui.panels.rundown.moment import MomentEntry
from ui.panels.rundown.rows import TAGS, tag_name
from ui.panels.rundown.writing import segment_of
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.advice import AdviceList
from ui.sheets.choices import ChoiceBox, products_of
from ui.sheets.draft_check import DraftCheck, mark_words, once_more, word_advice
from ui.sheets.sheet import Sheet
from ui.widgets import KindMark, PlainLabel, button, set_tip
from ui.widgets.entry import Field
from ui.words.answers import refusal, sentence
from ui.words.next import template_words


class _Minutes(QDoubleSpinBox):
    """The wheel scrolls the sheet, not the plan."""

    def __init__(self) -> None:
        super().__init__()
        # Qt ignores a style sheet's padding around the text of a spin box without arrows.
        self.lineEdit().setTextMargins(8, 0, 8, 0)
        self.lineEdit().setAccessibleName(t("分钟"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SegmentSheet(Sheet):
    """Nothing is sent before 保存; what was typed stays while the room changes."""

    SECTIONS: ClassVar = ("rundown", "catalogue", "cart")

    def __init__(self, seat: Seat, segment_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("修改一段"), parent)
        self._seat, self._room, self._id = seat, room.only(*self.SECTIONS), segment_id
        segment = segment_of(self._room, segment_id)
        self.cues: list[CueTemplate] = list(segment.cues) if segment is not None else []
        self.product, self.name, self.conditions = ChoiceBox(), QLineEdit(), QLineEdit()
        self.name.setMaxLength(TEXT_LIMIT)
        self.conditions.setMaxLength(TEXT_LIMIT)
        self.conditions.setPlaceholderText(t("例如：在线过 3000 再讲"))
        self.tag = ChoiceBox([(t("自动：带促销算福利"), ""), *((tag_name(tag), tag) for tag in TAGS)])
        self.minutes = _Minutes()
        self.minutes.setRange(0, 720)
        self.minutes.setDecimals(1)
        self.least = _Minutes()
        self.least.lineEdit().setAccessibleName(t("最短"))
        self.least.setRange(0, 720)
        self.least.setDecimals(1)
        self.least.setSpecialValueText(t("不缩短"))
        self.anchor = MomentEntry()
        self.anchor_field = Field(t("定点：必须几点开始"), self.anchor)
        self.script = QPlainTextEdit()
        self.script.setTabChangesFocus(True)
        self.script.setMinimumHeight(120)
        self.script_field = Field(t("话术"), self.script)
        self.name_field = Field(t("标题（空着用商品名）"), self.name)
        self.conditions_field = Field(t("条件"), self.conditions)
        self._cue_list = QVBoxLayout()
        self._cue_list.setSpacing(4)
        self.line = QLineEdit()
        self.line.setPlaceholderText(t("加一个促销：秒99 x50 限2 5分"))
        self.line_field = Field(t("带上的促销，照这个顺序"), self.line)
        self.line_field.touch()  # it opens empty: what is said of it is said of what was typed
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self.add_line)
        self.counsel = AdviceList()
        self.wording = DraftCheck(seat, self, self._show_words)
        self.said = PlainLabel("", tone="live", lines=0)
        self.said.hide()
        self.save = button(t("保存"), "primary")
        self.save.clicked.connect(self.submit)
        self._build()
        self._fill(segment)
        self._look(typed=False)
        for entry in (self.name, self.conditions, self.script):
            entry.textChanged.connect(self._look)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addWidget(Field(t("计划"), self.minutes, t("分钟")), 0, 0)
        grid.addWidget(Field(t("这段是"), self.tag), 0, 1)
        grid.addWidget(Field(t("最短"), self.least, t("分钟")), 1, 0)
        grid.addWidget(self.anchor_field, 1, 1)
        self.body.addWidget(Field(t("商品"), self.product))
        self.body.addWidget(self.name_field)
        self.body.addLayout(grid)
        self.body.addWidget(self.script_field)
        self.body.addWidget(self.conditions_field)
        self.body.addWidget(self.line_field)
        self.body.addLayout(self._cue_list)
        self.body.addStretch(1)
        self.add_foot(self.counsel)
        self.add_foot(self.said)
        self.add_foot(self.save)

    def _fill(self, segment: SegmentState | None) -> None:
        self.product.set_items(products_of(self._room, none=t("不讲商品")))
        if segment is not None:
            self.product.choose(segment.product_id or "")
            self.name.setText(segment.title)
            self.conditions.setText(segment.conditions)
            self.minutes.setValue(segment.minutes)
            self.least.setValue(segment.least_minutes or 0.0)
            self.anchor.fill(segment.anchor_at)
            self.tag.choose(segment.tag if segment.tag_told else "")
            self.script.setPlainText(segment.script)
        self._show_cues()

    def show_room(self, room: RoomView, now: datetime) -> None:
        """A segment that somebody took out has nothing to be saved to."""
        before, self._room = self._room, room.only(*self.SECTIONS)
        gone = segment_of(self._room, self._id) is None
        if self._room.catalogue != before.catalogue or self._room.items != before.items:
            self.product.set_items(products_of(self._room, none=t("不讲商品")))
        self.save.setEnabled(not gone)
        if gone:
            self._say(t("这段已经被移出排品表"))

    # Words ------------------------------------------------------------------------------------------

    def _look(self, *, typed: bool = True) -> None:
        self.wording.look("rundown.put", {"segments": [self.segment()]}, typed=typed)

    def _show_words(self, words: list[WarnedWord]) -> None:
        """Beside the text they stand in; a second one of the same text, and those of a promotion, below."""
        fields = {
            "segments.0.title": self.name_field,
            "segments.0.script": self.script_field,
            "segments.0.conditions": self.conditions_field,
        }
        for place in fields.values():
            place.answer("")
            set_tip(place, "")
        mark_words(self.script, [word for word in words if word.field == "segments.0.script"])
        below = []
        for advice in word_advice(words):
            field = fields.get(advice.field)
            if field is None or field.answered:
                below.append(advice)
            else:
                field.answer(advice.text, advice.tone)
                set_tip(field, advice.text)
        self.counsel.show_advice(below)

    # Promotions -------------------------------------------------------------------------------------

    def _show_cues(self) -> None:
        while (item := self._cue_list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        problems = self._problems()
        for place, cue in enumerate(self.cues):
            self._cue_list.addWidget(self._cue_row(place, cue, problems.get(place, "")))

    def _problems(self) -> dict[int, str]:
        """What the rules would say to each promotion, as far as the engine has judged this segment."""
        segment = segment_of(self._room, self._id)
        if segment is None or segment.cues != self.cues:
            return {}
        return {p.cue: refusal(p.code, p.params, p.text) for p in segment.problems}

    def _cue_row(self, place: int, cue: CueTemplate, problem: str) -> QWidget:
        held = QWidget()
        words = template_words(cue, self._room)
        text = PlainLabel(words, role="small", elide=True)
        up, away = button("", "quiet", icon="up"), button("", "quiet", icon="trash")
        up.setEnabled(place > 0)
        for key, name in ((up, t("上移")), (away, t("移除"))):
            key.setAccessibleName(f"{name} {words}")
            set_tip(key, name)
        up.clicked.connect(lambda: self._move_up(place))
        away.clicked.connect(lambda: self._take_away(place))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(KindMark(cue.kind, role="small"))
        row.addWidget(text, 1)
        row.addWidget(up)
        row.addWidget(away)
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        if problem:
            column.addWidget(PlainLabel(problem, role="small", tone="live", lines=0))
        return held

    def _move_up(self, place: int) -> None:
        self.cues[place - 1], self.cues[place] = self.cues[place], self.cues[place - 1]
        self._show_cues()
        self._look(typed=False)

    def _take_away(self, place: int) -> None:
        del self.cues[place]
        self._show_cues()
        self._look(typed=False)

    def _read(self) -> LineDraft | None:
        """The promotion in the line; says under it what was read, or why none was."""
        said = self.line.text().strip()
        if not said:
            self.line_field.answer("")
            return None
        found = read(said, goods_of(self._room.catalogue, self._room.cart), product_id=self.product.chosen)
        english = language() == "en"
        if not isinstance(found, LineDraft):
            self.line_field.answer(found.reason(english=english))
            return None
        warnings = [remark.reason(english=english) for remark in found.warnings]
        read_as = template_words(_template(found), self._room)
        self.line_field.answer(
            " · ".join([t("回车加上：{what}", what=read_as), *warnings]), "warn" if warnings else "ok"
        )
        return found

    def _typed(self) -> None:
        self._read()

    def add_line(self) -> None:
        """Take what the line says among the promotions."""
        found = self._read()
        if found is None:
            return
        if len(self.cues) >= CUES_LIMIT:
            self.line_field.answer(t("一段最多 {n} 个促销", n=CUES_LIMIT))
            return
        self.cues.append(_template(found))
        self.line.clear()
        self._show_cues()
        self._look(typed=kind_of(found.kind).NAMED)

    # Handing it in ----------------------------------------------------------------------------------

    def segment(self) -> dict[str, Any]:
        """The segment as it stands in the fields; without its moment while that cannot be read."""
        try:
            at = self.anchor.moment(self._seat.now())
        except ValueError:
            return self._segment()
        return self._segment() | {"anchor_at": at.isoformat() if at is not None else None}

    def _segment(self) -> dict[str, Any]:
        return {
            "segment_id": self._id,
            "product_id": self.product.chosen,
            "title": self.name.text().strip(),
            "script": self.script.toPlainText(),
            "minutes": round(self.minutes.value(), 2),
            "least_minutes": round(self.least.value(), 2) or None,
            "cues": msgspec.to_builtins(self.cues),
            "conditions": self.conditions.text().strip(),
            "tag": self.tag.chosen,
        }

    def submit(self) -> None:
        """Save it; a refusal stands here, an ok closes the sheet."""
        for field in (self.script_field, self.line_field, self.anchor_field):
            field.touch()
        if "anchor_at" not in self.segment():
            self.anchor_field.answer(t("这不是几点几分"))
            return
        if len(self.script.toPlainText()) > SCRIPT_LIMIT:
            self.script_field.answer(t("话术超过 {n} 字", n=SCRIPT_LIMIT))
            return
        if self.line.text().strip():
            # What was typed and not taken would be lost without a word.
            self.line_field.answer(t("这一行还没加上：回车加上，或清空它"))
            return
        self.wording.settle(self._send, lambda: self._say(once_more(), "warn"))

    def _send(self) -> None:
        self.save.setEnabled(False)
        data: dict[str, Any] = {"segments": [self.segment()]}
        if self.wording.terms:
            data["override"] = self.wording.terms
        self._seat.ask_then(self, "rundown.put", data, self._taken)

    def _taken(self, answer: Answer) -> None:
        if answer.ok:
            self.close_sheet()
            return
        self.save.setEnabled(True)
        self._say(sentence(answer))

    def _say(self, words: str, tone: str = "live") -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _template(draft: LineDraft) -> CueTemplate:
    return msgspec.convert({"kind": draft.kind, "spec": draft.spec}, CueTemplate)
