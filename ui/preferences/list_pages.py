"""词表 and 平台限制: every file that a person may edit, which copy of it is read, and how old it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

import shiboken6
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.state import ListState
from ui import outside, preferences
from ui.clean import clean
from ui.i18n import t
from ui.preferences.lists import FEED, LAW, LIMITS, SELLER, TABLES, WORDS, desk_list, own_copy
from ui.preferences.page import SettingsPage
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.widgets import PlainLabel, button, set_tip

_NAMES: Final = {
    "questions.toml": "问题分组的词",
    "highlights.toml": "标记的词和声音",
    "words/marked.txt": "评论里要看一眼的词",
    "words/let_be.txt": "不用标的评论",
    "words/good.txt": "好评词",
    "words/absolute.txt": "绝对化用语",
    "words/sensitive.txt": "不宜说的词",
    "words/luring.txt": "引到平台外的词",
    "words/allow.txt": "不算的说法",
    "limits/wechat.toml": "平台限制的数字",
    "law/categories.toml": "类目要哪些资质",
    "law/articles.toml": "按哪一条检查",
    "tables/shops.toml": "商品表的列名",
    "seller/aftersale.toml": "售后的时限",
    "seller/boards.toml": "看板的公式和参考线",
    "seller/calendar.toml": "大促日历、阶段和要做的事",
    "seller/cases.toml": "售后每种情况怎么做",
    "seller/customers.toml": "客户分层和会员",
    "seller/fees.toml": "费率和保证金",
    "seller/provinces.toml": "各省几天到",
    "seller/reviews.toml": "评价按什么归类",
}
_HERE: Final = (*FEED, *TABLES)
"""Read by the desk itself."""


class ListFileRow(QWidget):
    """One file: what it is for, what is read of it, where it lies, and the keys that open it."""

    def __init__(self, name: str, base: Path | None, said: Callable[[str], None]) -> None:
        super().__init__()
        self.name, self._base, self._said = name, base, said
        title = t(_NAMES[name])
        self.facts = PlainLabel("—", role="small", tone="fg1", lines=0)
        self.place = PlainLabel("", role="small", tone="fg2", lines=0)
        self.edit = button(t("打开"), icon="edit")
        self.edit.setAccessibleName(t("打开{what}", what=title))
        self.edit.clicked.connect(self._open)
        self.folder = button(t("打开文件夹"), "quiet")
        self.folder.setAccessibleName(t("打开{what}所在的文件夹", what=title))
        self.folder.clicked.connect(self._open_folder)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(title))
        words.addWidget(self.facts)
        words.addWidget(self.place)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 4)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.folder)
        row.addWidget(self.edit)
        for key in (self.edit, self.folder):
            key.setEnabled(base is not None)

    def keys(self) -> tuple[QPushButton, QPushButton]:
        return self.edit, self.folder

    def show_list(self, one: ListState) -> None:
        """What is read of it now."""
        words, tone = facts_of(one)
        self.facts.set_tone(tone)
        self.facts.setText(words)
        if self._base is None:
            self.place.setText(t("在引擎那台电脑上"))
        else:
            self.place.setText(clean(str(self._base / self.name)) if one.own else t("程序自带的一份"))
        self.folder.setEnabled(self._base is not None and one.own)
        set_tip(self.folder, "" if one.own else t("还没有自己的一份：先打开一次"))

    def _open(self) -> None:
        if self._base is None:
            return
        try:
            path = own_copy(self._base, self.name)
        except OSError as error:
            self._said(t("词表没有复制成：{why}", why=error))
            return
        if not outside.show_file(path):
            self._said(t("用文本编辑器打开 {path}", path=path))

    def _open_folder(self) -> None:
        if self._base is not None:
            folder = (self._base / self.name).parent
            if not outside.show_file(folder):
                self._said(t("文件夹在 {path}", path=folder))


def facts_of(one: ListState) -> tuple[str, str]:
    """One line, and its tone: red where the file cannot be used, amber where its figures are old."""
    if one.wrong:
        return t("用不了，先照之前读到的：{why}", why=clean(one.wrong, 160)), "live"
    parts = [t("{n} 条", n=one.entries)]
    if one.changed_at is not None:
        here = one.changed_at.astimezone()
        parts.append(t("{at} 改过", at=f"{here:%m-%d %H:%M}"))
    if one.checked is not None:
        parts.append(t("{day} 核对过", day=f"{one.checked:%Y-%m-%d}"))
    if one.old:
        parts.append(t("90 天没核对了：对一遍来源，改好日期保存"))
    return " · ".join(parts), "warn" if one.old else "fg1"


class _Files(SettingsPage):
    """Rows of files; the engine says what it reads of its own, the disk what the desk reads."""

    SECTIONS: ClassVar = ("health",)

    def __init__(
        self, seat: Seat, base: Path | None, engine_here: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._base, self._engine_here = seat, base, engine_here
        self.rows: dict[str, ListFileRow] = {}
        self.lists: list[QPushButton] = []
        self.wrong = PlainLabel("", role="small", tone="live", lines=0)

    def add_rows(self, title: str, more: str, names: tuple[str, ...]) -> None:
        """A group of files and when a change of them counts."""
        self.heading(title)
        self.remark(more)
        for name in names:
            here = name in _HERE or self._engine_here
            made = self.rows[name] = ListFileRow(name, self._base if here else None, self.wrong.setText)
            self.lists += made.keys()
            self.body.addWidget(made)

    def finish(self) -> None:
        """What stands under all rows."""
        self.again = button(t("重新读"), icon="undo")
        self.again.clicked.connect(self.read)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.wrong)
        self.read()

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show({one.name: one for one in room.health.lists})

    def _show(self, found: Mapping[str, ListState]) -> None:
        for name, row in self.rows.items():
            if name in found:
                row.show_list(found[name])

    def read(self) -> None:
        """Look again: at the disk for what the desk reads, at the engine for the rest."""
        self._seat.look_again()
        if self._base is not None:
            tasks.spawn(self._read(self._base), name="lists of the desk")

    async def _read(self, base: Path) -> None:
        names = [n for n in self.rows if n in _HERE or (n in SELLER and self._engine_here)]
        found = await asyncio.to_thread(lambda: {name: desk_list(base, name) for name in names})
        if shiboken6.isValid(self):
            self._show(found)


class ListsPage(_Files):
    """Words."""

    TITLE: ClassVar = "词表"

    def __init__(self, seat: Seat, *, engine_here: bool, parent: QWidget | None = None) -> None:
        super().__init__(seat, preferences.current().base, engine_here, parent)
        own = t("第一次打开会先复制一份到数据文件夹；")
        self.add_rows(t("评论的词表"), own + t("保存后回到中控台就用，不用重开。"), FEED)
        self.add_rows(t("发出前检查的词"), own + t("保存后下一次检查就用，不用重开。"), WORDS)
        self.add_rows(
            t("商品表的列名"),
            t("导出的列名会变，自己表里的列名也加在这里；改了保存，下一次添加商品就用。"),
            TABLES,
        )
        self.finish()


class LimitsPage(_Files):
    """Figures of the platform."""

    TITLE: ClassVar = "平台限制"

    def __init__(self, seat: Seat, *, engine_here: bool, parent: QWidget | None = None) -> None:
        super().__init__(seat, preferences.current().base, engine_here, parent)
        self.add_rows(
            t("平台限制"),
            t("折扣、时长、字数这些数字由平台定，会变；改了保存，下一次检查就用，不用重开。"),
            LIMITS,
        )
        self.add_rows(
            t("法规"),
            t("条文以公布文本为准，请法务核对；改了保存，几秒后就按新的检查，旧的留在记录里。"),
            LAW,
        )
        self.add_rows(
            t("卖家的数字"),
            t("费率、日历、时限、分层：公开教程里的说法，以你店铺后台为准；改了保存，下一次看就用。"),
            SELLER,
        )
        self.finish()
