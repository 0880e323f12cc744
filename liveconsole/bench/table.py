"""The figures as a table in plain words, and the facts of the machine they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any, Final

from sqlcipher3 import dbapi2

from liveconsole import __version__
from liveconsole.bench.figures import BenchRow, Bound

_HEADS: Final = ("what", "measured", "beside it", "ratio", "must (goal)", "")


def machine() -> dict[str, Any]:
    """What the figures depend on and cannot say themselves."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        cores = os.cpu_count() or 1
    try:
        load = round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # Windows
        load = None
    return {
        "liveconsole": __version__,
        "system": platform.platform(terse=True),
        "machine": platform.machine(),
        "cores": cores,
        "load_before": load,
        "python": platform.python_version(),
        "sqlite": dbapi2.sqlite_version,
    }


def render(facts: dict[str, Any], figures: Sequence[BenchRow]) -> str:
    """The whole table as text."""
    rows: list[tuple[str, ...]] = [_HEADS]
    rows += [
        (
            figure.what,
            said(figure.value, figure.unit),
            f"{figure.beside}: {said(figure.other, figure.unit)}"
            if figure.other is not None
            else figure.beside,
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            ", ".join(_bound(bound, figure.unit) for bound in figure.bounds),
            figure.verdict(),
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [", ".join(f"{name} {value}" for name, value in facts.items() if value is not None), ""]
    block = ""
    for place, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if place and figures[place - 1].row != block:
            block = figures[place - 1].row
            lines.append(f"── {block}")
        lines.append("  ".join(cells).rstrip())
        if place and figures[place - 1].note:
            lines.append(f"    {figures[place - 1].note}")
    return "\n".join(lines) + "\n"


def said(value: float | None, unit: str) -> str:
    """A number as people read it."""
    if value is None:
        return "not measured"
    number = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.2f}"
    if 100 <= abs(value) < 1000 and value != int(value):
        number = f"{value:,.0f}"
    return f"{number} {unit}".rstrip()


def _bound(bound: Bound, unit: str) -> str:
    sign = "≤" if bound.most else "≥"
    words = f"{sign} {said(bound.limit, unit)}" if bound.of == "value" else f"ratio {sign} {bound.limit:g}"
    return f"({words})" if bound.goal else words
