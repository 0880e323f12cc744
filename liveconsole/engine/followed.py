"""The room of an engine that stands by: folded as another engine's log grows, so that taking over needs the
last rows alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Final

from liveconsole.engine import folding
from liveconsole.engine.folding import Folded
from liveconsole.engine.followers import FORGOTTEN
from liveconsole.store.errors import StoreError
from liveconsole.store.store import Store

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.2
"""Between two looks at the log."""
_PAGE: Final = 5_000
"""Rows of one step, read before any of them is folded: a lost connection leaves the room whole."""


class FollowedRoom:
    """Follows on a thread of its own, with a store of its own that writes nothing. What fails there costs the
    head start and nothing else: who takes over folds then."""

    def __init__(
        self, opened: Callable[[], Store], begin: Callable[[], object] = lambda: None, *, most: float = 5.0
    ) -> None:
        """``opened``: called on the thread, again after a lost connection. ``begin``: called there first, for
        what else an engine needs at its start. ``most``: seconds between two tries after failures."""
        self._opened, self._begin, self._most = opened, begin, most
        self._store: Store | None = None
        self._folded: Folded | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follows the log", daemon=True)
        self._thread.start()

    @property
    def seq(self) -> int:
        """How far it has come."""
        folded = self._folded
        return 0 if folded is None else folded.room.seq

    def take(self, store: Store) -> Folded | None:
        """Stop following; return the room at the end of ``store``, whose log nobody else writes any more.
        None where the whole of it is to be folded."""
        self.end()
        was = self.seq
        try:
            self._look(store, alone=True)
        except Exception:
            log.exception("what was folded before cannot be gone on with")
            return None
        log.info("the room was folded up to %d; %d more rows", was, self.seq - was)
        return self._folded

    def end(self) -> None:
        """Stop following and let go of the store, in the middle of a read too, and of one that is just being
        opened."""
        self._stop.set()
        store = self._store  # the thread lets go of it too, at any moment
        if store is not None:
            store.let_go()
        self._thread.join()

    def _follow(self) -> None:
        self._begin()
        wait = LOOK_SECONDS
        while not self._stop.is_set():
            try:
                if self._store is None:
                    self._store = self._opened()
                if self._stop.is_set():
                    break  # it was not there yet when `end` let go: nobody waits for a whole log to be folded
                self._look(self._store)
                wait = LOOK_SECONDS
            except StoreError as error:
                if not self._stop.is_set():
                    log.warning("the log cannot be followed: %s", error)
                wait = min(wait * 2, self._most)
            except Exception:
                log.exception("following the log failed with a bug: the room is folded anew")
                self._folded = None
                wait = self._most
            self._stop.wait(wait)
        store, self._store = self._store, None
        if store is not None:
            with suppress(StoreError):
                store.close()

    def _look(self, store: Store, *, alone: bool = False) -> None:
        """Fold what came since. ``alone``: on the caller's thread, to the end whatever `end` said."""
        if self._folded is None:
            if alone:
                return
            room, _ = folding.fold(store)
            self._folded = Folded(room, folding.said_lately(store))
        while alone or not self._stop.is_set():
            page = list(islice(store.events_after(self._folded.room.seq), _PAGE))
            if not page:
                return
            if any(row.type == FORGOTTEN for row in page):
                # His name and his words are in what was folded, and the log has them no more.
                self._folded = None
                self._look(store)
                return
            same = self._folded.same
            for row in page:
                folding.remember_said(same, row)
            self._folded = Folded(folding.onto(self._folded.room, map(folding.event_of, page)), same)
