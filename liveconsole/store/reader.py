"""Questions to the log and the read tables. The one writer asks them on its own connection; followers and
``/v1/log`` ask on a read-only one of their own (``Store.open_reader``) and are never in its way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, CursorResult

from liveconsole.messages.bounds import PAGE_BYTES
from liveconsole.messages.envelope import DOUBLE
from liveconsole.store import chain
from liveconsole.store.lines import Stamps, door_line, within
from liveconsole.store.pasts import Pasts
from liveconsole.store.people import pids_in, shown
from liveconsole.store.port import Link
from liveconsole.store.rows import (
    OF_BROADCASTS,
    BroadcastRow,
    CardRow,
    Denial,
    OrderRow,
    SaidLine,
    SearchPage,
    StoredEvent,
    broadcast_row,
    moment,
)
from liveconsole.store.source_ends import SourceEnds
from liveconsole.store.tables import FIRST_RARE_TYPE, NOISY

PictureSize = Literal["small", "middle", "whole"]
_PAGE: Final = 5_000
_Row = Any
"""seq, type, at, actor, data, source, id, time."""

_LAST = "SELECT coalesce(max(seq), 0) FROM event"
_LINES = (
    "SELECT e.seq, t.name, e.at, e.actor, e.data, s.name, e.input_id, e.time FROM event e"
    " JOIN type t ON t.id = e.type_id LEFT JOIN source s ON s.id = e.source_id"
    " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)
_LINES_OF = (
    "SELECT e.seq, t.name, e.at, e.actor, e.data, s.name, e.input_id, e.time FROM event e"
    " JOIN type t ON t.id = e.type_id LEFT JOIN source s ON s.id = e.source_id"
    " WHERE e.seq IN (SELECT seq FROM event WHERE seq > ? AND type_id IN ({marks}) {rare}"
    " ORDER BY seq LIMIT ?) ORDER BY e.seq"
)
"""The seqs first: what is put in order holds no data."""
_FOUND = (
    "SELECT e.seq, t.name, e.at, e.actor, e.data, s.name, e.input_id, e.time FROM event e"
    " JOIN type t ON t.id = e.type_id LEFT JOIN source s ON s.id = e.source_id"
    f" WHERE e.seq >= ? AND e.seq < ? AND e.type_id = ? AND e.actor <> '{DOUBLE}'"
    " AND instr(lower(json_extract(CAST(e.data AS TEXT), '$.text')), ?) > 0 ORDER BY e.seq DESC LIMIT ?"
)
_SAYING: Final = (
    "comment.posted",
    "question.answered",
    "broadcast.opened",
    "clock.repaired",
    "viewer.forgotten",
)
_SAID = (
    "SELECT e.seq, t.name, e.at, e.data FROM event e JOIN type t ON t.id = e.type_id"
    f" WHERE e.seq > ? AND e.seq <= ? AND e.actor <> '{DOUBLE}'"
    " AND e.type_id IN (SELECT id FROM type WHERE name IN (SELECT value FROM json_each(?))) ORDER BY e.seq"
)
_LINES_AT = (
    "SELECT e.seq, t.name, e.at, e.actor, e.data, s.name, e.input_id, e.time"
    " FROM json_each(?) j CROSS JOIN event e ON e.seq = CAST(j.value AS BIGINT)"
    " JOIN type t ON t.id = e.type_id LEFT JOIN source s ON s.id = e.source_id ORDER BY e.seq"
)
_RARE = (
    "SELECT e.seq FROM json_each(?) j CROSS JOIN event e INDEXED BY event_rare"
    " ON e.type_id = CAST(j.value AS BIGINT)"
    f" AND e.type_id >= {FIRST_RARE_TYPE} WHERE e.seq > ? AND e.seq < ? ORDER BY e.seq"
)
_LATE = "SELECT seq FROM event WHERE actor > 'producer@' AND actor = ? ORDER BY seq"
_LATE_COUNTS = (
    "SELECT j.value, (SELECT count(*) FROM event WHERE actor > 'producer@' AND actor = j.value)"
    " FROM json_each(?) j"
)
_CARDS = (
    "SELECT c.number, c.mark, c.body FROM json_each(?) j CROSS JOIN card c"
    " ON c.number = CAST(j.value AS BIGINT)"
)
_OF_CUES = (
    "SELECT e.seq FROM json_each(?) j CROSS JOIN event e INDEXED BY event_rare"
    " ON e.type_id = CAST(j.value AS BIGINT)"
    f" AND e.type_id >= {FIRST_RARE_TYPE} WHERE e.seq < ? AND (NOT EXISTS (SELECT 1 FROM cue_row c"
    " WHERE c.cue_id = json_extract(CAST(e.data AS TEXT), '$.cue_id') AND c.broadcast < ?)"
    " OR json_extract(CAST(e.data AS TEXT), '$.cue_id') IN (SELECT value FROM json_each(?))) ORDER BY e.seq"
)
_ABOUT_CUES: Final = ("cue.", "bag.", "coupon.claimed")
NEWEST_LINK: Final = "SELECT seq, link FROM event ORDER BY seq DESC LIMIT 1"
_CHAINED = (
    "SELECT e.seq, t.name, e.at, e.actor, coalesce(s.name, ''), coalesce(e.input_id, ''), e.time, e.data,"
    " e.data_hash, e.link FROM event e JOIN type t ON t.id = e.type_id"
    " LEFT JOIN source s ON s.id = e.source_id WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)
_FORGOTTEN = "viewer.forgotten"
_OF_TYPES = (
    "SELECT e.seq, t.name, e.data FROM json_each(?) j JOIN type t ON t.name = j.value CROSS JOIN event e"
    f" INDEXED BY event_rare ON e.type_id = t.id AND e.type_id >= {FIRST_RARE_TYPE} ORDER BY e.seq"
)
_FACTS = (
    "SELECT e.seq, t.name, e.data FROM event e JOIN type t ON t.id = e.type_id"
    " WHERE e.seq > ? AND e.seq <= ? AND e.source_id IS NOT NULL AND ({finds}) ORDER BY e.seq"
)
_FACTS_AT = (
    "SELECT e.seq, t.name, e.data FROM json_each(?) j CROSS JOIN event e ON e.seq = CAST(j.value AS BIGINT)"
    " JOIN type t ON t.id = e.type_id"
)
_ANSWERED = "SELECT command_id, answer FROM answer WHERE {finds}"
_OF_ORDERS: Final = ", ".join(f"o.{name}" for name in OrderRow._fields)
_ORDERS_BY = (
    f"SELECT {_OF_ORDERS} FROM order_row o WHERE buyer = ?"
    " ORDER BY placed_at DESC NULLS LAST, seq DESC LIMIT ?"
)
_SUMS_BY = (
    "SELECT count(*), coalesce(sum(status = 'paid'), 0), coalesce(sum(paid_fen), 0),"
    " coalesce(sum(refund_fen), 0) FROM order_row WHERE buyer = ?"
)
_COMMENTS_BY = (
    "SELECT e.seq, 'comment.posted', e.data FROM event e WHERE e.seq > ? AND e.type_id = ?"
    " AND instr(e.data, ?) > 0 ORDER BY e.seq DESC LIMIT ?"
)
_SUMS: Final = ("placed", "paid", "paid_fen", "refund_fen")
_SPAN: Final = 100_000
"""Events that are looked through at once: no long read holds the -wal file."""
_ORDERS = (
    f"SELECT {_OF_ORDERS} FROM order_row o WHERE (? = '' OR status = ?)"
    " ORDER BY placed_at DESC NULLS LAST, seq DESC LIMIT ?"
)
_THESE_ORDERS = f"SELECT {_OF_ORDERS} FROM json_each(?) j CROSS JOIN order_row o ON o.order_id = j.value"
_THIS_ORDER = f"SELECT {_OF_ORDERS} FROM order_row o WHERE order_id = ?"
_THESE_CUES = "SELECT c.cue_id, c.broadcast FROM json_each(?) j CROSS JOIN cue_row c ON c.cue_id = j.value"
_BROADCASTS = (
    f"SELECT {', '.join(OF_BROADCASTS)} FROM broadcast WHERE number < ? ORDER BY number DESC LIMIT ?"
)


SEARCH_SPAN: Final = 25_000
"""Events that one search looks at, so that nobody who reads the log waits long behind it."""


class LoggedData(NamedTuple):
    """An event's data as the log has it."""

    seq: int
    type: str
    data: bytes


