"""The report's first two pages: what it came to, what sold, what the promotions did, what went wrong; then
what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct

from liveconsole.views.money import yuan
from liveconsole.views.report.doubts import doubts_of
from liveconsole.views.report.handover import handover_parts, handover_sums
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords

BEST: Final = 5
PROMOTIONS: Final = 12
WRONG: Final = 12
OWED: Final = 8
"""What of each stands on a page; how many more there are is said."""
_FIGURES: Final = (
    ("gmv", "gmv_fen"), ("paid", "paid"), ("units", "units"), ("discount", "discount_fen"),
    ("refund", "refund_fen"), ("comments", "comments"), ("online_peak", "online_peak"),
    ("followed", "followed"),
)  # fmt: skip
_AS_DOUBTED: Final = {"discount_fen": "given_fen"}


class FrontFigure(Struct, frozen=True):
    """One total. ``value``: 「—」 where nobody told, with 「≥」 where it is in doubt; ``why``: of either."""

    label: str
    value: str
    why: str = ""


class FrontSold(Struct, frozen=True):
    product_id: str
    title: str
    units: str
    gmv: str
    image: str | None = None


class FrontPromotion(Struct, frozen=True):
    number: int
    kind: str
    """Its code."""
    title: str
    result: str
    """What came of it, and what it earned."""


class OwedPart(Struct, frozen=True):
    """One part of the 交接单. ``more``: lines that stand in the whole of it, behind."""

    title: str
    lines: Sequence[str]
    more: int


class OwedPage(Struct, frozen=True):
    """The second page. ``done``: titles of parts in which nothing is left."""

    sums: Sequence[str]
    parts: Sequence[OwedPart]
    done: Sequence[str]

    @property
    def cut(self) -> bool:
        """Whether some of it stands behind only."""
        return any(part.more for part in self.parts)


class FrontPage(Struct, frozen=True):
    """Everything on it. ``more_…``: how many of that kind stand in the tables behind."""

    figures: Sequence[FrontFigure]
    best: Sequence[FrontSold]
    promotions: Sequence[FrontPromotion]
    wrong: Sequence[str]
    more_best: int
    more_promotions: int
    more_wrong: int


def front_page(report: Report, w: ReportWords, zone: tzinfo | None = None) -> FrontPage:
    """Return what stands on it. ``zone``: of its times; the machine's own without one."""
    best, promotions, wrong = _best(report), _promotions(report, w), _wrong(report, w, zone)
    return FrontPage(
        _figures(report, w),
        best[:BEST],
        promotions[:PROMOTIONS],
        wrong[:WRONG],
        max(0, len(best) - BEST),
        max(0, len(promotions) - PROMOTIONS),
        max(0, len(wrong) - WRONG),
    )


def owed_page(report: Report, w: ReportWords, zone: tzinfo | None = None) -> OwedPage:
    """Return what stands on the second page."""
    parts = handover_parts(report.handover, w, zone)
    return OwedPage(
        handover_sums(report, w, zone),
        [OwedPart(title, lines[:OWED], max(0, len(lines) - OWED)) for title, lines in parts if lines],
        [title for title, lines in parts if not lines],
    )


def front_text(report: Report, english: bool = False, zone: tzinfo | None = None) -> str:
    """Return the same as plain text with one thing a line."""
    w = ReportWords(english=english)
    page = front_page(report, w, zone)
    lines = [f"{w('report')} · {report.title or w('untitled')}"]
    if report.simulated:
        lines.append(w("simulated"))
    for title, found, more in _parts(page, w):
        lines += ["", f"[{title}]" if english else f"【{title}】", *(found or [w("nothing")])]
        if more:
            lines.append(w("front_more").format(n=more))
    return "\n".join(lines) + "\n"


def _parts(page: FrontPage, w: ReportWords) -> list[tuple[str, list[str], int]]:
    between = ": " if w.english else "："
    figures = [f"{f.label}{between}{w.with_(f.value, f.why) if f.why else f.value}" for f in page.figures]
    best = [w("front_sold").format(title=s.title, units=s.units, gmv=s.gmv) for s in page.best]
    promotions = [f"{p.number} · {w.kind(p.kind)} {p.title} · {p.result}" for p in page.promotions]
    return [
        (w("overview"), figures, 0),
        (w("front_best"), best, page.more_best),
        (w("promotions"), promotions, page.more_promotions),
        (w("front_wrong"), list(page.wrong), page.more_wrong),
    ]


def _figures(report: Report, w: ReportWords) -> list[FrontFigure]:
    """A figure that nobody told is a dash, never 0; one in doubt is at least so much."""
    doubts = {doubt.figure: doubt.code for doubt in doubts_of(report)}
    found = []
    for key, name in _FIGURES:
        value: int | None = getattr(report.totals, name)
        code = doubts.get(_AS_DOUBTED.get(name, name), "")
        if value is None:
            found.append(FrontFigure(w(key), "—", w(f"doubt_{code}" if code else "front_untold")))
            continue
        words = yuan(value) if name.endswith("_fen") else f"{value:,}"
        found.append(FrontFigure(w(key), f"≥ {words}" if code else words, w(f"doubt_{code}") if code else ""))
    return found


def _best(report: Report) -> list[FrontSold]:
    sold = sorted((p for p in report.products if p.units), key=lambda p: -(p.gmv_fen or 0))
    return [
        FrontSold(
            p.product_id, p.title, f"{p.units:,}", "—" if p.gmv_fen is None else yuan(p.gmv_fen), p.image
        )
        for p in sold
    ]


def _promotions(report: Report, w: ReportWords) -> list[FrontPromotion]:
    found = []
    for said in report.promotions:
        if said.fired_at is None:
            continue
        result = [w.result(said)]
        if said.gmv_fen is not None and said.orders:
            result.append(w("front_earned").format(orders=said.orders, gmv=yuan(said.gmv_fen)))
        found.append(FrontPromotion(said.number, said.kind, said.title, " · ".join(result)))
    return found


def _wrong(report: Report, w: ReportWords, zone: tzinfo | None) -> list[str]:
    """In the order in which it went wrong: differences from the platform, refusals, what was sold twice."""
    found = [(d.at, f"{d.title} · {w.difference(d)}") for d in report.differences]
    found += [
        (at, w("oversold_units").format(title=title, units=units)) for at, title, units in report.oversold
    ]
    return [f"{_clock(at, zone)} {words}" for at, words in sorted(found)]


def _clock(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).strftime("%H:%M")
