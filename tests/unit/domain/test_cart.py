"""The cart's numbers, 讲解 and 下一品."""

from __future__ import annotations

from tests.unit.domain.desk import SALE, Desk, product


def _numbers(desk: Desk) -> list[tuple[int, str]]:
    return [(item["number"], item["product_id"]) for item in desk.state()["cart"]["items"]]


def test_a_number_stays_with_its_product_until_renumbered() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("glove", 100, 1), product("sock", 100, 1)]})
    desk.ok("cart.add", {"product_ids": ["glove", "hat", "sock"]}, "assistant")
    assert _numbers(desk) == [(1, "scarf"), (2, "hat"), (3, "glove"), (4, "sock")]
    desk.ok("cart.remove", {"product_id": "hat"})
    desk.ok("cart.move", {"product_id": "sock", "to": 1})
    assert _numbers(desk) == [(4, "sock"), (1, "scarf"), (3, "glove")]
    desk.ok("cart.add", {"product_ids": ["hat"]})
    assert _numbers(desk)[-1] == (5, "hat")
    desk.ok("cart.renumber", {})
    assert _numbers(desk) == [(1, "sock"), (2, "scarf"), (3, "glove"), (4, "hat")]
    events = len(desk.log)
    desk.ok("cart.renumber", {})
    desk.ok("cart.move", {"product_id": "hat", "to": 99})
    assert len(desk.log) == events, "it was so already"
    assert desk.no("cart.move", {"product_id": "ghost", "to": 1}) == "not_in_cart"
    assert desk.no("cart.add", {"product_ids": ["ghost"]}) == "unknown_product"


def test_a_pin_is_a_cue_fired_at_once_that_ends_the_last_one() -> None:
    desk = Desk()
    first = desk.ok("cart.pin", {"number": 1, "expect_product_id": "scarf"}, "assistant")["cue_id"]
    assert desk.cue(first).status == "on_air"
    second = desk.ok("cart.pin", {"product_id": "hat"})["cue_id"]
    assert (desk.cue(first).status, desk.cue(first).ended_because) == ("ended", "stopped")
    assert desk.state()["pinned"]["confirmed"] == "hat"
    desk.ok("cart.unpin", {})
    assert desk.cue(second).status == "ended"
    pinned = desk.state()["pinned"]
    assert (pinned["wanted"], pinned["confirmed"]) == (None, None)
    assert desk.ok("cart.unpin", {}) == {"product_id": None}


def test_a_pin_by_a_number_that_is_another_product_now() -> None:
    desk = Desk()
    refused = desk.refusal("cart.pin", {"number": 1, "expect_product_id": "hat"})
    assert (refused.code, refused.params["product_id"]) == ("number_moved", "scarf")
    moved = desk.refusal("cart.pin", {"number": 9, "expect_product_id": "hat"})
    assert (moved.code, moved.params["now"]) == ("number_moved", 2)
    assert desk.no("cart.pin", {"number": 9, "expect_product_id": "glove"}) == "not_in_cart"
    assert desk.no("cart.pin", {"number": 9}) == "not_in_cart"
    assert desk.no("cart.pin", {}) == "bad_shape"
    assert Desk(open_=False).no("cart.pin", {"number": 1}) == "not_open"


def test_a_pin_cue_from_the_queue_has_no_recall_window() -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "p", "kind": "pin", "spec": {"product_id": "hat"}})
    assert desk.ok("cue.fire", {"cue_id": "p"})["status"] == "firing"
    assert desk.cue("p").status == "on_air"


def test_next_goes_through_the_cart_and_passes_what_is_off_the_shelf() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("glove", 100, 1)]})
    desk.ok("cart.add", {"product_ids": ["glove"]})
    desk.ok("product.shelf", {"product_id": "hat", "on": False})
    assert desk.ok("go.next", {"expect": "scarf"})["number"] == 1
    assert desk.no("go.next", {"expect": {"product_id": "hat"}}) == "changed"
    desk.ok("cart.unpin", {})
    assert desk.ok("go.next", {})["product_id"] == "glove", "it goes on after the last one"
    assert desk.no("go.next", {}) == "nothing_next"
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert desk.ok("go.next", {})["product_id"] == "scarf", "another broadcast begins at its first"


def test_next_arms_the_products_cues_and_never_fires_money() -> None:
    desk = Desk()
    desk.queue_sale("hat-sale", sku_id="hat", price_fen=3900)
    desk.queue_sale("scarf-sale")
    coupon = {
        "name": "减 8",
        "rule": {"off_fen": 800},
        "scope": {"product_ids": ["scarf"]},
        "quantity": 5,
        "per_buyer": 1,
        "seconds": 60,
    }
    desk.ok("cue.add", {"cue_id": "coupon", "kind": "coupon", "spec": coupon})
    desk.ok("cue.approve", {"cue_id": "coupon"})
    answer = desk.ok("go.next", {})
    assert answer["armed"] == ["scarf-sale", "coupon"]
    assert desk.room.queue == ["scarf-sale", "coupon", "hat-sale"]
    assert [desk.cue(c).status for c in desk.room.queue] == ["approved", "approved", "queued"]
    assert desk.wait(600) == []


def test_next_arms_nothing_that_may_not_run() -> None:
    desk = Desk(four_eyes=True)
    desk.ok("cue.add", {"cue_id": "mine", "kind": "flash_sale", "spec": SALE})
    answer = desk.ok("go.next", {})
    assert answer["not_armed"] == [{"cue_id": "mine", "code": "four_eyes"}]
    assert desk.cue("mine").status == "queued"


def test_a_pinned_product_that_leaves_the_cart_is_unpinned() -> None:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.ok("cart.remove", {"product_id": "scarf"})
    assert desk.state()["pinned"]["wanted"] is None
