"""What a phone shows of a room: one small body, made by the engine, in the language that the page asked for.

A page in a browser has no rules of its own: what may be pressed, and why not, stands here in words. There are
moments and no ages: the page counts. None is unknown, never 0. Every text may come from outside: plain text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

TASKS: Final = 20
QUEUED: Final = 40
NOTES: Final = 5
WINNERS: Final = 50
"""Of each so many at most; ``…_more`` counts the rest."""


class PhoneProduct(Struct, frozen=True, omit_defaults=True):
    """What is pinned. ``left`` of ``of``: of the sale that runs on it, else what stock is left, then without
    ``of``; None: nobody reports it."""

    title: str
    price_fen: int | None
    """None: sold out, nothing is promised."""
    number: int | None = None
    struck_fen: int | None = None
    price_from: bool = False
    image: str | None = None
    left: int | None = None
    of: int | None = None


class PhoneClocks(Struct, frozen=True, omit_defaults=True):
    """``ends_at``: of what runs and ends first, called ``ends``. ``ahead_seconds``: the whole rundown against
    its plan, below 0 it is late."""

    ends: str = ""
    kind: str = ""
    ends_at: datetime | None = None
    shown_since: datetime | None = None
    ahead_seconds: int | None = None


class PhoneCopy(Struct, frozen=True, omit_defaults=True):
    """One field of the platform's form: ``value`` is what is copied, ``unit`` stands behind it."""

    label: str
    value: str
    unit: str = ""


class PhoneTask(Struct, frozen=True, omit_defaults=True):
    """现在要做: a step that a person is asked about, the oldest first."""

    cue_id: str
    kind: str
    step: Literal["on_air", "ended"]
    title: str
    words: str
    since: datetime
    fields: list[PhoneCopy] = []
    done: str = ""
    """The word on the key that says yes, and on the one that says no; ``failed`` empty: there is no no."""
    failed: str = ""
    why_not: str = ""
    """Why this seat may not answer; empty: it may."""


class PhoneRow(Struct, frozen=True, omit_defaults=True):
    """A promotion that waits. ``fire`` is the word on its key; ``why_not``: why it cannot be fired by this
    seat now, empty: it can. ``fires_at``: it goes by itself then; ``recall`` until then it can be taken
    back."""

    cue_id: str
    kind: str
    title: str
    about: str
    fire: str
    why_not: str = ""
    image: str | None = None
    fires_at: datetime | None = None
    recallable: bool = False


class PhoneWinner(Struct, frozen=True, omit_defaults=True):
    name: str
    settled: bool | None = None
    claim_until: datetime | None = None


class PhoneDraw(Struct, frozen=True, omit_defaults=True):
    """A draw whose prizes are not all settled. ``winners`` is empty for a seat that sees no names."""

    prize: str
    count: int
    open: int
    winners: list[PhoneWinner] = []
    code: str = ""


class PhoneNote(Struct, frozen=True):
    text: str
    by: str
    to: str
    """Roles, as on the wire."""
    at: datetime


class PhoneView(Struct, frozen=True, omit_defaults=True):
    role: str
    names: bool
    """This seat sees names of viewers."""
    fires: bool
    """The host allowed this seat to fire."""
    writes: bool
    title: str
    status: Literal["none", "open", "closed"]
    simulated: bool = False
    opened_at: datetime | None = None
    pinned: PhoneProduct | None = None
    clocks: PhoneClocks = PhoneClocks()
    tasks: list[PhoneTask] = []
    tasks_more: int = 0
    queue: list[PhoneRow] = []
    queue_more: int = 0
    draws: list[PhoneDraw] = []
    notes: list[PhoneNote] = []
