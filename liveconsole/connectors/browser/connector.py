"""The connection "browser": the user's own console page, kept open, watched, its 讲解 pressed."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from liveconsole.bus.errors import BusError
from liveconsole.connectors.browser import finding, maps, part
from liveconsole.connectors.browser.carry import PageGone
from liveconsole.connectors.browser.maps import BadPageMap, PageMap
from liveconsole.connectors.browser.pin import Came
from liveconsole.connectors.browser.pressing import Fault, Pressing, still_owed
from liveconsole.connectors.browser.received import Figures, Received, Told
from liveconsole.connectors.browser.watching import Watch
from liveconsole.connectors.connection import RoomDoor
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.intake.pictures.reading import NoPicture
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import BrowserConnection, ConnectionFigures, ConnectionState, Part
from liveconsole.messages.inputs import NotTaken
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

WINDOW_ENV: Final = "LIVECONSOLE_BROWSER_WINDOW"
"""``none``: the browser has no window; for tests, since nobody could log in."""
_LOOK_SECONDS: Final = 1.0
_LATER: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Until the browser is opened again, each time that it ends without having been of use."""
_OF_USE_SECONDS: Final = 60.0

_STATES: Final[dict[str, str]] = {
    "ready": "connected",
    "logged_out": "login",
    "not_live": "waiting",
    "loading": "waiting",
    "no_consent": "off",
    "closed": "off",
}
"""Code → `ConnectionState.state`; what is not here is ``trouble``."""


