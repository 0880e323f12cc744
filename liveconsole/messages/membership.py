"""Members of the shop: what a seat sends, what stands on the log, and the figures they go by.

A member is somebody who agreed to be one. What he paid is not on this list: 成长值 is read off his orders.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import AnyPersonId, Pid, Quantity, Text, Typed
from liveconsole.messages.specs import PositiveFen, Zhe

MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A birthday without its year: ``05-20``."""
LEVELS_MOST: Final = 20
DEPOSITS_MOST: Final = 50
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
_Yuan = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
_Points = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class MemberLevel(Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """``since``: the 成长值 from which it holds; ``zhe``: its discount in 折."""

    since: _Points
    zh: _Word
    en: _Word
    zhe: Zhe | None = None


class DepositBonus(Struct, frozen=True, forbid_unknown_fields=True):
    """What comes on top of a deposit of ``from_yuan`` and more, on these days of China."""

    since: date
    until: date
    from_yuan: _Yuan
    bonus_yuan: _Yuan


class MemberFigures(
    Struct, frozen=True, forbid_unknown_fields=True, rename={"levels": "level", "deposits": "deposit"}
):
    """The members' part of the seller's file."""

    levels: Annotated[list[MemberLevel], msgspec.Meta(max_length=LEVELS_MOST)] = []
    deposits: Annotated[list[DepositBonus], msgspec.Meta(max_length=DEPOSITS_MOST)] = []
    points_per_yuan: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1
    checkin_points: _Points = 5
    birthday_coupon_yuan: _Yuan | None = None


class MemberJoin(Struct, frozen=True):
    """``consent``: he said yes to being kept as a member; ``birthday`` only where he told it."""

    viewer_id: AnyPersonId
    consent: bool
    birthday: MonthDay | None = None


class MemberLeave(Struct, frozen=True):
    viewer_id: AnyPersonId


class MemberCheckIn(Struct, frozen=True):
    """签到: once on a day of China."""

    viewer_id: AnyPersonId


class MemberSpend(Struct, frozen=True):
    """积分 that are given for a gift or a coupon."""

    viewer_id: AnyPersonId
    points: Quantity
    what: Text = ""


class MemberDeposit(Struct, frozen=True):
    """储值, or a use of it (``use``)."""

    viewer_id: AnyPersonId
    amount_fen: PositiveFen
    use: bool = False


class MemberJoined(Struct, frozen=True):
    viewer_id: Pid
    birthday: MonthDay | None = None


class MemberLeft(Struct, frozen=True):
    viewer_id: Pid


class MemberCheckedIn(Struct, frozen=True):
    """``day`` of China; ``points`` by the figures of that day."""

    viewer_id: Pid
    day: date
    points: int


class MemberSpent(Struct, frozen=True):
    viewer_id: Pid
    points: int
    what: Typed = ""


class MemberDeposited(Struct, frozen=True):
    """``amount_fen`` below zero: it was used."""

    viewer_id: Pid
    amount_fen: int
    bonus_fen: int = 0


COMMANDS: Final[dict[str, type[Struct]]] = {
    "member.join": MemberJoin,
    "member.leave": MemberLeave,
    "member.checkin": MemberCheckIn,
    "member.spend": MemberSpend,
    "member.deposit": MemberDeposit,
}
EVENTS: Final[dict[str, type[Struct]]] = {
    "member.joined": MemberJoined,
    "member.left": MemberLeft,
    "member.checked_in": MemberCheckedIn,
    "member.spent": MemberSpent,
    "member.deposited": MemberDeposited,
}
