"""The WebSocket client of DouyinBarrageGrab. What is sent to the tool controls it, so nothing ever is."""

from __future__ import annotations

import os
from typing import Final

from liveconsole.connectors.douyin_grab.mapping import map_frame
from liveconsole.connectors.socket_source import FIRST_WAIT, SocketSource
from liveconsole.connectors.streaks import Streaks
from liveconsole.connectors.wire import Mapped

DEFAULT_URL: Final = "ws://127.0.0.1:8888"
ENV: Final = "LIVECONSOLE_DOUYIN_GRAB_URL"


class DouyinGrabSource(SocketSource):
    """``url`` defaults to ``$LIVECONSOLE_DOUYIN_GRAB_URL``, else the tool's own default address."""

    def __init__(self, url: str | None = None, *, first_wait: float = FIRST_WAIT) -> None:
        super().__init__("douyin_grab", url or os.environ.get(ENV) or DEFAULT_URL, first_wait=first_wait)
        self._streaks = Streaks()

    def map_message(self, message: object) -> Mapped:
        return map_frame(message, self._streaks)
