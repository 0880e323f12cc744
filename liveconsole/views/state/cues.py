"""Promotions from the room in memory: where each stands, its figures, and who holds its prizes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from liveconsole.domain import audiences, given, judge, overrides
from liveconsole.domain.cue import FIRED
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.tick import proposal_ends
from liveconsole.messages.reasons import reason_words
from liveconsole.messages.said import texts_of_spec
from liveconsole.messages.state import (
    CanState,
    CueState,
    GivenState,
    LowestState,
    MeasuredState,
    OverrideState,
    OwedState,
    WordState,
)
from liveconsole.messages.statuses import PLANNED
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import People, TurnedAway
from liveconsole.views.state.inputs import WordLists
from liveconsole.views.top_up import for_pinned

_MOST_SKUS: Final = 50
"""Of a coupon for more goods than these the state tells no lowest price; ``POST /v1/judge`` does."""
_TITLES: Final = 20
"""Of a coupon for two thousand goods the titles are the catalogue's own matter."""
PINS_KEPT: Final = 3
"""Ended pins that are still listed: a broadcast has hundreds, and none of them is news."""


def in_order(room: Room) -> list[Cue]:
    """Return the queue, then what is on air, then what has ended, the latest first."""
    queued = [room.cues[cue_id] for cue_id in room.queue]
    on_air = [cue for cue in room.cues.values() if cue.status == "on_air"]
    ended = sorted(
        (cue for cue in room.cues.values() if cue.status == "ended"),
        key=lambda cue: cue.ended_at or cue.added_at,
        reverse=True,
    )
    pins = [cue for cue in ended if cue.kind == "pin" and cue.owed is None]
    dropped = {cue.cue_id for cue in pins[PINS_KEPT:]}
    return queued + on_air + [cue for cue in ended if cue.cue_id not in dropped]


def lowest_of(room: Room, cue: Cue) -> LowestState | None:
    """Return the lowest price that a buyer can reach with it; None for what is over or changes no price."""
    if cue.kind == "pin" or cue.status in ("ended", "removed"):
        return None
    found = judge.lowest(room, cue.spec, without=cue.cue_id, most=_MOST_SKUS)
    return LowestState(**found) if found is not None else None


def cue_state(
    room: Room,
    cue: Cue,
    now: datetime,
    can: CanState,
    *,
    people: People,
    turned_away: TurnedAway | None = None,
    lowest: LowestState | None,
    words: Sequence[WordState] = (),
) -> CueState:
    """One promotion. ``now`` judges which coupons of it may still be used, and nothing else."""
    kind = WORDS[cue.kind]
    fields = kind.state(room, cue, people=people, turned_away=turned_away)
    if "discount" in kind.always(was_on_air=cue.on_air_at is not None):
        fields["discount"] = _discount(room, cue, now)
    if (checked := audiences.checked_by(room, cue.kind, cue.spec)) is not None:
        fields["checked_by"] = checked
    if fields.get("left") != 0 and (missing := for_pinned(room, cue)) is not None:
        fields["top_up"] = missing
    if lowest is not None:
        fields |= {"lowest_fen": lowest.fen, "lowest": lowest}
    if cue.status not in ("ended", "removed"):
        used = overrides.used_for(room, cue, {word.term for word in words})
        fields["words"] = list(words)
        fields["overrides"] = [OverrideState(one.by, one.at, one.where, one.terms) for one in used]
    return CueState(
        cue_id=cue.cue_id,
        kind=cue.kind,
        spec=cue.spec_sent,
        status=cue.status,
        proposed_by=cue.proposed_by,
        approved_by=cue.approved_by,
        fired_by=cue.fired_by,
        at=cue.added_at,
        reason=cue.reason,
        reason_text=reason_words(cue.reason),
        can=can,
        slot=cue.slot,
        segment_id=cue.segment_id,
        again_of=cue.again_of,
        repeat=cue.repeat,
        plan_id=cue.plan_id,
        nth=cue.nth if cue.repeat is not None else 0,
        only_after=cue.only_after,
        fires_at=cue.fires_at or (cue.at if cue.status in PLANNED else None),
        on_air_at=cue.on_air_at,
        ends_at=cue.ends_at,
        ended_at=cue.ended_at,
        ended_because=cue.ended_because,
        proposed_at=cue.proposed_at if cue.status not in FIRED else None,
        proposal_ends_at=proposal_ends(room, cue),
        owed=_owed(room, cue),
        measured=_measured(cue),
        **fields,
    )


def texts_of(room: Room, cue: Cue) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of all that viewers read of a promotion: its own words, and its goods as they stand
    in the catalogue, of the first `_TITLES` products."""
    for path, text in texts_of_spec(cue.kind, cue.spec_sent):
        yield f"spec.{path}", text
    for product_id in sorted(kind_of(cue).goods(room, cue.spec))[:_TITLES]:
        if (product := room.products.get(product_id)) is not None:
            yield f"product.{product_id}.title", product.title


def words_of(room: Room, cue: Cue, words: WordLists | None) -> list[WordState]:
    """Return what is found in its texts; nothing in those of what is over."""
    if words is None or cue.status in ("ended", "removed"):
        return []
    return words.found(texts_of(room, cue))


def cue_row(shown: CueState) -> bytes:
    """Return the row on the wire, without ``can``: what every promotion has, what its kind always has, and
    what else there is."""
    always = _ALWAYS | WORDS[shown.kind].always(was_on_air=shown.on_air_at is not None)
    row = {
        name: value for name in _FIELDS if (value := getattr(shown, name)) not in _NOTHING or name in always
    }
    return _encode(row)


def with_can(row: bytes, can: bytes) -> bytes:
    """Return the row of a role: ``can`` as JSON behind what is the same for everybody."""
    return b'%b,"can":%b}' % (row[:-1], can)


_encode = msgspec.json.Encoder().encode
_NOTHING: Final[tuple[object, ...]] = (None, "", 0, [])
_FIELDS: Final = tuple(name for name in CueState.__struct_fields__ if name != "can")
_ALWAYS: Final = frozenset(
    {
        "cue_id", "kind", "spec", "status", "proposed_by", "approved_by", "fired_by", "at", "reason",
    }
)  # fmt: skip


def _owed(room: Room, cue: Cue) -> OwedState | None:
    owed = cue.owed
    if owed is None:
        return None
    return OwedState(owed.step, owed.key, owed.since, owed.sent, does(room, cue))


def _discount(room: Room, cue: Cue, now: datetime) -> GivenState:
    """What it gave is None where nobody tells: no source reports orders, or which coupon was used."""
    found = given.of_cue(room, cue, now)
    if cue.on_air_at is not None and not WORDS[cue.kind].is_told(room, cue):
        return GivenState(None, None, found.most_fen)
    return GivenState(found.given_fen, found.held_fen, found.most_fen)


def _measured(cue: Cue) -> MeasuredState | None:
    if cue.measured is None:
        return None
    found = cue.measured
    figures = {name: getattr(found, name) for name in MeasuredState.__struct_fields__ if name != "by"}
    return MeasuredState(**figures, by="person" if found.by_hand else "source")
