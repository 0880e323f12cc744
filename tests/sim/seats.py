"""Three seats that press what they think they see, twice if they like, and what a room is made of before."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from tests.sim import after_orders, before_the_day, friends, levels
from tests.sim.bags import KEYWORD
from tests.sim.clients import Commands
from tests.sim.platform import MS
from tests.sim.stage import QUEUE
from tests.sim.world import EPOCH, World

Data = dict[str, Any]
PRODUCTS = ("scarf", "hat", "pot", "lamp")
PRICES = {"scarf": 9900, "hat": 4900, "pot": 12900, "lamp": 6900}
BUYERS = [f"buyer-{n}" for n in range(7)]


class Script:
    """What a room is made of before anybody comes in."""

    def __init__(self, world: World, commands: Commands, dice: Random) -> None:
        platform = "rehearsal" if world.disk.meta.simulated else dice.choice(["own", "own", "manual"])
        self.settings: Data = {
            "platform": platform,
            "recall_seconds": dice.choice([0, 1, 2, 3, 3]),
            "hold_seconds": dice.choice([4, 8, 15]),
            "four_eyes": dice.random() < 0.4,
            "proposal_seconds": dice.choice([None, None, 10, 15]),
            "randomness": "drand" if dice.random() < 0.12 else "local",
        }
        if Random(f"{world.seed}/levels").random() < 0.5:
            self.settings["shop_coupons"] = levels.coupons()
        products = [put(p, PRICES[p], dice.randint(4, 16), PRICES[p] // 3) for p in PRODUCTS]
        self._asks = [
            ("room.set", self.settings),
            ("catalogue.put", {"products": products}),
            ("cart.add", {"product_ids": list(PRODUCTS)}),
            ("broadcast.open", {"title": "晚场"}),
        ]
        self._commands = commands
        self.ready = False
        self._next({})

    def _next(self, _answer: Data) -> None:
        if self._asks:
            type_, data = self._asks.pop(0)
            self._commands.ask("host", type_, data, self._next, tries=100)
        else:
            self.ready = True


def put(product_id: str, price: int, stock: int, floor: int | None) -> Data:
    return {
        "product_id": product_id,
        "title": product_id,
        "price_fen": price,
        "stock": stock,
        "floor_fen": floor,
    }


class Seat:
    """Host, operator or assistant: what it sees is up to three seconds old."""

    def __init__(self, world: World, commands: Commands, script: Script, role: str, dice: Random) -> None:
        self._world = world
        self._commands = commands
        self._script = script
        self._role = role
        self._dice = dice
        self._cues = 0
        self._seen: list[tuple[str, str, str]] = []
        """(cue id, kind, status)"""
        self._specs: dict[str, Data] = {}
        self.resting = False
        world.later(dice.randint(100, 900) * MS, self._look)
        world.later(dice.randint(800, 1600) * MS, self._act)

    def _look(self) -> None:
        cues = self._world.checker.stage.cues
        self._seen = [(c.cue_id, c.kind, c.status) for c in list(cues.values())[-12:]]
        self._specs = {cue_id: cues[cue_id].spec for cue_id, _, _ in self._seen}
        self._world.later(self._dice.randint(500, 3_500) * MS, self._look)

    def _act(self) -> None:
        if self.resting:
            return
        self._world.later(self._dice.randint(400, 3_600) * MS, self._act)
        if not self._script.ready:
            return
        names = list(_ACTS)
        getattr(self, "_" + self._dice.choices(names, list(_ACTS.values()))[0])()

    def _ask(self, type_: str, data: Data) -> None:
        faults, role = self._world.faults, self._role
        if faults.strikes("seat.wrong_role"):
            role = self._dice.choice(["producer", "viewer", "assistant", "overlay"])
        if faults.strikes("seat.nonsense"):
            wrong: list[tuple[str, Data]] = [
                (type_, {}),
                ("cue.explode", data),
                (type_, {"cue_id": 3}),
                (type_, {"cue_id": "x" * 600}),
            ]
            type_, data = self._dice.choice(wrong)
        self._commands.ask(role, type_, data)

    def _some(self, *statuses: str, kind: str = "") -> tuple[str, str, str] | None:
        found = [seen for seen in self._seen if seen[2] in statuses and (not kind or seen[1] == kind)]
        return self._dice.choice(found) if found else None

    def _spec(self, kind: str) -> Data:
        dice, product = self._dice, self._dice.choice(PRODUCTS)
        seconds = dice.randint(4, 20)
        if kind == "flash_sale":
            sale: Data = {
                "sku_id": product,
                "price_fen": PRICES[product] * dice.randint(36, 80) // 100,
                "quantity": dice.randint(1, 5),
            }
            if dice.random() < 0.2:
                other = dice.choice([p for p in PRODUCTS if p != product])
                second = {"sku_id": other, "price_fen": PRICES[other] // 2, "quantity": dice.randint(1, 3)}
                sale = {"skus": [sale, second]}
            return {**sale, "per_buyer": 1 + (dice.random() < 0.3), "seconds": seconds}
        if kind == "coupon":
            rule: Data = dice.choice(
                [{"off_fen": 500}, {"threshold_fen": 9000, "off_fen": 1500}, {"zhe": "8.5"}]
            )
            coupon: Data = {
                "name": "券",
                "rule": rule,
                "quantity": dice.randint(1, 4),
                "per_buyer": 1,
                "seconds": seconds,
            }
            if dice.random() < 0.5:
                coupon["scope"] = {"product_ids": [product]}
            if dice.random() < 0.3:
                coupon["audience"] = "new"
            if dice.random() < 0.15:
                coupon["countdown_seconds"] = 10
            return coupon | ({"valid_seconds": dice.randint(5, 40)} if dice.random() < 0.5 else {})
        if kind == "lucky_bag":
            entry: Data = {"keyword": KEYWORD, "match": dice.choice(["exact", "lenient", "contains"])}
            bag: Data = {
                "prize": {"name": "杯子", "value_fen": 9900},
                "winners": dice.randint(1, 3),
                "entry": entry if dice.random() < 0.85 else {},
                "seconds": seconds,
                "claim": {"seconds": dice.randint(3, 12), "followed": dice.random() < 0.5},
                "exclude": [dice.choice(BUYERS)] if dice.random() < 0.5 else [],
            }
            if dice.random() < 0.4:
                gap, once = dice.choice([0, 3, 6]), dice.random() < 0.8
                bag["series"] = {"count": dice.randint(2, 3), "gap_seconds": gap, "once": once}
                bag["seconds"] = dice.randint(3, 8)
            return bag | ({"draw": "platform"} if dice.random() < 0.25 else {})
        if kind == "bundle":
            return self._bundle(product, seconds)
        if kind == "gift":
            gift = dice.choice([p for p in PRODUCTS if PRICES[p] < PRICES[product]] or ["hat"])
            buy: Data = {"product_ids": [product], "units": dice.choice([1, 2])}
            return {
                "buy": buy if dice.random() < 0.7 else {"threshold_fen": dice.choice([9_000, 15_000])},
                "gift": {"sku_id": gift, "quantity": 1 + (dice.random() < 0.2)},
                "quantity": (most := dice.randint(1, 4)),
                "per_buyer": min(most, 1 + (dice.random() < 0.3)),
                "seconds": seconds,
            }
        if kind == "first_come":
            match = dice.choice(["exact", "lenient", "contains", "contains"])
            line: Data = {
                "keyword": KEYWORD,
                "match": match,
                "places": dice.randint(1, 4),
                "seconds": max(15, seconds),
            }
            return line | ({"sku_id": product, "price_fen": PRICES[product] * 9 // 10} if seconds % 2 else {})
        if kind == "pk":
            return {"opponent": "小美", "seconds": 20, "rounds": dice.choice([1, 2, 2])}
        if kind == "red_packet":
            return {"total_fen": dice.randint(100, 9_999), "packets": dice.randint(1, 50), "seconds": seconds}
        if kind in friends.KINDS:
            return friends.spec_of(kind, dice, product, PRICES[product], seconds)
        return {"product_id": product}

    def _bundle(self, product: str, seconds: int) -> Data:
        dice = self._dice
        other = dice.choice([p for p in PRODUCTS if p != product])
        units = {p: 1 + int(dice.random() < 0.3) for p in (product, other)}
        items = [{"sku_id": p, "quantity": n} for p, n in units.items()]
        apart = sum(PRICES[p] * n for p, n in units.items())
        most = dice.randint(1, 3)
        return {
            "items": items,
            "price_fen": apart * dice.randint(25, 90) // 100 + dice.randint(0, 2),
            "quantity": most,
            "per_buyer": min(most, 1 + (dice.random() < 0.3)),
            "seconds": seconds,
        }

    def _add(self) -> None:
        kind = self._dice.choices(list(_KINDS), list(_KINDS.values()))[0]
        self._cues += 1
        data: Data = {
            "cue_id": f"{self._role[0]}-{kind}-{self._cues}",
            "kind": kind,
            "spec": self._spec(kind),
        }
        if self._dice.random() < 0.15:
            at = EPOCH + timedelta(microseconds=self._world.now, seconds=self._dice.randint(2, 15))
            data["at"] = at.isoformat()
            if kind != "pin" and self._dice.random() < 0.4:
                data["repeat"] = {"minutes": 1, "times": self._dice.choice([2, 2, 3])}
        self._ask("cue.add", data)

    def _edit(self) -> None:
        refused = self._some("refused", kind="flash_sale")
        seen = refused or self._some(*QUEUE, "recallable", "ended")
        if seen is not None:
            spec = self._mended(seen[0]) if refused is not None else self._spec(seen[1])
            self._ask("cue.edit", {"cue_id": seen[0], "spec": spec})

    def _mended(self, cue_id: str) -> Data:
        """The goods that the platform refused, at another price and in another number."""
        dice, goods = self._dice, list(self._world.checker.books.sales[cue_id].skus)
        skus = [
            {
                "sku_id": sku,
                "price_fen": PRICES[sku] * dice.randint(36, 80) // 100,
                "quantity": dice.randint(1, 5),
            }
            for sku in goods
        ]
        return {"skus": skus, "per_buyer": 1, "seconds": dice.randint(4, 20)}

    def _approve(self) -> None:
        seen = self._some("queued", "rejected", "missed", "standby")
        if seen is not None:
            self._ask("cue.approve", {"cue_id": seen[0]})

    def _fire(self) -> None:
        seen = self._some("approved") or self._some(*QUEUE, "on_air")
        if seen is None:
            return
        data: Data = {"cue_id": seen[0]}
        if self._dice.random() < 0.5:
            data["expect"] = self._specs[seen[0]]
            if self._world.faults.strikes("seat.stale"):
                data["expect"] = {**self._specs[seen[0]], "seconds": 7777}
        self._ask("cue.fire", data)

    def _recall(self) -> None:
        seen = self._some("recallable", "firing", "on_air", "approved")
        if seen is not None:
            self._ask("cue.recall", {"cue_id": seen[0]})

    def _stop(self) -> None:
        if self._dice.random() < 0.1 and (rain := self._some("on_air", kind="lucky_bag")) is not None:
            self._ask("bag.no_more", {"cue_id": rain[0]})
            return
        seen = self._some("on_air", "firing", "unknown", "recallable")
        if seen is not None:
            self._ask("cue.stop", {"cue_id": seen[0], "reason": self._dice.choice(["", "卖错了"])})

    def _pin(self) -> None:
        what = self._dice.choice(["pin", "pin", "unpin", "next"])
        if what == "pin":
            self._ask("cart.pin", {"product_id": self._dice.choice(PRODUCTS)})
        elif what == "unpin":
            self._ask("cart.unpin", {})
        else:
            self._ask("go.next", {})

    def _confirm(self) -> None:
        """What a person sees on the phone: the truth, where there is a ledger, and mostly patience."""
        cues = self._world.checker.stage.cues
        waiting = [
            c
            for c in cues.values()
            if c.key and (c.status in ("firing", "unknown", "on_air") or c.step == "ended")
        ]
        if not waiting:
            return
        cue = self._dice.choice(waiting)
        rehearsal = self._script.settings["platform"] == "rehearsal"
        done = self._world.ledger.outcome(cue.key) == "done" if rehearsal else self._dice.random() < 0.85
        self._ask("cue.confirm", {"cue_id": cue.cue_id, "step": cue.step, "done": done})

    def _stock(self) -> None:
        sku, dice = self._dice.choice(PRODUCTS), self._dice
        if dice.random() < 0.7:
            self._ask("stock.add", {"sku_id": sku, "by": dice.randint(-3, 4)})
        else:
            units, each = (dice.choice([None, dice.randint(*span)]) for span in ((3, 30), (1, 6)))
            self._ask("stock.limit", {"sku_id": sku, "units": units, "per_buyer": each})

    def _catalogue(self) -> None:
        product = self._dice.choice(PRODUCTS)
        price = PRICES[product]
        floor = price * self._dice.choice([25, 33, 33, 50, 65]) // 100
        self._ask("catalogue.put", {"products": [put(product, price, self._dice.randint(2, 14), floor)]})

    def _again(self) -> None:
        seen = self._some("ended", "on_air")
        if seen is not None:
            self._ask("cue.again", {"cue_id": seen[0]})

    def _rundown(self) -> None:
        """排品表: what is talked about, with the promotions that come along."""
        dice, product = self._dice, self._dice.choice(PRODUCTS)
        segment: Data = {
            "segment_id": f"seg-{dice.randint(1, 3)}",
            "title": "讲",
            "minutes": dice.choice([1, 3, 5]),
            "product_id": product,
        }
        if dice.random() < 0.4:
            soon = EPOCH + timedelta(microseconds=self._world.now, seconds=dice.randint(20, 90))
            segment |= {"anchor_at": soon.isoformat(), "least_minutes": 0.2}
        if dice.random() < 0.6:
            kind = dice.choice(["flash_sale", "coupon", "lucky_bag", "bundle", "gift"])
            segment["cues"] = [{"kind": kind, "spec": self._spec(kind)}]
        id_, other = segment["segment_id"], f"seg-{dice.randint(1, 3)}"
        asks: list[tuple[str, Data]] = [
            ("rundown.put", {"segments": [segment]}),
            ("rundown.put", {"segments": [segment]}),
            ("rundown.move", {"segment_id": id_, "before": other}),
            ("rundown.move", {"segment_id": other, "before": id_}),
            ("rundown.move", {"segment_id": id_}),
            ("rundown.move", {"segment_id": other}),
            ("rundown.remove", {"segment_ids": [id_]} if dice.random() < 0.6 else {"segment_ids": []}),
            ("rundown.duplicate", {"segment_id": id_}),
        ]
        self._ask(*dice.choice(asks))

    def _keep(self) -> None:
        """A segment must begin soon, others come first: whichever way is thought of."""
        soon = EPOCH + timedelta(microseconds=self._world.now, seconds=self._dice.randint(20, 90))
        rows: list[Data] = [
            {"segment_id": "seg-1", "minutes": 4, "least_minutes": 1},
            {"segment_id": "seg-2", "minutes": 3, "tag": "proof"},
            {"segment_id": "seg-3", "minutes": 1, "anchor_at": soon.isoformat()},
        ]
        way = self._dice.choice(["shorten", "skip", "swap", "combine"])
        self._ask("rundown.put", {"segments": rows})
        self._ask("rundown.keep", {"segment_id": "seg-3", "way": way})

    def _word(self) -> None:
        """A line to the host, and what she promised aloud."""
        pledges, law = self._world.checker.shadow.pledges, self._world.checker.shadow.law
        asks: list[tuple[str, Data]] = [
            ("note.put", {"text": "喝口水"}),
            ("note.clear", {}),
            ("pledge.put", {"text": "多送小样"}),
            ("pledge.clear", {"pledge_id": next(iter(pledges), "none")}),
            ("question.answer", {"text": "起球吗", "reply": "不起球"}),
            ("review.note", {"subject": f"product:{PRODUCTS[0]}", "step": "person", "verdict": "passed"}),
            ("right.put", {"title": "片头曲", "kind": "music"}),
            ("right.remove", {"right_id": next(iter(law.rights), "none")}),
            ("violation.note", {"text": "说了最"}),
            ("board.type", {"name": "exposure", "value": self._dice.randrange(10**6)}),
            ("switchback.plan", {"name": "福袋", "minutes": 2, "blocks": 6}),
            ("switchback.drop", {"plan_id": "none"}),
            ("violation.step", {"violation_id": next(iter(law.violations), "none"), "step": "kept"}),
        ]
        self._ask(*self._dice.choice(asks))
        if self._dice.random() < 0.6:
            self._at_the_comment_desk()
        if self._dice.random() < 0.2:
            now = EPOCH + timedelta(microseconds=self._world.now)
            for ask in before_the_day.asked(self._world.checker.shadow, self._dice, now, BUYERS[0]):
                self._ask(*ask)

    def _at_the_comment_desk(self) -> None:
        """Somebody is hidden, and mostly shown again; an answer is written, and mostly taken out."""
        who: Data = {"viewer_id": BUYERS[0]}
        asks: list[tuple[str, Data]] = [
            ("viewer.mute", {**who, "block": self._dice.random() < 0.5}),
            ("viewer.confirm", who),
            ("viewer.unmute", who),
            ("answer.put", {"answer_id": "a1", "question": "起球吗", "zh": "不起球"}),
            ("answer.remove", {"answer_id": "a1"}),
            *after_orders.asked(self._world.checker, self._dice),
        ]
        for ask in (one for one in asks if self._dice.random() < 0.9):
            self._ask(*ask)

    def _cart(self) -> None:
        product = self._dice.choice(PRODUCTS)
        asks: list[tuple[str, Data]] = [
            ("cart.remove", {"product_id": product}),
            ("cart.add", {"product_ids": [product]}),
            ("cart.add", {"product_ids": list(PRODUCTS)}),
            ("cart.move", {"product_id": product, "to": self._dice.randint(1, 4)}),
            ("cart.renumber", {}),
        ]
        self._ask(*self._dice.choice(asks))

    def _measure(self) -> None:
        """What the platform's own page says, typed in; and the names that it drew."""
        bags = self._dice.random() < 0.5
        seen = self._some("on_air", "ended", kind="lucky_bag" if bags else "")
        if seen is not None and seen[1] == "lucky_bag" and self._specs[seen[0]].get("draw") == "platform":
            self._ask("bag.winners", {"cue_id": seen[0], "names": ["某人"]})
        elif seen is not None:
            score = {"ours": self._dice.randint(0, 99), "theirs": self._dice.randint(0, 99)}
            self._ask("cue.measure", {"cue_id": seen[0], "sold": self._dice.randint(0, 3), **score})

    def _shelf(self) -> None:
        self._ask(
            "product.shelf", {"product_id": self._dice.choice(PRODUCTS), "on": self._dice.random() < 0.8}
        )

    def _room(self) -> None:
        changes: list[Data] = [
            {"four_eyes": self._dice.random() < 0.4},
            {"hold_seconds": self._dice.choice([4, 8, 15])},
            {"recall_seconds": self._dice.choice([0, 2, 3])},
        ]
        self._ask("room.set", self._dice.choice(changes))

    def _halt(self) -> None:
        self._ask("room.halt", {})

    def _broadcast(self) -> None:
        self._ask(self._dice.choice(["broadcast.close", "broadcast.open", "broadcast.open"]), {})

    def _settle(self) -> None:
        bags = [(id_, bag) for id_, bag in self._world.checker.bags() if bag.winners]
        if bags:
            cue_id, bag = self._dice.choice(bags)
            who = self._dice.choice([*bag.winners, *bag.alternates])
            self._ask("bag.settle", {"cue_id": cue_id, "viewer_id": who, "ok": self._dice.random() < 0.6})

    def _free(self) -> None:
        """Somebody is taken off a list, or one who is not on it."""
        lists = [
            cue for cue in self._world.checker.stage.cues.values() if cue.line is not None and cue.line.line
        ]
        if lists:
            cue = self._dice.choice(lists)
            assert cue.line is not None
            known = self._world.disk.persons
            people = [known[pid][0] for pid in cue.line.line if pid in known]
            self._ask("place.free", {"cue_id": cue.cue_id, "viewer_id": self._dice.choice([*people, "x"])})

    def _order(self) -> None:
        seen = self._some(*QUEUE)
        if seen is not None:
            act = self._dice.choice(["cue.move", "cue.remove", "cue.reject", "cue.move"])
            self._ask(act, {"cue_id": seen[0]})


_KINDS = {
    "flash_sale": 5,
    "lucky_bag": 3,
    "coupon": 3,
    "pin": 1,
    "bundle": 2,
    "gift": 4,
    "first_come": 4,
    "pk": 2,
    "red_packet": 1,
    "group_buy": 2,
    "bargain": 1.5,
}
"""How often each is proposed."""
_ACTS = {
    "add": 9,
    "approve": 8,
    "fire": 11,
    "recall": 1.2,
    "stop": 1.2,
    "pin": 2,
    "confirm": 4,
    "edit": 2,
    "stock": 1.2,
    "catalogue": 1,
    "shelf": 1,
    "cart": 1.2,
    "again": 0.7,
    "rundown": 3.0,
    "keep": 2.0,
    "word": 0.9,
    "measure": 0.8,
    "room": 0.6,
    "halt": 0.35,
    "broadcast": 0.5,
    "settle": 1.5,
    "free": 1.6,
    "order": 0.8,
}
