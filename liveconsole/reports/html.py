"""The report as one HTML file, and as the simpler HTML that Qt makes a PDF of. Jinja with autoescape."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jinja2
from msgspec import Struct

from liveconsole.reports import tables
from liveconsole.reports.charts import chart
from liveconsole.reports.pictures import Pictures, data_uris
from liveconsole.reports.tables import RIGHT, ReportTable
from liveconsole.views.kinds import WORDS as KINDS
from liveconsole.views.report.front import front_page, owed_page
from liveconsole.views.report.handover import handover_text
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords
from liveconsole.views.shades import legible

_HERE: Final = Path(__file__).resolve().parent
_PRINT_WIDTH: Final = 1360
"""Wider than on a screen: the chart then has a page to itself, with its marks to be read."""


class PrintedReport(Struct, frozen=True):
    """What a PDF is made of."""

    body: str
    chart: str
    chart_size: tuple[int, int]
    title: str
    mark: str
    """Stands on every page; "" for a real broadcast."""
    pictures: Mapping[str, bytes] = MappingProxyType({})
    """What the body names by its hash."""


def html(
    report: Report, w: ReportWords, zone: tzinfo | None, pictures: Pictures = MappingProxyType({})
) -> bytes:
    """One file with everything in it: no script, nothing loaded from anywhere.

    ``pictures``: of what `shown_in` names.
    """
    svg, _ = chart(report, w, zone)
    return _render("report.html", report, w, zone, chart=svg, pictures=data_uris(pictures)).encode()


def print_form(
    report: Report, w: ReportWords, zone: tzinfo | None, pictures: Pictures = MappingProxyType({})
) -> PrintedReport:
    """For ``ui.program.report_pdf``: the chart stands beside the body, which names it ``chart``."""
    svg, height = chart(report, w, zone, _PRINT_WIDTH)
    title = report.title or w("untitled")
    return PrintedReport(
        body=_render("print.html", report, w, zone, pictures={sha: sha for sha in data_uris(pictures)}),
        chart=svg,
        chart_size=(_PRINT_WIDTH, height),
        title=f"{w('report')} · {title} · {_day(report, zone)}",
        mark=w("simulated") if report.simulated else "",
        pictures=dict(pictures),
    )


def _render(name: str, report: Report, w: ReportWords, zone: tzinfo | None, **more: Any) -> str:
    figures = tables.figures(report, w).rows
    said = [(label, tables.text(value, sort, zone)) for label, value, sort in figures]
    of_kinds = tables.of_kinds(report, w, zone)
    made = {
        table.name: _shown(table, w, zone)
        for table in (
            *of_kinds,
            tables.plans(report, w),
            tables.bags(report, w, zone),
            tables.moments(report, w, zone),
            tables.proposals(report, w),
            tables.products(report, w),
            tables.moods(report, w),
            tables.pledges(report, w),
            tables.warned(report, w),
            tables.questions(report, w),
            tables.clips(report, w),
            tables.differences(report, w),
            tables.timeline(report, w),
        )
    }
    return _templates().get_template(name).render(
        w=w,
        lang="en" if w.english else "zh-CN",
        report=report,
        title=report.title or w("untitled"),
        letter=_letter,
        accent=legible(report.shop.accent, "#FFFFFF") if report.shop.accent else "",
        day=_day(report, zone),
        clock=f"{tables.text(report.start, 'time', zone)}–{tables.text(report.end, 'time', zone)}",
        length=w.length(report.end - report.start),
        front=front_page(report, w, zone),
        colours={code: words.COLOUR for code, words in KINDS.items()},
        figures=said,
        tables=made,
        kinds=[table.name for table in of_kinds],
        notes=tables.notes(report, w, zone),
        owed=owed_page(report, w, zone),
        handover=handover_text(report, w.english, zone),
        **more,
    )  # fmt: skip


def _shown(table: ReportTable, w: ReportWords, zone: tzinfo | None) -> dict[str, Sequence[Any]]:
    """Heads and cells as text, each with its side."""
    return {
        "heads": [(w(column.key), column.sort in RIGHT) for column in table.columns],
        "rows": [
            [
                (tables.text(value, column.sort, zone), column.sort in RIGHT)
                for column, value in zip(table.columns, values, strict=True)
            ]
            for values in table.rows
        ],
    }


def _letter(title: str) -> str:
    """What stands on a tile without a picture."""
    return next((c for c in title if c.isalpha()), "")


def _day(report: Report, zone: tzinfo | None) -> str:
    return report.start.astimezone(zone).strftime("%Y-%m-%d")


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
