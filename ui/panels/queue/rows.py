"""What the queue shows of a state, as plain values: which rows, in which order, with which keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liveconsole.messages.rights import may
from liveconsole.messages.state import CueState, May
from liveconsole.messages.statuses import PLANNED, TURNED_BACK
from liveconsole.views.keys import count_began, counted, recalled_in_order
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.keys import slot_key
from ui.kinds import kind_of
from ui.kinds.phrases import said
from ui.seat.room import RoomView
from ui.widgets import Cost
from ui.words import costs as cost_words
from ui.words import cues as words
from ui.words.answers import why_not

IN_QUEUE: Final = PLANNED | TURNED_BACK
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
    proposal: bool = False
    """It waits for this seat's yes or no: the two are its keys."""
    waits: str = ""
    """What it waits for, in a few words, where its key must not be pressed."""
    product: str = ""
    """The title of the product that it is about; empty for the whole shop."""
    image: str | None = None
    """The hash of that product's picture."""
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
    over: str = ""
    """By how much it would break the budget of the broadcast."""
    fix: str = ""
    """The word on the key that makes it fit what is left."""
    round: str = ""
    """Which time of its plan it is."""
    kept: tuple[str, str] = ("", "")
    """For whom it is kept, and with it who checks that; nothing where it is for everybody."""

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
    facts: tuple[tuple[str, str, int], ...]
    """Words, tone, and in which order they give way (`ui.widgets.ShortFact`)."""
    fires_at: datetime | None
    key: str
    """``Esc`` on the one that Esc takes back."""
    may: bool
    heed: str = ""
    """The words of it that were warned of."""
    product: str = ""
    """The title of the product that it is about; empty for the whole shop."""


def waiting(room: RoomView) -> list[CueState]:
    """Cues that stand in the queue, in its order."""
    return [cue for cue in room.cues.values() if cue.status in IN_QUEUE]


def recallable(room: RoomView) -> list[CueState]:
    """Cues in their recall window, the one that was pressed last first."""
    return recalled_in_order(room.cues.values(), room.settings.recall_seconds)


def began(cue: CueState, room: RoomView) -> datetime:
    """When it began to count down."""
    return count_began(cue, room.settings.recall_seconds)


def just_ended(room: RoomView) -> list[CueState]:
    """What has ended, newest first; pins are no news."""
    ended = [cue for cue in room.cues.values() if cue.status == "ended" and cue.owed is None]
    news = [cue for cue in ended if kind_of(cue.kind).LISTED]
    return sorted(news, key=lambda cue: cue.ended_at or cue.at, reverse=True)[:RESULTS]


def proposals(room: RoomView) -> list[str]:
    """The cues that wait for a yes or a no of this seat, the oldest first."""
    return [cue.cue_id for cue in sorted(waiting(room), key=_since) if cue.can.key == "agree"]


def faces(room: RoomView, role: str, judged: Mapping[str, Judged]) -> list[RowFace]:
    """The rows of the queue for a seat of `role`: what is ready for it first, then what it is asked about."""
    made = [_face(cue, room, role, judged.get(cue.cue_id)) for cue in waiting(room)]
    return [face for face in made if not face.proposal] + [face for face in made if face.proposal]


def recall_faces(room: RoomView) -> list[RecallFace]:
    """The recall bars, the one that Esc takes back first."""
    return [
        RecallFace(
            cue.cue_id,
            cue.kind,
            words.title(cue, room),
            _recall_facts(cue, room),
            cue.fires_at,
            "Esc" if place == 0 else "",
            cue.can.recall is True,
            next(iter(words.heeded(cue)), ""),
            _about(cue, room),
        )
        for place, cue in enumerate(recallable(room))
    ]


def _recall_facts(cue: CueState, room: RoomView) -> tuple[tuple[str, str, int], ...]:
    found = _as_told(cue)
    cost = cost_words.ahead(cue.kind, found.exposure_fen, room)
    terms = [(part, "fg1", 3) for part in words.terms(cue)]
    kept = [(said, "fg0", 1) for said in (words.kept_for(cue, short=True),) if said]
    low = [(said, "fg0", 0) for said in (lowest_words(cue.kind, found.lowest_fen, found.floor_fen),) if said]
    most = [(cost.words, "fg1", 1)] if cost is not None else []
    hand = [(t("到 0 时在手机上按"), "warn", 0)] if counted(cue) is not None and _by_hand(cue, room) else []
    over = [(said, "live", 0) for said in (cost_words.beyond_of(cue.cue_id, room),) if said]
    return (*hand, *over, *kept, *terms, *low, *most)


