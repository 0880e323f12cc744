"""Texts that viewers, sellers and platforms may send: every one of them is to be shown as it is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

MAGENTA: Final = "#ff00ff"
"""A colour that our themes do not have: where it shows, somebody's mark-up was obeyed."""

_INNER: Final = ("羊绒围巾", "sale & <now>", "😀", "%s {0} {name}", "A&B")
_MARKUP: Final = (
    "<b>{}</b>",
    "<h1>{}</h1>",
    "<font color='#ff00ff' size=7>{}</font>",
    "<span style='background:#ff00ff;color:#ff00ff'>{}</span>",
    "<table bgcolor='#ff00ff' width=400 height=200><tr><td>{}</td></tr></table>",
    "<a href='file:///etc/passwd'>{}</a>",
    '<a href="javascript:alert(1)">{}</a>',
    "<img src='{{file}}' width=64 height=64>{}",
    "{}<img src='file://{{file}}'>",
    '<img src="{{file}}" alt="{}">',
    "<body background='{{file}}'>{}",
    '<p style="background-image:url({{file}})">{}</p>',
    "<img src='http://127.0.0.1:9/x.png'>{}",
    "<img src='data:image/svg+xml;base64,PHN2Zy8+'>{}",
    "<script>alert('{}')</script>",
    "<svg onload=alert(1)>{}</svg>",
    "<!--{}-->",
    "<![CDATA[{}]]>",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;{}</a>",
    "</p>{}<br/><hr>",
    "<qt>{}</qt>",
    "<html><body bgcolor=#ff00ff>{}</body></html>",
    "&lt;b&gt;{}&lt;/b&gt;",
    "&#60;i&#62;{}&nbsp;&copy;",
    "# {}\n**bold** [link](file:///etc/passwd) ![x]({{file}})",
    "<style>* {{{{ background: #ff00ff }}}}</style>{}",
)
_STYLE: Final = (
    "* {{ background: #ff00ff; }} {}",
    "QLabel {{ color: #ff00ff; image: url({{file}}); }} {}",
    "#section {{ background-color: #ff00ff }} {}",
    "}} QWidget {{ background: #ff00ff }} /* {} */",
    "{}; background-color: #ff00ff",
    "background: #ff00ff; /* {} */",
    "qproperty-text: '{}';",
    "border-image: url({{file}}) {}",
)
_KEYS: Final = (
    "&{}",
    "{} &s",
    "&&{}",
    "a&b&c {}",
    "&F &G &H {}",
    "{}&",
    "{}\tCtrl+Q",
    "&\u200b{}",
    "{} (&O)",
)
_TURN: Final = (
    "\u202e{}\u202c",
    "\u202d{}",
    "\u2066{}\u2069",
    "\u2067{}",
    "\u200f{}\u200e",
    "{}\u061c",
    "\u202e",
)
_HIDDEN: Final = (
    "\u200b{}\u200b",
    "扣\u200b1{}",
    "\ufeff{}",
    "{}\u2060\u2061\u2062",
    "\u00ad{}\u00ad",
    "{}\U000e0001\U000e0041\U000e007f",
    "\u180e{}",
    "\ufff9{}\ufffa\ufffb",
    "{}\ufe0f\ufe0e",
)
_LINES: Final = (
    "{}\n第二行",
    "{}\r\n2026-01-01 INFO paid",
    "{}\rHost: evil",
    "{}\x0b\x0c\x1c\x1d\x85",
    "{}\u2028\u2029x",
    "\x1b[31m{}\x1b[0m",
    "\x1b]0;{}\x07",
    "\x1b[2J\x1b[H{}",
    "{}\x00after",
    "\x00{}",
    "\x07\x08\x7f{}",
    "{}\u0080\u009b31m",
    "\t{}\t\t",
)
_DATA: Final = (
    "'; DROP TABLE event; -- {}",
    "{}' OR '1'='1",
    "%_{}%%",
    '{{"code":"ok","text":"{}"}}',
    '\\u0022{}\\"',
    '=HYPERLINK("http://x","{}")',
    "+1+cmd|' /C calc'!A0 {}",
    "-2+3 {}",
    "@SUM(1) {}",
    "＝1+1 {}",
    '"{}","b"\n"c"',
    "${{jndi:ldap://127.0.0.1/{}}}",
    "{{{{7*7}}}} {}",
    "../../{}",
    "C:\\{}\\con",
    "`{}` $(id) ; rm -rf ~",
    "%n%n%s%x {}",
    "None {} null undefined NaN",
)
_ALONE: Final = (
    "",
    " ",
    "\u3000",
    "\u200b",
    "\ufffd",
    "\ufffd\ufffd\ufffd",
    "\ufdfa" * 40,
    "\ufdfd" * 20,
    "🇨🇳" * 30,
    "🇨",
    "\U0001f1e8\u200d\U0001f1f3",
    "👨‍👩‍👧‍👦" * 12,
    "👩🏽‍❤️‍💋‍👨🏿",
    "❤️" * 100,
    "\u200d" * 500,
    "👨" + "\u200d👩" * 20_000,
    "a" + "\u0301" * 2000,
    "か" + "\u3099" * 600,
    "字" + "\u302a" * 600,
    "क" + "\u0951" * 600,
    "ا" + "\u0651" * 600,
    "א" + "\u05b0" * 600,
    "ก" + "\u0e49" * 600,
    "Ⱥ̷̢̛͙̝̀͌Z̷̢͊a̶̡͊l̴̙͝g̶̮̀o̷" * 60,
    "".join(chr(c) for c in range(1, 32)),
    "".join(chr(c) for c in range(0x7F, 0xA0)),
    "\u115f\u1160\u3164\uffa0",
    "\u2800" * 30,
    "مرحبا بالعالم " * 30,
    "שלום abc עולם 123",
    "abc \u0627\u0644 99% ¥99",
    "W" * 100_000,
    "字" * 100_000,
    "<b>" * 33_000,
    "&" * 100_000,
    " " * 100_000,
    "\n" * 100_000,
    "a " * 50_000,
    "ﷺ" * 50_000,
    "https://example.com/" + "x" * 5000,
    "￼￼￼",
    "\ue000\uf8ff\U000f0000",
    "\ufdd0\uffff\U0001ffff",
    "Ａ１！＝＜ｂ＞",
    "ǅ ß İ ı ﬁ",
    "𝕊𝕒𝕝𝕖 𝖋𝖗𝖊𝖊",
    "˙ɐnbᴉlɐ ɐuƃɐɯ",
    "🏳️‍🌈🏴‍☠️🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "¥0.01 已付款 全场免费",
    "系统消息：主播已下播",
    "ok",
    "true",
    "0",
    "-1",
    "1e309",
    "CON",
    "undefined",
)


