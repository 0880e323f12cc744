"""A room at a broker: its door there, and the broker's file, which follows the seats that the host allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from liveconsole.bus.nats.dialing import BrokerAt
from liveconsole.bus.nats.door import NatsDoor
from liveconsole.bus.nats.folder import BrokerFiles, place_of
from liveconsole.bus.nats.here import SeatsHere
from liveconsole.bus.nats.keys import NatsMissing
from liveconsole.bus.port import RoomPort
from liveconsole.bus.presence import Presence
from liveconsole.bus.sharing.certificates import NoCertificate
from liveconsole.bus.sharing.door import SeatCalls
from liveconsole.bus.sharing.share import Sharing
from liveconsole.messages.joining import NatsOffer
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

HOLD_SECONDS: Final = 60.0
_KNOWN_SECONDS: Final = 3.0
_AGAIN_SECONDS: Final = 5.0
"""A broker that did not read its changed file is asked again so often."""


class Leads(NamedTuple):
    """The epoch in which this engine leads, and whether it may still do so."""

    epoch: int
    now: Callable[[], bool]


class AtBroker:
    """One engine at a broker, from `run` until that is cancelled."""

    def __init__(
        self, at: BrokerAt, data: Path, room_id: str, sharing: Sharing, present: Presence, leads: Leads
    ) -> None:
        self._at, self._data, self._room_id, self._sharing = at, data, room_id, sharing
        self._present, self._leads = present, leads
        self._held_off: set[str] = set()
        self._changed = asyncio.Event()
        self._asked = self._kept = 0
        self._moved = asyncio.Event()
        place = place_of(data)
        self._files = BrokerFiles(data, place, room_id) if place is not None else None

    async def run(self, room: RoomPort, calls: SeatCalls, now: Callable[[], datetime]) -> None:
        """Serve the room there."""
        here = SeatsHere(
            self._present, self._label, asyncio.get_running_loop().time, self._sharing.over_broker
        )
        door = NatsDoor(
            self._at,
            room,
            self._room_id,
            calls,
            here,
            epoch=self._leads.epoch,
            leads=self._leads.now,
            admits=self._admits,
            now=now,
            flooded=self._hold_off,
        )
        self._sharing.offer = NatsOffer(",".join(self._at.urls), self._at.authority)
        self._sharing.on_seats = self._keep
        self._sharing.until_kept = self._until_kept
        self._changed.set()
        keeping = []
        if self._files is not None:
            keeping.append(spawn(self._keep_file(self._files, door.connected.is_set), name="broker's file"))
        try:
            await door.run()
        finally:
            self._sharing.offer = self._sharing.until_kept = None
            self._sharing.broker_unread(False)
            await cancel_all(keeping)

    def _hold_off(self, seat_id: str) -> None:
        """Let the broker cut off a seat that floods everybody, and take it back after a while."""
        if self._files is None or seat_id in self._held_off:
            return
        log.warning("seat %s says too much over the broker and is held off for %g s", seat_id, HOLD_SECONDS)
        self._held_off.add(seat_id)
        asyncio.get_running_loop().call_later(HOLD_SECONDS, self._take_back, seat_id)
        self._keep()

    def _take_back(self, seat_id: str) -> None:
        self._held_off.discard(seat_id)
        self._keep()

    def _keep(self) -> None:
        self._asked += 1
        self._changed.set()

    async def _until_kept(self) -> None:
        """Wait until the broker knows of what was changed last; not for ever."""
        asked = self._asked
        with suppress(TimeoutError):
            async with asyncio.timeout(_KNOWN_SECONDS):
                while self._files is not None and self._kept < asked:
                    self._moved.clear()
                    await self._moved.wait()

    def _label(self, seat_id: str) -> str:
        seat = self._sharing.seat(seat_id)
        return seat.label if seat is not None else ""

    def _admits(self, seat_id: str, role: str) -> bool:
        """Where the seats are known here, they are asked as well: who was taken away is out at once, and not
        when the broker has read its file."""
        if self._files is None and not self._sharing.knows_seats:
            return True
        seat = self._sharing.seat(seat_id)
        if seat is None or not seat.nats_key or seat.right != role:
            return False
        self._sharing.heard(seat_id)
        return True

    async def _keep_file(self, files: BrokerFiles, connected: Callable[[], bool]) -> None:
        """Write the file when a seat has changed, and see that the broker reads it. ``connected``: the broker
        runs, as far as the door there knows."""
        told = ""
        while True:
            await self._changed.wait()
            self._changed.clear()
            asked = self._asked
            try:
                seats = [seat for seat in self._sharing.seats if seat.id not in self._held_off]
                await asyncio.to_thread(files.write, seats)
                why = await files.reload(await asyncio.to_thread(files.reload_at))
            except (
                OSError,
                ValueError,
                NatsMissing,
                NoCertificate,
            ) as error:  # a seed, a file of other bytes
                why = type(error).__name__
            if why and why != told:
                log.warning("the broker has not read its file again: %s", why)
            told = why
            self._sharing.broker_unread(bool(why) and connected())
            if not why:
                self._kept = asked
                self._moved.set()
            if why:
                self._changed.set()
                await asyncio.sleep(_AGAIN_SECONDS)
