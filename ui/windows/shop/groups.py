"""The groups on the left: how many each has, and when the first of its clocks ends."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.cases import GroupCount
from ui import theme
from ui.i18n import t
from ui.widgets import PlainLabel, set_tip
from ui.windows.shop.painted import elided
from ui.windows.shop.words import GROUPS, SOON, GroupLook, left_words

_SIDE: Final = 14


class CaseGroupKey(QPushButton):
    """One group: its sign, name, count, and under the name what is most urgent in it."""

    def __init__(self, look: GroupLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._count, self._below, self._tone = "—", "", "fg2"
        self._soonest: datetime | None = None
        self._many = False
        self.setCheckable(True)
        self.setProperty("look", "drawn")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_count(self, count: GroupCount | None) -> None:
        """What the engine counted; None: it has not said."""
        self._soonest = count.soonest if count is not None else None
        self._many = count is not None and count.count > 0
        self._count = "—" if count is None else f"{count.count:,}{'+' if count.more else ''}"

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
        if (below, tone) != (self._below, self._tone):
            self._below, self._tone = below, tone
            self.update()
        said = " · ".join(part for part in (t(self.look.name), self._count, below) if part)
        if said != self.accessibleName():
            self.setAccessibleName(said)
            set_tip(self, said)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self._height())

    def _height(self) -> int:
        high = QFontMetrics(theme.font("strong")).height()
        return high + QFontMetrics(theme.font("small")).height() + 14

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.text() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
            painter.fillRect(QRectF(0, 0, 3, self.height()), theme.colour("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.colour(tokens.bg2))
        if self.hasFocus():
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 1.5, -2.5, -2.5), 6, 6)
        strong = QFontMetrics(theme.font("strong"))
        high, side = strong.height(), strong.ascent()
        top = 6
        x = float(_SIDE)
        if self.width() >= 180 * theme.text_scale():
            icon = QRectF(x + 2, top + (high - side) / 2, side, side)
            theme.paint_icon(painter, self.look.icon, icon, theme.hexa("fg1"))
            x += side + 12
        number = strong.horizontalAdvance(self._count)
        right = self.width() - _SIDE
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("fg0"))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(right - number - 2, top, number + 2, high),
            vertical | Qt.AlignmentFlag.AlignRight,
            self._count,
        )
        room = right - number - 10 - x
        painter.drawText(QRectF(x, top, room, high), vertical, elided(t(self.look.name), "strong", room))
        painter.setFont(theme.font("small"))
        tone = "fg1" if self._tone == "fg2" else self._tone
        painter.setPen(theme.colour(f"soft:{tone}" if self.isChecked() and tone != "fg1" else tone))
        below = QRectF(x, top + high + 1, right - x, QFontMetrics(theme.font("small")).height())
        painter.drawText(below, vertical, elided(self._below, "small", right - x))
        painter.end()


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
                head.setContentsMargins(_SIDE, 7, _SIDE, 2)
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
        self._all: GroupCount | None = None

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
        if self._all is not None:
            self._counts["all"] = self._all
        for name, key in self.keys.items():
            key.show_count(self._counts.get(name))
        self.tick(now)

    def show_all(self, count: int) -> None:
        """How many orders there are in all."""
        self._counts["all"] = self._all = GroupCount("moving", count)
        self.keys["all"].show_count(self._all)

    def count(self, group: str) -> GroupCount | None:
        """What was counted of a group."""
        return self._counts.get(group)

    def tick(self, now: datetime) -> None:
        """Once a second."""
        for key in self.keys.values():
            key.tick(now)
