"""A room that is shared: opens and closes the shared door, lets seats in, and says how it stands.

Everything happens on the loop; `shown` is replaced whole and may be read on any thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from liveconsole.bus.sharing.addresses import may_listen, offered
from liveconsole.bus.sharing.asks import Asks, SeatAsk
from liveconsole.bus.sharing.calls import refused
from liveconsole.bus.sharing.certificates import (
    DOOR,
    WORD,
    KeptStudio,
    NoCertificate,
    StudioCertificates,
    studio_at,
)
from liveconsole.bus.sharing.door import SeatCalls, SharedDoor
from liveconsole.bus.sharing.listening import TlsListener
from liveconsole.bus.sharing.register import NoSeatFree, SeatRegister
from liveconsole.bus.sharing.seats_kept import SeatRecord, SeatsInDatabase, SeatsInFolder, SharedBefore
from liveconsole.bus.visitors import REMOVED
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.joining import (
    JOIN_PAGE,
    JoinAnswer,
    JoinAsk,
    JoinAsked,
    JoinCode,
    JoinReveal,
    NatsKey,
    NatsOffer,
    code_text,
)
from liveconsole.messages.sharing import (
    NOT_SHARED,
    SEATS_MOST,
    ShareAct,
    ShareAllow,
    ShareAnswer,
    ShareClose,
    ShareCode,
    SharedRole,
    SharedSeatState,
    ShareKeep,
    ShareOpen,
    ShareRefuse,
    SharingState,
)

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 1.0
"""How often time is let pass: codes and asks end by it."""
_AGAIN_SECONDS: Final = 1.0
"""Where it is to be open and cannot be (the network is not up yet, an address that moves with who leads has
not come yet), it is tried again so often."""


class Sharing:
    """The sharing of one room. ``now``: the engine's time. ``seats``: those of a room in a database; None:
    they lie in the data folder. Reads them, which blocks. Raises StoreError."""

    def __init__(
        self,
        folder: Path,
        room_id: str,
        now: Callable[[], datetime],
        seats: SeatsInDatabase | None = None,
    ) -> None:
        self._folder, self._room_id, self._now, self._in_room = folder, room_id, now, seats
        self._register = SeatRegister(seats or SeatsInFolder(folder))
        self._asks = Asks(secrets.token_bytes)
        self._door: SharedDoor | None = None
        self._certificates: StudioCertificates | None = None
        self._listeners: tuple[TlsListener, TlsListener] | None = None
        self._where = ("", 0, 0)
        self._phones = False
        self._seen = (0, False)
        self._told = False
        self._tokens: dict[str, tuple[str, str]] = {}
        self._moved = asyncio.Event()
        self._acting = asyncio.Lock()
        self._over_broker: frozenset[str] = frozenset()
        self._broker_unread = False
        self.offer: NatsOffer | None = None
        """Where a seat finds the broker that this engine is at."""
        self.until_kept: Callable[[], Awaitable[None]] | None = None
        """Waits until the broker knows of the newest change."""
        self.on_seats: Callable[[], object] = _nobody_hears
        """Called when seats or their keys have changed."""
        self.shown: SharingState = NOT_SHARED
        self._show()

    def serve(self, calls: SeatCalls, on_air: Callable[[], Awaitable[tuple[int, bool]]]) -> None:
        """Say what answers behind the shared door; before anything is opened. ``on_air``: the number of the
        newest broadcast, and whether it is open."""
        self._on_air = on_air
        self._door = SharedDoor(calls, self._register, self)

    async def follow(self) -> None:
        """Let time pass, for as long as the engine runs: open what is to be open, and close with the
        broadcast what is not kept."""
        tried, said = -_AGAIN_SECONDS, False
        loop = asyncio.get_running_loop()
        while True:
            try:
                if not self.is_open and loop.time() - tried >= _AGAIN_SECONDS:
                    tried = loop.time()
                    await self._go_on()
                if self.is_open:
                    await self._pass_time()
                await self._register.settle()
                said = False
            except (OSError, NotTaken) as error:  # the disk, the database: it is looked at again
                if not said:
                    log.warning("how the room is shared cannot be kept yet: %s", type(error).__name__)
                said = True
            await asyncio.sleep(_LOOK_SECONDS)

    async def _go_on(self) -> None:
        """Open what is to be open: what is kept, and what a person opened for the broadcast that still runs,
        at an engine that has ended since."""
        shared = self._register.shared
        goes_on = shared.keep or (shared.open and shared.goes_on(*await self._on_air()))
        async with self._acting:
            if self.is_open or self._register.shared is not shared:
                return  # a person did something meanwhile, and that counts
            if goes_on:
                await self._open_again(shared)
            elif shared.open:
                await self._register.share_as(replace(shared, open=False))

    async def _pass_time(self) -> None:
        before, now = self._listeners, await self._on_air()
        async with self._acting:
            if self._listeners is not before:
                return  # a person closed it meanwhile, or opened it anew
            seen, self._seen = self._seen, now
            # Also one that began and ended between two looks has ended.
            over = not now[1] and (seen[1] or seen[0] != now[0])
            if over and not self._register.shared.keep:
                log.info("the broadcast has ended, and with it the sharing")
                await self._do(ShareClose())
            self._asks.pass_time(self._now())
        self.moved()

    @property
    def knows_seats(self) -> bool:
        """Tell whether every seat of the room is known here, whichever engine let it in."""
        return self._in_room is not None and self._in_room.is_kept

    @property
    def seats(self) -> list[SeatRecord]:
        """Return the seats as they are now."""
        return list(self._register.seats)

    def seat(self, id_: str) -> SeatRecord | None:
        """Return a seat as it is now."""
        return self._register.seat(id_)

    def heard(self, id_: str) -> None:
        """A seat has said something over a broker."""
        self._register.heard(id_, self._now())

    def broker_unread(self, unread: bool) -> None:
        """The broker has not read the newest list of seats, or has now."""
        if unread != self._broker_unread:
            self._broker_unread = unread
            self.moved()

    def over_broker(self, seats: frozenset[str]) -> None:
        """These seats, and no others, follow the room over a broker."""
        self._over_broker = seats
        self.moved()

    async def close(self) -> None:
        """Stop listening, for the end of the engine."""
        async with self._acting:
            await self._shut()
        await self._register.rest()

    @property
    def is_open(self) -> bool:
        """Tell whether somebody outside can reach the room."""
        return self._listeners is not None

    async def look(self) -> ShareAnswer:
        addresses = await asyncio.to_thread(offered)
        return ShareAnswer(True, self.shown, addresses)

    async def act(self, asked: ShareAct) -> ShareAnswer:
        async with self._acting:
            answer = await self._do(asked)
        self.moved()
        return replace(answer, sharing=self.shown)

    async def _do(self, asked: ShareAct) -> ShareAnswer:
        if isinstance(asked, ShareOpen):
            return await self._open(asked)
        if isinstance(asked, ShareClose):
            await self._shut()
            await self._register.share_as(replace(self._register.shared, keep=False, open=False))
        elif isinstance(asked, ShareKeep):
            if asked.keep and not self._register.shared.address:
                return refused("not_shared")
            await self._register.share_as(replace(self._register.shared, keep=asked.keep))
        elif isinstance(asked, ShareCode):
            if not self.is_open:
                return refused("not_shared")
            self._asks.new_code(self._now())
        elif isinstance(asked, ShareAllow):
            return await self._allow(asked)
        elif isinstance(asked, ShareRefuse):
            ask = self._asks.waiting(asked.ask_id, self._now())
            if ask is None:
                return refused("unknown_ask")
            self._asks.refuse(ask, self._now())
        else:
            try:
                if not await self._register.remove(asked.seat_id):
                    return refused("unknown_seat")
            finally:
                if self._door is not None:
                    self._door.end(asked.seat_id, REMOVED, b"removed")
                self.on_seats()
        return ShareAnswer(True, self.shown)

    async def _open(self, asked: ShareOpen) -> ShareAnswer:
        if not may_listen(asked.address):
            return refused(_why_not(asked.address), address=asked.address[:45])
        wanted = SharedBefore(asked.address, asked.port, asked.phone, asked.keep)
        if self._where[0] != asked.address or asked.port not in (0, self._where[1]):
            await self._shut()
            try:
                await self._listen(asked.address, asked.port or self._register.shared.port, make=True)
            except NoCertificate as error:
                return refused("cannot_listen", detail=str(error))
            except OSError as error:
                if error.errno in (errno.EADDRNOTAVAIL, 10049):
                    return refused("not_an_address", address=asked.address)
                return refused("cannot_listen", detail=type(error).__name__)
        self._phones = asked.phone
        try:
            number, on_air = await self._on_air()
            wanted = replace(wanted, port=self._where[1], open=True, number=number, on_air=on_air)
            await self._register.share_as(wanted, await self._kept_studio())
        except (OSError, NotTaken):
            await self._shut()
            raise
        if not self._asks.token:
            self._asks.new_code(self._now())
        return ShareAnswer(True, self.shown)

    async def _open_again(self, before: SharedBefore) -> None:
        """Open as it was shared last, without a code: who has a seat comes back, others need a person."""
        try:
            await self._listen(before.address, before.port, make=False)
            self._phones = before.phone
        except (OSError, NoCertificate) as error:
            if not self._told:
                log.warning("the room cannot be shared again yet: %s", type(error).__name__)
            self._told = True
            return
        self.moved()
        with contextlib.suppress(OSError, NoCertificate):  # the next has what was kept at the last opening
            await self._register.share_as(before, await self._kept_studio())

    async def _kept_studio(self) -> KeptStudio | None:
        """Return what an engine of the room that leads next needs to be found as the same studio."""
        if self._in_room is None or self._certificates is None:
            return None
        return await asyncio.to_thread(self._certificates.kept, self._where[0])

    async def _listen(self, address: str, port: int, *, make: bool) -> None:
        assert self._door is not None, "serve() comes first"
        if not may_listen(address):  # whatever stands in a file: never at all addresses at once
            raise OSError(errno.EADDRNOTAVAIL, "not an address to share at")
        seen = await self._on_air()  # which may not be told: before anything is open
        lent = self._register.studio
        self._certificates = await asyncio.to_thread(studio_at, self._folder, lent, address, make=make)
        door = await asyncio.to_thread(self._certificates.context, address, DOOR)
        word = await asyncio.to_thread(self._certificates.context, address, WORD)
        listeners = TlsListener(self._door.handle), TlsListener(self._door.handle_word)
        try:
            got = listeners[0].open(address, port, door)
            self._where = (address, got, listeners[1].open(address, 0, word))
        except OSError:
            for listener in listeners:
                await listener.close()
            raise
        self._seen, self._listeners, self._told = seen, listeners, False
        self._door.opened(address, got)
        log.info("the room is shared with other computers")

    async def _shut(self) -> None:
        listeners, self._listeners = self._listeners, None
        self._where = ("", 0, 0)
        self._asks.end_all(self._now())
        self._wake()
        if listeners is None or self._door is None:
            return
        self._door.end_all()
        for listener in listeners:
            await listener.close()
        log.info("the room is shared no more")

    async def _allow(self, asked: ShareAllow) -> ShareAnswer:
        ask = self._asks.waiting(asked.ask_id, self._now())
        if ask is None:
            return refused("unknown_ask")
        role: SharedRole = "producer" if ask.kind == "tool" else asked.role
        try:
            seat, token = await self._register.add(
                ask.label, role, ask.kind, self._now(), may_fire=asked.may_fire
            )
        except NoSeatFree:
            return refused("too_many_seats", limit=SEATS_MOST)
        if self._asks.waiting(asked.ask_id, self._now()) is not ask:  # it went while that was written
            await self._register.remove(seat.id)
            return refused("unknown_ask")
        self._asks.allow(ask, self._now())
        self._tokens[ask.id] = (seat.id, token)
        return ShareAnswer(True, self.shown, seat_id=seat.id)

    async def enrol(self, seat: SeatRecord, asked: NatsKey) -> NatsOffer | None:
        """Keep the key of a seat and return where it finds the broker. None: this engine is at none, or the
        key is somebody else's. Raises OSError where it cannot be written."""
        if self.offer is None or not await self._register.enrol(seat.id, asked.key):
            return None
        self.on_seats()
        if self.until_kept is not None:
            await self.until_kept()
        return self.offer

    # what the door asks

    @property
    def certificate(self) -> bytes:
        assert self._certificates is not None
        return self._certificates.der

    @property
    def word_address(self) -> str:
        return f"https://{self._where[0]}:{self._where[2]}"

    def now(self) -> datetime:
        return self._now()

    def ask(self, asked: JoinAsk, address: str) -> JoinAsked:
        try:
            return self._asks.ask(asked, address, self._now(), phones=self._phones)
        finally:
            self.moved()

    def reveal(self, secret: str, said: JoinReveal) -> SeatAsk:
        assert self._certificates is not None
        try:
            return self._asks.reveal(secret, said, self._certificates.fingerprint, self._now())
        finally:
            self.moved()

    async def answer(self, secret: str, seconds: float) -> JoinAnswer:
        """Return what became of an ask, waiting so long for it at most."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            ask = self._asks.of_secret(secret, self._now())
            if ask is None:
                return JoinAnswer("expired")
            if ask.status == "allowed":
                return self._let_in(ask)
            if ask.status in ("refused", "expired"):
                return JoinAnswer(ask.status)
            moved, left = self._moved, until - loop.time()
            if left <= 0:
                return JoinAnswer("waiting")
            try:
                async with asyncio.timeout(left):
                    await moved.wait()
            except TimeoutError:
                continue

    def _let_in(self, ask: SeatAsk) -> JoinAnswer:
        seat_id, token = self._tokens.get(ask.id, ("", ""))
        seat = self._register.seat(seat_id)
        if seat is None or self._certificates is None:
            return JoinAnswer("expired")
        return JoinAnswer(
            *("allowed", token, seat.id, seat.role, seat.may_fire, self._room_id, self._certificates.pem),
            broker=self.offer is not None and seat.kind != "phone",
        )

    def moved(self) -> None:
        """Show how it stands now, and wake who waits."""
        waiting = {ask.id for ask in self._asks.allowed()}
        self._tokens = {id_: kept for id_, kept in self._tokens.items() if id_ in waiting}
        self._show()
        self._wake()

    def _is_here(self, seat_id: str) -> bool:
        door = self._door is not None and self._door.here(seat_id)
        return door or seat_id in self._over_broker

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _show(self) -> None:
        certificates = self._certificates
        seats = [
            SharedSeatState(
                *(seat.id, seat.label, seat.role, seat.may_fire, seat.kind),
                *(self._is_here(seat.id), seat.last_at, seat.proved),
            )
            for seat in self._register.seats
        ]
        shared = self._register.shared
        if not self.is_open or certificates is None:
            here = sum(seat.here for seat in seats)  # over a broker: it goes on where nothing is shared
            self.shown = SharingState(
                seats=seats, here=here, keep=shared.keep, broker_unread=self._broker_unread
            )
            return
        address, port, _ = self._where
        code = link = ""
        if self._asks.token:
            code = code_text(JoinCode(address, port, certificates.fingerprint, self._asks.token))
            link = f"https://{address}:{port}{JOIN_PAGE}#{code}"
        text = certificates.fingerprint.hex().upper()
        self.shown = SharingState(
            open=True,
            address=address,
            port=port,
            phone=self._phones,
            code=code,
            code_until=self._asks.code_until,
            link=link,
            fingerprint=" ".join(text[n : n + 4] for n in range(0, len(text), 4)),
            asks=self._asks.states(self._now()),
            seats=seats,
            here=sum(seat.here for seat in seats),
            keep=shared.keep,
            guesses=self._asks.guesses,
            broker_unread=self._broker_unread,
        )


def _nobody_hears() -> None:
    """There is no broker whose file has to follow."""


def _why_not(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "not_an_address"
    public = found.version == 4 and found.is_global and not found.is_multicast
    return "public_address" if public else "not_an_address"