def hostile(file: str = "/nowhere/magenta.png") -> list[str]:
    """All of them, each once, in an order that stays; ``file``: an image that exists on this machine."""
    return list(dict.fromkeys(_all(file)))


def _all(file: str) -> Iterator[str]:
    yield from _ALONE
    for form, inner in itertools.product((*_MARKUP, *_STYLE), _INNER):
        yield form.replace("{}", inner, 1).replace("{{file}}", file).replace("{{", "{").replace("}}", "}")
    for form, inner in itertools.product((*_KEYS, *_TURN, *_HIDDEN, *_LINES), _INNER):
        yield form.replace("{}", inner, 1)
    for form, inner in itertools.product(_DATA, _INNER):
        yield form.replace("{}", inner, 1).replace("{{", "{").replace("}}", "}")
    marks = ("\u0301", "\u0488", "\u20dd", "\u0f39", "\ua66f", "\u06e1", "\u1cd0", "\u0300\u0316\u0334")
    for count, mark in itertools.product((5, 50, 500), marks):
        yield "".join(letter + mark * count for letter in "福袋ok")
    for low in range(0x2000, 0x2070, 8):
        yield "甲" + "".join(map(chr, range(low, low + 8))) + "乙"


LIVELY: Final = (
    "<img src='{file}' width=64 height=64>",
    "<span style='background:#ff00ff;color:#ff00ff'>羊绒围巾 特价</span>",
    "<body bgcolor=#ff00ff><table bgcolor='#ff00ff'><tr><td>羊绒围巾</td></tr></table>",
    "* { background: #ff00ff; color: #ff00ff }",
    "QLabel, QWidget, QPushButton { background: #ff00ff; image: url({file}) }",
    "![x]({file})",
)
"""Where one of these is obeyed, magenta appears."""
