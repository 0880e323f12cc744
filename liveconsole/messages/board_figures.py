"""What people type for the boards, and planned blocks with and without something (switchback)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Id

TypedName = Literal[
    "exposure",
    "viewers",
    "clicks",
    "plays",
    "stay_seconds",
    "returning",
    "followers",
    "group_joined",
    "cost_fen",
    "clip_viewers",
    "clip_cost_fen",
    "clip_gmv_fen",
    "lead_days",
    "ordered",
    "season_percent",
]
"""``exposure`` to ``group_joined``: read off a console, of a broadcast (``clicks`` of a product as well);
``cost_fen``: what it cost to bring its buyers; ``clip_…``: whom its short videos brought, what they cost and
sold; the rest of a product: days until it is there, units that are
on their way, and how many hundredths of a usual week the next one is."""
OF_GOODS: Final = frozenset({"lead_days", "ordered", "season_percent"})
"""Names that are of a product and of no broadcast."""
EITHER: Final = "clicks"
_Value = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
BLOCKS_LEAST, BLOCKS_MOST = 2, 60


class BoardType(Struct, frozen=True):
    """``board.type``: a figure read off by a person; typed again it is corrected, None takes it back.
    ``broadcast``: None is the one that runs, or the last."""

    name: TypedName
    value: _Value | None
    broadcast: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    product_id: Id | None = None


class BoardTyped(Struct, frozen=True):
    """``broadcast`` is 0 of what is of no broadcast."""

    name: str
    value: int | None
    broadcast: int
    product_id: str | None = None


class SwitchbackPlan(Struct, frozen=True):
    """``switchback.plan``: from now on so many blocks of so many minutes, half of them with the thing, by
    chance which; ``figure`` is what is compared."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)]
    blocks: Annotated[int, msgspec.Meta(ge=BLOCKS_LEAST, le=BLOCKS_MOST)]
    figure: Literal["gmv_fen", "orders_paid", "online"] = "gmv_fen"


class SwitchbackPlanned(Struct, frozen=True):
    """``blocks``: on or off, in order, each ``minutes`` long from the event's own moment. Of each two
    neighbours one is on."""

    plan_id: str
    name: str
    figure: str
    minutes: int
    blocks: list[bool]


class SwitchbackDrop(Struct, frozen=True):
    """``switchback.drop``: end it now; what was is kept."""

    plan_id: Id


class SwitchbackDropped(Struct, frozen=True):
    plan_id: str


BOARD_COMMANDS: Final[dict[str, type[Struct]]] = {
    "board.type": BoardType,
    "switchback.plan": SwitchbackPlan,
    "switchback.drop": SwitchbackDrop,
}
BOARD_EVENTS: Final[dict[str, type[Struct]]] = {
    "board.typed": BoardTyped,
    "switchback.planned": SwitchbackPlanned,
    "switchback.dropped": SwitchbackDropped,
}
