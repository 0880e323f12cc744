"""整点秒杀 in the report: each time of a plan is a promotion of its own; here is what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from liveconsole.views.report.model import PlanSum, Promotion

_SKIPPED = frozenset({"missed", "refused"})


def plans_of(promotions: Sequence[Promotion]) -> list[PlanSum]:
    """Return the plans in the order in which they began."""
    found: dict[str, list[Promotion]] = {}
    for said in promotions:
        if said.plan_id:
            found.setdefault(said.plan_id, []).append(said)
    return [_sum(plan_id, rounds) for plan_id, rounds in found.items()]


def _sum(plan_id: str, rounds: Sequence[Promotion]) -> PlanSum:
    first, last = rounds[0], rounds[-1]
    fired = [said for said in rounds if said.on_air_at is not None]
    return PlanSum(
        plan_id,
        first.kind,
        first.title,
        last.times,
        len(fired),
        sum(said.status in _SKIPPED for said in rounds),
        _known(said.sold for said in fired),
        _known(said.orders for said in fired),
        _known(said.gmv_fen for said in fired),
        _known(said.discount_fen for said in fired),
    )


def _known(figures: Iterable[int | None]) -> int | None:
    """Return the sum; None where one of them is not known, which is not 0."""
    found = list(figures)
    known = [figure for figure in found if figure is not None]
    return sum(known) if known and len(known) == len(found) else None
