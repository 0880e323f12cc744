"""What a console's page receives becomes facts, each with its identity, and nothing that it sends raises."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.browser.mappings import BODY_LIMIT, READ, figures, told

LIVE_MSG = "https://channels.weixin.qq.com/micro/live/cgi-bin/mmfinderassistant-bin/live/msg?_rid=1"
COMMENTS = "https://fxg.jinritemai.com/api/anchor/comment/info?room_id=1"
SCREEN = "https://compass.jinritemai.com/compass_api/content_live/author/live_screen/message?x=1"
ORDERS = "https://compass.jinritemai.com/compass_api/content_live/live_order_stream?x=1"
TAOBAO = "https://h5api.m.taobao.com/h5/mtop.taobao.iliad.comment.query.anchorlatest/3.0/?jsv=2"
RED = "wss://apppush.xiaohongshu.com/"


def sent(obj: object) -> bytes:
    return json.dumps(obj, ensure_ascii=False).encode()


def packed(obj: object) -> str:
    return base64.b64encode(sent(obj)).decode()


def test_the_answer_of_the_channels_page(shared: Path) -> None:
    body = (shared / "samples/capture/wxchannels-live-msg-response.constructed.json").read_bytes()
    comment, reply = told("wechat_channels", LIVE_MSG, body, "/browser/wechat_channels").events
    assert comment == {
        "specversion": "1.0",
        "id": "finderlive_usermsg_comment_EXAMPLE",
        "source": "/browser/wechat_channels",
        "type": "comment.posted",
        "data": {"viewer": {"id": "v2_MASKED@finder", "name": "观众A"}, "text": "这款多少钱"},
    }
    assert (reply["id"], reply["data"]) == (
        "EXAMPLE2",
        {"viewer": {"id": "u2", "name": "主播"}, "text": "回复内容"},
    )
    assert told("wechat_channels", "https://channels.weixin.qq.com/other", body, "/b").events == []


def test_the_other_messages_of_the_channels_page(shared: Path) -> None:
    samples = json.loads((shared / "samples/capture/wxchannels-appmsg-payloads.json").read_text("utf-8"))
    from_ = {"contact": {"username": "v2_a@finder", "nickname": "甲"}}
    apps: list[Any] = [
        {
            "msgType": one["msgType"],
            "payload": packed(one["payload_decoded"]),
            "clientMsgId": f"finderlive_appmsg_{n}",
            "fromUserContact": from_,
        }
        for n, one in enumerate(samples)
    ]
    apps += [{"msgType": 20013, "payload": "", "clientMsgId": "c"}, {"msgType": 20002, "payload": "%"}, 7]
    mapped = told("wechat_channels", LIVE_MSG, sent({"data": {"msgList": None, "appMsgList": apps}}), "/b")
    assert [event["type"] for event in mapped.events] == [
        "gift.sent",
        "viewer.liked",
        "viewer.followed",
        "comment.posted",
    ]
    gift = mapped.events[0]["data"]
    assert (gift["count"], gift["value_fen"], gift["wecoin"]) == (2, 0, 0)
    assert (mapped.passed_over, mapped.broken) == (1, 2)


def test_the_other_spelling_of_the_channels_page() -> None:
    inner = {"msg_list": [{"type": 1, "client_msg_id": "m1", "nickname": "a", "content": "好"}]}
    body = sent({"data": {"respJsonStr": json.dumps(inner)}})
    (event,) = told("wechat_channels", LIVE_MSG, body, "/b").events
    assert (event["id"], event["data"]["text"]) == ("m1", "好")


def test_comments_of_the_douyin_control_page_have_no_id_but_a_name() -> None:
    infos = [
        {"comment_id": "7300000000000000001", "nick_name": "用户甲", "content": "有黑色吗"},
        {"comment_id": 7300000000000000002, "nick_name": "张***", "content": "1"},
        {"comment_id": 7300000000000000003, "nick_name": "张***", "content": "1"},
        {"comment_id": 0, "content": "1"},
    ]
    mapped = told("douyin_shop", COMMENTS, sent({"data": {"comment_infos": infos}}), "/browser/douyin_shop")
    assert [e["id"] for e in mapped.events] == [f"730000000000000000{n}" for n in (1, 2, 3)]
    assert mapped.events[0]["data"]["viewer"]["id"] == "name:用户甲"
    assert len({e["data"]["viewer"]["id"] for e in mapped.events}) == 3, "a mask is worn by many"
    assert mapped.broken == 1


def test_the_big_screen_of_douyin() -> None:
    messages = {
        "comment": [{"msg_id": "1", "nick_name": "a", "user_id": "9", "content": "x"}],
        "room_enter": [{"msg_id": "2", "nick_name": "a", "user_id": "9"}],
        "room_like": [{"msg_id": "3", "nick_name": "a"}],
        "room_follow": [{"msg_id": "4", "nick_name": "a"}],
        "ecom_fansclub_participate": [{"msg_id": "5", "nick_name": "a"}],
        "subscribe_merchant_brand_vip": None,
    }
    mapped = told("buyin", SCREEN, sent({"data": {"messages": messages}}), "/b")
    assert [e["type"] for e in mapped.events] == [
        "comment.posted",
        "viewer.entered",
        "viewer.liked",
        "viewer.followed",
    ]
    assert mapped.passed_over == 1
    assert told("buyin", SCREEN, sent({"data": {"messages": None}}), "/b").broken == 0


def test_an_order_without_an_amount_is_told_of_and_makes_no_money() -> None:
    orders = [
        {"order_id": "69000000000000001", "order_status": s, "order_ts": 1, "product_id": "3", "item_num": 2}
        for s in (0, 3)
    ]
    mapped = told("douyin_shop", ORDERS, sent({"data": [*orders, {"order_status": 3}]}), "/b")
    assert mapped.events == []
    assert mapped.orders == ("69000000000000001",) * 2
    assert (mapped.passed_over, mapped.broken) == (2, 1)


def red_frame(*messages: Any, t: int = 4) -> bytes:
    contents = [
        {"d": packed({"command": 1, "customData": json.dumps(m, ensure_ascii=False)})} for m in messages
    ]
    return sent({"v": 1, "t": t, "b": {"d": {"a": 0, "b": contents, "biz": "room"}}})


def test_frames_of_xiaohongshu() -> None:
    text = {
        "type": "text",
        "commentId": "c1",
        "desc": "想要",
        "current_time": 1787376000000,
        "profile": {"user_id": "5f", "nickname": "小红", "role": 0},
    }
    mapped = told("xiaohongshu", RED, red_frame(text, {"type": "refresh"}, {"type": "text"}), "/b")
    (event,) = mapped.events
    assert event["data"] == {"viewer": {"id": "5f", "name": "小红"}, "text": "想要"}
    assert event["time"] == "2026-08-22T05:20:00.000Z"
    assert (mapped.passed_over, mapped.broken) == (1, 1)
    assert told("xiaohongshu", RED, red_frame(text, t=0), "/b").events == []


def test_jsonp_of_taobao() -> None:
    comments = [
        {
            "commentId": "77",
            "publisherId": "2200",
            "publisherNick": "t**8",
            "content": "怎么(买)",
            "timestamp": "1787376000000",
            "renders": {"isOrder": "0"},
        },
        {"commentId": "78", "publisherId": "0", "publisherNick": "t**8", "content": "1"},
        {"commentId": "79", "publisherId": "0", "publisherNick": "t**8", "content": "1"},
    ]
    body = b" mtopjsonp12(" + sent({"data": {"comments": comments}, "ret": ["SUCCESS::"]}) + b")"
    events = told("taobao", TAOBAO, body, "/b").events
    assert events[0]["data"] == {"viewer": {"id": "2200", "name": "t**8"}, "text": "怎么(买)"}
    assert events[1]["data"]["viewer"]["id"] != events[2]["data"]["viewer"]["id"]
    assert told("taobao", TAOBAO, body[12 + 1 : -1], "/b").events == events, "without the call it is read too"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "msgList",
                    "appMsgList",
                    "type",
                    "msgType",
                    "payload",
                    "clientMsgId",
                    "content",
                    "nickname",
                    "messages",
                    "comment",
                    "comment_infos",
                    "comment_id",
                    "comments",
                    "commentId",
                    "t",
                    "b",
                    "d",
                    "customData",
                    "profile",
                    "timestamp",
                    "renders",
                    "respJsonStr",
                    "finderLiveContact",
                    "contact",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("platform", "url"),
    [
        ("wechat_channels", LIVE_MSG),
        ("buyin", COMMENTS),
        ("buyin", SCREEN),
        ("buyin", ORDERS),
        ("xiaohongshu", RED),
        ("taobao", TAOBAO),
        ("kuaishou", RED),
    ],
)
@given(value=JSON, raw=st.binary(max_size=30))
def test_nothing_that_comes_raises(platform: str, url: str, value: object, raw: bytes) -> None:
    for body in (json.dumps(value).encode(), raw, b"x(" + raw, b"[" * 5_000):
        for event in told(platform, url, body, "/b").events:
            assert event["id"]
            assert len(event["data"].get("viewer", {"id": "x"})["id"]) <= 200


def test_too_large_a_body_is_passed_over() -> None:
    body = red_frame({"type": "text", "commentId": "c", "desc": "x"}) + b" " * BODY_LIMIT
    assert told("xiaohongshu", RED, body, "/b").events == []
    assert "kuaishou" not in READ


def test_the_figures_of_the_room_are_those_that_the_page_is_told_of(shared: Path) -> None:
    body = (shared / "samples/capture/wxchannels-live-msg-response.constructed.json").read_bytes()
    at = "https://channels.weixin.qq.com/micro/live/cgi-bin/mmfinderassistant-bin/live/msg?_rid=1"
    assert figures("wechat_channels", at, body) == {"online": 1, "likes": 0}
    assert figures("buyin", at, body) == {}
    assert figures("wechat_channels", "https://channels.weixin.qq.com/other", body) == {}
    for odd in (b"", b"[]", b'{"data": 7}', b'{"data": {"liveInfo": {"onlineCnt": -1, "likeCnt": true}}}'):
        assert figures("wechat_channels", at, odd) == {}
