"""What the server needs of a room. The engine has it; neither imports the other, `cli` joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from liveconsole.messages.bounds import Lag
from liveconsole.messages.inputs import CommandAnswer, CommandInput, FactsAnswer, FactsInput
from liveconsole.messages.joining import Checkpoint
from liveconsole.messages.measures import RoomMeasures
from liveconsole.messages.order_list import OrdersSought


class Follower(Protocol):
    """One reader of the log in order, from a seq on and then live."""

    async def batch(self) -> list[bytes] | None:
        """Return the next lines (JSON objects), waiting for them; None when the engine ends or after
        `close`."""

    def close(self) -> None:
        """Stop following; a waiting `batch` returns None."""


class PicturePort(Protocol):
    """Pictures of products, by their hash."""

    async def take(self, body: bytes) -> str:
        """Keep a picture and return its hash; may raise `intake.pictures.reading.NoPicture`."""

    async def take_from(self, url: str) -> str:
        """Fetch and keep the picture at an address; as `take`."""

    async def of(self, sha256: str, side: int) -> bytes | None:
        """Return a kept picture at one of the served sizes, 0: as it is kept."""


class BookPort(Protocol):
    """What outlives a broadcast (`books`)."""

    async def ask(self, name: str, query: Mapping[str, str]) -> bytes:
        """Return what a book answers to a query, as JSON."""


class RoomPort(Protocol):
    """A running room. Every method may raise `messages.inputs.NotTaken`."""

    @property
    def pictures(self) -> PicturePort: ...

    @property
    def books(self) -> BookPort: ...

    @property
    def simulated(self) -> bool: ...

    async def post(self, facts: FactsInput) -> FactsAnswer:
        """Returns when the accepted ones are on disk."""

    async def checkpoint(self, source: str) -> Checkpoint:
        """Return up to where the log has a source."""

    async def ask(self, command: CommandInput) -> CommandAnswer:
        """Returns when the answer, and what follows from it, is on disk."""

    async def denied(self, role: str, what: str) -> None:
        """Keep beside the log that ``role`` was refused ``what``."""

    async def judge(self, type: str, data: dict[str, Any], role: str) -> bytes:
        """Return the dry run of a command, as JSON."""

    async def state(self, role: str, have: str) -> tuple[bytes, datetime]:
        """Return the body of ``GET /v1/state`` for a role, and the engine's time.

        Whatever was answered before the call is in it, but what ``have`` names as known.
        """

    async def log(self, after: int, limit: int, types: Sequence[str]) -> list[bytes]:
        """Lines of the log, ready for the door: at most `bounds.PAGE_BYTES` of them, none behind its end."""

    async def search(self, text: str, before: int, limit: int) -> bytes:
        """Comments with ``text`` in them, one page back from seq ``before``, as JSON."""

    async def broadcasts(self) -> bytes:
        """Return every broadcast with its totals, as JSON."""

    async def past_broadcasts(self, before: int, limit: int) -> bytes:
        """Return a page of past broadcasts with their cards, the newest first, as JSON."""

    async def broadcast(self, number: int) -> bytes | None:
        """Return the report of one broadcast, as JSON; None where there is none of that number."""

    async def draw_entries(self, id: str, after: str) -> bytes | None:
        """One page of the entrants of a closed draw, behind an entry id, as JSON; None: no such draw."""

    async def questions(self) -> bytes:
        """Return what the room asks now, merged by sense, as JSON."""

    async def orders(self, sought: OrdersSought) -> bytes:
        """Return a page of the orders of this broadcast (`OrderPage`), as JSON."""

    async def viewers(self, text: str) -> bytes:
        """People in whose name or id ``text`` stands, as JSON."""

    async def viewer(self, id: str) -> bytes | None:
        """Return what the room knows of one person, as JSON; None where it knows nobody of that id."""

    async def overlay(self) -> bytes:
        """Return what the overlay shows, as JSON, without personal fields."""

    async def measures(self) -> RoomMeasures:
        """Return what the engine measures of itself."""

    def follow(self, after: int, lag: Lag | None = None) -> Follower:
        """Return a follower that begins behind seq ``after``; without ``lag`` it is one on this computer."""

    async def moved(self, beyond: int) -> int:
        """Wait until the log has gone beyond seq ``beyond``; its last seq. -1 when the engine ends."""

    def health(self) -> dict[str, Any]:
        """Liveness, and the age of each source's last event."""
