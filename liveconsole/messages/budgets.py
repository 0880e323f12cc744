"""The budget of a broadcast, as it is set and as the state says it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Struct

from liveconsole.messages.specs import PositiveFen


class BroadcastBudget(Struct, frozen=True):
    """What a broadcast may give away: a sum, a share of what is paid in it, or both. ``hard``: what would
    break the sum is refused, where it is else warned of."""

    fen: PositiveFen | None = None
    gmv_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    hard: bool = False

    def __post_init__(self) -> None:
        if self.fen is None and self.gmv_percent is None:
            raise ValueError("a budget has fen, gmv_percent or both")
        if self.hard and self.fen is None:
            raise ValueError("hard belongs to fen")


class BudgetState(Struct, frozen=True, omit_defaults=True):
    """How it stands. None: not known, as no source reports orders, or nothing was sold yet of which it is a
    share."""

    limit_fen: int | None = None
    """The tighter of the sum and the share, as far as they are known."""
    used_fen: int | None = None
    """Given, and held by orders that are not paid."""
    percent: int | None = None
    prizes_fen: int = 0
    """What draws and red packets gave: beside it, in no sum."""
    beyond: dict[str, int] = {}
    """What waits in the queue and would break the sum with all that runs used up: cue → by how many 分."""
