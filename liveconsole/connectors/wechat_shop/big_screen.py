"""The big screen of the live that is on, read every half minute while the room is open."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.source import deliver
from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.dashboard import is_over, lives_of_day, lives_on, measured_of
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.jobs import ShopLink
from liveconsole.domain.china import CHINA
from liveconsole.domain.room import Room

log = logging.getLogger(__name__)

RECORDS: Final = "/channels/ec/finderlive/getfinderliverecordlist"
LIVES: Final = "/channels/livedashboard/getlivelist"
SCREEN: Final = "/channels/livedashboard/getlivedata"
EVERY: Final = 30.0
"""Seconds. How often the platform makes its figures anew is nowhere said; it asks for patience."""
NEARER: Final = timedelta(seconds=90)
"""So long another source's count of who is online goes first: it comes by the second."""
_BEFORE: Final = timedelta(hours=1)
"""A live may have begun so long before the room was opened here."""
_OTHERS: Final = frozenset({"stop", "add_ip", "part_off"})


class BigScreen:
    """See `jobs.ShopJob`. Without 视频号助手's own secret it does nothing: nobody else may read it."""

    name = "big screen"
    every = EVERY

    def __init__(self, link: ShopLink) -> None:
        self._link = link
        self._export_id = ""
        self._over = ""

    async def turn(self) -> int:
        """Tell what the screen says; nothing where no live is on."""
        api = self._link.assistant
        opened, nearer = await self._link.room.view(lambda core: _look(core.room, self._link.source))
        if api is None or opened is None:
            return 0
        now = self._link.room.now()
        try:
            if not self._export_id:
                self._export_id = await self._live(api, opened)
            if not self._export_id:
                return 0
            body = await api.read(SCREEN, {"export_id": self._export_id})
        except ShopError as why:
            self._export_id = ""
            raise _of_this_part(why) from why
        measured = measured_of(body)
        if nearer is not None and now - nearer < NEARER:
            measured.pop("online", None)
        event_id = f"screen/{self._export_id}/{int(now.timestamp())}"
        if is_over(body):
            self._over, self._export_id = self._export_id, ""
        if not measured:
            return 0
        event = cloudevent(self._link.source, event_id[-200:], "room.measured", measured)
        await deliver(self._link.room.post, [event])
        return 1

    async def _live(self, api: ShopApi, opened: Any) -> str:
        """The live that is on; where the record does not say, the last one that began about when the room
        was opened."""
        on = lives_on(await api.read(RECORDS, {}))
        if on:
            return on[0]
        day = int(self._link.room.now().astimezone(CHINA).strftime("%Y%m%d"))
        since = (opened - _BEFORE).timestamp()
        began = lives_of_day(await api.read(LIVES, {"ds": day}))
        return next((id_ for at, id_ in began if at >= since and id_ != self._over), "")


def _look(room: Room, own: str) -> tuple[Any, Any]:
    """When the room was opened, and when another source told last how many are online."""
    open_ = room.broadcast.opened_at if room.broadcast.status == "open" else None
    online = room.audience.measured.get("online")
    return open_, online.at if online is not None and online.source != own else None


def _of_this_part(why: ShopError) -> ShopError:
    """What 视频号助手 refuses stops the screen and not the shop, whose account is another."""
    if why.action not in _OTHERS:
        return why
    word = why.word if why.action == "add_ip" else "screen_refused"
    return ShopError(why.code, "part_off", why.errmsg, why.params, word=word)
