"""Each kind of promotion has one colour and one shape everywhere: colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KindLook:
    """How one kind looks and what its keys say (Chinese source text, for ``ui.i18n.t``)."""

    tone: str
    icon: str
    name: str
    fire: str


KINDS: Final = {
    "pin": KindLook("accent", "kind-pin", "讲解", "讲解"),
    "flash_sale": KindLook("flash", "kind-flash", "秒杀", "开抢"),
    "coupon": KindLook("coupon", "kind-coupon", "优惠券", "发券"),
    "lucky_bag": KindLook("bag", "kind-bag", "福袋", "发福袋"),
}

UNKNOWN_KIND: Final = KindLook("fg1", "question", "促销", "开始")


def kind_of(name: object) -> KindLook:
    """The look of a kind; one that this desk does not know yet gets a neutral look."""
    return KINDS.get(name, UNKNOWN_KIND) if isinstance(name, str) else UNKNOWN_KIND
