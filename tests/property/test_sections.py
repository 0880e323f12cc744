"""What is kept and told in parts is what would be made anew, whatever happens, however seldom one reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from liveconsole.domain import decide
from liveconsole.domain.judge import NoChance
from liveconsole.domain.tick import next_due
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from liveconsole.views.state import can, marks, rows, sections
from liveconsole.views.state.can import ACTS
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.moments import Horizon
from liveconsole.views.state.revisions import KeptRevisions
from liveconsole.views.state.sections import Sections
from tests.state_reader import NoNames, StateReader, fresh
from tests.unit.domain.desk import SALE, Desk, placed, product, request

ROLES = ("host", "operator", "assistant", "viewer")
STEPS = ("on_air", "ended")
PRICES = (4900, 9900)
COUPON = {"name": "减8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "alternates": 1, "entry": {"keyword": "要"}}


class Evening:
    """A room to which anything may happen, and readers who look at it at any time."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        platform = self.dice.choice(["own", "own", "own", "manual", "rehearsal"])
        self.desk = Desk(
            platform,
            recall_seconds=self.dice.choice([0, 3]),
            four_eyes=self.dice.random() < 0.2,
            proposal_seconds=self.dice.choice([None, 40]),
        )
        self.desk.ok("catalogue.put", {"products": [product("hat", 4900, 20, floor_fen=3000)]})
        for kind in self.dice.sample(["flash_sale", "coupon", "lucky_bag"] * 2, 5):
            cue_id = self._new(kind)
            self.desk.ask("cue.add", {"cue_id": cue_id, "kind": kind, "spec": self._spec(kind)}, "operator")
            if self.dice.random() < 0.6:
                self.desk.ask("cue.fire", {"cue_id": cue_id})
        self.sections = Sections("log")
        self.told = 0
        self.readers = [StateReader(role) for role in ROLES]
        self.made = 0

    def step(self) -> None:
        dice, desk = self.dice, self.desk
        what = dice.random()
        if what < 0.6:
            type_, data = self._command()
            desk.ask(type_, data, dice.choice(["host"] * 5 + ["operator", "assistant"]))
        elif what < 0.85:
            desk.fact(*self._fact())
        else:
            due = next_due(desk.room)
            if due is not None and dice.random() < 0.5:
                desk.now = max(desk.now, due)  # nobody has looked at the clock yet
            else:
                desk.wait(dice.choice([0.5, 3, 7, 20]))

    def _mostly(self) -> bool:
        return self.dice.random() < 0.75

    def _new(self, letter: str) -> str:
        return f"{letter}{len(self.desk.log)}"

    def _some(self, kind: str = "") -> str:
        room = self.desk.room
        if of_kind := [cue.cue_id for cue in room.cues.values() if cue.kind == kind]:
            return self.dice.choice(of_kind)
        alive = [*room.queue, *room.live] if self.dice.random() < 0.8 else []
        return self.dice.choice(alive or list(room.cues) or ["none"])

    def _command(self) -> tuple[str, dict[str, Any]]:
        dice, cue_id, room = self.dice, self._some(), self.desk.room
        type_ = dice.choice(
            ["cue.add", "cue.fire", "coupon.claim", "bag.settle", "order.request"] * 4
            + ["cue.approve", "cue.stop", "cue.confirm", "cue.edit"] * 2
            + [
                "cue.reject",
                "cue.recall",
                "cue.remove",
                "cue.move",
                "cue.measure",
                "cue.again",
                "bag.winners",
            ]
            + ["cart.pin", "cart.add", "cart.remove", "go.next", "rundown.put", "note.put", "pledge.put"]
            + ["stock.add", "product.shelf", "catalogue.put", "room.set", "room.halt"]
            + ["broadcast.close", "broadcast.open", "broadcast.open"]
        )
        product_id, bag_id = dice.choice(["hat", "scarf"]), self._some("lucky_bag")
        kind = room.cues[cue_id].kind if room.cues else "pin"
        winners = [w.viewer_id for cue in room.cues.values() if cue.bag for w in cue.bag.winners] or ["x"]
        whole: dict[str, dict[str, Any]] = {
            "cue.add": self._cue(),
            "cue.fire": {"cue_id": dice.choice(room.queue or ["none"])},
            "cue.confirm": {"cue_id": cue_id, "step": dice.choice(STEPS), "done": self._mostly()},
            "cue.stop": {"cue_id": cue_id, "reason": "r"},
            "cue.edit": {"cue_id": cue_id, "spec": self._spec(kind)},
            "cue.move": {"cue_id": cue_id, "before": self._some()},
            "bag.settle": {"cue_id": bag_id, "viewer_id": dice.choice(winners), "ok": self._mostly()},
            "bag.winners": {"cue_id": cue_id, "names": ["甲"]},
            "cart.pin": {"product_id": product_id},
            "go.next": {},
            "cart.add": {"product_ids": [product_id]},
            "cart.remove": {"product_id": product_id},
            "order.request": request(self._new("r"), dice.choice("ab"), sku_id=product_id, **self._coupon()),
            "coupon.claim": {"cue_id": self._some("coupon"), "viewer": {"id": dice.choice("ab")}},
            "stock.add": {"sku_id": product_id, "by": dice.choice([-5, 5])},
            "note.put": {"text": "嗯"},
            "pledge.put": {"text": "送"},
            "product.shelf": {"product_id": product_id, "on": self._mostly()},
            "catalogue.put": {"products": [product(product_id, dice.choice(PRICES), 20, x=dice.random())]},
            "room.set": {"hold_seconds": dice.choice([5, 900]), "four_eyes": dice.random() < 0.2},
            "broadcast.close": {},
            "broadcast.open": {},
            "room.halt": {},
            "cue.measure": {"cue_id": cue_id, "sold": 1, "claimed": 2},
            "rundown.put": {"segments": [{"segment_id": "s", "product_id": product_id, "cues": [
                {"kind": "flash_sale", "spec": self._spec("flash_sale")}]}]},
        }  # fmt: skip
        return type_, whole.get(type_, {"cue_id": cue_id})

    def _cue(self) -> dict[str, Any]:
        kind = self.dice.choice(["flash_sale"] * 3 + ["coupon", "lucky_bag"])
        data = {"kind": kind, "spec": self._spec(kind), "cue_id": f"c{len(self.desk.log)}"}
        if self.dice.random() < 0.3:
            data["at"] = (self.desk.now + timedelta(seconds=self.dice.choice([20, 65, 90]))).isoformat()
        return data

    def _spec(self, kind: str) -> dict[str, Any]:
        dice = self.dice
        if kind == "coupon":
            return COUPON | {"valid_seconds": dice.choice([30, 300]), "seconds": dice.choice([30, 90])}
        if kind == "lucky_bag":
            return BAG | {"seconds": dice.choice([30, 90]), "claim": {"seconds": dice.choice([10, 600])},
                          "draw": dice.choice(["console", "console", "platform"])}  # fmt: skip
        if kind == "pin":
            return {"product_id": dice.choice(["hat", "scarf"])}
        sku_id = dice.choice(["hat", "scarf"])
        return SALE | {"sku_id": sku_id, "price_fen": dice.choice([2900, 3900]), "per_buyer": 1,
                       "quantity": dice.choice([1, 3, 8]), "seconds": dice.choice([30, 90])}  # fmt: skip

    def _coupon(self) -> dict[str, Any]:
        coupons = list(self.desk.room.coupons)
        return {"coupon_id": self.dice.choice(coupons)} if coupons and self.dice.random() < 0.6 else {}

    def _fact(self) -> tuple[str, dict[str, Any]]:
        dice = self.dice
        order_id = dice.choice(list(self.desk.room.orders) or ["o"])
        viewer: dict[str, Any] = {"viewer": {"id": dice.choice("abcd")}}
        return dice.choice(
            [
                ("comment.posted", {**viewer, "text": "要"}),
                ("viewer.followed", viewer),
                ("room.measured", {"online": dice.randint(1, 9)}),
                ("stock.measured", {"sku_id": dice.choice(["hat", "scarf", "no"]), "on_hand": 3}),
                ("promotion.measured", {"cue_id": dice.choice(["x", self._some()]), "sold": 1}),
                ("order.placed", placed(self._new("o"), dice.choice("ab"), dice.choice([1, 4]), 3900,
                                        sku_id=dice.choice(["hat", "scarf", "no"]))),
                ("order.paid", {"order_id": order_id, "paid_fen": 3900}),
                ("order.closed", {"order_id": order_id, "reason": ""}),
                ("order.refunded", {"order_id": order_id, "refund_fen": 100}),
            ]
        )  # fmt: skip

    def look(self, reader: StateReader) -> set[str]:
        desk = self.desk
        self.sections.mark(event.type for event in desk.log[self.told :])
        self.told = len(desk.log)
        health = {"sources": {"/shop": {"last_at": desk.log[0].at, "events": 1}}}
        answer = self.sections.answer(
            StateInputs(desk.room, desk.now, NoNames(), health), reader.role, reader.have
        )
        moved = reader.take(answer)
        reader.must_be(fresh(desk.room, desk.now, reader.role, health=health))
        return moved

    def promises_kept(self, role: str) -> None:
        """`can` is what the engine answers, to the commands as a seat sends them."""
        desk = self.desk
        for cue in desk.shown(role).cues:
            known = desk.room.cues[cue.cue_id]
            for act, (type_, data_of) in ACTS.items():
                said = getattr(cue.can, act)
                sent = msgspec.to_builtins(data_of(known))
                answer = decide.decide(desk.room, Command("", type_, sent, role), desk.now, NoChance())
                code = answer.code if isinstance(answer, Refused) else True
                if act == "edit" and code not in (True, "forbidden", "too_late", "unknown_cue"):
                    code = True  # it may be edited, but not into what it is
                assert (said if said is True else said.code) == code, (cue.cue_id, cue.status, act)


