"""Dry runs have a budget and a thread of their own: whatever they are asked, 全停 is answered at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

import pytest

from liveconsole.domain import stacking
from liveconsole.messages.bounds import DRY_RUN_SECONDS
from liveconsole.messages.specs import CouponRule, ShopCoupon, parse_spec
from tests.contract.engine_process import EngineProcess
from tests.doors.bent_engine import BentEngine
from tests.goals import within
from tests.unit.domain.promo_rooms import room_of

GOODS: Final = 4_000
RULES: Final[list[dict[str, Any]]] = [
    {"threshold_fen": 1_300_001 + n, "off_fen": 5_000 + n} for n in range(20)
]
SALE: Final = {"quantity": 5, "per_buyer": 1, "seconds": 60}

HEAVY: Final[dict[str, Any]] = {
    "type": "cue.add",
    "data": {"kind": "coupon", "spec": {"name": "券", "rule": {"off_fen": 1}, **SALE}},
}


@pytest.fixture(scope="module")
def floors() -> list[tuple[int, int]]:
    """Price and floor of goods that no bound tells apart: each has to be worked out to be let pass."""
    room = room_of(*((f"s{n}", 700_001 + n * 15_838 % 500_000, None) for n in range(GOODS)))
    room.settings.shop_coupons = [ShopCoupon(CouponRule(**rule)) for rule in RULES]
    shop = stacking.OffersThatMeet(room, parse_spec("coupon", HEAVY["data"]["spec"]), None)
    return [(sku.price_fen, shop.lowest_fen(sku_id)) for sku_id, sku in room.skus.items()]


def _filled(running: EngineProcess, floors: list[tuple[int, int]]) -> None:
    running.done("room.set", shop_coupons=RULES)
    products = [
        {"product_id": f"s{n}", "title": f"货 {n}", "price_fen": price, "floor_fen": floor, "stock": 9}
        for n, (price, floor) in enumerate(floors)
    ]
    for start in range(0, GOODS, 1_000):
        running.done("catalogue.put", products=products[start : start + 1_000])


LIGHT: Final[dict[str, Any]] = {
    "type": "cue.add",
    "data": {"kind": "flash_sale", "spec": {"sku_id": "s1", "price_fen": 1, **SALE}},
}


@contextmanager
def _asking(running: EngineProcess, seats: int) -> Iterator[list[dict[str, Any]]]:
    """So many seats that ask for the heavy dry run over and over."""
    answers: list[dict[str, Any]] = []
    done = threading.Event()

    def seat() -> None:
        while not done.is_set():
            began = time.monotonic()
            said = running.call("POST", "/v1/judge", HEAVY).json
            answers.append({**said, "took": time.monotonic() - began})

    threads = [threading.Thread(target=seat, name=f"seat {n}") for n in range(seats)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _halts(running: EngineProcess, count: int) -> list[float]:
    took = []
    for _ in range(count):
        began = time.monotonic()
        running.done("room.halt")
        took.append(time.monotonic() - began)
        time.sleep(0.05)
    return took


def test_a_halt_does_not_wait_for_dry_runs(
    bent: Callable[..., BentEngine], floors: list[tuple[int, int]]
) -> None:
    running = bent()
    _filled(running, floors)
    idle = _halts(running, 10)
    with _asking(running, 4) as answers:
        time.sleep(0.3)
        busy = _halts(running, 20)
    within(median(busy), max(0.1, 10 * median(idle)))
    within(max(busy), 0.5)
    assert {answer["code"] for answer in answers} == {"judge_later"}
    within(min(answer["took"] for answer in answers), DRY_RUN_SECONDS + 0.3)
    # A light one is answered as ever, and what the dry run did not say the command does.
    said = running.call("POST", "/v1/judge", LIGHT).json
    assert (said["ok"], said["code"]) == (False, "below_price_floor")
    running.done("cue.add", **HEAVY["data"])


def test_twin_dry_runs_on_the_writer_hold_a_halt_up(
    bent: Callable[..., BentEngine], floors: list[tuple[int, int]]
) -> None:
    running = bent(without="dry runs")
    _filled(running, floors)
    with _asking(running, 1):
        time.sleep(0.3)
        assert max(_halts(running, 2)) > 0.5


def test_what_a_question_names_is_there_and_names_are_put_back(engine: EngineProcess) -> None:
    """The copy leaves crowds out, but not the one that is asked about."""
    engine.done(
        "catalogue.put", products=[{"product_id": "dry", "title": "杯", "price_fen": 100, "stock": 5}]
    )
    if engine.state()["broadcast"]["status"] != "open":
        engine.done("broadcast.open")
    coupon = {"name": "券", "rule": {"off_fen": 1}, "quantity": 5, "per_buyer": 1, "seconds": 60}
    cue_id = engine.done("cue.add", kind="coupon", spec=coupon)["cue_id"]
    engine.done("room.set", recall_seconds=0)
    engine.done("cue.fire", cue_id=cue_id)
    order: dict[str, Any] = {
        "order_id": "dry-1",
        "buyer": {"id": "b1"},
        "lines": [{"sku_id": "dry", "quantity": 1}],
    }
    engine.done("order.request", **order)
    engine.done("coupon.claim", cue_id=cue_id, viewer={"id": "b1"})
    for type_, data, code in (
        ("order.request", order, "order_exists"),
        ("coupon.claim", {"cue_id": cue_id, "viewer": {"id": "b1"}}, "already_claimed"),
        ("cue.fire", {"cue_id": cue_id}, "already_fired"),
    ):
        said = engine.call("POST", "/v1/judge", {"type": type_, "data": data}).json
        assert (said["ok"], said.get("code")) == (False, code), type_
    bag = {"prize": {"name": "杯", "value_fen": 1}, "winners": 1, "entry": {}, "seconds": 60}
    data = {"kind": "lucky_bag", "spec": {**bag, "exclude": ["staff-1", "staff-1"]}}
    assert engine.call("POST", "/v1/judge", {"type": "cue.add", "data": data}).json["ok"] is True
