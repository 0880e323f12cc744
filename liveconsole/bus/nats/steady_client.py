"""The library's client, with which one message never takes its neighbours along.

A broker hands on what one of its users sent as it came: headers, and the subject that an answer is wanted on.
By itself the library ends its reading where it cannot read one of them (of nats-py 2.16: a header block of
eight bytes, a status or a reply subject that is no UTF-8), loses its place in the bytes (a reply subject with
a vertical tab), or reads headers for seconds. So whoever may say anything at all could make an engine deaf.
"""

from __future__ import annotations

import importlib
import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nats.aio.client import Client as Broker

log = logging.getLogger(__name__)

HEADERS_MOST: Final = 16 * 1024
"""Bytes of the headers of one message that are read at all: an address of 4,000 letters is the longest."""
_WORD: Final = rb"([^ \t\r\n]+)"
_TO: Final = rb"[ \t]+" + _WORD + rb"[ \t]+" + _WORD + rb"[ \t]+(" + _WORD + rb"[ \t]+)?"
_MSG: Final = re.compile(rb"\AMSG" + _TO + rb"(\d+)\r\n")
_HMSG: Final = re.compile(rb"\AHMSG" + _TO + rb"(\d+)[ \t]+(\d+)\r\n")
"""A line is cut where the broker cuts it, which knows of fewer blanks than Python."""


@cache
def client_class() -> type[Broker]:
    """Return it; loads the library, which takes a while. Raises ImportError where that is not installed."""
    library: Any = importlib.import_module("nats.aio.client")
    parser: Any = importlib.import_module("nats.protocol.parser")
    parser.MSG_RE, parser.HMSG_RE = _MSG, _HMSG

    class SteadyClient(library.Client):  # type: ignore[misc]
        """See above."""

        unreadable = 0
        """Messages that were dropped."""

        async def _process_msg(
            self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None
        ) -> None:
            if headers is not None and len(headers) > HEADERS_MOST:
                headers = None  # as if it had none: whoever asks is told that there is no such address
            try:
                await super()._process_msg(sid, subject, reply, data, headers)
            except Exception as error:  # noqa: BLE001  # whatever it is, what comes behind it is read
                self.unreadable += 1
                if self.unreadable in (1, 100, 10_000):
                    log.warning(
                        "a message over the broker could not be read (%s), %d so far",
                        type(error).__name__,
                        self.unreadable,
                    )

    return SteadyClient
