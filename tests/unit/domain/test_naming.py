"""A no names titles, never raw ids: every sentence, and what real rooms say in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.domain import decide
from liveconsole.domain.judge import judge
from liveconsole.messages.refusals import TEXTS, Refused, names_in, word
from tests.unit.domain.desk import Desk, product

RAW = "raw0"
"""In every id of these rooms, and in no title."""


def _good(name: str, title: str, price: int = 19_900, stock: int = 9, **more: Any) -> dict[str, Any]:
    return product(f"{RAW}{name}", price, stock, **more) | {"title": title}


def _room(platform: str = "own", **settings: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0, **settings)
    goods = [_good("a", "羊绒围巾", floor_fen=5_000), _good("b", "羊毛手套")]
    desk.ok("catalogue.put", {"products": goods})
    desk.ok("cart.add", {"product_ids": [f"{RAW}a", f"{RAW}b"]})
    return desk


def _sale(desk: Desk, name: str = "sale", *, sku: str = "a", price: int = 9_900, on: bool = True) -> None:
    spec = {"sku_id": f"{RAW}{sku}", "price_fen": price, "quantity": 3, "per_buyer": 1, "seconds": 300}
    desk.ok("cue.add", {"cue_id": f"{RAW}{name}", "kind": "flash_sale", "spec": spec})
    if on:
        desk.ok("cue.fire", {"cue_id": f"{RAW}{name}"})


def still_running() -> Refused:
    desk = _room()
    _sale(desk)
    coupon = {
        "name": "满减",
        "rule": {"threshold_fen": 90_000, "off_fen": 100},
        "quantity": 1,
        "per_buyer": 1,
    }
    desk.ok("cue.add", {"cue_id": f"{RAW}k", "kind": "coupon", "spec": coupon | {"seconds": 60}})
    desk.ok("cue.fire", {"cue_id": f"{RAW}k"})
    return desk.refusal("room.set", {"platform": "manual"})


def overlap() -> Refused:
    desk = _room()
    _sale(desk)
    _sale(desk, "late", on=False)
    return desk.refusal("cue.fire", {"cue_id": f"{RAW}late"})


def dearer_than_shop() -> Refused:
    desk = _room()
    _sale(desk)
    return desk.refusal("catalogue.put", {"products": [_good("a", "羊绒围巾", 9_000)]})


def stock_committed() -> Refused:
    desk = _room()
    _sale(desk)
    return desk.refusal("catalogue.put", {"products": [_good("a", "羊绒围巾", stock=1, floor_fen=5_000)]})


def limit_taken() -> Refused:
    desk = _room()
    _sale(desk)
    return desk.refusal("stock.limit", {"sku_id": f"{RAW}a", "units": 1})


def sku_taken() -> Refused:
    desk = _room()
    other = {"product_id": f"{RAW}c", "title": "新品", "price_fen": 100, "stock": 1}
    skus = [{"sku_id": f"{RAW}a", "title": "红", "price_fen": 100, "stock": 1}]
    return desk.refusal("catalogue.put", {"products": [other | {"skus": skus}]})


def floor_lowered() -> Refused:
    desk = _room()
    lower = _good("a", "羊绒围巾", floor_fen=1_000)
    return desk.refusal("catalogue.put", {"products": [lower]}, "assistant")


def list_price_never_asked() -> Refused:
    desk = _room()
    return desk.refusal(
        "catalogue.put", {"products": [_good("a", "羊绒围巾", list_price_fen=99_900, floor_fen=5_000)]}
    )


def segment_twice() -> Refused:
    desk = _room()
    segment = {"segment_id": f"{RAW}s", "title": "开场"}
    return desk.refusal("rundown.put", {"segments": [segment, segment]})


def unknown_product() -> Refused:
    return _room().refusal("cart.pin", {"product_id": f"{RAW}z"})


def unknown_sku() -> Refused:
    return _room().refusal("stock.add", {"sku_id": f"{RAW}z", "by": 1})


def cue_exists() -> Refused:
    desk = _room()
    _sale(desk)
    spec = {"sku_id": f"{RAW}b", "price_fen": 900, "quantity": 1, "per_buyer": 1, "seconds": 300}
    return desk.refusal("cue.add", {"cue_id": f"{RAW}sale", "kind": "flash_sale", "spec": spec})


def not_whole() -> Refused:
    desk = _room()
    items = [{"sku_id": f"{RAW}a", "quantity": 1}, {"sku_id": f"{RAW}b", "quantity": 1}]
    bundle = {"items": items, "price_fen": 12_000, "quantity": 3, "per_buyer": 1, "seconds": 300}
    desk.ok("cue.add", {"cue_id": f"{RAW}set", "kind": "bundle", "spec": bundle})
    desk.ok("cue.fire", {"cue_id": f"{RAW}set"})
    asked = {"order_id": "o", "buyer": {"id": "v"}, "cue_id": f"{RAW}set"}
    lines = [{"sku_id": f"{RAW}b", "quantity": 2}]
    return desk.refusal("order.request", asked | {"lines": lines}, "producer")


def unqualified() -> Refused:
    desk = _room()
    rules = msgspec.to_builtins(law_files.load().rules)
    desk.ok("law.read", {"rules": rules}, "platform")
    good = _good("c", "桃花酒")
    desk.ok("catalogue.put", {"products": [good | {"category": "alcohol"}]})
    return desk.refusal("cart.pin", {"product_id": f"{RAW}c"})


def not_shown_yet() -> Refused:
    desk = _room()
    spec = {"sku_id": f"{RAW}b", "price_fen": 9_900, "quantity": 1, "per_buyer": 1, "seconds": 60}
    late = {"cue_id": f"{RAW}late", "kind": "flash_sale", "spec": spec, "only_after": f"{RAW}a"}
    desk.ok("cue.add", late)
    return desk.refusal("cue.fire", {"cue_id": f"{RAW}late"})


REFUSALS: dict[str, tuple[Callable[[], Refused], str]] = {
    "still_running": (still_running, "秒杀 羊绒围巾、优惠券 满减"),
    "overlap": (overlap, "秒杀 羊绒围巾"),
    "dearer_than_shop": (dearer_than_shop, "秒杀 羊绒围巾"),
    "stock_committed": (stock_committed, "羊绒围巾"),
    "limit_taken": (limit_taken, "羊绒围巾"),
    "sku_taken": (sku_taken, "羊绒围巾"),
    "floor_lowered": (floor_lowered, "羊绒围巾"),
    "list_price_never_asked": (list_price_never_asked, "羊绒围巾"),
    "segment_twice": (segment_twice, "开场"),
    "unknown_product": (unknown_product, ""),
    "unknown_sku": (unknown_sku, ""),
    "cue_exists": (cue_exists, ""),
    "not_whole": (not_whole, "羊绒围巾"),
    "unqualified": (unqualified, "桃花酒"),
    "not_shown_yet": (not_shown_yet, "羊绒围巾"),
}
ELSEWHERE = {"bad_image": "told by the engine, which fetches it", "in_use": "a code that no rule uses now"}


def test_no_sentence_asks_for_an_id() -> None:
    fields = {code: re.findall(r"{(\w+)}", zh + en) for code, (zh, en) in TEXTS.items()}
    assert {
        code: found for code, found in fields.items() if any(f.endswith(("_id", "_ids")) for f in found)
    } == {}


def test_every_sentence_that_names_something_is_tried_in_a_room() -> None:
    naming = {code for code in TEXTS if names_in(code, {})} | {"still_running"}
    assert naming <= set(REFUSALS) | set(ELSEWHERE)


@pytest.mark.parametrize("code", list(REFUSALS))
def test_what_a_real_room_says_names_the_title_and_no_id(code: str) -> None:
    made, title = REFUSALS[code]
    refused = made()
    assert code in (refused.code, refused.params.get("because"))
    for english in (False, True):
        said = word(refused.code, refused.params, english=english)
        assert RAW not in said
        assert "…" not in said
    assert title in refused.text
    assert RAW in repr(refused.params), "programs have their ids all the same"


def test_a_title_that_nobody_knows_is_said_in_a_word() -> None:
    assert word("overlap", {"cue_id": f"{RAW}x"}) == "与正在进行的促销冲突：一个促销"
    assert word("overlap", {"cue_id": f"{RAW}x"}, english=True) == "Overlaps a running promotion: a promotion"


def test_the_state_and_a_dry_run_say_the_same() -> None:
    desk = _room()
    _sale(desk)
    _sale(desk, "late", on=False)
    late = next(cue for cue in desk.shown().cues if cue.cue_id == f"{RAW}late")
    no = late.refusal("fire")
    assert no is not None
    assert (no.code, RAW in no.text, no.params["cue"]) == ("overlap", False, "秒杀 羊绒围巾")
    judged = judge(desk.room, "cue.fire", {"cue_id": f"{RAW}late"}, desk.now)
    assert judged["text"] == no.text
    spec = {"sku_id": f"{RAW}a", "price_fen": 100, "quantity": 99, "per_buyer": 1, "seconds": 300}
    drafted = judge(desk.room, "cue.add", {"kind": "flash_sale", "spec": spec}, desk.now)
    said = [drafted["text"], *(each["text"] for each in drafted["also"])]
    said += [fault["text"] for row in drafted["skus"] for fault in row["faults"]]
    said.append(drafted["at_start"]["text"])
    assert all(RAW not in text for text in said), said


def test_the_twin_without_names_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "named", lambda _room, refused: refused)
    assert "羊绒围巾" not in overlap().text
