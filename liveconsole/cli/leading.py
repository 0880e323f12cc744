"""An engine of a room in a database: it stands by until it may lead, leads, and hands over as it ends."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from liveconsole.cli.stores import password_in
from liveconsole.exits import Exit
from liveconsole.paths import own_folder
from liveconsole.store.errors import CannotWrite
from liveconsole.store.kept_at import InDatabase, Leader, address_in, remember
from liveconsole.store.store import Store

if TYPE_CHECKING:
    from liveconsole.store.postgres.leading import Leadership

log = logging.getLogger(__name__)


def lead(
    folder: Path, place: InDatabase, simulated: bool | None, serve: Callable[[Store, Leader], int]
) -> int:
    """Return what ``serve`` does, once this engine leads; 0 where it is asked to end before.

    Raises StoreError, as `postgres.opening.open_postgres` does.
    """
    address = address_in(place, password_in(folder))
    from liveconsole.store.postgres.leading import LOOK_SECONDS, Leadership
    from liveconsole.store.postgres.opening import open_postgres

    own_folder(folder)
    # Made where it is not there, and our key tried, before anybody is relieved of it.
    first = open_postgres(address, folder, room_id=place.room, simulated=simulated)
    room = first.number
    first.close()
    remember(folder, place)
    leader = Leadership(address, room, f"{socket.gethostname()} {os.getpid()}"[:200])
    asked_to_end = threading.Event()
    restore = _on_signals(asked_to_end)
    try:
        told = False
        while (epoch := _tried(leader)) is None:
            if not told:
                sys.stderr.write(f"another engine leads {place.room!r}: this one stands by\n")
                log.info("another engine leads the room, this one stands by")
                told = True
            if asked_to_end.wait(LOOK_SECONDS):
                return Exit.OK
        restore()
        store = open_postgres(address, folder, create=False, room_id=place.room, epoch=epoch)
        return serve(store, leader)
    finally:
        restore()
        leader.give_up()


def _tried(leader: Leadership) -> int | None:
    try:
        return leader.try_to_lead()
    except CannotWrite as error:
        log.warning("the database cannot be reached: %s", error)
        return None


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
