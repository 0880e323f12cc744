"""oba and wxlivespy: what their real messages become, and that nothing they send becomes money."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.oba.mapping import is_known, map_message
from liveconsole.connectors.wxlivespy.mapping import map_forward
from liveconsole.messages.facts import FACTS

OBA = "/oba/127.0.0.1:12354"


def sample(shared: Path, name: str) -> Any:
    return json.loads((shared / "samples/capture" / name).read_text("utf-8"))


def test_a_channels_comment_of_oba_keeps_its_user_id(shared: Path) -> None:
    (event,) = map_message(sample(shared, "oba-ws-wechat_channel_live_msg.constructed.json"), OBA)
    assert event == {
        "specversion": "1.0",
        "id": "finderlive_usermsg_comment_EXAMPLE",
        "source": OBA,
        "type": "comment.posted",
        "time": "2026-08-22T05:20:00.000Z",
        "data": {"viewer": {"id": "v2_MASKED@finder", "name": "观众A"}, "text": "这款多少钱"},
    }


def test_a_comment_without_user_id_is_known_by_name_only(shared: Path) -> None:
    (event,) = map_message(sample(shared, "oba-ws-comment.constructed.json"), OBA)
    assert event["data"]["viewer"] == {"id": "name:观众A", "name": "观众A"}


def test_an_order_without_an_amount_makes_no_money(shared: Path) -> None:
    order = sample(shared, "oba-ws-live_order.constructed.json")
    assert map_message(order, OBA) == []
    assert is_known(order)
    assert not is_known({"msg_type": "something new"})


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("room_enter", "viewer.entered"), ("room_follow", "viewer.followed"), ("room_like", "viewer.liked")],
)
def test_presence_of_other_platforms(kind: str, type_: str) -> None:
    (event,) = map_message({"msg_type": kind, "msg_id": "1", "nick_name": "a", "time": "soon"}, OBA)
    assert event["type"] == type_
    assert "time" not in event


def test_a_forwarded_comment_of_wxlivespy(shared: Path) -> None:
    forwarded = map_forward(sample(shared, "wxlivespy-forward-comment.json"))
    comment, measured = forwarded.events
    assert comment == {
        "specversion": "1.0",
        "id": "2042602950/11",
        "source": "/wxlivespy/2042602950",
        "type": "comment.posted",
        "time": "2023-12-21T14:38:11.593Z",
        "data": {
            "viewer": {"id": "v8_060000e2fc50@flstranger", "name": "bot"},
            "message_id": "finderlive_usermsg_comment_9V1pD-9rrIJr1GFSXo",
            "text": "弹幕",
        },
    }
    assert measured["type"] == "room.measured"
    assert measured["data"] == {"online": 1, "likes": 0}
    assert forwarded.live is None


def test_enter_and_combo_gift_of_wxlivespy(shared: Path) -> None:
    assert map_forward(sample(shared, "wxlivespy-forward-enter.json")).events[0]["type"] == "viewer.entered"
    forwarded = map_forward(sample(shared, "wxlivespy-forward-combogift.json"))
    gift = forwarded.events[0]
    assert gift["data"]["viewer"]["id"] == "o9hHnMASKED", "the id that lasts, not that of one live"
    assert gift["data"]["combo"] is True
    assert gift["data"]["value_fen"] == 0
    assert forwarded.live is True


def body(*events: dict[str, Any], **info: Any) -> dict[str, Any]:
    return {"host_info": {}, "live_info": {"live_id": "9", **info}, "events": list(events)}


def test_kinds_without_a_fact_are_counted_and_broken_ones_apart() -> None:
    common = {"nickname": "a", "sec_openid": "v8"}
    forwarded = map_forward(
        body(
            {"seq": "1", "decoded_type": "levelup", **common},
            {"seq": "2", "decoded_type": "unknown", "original_data": {}},
            {"seq": 3, "decoded_type": "like", **common},
            {"seq": "4", "decoded_type": "comment", **common},
            {"decoded_type": "comment", **common},
            "no object",  # type: ignore[arg-type]
            {
                "seq": "5",
                "decoded_type": "gift",
                "sec_gift_id": "g",
                "gift_num": 2,
                "gift_value": 10,
                **common,
            },
        )
    )
    assert [e["type"] for e in forwarded.events] == ["viewer.liked", "gift.sent"]
    assert forwarded.events[1]["data"]["wecoin"] == 10
    assert forwarded.events[1]["data"]["value_fen"] == 0
    assert (forwarded.passed_over, forwarded.broken) == (2, 3)


@pytest.mark.parametrize(("status", "live"), [(1, True), (4, True), (2, False), (None, None)])
def test_both_numbers_of_a_running_live_count(status: int | None, live: bool | None) -> None:
    assert map_forward(body(live_status=status)).live is live


def test_an_order_posted_to_the_open_port_is_no_fact() -> None:
    order = {"seq": "1", "decoded_type": "order.paid", "nickname": "a", "order_id": "1", "paid_fen": 100}
    assert map_forward(body(order)).events == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["live_info", "live_id", "events", "seq", "decoded_type", "nickname", "msg_time",
                     "msg_type", "msg_id", "nick_name", "time", "content", "online_count", "gift_num"]
                )
                | st.text(max_size=3),
                inner | st.sampled_from(["comment", "gift", "like", "room_like"]),
                max_size=8,
            )
        ),
        max_leaves=20,
    )
)  # fmt: skip
def test_whatever_is_sent_is_mapped_or_counted(sent: Any) -> None:
    for event in [*map_forward(sent).events, *map_message(sent, OBA)]:
        assert event["type"] not in ("order.placed", "order.paid", "order.refunded", "order.closed")
        msgspec.convert(event["data"], FACTS[event["type"]])
