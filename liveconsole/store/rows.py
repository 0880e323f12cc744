"""Rows that go into the store and come out of it. Plain tuples where thousands pass in one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from liveconsole.store.money_rows import MoneyWrite

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class EventRow(NamedTuple):
    """An event to append; its seq follows from its place in the write."""

    type: str
    at: datetime
    """The engine's clock, aware. Kept to the microsecond, so that a folded room equals the living one."""
    actor: str
    data: bytes
    """Compact JSON as ``msgspec.json.encode`` writes it (no blanks), pids for people and no names."""
    source: str = ""
    id: str = ""
    """With ``source`` the identity of a fact, for ever; both empty for an event of the rules."""
    time: str | None = None
    """The fact's own time, as it is to be shown; never judged."""
    digest: bytes = b""
    """``fact_digest`` of a fact; tells a duplicate from another fact under the same id."""


class StoredEvent(NamedTuple):
    """An event as the log has it: ids, no names."""

    seq: int
    type: str
    at: datetime
    actor: str
    data: bytes
    source: str
    id: str
    time: str | None


class SaidLine(NamedTuple):
    """A comment, or what bears on what is asked, as the log has it; ``at`` in microseconds."""

    seq: int
    type: str
    at: int
    data: bytes


class SearchPage(NamedTuple):
    """What one search found: lines in the order of the log, and how far back it looked."""

    lines: list[bytes]
    before: int
    """Everything from this seq on was looked at; go on with it, 1 when all was."""
    at: bytes
    """The moment of the event with that seq; empty in an empty log."""


class KeptAnswer(NamedTuple):
    """What a command was answered, for ever: the same id gets the same answer."""

    command_id: str
    body_hash: bytes
    answer: bytes


class Denial(NamedTuple):
    """A role asked for what it may not do. No personal data."""

    role: str
    type: str
    at: datetime
    code: str


class OrderRow(NamedTuple):
    """One order as lists show it; a read table, folded anew from the log at any time."""

    order_id: str
    status: str
    buyer: str
    """A pid."""
    total_fen: int
    paid_fen: int
    refund_fen: int
    cue_id: str | None
    placed_at: datetime | None
    seq: int
    """Of the event that changed it last."""
    broadcast: int = 1
    units: int = 0
    flags: int = 0
    """What of it was told (`engine.books`)."""
    gift_units: int = 0
    """Of ``units``: those that came along and were not bought (`domain.order_units`)."""


class ToldOfOrder(NamedTuple):
    """What was told of an order besides its figures; None: nothing, and what stood there stands."""

    order_id: str
    paid_at: datetime | None = None
    """When its first payment came."""
    scene: str | None = None
    province: str | None = None
    payment: str | None = None
    past: bool = False
    """It was brought in from a file of earlier orders."""


class LineRow(NamedTuple):
    """One line of an order."""

    order_id: str
    line: int
    """From 1, as they were told."""
    product_id: str | None
    """None where nobody knows the SKU."""
    sku_id: str
    quantity: int
    unit_price_fen: int | None
    """None where a file does not say it."""
    ship_hours: int | None = None
    """What the catalogue promised of it when the order was told: hours from payment; None: the usual ones."""
    ships_on: str | None = None
    """A presale's day, as ISO has it."""


class ShipmentRow(NamedTuple):
    """One word about the way of an order. The table keeps the newest ``told_at``, and the first moments."""

    order_id: str
    status: str
    carrier: str | None
    waybill: str | None
    eta: str | None
    text: str | None
    told_at: datetime
    """As its source says; when it came, where it says nothing."""
    at: datetime
    """When it came: clocks go by it."""
    seq: int


class AftersaleRow(NamedTuple):
    """One word about an after-sale; the table keeps them as those of a shipment."""

    aftersale_id: str
    order_id: str
    kind: str
    status: str
    reason: str | None
    amount_fen: int | None
    due_at: datetime | None
    told_at: datetime
    at: datetime
    seq: int


