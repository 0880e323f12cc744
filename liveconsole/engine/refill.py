"""The read tables, filled again from the log: after a migration, and when a table gets a column.

The log is read in pages and folded by the rules of today, so that what leaves the room at each opening goes
where it would have gone; a page is one transaction. Not done to the end, it begins anew at the next start.
"""

from __future__ import annotations

import logging
from itertools import islice
from typing import Any, Final

from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.engine.books import KEPT, OF_ORDERS, Books, LeftTheRoom
from liveconsole.engine.late_facts import LateFactMarks
from liveconsole.messages.envelope import Event
from liveconsole.store.rows import Write
from liveconsole.store.store import Store
from liveconsole.store.tables import BOOKS_VERSION

log = logging.getLogger(__name__)

_PAGE: Final = 5_000


def is_done(store: Store) -> bool:
    """Tell whether the tables hold what this version would have put in them."""
    return store.books_version() == BOOKS_VERSION


def refill(store: Store) -> Room:
    """Fill the tables and keep a snapshot; the room as the log says.

    Raises:
        StoreError: the disk does not take it.
    """
    log.info("the read tables are filled from the log")
    store.empty_books()
    meta = store.meta
    room, older = Room(room_id=meta.room_id, simulated=meta.simulated), LateFactMarks()
    events = map(folding.event_of, store.events_after(0))
    while page := list(islice(events, _PAGE)):
        room = _page(store, room, older, page)
    store.close_books()
    if room.seq:
        folding.save(store, room)
    return room


def _page(store: Store, room: Room, older: LateFactMarks, page: list[Event]) -> Room:
    order_ids: set[str] = set()
    cue_ids: set[str] = set()
    for event in page:
        data: Any = event.data
        if event.type in OF_ORDERS:
            order_ids.add(data.order_id)
        if event.type in KEPT and (cue_id := getattr(data, "cue_id", None)) is not None:
            cue_ids.add(cue_id)
    order_ids = {id_ for id_ in order_ids if id_ not in room.orders}
    books = Books(LeftTheRoom.of(store, order_ids, {id_ for id_ in cue_ids if id_ not in room.cues}))
    run: list[Event] = []
    for event in page:
        if event.type in KEPT:
            room = folding.onto(room, run)
            run = []
            books.take(room, older.told(room, event))
        else:
            run.append(event)
    room = folding.onto(room, run)
    store.fill_books(Write(room.seq, **books.rows(room)))
    return room
