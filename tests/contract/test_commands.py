"""`POST /v1/commands`, `/v1/judge`, `/v1/state`: answers, ids, roles, expiry."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess, comment

Make = Callable[..., EngineProcess]
Fresh = Callable[[str], str]


def product(product_id: str, **more: Any) -> dict[str, Any]:
    return {"product_id": product_id, "title": f"商品{product_id}", "price_fen": 9900, "stock": 100, **more}


def test_an_accepted_command_says_seq_and_result(engine: EngineProcess, fresh: Fresh) -> None:
    name = fresh("p")
    answer = engine.command("catalogue.put", products=[product(name)])
    assert set(answer) == {"ok", "seq", "result"}
    state = engine.state()
    assert state["seq"] >= answer["seq"]
    assert name in [p["product_id"] for p in state["catalogue"]["products"]]
    assert {"seq", "room", "broadcast", "catalogue", "cart", "cues", "orders", "health"} <= set(state)


def test_a_refusal_says_code_text_params_and_makes_no_event(engine: EngineProcess) -> None:
    before = engine.seq()
    answer = engine.command("product.shelf", product_id="nobody", on=True)
    assert answer["ok"] is False
    assert answer["code"] == "unknown_product"
    assert answer["text"] == "没有这个商品"
    assert answer["params"] == {"product_id": "nobody"}
    assert engine.seq() == before


def test_the_same_id_gets_the_same_answer_and_does_nothing(engine: EngineProcess, fresh: Fresh) -> None:
    name, id_ = fresh("p"), str(uuid.uuid4())
    first = engine.command("catalogue.put", id_=id_, products=[product(name)])
    seq = engine.seq()
    assert engine.command("catalogue.put", id_=id_, products=[product(name)]) == first
    assert engine.seq() == seq
    refused = engine.command("product.shelf", id_=f"{id_[:30]}", product_id=fresh("none"), on=True)
    assert refused["ok"] is False


def test_the_same_id_with_another_body_is_409(engine: EngineProcess, fresh: Fresh) -> None:
    name, id_ = fresh("p"), str(uuid.uuid4())
    engine.command("catalogue.put", id_=id_, products=[product(name)])
    body = {"id": id_, "type": "product.shelf", "data": {"product_id": name, "on": False}}
    answer = engine.call("POST", "/v1/commands", body)
    assert (answer.status, answer.json["code"]) == (409, "id_reused")


def test_a_refusal_is_kept_for_its_id_too(engine: EngineProcess, fresh: Fresh) -> None:
    name, id_ = fresh("p"), str(uuid.uuid4())
    first = engine.command("product.shelf", id_=id_, product_id=name, on=False)
    engine.command("catalogue.put", products=[product(name)])
    assert engine.command("product.shelf", id_=id_, product_id=name, on=False) == first


def test_answers_outlive_a_kill(engine_of: Make) -> None:
    running = engine_of()
    first = running.command("catalogue.put", id_="one", products=[product("a")])
    seq = running.seq()
    running.kill()
    again = engine_of(folder=running.folder)
    assert again.command("catalogue.put", id_="one", products=[product("a")]) == first
    assert again.seq() == seq
    body = {"id": "one", "type": "catalogue.put", "data": {"products": []}}
    assert again.call("POST", "/v1/commands", body).status == 409


@pytest.mark.parametrize("id_", ["", "x" * 65, "空", "a\x7f", "tab\t", 5, None, {}])
def test_a_wrong_id_is_400(engine: EngineProcess, id_: Any) -> None:
    answer = engine.call("POST", "/v1/commands", {"id": id_, "type": "cart.unpin", "data": {}})
    assert (answer.status, answer.json["code"]) == (400, "bad_command_id")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "unreadable"),
        (b"{", "unreadable"),
        (b"\xff", "unreadable"),
        (b"[]", "bad_shape"),
        (b'{"id":"a"}', "bad_shape"),
        (b'{"id":"a","type":5}', "bad_shape"),
        (b'{"id":"a","type":"cart.unpin","data":[]}', "bad_shape"),
        (b'{"id":"a","type":"cart.unpin","expires_at":"soon"}', "bad_shape"),
        (b'{"id":"a","type":"cart.unpin","data":{"x":' + b"[" * 20 + b"]" * 20 + b"}}", "too_deep"),
        (b"[" * 300_000, "too_deep"),
    ],
)
def test_an_unreadable_command_is_400(engine: EngineProcess, body: bytes, code: str) -> None:
    answer = engine.call("POST", "/v1/commands", body)
    assert (answer.status, answer.json["code"]) == (400, code)


@pytest.mark.parametrize(
    ("type_", "data", "code"),
    [
        ("room.explode", {}, "unknown_type"),
        ("comment.posted", {}, "unknown_type"),
        ("effect.over", {"cue_id": "c", "fired_at": "2026-11-11T12:00:00+00:00"}, "unknown_type"),
        ("effect.answered", {"key": "k", "cue_id": "c", "step": "on_air", "outcome": "done"}, "unknown_type"),
        ("cue.fire", {}, "bad_shape"),
        ("cue.fire", {"cue_id": 5}, "bad_shape"),
        ("stock.add", {"sku_id": "s", "by": 10**9}, "bad_shape"),
        ("cue.add", {"kind": "flash_sale", "spec": {"sku_id": "s", "price_fen": -1}}, "bad_spec"),
        ("cue.add", {"kind": "giveaway", "spec": {}}, "bad_spec"),
        (
            "cue.add",
            {
                "kind": "flash_sale",
                "spec": {"sku_id": "none", "price_fen": 1, "quantity": 1, "per_buyer": 1, "seconds": 9},
            },
            "unknown_sku",
        ),
        ("broadcast.open", {"title": "长" * 501}, "too_long"),
        ("cue.fire", {"cue_id": "nobody"}, "unknown_cue"),
    ],
)
def test_bad_commands_get_their_reason(
    engine: EngineProcess, type_: str, data: dict[str, Any], code: str
) -> None:
    before = engine.seq()
    answer = engine.command(type_, **data)
    assert (answer["ok"], answer["code"]) == (False, code)
    assert engine.seq() == before


def test_a_past_at_is_refused(engine: EngineProcess, fresh: Fresh) -> None:
    name = fresh("p")
    engine.done("catalogue.put", products=[product(name)])
    spec = {"sku_id": name, "price_fen": 9000, "quantity": 1, "per_buyer": 1, "seconds": 9}
    answer = engine.command("cue.add", kind="flash_sale", spec=spec, at="2020-01-01T00:00:00+08:00")
    assert (answer["ok"], answer["code"]) == (False, "in_the_past")


def test_an_expired_command_is_not_carried_out(engine: EngineProcess, fresh: Fresh) -> None:
    name = fresh("p")
    body = {
        "id": str(uuid.uuid4()),
        "type": "catalogue.put",
        "data": {"products": [product(name)]},
        "expires_at": "2020-01-01T00:00:00Z",
    }
    answer = engine.call("POST", "/v1/commands", body).json
    assert (answer["ok"], answer["code"]) == (False, "expired")
    body |= {"id": str(uuid.uuid4()), "expires_at": "2120-01-01T00:00:00+08:00"}
    assert engine.call("POST", "/v1/commands", body).json["ok"] is True


@pytest.mark.parametrize(
    ("role", "type_", "data"),
    [
        ("viewer", "cart.unpin", {}),
        ("viewer", "room.explode", {}),
        ("producer", "cue.fire", {"cue_id": "c"}),
        ("producer", "catalogue.put", {"products": []}),
        ("assistant", "cue.fire", {"cue_id": "c"}),
        ("assistant", "cue.approve", {"cue_id": "c"}),
        ("assistant", "room.halt", {}),
        ("assistant", "broadcast.open", {}),
        ("assistant", "order.request", {}),
    ],
)
def test_a_role_is_denied_before_any_rule(
    engine: EngineProcess, role: str, type_: str, data: dict[str, Any]
) -> None:
    body = {"id": str(uuid.uuid4()), "type": type_, "data": data}
    answer = engine.call("POST", "/v1/commands", body, role=role)
    assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_judge_answers_for_the_role_of_the_token_and_for_no_other(
    engine: EngineProcess, fresh: Fresh
) -> None:
    """The same question: what an assistant may not do is said to the assistant, whatever the body claims."""
    name = fresh("p")
    engine.done("catalogue.put", products=[product(name, floor_fen=5000)])
    lower = {"products": [{"product_id": name, "floor_fen": 4000}]}
    body = {"type": "catalogue.put", "data": lower, "role": "host"}
    assert engine.call("POST", "/v1/judge", body).json["ok"] is True
    answer = engine.call("POST", "/v1/judge", body, role="assistant").json
    assert (answer["ok"], answer["code"]) == (False, "forbidden")
    fire = {"type": "cue.fire", "data": {"cue_id": "none"}, "role": "host"}
    assert engine.call("POST", "/v1/judge", fire, role="assistant").json["code"] == "forbidden"
    assert engine.call("POST", "/v1/judge", fire).json["code"] == "unknown_cue"


def test_judge_answers_without_an_event(engine: EngineProcess, fresh: Fresh) -> None:
    name = fresh("p")
    engine.done("catalogue.put", products=[product(name, floor_fen=5000)])
    before = engine.seq()
    spec = {"sku_id": name, "price_fen": 4000, "quantity": 1, "per_buyer": 1, "seconds": 9}
    body = {"type": "cue.add", "data": {"kind": "flash_sale", "spec": spec}}
    answer = engine.call("POST", "/v1/judge", body, role="assistant")
    assert (answer.status, answer.json["ok"], answer.json["code"]) == (200, False, "below_price_floor")
    spec["price_fen"] = 6000
    assert engine.call("POST", "/v1/judge", body).json["ok"] is True
    assert engine.seq() == before
    assert engine.call("POST", "/v1/judge", body, role="viewer").status == 403
    assert engine.call("POST", "/v1/judge", json.dumps([1]).encode()).status == 400


def test_people_are_pids_inside_and_themselves_outside(engine_of: Make) -> None:
    running = engine_of()
    running.done("broadcast.open")
    running.done("room.set", recall_seconds=0)
    spec = {
        "prize": {"name": "奖", "value_fen": 100},
        "winners": 1,
        "entry": {"keyword": "抽我"},
        "seconds": 60,
        "exclude": ["staff"],
    }
    cue_id = running.done("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    running.done("cue.fire", cue_id=cue_id, expect=spec)
    for viewer in ("staff", "anna"):
        running.post(
            [
                {
                    "specversion": "1.0",
                    "id": viewer,
                    "source": "/test/bag",
                    "type": "comment.posted",
                    "data": {"viewer": {"id": viewer, "name": f"名字{viewer}"}, "text": "抽我"},
                }
            ]
        )
    (cue,) = running.state()["cues"]
    assert cue["entrants"] == 1
    assert cue["spec"]["exclude"] == ["staff"]
    (entered,) = running.log(types="bag.entered")
    assert entered["data"]["entries"][0][0] == "anna"
    assert running.stop() == 0
    content = b"".join(path.read_bytes() for path in running.folder.rglob("*.db*"))
    assert b"\xe5\x90\x8d\xe5\xad\x97" not in content, "names stand in clear on disk"


def test_a_command_id_is_any_printable_ascii(engine: EngineProcess, fresh: Fresh) -> None:
    id_ = f"a seat, press {fresh(chr(126))}"
    first = engine.command("stock.add", id_=id_, sku_id="nobody", by=1)
    assert (first["code"], engine.command("stock.add", id_=id_, sku_id="nobody", by=1)) == (
        "unknown_sku",
        first,
    )


def test_who_got_nothing_is_counted_beside_the_log(engine_of: Make) -> None:
    engine = engine_of()
    engine.done("catalogue.put", products=[product("p")])
    engine.done("room.set", recall_seconds=0)
    engine.done("broadcast.open")
    sale = {"sku_id": "p", "price_fen": 100, "quantity": 2, "per_buyer": 1, "seconds": 600}
    engine.done("cue.add", cue_id="s", kind="flash_sale", spec=sale)
    engine.done("cue.fire", cue_id="s")
    codes = []
    for number, buyer in enumerate(["a", "a", "b", "c", "d"]):
        asked = {"order_id": f"o{number}", "buyer": {"id": buyer, "name": buyer}}
        lines = [{"sku_id": "p", "quantity": 1}]
        answer = engine.command("order.request", "producer", f"ask-{number}", **asked, lines=lines)
        codes.append(answer.get("code"))
        assert engine.command("order.request", "producer", f"ask-{number}", **asked, lines=lines) == answer
    assert codes == [None, "buyer_limit", None, "sold_out", "sold_out"]
    (cue,) = engine.state()["cues"]
    assert (cue["refused_count"], "refused_since" in cue) == (3, False)
    seq = engine.seq()
    engine.stop()
    engine.start()
    (cue,) = engine.state()["cues"]
    assert (cue["refused_count"], "refused_since" in cue, engine.seq()) == (0, True, seq)


def test_who_is_known_by_name_only_enters_a_bag_unverified(engine_of: Make) -> None:
    engine = engine_of()
    engine.done("room.set", recall_seconds=0)
    engine.done("broadcast.open")
    bag = {"prize": {"name": "杯", "value_fen": 100}, "winners": 3, "entry": {"keyword": "要"}, "seconds": 1}
    engine.done("cue.add", cue_id="b", kind="lucky_bag", spec=bag)
    engine.done("cue.fire", cue_id="b")
    viewers = ["name:小明", "u2", "u3"]
    engine.post([comment(viewer, "要", viewer=viewer) for viewer in viewers])
    (entered,) = engine.log(types="bag.entered")
    assert entered["data"]["unverified"] == ["name:小明"]
    (cue,) = engine.state()["cues"]
    assert (cue["entrants"], cue["unverified"]) == (3, 1)
    engine.stop()  # what follows is told from the log, and the draw is due at the next start
    engine.start()
    deadline = time.monotonic() + 20
    while (cue := engine.state()["cues"][0])["status"] != "ended":
        assert time.monotonic() < deadline
    marked = {winner["viewer_id"]: winner.get("unverified", False) for winner in cue["winners"]}
    assert marked == {"name:小明": True, "u2": False, "u3": False}


def test_a_real_room_starts_no_drill(engine: EngineProcess) -> None:
    """What a drill brings about is made up: never here, whatever is asked."""
    before = engine.seq()
    answer = engine.command("drill.start", drill="cut_line")
    assert (answer["ok"], answer["code"]) == (False, "drill_not_here")
    assert answer["text"] == "演练只在排练里：这里是真直播间"
    assert engine.seq() == before
    assert engine.state()["room"]["drill"] is None


def test_judge_goes_through_a_sale_by_its_skus(engine: EngineProcess, fresh: Fresh) -> None:
    """Of each what is wrong with it and the value that mends it; what is mended is taken as it is."""
    name = fresh("p")
    skus = [
        {
            "sku_id": f"{name}-{size}",
            "title": f"驼色 {size}",
            "price_fen": 9900,
            "stock": 4,
            "floor_fen": 5000,
        }
        for size in "SML"
    ]
    whole = product(name) | {"price_fen": 9900, "stock": 12, "skus": skus}
    engine.done("catalogue.put", products=[whole])
    prices = {f"{name}-S": (6000, 4), f"{name}-M": (4000, 4), f"{name}-L": (6000, 9)}
    rows = [{"sku_id": id_, "price_fen": fen, "quantity": n} for id_, (fen, n) in prices.items()]
    data = {"kind": "flash_sale", "spec": {"skus": rows, "per_buyer": 1, "seconds": 9}}
    said = engine.call("POST", "/v1/judge", {"type": "cue.add", "data": data}).json
    assert [[fault["code"] for fault in row["faults"]] for row in said["skus"]] == [
        [],
        ["below_price_floor"],
        ["over_stock"],
    ]
    assert [(each["sku_id"], each["fix"]) for each in said["repairs"]] == [
        (f"{name}-M", {"price_fen": 5000}),
        (f"{name}-L", {"quantity": 4}),
    ]
    mended = {"kind": "flash_sale", "spec": said["mended"]["spec"]}
    again = engine.call("POST", "/v1/judge", {"type": "cue.add", "data": mended}).json
    assert (again["ok"], again["repairs"]) == (True, [])
    assert engine.command("cue.add", **mended)["ok"]
