"""分享券 in a report: who was brought by whom, and which of them bought afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.views.report.ledger import LedgerOrder
from liveconsole.views.report.model import ReportBrought
from liveconsole.views.report.people import NameMask

EVIDENCE_KEPT: Final = 500
"""Pairs that a report names; the log has them all."""


class Shares(Struct, frozen=True):
    """``people`` were brought by ``sharers``; ``buyers`` of them bought, each counted once."""

    sharers: int
    people: int
    buyers: int
    evidence: Sequence[ReportBrought]


class _Came(Struct, frozen=True):
    by: str
    at: datetime
    names: tuple[str, str]


class Brought:
    """Folds ``share.brought`` and whose orders are whose. Whom several brought is the first one's."""

    def __init__(self, shown: NameMask, *, names: bool) -> None:
        self._shown, self._names = shown, names
        self._came: dict[str, dict[str, _Came]] = {}
        self._buyers: dict[str, str] = {}

    def add(self, data: Mapping[str, Any], at: datetime) -> None:
        by, viewer = data["by"], data["viewer"]
        if by["id"] != viewer["id"]:
            names = (self._shown(by), self._shown(viewer)) if self._names else ("", "")
            self._came.setdefault(data["cue_id"], {}).setdefault(viewer["id"], _Came(by["id"], at, names))

    def order(self, data: Mapping[str, Any]) -> None:
        """An order that was placed or granted."""
        if self._came:
            self._buyers.setdefault(data["order_id"], data["buyer"]["id"])

    def of(self, cue_id: str, orders: Sequence[LedgerOrder]) -> Shares | None:
        """Return what came of one; None where no source told of anybody."""
        came = self._came.get(cue_id)
        if not came:
            return None
        bought = {
            viewer
            for order in orders
            if order.takes == "sold"
            and (viewer := self._buyers.get(order.order_id, "")) in came
            and order.at >= came[viewer].at
        }
        evidence = [
            ReportBrought(one.names[0], one.names[1], viewer in bought)
            for viewer, one in list(came.items())[:EVIDENCE_KEPT]
            if self._names
        ]
        return Shares(len({one.by for one in came.values()}), len(came), len(bought), evidence)
