"""``GET /v1/orders`` of all the years, at the door: a seat's list, its notes, and who may not see it."""

from __future__ import annotations

from typing import Any

from tests.contract.engine_process import EngineProcess


def placed(engine: EngineProcess, order_id: str, name: str) -> None:
    line = {"sku_id": "none", "quantity": 1, "unit_price_fen": 700}
    data = {"order_id": order_id, "buyer": {"id": f"of-{order_id}", "name": name}, "lines": [line]}
    engine.post([fact(f"{order_id}-placed", "order.placed", {**data, "total_fen": 700, "scene": "live"})])


def fact(id_: str, type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"specversion": "1.0", "source": "/shop", "id": id_, "type": type_, "data": data}


def listed(engine: EngineProcess, query: str, role: str = "assistant") -> Any:
    answer = engine.call("GET", f"/v1/orders?{query}", role=role)
    assert answer.status == 200, answer.json
    return answer.json


def test_an_order_from_the_door_to_the_list_and_its_note_back(engine: EngineProcess) -> None:
    placed(engine, "book-0001", "林小红的全名")
    engine.post(
        [fact("s1", "order.shipment", {"order_id": "book-0001", "status": "shipped", "waybill": "SF9"})]
    )
    engine.post([fact("p1", "order.paid", {"order_id": "book-0001", "paid_fen": 700})])
    noted = engine.command("order.note", "assistant", order_id="book-0001", text="寄公司", tags=["address"])
    assert noted["ok"], noted
    (order,) = listed(engine, "all=1&q=book-0001")["orders"]
    assert order["state"] == "shipped"
    assert (order["buyer"], order["scene"], order["note"]) == ("林**", "live", "寄公司")
    assert order["shipment"]["waybill"] == "SF9"
    assert order["change_address"] is True
    assert [one["order_id"] for one in listed(engine, "state=shipped&q=0001")["orders"]] == ["book-0001"]
    assert listed(engine, "tag=address&counts=1")["counts"], "any word of the books asks them"
    assert "known" in listed(engine, "q=book-0001"), "the list of this broadcast is as it was"


def test_who_may_not_read_it_and_what_cannot_be_read(engine: EngineProcess) -> None:
    for role in ("viewer", "producer", "overlay"):
        assert engine.call("GET", "/v1/orders?all=1", role=role).status == 403
    wrong = engine.call("GET", "/v1/orders?state=gone", role="host")
    assert (wrong.status, wrong.json["code"]) == (400, "bad_shape")
    refused = engine.command("order.note", "assistant", order_id="nobody's", text="x")
    assert refused["code"] == "unknown_order"
    body = {"id": "i1", "type": "orders.import", "data": {"orders": []}}
    assert engine.call("POST", "/v1/commands", body, role="assistant").status == 403
