"""Members of the shop: people who agreed to be, what they signed in, spent and paid in.

成长值 is no figure of its own here: it is what somebody paid and did not get back, as the books have it, so
it falls by a refund and by nothing else. 积分 are that, and what was signed in, less what was spent.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date
from typing import Final

from liveconsole.domain.china import day_of
from liveconsole.domain.context import Context, Decision, Fold, Past, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_people import Member
from liveconsole.messages.envelope import Event
from liveconsole.messages.membership import (
    DepositBonus,
    MemberCheckedIn,
    MemberCheckIn,
    MemberDeposit,
    MemberDeposited,
    MemberFigures,
    MemberJoin,
    MemberJoined,
    MemberLeave,
    MemberLeft,
    MemberLevel,
    MemberSpend,
    MemberSpent,
)
from liveconsole.messages.refusals import Refused
from liveconsole.messages.wording import plain_yuan

MEMBERS_MOST: Final = 20_000
BALANCE_MOST_FEN: Final = 10**9
_YUAN: Final = 100


def growth(paid_fen: int) -> int:
    """Return the 成长值 of what was paid and not given back: 1 for each whole 元."""
    return max(0, paid_fen) // _YUAN


def points(member: Member, paid_fen: int, figures: MemberFigures) -> int:
    """Return the 积分 that he has; a refund can leave less than none of what was spent already."""
    return growth(paid_fen) * figures.points_per_yuan + member.signed - member.spent


def level(grown: int, levels: Sequence[MemberLevel]) -> MemberLevel | None:
    """Return the highest level that a 成长值 reaches."""
    return max((one for one in levels if one.since <= grown), key=lambda one: one.since, default=None)


def reaches_level(paid_fen: int, levels: Sequence[MemberLevel]) -> bool:
    """Tell whether this is as much as the first level above that of every buyer; without one nobody's is."""
    above = [one.since for one in levels if one.since > 0]
    return bool(above) and growth(paid_fen) >= min(above)


def to_next(grown: int, levels: Sequence[MemberLevel]) -> int | None:
    """Return the 成长值 that is missing to the next level; None on the highest."""
    return min((one.since - grown for one in levels if one.since > grown), default=None)


def bonus_fen(amount_fen: int, day: date, table: Sequence[DepositBonus]) -> int:
    """Return what comes on top of a deposit: by the highest line of that day which it reaches."""
    reached = [one for one in table if one.since <= day <= one.until and amount_fen >= one.from_yuan * _YUAN]
    return max(reached, key=lambda one: one.from_yuan).bonus_yuan * _YUAN if reached else 0


def born_on(day: date) -> list[str]:
    """Return the birthdays that are kept on a day: who was born on a leap day has his on the 28th in other
    years."""
    leap = ["02-29"] if (day.month, day.day) == (2, 28) and not isleap(day.year) else []
    return [f"{day:%m-%d}", *leap]


def join(room: Room, data: MemberJoin, ctx: Context) -> Decision | Refused:
    """Keep him as a member, or his birthday, where he agreed."""
    if not data.consent:
        return Refused("no_consent")
    known = room.members.get(data.viewer_id)
    if known is not None and data.birthday in (None, known.birthday):
        return Decision([], {})
    if known is None and len(room.members) >= MEMBERS_MOST:
        detail = f"members: {MEMBERS_MOST + 1} > {MEMBERS_MOST}"
        return Refused("over_limit", {"detail": detail, "limit": MEMBERS_MOST})
    return Decision([ctx.event("member.joined", MemberJoined(data.viewer_id, data.birthday))], {})


def leave(room: Room, data: MemberLeave, ctx: Context) -> Decision | Refused:
    """Let go of all that is kept of him as a member; what he paid in goes back first."""
    known = room.members.get(data.viewer_id)
    if known is None:
        return Decision([], {})
    if known.balance_fen > 0:
        return Refused("balance_left", {"balance": plain_yuan(known.balance_fen), "fen": known.balance_fen})
    return Decision([ctx.event("member.left", MemberLeft(data.viewer_id))], {})


