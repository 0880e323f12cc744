"""People who stand together in a promotion, as the room holds them: plain structs of the snapshot."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from liveconsole.messages.fields import Pid


class BuyerGroup(Struct):
    """One group of a 拼团. Once it is full it stays so, whatever becomes of its orders."""

    orders: dict[str, Pid] = field(default_factory=dict)
    """Order id → who gave it; those that hold or have units."""
    told: dict[Pid, None] = field(default_factory=dict)
    """Who joined as a source told it; a person who also orders is one all the same."""
    filled_at: datetime | None = None

    def people(self) -> set[str]:
        return {*self.orders.values(), *self.told}


class BuyerGroups(Struct):
    """Those of one 拼团: at most ``most`` of ``size`` people."""

    size: int
    most: int
    each: dict[str, BuyerGroup] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    """Order id → 分 that were paid in a group that was not full, and have not gone back."""

    @property
    def filled(self) -> int:
        return sum(group.filled_at is not None for group in self.each.values())

    @property
    def places(self) -> int:
        """Places that are free, in the groups that are open and in those that nobody has opened."""
        taken = sum(self.size if g.filled_at else len(g.people()) for g in self.each.values())
        return max(0, self.most * self.size - taken)


class Helped(Struct):
    """People for whom others do something: who has ``needed`` of them has reached it."""

    needed: int
    helpers: dict[Pid, dict[Pid, None]] = field(default_factory=dict)
    """Who was helped → by whom, each once, in the order in which they came."""
    pairs: int = 0
    """How many of both stand there."""
    beyond: int = 0
    """What was told and is not kept, for want of room."""

    def missing(self, pid: str) -> int:
        """Return how many more somebody needs."""
        return max(0, self.needed - len(self.helpers.get(pid, ())))

    @property
    def reached(self) -> int:
        """How many have as many as they need."""
        return sum(len(by) >= self.needed for by in self.helpers.values())


class Member(Struct):
    """Somebody who agreed to be kept as a member of the shop. 成长值 is read off his orders."""

    joined_at: datetime
    birthday: str | None = None
    """Month and day, ``05-20``, where he told it."""
    signed: int = 0
    """积分 from 签到."""
    spent: int = 0
    balance_fen: int = 0
    """储值, with what came on top of it."""
    checked_in: date | None = None
    """The last day of China on which he signed in."""
