"""What can go wrong between a client and the engine's door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liveconsole.messages.unreadable import UNREADABLE


class BusError(Exception):
    """The engine answered with an error body, or did not answer.

    ``code`` is the contract's word (``messages.refusals.TEXTS`` has its sentence), ``status`` the HTTP
    status or 0 where there was no answer.
    """

    def __init__(self, code: str, text: str = "", status: int = 0) -> None:
        super().__init__(text or code)
        self.code = code
        self.text = text
        self.status = status


class EngineGone(BusError):
    """Nobody answers there, the connection broke, or who answers cannot prove to be our engine.

    What was sent may or may not have been carried out: a command is sent again under the same id.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__("engine_gone", text)


class Denied(BusError):
    """401 or 403: no token, a wrong one, or a role that may not."""


class Busy(BusError):
    """429: the inbox is full; nothing was accepted. Send again after ``retry_after`` seconds."""

    def __init__(self, code: str, text: str, status: int, retry_after: float) -> None:
        super().__init__(code, text, status)
        self.retry_after = retry_after


class EngineCannotWrite(BusError):
    """507: the engine cannot write to its disk; nothing was accepted."""


class OtherVersion(BusError):
    """The engine said what this program cannot read: one of the two is of another version.

    ``engine``: the engine's version, empty where it did not tell.
    """

    def __init__(self, engine: str = "") -> None:
        super().__init__("other_version", f"an engine of version {engine or '?'} is not understood here")
        self.engine = engine


class Rejected(BusError):
    """Any other refusal of the door: unreadable, too large, a command id used for another body."""


def error_of(status: int, body: bytes, headers: Mapping[str, str]) -> BusError:
    """Return what an answer that is no 200 says."""
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
    except UNREADABLE:
        fields = {}
    code, text = str(fields.get("code", f"http_{status}")), str(fields.get("text", ""))
    if status in (401, 403):
        return Denied(code, text, status)
    if status == 429:
        wait = headers.get("Retry-After", "1")
        return Busy(code, text, status, float(wait) if wait.replace(".", "", 1).isdigit() else 1.0)
    if status == 507:
        return EngineCannotWrite(code, text, status)
    return Rejected(code, text, status)
