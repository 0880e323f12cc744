"""A disk in memory and the store on it, as ``liveconsole.store`` has it, with a page cache that may lie.

An honest disk has a commit whole when it returns. A lying one says so and keeps it in its cache: a power
cut takes a suffix of what was not synced, the last commit it leaves may be torn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from liveconsole.domain.room_asks import FromBooks, KnownLine, KnownOrder, KnownReview
from liveconsole.messages.bounds import PAGE_BYTES
from liveconsole.store import chain
from liveconsole.store.errors import InputTaken, SeqTaken
from liveconsole.store.lines import door_line, stamp, within
from liveconsole.store.pasts import PaidOrders
from liveconsole.store.people import pids_in, shown
from liveconsole.store.reader import LogHead
from liveconsole.store.rows import (
    AskRow,
    BroadcastRow,
    CardRow,
    CueRow,
    Denial,
    EventRow,
    LineRow,
    Meta,
    OrderRow,
    ReviewRow,
    StoredEvent,
)

from liveconsole.store.rows import Sums, Write, micros  # isort: skip
from liveconsole.store.tables import BOOKS_VERSION

SNAPSHOTS_KEPT = 2
_SYNCED_EVERY = 7
"""Commits after which a lying disk has written its cache."""


class Snapshot(NamedTuple):
    version: int
    blob: bytes


class Disk:
    """What a machine's disk holds of one room; outlives every engine."""

    unique = True
    """Whether (source, id) and command ids are unique, as the real tables have them."""

    def __init__(self, meta: Meta) -> None:
        self.meta = meta
        self.lies = False
        self._journal: list[Write] = []
        self._synced = 0
        self._clear()
        self.snapshots: dict[int, Snapshot] = {}
        self.secrets: dict[str, bytes] = {}
        self.cards: dict[int, CardRow] = {}
        self.before: Callable[[SimStore, Write], Callable[[], None] | None] = lambda store, write: None
        """Asked before every commit: may raise, and may give what is to happen after it."""
        self.after: Callable[[SimStore, Write], None] = lambda store, write: None
        """Told of every commit that was applied."""
        self.cannot: Callable[[], None] = lambda: None
        """Asked before anything else is written: may raise."""

    def _clear(self) -> None:
        self.rows: list[EventRow] = []
        self.links: list[bytes] = [chain.BEGIN]
        self.known: dict[tuple[str, str], bytes] = {}
        self.answers: dict[str, tuple[bytes, bytes]] = {}
        self.denials: list[Denial] = []
        self.persons: dict[str, tuple[str, str]] = {}
        self.orders: dict[str, OrderRow] = {}
        self.cues: dict[str, CueRow] = {}
        self.broadcasts: dict[int, BroadcastRow] = {}
        self.lines: dict[str, dict[int, LineRow]] = {}
        self.shipped: set[str] = set()
        self.asks: dict[str, AskRow] = {}
        self.reviews: dict[int, ReviewRow] = {}
        self.agreed: dict[int, bool] = {}

    def commit(self, store: SimStore, write: Write) -> None:
        """One transaction, all of it or nothing, with the constraints of the real tables."""
        if write.expected_seq != len(self.rows):
            raise SeqTaken(write.expected_seq, len(self.rows))
        if self.unique:
            fresh = [(row.source, row.id) for row in write.events if row.source]
            if len(set(fresh)) < len(fresh) or any(key in self.known for key in fresh):
                raise InputTaken("event.source_id")
            ids = [answer.command_id for answer in write.answers]
            if len(set(ids)) < len(ids) or any(id_ in self.answers for id_ in ids):
                raise InputTaken("answer.command_id")
        then = self.before(store, write)
        self._apply(write)
        if self.lies:
            self._journal.append(write)
            if len(self._journal) % _SYNCED_EVERY == 0:
                self._synced = len(self._journal)
        self.after(store, write)
        if then is not None:
            then()

    def _apply(self, write: Write) -> None:
        chained: list[chain.ChainedEvent] = [
            (seq, e.type, micros(e.at), e.actor, e.source, e.id if e.source else "", e.time)
            for seq, e in enumerate(write.events, len(self.rows) + 1)
        ]
        self.links += chain.links(self.links[-1], chained, [e.data for e in write.events])
        self.rows.extend(write.events)
        for event in write.events:
            if event.source:
                self.known[event.source, event.id] = event.digest
        for pid, who in write.persons.items():
            had = self.persons.get(pid)
            self.persons[pid] = (who[0], who[1] or had[1]) if had is not None else who
        for answer in write.answers:
            self.answers[answer.command_id] = (answer.body_hash, answer.answer)
        self.denials.extend(write.denials)
        self.secrets.update(write.secrets)
        self.orders.update({row.order_id: row for row in write.orders})
        for line in write.lines:
            self.lines.setdefault(line.order_id, {})[line.line] = line
        self.shipped.update(row.order_id for row in write.shipments)
        self.asks.update({row.ask_id: row for row in write.asks})
        self.reviews.update({row.seq: row for row in write.reviews})
        self.agreed.update({row.review_id: row.agreed for row in write.agreed})
        for moved in write.asks_moved:
            self.asks[moved.ask_id] = self.asks[moved.ask_id]._replace(status=moved.status)
        self.cues.update({row.cue_id: row for row in write.cues})
        self.broadcasts.update({row.number: row for row in write.broadcasts})
        for number, more in write.later.items():
            row = self.broadcasts[number]
            sums = Sums(*(a + b for a, b in zip(row.sums, more, strict=True)))
            self.broadcasts[number] = row._replace(sums=sums, orders_known=True)

    def power_cut(self, *, torn: bool) -> None:
        """The commits that were not synced are gone; of the first of them half may be there."""
        whole, rest = self._journal[: self._synced], self._journal[self._synced :]
        if torn and rest:
            half = rest[0]
            whole.append(Write(half.expected_seq, events=half.events[: len(half.events) // 2]))
        self._clear()
        self._journal = []
        for write in whole:
            self._apply(write)
            self._journal.append(write)
        self._synced = len(self._journal)
        self.snapshots = {seq: kept for seq, kept in self.snapshots.items() if seq <= len(self.rows)}


class SimStore:
    """One process's connection to the disk; stands where ``liveconsole.store.Store`` stands."""

    def __init__(self, disk: Disk, owner: Any = None) -> None:
        self._disk = disk
        self.owner = owner
        self.meta = disk.meta
        self.broken: Exception | None = None

    def last_seq(self) -> int:
        return len(self._disk.rows)

    to_clear = False
    folder = None

    def clear_what_is_left(self) -> None:
        """Nothing is."""

    def forgotten(self) -> set[str]:
        """Nobody asks for it here."""
        return set()

    def log_head(self) -> LogHead:
        return LogHead(len(self._disk.rows), self._disk.links[-1].hex())

    def checkpoint_by_hand(self, latest: int) -> None:
        """There is no -wal file."""

    def pages_written(self) -> int:
        return 0

    def checkpoint(self) -> None:
        raise AssertionError("nothing to copy")

    def commit(self, write: Write) -> None:
        if self.broken is not None:
            raise self.broken
        self._disk.commit(self, write)

    def known(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        known = self._disk.known
        return {key: known[key] for key in keys if key in known}

    def answers(self, ids: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
        answers = self._disk.answers
        return {id_: answers[id_] for id_ in ids if id_ in answers}

    def orders_of(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        return {id_: self._disk.orders[id_] for id_ in ids if id_ in self._disk.orders}

    def has_past_orders(self) -> bool:
        return False

    def known_of(self, order_ids: Sequence[str], aftersale_ids: Sequence[str]) -> FromBooks:
        orders = self._disk.orders
        return FromBooks(True, {id_: self._known(orders[id_]) for id_ in order_ids if id_ in orders}, {})

    def known_review(self, review_id: int) -> KnownReview | None:
        row = self._disk.reviews.get(review_id)
        if row is None:
            return None
        order = self._disk.orders.get(row.order_id or "")
        agreed = self._disk.agreed.get(review_id, False)
        return KnownReview(
            row.seq, row.product_id, row.stars, row.text, agreed, order.buyer if order is not None else None
        )

    def _known(self, row: OrderRow) -> KnownOrder:
        lines = self._disk.lines.get(row.order_id, {})
        done = [
            ask.amount_fen or 0
            for ask in self._disk.asks.values()
            if (ask.order_id, ask.act, ask.status) == (row.order_id, "compensate", "done") and not ask.coupon
        ]
        return KnownOrder(
            row.order_id,
            row.total_fen,
            row.paid_fen,
            row.refund_fen,
            placed=row.status != "seen",
            paid=row.status == "paid",
            closed=row.status == "closed",
            shipped=row.order_id in self._disk.shipped,
            lines=[
                KnownLine(line.sku_id, line.quantity, line.unit_price_fen, line.product_id or "")
                for _, line in sorted(lines.items())
            ],
            back_fen=sum(done),
        )

    def pasts_of(self, pids: Sequence[str]) -> dict[str, PaidOrders]:
        found = {}
        for pid in pids:
            rows = [row for row in self._disk.orders.values() if row.buyer == pid]
            stand = sum(row.status == "paid" and row.refund_fen < max(row.paid_fen, 1) for row in rows)
            found[pid] = PaidOrders(stand, sum(row.paid_fen - row.refund_fen for row in rows))
        return found

    def cues_of(self, ids: Sequence[str]) -> dict[str, int]:
        return {id_: self._disk.cues[id_].broadcast for id_ in ids if id_ in self._disk.cues}

    def broadcasts(self, before: int = 0, limit: int = 1_000) -> list[BroadcastRow]:
        return [row for number, row in sorted(self._disk.broadcasts.items()) if number < (before or 1 << 62)]

    def late_counts(self, actors: Sequence[str]) -> dict[str, int]:
        told = Counter(row.actor for row in self._disk.rows)
        return {actor: told[actor] for actor in actors}

    def cards(self, numbers: Sequence[int]) -> list[CardRow]:
        return [self._disk.cards[number] for number in numbers if number in self._disk.cards]

    def keep_cards(self, cards: Sequence[CardRow]) -> None:
        if self.broken is not None:
            raise self.broken
        self._disk.cannot()
        self._disk.cards.update((card.number, card) for card in cards)

    def books_version(self) -> int:
        return BOOKS_VERSION

    def load(self, fold_version: int) -> tuple[bytes | None, int]:
        fit = [seq for seq, kept in self._disk.snapshots.items() if kept.version == fold_version]
        return (self._disk.snapshots[max(fit)].blob, max(fit)) if fit else (None, 0)

    def snapshot(self, seq: int, fold_version: int, blob: bytes) -> None:
        if self.broken is not None:
            raise self.broken
        self._disk.cannot()
        kept = self._disk.snapshots
        kept[seq] = Snapshot(fold_version, blob)
        for old in sorted(kept)[:-SNAPSHOTS_KEPT]:
            del kept[old]

    def events_after(self, seq: int) -> Iterator[StoredEvent]:
        rows = self._disk.rows
        for number in range(seq, len(rows)):
            row = rows[number]
            yield StoredEvent(number + 1, row.type, row.at, row.actor, row.data, row.source, row.id, row.time)

    def read(
        self,
        after: int,
        limit: int,
        types: Sequence[str] = (),
        *,
        names: bool = True,
        most_bytes: int = PAGE_BYTES,
    ) -> list[bytes]:
        rows = self._disk.rows[after : after + limit]
        people = self.names(pids_in(row.data for row in rows)) if names else {}
        lines = [
            door_line(
                after + place,
                row.type,
                stamp(row.at),
                row.actor,
                shown(row.data, people),
                row.source,
                row.id,
                row.time,
            )
            for place, row in enumerate(rows, 1)
            if not types or row.type in types
        ]
        return within(lines, most_bytes)

    def names(self, pids: Iterable[str]) -> dict[str, tuple[str, str]]:
        persons = self._disk.persons
        return {pid: persons[pid] for pid in pids if pid in persons}

    def secret(self, name: str) -> bytes | None:
        return self._disk.secrets.get(name)

    def keep_secret(self, name: str, value: bytes) -> None:
        self._disk.secrets[name] = value

    def open_reader(self) -> SimStore:
        return SimStore(self._disk)

    def beside(self) -> SimStore:
        """For the books, which nobody reads here."""
        return SimStore(self._disk)

    def close(self) -> None:
        """Nothing is held."""


def made(room_id: str, person_key: bytes, at: datetime, *, simulated: bool) -> Disk:
    """A fresh disk with an empty room on it."""
    versions: Mapping[str, Any] = {"schema": "sim", "sqlite": "", "cipher": ""}
    return Disk(Meta("sim", room_id, simulated, person_key, 1, at, versions))
