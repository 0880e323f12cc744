"""Where a promotion can stand, and the sets of those places that rules and screens ask for. The one home."""

from __future__ import annotations

from typing import Final, Literal

Status = Literal[
    "queued",
    "approved",
    "standby",
    "recallable",
    "firing",
    "unknown",
    "on_air",
    "ended",
    "rejected",
    "refused",
    "missed",
    "recalled",
    "removed",
]

PLANNED: Final[frozenset[str]] = frozenset({"queued", "approved", "standby"})
"""Nobody has fired it yet."""
WAITING: Final[frozenset[str]] = PLANNED | {"recallable"}
"""Nothing has reached the platform yet."""
RUNNING: Final[frozenset[str]] = frozenset({"firing", "unknown", "on_air"})
"""The platform was asked, or said yes."""
TURNED_BACK: Final[frozenset[str]] = frozenset({"rejected", "refused", "missed", "recalled"})
"""It did not start; it may be edited, approved or fired again."""
OVER: Final[frozenset[str]] = TURNED_BACK | {"ended", "removed"}
"""It does not run and does not wait."""

STATUS_WORDS: Final[dict[str, tuple[str, str]]] = {
    "queued": ("待审核", "Awaits approval"),
    "approved": ("已审核", "Approved"),
    "standby": ("定时", "Planned"),
    "recallable": ("可撤回", "Can be recalled"),
    "firing": ("已发出，等平台回话", "Sent, awaiting the platform"),
    "unknown": ("平台没有回话", "No answer from the platform"),
    "on_air": ("进行中", "Running"),
    "ended": ("已结束", "Ended"),
    "rejected": ("已退回", "Sent back"),
    "refused": ("没成功", "Failed"),
    "missed": ("错过了时间", "Missed its time"),
    "recalled": ("已撤回", "Recalled"),
    "removed": ("已移除", "Removed"),
}
"""status → (zh, en), for desk, report and refusals alike."""

VOIDED: Final[frozenset[str]] = frozenset({"secret_lost", "restored"})
"""Reasons of the engine itself for which a draw cannot be held any more; nobody can type them in."""
