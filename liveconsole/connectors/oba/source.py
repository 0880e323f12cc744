"""The WebSocket client of oba-live-tool, whose server is there only while 开始监听 is on."""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

from liveconsole.connectors.oba.mapping import is_known, map_message, order_of
from liveconsole.connectors.socket_source import FIRST_WAIT, SocketSource
from liveconsole.connectors.wire import BROKEN, PASSED_OVER, Mapped

DEFAULT_URL: Final = "ws://127.0.0.1:12354"
ENV: Final = "LIVECONSOLE_OBA_URL"


class ObaSource(SocketSource):
    """``url`` defaults to ``$LIVECONSOLE_OBA_URL``, else the tool's own default address."""

    def __init__(self, url: str | None = None, *, first_wait: float = FIRST_WAIT) -> None:
        super().__init__("oba", url or os.environ.get(ENV) or DEFAULT_URL, first_wait=first_wait)
        self.source = f"/oba/{urlsplit(self.url).netloc}"

    def map_message(self, message: object) -> Mapped:
        if made := map_message(message, self.source):
            return Mapped(made)
        if (order_id := order_of(message)) is not None:
            return Mapped(passed_over=1, orders=(order_id,))
        return PASSED_OVER if is_known(message) else BROKEN
