"""What a person fired, done in the shop: 限时抢购 and coupons, each begun once and ended for certain.

The shop's API has no idempotency key. So an effect is known again in the shop by what stands on the log of
its firing (`sales.start_of`, `coupons.mark_of`); before anything is added the shop is read, and what nobody
answered is looked for, never sent again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from liveconsole.connectors.wechat_shop.asking import NotDone, ShopCalls, Sleep, Unsure
from liveconsole.connectors.wechat_shop.coupon_calls import CouponCalls
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.sale_tasks import SaleTasks
from liveconsole.domain.effects import Effect
from liveconsole.domain.kind import kind_named
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.connections import Part
from liveconsole.messages.reasons import reason_of

log = logging.getLogger(__name__)

SETTLED_AFTER: Final = timedelta(seconds=60)
"""What was sent longer ago than this has been carried out or never will be."""
_LATE_AFTER: Final = timedelta(minutes=5)
"""A start that waited longer for its turn is not made: the host has long gone on."""

TellCannot = Callable[[Part, str], Awaitable[object]]


class _InShop(Protocol):
    """How one kind of promotion stands in the shop: `SaleTasks`, `CouponCalls`."""

    async def begin(self, effect: Effect) -> None: ...
    async def find(self, effect: Effect) -> bool: ...
    async def is_over(self, effect: Effect) -> bool: ...
    async def end(self, effect: Effect) -> None: ...


class ShopEffects:
    """`liveconsole.engine.dispatch.PlatformProgram` of a shop.

    ``cannot`` is told when the shop does not let us do a kind at all: the room then asks a person for what is
    owed of it.
    """

    def __init__(
        self,
        shop: ShopCalls,
        now: Callable[[], datetime],
        cannot: TellCannot,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._now = now
        self._cannot = cannot
        self._born = now()
        self._asked: dict[tuple[str, datetime], datetime] = {}
        """When a firing was sent by this program."""
        self.sales = SaleTasks(shop, sleep, self._settled)
        self.coupons = CouponCalls(shop, sleep, now, self._settled)
        self._in_shop: dict[str, _InShop] = {"sales": self.sales, "coupons": self.coupons}

    async def ask(self, effect: Effect) -> PlatformSaid:
        """Carry out an effect: at most one addition for each of its parts, whatever happens."""
        part, in_shop = self._of(effect)
        try:
            if effect.step == "ended":
                await in_shop.end(effect)
            elif self._firing(effect) in self._asked:
                return await self.query(effect)
            else:
                await self._begin(effect, in_shop)
        except NotDone as why:
            await self._part_off(part, why.__cause__)
            return PlatformSaid("refused", why.reason)
        except Unsure as why:
            return PlatformSaid("unknown", why.reason)
        except ShopError as why:
            await self._part_off(part, why)
            # A start reads before it changes anything: what it could not read it has not changed.
            reason = reason_of("shop", why.word, why.params)
            return PlatformSaid("refused" if effect.step == "on_air" else "unknown", reason)
        return PlatformSaid("done")

    async def _begin(self, effect: Effect, in_shop: _InShop) -> None:
        if self._now() - effect.fired_at > _LATE_AFTER:
            raise NotDone("too_late")
        self._asked[self._firing(effect)] = self._now()
        try:
            await in_shop.begin(effect)
        finally:
            self._asked[self._firing(effect)] = self._now()
            self._forget()

    async def query(self, effect: Effect) -> PlatformSaid:
        """Tell what became of it. The only thing that it changes: what is there in part, when the rest cannot
        come any more, is taken back."""
        part, in_shop = self._of(effect)
        try:
            if effect.step == "ended":
                return PlatformSaid("done") if await in_shop.is_over(effect) else PlatformSaid("absent")
            return PlatformSaid("done") if await in_shop.find(effect) else PlatformSaid("absent")
        except NotDone as why:
            return PlatformSaid("refused", why.reason)
        except Unsure as why:
            return PlatformSaid("unknown", why.reason)
        except ShopError as why:
            await self._part_off(part, why)
            return PlatformSaid("unknown", reason_of("shop", why.word, why.params))

    def _of(self, effect: Effect) -> tuple[Part, _InShop]:
        part = kind_named(effect.kind).DONE_AS
        assert part != "lists", "no interface of the shop has one"
        assert part != "plays", "nor any of these"
        return part, self._in_shop[part]

    async def _part_off(self, part: Part, why: BaseException | None) -> None:
        if isinstance(why, ShopError) and why.action == "part_off":
            log.warning("the shop does not let us do %s: %s", part, why)
            await self._cannot(part, why.word)

    def _settled(self, effect: Effect) -> bool:
        """Tell whether nothing of its start can be on its way to the shop any more. An earlier program may
        have sent it until this one was there."""
        sent = self._asked.get(self._firing(effect), self._born)
        return self._now() - max(sent, effect.fired_at) >= SETTLED_AFTER

    def _firing(self, effect: Effect) -> tuple[str, datetime]:
        return effect.cue_id, effect.fired_at

    def _forget(self) -> None:
        """Keep those that may still be on their way."""
        since = self._now() - SETTLED_AFTER
        gone = [firing for firing, sent in self._asked.items() if sent < since]
        for firing in gone:
            del self._asked[firing]
