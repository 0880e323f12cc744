"""The subjects of a room, and who may speak and listen on which: one table, for the engine, the seats and the
file that the broker enforces it by. Pure.

``lc.ROOM.ROLE.SEAT.cmd`` · ``.ask`` · ``.here`` · ``.facts`` · ``.mark`` · ``lc.ROOM.live.seat`` ·
``lc.ROOM.live.plain`` · ``lc.ROOM.beat``. Room and seat are short ids, never names.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, NamedTuple

from liveconsole.messages.rights import PLAIN

TOP: Final = "lc"
CMD: Final = "cmd"
ASK: Final = "ask"
HERE: Final = "here"
FACTS: Final = "facts"
MARK: Final = "mark"
PRODUCER: Final = "producer"
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SEAT_ID: Final = re.compile(r"[a-z0-9]{1,16}")
_HASHED: Final = 20

KINDS: Final = (CMD, ASK, HERE, FACTS, MARK)
_COMMANDS, _LOOKS, _POSTS = (CMD, ASK, HERE), (ASK, HERE), (FACTS, MARK)
SPEAKS: Final[dict[str, tuple[str, ...]]] = {
    "operator": _COMMANDS,
    "assistant": _COMMANDS,
    "deputy": _COMMANDS,
    "viewer": _LOOKS,
    "screen": _LOOKS,
    PRODUCER: _POSTS,
}
"""Role of a seat that a broker lets in → what it may say; of which commands, the engine's rules say.
``screen`` sees no names, a producer sees nothing of the room."""


class Rights(NamedTuple):
    """What one user of the broker may do; ``answers``: messages that may follow to the inbox of who asked."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: int = 0


class SeatSubject(NamedTuple):
    """Who asks for what: read from a subject that the broker let somebody publish on."""

    role: str
    seat: str
    kind: str


def token_of(room: str) -> str:
    """Return a room's id as one part of a subject; one that could not be such a part, by its hash."""
    if _PLAIN_ID.fullmatch(room):
        return room
    return "=" + sha256(room.encode("utf-8", "surrogateescape")).hexdigest()[:_HASHED]


def asked_on(room: str, role: str, seat: str, kind: str) -> str:
    """Return the subject on which a seat asks: one of `KINDS`."""
    return f"{TOP}.{token_of(room)}.{role}.{seat}.{kind}"


def read_asked(subject: str, room: str) -> SeatSubject | None:
    """Return who asks on a subject; None: it is none of this room's."""
    parts = subject.split(".")
    if len(parts) != 5 or parts[:2] != [TOP, token_of(room)]:
        return None
    role, seat, kind = parts[2:]
    if role not in SPEAKS or not _SEAT_ID.fullmatch(seat) or kind not in KINDS:
        return None
    return SeatSubject(role, seat, kind)


def live(room: str, role: str) -> str:
    """Return where a role hears what was committed: with names, or without."""
    return f"{TOP}.{token_of(room)}.live.{'plain' if role in PLAIN else 'seat'}"


def beat(room: str) -> str:
    """Return where the engine says that it is there."""
    return f"{TOP}.{token_of(room)}.beat"


def inbox(seat: str) -> str:
    """Return the beginning of the subjects on which a seat is answered: nobody else may listen there."""
    return f"_INBOX_{seat}"


PARTS_MOST: Final = 256
"""Parts of one answer."""


def rights_of_seat(room: str, role: str, seat: str) -> Rights:
    """Return what a seat may do at the broker."""
    hears = (beat(room), f"{inbox(seat)}.>")
    return Rights(
        tuple(asked_on(room, role, seat, kind) for kind in SPEAKS.get(role, _LOOKS)),
        hears if role == PRODUCER else (live(room, role), *hears),
    )


def rights_of_engine(room: str) -> Rights:
    """Return what an engine of the room may do: it alone hears what seats ask and says what was done."""
    own = f"{TOP}.{token_of(room)}"
    return Rights(
        (f"{own}.live.seat", f"{own}.live.plain", f"{own}.beat"),
        tuple(f"{own}.*.*.{kind}" for kind in KINDS),
        PARTS_MOST,
    )
