"""The fold: lines of the log as the door gives them, one broadcast as a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from liveconsole.domain.untold import ASKED, quantities
from liveconsole.messages.envelope import DOUBLE, late_of
from liveconsole.messages.order_books import OF_THE_BOOKS
from liveconsole.messages.rights import PEOPLE
from liveconsole.messages.shop import ShopFace
from liveconsole.views.questions import Questions, built_in
from liveconsole.views.report.assemble import assemble
from liveconsole.views.report.broadcast import BroadcastFold
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line
from liveconsole.views.report.cues import TOGETHER, Cues
from liveconsole.views.report.good_comments import Moods
from liveconsole.views.report.ledger import OrderLedger
from liveconsole.views.report.model import Action, Report, ReportPledge
from liveconsole.views.report.people import NameMask
from liveconsole.views.report.reach import Reach
from liveconsole.views.report.rundown import RundownOverTime
from liveconsole.views.report.violations import violation_of

_AUDIENCE: Final = frozenset({
    "room.measured", "viewer.followed", "viewer.entered", "viewer.shared", "viewer.liked", "gift.sent",
})  # fmt: skip
_COUPON: Final = frozenset({"coupon.claimed", "coupon.used", "coupon.returned"})
_OF_CUES: Final = ("cue.", "bag.", "places.", "place.", "pk.")
"""How the events of a promotion begin."""
_SILENT: Final = OF_THE_BOOKS | {"effect.sent", "order.settled"}


class NoBroadcast(Exception):
    """The log has no broadcast of that number, or nothing at all; the text says which there are."""


class ReportFold:
    """Takes the log from its beginning, in order and in as many pieces as it comes in.

    The whole log is read for any broadcast: prices, carts and queues go on from one to the next, and what an
    order came to is often told after the close.

    Args:
        broadcast: its number from 1; None is the last one.
        names: show people's names whole. Ids never.
        simulated: the room is a rehearsal; a log that says so itself is believed too.
        questions: the groups that comments are counted in; the program's own without them.
    """

    def __init__(
        self,
        broadcast: int | None = None,
        *,
        names: bool = False,
        simulated: bool = False,
        questions: Questions | None = None,
    ) -> None:
        self._wanted = broadcast
        self._names, self._simulated = names, simulated
        self._shop = CatalogueOverTime()
        self._ledger = OrderLedger(self._shop)
        self._shown = NameMask(names=names)
        self._rundown = RundownOverTime()
        self._cues = Cues(self._shop, self._shown, names=names)
        self._questions = questions if questions is not None else built_in()
        self._evening = self._kept = BroadcastFold(1, self._questions)
        self._free: dict[str, int] | None = None
        """SKU → what was free when the wanted broadcast gave way to the next."""
        self._title = ""
        self._face: dict[str, Any] = {}
        self._stamp, self._at = "", datetime.min.replace(tzinfo=UTC)

    def add(self, events: Iterable[Mapping[str, Any]]) -> ReportFold:
        """Further lines of the log; returns itself."""
        for event in events:
            kind = event["type"]
            if kind == "stream.skipped":
                self._evening.skipped += sum(event.get("data", event)["counts"].values())
                continue
            stamp = event["at"]
            if stamp != self._stamp:
                self._stamp, self._at = stamp, datetime.fromisoformat(stamp)
            if kind == "broadcast.opened":
                self._open(event)
            self._evening.passed(event["seq"], self._at)
            if kind == "comment.posted":
                self._evening.spoken_by(event.get("source", ""), self._at)
                if event.get("actor") == DOUBLE:
                    continue
                if self._evening.comment(event["data"]["text"], self._at):
                    self._rundown.asked()
            elif kind == "seat.gave":
                self._evening.given_by(event["data"], event["seq"])
            elif kind in _AUDIENCE:
                self._evening.audience(kind, event["data"], self._at, event.get("source", ""))
            elif kind.startswith("order.") and kind not in _SILENT:
                self._order(kind, event["data"], late_of(event["actor"]))
            elif kind in TOGETHER:
                self._cues.together(kind, event["data"], self._at)
            elif kind in _COUPON:
                self._cues.coupon(kind, event["data"])
            elif kind.startswith(_OF_CUES) or kind == "promotion.measured":
                self._cues.take(event, self._at, self._evening)
                self._read_off(kind, event)
            elif kind not in _SILENT:
                if kind.startswith("rundown."):
                    self._rundown.take(kind, event["data"], self._at)
                    self._evening.segments = self._rundown.segments
                self._other(kind, event)
        return self

    def report(self) -> Report:
        """Return what there is to say so far; the folding may go on after.

        Raises:
            NoBroadcast: see there.
        """
        evening = self._kept
        if evening.first is None or (self._wanted is not None and evening.broadcast != self._wanted):
            raise NoBroadcast(f"the log has {self._evening.broadcast if evening.first else 0} broadcasts")
        return assemble(
            evening,
            of=self._evening.broadcast,
            room_title=self._title,
            face=msgspec.convert(self._face, ShopFace),
            simulated=self._simulated,
            masked=not self._names,
            shop=self._shop,
            free=self._free,
            ledger=self._ledger,
            cues=self._cues,
        )

    def _open(self, event: Mapping[str, Any]) -> None:
        if (carried := event["data"].get("carried")) is not None:
            stay = {order["order_id"] for order in carried["orders"]}
            self._ledger.leave(stay, {cue["cue_id"] for cue in carried["cues"]})
            self._shop.stand(carried.get("stock", {}))
        if self._evening.opened_at is not None:
            before = self._evening
            if before is self._kept and before.broadcast == self._wanted:
                self._free = {sku_id: sku.free for sku_id, sku in self._shop.skus.items()}
            self._evening = BroadcastFold(before.broadcast + 1, before.groups, before.good)
            self._evening.moods = Moods(before.moods)
            self._evening.reach = Reach(before.reach)
            if before.closed_at is not None:
                # What was done after the close was done for this broadcast as well.
                self._evening.actions = [a for a in before.actions if a.at > before.closed_at]
            if self._kept.broadcast != self._wanted:
                self._kept = self._evening
            self._cues.opened(self._evening.broadcast)
            self._rundown.opened()
        self._evening.segments = self._rundown.segments
        self._evening.open(self._at, event["data"]["title"])

    def _order(self, kind: str, data: Mapping[str, Any], late: int | None) -> None:
        """``late``: the broadcast to whose books it goes, where that is not the one that runs."""
        ledger, at = self._ledger, self._at
        broadcast = self._evening.broadcast if late is None else late
        if late is not None:
            ledger.leave_one(data["order_id"], at, broadcast)
        if kind in ("order.placed", "order.granted"):
            self._cues.brought.order(data)
        if kind == "order.placed":
            ledger.placed(data, at, broadcast, self._shown(data["buyer"]))
        elif kind == "order.granted":
            ledger.granted(data, at, broadcast, self._shown(data["buyer"]))
        elif kind == "order.counted":
            ledger.counted(data, at, broadcast)
        elif kind == "order.paid":
            ledger.paid(data, at, broadcast)
        elif kind == "order.closed":
            ledger.closed(data, at, broadcast)
        elif kind == "order.refunded":
            ledger.refunded(data, at, broadcast)
        elif kind == "order.lapsed":
            ledger.lapsed(data, at, broadcast)
        if ledger.orders[data["order_id"]].broadcast == self._evening.broadcast:
            self._evening.orders_told = True

    def _read_off(self, kind: str, event: Mapping[str, Any]) -> None:
        """What a person read off a sale has left the stock, as in the rules."""
        data = event["data"]
        if kind in ("cue.firing", "cue.edited"):
            self._ledger.begin_anew(data["cue_id"])
        elif kind in ("cue.measured", "promotion.measured") and late_of(event["actor"]) is None:
            cue = self._cues.all.get(data["cue_id"])
            if cue is not None and cue.said.status in ASKED:
                units = quantities(cue.said.kind, cue.said.spec)
                self._ledger.read_off(data["cue_id"], units, data.get("sold"), data.get("left"))

    def _other(self, kind: str, event: Mapping[str, Any]) -> None:
        data, evening, shop = event["data"], self._evening, self._shop
        subject, detail = "", ""
        if kind == "catalogue.put":
            for product in data["products"]:
                shop.put(product)
            evening.group_by(evening.groups.of_goods([p.title for p in shop.products.values()]))
            detail = str(len(data["products"]))
            subject = "、".join(shop.title(p["product_id"]) for p in data["products"][:2])
        elif kind == "stock.added":
            if data["sku_id"] in shop.skus:
                shop.skus[data["sku_id"]].on_hand += data["by"]
            subject, detail = shop.called(data["sku_id"]), f"{data['by']:+d}"
        elif kind == "stock.limited":
            bounds = (data.get("units"), data.get("per_buyer"))
            subject = shop.called(data["sku_id"])
            detail = " / ".join("—" if bound is None else str(bound) for bound in bounds)
        elif kind == "product.shelved":
            subject, detail = shop.called(data["product_id"]), "on" if data["on"] else "off"
        elif kind == "cart.added":
            shop.added(data["items"])
            detail = str(len(data["items"]))
        elif kind == "cart.removed":
            subject = shop.called(data["product_id"])
            shop.removed(data["product_id"])
        elif kind == "cart.moved":
            shop.moved(data["product_id"], data["to"])
            subject, detail = shop.called(data["product_id"]), str(data["to"])
        elif kind == "cart.renumbered":
            shop.renumbered()
        elif kind == "room.set":
            settings = data["settings"]
            self._title = settings.get("title", self._title)
            self._face = settings.get("shop_face", self._face)
            evening.reach.set(settings)
            self._simulated |= evening.reach.simulated
            detail = "、".join(settings)
        elif kind == "connection.told":
            evening.reach.told(data)
            return
        elif kind == "source.gap":
            evening.gap(data)
            return
        elif kind == "broadcast.closed":
            evening.closed_at, evening.reach_at_close = self._at, Reach(evening.reach)
            self._rundown.closed(self._at)
            evening.moods.closed()
        elif kind == "clock.stepped":
            evening.clock_steps.append((self._at, data["seconds"]))
            detail = f"{data['seconds']:+g} s"
        elif kind == "room.restored":
            detail = str(data["log_seq"])
        elif kind == "stock.oversold":
            evening.oversold.append((self._at, data["sku_id"], data["units"], data.get("cue_id")))
            subject, detail = shop.called(data["sku_id"]), str(data["units"])
        elif kind == "words.overridden":
            detail = "、".join(map(one_line, data["terms"]))
        elif kind == "pledge.put":
            subject, detail = self._pledged(data, event["actor"])
        elif kind == "pledge.cleared":
            taken = evening.pledges.pop(data["pledge_id"], None)
            if taken is not None:
                subject, detail = taken.product, taken.text
        elif kind in ("rundown.put", "rundown.went"):
            (evening.moods.put if kind == "rundown.put" else evening.moods.went)(data)
            if event["actor"] not in PEOPLE:
                return
        elif kind == "violation.noted":
            product = shop.called(data["product_id"]) if data.get("product_id") else ""
            row = violation_of(data, self._at, event["actor"], product)
            evening.violations[row.violation_id] = row
            subject, detail = product, row.text
        elif kind == "violation.stepped":
            known = evening.violations.get(data["violation_id"])
            if known is not None:
                known.steps.append((data["step"], self._at, one_line(data.get("text", ""))))
        elif event["actor"] not in PEOPLE:
            return
        evening.actions.append(Action(event["seq"], self._at, event["actor"], kind, subject, detail))

    def _pledged(self, data: Mapping[str, Any], actor: str) -> tuple[str, str]:
        """``pledge.put``; the product and the words of it."""
        product_id = data["product_id"] or ""
        product, text = self._shop.called(product_id) if product_id else "", one_line(data["text"])
        pledge = ReportPledge(self._at, text, actor, data["pledge_id"], product_id, product)
        self._evening.pledges[pledge.pledge_id] = pledge
        return product, text


def fold(
    events: Iterable[Mapping[str, Any]],
    *,
    broadcast: int | None = None,
    names: bool = False,
    simulated: bool = False,
    questions: Questions | None = None,
) -> Report:
    """Return the report of one broadcast from a whole log (`ReportFold` for a log that comes in pieces)."""
    folding = ReportFold(broadcast, names=names, simulated=simulated, questions=questions)
    return folding.add(events).report()
