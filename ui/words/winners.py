"""The winner moment: the draw whose prizes are not all settled, and what is read out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liveconsole.messages.state import CueState, WinnerState
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of
from ui.kinds.phrases import span
from ui.seat.room import RoomView


@dataclass(frozen=True, slots=True)
class WinnerMoment:
    """A draw whose winners are not all settled."""

    cue_id: str
    prize: str
    entrants: int | None
    code: str
    winners: tuple[WinnerState, ...]
    kind: str = ""
    worth: str = ""
    """What one prize is worth, in words."""
    image: str | None = None
    """The hash of the prize's picture."""
    seconds: int = 600
    """How long a winner may claim."""
    at_platform: bool = False
    may_settle: bool = True

    @property
    def open(self) -> list[WinnerState]:
        """Who waits, in order."""
        return [winner for winner in self.winners if winner.settled is None]

    @property
    def until(self) -> datetime | None:
        """When the next claim ends."""
        return min((w.claim_until for w in self.open if w.claim_until is not None), default=None)

    @property
    def claimed(self) -> int:
        return sum(winner.settled is True for winner in self.winners)

    def settling(self, *, ok: bool) -> dict[str, object] | None:
        """What `bag.settle` is asked for the next who waits; None where nobody does."""
        if not self.open:
            return None
        winner = self.open[0]
        who = {"viewer_id": winner.viewer_id} if winner.viewer_id else {"name": winner.name}
        bag = {"bag": winner.bag} if winner.bag else {}
        return {"cue_id": self.cue_id, "ok": ok, **who, **bag}


def moment_of(room: RoomView) -> WinnerMoment | None:
    """The newest draw of this broadcast in which somebody still has to claim; of an earlier one the 交接单
    has who is owed what."""
    found, opened = [], room.broadcast.opened_at
    for cue in room.cues.values():
        if opened is not None and cue.ended_at is not None and cue.ended_at < opened:
            continue
        standing = tuple(w for w in cue.winners if w.settled is not False)
        at = _drawn_at(cue)
        if at is not None and any(w.settled is None for w in standing):
            found.append((at, _moment(cue, standing, room)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _drawn_at(cue: CueState) -> datetime | None:
    """When it drew last: at its end, or while a series goes on the close of the last bag that is drawn."""
    drawn = (
        [bag.ends_at for bag in cue.series.bags if bag.status == "drawn"] if cue.series is not None else []
    )
    return cue.ended_at or (drawn[-1] if drawn else None)


def _code(cue: CueState, standing: tuple[WinnerState, ...]) -> str:
    """Of the draw whose prize waits next."""
    if cue.series is None:
        return cue.draw.receipt_code if cue.draw is not None else ""
    waits = next((w.bag for w in standing if w.settled is None), 0)
    return next((bag.receipt_code for bag in cue.series.bags if bag.bag == waits), "")


def _entrants(cue: CueState, standing: tuple[WinnerState, ...]) -> int | None:
    """Of whom they were drawn; None where they are of several draws."""
    if cue.series is None:
        return cue.entrants
    bags = {winner.bag for winner in standing}
    return next((bag.entrants for bag in cue.series.bags if bags == {bag.bag}), None)


def _moment(cue: CueState, standing: tuple[WinnerState, ...], room: RoomView) -> WinnerMoment:
    terms, kind = cue.terms, kind_of(cue.kind)
    claim = kind.claim_of(terms)
    product = room.products.get(claim.product_id) if claim is not None else None
    worth = ""
    if product is not None:
        worth = t("日常价 {money}", money=yuan_short(product.price_fen))
    elif claim is not None:
        worth = t("值 {money}", money=yuan_short(claim.value_fen))
    return WinnerMoment(
        cue_id=cue.cue_id,
        prize=kind.prize_of(terms),
        entrants=_entrants(cue, standing),
        code=_code(cue, standing),
        winners=standing,
        kind=cue.kind,
        worth=worth,
        image=product.image if product is not None else None,
        seconds=claim.seconds if claim is not None else 600,
        at_platform=claim is not None and claim.at_platform,
        may_settle=cue.can.settle is True,
    )


def name_of_winner(winner: WinnerState) -> str:
    """As the host calls her; who is known by no name has a word all the same."""
    return clean(winner.name, 40) or t("没有名字的观众")


def to_read(moment: WinnerMoment) -> str:
    """One sentence for the host to read out: what the winners do, and how long they can."""
    count, time = len(moment.winners), span(moment.seconds)
    if moment.at_platform:
        return t("{n} 位点「福袋」填地址，{time}内有效", n=count, time=time)
    return t("{n} 位私信客服报名字领奖，{time}内有效", n=count, time=time)
