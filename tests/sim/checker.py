"""Every commit against a second opinion, every yes against the disk, every restart against the log."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.engine.folding import event_of
from liveconsole.messages.envelope import late_of
from liveconsole.messages.facts import ORDER_FACTS
from liveconsole.store.rows import EventRow, StoredEvent
from tests.sim import series
from tests.sim.bags import Bag
from tests.sim.books import Books, Data, Line
from tests.sim.broken import Broken, must
from tests.sim.disk import Disk
from tests.sim.friends import KINDS as FRIENDS
from tests.sim.late_facts import not_late, told_late
from tests.sim.levels import LevelsTold
from tests.sim.lots import COUNTS_FOR, Lots
from tests.sim.people import BoundsTold, HiddenTold, LawTold
from tests.sim.plans import Plans
from tests.sim.shown import Shown
from tests.sim.stage import FROM, QUEUE, Stage

_decode = msgspec.json.Decoder().decode
_encode_room = msgspec.msgpack.Encoder().encode
_OF_LISTS = {"bag.source", "places.taken", "place.freed", "places.closed"}
TOTALS = (
    *("placed", "paid", "closed", "refunded", "unpaid"),
    *("units", "gift_units", "gmv_fen", "refund_fen", "refund_owed_fen"),
)
_WHOLE_EVERY = 16
"""Commits between two comparisons of the whole room, byte by byte; figures are compared at each."""


class Checker:
    """``broken`` is the first promise that did not hold; whoever runs the simulation looks at it."""

    def __init__(self, disk: Disk, carried: Callable[[str], str | None], shown: Shown | None = None) -> None:
        self.disk = disk
        self._shown = shown
        self.books = Books()
        self.stage = Stage(self.books, carried)
        self._lots = Lots(self.stage, self.books)
        self.shadow = Room(disk.meta.room_id, simulated=disk.meta.simulated)
        self.broken: str | None = None
        self.acked: dict[str, tuple[bytes, bytes]] = {}
        """Command id → its body and the answer that somebody got."""
        self.facts: dict[tuple[str, str], bytes] = {}
        """Acknowledged facts and the digest under which they stand."""
        self.acked_seq = 0
        self.heard_of: set[str] = set()
        """Types of events seen."""
        self.lives: set[tuple[str, str]] = set()
        """Kinds of promotion, and where each was seen to stand."""
        self.plans = Plans()
        self.hidden, self.bounds, self.law = HiddenTold(), BoundsTold(self.books), LawTold()
        self.levels = LevelsTold(self.books)
        self._commits = 0
        self._rows: list[EventRow] = []
        """What was committed: the disk must have it, and nothing else, at every start."""
        self._over: dict[tuple[str, str, str | None], int] = {}
        self._recount: dict[str, list[Line]] = {}
        self._returns: set[str] = set()
        self._bought: set[str] = set()
        """Who had bought before this commit: what the rules were told of the past."""
        self._at: datetime | None = None
        self._new_evening = False

    def guard(self, check: Callable[..., None], *args: Any) -> None:
        """Run a check; what it finds is kept, as nothing may be raised inside the engine."""
        if self.broken is not None:
            return
        try:
            check(*args)
        except Broken as found:
            self.broken = str(found)
        except Exception:  # noqa: BLE001  # a check that stumbles over what it sees has found something
            self.broken = "a check failed: " + traceback.format_exc()

    # commits

    def committed(self, first: int, rows: Sequence[EventRow], room: Room) -> None:
        """One transaction reached the disk; ``room`` is the committing engine's."""
        self.stage.commit += 1
        self._rows += rows
        seq = first
        for row in rows:
            must(self._at is None or row.at >= self._at, "time went back on the log", seq, row)
            self._at = row.at
            stored = StoredEvent(seq, row.type, row.at, row.actor, row.data, row.source, row.id, row.time)
            evolve(self.shadow, event_of(stored))
            self._row(seq, row, _decode(row.data))
            seq += 1
        self._commit_ends()
        self._figures(room)
        if self._shown is not None and self._at is not None:
            self._shown.committed([row.type for row in rows], self.shadow, self._at)
        self._commits += 1
        if self._commits % _WHOLE_EVERY == 0:
            self.same_room(room)

    def _row(self, seq: int, row: EventRow, data: Data) -> None:
        kind, at, actor = row.type, row.at, row.actor
        self.heard_of.add(kind)
        if (number := late_of(actor)) is not None:
            self.heard_of.add("late")
            told_late(self.stage, kind, data, number)
            return
        if kind in ORDER_FACTS:
            not_late(self.stage, data)
        if (cue := self.stage.cues.get(data.get("cue_id", ""))) is not None and cue.bag is not None:
            cue.bag.told({"seq": seq, "type": kind, "data": data})
        if kind.startswith(("right.", "violation.")):
            self.law.told(kind, data)
        if kind.startswith("member."):
            self.levels.told(kind, data)
        if kind.startswith("cue."):
            self.plans.take(kind, data, actor, at)
        if kind in FROM:
            self.stage.moved(kind, data, actor, at)
            if cue is not None:
                self.lives.add((cue.kind, cue.status))
        if kind == "comment.posted":
            self._comment(row, data)
        elif cue is not None and cue.line is not None and kind in _OF_LISTS:
            cue.line.told(kind, data)
            late = kind in ("place.freed", "places.closed")
            must(late or cue.open(at), "came to a list that is not open", cue)
        elif kind.startswith(("bag.", "cue.drawn")) and cue is not None and cue.bag is not None:
            series.bag_line(cue, kind, data, self.stage.loudest(at), at)
        else:
            handler = getattr(self, "on_" + kind.replace(".", "_"), None)
            if handler is not None:
                handler(data, at, actor)

    def _comment(self, row: EventRow, data: Data) -> None:
        self.stage.heard(row.source, row.at)
        for cue in self.stage.live.values():
            if cue.bag is not None and cue.open(row.at):
                cue.bag.heard(row.source, data["viewer"]["id"], data["text"])
            if cue.line is not None and cue.open(row.at):
                cue.line.heard(row.source, data["viewer"]["id"], data["text"])

    def on_room_set(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.settings.update(data["settings"])

    def on_broadcast_opened(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.opened(at)
        self.hidden.opened()
        must(data["number"] == self.stage.number, "broadcasts are not counted one by one", data)
        if self.stage.number > 1:
            cues = self.stage.cues.values()
            self.books.opened(self.stage.number, {cue.cue_id for cue in cues if cue.status in QUEUE})
            self._new_evening = True

    def on_broadcast_closed(self, data: Data, at: datetime, actor: str) -> None:
        running = [
            c
            for c in self.stage.live.values()
            if c.key or c.status in ("recallable", "firing", "unknown", "on_air")
        ]
        must(not running, "closed with something running", running)
        self.stage.open = False

    def on_catalogue_put(self, data: Data, at: datetime, actor: str) -> None:
        self.books.put(data["products"])

    def on_stock_added(self, data: Data, at: datetime, actor: str) -> None:
        self.books.add(data["sku_id"], data["by"])

    def on_stock_limited(self, data: Data, at: datetime, actor: str) -> None:
        self.bounds.limited(data)

    def on_viewer_muted(self, data: Data, at: datetime, actor: str) -> None:
        self.hidden.muted(data)

    def on_viewer_unmuted(self, data: Data, at: datetime, actor: str) -> None:
        self.hidden.unmuted(data)

    def on_product_shelved(self, data: Data, at: datetime, actor: str) -> None:
        for sku, product in self.books.product_of.items():
            if product == data["product_id"]:
                self.books.goods[sku].on_shelf = data["on"]

    def on_cue_queued(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.queued(data, actor, at)

    def on_cue_measured(self, data: Data, at: datetime, actor: str) -> None:
        cue = self.stage.cues.get(data["cue_id"])
        asked = cue is not None and cue.status in {"firing", "unknown", "on_air", "ended", "refused"}
        if asked and data["cue_id"] in self.books.sales and data.get("sold") is not None:
            self.books.read_off(data["cue_id"], data["sold"])

    def on_effect_sent(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.effect_sent(data)

    def on_cue_end_confirmed(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.end_confirmed(data, actor, at)

    # orders

    def on_order_granted(self, data: Data, at: datetime, actor: str) -> None:
        for line in data["lines"]:
            sale = self.stage.sale_open(line["sku_id"], at)
            if line["cue_id"] is None:
                must(sale is None, "granted past the sale that runs", line, sale)
            else:
                named = self.stage.cues[line["cue_id"]]
                must(named.open(at), "granted in a sale that is not on air", line, named)
                if named.line is not None:
                    named.line.bought(data["buyer"]["id"])
        self._lots.came_with(data, at)
        self.stage.friends.granting(data)
        self.books.granted(data)
        self.stage.friends.granted(data, at)
        self.bounds.granted(data)
        self.levels.granted(data, self.stage.settings)

    def on_order_placed(self, data: Data, at: datetime, actor: str) -> None:
        id_ = data["order_id"]
        order = self.books.change(id_)
        if not order.known and not order.placed:
            order.buyer = data["buyer"]["id"]
        tonight = {} if order.known or order.placed else {"broadcast": self.books.broadcast}
        self.books.change(id_, placed=True, **tonight)
        if order.known:
            return
        lines = []
        bundle = self._lots.bundle_of(data, at)
        for sent in data["lines"]:
            sku = sent["sku_id"]
            if sku not in self.books.goods:
                continue
            if bundle is not None and sku in self.books.sales[bundle].skus:
                belongs: str | None = bundle
            else:
                belongs = self._lots.gift_of(data, sent, at) or self._belongs(data, sent, at)
            lines.append(Line(sku, sent["quantity"], sent["unit_price_fen"], belongs))
        self._recount[id_] = lines
        if not order.closed:
            buyer = msgspec.structs.replace(order, buyer=data["buyer"]["id"])
            self._expect_over(id_, self.books.over_by(buyer, lines))

    def _belongs(self, data: Data, sent: Data, at: datetime) -> str | None:
        sku = sent["sku_id"]
        named = self.stage.cues.get(data.get("cue_id") or "")
        unit = named is not None and named.kind in ("flash_sale", *FRIENDS)
        counts = unit and named is not None and named.status in COUNTS_FOR
        # An order that was paid before it was placed is carried over; its sale may have left meanwhile.
        if (
            counts
            and named is not None
            and named.cue_id not in self.stage.gone
            and sku in self.books.sales[named.cue_id].skus
        ):
            return named.cue_id
        sale = self.stage.asked_at(sku, sent["unit_price_fen"], at)
        return sale.cue_id if sale is not None else None

    def on_order_counted(self, data: Data, at: datetime, actor: str) -> None:
        id_ = data["order_id"]
        expected = self._recount.pop(id_, None)
        must(expected is not None, "an order was counted out of turn", data)
        lines = [Line(c["sku_id"], c["quantity"], c["unit_price_fen"], c["cue_id"]) for c in data["lines"]]
        must(lines == expected, "an order was counted to other lines", lines, expected)
        if not data["retaken"]:
            self.books.change(id_, known=True, lines=lines)

    def on_order_paid(self, data: Data, at: datetime, actor: str) -> None:
        id_ = data["order_id"]
        order = self.books.orders.get(id_)
        if order is not None and order.known and order.lapsed and not (order.closed or order.paid):
            self._recount[id_] = order.lines
            self._expect_over(id_, self.books.over_by(order, order.lines))
        had = order.paid_fen if order is not None else 0
        self.books.change(id_, paid=True, paid_fen=max(had, data["paid_fen"]))

    def on_order_closed(self, data: Data, at: datetime, actor: str) -> None:
        order = self.books.orders.get(data["order_id"])
        if order is not None and order.known and not (order.closed or order.paid):
            self._expect_return(data["order_id"])
        self.stage.friends.closing(data, at, actor)
        if actor == "clock":
            self._expect_return(data["order_id"])
        self.books.change(data["order_id"], closed=True, **({"unfilled": True} if actor == "clock" else {}))

    def on_order_refunded(self, data: Data, at: datetime, actor: str) -> None:
        order = self.books.change(data["order_id"])
        self.books.change(data["order_id"], refund=max(order.refund, data["refund_fen"]))

    def on_order_lapsed(self, data: Data, at: datetime, actor: str) -> None:
        order = self.books.orders[data["order_id"]]
        self.stage.friends.lapsing(data["order_id"])
        must(order.granted and order.takes() == "held", "lapsed what is not held", data, order)
        must(order.until is not None and at >= order.until, "a hold lapsed too early", data, order)
        self._expect_return(data["order_id"])
        self.books.change(data["order_id"], lapsed=True)

    def _expect_over(self, order_id: str, found: dict[tuple[str, str | None], int]) -> None:
        for (sku, cue_id), units in found.items():
            self._over[order_id, sku, cue_id] = units

    def _expect_return(self, order_id: str) -> None:
        coupon = self.books.orders[order_id].coupon
        if coupon is not None and self.books.tickets[coupon].order == order_id:
            self._returns.add(coupon)

    def on_stock_oversold(self, data: Data, at: datetime, actor: str) -> None:
        expected = self._over.pop((data["order_id"], data["sku_id"], data["cue_id"]), 0)
        must(data["units"] == expected, "oversold by another number of units", data, expected)

    def on_coupon_claimed(self, data: Data, at: datetime, actor: str) -> None:
        cue = self.stage.cues[data["cue_id"]]
        must(cue.kind == "coupon" and cue.open(at), "claimed a coupon that is not on air", data, cue)
        if cue.spec.get("audience") == "new":
            must(
                data["viewer"]["id"] not in self._bought, "a coupon for newcomers went to a buyer", data, cue
            )
        self.books.claim(data, cue.spec["quantity"], cue.spec["per_buyer"])

    def on_coupon_used(self, data: Data, at: datetime, actor: str) -> None:
        self.books.use(data, at)

    def on_coupon_returned(self, data: Data, at: datetime, actor: str) -> None:
        must(data["coupon_id"] in self._returns, "a coupon came back out of turn", data)
        self._returns.discard(data["coupon_id"])
        self.books.give_back(data)

    def on_coupon_overused(self, data: Data, at: datetime, actor: str) -> None:
        self.books.overuse(data)

    # the end of a commit

    def on_group_joined(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.friends.joined(data)

    def on_group_filled(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.friends.filled(data)

    def on_bargain_helped(self, data: Data, at: datetime, actor: str) -> None:
        self.stage.friends.helped(data)

    def _commit_ends(self) -> None:
        self._bought = self.books.bought()
        self.levels.commit_ends()
        self.stage.friends.commit_ends()
        must(not self._over, "oversold without a word", self._over)
        must(not self._recount, "an order was not counted", self._recount)
        must(not self._returns, "a coupon did not come back", self._returns)
        for cue in self.stage.live.values():
            series.commit_ends(cue)
            if cue.line is not None:
                cue.line.commit_ends()

    def _figures(self, room: Room) -> None:
        self.hidden.same(room)
        self.law.same(room)
        for sku_id in self.books.touched:
            ours, theirs = self.books.goods[sku_id], room.skus[sku_id]
            must(
                (ours.on_hand, ours.held, ours.sold) == (theirs.on_hand, theirs.held, theirs.sold),
                "stock is not conserved",
                sku_id,
                ours,
                theirs,
            )
        self.books.touched.clear()
        ours_now = self.books.totals.get(self.books.broadcast, Counter())
        self._same_totals(ours_now, msgspec.to_builtins(room.totals), self.books.broadcast)
        if self._new_evening:
            self._new_evening = False
            self._who_is_here(room)
        for cue_id in self.books.edited:
            self._sale(cue_id, room)
        self.books.edited.clear()
        for cue in self.stage.live.values():
            if cue.cue_id in self.books.sales:
                self._sale(cue.cue_id, room)
                sale = self.books.sales[cue.cue_id]
                beyond = any(count.beyond() for count in sale.skus.values()) or any(
                    map(sale.over, sale.buyers)
                )
                if cue.status == "on_air" and sale.in_lots() and not beyond:
                    must(not sale.short(), "on air, and no whole lot is left", cue, sale)
            if cue.line is not None and (there := room.cues[cue.cue_id].places) is not None:
                shown = [pid for pid, _ in there.placed(cue.line.places)]
                must(shown == cue.line.placed(), "others have the places than the log tells", cue, shown)
            must(room.cues[cue.cue_id].status == cue.status, "a cue's status is not what the log tells", cue)

    def _same_totals(self, ours: Counter[str], theirs: Data, number: int) -> None:
        same = all(ours[name] == theirs[name] for name in TOTALS)
        must(same, "the totals of a broadcast are not its orders'", number, ours, theirs)

    def _who_is_here(self, room: Room) -> None:
        """Right after an opening: what is settled has left, and what is owed has not."""
        here = {id_ for id_, order in self.books.orders.items() if not order.left}
        must(set(room.orders) == here, "orders that should be here, or not", set(room.orders) ^ here)
        cues = set(self.stage.cues) - set(self.stage.gone)
        must(set(room.cues) == cues, "cues that should be here, or not", set(room.cues) ^ cues)

    def books_on_disk(self) -> None:
        """The read tables of every broadcast so far."""
        for number, row in self.disk.broadcasts.items():
            self._same_totals(self.books.totals.get(number, Counter()), row.sums._asdict(), number)

    def _sale(self, cue_id: str, room: Room) -> None:
        sale = room.cues[cue_id].sale
        for sku_id, count in self.books.sales[cue_id].skus.items():
            told = sale[sku_id]
            same = (count.held, count.sold) == (told.held, told.sold)
            must(same, "a sale's figures do not add up", cue_id, count, told)
            must(0 <= told.left <= told.quantity, "shown what is not so", told)

    def same_room(self, room: Room) -> None:
        """The living room is what the log folds to, to the byte."""
        must(_encode_room(room) == _encode_room(self.shadow), "the room is not the fold of its log")
        self.books_on_disk()

    def restarted(self, room: Room, now: datetime) -> None:
        """A new engine read the disk: nothing acknowledged is missing, and its room is the log's."""
        must(len(self.disk.rows) >= self.acked_seq, "acknowledged events are gone", self.acked_seq)
        for id_, (_, answer) in self.acked.items():
            must(id_ in self.disk.answers, "an answer is gone", id_, answer)
        for key, digest in self.facts.items():
            must(self.disk.known.get(key) == digest, "an acknowledged fact is gone", key)
        must(self.disk.rows == self._rows, "the log on disk is not what was committed")
        self.same_room(room)

    def whole_log(self, room: Room) -> None:
        """The log from its first line, folded by a program that was not there."""
        told = [(row.source, row.id) for row in self.disk.rows if row.source]
        must(len(told) == len(set(told)), "a fact stands twice on the log")
        folded = Room(self.disk.meta.room_id, simulated=self.disk.meta.simulated)
        for seq, row in enumerate(self.disk.rows, 1):
            stored = StoredEvent(seq, row.type, row.at, row.actor, row.data, row.source, row.id, row.time)
            evolve(folded, event_of(stored))
        must(_encode_room(room) == _encode_room(folded), "the room is not the fold of the whole log")

    # what people were told

    def answered(self, id_: str, body: bytes, answer: bytes, *, durable: bool) -> None:
        """A command's answer reached whoever gave it."""
        had = self.acked.get(id_)
        must(
            had is None or had[0] != body or had[1] == answer,
            "the same command got another answer",
            had,
            answer,
        )
        if durable:
            must(id_ in self.disk.answers, "answered before it was on disk", id_, answer)
            seq = _decode(answer).get("seq", 0)
            must(seq <= len(self.disk.rows), "answered a seq that is not on disk", id_, answer)
            self.acked_seq = max(self.acked_seq, seq)
            self.acked[id_] = body, answer

    def accepted(self, keys: Sequence[tuple[str, str]], seq: int) -> None:
        """Facts whose post was answered with yes."""
        must(seq <= len(self.disk.rows), "acknowledged a seq that is not on disk", seq)
        self.acked_seq = max(self.acked_seq, seq)
        for key in keys:
            digest = self.disk.known.get(key)
            must(digest is not None, "a fact was acknowledged before it was on disk", key)
            assert digest is not None
            must(self.facts.setdefault(key, digest) == digest, "an acknowledged fact changed", key)

    def in_time(self, now: datetime, slack: timedelta) -> None:
        """Nothing that the clock owed is more than ``slack`` late."""
        late = self.stage.overdue(now - slack)
        must(not late, "a deadline passed and nothing happened:", late, f"{now:%H:%M:%S.%f}")
        for order in self.books.orders.values():
            if order.until is not None and order.until < now - slack:
                must(order.takes() != "held", "a hold never lapsed", order, now)

    def bags(self) -> list[tuple[str, Bag]]:
        return [(cue.cue_id, bag) for cue in self.stage.cues.values() for bag in cue.bags]
