"""A planned broadcast is written here: when, its name, a campaign, reservations, goals of its phases."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from liveconsole.messages.preparations import CampaignTold, PlanTold
from liveconsole.messages.preparing import NEXT
from ui.i18n import t
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel, button, set_tip
from ui.words import prepare as words

_LONG: Final = 200
_MOMENT: Final = re.compile(r"(?:(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})\s+)?(\d{1,2})[:：](\d{2})")


def read_moment(text: str, now: datetime) -> datetime | None:
    """A moment as people type it, by the clock here: ``2026-12-01 20:00``, ``12-01 20:00``, ``20:00``. What
    is not said is what comes next; None where it is no moment."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    here = now.astimezone()
    year, month, day, hour, minute = found.groups()
    try:
        at = here.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        if month is None:
            return at if at > here else at + timedelta(days=1)
        at = at.replace(year=int(year or here.year), month=int(month), day=int(day))
        return at.replace(year=at.year + 1) if year is None and at <= here else at
    except ValueError:
        return None


class PlanForm(QFrame):
    """``written`` carries the data of ``prepare.plan``."""

    written = Signal(dict)
    dropped = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("raised")
        self._plan_id: str | None = None
        self._now: datetime | None = None
        self.at, self.title, self.reserved = QLineEdit(), QLineEdit(), QLineEdit()
        self.campaign = ChoiceBox([(t("不跟大促"), "")])
        self.goals: dict[str, QLineEdit] = {}
        self.said = PlainLabel("", tone="warn", lines=0)
        self.put, self.drop, self.leave = (
            button(t("记下"), "primary"),
            button(t("删掉这场")),
            button(t("不改了")),
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        for place, (name, field, hint) in enumerate(
            (
                (t("开播时间"), self.at, t("例如 12-01 20:00")),
                (t("场名"), self.title, t("可以不填")),
                (t("大促"), self.campaign, ""),
                (t("预约人数"), self.reserved, t("照预告上的数填，不知道就空着")),
            )
        ):
            field.setAccessibleName(name)
            if isinstance(field, QLineEdit):
                field.setMaxLength(_LONG)
                field.setPlaceholderText(hint)
                field.returnPressed.connect(self.write)
            row, column = divmod(place, 2)
            self._grid.addWidget(PlainLabel(name, role="small", tone="fg1"), row, column * 2)
            self._grid.addWidget(field, row, column * 2 + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        keys = QHBoxLayout()
        keys.setSpacing(10)
        keys.addWidget(self.said, 1)
        for key, act in ((self.drop, self._drop), (self.leave, self.left.emit), (self.put, self.write)):
            key.clicked.connect(lambda _=False, act=act: act())
            keys.addWidget(key)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(14, 12, 14, 12)
        column_.setSpacing(10)
        column_.addLayout(self._grid)
        column_.addLayout(keys)
        self.hide()

    def open_for(
        self, plan: PlanTold, campaigns: list[CampaignTold], now: datetime, *, new: bool = False
    ) -> None:
        """Show a plan as it stands; ``new``: an empty one with the same phases."""
        new = new or plan.plan_id == NEXT
        self._plan_id, self._now = None if new else plan.plan_id, now
        self.at.setText("" if new or plan.at is None else words.moment_words(plan.at))
        self.title.setText("" if new else plan.title)
        self.reserved.setText("" if new or plan.reserved is None else str(plan.reserved))
        offered = {one.id: words.named(one.zh, one.en) for one in campaigns}
        self.campaign.set_items([("", t("不跟大促")), *offered.items()])
        chosen = plan.campaign.id if plan.campaign is not None and not new else ""
        self.campaign.choose(chosen)
        self._lay_goals(plan, own=not new)
        self.said.setText("")
        self.drop.setVisible(not new)
        self.show()
        self.at.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_goals(self, plan: PlanTold, *, own: bool) -> None:
        for phase in plan.phases:
            if phase.id not in self.goals:
                field = self.goals[phase.id] = QLineEdit()
                field.setMaxLength(_LONG)
                field.returnPressed.connect(self.write)
                row, column = divmod(len(self.goals) + 3, 2)
                name = t("{phase} 的目标", phase=words.named(phase.zh, phase.en))
                field.setAccessibleName(name)
                self._grid.addWidget(PlainLabel(name, role="small", tone="fg1"), row, column * 2)
                self._grid.addWidget(field, row, column * 2 + 1)
            set_tip(self.goals[phase.id], words.phase_goal(phase))
            self.goals[phase.id].setText(phase.goal if own and phase.own else "")
            self.goals[phase.id].setCursorPosition(0)

    def write(self) -> None:
        """Hand it in, or say what is wrong beside it."""
        assert self._now is not None
        at = read_moment(self.at.text(), self._now)
        reserved = self.reserved.text().strip().replace(",", "")
        if at is None:
            self._wrong(t("时间看不懂：写成 12-01 20:00"), self.at)
        elif reserved and not (reserved.isascii() and reserved.isdigit() and len(reserved) < 10):
            self._wrong(t("预约人数是个整数，不知道就空着"), self.reserved)
        else:
            data: dict[str, Any] = {"at": at.isoformat(), "title": self.title.text().strip()}
            data |= {"plan_id": self._plan_id} if self._plan_id is not None else {}
            data |= {"campaign": self.campaign.chosen} if self.campaign.chosen is not None else {}
            data |= {"reserved": int(reserved)} if reserved else {}
            goals = {phase: field.text().strip() for phase, field in self.goals.items()}
            data["goals"] = [{"phase": phase, "goal": goal} for phase, goal in goals.items() if goal]
            self.written.emit(data)

    def tell(self, words_: str) -> None:
        """What is wrong with it, beside its keys."""
        self.said.setText(words_)

    def _wrong(self, said: str, field: QLineEdit) -> None:
        self.said.setText(said)
        field.setFocus()

    def _drop(self) -> None:
        if self._plan_id is not None:
            self.dropped.emit(self._plan_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
