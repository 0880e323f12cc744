"""Comments and orders: topics, the 扣1 meter, filters, the painted feed, what came while it was paused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QTabBar, QWidget

from liveconsole.views.feed import Feed
from liveconsole.views.questions import TOPICS
from ui import theme
from ui.i18n import t
from ui.panels.feed.view import FeedView
from ui.widgets import EmptyState, FilterChip, FireButton, FlowRow, PlainLabel, Section, Sparkline

_FILTERS: Final = ("all", "question", "order", "big", "unpaid")


class FeedPanel(Section):
    """``take`` events once a frame, ``tick`` it once a second, ``show_state`` when the state changed."""

    def __init__(self, feed: Feed | None = None, parent: QWidget | None = None) -> None:
        super().__init__(t("评论与订单"), flush=True, parent=parent)
        self.feed = feed if feed is not None else Feed()
        self.view = FeedView(self.feed)
        self._names = {
            "size": t("尺码 / 身高体重"),
            "shipping": t("什么时候发货"),
            "colour": t("颜色"),
            "quality": t("面料 / 退换"),
        }
        self._topics = {name: FilterChip(self._names[name]) for name in TOPICS}
        self._tabs = QTabBar()
        self._status = PlainLabel(
            t("实时"), role="small", tone="fg2", align=Qt.AlignmentFlag.AlignHCenter, elide=True
        )
        self._resume = FireButton("", tone="accent", key="End")
        self._resume.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._build()
        self.view.paused.connect(self._show_pause)
        self._resume.fired.connect(self.view.follow)
        self._tabs.currentChanged.connect(self._tab_chosen)
        for name, chip in self._topics.items():
            chip.clicked.connect(lambda checked, name=name: self._topic_chosen(name, checked))
        self._show_pause()

    def _build(self) -> None:
        chips = QWidget()
        flow = FlowRow(chips)
        flow.setContentsMargins(14, 0, 14, 10)
        for chip in self._topics.values():
            chip.set_count(0)
            flow.addWidget(chip)
        self.body.setSpacing(0)
        self.body.addWidget(chips)
        self.body.addLayout(self._meter())

        self._tabs.setExpanding(False)
        self._tabs.setFont(theme.font("base"))
        self._tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs.setAccessibleName(t("筛选"))
        for word in (t("全部"), t("提问"), t("订单"), t("大额"), t("未付")):
            self._tabs.addTab(word)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self._tabs)
        row.addStretch(1)
        self.body.addLayout(row)
        edge = QFrame()
        edge.setObjectName("rule")
        edge.setFixedHeight(1)
        self.body.addWidget(edge)

        self._empty = EmptyState("comment", t("还没有评论"), t("开播后，评论和订单会出现在这里"))
        held = QWidget()
        self._stack = QStackedLayout(held)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self.body.addWidget(held, 1)

        # One line that is always there: what it says changes, where the rows end does not.
        foot = QWidget()
        self._foot = QStackedLayout(foot)
        self._foot.addWidget(self._status)
        self._foot.addWidget(self._resume)
        foot.setFixedHeight(self._resume.sizeHint().height())
        low = QHBoxLayout()
        low.setContentsMargins(6, 4, 6, 6)
        low.addWidget(foot)
        self.body.addLayout(low)

    def _meter(self) -> QHBoxLayout:
        frame = QFrame()
        frame.setObjectName("raised")
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.setSpacing(8)
        self._ones = PlainLabel("0", role="kpi", tone="ok")
        self._ones.setMinimumWidth(self._ones.fontMetrics().horizontalAdvance("8,888"))
        self._spark = Sparkline("ok", name=t("扣 1 的走势"))
        inside.addWidget(PlainLabel(t("扣 1")))
        inside.addWidget(self._ones)
        inside.addWidget(PlainLabel(t("人 / 10 秒"), role="small", tone="fg2"))
        inside.addWidget(self._spark, 1)
        around = QHBoxLayout()
        around.setContentsMargins(14, 0, 14, 4)
        around.addWidget(frame)
        return around

    # What comes in ------------------------------------------------------------------------------------

    def take(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Fold a batch of committed events and show it. Once a frame, and not at all when nothing came."""
        self.feed.fold(events)
        if self._stack.currentIndex() == 0 and self.feed.added:
            self._stack.setCurrentIndex(1)
        self.view.refresh()
        if self.view.is_paused:
            self._show_unseen()

    def show_state(self, state: Mapping[str, Any], now: datetime) -> None:
        """Learn numbers and cues from the room's state."""
        self.feed.learn(state)

    def tick(self, now: datetime) -> None:
        """Once a second: rate, topics, the meter."""
        rates = self.feed.rates(now, 5)
        rate = sum(rates) / len(rates)
        shown = f"{rate:,.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}"
        note = t("{n} 条/秒 · 已合并重复", n=shown)
        if self.feed.skipped:
            note = t("{n} 条/秒 · 略过 {skipped}", n=shown, skipped=f"{self.feed.skipped:,}")
        self.note.setText(note)
        people, points = self.feed.ones(now)
        self._ones.setText(f"{people:,}")
        self._spark.set_values(points)
        for name, count in self.feed.topics().items():
            self._topics[name].set_count(count)
        if not self.view.is_paused:
            self._status.setText(t("实时 · 本场评论 {n} 条", n=f"{self.feed.comments:,}"))
        self.view.read_out()

    # What the person does -----------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Show a filter by its name (``all``, ``question``, ``order``, ``big``, ``unpaid``)."""
        self._tabs.setCurrentIndex(_FILTERS.index(name))

    def _tab_chosen(self, index: int) -> None:
        for chip in self._topics.values():
            chip.setChecked(False)
        self.view.set_filter(_FILTERS[index])

    def _topic_chosen(self, name: str, checked: bool) -> None:
        for other, chip in self._topics.items():
            chip.setChecked(checked and other == name)
        self.view.set_filter(f"topic:{name}" if checked else _FILTERS[self._tabs.currentIndex()])

    def _show_pause(self) -> None:
        self._foot.setCurrentIndex(1 if self.view.is_paused else 0)
        self._show_unseen()
        self.view.read_out()

    def _show_unseen(self) -> None:
        self._resume.show_as(t("已暂停 · 新消息 {n} 条", n=f"{self.view.unseen:,}"))
