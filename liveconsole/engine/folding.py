"""From the store to a room: the newest snapshot and the tail of the log."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from liveconsole.domain import audience
from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import FOLD_VERSION, Room
from liveconsole.domain.same_comment import SameComments
from liveconsole.engine.late_facts import LateFactMarks
from liveconsole.messages.envelope import DOUBLE, Event
from liveconsole.messages.events import EVENTS
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.store.errors import StoreBroken, StoreNewer
from liveconsole.store.rows import StoredEvent
from liveconsole.store.store import Store

log = logging.getLogger(__name__)

SAID_LATELY: Final = 5_000
"""Events at the end of the log in which a comment may have its double."""
SNAPSHOT_EVERY: Final = 40_000
"""Events behind the newest snapshot that are worth another one, when there is time for it. As many
comments are folded in 0.2 s; with half of them, snapshots took a twentieth of a flood's time."""
SNAPSHOT_LATEST: Final = 2.0
"""So many times as many, and it is kept whatever is due: a start folds no more than that."""
_RUN: Final = 5_000


class Folded(NamedTuple):
    """A room as its log says up to the room's seq, and what that log knows of comments lately."""

    room: Room
    same: SameComments


_decoders: dict[str, msgspec.json.Decoder[Any]] = {}


class _Said(Struct):
    """A comment, with the platform's own id where the source gave it besides its own."""

    text: str = ""
    message_id: Any = None


_said = msgspec.json.Decoder(_Said).decode
_decode_room = msgspec.msgpack.Decoder(Room).decode
_encode_room = msgspec.msgpack.Encoder().encode


def fold(store: Store) -> tuple[Room, int]:
    """Return the room as the log says, and the seq of the snapshot that it began with (0: none)."""
    meta = store.meta
    blob, began = store.load(FOLD_VERSION)
    room = Room(room_id=meta.room_id, simulated=meta.simulated)
    if blob is not None:
        try:
            room = _decode_room(blob)
        except UNREADABLE:
            log.exception("the snapshot at %d cannot be read: the whole log is folded", began)
            began = 0
    events = map(event_of, store.events_after(began))
    return (onto(room, events) if began else _whole(room, events)), began


def _whole(room: Room, events: Iterable[Event]) -> Room:
    """A log from its first line, which may have been written before late facts said that they are."""
    older = LateFactMarks()
    run: list[Event] = []
    for event in events:
        if event.type in LateFactMarks.LOOKED_AT or len(run) >= _RUN:
            room = onto(room, run)
            run = []
            event = older.told(room, event)
        run.append(event)
    return onto(room, run)


def onto(room: Room, events: Iterable[Event]) -> Room:
    """Do what `evolve` does event by event: comments of one moment, which are only counted, are added up
    first."""
    run: dict[str, int] = {}
    doubles = 0
    last: Event | None = None
    for event in events:
        if event.type == "comment.posted":
            if last is not None and event.at is not last.at and event.at != last.at:
                _comments(room, run, last, doubles)
                run, doubles = {}, 0
            doubles += event.actor == DOUBLE
            run[event.source] = run.get(event.source, 0) + 1
            last = event
            continue
        if last is not None:
            _comments(room, run, last, doubles)
            run, last, doubles = {}, None, 0
        room = evolve(room, event)
    if last is not None:
        _comments(room, run, last, doubles)
    return room


def _comments(room: Room, run: dict[str, int], last: Event, doubles: int) -> None:
    run[last.source] -= 1
    audience.commented(room, run, last.at, doubles=doubles - (last.actor == DOUBLE))
    evolve(room, last)


def said_lately(store: Store) -> SameComments:
    """Return what the end of the log knows of comments, so that after a restart none counts twice. What of it
    cannot be read is not known: a room that needs nothing else of it goes on."""
    same = SameComments()
    after = max(0, store.log_head().seq - SAID_LATELY)
    reader = store.open_reader()  # one that met a damaged page is never used again: not the writer's
    try:
        for stored in reader.events_after(after):
            remember_said(same, stored)
    except StoreBroken as error:
        log.error("what was said lately cannot be read, a double of it may count: %s", error)
    finally:
        reader.close()
    return same


def remember_said(same: SameComments, stored: StoredEvent) -> None:
    """Note a comment of the log; any other event says nothing."""
    if stored.type == "comment.posted":
        said = _said(stored.data)
        same.remember(stored.source, stored.id, said.message_id, said.text)


def save(store: Store, room: Room) -> None:
    """Keep a snapshot of the room at its seq."""
    store.snapshot(room.seq, FOLD_VERSION, _encode_room(room))


def event_of(stored: StoredEvent) -> Event:
    """Return the event of a row of the log. Raises StoreNewer: its type is none that this program knows."""
    decoder = _decoders.get(stored.type)
    if decoder is None:
        if stored.type not in EVENTS:
            raise StoreNewer(f"{stored.type} (seq {stored.seq})")
        decoder = _decoders[stored.type] = msgspec.json.Decoder(EVENTS[stored.type])
    return Event(
        type=stored.type,
        at=stored.at,
        actor=stored.actor,
        data=decoder.decode(stored.data),
        seq=stored.seq,
        source=stored.source,
        id=stored.id,
    )
