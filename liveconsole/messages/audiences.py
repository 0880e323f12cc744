"""For whom a promotion is kept, in words: on cards, on the picture, on the phone. Plain data.

What a platform calls its own type is told as far as its documents do. Of those that no document names the
phone's line says that it was not seen in a real shop.
"""

from __future__ import annotations

from typing import Final, Literal

from liveconsole.messages.specs import AudienceName, DoneAs

Checker = Literal["books", "list", "source", "platform", "person"]
"""Who tells whether somebody counts: our own orders, the list of members, a source of the room, the platform,
a person."""
Standing = Literal["yes", "no", "unknown"]

AUDIENCES: Final[dict[AudienceName, tuple[str, str]]] = {
    "new": ("新人", "newcomers"),
    "bought": ("老客", "past buyers"),
    "followers": ("粉丝", "followers"),
    "members": ("会员", "members"),
    "birthday": ("当天生日的会员", "members whose birthday it is"),
    "club": ("粉丝团", "the fan club"),
    "group": ("社群", "the chat group"),
    "family": ("家族", "the family"),
}
"""name → (zh, en)."""

BADGES: Final[dict[AudienceName, tuple[str, str]]] = {
    "new": ("新人专享", "Newcomers only"),
    "bought": ("老客专享", "Past buyers only"),
    "followers": ("粉丝专享", "Followers only"),
    "members": ("会员专享", "Members only"),
    "birthday": ("生日专享", "Birthdays only"),
    "club": ("粉丝团专享", "Fan club only"),
    "group": ("社群专属", "Chat group only"),
    "family": ("家族专享", "Family only"),
}
"""What stands on a card and on the picture: (zh, en)."""

CHECKED: Final[dict[Checker, tuple[str, str]]] = {
    "books": ("按这里的订单核对", "checked by the orders here"),
    "list": ("按会员名单里的生日核对", "checked by the birthdays that members told"),
    "source": ("按采集到的关注和粉丝团核对", "checked by follows and fan club as captured"),
    "platform": ("由平台核对", "checked by the platform"),
    "person": ("由人核对", "checked by a person"),
}
"""Who checks it, as the card says it: (zh, en)."""

OWN_TYPES: Final[dict[DoneAs, dict[AudienceName, tuple[str, bool]]]] = {
    "pins": {},
    "sales": {
        "new": ("新人价", False),
        "members": ("会员价", False),
    },
    "coupons": {
        "new": ("新人券", False),
        "followers": ("粉丝券", False),
        "members": ("会员券", True),
        "club": ("粉丝团券", False),
    },
    "bags": {
        "followers": ("关注主播", False),
        "club": ("粉丝团", False),
    },
    "lists": {},
    "plays": {
        "followers": ("关注主播", False),
        "club": ("粉丝团", False),
    },
}
"""What a platform has a type of its own for: its name in the form, and whether its documents name it."""

UNSEEN: Final = ("未在真实店铺上验证", "not seen in a real shop")

_BY_HAND: Final[dict[DoneAs, tuple[str, str]]] = {
    "pins": ("", ""),
    "sales": ("链接只发给{who}，不放进公开购物车", "send its link to {who} alone, not into the public cart"),
    "coupons": ("设为不公开，只发给{who}", "not public: hand it to {who} alone"),
    "bags": ("领奖时先核对是不是{who}", "at the claim, check first that it is one of {who}"),
    "lists": ("下单时先核对是不是{who}", "when they order, check first that it is one of {who}"),
    "plays": ("只在{who}里说", "say it among {who} alone"),
}


def audience_words(name: str, *, english: bool = False) -> str:
    """Return who is meant; a name of a newer program is shown as it is."""
    return AUDIENCES[name][english] if name in AUDIENCES else name


def badge(name: str | None, *, english: bool = False) -> str:
    """Return what stands on a card; empty where it is for everybody."""
    if name is None:
        return ""
    return BADGES[name][english] if name in BADGES else name


def phone_words(name: AudienceName, done_as: DoneAs) -> tuple[str, str]:
    """Return what a person sets at the platform for it: its own type where it has one, else how it is kept
    for them by hand."""
    if (own := OWN_TYPES[done_as].get(name)) is not None:
        type_, documented = own
        zh, en = f"类型选「{type_}」", f"type {type_}"
        return (zh, en) if documented else (f"{zh}（{UNSEEN[0]}）", f"{en} ({UNSEEN[1]})")
    zh, en = _BY_HAND[done_as]
    return zh.format(who=AUDIENCES[name][0]), en.format(who=AUDIENCES[name][1])


def countdown_words(seconds: int) -> tuple[str, str]:
    """Return what is said of a countdown before the start."""
    return f"倒数 {seconds} 秒开始", f"begins after a countdown of {seconds} s"
