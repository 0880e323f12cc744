"""The queue and the life of a cue: what a seat may ask for and when."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from liveconsole.domain import audiences, authors, fire, repeats
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.overrides import overridden
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import commands, events
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Spec, parse_spec
from liveconsole.messages.statuses import VOIDED

FIRED: Final = frozenset({"recallable", "firing", "unknown", "on_air", "ended"})
"""From the recall window on: too late to change, already fired."""
FIREABLE: Final = frozenset({"approved", "standby", "missed", "recalled", "refused"})
"""Approved for now, or for a moment that is gone: a person may fire it."""


def known(room: Room, cue_id: str) -> Cue | Refused:
    cue = room.cues.get(cue_id)
    if cue is None or cue.status == "removed":
        return Refused("unknown_cue", {"cue_id": cue_id})
    return cue


def status_of(cue: Cue, **more: Any) -> dict[str, Any]:
    return {"cue_id": cue.cue_id, "status": cue.status, **more}


def first_of(reasons: list[Refused]) -> Refused | None:
    """Return the first reason, the others in its ``also``."""
    if not reasons:
        return None
    also = [{"code": r.code, "text": r.text, "params": r.params} for r in reasons[1:]]
    return Refused(reasons[0].code, {**reasons[0].params, "also": also})


def judged_spec(room: Room, kind: str, sent: dict[str, Any], without: str | None) -> Spec | Refused:
    """Return the parsed spec, or what is wrong with it."""
    try:
        spec = parse_spec(kind, sent)
    except (msgspec.ValidationError, KeyError) as error:
        return Refused("bad_spec", {"detail": str(error), "also": []})
    if kind_named(kind).RETIRED:
        return Refused("bad_spec", {"detail": f"kind: {kind}", "also": []})
    found = kind_named(kind).check(room, spec, without=without)
    if (unchecked := audiences.unchecked(room, kind, spec)) is not None:
        found.append(unchecked)
    return first_of(found) or spec


def _when(at: datetime | None, now: datetime) -> datetime | Refused | None:
    if at is None:
        return None
    return at.astimezone(UTC) if at > now else Refused("in_the_past", {"at": at.isoformat()})


def add(room: Room, data: commands.CueAdd, ctx: Context) -> Decision | Refused:
    cue_id = data.cue_id if data.cue_id is not None else f"c{ctx.chance.fresh(8).hex()}"
    if cue_id in room.cues:
        return Refused("cue_exists", {"cue_id": cue_id})
    spec = judged_spec(room, data.kind, data.spec, None)
    if isinstance(spec, Refused):
        return spec
    at = _when(repeats.first(data.repeat, data.at, ctx.now), ctx.now)
    if isinstance(at, Refused):
        return at
    if (refused := repeats.cannot(data.kind, spec, data.repeat, room.settings.recall_seconds)) is not None:
        return refused
    if data.only_after is not None and data.only_after not in room.products:
        return Refused("unknown_product", {"product_id": data.only_after})
    after = data.only_after or ""
    queued = events.CueQueued(cue_id, data.kind, data.spec, at, repeat=data.repeat, only_after=after)
    found = [ctx.event("cue.queued", queued)]
    found += overridden(ctx, "cue.add", data.override, cue_id)
    return Decision(found, {"cue_id": cue_id, "status": "queued"})


def edit(room: Room, data: commands.CueEdit, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status in FIRED:
        return Refused("too_late", {"cue_id": cue.cue_id, "status": cue.status})
    spec = judged_spec(room, cue.kind, data.spec, cue.cue_id)
    if isinstance(spec, Refused):
        return spec
    at: datetime | Refused | None
    if isinstance(data.at, msgspec.UnsetType):
        at = cue.at if cue.at is not None and cue.at > ctx.now else None
    else:
        at = _when(data.at, ctx.now)
    if isinstance(at, Refused):
        return at
    repeat = cue.repeat if isinstance(data.repeat, msgspec.UnsetType) else data.repeat
    if repeat is not None and at is None:
        at = _when(repeats.first(repeat, repeats.next_time(room, cue, ctx.now), ctx.now), ctx.now)
        if isinstance(at, Refused):
            return at
    if (refused := repeats.cannot(cue.kind, spec, repeat, room.settings.recall_seconds)) is not None:
        return refused
    after = cue.only_after if isinstance(data.only_after, msgspec.UnsetType) else data.only_after or ""
    if after and after != cue.only_after and after not in room.products:
        return Refused("unknown_product", {"product_id": after})
    found = [ctx.event("cue.edited", events.CueEdited(cue.cue_id, data.spec, at, repeat, after))]
    found += overridden(ctx, "cue.edit", data.override, cue.cue_id)
    return Decision(found, {"cue_id": cue.cue_id, "status": "queued"})


def move(room: Room, data: commands.CueMove, ctx: Context) -> Decision | Refused:
    for cue_id in (data.cue_id, data.before):
        if cue_id is not None and cue_id not in room.queue:
            found = known(room, cue_id)
            return found if isinstance(found, Refused) else _wrong(found)
    if data.before == data.cue_id:
        return Decision([], {"cue_id": data.cue_id})
    return Decision(
        [ctx.event("cue.moved", events.CueMoved(data.cue_id, data.before))], {"cue_id": data.cue_id}
    )


def remove(room: Room, data: commands.CueOnly, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status in FIRED:
        return Refused("too_late", {"cue_id": cue.cue_id, "status": cue.status})
    gone = ctx.event("cue.removed", events.CueOnlyEvent(cue.cue_id))
    return Decision([gone], {"cue_id": cue.cue_id, "status": "removed"})


def approval(room: Room, cue: Cue, ctx: Context) -> Refused | None:
    """Tell why this role cannot approve the cue as it stands now."""
    if room.settings.four_eyes and ctx.role in authors.of_cue(cue):
        return Refused("four_eyes", {"cue_id": cue.cue_id})
    return fire.refusal(room, cue, ctx)


def with_approved(room: Room, cue: Cue) -> Room:
    """Return a room to judge the next one in, where this one may run already."""
    then = copy.copy(room)
    then.cues = {**room.cues, cue.cue_id: msgspec.structs.replace(cue, status="approved")}
    return then


def approve(room: Room, data: commands.CueOnly, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    at = repeats.next_time(room, cue, ctx.now)
    planned = at is not None and at > ctx.now
    if cue.status in FIRED or cue.status == "standby" or (cue.status == "approved" and not planned):
        return Decision([], status_of(cue))
    if at is not None and not planned and cue.status == "queued":
        return Refused("in_the_past", {"at": at.isoformat()})
    refused = approval(room, msgspec.structs.replace(cue, at=at), ctx)
    if refused is not None:
        return refused
    found = [ctx.event("cue.approved", events.CueOnlyEvent(cue.cue_id))]
    if not planned:
        return Decision(found, {"cue_id": cue.cue_id, "status": "approved"})
    assert at is not None
    found.append(ctx.event("cue.standby", events.CueStandby(cue.cue_id, at)))
    return Decision(found, {"cue_id": cue.cue_id, "status": "standby", "fires_at": wire_time(at)})


def reject(room: Room, data: commands.CueWithReason, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status in FIRED:
        return Refused("too_late", {"cue_id": cue.cue_id, "status": cue.status})
    result = {"cue_id": cue.cue_id, "status": "rejected"}
    if cue.status == "rejected":
        return Decision([], result)
    return Decision([ctx.event("cue.rejected", events.CueRejected(cue.cue_id, data.reason))], result)


def fire_now(room: Room, data: commands.CueFire, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status in FIRED:
        return Refused("already_fired", status_of(cue))
    if data.expect is not None and _differs(cue, data.expect):
        return Refused("changed", {"cue_id": cue.cue_id, "spec": cue.spec_sent})
    if room.broadcast.status != "open":
        return Refused("not_open")
    found = []
    if cue.status not in FIREABLE:
        if not _approves_by_firing(cue, ctx) or room.settings.four_eyes or cue.status != "queued":
            return Refused("not_approved", status_of(cue))
        found.append(ctx.event("cue.approved", events.CueOnlyEvent(cue.cue_id)))
    refused = repeats.in_the_way(room, cue) or fire.not_shown_yet(room, cue)
    refused = refused or fire.refusal(room, _as_now(cue), ctx)
    if refused is not None:
        return refused
    window = fire.recall_window(room, cue)
    found += fire.begin(room, cue, ctx)
    found += repeats.following(room, cue, ctx)
    result = {
        "cue_id": cue.cue_id,
        "status": "recallable" if window else "firing",
        "fires_at": wire_time(ctx.now + window),
    }
    return Decision(found, result)


def _approves_by_firing(cue: Cue, ctx: Context) -> bool:
    """A host's fire is her yes. Keys under her hand say it of what nobody but her has written."""
    return ctx.role == "host" or (ctx.role == "keys" and authors.of_cue(cue) == ["host"])


