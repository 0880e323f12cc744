"""What the door hands to the engine, and what the engine answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from liveconsole.messages.bounds import REFUSALS
from liveconsole.messages.facts import FactData


class SentFact(Struct, frozen=True, gc=False):
    """A fact of good shape as its producer sent it: outside ids, with names.

    ``kept`` is the JSON object of its data with long texts cut, or None where ``data`` says all that was
    sent; ``body`` is the same as canonical JSON (sorted keys), ``index`` its place in what was posted,
    ``sent_time`` its ``time`` to the letter.
    """

    source: str
    id: str
    type: str
    time: datetime | None
    data: FactData
    kept: dict[str, Any] | None
    body: bytes
    index: int = 0
    sent_time: str | None = None


class Problem(Struct, frozen=True):
    """One thing that was posted and refused; its neighbours were not."""

    index: int
    code: str
    text: str


class FactsInput(Struct, frozen=True):
    """One post of facts, with what the door itself found wrong among them: at most `REFUSALS`, and
    ``more`` that are only counted."""

    facts: list[SentFact]
    problems: list[Problem] = []
    more: int = 0


class CommandInput(Struct, frozen=True):
    """One command. ``role`` is what its token said; ``body_hash`` tells the same id with another body or from
    another role."""

    id: str
    type: str
    data: Any
    role: str
    body_hash: bytes = b""
    expires_at: datetime | None = None
    seat: str = ""
    """The shared seat that gave it; empty: somebody at this computer."""


class ClockInput(Struct, frozen=True):
    """Internal: the wall clock jumped by ``seconds`` against the engine's own."""

    seconds: float


Input = FactsInput | CommandInput | ClockInput


class FactsAnswer(Struct, frozen=True, omit_defaults=True):
    """``seq`` is the log's last seq when this was on disk; ``refused_more``: so many were refused besides."""

    accepted: int
    duplicates: int
    refused: list[Problem]
    seq: int
    refused_more: int = 0


def answered(accepted: int, duplicates: int, problems: list[Problem], seq: int, more: int) -> FactsAnswer:
    """Make the answer to a post: the first `REFUSALS` of its problems, the others and ``more`` counted."""
    problems = sorted(problems, key=lambda problem: problem.index)
    kept = problems[:REFUSALS]
    return FactsAnswer(accepted, duplicates, kept, seq, more + len(problems) - len(kept))


class CommandAnswer(Struct, frozen=True):
    """``body`` is the JSON that the asker gets; ``ok`` and ``code`` say what stands in it.

    ``code`` is a rule's reason, ``forbidden`` (403), or ``id_reused`` with ``conflict`` set (409: the id
    named another body before).
    """

    ok: bool
    body: bytes
    code: str = ""
    conflict: bool = False


Answer = FactsAnswer | CommandAnswer


class NotTaken(Exception):
    """The engine took nothing of this.

    ``code``: ``inbox_full`` (ask again after ``retry_after`` seconds), ``cannot_write``, ``log_unreadable``
    and ``report_too_long`` (of a reader), ``bad_query`` (``detail`` is the field), ``took_too_long``,
    ``books_busy``, ``books_down`` and ``books_of_another_version`` (of a book) or ``engine_stopped``.
    """

    def __init__(self, code: str, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
