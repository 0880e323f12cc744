"""The kinds of promotion, a module each (`kind.Kind` says what it must have), and the list of them.

To add one: a module here and its line below, its spec in `messages.specs`, its words in `views.kinds`. One
that is no longer wanted is retired, never taken out: old logs hold it.
"""

from __future__ import annotations

from typing import Final

from liveconsole.domain.kind import Kind, register
from liveconsole.domain.kinds import (
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

KINDS: Final[tuple[Kind, ...]] = (
    pin,
    flash_sale,
    coupon,
    lucky_bag,
    bundle,
    gift,
    first_come,
    pk,
    red_packet,
    group_buy,
    bargain,
)

for _kind in KINDS:
    register(_kind)
