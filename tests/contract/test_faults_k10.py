"""K10 at a real engine: what is said, and what a price is compared with, stand before who approves it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess

Make = Callable[..., EngineProcess]
COUPON: dict[str, Any] = {
    "name": "全网最低券", "rule": {"off_fen": 100}, "quantity": 5, "per_buyer": 1, "seconds": 60,
}  # fmt: skip
GOODS = [{"product_id": "hat", "title": "帽子", "price_fen": 4_900, "stock": 90}]


def cue_of(running: EngineProcess, cue_id: str) -> Any:
    (found,) = [cue for cue in running.state()["cues"] if cue["cue_id"] == cue_id]
    return found


def test_the_one_who_approves_sees_every_mark_and_every_override(engine_of: Make) -> None:
    """K10.1: 「全网最低券」 came without an override, and its approver saw nothing."""
    running = engine_of()
    running.done("catalogue.put", products=GOODS)
    running.done("broadcast.open")
    running.done("cue.add", role="assistant", cue_id="bare", kind="coupon", spec=COUPON)
    running.done("cue.add", role="assistant", cue_id="said", kind="coupon", spec=COUPON, override=["最低"])
    calm = {**COUPON, "name": "老客券"}
    running.done("cue.add", role="assistant", cue_id="calm", kind="coupon", spec=calm)
    bare, said = cue_of(running, "bare"), cue_of(running, "said")
    assert {word["field"] for word in bare["words"]} == {"spec.name"}
    assert all(word["text"] in COUPON["name"] and word["zh"] and word["en"] for word in bare["words"])
    assert "overrides" not in bare
    assert said["words"] == bare["words"]
    ((by, terms),) = [(one["by"], one["terms"]) for one in said["overrides"]]
    assert (by, terms) == ("assistant", ["最低"])
    # The twin: a promotion that says nothing to heed has neither, so that a mark means something.
    assert not {"words", "overrides"} & set(cue_of(running, "calm"))


def test_a_list_that_is_edited_marks_what_waits_already(engine_of: Make) -> None:
    running = engine_of()
    running.done("cue.add", cue_id="calm", kind="coupon", spec={**COUPON, "name": "老客券"})
    assert "words" not in cue_of(running, "calm")
    own = running.folder / "words" / "sensitive.txt"
    own.parent.mkdir(exist_ok=True)
    own.write_text("老客 = 会员\n", "utf-8")
    until = time.monotonic() + 15
    while "words" not in (cue := cue_of(running, "calm")):
        assert time.monotonic() < until, "a mark must come without anybody judging a draft"
        time.sleep(0.2)
    (word,) = cue["words"]
    assert (word["term"], word["text"], word["suggestion"]) == ("老客", "老客", "会员")


def test_no_price_is_struck_without_proof(engine_of: Make) -> None:
    """K10.2: 999 beside a price that was never over 199, and 399 that was asked for a moment."""
    running = engine_of()
    running.done("room.set", recall_seconds=0)
    coat = {"product_id": "coat", "title": "大衣", "price_fen": 19_900, "stock": 50}
    running.done("catalogue.put", products=[coat])
    refused = running.command("catalogue.put", products=[{**coat, "list_price_fen": 99_900}])
    assert (refused["ok"], refused["code"]) == (False, "list_price_never_asked")
    assert "第十七条" in refused["text"]
    running.done("catalogue.put", products=[{**coat, "price_fen": 39_900, "list_price_fen": 39_900}])
    running.done("catalogue.put", products=[{**coat, "list_price_fen": 39_900}])
    new = {"product_id": "new", "title": "新品", "price_fen": 19_900, "stock": 50, "list_price_fen": 99_900}
    running.done("catalogue.put", products=[new])
    running.done("cart.add", product_ids=["coat", "new"])
    running.done("broadcast.open")
    running.done("cart.pin", product_id="coat")
    spec = {"sku_id": "coat", "price_fen": 9_900, "quantity": 5, "per_buyer": 1, "seconds": 60}
    running.done("cue.add", cue_id="sale", kind="flash_sale", spec=spec)
    running.done("cue.fire", cue_id="sale")
    state = running.state()
    assert [(p["list_price_fen"], "struck_fen" in p) for p in state["catalogue"]["products"]] == [
        (39_900, False), (99_900, False),
    ]  # fmt: skip
    assert "struck_fen" not in cue_of(running, "sale")["skus"][0]
