"""Who follows the room, as a line says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liveconsole.messages.state import SeatState
from ui.clean import clean
from ui.i18n import t
from ui.seat.session import ROLE_NAMES

_NAMED: Final = 3


def role_name(role: str) -> str:
    """A role as people call it; one that this desk does not know keeps its own word."""
    return t(ROLE_NAMES[role]) if role in ROLE_NAMES else clean(role, 20)


def own_first(seats: Sequence[SeatState], own: str) -> list[SeatState]:
    """This window, then the others in the order in which they came."""
    return sorted(seats, key=lambda one: one.seat != own or not own)


def seat_words(one: SeatState, own: str) -> str:
    """``云朵（主播，本窗口）``; without a name the role alone."""
    role, here = role_name(one.role), bool(own) and one.seat == own
    name = clean(one.name, 20)
    if name:
        return (
            t("{name}（{role}，本窗口）", name=name, role=role)
            if here
            else t("{name}（{role}）", name=name, role=role)
        )
    return t("{role}（本窗口）", role=role) if here else role


def online_words(seats: Sequence[SeatState], own: str, more: int = 0) -> str:
    """Everybody in one line: this window first, three by name, the rest counted. Empty: nobody is known."""
    if not seats:
        return ""
    named = own_first(seats, own)
    rest = len(named) - _NAMED + more
    words = " · ".join(seat_words(one, own) for one in named[:_NAMED])
    if rest > 0:
        return t("{who} 等 {n} 个席位在线", who=words, n=len(named) + more)
    return t("{who} 在线", who=words)
