"""What the queue shows of a state, as plain values: which rows, in which order, with which keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from liveconsole.messages.rights import may
from ui import theme
from ui.i18n import t
from ui.keys import Slots
from ui.seat.room import RoomView
from ui.widgets import Cost
from ui.widgets.when import parse
from ui.words import costs as cost_words
from ui.words import cues as words
from ui.words.answers import refusal

Json = Mapping[str, Any]

IN_QUEUE: Final = ("queued", "approved", "standby", "missed", "recalled", "refused", "rejected")
FIREABLE: Final = frozenset({"approved", "standby", "missed", "recalled", "refused"})
"""Approved once: the key fires them (again)."""
RESULTS: Final = 4
"""Lines of what has just ended."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say to firing a cue now."""

    code: str = ""
    params: Json | None = None
    text: str = ""
    lowest_fen: int | None = None
    floor_fen: int | None = None
    exposure_fen: int | None = None
    combination: str = ""
    sku_id: str = ""
    """Whose price the lowest one is."""


@dataclass(frozen=True, slots=True)
class RowFace:
    """Everything a row shows; two equal faces need no repaint."""

    cue_id: str
    kind: str
    status: str
    title: str
    detail: str
    asked: str
    asked_at: datetime | None
    """Since when it waits for an approval."""
    key: str
    fire: str
    """The word on the fire key; ``""`` where this seat has none for it."""
    blocked: str
    """Why it must not fire."""
    approve: bool
    """Whether 审核 is this seat's next step; where it can fire at once it stands in the menu."""
    may_approve: bool
    reject: bool
    edit: bool
    remove: bool
    lowest_fen: int | None
    floor_fen: int | None
    fires_at: datetime | None
    note: str
    """Where it stands when that is worth saying: 已审核, 定时, why it did not go."""
    tone: str
    agrees: bool = False
    """Ctrl+Enter agrees to this one."""
    asked_until: datetime | None = None
    """When the proposal is sent back by itself."""
    most_fen: int | None = None
    cost: Cost | None = None
    combination: str = ""
    """What together makes the lowest price."""
    lowest_of: str = ""
    """Whose price it is, where the promotion is about several goods."""

    @property
    def under_floor(self) -> bool:
        """Whether somebody could buy below the floor."""
        return self.lowest_fen is not None and self.floor_fen is not None and self.lowest_fen < self.floor_fen


@dataclass(frozen=True, slots=True)
class RecallFace:
    """The bar that counts down before something is fired."""

    cue_id: str
    kind: str
    title: str
    detail: str
    fires_at: datetime | None
    key: str
    """``Esc`` on the one that Esc takes back."""
    may: bool


def waiting(room: RoomView) -> list[Json]:
    """Cues that stand in the queue, in its order."""
    return [cue for cue in room.cues.values() if cue["status"] in IN_QUEUE]


def recallable(room: RoomView) -> list[Json]:
    """Cues in their recall window, the one that fires last (the last one pressed) first."""
    found = [cue for cue in room.cues.values() if cue["status"] == "recallable"]
    return sorted(found, key=lambda cue: str(cue.get("fires_at") or ""), reverse=True)


def keyed(room: RoomView) -> list[str]:
    """Cues that may own a number: what can be fired, recalled or stopped; a pin on air is not one."""
    return [
        cue["cue_id"]
        for cue in room.cues.values()
        if cue["status"] in IN_QUEUE
        or cue["status"] == "recallable"
        or (cue["status"] in ("firing", "unknown", "on_air") and cue["kind"] != "pin")
    ]


def confirmable(room: RoomView) -> list[Json]:
    """Cues whose step a person is asked about: owed under manual, or whose platform did not answer."""
    found = []
    for cue in room.cues.values():
        owed = cue.get("owed")
        if owed and (room.platform == "manual" or (cue["status"] == "unknown" and owed["step"] == "on_air")):
            found.append(cue)
    return found


def just_ended(room: RoomView) -> list[Json]:
    """What has ended, newest first; pins are no news."""
    found = [cue for cue in room.cues.values() if cue["status"] == "ended" and not cue.get("owed")]
    news = [cue for cue in found if cue["kind"] != "pin"]
    return sorted(news, key=lambda c: str(c.get("ended_at") or ""), reverse=True)[:RESULTS]


