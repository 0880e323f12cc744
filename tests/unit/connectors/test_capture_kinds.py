"""DouyinBarrageGrab, dycast and Bilibili: what their messages become, and whom they make one."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.bilibili import door
from liveconsole.connectors.bilibili.mapping import map_message as bilibili
from liveconsole.connectors.douyin_grab.mapping import map_frame
from liveconsole.connectors.dycast.mapping import map_message as dycast
from liveconsole.connectors.oba.mapping import map_message as oba
from liveconsole.connectors.oba.mapping import order_of
from liveconsole.connectors.source import Health
from liveconsole.connectors.streaks import Streaks
from liveconsole.connectors.wire import Mapped, viewer
from liveconsole.messages.facts import FACTS


def grab(kind: int, streaks: Streaks | None = None, **data: Any) -> Mapped:
    user = {"Id": 9, "Nickname": "甲", "SecUid": "s9"}
    sent = {"MsgId": 7291917675155180297, "RoomId": "8888", "User": user, **data}
    frame = {"Type": kind, "ProcessName": "DouyinLive", "Data": json.dumps(sent, ensure_ascii=False)}
    return map_frame(frame, streaks if streaks is not None else Streaks())


def test_the_documented_frames_of_douyin_grab(shared: Path) -> None:
    lines = (
        (shared / "data/wire_douyin_barragegrab/documented_ws_messages.jsonl").read_text("utf-8").split("\n")
    )
    streaks = Streaks()
    mapped = [map_frame(json.loads(line), streaks) for line in lines if line]
    assert [[event["type"] for event in one.events] for one in mapped] == [
        ["comment.posted"],
        ["viewer.liked", "room.measured"],
        ["viewer.entered"],
        ["viewer.followed"],
        ["gift.sent"],
        ["room.measured"],
        ["viewer.joined_club"],
        ["viewer.shared"],
        [],
    ]
    assert all(one.broken == 0 for one in mapped)
    assert mapped[8].live is False
    comment = mapped[0].events[0]
    assert (comment["source"], comment["id"]) == ("/douyin_grab/8888", "8888/1/123456")
    viewer_ = {"id": "111", "name": "用户A"}
    assert comment["data"] == {"viewer": viewer_, "text": "弹幕内容", "message_id": "123456"}
    assert mapped[5].events[0]["data"] == {"online": 150}


def test_who_joins_the_fan_club_or_rises_in_it_is_of_it() -> None:
    for type_ in (1, 2):
        (told,) = grab(7, Type=type_, Level=12, Content="恭喜加入").events
        assert (told["type"], told["data"]["level"]) == ("viewer.joined_club", 12)
        assert told["data"]["viewer"]["id"] == "9"
    assert "level" not in grab(7, Type=2).events[0]["data"], "a level that nobody told is none"


def test_a_whole_number_beyond_a_double_stays_whole() -> None:
    first = grab(1, Content="x").events[0]["id"]
    other = grab(1, Content="x", MsgId=7291917675155180298).events[0]["id"]
    assert first == "8888/1/7291917675155180297" != other
    assert grab(1, Content="x", MsgId=7.29e18).broken == 1


def test_a_combo_of_gifts_counts_each_once() -> None:
    streaks = Streaks()

    def gift(message: int, repeat: int, group: int = 1001) -> list[int]:
        sent = grab(
            5,
            streaks,
            MsgId=message,
            GiftId=1,
            GiftName="玫瑰",
            GroupId=group,
            GiftCount=1,
            RepeatCount=repeat,
            DiamondCount=1,
            Combo=True,
        )
        return [event["data"]["count"] for event in sent.events]

    assert [gift(1, 1), gift(2, 3), gift(2, 3), gift(3, 3), gift(4, 7)] == [[1], [2], [2], [], [4]]
    assert gift(5, 2, group=1002) == [2], "another streak"
    alone = grab(5, streaks, MsgId=6, GiftId=2, GiftName="火箭", GroupId=0, GiftCount=2, RepeatCount=1)
    assert alone.events[0]["data"]["count"] == 2
    assert alone.events[0]["data"]["value_fen"] == 0, "nobody says what a diamond is worth"


def test_a_gift_of_the_sample_counts_the_streak_so_far(shared: Path) -> None:
    sample = json.loads((shared / "samples/capture/douyin-barrage-type5.constructed.json").read_text("utf-8"))
    (gift,) = map_frame(sample, Streaks()).events
    assert (gift["data"]["gift"], gift["data"]["count"], gift["data"]["diamonds"]) == ("玫瑰", 3, 1)


def test_streaks_are_bounded() -> None:
    streaks = Streaks(most=10)
    for n in range(100):
        streaks.added(str(n), n, 1)
    assert len(streaks) == 10


def test_dycast_comments_and_gifts(shared: Path) -> None:
    sample = json.loads((shared / "samples/capture/dycast-chat.constructed.json").read_text("utf-8"))
    (comment,) = dycast(sample, Streaks()).events
    assert comment["data"]["viewer"] == {"id": "sec_uid_or_id", "name": "用户A"}
    assert (comment["data"]["text"], comment["data"]["message_id"]) == ("弹幕内容", "7400000000000000001")
    streaks = Streaks()

    def gift(id_: str, count: int, *, end: int = 0) -> list[int]:
        told = {"id": "463", "name": "小心心", "price": 1, "count": count, "repeatEnd": end}
        sent = {"id": id_, "method": "WebcastGiftMessage", "user": {"id": "u1", "name": "甲"}, "gift": told}
        return [event["data"]["count"] for event in dycast(sent, streaks).events]

    assert [gift("1", 1), gift("2", 2), gift("3", 5), gift("4", 5, end=1)] == [[1], [1], [3], []]
    assert [gift("5", 1), gift("6", 1)] == [[1], [1]], "two single gifts, not one told twice"


@pytest.mark.parametrize(
    ("method", "more", "type_"),
    [
        ("WebcastMemberMessage", {}, "viewer.entered"),
        ("WebcastLikeMessage", {"count": "3"}, "viewer.liked"),
        ("WebcastSocialMessage", {"content": "关注了主播"}, "viewer.followed"),
        ("WebcastSocialMessage", {"content": "分享了直播间"}, "viewer.shared"),
        ("WebcastRoomUserSeqMessage", {"room": {"audienceCount": "42"}}, "room.measured"),
    ],
)
def test_the_other_messages_of_dycast(method: str, more: dict[str, Any], type_: str) -> None:
    sent = {"id": "74", "method": method, "user": {"id": "u1", "name": "甲"}, **more}
    assert [event["type"] for event in dycast(sent, Streaks()).events] == [type_]


def test_the_end_of_a_room_in_dycast() -> None:
    assert (
        dycast({"id": "1", "method": "WebcastControlMessage", "room": {"status": 4}}, Streaks()).live is False
    )
    assert dycast({"id": "1", "method": "WebcastRanklistHourEntranceMessage"}, Streaks()).passed_over == 1


def test_the_open_live_comment_of_bilibili(shared: Path) -> None:
    sample = json.loads((shared / "samples/capture/bilibili-open-live-dm.json").read_text("utf-8"))
    (comment,) = bilibili(sample, "/bilibili/4639581").events
    assert comment["id"] == "eb805544-0cf2-4688-bca1-88299e5344bf"
    assert comment["time"] == "2022-04-23T12:44:41.000Z"
    sample["data"] |= {"open_id": "o1", "uname": "观***"}
    assert bilibili(sample, "/b").events[0]["data"]["viewer"] == {"id": "o1", "name": "观***"}


def test_every_packet_of_the_web_room_is_read_or_passed_over(shared: Path) -> None:
    lines = (shared / "data/wire_bilibili_packets/packets_by_cmd.jsonl").read_text("utf-8").split("\n")
    mapped = [bilibili(json.loads(line), "/bilibili/1") for line in lines if line]
    facts = [event for one in mapped for event in one.events]
    assert len(mapped) > 250
    assert {event["type"] for event in facts} == {"viewer.entered", "gift.sent", "room.measured"}
    guards = [event["data"]["gift"] for event in facts if event["type"] == "gift.sent"]
    assert guards[:3] == ["总督", "提督", "舰长"]
    assert sum(one.passed_over for one in mapped) > 200


def web_comment(uid: int, name: str, chance: int = 1) -> dict[str, Any]:
    look = [0, 1, 25, 16777215, 1787376000123, chance, 0, "crc", 0, 0, 0, "", 0, "{}", "{}", {"extra": "{}"}]
    return {"cmd": "DANMU_MSG:4:0:2:2:2:0", "info": [look, "来了", [uid, name, 0, 0, 0, 10000, 1, ""]]}


def test_gifts_of_the_web_room_are_worth_their_gold() -> None:
    gift = {
        "cmd": "SEND_GIFT",
        "data": {
            "uid": 7,
            "uname": "乙",
            "giftName": "小电视飞船",
            "num": 2,
            "tid": "t1",
            "total_coin": 2_490_000,
            "coin_type": "gold",
            "timestamp": 1787376000,
        },
    }
    assert bilibili(gift, "/b").events[0]["data"]["value_fen"] == 249_000
    gift["data"] |= {"coin_type": "silver"}  # type: ignore[operator]
    assert bilibili(gift, "/b").events[0]["data"]["value_fen"] == 0
    combo = {"cmd": "COMBO_SEND", "data": {"uid": 7, "uname": "乙", "combo_id": "c", "combo_num": 9}}
    assert bilibili(combo, "/b").events[0]["data"]["combo"] is True
    charged = {
        "cmd": "SUPER_CHAT_MESSAGE",
        "data": {"id": 5, "uid": 7, "price": 30, "message": "好", "ts": 1},
    }
    assert bilibili(charged, "/b").events[0]["data"]["value_fen"] == 3000


def test_the_same_figure_again_is_another_measure() -> None:
    said = {"cmd": "ONLINE_RANK_COUNT", "data": {"count": 5}}
    first, second = (bilibili(said, "/b", serial).events[0]["id"] for serial in "12")
    assert first != second


# Who is who -----------------------------------------------------------------------------------------

HIDDEN = [0, "0", "", None, "-1", "null", "undefined", "***", "u***1", 0.0, True, "000", [], {}]


@pytest.mark.parametrize("id_", HIDDEN)
@pytest.mark.parametrize("name", ["用户***", "", "＊＊", "   ", None, "张*"])
def test_whose_id_and_name_are_hidden_is_never_somebody_else(id_: object, name: object) -> None:
    first, second = viewer(name, "/a/1", id_), viewer(name, "/a/2", id_)
    assert first["id"] != second["id"]
    assert first["id"].startswith("masked:")
    assert viewer(name, "/a/1", id_) == first, "the same message is the same person"


@pytest.mark.parametrize("id_", HIDDEN)
def test_without_an_id_a_whole_name_is_what_is_known(id_: object) -> None:
    assert viewer("小红", "/a/1", id_)["id"] == viewer("小红", "/a/2", id_)["id"] == "name:小红"
    assert viewer("小红", "/a/1", id_)["id"] != viewer("小明", "/a/1", id_)["id"]


def test_with_an_id_one_person_is_one_whatever_he_is_called() -> None:
    assert viewer("用户***", "/a/1", "0", "42")["id"] == viewer("改名了", "/a/9", 42)["id"] == "42"


def hidden_pairs() -> list[tuple[str, list[Mapped]]]:
    """Two messages of two people who look the same, by every tool."""
    user = {"Id": 0, "Nickname": "用户***", "SecUid": ""}
    shared_id = {"Id": 111111, "Nickname": "神***", "SecUid": "same"}
    page = {"id": "111111", "name": "张***"}
    ids = (1, 2)
    return [
        ("grab", [grab(1, MsgId=n, Content="1", User=user) for n in ids]),
        ("grab 111111", [grab(1, MsgId=n, Content="1", User=shared_id) for n in ids]),
        (
            "dycast",
            [
                dycast(
                    {"id": f"7{n}", "method": "WebcastChatMessage", "user": page, "content": "1"}, Streaks()
                )
                for n in ids
            ],
        ),
        ("bilibili", [bilibili(web_comment(0, "观***", n), "/b") for n in ids]),
        (
            "oba",
            [
                Mapped(
                    oba(
                        {"msg_type": "comment", "msg_id": f"{n}", "nick_name": "用***", "content": "1"},
                        "/oba",
                    )
                )
                for n in ids
            ],
        ),
    ]


@pytest.mark.parametrize("case", [0, 1, 2, 3, 4])
def test_two_who_look_the_same_are_two(case: int) -> None:
    _, mapped = hidden_pairs()[case]
    assert len({one.events[0]["data"]["viewer"]["id"] for one in mapped}) == 2


def test_taken_by_name_or_by_zero_they_would_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.connectors.wire.is_masked", lambda text: False)
    names = [
        name
        for name, mapped in hidden_pairs()
        if len({one.events[0]["data"]["viewer"]["id"] for one in mapped}) == 1
    ]
    assert names == ["grab", "bilibili", "oba"]


# Orders ---------------------------------------------------------------------------------------------


def test_orders_without_an_amount_are_counted_once_each(shared: Path) -> None:
    paid = json.loads((shared / "samples/capture/oba-ws-live_order.constructed.json").read_text("utf-8"))
    placed = {**paid, "msg_id": "6900000000000000001#0", "order_status": "已下单"}
    other = {**paid, "msg_id": "6900000000000000002#3"}
    health = Health()
    assert health.told()["orders"] is None, "nobody told of any: unknown, not none"
    for message in (placed, paid, paid, other):
        order_id = order_of(message)
        assert order_id is not None
        health.mapped(Mapped(passed_over=1, orders=(order_id,)))
    assert health.told()["orders"] == 2
    assert order_of({"msg_type": "comment", "msg_id": "1"}) is None


# Whatever comes -------------------------------------------------------------------------------------

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _of(names: list[str], fixed: dict[str, Any]) -> Any:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUE)).map(lambda sent: {**sent, **fixed})


@given(
    kind=st.integers(-1, 11),
    data=_of(
        [
            "User",
            "Content",
            "GiftId",
            "GiftName",
            "GroupId",
            "RepeatCount",
            "GiftCount",
            "RoomId",
            "Count",
            "Total",
            "OnlineUserCount",
            "DiamondCount",
        ],
        {"MsgId": 5},
    ),
)
def test_nothing_of_douyin_grab_raises(kind: int, data: dict[str, Any]) -> None:
    for sent in (data, data | {"User": {"Id": data.get("User"), "Nickname": data.get("Content")}}):
        _usable(map_frame({"Type": kind, "Data": json.dumps(sent)}, Streaks()))
    _usable(map_frame(data, Streaks()))


@given(
    method=st.sampled_from(["Chat", "Gift", "Like", "Member", "Social", "RoomUserSeq", "Control", "New"]),
    data=_of(["user", "content", "gift", "room", "count", "rtfContent", "id"], {}),
)
def test_nothing_of_dycast_raises(method: str, data: dict[str, Any]) -> None:
    for user in (data.get("user"), {"id": data.get("id"), "name": data.get("content")}):
        sent = {**data, "user": user, "method": f"Webcast{method}Message", "gift": {"count": 2, "name": "x"}}
        _usable(dycast(sent, Streaks()))
    _usable(dycast(data, Streaks()))


@given(
    cmd=st.sampled_from(
        [
            "DANMU_MSG",
            "SEND_GIFT",
            "COMBO_SEND",
            "GUARD_BUY",
            "SUPER_CHAT_MESSAGE",
            "INTERACT_WORD",
            "LIKE_INFO_V3_UPDATE",
            "LIVE_OPEN_PLATFORM_DM",
            "LIVE_OPEN_PLATFORM_SEND_GIFT",
            "LIVE_OPEN_PLATFORM_LIKE",
            "LIVE_OPEN_PLATFORM_GUARD",
            "LIVE_OPEN_PLATFORM_LIVE_ROOM_ENTER",
            "LIVE_OPEN_PLATFORM_SUPER_CHAT",
            "LIVE",
        ]
    ),
    data=_of(
        [
            "msg_id",
            "msg",
            "uid",
            "uname",
            "open_id",
            "num",
            "price",
            "total_coin",
            "gift_num",
            "timestamp",
            "msg_type",
            "user_info",
            "guard_level",
            "message",
            "rmb",
            "id",
            "tid",
            "combo_id",
            "paid",
        ],
        {},
    ),
    info=VALUE,
)
def test_nothing_of_bilibili_raises(cmd: str, data: dict[str, Any], info: object) -> None:
    _usable(bilibili({"cmd": cmd, "data": data, "info": info}, "/b"))
    _usable(bilibili({"cmd": cmd, "data": info, "info": [info, "x", [0, info]]}, "/b"))
    _usable(bilibili(info, "/b"))


def _usable(mapped: Mapped) -> None:
    """What is made is of a shape that the door takes."""
    for event in mapped.events:
        assert event["type"] in FACTS
        assert 0 < len(event["id"]) <= 200
        assert not event["type"].startswith("order.")
        if "viewer" in event["data"]:
            assert 0 < len(event["data"]["viewer"]["id"]) <= 200


# How the socket of Bilibili is found ----------------------------------------------------------------


def test_a_call_is_signed_as_the_service_documents() -> None:
    secrets = {"access_key": "k", "access_secret": "s", "app_id": "12", "code": "C"}
    body = door.start_body(secrets)
    assert body == b'{"code":"C","app_id":12}'
    headers = door.signed(body, secrets, nonce="n", timestamp=1787376000)
    assert headers["x-bili-content-md5"] == hashlib.md5(body, usedforsecurity=False).hexdigest()
    lines = (
        "x-bili-accesskeyid:k",
        f"x-bili-content-md5:{headers['x-bili-content-md5']}",
        "x-bili-signature-method:HMAC-SHA256",
        "x-bili-signature-nonce:n",
        "x-bili-signature-version:1.0",
        "x-bili-timestamp:1787376000",
    )
    assert headers["Authorization"] == hmac.new(b"s", "\n".join(lines).encode(), "sha256").hexdigest()
    assert headers != door.signed(body, {**secrets, "access_secret": "t"}, nonce="n", timestamp=1787376000)
    assert "s" not in headers.values()


@pytest.mark.parametrize(
    "answer", [None, {}, {"code": -352}, {"code": 0}, {"code": 0, "data": {"token": "t"}}]
)
def test_an_answer_that_is_no_yes_is_a_refusal(answer: object) -> None:
    with pytest.raises(door.SaysNo):
        door.web_socket(answer, "1")
    with pytest.raises(door.SaysNo):
        door.open_socket(answer)