class ReviewRow(NamedTuple):
    """What a buyer wrote of a product."""

    seq: int
    order_id: str | None
    product_id: str
    stars: int
    text: str
    at: datetime


class StockRow(NamedTuple):
    """What a SKU had at the last word of a day (numbered as `order_days.day_number`) that moved it."""

    sku_id: str
    day: int
    product_id: str
    on_hand: int
    free: int
    on_shelf: bool


class GoodsRow(NamedTuple):
    """What a SKU is called, so that the books name what has left the catalogue."""

    sku_id: str
    product_id: str
    title: str
    """Of the product."""
    sku_title: str
    image: str | None = None
    groups: str | None = None
    """One a line."""


class AskRow(NamedTuple):
    """What was asked of the shop; its words stand on the log, under ``seq``."""

    ask_id: str
    order_id: str
    aftersale_id: str
    act: str
    status: str
    asked_by: str
    by_person: bool
    amount_fen: int | None
    coupon: bool
    carrier: str
    waybill: str
    at: datetime
    seq: int


class AskMoved(NamedTuple):
    """What became of one; ``sent`` is no end of it."""

    ask_id: str
    status: str
    at: datetime
    seq: int


class StepRow(NamedTuple):
    """A step of a case, as it was said last; its note stands on the log, under ``seq``."""

    case_id: str
    step: str
    done_by: str
    done: bool
    at: datetime
    seq: int


class AgreedRow(NamedTuple):
    """Whether a review may be shown, as it was said last."""

    review_id: int
    agreed: bool
    at: datetime


class NoteRow(NamedTuple):
    """Where on the log a note at an order and its tags stand; None: the event says nothing of it."""

    order_id: str
    text_seq: int | None
    tags_seq: int | None


class CueRow(NamedTuple):
    """A cue that has left the room, as it left it."""

    cue_id: str
    broadcast: int
    kind: str
    status: str
    body: bytes
    """JSON; of people pids. A drawn bag's entrants and receipt stand on the log."""


class Sums(NamedTuple):
    """What the orders of a broadcast come to, or by how much that changes."""

    placed: int = 0
    paid: int = 0
    closed: int = 0
    refunded: int = 0
    unpaid: int = 0
    units: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0
    refund_owed_fen: int = 0
    unmatched: int = 0
    gift_units: int = 0


OF_BROADCASTS: Final = (
    "number", "title", "opened_at", "closed_at", "opened_seq", "orders_known", "comments", *Sums._fields,
    "audience",
)  # fmt: skip
"""Columns of `BroadcastRow` by name, in its order: where they stand in their table is its migrations'."""


class BroadcastRow(NamedTuple):
    """One broadcast with its totals."""

    number: int
    title: str
    opened_at: datetime
    closed_at: datetime | None
    opened_seq: int
    orders_known: bool
    """False: no source told of any order; ``sums`` is nought because nobody knows, not because nothing was
    sold."""
    comments: int
    sums: Sums
    audience: bytes = b""
    """What was told of who was there, as JSON (`domain.room.Audience`); only the books read it again."""


def broadcast_row(row: Sequence[Any]) -> BroadcastRow:
    """Return what a row of `OF_BROADCASTS` says."""
    number, title, opened, closed, seq, known, comments, *sums, audience = row
    at = moment(opened), None if closed is None else moment(closed)
    return BroadcastRow(number, title, *at, seq, bool(known), comments, Sums(*sums), audience or b"")


class MemberRow(NamedTuple):
    """Somebody as the room has him as a member (`domain.room_people.Member`); without ``joined_at`` he is one
    no more, and nothing is kept."""

    pid: str
    joined_at: datetime | None
    birthday: str | None = None
    signed: int = 0
    spent: int = 0
    balance_fen: int = 0
    checked_in: date | None = None


class CardRow(NamedTuple):
    """A past broadcast's report in short (`engine.cards`); read from the log anew at any time."""

    number: int
    mark: bytes
    """What it was read of: another one tells that there is more to read."""
    body: bytes
    """JSON, without any person."""


