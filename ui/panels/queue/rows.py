"""What the queue shows of a state, as plain values: which rows, in which order, with which keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liveconsole.messages.rights import may
from liveconsole.messages.state import CueState
from liveconsole.messages.statuses import PLANNED, TURNED_BACK
from ui.i18n import t
from ui.kinds import kind_of
from ui.kinds.phrases import said
from ui.seat.room import RoomView
from ui.widgets import Cost
from ui.words import costs as cost_words
from ui.words import cues as words
from ui.words.answers import why_not

IN_QUEUE: Final = PLANNED | TURNED_BACK
_NO_KEY: Final = frozenset({"forbidden", "not_approved", "already_fired"})
"""Refusals that leave this seat no fire key: not its own, not yet, not any more."""
_NOT_OURS: Final = frozenset({"forbidden", "four_eyes"})
"""Refusals of an approval that somebody else may give."""
RESULTS: Final = 4
"""Lines of what has just ended."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a cue's price now, asked apart: the state leaves out those of many goods."""

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
    """Why its key must not be pressed."""
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
    heed: tuple[str, ...] = ()
    """Its words that were warned of, and who used them all the same; the row shows the first line."""
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
    heed: str = ""
    """The words of it that were warned of."""


def waiting(room: RoomView) -> list[CueState]:
    """Cues that stand in the queue, in its order."""
    return [cue for cue in room.cues.values() if cue.status in IN_QUEUE]


def recallable(room: RoomView) -> list[CueState]:
    """Cues in their recall window, the one that fires last (the last one pressed) first."""
    found = [cue for cue in room.cues.values() if cue.status == "recallable"]
    return sorted(found, key=lambda cue: cue.fires_at or cue.at, reverse=True)


def confirmable(room: RoomView) -> list[CueState]:
    """Cues whose step a person is asked about, the oldest first: owed by a person, or whose platform did not
    answer."""
    found = [
        (cue.owed.since, cue)
        for cue in room.cues.values()
        if cue.owed is not None
        and (cue.owed.by == "person" or (cue.status == "unknown" and cue.owed.step == "on_air"))
    ]
    return [cue for _, cue in sorted(found, key=lambda pair: pair[0])]


def just_ended(room: RoomView) -> list[CueState]:
    """What has ended, newest first; pins are no news."""
    ended = [cue for cue in room.cues.values() if cue.status == "ended" and cue.owed is None]
    news = [cue for cue in ended if kind_of(cue.kind).LISTED]
    return sorted(news, key=lambda cue: cue.ended_at or cue.at, reverse=True)[:RESULTS]


def proposal(room: RoomView, role: str) -> str | None:
    """The cue that Ctrl+Enter agrees to: the first that waits for a yes, somebody else's before its own."""
    asked = [cue for cue in waiting(room) if cue.status == "queued" and _ours_to_approve(cue)]
    others = [cue for cue in asked if cue.proposed_by != role]
    return (others or asked)[0].cue_id if asked else None


def faces(room: RoomView, role: str, judged: Mapping[str, Judged]) -> list[RowFace]:
    """The rows of the queue for a seat of `role`."""
    agreed = proposal(room, role)
    return [
        _face(cue, room, role, judged.get(cue.cue_id), agrees=cue.cue_id == agreed) for cue in waiting(room)
    ]


def recall_faces(room: RoomView) -> list[RecallFace]:
    """The recall bars, the one that Esc takes back first."""
    return [
        RecallFace(
            cue.cue_id,
            cue.kind,
            words.title(cue, room),
            words.detail(cue),
            cue.fires_at,
            "Esc" if place == 0 else "",
            cue.can.recall is True,
            next(iter(words.heeded(cue)), ""),
        )
        for place, cue in enumerate(recallable(room))
    ]


def _face(cue: CueState, room: RoomView, role: str, judged: Judged | None, *, agrees: bool) -> RowFace:
    status, can = cue.status, cue.can
    unapproved = status in ("queued", "rejected")
    asks = unapproved and _ours_to_approve(cue)
    fires = can.fire is True or (can.fire.code not in _NO_KEY and (asks or not unapproved))
    # What waits for a yes and could not go anyway is approved first: before the broadcast, say.
    approves = asks and (not fires or (can.fire is not True and can.approve is True))
    fires = fires and not approves
    note, tone = _note(cue, role)
    found = judged or _as_told(cue)
    return RowFace(
        cue_id=cue.cue_id,
        kind=cue.kind,
        status=status,
        title=words.title(cue, room),
        detail=words.detail(cue),
        asked=words.asked_by(cue),
        asked_at=(cue.proposed_at or cue.at) if status == "queued" else None,
        key=f"Ctrl+{cue.slot}" if cue.slot is not None and fires else "",
        fire=said(kind_of(cue.kind).FIRE) if fires else "",
        blocked=why_not(can.fire) if fires else why_not(can.approve) if approves else "",
        approve=approves,
        may_approve=asks and can.approve is True,
        reject=status in PLANNED and can.reject is True,
        edit=may(role, "cue.edit"),
        remove=can.remove is True,
        lowest_fen=found.lowest_fen,
        floor_fen=found.floor_fen,
        fires_at=cue.fires_at if status == "standby" else None,
        note=note,
        tone=tone,
        agrees=agrees,
        asked_until=cue.proposal_ends_at if status == "queued" else None,
        most_fen=found.exposure_fen,
        cost=cost_words.ahead(cue.kind, found.exposure_fen, room),
        combination=found.combination,
        heed=words.heeded(cue),
        lowest_of=cost_words.of_which(cue.kind, cue.terms, found.sku_id, room),
    )


def _ours_to_approve(cue: CueState) -> bool:
    """Whether a yes to it can be this seat's; one that the rules would not take as things stand is."""
    yes = cue.can.approve
    return yes is True or yes.code not in _NOT_OURS


def _as_told(cue: CueState) -> Judged:
    """What the state itself says, for as long as the rules were not asked."""
    low = cue.lowest
    return Judged(
        lowest_fen=cue.lowest_fen,
        floor_fen=low.floor_fen if low is not None else None,
        exposure_fen=cue.discount.most_fen if cue.discount is not None else None,
        combination=cost_words.combination(low),
        sku_id=low.sku_id if low is not None else "",
    )


def _note(cue: CueState, role: str) -> tuple[str, str]:
    if cue.status == "queued":
        yes = cue.can.approve
        if yes is not True and yes.code == "four_eyes":
            return t("要另一个人审核"), "warn"
        return (t("等审核"), "warn") if not may(role, "cue.approve") else ("", "fg2")
    if cue.status == "approved":
        return t("已审核"), "ok"
    if cue.status == "standby":
        return t("定时"), "accent"
    return words.because(cue), "fg1" if cue.status == "recalled" else "warn"
