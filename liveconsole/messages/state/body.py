"""The whole body, its sections, and how a part of it is made whole again."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.sharing import NOT_SHARED, SharingState
from liveconsole.messages.state.comment_desk import (
    AnswerState,
    DraftState,
    MutedState,
    StoriesState,
)
from liveconsole.messages.state.cues import BroadcastGivenState, CueState, UnknownCueState
from liveconsole.messages.state.figures import AlarmState, AudienceState, HealthState, OrdersState
from liveconsole.messages.state.law import LawState
from liveconsole.messages.state.room import (
    BroadcastState,
    CartState,
    CatalogueState,
    PinnedState,
    ProductState,
    RoomState,
)
from liveconsole.messages.state.rundown import NoteState, PledgeState, RundownState

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "room": ("room",),
    "broadcast": ("broadcast",),
    "catalogue": ("catalogue",),
    "cart": ("cart", "pinned"),
    "cues": ("cues", "unknown_cues"),
    "orders": ("orders",),
    "audience": ("audience",),
    "rundown": ("rundown",),
    "notes": ("notes", "muted", "answers", "drafts"),
    "pledges": ("pledges",),
    "stories": ("stories",),
    "discount": ("discount",),
    "law": ("law",),
    "alarms": ("alarms",),
    "health": ("health",),
    "sharing": ("sharing",),
}
"""Section → the keys of the body that come and go with it."""


class Revisions(Struct, frozen=True):
    """``log`` names the log and the role that asked; the others are opaque, only equality counts."""

    log: str
    room: int
    broadcast: int
    catalogue: int
    cart: int
    cues: int
    orders: int
    audience: int
    rundown: int
    notes: int
    pledges: int
    discount: int
    alarms: int
    health: int
    law: int = 0
    sharing: int = 0
    stories: int = 0


class CatalogueDelta(Struct, frozen=True):
    """The difference against the revision that was named: rows take the place of the known ones of the same
    id or are appended in this order, then ``gone`` leave. What comes of it equals the whole section."""

    rows: list[ProductState]
    gone: list[str] = []


class CuesDelta(Struct, frozen=True):
    """As `CatalogueDelta`."""

    rows: list[CueState]
    gone: list[str] = []


class DeltaState(Struct, frozen=True, omit_defaults=True):
    catalogue: CatalogueDelta | None = None
    cues: CuesDelta | None = None


class State(Struct, frozen=True):
    """One whole body."""

    seq: int
    revisions: Revisions
    room: RoomState
    broadcast: BroadcastState
    catalogue: CatalogueState
    cart: CartState
    pinned: PinnedState
    cues: list[CueState]
    """The queue in its order, then what is on air, then what has ended, the latest first."""
    unknown_cues: list[UnknownCueState]
    orders: OrdersState
    audience: AudienceState
    rundown: RundownState
    notes: list[NoteState]
    muted: list[MutedState]
    answers: list[AnswerState]
    drafts: list[DraftState]
    pledges: list[PledgeState]
    discount: BroadcastGivenState
    alarms: list[AlarmState]
    health: HealthState
    law: LawState = LawState()
    sharing: SharingState = NOT_SHARED
    stories: StoriesState = StoriesState()


class StatePart(Struct, frozen=True):
    """The answer to ``?have=``: a section that is UNSET is still the one that was named."""

    seq: int
    revisions: Revisions
    room: RoomState | UnsetType = UNSET
    broadcast: BroadcastState | UnsetType = UNSET
    catalogue: CatalogueState | UnsetType = UNSET
    cart: CartState | UnsetType = UNSET
    pinned: PinnedState | UnsetType = UNSET
    cues: list[CueState] | UnsetType = UNSET
    unknown_cues: list[UnknownCueState] | UnsetType = UNSET
    orders: OrdersState | UnsetType = UNSET
    audience: AudienceState | UnsetType = UNSET
    rundown: RundownState | UnsetType = UNSET
    notes: list[NoteState] | UnsetType = UNSET
    muted: list[MutedState] | UnsetType = UNSET
    answers: list[AnswerState] | UnsetType = UNSET
    drafts: list[DraftState] | UnsetType = UNSET
    pledges: list[PledgeState] | UnsetType = UNSET
    discount: BroadcastGivenState | UnsetType = UNSET
    law: LawState | UnsetType = UNSET
    alarms: list[AlarmState] | UnsetType = UNSET
    health: HealthState | UnsetType = UNSET
    sharing: SharingState | UnsetType = UNSET
    stories: StoriesState | UnsetType = UNSET
    delta: DeltaState | UnsetType = UNSET
    """In place of ``catalogue`` or ``cues``: what changed in them."""


_MAY_LACK: Final = frozenset(State.__struct_fields__[-len(State.__struct_defaults__) :])
"""Sections that came after the first version of the contract."""


class NothingKnown(Exception):
    """A part names sections that its reader does not have: ask again without ``have``."""


def merged(before: State | None, part: StatePart) -> State:
    """Return the whole body: what came, over what was known. A section that an older engine does not have is
    as it begins.

    Raises:
        NothingKnown: something was left out that is not known here.
    """
    fields = {name: getattr(part, name) for name in State.__struct_fields__}
    if isinstance(part.delta, DeltaState):
        _mend(fields, before, part.delta)
    for name, value in [*fields.items()]:
        if value is UNSET:
            if before is not None:
                fields[name] = getattr(before, name)
            elif name in _MAY_LACK:
                del fields[name]
            else:
                raise NothingKnown(name)
    return State(**fields)


def _mend(fields: dict[str, Any], before: State | None, delta: DeltaState) -> None:
    if before is None:
        raise NothingKnown("delta")
    if delta.catalogue is not None:
        products = {product.product_id: product for product in before.catalogue.products}
        products |= {product.product_id: product for product in delta.catalogue.rows}
        gone = set(delta.catalogue.gone)
        fields["catalogue"] = CatalogueState([p for id_, p in products.items() if id_ not in gone])
    if delta.cues is not None:
        cues = {cue.cue_id: cue for cue in before.cues} | {cue.cue_id: cue for cue in delta.cues.rows}
        left = set(delta.cues.gone)
        fields["cues"] = [cue for id_, cue in cues.items() if id_ not in left]


decode_state = msgspec.json.Decoder(StatePart).decode
"""bytes of an answer → its part; `merged` makes it whole."""


def moved_sections(before: State | None, after: State) -> frozenset[str]:
    """Return the sections in which two bodies differ; all of them where there was none, or one of another
    log."""
    if before is None or before.revisions.log != after.revisions.log:
        return frozenset(SECTIONS)
    had, has = before.revisions, after.revisions
    return frozenset(name for name in SECTIONS if getattr(had, name) != getattr(has, name))


def have(state: State) -> str:
    """Return the value of ``?have=`` that names every section of a body."""
    return ",".join(f"{name}:{value}" for name, value in msgspec.structs.asdict(state.revisions).items())
