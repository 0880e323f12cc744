"""The comment desk at a real engine: who is hidden, what waits, what is wished for, what may be answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.contract.test_asked_questions import asked, said
from tests.goals import within

Make = Callable[..., EngineProcess]


def state(running: EngineProcess) -> dict[str, Any]:
    body: dict[str, Any] = running.call("GET", "/v1/state", role="host").json
    return body


def told(running: EngineProcess) -> dict[str, Any]:
    body: dict[str, Any] = running.call("GET", "/v1/questions", role="host").json
    return body


def test_who_is_muted_counts_in_no_question_and_comes_back_by_undo(engine_of: Make) -> None:
    running = engine_of()
    running.done("room.set", platform="manual")
    running.done("broadcast.open")
    said(running, ("坏人", "加我微信便宜吗"), ("甲", "起球吗"), ("坏人", "起球吗"))
    running.done("viewer.mute", role="assistant", viewer_id="坏人", reason="刷屏的小坏")
    assert asked(running) == [("起球吗", 1, False)]
    (muted,) = state(running)["muted"]
    assert (muted["viewer_id"], muted["name"], muted["reason"]) == ("坏人", "坏人", "刷屏的小坏")
    assert (muted["hidden"], muted["block"], muted["step"]) == (True, False, "mute")
    said(running, ("坏人", "多久发货"))
    assert asked(running) == [("起球吗", 1, False)]
    assert len(running.log(types="comment.posted")) == 4, "the log has every word"
    running.done("viewer.confirm", viewer_id="坏人")
    running.done("viewer.unmute", viewer_id="坏人")
    assert state(running)["muted"][0]["step"] == "lift"
    assert [text for text, _, _ in asked(running)] == ["起球吗", "加我微信便宜吗", "多久发货"]

    running.done("viewer.mute", viewer_id="坏人", block=True, reason="刷屏的小坏")
    running.kill()  # the block list is of the log: a new engine has it
    again = engine_of(folder=running.folder)
    assert state(again)["muted"][0]["block"] is True
    assert asked(again) == [("起球吗", 1, False)]
    again.done("viewer.forget", viewer_id="坏人")
    assert state(again)["muted"] == []
    assert "坏人" not in str(again.log())


def test_one_evening_at_the_comment_desk(engine_of: Make) -> None:
    running = engine_of()
    skus = [{"sku_id": "s1", "title": "s", "price_fen": 100, "stock": 5}]
    goods = {"product_id": "p1", "title": "羊绒围巾", "price_fen": 100, "stock": 5, "skus": skus}
    other = {"product_id": "p2", "title": "手套", "price_fen": 100, "stock": 5}
    running.done("catalogue.put", products=[{**goods, "parameters": {"材质": "羊绒"}}, other])
    running.done("cart.add", product_ids=["p1", "p2"])
    running.done("broadcast.open")
    running.done("cart.pin", product_id="p1")
    what_waits_is_a_moment(running)
    answers_are_of_the_product_explained(running)
    wishes_are_of_people(running)
    a_flood_is_looked_through_in_time(running)
    running.done("cart.unpin")
    running.done("broadcast.close")
    running.done("broadcast.open")
    assert told(running)["wishes"] == [], "another evening wishes for nothing yet"


def what_waits_is_a_moment(running: EngineProcess) -> None:
    said(running, ("甲", "起球吗"), ("乙", "起球吗"), ("丙", "多久发货"))
    told(running)
    waits = state(running)["health"]["open_question"]
    assert (waits["text"], waits["people"]) == ("起球吗", 2)
    assert waits["since"] < waits["rings_at"]
    assert told(running)["questions"][0]["since"] == waits["since"]
    body = running.call("GET", "/v1/health").json
    assert "open_question" not in body, "who has no token reads no comment"
    running.done("question.answer", text="起球吗")
    told(running)
    assert "open_question" not in state(running)["health"], "one who asks alone is no crowd"


def answers_are_of_the_product_explained(running: EngineProcess) -> None:
    said(running, ("甲", "什么材质的"), ("乙", "产地是哪里"))
    answers = {one["text"]: one.get("answer") for one in told(running)["questions"]}
    assert answers["什么材质的"]["zh"] == "材质：羊绒"
    assert answers["产地是哪里"]["source"] == "none"
    assert answers["起球吗"] is None
    running.done("answer.put", question="会不会起球", zh="不起球", product_id="p1")
    running.done("question.answer", text="产地是哪里", reply="内蒙古的")
    answers = {one["text"]: one.get("answer") for one in told(running)["questions"]}
    assert (answers["起球吗"]["source"], answers["起球吗"]["zh"]) == ("library", "不起球")
    assert (answers["产地是哪里"]["source"], answers["产地是哪里"]["zh"]) == ("draft", "内蒙古的")
    draft = {"type": "answer.put", "data": {"question": "x", "zh": "全网最低"}}
    judged = running.call("POST", "/v1/judge", draft, role="host").json
    assert judged["words"], "what is written into the library is checked"


def wishes_are_of_people(running: EngineProcess) -> None:
    said(running, ("甲", "没抢到"), ("甲", "没抢到啊"), ("乙", "返场"), ("丙", "2号补货"), ("丁", "不想要"))
    wishes = {one["product_id"]: one for one in told(running)["wishes"]}
    assert (wishes["p1"]["people"], wishes["p1"]["back"]) == (2, 2)
    assert (wishes["p2"]["people"], wishes["p2"]["more"]) == (1, 1)
    assert wishes["p1"]["proposal"] is None, "two are not three"
    said(running, ("戊", "1号返场"))
    assert told(running)["wishes"][0]["proposal"] == "back"


def a_flood_is_looked_through_in_time(running: EngineProcess) -> None:
    """Two thousand comments, all of which wish and ask."""
    for part in range(4):
        lines = [
            (f"v{n % 700}", f"{n % 97}号返场还有吗{n % 13}") for n in range(part * 500, part * 500 + 500)
        ]
        said(running, *lines)
    began = time.monotonic()
    told(running)
    within(time.monotonic() - began, 2)
