"""What a kind of promotion says to the rules: one protocol, and the table in which every kind is found.

The kinds are the modules of `kinds`, listed there; whoever imports anything of ``domain`` has them. A rule
asks the kind of a cue (`kind_of`), never for its name. How a kind is worded stands in `views.kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from msgspec import Struct

from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.commands import OrderRequest
from liveconsole.messages.draws import DrawPromise
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.events import EndedBecause
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import CouponRule, DoneAs, Scope


class UnitPrice(Struct, frozen=True, gc=False):
    """One unit of a SKU for another price than its own."""

    sku_id: str
    fen: int
    per_buyer: int


class RuleOff(Struct, frozen=True):
    """What a rule takes off the sum of the goods in ``scope``; None: of the whole shop."""

    rule: CouponRule
    scope: Scope | None


class TogetherPrice(Struct, frozen=True):
    """Goods that cost ``fen`` together: SKUs with the units of each; ``per_buyer``: how many times."""

    items: Sequence[tuple[str, int]]
    fen: int
    per_buyer: int


class GivenWith(Struct, frozen=True):
    """``units`` of a SKU that come with what is bought: for each ``for_units`` of goods of ``products``, or
    where these are None once for an order that comes to ``threshold_fen``. ``per_buyer``: how many times."""

    sku_id: str
    units: int
    per_buyer: int
    products: frozenset[str] | None = None
    for_units: int = 1
    threshold_fen: int = 0


class Offers(Struct, frozen=True):
    """What a promotion can do to the price of an order. ``words``: what its price is called, zh and en."""

    prices: Sequence[UnitPrice] = ()
    rules: Sequence[RuleOff] = ()
    together: Sequence[TogetherPrice] = ()
    gifts: Sequence[GivenWith] = ()
    words: tuple[str, str] = ("", "")


class Given(Struct, frozen=True):
    """分. ``most_fen`` is never below what is given or held already."""

    given_fen: int
    held_fen: int
    """Of orders that wait for their payment: given when they pay, nothing when they lapse."""
    most_fen: int


class Fitted(Struct, frozen=True):
    """``spec`` as it would be sent, its units all together, and what is in the way of the present one."""

    spec: dict[str, Any]
    quantity: int
    because: Refused


class SkuVerdict(Struct, frozen=True):
    """One SKU of a promotion that is composed. ``free``: the units that it could have at its start."""

    sku_id: str
    lowest_fen: int | None
    floor_fen: int | None
    free: int
    faults: list[Refused]
    at_start: bool = False
    """The last of its faults is in the way of a start only, not of the queue."""


class Repair(Struct, frozen=True):
    """The value that mends one fault; ``quantity`` 0 takes the SKU out, ``off_fen`` is a coupon's amount."""

    because: Refused
    sku_id: str
    price_fen: int | None = None
    quantity: int | None = None
    off_fen: int | None = None


class BySku(Struct, frozen=True):
    """``mended``: the spec with every repair done."""

    skus: list[SkuVerdict]
    repairs: list[Repair]
    mended: Any
    overlaps: bool = False
    """Another of its kind takes the same goods at the same time."""


