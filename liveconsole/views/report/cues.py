"""Promotions and pins of the log: who did what to them and when, and where the platform showed otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.messages.rights import PEOPLE
from liveconsole.messages.specs import SPECS
from liveconsole.messages.statuses import TURNED_BACK
from liveconsole.views.kinds import WORDS
from liveconsole.views.report.bags import BagsSoFar
from liveconsole.views.report.broadcast import BroadcastFold
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line
from liveconsole.views.report.model import Action, Clip, Difference, GivenCoupon, Promotion, ReportWinner
from liveconsole.views.report.people import NameMask
from liveconsole.views.report.shares import Brought

LATE: Final = 5.0
"""Seconds after which a platform's yes is a difference of its own: a host waits no longer for it."""

_WAITING: Final = frozenset({"queued", "approved", "standby", "recallable"})
_FIGURES: Final = ("sold", "left", "claimed", "used", "entrants", "sharers", "brought")
_MOMENTS: Final = frozenset({
    "cue.queued", "cue.edited", "cue.removed", "cue.approved", "cue.rejected", "cue.standby",
    "cue.recallable", "cue.recalled", "cue.missed", "cue.firing", "cue.unknown", "cue.on_air",
    "cue.refused", "cue.ended",
    "cue.end_confirmed", "cue.measured", "cue.drawn", "bag.settled", "bag.winners",
    "bag.name_settled", "bag.source", "place.freed",
    "bag.asked", "bag.opened", "bag.no_more",
})  # fmt: skip
"""What stands on the time line."""


TOGETHER: Final = frozenset({"group.joined", "group.filled", "bargain.helped", "share.brought"})
"""What several people do together."""


class PromotionSoFar(Struct):
    """A promotion while the log goes on; its figures are put in at the end."""

    said: Promotion
    broadcast: int
    winners: dict[str, ReportWinner] = field(default_factory=dict)
    """Viewer → how it stands with the prize; in the drawn order, those who moved up behind."""
    names: dict[str, str] = field(default_factory=dict)
    """Of everybody who was drawn, alternates too."""
    entered: int = 0
    filled: int = 0
    helped: dict[str, set[str]] = field(default_factory=dict)
    """Who was helped → by whom."""
    follows: list[int] = field(default_factory=list)
    """How many follows the evening had at its start, and at its end."""
    unknown: Difference | None = None
    clip: Clip | None = None
    measured_at: datetime | None = None
    by_hand: bool = False
    """A person read it off last, and no source."""
    by_person: bool = False
    bags: BagsSoFar = field(default_factory=BagsSoFar)
    claims_read: bool = False
    """Claims were read off, not told one by one."""
    """A person starts it at the platform: nobody tells who claims it there."""


_Fold = Callable[[PromotionSoFar, Any, Mapping[str, Any], datetime, BroadcastFold], None]
"""(cue, the event's data, the event, when, where)"""