def _as_now(cue: Cue) -> Cue:
    """The cue without its planned time: fired by hand it is judged as it would start now."""
    return msgspec.structs.replace(cue, at=None) if cue.at is not None else cue


def _differs(cue: Cue, expect: dict[str, Any]) -> bool:
    """Whether a seat saw something else: a whole spec is compared as parsed, a part of one field by field."""
    if "spec" not in cue.spec_sent and isinstance(expect.get("spec"), dict):
        expect = expect["spec"]
    try:
        return parse_spec(cue.kind, expect) != cue.spec
    except msgspec.ValidationError:
        return any(cue.spec_sent.get(name) != value for name, value in expect.items())


def recall(room: Room, data: commands.CueOnly, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status in {"firing", "unknown", "on_air", "ended"} or (
        cue.status == "recallable" and cue.fires_at is not None and ctx.now >= cue.fires_at
    ):
        return Refused("too_late", {"cue_id": cue.cue_id, "status": cue.status})
    if cue.status == "recalled":
        return Decision([], status_of(cue))
    if cue.status != "recallable":
        return _wrong(cue)
    taken = ctx.event("cue.recalled", events.CueOnlyEvent(cue.cue_id))
    return Decision([taken], {"cue_id": cue.cue_id, "status": "recalled"})


def stop(room: Room, data: commands.CueStop, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    if cue.status == "recallable":
        # Whoever presses 停 in the recall window wants it not to happen.
        return recall(room, commands.CueOnly(cue.cue_id), ctx)
    if cue.status not in fire.RUNNING:
        return Refused("not_running", status_of(cue))
    reason = "" if data.reason in VOIDED else data.reason
    if (refused := fire.cannot_end(cue, ctx, "stopped", reason)) is not None:
        return refused
    ended = fire.end(room, cue, ctx, "stopped", reason)
    found = [ended, *overridden(ctx, "cue.stop", data.override, cue.cue_id)]
    return Decision(found, {"cue_id": cue.cue_id, "status": "ended", "ended_because": "stopped"})


def confirm(room: Room, data: commands.CueConfirm, ctx: Context) -> Decision | Refused:
    """Take what a person saw on the phone: of what a person does there, or where the platform did not say."""
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    by_hand = does(room, cue) == "person"
    if data.step == "on_air":
        if by_hand and cue.status == "on_air" and cue.owed is not None:
            found = kind_of(cue).next_begun(room, cue, data.remaining_seconds, ctx, done=data.done)
            return Decision(found, status_of(cue, owed=False))
        if cue.status not in {"firing", "unknown"} or not (by_hand or cue.status == "unknown"):
            return Refused("not_asked", status_of(cue))
        if data.done:
            if (refused := _cannot_begin_late(cue, data.remaining_seconds, ctx)) is not None:
                return refused
            event = fire.on_air(room, cue, ctx, data.remaining_seconds)
            return Decision([event], {"cue_id": cue.cue_id, "status": "on_air"})
        not_done = ctx.event("cue.refused", events.CueRefusedEvent(cue.cue_id, "confirmed_not_done"))
        return Decision([not_done], {"cue_id": cue.cue_id, "status": "refused"})
    if cue.owed is not None and cue.owed.step == "ended":
        # "Not yet" changes nothing: it stays owed, and the card goes on asking.
        done = [ctx.event("cue.end_confirmed", events.EndConfirmed(cue.cue_id))] if data.done else []
        return Decision(done, status_of(cue, owed=not data.done))
    if cue.status == "on_air" and data.done and by_hand:
        if (refused := fire.cannot_end(cue, ctx, "platform")) is not None:
            return refused
        ended = fire.end(room, cue, ctx, "platform")
        return Decision([ended], {"cue_id": cue.cue_id, "status": "ended", "ended_because": "platform"})
    return Refused("not_asked", status_of(cue))


def _cannot_begin_late(cue: Cue, remaining_seconds: int | None, ctx: Context) -> Refused | None:
    if remaining_seconds is None:
        return None
    return kind_of(cue).cannot_begin_late(cue, remaining_seconds, ctx)


def measure(room: Room, data: Any, ctx: Context) -> Decision | Refused:
    cue = known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    measured = events.CueMeasured(
        cue.cue_id,
        data.sold,
        data.left,
        data.claimed,
        data.used,
        data.entrants,
        data.ours,
        data.theirs,
        data.sharers,
        data.brought,
    )
    return Decision([ctx.event("cue.measured", measured)], status_of(cue))


def _wrong(cue: Cue) -> Refused:
    return Refused("wrong_status", status_of(cue))


def wire_time(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    at = at.astimezone(UTC) + timedelta(microseconds=500)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+00:00"


def goods(room: Room, cue: Cue) -> set[str]:
    """Return the products that a cue is about; empty for a coupon of the whole shop and a bag of something
    else."""
    return kind_of(cue).goods(room, cue.spec)


COMMANDS: Final[dict[str, Rule]] = {
    "cue.add": add,
    "cue.edit": edit,
    "cue.move": move,
    "cue.remove": remove,
    "cue.approve": approve,
    "cue.reject": reject,
    "cue.fire": fire_now,
    "cue.recall": recall,
    "cue.stop": stop,
    "cue.confirm": confirm,
    "cue.measure": measure,
}
