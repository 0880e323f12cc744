"""An answer to a command as it is kept for ever, with pids, and as it is given, with names."""

from __future__ import annotations

from typing import Any

import msgspec

from liveconsole.engine.people import People
from liveconsole.messages.inputs import (
    Answer,
    ClockInput,
    CommandAnswer,
    CommandInput,
    FactsInput,
    Input,
    Problem,
    answered,
)
from liveconsole.messages.refusals import Refused, word

_encode = msgspec.json.Encoder().encode


class _Head(msgspec.Struct):
    ok: bool
    code: str = ""


def no(refused: Refused) -> bytes:
    """Return a refusal as it is kept."""
    fields: dict[str, Any] = {
        "ok": False,
        "code": refused.code,
        "text": refused.text,
        "params": refused.params,
    }
    return _encode(fields)


def given(people: People, kept: bytes) -> CommandAnswer:
    """Return a kept answer as the seat gets it."""
    head = msgspec.json.decode(kept, type=_Head)
    return CommandAnswer(head.ok, people.shown(kept), head.code)


def of_bug(one: Input, seq: int) -> Answer | None:
    """Return what is said to an input that a fault of the program took down; the log stands at ``seq``."""
    match one:
        case FactsInput(facts=facts, problems=problems, more=more):
            wrong = [Problem(fact.index, "bug", word("bug", {})) for fact in facts]
            return answered(0, 0, [*problems, *wrong], seq, more)
        case CommandInput():
            return CommandAnswer(False, no(Refused("bug")), "bug")
        case ClockInput():
            return None
