"""The keys of the shop window; letters act while no text is being typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.key_places import letter
from ui.keys import digit

KEYS: Final = (
    ("J K", "下一单、上一单；↑ ↓ 也行。"),
    ("Enter", "光标到右边的卡上，Esc 回来。"),
    ("Y N M", "办右边这一步：第一、第二、第三个键上写的。"),
    ("1…9", "复制第几条话术；缺内容的不复制，并说缺什么。"),
    ("X", "选中这一单，再按一次不选。"),
    ("B", "选中的几单在同一步时，一起记这一步。"),
    ("O", "复制订单号；选中了几单就复制几个。"),
    ("R", "给这一单写备注。"),
    ("P G", "评价、故事：P 放上画面、撤下来，G 记下本人同意、不同意。"),
    ("C", "在故事里：写口令；回车开始收，空着回车就不收了。"),
    ("[ ]", "上一组、下一组。"),
    ("/", "找订单尾号、商品、买家。"),
    ("S U", "在全部订单里：S 换一种状态，U 复制催付的话。"),
    ("Esc", "先出来、先清掉找的字和选中的，再关掉店铺。"),
)
"""Key and what it does, Chinese source text."""

_NAMES: Final = {
    Qt.Key.Key_J: "J", Qt.Key.Key_K: "K", Qt.Key.Key_Down: "J", Qt.Key.Key_Up: "K", Qt.Key.Key_X: "X",
    Qt.Key.Key_B: "B", Qt.Key.Key_O: "O", Qt.Key.Key_R: "R", Qt.Key.Key_Y: "Y", Qt.Key.Key_N: "N",
    Qt.Key.Key_S: "S", Qt.Key.Key_U: "U", Qt.Key.Key_M: "M", Qt.Key.Key_Slash: "/",
    Qt.Key.Key_P: "P", Qt.Key.Key_G: "G", Qt.Key.Key_C: "C",
    Qt.Key.Key_BracketLeft: "[", Qt.Key.Key_BracketRight: "]",
    Qt.Key.Key_Return: "Enter", Qt.Key.Key_Enter: "Enter", Qt.Key.Key_Escape: "Esc",
}  # fmt: skip


def name_of(event: QKeyEvent) -> str:
    """Our name of a press without Ctrl or Alt, ``""`` where it is none of ours; a digit is itself."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held != Qt.KeyboardModifier.NoModifier:
        return ""
    number = digit(event)
    if number is not None:
        return str(number)
    try:
        return _NAMES.get(Qt.Key(letter(event)), "")
    except ValueError:  # a key this Qt has no name for
        return ""
