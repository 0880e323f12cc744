"""谁分多少: who gets which part of what an evening brings, from a day on. The rest is the shop's."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.settlements import SettlementTold
from liveconsole.views.day_ranges import days_of
from ui.i18n import t
from ui.widgets import PlainLabel, button

_PERCENT: Final = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_KNOWN: Final = {"host": "主播", "assistant": "助理", "agency": "机构"}
_NAME_LONG: Final = 40
NAMED: Final = 10
"""Payees of other names: as many as the engine keeps."""
_SHOWN: Final = 3
"""Of those, where fewer are written."""


class PartsForm(QFrame):
    """``written`` carries the data of ``parts.put``."""

    written = Signal(dict)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("raised")
        self.rows: list[tuple[str | QLineEdit, QLineEdit]] = []
        """Who, fixed or typed, and his percent."""
        self._named: list[tuple[QWidget, ...]] = []
        self.since = self._entry(t("从哪天起"), 10)
        self.said = PlainLabel("", tone="warn", lines=0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place in range(len(_KNOWN) + NAMED):
            row, column = divmod(place, 2)
            percent = self._entry(t("百分之几"), 6)
            who = list(_KNOWN)[place] if place < len(_KNOWN) else self._entry(t("给谁"), _NAME_LONG)
            if isinstance(who, str):
                percent.setAccessibleName(t("{who}百分之几", who=t(_KNOWN[who])))
                grid.addWidget(PlainLabel(t(_KNOWN[who])), row, column * 3)
            else:
                who.setPlaceholderText(t("给谁"))
                grid.addWidget(who, row, column * 3)
            grid.addWidget(percent, row, column * 3 + 1)
            unit = PlainLabel("%", tone="fg2")
            grid.addWidget(unit, row, column * 3 + 2)
            if not isinstance(who, str):
                self._named.append((who, percent, unit))
            self.rows.append((who, percent))
        self.put, self.leave = button(t("记下"), "primary"), button(t("不改了"))
        self.put.clicked.connect(self.write)
        self.leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(PlainLabel(t("从哪天起"), role="small", tone="fg1"))
        foot.addWidget(self.since)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.put)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(14, 12, 14, 12)
        column_.setSpacing(10)
        column_.addWidget(PlainLabel(t("谁分多少；剩下的归店铺"), role="strong"))
        column_.addLayout(grid)
        column_.addLayout(foot)
        self.hide()

    def _entry(self, name: str, longest: int) -> QLineEdit:
        made = QLineEdit()
        made.setMaxLength(longest)
        made.setAccessibleName(name)
        made.returnPressed.connect(self.write)
        return made

    def open_for(self, told: SettlementTold) -> None:
        """Show what is written, from the day that it holds from, else from the day of this broadcast."""
        for who, percent in self.rows:
            percent.clear()
            if isinstance(who, QLineEdit):
                who.clear()
        free = iter([(who, percent) for who, percent in self.rows if isinstance(who, QLineEdit)])
        fixed = {who: percent for who, percent in self.rows if isinstance(who, str)}
        for part in told.parts:
            if part.who in fixed:
                _put(fixed[part.who], part.percent)
            elif part.who and (place := next(free, None)) is not None:
                _put(place[0], part.who)
                _put(place[1], part.percent)
        many = sum(part.who not in fixed and bool(part.who) for part in told.parts)
        for number, row in enumerate(self._named):
            for each in row:
                each.setVisible(number < max(_SHOWN, many + 1))
        _put(self.since, str(told.parts_since or days_of("today", told.opened_at)["from"]))
        unseen = told.parts_since is not None and not told.parts
        self.said.setText(t("写过的等总数知道了才看得到，记下就换掉它") if unseen else "")
        self.show()
        self.rows[0][1].setFocus(Qt.FocusReason.TabFocusReason)

    def write(self) -> None:
        """Hand it in, or say what is wrong beside its keys."""
        parts = []
        for who, percent in self.rows:
            name = who if isinstance(who, str) else who.text().strip()
            said = percent.text().strip().removesuffix("%").strip()
            if not said and (isinstance(who, str) or not name):
                continue
            if not name and isinstance(who, QLineEdit):
                return self._wrong(t("写上给谁"), who)
            if _PERCENT.fullmatch(said) is None:
                return self._wrong(t("百分之几写成 12.5"), percent)
            parts.append({"who": name, "percent": said})
        data: dict[str, Any] = {"parts": parts}
        try:
            data["since"] = str(date.fromisoformat(self.since.text().strip()))
        except ValueError:
            return self._wrong(t("日子写成 2026-12-01"), self.since)
        self.written.emit(data)
        return None

    def tell(self, words: str) -> None:
        """Why the engine did not take it."""
        self.said.setText(words)

    def _wrong(self, said: str, field: QLineEdit) -> None:
        self.said.setText(said)
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _put(made: QLineEdit, text: str) -> None:
    """Text from outside goes into an entry, which shows letters."""
    made.setText(text)
