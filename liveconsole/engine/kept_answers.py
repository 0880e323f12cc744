"""An answer to a command as it is kept for ever, with pids, and as it is given, with names."""

from __future__ import annotations

from typing import Any

import msgspec

from liveconsole.engine.people import People
from liveconsole.messages.inputs import CommandAnswer
from liveconsole.messages.refusals import Refused

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
