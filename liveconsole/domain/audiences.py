"""For whom a promotion is kept, who can check that, and what is known of somebody. One rule for every kind
whose spec is `specs.Announced`.

Our own books tell of newcomers, past buyers and members: who joined here, or paid as much as the first level.
The list of members tells whose birthday it is on the
day of China on which a promotion went on air: who is not on it, or told no birthday, has none there. A source
tells of followers and the fan club. At a platform it is the platform's own type, or a person who
hands it out and looks at the claim. Unknown is not no: nobody is turned away because nothing is known of him,
and where nobody could check at all the promotion is refused.
"""

from __future__ import annotations

from typing import Final

from liveconsole.domain import platforms
from liveconsole.domain.china import day_of
from liveconsole.domain.context import Pasts
from liveconsole.domain.kind import kind_named
from liveconsole.domain.membership import born_on
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.audiences import AUDIENCES, OWN_TYPES, Checker, Standing
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Announced, AudienceName, DoneAs, Spec

_OF_BOOKS: Final = frozenset({"new", "bought", "members"})
_OF_SOURCES: Final = frozenset({"followers", "club"})
_LOOKED_AT: Final = frozenset({"bags", "lists"})
"""A person looks at each who has won, or has a place, before it is handed over."""
_HANDED_OUT: Final = frozenset({"group", "family"})
"""A person knows them and nobody else does: he sends it to them."""


def audience_of(spec: object) -> AudienceName | None:
    """Return for whom it is kept; None: for everybody."""
    return spec.audience if isinstance(spec, Announced) else None


def countdown(spec: object) -> int | None:
    """Return for how many seconds viewers see it count down before it starts."""
    return spec.countdown_seconds if isinstance(spec, Announced) else None


def checked_by(room: Room, kind: str, spec: object) -> Checker | None:
    """Tell who checks that it goes to those alone for whom it is kept; None: nobody can."""
    name = audience_of(spec)
    if name is None:
        return None
    part = kind_named(kind).DONE_AS
    if platforms.is_simulated(room):
        return _here(room, name) or "platform"
    if platforms.does_spec(room, kind, spec) == "us":
        return _here(room, name) or ("person" if part in _LOOKED_AT else None)
    return _there(room, name, part)


def unchecked(room: Room, kind: str, spec: Spec) -> Refused | None:
    """Return the no to a promotion that is kept for people whom nobody can tell from others."""
    name = audience_of(spec)
    if name is None or checked_by(room, kind, spec) is not None:
        return None
    zh, en = AUDIENCES[name]
    return Refused("audience_unchecked", {"audience": zh, "audience_en": en, "name": name})


def standing(room: Room, cue: Cue, pid: str, pasts: Pasts) -> Standing:
    """Tell whether somebody counts among those for whom it is kept, by our books and what sources told."""
    name = audience_of(cue.spec)
    if name is None:
        return "yes"
    if name in _OF_SOURCES:
        return "yes" if pid in (room.followed if name == "followers" else room.in_club) else "unknown"
    if name == "birthday":
        return "yes" if _has_birthday(room, cue, pid) else "no"
    if name == "members" and pid in room.members:
        return "yes"
    past = pasts.get(pid)
    if name not in _OF_BOOKS or past is None:
        return "unknown"
    whole = platforms.books_whole(room)
    if name == "new":
        return "no" if past.paid else "yes" if whole else "unknown"
    belongs = past.paid > 0 if name == "bought" else past.reaches_level
    return "yes" if belongs else "no" if whole else "unknown"


def _has_birthday(room: Room, cue: Cue, pid: str) -> bool:
    known = room.members.get(pid)
    if known is None or known.birthday is None or cue.on_air_at is None:
        return False
    return known.birthday in born_on(day_of(cue.on_air_at))


def turned_away(room: Room, cue: Cue, pid: str, pasts: Pasts) -> Refused | None:
    """Return the no to somebody who is known not to be among them."""
    name = audience_of(cue.spec)
    if name is None or standing(room, cue, pid, pasts) != "no":
        return None
    zh, en = AUDIENCES[name]
    return Refused("not_for_you", {"audience": zh, "audience_en": en, "name": name, "cue_id": cue.cue_id})


def said(room: Room, cue: Cue, pid: str, pasts: Pasts) -> dict[str, str]:
    """Return what the answer to a request says of it: who let in a stranger shall know that he did."""
    if audience_of(cue.spec) is None:
        return {}
    return {"audience": standing(room, cue, pid, pasts)}


def asks_books(cue: Cue) -> bool:
    """Tell whether what our books have of somebody decides."""
    return audience_of(cue.spec) in _OF_BOOKS


def _here(room: Room, name: AudienceName) -> Checker | None:
    if name in _OF_BOOKS:
        return "books"
    if name == "birthday":
        return "list"
    told = room.in_club if name == "club" else room.followed
    return "source" if name in _OF_SOURCES and told else None


def _there(room: Room, name: AudienceName, part: DoneAs) -> Checker | None:
    if name in OWN_TYPES[part]:
        return "platform"
    if part in _LOOKED_AT:
        return "person"
    # A link or a coupon that is not public can be given to people whom somebody knows by name.
    by_name = part == "coupons" and name in ("bought", "birthday")
    return "person" if name in _HANDED_OUT or by_name else None
