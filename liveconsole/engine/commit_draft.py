"""What one commit gathers on its way to disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec
from msgspec import Raw, Struct

from liveconsole.domain.context import Pasts
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import FromBooks
from liveconsole.engine.books import Books, LeftTheRoom
from liveconsole.engine.people import People
from liveconsole.messages.envelope import Event
from liveconsole.messages.inputs import SentFact
from liveconsole.store.lines import stamp
from liveconsole.store.rows import Denial, EventRow, Forgetting, KeptAnswer, Write

_row = partial(tuple.__new__, EventRow)
"""``EventRow._make`` without a Python frame of its own: it is called for every comment."""
_AROUND: Final = 160
"""Bytes of a line besides its data."""
_encode_lines = msgspec.json.Encoder().encode_lines


class _Line(Struct, omit_defaults=True, gc=False):
    """The same bytes as the store's ``door_line``, encoded in one go."""

    seq: int
    type: str
    at: str
    actor: str
    data: Raw
    source: str = ""
    id: str = ""
    time: str | None = None


class CommitDraft:
    """Events, answers and denials of one commit; ``sent``: its facts in order, with digests."""

    def __init__(self, seq: int, now: datetime, left: LeftTheRoom) -> None:
        self.first = seq + 1
        self.now = now
        self.books = Books(left)
        self.pasts: Pasts = {}
        self.known = FromBooks()
        self.events: list[Event] = []
        self.sent: list[tuple[SentFact, bytes]] = []
        self.answers: dict[str, tuple[bytes, bytes]] = {}
        self.denials: list[Denial] = []
        self.turned_away: list[str] = []
        """Sales that had nothing for whoever asked, one cue id a request."""
        self.forgetting: Forgetting | None = None
        self._data: list[bytes] = []

    @property
    def size(self) -> int:
        """Bytes of the events' lines, about; known once they were written."""
        return sum(map(len, self._data)) + _AROUND * len(self._data)

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def has_anything(self) -> bool:
        """Tell whether there is something to write."""
        return bool(self.events or self.answers or self.denials)

    def write(self, room: Room, met: Mapping[str, tuple[str, str]], secrets: Mapping[str, bytes]) -> Write:
        """Return the transaction that puts all of it on disk."""
        rows: list[EventRow] = []
        facts = iter(self.sent)
        self._data = _in_json([event.kept if event.source else event.data for event in self.events])
        for event, data in zip(self.events, self._data, strict=True):
            type_ = event.type
            if event.source:
                sent, digest = next(facts)  # `take` gives the events of facts in the order of the facts
                rows.append(
                    _row((type_, event.at, event.actor, data, sent.source, sent.id, sent.sent_time, digest))
                )
            else:
                rows.append(EventRow(type_, event.at, event.actor, data))
        answers = [KeptAnswer(id_, body_hash, answer) for id_, (body_hash, answer) in self.answers.items()]
        if not rows:
            return Write(self.first - 1, persons=met, answers=answers, denials=self.denials, secrets=secrets)
        return Write(
            expected_seq=self.first - 1,
            events=rows,
            persons=met,
            answers=answers,
            denials=self.denials,
            secrets=secrets,
            forgetting=self.forgetting,
            **self.books.rows(room),
        )

    def door_lines(self, people: People) -> Callable[[], list[bytes]]:
        """Return what makes the events' lines for the door; call this after the commit, and what it gives on
        any thread. A fact stands there as it was sent; names for the others are looked up here."""
        shown: list[bytes | SentFact] = []
        facts = iter(self.sent)
        for event, data in zip(self.events, self._data, strict=True):
            shown.append(next(facts)[0] if event.source else people.shown(data))
        return partial(_lines, self.events, shown)


def _lines(events: Sequence[Event], shown: Sequence[bytes | SentFact]) -> list[bytes]:
    lines: list[_Line] = []
    at_text, at = "", None
    for event, data in zip(events, shown, strict=True):
        if event.at is not at:
            at, at_text = event.at, stamp(event.at).decode()
        seq, type_, actor = event.seq, event.type, event.actor
        if isinstance(data, bytes):
            lines.append(_Line(seq, type_, at_text, actor, Raw(data)))
        else:
            body = Raw(data.body)
            lines.append(_Line(seq, type_, at_text, actor, body, data.source, data.id, data.sent_time))
    return _in_json(lines)


def _in_json(many: Sequence[object]) -> list[bytes]:
    """Each as JSON, encoded in one go: a line end cannot stand in compact JSON."""
    return _encode_lines(many).split(b"\n")[:-1]
