"""Many rooms on one page: what the wall and ``liveconsole rooms`` show of each. Nobody's name is in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

RoomStands = Literal["on_air", "off_air", "gone", "unread"]
"""``gone``: no engine answers; ``unread``: one does, in a way that this program does not understand, or it
refused."""
NoGmv = Literal["", "untold", "gone"]


class WallAlarm(Struct, frozen=True):
    """``text``: in Chinese."""

    code: str
    text: str
    text_en: str


class WallLead(Struct, frozen=True):
    """Who leads a room in a database. ``engine``: computer and process that led last, "" where nobody has."""

    engine: str
    epoch: int
    standing_by: int
    lease_seconds: float | None = None
    """Since the lease was renewed last, by the database's clock; None where it was handed over, or never
    given."""


class WallRoom(Struct, frozen=True):
    """One room. What nobody knows is None: of a room whose engine is gone that is everything but its name."""

    id: str
    name: str
    stands: RoomStands
    since: datetime | None = None
    """On air since; gone since when, as far as it was seen from here."""
    title: str = ""
    """Of the broadcast."""
    was_on_air: bool = False
    """It went away while it was on air, as seen from here; never of a rehearsal."""
    simulated: bool = False
    alarms: list[WallAlarm] | None = None
    """The first three, the worst first; ``alarms_more``: so many besides."""
    alarms_more: int = 0
    gmv_fen: int | None = None
    gmv_why: NoGmv = ""
    """Why that is None: no source reports orders (``untold``), or there is no engine."""
    paid: int | None = None
    version: str = ""
    url: str = ""
    lead: WallLead | None = None
    """Who leads it, of a room in a database; None of others."""

    @property
    def is_live(self) -> bool:
        """Whether viewers see it: a rehearsal that is on is missed by nobody."""
        return self.stands == "on_air" and not self.simulated


class Wall(Struct, frozen=True):
    """All rooms that a watcher may see, those first that need somebody."""

    at: datetime
    rooms: list[WallRoom]
    left_out: int = 0
    """Rooms beyond `bus.rooms.listed.ROOMS`, which nobody is asked about."""