def unordered(difference: Callable[[KeptRevisions, int, dict[str, bytes]], bytes | None]) -> Any:
    """As if the order of what was there before were no matter."""

    def told(self: KeptRevisions, revision: int, rows_: dict[str, bytes]) -> bytes | None:
        before = self._kept.get(revision)
        if before is not None:
            self._kept[revision] = {id_: before[id_] for id_ in rows_ if id_ in before} | before
        return difference(self, revision, rows_)

    return told


@pytest.mark.parametrize("seed", range(60))
def test_parts_make_the_whole_and_can_is_what_the_engine_answers(seed: int) -> None:
    evening = Evening(seed)
    moved: set[str] = set()
    for _ in range(40):
        evening.step()
        for reader in evening.dice.sample(evening.readers, evening.dice.choice([0, 1, 1, 2])):
            moved |= evening.look(reader)
        evening.promises_kept(evening.dice.choice(ROLES))
    for reader in evening.readers:
        moved |= evening.look(reader)
        assert evening.look(reader) == set(), "nothing has happened since"
    assert {"cues", "catalogue"} <= moved


SHORT = {
    "a payment is not marked": (marks.MARKS, "order.paid", frozenset({"orders"})),
    "an end is not marked": (marks.MARKS, "cue.ended", frozenset()),
    "a claimed coupon is not marked": (marks.MARKS, "coupon.claimed", frozenset()),
    "a settled prize is not marked": (marks.MARKS, "bag.settled", frozenset()),
    "an entrant is not marked": (marks.MARKS, "bag.entered", frozenset()),
    "units that came are not marked": (marks.MARKS, "stock.added", frozenset()),
    "a number in the cart is not marked": (marks.MARKS, "cart.added", frozenset()),
    "time moves nothing": (Horizon, "passed", lambda *_: False),
    "prices rest on nothing": (sections, "GROUND", frozenset()),
    "rights do not hang on stock": (rows, "rests_on", lambda room, cue: ()),
    "rights hang on nothing": (rows, "_hangs_on", lambda room, cue, ground: None),
    "the difference does not look at the order": (
        KeptRevisions,
        "difference",
        unordered(KeptRevisions.difference),
    ),
    "a right that drifts from its rule": (can, "_may", lambda room, cue, act, role, ctx: True),
}
"""Planted bugs: owner, name, what stands there instead."""
SEEN_AT = {
    "a claimed coupon is not marked": 13,
    "a settled prize is not marked": 14,
    "an entrant is not marked": 97,
    "rights do not hang on stock": 12,
}
"""A seed that sees it, tried first. Where the rooms of the seeds have changed it is looked for longer."""


@pytest.mark.parametrize("bug", SHORT)
def test_what_is_left_out_is_seen(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, instead = SHORT[bug]
    if isinstance(owner, dict):
        monkeypatch.setitem(owner, name, instead)
    else:
        monkeypatch.setattr(owner, name, instead)
    for seed in (SEEN_AT.get(bug, 0), *range(150)):
        try:
            test_parts_make_the_whole_and_can_is_what_the_engine_answers(seed)
        except AssertionError:
            return
    pytest.fail(f"nobody saw it: {bug}")
