"""What is read of a line, and what is said about it."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

REASONS: Final[dict[str, tuple[str, str]]] = {
    "empty": ("没有内容", "Nothing there"),
    "no_kind": (
        "看不出是哪一种：写上 秒99、满199减20券、福袋、组合、买赠、接龙、红包、连麦PK 或 讲解",
        "Which promotion? Say 秒99, 满199减20券, 福袋, 组合, 买赠, 接龙, 红包, 连麦PK or 讲解",
    ),
    "unread": ("这里看不懂：{text}", "Cannot read this: {text}"),
    "not_here": ("{text} 不属于这种促销", "{text} does not belong to this kind of promotion"),
    "twice": ("写了两次：{text}", "Said twice: {text}"),
    "no_goods": ("没写几号商品", "Which product? Write its number"),
    "unknown_number": ("购物车里没有 {number} 号", "The cart has no number {number}"),
    "unknown_id": ("没有这个编号的商品：{text}", "No product with this id: {text}"),
    "which_sku": ("{title} 有几个规格，写明哪个：{skus}", "{title} has several SKUs, say which: {skus}"),
    "several_skus": (
        "{text} 说不准是哪个，写全一点：{skus}",
        "{text} fits several SKUs, say more of it: {skus}",
    ),
    "say_each": (
        "{skus} 是 {count} 个规格，{text} 是各多少还是一共？写「各30」这样",
        "{skus} are {count} SKUs: is {text} for each or for all? Write 各30 for each",
    ),
    "other_product": ("{text} 不是 {title} 的规格", "{text} is no SKU of {title}"),
    "no_rest": ("没有其余的规格了：{text}", "There are no other SKUs left: {text}"),
    "no_price": ("没写秒杀价", "No price"),
    "no_gift": ("没写买什么、送什么，如 3号 赠 4号", "What is bought, what is given? Such as 3号 赠 4号"),
    "no_price_together": ("没写一套多少钱，如 一套139", "No price together, such as 一套139"),
    "no_quantity": ("没写数量，如 x50", "No quantity, such as x50"),
    "no_size": ("没写几人成团，如 3人团", "How many people a group wants is not said, such as 3人团"),
    "no_groups": ("没写最多几团，如 5团", "How many groups there are is not said, such as 5团"),
    "no_friends": ("没写几人帮砍，如 3人帮砍", "How many helpers it takes is not said, such as 3人帮砍"),
    "no_rule": ("没写优惠，如 满199减20 或 8.5折", "No discount, such as 满199减20 or 8.5折"),
    "no_word": ("没写口令，如 口令「1」", "No keyword, such as 口令「1」"),
    "no_opponent": ("没写对手，如 对手「小美」", "No opponent, such as 对手「小美」"),
    "no_total": ("没写总额，如 200元", "No amount, such as 200元"),
    "no_prize": ("没写奖品，如 奖「围巾」", "No prize, such as 奖「围巾」"),
    "no_value": ("没写奖品价值，如 值199", "The prize has no value, such as 值199"),
    "money": ("不是金额：{text}", "Not an amount: {text}"),
    "whole": ("要整数：{text}", "A whole number is wanted: {text}"),
    "time": ("时长不对：{text}", "Not a length of time: {text}"),
    "zhe": ("折扣不对：{text}", "Not a discount: {text}"),
    "rules": ("一张券只能有一种优惠：{text}", "A coupon has one kind of discount: {text}"),
    "usual_time": ("没写时长，按 5 分钟", "No time was said: 5 minutes"),
    "usual_limit": ("没写限购，按每人 1", "No limit was said: 1 per person"),
    "usual_winners": ("没写几个人中奖，按 1 人", "The number of winners was not said: 1"),
    "usual_gap": ("没写间隔，一个接一个", "No gap was said: one right after the other"),
    "passed": ("没用到：{text}", "Not used: {text}"),
}


class LineRemark(Struct, frozen=True):
    """``at`` and ``length`` are letters of the line as it was given; ``code`` is one of ``REASONS``."""

    code: str
    at: int
    length: int
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        return (en if english else zh).format_map(self.params)


class LineDraft(Struct, frozen=True):
    """A promotion that was read; ``warnings`` are what was taken as usual, or left unused."""

    kind: str
    spec: dict[str, Any]
    warnings: list[LineRemark]
    repeat: dict[str, Any] | None = None
    """On what beat it comes again, as ``cue.add`` takes it."""


class UnreadableLine(Exception):
    """A line stops here; ``remark`` says why."""

    def __init__(self, remark: LineRemark) -> None:
        super().__init__(remark.code)
        self.remark = remark
