"""The words of each kind of promotion, a module a kind (`kind.KindWords` says what it must have), and the
list.

What a kind does stands in `domain.kinds`, its limits at the platform in `advice.limits`.
"""

from __future__ import annotations

from typing import Final

from liveconsole.views.kinds import (
    bargain,
    bundle,
    coupon,
    first_come,
    flash_sale,
    gift,
    group_buy,
    lucky_bag,
    pin,
    pk,
    red_packet,
)
from liveconsole.views.kinds.kind import KindWords

WORDS: Final[dict[str, KindWords]] = {
    each.NAME: each
    for each in (
        flash_sale,
        coupon,
        lucky_bag,
        pin,
        bundle,
        gift,
        first_come,
        red_packet,
        pk,
        group_buy,
        bargain,
    )
}
"""Kind → its words, in the order in which a report lists them."""


def title(kind: str) -> tuple[str, str]:
    """Its name in Chinese and English; of a kind of a newer program, its word on the wire."""
    known = WORDS.get(kind)
    return known.TITLE if known is not None else (kind, kind)
