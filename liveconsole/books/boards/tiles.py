"""Every tile: its formula, its source and age, and why where it is not known. Formulas: seller.md's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.books.boards.after import AfterRates
from liveconsole.books.boards.figures import BoardFigures
from liveconsole.books.boards.goods_stock import StockRates
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import BuyerCounts, OrderSums
from liveconsole.books.boards.told import Typed, counted
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.room import Audience
from liveconsole.messages.boards import LEVELS, TILES, BoardWhy, Number, SegmentScore, Tile, Unit

TYPED: Final = {
    "exposure": "exposure",
    "exposure_to_paid": "exposure",
    "entry_rate": "exposure",
    "viewers": "viewers",
    "conversion": "viewers",
    "clicks": "clicks",
    "order_rate": "clicks",
    "click_rate": "clicks",
    "stay_seconds": "stay_seconds",
    "return_rate": "returning",
    "plays": "plays",
    "cpa_fen": "cost_fen",
    "followers": "followers",
    "group_joined": "group_joined",
    "clip_share": "clip_viewers",
    "clip_roi": "clip_cost_fen",
}
"""Tile → the name under which a person may supply what it lacks."""
_UNITS: Final[dict[str, Unit]] = {
    "orders_paid": "orders", "orders_placed": "orders", "online": "people", "buyers": "people",
    "units": "units", "viewers": "people", "exposure": "people", "clicks": "count", "online_peak": "people",
    "plays": "count", "stay_seconds": "seconds", "units_per_order": "units", "information": "score",
    "emotion": "score", "interaction": "score", "new_buyers": "people", "followers": "people",
    "group_joined": "people", "turnover_days": "days", "orders_refunded": "orders",
    "orders_closed": "orders", "orders_unpaid": "orders", "clip_roi": "times",
}  # fmt: skip
_BAD_RISES: Final = frozenset({
    "refund_fen", "cpa_fen", "turnover_days", "returned_rate", "out_of_stock_rate", "unsold_rate",
})  # fmt: skip
MORE: Final = ("orders_refunded", "orders_closed", "orders_unpaid")
"""Counts beside the tiles, for programs."""


class BoardFacts(Struct, frozen=True):
    """All that tiles are made of. ``last`` and ``before``: the two times ten minutes of a broadcast."""

    scope: BoardScope
    figures: BoardFigures
    clocks: Figures
    sums: OrderSums
    known: bool
    orders_at: datetime | None
    buyers: BuyerCounts
    """None: too many orders to ask each one's buyer."""
    audience: Audience
    typed: Typed
    after: AfterRates
    stock: StockRates
    last: OrderSums | None = None
    before: OrderSums | None = None
    refunds: tuple[int, int] | None = None
    """分 that went back in the last ten minutes, and in the ten before."""
    online: tuple[float | None, float | None] = (None, None)
    peak: int | None = None
    recent: OrderSums = OrderSums()
    """Of the last broadcasts, this one included: what a threshold goes by."""
    scores: Sequence[SegmentScore] = ()
    ltv: int | BoardWhy = BoardWhy("too_few")


class BoardFigure(Struct, frozen=True):
    """A tile before it has its name. One without a value says why."""

    value: Number | None
    source: str
    at: datetime | None = None
    why: BoardWhy | None = None
    last: Number | None = None
    before: Number | None = None
    beside: int | None = None
    reference: Number | None = None
    typed: str = ""
    """Another name to type under than that of `TYPED`."""


def tiles_of(facts: BoardFacts) -> dict[str, list[Tile]]:
    """Return the tiles of every level, in their order."""
    return {level: [_tile(name, _FIGURES[name](facts, name)) for name in TILES[level]] for level in LEVELS}


def more_of(facts: BoardFacts) -> list[Tile]:
    """Return the counts that no level shows."""
    return [_tile(name, _FIGURES[name](facts, name)) for name in MORE]


def share(part: float | None, whole: float | None) -> float | None:
    """Return a part of a whole; None where one is not known, or there is no whole."""
    return None if part is None or not whole else part / whole


def changed(last: Number | None, before: Number | None) -> float | None:
    """Return by which part of what was before something changed."""
    return None if last is None or not before else (last - before) / before