class LogHead(NamedTuple):
    """The newest event's seq and its link in the chain, as hex; seq 0 and the beginning's in an empty log."""

    seq: int
    link: str


class ChainedLine(NamedTuple):
    """What the chain is made of, for one event."""

    line: bytes
    """``chain.canonical``."""
    data_hash: bytes
    link: bytes
    """As it stands in the log."""


class Reader(Pasts, SourceEnds):
    """Reads one store; one thread at a time. Close it, or close the Store it belongs to."""

    def __init__(self, file: Link) -> None:
        self._file = file

    def last_seq(self) -> int:
        """Return the seq of the newest event on disk; 0 in an empty log."""
        with self._file.reading() as c:
            return int(c.exec_driver_sql(_LAST).scalar_one())

    def read(
        self,
        after: int,
        limit: int,
        types: Sequence[str] = (),
        *,
        names: bool = True,
        most_bytes: int = PAGE_BYTES,
    ) -> list[bytes]:
        """At most `limit` lines of the log with a seq over `after`, in order, ready for the door, and at most
        `most_bytes` of them (or one line); only of `types` if any are named. None: the log ends here.
        Without `names`, people stay pids."""
        with self._file.reading() as c:
            rows = self._rows(c, after, limit, types, most_bytes)
            known = self._file.people.names(c, pids_in(row[4] for row in rows)) if names else {}
        stamps = Stamps()
        lines = (
            door_line(
                seq,
                type_,
                stamps(at),
                actor,
                shown(data, known) if names else data,
                source or "",
                id_ or "",
                time,
            )
            for seq, type_, at, actor, data, source, id_, time in rows
        )
        return within(lines, most_bytes)

    def said_after(self, seq: int, most: int) -> tuple[list[SaidLine], int]:
        """Of the ``most`` events behind a seq the comments and what was answered, in order, and the seq up to
        which that is."""
        with self._file.reading() as c:
            end = min(seq + most, int(c.exec_driver_sql(_LAST).scalar_one()))
            rows = c.exec_driver_sql(_SAID, (seq, end, json.dumps(_SAYING)))
            return [SaidLine._make(row) for row in rows], end

    def search(self, text: str, before: int, limit: int) -> SearchPage:
        """Comments with `text` in their text (ASCII letters in any case), the newest `limit` of those with a
        seq under `before` (0: from the newest on), at most ``SEARCH_SPAN`` events back."""
        sought = text.encode().lower().decode()
        with self._file.reading() as c:
            end = before or int(c.exec_driver_sql(_LAST).scalar_one()) + 1
            start = max(1, end - SEARCH_SPAN)
            span = (start, end, NOISY["comment.posted"], sought, limit)
            rows, whole = _held(c.exec_driver_sql(_FOUND, span), PAGE_BYTES)
            if len(rows) == limit or not whole:
                start = rows[-1][0]
            at = c.exec_driver_sql("SELECT at FROM event WHERE seq = ?", (start,)).scalar()
            known = self._file.people.names(c, pids_in(row[4] for row in rows))
        stamps = Stamps()
        lines = [
            door_line(seq, type_, stamps(us), actor, shown(data, known), source or "", id_ or "", time)
            for seq, type_, us, actor, data, source, id_, time in reversed(rows)
        ]
        return SearchPage(lines, start, b"" if at is None else stamps(at))

    def log_head(self) -> LogHead:
        """Return where the chain ends now."""
        with self._file.reading() as c:
            seq, link = c.exec_driver_sql(NEWEST_LINK).first() or (0, chain.BEGIN)
        return LogHead(seq, link.hex())

    def chained(self, after: int = 0) -> Iterator[tuple[int, ChainedLine]]:
        """Return every event behind a seq as the chain has it, in order, with its own seq. Read in pages."""
        while True:
            with self._file.reading() as c:
                rows = c.exec_driver_sql(_CHAINED, (after, _PAGE)).all()
            lines = chain.canonical([tuple(row[:7]) for row in rows])
            for line, (seq, *_, data, kept, link) in zip(lines, rows, strict=True):
                yield seq, ChainedLine(line, kept or chain.data_hash(data), link or b"")
            if not rows:
                return
            after = rows[-1][0]

    def events_after(self, seq: int) -> Iterator[StoredEvent]:
        """Return every event behind `seq`, in order, for the fold. Read in pages: no long read holds the -wal
        file."""
        while True:
            with self._file.reading() as c:
                rows = self._rows(c, seq, _PAGE, (), PAGE_BYTES)
            yield from map(_stored, rows)
            if not rows:
                return
            seq = rows[-1][0]

    def rare_seqs(self, after: int, before: int, *, without: Sequence[str] = ()) -> list[int]:
        """Between two seqs (neither included) those of all events but the ones that come by the thousand, in
        order; none whose type begins with one of ``without``."""
        with self._file.reading() as c:
            types = c.exec_driver_sql(f"SELECT id, name FROM type WHERE id >= {FIRST_RARE_TYPE}").all()
            ids = [id_ for id_, name in types if not name.startswith(tuple(without))]
            rows = c.exec_driver_sql(_RARE, (json.dumps(ids), after, before)).all()
        return [row[0] for row in rows]

    def late_seqs(self, actor: str) -> list[int]:
        """Of the late facts of one actor, in order."""
        with self._file.reading() as c:
            return [row[0] for row in c.exec_driver_sql(_LATE, (actor,))]

    def late_counts(self, actors: Sequence[str]) -> dict[str, int]:
        """Return how many late facts there are of each of these actors."""
        with self._file.reading() as c:
            return {row[0]: row[1] for row in c.exec_driver_sql(_LATE_COUNTS, (json.dumps(list(actors)),))}

    def cards(self, numbers: Sequence[int]) -> list[CardRow]:
        """Return what is kept of these broadcasts."""
        with self._file.reading() as c:
            return [CardRow._make(row) for row in c.exec_driver_sql(_CARDS, (json.dumps(list(numbers)),))]

    def seqs_of_cues(self, before: int, number: int, also: Sequence[str]) -> list[int]:
        """Before a seq those of events about cues that were fired in no broadcast under ``number``, or are
        named; in order."""
        with self._file.reading() as c:
            types = c.exec_driver_sql("SELECT id, name FROM type").all()
            ids = [id_ for id_, name in types if name.startswith(_ABOUT_CUES) and name not in NOISY]
            rows = c.exec_driver_sql(_OF_CUES, (json.dumps(ids), before, number, _listed(also))).all()
        return [row[0] for row in rows]

    def lines_at(self, seqs: Sequence[int]) -> list[bytes]:
        """Return the lines of these seqs, with names, in order."""
        if not seqs:
            return []
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_LINES_AT, (json.dumps(list(seqs)),)).all()
            known = self._file.people.names(c, pids_in(row[4] for row in rows))
        stamps = Stamps()
        return [
            door_line(seq, type_, stamps(at), actor, shown(data, known), source or "", id_ or "", time)
            for seq, type_, at, actor, data, source, id_, time in rows
        ]

    def events_at(self, seqs: Sequence[int]) -> list[StoredEvent]:
        """Return the events of these seqs, in order, for the fold."""
        with self._file.reading() as c:
            return [_stored(row) for row in c.exec_driver_sql(_LINES_AT, (json.dumps(list(seqs)),))]

    def _rows(
        self, c: Connection, after: int, limit: int, types: Sequence[str], most_bytes: int
    ) -> list[_Row]:
        if not types:
            return _held(c.exec_driver_sql(_LINES, (after, limit)), most_bytes)[0]
        ids = self._type_ids(c, types)
        if not ids:
            return []
        rare = f"AND type_id >= {FIRST_RARE_TYPE}" if min(ids) >= FIRST_RARE_TYPE else ""
        marks = ",".join("?" * len(ids))
        statement = _LINES_OF.format(marks=marks, rare=rare)
        return _held(c.exec_driver_sql(statement, (after, *ids, limit)), most_bytes)[0]

    def _type_ids(self, c: Connection, types: Sequence[str]) -> list[int]:
        rows = c.exec_driver_sql(
            "SELECT id FROM type WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(types)),)
        )
        return [row[0] for row in rows]

    def picture(self, sha256: str, size: PictureSize) -> bytes | None:
        """Return a kept picture at one of its sizes."""
        with self._file.reading() as c:
            row = c.exec_driver_sql(f"SELECT {size} FROM picture WHERE sha256 = ?", (sha256,)).first()
        return row[0] if row else None

    def names(self, pids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """pid → (outside id, name); who was forgotten is not in it."""
        with self._file.reading() as c:
            return self._file.people.names(c, pids)

    def forgotten(self) -> set[str]:
        """Return the pids of those who were forgotten, ever."""
        return {json.loads(row.data)["viewer_id"] for row in self.of_types((_FORGOTTEN,))}

    def of_types(self, types: Iterable[str]) -> list[LoggedData]:
        """Return all events of these types, in order; only of types that do not come by the thousand."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_OF_TYPES, (json.dumps(list(types)),)).all()
        return [LoggedData._make(row) for row in rows]

    def facts_with(self, sought: Sequence[bytes], after: int) -> tuple[list[int], int]:
        """Return the seqs of the facts behind ``after`` in whose data one of these bytes stands, and how far
        the log was looked through: to its end."""
        found: list[int] = []
        last = self.last_seq()
        statement = _FACTS.format(finds=" OR ".join(["instr(e.data, ?) > 0"] * len(sought)))
        for start in range(after, last, _SPAN) if sought else ():
            with self._file.reading() as c:
                rows = c.exec_driver_sql(statement, (start, min(last, start + _SPAN), *sought))
                found += [row[0] for row in rows]
        return found, last

    def data_at(self, seqs: Sequence[int]) -> list[LoggedData]:
        """Return the data of these events."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_FACTS_AT, (json.dumps(list(seqs)),)).all()
        return [LoggedData._make(row) for row in rows]

    def answers_with(self, sought: Sequence[bytes]) -> list[tuple[str, bytes]]:
        """Return the kept answers in which one of these bytes stands, by command id."""
        if not sought:
            return []
        statement = _ANSWERED.format(finds=" OR ".join(["instr(answer, ?) > 0"] * len(sought)))
        with self._file.reading() as c:
            return [(row[0], row[1]) for row in c.exec_driver_sql(statement, tuple(sought))]

    def all_cue_bodies(self) -> list[tuple[str, bytes]]:
        """Return every cue that has left the room, by its id, as it left."""
        with self._file.reading() as c:
            return [(row[0], row[1]) for row in c.exec_driver_sql("SELECT cue_id, body FROM cue_row")]

    def people_with(self, text: str, limit: int) -> list[tuple[str, str]]:
        """(outside id, name) of those in whose id or name a text stands (ASCII letters in any case), whom a
        commit named last first."""
        sought = text.encode().lower().decode()
        with self._file.reading() as c:
            return self._file.people.called(c, sought, limit)

    def orders_by(self, pid: str, limit: int) -> tuple[list[OrderRow], dict[str, int]]:
        """Return the newest orders of a buyer, and what all of them come to."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_ORDERS_BY, (pid, limit)).all()
            sums = c.exec_driver_sql(_SUMS_BY, (pid,)).one()
        return [_order(row) for row in rows], dict(zip(_SUMS, sums, strict=True))

    def comments_by(self, pid: str, limit: int) -> list[LoggedData]:
        """Return what somebody said in the newest `SEARCH_SPAN` events, the newest first."""
        with self._file.reading() as c:
            start = int(c.exec_driver_sql(_LAST).scalar_one()) - SEARCH_SPAN
            asked = (start, NOISY["comment.posted"], pid.encode(), limit)
            return [LoggedData._make(row) for row in c.exec_driver_sql(_COMMENTS_BY, asked)]

    def orders(self, limit: int = 200, *, status: str = "") -> list[OrderRow]:
        """Return the newest orders first, all or those of one status."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_ORDERS, (status, status, limit)).all()
        return [_order(row) for row in rows]

    def orders_of(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        """Of these orders those that have a row, in the room's memory or not."""
        with self._file.reading() as c:
            rows = list(c.exec_driver_sql(_THESE_ORDERS, (_listed(ids),)))
            for id_ in ids:
                if "\0" in id_:  # SQLite's JSON ends a text at NUL
                    rows += c.exec_driver_sql(_THIS_ORDER, (id_,))
        return {row[0]: _order(row) for row in rows}

    def cues_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Of these cues those that have left the room: cue id → its broadcast."""
        one = "SELECT cue_id, broadcast FROM cue_row WHERE cue_id = ?"
        with self._file.reading() as c:
            rows = list(c.exec_driver_sql(_THESE_CUES, (_listed(ids),)))
            for id_ in ids:
                if "\0" in id_:
                    rows += c.exec_driver_sql(one, (id_,))
        return {row[0]: row[1] for row in rows}

    def cue_bodies(self, broadcast: int) -> list[bytes]:
        """Return the cues of a broadcast as they left the room, as JSON, with what was measured later."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(
                "SELECT body, measured FROM cue_row WHERE broadcast = ? ORDER BY rowid", (broadcast,)
            ).all()
        return [body if late is None else body[:-1] + b',"measured_later":%b}' % late for body, late in rows]

    def broadcasts(self, before: int = 0, limit: int = 1_000) -> list[BroadcastRow]:
        """Return the newest `limit` under number `before` (0: all), oldest first."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_BROADCASTS, (before or 1 << 62, limit)).all()
        return [broadcast_row(row) for row in reversed(rows)]

    def denials(self, limit: int = 200) -> list[Denial]:
        """Tell who was refused for his role, newest first."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(
                "SELECT role, type, at, code FROM denial ORDER BY id DESC LIMIT ?", (limit,)
            ).all()
        return [Denial(role, type_, moment(at), code) for role, type_, at, code in rows]

    def close(self) -> None:
        """Free the connection; twice does no harm."""
        self._file.close()


def _stored(row: Sequence[Any]) -> StoredEvent:
    seq, type_, at, actor, data, source, id_, time = row
    return StoredEvent(seq, type_, moment(at), actor, data, source or "", id_ or "", time)


def _listed(ids: Sequence[str]) -> str:
    return json.dumps([id_ for id_ in ids if "\0" not in id_])


def _order(row: Sequence[Any]) -> OrderRow:
    return OrderRow._make((*row[:7], None if row[7] is None else moment(row[7]), *row[8:]))


def _held(result: CursorResult[Any], most_bytes: int) -> tuple[list[_Row], bool]:
    """The first rows whose data have so many bytes together, or one; and whether those are all."""
    rows: list[_Row] = []
    row: _Row
    with result:
        for row in result:
            most_bytes -= len(row[4])
            if most_bytes < 0 and rows:
                return rows, False
            rows.append(row)
    return rows, True