class Kind(Protocol):
    """A kind is a module that has all of this. ``spec`` is of its own `SPEC`, a cue is of its `NAME`.

    Functions read the room and change nothing, but for `shape` and `folded`, which belong to the fold.
    """

    # What it is

    @property
    def NAME(self) -> str:
        """Its word on the wire and on the log, for ever."""

    @property
    def SPEC(self) -> type[Struct]: ...
    @property
    def RETIRED(self) -> bool:
        """Old logs still fold; nobody can make a new one."""

    @property
    def DONE_AS(self) -> DoneAs:
        """The capability of a platform that starts and ends it; stands in its spec, as both sides ask it."""

    @property
    def BENEFIT(self) -> bool:
        """福利: it counts among the benefits of an hour, and makes its segment's minutes ones."""

    @property
    def DISCOUNTS(self) -> bool:
        """What it gives stands in the broadcast's sum of discounts; the prizes of a draw do not."""

    def by_hand(self, spec: Any) -> str:
        """Tell why a platform's interface cannot be told of it, as a code; empty where it can. A person does
        such a one even where a program does the kind."""

    # From the queue to the air

    def check(self, room: Room, spec: Any, *, without: str | None = None) -> list[Refused]:
        """Return every reason against the spec alone, in the contract's order; ``without``: the cue judged
        anew."""

    def cannot_start(self, room: Room, cue: Cue, spec: Any, now: datetime) -> Refused | None:
        """Return what is in its way as things stand now or, for a planned one, at its time."""

    def rows(self, room: Room, cue: Cue, now: datetime) -> BySku | None:
        """Return every SKU of a draft with what is in its way; None for what is not composed by SKUs."""

    def goods(self, room: Room, spec: Any) -> set[str]:
        """Return the products that it is about; empty for what is about none or all."""

    @property
    def ARMED(self) -> bool:
        """下一品 approves what waits about its product."""

    @property
    def RECALLABLE(self) -> bool:
        """It has the recall window of the room's settings."""

    @property
    def KEYED(self) -> bool:
        """Seats have a numbered key for it from the queue to its end (`Cue.slot`)."""

    @property
    def SILENCE(self) -> timedelta:
        """A person who was asked and said nothing for so long leaves it ``unknown``."""

    def makes_way(self, room: Room, cue: Cue) -> list[Cue]:
        """Return what its start ends, because the platform shows one at a time."""

    def seconds(self, spec: Any) -> int | None:
        """Tell how long it runs; None for what has no clock."""

    def promises(self, room: Room, cue: Cue, ctx: Context, *, closes: datetime | None) -> DrawPromise | None:
        """Return what must be fixed before it is on air."""

    # On air, and off

    def due(self, cue: Cue) -> datetime | None:
        """Tell when time next moves one that is on air or has ended."""

    def time_up(self, room: Room, cue: Cue, ctx: Context) -> list[Event]:
        """Return what time does to one that is due."""

    def follow(self, room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
        """Return what a run of facts brings to the running ones."""

    def cannot_end(self, cue: Cue, because: EndedBecause, reason: str, ctx: Context) -> Refused | None:
        """Tell why it cannot end now like this, whoever or whatever wants it to. Who may stop it at all
        stands in its spec (``assistant_may_stop``)."""

    def cannot_begin_late(self, cue: Cue, remaining_seconds: int, ctx: Context) -> Refused | None:
        """Tell why it cannot begin with so little, or so much, of its time left."""

    def next_begun(
        self, room: Room, cue: Cue, remaining_seconds: int | None, ctx: Context, *, done: bool
    ) -> list[Event]:
        """Return what comes of a person's word on what he was asked to start next of one that is on air."""

    def void_when_restored(self, cue: Cue) -> bool:
        """Tell whether it cannot go on in a room that was restored from a backup."""

    @property
    def GOES_ON(self) -> bool:
        """全停 leaves it on air: viewers were promised its end."""

    @property
    def CLOSES(self) -> bool:
        """The end of the broadcast is its end at the platform too: nobody has to be asked."""

    @property
    def NEEDS_SHELF(self) -> bool:
        """It ends when a product of it leaves the shelf."""

    def again(self, room: Room, cue: Cue) -> dict[str, Any] | Refused:
        """Return the spec as sent for one more round, with what can still be promised."""

    def fitted(self, room: Room, cue: Cue, now: datetime) -> Fitted | None:
        """Return what it would be with the units that there are; None where it fits, or none is left."""

    # Money

    def offers(self, spec: Any) -> Offers:
        """Tell which prices it makes reachable."""

    @property
    def BY_NAME(self) -> bool:
        """Only an order that names it (``cue_id``) has its price; others cost what the shop asks."""

    def cannot_buy(self, room: Room, cue: Cue, order: OrderRequest, ctx: Context) -> Refused | None:
        """Tell why an order that asks for it, or that it would be the price of, does not get it; asked of
        kinds that keep a tally, before its units are counted."""

    def per_buyer(self, spec: Any) -> int:
        """Units that one buyer may have; asked of kinds that keep a tally (`Cue.sale`)."""

    def exposure_fen(self, room: Room, spec: Any) -> int:
        """Return the most that it can give away against the normal price, in 分."""

    def gives(self, room: Room, cue: Cue, now: datetime) -> Given:
        """Return what it gave, and the most that it can come to."""

    @property
    def HANDS_OUT(self) -> bool:
        """What it gives is in people's hands after its end: a coupon."""

    def valid_for(self, spec: Any) -> timedelta | None:
        """Tell how long what it handed out can be used; None: nobody said."""

    def outlasts(self, cue: Cue, at: datetime | None) -> bool:
        """Tell whether what it handed out can still be used at ``at`` though it has ended."""

    # The next broadcast

    def waits(self, cue: Cue) -> bool:
        """Tell whether a person still has to see to one that has ended."""

    def lighter(self, cue: Cue) -> Cue:
        """One that has ended, without what only its own evening needed."""

    # The fold

    def logged(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Return a spec of the log in today's shape."""

    def shape(self, cue: Cue) -> None:
        """The tallies of a cue whose spec was written."""

    def folded(self, room: Room, cue: Cue, event: Event) -> None:
        """What one of the cue's own events changes beside it, after the cue itself."""

    @property
    def COMMANDS(self) -> Mapping[str, Rule]:
        """Commands that only this kind has."""

    @property
    def FOLDS(self) -> Mapping[str, Fold]:
        """Events that only this kind has."""


MEMBERS: Final = tuple(name for name in vars(Kind) if not name.startswith("_"))

_BY_NAME: dict[str, Kind] = {}
_BY_SPEC: dict[type, Kind] = {}


def register(kind: Kind) -> None:
    """Put a kind into the table; `kinds` does it for all that are listed.

    Raises:
        TypeError: it lacks a part.
        ValueError: its name or its spec is another's.
    """
    missing = [name for name in MEMBERS if not hasattr(kind, name)]
    if missing:
        raise TypeError(f"{getattr(kind, 'NAME', kind)} lacks {', '.join(missing)}")
    if kind.NAME in _BY_NAME or kind.SPEC in _BY_SPEC:
        raise ValueError(f"{kind.NAME} is there already")
    _BY_NAME[kind.NAME] = _BY_SPEC[kind.SPEC] = kind


def kind_of(cue: Cue) -> Kind:
    return _BY_NAME[cue.kind]


def kind_named(name: str) -> Kind:
    """
    Raises:
        KeyError: there is none of that name.
    """
    return _BY_NAME[name]


def kind_of_spec(spec: Struct) -> Kind:
    return _BY_SPEC[type(spec)]


def kinds() -> tuple[Kind, ...]:
    """Return all of them, in the order in which they are listed."""
    return tuple(_BY_NAME.values())
