"""The console page: code → (zh, en)."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "no_consent": (
        "还没有同意：平台条款可能不允许程序代点，账号是您自己的",
        "Not agreed yet: the platform's terms may forbid that a program presses; the account is yours",
    ),
    "no_part": (
        "还没有添加浏览器部件：选一次部件文件就行",
        "The browser part has not been added yet: choose its file once",
    ),
    "no_browser": (
        "没有找到 Chrome 或 Edge：装上其中一个再试",
        "Neither Chrome nor Edge was found: install one of them",
    ),
    "bad_map": ("页面说明不能用：{why}", "The page map cannot be used: {why}"),
    "page_elsewhere": (
        "填的页面地址不是这个平台的，要在 {hosts}",
        "The page's address is not this platform's; it must be at {hosts}",
    ),
    "loading": ("正在打开平台的页面", "The console's page is being opened"),
    "ready": ("页面已就绪，讲解由程序点、点完再核对", "The page is ready: pins are pressed and read back"),
    "logged_out": (
        "没有登录：在打开的浏览器窗口里扫码",
        "Not logged in: scan the code in the browser's window",
    ),
    "not_live": ("已登录，平台上还没开播", "Logged in, but not on air at the platform"),
    "captcha": (
        "平台要验证：在浏览器窗口里自己完成",
        "The platform wants a check: do it yourself in the browser's window",
    ),
    "changed": (
        "页面和说明对不上，平台可能改版了（说明的日期 {seen_at}）",
        "The page is not as its map says, perhaps it was changed (map of {seen_at})",
    ),
    "empty": ("平台的商品列表是空的", "The platform's list of products is empty"),
    "page_gone": (
        "浏览器或页面关掉了，正在重新打开",
        "The browser or its page is gone and is being opened again",
    ),
    "no_start": ("浏览器打不开，会再试", "The browser does not start; it is tried again"),
    "profile_in_use": (
        "上一次打开的浏览器窗口还在：把它关掉",
        "The browser's window of last time is still there: close it",
    ),
    "dialogs": ("弹窗关不掉", "A dialog that cannot be closed is in the way"),
    "row_missing": (
        "平台列表里没有 {number} 号「{title}」",
        "The platform's list has no number {number}, {title}",
    ),
    "other_product": (
        "平台的 {number} 号不是「{title}」，没有点",
        "Number {number} at the platform is not {title}; nothing was pressed",
    ),
    "ambiguous": (
        "平台列表里有两个 {number} 号，没法认",
        "The platform's list has number {number} twice",
    ),
    "disabled": ("{number} 号的讲解按钮是灰的", "The button of number {number} cannot be pressed"),
    "stuck": (
        "点了 {number} 号的讲解，页面没有变",
        "Number {number} was pressed and the page did not change",
    ),
    "two_shown": (
        "页面上同时有两件在讲解，不知道观众看到哪一件",
        "The page shows two pins at once: which one viewers see is not known",
    ),
    "not_known": (
        "不知道 {number} 号点过没有，请看一眼平台",
        "Whether number {number} was pressed is not known: look at the platform",
    ),
    "not_in_cart": ("「{title}」不在购物车里", "{title} is not in the cart"),
    "part_added": ("浏览器部件已添加", "The browser part was added"),
    "part_broken": ("这个文件打不开，不是部件文件", "This file cannot be opened: it is no part"),
    "part_lacks": (
        "部件里少了 {name}：不是这个版本的部件",
        "The part lacks {name}: it is of another version",
    ),
    "part_other": (
        "部件里的 {name} 和这个程序要的不一样，没有使用",
        "{name} in the part is not the file this program knows; it was not used",
    ),
    "part_not_for_this": (
        "这个安装包不带浏览器功能",
        "This program was built without the browser connection",
    ),
}
REMARKS: Final[frozenset[str]] = frozenset({"ready"})
"""See `connection_words.REMARKS`."""