def _tile(name: str, figure: BoardFigure) -> Tile:
    typed = figure.typed or TYPED.get(name, "")
    return Tile(
        name,
        _UNITS.get(name) or ("fen" if name.endswith("_fen") else "share"),
        figure.value,
        figure.source,
        figure.at,
        figure.why if figure.value is None else None,
        figure.last,
        figure.before,
        changed(figure.last, figure.before),
        "rises" if name in _BAD_RISES else "falls",
        figure.beside,
        typed=typed if figure.value is None or figure.source == "typed" else "",
        reference=figure.reference,
    )


# Orders -----------------------------------------------------------------------------------------------


def _of_orders(name: str) -> Callable[[BoardFacts, str], BoardFigure]:
    def figure(facts: BoardFacts, _: str) -> BoardFigure:
        if not facts.known:
            return _no_orders()
        last, before = (None if s is None else getattr(s, name) for s in (facts.last, facts.before))
        value: Number = getattr(facts.sums, name)
        return BoardFigure(value, "orders", facts.orders_at, last=last, before=before)

    return figure


def _no_orders() -> BoardFigure:
    return BoardFigure(None, "orders", why=BoardWhy("no_orders_told"))


def _of_paid(name: str) -> Callable[[BoardFacts, str], BoardFigure]:
    """A mean over paid orders."""
    whole = _of_orders(name)

    def figure(facts: BoardFacts, tile: str) -> BoardFigure:
        found = whole(facts, tile)
        if facts.known and found.value is None:
            return BoardFigure(None, "orders", facts.orders_at, BoardWhy("none_paid"))
        return found

    return figure


def _refund(facts: BoardFacts, _: str) -> BoardFigure:
    if not facts.known:
        return _no_orders()
    last, before = facts.refunds or (None, None)
    sums = facts.sums
    return BoardFigure(
        sums.refund_fen, "orders", facts.orders_at, last=last, before=before, beside=sums.refunded
    )


def _buyers(facts: BoardFacts, _: str) -> BoardFigure:
    if not facts.known:
        return _no_orders()
    why = _without_buyers(facts)
    if why is not None:
        return BoardFigure(None, "orders", facts.orders_at, why)
    return BoardFigure(facts.buyers.buyers, "orders", facts.orders_at)


def _without_buyers(facts: BoardFacts) -> BoardWhy | None:
    """Why nobody can tell how many people bought: of some orders nobody told the buyer."""
    if not facts.known:
        return BoardWhy("no_orders_told")
    nameless = facts.sums.nameless
    return BoardWhy("no_buyers", {"n": nameless}) if nameless else None


def _of_buyers(part: str) -> Callable[[BoardFacts, str], BoardFigure]:
    """``part``: a count of `BuyerCounts`, as a share of all buyers."""

    def figure(facts: BoardFacts, tile: str) -> BoardFigure:
        why = _without_buyers(facts)
        if why is not None:
            return BoardFigure(None, "orders", facts.orders_at, why)
        value = share(getattr(facts.buyers, part), facts.buyers.buyers)
        return BoardFigure(value, "orders", facts.orders_at, BoardWhy("none_paid"))

    return figure


def _new_buyers(facts: BoardFacts, _: str) -> BoardFigure:
    why = _without_buyers(facts)
    if why is not None:
        return BoardFigure(None, "orders", facts.orders_at, why)
    return BoardFigure(facts.buyers.first, "orders", facts.orders_at)


