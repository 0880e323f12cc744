"""The worlds outside that a room is connected to: each is proved by what came of it, never by a setting."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

from liveconsole.messages.fields import Id

World = Literal["comments", "orders", "pins", "coupons", "sales", "picture", "figures"]

WORLDS: Final[tuple[World, ...]] = get_args(World)
"""All there are: what is remembered of them is bounded by this list."""

WorldStep = Literal["none", "connect", "mend", "prove", "done"]
"""What is to be done about a world next: nothing, as it lives here or this is a rehearsal; connect it; see to
its connection, which is not well; prove it; nothing more, as it was proved and is well."""


class WorldProved(Struct, frozen=True):
    """``world.proved``, a command of the engine's own and its event: a connection read back that what it did
    is so (OBS shows the scene that was asked for). Facts and effects prove their worlds themselves."""

    world: World
    by: Id
    """The connection."""


class WorldState(Struct, frozen=True, omit_defaults=True):
    """How a world stands. ``via``: the connection that serves it, or ``sources``."""

    step: WorldStep
    via: str
    proved_at: datetime | None = None
    """When it was last seen to work; None: never, in this room."""
    proved_by: str = ""
    """A source's path, a connection's name, or the platform's."""
