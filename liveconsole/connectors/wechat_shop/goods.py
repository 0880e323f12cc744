"""The shop's products and stock, read for the room: what there is, what it has, and where ours differs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.source import deliver
from liveconsole.connectors.wechat_shop.catalogue import (
    ON_SALE,
    OurProduct,
    ShopProduct,
    differences,
    our_products,
    paired,
    paired_skus,
    product_of,
    stock_of,
)
from liveconsole.connectors.wechat_shop.errors import ShopError, not_heard
from liveconsole.connectors.wechat_shop.jobs import ShopJob, ShopLink
from liveconsole.connectors.wechat_shop.wire import ident
from liveconsole.domain.room import Room
from liveconsole.intake.batches import batches
from liveconsole.messages.differences import PAGE_MOST, DifferencePage
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

LIST: Final = "/channels/ec/product/list/get"
GET: Final = "/channels/ec/product/get"
STOCK: Final = "/channels/ec/product/stock/batchget"
NO_PRODUCT: Final = 10020052
SYNC_EVERY: Final = 3600.0
STOCK_EVERY: Final = 60.0
SAID_AGAIN: Final = timedelta(minutes=10)
"""A stock that has not changed is told again after so long: its moment says that it still stands."""
PRODUCTS_MOST: Final = 5_000
"""As many as the room's catalogue takes."""
_PAGE: Final = 30
_PAGES: Final = 2_000
_AT_ONCE: Final = 4
_STOCK_AT_ONCE: Final = 50