def _threshold(facts: BoardFacts, _: str) -> BoardFigure:
    """60 to 70 % of the average order; the upper end stands as its reference."""
    wanted = facts.figures.threshold
    aov = facts.recent.aov_fen
    if aov is None or facts.recent.paid < wanted.least_orders:
        params = {"n": facts.recent.paid, "of": wanted.least_orders}
        return BoardFigure(None, "orders", facts.orders_at, BoardWhy("too_few", params))
    low, high = (aov * percent // 100 for percent in (wanted.low_percent, wanted.high_percent))
    return BoardFigure(low, "orders", facts.orders_at, reference=high)


# The audience -----------------------------------------------------------------------------------------


def told(facts: BoardFacts, name: str) -> BoardFigure:
    """Return one of the figures of the audience: as measured, else as typed, else why there is none."""
    measured, count, source, why = _MEASURED[name]
    found = counted(facts.audience, measured, count)
    typed = facts.typed.of(name)
    if found is not None and (typed is None or measured in facts.audience.measured):
        recent = facts.audience.recent.get(measured)
        last, before = (recent.value, recent.before) if recent is not None else (None, None)
        return BoardFigure(found.value, source, found.at, last=last, before=before)
    if typed is not None:
        return BoardFigure(typed.value, "typed", typed.at)
    if why == "no_exposure" and facts.scope.closed:
        why = "not_typed"  # the console has it by now, for whoever copies it
    return BoardFigure(None, source, why=BoardWhy("not_over_days" if facts.scope.number is None else why))


_MEASURED: Final = {
    "exposure": ("impressions", "", "audience", "no_exposure"),
    "clicks": ("clicks", "", "clicks", "no_clicks"),
    "viewers": ("watched", "entered", "audience", "no_audience_told"),
    "stay_seconds": ("watch_seconds", "", "audience", "no_source"),
    "followers": ("new_follows", "followed", "audience", "no_source"),
    "goods_exposure": ("exposures", "", "clicks", "no_source"),
    "returning": ("returning", "", "audience", "no_source"),
    "plays": ("plays", "", "audience", "not_typed"),
}
"""BoardFigure → what the platform calls it, what is counted here, its source, and why there may be none."""


def _online(facts: BoardFacts, _: str) -> BoardFigure:
    measured = facts.audience.measured.get("online")
    if measured is None:
        return told_none(facts, "no_audience_told")
    if not facts.scope.live:
        return BoardFigure(None, "audience", measured.at, BoardWhy("not_live"))
    last, before = facts.online
    return BoardFigure(measured.value, "audience", measured.at, last=last, before=before)


def told_none(facts: BoardFacts, why: str) -> BoardFigure:
    """Return a figure of the audience that nobody told; of days nobody can."""
    return BoardFigure(None, "audience", why=BoardWhy("not_over_days" if facts.scope.number is None else why))


def _peak(facts: BoardFacts, _: str) -> BoardFigure:
    measured = facts.audience.measured.get("online_peak")
    shown = measured.value if measured is not None else None
    most = max((n for n in (facts.peak, shown) if n is not None), default=None)
    if most is None:
        return told_none(facts, "no_audience_told")
    newest = [t.at for t in (measured, facts.audience.measured.get("online")) if t is not None]
    return BoardFigure(most, "audience", max(newest, default=None))


def _rate(part: str, whole: str) -> Callable[[BoardFacts, str], BoardFigure]:
    """A share of two figures; what is missing says why."""

    def figure(facts: BoardFacts, _: str) -> BoardFigure:
        over, under = whole_of(facts, part), whole_of(facts, whole)
        for each in (under, over):
            if each.value is None:
                return BoardFigure(None, "derived", why=each.why)
        at = [each.at for each in (over, under) if each.at is not None]
        source = "typed" if "typed" in (over.source, under.source) else "derived"
        return BoardFigure(
            share(over.value, under.value), source, min(at, default=None), BoardWhy("too_early")
        )

    return figure


def whole_of(facts: BoardFacts, name: str) -> BoardFigure:
    """Return a figure of a board, a tile or not."""
    return _FIGURES[name](facts, name) if name in _FIGURES else told(facts, name)


def _grouped(facts: BoardFacts, _: str) -> BoardFigure:
    typed = facts.typed.of("group_joined")
    if typed is None:
        return told_none(facts, "not_typed")
    return BoardFigure(typed.value, "typed", typed.at)


def _clip_share(facts: BoardFacts, _: str) -> BoardFigure:
    """Viewers that short videos brought, of all of them."""
    reference = facts.figures.lines.clip_visitors_percent / 100
    brought, viewers = facts.typed.of("clip_viewers"), told(facts, "viewers")
    if brought is None:
        found = told_none(facts, "not_typed")
        return BoardFigure(None, "typed", why=found.why, reference=reference)
    value = share(brought.value, viewers.value)
    return BoardFigure(value, "typed", brought.at, viewers.why or BoardWhy("too_early"), reference=reference)


def _clip_roi(facts: BoardFacts, _: str) -> BoardFigure:
    """What short videos sold for each 分 that they cost."""
    reference = facts.figures.lines.clip_roi_times
    for name in ("clip_cost_fen", "clip_gmv_fen"):
        if facts.typed.of(name) is None:
            why = told_none(facts, "not_typed").why
            return BoardFigure(None, "typed", why=why, reference=reference, typed=name)
    cost, sold = facts.typed.of("clip_cost_fen"), facts.typed.of("clip_gmv_fen")
    assert cost is not None
    assert sold is not None
    value = share(sold.value, cost.value)
    return BoardFigure(value, "typed", max(cost.at, sold.at), BoardWhy("not_typed"), reference=reference)


def _score(facts: BoardFacts, tile: str) -> BoardFigure:
    """Of the segment that was shown last; each has its own among the scores."""
    if not facts.scores:
        return told_none(facts, "no_rundown")
    last = facts.scores[-1]
    why = last.why or BoardWhy("too_few")
    return BoardFigure(getattr(last, tile), "derived", facts.scope.closed_at, why)


# After the order --------------------------------------------------------------------------------------


def _after(name: str) -> Callable[[BoardFacts, str], BoardFigure]:
    def figure(facts: BoardFacts, _: str) -> BoardFigure:
        rate = facts.after.rates[name]
        return BoardFigure(
            share(rate.part, rate.whole), rate.source, rate.at, BoardWhy(rate.why), beside=rate.whole or None
        )

    return figure


def _stock(name: str) -> Callable[[BoardFacts, str], BoardFigure]:
    def figure(facts: BoardFacts, _: str) -> BoardFigure:
        if not facts.known:
            return BoardFigure(None, "stock", why=BoardWhy("no_orders_told"))
        value = getattr(facts.stock, name)
        return BoardFigure(value, "stock", facts.stock.at, facts.stock.why)

    return figure


def _ltv(facts: BoardFacts, _: str) -> BoardFigure:
    """Revenue of a customer's first twelve months (`books.ltv`), as of the day before."""
    if isinstance(facts.ltv, BoardWhy):
        return BoardFigure(None, "orders", facts.orders_at, facts.ltv)
    return BoardFigure(facts.ltv, "derived", facts.orders_at)


def _cpa(facts: BoardFacts, _: str) -> BoardFigure:
    """Typed cost ÷ first orders."""
    cost = facts.typed.of("cost_fen")
    if cost is None:
        return BoardFigure(None, "typed", why=BoardWhy("not_typed"))
    why = _without_buyers(facts)
    if why is not None:
        return BoardFigure(None, "typed", cost.at, why)
    first = facts.buyers.first
    value = (2 * cost.value + first) // (2 * first) if first else None
    return BoardFigure(value, "typed", cost.at, BoardWhy("none_paid"))


def _recovery(facts: BoardFacts, _: str) -> BoardFigure:
    rate = facts.after.rates["recovered"]
    return BoardFigure(
        share(rate.part, rate.whole),
        rate.source,
        rate.at,
        BoardWhy(rate.why),
        beside=rate.whole or None,
        reference=facts.clocks.recovery_goal_percent / 100,
    )


_FIGURES: Final[Mapping[str, Callable[[BoardFacts, str], BoardFigure]]] = {
    "gmv_fen": _of_orders("gmv_fen"),
    "orders_paid": _of_orders("paid"),
    "orders_placed": _of_orders("placed"),
    "orders_refunded": _of_orders("refunded"),
    "orders_closed": _of_orders("closed"),
    "orders_unpaid": _of_orders("unpaid"),
    "units": _of_orders("units"),
    "aov_fen": _of_paid("aov_fen"),
    "units_per_order": _of_paid("units_per_order"),
    "refund_fen": _refund,
    "buyers": _buyers,
    "new_buyers": _new_buyers,
    "repurchase_rate": _of_buyers("again"),
    "coupon_threshold_fen": _threshold,
    "online": _online,
    "online_peak": _peak,
    "viewers": told,
    "exposure": told,
    "clicks": told,
    "plays": told,
    "stay_seconds": told,
    "followers": told,
    "exposure_to_paid": _rate("orders_paid", "exposure"),
    "conversion": _rate("buyers", "viewers"),
    "entry_rate": _rate("viewers", "exposure"),
    "click_rate": _rate("clicks", "goods_exposure"),
    "order_rate": _rate("orders_placed", "clicks"),
    "return_rate": _rate("returning", "viewers"),
    "group_joined": _grouped,
    "clip_share": _clip_share,
    "clip_roi": _clip_roi,
    "information": _score,
    "emotion": _score,
    "interaction": _score,
    "ltv_fen": _ltv,
    "cpa_fen": _cpa,
    "turnover_days": _stock("turnover_days"),
    "out_of_stock_rate": _stock("out_of_stock_rate"),
    "unsold_rate": _stock("unsold_rate"),
    "returned_rate": _after("returned"),
    "shipped_in_time_rate": _after("shipped_in_time"),
    "good_review_rate": _after("good_reviews"),
    "solved_rate": _after("solved"),
    "recovery_rate": _recovery,
}