class Cues:
    """Takes ``cue.*``, ``bag.*`` and ``coupon.*``; writes what happened into the evening that it gets."""

    def __init__(self, shop: CatalogueOverTime, shown: NameMask, *, names: bool = False) -> None:
        self._shop, self._shown = shop, shown
        self.all: dict[str, PromotionSoFar] = {}
        self.coupons: dict[str, GivenCoupon] = {}
        self.brought = Brought(shown, names=names)
        self._folds: dict[str, _Fold] = {
            "cue.edited": self._edited, "cue.approved": self._approved, "cue.rejected": self._rejected,
            "cue.removed": self._removed, "cue.standby": self._standby, "cue.missed": self._missed,
            "cue.recallable": self._recallable, "cue.recalled": self._set("recalled"),
            "cue.firing": self._firing, "cue.unknown": self._unknown, "cue.on_air": self._on_air,
            "cue.refused": self._refused, "cue.ended": self._ended, "cue.end_confirmed": self._confirmed,
            "cue.measured": self._measured, "promotion.measured": self._measured,
            "places.taken": self._entered, "place.freed": self._freed,
            "pk.round": self._round, "pk.scored": self._scored,
            "bag.entered": self._entered, "cue.drawn": self._drawn, "bag.settled": self._settled,
            "bag.winners": self._winners, "bag.name_settled": self._name_settled,
        }  # fmt: skip

    def take(self, event: Mapping[str, Any], at: datetime, evening: BroadcastFold) -> None:
        """One event about a cue; of a cue that the log does not know, nothing."""
        kind, data = event["type"], event["data"]
        if kind == "cue.queued":
            self._queued(data, event, at, evening)
        cue = self.all.get(data["cue_id"])
        if cue is None:
            return
        fold = self._folds.get(kind)
        if fold is not None:
            fold(cue, data, event, at, evening)
        if cue.said.spec.get("series"):
            cue.bags.take(kind, data, cue.said.title, at)
        if kind in _MOMENTS:
            self._tell(cue, kind, data, event, at, evening)

    def opened(self, broadcast: int) -> None:
        """What waits in the queue goes along into the next broadcast."""
        for cue in self.all.values():
            if cue.said.status in _WAITING:
                cue.broadcast = broadcast

    def about(self, kind: str, spec: Mapping[str, Any]) -> str:
        """Return a cue's short subject."""
        known = WORDS.get(kind)
        return one_line(known.about(spec, self._shop) if known is not None else spec.get("name"))

    # Coupons ------------------------------------------------------------------------------------------

    def coupon(self, kind: str, data: Mapping[str, Any]) -> None:
        """``coupon.claimed``, ``.used`` and ``.returned``."""
        if kind == "coupon.claimed":
            until = data.get("valid_until")
            self.coupons[data["coupon_id"]] = GivenCoupon(data["cue_id"], _time(until))
        elif data["coupon_id"] in self.coupons:
            self.coupons[data["coupon_id"]].order_id = data["order_id"] if kind == "coupon.used" else None

    # What several people do together -----------------------------------------------------------------

    def together(self, kind: str, data: Mapping[str, Any], at: datetime) -> None:
        """Groups that were full, who helped and who brought whom: while it ran, nobody himself, each once."""
        cue = self.all.get(data["cue_id"])
        if cue is None or cue.said.status not in ("firing", "unknown", "on_air", "ended"):
            return
        if kind == "group.filled":
            cue.filled += 1
        elif kind == "share.brought" and cue.said.status != "ended":
            self.brought.add(data, at)
        elif kind == "bargain.helped" and cue.said.status != "ended":
            helper, whom = data["viewer"]["id"], data["for"]["id"]
            if helper != whom:
                cue.helped.setdefault(whom, set()).add(helper)

    # From the queue to the air ------------------------------------------------------------------------

    def _queued(
        self, data: Mapping[str, Any], event: Mapping[str, Any], at: datetime, evening: BroadcastFold
    ) -> None:
        said = Promotion(data["cue_id"], data["kind"], "", "queued", data["spec"])
        said.proposed_by, said.queued_at, said.planned_at = event["actor"], at, _time(data.get("fires_at"))
        said.title = self.about(said.kind, said.spec)
        said.segment_id = data.get("segment_id", "")
        self._plan(said, data)
        self.all[data["cue_id"]] = PromotionSoFar(said, evening.coming)

    def _edited(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        said = cue.said
        said.spec, said.title = data["spec"], self.about(said.kind, data["spec"])
        said.planned_at, said.status, said.reason = _time(data.get("fires_at")), "queued", ""
        said.edits += 1
        self._plan(said, data)

    def _plan(self, said: Promotion, data: Mapping[str, Any]) -> None:
        repeat = data.get("repeat")
        if repeat is not None:
            said.plan_id = said.plan_id or data.get("plan_id") or said.cue_id
        said.nth = (data.get("nth") or said.nth or 1) if repeat is not None else 0
        said.times = repeat["times"] if repeat is not None else 0

    def _approved(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        if cue.said.status != "standby":  # from there it is a halt that takes the time away
            cue.said.approved_by = self._who(cue.said, event["actor"])
        cue.said.status, cue.said.reason = "approved", ""

    def _who(self, said: Promotion, actor: str) -> str:
        """Of a plan's later times the clock says yes for whoever approved the one before."""
        if actor != "clock" or not said.plan_id:
            return actor
        rounds = (c.said for c in self.all.values() if c.said.plan_id == said.plan_id)
        return next((one.approved_by for one in rounds if one.nth == said.nth - 1), actor)

    def _rejected(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.reason = "rejected", data["reason"]

    def _standby(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.planned_at = "standby", _time(data["fires_at"])

    def _missed(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.reason = "missed", data["reason"]
        evening.differences.append(self._difference(cue, "missed", at, what=data["reason"]))

    def _recallable(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.fired_at, cue.said.fired_by = "recallable", at, event["actor"]

    def _removed(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        """One time of a plan that was skipped leaves the queue by itself: it stays what it was."""
        if not (cue.said.plan_id and cue.said.status in TURNED_BACK):
            cue.said.status = "removed"

    def _set(self, status: str) -> _Fold:
        def fold(cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold) -> None:
            cue.said.status = status

        return fold

    def _firing(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        if cue.said.kind in WORDS:
            cue.by_person = evening.reach.can.does(cue.said.kind) == "person"
            cue.claims_read = not evening.reach.tells_claims(SPECS[cue.said.kind].done_as)
        # What was read before it began is of another round.
        cue.said.measured, cue.measured_at = {}, None
        said = cue.said
        if said.status != "recallable":
            said.fired_by, said.fired_at = event["actor"], at
        said.status, said.asked_at, said.reason = "firing", at, ""
        cue.broadcast = evening.broadcast

    def _unknown(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.unknown_at = "unknown", at
        cue.unknown = self._difference(cue, "unknown", at)
        evening.differences.append(cue.unknown)

    def _resolved(self, cue: PromotionSoFar, what: str, at: datetime) -> bool:
        """Whether it was unknown until now; that difference then says what it came to."""
        if cue.unknown is None:
            return False
        asked = cue.said.asked_at or cue.unknown.at
        cue.unknown.what, cue.unknown.seconds = what, (at - asked).total_seconds()
        cue.unknown = None
        return True

    def _on_air(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        said = cue.said
        said.status, said.on_air_at, said.ends_at = "on_air", at, _time(data.get("ends_at"))
        waited = (at - said.asked_at).total_seconds() if said.asked_at is not None else 0.0
        if not self._resolved(cue, "on_air", at) and waited >= LATE:
            evening.differences.append(self._difference(cue, "late_start", at, seconds=waited))
        if (known := WORDS.get(said.kind)) is not None and known.DRAWS:
            cue.follows = [len(evening.follows)]
        if said.kind == "pin":
            product_id = said.spec["product_id"]
            cue.clip = Clip(
                self._shop.number(product_id), product_id, self._shop.title(product_id), at, at,
                comments=-evening.comments,
            )  # fmt: skip
            evening.clips.append(cue.clip)
            evening.on_screen = cue.clip

    def _refused(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.status, cue.said.reason = "refused", data["reason"]
        if not self._resolved(cue, "refused", at):
            evening.differences.append(self._difference(cue, "refused", at, what=data["reason"]))

    # Off the air --------------------------------------------------------------------------------------

    def _ended(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        said = cue.said
        said.status, said.outcome, said.reason = "ended", data["because"], data["reason"]
        said.ended_at, said.ended_by, said.end_owed = at, event["actor"], bool(data["key"])
        self._resolved(cue, "ended", at)
        if len(cue.follows) == 1:
            cue.follows.append(len(evening.follows))
        if cue.clip is not None:
            evening.cut(cue.clip, at)
            cue.clip = None

    def _confirmed(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        said = cue.said
        said.end_confirmed_at = at
        waited = (at - said.ended_at).total_seconds() if said.ended_at is not None else 0.0
        if said.end_owed and waited >= LATE:
            evening.differences.append(self._difference(cue, "late_end", at, seconds=waited))

    def _measured(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.measured |= {name: data[name] for name in _FIGURES if data.get(name) is not None}
        cue.measured_at, cue.by_hand = at, event["type"] == "cue.measured"
        if data.get("ours") is not None or data.get("theirs") is not None:
            self._scored(cue, data, event, at, evening)
            cue.said.told, cue.said.told_at = "hand", at

    # Lucky bags ---------------------------------------------------------------------------------------

    def _entered(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.entered += len(data["entries"])

    def _freed(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.entered -= 1

    def _round(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        cue.said.rounds = [*(cue.said.rounds or [(None, None)]), (None, None)]

    def _scored(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        if cue.said.on_air_at is None:
            return
        *before, (ours, theirs) = cue.said.rounds or [(None, None)]
        told = data.get("ours"), data.get("theirs")
        now = tuple(new if new is not None else old for new, old in zip(told, (ours, theirs), strict=True))
        cue.said.rounds = [*before, (now[0], now[1])]

    def _drawn(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        until = _time(data.get("claim_until"))
        bag = data.get("bag", 1)
        cue.names |= {p["viewer_id"]: self._shown(p) for p in (*data["winners"], *data["alternates"])}
        for person in data["winners"]:
            name = cue.names[person["viewer_id"]]
            cue.winners[_held(data, person["viewer_id"])] = ReportWinner(name, "waiting", until, bag)

    def _settled(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        winner = cue.winners.get(_held(data, data["viewer_id"]))
        if winner is not None:
            winner.status, winner.until = "settled" if data["ok"] else "passed", None
        up = data.get("next")
        if not data["ok"] and up:
            until, bag = _time(data.get("claim_until")), data.get("bag", 1)
            cue.winners[_held(data, up)] = ReportWinner(cue.names.get(up, ""), "waiting", until, bag)

    def _winners(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        bag = data.get("bag", 1)
        cue.winners = {key: winner for key, winner in cue.winners.items() if winner.bag != bag}
        for place, name in enumerate(data["names"]):
            cue.winners[_held(data, str(place))] = ReportWinner(self._shown.of(name), bag=bag)
        if cue.said.status == "ended":
            cue.said.outcome = "platform"

    def _name_settled(
        self, cue: PromotionSoFar, data: Any, event: Any, at: datetime, evening: BroadcastFold
    ) -> None:
        if (winner := cue.winners.get(_held(data, str(data["place"])))) is not None:
            winner.status = "settled" if data["ok"] else "passed"

    # The time line ------------------------------------------------------------------------------------

    def _tell(
        self,
        cue: PromotionSoFar,
        kind: str,
        data: Any,
        event: Mapping[str, Any],
        at: datetime,
        evening: BroadcastFold,
    ) -> None:
        said, actor = cue.said, event["actor"]
        if not self._matters(said, kind, actor, data, at):
            return
        if said.kind == "pin" and kind == "cue.firing":
            # A key that pins queues, approves and fires in one: one line.
            evening.forget_same_moment(said.cue_id, at)
        evening.actions.append(
            Action(
                event["seq"], at, actor, kind, said.title, self._detail(kind, data), said.cue_id, said.kind
            )
        )

    def _matters(self, said: Promotion, kind: str, actor: str, data: Any, at: datetime) -> bool:
        if kind == "cue.firing" and said.kind != "pin":
            return said.fired_at == at  # else the recall window has told of it
        if kind == "cue.ended":
            return bool(data["reason"] != "replaced")
        # That the platform did what it was asked goes without saying, but for the start of a promotion.
        quiet = kind in ("cue.end_confirmed", "bag.source", "bag.opened") or (
            kind == "cue.on_air" and said.kind == "pin"
        )
        # Where the promotion lives here, the yes is part of what the person did.
        at_once = kind == "cue.on_air" and said.kind == "pin" and said.asked_at == at
        return not at_once and (actor in PEOPLE or not quiet)

    def _detail(self, kind: str, data: Mapping[str, Any]) -> str:
        if kind == "cue.ended":
            return one_line(data["reason"] or data["because"])
        if kind == "bag.settled":
            return f"{self._shown(data) or '—'} {'✓' if data['ok'] else '✗'}"
        if kind == "place.freed":
            return self._shown(data) or "—"
        if kind == "bag.name_settled":
            return "✓" if data["ok"] else "✗"
        if kind in ("bag.asked", "bag.opened"):
            return str(data["bag"])
        if kind == "cue.drawn":
            return "、".join(self._shown(p) or "—" for p in data["winners"][:10])
        if kind == "bag.winners":
            return "、".join(self._shown.of(name) for name in data["names"][:10])
        return one_line(data["source"] if kind == "bag.source" else data.get("reason"))

    def _difference(
        self, cue: PromotionSoFar, code: str, at: datetime, *, seconds: float | None = None, what: str = ""
    ) -> Difference:
        return Difference(at, code, cue.said.title, cue.said.kind, seconds=seconds, what=what)


def _held(data: Mapping[str, Any], who: str) -> str:
    """A prize by its winner or its place among those that were typed in, apart for each bag of a series."""
    return f"{data.get('bag', 1)}/{who}"


def _time(text: str | None) -> datetime | None:
    return None if not text else datetime.fromisoformat(text)
