"""What the log says of a broadcast besides orders: who was there, what was typed, what happened when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from liveconsole.books.boards.scope import FOREVER, BoardScope
from liveconsole.books.reading import BookReader
from liveconsole.domain.amounts import ToldAmount
from liveconsole.domain.room import Audience
from liveconsole.messages.envelope import late_of
from liveconsole.store.rows import moment
from liveconsole.store.tables import FIRST_RARE_TYPE, NOISY

REFUNDS_MOST: Final = 20_000
"""Refunds of one broadcast that are gone through."""
_decode = msgspec.json.Decoder(Audience).decode
_ONLINE = "CAST(json_extract(CAST(e.data AS TEXT), '$.online') AS BIGINT)"
_MEASUREMENTS = (
    f"FROM event e INDEXED BY event_measured WHERE e.type_id = {NOISY['room.measured']}"
    f" AND e.seq >= :first AND e.seq < :behind AND e.at >= :since AND e.at < :before"
    f" AND {_ONLINE} IS NOT NULL"
)
_RARE = (
    "SELECT e.seq, t.name, e.at, e.actor, e.data FROM json_each(:types) j"
    " CROSS JOIN type t ON t.name = j.value"
    f" CROSS JOIN event e INDEXED BY event_rare ON e.type_id = t.id AND e.type_id >= {FIRST_RARE_TYPE}"
    " WHERE e.seq >= :first AND e.seq < :behind ORDER BY e.seq"
)


class Happened(NamedTuple):
    """A line of the log; ``at`` in µs."""

    seq: int
    type: str
    at: int
    actor: str
    data: Any


def happened(reader: BookReader, types: Sequence[str], first_seq: int, behind_seq: int) -> Iterator[Happened]:
    """Yield the events of some rare types from one seq to before another, in order."""
    values = {"types": json.dumps(list(types)), "first": first_seq, "behind": behind_seq}
    for seq, type_, at, actor, data in reader.rows(_RARE, values):
        yield Happened(seq, type_, at, actor, msgspec.json.decode(data))


def audience_of(reader: BookReader, scope: BoardScope) -> Audience:
    """Return what was told of who was there; of days nothing is."""
    if scope.number is None:
        return Audience()
    rows = reader.rows("SELECT audience FROM broadcast WHERE number = ?", (scope.number,))
    return _decode(rows[0][0]) if rows and rows[0][0] else Audience()


class AudienceFigure(NamedTuple):
    """``at`` is None of what is counted here, fact by fact."""

    value: int
    at: datetime | None


def counted(audience: Audience, name: str, count: str) -> AudienceFigure | None:
    """Return what the platform shows under ``name``, else what was counted here under ``count``."""
    if (measured := audience.measured.get(name)) is not None:
        return AudienceFigure(measured.value, measured.at)
    number = getattr(audience, count, None) if count else None
    return None if number is None else AudienceFigure(number, None)


def mean_online(reader: BookReader, scope: BoardScope, since: int, before: int) -> float | None:
    """Return the mean of what was measured between two moments; None where nothing was."""
    found: float | None = reader.rows(
        f"SELECT avg({_ONLINE}) {_MEASUREMENTS}", _between(scope, since, before)
    )[0][0]
    return found


def online_by_bar(reader: BookReader, scope: BoardScope, width: int) -> dict[int, int]:
    """Return bar → what was measured last in it."""
    rows = reader.rows(
        f"SELECT bar, online FROM (SELECT (e.at - :since) / :width AS bar, {_ONLINE} AS online,"
        f" row_number() OVER (PARTITION BY (e.at - :since) / :width ORDER BY e.seq DESC) AS place"
        f" {_MEASUREMENTS}) AS told WHERE place = 1",
        _between(scope, scope.start, scope.until + 1) | {"width": width},
    )
    return dict(map(tuple, rows))


def peaks_by_bar(reader: BookReader, scope: BoardScope, width: int) -> dict[int, int]:
    """Return bar → the most that was measured in it."""
    rows = reader.rows(
        f"SELECT (e.at - :since) / :width bar, max({_ONLINE}) {_MEASUREMENTS} GROUP BY bar",
        _between(scope, scope.start, scope.until + 1) | {"width": width},
    )
    return dict(map(tuple, rows))


def peak_online(reader: BookReader, scope: BoardScope, before: int = 0) -> int | None:
    """Return the most that was measured, up to a moment or the end."""
    values = _between(scope, scope.start, before or scope.until + 1)
    found: int | None = reader.rows(f"SELECT max({_ONLINE}) {_MEASUREMENTS}", values)[0][0]
    return found


def _between(scope: BoardScope, since: int, before: int) -> dict[str, int]:
    return {"first": scope.first_seq, "behind": scope.behind_seq, "since": since, "before": before}


class TypedFigure(NamedTuple):
    value: int
    at: datetime


class Typed:
    """What people typed of one broadcast and its goods, and of goods at any time; typed again it is
    corrected."""

    def __init__(self, reader: BookReader, scope: BoardScope) -> None:
        self._figures: dict[tuple[str, str], TypedFigure] = {}
        for each in happened(reader, ("board.typed",), 0, FOREVER):
            data = each.data
            name, product_id = data["name"], data["product_id"] or ""
            if data["broadcast"] not in (0, scope.number):
                continue
            if data["value"] is None:
                self._figures.pop((name, product_id), None)
            else:
                self._figures[name, product_id] = TypedFigure(data["value"], moment(each.at))

    def of(self, name: str, product_id: str = "") -> TypedFigure | None:
        """Return what was typed last under a name."""
        return self._figures.get((name, product_id))

    def goods(self, name: str) -> list[TypedFigure]:
        """Return what was typed under a name of any goods."""
        return [figure for (mine, of), figure in self._figures.items() if mine == name and of]


def refunded(reader: BookReader, scope: BoardScope, first: int, middle: int) -> tuple[int, int] | None:
    """Return what went back of a broadcast's orders since ``middle``, and from ``first`` to before it; None:
    too many refunds to go through.

    A refund has no moment in the read tables: the log's lines are summed up by the rule of the room
    (`domain.amounts`), order by order, and what each line added stands at its moment.
    """
    sums: dict[str, ToldAmount] = {}
    last = before = 0
    for number, each in enumerate(happened(reader, ("order.refunded",), scope.first_seq, scope.behind_seq)):
        if number == REFUNDS_MOST:
            return None
        if late_of(each.actor) is not None or each.at > scope.until:
            continue
        told = sums.setdefault(each.data["order_id"], ToldAmount())
        had = told.fen
        told.told(each.data["refund_fen"], each.data.get("refund_id"))
        if each.at >= middle:
            last += told.fen - had
        elif each.at >= first:
            before += told.fen - had
    return last, before
