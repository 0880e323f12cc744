"""The keys, on a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.seat.room import RoomView
from ui.sheets.sheet import Sheet
from ui.tour import Tour
from ui.widgets import Chip, KeyCap, PlainLabel, button
from ui.windows.host.keys import KEYS as HOST_KEYS

KEYS: Final = (
    (
        "PgDn",
        "下一品：讲解购物车里的下一个。翻页笔发的也是这个键。在多行文字、放不下的列表和菜单里它翻页。它从不发出促销。",
    ),
    ("End", "评论回到最新的一条；光标在一行文字里时先到行尾，再按一次才是。"),
    ("Ctrl+1…9", "发出待上里这个号的促销；号跟着促销走，直到它离开。小键盘也行，不管 NumLock 开没开。"),
    ("Ctrl+Shift+1…9", "停掉这个号的促销。"),
    (
        "Esc",
        "撤回正在倒数的那一条，不管光标在哪里；没有可撤回的就关掉侧栏。助理席先关自己开着的，再按一次才撤回。",
    ),
    ("F12", "按住一秒：全停。"),
    ("Ctrl+L", "锁住本席位，再按一次解锁；锁住时仍能撤回和全停。"),
    ("F9", "主播大屏：开在另一块屏幕上，再按一次关掉。"),
    ("Q", "光标在评论里：把最新的提问给主播；双击一条评论也行。"),
    ("Ctrl+K", "一行写促销；回车只加入待上，从不发出。"),
    ("Ctrl+M", "给主播或别的席位写一句话。"),
    ("Ctrl+J", "记口头承诺：主播刚答应了什么，带上时间和商品，下播后给客服和仓库。"),
    ("Ctrl+Enter", "通过最早的一条提议，它随后仍等自己的键；从不发出。"),
    ("Ctrl+Backspace", "退回最早的一条提议；光标在文字里时不算。"),
    ("Ctrl+Y", "现在要做的那张卡：已完成（平台没回话时：开始了）；没有卡时：下一位中奖的已领。"),
    ("Ctrl+N", "现在要做的那张卡：没成功（平台没回话时：没开始）；没有卡时：中奖的让给候补。"),
    (
        "Ctrl+Z",
        "撤销这个席位对购物车、排品表、待上的上一次改动；价格、库存和已经发出的不能撤销。光标在文字里时它是文字的。",
    ),
    ("Ctrl+P", "打开加促销。在里面 F2 打开促销的种类，再按右边的数字或字母选一种。"),
    ("Ctrl+I", "打开粘贴商品。"),
    ("Ctrl+R", "打开粘贴排品表。"),
    ("Ctrl+G", "要看的事：最急在上，每件有出路；下面是每个来源多久没来。再按一次关掉。"),
    ("Ctrl+E", "交接单；下播后也在这里写复盘文件。"),
    ("Ctrl+H", "历史场次：每一场的报告和交接单，可以对比；再按一次关掉。"),
    ("F3", "共享：让另一台电脑或手机加入，看谁在问、谁在席位上，移除；再按一次关掉。"),
    ("F4", "客户：谁买过、分成哪几组、每组怎么做，一个人的订单和会员；在里面 1 2 换分法，再按一次关掉。"),
    ("F5", "开播前：大促日历、要做的事、阶段目标、竞品周榜；再按一次关掉。"),
    ("F7", "数据：卖得怎样、从哪来、接下来做什么；在里面 1 2 3 换一级，? 看它的键，再按一次关掉。"),
    ("F8", "店铺：订单、售后、物流、评价里等着人的，最急在上；在里面 ? 看它的键，再按一次关掉。"),
    ("Ctrl+,", "设置：这台电脑、本直播间、来源、谁在线、词表、平台限制、浮层地址；再按一次关掉。"),
    ("Ctrl+B", "排练里：演练，每个有目标，打分只看日志；再按一次关掉。"),
    ("Ctrl+O", "评论台：想要和返场的人数、回答库、禁言和拉黑；在里面 1 2 3 换一页，再按一次关掉。"),
    ("Ctrl+S", "复制接龙名单：序号和名字，正在接的那个，没有就是刚结束的；名单也打开，可以移出。"),
    ("Ctrl+U", "法规：逐条检查、三级审核、素材授权、平台警告；在里面 1 2 3 4 换一页，再按一次关掉。"),
    (
        "F6",
        "光标到下一块：左栏的列表、中间、右栏、底栏；块里用 Tab，Esc 出来。字大时看不见的那一栏会换出来。",
    ),
    ("Shift+F6", "光标到上一块。"),
    ("0…9", "光标在排品表或购物车里：到这个号的商品；再按 Ctrl+PgDn 就讲它。F6 15 Ctrl+PgDn 讲 15 号。"),
    ("Alt+1…3", "光标在排品表里：定点要晚时，用卡上的第几个办法守住它。"),
    ("Ctrl+PgDn", "光标在排品表或购物车里：跳到选中的一段，或讲解选中的商品。"),
    ("Alt+↑ Alt+↓", "在排品表或购物车里：把选中的一行上移、下移。F2 修改，Ctrl+D 复制，Delete 移出。"),
    ("P", "光标在评论里：把框住的那条评论给主播；Shift+↑ ↓ 移动框，A 把看着的一组提问记成已回答。"),
    ("V", "光标在评论里：框住的那条是谁，下过什么单；右键一条评论也行。主播可以在那里忘掉这个人。"),
    (
        "M B",
        "光标在评论里：M 禁言说框住那条的人（本场），B 拉黑（以后也不显示）；Ctrl+Z 解除。",
    ),
    ("X", "光标在评论里：框住的那条标错了，以后这一句不标；也可以在设置的词表里改。"),
    ("C", "光标在评论里：把框住的问题（或正在问的第一个）的回答复制好，并记为已回答。"),
    ("Y N", "光标在人工协助的卡片上（Tab 可到）：已完成、没成功。还剩多久的格子里回车也是已完成。"),
    ("Ctrl+F", "搜索评论和用户名；回车搜整场，Esc 关掉。"),
    ("Ctrl+T", "换主题：深色、浅色、高对比。"),
    ("F1", "使用指南：在浏览器里打开，翻到正看着的这一处。"),
    ("?", "打开这一页。"),
)
"""Key and what it does, Chinese source text."""


class KeysSheet(Sheet):
    """Every key of the desk and what it does; also what never does anything. While it is open it names each
    key that arrives: on a seat that is locked they can be tried, and do nothing."""

    SECTIONS: ClassVar = ("broadcast", "cart", "catalogue", "cues", "rundown")

    def __init__(
        self,
        tour: Tour | None = None,
        why_not: Callable[[str], str] = lambda _name: "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("快捷键"), parent)
        self._why_not = why_not
        self.rows: dict[str, tuple[KeyCap, PlainLabel]] = {}
        """Key → its cap, and why it does not act now."""
        self._heard = Chip(t("按一个键试试"), tone="fg2")
        self.body.addWidget(self._heard, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(
            PlainLabel(
                t("收到的键亮在上面，照常起作用。只想试：先 Ctrl+L 锁住本席位，再按就什么都不发。"),
                role="small",
                tone="fg2",
                lines=0,
            )
        )
        if tour is not None and tour.may_begin():
            again = button(t("跟着走一遍"), icon="play")
            again.setAccessibleDescription(t("几个最要紧的键，在排练里按一遍"))
            again.clicked.connect(self.close_sheet)
            again.clicked.connect(tour.begin)
            self.body.addWidget(again)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (key, words) in enumerate(KEYS):
            grid.addLayout(self._row(key, words, grid, row), row, 1)
        for row, (key, words) in enumerate(HOST_KEYS, len(KEYS) + 1):
            grid.addWidget(KeyCap(t(key)), row, 0)
            grid.addWidget(PlainLabel(t(words), tone="fg1", lines=0), row, 1)
        grid.addWidget(PlainLabel(t("在主播大屏里"), role="heading"), len(KEYS), 0, 1, 2)
        self.body.addLayout(grid)
        self.body.addWidget(
            PlainLabel(
                t("空格和回车从不发出任何促销。按住不放的重复不算按。键盘不在本窗口时，顶栏会说。"),
                role="small",
                tone="fg2",
                lines=0,
            )
        )
        self.body.addStretch(1)
        self.show_keys()

    def _row(self, key: str, words: str, grid: QGridLayout, row: int) -> QVBoxLayout:
        cap, why = KeyCap(t(key)), PlainLabel("", role="small", tone="warn", lines=0)
        grid.addWidget(cap, row, 0)
        self.rows[key] = cap, why
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(PlainLabel(t(words), tone="fg1", lines=0))
        said.addWidget(why)
        return said

    def show_keys(self) -> None:
        """Which would act now; of the others why not."""
        for key, (cap, why) in self.rows.items():
            reason = self._why_not(key)
            cap.keep_key(reason)
            why.setText(reason)
            why.setVisible(bool(reason))

    def show_room(self, room: RoomView, now: datetime) -> None:
        self.show_keys()

    def key_seen(self, name: str) -> None:
        """A key of ours arrived."""
        self._heard.show_as(t("收到 {key}", key=name), "ok", icon="check")

    @property
    def heard(self) -> str:
        """What is said of the newest key."""
        return self._heard.text()
