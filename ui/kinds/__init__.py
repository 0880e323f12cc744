"""Each kind of promotion at the desk, a module a kind (`kind.Shown` says what it must have), and the list.

What a kind does stands in `liveconsole.domain.kinds`, what is said of it elsewhere in
`liveconsole.views.kinds`.
"""

from __future__ import annotations

from typing import Final

from ui.kinds import (
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
    unknown,
)
from ui.kinds.kind import Shown
from ui.kinds.phrases import said

KINDS: Final[dict[str, Shown]] = {
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
"""Kind → its part, in the order in which the desk offers them."""


def kind_of(name: object) -> Shown:
    """The part of a kind; one that this desk does not know yet is said and shown as such."""
    return KINDS.get(name, unknown) if isinstance(name, str) else unknown


def name_of(name: object) -> str:
    """What a kind is called."""
    return said(kind_of(name).TITLE)
