"""Planted bugs of what viewers take part in: bags and series of them, lists, audiences, countdowns."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from liveconsole.domain import audiences, broadcast_limits, evolve, fire, first_comers, viewers
from liveconsole.domain.kinds.lucky_bag import draws, series
from tests.sim.mutants import planted


@planted((draws, "_draw"))
def redraw(draw: Any) -> Any:
    def twice(*args: Any) -> Any:
        found = draw(*args)
        return [found[0], *draw(*args)] if found[0].data.winners else found

    return twice


@planted((draws, "close"))
def entrants_not_frozen(close: Any) -> Any:
    """Who is written in at the close, after everybody else."""

    def stuffed(room: Any, one: Any, ctx: Any) -> Any:
        if (
            one.status == "on_air"
            and one.bag is not None
            and one.bag.promise is not None
            and not one.bag.root
        ):
            one.bag.entries["p" + "0" * 20] = "00000000-0000-4000-8000-000000000000"
        return close(room, one, ctx)

    return stuffed


@planted((draws, "_enter_one"))
def second_source_admitted(enter: Any) -> Any:
    def from_anywhere(room: Any, one: Any, promised: Any, facts: Any, ctx: Any, found: list[Any]) -> None:
        if one.bag.source and facts:
            one, room = copy.copy(one), copy.copy(room)
            one.bag = copy.copy(one.bag)
            one.bag.source = facts[0].source
            room.cues = {**room.cues, one.cue_id: one}
        enter(room, one, promised, facts, ctx, found)

    return from_anywhere


# lists -----------------------------------------------------------------------------------------------


@planted((first_comers, "_come"))
def order_of_the_producer_not_of_the_log(come: Any) -> Any:
    """Whose message has the lower id came first."""
    return lambda one, there, promised, facts, ctx: come(
        one, there, promised, sorted(facts, key=lambda fact: fact.id), ctx
    )


@planted((first_comers, "_come"))
def somebody_comes_twice(come: Any) -> Any:
    """He is known again within one run of comments only."""
    return lambda one, there, promised, facts, ctx: come(
        one, msgspec.structs.replace(there, came={}), promised, facts, ctx
    )


@planted((first_comers, "_come"))
def a_list_takes_every_source(come: Any) -> Any:
    def from_anywhere(one: Any, there: Any, promised: Any, facts: Any, ctx: Any) -> Any:
        if there.source and facts:
            there = msgspec.structs.replace(there, source=facts[0].source)
        return come(one, there, promised, facts, ctx)

    return from_anywhere


@planted((evolve.FOLDS, "place.freed"))
def a_freed_place_stays_taken(freed: Any) -> Any:
    return lambda room, data, event: None


# for whom, and when ---------------------------------------------------------------------------------


@planted((audiences, "turned_away"))
def everybody_is_a_newcomer(turned_away: Any) -> Any:
    return lambda *_: None


@planted((fire, "recall_window"))
def countdown_skipped(window: Any) -> Any:
    """Viewers were told ten seconds, and have the room's three."""
    return lambda room, one: window(room, msgspec.structs.replace(one, spec=_uncounted(one.spec)))


def _uncounted(spec: Any) -> Any:
    return (
        msgspec.structs.replace(spec, countdown_seconds=None) if hasattr(spec, "countdown_seconds") else spec
    )


# a series of bags -----------------------------------------------------------------------------------


@planted((first_comers, "has_place"))
def a_place_for_everybody(_has: Any) -> Any:
    """Whoever asks has the list's price."""
    return lambda _cue, _pid: True


@planted((series, "drawn"))
def gap_counted_from_the_start(drawn: Any) -> Any:
    """The next bag opens so long after the last one opened."""

    def from_start(one: Any, at: Any) -> None:
        drawn(one, at)
        if one.series is not None and one.series.next_at is not None:
            one.series.next_at -= one.bag.closed_at - one.bag.opened_at

    return from_start


# people, limits and lists of the law -------------------------------------------------------------------


@planted((viewers, "begin_evening"))
def hidden_for_one_evening_is_hidden_for_good(begin: Any) -> Any:
    return lambda room: None


@planted((broadcast_limits, "refusal"))
def a_broadcasts_limit_is_not_asked(refusal: Any) -> Any:
    return lambda *args, **more: None


@planted((broadcast_limits, "weigh"))
def what_a_broadcast_took_is_not_counted(weigh: Any) -> Any:
    return lambda *args: None


@planted((evolve.FOLDS, "right.put"))
def a_right_is_not_on_the_list(put: Any) -> Any:
    return lambda room, data, event: None
