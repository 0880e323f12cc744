"""The list of what waits: groups with their counts, and one page of a group, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from liveconsole.advice.after_order import AfterOrder, CaseKindCard
from liveconsole.books.cases.files import case_files
from liveconsole.books.cases.steps import CaseProgress, next_step, progress
from liveconsole.books.cases.told import Case, Cases, waiting
from liveconsole.books.reading import BadQuery, BookReader, limit_in
from liveconsole.domain.aftersale import ClockWatch, Figures, WatchedClock, is_urgent, watch
from liveconsole.domain.china import begin_of, day_of
from liveconsole.messages.cases import GROUPS, BothWords, CaseGroup, CasePage, CaseRow, GroupCount
from liveconsole.store.rows import micros, moment
from liveconsole.store.tables import FIRST_RARE_TYPE
from liveconsole.views.masks import mask_name

_USUAL: Final = 100
_TEXT_LONG: Final = 40
_NEVER: Final = 1 << 62
_USUAL_KIND: Final = "refund"
"""Whose card serves an after-sale of a kind that no card is of."""

_TODAY: Final = (
    "SELECT (SELECT count(*) FROM (SELECT DISTINCT case_id FROM case_step INDEXED BY case_step_at"
    " WHERE at >= :since AND done = 1) AS steps)"
    " + (SELECT count(*) FROM aftersale WHERE closed_at >= :since),"
    " (SELECT count(*) FROM aftersale WHERE closed_at >= :since AND status = 'refunded'),"
    " (SELECT sum(amount_fen) FROM aftersale WHERE closed_at >= :since AND status = 'refunded')"
)
_FIRST_ANSWERS: Final = (
    "SELECT avg(answered - asked_at) FROM (SELECT a.asked_at, min(coalesce(a.answered_at, :behind), coalesce("
    "(SELECT min(k.settled_at) FROM shop_ask k WHERE k.order_id = a.order_id"
    " AND k.aftersale_id = a.aftersale_id AND k.status = 'done'), :behind)) AS answered"
    " FROM aftersale a WHERE a.asked_at >= :since) AS first WHERE answered < :behind"
)
_TOLD: Final = (
    "SELECT t.name, (SELECT e.at FROM event e INDEXED BY event_rare WHERE e.type_id = t.id"
    f" AND e.type_id >= {FIRST_RARE_TYPE} ORDER BY e.seq DESC LIMIT 1) FROM type t"
    " WHERE t.name IN ('order.placed', 'order.shipment', 'aftersale.updated', 'review.posted')"
)
_NAMES: Final = {
    "order.placed": "order",
    "order.shipment": "shipment",
    "aftersale.updated": "aftersale",
    "review.posted": "review",
}


def page_of(reader: BookReader, query: Mapping[str, str]) -> CasePage:
    """Return one page.

    Raises:
        BadQuery: ``group`` or ``after`` is none, or ``text`` too long.
        TookTooLong: it could not be read in time.
    """
    group = query.get("group", "") or "urgent"
    text = query.get("text", "").strip().lower()
    if group not in GROUPS:
        raise BadQuery("group")
    if len(text) > _TEXT_LONG:
        raise BadQuery("text")
    after = _cursor(query.get("after", ""))
    limit = limit_in(query) if query.get("limit") else _USUAL
    now, said = reader.now(), case_files(reader.folder).said
    found = waiting(reader, said.figures, now)
    chosen = [case for case in found.cases if _is_in(case, cast(CaseGroup, group), now, said.figures)]
    chosen = sorted((case for case in chosen if not text or _says(case, text)), key=_place)
    rest = [case for case in chosen if after is None or _place(case) > after]
    shown = rest[:limit]
    told = _told(reader)
    handled, refunds, refunded_fen = reader.rows(_TODAY, {"since": micros(begin_of(day_of(now)))})[0]
    return CasePage(
        now,
        _counts(found, now, said.figures),
        rows_of(reader, shown, said),
        _written(shown[-1]) if len(rest) > limit else "",
        (refunded_fen or 0) if "aftersale" in told else None,
        refunds if "aftersale" in told else None,
        handled,
        _first_answers(reader, now),
        told,
    )


def rows_of(reader: BookReader, cases: Sequence[Case], said: AfterOrder) -> list[CaseRow]:
    """Return cases as the list shows them."""
    found = progress(reader, cases)
    return [row_of(case, card_for(case, said), found) for case in cases]


def card_for(case: Case, said: AfterOrder) -> CaseKindCard | None:
    """Return the card of a case; an after-sale of a kind that nobody knows has that of a refund."""
    card = said.cards.get(case.kind)
    return card if card is not None or not case.aftersale_id else said.cards.get(_USUAL_KIND)


def row_of(case: Case, card: CaseKindCard | None, found: CaseProgress) -> CaseRow:
    """Return one case as the list shows it."""
    step, asks, order = next_step(card, case, found), found.asked(case), case.order
    return CaseRow(
        case.case_id,
        case.group,
        case.kind,
        order.order_id,
        case.clock,
        case.aftersale_id,
        case.status,
        case.reason,
        order.product_id,
        order.sku_id,
        order.title,
        order.sku,
        order.units,
        order.image,
        mask_name(order.buyer) if order.buyer else "",
        order.province,
        order.paid_fen,
        case.amount_fen,
        case.stars,
        step.id if step is not None else "",
        BothWords(step.zh, step.en) if step is not None else None,
        asks[-1].status if asks else None,
        due_fen=order.due_fen,
    )


def watch_of(reader: BookReader) -> ClockWatch:
    """Return the clocks of everything that waits, to be looked at until they are read anew."""
    figures = case_files(reader.folder).said.figures
    found = waiting(reader, figures, reader.now())
    return watch(
        WatchedClock.of(case.case_id, case.clock, figures) for case in found.cases if case.clock is not None
    )


def _is_in(case: Case, group: CaseGroup, now: datetime, figures: Figures) -> bool:
    return is_urgent(case.clock, now, figures) if group == "urgent" else case.group == group


def _says(case: Case, text: str) -> bool:
    """Whether a text stands in the end of its number, in its goods, its buyer's masked name or its words."""
    order = case.order
    buyer = mask_name(order.buyer) if order.buyer else ""
    said = (order.title, order.sku, buyer, case.reason, order.province)
    return order.order_id.lower().endswith(text) or any(text in one.lower() for one in said)


