"""The library's client, with which one message never takes its neighbours along.

A broker hands on what one of its users sent as it came: headers, and the subject that an answer is wanted on.
By itself the library ends its reading where it cannot read one of them (of nats-py 2.16: a header block of
eight bytes, a status or a reply subject that is no UTF-8), loses its place in the bytes (a reply subject with
a vertical tab), or reads headers for seconds. So whoever may say anything at all could make an engine deaf.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nats.aio.client import Client as Broker

log = logging.getLogger(__name__)

HEADERS_MOST: Final = 16 * 1024
"""Bytes of the headers of one message that are read at all: an address of 4,000 letters is the longest."""
A_SECOND: Final = 2_000
BYTES_A_SECOND: Final = 64 * 1024 * 1024
"""Of one subject, and so of one seat; two seconds in a row of more are a flood."""
_IN_A_ROW: Final = 50
"""Messages that are read before others get their turn."""
_WORD: Final = rb"([^ \t\r\n]+)"
_TO: Final = rb"[ \t]+" + _WORD + rb"[ \t]+" + _WORD + rb"[ \t]+(" + _WORD + rb"[ \t]+)?"
_MSG: Final = re.compile(rb"\AMSG" + _TO + rb"(\d+)\r\n")
_HMSG: Final = re.compile(rb"\AHMSG" + _TO + rb"(\d+)[ \t]+(\d+)\r\n")
"""A line is cut where the broker cuts it, which knows of fewer blanks than Python."""


class SeatFlood:
    """Counts what comes on each subject. What is more than one seat has to say is dropped unread; where it
    goes on, ``flooded`` hears of the subject, once a second. ``time``: seconds, that never go back."""

    def __init__(self, flooded: Callable[[str], None], time: Callable[[], float]) -> None:
        self._flooded, self._time = flooded, time
        self._began = time()
        self._count: Counter[bytes] = Counter()
        self._bytes: Counter[bytes] = Counter()
        self._over: set[bytes] = set()
        self._over_before: set[bytes] = set()

    def is_too_much(self, subject: bytes, size: int) -> bool:
        """Count a message; tell whether it is one too many of its second."""
        now = self._time()
        if now - self._began >= 1.0:
            self._over_before = self._over if now - self._began < 2.0 else set()
            self._began, self._over = now, set()
            self._count.clear()
            self._bytes.clear()
        self._count[subject] += 1
        self._bytes[subject] += size
        if self._count[subject] <= A_SECOND and self._bytes[subject] <= BYTES_A_SECOND:
            return False
        if subject not in self._over:
            self._over.add(subject)
            if subject in self._over_before:
                self._flooded(subject.decode("utf-8", "replace"))
        return True


@cache
def client_class() -> type[Broker]:
    """Return it; loads the library, which takes a while. Raises ImportError where that is not installed."""
    library: Any = importlib.import_module("nats.aio.client")
    parser: Any = importlib.import_module("nats.protocol.parser")
    parser.MSG_RE, parser.HMSG_RE = _MSG, _HMSG

    class SteadyClient(library.Client):  # type: ignore[misc]
        """See above."""

        unreadable = 0
        """Messages that were dropped because they could not be read."""
        flood: SeatFlood | None = None
        """What may come on one subject; None: whatever comes."""
        _since = 0

        async def _process_msg(
            self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None
        ) -> None:
            self._since += 1
            if self._since >= _IN_A_ROW:  # the library reads on for as long as there is something
                self._since = 0
                await asyncio.sleep(0)
            if self.flood is not None and self.flood.is_too_much(subject, len(data)):
                return
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
