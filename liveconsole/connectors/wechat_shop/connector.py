"""The connection to a 微信小店: it has the secret and the token, runs what is done for the shop again and
again, and says what of it cannot be done just now, and why."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp

from liveconsole import credentials
from liveconsole.advice.after_order import carrier_code
from liveconsole.bus.errors import BusError
from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.relay.client import Pushes, push_keys
from liveconsole.connectors.relay.hints import Hint
from liveconsole.connectors.wechat_shop.api import ShopApi, base_address
from liveconsole.connectors.wechat_shop.asks import ShopAsks
from liveconsole.connectors.wechat_shop.big_screen import BigScreen
from liveconsole.connectors.wechat_shop.checking import check
from liveconsole.connectors.wechat_shop.effects import ShopEffects
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.following import follow, learn_quotas
from liveconsole.connectors.wechat_shop.goods import ShopGoods
from liveconsole.connectors.wechat_shop.jobs import MakeJob, RunningJob, ShopJob, ShopLink
from liveconsole.connectors.wechat_shop.poller import Poller
from liveconsole.connectors.wechat_shop.promotions import ReadPromotions
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import ConnectionFigures, ConnectionState, Part, ShopConnection
from liveconsole.messages.differences import DifferencePage
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.reasons import reason_of
from liveconsole.messages.sources import OF_CONNECTIONS
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

SECRETS: Final = "wechat_shop"
PARTS: Final[tuple[Part, ...]] = ("orders", "sales", "coupons")
_LOOK: Final = 5.0
"""Seconds between two looks for a secret that is not there, or that the platform does not know."""
_GOODS_SECONDS: Final = 20.0
"""A person waits so long for the goods; a large shop's come later."""
_PART_OF: Final[tuple[tuple[str, Part], ...]] = (
    ("/channels/ec/order/", "orders"),
    ("/channels/ec/product/limiteddiscounttask/", "sales"),
    ("/channels/ec/coupon/", "coupons"),
)
_ALL_OFF: Final = frozenset({"stop", "add_ip"})

MORE_JOBS: Final[Sequence[MakeJob]] = ()
"""What else is done for a connected shop."""

Sleep = Callable[[float], Awaitable[object]]
_STARTS_WITHIN: Final = 2.0
_STARTS_LOOK: Final = 0.1
_NOT_YET: Final = PlatformSaid("unknown", "not connected")
_NOT_BEGUN: Final = PlatformSaid("refused", reason_of("shop", "starting"))


