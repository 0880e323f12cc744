"""The body of ``GET /v1/state`` as types: what every seat, overlay and outside program may read of a room.

Wire only: snapshots have their own structs (`domain.room`). `views.state` makes it, a seat decodes it once.

- A body has sections (`SECTIONS`). A section's bytes move only with its revision; what did not move is left
  out of the answer to ``?have=`` (`StatePart`), and `merged` puts the known one in its place.
- There are moments on the wire and no ages: whoever reads counts (`datetime` fields are aware UTC).
- None is unknown: nobody reported it. It is never 0.
- A field that ends in ``_fen`` is 分. Every text may come from outside: show it as plain text only.
"""

from liveconsole.messages.state.body import (
    SECTIONS,
    CatalogueDelta,
    CuesDelta,
    DeltaState,
    NothingKnown,
    Revisions,
    State,
    StatePart,
    decode_state,
    have,
    merged,
    moved_sections,
)
from liveconsole.messages.state.cues import (
    CanState,
    CueState,
    DrawState,
    GivenState,
    LowestState,
    May,
    MeasuredState,
    OverrideState,
    OwedState,
    RefusalState,
    SaleSkuState,
    UnknownCueState,
    WinnerState,
    WordState,
)
from liveconsole.messages.state.figures import (
    ActState,
    AlarmState,
    AudienceState,
    HealthState,
    OrdersState,
    SourceState,
)
from liveconsole.messages.state.room import (
    AxisState,
    BroadcastState,
    Capabilities,
    CartItemState,
    CartState,
    CatalogueState,
    Doer,
    NextState,
    PinnedState,
    ProductState,
    RoomState,
    SkuState,
)
from liveconsole.messages.state.rundown import (
    NoteState,
    PledgeState,
    ProblemState,
    RundownState,
    SegmentState,
    StepState,
)

__all__ = [
    "SECTIONS",
    "ActState",
    "AlarmState",
    "AudienceState",
    "AxisState",
    "BroadcastState",
    "CanState",
    "Capabilities",
    "CartItemState",
    "CartState",
    "CatalogueDelta",
    "CatalogueState",
    "CueState",
    "CuesDelta",
    "DeltaState",
    "Doer",
    "DrawState",
    "GivenState",
    "HealthState",
    "LowestState",
    "May",
    "MeasuredState",
    "NextState",
    "NoteState",
    "NothingKnown",
    "OrdersState",
    "OverrideState",
    "OwedState",
    "PinnedState",
    "PledgeState",
    "ProblemState",
    "ProductState",
    "RefusalState",
    "Revisions",
    "RoomState",
    "RundownState",
    "SaleSkuState",
    "SegmentState",
    "SkuState",
    "SourceState",
    "State",
    "StatePart",
    "StepState",
    "UnknownCueState",
    "WinnerState",
    "WordState",
    "decode_state",
    "have",
    "merged",
    "moved_sections",
]
