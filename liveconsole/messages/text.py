"""Text from outside: how it is cut, and how it is made comparable.

The original text is always what is kept and shown; the normalised form is only for comparing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TEXT_LIMIT: Final = 500
"""Characters of one text field at the door (contract): facts are cut to it, commands refused."""

LETTERS_VERSION: Final = 2
"""Of what `normalise` takes for the same, as the rules of a draw name it; 1 let fillers and variation
selectors stand, and took away what its version of Unicode did not know."""

_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode: variation selectors, tags, joiners, fillers of Hangul. Stable, and
it holds places for what is still to come."""
_BLANK: Final = "\u2800\U00013441\U00013442\U00016fe4\U0001d159"
"""Letters and signs with nothing to be seen: the empty Braille cell, blanks of scripts, a headless note."""
_UNSEEN: Final = re.compile(f"[{_IGNORABLE}{_BLANK}]+")
OLD_FORMS: Final = str.maketrans(
    "國級絕對頂優萬獨領銷極無質後個雙業網歷賣價錢買號碼轉賬帳聯絡電話進羣團體導袖獎發財運開關實際專權威認證療藥減"
    "壓瘦豐補腎華貴風險賺穩貨單復廠稱徵維掃碼寶東購親點擊領紅絶佔銀內鐵與戰鬥龍鳳齊純樣貝殼種燈寬廣場係後裏➕❤"
    "薦馳標檢驗師醫學機構製總統賠額滿斷舉雙蓋訂請聯產繫現隱閒閑魚訊騰員費償補紀錄譽冠屆緻顧續簽狀態辦異載鏈薪稅險戶繳",
    "国级绝对顶优万独领销极无质后个双业网历卖价钱买号码转账账联络电话进群团体导袖奖发财运开关实际专权威认证疗药减"
    "压瘦丰补肾华贵风险赚稳货单复厂称征维扫码宝东购亲点击领红绝占银内铁与战斗龙凤齐纯样贝壳种灯宽广场系后里加信"
    "荐驰标检验师医学机构制总统赔额满断举双盖订请联产系现隐闲闲鱼讯腾员费偿补纪录誉冠届致顾续签状态办异载链薪税险户缴",
)
"""Traditional letters of words that are looked for, and two pictures that stand for letters (加 and 信)."""

_FORMAT_CATEGORIES: Final = frozenset({"Cf", "Cc", "Cs", "Co"})


def cut(text: str) -> tuple[str, int | None]:
    """Return the text within ``TEXT_LIMIT`` and, where it was longer, its original length."""
    if len(text) <= TEXT_LIMIT:
        return text, None
    return text[:TEXT_LIMIT], len(text)


def without_unseen(text: str) -> str:
    """Return the text without what nobody sees in it: control, format and zero-width characters, variation
    selectors, fillers, blanks that are letters. Spaces stay."""
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) not in _FORMAT_CATEGORIES)
    return text if text.isascii() else _UNSEEN.sub("", text)


def normalise(text: str) -> str:
    """NFKC of what is seen, trimmed: both sides of a 口令 match, and whatever else compares typed text."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    if folded.isprintable() and _UNSEEN.search(folded) is None:  # the way of nearly every comment
        return folded.strip()
    # Before: what is not seen keeps letters from growing together. And behind: some of it comes of folding.
    return without_unseen(unicodedata.normalize("NFKC", without_unseen(text))).strip()


def letters_only(text: str) -> str:
    """Return the normalised text without punctuation, emoji and spaces, case folded (``match: lenient``)."""
    plain = normalise(text)
    if plain.isalnum():
        return plain.casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN").casefold()


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """NFKC of what is seen, letter by letter in lower case, and for each letter of it the place in ``text``
    it came from.

    One place more stands at the end (``len(text)``), so that a span of the result is
    ``text[places[start]:places[end]]``.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if _UNSEEN.match(letter):
            continue
        for folded in unicodedata.normalize("NFKC", letter).casefold():
            letters.append(folded)
            places.append(place)
    return "".join(letters), [*places, len(text)]
