"""What the law asks to keep of one broadcast, as one sealed file: prices with their ledger, the rules of the
time, reviews, moderation, prizes and how they were delivered.

Every event stands in it as it was logged, with the link of the log's chain before it and its own, so that it
can be held against the log, or against a receipt or a backup that names a later link; the seal is over the
whole file. `verify_evidence` checks both and shares no code with this. Of persons there are pids; names of
winners only where they are asked for, and of nobody who was forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from liveconsole.domain.law.goods import tonight
from liveconsole.domain.room import Room
from liveconsole.engine.recording import Recording
from liveconsole.messages.law_words import PREVAILS
from liveconsole.store import chain
from liveconsole.store.reader import ChainedLine, Reader
from liveconsole.store.rows import BroadcastRow, Meta, StoredEvent, micros
from liveconsole.views.masks import mask_name
from liveconsole.views.report import NoBroadcast

FORMAT: Final = "liveconsole/evidence/1"
KEPT_YEARS: Final = 3
"""直播电商监督管理办法, article 31: for so long at least."""
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "rules": ("law.read",),
    "prizes": ("cue.drawn", "bag.closed", "bag.settled", "bag.winners", "bag.name_settled", "bag.source"),
    "prices": ("catalogue.put", "product.shelved", "prices.settled"),
    "reviews": ("review.noted", "words.overridden"),
    "rights": ("right.",),
    "moderation": ("viewer.muted", "viewer.unmuted", "viewer.blocked", "viewer.unblocked", "comment.hidden"),
    "violations": ("violation.",),
    "promotions": ("cue.",),
    "broadcast": ("broadcast.", "room.set", "room.restored", "clock."),
}
"""Part of the file → how the types begin whose events stand in it; the first that fits has it."""
_SETTLED: Final = ("bag.settled", "bag.winners", "bag.name_settled")
_TYPED_NAMES: Final[Mapping[str, str]] = {"bag.winners": "names", "bag.name_settled": "name"}
"""Type → its field of names that a person typed off the platform."""


def evidence(
    reader: Reader, meta: Meta, number: int, now: datetime, *, names: bool = False
) -> dict[str, Any]:
    """Return the file of one broadcast, sealed.

    Raises:
        NoBroadcast: there is none of that number.
        StoreError: the log cannot be read.
    """
    mine = next((row for row in reader.broadcasts(before=number + 1, limit=1) if row.number == number), None)
    if mine is None:
        raise NoBroadcast(f"there is no broadcast {number}")
    played = Recording(reader, meta, mine)
    opening = _as_it_stood(played.room)
    head = reader.log_head()
    parts, persons = _parts(reader, played.first, played.last, names=names)
    played.seek(played.end)
    body: dict[str, Any] = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "keep_until": _keep_until(mine).isoformat(),
        "about": {"zh": PREVAILS[0], "en": PREVAILS[1]},
        "broadcast": _broadcast(mine, simulated=meta.simulated),
        "log": {
            "first": played.first,
            "last": played.last,
            "head": {"seq": head.seq, "link": head.link},
        },
        "at_opening": opening,
        "at_end": _as_it_stood(played.room),
        "events": parts,
        "persons": _persons(reader, persons) if names else None,
    }
    return {**body, "seal": {"sha256": sealed(body)}}


def sealed(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a file without its seal, its keys sorted and without blanks."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def part_of(type_: str) -> str | None:
    """Return where an event of a type stands in the file; None for what is none of it."""
    return next((part for part, begins in PARTS.items() if type_.startswith(begins)), None)


def _keep_until(mine: BroadcastRow) -> datetime:
    ended = mine.closed_at or mine.opened_at
    day = 28 if (ended.month, ended.day) == (2, 29) else ended.day
    return ended.replace(year=ended.year + KEPT_YEARS, day=day)


def _broadcast(mine: BroadcastRow, *, simulated: bool) -> dict[str, Any]:
    sums = mine.sums._asdict() if mine.orders_known else {"unmatched": mine.sums.unmatched}
    return {
        "number": mine.number,
        "title": mine.title,
        "opened_at": mine.opened_at.isoformat(),
        "closed_at": mine.closed_at.isoformat() if mine.closed_at is not None else None,
        "simulated": simulated,
        "comments": mine.comments,
        "orders_known": mine.orders_known,
        "totals": sums,
    }


def _as_it_stood(room: Room) -> dict[str, Any]:
    """The goods of the evening with prices and their ledger, and the rules that held."""
    goods = tonight(room)
    asked = {sku: room.asked[sku] for one in goods for sku in one.sku_ids if sku in room.asked}
    found: dict[str, Any] = msgspec.to_builtins(
        {
            "seq": room.seq,
            "goods": [
                {
                    "product_id": one.product_id,
                    "title": one.title,
                    "price_fen": one.price_fen,
                    "list_price_fen": one.list_price_fen,
                    "category": one.sent.get("category"),
                    "qualifications": one.sent.get("qualifications") or [],
                    "skus": [
                        {"sku_id": sku, "title": room.skus[sku].title, "price_fen": room.skus[sku].price_fen}
                        for sku in one.sku_ids
                    ],
                }
                for one in goods
            ],
            "ledger": asked,
            "law": room.law,
            "ai_presenter": room.settings.ai_presenter,
        }
    )
    return found


def _parts(reader: Reader, first: int, last: int, *, names: bool) -> tuple[dict[str, list[Any]], set[str]]:
    """The events of the evening, and what was settled of its prizes since; with the winners' pids."""
    parts: dict[str, list[Any]] = {part: [] for part in PARTS}
    bags: set[str] = set()
    winners: set[str] = set()
    for event, line, before in _linked(reader, first):
        part = part_of(event.type)
        if part is None:
            continue
        data = json.loads(event.data)
        if event.seq > last and not (event.type in _SETTLED and data.get("cue_id") in bags):
            continue
        if part == "prizes":
            bags.add(str(data.get("cue_id")))
            winners |= _pids_of(data)
        parts[part].append(_told(event, line, before, data, names=names))
    return parts, winners


