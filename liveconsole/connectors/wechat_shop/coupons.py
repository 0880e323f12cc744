"""Coupons: what one is in the shop's words, and which coupon of the shop is it. All of this is pure.

``ext_info.notes`` is a field that nobody else writes and viewers do not see: it carries our mark. Where a
shop gives it back empty, a coupon is known again by its name, its terms and the very second of its start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.effects import Effect
from liveconsole.messages.specs import CouponRule, CouponSpec

CREATE: Final = "/channels/ec/coupon/create"
STATUS: Final = "/channels/ec/coupon/update_status"
GET: Final = "/channels/ec/coupon/get"
LIST: Final = "/channels/ec/coupon/get_list"

WRITTEN, LIVE, EXPIRED, VOID, DELETED = 1, 2, 3, 4, 5
"""A coupon's ``status``; one that was created waits as ``WRITTEN`` until it is set ``LIVE``."""
_DAY: Final = 86_400
_WHOLE_SHOP: Final = 100
"""Types from 101 are those of the whole shop."""


class ShopCouponSeen(Struct, frozen=True):
    """A coupon as the shop tells of it. ``taken`` and ``used`` None: it did not say."""

    coupon_id: str
    status: int
    mark: str
    terms: tuple[Any, ...]
    closes: int
    taken: int | None = None
    used: int | None = None

    @property
    def over(self) -> bool:
        return self.status not in (WRITTEN, LIVE)


def mark_of(effect: Effect) -> str:
    """Return what marks its coupon: the same whenever it is asked, another for every firing."""
    told = f"{effect.cue_id} {int(effect.fired_at.timestamp())}"
    return f"LC-{sha256(told.encode()).hexdigest()[:16]}"


def body(effect: Effect) -> dict[str, Any]:
    """Return what `CREATE` takes. The spec is one that `domain.platforms` leaves to a program."""
    spec = effect.spec
    assert isinstance(spec, CouponSpec)
    start = int(effect.fired_at.timestamp())
    return {
        "type": _type(spec),
        "name": spec.name.strip(),
        "discount_info": _discount(spec),
        "promote_info": {"promote_type": 1},
        "receive_info": {
            "start_time": start,
            "end_time": start + spec.seconds,
            "total_num": spec.quantity,
            "limit_num_one_person": spec.per_buyer,
        },
        # 2: days from the claim. The example beside the parameter table contradicts it; the table holds.
        # The shop knows none that is valid for ever: one that says nothing is valid for a day, as is said
        # before it is fired.
        "valid_info": {"valid_type": 2, "valid_day_num": (spec.valid_seconds or _DAY) // _DAY},
        "ext_info": {"notes": mark_of(effect)},
    }


def _type(spec: CouponSpec) -> int:
    kind = 3 if spec.rule.zhe is not None else 2 if spec.rule.threshold_fen is not None else 4
    return kind if spec.scope is not None else _WHOLE_SHOP + kind


def _discount(spec: CouponSpec) -> dict[str, Any]:
    rule: CouponRule = spec.rule
    found: dict[str, Any] = {}
    condition: dict[str, Any] = {}
    if spec.scope is not None:
        condition["product_ids"] = list(spec.scope.product_ids)
    if rule.threshold_fen is not None:
        condition["product_price"] = rule.threshold_fen
    if condition:
        found["discount_condition"] = condition
    if rule.zhe is not None:
        found["discount_num"] = int(Decimal(rule.zhe) * 1000)
    else:
        found["discount_fee"] = rule.off_fen
    return found


def terms_of(effect: Effect) -> tuple[Any, ...]:
    """Return what a coupon is known by where its mark did not come back."""
    return _terms(body(effect), _type_of(effect))


def _type_of(effect: Effect) -> int:
    assert isinstance(effect.spec, CouponSpec)
    return _type(effect.spec)


def closes(effect: Effect) -> int:
    """Return the second from which nobody can take one, as the shop was told."""
    assert isinstance(effect.spec, CouponSpec)
    return int((effect.fired_at + timedelta(seconds=effect.spec.seconds)).timestamp())


def _terms(info: Mapping[str, Any], type_: int) -> tuple[Any, ...]:
    discount, receive = info.get("discount_info") or {}, info["receive_info"]
    condition = discount.get("discount_condition") or {}
    return (
        type_,
        str(info["name"]),
        int(discount.get("discount_fee") or 0),
        int(discount.get("discount_num") or 0),
        int(condition.get("product_price") or 0),
        tuple(sorted(map(str, condition.get("product_ids") or ()))),
        int(receive["start_time"]),
        int(receive["end_time"]),
        int(receive["total_num"]),
        int(receive["limit_num_one_person"]),
    )


def seen(answer: Mapping[str, Any]) -> ShopCouponSeen:
    """Return the coupon of a `GET` answer.

    Raises:
        TypeError, ValueError, KeyError, AttributeError: it is another shape.
    """
    coupon = answer["coupon"]
    info, stock = coupon["coupon_info"], coupon.get("stock_info") or {}
    taken, used = stock.get("receive_num"), stock.get("used_num")
    return ShopCouponSeen(
        str(coupon["coupon_id"]),
        int(coupon["status"]),
        str((info.get("ext_info") or {}).get("notes") or ""),
        _terms(info, int(coupon["type"])),
        int(info["receive_info"]["end_time"]),
        int(taken) if taken is not None else None,
        int(used) if used is not None else None,
    )


def ids_in(answer: Mapping[str, Any]) -> list[str]:
    """Return the ids of a `LIST` page."""
    return [str(row["coupon_id"]) for row in answer.get("coupons") or ()]


def is_of(effect: Effect, coupon: ShopCouponSeen) -> bool:
    """Tell whether this coupon is the one of the effect."""
    if coupon.mark:
        return coupon.mark == mark_of(effect)
    return coupon.terms == terms_of(effect)