class NotReady(Exception):
    """``code`` says why the browser is not even opened."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class BrowserConnector:
    """`liveconsole.connectors.connection.Connector`, and `dispatch.PlatformProgram` for pins."""

    def __init__(
        self,
        settings: BrowserConnection,
        folder: Path,
        told: Told,
        figures: Figures,
        *,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._settings, self._folder, self._environ = settings, folder, environ
        self._clock, self._sleep = clock, sleep
        self._received = Received(settings.platform, told, figures)
        self._screened = Received(settings.platform, told, figures, page="screen")
        """The big screen tells the same comments by other ids: another source, which the room joins."""
        self._room: RoomDoor | None = None
        self._watch: Watch | None = None
        self._pressing: Pressing | None = None
        self._fault: Fault | None = None
        self._code = "loading"
        self._params: dict[str, Any] = {}
        self._since: datetime | None = None
        self._last_at: datetime | None = None
        self._picture: str | None = None
        self._told: tuple[str, ...] | None = None
        self._rows: int | None = None

    def state(self) -> ConnectionState:
        code, params = self._now()
        pressed = self._pressing.done if self._pressing is not None else 0
        heard = (self._received, self._screened)
        orders = [each.health.orders for each in heard if each.health.orders is not None]
        figures = ConnectionFigures(
            rows=self._rows,
            pressed=pressed,
            received=sum(each.health.received for each in heard),
            facts=sum(each.given for each in heard),
            missed=sum(each.missed + each.health.broken for each in heard),
            orders_without_amount=sum(orders) if orders else None,
        )
        return ConnectionState(
            _STATES.get(code, "trouble"),
            since=self._since,
            code=code,
            params=params,
            last_at=self._last_at,
            cannot=[] if code == "ready" else ["pins"],
            figures=figures,
            picture=None if code == "ready" else self._picture,
        )

    def _now(self) -> tuple[str, dict[str, Any]]:
        if self._fault is not None and self._code == "ready":
            fault = self._fault
            return fault.code, {"number": fault.number, "title": fault.title, "said": fault.said}
        return self._code, self._params

    async def run(self, room: RoomDoor) -> None:
        """Keep the browser open until cancelled."""
        self._room = room
        tries = 0
        giving = [
            spawn(each.give(room.post, room.now), name="console page: facts")
            for each in (self._received, self._screened)
        ]
        try:
            while True:
                began = self._clock()
                try:
                    await self._open_and_watch(room)
                except NotReady as why:
                    await self._is(why.code, why.params)
                except PageGone as why:
                    log.info("the console's page is gone: %s", why)
                    await self._is(why.code, {})
                tries = 0 if self._clock() - began > _OF_USE_SECONDS else tries + 1
                await self._sleep(_LATER[min(tries, len(_LATER) - 1)])
        finally:
            await cancel_all(giving)
            if self._pressing is not None:
                await self._pressing.close()

    async def _open_and_watch(self, room: RoomDoor) -> None:
        page_map, executable = await asyncio.to_thread(self._ready)
        await self._is("loading", {})
        pressing = Pressing(page_map, self._faulty, clock=self._clock, sleep=self._sleep)
        async with Watch.opened(
            executable,
            self._folder,
            page_map,
            address=self._settings.page,
            heard=self._received.heard,
            screen_heard=self._screened.heard,
            headless=self._environ.get(WINDOW_ENV) == "none",
            clock=self._clock,
            sleep=self._sleep,
        ) as watch:
            self._watch, self._pressing = watch, pressing
            try:
                while True:
                    await self._look(room, watch, pressing, page_map)
                    await self._sleep(_LOOK_SECONDS)
            finally:
                self._watch = None
                await pressing.close()

    def _ready(self) -> tuple[PageMap, str]:
        """The map and the browser, or why there is none."""
        if not self._settings.consent:
            raise NotReady("no_consent")
        try:
            page_map = maps.load(self._settings.platform, self._folder)
        except BadPageMap as why:
            raise NotReady("bad_map", why=str(why)[:300]) from why
        if self._settings.page and not maps.belongs(page_map, self._settings.page):
            raise NotReady("page_elsewhere", hosts="、".join(page_map.hosts))
        if not part.use(self._folder):
            raise NotReady("no_part")
        executable = finding.executable(self._environ)
        if executable is None:
            raise NotReady("no_browser")
        return page_map, executable

    async def _look(self, room: RoomDoor, watch: Watch, pressing: Pressing, page_map: PageMap) -> None:
        before = pressing.presses
        if pressing.busy:
            await watch.alive()
            return
        seen, shown = await watch.look()
        if pressing.presses != before:  # what was read is older than the press that began meanwhile
            return
        pressing.seen(shown)
        self._last_at = room.now()
        self._rows = len(shown.rows) if seen == "ready" and shown.whole else None
        if self._fault is not None and seen == "ready" and not await still_owed(room, self._fault.cue_id):
            self._fault = None
        if seen != "loading" or self._code not in ("ready", "loading"):
            await self._is(seen, {"name": page_map.name, "seen_at": page_map.seen_at.isoformat()})

    async def _is(self, code: str, params: dict[str, Any]) -> None:
        """Say how it is now; a picture of the page comes with what a person has to see to."""
        assert self._room is not None
        if code != self._code or self._since is None:
            self._code, self._params, self._since = code, params, self._room.now()
            self._picture = None
            await self._tell()  # first: a person's card does not wait for the picture
            if code not in ("ready", "loading", "no_consent"):
                await self._take_picture()
        self._params = params
        await self._tell()

    async def _faulty(self, fault: Fault) -> None:
        """A pin that a person must see to: with it every pin is a person's until it is settled."""
        assert self._room is not None
        self._fault, self._since, self._picture = fault, self._room.now(), None
        await self._tell()
        await self._take_picture()

    async def _tell(self) -> None:
        """On the log before anything else is said: what it cannot do is a person's from there on."""
        assert self._room is not None
        code, _ = self._now()
        cannot: tuple[Part, ...] = () if code == "ready" else ("pins",)
        if self._told == cannot:
            return
        try:
            await self._room.ask_self("connection.told", {"name": "browser", "cannot": cannot, "code": code})
        except (NotTaken, BusError) as why:
            log.warning("the room does not take how the console's page is: %s", why)
            return  # told again with the next look
        self._told = cannot

    async def _take_picture(self) -> None:
        assert self._room is not None
        body = await self._watch.picture() if self._watch is not None else None
        self._picture = None
        if body is not None:
            with suppress(NoPicture, NotTaken, BusError):
                self._picture = await self._room.keep_picture(body)

    async def ask(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        found = self._for(effect)
        if isinstance(found, PlatformSaid):
            return found
        pressing, watch, room = found
        return _said(await pressing.ask(effect, room, watch.goods))

    async def query(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        found = self._for(effect)
        if isinstance(found, PlatformSaid):
            return found
        pressing, watch, room = found
        came = await pressing.query(effect, room, watch.goods)
        return _said(came) if came is not None else PlatformSaid("unknown", "the page does not say")

    def _for(self, effect: Effect) -> tuple[Pressing, Watch, RoomDoor] | PlatformSaid:
        if effect.kind != "pin":
            return PlatformSaid("refused", "only pins are done on the console's page")
        if self._pressing is None or self._watch is None or self._room is None:
            return PlatformSaid("unknown", self._code)
        return self._pressing, self._watch, self._room

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """``check``: what the page shows now. ``show``: its window to the front, at the products.
        ``picture``: the hash of a picture of it. ``add_part``: take the browser part from ``file``, which
        lies on the engine's machine.

        Raises:
            LookupError: no such action.
        """
        if action == "add_part":
            return await self._add_part(data.get("file"))
        if action not in ("check", "show", "picture"):
            raise LookupError(action)
        watch = self._watch
        if watch is None:
            return ConnectionSaid(False, self._code)
        try:
            if action == "show":
                await watch.show()
            if action == "picture":
                await self._take_picture()
                return ConnectionSaid(self._picture is not None, picture=self._picture)
            seen, shown = await watch.look()
        except PageGone as why:
            return ConnectionSaid(False, why.code)
        return ConnectionSaid(seen == "ready", seen, rows=len(shown.rows) if shown.whole else None)

    async def _add_part(self, file: object) -> ConnectionSaid:
        if not isinstance(file, str) or not Path(file).is_absolute():
            return ConnectionSaid(False, "part_broken")
        try:
            await asyncio.to_thread(part.add, Path(file), self._folder)
        except part.BadPart as why:
            return ConnectionSaid(False, why.code, {"name": why.name})
        except OSError as why:
            log.warning("the browser part is not added: %s", why.strerror)
            return ConnectionSaid(False, "part_broken")
        return ConnectionSaid(True, "part_added")


def _said(came: Came) -> PlatformSaid:
    return PlatformSaid(came.outcome, came.said or came.code)
