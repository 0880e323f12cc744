"""From where on a shop is followed, and what follows it: its orders and its after-sales, as two jobs."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.wechat_shop import progress
from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.followed import (
    AFTERSALE_GET,
    AFTERSALE_LIST,
    ORDER_GET,
    ORDER_LIST,
    FollowedAftersales,
    FollowedOrders,
)
from liveconsole.connectors.wechat_shop.jobs import ShopLink
from liveconsole.connectors.wechat_shop.poller import Poller
from liveconsole.connectors.wechat_shop.progress import Progress
from liveconsole.connectors.wechat_shop.sweep import AHEAD
from liveconsole.domain.room import Room
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import key_place
from liveconsole.store.keys import placed_in

log = logging.getLogger(__name__)

_AFTERSALES_EVERY: Final = 30.0
_LEARNT: Final = (ORDER_LIST, ORDER_GET, AFTERSALE_LIST, AFTERSALE_GET)
_LEARN_SOON: Final = 60.0
"""Seconds until it is asked again what was not said."""
_LEARN_EVERY: Final = 1_800.0


async def follow(link: ShopLink, folder: Path) -> tuple[Poller, Poller]:
    """Return what follows the orders and the after-sales, from where it was left."""
    kept = await _progress(link, folder)

    async def save() -> None:
        await _keep(folder, kept)

    every, post = float(link.settings.poll_seconds), link.room.post
    orders = Poller(
        "orders", every, link.api, FollowedOrders(link.source, kept.since), kept.orders, post, save
    )
    aftersales = Poller(
        "aftersales",
        max(every, _AFTERSALES_EVERY),
        link.api,
        FollowedAftersales(link.source, kept.since),
        kept.aftersales,
        post,
        save,
    )
    return orders, aftersales


async def learn_quotas(api: ShopApi) -> None:
    """Ask every so often how often the lists may be asked: others may spend of the same calls."""
    for path in _LEARNT:
        api.budget.careful(path, api.clock())
    while True:
        for path in _LEARNT:
            try:
                await api.learn_quota(path)
            except ShopError:
                break  # the jobs meet the same, and say so
        await asyncio.sleep(_LEARN_SOON if api.budget.unsaid else _LEARN_EVERY)


async def _progress(link: ShopLink, folder: Path) -> Progress:
    """How far it went. A shop that was never followed is, from the opening of the broadcast on; one that was,
    but nobody knows how far, from when its first order came."""
    room: RoomDoor = link.room
    appid = link.settings.appid
    kept = await asyncio.to_thread(progress.load, folder, appid)
    opened, first = await room.view(lambda core: _begins(core.room, link.source))
    store = await asyncio.to_thread(_store_of, folder)
    if kept is not None and progress.fits(kept, store):
        return kept
    now = room.now().timestamp()
    if kept is not None:
        kept = progress.anew(appid, kept.since, now, store)
    elif first is not None:
        kept = progress.anew(appid, int(first.timestamp()) - AHEAD, now, store)
    else:
        kept = progress.begun(appid, opened.timestamp() if opened is not None else now, store)
    await _keep(folder, kept)
    return kept


async def _keep(folder: Path, kept: Progress) -> None:
    try:
        await asyncio.to_thread(progress.save, folder, kept)
    except OSError as why:  # what is read again then is known by its id
        log.error("how far the shop is followed cannot be kept: %s", why)


def _begins(room: Room, source: str) -> tuple[datetime | None, datetime | None]:
    """When the broadcast was opened, and when the shop's first order came (`proofs`)."""
    proof = room.proved.get("orders")
    first = proof.at if proof is not None and proof.by == source else None
    return room.broadcast.opened_at if room.broadcast.status == "open" else None, first


def _store_of(folder: Path) -> str:
    """Of which making the folder's store is, a file or a room in a database: a backup that is put in place
    is another one."""
    try:
        placed = placed_in(key_place(folder))
    except StoreError:  # whoever leads has opened it; a file that is just being written is read the next time
        placed = None
    return placed.store_id if placed is not None else ""