def check_in(room: Room, data: MemberCheckIn, ctx: Context) -> Decision | Refused:
    """签到: once a day of China, and never for a day that is over."""
    known = room.members.get(data.viewer_id)
    if known is None:
        return Refused("no_member")
    day = day_of(ctx.now)
    if known.checked_in is not None and known.checked_in >= day:
        return Decision([], {"points": 0})
    got = ctx.members.checkin_points
    return Decision(
        [ctx.event("member.checked_in", MemberCheckedIn(data.viewer_id, day, got))], {"points": got}
    )


def spend(room: Room, data: MemberSpend, ctx: Context) -> Decision | Refused:
    """Give 积分 for a gift or a coupon; never more than there are."""
    known = room.members.get(data.viewer_id)
    if known is None:
        return Refused("no_member")
    had = points(known, ctx.pasts.get(data.viewer_id, Past()).paid_fen, ctx.members)
    if data.points > had:
        return Refused("too_few_points", {"points": max(0, had), "asked": data.points})
    spent = MemberSpent(data.viewer_id, data.points, data.what.strip())
    return Decision([ctx.event("member.spent", spent)], {"points": had - data.points})


def deposit(room: Room, data: MemberDeposit, ctx: Context) -> Decision | Refused:
    """储值 with what comes on top of it, or a use of what is there."""
    known = room.members.get(data.viewer_id)
    if known is None:
        return Refused("no_member")
    if data.use:
        if data.amount_fen > known.balance_fen:
            said = {"balance": plain_yuan(known.balance_fen), "fen": known.balance_fen}
            return Refused("balance_short", said)
        moved = MemberDeposited(data.viewer_id, -data.amount_fen)
    else:
        extra = bonus_fen(data.amount_fen, day_of(ctx.now), ctx.members.deposits)
        if known.balance_fen + data.amount_fen + extra > BALANCE_MOST_FEN:
            detail = f"balance: > {plain_yuan(BALANCE_MOST_FEN)}"
            return Refused("over_limit", {"detail": detail, "limit": BALANCE_MOST_FEN})
        moved = MemberDeposited(data.viewer_id, data.amount_fen, extra)
    after = known.balance_fen + moved.amount_fen + moved.bonus_fen
    return Decision(
        [ctx.event("member.deposited", moved)], {"balance_fen": after, "bonus_fen": moved.bonus_fen}
    )


def forget(room: Room, pid: str) -> None:
    """Nothing of him stays."""
    room.members.pop(pid, None)


def _joined(room: Room, data: MemberJoined, event: Event) -> None:
    known = room.members.get(data.viewer_id)
    if known is None:
        room.members[data.viewer_id] = Member(event.at, data.birthday)
    else:
        known.birthday = data.birthday


def _left(room: Room, data: MemberLeft, event: Event) -> None:
    forget(room, data.viewer_id)


def _checked_in(room: Room, data: MemberCheckedIn, event: Event) -> None:
    if (known := room.members.get(data.viewer_id)) is not None:
        known.signed += data.points
        known.checked_in = data.day


def _spent(room: Room, data: MemberSpent, event: Event) -> None:
    if (known := room.members.get(data.viewer_id)) is not None:
        known.spent += data.points


def _deposited(room: Room, data: MemberDeposited, event: Event) -> None:
    if (known := room.members.get(data.viewer_id)) is not None:
        known.balance_fen += data.amount_fen + data.bonus_fen


COMMANDS: Final[dict[str, Rule]] = {
    "member.join": join,
    "member.leave": leave,
    "member.checkin": check_in,
    "member.spend": spend,
    "member.deposit": deposit,
}
FOLDS: Final[dict[str, Fold]] = {
    "member.joined": _joined,
    "member.left": _left,
    "member.checked_in": _checked_in,
    "member.spent": _spent,
    "member.deposited": _deposited,
}
