"""``GET /v1/broadcasts`` and ``/v1/broadcasts/N`` of a running engine, as other programs ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.engine_process import BATCH, Answer, EngineProcess

TOTALS = {
    "comments", "placed", "paid", "closed", "refunded", "unpaid", "units", "gift_units", "gmv_fen",
    "refund_fen", "refund_owed_fen", "unmatched", "orders_known",
}  # fmt: skip


@pytest.fixture
def mine(engine_of: Callable[..., EngineProcess]) -> EngineProcess:
    return engine_of()


def fact(id_: str, type_: str, **data: object) -> dict[str, object]:
    return {"specversion": "1.0", "source": "/shop", "id": id_, "type": type_, "data": data}


def get(engine: EngineProcess, path: str, role: str = "host") -> Answer:
    return engine.call("GET", path, role=role)


def post(engine: EngineProcess, facts: list[dict[str, object]]) -> Answer:
    return engine.call("POST", "/v1/events", facts, role="producer", kind=BATCH)


def placed(order_id: str, fen: int) -> dict[str, object]:
    line = {"sku_id": "hat", "quantity": 1, "unit_price_fen": fen}
    buyer = {"id": "b", "name": "小红"}
    return fact(f"{order_id}+", "order.placed", order_id=order_id, buyer=buyer, lines=[line], total_fen=fen)


def test_before_the_first_there_is_none(mine: EngineProcess) -> None:
    assert get(mine, "/v1/broadcasts").json == []
    assert get(mine, "/v1/broadcasts/1").status == 404


def test_two_evenings_and_a_refund_of_the_first(mine: EngineProcess) -> None:
    hat = {"product_id": "hat", "title": "帽子", "price_fen": 4900, "stock": 9}
    mine.done("catalogue.put", products=[hat])
    mine.done("broadcast.open", title="第一场")
    post(mine, [placed("o1", 4900), fact("p1", "order.paid", order_id="o1", paid_fen=4900)])
    mine.done("broadcast.close")
    opened = mine.done("broadcast.open", title="第二场")
    assert opened["number"] == 2
    late = fact("r1", "order.refunded", order_id="o1", refund_fen=4900)
    assert post(mine, [late]).json["accepted"] == 1

    one, two = get(mine, "/v1/broadcasts", role="viewer").json
    assert set(one) == {"number", "title", "opened_at", "closed_at", "simulated"} | TOTALS
    assert (one["number"], one["title"], one["gmv_fen"], one["refund_fen"]) == (1, "第一场", 4900, 4900)
    assert (two["number"], two["closed_at"], two["gmv_fen"], two["refund_fen"]) == (2, None, 0, 0)

    state = get(mine, "/v1/state").json
    assert state["broadcast"]["number"] == 2
    assert (state["orders"]["placed"], state["orders"]["refund_fen"]) == (0, 0)
    (line,) = get(mine, "/v1/log?type=order.refunded").lines
    assert (line["source"], line["id"], line["data"]) == ("/shop", "r1", late["data"])

    said = get(mine, "/v1/broadcasts/1").json
    assert (said["broadcast"], said["of"], said["totals"]["gmv_fen"]) == (1, 2, 4900)
    assert said["totals"]["refund_fen"] == 4900
    assert get(mine, "/v1/broadcasts/2").json["totals"]["placed"] == 0


@pytest.mark.parametrize("number", ["3", "0", "x", "1/", "-1", "１", "99999999999"])
def test_another_number_is_not_found(mine: EngineProcess, number: str) -> None:
    mine.done("broadcast.open")
    assert get(mine, f"/v1/broadcasts/{quote(number)}").status == 404


@pytest.mark.parametrize("role", ["producer", "overlay"])
@pytest.mark.parametrize("path", ["/v1/broadcasts", "/v1/broadcasts/1"])
def test_who_only_brings_facts_does_not_read_the_years(mine: EngineProcess, role: str, path: str) -> None:
    assert get(mine, path, role=role).status == 403


def test_a_page_of_past_broadcasts_has_what_the_reports_say(mine: EngineProcess) -> None:
    hat = {"product_id": "hat", "title": "帽子", "price_fen": 4900, "stock": 9}
    mine.done("catalogue.put", products=[hat])
    for number in (1, 2):
        mine.done("broadcast.open", title=f"第{number}场")
        if number == 2:
            post(mine, [placed("o1", 4900), fact("p1", "order.paid", order_id="o1", paid_fen=4900)])
        mine.done("broadcast.close")
    page = read_whole(mine)
    assert page["of"] == 2
    two, one = page["rows"]
    assert (two["summary"]["number"], two["summary"]["gmv_fen"]) == (2, 4900)
    assert two["card"]["best"] == [{"product_id": "hat", "title": "帽子", "units": 1}]
    assert sum(two["card"]["turnover"]) == 4900
    assert {"figure": "online_peak", "code": "no_audience_told"} in two["card"]["doubts"]
    assert one["summary"]["number"] == 1
    (older,) = get(mine, "/v1/history?before=2&limit=5", role="viewer").json["rows"]
    assert older == one

    # A late fact: the card is read again, the figure is another.
    mine.done("broadcast.open", title="第三场")
    post(mine, [placed("o1b", 100), fact("r1", "order.refunded", order_id="o1", refund_fen=4900)])
    assert read_whole(mine)["rows"][0]["card"] is None
    assert read_whole(mine)["rows"][1]["summary"]["refund_fen"] == 4900


def test_what_was_read_once_is_there_at_once_after_a_restart(mine: EngineProcess) -> None:
    for number in (1, 2, 3):
        mine.done("broadcast.open", title=f"第{number}场")
        mine.done("broadcast.close")
    before = read_whole(mine)
    mine.stop()
    mine.start()
    page = get(mine, "/v1/history", role="viewer").json
    assert page["reading"] == 0
    assert page == before
    assert all(row["card"] is not None for row in page["rows"])


def read_whole(engine: EngineProcess) -> dict[str, Any]:
    """The page, once every card of it is read."""
    for _ in range(200):
        page: dict[str, Any] = get(engine, "/v1/history", role="viewer").json
        if not page["reading"]:
            return page
    raise AssertionError("the cards are never read")
