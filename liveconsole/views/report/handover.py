"""交接单 as one text that can be copied: what is left to do, in the order in which it costs money."""

from __future__ import annotations

from datetime import datetime, tzinfo

from liveconsole.views.money import yuan
from liveconsole.views.report.model import Handover, Report
from liveconsole.views.report.words import ReportWords


def handover_text(report: Report, english: bool = False, zone: tzinfo | None = None) -> str:
    """Plain text with one thing a line. ``zone``: of its times; the machine's own without one."""
    w = ReportWords(english=english)
    lines = [f"{w('handover')} · {report.title or w('untitled')}"]
    if report.simulated:
        lines.append(w("simulated"))
    lines.append(f"{_day(report.start, zone)} {_clock(report.start, zone)}–{_clock(report.end, zone)}")
    lines += handover_sums(report, w, zone)
    for title, items in handover_parts(report.handover, w, zone):
        lines += ["", f"【{title}】" if not english else f"[{title}]"]
        lines += [f"□ {item}" for item in items] or [w("nothing")]
    return "\n".join(lines) + "\n"


def handover_sums(report: Report, w: ReportWords, zone: tzinfo | None) -> list[str]:
    """Return what it came to; where no source told of orders, what was read off the platform."""
    totals = report.totals
    if totals.gmv_fen is not None:
        return [w("handover_sum").format(paid=totals.paid, gmv=yuan(totals.gmv_fen), units=totals.units)]
    found = [w("handover_unknown")]
    if totals.units_read is not None:
        at = max((p.told_at for p in report.promotions if p.told_at is not None), default=report.end)
        found.append(w("handover_read").format(units=totals.units_read, at=_clock(at, zone)))
    return found


def handover_parts(todo: Handover, w: ReportWords, zone: tzinfo | None) -> list[tuple[str, list[str]]]:
    """Return title and lines of each part, in the order in which it costs money; a part without lines is
    done."""
    prices = [
        w("restore").format(title=p.title, price="?" if p.regular_fen is None else yuan(p.regular_fen))
        for p in todo.prices
    ]
    coupons = []
    for c in todo.coupons:
        said = [w("coupon_on_air")] if c.on_air else []
        until = w("no_end") if c.valid_until is None else _moment(c.valid_until, zone)
        if c.unused is None:
            said.append(w("coupon_untold").format(until=until))
        elif c.unused:
            said.append(w("coupon_unused").format(count=c.unused, until=until))
        coupons.append(f"{c.title}: {w.and_(said)}" if w.english else f"{c.title}：{w.and_(said)}")
    winners = []
    for contact in todo.winners:
        state = w("winner_settled") if contact.settled else w("winner_waiting")
        if contact.until is not None:
            state += w("winner_until").format(at=_clock(contact.until, zone))
        winners.append(f"{contact.name or w('forgotten')} · {contact.prize} · {state}")
    pledges = []
    for pledge in todo.pledges:
        about = [_clock(pledge.at, zone), pledge.product, pledge.text]
        spoken = " · ".join(part for part in about if part)
        who = w("written_by").format(who=w.actor(pledge.by))
        count = "" if pledge.orders is None else w("pledge_orders").format(count=pledge.orders)
        pledges.append(w.with_(spoken, w.and_([part for part in (count, who) if part])))
    unpaid = []
    if todo.unpaid:
        sum_fen = sum(row.total_fen for row in todo.unpaid)
        unpaid.append(w("unpaid_sum").format(count=len(todo.unpaid), sum=yuan(sum_fen)))
        unpaid += [f"{row.order_id} · {row.goods} · {yuan(row.total_fen)}" for row in todo.unpaid]
    refunds = [f"{refund.order_id} · {yuan(refund.fen)}" for refund in todo.refunds]
    oversold = [w("oversold_units").format(title=title, units=units) for title, units in todo.oversold]
    return [
        (w("todo_prices"), prices),
        (w("todo_ends"), todo.ends),
        (w("todo_coupons"), coupons),
        (w("todo_oversold"), oversold),
        (w("todo_refunds"), refunds),
        (w("todo_winners"), winners),
        (w("todo_pledges"), pledges),
        (w("todo_unpaid"), unpaid),
    ]


def _clock(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def _moment(at: datetime, zone: tzinfo | None) -> str:
    return f"{_day(at, zone)} {_clock(at, zone)}"


def _day(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d")
