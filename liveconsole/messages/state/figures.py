"""What is counted, what somebody has to see to, and how the engine does, as the state says them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from liveconsole.messages.backups import BackupState
from liveconsole.messages.cases import CaseRule
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.playback import PlaybackState
from liveconsole.messages.state.comment_desk import OpenQuestionState
from liveconsole.messages.worlds import WorldState


class OrdersState(Struct, frozen=True):
    """Orders of this broadcast. Where ``known`` is False no source reports orders: figures are None."""

    known: bool
    placed: int | None
    paid: int | None
    closed: int | None
    refunded: int | None
    unpaid: int | None
    units: int | None
    """That were bought, of the paid ones."""
    gmv_fen: int | None
    refund_fen: int | None
    refund_owed_fen: int | None
    unmatched: int
    oversold: int
    aftersales: int | UnsetType = UNSET
    """Those that wait for somebody; absent while none is known that does."""
    gift_units: int | None = None
    """That came along with ``units``; an older engine does not say it."""


class FigureState(Struct, frozen=True):
    """A figure that a platform told, and when."""

    value: int
    at: datetime


class RecentState(Struct, frozen=True):
    """The last ``minutes`` against as many before them; ``before`` is None where nobody told."""

    value: int
    before: int | None
    minutes: int
    at: datetime


class AudienceState(Struct, frozen=True):
    """People in this broadcast, counted or measured; None: no source has told of any. Comments are counted
    here, so that 0 is that none came."""

    online: int | None
    likes: int | None
    exposures: int | None
    clicks: int | None
    followers: int | None
    comments: int
    entered: int | None
    followed: int | None
    shared: int | None
    gifts: int | None
    gift_value_fen: int | None
    measured: dict[str, FigureState] = {}
    """What a platform's own screen says, by the name of the field of ``room.measured`` (``gmv_fen, buyers,
    watched, impressions, new_follows`` …): in none, nobody has told."""
    recent: dict[str, RecentState] = {}
    club: int | None = None
    """Of the fan club, as sources told in this broadcast."""


class ActState(Struct, frozen=True):
    """A command that mends an alarm, and what its key says."""

    type: str
    data: dict[str, Any]
    text: str


class AlarmState(Struct, frozen=True, omit_defaults=True):
    """Something that a person has to see to; the list is sorted, the worst first."""

    code: str
    since: datetime | None
    text: str
    params: dict[str, Any]
    cue_id: str | None = None
    order_id: str | None = None
    acts: list[ActState] = []


class SourceState(Struct, frozen=True):
    """One source of facts: when it was heard last, and how many events came since the engine started."""

    source: str
    last_at: datetime | None
    events: int
    simulated: bool = False
    comments: bool | UnsetType = UNSET
    """It brought comments; told of those alone that did."""
    per_minute: int | UnsetType = UNSET
    """Events in the last whole minute."""
    gap_since: datetime | UnsetType = UNSET
    """It should tell and tells nothing."""
    gap_why: str | UnsetType = UNSET
    """``lost | silent | port_taken | refused | engine``, and what comes later."""


class GapState(Struct, frozen=True):
    """When a source told nothing although it should have; without an end it goes on."""

    source: str
    since: datetime = field(name="from")
    until: datetime | None = field(default=None, name="to")
    why: str = ""


class SeatState(Struct, frozen=True, omit_defaults=True):
    """Somebody who follows the room now. ``seat`` and ``name`` are as that window says them, or empty."""

    role: str
    since: datetime
    name: str = ""
    seat: str = ""
    """Tells a window which one of them it is itself."""


class ListState(Struct, frozen=True, omit_defaults=True):
    """A word list, or the platform's limits, as the engine reads it now; a person may edit the file."""

    name: str
    """As in the data folder: ``words/absolute.txt``."""
    entries: int
    """Terms, or figures, that are in force."""
    own: bool = False
    """A copy in the data folder is read, and not the program's."""
    changed_at: datetime | None = None
    """When the own copy was saved."""
    checked: date | None = None
    """When somebody last held the figures against the platform; None: the file does not say."""
    old: bool = False
    """That is so long ago that somebody should look again."""
    wrong: str = ""
    """Why the file cannot be used; what was read before stays in force."""


class CaseBellState(Struct, frozen=True):
    """Clocks of one kind of bell, and the first of them: ``since`` it rings, ``due_at`` it ends."""

    count: int
    rule: CaseRule
    since: datetime
    due_at: datetime


class HealthState(Struct, frozen=True):
    """How the engine does. Sources that were turned on and have not spoken yet are listed too."""

    ok: bool
    trouble: str
    version: str
    waiting: int
    sources: list[SourceState]
    capture: dict[str, dict[str, Any]] = {}
    clock_ahead_seconds: int = 0
    """The room's time is ahead of the computer's: its log stands in the future."""
    seats: list[SeatState] = []
    """Who follows the room now, in the order in which they came; `bounds.SEATS` of them at most."""
    seats_more: int = 0
    """How many more there are."""
    lists: list[ListState] = []
    gaps: list[GapState] = []
    """Of sources in this broadcast, the newest first, `bounds.GAPS` of them at most."""
    connections: dict[str, ConnectionState] = {}
    """Those that are set, by name (`messages.connections.CONNECTIONS`)."""
    trouble_since: datetime | UnsetType = UNSET
    """When ``trouble`` was first told of."""
    worlds: dict[str, WorldState] = {}
    """What the room is connected to outside (`messages.worlds.WORLDS`), what was proved, and what to do."""
    backup: BackupState | UnsetType = UNSET
    """Of backups on a schedule, where there is one."""
    open_question: OpenQuestionState | UnsetType = UNSET
    """Which question has waited longest for an answer; not there where none does, or no seat looked."""
    cases_overdue: CaseBellState | UnsetType = UNSET
    """What waits after the order beyond its time; not there where nothing does."""
    cases_soon: CaseBellState | UnsetType = UNSET
    """And what will soon."""
    playback: PlaybackState | UnsetType = UNSET
    """This is a broadcast that is looked at again; told of no room that runs."""
