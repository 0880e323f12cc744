"""An engine of a room in a database: it stands by until it may lead, leads, and hands over as it ends.

Standing by it follows the log. Relieved, it stands by again: a database that was away for a while, a machine
that slept and a cut network cost a room no standby.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from liveconsole.cli.running import Lead, Relief
from liveconsole.cli.stores import password_in
from liveconsole.engine.followed import FollowedRoom
from liveconsole.exits import Exit
from liveconsole.messages.unwritten import why_unwritten
from liveconsole.messages.whole import known_types, make_whole
from liveconsole.paths import own_folder
from liveconsole.store.errors import CannotWrite, StoreError
from liveconsole.store.kept_at import InDatabase, address_in, remember
from liveconsole.store.store import Store

if TYPE_CHECKING:
    from liveconsole.store.postgres.leading import Leadership

log = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 0.5
"""Before an engine that was relieved looks again."""


def lead(folder: Path, place: InDatabase, simulated: bool | None, serve: Callable[[Store, Lead], int]) -> int:
    """Return what ``serve`` does, once this engine leads, and is not relieved by another; 0 where it is asked
    to end before.

    Raises StoreError, as `postgres.opening.open_postgres` does.
    """
    address = address_in(place, password_in(folder))
    from liveconsole.store.postgres.leading import Leadership
    from liveconsole.store.postgres.opening import open_postgres

    own_folder(folder)
    # Made where it is not there, and our key tried, before anybody is relieved of it.
    first = open_postgres(address, folder, room_id=place.room, simulated=simulated)
    room = first.number
    first.close()
    remember(folder, place)
    opened = partial(open_postgres, address, folder, create=False, room_id=place.room)
    while True:
        leader, away = Leadership(address, room, f"{socket.gethostname()} {os.getpid()}"[:200]), False
        try:
            led = _stand_by(leader, place.room, opened)
            if led is None:
                return Exit.OK
            code = serve(*led)
        except StoreError as error:
            away = isinstance(error, CannotWrite)
            if not (away or leader.is_lost):
                raise
            log.warning("it began to lead, and could not: %s", error)
            code = Exit.FAILED
        finally:
            leader.give_up()
        if code == Exit.OK or not (away or leader.is_lost):
            return code
        log.warning("this engine was relieved, and stands by again")
        time.sleep(_AGAIN_SECONDS)


def _stand_by(leader: Leadership, room: str, opened: Callable[..., Store]) -> tuple[Store, Lead] | None:
    """Return the store, and how it leads, once it does; None where it is asked to end before."""
    from liveconsole.store.postgres.leading import LOOK_SECONDS

    asked_to_end = threading.Event()
    restore = _on_signals(asked_to_end)
    followed: FollowedRoom | None = None
    said: set[str] = set()
    told = False
    try:
        while (epoch := _tried(leader, room, said)) is None:
            if not (told or said):
                sys.stderr.write(f"another engine leads {room!r}: this one stands by\n")
                log.info("another engine leads the room, this one stands by")
                told = True
            if followed is None:
                followed = FollowedRoom(partial(opened, read_only=True), lambda: make_whole(known_types()))
            if asked_to_end.wait(LOOK_SECONDS):
                return None
        relief = Relief()
        leader.keep(relief)  # from now on: to fold a long log takes longer than a lease is good for
        store = opened(epoch=epoch)
        relief.then(store.let_go)
        try:
            folded = None if followed is None else followed.take(store)
        except BaseException:
            store.close()
            raise
        return store, Lead(leader, folded, relief)
    finally:
        if followed is not None:
            followed.end()
        restore()


def _tried(leader: Leadership, room: str, said: set[str]) -> int | None:
    """Try to lead; why the database takes nothing is told once, until it does again."""
    try:
        epoch = leader.try_to_lead()
    except CannotWrite as error:
        if error.reason not in said:
            why = why_unwritten(str(error), english=True)
            sys.stderr.write(f"nobody can lead {room!r} from here yet: {why}\n")
            log.warning("nobody can lead the room from here yet: %s", why)
        said.add(error.reason)
        return None
    said.clear()
    return epoch


def _on_signals(asked: threading.Event) -> Callable[[], None]:
    """While it stands by no loop runs that would hear of them. Returns what gives them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in before:
        signal.signal(number, heard)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
