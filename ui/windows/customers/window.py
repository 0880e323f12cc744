"""The window itself: how they are put together, the groups, the list, and one person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liveconsole import tasks
from liveconsole.messages.customers import CustomerPage, CustomerProfile, CustomerRow, CustomerValue, Grouping
from liveconsole.paths import write_own
from ui.i18n import t
from ui.key_places import letter
from ui.parts.own_window import OwnWindow
from ui.seat.seat import Answer, Seat
from ui.widgets import EmptyState, FilterChip, PlainLabel, Separator, set_tip
from ui.widgets.files import choose_file
from ui.widgets.rows import RowsList, RowsModel, RowsOrEmpty
from ui.windows.customers.birthdays import BirthdaysToday
from ui.windows.customers.card import PersonColumn
from ui.windows.customers.discounts import LevelDiscounts
from ui.windows.customers.groups import GroupColumn
from ui.windows.customers.painted import CustomerDelegate, CustomerHead
from ui.windows.customers.reading import CustomerReading
from ui.windows.customers.words import (
    FIGURES,
    GroupFacts,
    ListedCustomer,
    figures_from,
    group_facts,
    listed,
    summary,
    worth,
)
from ui.words.answers import refusal, sentence

_NARROW: Final = 1200
_SIDES: Final = (224, 360)
_SIDES_NARROW: Final = (168, 300)
"""Pixels of the groups and of the person; in a narrow window both are slimmer."""
_NEAR: Final = 30
"""Rows before the end at which the next page is asked for."""


class CustomersWindow(OwnWindow):
    """Who bought, of all the years. It shows what the engine says, and asks; it works nothing out.

    ``locked`` says whether this seat is locked now.
    """

    def __init__(
        self,
        seat: Seat,
        role: str,
        *,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__((1280, 800), parent=parent)
        self.setWindowTitle(t("客户"))
        self._seat, self._locked = seat, locked
        self._titles: dict[str, str] = {}
        self.reading = CustomerReading(seat, self)
        self.quintiles, self.tiers = FilterChip(t("按 RFM 分位")), FilterChip(t("按固定标准"))
        self.quintiles.setChecked(True)
        self.summary = PlainLabel("", role="small", tone="fg1", elide=True)
        self.worth = [WorthCell() for _ in range(FIGURES)]
        self.groups = GroupColumn()
        self._model: RowsModel[ListedCustomer] = RowsModel(self)
        self.rows: RowsList[ListedCustomer] = RowsList(self._model, CustomerDelegate(self), t("客户"))
        self.empty = EmptyState("people", t("正在读…"))
        self.person = PersonColumn(role)
        self.birthdays = BirthdaysToday(seat, role, locked)
        self.discounts = LevelDiscounts(seat, role, locked)
        self._build()
        self._connect()
        self.rows.setFocus()

    def begin(self) -> None:
        """Ask for everything."""
        self.group_by("seed" if self.tiers.isChecked() else "quintiles")
        self.reading.worth()
        self.reading.birthdays()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(14)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(t("客户"), role="heading"))
        names.addWidget(self.summary)
        head.addLayout(names, 1)
        head.addWidget(self.quintiles)
        head.addWidget(self.tiers)
        set_tip(self.quintiles, "1")
        set_tip(self.tiers, "2")
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._or_empty = RowsOrEmpty(self.rows, self.empty)
        middle = QFrame()
        middle.setObjectName("section")
        listing = QVBoxLayout(middle)
        listing.setContentsMargins(1, 1, 1, 1)
        listing.setSpacing(0)
        listing.addWidget(CustomerHead(lambda: self.rows.verticalScrollBar().sizeHint().width()))
        listing.addWidget(self._or_empty, 1)
        columns = QHBoxLayout()
        columns.setContentsMargins(10, 10, 10, 10)
        columns.setSpacing(10)
        columns.addWidget(self.groups)
        columns.addWidget(middle, 1)
        columns.addWidget(self.person)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 10)
        foot.setSpacing(28)
        for cell in self.worth:
            foot.addWidget(cell, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        held = QWidget()  # what is not always there has a line of its own: at 200 % one is not enough
        held.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        also = QHBoxLayout(held)
        also.setContentsMargins(16, 0, 16, 0)
        also.setSpacing(14)
        also.addWidget(self.birthdays, 2)
        also.addWidget(self.discounts, 1)
        column.addLayout(head)
        column.addWidget(held)
        column.addWidget(Separator())
        column.addLayout(columns, 1)
        column.addWidget(Separator())
        column.addLayout(foot)

    def _connect(self) -> None:
        self.quintiles.clicked.connect(partial(self.group_by, "quintiles"))
        self.tiers.clicked.connect(partial(self.group_by, "seed"))
        self.groups.chosen.connect(self._show_group)
        self.rows.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.rows.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.reading.told.connect(self.show_page)
        self.reading.worth_told.connect(self.show_worth)
        self.reading.person_told.connect(self._show_person)
        self.reading.birthdays_told.connect(self.birthdays.show_members)
        self.reading.lost.connect(self._lost)
        self.person.asked.connect(self._ask)
        self.person.export_asked.connect(self._export)

    # What arrives ----------------------------------------------------------------------------------

    def group_by(self, by: Grouping, *_: object) -> None:
        """By quintiles, or by the figures of the seller's file."""
        self.quintiles.setChecked(by == "quintiles")
        self.tiers.setChecked(by == "seed")
        self.groups.at = ""
        self.reading.begin(by, "")

    def _show_group(self, name: str) -> None:
        self.reading.begin(self.reading.by, name)

    def show_page(self, page: CustomerPage, rows: list[CustomerRow]) -> None:
        """These rows of it."""
        facts = [group_facts(group) for group in page.groups]
        self._titles = {one.name: one.title for one in facts}
        everybody = GroupFacts("", t("全部"), f"{page.customers:,}", None, None, "", "")
        self.groups.show_groups([everybody, *facts])
        self.groups.show_source(figures_from(page))
        self.summary.setText(summary(page))
        self.discounts.show_levels(page.levels)
        self.rows.show_rows([listed(row, self._titles) for row in rows])
        if rows and not self.rows.currentIndex().isValid():
            self.rows.setCurrentIndex(self._model.index(0))
        self._or_empty.show_empty(not rows)
        self.empty.title.setText(t("这一组没有人") if page.customers else t("还没有付过款的客户"))
        if not rows:
            self.person.show_person("", None)

    def show_worth(self, value: CustomerValue | None) -> None:
        """What customers are worth, in the line at the foot."""
        for cell, said in zip(self.worth, worth(value), strict=True):
            cell.show_figure(*said)

    def _lost(self) -> None:
        self.empty.title.setText(t("引擎没有回应，读不到客户"))
        self._or_empty.show_empty(not self._model.rows)

    def _chosen(self) -> None:
        row = self.rows.chosen()
        if row is not None and row.key != self.person.viewer_id:
            self.person.show_person(row.key, None)
            self.reading.person(row.key)
        if self.rows.currentIndex().row() >= self._model.rowCount() - _NEAR:
            self.reading.more()

    def _scrolled(self) -> None:
        last = self.rows.indexAt(QPoint(4, self.rows.viewport().height() - 4)).row()
        if last < 0 or last >= self._model.rowCount() - _NEAR:
            self.reading.more()

    def _show_person(self, viewer_id: str, profile: CustomerProfile | None) -> None:
        if viewer_id == self.person.viewer_id:
            self.person.show_person(viewer_id, profile)

    # What is asked ---------------------------------------------------------------------------------

    def _ask(self, type_: str, data: dict[str, Any]) -> None:
        if self._locked():
            self.person.say(refusal("locked"))
            return

        def told(answer: Answer) -> None:
            self.person.say("" if answer.ok else sentence(answer))
            if answer.ok:
                self._again(data["viewer_id"], forgotten=type_ == "viewer.forget")

        self._seat.ask_then(self, type_, data, told)

    def _again(self, viewer_id: str, *, forgotten: bool) -> None:
        """What was changed is read anew; the rows too, where his name is in them."""
        if forgotten:
            self.person.show_person("", None)
            self.reading.begin(self.reading.by, self.reading.group)
            self.reading.birthdays()
        else:
            self.reading.person(viewer_id)
        self.reading.worth()

    def _export(self) -> None:
        viewer_id = self.person.viewer_id
        name = t("客户.json")
        choose_file(
            self, t("导出这个人"), [t("JSON 文件 (*.json)")], partial(self._write, viewer_id), save_as=name
        )

    def _write(self, viewer_id: str, path: str) -> None:
        tasks.spawn(self._written(viewer_id, Path(path)), name="export of a customer")

    async def _written(self, viewer_id: str, path: Path) -> None:
        """He is read with his name only now, when a person wants his file."""
        told = await self.reading.whole(viewer_id)
        words, tone = t("写好了：{file}", file=path.name), "ok"
        if told is None:
            words, tone = t("没有写成：引擎没有回应"), "live"
        else:
            body = msgspec.json.format(msgspec.json.encode(told), indent=1)
            try:
                await asyncio.to_thread(write_own, path, body)
            except OSError:
                words, tone = t("没有写成：这个文件夹写不进去"), "live"
        if shiboken6.isValid(self):
            self.person.say(words, tone)

    # The window ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        left, right = _SIDES_NARROW if self.width() < _NARROW else _SIDES
        self.groups.setFixedWidth(left)
        self.person.setFixedWidth(right)
        super().resizeEvent(event)

    def show_keys(self) -> bool:
        """It has none beyond those that its keys say themselves."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 and 2: how they are grouped; 3: copies a birthday wish, 4: proposes the coupon; [ and ]: the
        group before, and the next; Esc: away."""
        key = letter(event)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif key == Qt.Key.Key_1:
            self.group_by("quintiles")
        elif key == Qt.Key.Key_2:
            self.group_by("seed")
        elif key == Qt.Key.Key_3:
            self.birthdays.copy()
        elif key == Qt.Key.Key_4:
            self.birthdays.propose()
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.groups.go(1 if key == Qt.Key.Key_BracketRight else -1)
        else:
            super().keyPressEvent(event)


class WorthCell(QWidget):
    """One figure of what customers are worth: its name, the figure, and why it is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = PlainLabel("", role="small", tone="fg1", elide=True)
        self.figure = PlainLabel("", role="strong")
        self.why = PlainLabel("", role="small", tone="fg2", elide=True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for label in (self.name, self.figure, self.why):
            lines.addWidget(label)

    def show_figure(self, name: str, figure: str, why: str) -> None:
        """Another one."""
        self.name.setText(name)
        self.figure.setText(figure)
        self.why.setText(why)
