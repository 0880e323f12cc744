"""From being seen to being paid for, from watching to buying again, and by which entrance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liveconsole.books.boards.sums import OrderSums, added
from liveconsole.books.boards.tiles import BoardFacts, BoardFigure, share, whole_of
from liveconsole.messages.boards import BoardWhy, Entrance, EntranceBoard, Funnel, FunnelStep, Unit

SCENES_MOST: Final = 12
OTHER: Final = "other"
_BUYING: Sequence[tuple[str, Unit]] = (
    ("exposure", "people"),
    ("entered", "people"),
    ("clicked", "count"),
    ("placed", "orders"),
    ("paid", "orders"),
)
_FOLLOWING: Sequence[tuple[str, Unit]] = (
    ("watched", "people"),
    ("followed", "people"),
    ("grouped", "people"),
    ("repeated", "people"),
)
_TILES: Mapping[str, str] = {
    "exposure": "exposure",
    "entered": "viewers",
    "clicked": "clicks",
    "placed": "orders_placed",
    "paid": "orders_paid",
    "watched": "viewers",
    "followed": "followers",
    "grouped": "group_joined",
}


def buying(facts: BoardFacts, last: BoardFacts | None) -> Funnel:
    """Exposure, entered, clicked, placed, paid; beside each rate that of the last broadcast."""
    return _funnel(_BUYING, facts, last)


def following(facts: BoardFacts, last: BoardFacts | None) -> Funnel:
    """Watched, followed, joined a group, bought again."""
    return _funnel(_FOLLOWING, facts, last)


def _funnel(names: Sequence[tuple[str, Unit]], facts: BoardFacts, last: BoardFacts | None) -> Funnel:
    now = [_step(facts, name) for name, _ in names]
    then = [None if last is None else _step(last, name).value for name, _ in names]
    steps = []
    for n, ((name, unit), figure) in enumerate(zip(names, now, strict=True)):
        rate = rate_last = why = None
        if n:
            rate, rate_last = _part(figure.value, now[n - 1].value), _part(then[n], then[n - 1])
            if rate is None and figure.value is not None and now[n - 1].value:
                why = BoardWhy("more_than_before")
            elif rate is None:
                why = figure.why if figure.value is None else now[n - 1].why and BoardWhy("before_missing")
        value = None if figure.value is None else int(figure.value)
        steps.append(
            FunnelStep(name, unit, value, rate, rate_last, figure.why if value is None else None, why)
        )
    fell = [
        (step.rate - step.rate_last, step.name)
        for step in steps
        if step.rate is not None and step.rate_last is not None and step.rate < step.rate_last
    ]
    by, worst = min(fell, default=(None, ""))
    return Funnel(steps, worst, None if by is None else -by)


def _part(value: float | None, whole: float | None) -> float | None:
    """The share, where it can be one: clicks are counted each time, people once."""
    rate = share(value, whole)
    return rate if rate is None or rate <= 1 else None


def _step(facts: BoardFacts, name: str) -> BoardFigure:
    if name != "repeated":
        return whole_of(facts, _TILES[name])
    buyers = whole_of(facts, "buyers")
    if buyers.value is None:
        return buyers
    return BoardFigure(facts.buyers.again, "orders", facts.orders_at)


def entrances(
    facts: BoardFacts, scenes: Mapping[str, OrderSums], last: Mapping[str, OrderSums] | None
) -> EntranceBoard:
    """Paid orders by scene; their sums are the whole's."""
    if not facts.known:
        return EntranceBoard([], None, why=BoardWhy("no_orders_told"))
    listed = sorted(scenes.items(), key=_most_first)
    if len(listed) > SCENES_MOST:  # a scene is what its source sent: there may be any number of them
        named = [row for row in listed if row[0] != OTHER][: SCENES_MOST - 1]
        rest = [sums for scene, sums in listed if (scene, sums) not in named]
        listed = sorted([*named, (OTHER, added(rest))], key=_most_first)
    paid = facts.sums.paid
    paid_last = sum(sums.paid for sums in last.values()) if last is not None else 0
    found = [
        Entrance(
            scene,
            sums.paid,
            sums.gmv_fen,
            share(sums.paid, paid),
            share(last[scene].paid if scene in last else 0, paid_last) if last is not None else None,
        )
        for scene, sums in listed
    ]
    return EntranceBoard(found, paid, at=facts.orders_at)


def _most_first(row: tuple[str, OrderSums]) -> tuple[int, int, str]:
    scene, sums = row
    return -sums.paid, -sums.gmv_fen, scene