def _counts(found: Cases, now: datetime, figures: Figures) -> list[GroupCount]:
    """Each group's cases and the first end among them, in one pass."""
    counts: Counter[CaseGroup] = Counter()
    soonest: dict[CaseGroup, datetime] = {}
    urgent_until = now + timedelta(hours=figures.urgent_hours)
    for case in found.cases:
        counts[case.group] += 1
        if not case.clocks:
            continue
        due = case.clocks[0].due_at
        groups: tuple[CaseGroup, ...] = (case.group,)
        if due <= urgent_until:
            counts["urgent"] += 1
            groups = (case.group, "urgent")
        for group in groups:
            if group not in soonest or due < soonest[group]:
                soonest[group] = due
    cut = found.cut | ({"urgent"} if found.cut else set())
    return [
        GroupCount(group, counts[group], soonest.get(group), group in cut)
        for group in cast(tuple[CaseGroup, ...], GROUPS)
    ]


def _place(case: Case) -> tuple[int, str]:
    """Where it stands in the list: by the end of its clock, those without one last."""
    return (micros(case.clock.due_at) if case.clock is not None else _NEVER, case.case_id)


def _written(case: Case) -> str:
    due, case_id = _place(case)
    return f"{due}:{case_id}"


def _cursor(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    due, colon, case_id = text.partition(":")
    if not colon or not due.removeprefix("-").isdecimal() or not due.isascii() or len(due) > 20:
        raise BadQuery("after")
    return int(due), case_id


def _first_answers(reader: BookReader, now: datetime) -> int | None:
    mean = reader.rows(_FIRST_ANSWERS, {"since": micros(begin_of(day_of(now))), "behind": _NEVER})[0][0]
    return None if mean is None else max(0, round(mean / 1_000_000))


def _told(reader: BookReader) -> dict[str, datetime]:
    return {_NAMES[name]: moment(at) for name, at in reader.rows(_TOLD) if at is not None}
