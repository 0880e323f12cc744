"""Starting and ending a coupon in the shop: created once, set live, read back, and made void."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from liveconsole.connectors.wechat_shop import coupons
from liveconsole.connectors.wechat_shop.asking import (
    PREPARE_SECONDS,
    NotDone,
    ShopCalls,
    Sleep,
    Unsure,
    once,
    pauses,
    read,
)
from liveconsole.connectors.wechat_shop.coupons import ShopCouponSeen
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.domain.effects import Effect

_PAGE: Final = 200
_PAGES: Final = 50
_LOOKED_AT: Final = 24
"""A list gives ids alone. So many coupons are read within one question; the next goes on with the rest."""
_NEWEST: Final = 3
_AT_ONCE: Final = 6
_KNOWN_MOST: Final = 20_000
_OURS_MOST: Final = 1_000
_GONE: Final = frozenset({10021001, 10021037})
"""Of a coupon that is not there (any more)."""


class CouponCalls:
    """``settled``: whether nothing of an effect can be on its way to the shop any more."""

    def __init__(
        self,
        shop: ShopCalls,
        sleep: Sleep,
        now: Callable[[], datetime],
        settled: Callable[[Effect], bool],
    ) -> None:
        self._shop = shop
        self._sleep = sleep
        self._now = now
        self._settled = settled
        self._ids: dict[tuple[str, datetime], str] = {}
        """Those that were seen to be ours."""
        self._others: dict[str, ShopCouponSeen] = {}
        """What was read of the shop's other coupons; what they are known by does not change."""

    async def begin(self, effect: Effect) -> None:
        """Create it if it is not there, set it live and read it back.

        Raises:
            NotDone: nobody can take one.
            Unsure: `find` tells later.
            ShopError: the shop could not be read; nothing was changed.
        """
        try:
            async with asyncio.timeout(PREPARE_SECONDS):
                before = await self._listed()
                there = await self._among(effect, _newest(before))
        except TimeoutError as why:
            raise NotDone("no_answer") from why
        except Unsure as why:
            raise NotDone(why.reason) from why
        try:
            coupon_id = there or await self._create(effect, set(before))
            await self._set_live(effect, coupon_id)
        except ShopError as why:
            raise Unsure(why.word) from why

    async def _create(self, effect: Effect, before: set[str]) -> str:
        try:
            answer = await once(self._shop, coupons.CREATE, coupons.body(effect))
        except ShopError as why:
            if not why.unsure:
                raise NotDone(_word(why), why.params) from why
            return await self._appears(effect, before, why.word)
        made = (answer.get("data") or {}).get("coupon_id") if isinstance(answer.get("data"), dict) else None
        if made is None:
            return await self._appears(effect, before, "unreadable")
        self._ids[_firing(effect)] = str(made)
        return str(made)

    async def _appears(self, effect: Effect, before: set[str], word: str) -> str:
        """Look whether a coupon whose creation nobody answered is there all the same."""
        for pause in pauses():
            await self._sleep(pause)
            new = [id_ for id_ in await self._listed() if id_ not in before]
            if (found := await self._among(effect, new)) is not None:
                return found
        raise Unsure(word)

    async def _set_live(self, effect: Effect, coupon_id: str) -> None:
        """Setting a status twice does no harm, so this is asked until it reads as live."""
        refused: ShopError | None = None
        for pause in pauses():
            await self._sleep(pause)
            try:
                await once(self._shop, coupons.STATUS, {"coupon_id": coupon_id, "status": coupons.LIVE})
            except ShopError as why:
                refused = None if why.unsure else why
            seen = await self._read(coupon_id)
            if seen is None:
                raise Unsure("unreadable")
            if seen.status == coupons.LIVE:
                return
            if seen.over or refused is not None:
                break
        if refused is not None and await self._void(coupon_id):
            raise NotDone(_word(refused), refused.params) from refused
        raise Unsure("coupon_not_live")

    async def find(self, effect: Effect) -> bool:
        """Tell whether it began; False: it is not there. One that was created and never set live is made void
        when nothing can come any more.

        Raises:
            NotDone: nobody can take one, nor will.
            Unsure: it is too early to tell.
            ShopError: the shop could not be read.
        """
        seen = await self._find(effect)
        if seen is None:
            if self._settled(effect):
                raise NotDone("not_in_shop")
            return False
        if seen.status in (coupons.LIVE, coupons.EXPIRED):
            return True
        if seen.over:
            raise NotDone("coupon_void")
        if not self._settled(effect) or not await self._void(seen.coupon_id):
            raise Unsure("coupon_not_live")
        raise NotDone("coupon_taken_back")

    async def is_over(self, effect: Effect) -> bool:
        """Tell whether nobody can take one any more; False: somebody can.

        One whose time is up is left as it is: what viewers have taken stays theirs.

        Raises:
            Unsure: it is not there, and may still come.
            ShopError: the shop could not be read.
        """
        seen = await self._find(effect)
        if seen is None:
            if not self._settled(effect):
                raise Unsure("not_in_shop")
            return True
        return seen.over or (seen.status == coupons.LIVE and self._now().timestamp() >= seen.closes)

    async def end(self, effect: Effect) -> None:
        """Make it void, if it can still be taken.

        Raises:
            Unsure: it was not read as ended.
            ShopError: the shop could not be read, or does not let it be ended.
        """
        if await self.is_over(effect):
            return
        seen = await self._find(effect)
        if seen is None or not await self._void(seen.coupon_id):
            raise Unsure("coupon_still_live")

    async def _void(self, coupon_id: str) -> bool:
        for pause in pauses():
            await self._sleep(pause)
            try:
                await once(self._shop, coupons.STATUS, {"coupon_id": coupon_id, "status": coupons.VOID})
            except ShopError as why:
                if why.action not in ("again", "refused"):
                    raise
            seen = await self._read(coupon_id)
            if seen is None or seen.over:
                return True
        return False

    async def of(self, effect: Effect) -> ShopCouponSeen | None:
        """Return the coupon of an effect as the shop has it now; None where it is not there.

        Raises:
            Unsure: there are more coupons than can be looked at within one question.
            ShopError: the shop could not be read.
        """
        return await self._find(effect)

    async def _find(self, effect: Effect) -> ShopCouponSeen | None:
        known = self._ids.get(_firing(effect))
        if known is not None:
            return await self._read(known)
        ids = [id_ for id_ in await self._listed(every=True) if not self._is_another(effect, id_)]
        ids.sort(key=_age, reverse=True)
        found = await self._among(effect, ids[:_LOOKED_AT])
        if found is not None:
            return await self._read(found)
        if len(ids) > _LOOKED_AT:
            raise Unsure("many_coupons")
        return None

    def _is_another(self, effect: Effect, coupon_id: str) -> bool:
        seen = self._others.get(coupon_id)
        return seen is not None and not coupons.is_of(effect, seen)

    async def _among(self, effect: Effect, ids: list[str]) -> str | None:
        """Return which of these is the effect's."""
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            for seen in await asyncio.gather(*map(self._read, some)):
                if seen is not None and coupons.is_of(effect, seen):
                    if len(self._ids) >= _OURS_MOST:
                        self._ids.clear()  # they are found again
                    self._ids[_firing(effect)] = seen.coupon_id
                    return seen.coupon_id
        return None

    async def _read(self, coupon_id: str) -> ShopCouponSeen | None:
        """Return one as it stands; None: it is gone."""
        try:
            answer = await read(self._shop, coupons.GET, {"coupon_id": coupon_id}, self._sleep)
            seen = coupons.seen(answer)
        except ShopError as why:
            if why.code in _GONE:
                return None
            raise
        except (TypeError, ValueError, KeyError, AttributeError) as why:
            raise Unsure("unreadable") from why
        if len(self._others) >= _KNOWN_MOST:
            self._others.clear()
        self._others[coupon_id] = seen
        return seen

    async def _listed(self, *, every: bool = False) -> list[str]:
        """Return the ids of coupons that were written or are live; ``every``: of those too that are over."""
        over = (coupons.EXPIRED, coupons.VOID) if every else ()
        found: dict[str, None] = {}
        for status in (coupons.WRITTEN, coupons.LIVE, *over):
            found |= dict.fromkeys(await self._pages(status))
        return list(found)

    async def _pages(self, status: int) -> list[str]:
        found: dict[str, None] = {}
        context, total = "", 0
        for page in range(1, _PAGES + 1):
            body: dict[str, Any] = {
                "status": status,
                "page": page,
                "page_size": _PAGE,
                "page_ctx": context,
            }
            answer = await read(self._shop, coupons.LIST, body, self._sleep)
            try:
                ids = coupons.ids_in(answer)
                total = int(answer.get("total_num") or 0)
            except (TypeError, ValueError, KeyError, AttributeError) as why:
                raise Unsure("unreadable") from why
            found |= dict.fromkeys(ids)
            context = str(answer.get("page_ctx") or "")
            if not ids or len(found) >= total:
                break
        if status in (coupons.WRITTEN, coupons.LIVE) and len(found) < total:
            raise Unsure("unreadable")
        return list(found)


def _firing(effect: Effect) -> tuple[str, datetime]:
    return effect.cue_id, effect.fired_at


def _age(coupon_id: str) -> tuple[int, str]:
    """The shop numbers its coupons upwards."""
    return len(coupon_id), coupon_id


def _newest(ids: list[str]) -> list[str]:
    return sorted(ids, key=_age, reverse=True)[:_NEWEST]


def _word(why: ShopError) -> str:
    return "coupon_refused" if why.word == "refused" else why.word
