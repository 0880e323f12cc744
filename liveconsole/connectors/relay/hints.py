"""What a push is about: which order, return, product or coupon moved. Pure.

A push is a hint. It says where to look and never what is so: whoever hears it asks the shop, whose answer is
the fact. So a push that is late, doubled or not to be understood costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.messages.unreadable import UNREADABLE

About = Literal["order", "aftersale", "product", "promotion", "shop"]

_BODIES: Final[tuple[tuple[str, About, tuple[str, ...]], ...]] = (
    ("order_info", "order", ("order_id",)),
    ("finder_shop_aftersale_status_update", "aftersale", ("after_sale_order_id",)),
    ("finder_shop_present_aftersale_status_update", "aftersale", ("after_sale_order_id",)),
    ("finder_shop_complaint", "aftersale", ("after_sale_order_id", "complaint_id")),
    ("stock_info", "product", ("product_id",)),
    ("ProductSpuAudit", "product", ("product_id",)),
    ("ProductSpuListing", "product", ("product_id",)),
    ("ProductSpuUpdate", "product", ("product_id",)),
    ("receive_info", "promotion", ("coupon_id",)),
    ("coupon_info", "promotion", ("coupon_id",)),
    ("use_info", "promotion", ("coupon_id",)),
)
"""Key of the body → what it is about, and where its id stands."""
_ANYWHERE: Final[tuple[tuple[str, About], ...]] = (
    ("after_sale_order_id", "aftersale"),
    ("order_id", "order"),
    ("product_id", "product"),
)
"""In a body that nobody has written down: a push that came later than this program."""
_ID_LONG: Final = 64
_SHOP: Final = frozenset({"channels_ec_close_store", "api_diff", "set_shop_nickname"})


class Hint(Struct, frozen=True):
    """Look at ``id`` of ``about``. ``order_id``: the order that a return is of."""

    event: str
    about: About
    id: str
    created: int
    """CreateTime, in Unix seconds; 0 where it is none."""
    order_id: str = ""
    own_id: str = ""
    """Of what moved itself, where that is not ``id``: one viewer's coupon, one SKU."""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """The same for every delivery of one push."""
        return (self.event, self.id, self.own_id, self.created)


class NoHint(Exception):
    """Nothing here that one could look at; the text says what came instead."""


def hint_of(message: bytes) -> Hint:
    """Return what an opened push is about.

    Raises:
        NoHint: it is no event of the shop, or one about something that this program does not look at.
    """
    try:
        told = msgspec.json.decode(message)
    except UNREADABLE as error:
        raise NoHint("no JSON") from error
    if not isinstance(told, dict) or told.get("MsgType") != "event":
        raise NoHint("no event")
    event = _text(told.get("Event"))
    created = _number(told.get("CreateTime"))
    for key, about, ids in _BODIES:
        body = told.get(key)
        if isinstance(body, Mapping):
            id_ = next(filter(None, (_text(body.get(name)) for name in ids)), "")
            if id_:
                own = _text(body.get("user_coupon_id")) or _text(body.get("sku_id"))
                return Hint(event, about, id_, created, _text(body.get("order_id")), own)
    if event in _SHOP:
        return Hint(event, "shop", event, created)
    for name, about in _ANYWHERE:
        for body in told.values():
            if isinstance(body, Mapping) and (id_ := _text(body.get(name))):
                return Hint(event, about, id_, created, _text(body.get("order_id")))
    raise NoHint(event or "no event")


def _text(value: Any) -> str:
    """Ids come as text and as numbers beyond 2^53, in different events and in the same."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip()
    return text if len(text) <= _ID_LONG else ""


def _number(value: Any) -> int:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() else 0