def _by_hand(cue: CueState, room: RoomView) -> bool:
    """Whether a person starts it at the platform: no program is told for whom."""
    does = getattr(room.settings.capabilities, cue.terms.done_as) if cue.terms is not None else ""
    return does == "person" or (does == "program" and bool(cue.checked_by) and not room.simulated)


def lowest_words(kind: str, lowest_fen: int | None, floor_fen: int | None, of: str = "") -> str:
    """The lowest price that somebody can come to, and the floor beside it."""
    if lowest_fen is None:
        return kind_of(kind).unpriced()[0]
    said = t("最低到手 {money}", money=yuan_short(lowest_fen))
    if of:
        said = f"{of} {said}"
    if floor_fen is None:
        return said
    return t("{lowest}，底价 {floor}", lowest=said, floor=yuan_short(floor_fen))


def _about(cue: CueState, room: RoomView) -> str:
    return next((room.title(product) for product in room.products_of(cue)), "")


def _since(cue: CueState) -> datetime:
    return cue.proposed_at or cue.at


def _face(cue: CueState, room: RoomView, role: str, judged: Judged | None) -> RowFace:
    status, can = cue.status, cue.can
    proposed, fires = can.key == "agree", can.key in ("fire", "fix")
    approves = can.key in ("agree", "approve")
    note, tone = _note(cue, role)
    found = judged or _as_told(cue)
    about = next(iter(room.products_of(cue)), "")
    shown = room.products.get(about)
    return RowFace(
        cue_id=cue.cue_id,
        kind=cue.kind,
        status=status,
        title=words.title(cue, room),
        detail=" · ".join(words.terms(cue)),
        kept=(words.kept_for(cue, short=True), words.kept_for(cue)),
        asked=words.asked_by(cue),
        asked_at=(cue.proposed_at or cue.at) if status == "queued" else None,
        key=slot_key(cue.slot) if fires else "",
        fire=said(kind_of(cue.kind).FIRE) if fires else "",
        blocked=why_not(can.fire)
        if fires
        else why_not(can.approve)
        if approves
        else why_not(can.fix.because)
        if can.fix is not None
        else "",
        approve=approves,
        may_approve=status in ("queued", "rejected") and can.approve is True,
        reject=status in PLANNED and can.reject is True,
        edit=may(role, "cue.edit"),
        remove=can.remove is True,
        lowest_fen=found.lowest_fen,
        floor_fen=found.floor_fen,
        fires_at=cue.fires_at if status == "standby" else None,
        note=note,
        tone=tone,
        proposal=proposed,
        waits=_waits(can.fire) if fires else "",
        product=_about(cue, room),
        image=shown.image if shown is not None else None,
        asked_until=cue.proposal_ends_at if status == "queued" else None,
        most_fen=found.exposure_fen,
        cost=cost_words.ahead(cue.kind, found.exposure_fen, room),
        combination=found.combination,
        heed=(*words.unread(cue, room), *words.heeded(cue)),
        lowest_of=cost_words.of_which(cue.kind, cue.terms, found.sku_id, room),
        over=cost_words.beyond_of(cue.cue_id, room),
        fix=_fix(cue),
        round=words.round_of(cue),
    )


def _fix(cue: CueState) -> str:
    """The engine's own way out of a stock that has become too small."""
    fix = cue.can.fix
    return t("改成 {n} 件", n=f"{fix.quantity:,}") if fix is not None else ""


def _waits(may_fire: May) -> str:
    """What it waits for, as short as a key."""
    if may_fire is True:
        return ""
    return {
        "not_open": t("等开播"),
        "overlap": t("等上一个结束"),
        "over_stock": t("库存不够"),
        "below_price_floor": t("低于底价"),
        "off_shelf": t("已下架"),
        "not_shown_yet": t("等先讲别的"),
    }.get(may_fire.code, t("不能发"))


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
