"""``GET /metrics``: the engine's measures for a monitor, by a token that opens nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec
from aiohttp import web
from msgspec import Struct

from liveconsole.bus.port import RoomPort
from liveconsole.views.openmetrics import TYPE, exposition

METRICS: Final = "/metrics"
ROLE: Final = "metrics"


class _AlarmCode(Struct):
    code: str


class _Alarms(Struct):
    """Of a state nothing but which alarms stand; None: still those that are known."""

    revisions: dict[str, int | str]
    alarms: list[_AlarmCode] | None = None


_read = msgspec.json.Decoder(_Alarms).decode


class MetricsServer:
    """Answers for `METRICS`; who may ask was looked at before."""

    def __init__(self, room: RoomPort) -> None:
        self._room = room
        self._have = ""
        self._alarms: dict[str, int] = {}

    async def get(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Return the text, as it stands now."""
        body, _ = await self._room.state(ROLE, self._have)
        told = _read(body)
        if told.alarms is not None:
            self._alarms = dict(Counter(one.code for one in told.alarms))
        self._have = ",".join(f"{name}:{value}" for name, value in told.revisions.items())
        measured = await self._room.measures()
        text = exposition(str(self._room.health()["room"]), measured, self._alarms)
        return web.Response(body=text, headers={"Content-Type": TYPE, "Cache-Control": "no-store"})
