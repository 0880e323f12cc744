"""The groups on the left: how many each has, and when the first of its clocks ends."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.cases import GroupCount
from ui.i18n import t
from ui.widgets import PlainLabel
from ui.widgets.group_key import SIDE, GroupKey
from ui.windows.shop.words import GROUPS, SOON, GroupLook, left_words


class CaseGroupKey(GroupKey):
    """One group: under its name what is most urgent in it."""

    def __init__(self, look: GroupLook, parent: QWidget | None = None) -> None:
        super().__init__(t(look.name), icon=look.icon, parent=parent)
        self.look = look
        self._soonest: datetime | None = None
        self._many = False
        self.shown = "—"
        """Its number as it is painted."""

    def show_count(self, count: GroupCount | None) -> None:
        """What the engine counted; None: it has not said."""
        self._soonest = count.soonest if count is not None else None
        self._many = count is not None and count.count > 0
        self.shown = "—" if count is None else f"{count.count:,}{'+' if count.more else ''}"

    def tick(self, now: datetime) -> None:
        """What is left of its first clock."""
        below, tone = t("没有时限") if self._many else "", "fg2"
        if self.look.group == "all":
            below = t("近 90 天") if self._many else ""
        elif self.look.group == "urgent":
            below = t("四小时内会到时的都在这")
        elif self._soonest is not None:
            left = left_words(self._soonest, now)
            over = self._soonest < now
            below = t("最早的{left}", left=left) if over else t("最急还剩 {left}", left=left)
            red = over or self.look.group == "first_answer"
            tone = "live" if red else "warn" if self._soonest - now <= SOON else "fg2"
        self.show_words(self.shown, below, tone)


class GroupList(QFrame):
    """``wanted(group)``: a group is to be listed."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setAccessibleName(t("分组"))
        self.keys: dict[str, CaseGroupKey] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(1, 8, 1, 8)
        column.setSpacing(0)
        part = ""
        for look in GROUPS:
            if look.part != part:
                part = look.part
                head = QHBoxLayout()
                head.setContentsMargins(SIDE, 7, SIDE, 2)
                head.addWidget(PlainLabel(t(part), role="small", tone="fg2"))
                column.addLayout(head)
            key = self.keys[look.group] = CaseGroupKey(look)
            key.clicked.connect(lambda _on=False, group=look.group: self.choose(group))
            column.addWidget(key)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(area)
        self._area = area
        self.group = ""
        self._counts: dict[str, GroupCount] = {}
        self._own: dict[str, GroupCount] = {}
        """Of groups whose rows are no cases."""

    def choose(self, group: str) -> None:
        """List this group."""
        for name, key in self.keys.items():
            key.setChecked(name == group)
        if group != self.group:
            self.group = group
            self._area.ensureWidgetVisible(self.keys[group], 0, 20)
            self.wanted.emit(group)

    def step(self, by: int) -> None:
        """The next group, or the one before."""
        names = list(self.keys)
        at = names.index(self.group) if self.group in names else 0
        self.choose(names[(at + by) % len(names)])

    def show_counts(self, counts: list[GroupCount], now: datetime) -> None:
        """What the engine counted."""
        self._counts = {count.group: count for count in counts}
        self._counts |= self._own
        for name, key in self.keys.items():
            key.show_count(self._counts.get(name))
        self.tick(now)

    def show_own(self, group: str, count: int) -> None:
        """How many there are in a group whose rows are no cases: all orders, the stories."""
        self._counts[group] = self._own[group] = GroupCount("moving", count)
        self.keys[group].show_count(self._own[group])

    def count(self, group: str) -> GroupCount | None:
        """What was counted of a group."""
        return self._counts.get(group)

    def tick(self, now: datetime) -> None:
        """Once a second."""
        for key in self.keys.values():
            key.tick(now)
