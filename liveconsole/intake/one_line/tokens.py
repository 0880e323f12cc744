"""What can stand in a one-line promotion: its words, figures and times as patterns."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

_NUM: Final = r"\d+(?:\.\d+)?"
_MONEY: Final = (
    rf"[¥$]?\s*({_NUM})(?:\s*(?:块钱|元|块))?(?:(?<=块)([1-9])(?!\d|[分秒件份张单个套号折人名天]))?"
)
_PIECES: Final = r"(?:件|单|份|个|套|张)"
_UNIT: Final = r"(?:个?小时|分钟|秒钟|[天分秒]|hours?|hrs?|h|mins?|m|secs?|s)(?![a-z])"
_DAYS, _HOURS, _MINUTES, _SECONDS_SAID = (
    rf"{_NUM}\s*{unit}"
    for unit in (
        "天",
        r"(?:个?小时|hours?(?![a-z])|hrs?(?![a-z])|h(?![a-z]))",
        r"(?:分钟|分|mins?(?![a-z])|m(?![a-z]))",
        r"(?:秒钟|秒|secs?(?![a-z])|s(?![a-z]))",
    )
)
_SPAN: Final = (
    rf"(?:半小时|{_DAYS}(?:\s*{_HOURS})?(?:\s*{_MINUTES})?(?:\s*{_SECONDS_SAID})?"
    rf"|{_HOURS}(?:\s*{_MINUTES})?(?:\s*{_SECONDS_SAID})?|{_MINUTES}(?:\s*{_SECONDS_SAID})?|{_SECONDS_SAID})"
)
_RANGE: Final = r"\d{1,5}(?:\s*[-~至到]\s*\d{1,5})?"
_QUOTED: Final = r"「([^」]*)」|“([^”]*)”|\"([^\"]*)\""
_STOP: Final = (
    r"(?=\s*(?:[,，;；。、!！()（）]|$)|\s+(?:奖|值|价值|送|口令|评论|平台|候补|关注|须|需|要|抽|满|立减|全场|连发|间隔|不间隔|中过|名|限|每人|x\s*\d"
    rf"|×|\*\s*\d|{_NUM}\s*(?:{_PIECES}|名|人|号|折|{_UNIT})))"
)
_TEXT: Final = rf"\s*[:：]?\s*(?:{_QUOTED}|([^\s,，;；。「“\"].*?){_STOP})"

_SALE: Final = r"(改价|改成|秒杀|秒抢|闪购|抢购|特价|直播价|(?<!\d)秒)价?\s*[:：]?\s*(?:只要|仅|到|为)?\s*"

_PATTERNS: Final[list[tuple[str, str]]] = [
    ("chatter", r"@\S+|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]|\d{1,2}:\d{2}(?::\d{2})?"
                r"|后开奖|仅|可用|(?:奖品?|奖励|送)(?=\s*\d+\s*号)|[送赠](?=\s*(?:第?\d+\s*号|编号|货号|#\d))|发?任意(?:评论|内容)|现在|参与"),
    ("kind_bag", r"(?:平台)?福袋(?:抽奖)?|抽奖"),
    ("kind_gift", r"买赠|满赠|买[一二1-9]送[一二1-9]"),
    ("kind_bundle", r"组合(?:价|购)?"),
    ("kind_list", r"扣\s*(?:「([^」]*)」|(\w{1,6}?))\s*接龙|接龙"),
    ("kind_pk", r"连麦\s*pk|pk|连麦(?!\w)"),
    ("kind_packet", r"(?:发)?红包"),
    ("opponent", rf"(?:对手|对战|对面){_TEXT}"),
    ("stake", rf"(?:赌注|惩罚|输了){_TEXT}"),
    ("rounds", rf"({_NUM})\s*[局轮]"),
    ("pin_number", r"(?:讲解|讲|弹|上)\s*#?(\d{1,5})(?:\s*号(?:链接|商品|品)?)?(?![\d.])"),
    ("kind_coupon", r"(?:发|领)?(?:优惠|代金|满减|折扣)?券(?:[名叫](?=\s*[「“\"]))?"),
    ("name", rf"(?:券?名称?|名字|叫)(?!\s*\d+\s*人){_TEXT}"),
    ("valid", rf"(?:领后|领取后)?\s*({_SPAN})\s*(?:内)?有效|有效期?\s*[:：]?\s*({_SPAN})"),
    ("stand_back", r"(本场)中过奖的?不再?参加|(\d{1,2})\s*天内中过奖的?不再?参加|(中过奖的?可以再参加)"),
    ("series", r"连发\s*(\d{1,2})\s*个?(?:福袋)?"),
    ("gap", rf"(?:每个)?(?:间隔|隔)\s*({_SPAN})|(不间隔)"),
    ("once", r"(中过的?不再中)|(中过的?可以再中)"),
    ("share", rf"(?:分享|转发)(?:给|带来)?\s*({_NUM})\s*(?:个)?(?:人|好友|朋友)(?:才能|可)?领?"),
    ("claim", rf"({_SPAN})\s*内领奖?"),
    ("time", rf"(?:限时|时长|持续|抢|倒计时)?\s*({_SPAN})"),
    ("refs", rf"(?:第|#)?({_RANGE}(?:\s*[,，、]\s*{_RANGE})*)\s*号(?:链接|商品|品)?|#(\d{{1,5}})"),
    ("id", r"(?:编号|货号)\s*[:：]?\s*(?:「([^」]*)」|([^\s,，;；。、()（）「」]+))"),
    ("together", rf"(?:一套|整套|每套)(?:只要|仅|价)?\s*[:：]?\s*{_MONEY}"),
    ("reach", rf"满\s*{_MONEY}(?=\s*(?:[送赠]|就送|即送))"),
    ("full", rf"满\s*{_MONEY}\s*(?:立?减|-)\s*{_MONEY}|({_NUM})\s*减\s*({_NUM})\s*元?"),
    ("zhe", rf"(?:打)?\s*({_NUM})\s*折"),
    ("off", rf"(?:立减|直减|无门槛减?|减)\s*{_MONEY}|({_NUM})\s*元(?:无门槛)(?=券|\s|,|，|$)"),
    ("group_price", rf"(?:拼团|团购)价?\s*[:：]?\s*{_MONEY}"),
    ("bargain_price", rf"(?:砍价|砍到|帮砍)\s*[:：]?\s*(?:到|至)?\s*{_MONEY}"),
    ("size", rf"({_NUM})\s*人(?:成团|拼团|团)"),
    ("groups", rf"(?:最多|共)?\s*({_NUM})\s*(?:个)?团"),
    ("friends", rf"({_NUM})\s*(?:个)?(?:人|朋友|好友)(?:帮砍|帮忙|助力|砍价)"),
    ("price", rf"{_SALE}{_MONEY}"),
    ("per", rf"(?:每[人位])?\s*(?:限领|限购|限抢|限)\s*({_NUM})\s*{_PIECES}?"
            rf"|每[人位](?:可抢|可领|最多)?\s*({_NUM})\s*{_PIECES}?"),
    ("worth", rf"(?:价值|值)\s*{_MONEY}"),
    ("alternates", rf"候补\s*({_NUM})\s*[名人位]?"),
    ("winners", rf"(?:抽|共|送出)?\s*({_NUM})\s*(?:名|个?人|位)(?:中奖|获奖)?"),
    ("quantity", rf"(?:限量|数量|共|[各每][个款码色]?|[x×*])\s*({_NUM})\s*{_PIECES}?|({_NUM})\s*{_PIECES}"),
    ("keyword", rf"(?:发?口令|发?评论(?:区)?(?:发|打)?)\s*(包含|含|宽松)?{_TEXT}(\s*[(（]标点[^)）]*[)）])?"),
    ("prize", rf"(?:奖品?|奖励|送)(?!\s*出){_TEXT}"),
    ("follow", r"(?:须|需要?|要|请)?(?:先)?关注(?:主播|直播间)?"),
    ("platform", r"平台"),
    ("kind_pin", r"讲解|讲|弹|上链接|上架"),
    ("total", rf"(?:总额|总共|一共)\s*{_MONEY}|({_NUM})\s*(?:块钱|元|块)"),
    ("quoted", _QUOTED),
    ("whole", r"全场|全店|全部商品|不限商品"),
    ("all_skus", r"(?:全部|所有|各个?)(?:规格|尺码|颜色|款式?|[码色])?(?!\s*\d)|全(?:规格|码|色)"),
    ("rest", r"(?:其余|其他|其它|剩下)的?(?:规格|尺码|颜色|[码色])?"),
]  # fmt: skip
TOKENS: Final = [(name, re.compile(pattern, re.ASCII)) for name, pattern in _PATTERNS]
PRICED: Final = re.compile(rf"{_SALE}[¥$]?\s*\d", re.ASCII)
"""What makes a line a sale: only there are colours and sizes looked for."""
SKIPPED: Final = re.compile(r"[^\w「“\"#¥$×*@]+|_+")
"""Blanks, punctuation and pictures between words."""
OPENING: Final = re.compile(r"\s*[^\s:：\d]{1,20}[:：](?!\s*$)")
"""「小王：」 before what she says."""
_PART: Final = re.compile(rf"({_NUM})\s*({_UNIT})", re.ASCII)
_SECONDS: Final = {"天": 86_400, "小": 3600, "个": 3600, "h": 3600, "分": 60, "m": 60, "秒": 1, "s": 1}


class Token(Struct, frozen=True):
    """``groups`` are the pattern's own, of the folded text; a span is of the folded text too."""

    name: str
    start: int
    end: int
    groups: tuple[str | None, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of a ``sku``: the places of its SKUs among those of its product."""
        return tuple(map(int, (self.groups[1] or "").split(",")))


def token_at(text: str, place: int) -> Token | None:
    """What stands at this place of the folded text; the first pattern that fits."""
    for name, pattern in TOKENS:
        found = pattern.match(text, place)
        if found is not None and found.end() > place:
            spans = tuple(found.span(n) for n in range(1, pattern.groups + 1))
            return Token(name, place, found.end(), found.groups(), spans)
    return None


def seconds_of(span: str) -> int | None:
    """「1 小时 30 分」 → 5400; None where that is no whole number of seconds, or none at all."""
    if span.startswith("半"):
        return 1800
    whole = sum(
        (Decimal(n.replace(",", "")) * _SECONDS[unit[0]] for n, unit in _PART.findall(span)), Decimal(0)
    )
    return int(whole) if whole == whole.to_integral_value() and whole > 0 else None