class KeptPicture(NamedTuple):
    """One picture in its three sizes; ``sha256`` is that of the whole one."""

    sha256: str
    small: bytes
    middle: bytes
    whole: bytes


class Forgetting(NamedTuple):
    """Somebody who is to be forgotten, and what named him as it reads without him."""

    pid: str
    events: Sequence[tuple[int, bytes]] = ()
    """(seq, data) of the log; the hash of what stood there stays in its chain."""
    cues: Sequence[tuple[str, bytes]] = ()
    answers: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """What one commit takes to disk, all of it or nothing."""

    expected_seq: int
    """The last seq this writer knows; another one in the log means another writer."""
    events: Sequence[EventRow] = ()
    persons: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """pid → (outside id, name); an empty name leaves a known one alone."""
    answers: Sequence[KeptAnswer] = ()
    denials: Sequence[Denial] = ()
    orders: Sequence[OrderRow] = ()
    told: Sequence[ToldOfOrder] = ()
    lines: Sequence[LineRow] = ()
    shipments: Sequence[ShipmentRow] = ()
    aftersales: Sequence[AftersaleRow] = ()
    reviews: Sequence[ReviewRow] = ()
    goods: Sequence[GoodsRow] = ()
    stock: Sequence[StockRow] = ()
    money: MoneyWrite | None = None
    goods_seen: Sequence[GoodsRow] = ()
    """Named by a file of orders: only what has no row yet."""
    order_notes: Sequence[NoteRow] = ()
    members: Sequence[MemberRow] = ()
    asks: Sequence[AskRow] = ()
    asks_moved: Sequence[AskMoved] = ()
    steps: Sequence[StepRow] = ()
    agreed: Sequence[AgreedRow] = ()
    cues: Sequence[CueRow] = ()
    """Those that leave the room."""
    broadcasts: Sequence[BroadcastRow] = ()
    """As they stand now."""
    later: Mapping[int, Sums] = field(default_factory=dict)
    """Number → by how much the totals of an earlier broadcast change."""
    measured: Sequence[tuple[str, bytes]] = ()
    """(cue id, figures as JSON) of cues that have left the room."""
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    forgetting: Forgetting | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What a store knows about itself."""

    store_id: str
    room_id: str
    simulated: bool
    person_key: bytes = field(repr=False)
    """Key of the BLAKE2b that makes pids; made once with the store."""
    epoch: int
    """Grows by one with every restore from a backup: what was owed before may have happened since."""
    created_at: datetime
    versions: Mapping[str, str]
    """schema, sqlite, cipher."""


def fact_digest(person_key: bytes, type: str, data: bytes) -> bytes:
    """16 bytes that stand for a fact's type and its data as sent (give ``data`` in canonical JSON).

    Keyed, because the data as sent holds names: the digest outlives a person who was forgotten.
    """
    return hashlib.blake2b(
        type.encode() + b"\0" + data, digest_size=16, key=person_key, person=b"fact"
    ).digest()


class Digests:
    """``fact_digest`` under one key, for many: the part that all facts of a type share is hashed once."""

    def __init__(self, person_key: bytes) -> None:
        self._key = person_key
        self._begun: dict[str, hashlib.blake2b] = {}

    def of(self, type: str, data: bytes) -> bytes:
        """Return the same as ``fact_digest``."""
        begun = self._begun.get(type)
        if begun is None:
            head = type.encode() + b"\0"
            begun = self._begun[type] = hashlib.blake2b(head, digest_size=16, key=self._key, person=b"fact")
        hasher = begun.copy()
        hasher.update(data)
        return hasher.digest()


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact. ``at`` must be aware."""
    return (at - _EPOCH) // _MICROSECOND


def moment(us: int) -> datetime:
    """Return the inverse of ``micros``; UTC."""
    return _EPOCH + us * _MICROSECOND
