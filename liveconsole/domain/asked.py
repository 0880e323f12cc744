"""价格台账: what was really asked for each SKU, and which price may stand struck through beside another.

《明码标价和禁止价格欺诈规定》 (SAMR order 56), article 16: a price that another is compared with is no
higher than the lowest of the seven days before; article 17: none that was raised for the occasion, and none
without ground. So a price is struck only where every price of the seven days before (days of China; own
prices and those of sales) was as high or higher, and something was asked on one of them before
the price fell. Coupons are no price of a SKU and do not count. The log has who asked what and when; here
stands what the rule needs of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from liveconsole.domain.china import day_of
from liveconsole.domain.kind import kind_of
from liveconsole.domain.price_ledger import Asked, AskedDay
from liveconsole.domain.puts import Put
from liveconsole.domain.room import Cue, Product, Room
from liveconsole.messages.refusals import Refused
from liveconsole.messages.wording import plain_yuan

DAYS: Final = 7
STOOD: Final = timedelta(hours=1)
"""A price that stood for less was not really asked: it makes none the highest. It may be the lowest."""


def china_day(at: datetime) -> int:
    """Return the day in China as a number."""
    return day_of(at).toordinal()


def lowest(asked: Asked, at: datetime) -> int | None:
    """Return 七日最低价 in 分: the lowest of the seven days before and of this one so far; None where nothing
    was asked on an earlier one of them."""
    today = china_day(at)
    first = today - DAYS
    found = [day.close_fen for day in asked.days if day.day < first][-1:]
    found += [day.lowest_fen for day in asked.days if first <= day.day < today]
    earlier = [fen for fen in found if fen is not None]
    now = [day.lowest_fen for day in asked.days if day.day == today and day.lowest_fen is not None]
    return min([*earlier, *now]) if earlier else None


def put(room: Room, product: Product, at: datetime) -> None:
    """Take in the prices of a product as they stand now, on or off the shelf."""
    for sku_id in product.sku_ids:
        fen = room.skus[sku_id].price_fen if product.on_shelf else None
        asked = room.asked.get(sku_id) or Asked(at)
        if sku_id not in room.asked or asked.fen != fen:
            before, most = lowest(asked, at), highest(asked, at)
            changed = replace(asked, fen=fen, since=at, before_fen=before, highest_fen=most)
            room.asked[sku_id] = _noted(changed, at, fen, closes=True)


def highest(asked: Asked, at: datetime) -> int:
    """Return the highest of its own prices that stood for `STOOD`, in 分."""
    stands = asked.fen is not None and at - asked.since >= STOOD
    return max(asked.highest_fen, asked.fen or 0) if stands else asked.highest_fen


def opened(room: Room, at: datetime) -> None:
    """Another broadcast begins: a price that fell longer ago than the rule looks back is compared with what
    was asked since."""
    for sku_id, asked in room.asked.items():
        if china_day(at) - china_day(asked.since) > DAYS:
            room.asked[sku_id] = replace(asked, before_fen=lowest(asked, at))


def begun(room: Room, cue: Cue, at: datetime) -> None:
    """A promotion is on air: its prices are asked, and compared with those before them."""
    for price in kind_of(cue).offers(cue.spec).prices:
        asked, count = room.asked.get(price.sku_id), cue.sale.get(price.sku_id)
        if asked is not None and count is not None:
            count.lowest_7d_fen = lowest(asked, at)
    ended(room, cue, at)


def ended(room: Room, cue: Cue, at: datetime) -> None:
    """Its prices were asked until now."""
    for price in kind_of(cue).offers(cue.spec).prices:
        if (asked := room.asked.get(price.sku_id)) is not None:
            room.asked[price.sku_id] = _noted(asked, at, price.fen, closes=False)


def _noted(asked: Asked, at: datetime, fen: int | None, *, closes: bool) -> Asked:
    """The ledger with a price that is asked from now on, or is asked until now."""
    today = china_day(at)
    before = asked.days[-1] if asked.days else AskedDay(today, None, None)
    begins = before.lowest_fen if before.day == today else before.close_fen
    low = min((one for one in (begins, fen) if one is not None), default=None)
    days = asked.days[:-1] if before.day == today else list(asked.days)
    days.append(AskedDay(today, low, fen if closes else before.close_fen))
    while len(days) > 1 and days[1].day < today - DAYS:
        del days[0]
    return replace(asked, days=days)


def struck(fen: int | None, asking_fen: int, lowest_fen: int | None) -> int | None:
    """Return ``fen`` where it may be struck through beside ``asking_fen``; None where it is not proved, or no
    higher."""
    if fen is None or lowest_fen is None or not asking_fen < fen <= lowest_fen:
        return None
    return fen


def before_now(room: Room, product: Product) -> int | None:
    """Return 七日最低价 before a product's own price fell to what it is: the lowest of its SKUs'."""
    asked = [room.asked.get(sku_id) for sku_id in product.sku_ids]
    found = [one.before_fen for one in asked if one is not None and one.before_fen is not None]
    return min(found) if found and len(found) == len(asked) else None


def listed_too_high(room: Room, puts: Iterable[Put], now: datetime) -> Refused | None:
    """Refuse a list price that is new and above all that was ever asked; a product of which nothing was asked
    yet may have any, which nobody sees struck before it is proved."""
    for put_ in puts:
        listed, known = put_.parsed.list_price_fen, room.products.get(put_.parsed.product_id)
        if listed is None or known is None or listed == known.list_price_fen:
            continue
        asked = [highest(one, now) for s in put_.skus if (one := room.asked.get(s.sku_id)) is not None]
        most = max([*asked, *(sku.price_fen for sku in put_.skus)], default=0)
        if asked and listed > most:
            params = {
                "product_id": known.product_id,
                "listed": plain_yuan(listed),
                "highest": plain_yuan(most),
            }
            return Refused("list_price_never_asked", {**params, "index": put_.index})
    return None
