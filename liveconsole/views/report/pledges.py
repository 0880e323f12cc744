"""口头承诺 as a CSV for the warehouse. It lies here, as both the desk and ``liveconsole report`` write it."""

from __future__ import annotations

import csv
import io
from datetime import tzinfo
from typing import Final

from liveconsole.views.report.guard import guarded
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords

_CLOCK: Final = "%Y-%m-%d %H:%M:%S"


def pledges_csv(report: Report, w: ReportWords, zone: tzinfo | None) -> bytes:
    """One line a promise, with a byte order mark: a spreadsheet opens it in the right letters.

    ``zone``: of its times; the machine's own without one.
    """
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    if report.simulated:
        write.writerow([w("simulated")])
    write.writerow([w(head) for head in ("at", "product_id", "goods", "pledge", "paid", "noted_by")])
    for pledge in report.pledges:
        write.writerow([
            pledge.at.astimezone(zone).strftime(_CLOCK),
            guarded(pledge.product_id),
            guarded(pledge.product or w("all_products")),
            guarded(pledge.text),
            pledge.orders if pledge.orders is not None else "—" if pledge.product_id else "",
            w.actor(pledge.by),
        ])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")
