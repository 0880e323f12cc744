"""Each kind of promotion has one colour and one shape everywhere: colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind looks and what its keys say (Chinese source text, for ``ui.i18n.t``)."""

    tone: str
    icon: str
    name: str
    fire: str


KINDS: Final = {
    "pin": Kind("accent", "kind-pin", "讲解", "讲解"),
    "flash_sale": Kind("flash", "kind-flash", "秒杀", "开抢"),
    "coupon": Kind("coupon", "kind-coupon", "优惠券", "发券"),
    "lucky_bag": Kind("bag", "kind-bag", "福袋", "发福袋"),
}

UNKNOWN_KIND: Final = Kind("fg1", "question", "促销", "开始")


def kind_of(name: object) -> Kind:
    """The look of a kind; one that this desk does not know yet gets a neutral look."""
    return KINDS.get(name, UNKNOWN_KIND) if isinstance(name, str) else UNKNOWN_KIND
