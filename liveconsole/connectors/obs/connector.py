"""`room.set obs`: OBS follows the room. Nothing of the room waits for it: it looks at the room and does its
part, or says why it cannot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from liveconsole import credentials
from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.obs.acts import follow_address, make_overlay, page_on_disk
from liveconsole.connectors.obs.client import ObsClient, ObsError, ObsGone, Sleep, session
from liveconsole.connectors.obs.follow import OnAir, on_air, wanted
from liveconsole.connectors.obs.following import Following
from liveconsole.connectors.obs.output import NOTHING
from liveconsole.engine.core import RoomCore
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import ConnectionState, ObsConnection
from liveconsole.overlay.view import look
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 10.0
TICK: Final = 0.25
_LOOK_ANEW: Final = 1.0
"""Seconds after which a room that did not move is looked at again: figures read off a platform grow stale."""
_BY_PERSON: Final = frozenset({"wrong_password", "no_secret", "kicked", "secret_unreadable"})
"""Not tried again by itself: the password has to change, or somebody has to press."""


class ObsConnector:
    """See `connection.Connector`. ``act``: ``check``, ``overlay``, ``connect`` (after it was turned out)."""

    def __init__(
        self,
        settings: ObsConnection,
        folder: Path,
        *,
        sleep: Sleep = asyncio.sleep,
        first_wait: float = FIRST_WAIT,
        tick: float = TICK,
    ) -> None:
        self._settings, self._folder = settings, folder
        self._sleep, self._first_wait, self._tick = sleep, first_wait, tick
        self._now: Callable[[], datetime] | None = None
        self._state = ConnectionState("waiting", figures=NOTHING)
        self._following: Following | None = None
        self._pressed = asyncio.Event()
        self._moved = asyncio.Event()

    def state(self) -> ConnectionState:
        """Return how it does now."""
        return self._state

    async def run(self, room: RoomDoor) -> None:
        """Connect for ever and follow the room meanwhile."""
        self._now = room.now
        wait = self._first_wait
        while True:
            password, why = "", ObsError("secret_unreadable")
            self._pressed.clear()
            try:
                await asyncio.to_thread(page_on_disk, self._folder)
                password = await asyncio.to_thread(self._password)
                async with session(
                    self._settings.address, password, self._heard, sleep=self._sleep
                ) as client:
                    why = await self._in_session(client, room)
            except credentials.SecretsUnreadable as error:
                log.warning("%s", error)
            except ObsError as error:
                why = error
            finally:
                if self._following is not None and self._following.ready:
                    wait = self._first_wait
                self._following = None
            self._say("refused" if why.code in _BY_PERSON else "waiting", why.code, why.params)
            await self._until_again(why.code, password, wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """See `connection.Connector`."""
        if action not in ("check", "overlay", "connect"):
            raise LookupError(action)
        if action == "connect":
            self._pressed.set()
            return ConnectionSaid(True)
        following = self._following
        if following is None or not following.ready:
            return ConnectionSaid(False, self._state.code or "away", dict(self._state.params))
        try:
            if action == "check":
                return await following.check()
            kinds = (await following.look_round()).kinds
            made = await make_overlay(following.client, self._folder, self._settings.address, kinds)
            return ConnectionSaid(True, "overlay_made", made)
        except ObsError as why:
            return ConnectionSaid(False, why.code, why.params)

    async def _in_session(self, client: ObsClient, room: RoomDoor) -> ObsGone:
        """Follow until OBS is gone; return why."""
        self._following = Following(client, self._settings, self._folder, room.now, self._sleep)
        await self._following.begin()
        await self._follow(self._following, room)
        return client.why_over()

    async def _follow(self, following: Following, room: RoomDoor) -> None:
        seq, at, seen, url = -1, -_LOOK_ANEW, None, ""
        loop = asyncio.get_running_loop()
        while not following.client.over.is_set():
            due = loop.time() - at >= _LOOK_ANEW
            if (found := await room.view(_looking(room.now(), -1 if due else seq))) is not None:
                (seq, seen), at = found, loop.time()
                if not url and (url := await asyncio.to_thread(page_on_disk, self._folder)):
                    await follow_address(following.client, self._folder, url)
            assert seen is not None
            await following.turn(wanted(self._settings, seen))
            code, params = next(following.troubles(), ("", {}))
            self._say("connected", code, params, following)
            self._moved.clear()
            await _first_of(self._tick, self._moved, following.client.over)

    def _heard(self, event: str, data: dict[str, Any]) -> None:
        if self._following is not None:
            self._following.heard(event, data)
            self._moved.set()

    def _password(self) -> str:
        return credentials.read(self._folder, "obs").get("password", "")

    async def _until_again(self, code: str, password: str, wait: float) -> None:
        """A wrong password is not tried again before it is another one, and who was turned out stays out
        until somebody presses."""
        while code in _BY_PERSON and not self._pressed.is_set():
            await _first_of(self._first_wait * 4, self._pressed)
            if code == "kicked":
                continue
            try:
                if await asyncio.to_thread(self._password) != password or code == "secret_unreadable":
                    return
            except credentials.SecretsUnreadable:
                continue
        if code not in _BY_PERSON:
            await _first_of(wait, self._pressed)

    def _say(self, state: str, code: str, params: dict[str, Any], following: Following | None = None) -> None:
        assert self._now is not None
        same = self._state.state == state
        self._state = ConnectionState(
            state,
            since=self._state.since if same and self._state.since is not None else self._now(),
            code=code,
            params=params,
            last_at=following.last_at if following is not None else self._state.last_at,
            figures=following.figures if following is not None else NOTHING,
        )


def _looking(now: datetime, seq: int) -> Callable[[RoomCore], tuple[int, OnAir] | None]:
    """Look at a room that moved since ``seq``; at another one there is nothing to see."""

    def see(core: RoomCore) -> tuple[int, OnAir] | None:
        if core.room.seq == seq:
            return None
        return core.room.seq, on_air(core.room, look(core.room, now))

    return see


async def _first_of(seconds: float, *events: asyncio.Event) -> None:
    """Return when one of them is set, or after so long."""
    waiting = [spawn(event.wait(), name="obs: waits") for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_all(waiting)
