"""What one commit gathers on its way to disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Raw, Struct

from liveconsole.domain.room import Room
from liveconsole.engine.people import People
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import EVENTS
from liveconsole.messages.inputs import SentFact
from liveconsole.store.lines import stamp
from liveconsole.store.rows import Answer, Denial, EventRow, OrderRow, Write

_OF_ORDERS: Final = frozenset(name for name in EVENTS if name.startswith("order."))
_encode = msgspec.json.Encoder().encode


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


class Work:
    """Events, answers and denials of one commit; ``sent``: its facts in order, with digests."""

    def __init__(self, seq: int, now: datetime) -> None:
        self.first = seq + 1
        self.now = now
        self.events: list[Event] = []
        self.sent: list[tuple[SentFact, bytes]] = []
        self.answers: dict[str, tuple[bytes, bytes]] = {}
        self.denials: list[Denial] = []
        self.turned_away: list[str] = []
        """Sales that had nothing for whoever asked, one cue id a request."""
        self._data: list[bytes] = []

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def has_anything(self) -> bool:
        """Whether there is something to write."""
        return bool(self.events or self.answers or self.denials)

    def write(self, room: Room, met: Mapping[str, tuple[str, str]], secrets: Mapping[str, bytes]) -> Write:
        """The transaction."""
        rows: list[EventRow] = []
        touched: dict[str, int] = {}
        facts = iter(self.sent)
        for event in self.events:
            type_ = event.type
            if event.source:
                sent, digest = next(facts)  # `take` gives the events of facts in the order of the facts
                data = _encode(event.kept)
                rows.append(
                    EventRow._make(
                        (type_, event.at, event.actor, data, sent.source, sent.id, sent.sent_time, digest)
                    )
                )
            else:
                data = _encode(event.data)
                rows.append(EventRow(type_, event.at, event.actor, data))
            self._data.append(data)
            if type_ in _OF_ORDERS:
                touched[getattr(event.data, "order_id")] = event.seq  # noqa: B009  # every one of them has it
        return Write(
            expected_seq=self.first - 1,
            events=rows,
            persons=met,
            answers=[Answer(id_, body_hash, answer) for id_, (body_hash, answer) in self.answers.items()],
            denials=self.denials,
            orders=[
                _order_row(room, order_id, seq)
                for order_id, seq in touched.items()
                if order_id in room.orders
            ],
            secrets=secrets,
        )

    def door_lines(self, people: People) -> list[bytes]:
        """The events as the door shows them; call it after the commit. A fact stands there as it was sent."""
        lines: list[bytes] = []
        at_text, at = "", None
        facts = iter(self.sent)
        for event, data in zip(self.events, self._data, strict=True):
            if event.at is not at:
                at, at_text = event.at, stamp(event.at).decode()
            if event.source:
                sent, _ = next(facts)
                body, time = Raw(sent.body), sent.sent_time
                line = _Line(event.seq, event.type, at_text, event.actor, body, sent.source, sent.id, time)
            else:
                line = _Line(event.seq, event.type, at_text, event.actor, Raw(people.shown(data)))
            lines.append(_encode(line))
        return lines


def _order_row(room: Room, order_id: str, seq: int) -> OrderRow:
    order = room.orders[order_id]
    return OrderRow(
        order_id,
        order.status,
        order.buyer,
        order.total_fen,
        order.paid_fen,
        order.refund_fen,
        order.cue_id,
        order.placed_at,
        seq,
    )