def proposal(room: RoomView, role: str) -> str | None:
    """The cue that Ctrl+Enter agrees to: the first that waits for a yes, somebody else's before its own."""
    if not may(role, "cue.approve"):
        return None
    four_eyes = bool(room.settings.get("four_eyes"))
    asked = [cue for cue in waiting(room) if cue["status"] == "queued"]
    others = [cue for cue in asked if cue.get("proposed_by") != role]
    found = others or ([] if four_eyes else asked)
    return str(found[0]["cue_id"]) if found else None


def faces(room: RoomView, role: str, slots: Slots, judged: Mapping[str, Judged]) -> list[RowFace]:
    """The rows of the queue for a seat of `role`."""
    agreed = proposal(room, role)
    return [
        _face(cue, room, role, slots, judged.get(cue["cue_id"]), agrees=cue["cue_id"] == agreed)
        for cue in waiting(room)
    ]


def recall_faces(room: RoomView, role: str) -> list[RecallFace]:
    """The recall bars, the one that Esc takes back first."""
    return [
        RecallFace(
            cue["cue_id"],
            cue["kind"],
            words.title(cue, room),
            words.detail(cue, room),
            parse(cue.get("fires_at")),
            "Esc" if place == 0 else "",
            may(role, "cue.recall"),
        )
        for place, cue in enumerate(recallable(room))
    ]


def _face(
    cue: Json, room: RoomView, role: str, slots: Slots, judged: Judged | None, *, agrees: bool
) -> RowFace:
    status, number = str(cue["status"]), slots.of(cue["cue_id"])
    # The host's fire approves too, unless four eyes are asked for; nobody else's does (contract).
    four_eyes = bool(room.settings.get("four_eyes"))
    fires = may(role, "cue.fire") and (
        status in FIREABLE or (status == "queued" and role == "host" and not four_eyes)
    )
    own = four_eyes and cue.get("proposed_by") == role
    approves = may(role, "cue.approve") and status in ("queued", "rejected") and not own
    note, tone = _note(cue, role, own)
    found = judged or _as_told(cue)
    return RowFace(
        cue_id=cue["cue_id"],
        kind=cue["kind"],
        status=status,
        title=words.title(cue, room),
        detail=words.detail(cue, room),
        asked=words.asked_by(cue),
        asked_at=parse(cue.get("proposed_at") or cue.get("at")) if status == "queued" else None,
        key=f"Ctrl+{number}" if number is not None and fires else "",
        fire=t(theme.kind_of(cue["kind"]).fire) if fires else "",
        blocked=_blocked(judged, room) if fires else "",
        approve=approves and not fires,
        may_approve=approves,
        reject=may(role, "cue.reject") and status in ("queued", "approved", "standby"),
        edit=may(role, "cue.edit"),
        remove=may(role, "cue.remove"),
        lowest_fen=found.lowest_fen,
        floor_fen=found.floor_fen,
        fires_at=parse(cue.get("fires_at")) if status == "standby" else None,
        note=note,
        tone=tone,
        agrees=agrees,
        asked_until=parse(cue.get("proposal_ends_at")) if status == "queued" else None,
        most_fen=found.exposure_fen,
        cost=cost_words.ahead(cue["kind"], found.exposure_fen, room),
        combination=found.combination,
        lowest_of=cost_words.of_which(cue["kind"], cue["spec"], found.sku_id, room),
    )


def _as_told(cue: Json) -> Judged:
    """What the state itself says, for as long as the rules were not asked."""
    low = cue.get("lowest") or {}
    return Judged(
        lowest_fen=cue.get("lowest_fen"),
        floor_fen=low.get("floor_fen"),
        exposure_fen=(cue.get("discount") or {}).get("most_fen"),
        combination=cost_words.combination(low),
        sku_id=str(low.get("sku_id") or ""),
    )


def _note(cue: Json, role: str, own: bool) -> tuple[str, str]:
    status = cue["status"]
    if status == "queued":
        if own:
            return t("要另一个人审核"), "warn"
        return (t("等审核"), "warn") if not may(role, "cue.approve") else ("", "fg2")
    if status == "approved":
        return t("已审核"), "ok"
    if status == "standby":
        return t("定时"), "accent"
    return words.because(cue), "fg1" if status == "recalled" else "warn"


def _blocked(judged: Judged | None, room: RoomView) -> str:
    if not room.is_open:
        return t("还没有开播")
    if judged is None or not judged.code:
        return ""
    return refusal(judged.code, judged.params, judged.text)
