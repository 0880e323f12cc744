"""The middle column: what is to be done for one planned broadcast, and what its phases are to reach."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.preparations import ItemTold, PhaseTold, PlanTold
from ui.i18n import t
from ui.widgets import PlainLabel, Section
from ui.windows.prepare.calendar import indented, scrolled
from ui.words import prepare as words

_GROUPS: Final = ("warm", "ready")


class _TickBox(QCheckBox):
    """↑ and ↓ go to the next, Space and Enter tick."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)


class TickRow(QWidget):
    """One item with its tick, its words and by when."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.box = _TickBox()
        self.words = PlainLabel("", elide=True)
        self.due = PlainLabel("", role="small", tone="fg2")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(10)
        row.addWidget(self.box)
        row.addWidget(self.words, 1)
        row.addWidget(self.due)
        self.item_id = ""
        self.box.clicked.connect(lambda on: self.ticked.emit(self.item_id, on))

    def show_item(self, item: ItemTold, *, may: bool) -> None:
        self.item_id = item.id
        said, due = words.named(item.zh, item.en), words.item_due(item)
        self.box.setChecked(item.done)
        self.box.setEnabled(may)
        self.box.setAccessibleName(f"{said} · {due}")
        self.words.setText(said)
        self.words.set_tone("fg1" if item.done else "fg0")
        self.due.setText(due)
        self.due.set_tone("warn" if item.late else "ok" if item.done else "fg2")


class _PhaseLine:
    """One phase in the grid: its name, how long, and what it is to reach."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.name = PlainLabel("", role="strong")
        self.minutes = PlainLabel("", role="small", tone="fg2")
        self.goal = PlainLabel("", tone="fg1", lines=0)
        for column, label in enumerate((self.name, self.minutes, self.goal)):
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)

    def show_phase(self, phase: PhaseTold | None) -> None:
        for label in (self.name, self.minutes, self.goal):
            label.setVisible(phase is not None)
        if phase is not None:
            self.name.setText(words.named(phase.zh, phase.en))
            self.minutes.setText(t("{n} 分钟", n=phase.minutes))
            self.goal.setText(words.phase_goal(phase))
            self.goal.set_tone("fg0" if phase.own else "fg1")


class Checklist(Section):
    """要做的事 of one plan, 预热 before 账号准备; below them 阶段和目标."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__(t("要做的事"), flush=True)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 10)
        self._column.setSpacing(0)
        self._heads = {
            "warm": PlainLabel(t("预热"), role="small_strong", tone="fg1"),
            "ready": PlainLabel(t("账号准备"), role="small_strong", tone="fg1"),
        }
        self._groups: dict[str, QVBoxLayout] = {}
        self.rows: list[TickRow] = []
        for name in _GROUPS:
            self._column.addLayout(indented(self._heads[name]))
            self._groups[name] = QVBoxLayout()
            self._groups[name].setSpacing(0)
            self._column.addLayout(self._groups[name])
        self.phases_head = PlainLabel(t("阶段和目标"), role="small_strong", tone="fg1")
        self._column.addLayout(indented(self.phases_head))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(14, 0, 14, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.phases: list[_PhaseLine] = []
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self._area = scrolled(inside)
        self.body.addWidget(self._area, 1)
        self._laid: tuple[tuple[str, str], ...] = ()

    def show_plan(self, plan: PlanTold, *, may: bool) -> None:
        """``may``: this seat may tick now."""
        items = [item for name in _GROUPS for item in plan.items if item.group == name]
        laid = tuple((item.id, item.group) for item in items)
        if laid != self._laid:
            self._place(items)
            self._laid = laid
        for row, item in zip(self.rows, items, strict=True):
            row.show_item(item, may=may)
        for name, head in self._heads.items():
            head.setVisible(any(item.group == name for item in items))
        done = len(items) - plan.left
        self.note.setText(t("{done} / {all} 件做好了", done=done, all=len(items)))
        self._show_phases(plan)

    def _place(self, items: list[ItemTold]) -> None:
        """Other items: rows anew."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for item in items:
            row = TickRow()
            row.ticked.connect(self.ticked)
            row.box.moved.connect(lambda by, row=row: self._move(row, by))
            self._groups[item.group].addWidget(row)
            self.rows.append(row)

    def _show_phases(self, plan: PlanTold) -> None:
        while len(self.phases) < len(plan.phases):
            self.phases.append(_PhaseLine(self._grid, len(self.phases)))
        for place, line in enumerate(self.phases):
            line.show_phase(plan.phases[place] if place < len(plan.phases) else None)
        self.phases_head.setVisible(bool(plan.phases))

    def _move(self, row: TickRow, by: int) -> None:
        at = self.rows.index(row) + by
        if 0 <= at < len(self.rows):
            self.focus_row(at)

    def focus_row(self, at: int) -> None:
        """Put the keyboard on one item, in sight."""
        if self.rows:
            row = self.rows[max(0, min(len(self.rows) - 1, at))]
            row.box.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(row, 0, 30)
