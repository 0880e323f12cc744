"""What of a room's state a wall shows: read from its body, part by part, whoever asks for it."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.alarms import alarm_words
from liveconsole.messages.state import AlarmState, BroadcastState, OrdersState
from liveconsole.messages.wall import WallAlarm, WallRoom
from liveconsole.views.masks import plain_line

ALARMS_SHOWN: Final = 3
_WORDS: Final = 120


class _RoomPart(Struct):
    simulated: bool = False


class _HealthPart(Struct):
    version: str = ""


class _WallPart(Struct):
    """What of the state a wall reads; what was left out is still as it was."""

    revisions: dict[str, int | str]
    room: _RoomPart | UnsetType = UNSET
    broadcast: BroadcastState | UnsetType = UNSET
    orders: OrdersState | UnsetType = UNSET
    alarms: list[AlarmState] | UnsetType = UNSET
    health: _HealthPart | UnsetType = UNSET


_read = msgspec.json.Decoder(_WallPart).decode
_PARTS: Final = ("room", "broadcast", "orders", "alarms", "health")


class WallParts:
    """The parts of one room that a wall shows, as they were told last."""

    def __init__(self) -> None:
        self.have = ""
        """What the next question says that it has."""
        self._parts: dict[str, object] = {}

    def take(self, body: bytes) -> None:
        """Take a body of the state; raises what msgspec does where it is none."""
        part = _read(body)
        self._parts |= {name: told for name in _PARTS if (told := getattr(part, name)) is not UNSET}
        self.have = ",".join(f"{name}:{value}" for name, value in part.revisions.items())

    def shown(self, id_: str, name: str, url: str = "") -> WallRoom:
        """Return the room; raises KeyError where a part never came."""
        broadcast, orders, alarms = self._parts["broadcast"], self._parts["orders"], self._parts["alarms"]
        room, health = self._parts["room"], self._parts["health"]
        assert isinstance(broadcast, BroadcastState)
        assert isinstance(orders, OrdersState)
        assert isinstance(alarms, list)
        assert isinstance(room, _RoomPart)
        assert isinstance(health, _HealthPart)
        on_air = broadcast.status == "open"
        return WallRoom(
            id=id_,
            name=name,
            stands="on_air" if on_air else "off_air",
            since=broadcast.opened_at if on_air else broadcast.closed_at,
            title=plain_line(broadcast.title, 80) if on_air else "",
            simulated=room.simulated,
            alarms=[_alarm(one) for one in alarms[:ALARMS_SHOWN]],
            alarms_more=max(0, len(alarms) - ALARMS_SHOWN),
            gmv_fen=orders.gmv_fen,
            gmv_why="" if orders.gmv_fen is not None else "untold",
            paid=orders.paid,
            version=plain_line(health.version, 40),
            url=url,
        )


def _alarm(one: AlarmState) -> WallAlarm:
    english = alarm_words(one.code, one.params, english=True)
    return WallAlarm(one.code, plain_line(one.text, _WORDS), plain_line(english, _WORDS))
