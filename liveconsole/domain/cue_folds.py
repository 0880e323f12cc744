"""How a cue's events change the room."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

from liveconsole.domain import asked, authors, fire, order, repeats, untold
from liveconsole.domain.context import Fold
from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.late import tonight
from liveconsole.domain.platforms import does, tells_claims
from liveconsole.domain.room import Cue, Measured, Owed, Room, UnknownCue
from liveconsole.messages import events
from liveconsole.messages.envelope import Event
from liveconsole.messages.specs import Spec, parse_spec

UNKNOWN_KEPT: Final = 20
"""Promotions nobody here made that are remembered: a source gone wild fills no snapshot."""


def _queued(room: Room, data: events.CueQueued, event: Event) -> None:
    room.cues[data.cue_id] = cue = Cue(
        cue_id=data.cue_id,
        kind=data.kind,
        spec=_parsed(data.kind, data.spec),
        spec_sent=data.spec,
        status="queued",
        added_at=event.at,
        proposed_by=data.proposed_by or event.actor,
        at=data.fires_at,
        proposed_at=event.at,
        segment_id=data.segment_id,
        again_of=data.again_of,
        authors=list(data.authors) or [data.proposed_by or event.actor],
        repeat=data.repeat,
        plan_id=data.plan_id or (data.cue_id if data.repeat is not None else ""),
        nth=data.nth,
        only_after=data.only_after,
    )
    first = room.cues.get(data.again_of) or repeats.before(room, data.plan_id, data.nth)
    if first is not None:
        cue.words_used = list(first.words_used)  # its words are the first one's
    _shape(cue)
    if kind_of(cue).KEYED:
        cue.slot = _free_slot(room)
    room.queue.append(data.cue_id)


def _free_slot(room: Room) -> int:
    taken = {cue.slot for cue in room.cues.values()}
    return next(number for number in count(1) if number not in taken)


def _parsed(kind: str, sent: dict[str, Any]) -> Spec:
    return parse_spec(kind, kind_named(kind).logged(sent))


def _shape(cue: Cue) -> None:
    cue.sale, cue.bag, cue.places, cue.pk, cue.groups, cue.helped = {}, None, None, None, None, None
    kind_of(cue).shape(cue)


def _edited(room: Room, data: events.CueEdited, event: Event) -> None:
    cue = room.cues[data.cue_id]
    spec = _parsed(cue.kind, data.spec)
    if spec != cue.spec:
        cue.authors, cue.proposed_by = authors.edited(authors.of_cue(cue), event.actor), event.actor
    cue.spec, cue.spec_sent = spec, data.spec
    untold.begin_anew(cue)
    _shape(cue)
    if cue.sale:
        order.recount(room, cue)
    cue.approved_by, cue.proposed_at = None, event.at
    cue.status, cue.at, cue.fires_at, cue.reason = "queued", data.fires_at, None, ""
    cue.repeat, cue.only_after = data.repeat, data.only_after
    if data.repeat is not None and not cue.plan_id:
        cue.plan_id = cue.cue_id


def _moved(room: Room, data: events.CueMoved, event: Event) -> None:
    room.queue.remove(data.cue_id)
    place = room.queue.index(data.before) if data.before in room.queue else len(room.queue)
    room.queue.insert(place, data.cue_id)


def _removed(room: Room, data: events.CueOnlyEvent, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.slot = "removed", None
    _leave_queue(room, data.cue_id)


def _leave_queue(room: Room, cue_id: str) -> None:
    if cue_id in room.queue:
        room.queue.remove(cue_id)


def _approved(room: Room, data: events.CueOnlyEvent, event: Event) -> None:
    cue = room.cues[data.cue_id]
    if cue.status != "standby":  # from standby it is a halt that takes the time away, not a new approval
        before = repeats.before(room, cue.plan_id, cue.nth) if event.actor == "clock" else None
        cue.approved_by = before.approved_by if before is not None else event.actor
    cue.status, cue.fires_at, cue.reason = "approved", None, ""


def _rejected(room: Room, data: events.CueRejected, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.approved_by, cue.fires_at, cue.reason = "rejected", None, None, data.reason


def _standby(room: Room, data: events.CueStandby, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.fires_at = "standby", data.fires_at
    if cue.repeat is not None:
        cue.at = data.fires_at  # a plan that was held up is on its beat again


def _missed(room: Room, data: events.CueMissed, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.fires_at, cue.reason = "missed", None, data.reason


def _recallable(room: Room, data: events.CueRecallable, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.fires_at, cue.fired_by, cue.reason = "recallable", data.fires_at, event.actor, ""


def _recalled(room: Room, data: events.CueOnlyEvent, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.fires_at = "recalled", None


def _firing(room: Room, data: events.CueFiring, event: Event) -> None:
    cue = room.cues[data.cue_id]
    if cue.status != "recallable":
        cue.fired_by = event.actor
    cue.status, cue.fires_at, cue.reason = "firing", None, ""
    untold.begin_anew(cue)
    cue.broadcast, cue.done_by, cue.off_at = room.tonight, does(room, cue), None
    cue.owed, cue.fired_at = Owed(data.key, "on_air", event.at), event.at
    cue.claims_read = not tells_claims(room, cue)


def _sent(room: Room, data: events.EffectSent, event: Event) -> None:
    owed = room.cues[data.cue_id].owed
    if owed is not None and owed.key == data.key:
        owed.sent = True


def _unknown(room: Room, data: events.CueOnlyEvent, event: Event) -> None:
    room.cues[data.cue_id].status = "unknown"


def _on_air(room: Room, data: events.CueOnAir, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.owed = "on_air", None
    cue.on_air_at, cue.ends_at = event.at, data.ends_at
    asked.begun(room, cue, event.at)
    _leave_queue(room, cue.cue_id)


def _refused(room: Room, data: events.CueRefusedEvent, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.status, cue.owed, cue.reason = "refused", None, data.reason


def _ended(room: Room, data: events.CueEnded, event: Event) -> None:
    cue = room.cues[data.cue_id]
    if cue.status == "on_air":
        asked.ended(room, cue, event.at)
    cue.status, cue.ended_because, cue.reason = "ended", data.because, data.reason
    cue.ended_at, cue.asks_more, cue.slot = event.at, False, None
    cue.owed = Owed(data.key, "ended", event.at) if data.key else None
    _leave_queue(room, cue.cue_id)


def _end_confirmed(room: Room, data: events.EndConfirmed, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.owed, cue.off_at = None, event.at


def measured(room: Room, data: Any, event: Event) -> None:
    """``cue.measured`` and ``promotion.measured``; fields that were not read keep what was read before."""
    cue = room.cues.get(data.cue_id)
    if cue is None:
        _unknown_cue(room, data.cue_id, event)
        return
    found = cue.measured or Measured(event.at)
    found.at, found.by_hand = event.at, event.type == "cue.measured"
    for name in ("sold", "left", "claimed", "used", "entrants", "ours", "theirs", "sharers", "brought"):
        if (value := getattr(data, name, None)) is not None:
            setattr(found, name, value)
    if data.claimed is not None:
        found.claimed_at = event.at
    cue.measured, cue.asks_more = found, False
    untold.reckon(room, cue)
    untold.rang(room, cue, event.at)


def _unknown_cue(room: Room, cue_id: str, event: Event) -> None:
    known = room.unknown_cues.pop(cue_id, None)
    room.unknown_cues[cue_id] = UnknownCue(cue_id, event.at, known.count + 1 if known is not None else 1)
    while len(room.unknown_cues) > UNKNOWN_KEPT:
        del room.unknown_cues[next(iter(room.unknown_cues))]


def refresh_live(room: Room, cue: Cue, *, claims_run: bool) -> None:
    """Keeps ``room.live`` to the cues that a clock or an effect still moves."""
    runs = (
        cue.status in fire.RUNNING
        or cue.status in {"standby", "recallable"}
        or cue.owed is not None
        or claims_run
    )
    if runs and cue.cue_id not in room.live:
        room.live.append(cue.cue_id)
    elif not runs and cue.cue_id in room.live:
        room.live.remove(cue.cue_id)


FOLDS: Final[dict[str, Fold]] = {
    "cue.queued": _queued,
    "cue.edited": _edited,
    "cue.moved": _moved,
    "cue.removed": _removed,
    "cue.approved": _approved,
    "cue.rejected": _rejected,
    "cue.standby": _standby,
    "cue.missed": _missed,
    "cue.recallable": _recallable,
    "cue.recalled": _recalled,
    "cue.firing": _firing,
    "effect.sent": _sent,
    "cue.unknown": _unknown,
    "cue.on_air": _on_air,
    "cue.refused": _refused,
    "cue.ended": _ended,
    "cue.end_confirmed": _end_confirmed,
    "cue.measured": measured,
    "promotion.measured": tonight(measured),
}
