"""K7.2 and its kin: what tells of a person besides id and name is dropped at the door, however sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from liveconsole.bus import decode
from liveconsole.connectors.oba.mapping import map_message
from liveconsole.connectors.tape.lines import TapeFact, TapeName, parse_line
from liveconsole.connectors.wxlivespy.mapping import map_forward
from tests.contract.engine_process import BATCH, event

WHO = {"id": "wx-o9x77k", "name": "柳如是不姓柳"}
SECRET = "13900008888"


def kept(data: dict[str, Any], type_: str = "comment.posted") -> dict[str, Any]:
    """What of a fact is kept."""
    body = json.dumps([event("1", type_, data)]).encode()
    read = decode.read_events(BATCH, body, simulated=False)
    assert read.problems == []
    (fact,) = read.facts
    return dict(json.loads(fact.body))


@pytest.mark.parametrize(
    "more",
    [
        {"phone": SECRET},
        {"nickName": "小柳"},
        {"user_info": {"level": 3, "x": SECRET}},
        {"extra": {"deep": [{"openid": "o-1"}, 5]}},
        {"raw": "…"},
        {"raw": {"anything": 1}},
        {"reply": {"to": {"user": {"a": "b"}}}},
        {"收件人": "x"},
        {"buyer": {"id": "b"}},
        {"line": f"{WHO['name']} 说：多少钱"},
        {"trace": [["x", WHO["id"]]]},
        {"tel": 13900008888},
        {"IP": "1.2.3.4"},
    ],
)
def test_an_unknown_field_of_a_person_is_dropped(more: dict[str, Any]) -> None:
    known = {"viewer": WHO, "text": "多少钱"}
    assert kept({**known, **more}) == known


@pytest.mark.parametrize(
    "more",
    [
        {"lang": "zh"},
        {"user_level": 3},
        {"fans": 1200},
        {"badge": {"name": "铁粉", "level": 4}},
        {"wecoin": 52},
        {"original_price_fen": 100},
        {"cut_of": ["a", {"b": None}]},
    ],
)
def test_what_tells_of_nobody_stays(more: dict[str, Any]) -> None:
    sent = {"viewer": WHO, "text": "多少钱", **more}
    assert kept(sent) == sent


def test_persons_of_orders_and_their_lines() -> None:
    line = {"sku_id": "h", "quantity": 1, "unit_price_fen": 900}
    order = {"order_id": "o", "buyer": WHO, "lines": [line], "total_fen": 900}
    receiver = {"receiver": {"name": "x", "address": "y"}}
    sent = {
        **order,
        **receiver,
        "buyer": {**WHO, "phone": SECRET},
        "lines": [{**line, "user_note": SECRET, "colour": "红"}],
    }
    assert kept(sent, "order.placed") == {**order, "lines": [{**line, "colour": "红"}]}


def test_goods_are_not_people() -> None:
    """The same words in a product are kept: `members.py` bounds them, and nobody is forgotten from there."""
    from liveconsole.messages.commands import ProductPut
    from liveconsole.messages.unknown import known_of, too_much

    put = {"product_id": "h", "title": "x", "price_fen": 1, "stock": 1, "raw": "x" * 20_000}
    assert too_much(known_of(ProductPut), put)


def facts_of_sources() -> list[dict[str, Any]]:
    """What every connector makes of a frame with everything that its source may tell of a person."""
    told = {"decoded_openid": WHO["id"], "sec_openid": "s", "nickname": WHO["name"], "phone": SECRET}
    events = [
        {**told, "seq": n, "decoded_type": kind, "content": "多少钱", "msg_time": 1_700_000_000_000}
        for n, kind in enumerate(("comment", "enter", "like", "gift", "combogift"), 1)
    ]
    forward = {"live_info": {"live_id": "l", "host": told}, "host_info": told, "events": events}
    frame = {
        "msg_type": "wechat_channel_live_msg",
        "msg_id": "m",
        "nick_name": WHO["name"],
        "user_id": WHO["id"],
        "content": "多少钱",
        "avatar": SECRET,
        "time": 1_700_000_000_000,
    }
    line = {
        "seq": 1,
        "t": 0,
        "type": "comment",
        "uid": WHO["id"],
        "name": WHO["name"],
        "text": "多少钱",
        "tel": SECRET,
    }
    taped = parse_line(json.dumps(line).encode(), TapeName("0" * 64))
    assert isinstance(taped, TapeFact)
    return [*map_forward(forward).events, *map_message(frame, "/oba/x"), taped.event]


def test_no_source_tells_more_of_a_person_than_id_and_name() -> None:
    made = facts_of_sources()
    assert len(made) >= 7
    for one in made:
        said = json.dumps(one, ensure_ascii=False)
        assert SECRET not in said
        assert one["data"].get("viewer", WHO) == WHO
        without = {name: value for name, value in one["data"].items() if name != "viewer"}
        assert WHO["name"] not in json.dumps([one["id"], one["source"], without], ensure_ascii=False)
        assert WHO["id"] not in json.dumps([one["id"], one["source"], without])


def test_the_twin_that_keeps_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_told_of", lambda _data: None)
    sent = {"viewer": WHO, "text": "x", "phone": SECRET}
    assert kept(sent) == sent
