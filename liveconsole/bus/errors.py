"""What can go wrong between a client and the engine's door."""

from __future__ import annotations


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


class Rejected(BusError):
    """Any other refusal of the door: unreadable, too large, a command id used for another body."""
