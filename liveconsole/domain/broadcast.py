"""The room's settings, opening and closing a broadcast, and 全停."""

from __future__ import annotations

import copy
from typing import Any, Final

import msgspec

from liveconsole.domain import (
    asked,
    connections,
    fire,
    floors,
    preparing,
    proofs,
    repeats,
    rundown,
    set_limits,
    settled,
    stories,
    viewers,
)
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.drills import run as drill
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import violations
from liveconsole.domain.naming import cue_title
from liveconsole.domain.overrides import overridden
from liveconsole.domain.platforms import PLATFORMS
from liveconsole.domain.room import Audience, Broadcast, Cue, Room, Settings
from liveconsole.domain.room_orders import OrderTotals
from liveconsole.messages import commands, draws, events
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.shop import NAME_LIMIT


def set_room(room: Room, data: commands.RoomSet, ctx: Context) -> Decision | Refused:
    sent: dict[str, Any] = msgspec.to_builtins(data)
    now: dict[str, Any] = msgspec.to_builtins(room.settings)
    if "sources" in sent:
        sent["sources"] = {**room.settings.sources, **sent["sources"]}
    changed = {name: value for name, value in sent.items() if value != now[name]}
    if "platform" in changed:
        platform = PLATFORMS.get(changed["platform"])
        if platform is None:
            return Refused("bad_shape", {"detail": f"platform: {changed['platform']}"})
        if platform.simulated and not room.simulated:
            return Refused("not_a_rehearsal")
        if running := still_running(room):
            # What was asked of one platform cannot be answered by another.
            return _refused_running(room, running)
    if room.simulated and any(changed.get(name) for name in ("shop", "browser", "backup")):
        return Refused("not_in_a_rehearsal")
    if changed.get("randomness") == "drand" and ctx.chance.chain is None:
        return Refused("no_public_randomness")
    if len(sent.get("shop_face", {}).get("name", "")) > NAME_LIMIT:
        return Refused("too_long", {"field": "shop.name", "limit": NAME_LIMIT})
    if changed.keys() & {"shop_coupons", "platform"}:
        then = copy.copy(room)
        then.settings = _with(room.settings, changed)
        if (refused := floors.between(room, then)) is not None:
            return refused
    found = [ctx.event("room.set", events.RoomChanged(changed))] if changed else []
    return Decision(found, {"settings": {**now, **changed}})


def open_(room: Room, data: commands.BroadcastOpen, ctx: Context) -> Decision | Refused:
    if room.broadcast.status == "open":
        return Refused("already_open")
    title = data.title or room.settings.title
    number = room.broadcast.number + 1
    carried = settled.owed(room, ctx.now) if number > 1 else None
    found = [ctx.event("broadcast.opened", events.BroadcastOpened(title, number, carried))]
    result = {"title": title, "number": number}
    return Decision([*found, *overridden(ctx, "broadcast.open", data.override)], result)


def close(room: Room, data: commands.Nothing, ctx: Context) -> Decision | Refused:
    if room.broadcast.status != "open":
        return Refused("not_open")
    closes: list[Cue] = []
    running: list[Cue] = []
    for cue in still_running(room):
        # What is explained ends with the broadcast, at the platform too: nobody has to be asked for it.
        (closes if kind_of(cue).CLOSES and cue.status == "on_air" else running).append(cue)
    if running:
        return _refused_running(room, running)
    found = [fire.end_untold(c, ctx, "stopped", "closed") for c in closes]
    found += drill.ended(room, ctx, "closed") + repeats.at_the_close(room, ctx)
    return Decision([*found, ctx.event("broadcast.closed", events.BroadcastClosed())], {})


def still_running(room: Room) -> list[Cue]:
    """Return what runs, is about to, or is owed to the platform."""
    found = []
    for cue in map(room.cues.__getitem__, room.live):
        if cue.status in {"recallable", "firing", "unknown", "on_air"} or cue.owed is not None:
            found.append(cue)
    return found


def _refused_running(room: Room, running: list[Cue]) -> Refused:
    listed = [
        {"cue_id": c.cue_id, "kind": c.kind, "status": c.status, "owed": c.owed is not None} for c in running
    ]
    zh, en = zip(*(cue_title(room, c) for c in running), strict=True)
    return Refused("still_running", {"cues": listed, "titles": "、".join(zh), "titles_en": ", ".join(en)})


def halt(room: Room, data: commands.Nothing, ctx: Context) -> Decision | Refused:
    """End what runs, but for a bag on air: it draws on time, as those who entered it were promised a draw;
    of a series it is the last."""
    found: list[Event] = []
    result: dict[str, list[str]] = {"ended": [], "recalled": [], "approved": [], "going_on": []}
    for cue in map(room.cues.__getitem__, room.live):
        if cue.status == "on_air" and kind_of(cue).GOES_ON:
            result["going_on"].append(cue.cue_id)
            if cue.more_bags:
                found.append(ctx.event("bag.no_more", draws.SeriesCut(cue.cue_id, "halted")))
        elif cue.status in fire.RUNNING:
            found.append(fire.end(room, cue, ctx, "halted"))
            result["ended"].append(cue.cue_id)
        elif cue.status == "recallable":
            found.append(ctx.event("cue.recalled", events.CueOnlyEvent(cue.cue_id)))
            result["recalled"].append(cue.cue_id)
        elif cue.status == "standby":
            found.append(ctx.event("cue.approved", events.CueOnlyEvent(cue.cue_id)))
            result["approved"].append(cue.cue_id)
    return Decision(found, result)


def _with(settings: Settings, changed: dict[str, Any]) -> Settings:
    return msgspec.convert({**msgspec.to_builtins(settings), **changed}, Settings)


def _set(room: Room, data: events.RoomChanged, event: Event) -> None:
    before, room.settings = room.settings, _with(room.settings, data.settings)
    proofs.reconnected(room, before)
    connections.changed(room, data)


def _opened(room: Room, data: events.BroadcastOpened, event: Event) -> None:
    """What was told before the first opening is of the first broadcast: nothing begins anew then."""
    number = data.number or room.broadcast.number + 1
    if number > 1:
        settled.leave(room, data.carried or settled.owed(room, event.at))
        room.totals, room.audience, room.told_by = OrderTotals(), Audience(), {}
        room.followed, room.in_club = {}, {}
        room.gaps = []
        stories.opened(room)
        room.short_before = {sku.sku_id: sku.oversold for sku in room.skus.values() if sku.oversold}
        room.orders_seen_at = None
        room.off_beyond = {}
    room.broadcast = Broadcast("open", data.title, event.at, number=number, opened_seq=event.seq)
    room.pinned.last = None
    set_limits.begin(room)
    asked.opened(room, event.at)
    violations.opened(room)
    rundown.restart(room)
    room.pledges, room.unknown_cues, room.clock_step = {}, {}, None
    preparing.opened(room, event.at)
    viewers.begin_evening(room)
    room.drill = None


def _closed(room: Room, data: events.BroadcastClosed, event: Event) -> None:
    room.broadcast.status, room.broadcast.closed_at = "closed", event.at
    stories.closed(room)
    rundown.leave(room, event.at)


COMMANDS: Final[dict[str, Rule]] = {
    "room.set": set_room,
    "broadcast.open": open_,
    "broadcast.close": close,
    "room.halt": halt,
}
FOLDS: Final[dict[str, Fold]] = {
    "room.set": _set,
    "broadcast.opened": _opened,
    "broadcast.closed": _closed,
}
