"""A reader of the state who asks for what he does not have, as an outside program would: bytes only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.state import SECTIONS
from liveconsole.views.kinds.kind import People
from liveconsole.views.state import state_of, wire

Body = dict[str, bytes]
"""Key of the body → its value as JSON."""


class NoNames:
    """Nobody is known by any name: pids stand where people do."""

    def names(self, pids: Iterable[str]) -> People:
        return {}

    def shown(self, line: bytes) -> bytes:
        return line

    def renamed(self) -> bool:
        return False


class StateReader:
    """One seat of ``role``. `take` merges an answer and says which sections moved."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.revisions: dict[str, Any] = {}
        self.body: Body = {}
        self.told_by_difference = 0

    @property
    def have(self) -> str:
        return ",".join(f"{name}:{value}" for name, value in self.revisions.items())

    def take(self, answer: bytes) -> set[str]:
        part = msgspec.json.decode(answer, type=dict[str, msgspec.Raw])
        came = {key: bytes(value) for key, value in part.items()}
        revisions = msgspec.json.decode(came.pop("revisions"))
        deltas = msgspec.json.decode(came.pop("delta", b"{}"))
        before, had = dict(self.body), self.revisions
        came.pop("seq")
        self.body |= came
        for name, delta in deltas.items():
            self.told_by_difference += 1
            self.body[name] = _mended(name, before[name], delta)
        assert set(revisions) == {"log", *SECTIONS}
        moved = {name for name in SECTIONS if revisions[name] != had.get(name)}
        if had:
            for name, keys in SECTIONS.items():
                same = all(self.body[key] == before[key] for key in keys)
                assert same == (name not in moved), f"{name}: its revision and its bytes do not move together"
                assert name in moved or not any(key in came for key in keys), f"{name} came for nothing"
        self.revisions = revisions
        return moved

    def must_be(self, whole: Body) -> None:
        """What was merged is the whole body as it stands now."""
        for key, value in whole.items():
            assert self.body[key] == value, (
                f"{self.role}: {key} is not what it is\n{self.body[key]!r}\n{value!r}"
            )


def _mended(name: str, before: bytes, delta: dict[str, Any]) -> bytes:
    id_name = {"catalogue": "product_id", "cues": "cue_id"}[name]
    known = msgspec.json.decode(before)
    rows = known["products"] if name == "catalogue" else known
    merged = {row[id_name]: row for row in rows} | {row[id_name]: row for row in delta["rows"]}
    left = [row for id_, row in merged.items() if id_ not in delta["gone"]]
    return msgspec.json.encode({"products": left} if name == "catalogue" else left)


def fresh(room: Room, now: datetime, role: str, **more: Any) -> Body:
    """The whole body made anew, without what only the one who answers knows (``seq``, ``revisions``)."""
    body = wire(room, state_of(room, now, role, **more))
    return {key: msgspec.json.encode(v) for key, v in body.items() if key not in ("seq", "revisions")}
