"""The report's first page as text: what it came to, what sold, what the promotions did, what went wrong."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from liveconsole.views.money import yuan
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords

BEST: Final = 5
PROMOTIONS: Final = 12
WRONG: Final = 12
"""What of each stands on the page; how many more there are is said."""


def front_parts(report: Report, w: ReportWords, zone: tzinfo | None = None) -> list[tuple[str, list[str]]]:
    """Title and lines of each part; one that is empty says so."""
    return [
        (w("overview"), _totals(report, w)),
        (w("front_best"), _cut(_best(report, w), BEST, w)),
        (w("promotions"), _cut(_promotions(report, w), PROMOTIONS, w)),
        (w("front_wrong"), _cut(_wrong(report, w, zone), WRONG, w)),
    ]


def front_text(report: Report, english: bool = False, zone: tzinfo | None = None) -> str:
    """Plain text with one thing a line."""
    w = ReportWords(english=english)
    lines = [f"{w('report')} · {report.title or w('untitled')}"]
    if report.simulated:
        lines.append(w("simulated"))
    for title, found in front_parts(report, w, zone):
        lines += ["", f"[{title}]" if english else f"【{title}】", *(found or [w("nothing")])]
    return "\n".join(lines) + "\n"


def _totals(report: Report, w: ReportWords) -> list[str]:
    """A figure that nobody told is a dash, never 0."""
    totals = report.totals
    money = {
        "gmv": totals.gmv_fen, "refund": totals.refund_fen, "discount": totals.discount_fen,
    }  # fmt: skip
    counts = {
        "paid": totals.paid, "units": totals.units, "comments": totals.comments,
        "online_peak": totals.online_peak, "followed": totals.followed,
    }  # fmt: skip
    said = [(name, None if fen is None else yuan(fen)) for name, fen in money.items()]
    said += [(name, None if count is None else f"{count:,}") for name, count in counts.items()]
    between = ": " if w.english else "："
    lines = [f"{w(name)}{between}{'—' if value is None else value}" for name, value in said]
    if totals.gmv_fen is None:
        lines.append(w("handover_unknown"))
    return lines


def _best(report: Report, w: ReportWords) -> list[str]:
    sold = sorted((p for p in report.products if p.units), key=lambda p: -(p.gmv_fen or 0))
    return [
        w("front_sold").format(
            title=p.title, units=p.units, gmv="—" if p.gmv_fen is None else yuan(p.gmv_fen)
        )
        for p in sold
    ]


def _promotions(report: Report, w: ReportWords) -> list[str]:
    found = []
    for said in report.promotions:
        if said.fired_at is None:
            continue
        result = [w.result(said)]
        if said.gmv_fen is not None and said.orders:
            result.append(w("front_earned").format(orders=said.orders, gmv=yuan(said.gmv_fen)))
        found.append(f"{said.number} · {w.kind(said.kind)} {said.title} · {' · '.join(result)}")
    return found


def _wrong(report: Report, w: ReportWords, zone: tzinfo | None) -> list[str]:
    """In the order in which it went wrong: differences from the platform, refusals, what was sold twice."""
    found = [(d.at, f"{d.title} · {w.difference(d)}") for d in report.differences]
    found += [
        (at, w("oversold_units").format(title=title, units=units)) for at, title, units in report.oversold
    ]
    return [f"{_clock(at, zone)} {words}" for at, words in sorted(found)]


def _cut(lines: list[str], most: int, w: ReportWords) -> list[str]:
    more = len(lines) - most
    return [*lines[:most], w("front_more").format(n=more)] if more > 0 else lines


def _clock(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).strftime("%H:%M")
