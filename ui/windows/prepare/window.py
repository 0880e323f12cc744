"""开播前, one window beside the desk: what is to come at the left, what is to be done in the middle, rivals
at the right. It asks the engine when it opens, after every change, and now and then while it is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.intake.rival_rows import RivalTable, is_rivals, read_rivals
from liveconsole.intake.tables import FILE_LIMIT, TableRefused, read_table
from liveconsole.messages.preparations import PlanTold, PreparePage
from liveconsole.messages.rights import may
from ui import theme
from ui.i18n import language, t
from ui.key_places import letter
from ui.parts.own_window import OwnWindow
from ui.seat.seat import Seat
from ui.seat.told import as_told
from ui.widgets import Notice, PlainLabel, Separator, button, set_tip
from ui.widgets.files import choose_file
from ui.windows.prepare.calendar import CampaignList
from ui.windows.prepare.checklist import Checklist
from ui.windows.prepare.plan_form import PlanForm
from ui.windows.prepare.rivals import RivalsBox
from ui.words import prepare as words
from ui.words.answers import sentence

AGAIN_SECONDS: Final = 5.0
_NAMED: Final = 3
"""Rows that were not taken, of which a notice says why."""


class PrepareWindow(OwnWindow):
    """``locked``: whether this seat may only look now."""

    differences_asked = Signal()
    """The catalogue against the shop."""

    def __init__(
        self,
        seat: Seat,
        role: str = "host",
        *,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__((1366, 820), parent=parent)
        self.setWindowTitle(t("开播前"))
        self._seat, self._role, self._locked = seat, role, locked
        self._page: PreparePage | None = None
        self._at = 0
        self.campaigns, self.checklist, self.rivals = CampaignList(), Checklist(), RivalsBox()
        self.form, self.notice = PlanForm(), Notice(self)
        self._build()
        self.checklist.ticked.connect(self.tick)
        self.rivals.import_asked.connect(self.ask_file)
        self.form.written.connect(lambda data: self._give("prepare.plan", data))
        self.form.dropped.connect(lambda plan_id: self._give("prepare.drop", {"plan_id": plan_id}))
        self.form.left.connect(self._close_form)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _build(self) -> None:
        self.title = PlainLabel(t("开播前"), role="heading", elide=True)
        self.line = PlainLabel(t("正在读…"), tone="fg1", elide=True)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.line)
        self.turn = PlainLabel("", tone="fg1")
        self.back, self.on = button("", "quiet", icon="left"), button("", "quiet", icon="right")
        self.back.setAccessibleName(t("前一场"))
        self.on.setAccessibleName(t("后一场"))
        self.new, self.edit = button(t("加一场")), button(t("改时间和目标"))
        self.differences = button(t("和店铺对商品"))
        for key, cap, act in (
            (self.back, "←", lambda: self.go(-1)),
            (self.on, "→", lambda: self.go(1)),
            (self.differences, "D", self.differences_asked.emit),
            (self.edit, "E", self.edit_plan),
            (self.new, "N", self.new_plan),
        ):
            set_tip(key, cap)
            key.clicked.connect(lambda _=False, act=act: act())
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(10)
        head.addLayout(names, 1)
        for each in (self.back, self.turn, self.on, self.differences, self.edit, self.new):
            head.addWidget(each)
        columns = QHBoxLayout()
        columns.setContentsMargins(10, 10, 10, 10)
        columns.setSpacing(10)
        self.campaigns.setFixedWidth(round(256 * min(1.4, theme.text_scale())))
        columns.addWidget(self.campaigns)
        middle = QVBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self.checklist, 1)
        columns.addLayout(middle, 5)
        columns.addWidget(self.rivals, 4)
        self.keys = PlainLabel(
            t("↑ ↓ 换一件 · 空格 勾上 · ← → 换一场 · N 加 · E 改 · I 读竞品表 · D 对商品 · Esc 关掉"),
            role="small",
            tone="fg2",
            elide=True,
        )
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 8)
        foot.addWidget(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator())
        column.addWidget(self.notice)
        column.addWidget(self.form)
        column.addLayout(columns, 1)
        column.addLayout(foot)

    # What arrives ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask the engine now, and again while the window is seen."""
        tasks.spawn(self._follow(), name="prepare")

    async def _follow(self) -> None:
        first = True
        while shiboken6.isValid(self) and (first or not self.isHidden()):
            if first or not self.isMinimized():
                await self._ask()
            first = False
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ask(self) -> None:
        told = await self._seat.book("prepare")
        if not shiboken6.isValid(self):
            return
        page = as_told(told, PreparePage)
        if page is None:
            if self._page is None:
                self.line.setText(t("引擎没有回应，读不到"))
                self.line.set_tone("warn")
            return
        self.show_page(page)

    def show_page(self, page: PreparePage) -> None:
        """What there is now; the plan that was looked at stays."""
        first, had = self._page is None, self.plan
        self._page = page
        ids = [plan.plan_id for plan in page.plans]
        self._at = ids.index(had.plan_id) if had is not None and had.plan_id in ids else 0
        self.campaigns.show_campaigns(page.campaigns, page.today, page.checked)
        self.rivals.show_week(page.rivals)
        if page.trouble:
            self.notice.tell(t("日历文件用不了，用的是自带的：{why}", why=page.trouble), "warn")
        self._show_plan()
        if first:
            self.checklist.focus_row(0)

    @property
    def plan(self) -> PlanTold | None:
        """The one that is looked at."""
        return self._page.plans[self._at] if self._page is not None and self._page.plans else None

    def _show_plan(self) -> None:
        plan, page = self.plan, self._page
        if plan is None or page is None:
            return
        mark = t("排练") + " · " if page.simulated else ""
        self.title.setText(f"{mark}{words.plan_title(plan)}")
        self.line.setText(words.plan_line(plan, page.at))
        self.line.set_tone("warn" if any(item.late for item in plan.items) else "fg1")
        for each in (self.back, self.turn, self.on):
            each.setVisible(len(page.plans) > 1)
        self.turn.setText(t("第 {n} / {all} 场", n=self._at + 1, all=len(page.plans)))
        self.edit.setVisible(plan.at is not None)
        self.checklist.show_plan(plan, may=may(self._role, "prepare.tick"))

    # What a person does ----------------------------------------------------------------------------

    def go(self, by: int) -> None:
        """To another planned broadcast."""
        if self._page is not None and len(self._page.plans) > 1:
            self._at = (self._at + by) % len(self._page.plans)
            self._close_form()
            self._show_plan()

    def tick(self, item_id: str, done: bool) -> None:
        """Tick one item of the plan that is looked at, or take the tick away."""
        plan = self.plan
        if plan is not None:
            data: dict[str, Any] = {"item": item_id, "done": done}
            self._give("prepare.tick", data | ({"plan_id": plan.plan_id} if plan.at is not None else {}))

    def new_plan(self) -> None:
        """Write another planned broadcast."""
        if self.plan is not None and self._page is not None:
            self.form.open_for(self.plan, self._page.campaigns, self._page.at, new=True)

    def edit_plan(self) -> None:
        """Write the one that is looked at anew."""
        if self.plan is not None and self._page is not None:
            self.form.open_for(self.plan, self._page.campaigns, self._page.at)

    def _close_form(self) -> None:
        if not self.form.isHidden():
            self.form.hide()
            self.checklist.focus_row(0)

    def ask_file(self) -> None:
        """Which list of rivals to read."""
        kinds = [t("表格 (*.xlsx *.xls *.csv *.ods)"), t("所有文件 (*)")]
        choose_file(self, t("读竞品表"), kinds, lambda path: self.read_file(Path(path)))

    def read_file(self, path: Path) -> None:
        """Read a list and hand it in, with reasons for what was left out."""
        tasks.spawn(self._read(path), name="read rivals")

    async def _read(self, path: Path) -> None:
        try:
            found = await asyncio.to_thread(_rivals_in, path)
        except (TableRefused, OSError) as why:
            said = why.reason(english=language() != "zh") if isinstance(why, TableRefused) else str(why)
            if shiboken6.isValid(self):
                self.notice.tell(said, "warn")
            return
        if not shiboken6.isValid(self):
            return
        english = language() != "zh"
        left_out = [
            t("第 {n} 行：{why}", n=bad.line, why=bad.reason(english=english)) for bad in found.bad[:_NAMED]
        ]
        if len(found.bad) > _NAMED:
            left_out.append(t("还有 {n} 行", n=len(found.bad) - _NAMED))
        said = t("读进 {n} 样", n=len(found.rows))
        if found.rows and self._page is not None:
            self._give("rivals.put", {"week": str(self._page.today), "rows": found.rows})
        self.notice.tell(" · ".join([said, *left_out]), "warn" if found.bad else "ok")

    def _give(self, type_: str, data: dict[str, Any]) -> None:
        if self._locked():
            self.notice.tell(t("本席位锁着；Ctrl+L 解锁"), "warn", seconds=6)
            self._show_plan()
            return
        tasks.spawn(self._given(type_, data), name=type_)

    async def _given(self, type_: str, data: dict[str, Any]) -> None:
        answer = await self._seat.ask(type_, data)
        if not shiboken6.isValid(self):
            return
        if not answer.ok:
            if type_ == "prepare.plan":
                self.form.tell(sentence(answer))
            else:
                self.notice.tell(sentence(answer), "warn")
            self._show_plan()
            return
        if type_ in ("prepare.plan", "prepare.drop"):
            self._close_form()
        await self._ask()

    # Keys ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters of the line at the foot; Esc goes back, then away."""
        key = event.key()
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_N: self.new_plan,
            Qt.Key.Key_E: self.edit_plan,
            Qt.Key.Key_I: self.ask_file,
            Qt.Key.Key_D: self.differences_asked.emit,
        }
        if key == Qt.Key.Key_Escape:
            self.close() if self.form.isHidden() else self._close_form()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.go(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.form.isHidden():
            self.checklist.focus_row(0)
        elif (act := acts.get(letter(event))) is not None and self.form.isHidden():
            act()
        else:
            super().keyPressEvent(event)

    def show_keys(self) -> bool:
        """? says the keys of this window."""
        self.notice.tell(self.keys.text(), seconds=12)
        return True


def _rivals_in(path: Path) -> RivalTable:
    with path.open("rb") as file:
        content = file.read(FILE_LIMIT + 1)
    return read_rivals(read_table(content, path.name, None, is_rivals))
