"""Health in full: every source with the age of its last event, what is owed, what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.panels.health.sources import source_age, source_look, source_name
from ui.widgets import Chip, EmptyState, PlainLabel, Section, clean
from ui.widgets.chip import Mark
from ui.widgets.when import clock, parse
from ui.words.goods import Goods, cue_title

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


class HealthPanel(Section):
    """``show_state`` when the state changed, ``tick`` once a second; ``set_skipped`` from the feed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("健康"), parent=parent)
        self._sources: list[Mapping[str, Any]] = []
        self._owed: list[tuple[str, Mapping[str, Any]]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_SourceRow] = []
        self._none = EmptyState("link", t("还没有来源"), t("打开采集工具，评论就会进来"))
        self._owed_title = PlainLabel(t("欠平台的"), role="small", tone="fg2")
        self._owed_box = QVBoxLayout()
        self._owed_box.setSpacing(4)
        self._owed_lines: list[PlainLabel] = []
        self._strange = PlainLabel("", role="small", tone="warn", lines=0)
        self._strange.hide()
        self._skipped = PlainLabel("", role="small", tone="fg1", lines=0)
        self._engine = PlainLabel("", role="small", tone="fg2", lines=0)
        self.body.addWidget(self._none)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._owed_title)
        self.body.addLayout(self._owed_box)
        self.body.addWidget(self._strange)
        self.body.addWidget(self._skipped)
        self.body.addWidget(self._engine)
        self.body.addStretch(1)
        self.set_skipped(0)

    def show_state(self, state: Mapping[str, Any], now: datetime) -> None:
        """Show a body of ``GET /v1/state``."""
        health, goods = state["health"], Goods(state)
        self._sources = list(health["sources"])
        self._none.setVisible(not self._sources)
        while len(self._rows) < len(self._sources):
            self._rows.append(_SourceRow(self._grid, len(self._rows)))
        for row, source in zip(self._rows, self._sources, strict=False):
            row.name.setText(source_name(source["source"]))
            row.name.setAccessibleDescription(source["source"])
            row.simulated.show_as(t("模拟") if source.get("simulated") else "", "warn")
            row.count.setText(f"{source.get('count') or 0:,}")
        for index, row in enumerate(self._rows):
            for widget in row.widgets():
                widget.setVisible(index < len(self._sources))
        self._owed = [(cue_title(cue, goods), cue["owed"]) for cue in state["cues"] if cue.get("owed")]
        while len(self._owed_lines) < max(1, len(self._owed)):
            line = PlainLabel("", tone="warn", elide=True)
            self._owed_lines.append(line)
            self._owed_box.addWidget(line)
        self._show_strange(state.get("unknown_cues") or ())
        parts = []
        if health.get("followers") is not None:
            parts.append(t("{n} 个窗口在看", n=health["followers"]))
        if health.get("inbox") is not None:
            parts.append(t("排队 {n}", n=f"{health['inbox']:,}"))
        disk = health.get("disk")
        if isinstance(disk, Mapping) and disk.get("free_bytes") is not None:
            parts.append(t("磁盘剩 {n} GB", n=f"{disk['free_bytes'] / 1e9:,.0f}"))
        parts.append(t("日志 #{n} 已保存", n=f"{state['seq']:,}"))
        self._engine.setText(" · ".join(parts))
        self.tick(now)

    def _show_strange(self, unknown: Sequence[Mapping[str, Any]]) -> None:
        """Promotions that the platform reports and that nobody here made: kept, counted to nothing."""
        named = [clean(str(one["cue_id"]), 40) for one in unknown[:_STRANGE_NAMED]]
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
                since = parse(owed.get("since"))
                waited = clock((now - since).total_seconds()) if since else "?"
                step = t("开始") if owed.get("step") == "on_air" else t("结束")
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