def _linked(reader: Reader, first: int) -> Iterator[tuple[StoredEvent, ChainedLine, bytes]]:
    """Every event from ``first`` on, with its link and the one before it."""
    before = chain.BEGIN
    lines = reader.chained(max(0, first - 2))
    if first > 1:
        before = next(lines)[1].link
    for event, (_, line) in zip(reader.events_after(first - 1), lines, strict=False):
        yield event, line, before
        before = line.link


def _pids_of(data: Mapping[str, Any]) -> set[str]:
    found = {str(data["viewer_id"])} if isinstance(data.get("viewer_id"), str) else set()
    for name in ("winners", "alternates"):
        for one in data.get(name) or ():
            if isinstance(one, dict) and isinstance(one.get("viewer_id"), str):
                found.add(one["viewer_id"])
    return found


def _told(
    event: StoredEvent, line: ChainedLine, before: bytes, data: dict[str, Any], *, names: bool
) -> dict[str, Any]:
    """One event as it was logged; where something of it gave way, its data is told by its hash as well."""
    logged = event.data.decode()
    typed = _TYPED_NAMES.get(event.type)
    if not names and typed is not None and data.get(typed):
        logged = json.dumps({**data, typed: _masked(data[typed])}, ensure_ascii=False, separators=(",", ":"))
    told: dict[str, Any] = {
        "seq": event.seq,
        "type": event.type,
        "at": event.at.astimezone(UTC).isoformat(),
        "at_us": micros(event.at),
        "actor": event.actor,
        "source": event.source,
        "id": event.id,
        "time": event.time,
        "data": logged,
        "before": before.hex(),
        "link": line.link.hex(),
    }
    if sha256(logged.encode()).digest() != line.data_hash:
        told["data_sha256"] = line.data_hash.hex()
    return told


def _masked(typed: Any) -> Any:
    return [mask_name(one) for one in typed] if isinstance(typed, list) else mask_name(str(typed))


def _persons(reader: Reader, pids: set[str]) -> dict[str, dict[str, str]]:
    """The winners as the platform knows them; who was forgotten is nobody."""
    found = reader.names(sorted(pids))
    return {pid: {"id": id_, "name": name} for pid, (id_, name) in sorted(found.items())}