class ShopGoods:
    """What was read of one shop, in memory alone: after a restart it is read anew.

    ``catch_up`` has the orders told that the shop has by now: its stock is without what they took.
    """

    def __init__(self, link: ShopLink, catch_up: Callable[[], Awaitable[object]]) -> None:
        self._link, self._catch_up = link, catch_up
        self._products: dict[str, ShopProduct] = {}
        self._reading: asyncio.Task[int | ShopError] | None = None
        self.read_at: datetime | None = None
        """When all of it was read last; None: not yet."""

    async def close(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            await cancel_all([self._reading])

    def jobs(self) -> list[ShopJob]:
        """Return what is done again and again."""
        return [
            _Every("products", SYNC_EVERY, self._sync_off_air),
            _Every("stock", STOCK_EVERY, self._stock_of_cart),
        ]

    async def read_now(self, seconds: float) -> int | None:
        """Read all, or wait for the reading that goes on; None: it takes longer, and goes on.

        Raises:
            ShopError: as `sync`.
        """
        if self._reading is None or self._reading.done():
            self._reading = spawn(self._tried(), name="shop: all products")
        done, _ = await asyncio.wait([self._reading], timeout=seconds)
        if not done:
            return None
        found = self._reading.result()
        if isinstance(found, ShopError):
            raise found
        return found

    async def _tried(self) -> int | ShopError:
        try:
            return await self.sync()
        except ShopError as why:
            return why

    async def sync(self) -> int:
        """Read every product that the shop sells, and those of ours that it may have put away; then what it
        has of them. Return how many facts came of it.

        Raises:
            ShopError: not all of it could be read. What was known before stays known.
        """
        began = self._link.room.now()
        ids = await self._ids()
        ours = [one.product_id for one in await self._ours()]
        asked = [id_ for id_ in ours if id_ not in ids and id_.isascii() and id_.isdigit()]
        ids = {**ids, **dict.fromkeys(asked)}
        found: dict[str, ShopProduct] = {}
        for some in batches(list(ids), _AT_ONCE):
            read = await asyncio.gather(*map(self._get, some))
            found |= {product.product_id: product for product in read if product is not None}
        self._products, self.read_at = found, began
        return await self._stock(None)

    async def look_at(self, product_id: str) -> None:
        """Read one product that was said to have changed. Before all were read once, nothing is compared.

        Raises:
            ShopError: it could not be read.
        """
        if self.read_at is None:
            return
        product = await self._get(product_id)
        if product is None:
            self._products.pop(product_id, None)
        elif product_id in self._products or len(self._products) < PRODUCTS_MOST:
            self._products[product_id] = product
            await self._stock([product_id])

    async def differences(self, after: int, limit: int, *, kept: bool = False) -> DifferencePage:
        """Return a page of where ours differs."""
        shop = list(self._products.values())
        ours, let = await self._link.room.view(lambda core: (our_products(core.room), dict(core.room.kept)))
        complete = self.read_at is not None
        found = await asyncio.to_thread(differences, shop, ours, let, complete=complete)
        rows = [one for one in found if kept or not one.kept]
        after, limit = max(0, after), max(1, min(limit, PAGE_MOST))
        page = rows[after : after + limit]
        behind = after + limit if after + limit < len(rows) else None
        return DifferencePage(self.read_at, page, len(rows), sum(one.kept for one in found), behind)

    async def _sync_off_air(self) -> int:
        """On air the calls belong to the orders; what changes there is pushed, or a person asks."""
        if self.read_at is not None and await self._link.room.view(lambda core: _on_air(core.room)):
            return 0
        while (facts := await self.read_now(SYNC_EVERY)) is None:
            log.warning("the shop's products are still being read")
        return facts

    async def _ids(self) -> dict[str, None]:
        """What is on sale: what was put away years ago is nobody's difference, and a call each."""
        found: dict[str, None] = {}
        key = ""
        for _ in range(_PAGES):
            reply = await self._link.api.read(LIST, {"status": ON_SALE, "page_size": _PAGE, "next_key": key})
            told = reply.get("product_ids")
            page = list(map(ident, told)) if isinstance(told, list) else []
            found |= dict.fromkeys(filter(None, page))
            key = ident(reply.get("next_key"))
            if not page or not key or len(found) >= PRODUCTS_MOST:
                return dict.fromkeys(list(found)[:PRODUCTS_MOST])
        raise not_heard("unreadable", LIST, unsure=False)

    async def _get(self, product_id: str) -> ShopProduct | None:
        try:
            return product_of(await self._link.api.read(GET, {"product_id": product_id, "data_type": 1}))
        except ShopError as why:
            if why.code == NO_PRODUCT:
                return None
            raise

    async def _stock_of_cart(self) -> int:
        wanted = await self._link.room.view(lambda core: _shown(core.room))
        pairs = paired(self._products.values(), await self._ours()) if wanted else []
        ids = [
            theirs.product_id
            for theirs, mine in pairs
            if theirs is not None and mine is not None and mine.product_id in wanted
        ]
        return await self._stock(ids) if ids else 0

    async def _ours(self) -> list[OurProduct]:
        return await self._link.room.view(lambda core: our_products(core.room))

    async def _stock(self, product_ids: Sequence[str] | None) -> int:
        """Tell what the shop has of these products of its, or of all that are ours."""
        sku_ids = self._sku_ids(await self._ours())
        if product_ids is None:
            product_ids = [
                id_ for id_, one in self._products.items() if any(sku.sku_id in sku_ids for sku in one.skus)
            ]
        facts = 0
        for some in batches(product_ids, _STOCK_AT_ONCE):
            told = await self._had(some)
            try:
                await self._catch_up()
            except ShopError as why:  # of orders that do not come its job says why
                log.info("the shop's stock is not compared: %s", why.word)
                return facts
            ours = {sku.sku_id: sku for product in await self._ours() for sku in product.skus}
            now = self._link.room.now()
            events: list[CloudEvent] = []
            for sku_id, units in told.items():
                mine = ours.get(sku_ids.get(sku_id, ""))
                fresh = mine is not None and mine.stock_at is not None and now - mine.stock_at < SAID_AGAIN
                if mine is None or (fresh and mine.shop_stock == units and mine.our_stock is not None):
                    continue
                event_id = f"stock/{mine.sku_id}/{int(now.timestamp() * 1000)}"[:200]
                data = {"sku_id": mine.sku_id, "on_hand": units}
                events.append(cloudevent(self._link.source, event_id, "stock.measured", data))
            await deliver(self._link.room.post, events)
            facts += len(events)
        return facts

    async def _had(self, product_ids: Sequence[str]) -> dict[str, int]:
        """What the shop has of these; where one of them is there no more, of the others."""
        try:
            return stock_of(await self._link.api.read(STOCK, {"product_id": list(product_ids)}))
        except ShopError as why:
            if why.code != NO_PRODUCT:
                raise
        if len(product_ids) == 1:
            return {}
        half = len(product_ids) // 2
        return await self._had(product_ids[:half]) | await self._had(product_ids[half:])

    def _sku_ids(self, ours: Sequence[OurProduct]) -> dict[str, str]:
        """The shop's SKU ids → ours."""
        found: dict[str, str] = {}
        for theirs, mine in paired(self._products.values(), ours):
            if theirs is not None and mine is not None:
                pairs = paired_skus(theirs, mine)
                found |= {a.sku_id: b.sku_id for a, b in pairs if a is not None and b is not None}
        return found


class _Every:
    """A job that is a method."""

    def __init__(self, name: str, every: float, turn: Callable[[], Awaitable[int]]) -> None:
        self.name, self.every, self._turn = name, every, turn

    async def turn(self) -> int:
        return await self._turn()


def _on_air(room: Room) -> bool:
    return room.broadcast.status == "open"


def _shown(room: Room) -> set[str]:
    """What viewers see now; nothing while the room is closed."""
    return {item.product_id for item in room.cart} if _on_air(room) else set()
