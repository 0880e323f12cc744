"""Promotions as the state says them: where each stands, its figures, and what a role may do to it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct

from liveconsole.messages.budgets import BudgetState
from liveconsole.messages.events import EndedBecause
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.specs import Spec, terms_of
from liveconsole.messages.state.room import Doer
from liveconsole.messages.statuses import Status


class RefusalState(Struct, frozen=True):
    """Why a command would be refused now; ``text`` is the Chinese sentence, other languages word the code."""

    code: str
    text: str = ""
    params: dict[str, Any] = {}


May = Literal[True] | RefusalState
Act = Literal["approve", "reject", "fire", "recall", "stop", "confirm", "edit", "remove", "settle"]


class FixState(Struct, frozen=True):
    """A ready command of this role that makes a promotion fit what is left: ``quantity`` units, all together.

    It is an ordinary edit: judged like any, and approved anew.
    """

    type: str
    data: dict[str, Any]
    quantity: int
    because: RefusalState


KeyDoes = Literal["", "fire", "fix", "agree", "approve", "recall", "stop"]
"""``fire``, also where the rules would refuse it now (``can.fire`` says why); ``fix``: it could not go, and
is made to fit what is left first; ``agree``: of another's proposal this seat says yes or no before it fires;
``approve``: it waits for this seat's yes, and cannot be fired by it. ``recall`` and ``stop`` of what was
fired; empty: nothing by one key (not this seat's, not yet, or its stop needs a reason)."""


class CanState(Struct, frozen=True, omit_defaults=True):
    """What the role that asked may do to a promotion now: the answer that the engine would give.

    ``edit``: whether it may be edited at all. ``confirm``: the yes to the step that is owed, or to the end
    of what is on air and nothing is owed for. ``settle``: the first prize that waits. What the promotion says
    of itself (``cue_id, status, kind``) does not stand in ``params`` (`CueState.refusal`).
    """

    approve: May
    reject: May
    fire: May
    recall: May
    stop: May
    confirm: May
    edit: May
    remove: May
    settle: May
    fix: FixState | None = None
    """Only where stock has become too small for it, and this role may edit it."""
    key: KeyDoes = ""
    """What the key of its number does for this role."""


class OwedState(Struct, frozen=True):
    """An effect that the platform has not answered yet."""

    step: Literal["on_air", "ended"]
    key: str
    since: datetime
    asked: bool
    by: Doer = "program"
    """Who answers: a person with `cue.confirm`, or a program."""


class MeasuredState(Struct, frozen=True, omit_defaults=True):
    """What was read off the platform, by a person or a source, and when."""

    at: datetime
    sold: int | None = None
    left: int | None = None
    claimed: int | None = None
    used: int | None = None
    entrants: int | None = None
    ours: int | None = None
    theirs: int | None = None
    sharers: int | None = None
    brought: int | None = None
    by: Literal["person", "source"] = "source"
    """Who read it last."""


class GivenState(Struct, frozen=True):
    """What is given away (`domain.given`); None where nobody tells what was used."""

    given_fen: int | None
    held_fen: int | None
    most_fen: int | None


class BroadcastGivenState(GivenState, frozen=True):
    """The same of a whole broadcast, with its budget where one was set."""

    budget: BudgetState | None = None


class TopUpState(Struct, frozen=True):
    """凑单: what a buyer of one unit of the pinned product still lacks for a coupon, and what it takes off
    then; nothing is missing: it takes it off at once."""

    missing_fen: int
    off_fen: int


class LowestState(Struct, frozen=True):
    """The lowest price that a buyer can reach, of which SKU, and by which combination."""

    sku_id: str
    fen: int
    floor_fen: int | None
    combination: str
    combination_en: str
    label: str


class SaleSkuState(Struct, frozen=True, omit_defaults=True):
    """One SKU of a flash sale; None where nobody reports its orders."""

    sku_id: str
    price_fen: int
    quantity: int
    sold: int | None
    held: int | None
    left: int | None
    oversold: int
    lowest_7d_fen: int | None = None
    """七日最低价 before it began; None before it is on air, or where nothing was asked on an earlier day."""
    struck_fen: int | None = None
    """The SKU's own price, where it may stand struck through beside this one."""
    lot: int = 0
    """Units of it in one bundle, which is sold whole; 0: sold by the unit."""
    by_name: bool = False
    """Only an order that names the promotion has it: it is not what the product costs."""


class WinnerState(Struct, frozen=True, omit_defaults=True):
    """``viewer_id`` is the outside id; empty for a name that the platform drew and a person typed."""

    viewer_id: str
    name: str
    entry_id: str = ""
    unverified: bool = False
    settled: bool | None = None
    """True: confirmed; False: passed over."""
    claim_until: datetime | None = None
    bag: int = 0
    """Which bag of a series; 0: there is one only."""


BagStatus = Literal["open", "closed", "drawn", "over", "void"]
"""``closed``: its draw waits for its value; ``over``: the platform drew it; ``void``: stopped undrawn."""


class BagState(Struct, frozen=True, omit_defaults=True):
    """One bag of a series: what viewers saw of it while they entered, and what came of it."""

    bag: int
    status: BagStatus
    opened_at: datetime | None = None
    ends_at: datetime | None = None
    entrants: int | None = None
    """None: the platform has them."""
    draw_id: str = ""
    promise_code: str = ""
    receipt_code: str = ""
    stood_back: int = 0
    typed: bool = False
    """Its winners were typed in, be they nobody."""
    corrected: bool = False
    """They were typed in a second time, which is the last."""


class SeriesState(Struct, frozen=True):
    """福袋雨: how far it is. ``bag`` of ``count`` is the present one or the last that was opened."""

    bag: int
    count: int
    gap_seconds: int
    once: bool
    next_at: datetime | None
    """When the next bag opens; None while the present draw is waited for, and when none comes."""
    more: bool
    bags: list[BagState]
    receipt_code: str = ""
    """Of the whole series, once it is over."""


class PlaceState(Struct, frozen=True, omit_defaults=True):
    """A place on a list; ``number`` is in the order of the log, with who was taken off it."""

    viewer_id: str
    name: str
    at: datetime
    number: int
    unverified: bool = False


class PkRoundState(Struct, frozen=True):
    """A round of a PK that has begun; None: nobody has told. ``won``: ours, theirs or draw, once it is
    over."""

    ours: int | None
    theirs: int | None
    won: Literal["ours", "theirs", "draw"] | None
    ends_at: datetime | None
    at: datetime | None
    """When its score was told last."""


class DrawState(Struct, frozen=True):
    """What is fixed about a draw before anybody enters, and the root of its entries once it is closed."""

    draw_id: str
    source: str
    commit: str
    rules_sha256: str
    round: int | None
    root: str
    drawn: bool
    promise_code: str = ""
    """The first 80 bits of ``rules_sha256``, as viewers see them while they enter."""
    receipt_code: str = ""


class WordState(Struct, frozen=True, omit_defaults=True):
    """A word that was warned of in a text of a promotion: ``text`` as it stands there, ``term`` as the list
    has it, and why (``zh``, ``en``). ``field``: the path in its spec, or of the product it is about."""

    field: str
    term: str
    kind: str
    text: str
    zh: str
    en: str
    suggestion: str = ""


class OverrideState(Struct, frozen=True):
    """Who used words all the same that were warned of; no ``terms``: they were not named."""

    by: str
    at: datetime
    where: str
    terms: list[str]


class GroupsState(Struct, frozen=True):
    """The groups of a 拼团, as far as somebody tells of them. Who stands in them is nowhere here."""

    size: int
    most: int
    opened: int
    filled: int
    joined: int
    """People in the groups that are open."""
    places: int
    """That are free, in open groups and in those that nobody has opened."""


class HelpedState(Struct, frozen=True, omit_defaults=True):
    """People for whom others do something: ``people`` have some, ``reached`` of them enough."""

    needed: int
    people: int
    helpers: int
    """Each counted once for everybody whom he helped."""
    reached: int
    beyond: int = 0
    """Told, and not kept for want of room."""


class CueState(Struct, frozen=True, dict=True):
    """A promotion. On the wire stand the fields of its own kind only, null where nobody reports them;
    here the others keep their default, as does a moment that has not come."""

    cue_id: str
    kind: str
    spec: dict[str, Any]
    """As sent; `terms` is the parsed form."""
    status: Status
    proposed_by: str
    approved_by: str | None
    fired_by: str | None
    at: datetime
    """When it was added."""
    reason: str
    can: CanState
    reason_text: str = ""
    slot: int | None = None
    """The number of its key, the engine's: 1…, the same on every seat until it ends; a pin has none."""
    segment_id: str = ""
    again_of: str = ""
    repeat: Repeat | None = None
    """It is one time of a plan, the ``nth`` of ``repeat.times``."""
    plan_id: str = ""
    nth: int = 0
    """0 where it does not come again."""
    only_after: str = ""
    """The product that has to be explained before it can be fired."""
    fires_at: datetime | None = None
    on_air_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: EndedBecause | None = None
    proposed_at: datetime | None = None
    proposal_ends_at: datetime | None = None
    owed: OwedState | None = None
    measured: MeasuredState | None = None
    read_off: bool = False
    """The figures above are those of ``measured``: nobody tells them one by one."""
    discount: GivenState | None = None
    lowest_fen: int | None = None
    lowest: LowestState | None = None
    words: list[WordState] = []
    """What was found in its texts, until it has ended: before who approves and who fires it."""
    overrides: list[OverrideState] = []
    # of what is sold by the unit
    sold: int | None = None
    held: int | None = None
    left: int | None = None
    """Of a coupon: claims that are left."""
    oversold: int = 0
    asks_more: bool = False
    """「平台加过单？」: orders went beyond the quantity; a person says whether it was given more."""
    skus: list[SaleSkuState] = []
    refused_count: int = 0
    """Requests for which it had nothing, since ``refused_since`` or its own start."""
    refused_since: datetime | None = None
    checked_by: str = ""
    """Who checks for whom it is kept (`messages.audiences.Checker`); empty where it is for everybody."""
    # of what several people do together
    groups: GroupsState | None = None
    helped: HelpedState | None = None
    sharers: int | None = None
    brought: int | None = None
    """Of a 分享券, as typed in."""
    # of what is claimed
    claimed: int | None = None
    used: int | None = None
    top_up: TopUpState | None = None
    # of what is drawn
    entrants: int | None = None
    unverified: int = 0
    source: str = ""
    winners: list[WinnerState] = []
    alternates: list[WinnerState] = []
    corrected: bool = False
    """Its typed winners were corrected, which may be once."""
    draw: DrawState | None = None
    """Of a series: that of the present bag; ``entrants`` too, ``winners`` are those of all."""
    series: SeriesState | None = None
    # of what is taken by comments
    places: list[PlaceState] = []
    waiting: int | None = None
    """How many more came than there are places."""
    # of a PK
    ours: int | None = None
    theirs: int | None = None
    """Of the round that runs, or of the last one."""
    rounds: list[PkRoundState] = []

    def refusal(self, act: Act) -> RefusalState | None:
        """Tell why the role that asked may not do it; None where it may."""
        may: May = getattr(self.can, act)
        if may is True:
            return None
        own = {"cue_id": self.cue_id, "status": self.status, "kind": self.kind}
        return RefusalState(may.code, may.text, own | may.params)

    @cached_property
    def terms(self) -> Spec | None:
        """The spec in its parsed form; None for a kind that this program does not know."""
        return terms_of(self.kind, self.spec)


class UnknownCueState(Struct, frozen=True):
    """A promotion that a platform reported figures of, and that nobody here made."""

    cue_id: str
    at: datetime
    count: int
