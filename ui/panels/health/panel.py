"""Health in full: every source with the age of its last event, what is owed, what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import ActState, AlarmState, OwedState, SourceState, UnknownCueState
from ui.clean import clean
from ui.i18n import t
from ui.seat.room import RoomView
from ui.widgets import Chip, EmptyState, PlainLabel, Section, button
from ui.widgets.chip import Mark
from ui.widgets.when import clock
from ui.words import alarms as alarm_words
from ui.words.goods import cue_title
from ui.words.sources import source_age, source_look, source_name

_STRANGE_NAMED: Final = 3


class _SourceRow:
    """The widgets of one source's line in the grid."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.mark = Mark("ring", "fg2")
        self.name = PlainLabel("", elide=True)
        self.simulated = Chip("", tone="warn")
        self.count = PlainLabel("", role="small", tone="fg2", align=Qt.AlignmentFlag.AlignRight)
        self.age = PlainLabel("", tone="fg1")
        for column, widget in enumerate((self.mark, self.name, self.simulated, self.count, self.age)):
            grid.addWidget(widget, row, column)

    def widgets(self) -> tuple[QWidget, ...]:
        return self.mark, self.name, self.simulated, self.count, self.age


class _Alarm(QWidget):
    """What somebody has to see to, and the keys that mend it."""

    def __init__(self, words: str, tone: str) -> None:
        super().__init__()
        self.words = PlainLabel(words, role="small_strong", tone=tone, lines=0)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(Mark("warn", tone), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.words, 1)

    def add_act(self, words: str, act: ActState, asked: Callable[[str, object], None]) -> None:
        key = button(words)
        key.clicked.connect(lambda: asked(act.type, act.data))
        self._row.addWidget(key)


class HealthPanel(Section):
    """``show_state`` when the state changed, ``tick`` once a second; ``set_skipped`` from the feed."""

    SECTIONS: Final = ("cart", "catalogue", "cues", "alarms", "health")

    act_asked = Signal(str, object)
    """A key that mends an alarm: the command and its data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("健康"), parent=parent)
        self._sources: list[SourceState] = []
        self._owed: list[tuple[str, OwedState]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_SourceRow] = []
        self._alarms = QVBoxLayout()
        self._alarms.setSpacing(6)
        self.alarm_lines: list[_Alarm] = []
        self._seen_to: tuple[str, Sequence[AlarmState]] = ("", ())
        self._none = EmptyState("link", t("还没有来源"), t("打开采集工具，评论就会进来"))
        self._owed_title = PlainLabel(t("欠平台的"), role="small", tone="fg2")
        self._owed_box = QVBoxLayout()
        self._owed_box.setSpacing(4)
        self._owed_lines: list[PlainLabel] = []
        self._strange = PlainLabel("", role="small", tone="warn", lines=0)
        self._strange.hide()
        self._skipped = PlainLabel("", role="small", tone="fg1", lines=0)
        self._engine = PlainLabel("", role="small", tone="fg2", lines=0)
        self.body.addLayout(self._alarms)
        self.body.addWidget(self._none)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._owed_title)
        self.body.addLayout(self._owed_box)
        self.body.addWidget(self._strange)
        self.body.addWidget(self._skipped)
        self.body.addWidget(self._engine)
        self.body.addStretch(1)
        self.set_skipped(0)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show how the room stands."""
        health = room.health
        self._sources = health.sources
        self._none.setVisible(not self._sources)
        while len(self._rows) < len(self._sources):
            self._rows.append(_SourceRow(self._grid, len(self._rows)))
        for row, source in zip(self._rows, self._sources, strict=False):
            row.name.setText(source_name(source.source))
            row.name.setAccessibleDescription(source.source)
            row.simulated.show_as(t("模拟") if source.simulated else "", "warn")
            row.count.setText(f"{source.events:,}")
        for index, row in enumerate(self._rows):
            for widget in row.widgets():
                widget.setVisible(index < len(self._sources))
        self._owed = [(cue_title(cue, room), cue.owed) for cue in room.cues.values() if cue.owed is not None]
        while len(self._owed_lines) < max(1, len(self._owed)):
            line = PlainLabel("", tone="warn", elide=True)
            self._owed_lines.append(line)
            self._owed_box.addWidget(line)
        self._show_strange(room.unknown_cues)
        if (health.trouble, room.alarms) != self._seen_to:
            self._seen_to = (health.trouble, room.alarms)
            self._show_alarms(health.trouble, room.alarms)
        parts = [t("引擎 {version}", version=health.version)] if health.version else []
        if health.waiting:
            parts.append(t("排队 {n}", n=f"{health.waiting:,}"))
        self._engine.setText(" · ".join(parts))
        self.tick(now)

    def _show_alarms(self, trouble: str, alarms: Sequence[AlarmState]) -> None:
        """Everything that somebody has to see to, the worst first, with the keys that mend it."""
        for old in self.alarm_lines:
            old.hide()
            old.deleteLater()
        words, advice = alarm_words.trouble_words(trouble)
        self.alarm_lines = [_Alarm(f"{words}：{advice}", "live")] if words else []
        for alarm in alarms:
            if words and alarm.code == "trouble":
                continue
            line = _Alarm(alarm_words.sentence(alarm), alarm_words.tone(alarm))
            for act in alarm.acts:
                line.add_act(alarm_words.key_words(alarm, act), act, self.act_asked.emit)
            self.alarm_lines.append(line)
        for line in self.alarm_lines:
            self._alarms.addWidget(line)

    def _show_strange(self, unknown: Sequence[UnknownCueState]) -> None:
        """Promotions that the platform reports and that nobody here made: kept, counted to nothing."""
        named = [clean(one.cue_id, 40) for one in unknown[:_STRANGE_NAMED]]
        if len(unknown) > _STRANGE_NAMED:
            named.append(t("等 {n} 个", n=len(unknown)))
        self._strange.setText(
            t("平台报来不认识的活动，没有计入任何促销：{ids}", ids="、".join(named)) if named else ""
        )
        self._strange.setVisible(bool(named))

    def tick(self, now: datetime) -> None:
        """Move the ages."""
        for row, source in zip(self._rows, self._sources, strict=False):
            icon, tone, words = source_look(source_age(source, now))
            row.mark.show_as(icon, tone, words)
            row.age.setText(words)
            row.age.set_tone(tone if tone != "ok" else "fg1")
        for index, line in enumerate(self._owed_lines):
            if index < len(self._owed):
                title, owed = self._owed[index]
                waited = clock((now - owed.since).total_seconds())
                step = t("开始") if owed.step == "on_air" else t("结束")
                line.setText(t("{step}：{title} · 等了 {waited}", step=step, title=title, waited=waited))
                line.set_tone("warn")
            elif index == 0:
                line.setText(t("没有"))
                line.set_tone("fg1")
            line.setVisible(index < max(1, len(self._owed)))

    def set_skipped(self, count: int) -> None:
        """How many comments this seat was too slow for. They are on the log all the same."""
        self._skipped.setText(
            t("这个窗口略过了 {n} 条评论（日志里都在）", n=f"{count:,}") if count else t("没有略过的评论")
        )
