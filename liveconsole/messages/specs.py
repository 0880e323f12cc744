"""What a cue promises: the spec of each kind, and the rule of a coupon.

Specs arrive as JSON objects and are kept as sent (`Cue.spec_sent`); the rules work on these parsed forms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import AnyPersonId, Fen, Id, Quantity, Seconds, Text

PositiveFen = Annotated[int, msgspec.Meta(ge=1, le=10**12)]
Zhe = Annotated[str, msgspec.Meta(pattern=r"^([1-9](\.[0-9]{1,2})?|0\.[0-9]{1,2})$")]
"""折: the tenths a buyer pays, "8.5" is 85 %."""


DoneAs = Literal[
    "pins",
    "sales",
    "coupons",
    "bags",
    "lists",
    "plays",
]
"""The capability of a platform that starts and ends a kind."""


AudienceName = Literal["new", "bought", "followers", "members", "birthday", "club", "group", "family"]
"""新人, 老客, 粉丝, 会员, 粉丝团, 社群专属, 家族专享; their words: `messages.audiences`."""
CountdownSeconds = Annotated[int, msgspec.Meta(ge=10, le=300)]


class Announced(Struct, frozen=True, kw_only=True):
    """What a promotion can say before it starts: for whom it is kept (null: everybody), and how long viewers
    see it count down. A spec takes both up by being one."""

    done_as: ClassVar[DoneAs]
    audience: AudienceName | None = None
    countdown_seconds: CountdownSeconds | None = None


class PinSpec(Struct, frozen=True, tag_field="kind", tag="pin"):
    title: ClassVar[tuple[str, str]] = ("讲解", "pin")
    done_as: ClassVar[DoneAs] = "pins"
    assistant_may_stop: ClassVar[bool] = False
    """It ends by the next one."""
    product_id: Id


class SaleSku(Struct, frozen=True):
    sku_id: Id
    price_fen: Fen
    quantity: Quantity


class FlashSaleSpec(Announced, frozen=True, tag_field="kind", tag="flash_sale"):
    """``via`` is how a person does it under ``manual``: a 限时抢购 task, or 改价 whose restore is owed."""

    title: ClassVar[tuple[str, str]] = ("秒杀", "flash sale")
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    skus: Annotated[list[SaleSku], msgspec.Meta(min_length=1, max_length=200)]
    per_buyer: Quantity
    seconds: Seconds
    via: Literal["task", "price"] = "task"


class Tier(Struct, frozen=True):
    threshold_fen: PositiveFen
    off_fen: PositiveFen


class CouponRule(Struct, frozen=True):
    """Exactly one of: ``off_fen`` 直减, with ``threshold_fen`` 满减, ``tiers`` 阶梯满减, ``zhe`` 折扣."""

    off_fen: PositiveFen | None = None
    threshold_fen: PositiveFen | None = None
    tiers: Annotated[list[Tier], msgspec.Meta(min_length=1, max_length=10)] | None = None
    zhe: Zhe | None = None

    def __post_init__(self) -> None:
        ways = sum(x is not None for x in (self.off_fen, self.tiers, self.zhe))
        if ways != 1:
            raise ValueError("a coupon rule has exactly one of off_fen, tiers, zhe")
        if self.threshold_fen is not None and self.off_fen is None:
            raise ValueError("threshold_fen belongs to off_fen")


class Scope(Struct, frozen=True):
    product_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=2000)]


class ShopCoupon(Struct, frozen=True):
    """A coupon already live in the shop (`room.set shop_coupons`): it stacks with what the console does."""

    rule: CouponRule
    name: Text = ""
    scope: Scope | None = None
    member_from: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    """It is the discount of members from this 成长值 on; a buyer has that of one level only."""


LINK_LIMIT: Final = 200
"""Longer links make squares that no phone reads off a stream."""

_LINK: Final = re.compile(r"(?:https?://(?![^/?#]*@)[A-Za-z0-9\[]|weixin://[A-Za-z0-9])[!-~]*")


def is_link(text: str) -> bool:
    """Tell whether viewers may be sent there: a web or weixin address of printable ASCII, no name before its
    host (``https://weixin.qq.com@elsewhere``), at most ``LINK_LIMIT`` characters."""
    return len(text) <= LINK_LIMIT and _LINK.fullmatch(text) is not None


class ShareTerms(Struct, frozen=True):
    """分享券: whoever claims one has brought so many others."""

    friends: Annotated[int, msgspec.Meta(ge=1, le=100)]


class CouponSpec(Announced, frozen=True, tag_field="kind", tag="coupon"):
    """``link`` is where viewers claim it: the overlay shows it as a QR code. The rules want `is_link`."""

    title: ClassVar[tuple[str, str]] = ("优惠券", "coupon")
    done_as: ClassVar[DoneAs] = "coupons"
    assistant_may_stop: ClassVar[bool] = True
    name: Text
    rule: CouponRule
    quantity: Quantity
    per_buyer: Quantity
    seconds: Seconds
    scope: Scope | None = None
    valid_seconds: Seconds | None = None
    link: Text | None = None
    share: ShareTerms | None = None


class Prize(Struct, frozen=True):
    name: Text
    value_fen: Fen
    product_id: Id | None = None


StandBack = Annotated[str, msgspec.Meta(pattern=r"^(none|broadcast|days:([1-9]|[12][0-9]|30))$")]
"""Which earlier winners stand back: nobody, those of this broadcast, those of the last days (30 at most)."""


class Entry(Struct, frozen=True):
    """How a viewer enters; without a keyword any comment does. ``stand_back``: null is as the room has it."""

    keyword: Text | None = None
    match: Literal["exact", "lenient", "contains"] = "exact"
    stand_back: StandBack | None = None


class Claim(Struct, frozen=True):
    followed: bool = False
    seconds: Seconds = 600


SERIES_MOST: Final = 20


class SeriesSpec(Struct, frozen=True):
    """福袋雨: ``count`` bags, each ``gap_seconds`` behind the close of the one before. ``once``: who
    has won one of them stands back from the others."""

    count: Annotated[int, msgspec.Meta(ge=2, le=SERIES_MOST)]
    gap_seconds: Annotated[int, msgspec.Meta(ge=0, le=3600)]
    once: bool = True


class LuckyBagSpec(Announced, frozen=True, tag_field="kind", tag="lucky_bag"):
    title: ClassVar[tuple[str, str]] = ("福袋", "lucky bag")
    done_as: ClassVar[DoneAs] = "bags"
    assistant_may_stop: ClassVar[bool] = False
    """Its end needs a reason that a host gives."""
    prize: Prize
    winners: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    entry: Entry
    seconds: Seconds
    alternates: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None = None
    claim: Claim = Claim()
    exclude: list[AnyPersonId] = []
    draw: Literal["console", "platform"] = "console"
    series: SeriesSpec | None = None
    """``winners``, ``alternates`` and ``seconds`` are those of each of its bags."""

    @property
    def bags(self) -> int:
        return self.series.count if self.series is not None else 1


class BundleItem(Struct, frozen=True):
    """``quantity``: units of it in one bundle."""

    sku_id: Id
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)]


