"""One word is one thing, in English too: what the desk, the files and the command line say of each term."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CJK = re.compile("[一-鿿]")

TERMS: Final = {
    "购物车": r"\bcart\b",
    "排品表": r"\brundowns?\b",
    "福袋": r"\b(lucky )?bags?\b",
    "优惠券": r"\bcoupons?\b",
    "底价": r"\bfloors?\b",
    "日常价": r"\busual\b",
    "席位": r"\bseats?\b",
    "口头承诺": r"\bpledge",
    "交接单": r"\bhandovers?\b",
    "全停": r"\bstop(s|ped)? (all|everything)\b|\bhalt",
    "提议": r"\bpropos",
    "浮层": r"\boverlay\b",
    "排练": r"\brehears",
    "中控": r"\boperators?\b|\bdesk\b|LiveConsole",
    "助理": r"\bassistants?\b",
    "收据": r"\breceipts?\b",
    "演练": r"\bdrills?\b",
    "规格": r"\bSKUs?\b",
}
"""A term → what every English sentence of it says."""
NEVER: Final = {
    r"\bvouchers?\b": "coupon",
    r"\braffles?\b|\blotter(y|ies)\b|\bgiveaways?\b": "lucky bag",
    r"\bbaskets?\b": "cart",
    r"\bstreamers?\b|\banchors?\b": "host",
    r"\blive ?streams?\b": "broadcast",
    r"\b(an?|the|this|last|past|earlier|live|real|sample|own) shows?\b|\bshows so far\b": "broadcast",
    r"\bvariants?\b|\bmodels?\b": "SKU",
    r"\bcommodit(y|ies)\b|\bmerchandise\b": "product",
    r"\bexplain(s|ed)?\b": "pin",
    r"\brevok(e|es|ed)\b|\bwithdraw(s|n)?\b|\btake(s|n)? (it )?back\b": "recall",
    r"\breserve price\b|\bbottom price\b": "floor",
    r"\boriginal price\b|\bregular price\b": "usual price",
    r"\brun sheets?\b": "rundown",
    r"\bcolors?\b|\bfavorites?\b|\bcancell?ations?\b(?<!ll..........)": "British spelling",
    r"\bspoken promises?\b|\bpromised aloud\b": "pledge",
    r"\btype in\b|\bpress on\b": "enter, press",
}
"""A word that is never used → what is said instead."""
OURS: Final = ("视频号助手", "视频号", "微信小店", "限时抢购", "抖店", "百应", "小红书", "淘宝", "快手")
"""What is called so in English too."""
FREE: Final = {
    "收据版本和算法是 fair_pick": "a row under the receipt's own heading",
    "收据的链头在最后一个参与者之后": "a row under the receipt's own heading",
    "开抢、发券、发福袋": "one column for all of them",
}
"""Sentences that need not say the term, and why."""


def _table() -> Iterator[tuple[str, str]]:
    words = json.loads((ROOT / "resources" / "i18n" / "en.json").read_text("utf-8"))
    yield from ((key.partition("|")[0], said) for key, said in words.items())


def _pairs(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Chinese and English side by side: in a tuple, or as the arguments of a call."""
    for node in ast.walk(tree):
        parts = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
        texts = [
            each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        for zh, en in itertools.pairwise(texts):
            if CJK.search(zh) and " " in en and not CJK.search(en):
                yield zh, en


def said() -> list[tuple[str, str]]:
    """Every (Chinese, English) of the program."""
    found = list(_table())
    for folder in ("liveconsole", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found += _pairs(ast.parse(path.read_text("utf-8")))
    return found


def wrong(zh: str, en: str) -> list[str]:
    """What is not said as the glossary says it."""
    found = [
        f"{term}: {wanted}"
        for term, wanted in TERMS.items()
        if term in zh and zh not in FREE and not re.search(wanted, en, re.I)
    ]
    return found + [
        f"{word.group()!r}, not {better}"
        for bad, better in NEVER.items()
        if (word := re.search(bad, en, re.I))
    ]


def test_one_word_is_one_thing() -> None:
    pairs = said()
    assert len(pairs) > 1500
    assert {f"{zh[:40]} → {en[:90]}": found for zh, en in pairs if (found := wrong(zh, en))} == {}


def test_no_english_line_is_chinese() -> None:
    """But for names of platforms, and what is to be typed as it stands, between quotes."""
    left = []
    for _, en in _table():
        bare = re.sub("“[^”]*”|\\d+号? ?秒[^\\n]*|{[^}]*}", "", en)
        for name in OURS:
            bare = bare.replace(name, "")
        if CJK.search(bare):
            left.append(en)
    assert sorted(left) == sorted(TYPED)


TYPED: Final = ["Add a promotion: 秒99 x50 限2 5分", "想要", "好看"]
"""A line of a rundown and keywords of a bag: as they are typed, and said in the room."""


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("放进购物车", "Put it in the basket"),
        ("送优惠券", "Give a voucher"),
        ("撤回", "Withdraw it"),
        ("福袋", "Raffle"),
    ],
)
def test_another_word_is_seen(zh: str, en: str) -> None:
    assert wrong(zh, en)
