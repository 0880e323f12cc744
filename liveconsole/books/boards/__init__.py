"""The boards: a broadcast, running or over, or some days, as tiles of three levels
and what stands beside them.

Of a broadcast that runs the same questions are asked of the same read tables, which every commit fills: its
figures are those that it has when it is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from liveconsole.advice.after_order import CLOCKS
from liveconsole.advice.after_order import figures as clock_figures
from liveconsole.advice.seller_files import BadSellerFile, text_of
from liveconsole.books.boards import steps
from liveconsole.books.boards.after import AfterRates, after_of
from liveconsole.books.boards.compared import comparison_of
from liveconsole.books.boards.figures import BadBoardFigures, BoardFigures, load
from liveconsole.books.boards.goods import goods_board, goods_sums, latest_gmv
from liveconsole.books.boards.goods_stock import StockBoard, stock_of
from liveconsole.books.boards.program import goods_of, mix_of, program_of
from liveconsole.books.boards.scope import BoardScope, earlier, scope_of
from liveconsole.books.boards.scores import scores_of
from liveconsole.books.boards.sums import added, buyers_of, by_scene, newest, sums_of
from liveconsole.books.boards.switchbacks import switchbacks_of
from liveconsole.books.boards.tiles import BoardFacts, more_of, tiles_of
from liveconsole.books.boards.told import Typed, audience_of, mean_online, peak_online, refunded
from liveconsole.books.boards.trend import ten_minutes, trend_of
from liveconsole.books.boards.worth import worth_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.messages.boards import BoardPage, BoardWhy, SourceAge
from liveconsole.store.rows import moment

_encode: Final = msgspec.json.Encoder().encode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """``?broadcast=N``, or ``?from=DATE&to=DATE`` (days of China, both inclusive); without a word the newest
    broadcast. → `BoardPage`."""
    return _encode(page_of(reader, scope_of(reader, query)))


def page_of(reader: BookReader, scope: BoardScope) -> BoardPage:
    """Return everything that the boards show of a scope."""
    figures = figures_of(reader)
    goods = goods_of(reader)
    program = program_of(reader, scope, goods)
    stock = stock_of(reader, scope, figures.stock, goods, Typed(reader, scope), program.sales)
    scores = scores_of(reader, scope, goods, program.turns, figures.scores.broadcasts)
    facts = replace(facts_of(reader, scope, figures, stock), scores=scores)
    before = next(iter(earlier(reader, scope, 1)), None)
    last = None if before is None else facts_of(reader, before, figures, stock, steps_only=True)
    scenes_last = by_scene(reader, before) if before is not None and before.known else None
    sums = goods_sums(reader, scope) if facts.known else {}
    latest = latest_gmv(reader, scope) if facts.known else None
    return BoardPage(
        at=moment(scope.now),
        simulated=reader.simulated,
        number=scope.number,
        title=scope.title,
        opened_at=scope.opened_at,
        closed_at=scope.closed_at,
        levels=tiles_of(facts),
        sources=_sources(facts),
        from_day=scope.from_day.isoformat() if scope.from_day else "",
        to_day=scope.to_day.isoformat() if scope.to_day else "",
        trend=trend_of(reader, scope, program, known=facts.known),
        funnel=steps.buying(facts, last),
        following=steps.following(facts, last),
        entrances=steps.entrances(facts, by_scene(reader, scope), scenes_last),
        products=goods_board(sums, latest, goods, program, facts.typed, stock.left, known=facts.known),
        comparison=comparison_of(reader, scope),
        scores=scores,
        mix=mix_of(program, figures.mix),
        switchbacks=switchbacks_of(reader, scope, figures.switchback.enough, known=facts.known),
        purchases=stock.purchases,
        purchases_of=stock.purchases_of,
        more=more_of(facts),
        references=_references(figures),
    )


def facts_of(
    reader: BookReader,
    scope: BoardScope,
    figures: BoardFigures,
    stock: StockBoard,
    *,
    steps_only: bool = False,
) -> BoardFacts:
    """Return what the tiles of a scope are made of; ``steps_only``: no more than the funnels ask for."""
    sums, clocks = sums_of(reader, scope), clocks_of(reader)
    known = scope.known if scope.number is not None else any(sums)
    last = before = refunds = None
    online: tuple[float | None, float | None] = (None, None)
    if (spans := ten_minutes(scope)) is not None and not steps_only:
        first, middle, end = spans
        last, before = sums_of(reader, scope, middle, end), sums_of(reader, scope, first, middle)
        refunds = refunded(reader, scope, first, middle)
        online = mean_online(reader, scope, middle, end), mean_online(reader, scope, first, middle)
    some = [] if steps_only else earlier(reader, scope, figures.threshold.broadcasts - 1)
    return BoardFacts(
        scope=scope,
        figures=figures,
        clocks=clocks,
        ltv=BoardWhy("too_few") if steps_only else worth_of(reader, scope),
        sums=sums,
        known=known,
        orders_at=newest(reader, scope),
        buyers=buyers_of(reader, scope, sums.orders),
        audience=audience_of(reader, scope),
        typed=Typed(reader, scope),
        after=AfterRates({}) if steps_only else after_of(reader, scope, clocks),
        stock=stock.rates,
        last=last,
        before=before,
        refunds=refunds,
        online=online,
        peak=peak_online(reader, scope) if scope.number is not None else None,
        recent=added([sums, *(sums_of(reader, each) for each in some)]),
    )


def figures_of(reader: BookReader) -> BoardFigures:
    """Return the seller's file of this data folder; one that cannot be used is as good as none."""
    try:
        return load(reader.folder)
    except (BadBoardFigures, OSError):
        return load()


def clocks_of(reader: BookReader) -> Figures:
    """Return what the shop goes by after the order; a file that cannot be used is as good as none."""
    try:
        text = text_of(CLOCKS, reader.folder)
    except (BadSellerFile, OSError):
        return Figures()
    try:
        return clock_figures(text)[0]
    except BadSellerFile:
        return Figures()


def _sources(facts: BoardFacts) -> list[SourceAge]:
    audience = facts.audience.measured
    told = [figure.at for name, figure in audience.items() if name not in ("exposures", "clicks")]
    clicks = [audience[name].at for name in ("exposures", "clicks") if name in audience]
    found = [
        ("orders", facts.orders_at),
        ("audience", max(told, default=None)),
        ("clicks", max(clicks, default=None)),
    ]
    found += [(rate.source, rate.at) for rate in facts.after.rates.values()]
    late = {"orders": 0, "audience": 60, "clicks": 120}
    ages: dict[str, SourceAge] = {}
    for name, at in found:
        if at is not None:
            behind = (moment(facts.scope.now) - at).total_seconds()
            is_late = facts.scope.live and 0 < late.get(name, 0) < behind
            ages.setdefault(name, SourceAge(name, at, is_late))
    return list(ages.values())


def _references(figures: BoardFigures) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for part in ("threshold", "lines", "stock"):
        of = getattr(figures, part)
        found |= {f"{part}.{name}": getattr(of, name) for name in of.__struct_fields__}
    return found
