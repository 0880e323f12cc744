"""A switchback test: what runs now and until when, a line to plan one, and what came of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.board_figures import BLOCKS_LEAST, BLOCKS_MOST
from liveconsole.messages.boards import BoardPage, Switchback
from ui.clean import clean
from ui.i18n import t
from ui.seat.seat import Answer
from ui.widgets import Chip, NumberField, PlainLabel, button
from ui.widgets.when import countdown
from ui.windows.boards.body_table import TableSection
from ui.windows.boards.tables import switchbacks
from ui.words.answers import sentence

_MINUTES, _MINUTES_MOST, _BLOCKS, _NAME_MOST = 5, 60, 12, 40
_SHOWN: Final = 6


def running(page: BoardPage) -> Switchback | None:
    """The test whose block runs now."""
    return next((each for each in page.switchbacks if each.now is not None and each.started_at), None)


def block_words(test: Switchback, now: datetime) -> tuple[str, str]:
    """What to do now and for how long, and its tone. The blocks go on by the clock, whoever looks."""
    assert test.started_at is not None
    each = timedelta(minutes=max(1, test.minutes))
    place = max(0, int((now - test.started_at) / each))
    if place >= len(test.blocks):
        return t("{name}：试完了", name=clean(test.name, 40)), "fg1"
    left = countdown((test.started_at + (place + 1) * each - now).total_seconds())
    name = clean(test.name, 40)
    on, off = t("{name}：开着 {left}", name=name, left=left), t("{name}：关掉 {left}", name=name, left=left)
    said = on if test.blocks[place] else off
    return f"{said} · {place + 1}/{len(test.blocks)}", "ok" if test.blocks[place] else "warn"


class TrialSection(TableSection):
    """``planned(data)`` and ``dropped(plan_id)`` are wishes of a person."""

    planned = Signal(dict)
    dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("轮换试验"), parent)
        self._test: Switchback | None = None
        self.now_line = Chip("")
        self.end = button(t("结束这个试验"), "quiet")
        self.end.clicked.connect(self._drop)
        self.name = QLineEdit()
        self.name.setMaxLength(_NAME_MOST)
        self.name.setPlaceholderText(t("试什么，比如：整点福袋"))
        self.name.setAccessibleName(t("试什么"))
        self.name.returnPressed.connect(self._plan)
        self.minutes = NumberField(1, _MINUTES_MOST)
        self.minutes.setValue(_MINUTES)
        self.minutes.setAccessibleName(t("每段几分钟"))
        self.blocks = NumberField(BLOCKS_LEAST, BLOCKS_MOST)
        self.blocks.setValue(_BLOCKS)
        self.blocks.setAccessibleName(t("一共几段"))
        self.start = button(t("开始试验"))
        self.start.clicked.connect(self._plan)
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.body.insertWidget(0, self._form())

    def _form(self) -> QWidget:
        held = QWidget()
        held.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(held)
        column.setContentsMargins(14, 0, 14, 6)
        column.setSpacing(8)
        now = QHBoxLayout()
        now.addWidget(self.now_line)
        now.addWidget(self.end)
        now.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name, 3)
        for words, box in ((t("每段几分钟"), self.minutes), (t("一共几段"), self.blocks)):
            line.addWidget(PlainLabel(words, role="small", tone="fg1"))
            line.addWidget(box)
        line.addWidget(self.start)
        column.addLayout(now)
        column.addLayout(line)
        column.addWidget(self.said)
        return held

    def show_page(self, page: BoardPage, now: datetime) -> None:
        """Other numbers. A test is of a broadcast that runs: off air none is begun."""
        self.show_table(switchbacks(page))
        self.keep_whole(_SHOWN)
        live = page.opened_at is not None and page.closed_at is None
        self._test = running(page)
        self.start.setEnabled(live and self._test is None)
        if not live:
            self.tell(t("开播后才能试"), "fg1")
        elif not self.said.text() or self.said.text() == t("开播后才能试"):
            self.tell(t("开和关由抽签排好；到时候照着做，别挑时候"), "fg1")
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """The clock of the block that runs."""
        test = self._test
        self.now_line.setVisible(test is not None)
        self.end.setVisible(test is not None)
        if test is not None:
            said, tone = block_words(test, now)
            self.now_line.show_as(said, tone)

    def _plan(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.tell(t("先写试什么"), "warn")
            self.name.setFocus()
            return
        if self.start.isEnabled():
            self.planned.emit({"name": name, "minutes": self.minutes.value(), "blocks": self.blocks.value()})

    def _drop(self) -> None:
        if self._test is not None:
            self.dropped.emit(self._test.plan_id)

    def answered(self, answer: Answer) -> None:
        """What the engine said to it."""
        if answer.ok:
            self.name.clear()
            self.tell(t("记下了"), "ok")
        else:
            self.tell(sentence(answer), "warn")

    def tell(self, text: str, tone: str) -> None:
        """A line under the form."""
        self.said.setText(text)
        self.said.set_tone(tone)
