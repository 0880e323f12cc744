"""`POST /v1/events`: what is accepted is on the log, what is not takes no neighbour with it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.engine_process import BATCH, LINES, SINGLE, EngineProcess, comment, event

Fresh = Callable[[str], str]
VIEWER = {"id": "v1", "name": "小红"}
FACTS: list[tuple[str, dict[str, Any]]] = [
    ("comment.posted", {"viewer": VIEWER, "text": "这个多少钱？"}),
    ("viewer.entered", {"viewer": VIEWER}),
    ("viewer.followed", {"viewer": VIEWER}),
    ("viewer.joined_club", {"viewer": VIEWER, "level": 7}),
    ("viewer.shared", {"viewer": VIEWER}),
    ("viewer.liked", {"viewer": VIEWER, "count": 3}),
    ("gift.sent", {"viewer": VIEWER, "gift": "小心心", "count": 2, "value_fen": 200, "combo": False}),
    ("room.measured", {"online": 10, "likes": 5}),
    ("promotion.measured", {"cue_id": "nothing", "sold": 1}),
    (
        "order.placed",
        {
            "order_id": "o1",
            "buyer": {"id": "b1", "name": "买家"},
            "lines": [{"sku_id": "none", "quantity": 1, "unit_price_fen": 100}],
            "total_fen": 100,
        },
    ),
    ("order.paid", {"order_id": "o1", "paid_fen": 100}),
    ("order.closed", {"order_id": "o1", "reason": "不要了"}),
    ("order.refunded", {"order_id": "o1", "refund_fen": 100}),
    ("aftersale.updated", {"aftersale_id": "a1", "order_id": "o1", "kind": "refund", "status": "asked"}),
    (
        "order.shipment",
        {"order_id": "o1", "status": "shipped", "carrier": "SF", "waybill": "1", "eta": "明天"},
    ),
    ("order.settled", {"order_id": "o1", "settled_fen": 95, "fee_fen": 5}),
    ("review.posted", {"product_id": "p", "stars": 4, "text": "好看", "order_id": "o1"}),
]


@pytest.mark.parametrize(("type_", "data"), FACTS)
def test_every_fact_stands_on_the_log_as_sent(
    engine: EngineProcess, fresh: Fresh, type_: str, data: dict[str, Any]
) -> None:
    after, source = engine.seq(), fresh("/test/facts")
    sent = event("1", type_, {**data, "extra": {"深": [1, None, 2.5]}}, source=source)
    answer = engine.post([sent])
    assert answer == {"accepted": 1, "duplicates": 0, "refused": [], "seq": answer["seq"]}
    (line,) = [line for line in engine.log(after) if line.get("source") == source]
    assert line["data"] == sent["data"]
    assert (line["type"], line["id"], line["time"], line["actor"]) == (type_, "1", sent["time"], "producer")
    assert after < line["seq"] <= answer["seq"]


def test_the_three_forms_of_a_body(engine: EngineProcess, fresh: Fresh) -> None:
    source = fresh("/test/forms")
    assert engine.post(comment("1", source=source), kind=SINGLE)["accepted"] == 1
    assert engine.post([comment("2", source=source)], kind=f"{BATCH}; charset=utf-8")["accepted"] == 1
    lines = "\n".join(json.dumps(comment(str(n), source=source)) for n in (3, 4)) + "\n\n"
    assert engine.post(lines.encode(), kind=LINES)["accepted"] == 2
    assert engine.post(b"[]")["accepted"] == 0
    assert engine.post(b"", kind=LINES)["accepted"] == 0


def test_an_id_is_known_for_ever(engine: EngineProcess, fresh: Fresh) -> None:
    source = fresh("/test/ids")
    first = engine.post([comment("1", source=source), comment("1", source=source)])
    assert (first["accepted"], first["duplicates"]) == (1, 1)
    again = engine.post([comment("1", source=source)])
    assert (again["accepted"], again["duplicates"], again["seq"]) == (0, 1, first["seq"])
    swapped = {
        **comment("1", source=source),
        "data": {"text": "你好", "viewer": {"name": "小明", "id": "u1"}},
    }
    assert engine.post([swapped])["duplicates"] == 1
    others = [
        comment("1", "别的", source=source),
        event("1", "viewer.entered", {"viewer": {"id": "u1", "name": "小明"}}, source=source),
        comment("1", source=fresh("/test/ids")),
    ]
    answer = engine.post(others)
    assert answer["accepted"] == 1
    assert [(p["index"], p["code"]) for p in answer["refused"]] == [(0, "id_reused"), (1, "id_reused")]


BAD: list[tuple[str, Any]] = [
    ("bad_shape", {"id": "x"}),
    ("bad_shape", []),
    ("bad_shape", "text"),
    ("bad_shape", None),
    ("bad_shape", event("b", "comment.posted", "text")),
    ("bad_shape", event("b", "comment.posted", {"viewer": {"id": "u"}})),
    ("bad_shape", event("b", "comment.posted", {"viewer": {"id": 5}, "text": "x"})),
    ("bad_shape", event("b", "comment.posted", {"viewer": {"id": ""}, "text": "x"})),
    ("bad_shape", event("b", "comment.posted", {"viewer": {"id": "u" * 201}, "text": "x"})),
    ("bad_shape", event("b", "viewer.liked", {"viewer": VIEWER, "count": -1})),
    ("bad_shape", event("b", "viewer.liked", {"viewer": VIEWER, "count": True})),
    ("bad_shape", event("b", "order.paid", {"order_id": "o", "paid_fen": -1})),
    ("bad_shape", event("b", "order.paid", {"order_id": "o", "paid_fen": 1.5})),
    ("bad_shape", event("b", "order.paid", {"order_id": "o", "paid_fen": 10**30})),
    ("bad_shape", event("b", "order.paid", {"order_id": "o", "paid_fen": "100"})),
    ("bad_shape", event("", "viewer.entered", {"viewer": VIEWER})),
    ("bad_shape", event("b", "viewer.entered", {"viewer": VIEWER}, source="")),
    ("bad_shape", {**event("b", "viewer.entered", {"viewer": VIEWER}), "specversion": "0.3"}),
    ("bad_shape", {**event("b", "viewer.entered", {"viewer": VIEWER}), "time": "yesterday"}),
    ("bad_shape", {**event("b", "viewer.entered", {"viewer": VIEWER}), "time": "2026-11-22T20:00:00"}),
    ("bad_shape", {**event("b", "viewer.entered", {"viewer": VIEWER}), "time": "0001-01-01T00:00:00+14:00"}),
    ("unknown_type", event("b", "room.exploded", {})),
    ("unknown_type", event("b", "cue.on_air", {"cue_id": "c"})),
    ("unknown_type", event("b", "broadcast.open", {})),
    ("simulated_fact", event("b", "viewer.entered", {"viewer": VIEWER}, source="/rehearsal/x")),
]


@pytest.mark.parametrize(("code", "bad"), BAD)
@pytest.mark.parametrize("kind", [BATCH, LINES])
def test_a_bad_event_leaves_its_neighbours_alone(
    engine: EngineProcess, fresh: Fresh, kind: str, code: str, bad: Any
) -> None:
    after, source = engine.seq(), fresh("/test/bad")
    events = [comment("1", source=source), bad, comment("2", source=source)]
    body: Any = events if kind == BATCH else "\n".join(json.dumps(e) for e in events).encode()
    answer = engine.post(body, kind=kind)
    assert answer["accepted"] == 2
    (problem,) = answer["refused"]
    assert (problem["index"], problem["code"]) == (1, code)
    assert problem["text"]
    assert [line["id"] for line in engine.log(after) if line.get("source") == source] == ["1", "2"]
    assert answer["seq"] == after + 2


def test_a_broken_line_leaves_its_neighbours_alone(engine: EngineProcess, fresh: Fresh) -> None:
    source = fresh("/test/lines")
    good = [json.dumps(comment(str(n), source=source), ensure_ascii=False).encode() for n in range(3)]
    lines = [
        good[0],
        b'{"id": "half',
        good[1],
        b"\xff\xfe",
        b"not json",
        b"[" * 5000,
        b'{"a":"\\ud800"}',
        good[2],
    ]
    answer = engine.post(b"\n".join(lines), kind=LINES)
    assert answer["accepted"] == 3
    assert [problem["index"] for problem in answer["refused"]] == [1, 3, 4, 5, 6]
    assert {problem["code"] for problem in answer["refused"]} == {"unreadable", "too_deep"}


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_depth_is_bounded_and_takes_no_neighbour(engine: EngineProcess, fresh: Fresh) -> None:
    source = fresh("/test/deep")
    fits = comment("1", source=source)
    fits["data"]["deep"] = _deep(14)
    deeper = comment("2", source=source)
    deeper["data"]["deep"] = _deep(15)
    abyss = (
        json.dumps(comment("3", source=source)).encode()[:-1]
        + b',"x":'
        + b"[" * 90_000
        + b"]" * 90_000
        + b"}"
    )
    parts = [
        json.dumps(fits).encode(),
        json.dumps(deeper).encode(),
        abyss,
        json.dumps(comment("4", source=source)).encode(),
    ]
    answer = engine.post(b"[" + b",".join(parts) + b"]")
    assert answer["accepted"] == 2
    assert [(p["index"], p["code"]) for p in answer["refused"]] == [(1, "too_deep"), (2, "too_deep")]


def test_half_a_surrogate_pair_takes_no_neighbour(engine: EngineProcess, fresh: Fresh) -> None:
    source = fresh("/test/halves")
    events = [comment("1", source=source), comment("2", "\ud800", source=source), comment("3", source=source)]
    answer = engine.call("POST", "/v1/events", json.dumps(events).encode(), role="producer", kind=BATCH)
    assert answer.status == 200
    assert (answer.json["accepted"], answer.json["refused"][0]["index"]) == (2, 1)
    broken = json.dumps(events).encode()[:-1]
    assert engine.call("POST", "/v1/events", broken, role="producer", kind=BATCH).status == 400


def test_brackets_in_a_text_are_no_depth(engine: EngineProcess, fresh: Fresh) -> None:
    answer = engine.post([comment("1", '[[[{{{"]' * 20, source=fresh("/test/brackets"))])
    assert answer["accepted"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[",
        b'[{"id":',
        b"nonsense",
        b"\xff\xff",
        b'{"a":1}{"b":2}',
        b"[1,2",
        b"NaN",
        b"[" * 200_000,
    ],
)
@pytest.mark.parametrize("kind", [BATCH, SINGLE])
def test_an_unreadable_body_is_400(engine: EngineProcess, body: bytes, kind: str) -> None:
    before = engine.seq()
    answer = engine.call("POST", "/v1/events", body, role="producer", kind=kind)
    assert answer.status == 400
    assert set(answer.json) == {"code", "text"}
    assert answer.json["code"] in ("unreadable", "too_deep")
    assert engine.seq() == before


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html"],
)
def test_what_a_web_page_can_post_is_refused(engine: EngineProcess, kind: str) -> None:
    for path in ("/v1/events", "/v1/commands"):
        answer = engine.call("POST", path, [comment("1")], kind=kind)
        assert (answer.status, answer.json["code"]) == (400, "unreadable")


def test_a_body_over_one_mebibyte_is_413(engine: EngineProcess) -> None:
    before = engine.seq()
    answer = engine.call("POST", "/v1/events", b" " * (1024 * 1024 + 1), role="producer", kind=BATCH)
    assert (answer.status, answer.json["code"]) == (413, "too_large")
    fits = json.dumps([comment("big", "x" * 400, source="/test/mebi")]).encode()
    assert engine.post(fits + b" " * (1024 * 1024 - len(fits)))["accepted"] == 1
    assert engine.seq() == before + 1


def test_a_chunked_body_over_one_mebibyte_is_413(engine: EngineProcess) -> None:
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{engine.port}\r\nConnection: close\r\n"
        f"Authorization: Bearer {engine.tokens['producer']}\r\nContent-Type: {BATCH}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    ).encode()
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    answer = engine.raw(head + chunk * 17 + b"0\r\n\r\n")
    assert answer.split(b" ")[1] == b"413"


def test_a_compressed_body_is_refused_unopened(engine: EngineProcess) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    headers = {"Content-Encoding": "gzip"}
    answer = engine.call("POST", "/v1/events", bomb, role="producer", kind=BATCH, headers=headers)
    assert (answer.status, answer.json["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦🎉",
        "\u202eevil\u202c\u200b\u2066",
        "ﷺ" * 100,
        "a\u0000b",
        "<b onmouseover=alert(1)>\"'&",
        "\\ud83d\\ude00",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "",
    ],
)
def test_any_text_comes_back_as_it_was(engine: EngineProcess, fresh: Fresh, text: str) -> None:
    after, source = engine.seq(), fresh("/test/text")
    sent = event(
        "1", "comment.posted", {"viewer": {"id": f"u{text}"[:200], "name": text}, "text": text}, source=source
    )
    assert engine.post([sent])["accepted"] == 1
    (line,) = engine.log(after)
    assert line["data"] == sent["data"]


def test_a_long_text_is_cut_and_says_so(engine: EngineProcess, fresh: Fresh) -> None:
    after, source = engine.seq(), fresh("/test/cut")
    assert (
        engine.post([comment("1", "长" * 501, source=source), comment("2", "短" * 500, source=source)])[
            "accepted"
        ]
        == 2
    )
    cut, whole = engine.log(after)
    assert (cut["data"]["text"], cut["data"]["cut"]) == ("长" * 500, 501)
    assert (whole["data"]["text"], "cut" in whole["data"]) == ("短" * 500, False)


def test_the_log_pages_and_filters(engine: EngineProcess, fresh: Fresh) -> None:
    after, source = engine.seq(), fresh("/test/pages")
    engine.post([comment(str(n), source=source) for n in range(5)])
    engine.post([event("e", "viewer.entered", {"viewer": VIEWER}, source=source)])
    whole = engine.log(after)
    assert [line["seq"] for line in whole] == list(range(after + 1, after + 7))
    assert engine.log(after, limit=2) == whole[:2]
    assert engine.log(after + 2, limit=2) == whole[2:4]
    assert engine.log(after, types="viewer.entered,nothing") == whole[5:]
    assert engine.call("GET", f"/v1/log?after={after}").headers["content-type"] == "application/x-ndjson"