class BundleSpec(Announced, frozen=True, tag_field="kind", tag="bundle"):
    """``quantity`` and ``per_buyer`` count whole bundles."""

    title: ClassVar[tuple[str, str]] = ("组合价", "bundle")
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    items: Annotated[list[BundleItem], msgspec.Meta(min_length=1, max_length=20)]
    price_fen: PositiveFen
    quantity: Quantity
    per_buyer: Quantity
    seconds: Seconds


class GiftBuy(Struct, frozen=True):
    """What brings the gift: 买赠, so many ``units`` of these products for each; or 满赠, an order that comes
    to ``threshold_fen``, for one."""

    product_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=200)] | None = None
    units: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    threshold_fen: PositiveFen | None = None

    def __post_init__(self) -> None:
        if (self.product_ids is None) == (self.threshold_fen is None):
            raise ValueError("a gift is for product_ids or for threshold_fen")


class GiftItem(Struct, frozen=True):
    """``quantity``: units of it each time."""

    sku_id: Id
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class GiftSpec(Announced, frozen=True, tag_field="kind", tag="gift"):
    """``quantity`` and ``per_buyer`` count how many times it is given."""

    title: ClassVar[tuple[str, str]] = ("买赠", "gift")
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    buy: GiftBuy
    gift: GiftItem
    quantity: Quantity
    per_buyer: Quantity
    seconds: Seconds


