"""平台警告 in the report: what was on air, and the steps that were taken about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.views.report.catalogue import one_line

WORDS: Final[dict[str, tuple[str, str]]] = {
    "violations": ("平台警告", "Warnings of the platform"),
    "warned_of": ("平台怎么说的", "What the platform said"),
    "was_on_air": ("当时在播", "On air then"),
    "steps_taken": ("做了什么", "What was done"),
    "appeal_until": ("申诉到", "Appeal until"),
}
ACTIONS: Final[dict[str, tuple[str, str]]] = {
    "review.noted": ("三级审核", "Review"),
    "right.put": ("记授权", "Licence written"),
    "right.removed": ("拿掉授权", "Licence taken off"),
    "violation.noted": ("平台警告", "Warned by the platform"),
    "violation.stepped": ("处理警告", "Step about a warning"),
}
STEPS: Final[dict[str, tuple[str, str]]] = {
    "stopped": ("已停说", "stopped"),
    "kept": ("已留证", "evidence kept"),
    "appealed": ("已申诉", "appealed"),
    "closed": ("已了结", "closed"),
}


class ReportViolation(Struct):
    """``since``: from here to ``at`` the log is marked."""

    violation_id: str
    at: datetime
    since: datetime
    by: str
    text: str
    on_air: list[str]
    on_air_en: list[str]
    appeal_by: datetime | None = None
    steps: list[tuple[str, datetime, str]] = field(default_factory=list)
    """(step, when, what came of it)"""


def violation_of(data: Mapping[str, Any], at: datetime, by: str, product: str) -> ReportViolation:
    """Return the row of ``violation.noted``; ``product``: what was pinned."""
    running = data.get("on_air") or ()
    shown = [product] if product else []
    appeal = data.get("appeal_by")
    return ReportViolation(
        data["violation_id"],
        at,
        datetime.fromisoformat(data["since"]),
        by,
        one_line(data.get("text", "")),
        [*shown, *(one_line(one["title"]) for one in running)],
        [*shown, *(one_line(one["title_en"]) for one in running)],
        datetime.fromisoformat(appeal) if appeal else None,
    )


def steps_words(row: ReportViolation, *, english: bool) -> str:
    """Return the steps in their order, each with what came of it."""
    said = [f"{STEPS.get(name, (name, name))[english]} {text}".strip() for name, _, text in row.steps]
    return (", " if english else "、").join(said)
