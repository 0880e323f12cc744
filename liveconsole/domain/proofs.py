"""What was seen to work outside, and when: a comment that came, an order, a product that a program pinned.

Only what happened proves: a setting, a login and a green light prove nothing. A rehearsal proves nothing, and
a recording proves nothing. What proved a world is looked at once and then left alone for `RENEWED`, so that a
flood of comments does not move the state.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import connection_for
from liveconsole.domain.room import Proved, Room, Settings
from liveconsole.messages.connections import ConnectionName
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import RoomMeasured
from liveconsole.messages.refusals import Refused
from liveconsole.messages.sources import OF_CONNECTIONS, RECORDED, SIMULATED
from liveconsole.messages.worlds import WORLDS, World, WorldProved

RENEWED: Final = timedelta(minutes=10)
"""How old a proof is before it is written anew."""
_IDENTITY: Final[dict[ConnectionName, tuple[str, ...]]] = {
    "shop": ("kind", "appid"),
    "obs": ("address",),
    "browser": ("platform", "page"),
}
"""Connection → what it is that it goes to; its other settings prove and disprove nothing."""
_PLAYED: Final = (RECORDED, SIMULATED)
"""What is played was not seen."""
_ON_ITS_PAGE: Final = tuple(
    name for name in RoomMeasured.__struct_fields__ if name not in ("online", "likes", "followers", "recent")
)
_PROGRAM: Final = "platform"
"""The actor of what the engine committed because a program answered."""
_PRODUCER: Final = "producer"
_PROVING: Final = frozenset({"order.placed", "order.paid", "room.measured", "cue.on_air"})


def heard(room: Room, world: World, source: str, at: datetime) -> None:
    """Take it that a source's word proves a world."""
    if not source.startswith(_PLAYED):
        _prove(room, world, source, at)


def note(room: Room, event: Event) -> None:
    """Take what an event proves; comments are noted where they are counted (`audience.commented`)."""
    if event.type not in _PROVING:
        return
    data = event.data
    if event.type in ("order.placed", "order.paid"):
        if event.actor == _PRODUCER:  # what is told of another evening was not seen tonight
            heard(room, "orders", event.source, event.at)
    elif event.type == "room.measured":
        # A capture sees who is there; all else stands on the platform's own page alone.
        if any(getattr(data, name) is not None for name in _ON_ITS_PAGE):
            heard(room, "figures", event.source, event.at)
    elif event.type == "cue.on_air" and event.actor == _PROGRAM:
        cue = room.cues[data.cue_id]  # type: ignore[attr-defined]
        done_as = kind_of(cue).DONE_AS
        _prove(room, done_as, connection_for(room, done_as) or room.settings.platform, event.at)


def reconnected(room: Room, before: Settings) -> None:
    """Forget what was proved by a connection that goes elsewhere now: to another shop, another page."""
    for name, fields in _IDENTITY.items():
        old, new = getattr(before, name), getattr(room.settings, name)
        if new is None or old == new:
            continue
        if old is not None and all(getattr(old, field) == getattr(new, field) for field in fields):
            continue
        for world in [world for world, one in room.proved.items() if _is_by(one.by, name)]:
            del room.proved[world]


def _is_by(by: str, name: ConnectionName) -> bool:
    return by == name or by.startswith(f"{OF_CONNECTIONS[name]}/")


def _prove(room: Room, world: str, by: str, at: datetime) -> None:
    if room.simulated or world not in WORLDS:
        return
    known = room.proved.get(world)
    if known is None or at >= known.at + RENEWED:
        room.proved[world] = Proved(at, by)


def _told(room: Room, data: WorldProved, ctx: Context) -> Decision | Refused:
    """A connection says so as often as it looks; the log keeps what is news."""
    known = room.proved.get(data.world)
    if room.simulated or (known is not None and ctx.now < known.at + RENEWED):
        return Decision([], {})
    return Decision([ctx.event("world.proved", data)], {})


def _proved(room: Room, data: WorldProved, event: Event) -> None:
    _prove(room, data.world, data.by, event.at)


COMMANDS: Final[dict[str, Rule]] = {"world.proved": _told}
FOLDS: Final[dict[str, Fold]] = {"world.proved": _proved}