class FirstComeSpec(Announced, frozen=True, tag_field="kind", tag="first_come"):
    """Who says the keyword first has a place; with a SKU a place is one unit of it at that price."""

    title: ClassVar[tuple[str, str]] = ("接龙", "first come")
    done_as: ClassVar[DoneAs] = "lists"
    assistant_may_stop: ClassVar[bool] = True
    keyword: Text
    places: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    seconds: Seconds
    match: Literal["exact", "lenient", "contains"] = "exact"
    sku_id: Id | None = None
    price_fen: Fen | None = None

    def __post_init__(self) -> None:
        if (self.sku_id is None) != (self.price_fen is None):
            raise ValueError("sku_id and price_fen belong together")


class PkSpec(Struct, frozen=True, tag_field="kind", tag="pk"):
    """``seconds`` is all of it, which the rounds share in equal parts."""

    title: ClassVar[tuple[str, str]] = ("连麦PK", "PK")
    done_as: ClassVar[DoneAs] = "plays"
    assistant_may_stop: ClassVar[bool] = True
    opponent: Text
    seconds: Seconds
    rounds: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    stake: Text | None = None


class RedPacketSpec(Announced, frozen=True, tag_field="kind", tag="red_packet"):
    title: ClassVar[tuple[str, str]] = ("红包", "red packets")
    done_as: ClassVar[DoneAs] = "plays"
    assistant_may_stop: ClassVar[bool] = True
    total_fen: PositiveFen
    packets: Quantity
    seconds: Seconds


class GroupBuySpec(Announced, frozen=True, tag_field="kind", tag="group_buy"):
    """拼团: the price is for ``size`` different buyers together. A buyer stands once in a group, and has
    ``per_buyer`` units over all of them."""

    title: ClassVar[tuple[str, str]] = ("拼团", "group buy")
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    sku_id: Id
    price_fen: Fen
    size: Annotated[int, msgspec.Meta(ge=2, le=100)]
    groups: Annotated[int, msgspec.Meta(ge=1, le=500)]
    per_buyer: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    seconds: Seconds

    @property
    def quantity(self) -> int:
        """The most units that all groups together can come to."""
        return self.groups * self.size * self.per_buyer


class BargainSpec(Announced, frozen=True, tag_field="kind", tag="bargain"):
    """砍价: the price is given to a buyer for whom ``friends`` different people have helped."""

    title: ClassVar[tuple[str, str]] = ("砍价", "bargain")
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    sku_id: Id
    price_fen: Fen
    friends: Annotated[int, msgspec.Meta(ge=1, le=100)]
    per_buyer: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    seconds: Seconds


Spec = (
    PinSpec
    | FlashSaleSpec
    | CouponSpec
    | LuckyBagSpec
    | BundleSpec
    | GiftSpec
    | FirstComeSpec
    | PkSpec
    | RedPacketSpec
    | GroupBuySpec
    | BargainSpec
)  # fmt: skip
Kind = Literal[
    "pin",
    "flash_sale",
    "coupon",
    "lucky_bag",
    "bundle",
    "gift",
    "first_come",
    "pk",
    "red_packet",
    "group_buy",
    "bargain",
]

SPECS: Final[dict[str, type[Spec]]] = {
    "pin": PinSpec,
    "flash_sale": FlashSaleSpec,
    "coupon": CouponSpec,
    "lucky_bag": LuckyBagSpec,
    "bundle": BundleSpec,
    "gift": GiftSpec,
    "first_come": FirstComeSpec,
    "pk": PkSpec,
    "red_packet": RedPacketSpec,
    "group_buy": GroupBuySpec,
    "bargain": BargainSpec,
}


def parse_spec(kind: str, sent: dict[str, Any]) -> Spec:
    """Return the spec of ``kind`` as sent by a seat; one SKU of a flash sale may stand flat.

    Raises:
        msgspec.ValidationError: the shape is wrong; its text names the field.
        KeyError: there is no such kind.
    """
    shape = SPECS[kind]
    fields = dict(sent)
    if shape is FlashSaleSpec and "skus" not in fields:
        flat = {k: fields.pop(k) for k in ("sku_id", "price_fen", "quantity") if k in fields}
        fields["skus"] = [flat]
    fields["kind"] = kind
    return msgspec.convert(fields, shape)


def terms_of(kind: str, sent: Mapping[str, Any]) -> Spec | None:
    """Return the parsed form of a spec that is still being written, or of a kind that this program may not
    know; None while the rules could not read it."""
    try:
        return parse_spec(kind, dict(sent))
    except (KeyError, msgspec.ValidationError):
        return None
