"""售后高峰: what buyers do after the order, and what they do when somebody at the shop helps them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import buyers, scenario
from liveconsole.connectors.rehearsal.buyers import Buyers
from liveconsole.connectors.rehearsal.headless import EPOCH
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.connectors.rehearsal.world import World

OPEN = RehearsalRoom(open=True, free={product.id: product.stock for product in scenario.products()})
Fact = dict[str, Any]


class Evening:
    """A world that is lived in second by second; ``helps``: what somebody at the shop does with each case."""

    def __init__(self, helps: str = "", name: str = "after_peak") -> None:
        phrases = scenario.phrases()
        self.world = World(scenario.load(name), 1, EPOCH, products=scenario.products(), phrases=phrases)
        self.facts: list[Fact] = []
        self._helps = helps

    def live(self, seconds: int) -> Evening:
        for second in range(1, seconds + 1):
            moment = self.world.step(EPOCH + timedelta(seconds=second), OPEN)
            self.facts += [dict(fact) for fact in moment.facts]
            for data in [fact["data"] for fact in moment.facts if fact["type"] == "aftersale.updated"]:
                if self._helps and data["status"] == "asked":
                    self.world.shop_did(data["aftersale_id"], data["order_id"], self._helps, done=True)
        return self

    def of(self, type_: str) -> list[Fact]:
        return [fact["data"] for fact in self.facts if fact["type"] == type_]

    def statuses(self) -> Counter[str]:
        return Counter(data["status"] for data in self.of("aftersale.updated"))


def test_parcels_come_or_stay_and_their_buyers_ask_and_review() -> None:
    evening = Evening().live(120)
    before = [data for data in evening.of("order.placed") if data["order_id"].startswith("B")]
    assert len(before) == 24
    shipped = Counter(data["status"] for data in evening.of("order.shipment"))
    assert shipped["shipped"] >= 24
    assert shipped["exception"] > 2
    assert shipped["delivered"] > 8
    assert {"refund", "return"} <= {data["kind"] for data in evening.of("aftersale.updated")}
    assert evening.of("review.posted")
    assert {data["status"] for data in evening.of("aftersale.updated")} == {"asked"}


def test_what_buyers_think_of_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buyers, "BOUGHT_MOST", 10)
    evening = Evening("accept").live(200)
    them = evening.world._shoppers.buyers
    assert them is not None
    assert len(them._bought) == 10
    assert len(them._of_case) <= 10


def test_who_gets_no_answer_goes_to_the_platform() -> None:
    statuses = Evening().live(500).statuses()
    assert statuses["platform"] > 5
    assert statuses["refunded"] == 0


def test_who_is_helped_has_his_money_back_once_and_comes_again() -> None:
    evening = Evening("accept").live(500)
    statuses = evening.statuses()
    assert statuses["platform"] == 0
    assert statuses["refunded"] > 5
    refunds = [data["refund_id"] for data in evening.of("order.refunded")]
    assert len(refunds) == len(set(refunds)) == statuses["refunded"]
    helped = {data["order_id"] for data in evening.of("order.refunded")}
    people = [data["buyer"]["id"] for data in evening.of("order.placed") if data["order_id"] in helped]
    again = [data for data in evening.of("order.placed") if data["buyer"]["id"] in people]
    assert len(again) > len(people)


def test_who_is_refused_goes_to_the_platform_too() -> None:
    assert Evening("reject").live(600).statuses()["platform"] > 5


def test_twin_without_patience_nobody_disputes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Buyers, "_to_the_platform", lambda _self, _one: None)
    assert Evening().live(500).statuses()["platform"] == 0


def test_other_scenarios_know_nothing_of_it() -> None:
    evening = Evening(name="quiet").live(120)
    assert not evening.world.has_buyers
    assert {"order.shipment", "aftersale.updated", "review.posted"}.isdisjoint(
        fact["type"] for fact in evening.facts
    )
