"""The tables of a report, once for every file that shows them: typed values, laid out by the writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.gaps import why_words
from liveconsole.messages.sources import source_words
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import KindWords, Sort
from liveconsole.views.money import yuan
from liveconsole.views.report.model import Action, Promotion, Report, ReportGap
from liveconsole.views.report.violations import steps_words
from liveconsole.views.report.words import ReportWords

_GAPS_SHOWN: Final = 12
RIGHT: Final = frozenset({"pair", "count", "money", "share", "factor", "length", "minutes"})


class Column(Struct, frozen=True):
    key: str
    """Its name in ``ReportWords``."""
    sort: Sort = "text"


class ReportTable(Struct, frozen=True):
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def text(value: Any, sort: Sort, zone: tzinfo | None, *, empty: str = "—") -> str:
    """A value as people read it; None is ``empty``."""
    if value is None or value == "":
        return empty
    if sort == "money":
        return yuan(value)
    if sort == "pair":
        return str(value)
    if sort == "time":
        assert isinstance(value, datetime)
        return value.astimezone(zone).strftime("%H:%M:%S")
    if sort == "share":
        return f"{value:.1%}"
    if sort == "factor":
        return f"{value:.2f}×"
    if sort == "minutes":
        return f"{value:.1f}"
    if sort == "length":
        return ReportWords().length(value)
    return f"{value:,}" if sort == "count" else str(value)


def figures(report: Report, w: ReportWords) -> ReportTable:
    """Everything that is one number."""
    t = report.totals
    rows = [
        ("gmv", t.gmv_fen, "money"), ("paid", t.paid, "count"), ("units", t.units, "count"),
        *([("gift_units", t.gift_units, "count")] if t.gift_units else []),
        *([("units_read", t.units_read, "count")] if t.units_read is not None else []),
        ("placed", t.placed, "count"), ("unpaid", t.unpaid, "count"), ("closed", t.closed, "count"),
        ("refund", t.refund_fen, "money"), ("refund_owed", t.refund_owed_fen, "money"),
        ("discount", t.discount_fen, "money"),
        *([("member_off", t.member_off_fen, "money")] if t.member_off_fen else []),
        *([("budget", t.budget_fen, "money")] if t.budget_fen is not None else []),
        ("comments", t.comments, "count"),
        ("online_peak", t.online_peak, "count"),
        ("online_mean", None if t.online_mean is None else round(t.online_mean), "count"),
        ("entered", t.entered, "count"), ("followed", t.followed, "count"), ("shared", t.shared, "count"),
        ("gifts", t.gifts, "count"), ("gift_value", t.gift_value_fen, "money"),
        ("oversold", t.oversold, "count"), ("unmatched", t.unmatched, "count"),
    ]  # fmt: skip
    return ReportTable("overview", (), [(w(key), value, sort) for key, value, sort in rows])


def of_kinds(report: Report, w: ReportWords, zone: tzinfo | None = None) -> list[ReportTable]:
    """A table of each kind that is listed, named after it."""
    return [_of_kind(report, w, words, zone) for words in WORDS.values() if words.LISTED]


def _of_kind(report: Report, w: ReportWords, words: KindWords, zone: tzinfo | None) -> ReportTable:
    columns = (
        Column("no", "count"), Column("promotion"), Column("what"), Column("planned"),
        Column("start", "time"), Column("length", "length"),
        *(Column(key, sort) for key, sort in words.FIGURES), Column("told"),
        Column("result"), Column("by"),
    )  # fmt: skip
    return ReportTable(words.NAME, columns, [
        (p.number, p.title, w.spec(p), _planned(p, w), p.on_air_at, _length(p, report),
         *words.figures(p), w.told(p, zone), w.result(p), _by(p, w))
        for p in report.promotions if p.kind == words.NAME
    ])  # fmt: skip


def plans(report: Report, w: ReportWords) -> ReportTable:
    """What comes again on a beat: the sum of its times."""
    columns = (
        Column("kind"), Column("promotion"), Column("rounds_fired", "pair"),
        Column("rounds_skipped", "count"), Column("sold", "count"), Column("orders", "count"),
        Column("gmv", "money"), Column("discount", "money"),
    )  # fmt: skip
    return ReportTable("plans", columns, [
        (w.kind(p.kind), p.title, f"{p.fired}/{p.times}", p.skipped, p.sold, p.orders, p.gmv_fen,
         p.discount_fen)
        for p in report.plans
    ])  # fmt: skip


def bags(report: Report, w: ReportWords, zone: tzinfo | None) -> ReportTable:
    """Each bag of the series; with the last of them the receipt of the whole."""
    columns = (
        Column("promotion"), Column("no", "count"), Column("start", "time"), Column("end", "time"),
        Column("entrants", "count"), Column("winners", "count"), Column("receipt"),
    )  # fmt: skip
    return ReportTable("bags", columns, [
        (b.title, b.bag, b.opened_at, b.closed_at, b.entrants, b.winners,
         " · ".join(code for code in (b.receipt_code, b.series_code) if code))
        for b in report.bags
    ])  # fmt: skip


def moments(report: Report, w: ReportWords, zone: tzinfo | None) -> ReportTable:
    """Segments that had to begin at a moment, and whether they did."""
    columns = (Column("title"), Column("planned", "time"), Column("began", "time"), Column("result"))
    return ReportTable("moments", columns, [
        (s.title, s.anchor_at, s.began, _kept(s.late_seconds, w))
        for s in report.segments if s.anchor_at is not None
    ])  # fmt: skip


def proposals(report: Report, w: ReportWords) -> ReportTable:
    return ReportTable("proposals", (Column("what"),), [(w.proposal(each),) for each in report.proposals])


def promotions(report: Report, w: ReportWords, zone: tzinfo | None) -> ReportTable:
    """All kinds in one table, every figure in a column of its own: for a spreadsheet."""
    columns = (
        Column("no", "count"), Column("kind"), Column("promotion"), Column("round"), Column("what"),
        Column("planned", "time"),
        Column("start", "time"), Column("end", "time"), Column("quantity", "count"),
        Column("sold", "count"),
        Column("orders", "count"), Column("gmv", "money"), Column("discount", "money"),
        Column("list_discount", "money"), Column("burst_factor", "factor"), Column("claimed", "count"),
        Column("claim_rate", "share"), Column("used", "count"), Column("use_rate", "share"),
        Column("entrants", "count"), Column("winners_settled", "pair"), Column("new_followers", "count"),
        Column("oversold", "count"), Column("told"), Column("result"), Column("proposed_by"),
        Column("approved_by"), Column("fired_by"), Column("ended_by"), Column("edits", "count"),
    )  # fmt: skip
    return ReportTable("promotions", columns, [
        (p.number, w.kind(p.kind), p.title, _round(p), w.spec(p), p.planned_at, p.on_air_at, p.ended_at,
         p.quantity, p.sold, p.orders, p.gmv_fen, p.discount_fen, p.list_discount_fen, p.burst, p.claimed,
         p.claim_rate, p.used,
         p.use_rate, p.entrants, _settled(p), p.new_followers, p.oversold or None, w.told(p, zone),
         w.result(p),
         *(w.actor(who) if who else "" for who in (p.proposed_by, p.approved_by, p.fired_by, p.ended_by)),
         p.edits)
        for p in report.promotions
    ])  # fmt: skip


def products(report: Report, w: ReportWords) -> ReportTable:
    gifts = any(p.gift_units for p in report.products)
    columns = (
        Column("number", "count"), Column("title"), Column("pins", "count"),
        Column("pinned_minutes", "minutes"), Column("pinned_comments", "count"), Column("units", "count"),
        *([Column("gift_units", "count")] if gifts else []), Column("paid", "count"),
        Column("gmv", "money"), Column("refund", "money"), Column("stock_left", "count"),
    )  # fmt: skip
    return ReportTable("products", columns, [
        (p.number, p.title, p.pins, p.pinned_seconds / 60, p.comments, p.units,
         *([p.gift_units] if gifts else []), p.orders, p.gmv_fen, p.refund_fen, p.stock_left)
        for p in report.products
    ])  # fmt: skip


def questions(report: Report, w: ReportWords) -> ReportTable:
    rows = [(group.en if w.english else group.zh, group.comments) for group in report.questions]
    rows.sort(key=lambda row: -(row[1] or 0))
    return ReportTable(
        "questions",
        (Column("questions"), Column("comments", "count")),
        [(w("asking"), report.asking), *rows],
    )


def clips(report: Report, w: ReportWords) -> ReportTable:
    columns = (
        Column("number", "count"), Column("title"), Column("start", "time"), Column("end", "time"),
        Column("length", "length"), Column("comments", "count"), Column("placed", "count"),
        Column("gmv", "money"),
    )  # fmt: skip
    return ReportTable("clips", columns, [
        (c.number, c.title, c.start, c.end, c.end - c.start, c.comments, c.orders, c.gmv_fen)
        for c in report.clips
    ])  # fmt: skip


def differences(report: Report, w: ReportWords) -> ReportTable:
    columns = (Column("at", "time"), Column("kind"), Column("promotion"), Column("detail"))
    return ReportTable("differences", columns, [
        (d.at, w.kind(d.kind), d.title, w.difference(d)) for d in report.differences
    ])  # fmt: skip


def _who(action: Action, w: ReportWords) -> str:
    """Return who did it, and from which shared seat."""
    who = w.actor(action.actor)
    return f"{who} · {w('seat')} {action.seat}" if action.seat else who


def timeline(report: Report, w: ReportWords) -> ReportTable:
    columns = (Column("at", "time"), Column("actor"), Column("action"), Column("subject"), Column("detail"))
    return ReportTable("timeline", columns, [
        (a.at, _who(a, w), w.action(a), _subject(a, w), w.detail(a)) for a in report.actions
    ])  # fmt: skip


def moods(report: Report, w: ReportWords) -> ReportTable:
    titles = {product.product_id: product.title for product in report.products}
    columns = (
        Column("segment"), Column("said_comments", "count"), Column("good_comments", "count"),
        Column("good_share", "share"),
    )  # fmt: skip
    return ReportTable("moods", columns, [
        (row.title or titles.get(row.product_id or "", ""), row.counted, row.good, row.share)
        for row in report.moods
    ])  # fmt: skip


def pledges(report: Report, w: ReportWords) -> ReportTable:
    columns = (
        Column("at", "time"), Column("goods"), Column("pledge"), Column("paid", "count"), Column("noted_by"),
    )  # fmt: skip
    return ReportTable("pledges", columns, [
        (p.at, p.product or w("all_products"), p.text, p.orders, w.actor(p.by)) for p in report.pledges
    ])  # fmt: skip


def warned(report: Report, w: ReportWords) -> ReportTable:
    columns = (
        Column("at", "time"), Column("warned_of"), Column("was_on_air"), Column("steps_taken"),
        Column("appeal_until", "time"), Column("noted_by"),
    )  # fmt: skip
    return ReportTable("violations", columns, [
        (v.at, v.text, (", " if w.english else "、").join(v.on_air_en if w.english else v.on_air),
         steps_words(v, english=w.english), v.appeal_by, w.actor(v.by))
        for v in report.violations
    ])  # fmt: skip


def orders(report: Report, w: ReportWords) -> ReportTable:
    columns = (
        Column("order_id"), Column("at", "time"), Column("status"), Column("buyer"), Column("goods"),
        Column("quantity", "count"), Column("total", "money"), Column("paid_amount", "money"),
        Column("refunded", "money"), Column("promotion"),
    )  # fmt: skip
    return ReportTable("orders", columns, [
        (o.order_id, o.at, w.order_status(o.status), o.buyer, o.goods, o.units, o.total_fen, o.paid_fen,
         o.refund_fen, o.promotion)
        for o in report.orders
    ])  # fmt: skip


def notes(report: Report, w: ReportWords, zone: tzinfo | None) -> list[str]:
    """What a reader must know about the figures."""
    found = [w("contents_note")]
    if not report.orders_known:
        found.append(w("no_orders_note"))
    if any(p.told == "hand" for p in report.promotions):
        found.append(w("read_note"))
    outside = report.outside
    if outside.comments or outside.orders:
        found.append(
            w("outside_note").format(
                comments=text(outside.comments, "count", zone),
                orders=text(outside.orders, "count", zone),
                gmv=text(outside.gmv_fen, "money", zone),
            )
        )
    if report.skipped:
        found.append(w("skipped_note").format(n=report.skipped))
    found += _gaps(report, w, zone)
    if report.totals.unmatched:
        found.append(
            w("unmatched_note").format(
                n=report.totals.unmatched, gmv=text(report.other_gmv_fen, "money", zone)
            )
        )
    for at, seconds in report.clock_steps:
        found.append(w("clock_note").format(at=text(at, "time", zone), seconds=f"{seconds:+g}"))
    return found


def _gaps(report: Report, w: ReportWords, zone: tzinfo | None) -> list[str]:
    """When no source of comments was there, and the gaps of the others."""
    found = [
        w("silence_note").format(start=text(start, "time", zone), end=text(end, "time", zone))
        for start, end in report.silences
    ]
    others = [gap for gap in report.gaps if not _said(gap, report)]
    for gap in others:
        found.append(
            w("gap_note").format(
                name=source_words(gap.source, english=w.english),
                start=text(gap.start, "time", zone),
                end=text(gap.end or report.end, "time", zone),
                why=why_words(gap.why, english=w.english) or gap.why,
            )
        )
    if len(found) > _GAPS_SHOWN:
        found = [*found[:_GAPS_SHOWN], w("gaps_more_note").format(n=len(found) - _GAPS_SHOWN)]
    return found


def _said(gap: ReportGap, report: Report) -> bool:
    """A silence says it already."""
    end = gap.end or report.end
    return any(start <= gap.start and end <= until for start, until in report.silences)


def _subject(a: Action, w: ReportWords) -> str:
    """With the kind before it, unless the action has said it."""
    said = not a.kind or (a.kind == "pin" and a.type == "cue.firing")
    return a.subject if said else f"{w.kind(a.kind)} · {a.subject}"


def _planned(p: Promotion, w: ReportWords) -> str | None:
    """How far off its plan it began; None for one that a hand started."""
    late = p.late
    if late is None:
        return None
    return f"+{w.length(late)}" if late >= timedelta(0) else f"−{w.length(-late)}"


def _kept(late: int | None, w: ReportWords) -> str:
    if late is None:
        return w("never_shown")
    by = w.length(timedelta(seconds=abs(late)))
    return w("kept") if late == 0 else w("missed_by" if late > 0 else "over_before").format(time=by)


def _round(p: Promotion) -> str:
    """Which time of its plan it is."""
    return f"{p.nth}/{p.times}" if p.times else ""


def _length(p: Promotion, report: Report) -> timedelta | None:
    return None if p.on_air_at is None else (p.ended_at or report.end) - p.on_air_at


def _settled(p: Promotion) -> str | None:
    words = WORDS.get(p.kind)
    if words is None or not words.DRAWS or p.on_air_at is None:
        return None
    return p.settled if p.winners or p.told == "facts" else f"—/{p.quantity}"


def _by(p: Promotion, w: ReportWords) -> str:
    """Who proposed, approved and fired it."""
    return " → ".join(w.actor(who) if who else "—" for who in (p.proposed_by, p.approved_by, p.fired_by))
