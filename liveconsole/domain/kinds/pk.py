"""连麦PK: rounds against another room. Its score is told or typed in; what nobody told is not 0 : 0."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.kinds import plain
from liveconsole.domain.late import tonight
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_plays import PkScore, PkTally
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import CueMeasured
from liveconsole.messages.facts import PkScored
from liveconsole.messages.plays import PkRound
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import PkSpec

NAME: Final = "pk"
SPEC: Final = PkSpec
RETIRED: Final = False
DONE_AS: Final = PkSpec.done_as
BENEFIT: Final = False
HANDS_OUT: Final = False
DISCOUNTS: Final = False
ARMED: Final = False
RECALLABLE: Final = True
KEYED: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = False
CLOSES: Final = False
NEEDS_SHELF: Final = False
BY_NAME: Final = False

LEAST_ROUND: Final = 10
"""Seconds: a shorter round is over before anybody has told its score."""


def check(room: Room, spec: PkSpec, *, without: str | None = None) -> list[Refused]:
    found: list[Refused] = []
    if not spec.opponent.strip():
        found.append(Refused("bad_spec", {"detail": "opponent"}))
    if spec.rounds > 1 and spec.seconds < spec.rounds * LEAST_ROUND:
        most = spec.seconds // LEAST_ROUND
        found.append(Refused("over_limit", {"detail": f"rounds {spec.rounds} > {most}"}))
    return found


def cannot_start(room: Room, cue: Cue, spec: PkSpec, now: datetime) -> Refused | None:
    """One at a time: a room is linked with one other."""
    for cue_id in room.live:
        other = room.cues[cue_id]
        if other.cue_id != cue.cue_id and other.kind == NAME and other.status in fire.RUNNING:
            return Refused("overlap", {"cue_id": other.cue_id})
    return None


def goods(room: Room, spec: PkSpec) -> set[str]:
    return set()


# Rounds ---------------------------------------------------------------------------------------------


def round_ends(cue: Cue, number: int) -> datetime | None:
    """Return when a round ends: all of its time is shared in equal parts."""
    assert isinstance(cue.spec, PkSpec)
    if cue.on_air_at is None or cue.ends_at is None:
        return None
    if number >= cue.spec.rounds:
        return cue.ends_at
    return cue.on_air_at + timedelta(
        milliseconds=(cue.ends_at - cue.on_air_at) // timedelta(milliseconds=1) * number // cue.spec.rounds
    )


def due(cue: Cue) -> datetime | None:
    if cue.status != "on_air":
        return None
    return round_ends(cue, len(cue.pk.scores)) if cue.pk is not None else cue.ends_at


def time_up(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Return the next round, or the end."""
    assert isinstance(cue.spec, PkSpec)
    begun = len(cue.pk.scores) if cue.pk is not None else cue.spec.rounds
    if begun < cue.spec.rounds and (cue.ends_at is None or ctx.now < cue.ends_at):
        return [ctx.event("pk.round", PkRound(cue.cue_id, begun + 1))]
    return [fire.end(room, cue, ctx, "time_up")]


def won(score: PkScore) -> Literal["ours", "theirs", "draw"] | None:
    """Tell who a score is for: ``ours``, ``theirs``, ``draw``; None where nobody told it."""
    if score.ours is None or score.theirs is None:
        return None
    return "draw" if score.ours == score.theirs else "ours" if score.ours > score.theirs else "theirs"


# The fold -------------------------------------------------------------------------------------------


def shape(cue: Cue) -> None:
    cue.pk = PkTally()


def folded(room: Room, cue: Cue, event: Event) -> None:
    """A score that a person typed in; another start is another PK."""
    if event.type == "cue.firing":
        cue.pk = PkTally()
    data = event.data
    if isinstance(data, CueMeasured) and (data.ours is not None or data.theirs is not None):
        _score(cue, data.ours, data.theirs, event.at)


def _score(cue: Cue, ours: int | None, theirs: int | None, at: datetime) -> None:
    if cue.pk is not None:
        last = cue.pk.scores[-1]
        cue.pk.scores[-1] = PkScore(
            ours if ours is not None else last.ours, theirs if theirs is not None else last.theirs, at
        )


def _scored(room: Room, data: PkScored, event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and cue.on_air_at is not None:
        _score(cue, data.ours, data.theirs, event.at)


def _round(room: Room, data: PkRound, event: Event) -> None:
    cue = room.cues[data.cue_id]
    if cue.pk is not None and len(cue.pk.scores) < data.round:
        cue.pk.scores.append(PkScore())


by_hand, makes_way, seconds, promises = plain.by_hand, plain.makes_way, plain.seconds, plain.promises
follow, cannot_end, cannot_begin_late = plain.follow, plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy, again = plain.void_when_restored, plain.cannot_buy, plain.again
fitted, rows, offers, per_buyer = plain.fitted, plain.rows, plain.offers, plain.per_buyer
exposure_fen, gives, outlasts = plain.exposure_fen, plain.gives, plain.outlasts
valid_for, waits, lighter, logged = plain.valid_for, plain.waits, plain.lighter, plain.logged
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {"pk.round": _round, "pk.scored": tonight(_scored)}
