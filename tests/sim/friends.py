"""拼团 and 砍价 in the simulation: who proposes them, who takes them up, and what must be so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from tests.sim.books import Books, Count, Order, Sale
from tests.sim.broken import must

if TYPE_CHECKING:
    from tests.sim.stage import Cue

Data = dict[str, Any]
KINDS = ("group_buy", "bargain")
UNFILLED = "group_unfilled"
ENDLESS = 1_000_000
"""A bargain has no number of units."""


def spec_of(kind: str, dice: Random, product: str, price: int, seconds: int) -> Data:
    spec: Data = {
        "sku_id": product,
        "price_fen": price * dice.randint(36, 80) // 100,
        "per_buyer": 1 + (dice.random() < 0.3),
        "seconds": seconds,
    }
    if kind == "bargain":
        return spec | {"friends": dice.randint(1, 3)}
    return spec | {"size": dice.choice([2, 2, 3]), "groups": dice.randint(1, 2)}


def sale_of(cue: Cue) -> Sale:
    spec = cue.spec
    units = ENDLESS
    if cue.kind == "group_buy":
        units = spec["groups"] * spec["size"] * spec["per_buyer"]
    return Sale(cue.cue_id, spec["per_buyer"], {spec["sku_id"]: Count(units, spec["price_fen"])})


def taken_up(
    cue: Cue, dice: Random, buyers: list[str], request: Callable[..., None], tell: Callable[..., Any]
) -> None:
    """Some of them join a group, or help each other and ask for the price: too early at times."""
    spec = cue.spec
    for buyer in dice.sample(buyers, dice.randint(1, 4)):
        if cue.kind == "group_buy":
            group = f"{cue.cue_id}/{dice.randint(1, spec['groups'] + 1)}"
            if dice.random() < 0.15:
                viewer = {"id": buyer, "name": "拼友"}
                tell("group.joined", {"cue_id": cue.cue_id, "viewer": viewer, "group_id": group})
            else:
                request(buyer, spec["sku_id"], cue.cue_id, group_id=group)
            continue
        for helper in dice.choices(buyers, k=dice.randint(0, spec["friends"] + 1)):
            persons = {"viewer": {"id": helper, "name": "帮手"}, "for": {"id": buyer, "name": "买家"}}
            tell("bargain.helped", {"cue_id": cue.cue_id, **persons})
        request(buyer, spec["sku_id"], cue.cue_id)


class Friends:
    """Who stands in which group, and who has helped whom, from the log alone."""

    def __init__(self, books: Books, cues: dict[str, Cue]) -> None:
        self._books, self._cues = books, cues
        self._orders: dict[str, tuple[str, str]] = {}
        """Order → its promotion and group."""
        self._told: dict[tuple[str, str], set[str]] = {}
        self._filled: set[tuple[str, str]] = set()
        self._full_now: set[tuple[str, str]] = set()
        """Full by this commit: the log has to say so in it."""
        self._helped: dict[str, dict[str, set[str]]] = {}

    def _mine(self, key: tuple[str, str]) -> dict[str, Order]:
        orders = {id_: self._books.orders[id_] for id_, its in self._orders.items() if its == key}
        return {id_: order for id_, order in orders.items() if order.takes() and not order.left}

    def _people(self, key: tuple[str, str]) -> set[str]:
        return {order.buyer for order in self._mine(key).values()} | self._told.get(key, set())

    def _opened(self, cue_id: str) -> set[tuple[str, str]]:
        keys = {*self._orders.values(), *self._told, *self._filled}
        return {key for key in keys if key[0] == cue_id and (key in self._filled or self._people(key))}

    def granting(self, data: Data) -> None:
        """Before an order counts."""
        for cue_id in {line["cue_id"] for line in data["lines"] if line["cue_id"] is not None}:
            cue, buyer = self._cues[cue_id], data["buyer"]["id"]
            if cue.kind == "bargain":
                helpers = self._helped.get(cue_id, {}).get(buyer, set())
                must(len(helpers) >= cue.spec["friends"], "a bargain for too few helpers", data, helpers)
            if cue.kind != "group_buy":
                continue
            key = cue_id, data["group_id"]
            must(buyer not in {o.buyer for o in self._mine(key).values()}, "twice in a group", data)
            must(key not in self._filled or buyer in self._told.get(key, ()), "a full group grew", data)
            self._orders[data["order_id"]] = key

    def granted(self, data: Data, at: datetime) -> None:
        """Once it counts."""
        key = self._orders.get(data["order_id"])
        if key is None:
            return
        cue = self._cues[key[0]]
        self._fits(key, cue)
        if key not in self._filled and len(self._people(key)) >= cue.spec["size"]:
            self._full_now.add(key)
        if key not in self._filled | self._full_now:
            until = datetime.fromisoformat(data["hold_until"])
            must(until == cue.ends_at, "an order that waits for a group is not held to the end", data, cue)

    def _fits(self, key: tuple[str, str], cue: Cue) -> None:
        must(len(self._people(key)) <= cue.spec["size"], "a group above its size", key, self._people(key))
        must(len(self._opened(cue.cue_id)) <= cue.spec["groups"], "more groups than promised", key, cue)

    def joined(self, data: Data) -> None:
        cue = self._cues.get(data["cue_id"])
        if cue is None or cue.kind != "group_buy" or cue.status not in ("firing", "unknown", "on_air"):
            return
        key, pid = (cue.cue_id, data["group_id"]), data["viewer"]["id"]
        opened, people = self._opened(cue.cue_id), self._people(key)
        if key in self._filled | self._full_now or (key not in opened and len(opened) >= cue.spec["groups"]):
            return
        self._told.setdefault(key, set()).add(pid)
        if len(people | {pid}) >= cue.spec["size"]:
            self._full_now.add(key)

    def filled(self, data: Data) -> None:
        key = data["cue_id"], data["group_id"]
        must(key in self._full_now, "said to be full and is not", data)
        self._full_now.discard(key)
        self._filled.add(key)
        for id_, order in self._mine(key).items():
            if not order.paid:
                self._books.change(id_, until=datetime.fromisoformat(data["hold_until"]))

    def helped(self, data: Data) -> None:
        cue = self._cues.get(data["cue_id"])
        helper, buyer = data["viewer"]["id"], data["for"]["id"]
        running = cue is not None and cue.kind == "bargain" and cue.status in ("firing", "unknown", "on_air")
        if running and helper != buyer:
            self._helped.setdefault(data["cue_id"], {}).setdefault(buyer, set()).add(helper)

    def closing(self, data: Data, at: datetime, actor: str) -> None:
        """Before an order is closed: by the clock only where its group was not full, and at the end."""
        if actor != "clock":
            return
        key = self._orders.get(data["order_id"])
        must(key is not None and data["reason"] == UNFILLED, "the clock closed an order", data)
        assert key is not None
        cue = self._cues[key[0]]
        over = cue.status == "ended" or (cue.ends_at is not None and at >= cue.ends_at)
        must(key not in self._filled and over, "a group lapsed that was full, or too early", data, cue)

    def lapsing(self, order_id: str) -> None:
        key = self._orders.get(order_id)
        must(key is None or key in self._filled, "a hold lapsed that waits for its group", order_id)

    def all_full(self, cue: Cue) -> bool:
        return len([key for key in self._filled if key[0] == cue.cue_id]) >= int(cue.spec["groups"])

    def owes(self, cue: Cue) -> bool:
        """Money of its groups that were not full has not gone back."""
        orders = [self._books.orders[id_] for id_, key in self._orders.items() if key[0] == cue.cue_id]
        return any(o.unfilled and o.closed and o.paid_fen > o.refund for o in orders)

    def commit_ends(self) -> None:
        must(not self._full_now, "a group is full and nobody says so", self._full_now)
