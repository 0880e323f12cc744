"""A room that is shared with other computers and phones of the studio: who asks, who has a seat, as the state
and ``/v1/share`` say it.

A seat is one other computer or phone with a role of its own. Its label is what its owner typed: text from
outside. No token is ever among these; the code is, for hosts and operators alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

SHARE: Final = "/v1/share"
"""On loopback alone (host, operator): GET, and POST one of `SHARE_ACTS`; both answer `ShareAnswer`."""

GivenRole = Literal["assistant", "operator", "viewer"]
"""What the host gives a person's seat."""
SharedRole = Literal["assistant", "operator", "viewer", "producer"]
"""``producer``: of a tool, and of nothing else."""
SeatKind = Literal["desk", "phone", "tool"]
"""``tool``: a program that posts what happened and sees nothing of the room."""
LABEL_LONG: Final = 20
"""Characters of a seat's label; more is cut."""
SEATS_MOST: Final = 32
"""Seats that one room keeps."""
ASKS_MOST: Final = 8
"""Asks that wait for the host at once."""
CODE_SECONDS: Final = 600.0
"""A code is good for so long, and for one seat."""
ASK_SECONDS: Final = 120.0
"""The host has so long to answer an ask; then it is expired."""
_Id = Annotated[str, msgspec.Meta(max_length=64)]


class AskState(Struct, frozen=True):
    """Somebody who asks for a seat. The host compares ``digits`` with those on the other screen."""

    id: str
    label: str
    digits: str
    """Six of them."""
    kind: SeatKind
    since: datetime
    until: datetime
    """Then nobody answers it any more."""
    address: str = ""
    """Where it asks from."""


class SharedSeatState(Struct, frozen=True):
    """A seat that was allowed, here now or not."""

    id: str
    label: str
    role: SharedRole
    may_fire: bool
    """An assistant may start what is approved. An operator always may, a viewer never."""
    kind: SeatKind
    here: bool
    """It follows the room now."""
    last_word_at: datetime | None
    """When it was heard last, to ten seconds; None: never since it was allowed."""
    proved: bool
    """A phone on which the studio's certificate is installed; until then it sees no names and only ticks what
    was done and writes notes. Of a desk always True: it knows the certificate by the code."""


class SharingState(Struct, frozen=True):
    """Whether the room is shared. Roles but host and operator are told ``open``, ``here`` and ``keep``."""

    open: bool = False
    address: str = ""
    port: int = 0
    phone: bool = False
    """Phones may ask as well."""
    code: str = ""
    """What another computer types, in groups; empty: it was used, expired or guessed at too often, and
    `ShareCode` makes a new one."""
    code_until: datetime | None = None
    link: str = ""
    """The same for a phone's camera: ``https://ADDRESS:PORT/join#CODE``."""
    fingerprint: str = ""
    """Of the studio's certificate, SHA-256 in groups of four, as a phone shows it at its installation."""
    asks: list[AskState] = []
    seats: list[SharedSeatState] = []
    here: int = 0
    """How many of the seats follow the room now."""
    keep: bool = False
    """Open again next time (下次也开着); otherwise it ends with the broadcast."""
    guesses: int = 0
    """Wrong codes that were tried since it was opened."""
    broker_unread: bool = False
    """The broker runs and has not read the newest list of seats: one that was taken away is answered nothing,
    but may still hear what happens, and a new one does not come in there."""


NOT_SHARED: Final = SharingState()


class ShareOpen(Struct, frozen=True, tag_field="act", tag="open", forbid_unknown_fields=True):
    """Listen on one of this computer's addresses, and make a code. Open already: it moves there."""

    address: Annotated[str, msgspec.Meta(max_length=45)]
    keep: bool = False
    phone: bool = True
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    """0: the one of the last time where it is free, else any."""


class ShareClose(Struct, frozen=True, tag_field="act", tag="close", forbid_unknown_fields=True):
    """Stop listening; seats stay allowed for the next time."""


class ShareKeep(Struct, frozen=True, tag_field="act", tag="keep", forbid_unknown_fields=True):
    """Open again with the next start, or not."""

    keep: bool


class ShareCode(Struct, frozen=True, tag_field="act", tag="code", forbid_unknown_fields=True):
    """Make a new code; the one before counts no more."""


class ShareAllow(Struct, frozen=True, tag_field="act", tag="allow", forbid_unknown_fields=True):
    """Let one in who asks. A tool is let in as a producer, whatever ``role`` says."""

    ask_id: _Id
    role: GivenRole = "viewer"
    may_fire: bool = False


class ShareRefuse(Struct, frozen=True, tag_field="act", tag="refuse", forbid_unknown_fields=True):
    """Send one away who asks."""

    ask_id: _Id


class ShareRevoke(Struct, frozen=True, tag_field="act", tag="revoke", forbid_unknown_fields=True):
    """Take a seat away; its streams end at once."""

    seat_id: _Id


ShareAct = ShareOpen | ShareClose | ShareKeep | ShareCode | ShareAllow | ShareRefuse | ShareRevoke


class AddressOffer(Struct, frozen=True):
    """An address of this computer that others in the studio may reach; the likeliest stands first."""

    address: str
    usual: bool = False
    """Where its way out goes through."""


class ShareAnswer(Struct, frozen=True, omit_defaults=True):
    """``ok`` False: ``code`` and ``params`` say why (`refusals.TEXTS`), ``text`` in words."""

    ok: bool
    sharing: SharingState
    addresses: list[AddressOffer] = []
    """Of GET alone."""
    code: str = ""
    text: str = ""
    params: dict[str, str | int] = {}
    seat_id: str = ""
    """Of an ``allow``."""


class SeatGave(Struct, frozen=True):
    """``seat.gave``: the ``events`` right before it on the log came of a command of a shared seat. Its label
    is what somebody called it, and never on the log."""

    seat_id: str
    type: str
    """Of the command."""
    events: int


def sharing_for(role: str, sharing: SharingState) -> SharingState:
    """Return what a role is told of it."""
    if role in ("host", "operator"):
        return sharing
    return SharingState(open=sharing.open, here=sharing.here, keep=sharing.keep)