class ShopConnector:
    """See `connection.Connector`. ``base``: where the API is asked."""

    name = "shop"

    def __init__(
        self,
        settings: ShopConnection,
        folder: Path,
        *,
        base: str | None = None,
        sleep: Sleep = asyncio.sleep,
        answer_seconds: float | None = None,
        more_jobs: Sequence[MakeJob] = MORE_JOBS,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._base = base or base_address()
        self._sleep = sleep
        self._answer_seconds = answer_seconds
        self._more_jobs = more_jobs
        self._source = f"{OF_CONNECTIONS['shop']}/{settings.appid}"
        self._api: ShopApi | None = None
        self._orders: Poller | None = None
        self._aftersales: Poller | None = None
        self._effects: ShopEffects | None = None
        self.asks: ShopAsks | None = None
        """What is asked of the shop after the order; None until it is connected."""
        self._goods: ShopGoods | None = None
        self._pushes: Pushes | None = None
        self._jobs: list[RunningJob] = []
        self._off: dict[Part, str] = {}
        self._no_secret = ""
        self._kept_anew = asyncio.Event()
        self._said: tuple[str, str] = ("", "")
        self._since: datetime | None = None
        self._told: list[str] = []
        self._room: RoomDoor | None = None

    # How it does --------------------------------------------------------------------------------------

    def state(self) -> ConnectionState:
        why = self._why()
        cannot, off = self._cannot()
        params: dict[str, Any] = {}
        if self._no_secret:
            state, code = "waiting", self._no_secret
        elif why is not None and self._stops(why):
            state, code, params = (
                "away" if why.action in ("again", "slow") else "failed",
                why.word,
                why.params,
            )
        elif not self._jobs or self._jobs[0].done_at is None:
            state, code = "connecting", ""
        elif why is not None:
            state, code, params = "connected", why.word, why.params
        else:
            state, code, params = "connected", off or self._relay_code(), self._off_params(off)
        if (state, code) != self._said and self._room is not None:
            self._said, self._since = (state, code), self._room.now()
        api = self._api
        return ConnectionState(
            state,
            since=self._since,
            code=code,
            params=params,
            last_at=api.heard_at if api is not None else None,
            cannot=cannot,
            figures=self._figures(),
        )

    def _stops(self, why: ShopError) -> bool:
        """Tell whether the orders do not come because of it."""
        return why.action in _ALL_OFF or why is self._jobs[0].trouble

    def _relay_code(self) -> str:
        code = self._pushes.code if self._pushes is not None else ""
        return code if code not in ("relay_ok", "relay_waiting") else ""

    def _off_params(self, code: str) -> dict[str, Any]:
        refused = self._api.off.values() if self._api is not None else ()
        return next((one.params for one in refused if one.word == code), {})

    def _figures(self) -> ConnectionFigures:
        api, pollers = self._api, [one for one in (self._orders, self._aftersales) if one is not None]
        waiting = [one.waiting for one in pollers if one.waiting is not None]
        return ConnectionFigures(
            calls_minute=api.budget.calls_minute(api.clock()) if api is not None else None,
            quota_left=api.budget.quota_left() if api is not None else None,
            waiting=sum(waiting) if waiting else None,
            orders=sum(one.told for one in pollers) if pollers else None,
            broken=sum(one.broken for one in pollers) if pollers else None,
            pushes=self._pushes.count if self._pushes is not None else None,
        )

    def _why(self) -> ShopError | None:
        """What is wrong that matters most: what stops everything, then what stops a job, in their order."""
        found = [job.trouble for job in self._jobs if job.trouble is not None]
        return next((why for why in found if why.action in _ALL_OFF), found[0] if found else None)

    def _cannot(self) -> tuple[list[Part], str]:
        why = self._why()
        if self._no_secret:
            return list(PARTS), self._no_secret
        if why is not None and why.action in _ALL_OFF:
            return list(PARTS), why.word
        off = dict(self._off)
        for path, refused in (self._api.off if self._api is not None else {}).items():
            for start, part in _PART_OF:
                if path.startswith(start):
                    off.setdefault(part, refused.word)
        parts = [part for part in PARTS if part in off]
        return parts, off[parts[0]] if parts else ""

    async def tell_cannot(self, part: Part, code: str) -> None:
        """Take that the shop does not let us do a part (``code`` says why), or does again (``""``)."""
        if code:
            self._off[part] = code
        else:
            self._off.pop(part, None)
        await self._tell()

    async def _tell(self) -> None:
        """Have it on the log what cannot be done, when that is not what stands there."""
        cannot, code = self._cannot()
        if self._room is None or self._told == [*cannot]:
            return
        try:
            data = {"name": self.name, "cannot": cannot, "code": code}
            await self._room.ask_self("connection.told", data)
        except (BusError, NotTaken) as why:
            log.warning("what the shop cannot do is not on the log yet: %s", why)
            return
        self._told = [*cannot]

    # Running ------------------------------------------------------------------------------------------

    async def run(self, room: RoomDoor) -> None:
        self._told = await room.view(lambda core: list(core.room.cannot.get("shop", [])))
        self._room = room
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        try:
            async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
                while True:
                    secrets = await self._secrets()
                    if secrets is None:
                        await self._tell()
                        await self._wait()
                    else:
                        await self._connected(room, session, secrets)
        finally:
            self._api, self._orders, self._aftersales, self._jobs = None, None, None, []
            self._effects = None

    def secrets_kept(self) -> None:
        """Look at the secrets: some were handed in, or taken away."""
        self._kept_anew.set()

    async def _wait(self) -> bool:
        """A while, or until secrets are handed in; whether they were."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK):
                await self._kept_anew.wait()
        anew = self._kept_anew.is_set()
        self._kept_anew.clear()
        return anew

    async def _secrets(self) -> dict[str, str] | None:
        """What is kept, once there is a secret; else why not is told."""
        try:
            found = await asyncio.to_thread(credentials.read, self._folder, SECRETS)
        except credentials.SecretsUnreadable as why:
            log.warning("%s", why)
            self._no_secret = "secrets_unreadable"
            return None
        self._no_secret = "" if found.get("secret") else "no_secret"
        return found if found.get("secret") else None

    async def _connected(
        self, room: RoomDoor, session: aiohttp.ClientSession, secrets: dict[str, str]
    ) -> None:
        """Run the jobs until there are other secrets."""
        link = self._link(room, session, secrets)
        self._api = link.api
        assert self._effects is not None
        promotions = ReadPromotions(link.api, room, self._source, self._effects, self._sleep)
        self._goods = goods = ShopGoods(link, self._orders_now)
        more = [make(link) for make in self._more_jobs]
        self._orders, self._aftersales = await follow(link, self._folder)
        jobs: list[ShopJob] = [
            self._orders,
            self._aftersales,
            promotions,
            *goods.jobs(),
            BigScreen(link),
            *more,
        ]
        self._jobs = [RunningJob(job, self._tell, room.now) for job in jobs]
        tasks = [spawn(learn_quotas(link.api), name="shop: quotas")]
        tasks += [spawn(job.run(), name=f"shop: {job.job.name}") for job in self._jobs]
        tasks += self._pushed()
        try:
            while True:
                anew, why = await self._wait(), self._why()
                stopped = why is not None and why.action in _ALL_OFF
                if (anew or stopped) and await self._secrets() != secrets:
                    return
                if (ended := next((task for task in tasks[1:] if task.done()), None)) is not None:
                    ended.result()  # a bug: the connection ends by it and is made anew
        finally:
            await cancel_all(tasks)
            await goods.close()
            self._jobs, self._goods, self._pushes = [], None, None

    async def _orders_now(self) -> None:
        for job in self._jobs[:1]:
            await job.turn()

    def _pushed(self) -> list[asyncio.Task[None]]:
        """Follow the relay, where one is set."""
        if not self._settings.relay:
            return []
        keys = partial(push_keys, self._folder, self._settings.appid)
        self._pushes = pushes = Pushes(self._settings.relay, keys, self._heard, sleep=self._sleep)
        return [spawn(pushes.run(), name="shop: pushes")]

    async def _heard(self, hint: Hint) -> None:
        await self.look_at(hint.about, hint.id)
        if hint.about == "aftersale" and hint.order_id:
            await self.look_at("order", hint.order_id)

    def _link(self, room: RoomDoor, session: aiohttp.ClientSession, secrets: dict[str, str]) -> ShopLink:
        def api(appid: str, secret: str) -> ShopApi:
            more = {} if self._answer_seconds is None else {"answer_seconds": self._answer_seconds}
            return ShopApi(self._base, appid, secret, session, room.now, self._sleep, **more)

        appid, other = self._settings.assistant_appid, secrets.get("assistant_secret", "")
        mine = api(self._settings.appid, secrets["secret"])
        self._effects = ShopEffects(mine, room.now, self.tell_cannot, self._sleep)
        self.asks = ShopAsks(mine, room.now, partial(carrier_code, self._folder), self._sleep)
        return ShopLink(
            mine,
            api(appid, other) if appid and other else None,
            room,
            self._settings,
            self._source,
            self.tell_cannot,
        )

    # What a person fired ------------------------------------------------------------------------------

    async def ask(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        waits = _STARTS_WITHIN / _STARTS_LOOK
        while self._effects is None and not self._no_secret and waits > 0:
            await asyncio.sleep(_STARTS_LOOK)
            waits -= 1
        if self._effects is not None:
            return await self._effects.ask(effect)
        # Nothing was sent: the host may fire it again.
        return _NOT_BEGUN if effect.step == "on_air" else _NOT_YET

    async def query(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        return await self._effects.query(effect) if self._effects is not None else _NOT_YET

    # What a person presses ----------------------------------------------------------------------------

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """See `connection.Connector`."""
        if action == "check":
            return await self._check()
        if action == "sync":
            return await self._sync()
        if action == "goods":
            return await self._read_goods()
        raise LookupError(action)

    async def _read_goods(self) -> ConnectionSaid:
        if self._goods is None:
            return ConnectionSaid(False, self._no_secret or "connecting")
        try:
            facts = await self._goods.read_now(_GOODS_SECONDS)
        except ShopError as why:
            return ConnectionSaid(False, why.word, why.params)
        return (
            ConnectionSaid(True, facts=facts) if facts is not None else ConnectionSaid(True, "goods_coming")
        )

    async def differences(self, after: int, limit: int, *, kept: bool) -> DifferencePage:
        """See `connection.Compare`."""
        if self._goods is None:
            return DifferencePage()
        return await self._goods.differences(after, limit, kept=kept)

    async def _check(self) -> ConnectionSaid:
        if self._api is None:
            await self._secrets()
            return ConnectionSaid(False, self._no_secret or "connecting", answers=[])
        answers = await check(self._api)
        self._let_try({one.name for one in answers if one.ok})
        await self._tell()
        return ConnectionSaid(all(one.ok for one in answers), answers=answers)

    def _let_try(self, answered: Collection[str]) -> None:
        """What was not to be had is tried again, where the shop answers about it: a person had it mended."""
        mended = {part: start for start, part in _PART_OF if part in answered}
        self._off = {part: code for part, code in self._off.items() if part not in mended}
        if self._api is not None:
            starts = tuple(mended.values())
            self._api.off = {path: why for path, why in self._api.off.items() if not path.startswith(starts)}

    async def _sync(self) -> ConnectionSaid:
        if not self._jobs:
            return ConnectionSaid(False, self._no_secret or "connecting")
        facts = 0
        try:
            for job in self._jobs[:2]:
                facts += await job.turn()
        except ShopError as why:
            return ConnectionSaid(False, why.word, why.params, facts=facts)
        finally:
            await self._tell()
        return ConnectionSaid(True, facts=facts)

    async def look_at(self, about: str, id_: str) -> None:
        """Read at once what a push said has changed. A push is a hint: what is so is read, and one that comes
        to nothing is found by the next turn."""
        if about == "product" and self._goods is not None:
            try:
                await self._goods.look_at(id_)
            except ShopError as why:
                log.info("a product was not read at once: %s", why.word)
        poller = {"order": self._orders, "aftersale": self._aftersales}.get(about)
        if poller is None:
            return
        try:
            await poller.read_now([id_])
        except ShopError as why:
            log.info("%s was not read at once: %s", about, why.word)
