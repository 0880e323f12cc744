"""Planted bugs: each takes one guard away while it is entered. The simulation must see every one of them."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from liveconsole.domain import (
    cue,
    decide,
    evolve,
    fire,
    member_prices,
    order,
    order_facts,
    order_request,
    repeats,
    sales,
    stacking,
)
from liveconsole.domain.kinds import coupon

from liveconsole.domain import floors, settled, tick  # isort: skip
from liveconsole.domain.context import Decision
from liveconsole.engine import at_once, books, commit_draft, dispatch, folding, followers, outcome
from liveconsole.engine.chance import KeptChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import Dispatcher, PlatformSaid
from liveconsole.engine.outcome import Unwritten
from liveconsole.messages import events
from liveconsole.messages.refusals import Refused
from liveconsole.store import rows
from liveconsole.views.state import can, marks, moments
from liveconsole.views.state import rows as shown_rows
from tests.sim import disk

Plant = Callable[[], Any]
MUTANTS: dict[str, Plant] = {}


def planted(*places: tuple[Any, str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A mutant that puts something else in ``places`` (owner, name); it is given what stood there."""

    def register(made: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def entered() -> Iterator[None]:
            stood = [_get(owner, name) for owner, name in places]
            new = made(*stood)
            for (owner, name), value in zip(places, new if isinstance(new, tuple) else (new,), strict=True):
                _put(owner, name, value)
            try:
                yield
            finally:
                for (owner, name), value in zip(places, stood, strict=True):
                    _put(owner, name, value)

        MUTANTS[made.__name__] = entered
        return made

    return register


def _get(owner: Any, name: str) -> Any:
    return owner[name] if isinstance(owner, dict) else getattr(owner, name)


def _put(owner: Any, name: str, value: Any) -> None:
    if isinstance(owner, dict):
        owner[name] = value
    else:
        setattr(owner, name, value)


# the engine ------------------------------------------------------------------------------------------


@planted((RoomCore, "_known"), (disk.Disk, "unique"))
def no_dedupe(known: Any, unique: Any) -> Any:
    return (lambda self, inputs: {}), False


@planted((RoomCore, "_commit"))
def ack_before_commit(commit: Any) -> Any:
    """What the disk refused is answered with yes."""

    def answers_anyway(self: RoomCore, work_: Any) -> None:
        try:
            commit(self, work_)
        except Unwritten:
            self._store.meta  # noqa: B018  # and nobody is told

    return answers_anyway


@planted((commit_draft.CommitDraft, "write"))
def answers_forgotten(write: Any) -> Any:
    """Answers are kept in memory only."""

    def without(self: Any, *args: Any) -> Any:
        return dataclasses.replace(write(self, *args), answers=())

    return without


@planted((disk.SimStore, "commit"))
def no_fencing(commit: Any) -> Any:
    def at_any_seq(self: Any, write: Any) -> None:
        commit(self, dataclasses.replace(write, expected_seq=self.last_seq()))

    return at_any_seq


@planted((outcome, "WriteLost"))
def goes_on_with_a_broken_store(lost: Any) -> Any:
    return Unwritten


@planted((rows.Digests, "of"))
def another_fact_under_a_used_id(digest: Any) -> Any:
    return lambda self, type_, body: b"same"


@planted((KeptChance, "secret"))
def secret_not_kept(secret: Any) -> Any:
    return lambda self, draw_id: self._inner.secret(draw_id)


@planted((folding, "save"))
def snapshot_drops_a_field(save: Any) -> Any:
    def without(store: Any, room: Any) -> None:
        save(store, msgspec.structs.replace(room, holds={}))

    return without


@planted((disk.SimStore, "load"))
def snapshot_of_another_version_used(load: Any) -> Any:
    def newest(self: Any, fold_version: int) -> Any:
        kept = self._disk.snapshots
        return (kept[max(kept)].blob, max(kept)) if kept else (None, 0)

    return newest


@planted((followers.Tail, "_missed"))
def stream_leaves_a_gap(missed: Any) -> Any:
    return lambda self, last: None


# effects ---------------------------------------------------------------------------------------------


@planted((Dispatcher, "_again"))
def retry_on_unknown(again: Any) -> Any:
    async def ask_once_more(self: Any, platform: Any, effect: Any) -> PlatformSaid:
        return await dispatch._within(platform.ask(effect))

    return ask_once_more


@planted((Dispatcher, "_first"))
def sent_before_its_mark(first: Any) -> Any:
    async def send_first(self: Any, platform: Any, effect: Any) -> PlatformSaid | None:
        said = await dispatch._within(platform.ask(effect))
        await self._commit("effect.asked", dispatch._names(effect))
        return said

    return send_first


@planted((dispatch, "_settles"))
def a_refused_end_is_given_up(settles: Any) -> Any:
    return lambda effect, said: said.outcome in ("done", "refused")


@planted((fire, "_owes_an_end"))
def platform_stop_not_owed(owes: Any) -> Any:
    return lambda room, cue_, because: False


# cues ------------------------------------------------------------------------------------------------


@planted((tick, "due"))
def end_missed(due: Any) -> Any:
    return lambda room, one: None if one.status == "on_air" and one.kind == "flash_sale" else due(room, one)


@planted((decide.RULES, "cue.recall"))
def recall_after_fire(recall: Any) -> Any:
    def recalls(room: Any, data: Any, ctx: Any) -> Any:
        found = room.cues.get(data.cue_id)
        if found is None or found.status not in ("recallable", "firing", "on_air"):
            return recall(room, data, ctx)
        return Decision([ctx.event("cue.recalled", events.CueOnlyEvent(found.cue_id))], {})

    return recalls


@planted((cue, "approval"))
def four_eyes_ignored(approval: Any) -> Any:
    return lambda room, one, ctx: fire.refusal(room, one, ctx)


@planted((floors, "of_spec"))
def floor_not_rejudged_at_fire(breach: Any) -> Any:
    def only_at_first(room: Any, spec: Any, *, without: str | None = None) -> Refused | None:
        return breach(room, spec) if without is None else None

    return only_at_first


# what the seats are shown -----------------------------------------------------------------------------


@planted((marks.MARKS, "cue.ended"))
def an_end_is_not_marked(marked: Any) -> Any:
    return frozenset()


@planted((marks.MARKS, "order.paid"))
def a_payment_is_not_marked(marked: Any) -> Any:
    return frozenset({"orders"})


@planted((marks.MARKS, "bag.entered"))
def an_entrant_is_not_marked(marked: Any) -> Any:
    return frozenset()


@planted((moments.Horizon, "passed"))
def time_moves_nothing_that_is_shown(passed: Any) -> Any:
    return lambda self, room, now: False


@planted((shown_rows, "_hangs_on"))
def rights_are_kept_for_ever(hangs_on: Any) -> Any:
    return lambda room, one, ground: None


@planted((can, "_may"))
def a_right_drifts_from_its_rule(may: Any) -> Any:
    """Whoever once looked at a promotion may stop it."""
    seen: set[str] = set()

    def drifts(room: Any, one: Any, act: str, ctx: Any) -> Any:
        if act != "stop" or one.cue_id in seen:
            return True if act == "stop" else may(room, one, act, ctx)
        seen.add(one.cue_id)
        return may(room, one, act, ctx)

    return drifts


# orders ----------------------------------------------------------------------------------------------


@planted((order, "recount"))
def edited_sale_forgets_its_orders(recount: Any) -> Any:
    return lambda room, one: None


@planted((tick, "_lapses"))
def hold_never_lapses(lapses: Any) -> Any:
    return lambda room, ctx: []


@planted((sales, "bought"))
def buyer_limit_ignored(bought: Any) -> Any:
    return lambda one, pid: 0


@planted((order_request._Tally, "take"))
def sells_what_is_not_there(take: Any) -> Any:
    def takes(self: Any, sku_id: str, quantity: int, sale: Any) -> Any:
        refused = take(self, sku_id, quantity, sale)
        return None if refused is not None and refused.code == "sold_out" else refused

    return takes


@planted((coupon, "use_for_order"))
def coupon_used_twice(use: Any) -> Any:
    def again(room: Any, coupon_id: str, *args: Any) -> Any:
        known = room.coupons.get(coupon_id)
        if known is None or known.order_id is None:
            return use(room, coupon_id, *args)
        shown = copy.copy(room)
        shown.coupons = {**room.coupons, coupon_id: msgspec.structs.replace(known, order_id=None)}
        return use(shown, coupon_id, *args)

    return again


@planted((member_prices, "growth"))
def everybody_is_of_the_highest_level(growth: Any) -> Any:
    return lambda paid_fen: growth(paid_fen) + 1_000


@planted((order_request, "_less"))
def a_level_is_told_and_not_taken_off(less: Any) -> Any:
    return lambda granted, member: (granted, member)


@planted((evolve.FOLDS, "order.placed"))
def closed_order_reopened(placed: Any) -> Any:
    def reopens(room: Any, data: Any, event: Any) -> None:
        placed(room, data, event)
        with order._changing(room, event) as one:
            one.closed = False

    return reopens


@planted((order_facts, "_pay"))
def paid_after_lapse_oversells_silently(pay: Any) -> Any:
    return lambda room, one, ctx: order_facts._sold_out(room, one.lines, ctx)


# a second evening -----------------------------------------------------------------------------------


@planted((settled, "_cues"))
def archive_forgets_what_is_owed(cues: Any) -> Any:
    """A price to restore, a claim clock: whatever still runs is taken for settled."""
    return lambda room, at, with_coupons: [
        c for c in cues(room, at, with_coupons) if c.cue_id not in room.live
    ]


@planted((settled, "_orders"))
def archive_forgets_a_hold(orders_: Any) -> Any:
    return lambda room, at: [one for one in orders_(room, at) if one.order_id not in room.holds]


@planted((settled, "leave"))
def nothing_ever_leaves(leave: Any) -> Any:
    return lambda room, carried: None


@planted((books.LeftTheRoom, "number_of"))
def late_refund_counted_tonight(number_of: Any) -> Any:
    """An order that left is taken for one that nobody has told of yet."""
    return lambda self, room, data: None if hasattr(data, "refund_fen") else number_of(self, room, data)


@planted((books.Books, "_late_fact"))
def late_facts_in_no_books(late_fact: Any) -> Any:
    return lambda self, event, number: None


@planted((at_once, "taken_before"))
def an_id_of_before_is_a_new_order(taken_before: Any) -> Any:
    return lambda asked, left: None


# bundles and gifts -----------------------------------------------------------------------------------


@planted((order_request._Tally, "give"))
def gifts_not_held(give: Any) -> Any:
    """Whoever brings one has it, whatever is left."""
    return lambda self, cue, offer, times: times


@planted((stacking, "parts_of"))
def a_bundles_sum_only(parts_of: Any) -> Any:
    """The guard of floors looks at no unit of a bundle."""

    def at_own_prices(room: Any, offer: Any) -> Any:
        return [
            part._replace(fen=room.skus[part.sku_id].price_fen * part.units) for part in parts_of(room, offer)
        ]

    return at_own_prices


@planted((stacking.OffersThatMeet, "_gift"))
def gifts_worth_nothing(gift: Any) -> Any:
    return lambda self, offered: None


# 整点秒杀 -------------------------------------------------------------------------------------------


@planted((repeats, "_went_on"))
def a_plan_forgets_that_it_went_on(went_on: Any) -> Any:
    """Whoever is fired once more queues the next one once more."""
    return lambda room, cue_: False


@planted((repeats, "in_the_way"), (fire, "refusal"))
def a_plan_runs_over_itself(in_the_way: Any, refusal: Any) -> Any:
    """Of one plan as many as come: its own never stands in the way, nor anything else of its kind."""
    return (
        lambda room, cue_: None,
        lambda room, cue_, ctx: None if cue_.repeat is not None else refusal(room, cue_, ctx),
    )


@planted((repeats, "following"))
def a_plan_never_ends(following: Any) -> Any:
    """The last time is followed by another."""

    def goes_on(room: Any, cue_: Any, ctx: Any) -> Any:
        if cue_.repeat is not None and cue_.nth >= cue_.repeat.times:
            more = msgspec.structs.replace(cue_.repeat, times=cue_.nth + 1)
            return following(room, msgspec.structs.replace(cue_, repeat=more), ctx)
        return following(room, cue_, ctx)

    return goes_on
