"""The worlds outside that a room is connected to: each is proved by what came of it, never by a setting."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

from liveconsole.messages.fields import Id

World = Literal["comments", "orders", "pins", "coupons", "sales", "picture", "figures"]

WORLDS: Final[tuple[World, ...]] = get_args(World)
"""All there are: what is remembered of them is bounded by this list."""


class WorldProved(Struct, frozen=True):
    """``world.proved``, a command of the engine's own and its event: a connection read back that what it did
    is so (OBS shows the scene that was asked for). Facts and effects prove their worlds themselves."""

    world: World
    by: Id
    """The connection."""


class ProofState(Struct, frozen=True):
    """When a world was last seen to work, and by whom: a source's path, or a connection's name."""

    at: datetime
    by: str
