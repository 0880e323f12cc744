"""What every cue may do, told from the log alone: listed moves, times, eyes, floors, and what is owed.

Written from the contract, not from the rules: a second opinion on every line that moves a cue.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from tests.sim import friends, series
from tests.sim.bags import Bag
from tests.sim.books import Books, Count, Data, Gift, Sale, Ticket, moment
from tests.sim.broken import must
from tests.sim.lists import ComersTold

QUEUE = {"queued", "approved", "standby", "rejected", "refused", "missed", "recalled"}
READY = {"approved", "standby", "missed", "recalled", "refused"}
RUNNING = {"firing", "unknown", "on_air"}
UNANSWERED = {"firing", "unknown"}
FROM: dict[str, set[str]] = {
    "cue.edited": QUEUE,
    "cue.removed": QUEUE,
    "cue.approved": QUEUE,
    "cue.rejected": QUEUE - {"rejected"},
    "cue.standby": {"approved"},
    "cue.missed": {"standby", "recallable"},
    "cue.recallable": READY,
    "cue.recalled": {"recallable"},
    "cue.firing": READY | {"recallable"},
    "cue.unknown": {"firing"},
    "cue.on_air": {"firing", "unknown"},
    "cue.refused": {"firing", "unknown"},
    "cue.ended": RUNNING,
    "cue.drawn": {"on_air"},
}
"""event → the statuses that it may find the cue in."""
TO = {
    "cue.edited": "queued",
    "cue.removed": "removed",
    "cue.approved": "approved",
    "cue.rejected": "rejected",
    "cue.standby": "standby",
    "cue.missed": "missed",
    "cue.recallable": "recallable",
    "cue.recalled": "recalled",
    "cue.firing": "firing",
    "cue.unknown": "unknown",
    "cue.on_air": "on_air",
    "cue.refused": "refused",
    "cue.ended": "ended",
}
LATE = timedelta(seconds=30)
NO_END_OWED = {"drawn", "platform"}


class Cue(Struct):
    cue_id: str
    kind: str
    spec: Data
    by: str
    status: str = "queued"
    proposed_at: datetime | None = None
    authors: list[str] = []
    eyes: str = ""
    """Who approved what stands there now."""
    planned: datetime | None = None
    fires_at: datetime | None = None
    on_air_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    off_at: datetime | None = None
    """When the platform, or a person for it, said that it is over there too."""
    because: str = ""
    key: str = ""
    """Of the effect that is owed now."""
    step: str = ""
    since: datetime | None = None
    sent: bool = False
    bag: Bag | None = None
    """The present one of a series."""
    bags: list[Bag] = []
    cut: bool = False
    told: bool = False
    line: ComersTold | None = None
    born: int = 0
    """Number of the commit that brought it."""

    def open(self, at: datetime) -> bool:
        return self.status == "on_air" and (self.ends_at is None or at < self.ends_at)


class Stage:
    """``carried`` tells what the platform did under a key, or None."""

    def __init__(self, books: Books, carried: Callable[[str], str | None]) -> None:
        self.books = books
        self.cues: dict[str, Cue] = {}
        self.friends = friends.Friends(books, self.cues)
        self.live: dict[str, Cue] = {}
        self.settings: Data = {"platform": "own", "recall_seconds": 3, "four_eyes": False}
        self.settings["proposal_seconds"] = None
        self.open = False
        self.opened_at: datetime | None = None
        self.number = 0
        self.gone: dict[str, int] = {}
        """Cues that have left the room → the last broadcast that they were in it."""
        self.keys: set[str] = set()
        self._carried = carried
        self._heard: deque[tuple[float, str]] = deque()
        self.commit = 0

    def heard(self, source: str, at: datetime) -> None:
        """A comment, whatever it says."""
        self._heard.append((at.timestamp(), source))

    def loudest(self, at: datetime) -> str:
        """The source that said the most, of the last five minutes, in steps of ten seconds."""
        since = -(-(at.timestamp() - 300) // 10) * 10
        while self._heard and self._heard[0][0] < since:
            self._heard.popleft()
        told = Counter(source for _, source in self._heard)
        return min(told, key=lambda source: (-told[source], source), default="")

    def queued(self, data: Data, actor: str, at: datetime) -> None:
        must(data["cue_id"] not in self.cues, "a cue id was used twice", data)
        by = data["proposed_by"] or actor
        cue = Cue(data["cue_id"], data["kind"], data["spec"], by, proposed_at=at, born=self.commit)
        cue.planned = moment(data["fires_at"])
        cue.authors = list(data["authors"]) or [by]
        self.cues[cue.cue_id] = cue
        self._shape(cue)

    def _shape(self, cue: Cue) -> None:
        if cue.kind == "flash_sale":
            skus = cue.spec.get("skus") or [cue.spec]
            counts = {s["sku_id"]: Count(s["quantity"], s["price_fen"]) for s in skus}
            self.books.put_sale(Sale(cue.cue_id, cue.spec["per_buyer"], counts))
        elif cue.kind == "bundle":
            lots, items = cue.spec["quantity"], cue.spec["items"]
            counts = {i["sku_id"]: Count(i["quantity"] * lots, 0, lot=i["quantity"]) for i in items}
            most = cue.spec["per_buyer"] * sum(i["quantity"] for i in items)
            self.books.put_sale(Sale(cue.cue_id, most, counts, price=cue.spec["price_fen"]))
        elif cue.kind == "gift":
            self.books.put_sale(_gift(cue))
        elif cue.kind in friends.KINDS:
            self.books.put_sale(friends.sale_of(cue))
        elif cue.kind == "lucky_bag":
            cue.bag = Bag(cue.spec)
            cue.bags = [cue.bag]
        elif cue.kind == "first_come":
            cue.line = ComersTold(cue.spec)
            if (sku_id := cue.spec.get("sku_id")) is not None:
                units = {sku_id: Count(cue.spec["places"], cue.spec["price_fen"])}
                self.books.put_sale(Sale(cue.cue_id, 1, units))
            else:
                self.books.sales.pop(cue.cue_id, None)  # it was edited

    def moved(self, kind: str, data: Data, actor: str, at: datetime) -> None:
        """Any event that moves a cue."""
        cue = self.cues[data["cue_id"]]
        must(cue.status in FROM[kind], f"{kind} of a cue that is {cue.status}", data)
        if kind == "cue.drawn":
            return
        handler = getattr(self, kind.replace(".", "_"), None)
        if handler is not None:
            handler(cue, data, actor, at)
        cue.status = TO[kind]
        if cue.status in RUNNING or cue.key or cue.status in ("standby", "recallable") or cue.bag is not None:
            self.live[cue.cue_id] = cue
        else:
            self.live.pop(cue.cue_id, None)

    def opened(self, at: datetime) -> None:
        """Another broadcast begins: what has ended and owes nothing is gone."""
        self.number += 1
        self.open, self.opened_at = True, at
        if self.number == 1:
            return
        for cue in self.cues.values():
            if cue.cue_id not in self.gone and not self._stays(cue, at):
                self.gone[cue.cue_id] = self.number - 1
                self.live.pop(cue.cue_id, None)
                self.books.sales.pop(cue.cue_id, None)

    def _stays(self, cue: Cue, at: datetime) -> bool:
        if cue.status in QUEUE or cue.key:
            return True
        if cue.kind == "coupon":
            tickets = [t for t in self.books.tickets.values() if t.cue_id == cue.cue_id]
            return any(self._counts(ticket, at) for ticket in tickets) or self._may_be_had(cue, at)
        if cue.kind == "group_buy":
            return self.friends.owes(cue)
        if cue.bag is None or cue.status == "removed":
            return False
        return series.claims_due(cue) is not None or (
            cue.because == "time_up" and cue.spec.get("draw") == "platform"
        )

    def _counts(self, ticket: Ticket, at: datetime) -> bool:
        if ticket.order is not None:
            return self.books.orders[ticket.order].takes() == "held"
        return ticket.until is None or ticket.until > at

    def _may_be_had(self, cue: Cue, at: datetime) -> bool:
        """A platform may have given coupons away that nobody told of."""
        if self.settings["platform"] == "own" or cue.on_air_at is None or cue.ended_at is None:
            return False
        valid = cue.spec.get("valid_seconds")
        return valid is None or (cue.off_at or cue.ended_at) + timedelta(seconds=valid) > at

    def cue_edited(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        if data["spec"] != cue.spec:
            # Who may approve answers for the whole; the assistant is one more author of it.
            others = [] if actor in ("host", "operator") else [a for a in cue.authors if a != actor]
            cue.authors, cue.by = [*others, actor], actor
        cue.spec, cue.eyes, cue.proposed_at = data["spec"], "", at
        cue.planned, cue.fires_at = moment(data["fires_at"]), None
        self._shape(cue)

    def cue_approved(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        if cue.status == "standby":  # a halt took its time away
            return
        own_pin = cue.kind == "pin" and cue.born == self.commit
        must(
            not self.settings["four_eyes"] or actor not in cue.authors or own_pin,
            "four eyes: approved by its author",
            cue,
        )
        cue.eyes = actor

    def cue_rejected(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        if actor == "clock":
            ends = self._proposal_ends(cue)
            must(ends is not None and at >= ends, "a proposal expired that had not", cue, ends)

    def _proposal_ends(self, cue: Cue) -> datetime | None:
        seconds = self.settings["proposal_seconds"]
        if seconds is None or not self.open or self.opened_at is None or cue.status != "queued":
            return None
        if cue.by != "assistant" or cue.planned is not None or cue.proposed_at is None:
            return None
        return max(cue.proposed_at, self.opened_at) + timedelta(seconds=seconds)

    def cue_standby(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        cue.fires_at = moment(data["fires_at"])

    def cue_recallable(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        self._starts(cue, at)
        cue.fires_at = moment(data["fires_at"])
        counts = cue.spec.get("countdown_seconds")
        if counts is not None and cue.status != "standby":
            assert cue.fires_at is not None
            must(cue.fires_at - at == timedelta(seconds=counts), "it counts down for another time", cue)

    def cue_recalled(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        assert cue.fires_at is not None
        must(at < cue.fires_at, "recalled after its window", cue)
        cue.fires_at = None

    def cue_firing(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        cue.off_at = None
        if cue.status == "recallable":
            assert cue.fires_at is not None
            must(at >= cue.fires_at, "fired inside the recall window", cue)
            must(at - cue.fires_at <= LATE, "fired more than 30 s late", cue)
        else:
            self._starts(cue, at)
            window = 0 if cue.kind == "pin" else self.settings["recall_seconds"]
            must(not window or cue.status == "standby", "fired without a recall window", cue)
            must("countdown_seconds" not in cue.spec, "fired without its countdown", cue)
        for other in self.live.values():
            if cue.kind == other.kind == "flash_sale" and other is not cue and other.open(at):
                must(not skus_of(other) & skus_of(cue), "two sales of one SKU", cue, other)
        self._owes(cue, data["key"], "on_air", at)
        if cue.cue_id in self.books.sales:
            self.books.begins(cue.cue_id)
        cue.fires_at = None

    def _starts(self, cue: Cue, at: datetime) -> None:
        must(self.open, "a cue started in a closed room", cue)
        must(cue.eyes, "a cue started that nobody approved", cue)
        sale = self.books.sales.get(cue.cue_id)
        if sale is not None:
            fens = self.books.shares(sale) if cue.kind == "bundle" else {}
            for sku_id, count in sale.skus.items():
                goods, fen = self.books.goods[sku_id], fens.get(sku_id, count.price)
                floor = None if cue.kind == "gift" else goods.floor
                must(floor is None or fen >= floor, "fired under the floor", cue, goods, fen)
                must(goods.on_shelf, "fired what is off the shelf", cue)
                asked = count.quantity if cue.kind != "bargain" else 1
                must(asked <= goods.on_hand - goods.held, "fired more than is there", cue, goods)
            if sale.gift is not None and sale.gift.products:
                self._worth_it(cue, sale)

    def _worth_it(self, cue: Cue, sale: Sale) -> None:
        """What is bought for a gift, less what that is worth, is not under its floor."""
        assert sale.gift is not None
        ((sku_id, count),) = sale.skus.items()
        worth = self.books.goods[sku_id].price * count.lot
        for product in sale.gift.products:
            goods, units = self.books.goods[product], sale.gift.units
            paid = goods.price * units - worth
            must(goods.floor is None or paid >= goods.floor * units, "a gift under the floor", cue, goods)

    def _owes(self, cue: Cue, key: str, step: str, at: datetime) -> None:
        must(key and key not in self.keys, "an idempotency key was used twice", cue, key)
        self.keys.add(key)
        cue.key, cue.step, cue.since, cue.sent = key, step, at, False

    def effect_sent(self, data: Data) -> None:
        cue = self.cues[data["cue_id"]]
        must(cue.key == data["key"] and cue.step == data["step"], "sent what is not owed", data, cue)
        must(not cue.sent, "marked as sent twice", data)
        cue.sent = True

    def cue_on_air(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        if self.settings["platform"] == "rehearsal" and actor == "platform":
            must(self._carried(cue.key) == "done", "on air, but the platform never did it", cue)
        cue.on_air_at, cue.ends_at = at, moment(data["ends_at"])
        cue.key = cue.step = ""
        if cue.bag is not None:
            cue.bag.promised(data["draw"], self.loudest(at))
        if cue.line is not None:
            cue.line.promised(data["draw"], self.loudest(at))
        if cue.kind != "pin":
            must(cue.ends_at is not None, "on air without an end", cue)

    def cue_refused(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        if self.settings["platform"] == "rehearsal" and actor == "platform":
            must(self._carried(cue.key) == "refused", "refused, but the platform did it", cue)
        cue.key = cue.step = ""

    def cue_ended(self, cue: Cue, data: Data, actor: str, at: datetime) -> None:
        because, reason = data["because"], data["reason"]
        must(reason != "secret_lost", "a draw's secret was lost", cue)
        if because == "time_up":
            assert cue.ends_at is not None
            must(at >= cue.ends_at, "its time was up too early", cue)
        elif because == "sold_out":
            full = cue.kind == "group_buy" and self.friends.all_full(cue)
            must(full or self._sold_out(self.books.sales[cue.cue_id]), "ended sold out with units left", cue)
        elif because == "drawn":
            must(cue.bag is not None and cue.bag.receipt is not None, "ended drawn without a draw", cue)
        if cue.bag is not None and cue.spec.get("draw") != "platform" and cue.on_air_at is not None:
            closed = cue.ends_at is not None and at >= cue.ends_at
            drawn = because == "drawn" or series.between(cue)
            must(not closed or drawn, "a bag whose time was up was not drawn", cue, data)
        series.ends(cue, because)
        never_asked = cue.status == "firing" and not cue.sent and self.settings["platform"] != "manual"
        silent = because in NO_END_OWED or (cue.kind == "lucky_bag" and because == "time_up")
        silent = silent or cue.kind == "first_come"  # nobody at the platform has anything of it
        silent = silent or (cue.kind == "pin" and reason in ("replaced", "closed"))
        owes = self.settings["platform"] != "own" and not silent and not never_asked
        must(bool(data["key"]) == owes, "the platform's stop is not owed as it should be", cue, data)
        cue.because, cue.key, cue.step, cue.ended_at = because, "", "", at
        series.named(cue)
        if data["key"]:
            self._owes(cue, data["key"], "ended", at)

    def end_confirmed(self, data: Data, actor: str, at: datetime) -> None:
        cue = self.cues[data["cue_id"]]
        must(cue.step == "ended" and cue.key, "an end was confirmed that nobody owes", cue)
        if self.settings["platform"] == "rehearsal" and actor == "platform":
            must(self._carried(cue.key) == "done", "an end was confirmed that the platform never did", cue)
        cue.key, cue.step, cue.off_at = "", "", at
        if cue.bag is None:
            self.live.pop(cue.cue_id, None)

    def _sold_out(self, sale: Sale) -> bool:
        """Nothing is left of a sale; of what goes by the lot one good is short, in it or in the shop."""
        if not sale.in_lots():
            return all(count.sold >= count.quantity for count in sale.skus.values())
        gone = (self.books.goods[sku].on_hand < count.lot for sku, count in sale.skus.items())
        return sale.short() or any(gone)

    def sale_open(self, sku: str, at: datetime) -> Cue | None:
        for cue in self.live.values():
            if cue.kind == "flash_sale" and cue.open(at) and sku in self.books.sales[cue.cue_id].skus:
                return cue
        return None

    def asked_at(self, sku: str, fen: int, at: datetime) -> Cue | None:
        """What is open in which a platform sold for so much: the cheapest that costs as much."""
        kinds = ("flash_sale", "first_come", *friends.KINDS)
        found = [
            cue
            for cue in self.live.values()
            if cue.kind in kinds
            and cue.open(at)
            and cue.cue_id in self.books.sales
            and sku in (skus := self.books.sales[cue.cue_id].skus)
            and fen <= skus[sku].price
        ]
        return min(found, key=lambda cue: self.books.sales[cue.cue_id].skus[sku].price, default=None)

    def overdue(self, before: datetime) -> str:
        """What should have happened before this moment and has not; "" if nothing."""
        for cue in self.live.values():
            due: datetime | None = None
            if cue.status in ("standby", "recallable"):
                due = cue.fires_at
            elif cue.status == "on_air" and not series.waits(cue):
                due = series.due(cue) or (cue.ends_at if cue.bag is None else cue.bag.due(cue.ends_at))
            elif cue.status == "firing" and self.settings["platform"] == "manual" and cue.since is not None:
                due = cue.since + timedelta(seconds=30 if cue.kind == "pin" else 180)
            elif cue.status == "ended" and cue.bag is not None:
                due = series.claims_due(cue)
            if due is not None and due < before:
                return f"{cue.cue_id} ({cue.kind}) is still {cue.status}, due at {due:%H:%M:%S.%f}"
        for cue in self.cues.values() if self.settings["proposal_seconds"] is not None else ():
            due = self._proposal_ends(cue)
            if due is not None and due < before:
                return f"the proposal {cue.cue_id} waits since {due:%H:%M:%S.%f}"
        return ""


def skus_of(cue: Cue) -> set[str]:
    """The SKUs of a sale."""
    return {s["sku_id"] for s in cue.spec.get("skus") or [cue.spec]}


def _gift(cue: Cue) -> Sale:
    buy, gift = cue.spec["buy"], cue.spec["gift"]
    units = gift.get("quantity", 1)
    counts = {gift["sku_id"]: Count(units * cue.spec["quantity"], 0, lot=units)}
    brings = Gift(buy.get("product_ids") or [], buy.get("units", 1), buy.get("threshold_fen") or 0)
    return Sale(cue.cue_id, cue.spec["per_buyer"] * units, counts, gift=brings)
