"""What keys of plastic are shown and may send (``GET /v1/keys``, docs/keys.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

KeyColour = Literal["off", "ready", "blocked", "counting", "live", "alarm"]
KeyStands = Literal["empty", "ready", "blocked", "planned", "counting", "asked", "unknown", "on_air"]
KeyAct = Literal["", "fire", "recall", "stop", "next", "halt"]
PressStands = Literal["waiting", "done", "refused", "unknown"]


class SurfaceKey(Struct, frozen=True):
    """One key. ``title``, ``about``, ``text``: what it is, of which goods, how it stands, a line each.

    ``does``: what a press asks for, and with ``hold_ms`` a hold of at least so many milliseconds; empty: why
    not stands in ``why``. ``since``, ``until``: between these it counts down. ``share``: the part of its
    units that is gone, 0 to 1. ``shown``: what a press must name; another one was shown before.
    """

    slot: str
    title: str = ""
    about: str = ""
    text: str = ""
    colour: KeyColour = "off"
    state: KeyStands = "empty"
    does: KeyAct = ""
    hold_ms: int = 0
    why: str = ""
    since: datetime | None = None
    until: datetime | None = None
    share: float | None = None
    shown: str = ""


class KeysFrame(Struct, frozen=True, tag_field="type", tag="keys"):
    """All keys at one moment (``at``, the engine's clock)."""

    at: datetime
    lang: str
    room: str
    simulated: bool
    open: bool
    """A broadcast runs."""
    alarms: int
    """Alarms that stand; what they are is said at the desk."""
    keys: list[SurfaceKey]


class KeyPress(Struct, frozen=True, forbid_unknown_fields=True):
    """A press (``press``), or a hold (``hold`` with ``ms``), of the key of that slot as it was ``shown``."""

    id: Annotated[str, Meta(pattern=r"^[!-~]{1,40}$")]
    shown: Annotated[str, Meta(max_length=40)]
    press: Annotated[str, Meta(max_length=10)] | None = None
    hold: Annotated[str, Meta(max_length=10)] | None = None
    ms: Annotated[int, Meta(ge=0, le=600_000)] = 0


class KeyAnswer(Struct, frozen=True, tag_field="type", tag="answer"):
    """What came of a press. ``waiting`` is followed by another answer of the same ``id``; ``unknown`` too, as
    soon as somebody knows. ``code``, ``text``: why it was refused, or what is waited for."""

    id: str
    status: PressStands
    code: str = ""
    text: str = ""
