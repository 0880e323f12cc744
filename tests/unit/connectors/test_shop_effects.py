"""A sale and a coupon begin in the shop once, are read back, and end for certain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from liveconsole.connectors.wechat_shop import coupons, sales
from tests.unit.connectors.shop_evening import BOTH, COUPON, SALE, ShopEvening, quick
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.goods import Sku
from tests.worlds.wechat_shop.made_up import coupon_body


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


async def test_a_sale_is_a_task_for_each_product_and_ends_with_them() -> None:
    evening = ShopEvening()
    evening.fire("flash_sale", BOTH)
    await evening.settle()
    assert evening.status() == "on_air"
    assert evening.made("scarf") == evening.made("hat") == ["runs"]
    task = evening.shop.discounts.of("scarf")[0]
    assert [(one.sku_id, one.price_fen, one.granted) for one in task.skus.values()] == [("scarf", 5900, 5)]
    evening.stop()
    await evening.settle()
    assert evening.desk.cue().owed is None
    assert evening.made("scarf") == evening.made("hat") == ["over"]
    assert evening.written() == [sales.ADD, sales.ADD, sales.STOP, sales.STOP]
    await evening.close()


async def test_a_coupon_is_written_then_live_and_void_when_it_is_stopped() -> None:
    evening = ShopEvening()
    evening.fire("coupon", COUPON, "coupon")
    await evening.settle("coupon")
    assert evening.status("coupon") == "on_air"
    assert evening.coupons() == [coupons.LIVE]
    evening.stop("coupon")
    await evening.settle("coupon")
    assert evening.coupons() == [coupons.VOID]
    assert evening.written() == [coupons.CREATE, coupons.STATUS, coupons.STATUS]
    await evening.close()


async def test_a_coupon_whose_time_is_up_is_left_to_those_who_took_it() -> None:
    evening = ShopEvening()
    evening.fire("coupon", COUPON, "coupon")
    await evening.settle("coupon")
    evening.desk.wait(601)
    evening.look()
    await evening.settle("coupon")
    assert (evening.status("coupon"), evening.desk.cue("coupon").owed) == ("ended", None)
    assert evening.coupons() == [coupons.LIVE]
    await evening.close()


async def test_what_somebody_made_on_the_phone_is_seen_named_and_not_touched() -> None:
    evening = ShopEvening()
    by_hand = evening.by_hand()
    evening.fire("flash_sale", BOTH)
    await evening.settle()
    assert evening.status() == "refused"
    assert evening.reason().startswith("shop.sale_there {")
    assert by_hand in evening.reason()
    assert evening.made("scarf") == ["runs"]
    assert evening.made("hat") == []
    assert evening.written() == []
    await evening.close()


async def test_the_end_of_ours_leaves_a_task_that_was_made_again_by_hand() -> None:
    """Also where it has the very goods and prices of ours: its start is another."""
    evening = ShopEvening()
    evening.fire("flash_sale", SALE)
    await evening.settle()
    ours = evening.shop.discounts.of("scarf")[0]
    evening.shop.discounts.stop({"task_id": ours.task_id})
    evening.by_hand(limited_discount_skus=[{"sku_id": "scarf", "sale_price": 5900, "sale_stock": 5}])
    evening.stop()
    await evening.settle()
    assert evening.desk.cue().owed is None
    assert evening.made("scarf") == ["over", "runs"]
    await evening.close()


async def test_one_product_refused_takes_the_others_back() -> None:
    evening = ShopEvening()
    evening.shop.goods.products["hat"].edit_status = 2
    evening.fire("flash_sale", BOTH)
    await evening.settle()
    assert evening.status() == "refused"
    assert evening.reason().startswith("shop.under_audit {")
    assert evening.made("scarf") == ["over"]
    assert evening.made("hat") == []
    await evening.close()


async def test_what_the_shop_says_is_said_on() -> None:
    """Where the documents have no word for its code, its own stands in the sentence."""
    evening = ShopEvening()
    evening.fire("coupon", {**COUPON, "scope": None, "rule": {"off_fen": 20_100}}, "coupon")
    await evening.settle("coupon")
    assert evening.status("coupon") == "refused"
    said = evening.desk.seen("coupon")["reason_text"]
    assert said.startswith("微信小店不接受这张券（10020051：invalid discount_fee")
    evening.fire("flash_sale", {**SALE, "skus": [{"sku_id": "hat", "price_fen": 4800, "quantity": 2}]})
    await evening.settle()
    assert evening.desk.seen()["reason_text"].startswith("微信小店不接受「hat」的价格")
    assert evening.coupons() == []
    assert evening.made("hat") == []
    await evening.close()


@pytest.mark.parametrize("skew", [-400, -60, 60, 110])
async def test_the_clocks_need_not_agree(skew: int) -> None:
    evening = ShopEvening(skew=skew)
    evening.fire("flash_sale", SALE)
    await evening.settle()
    assert evening.status() == "on_air"
    assert evening.made("scarf") == ["runs"]
    await evening.close()


async def test_a_task_that_waits_for_its_start_is_not_on_air_yet() -> None:
    """Our clock is further ahead than a start is put back."""
    evening = ShopEvening(skew=-300)
    evening.fire("flash_sale", SALE)
    await evening.settle(seconds=60)
    assert evening.status() == "unknown"
    assert evening.made("scarf") == ["waits"]
    await evening.settle(seconds=400)
    assert evening.status() == "on_air"
    await evening.close()


@pytest.mark.parametrize(("kind", "spec", "path"), [
    ("flash_sale", SALE, sales.ADD),
    ("coupon", COUPON, coupons.CREATE),
    ("coupon", COUPON, coupons.STATUS),
])  # fmt: skip
@pytest.mark.parametrize("fault", [wrong.HANG_AFTER, wrong.RESET_AFTER, wrong.HALF])
async def test_what_was_carried_out_unsaid_is_found_and_not_sent_again(
    kind: str, spec: dict[str, object], path: str, fault: str
) -> None:
    evening = ShopEvening()
    evening.faults.next(path, fault)
    evening.fire(kind, spec)
    await evening.settle()
    assert evening.status() == "on_air"
    assert len(evening.shop.discounts.tasks) + len(evening.shop.coupons.coupons) == 1
    assert evening.called.count(sales.ADD) + evening.called.count(coupons.CREATE) == 1
    await evening.close()


@pytest.mark.parametrize(("kind", "spec", "path"), [
    ("flash_sale", BOTH, sales.ADD), ("coupon", COUPON, coupons.CREATE),
])  # fmt: skip
@pytest.mark.parametrize("fault", [wrong.HANG_BEFORE, wrong.BUSY, wrong.GATEWAY])
async def test_what_never_came_is_refused_once_nothing_can_come_any_more(
    kind: str, spec: dict[str, object], path: str, fault: str
) -> None:
    evening = ShopEvening()
    evening.faults.next(path, fault)
    evening.fire(kind, spec)
    await evening.settle(seconds=30)
    assert evening.status() == "unknown"
    await evening.settle()
    assert evening.status() == "refused"
    assert "runs" not in evening.made("scarf") + evening.made("hat")
    assert coupons.LIVE not in evening.coupons()
    assert evening.called.count(path) <= 1 + (path == coupons.STATUS)
    await evening.close()


@pytest.mark.parametrize("fault", [wrong.MINUTE, wrong.DAILY, wrong.ADDRESS])
@pytest.mark.parametrize("path", [sales.LIST, sales.ADD])
async def test_a_shop_that_does_not_take_the_call_refuses_the_start(path: str, fault: str) -> None:
    evening = ShopEvening()
    evening.faults.next(path, fault)
    evening.fire("flash_sale", SALE)
    await evening.settle()
    assert evening.status() == "refused"
    assert evening.made("scarf") == []
    await evening.close()


@pytest.mark.parametrize(("kind", "spec", "path", "part"), [
    ("flash_sale", SALE, sales.LIST, "sales"),
    ("flash_sale", SALE, sales.ADD, "sales"),
    ("coupon", COUPON, coupons.CREATE, "coupons"),
])  # fmt: skip
async def test_without_permission_it_moves_to_the_card_of_a_person(
    kind: str, spec: dict[str, object], path: str, part: str
) -> None:
    evening = ShopEvening()
    evening.faults.rules.insert(0, wrong.Rule(wrong.PERMISSION, path=path))
    evening.fire(kind, spec)
    await evening.settle()
    assert evening.cannot == [(part, "no_permission")]
    assert evening.status() == "firing"
    assert evening.desk.seen()["owed"]["by"] == "person"
    evening.desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert evening.status() == "on_air"
    await evening.close()


@pytest.mark.parametrize("fault", [wrong.BUSY, wrong.HANG_BEFORE, wrong.HANG_AFTER, wrong.MINUTE])
@pytest.mark.parametrize(("kind", "spec", "path"), [
    ("flash_sale", BOTH, sales.STOP), ("coupon", COUPON, coupons.STATUS),
])  # fmt: skip
async def test_an_end_is_owed_until_it_is_read_as_ended(
    kind: str, spec: dict[str, object], path: str, fault: str
) -> None:
    evening = ShopEvening()
    evening.fire(kind, spec)
    await evening.settle()
    evening.faults.rules.insert(0, wrong.Rule(fault, path=path, most=7))
    evening.stop()
    await evening.settle()
    assert evening.desk.cue().owed is None
    assert "runs" not in evening.made("scarf") + evening.made("hat")
    assert coupons.LIVE not in evening.coupons()
    await evening.close()


async def test_an_end_that_the_shop_does_not_let_us_make_is_a_persons() -> None:
    evening = ShopEvening()
    evening.fire("flash_sale", SALE)
    await evening.settle()
    evening.faults.rules.insert(0, wrong.Rule(wrong.PERMISSION, path=sales.STOP))
    evening.stop()
    await evening.settle()
    assert evening.cannot[0] == ("sales", "no_permission")
    assert evening.desk.seen()["owed"]["by"] == "person"
    assert evening.desk.seen()["owed"]["step"] == "ended"
    await evening.close()


async def test_a_start_that_was_stopped_before_it_was_answered_leaves_nothing() -> None:
    """The addition lands after the stop was pressed: the end waits until nothing can come any more."""
    evening = ShopEvening()
    evening.faults.next(sales.ADD, wrong.HANG_BEFORE)
    evening.fire("flash_sale", SALE)
    while sales.ADD not in evening.called:
        await evening.settle(seconds=1)
    late = evening.desk.room.cues["sale"].fired_at
    evening.stop()
    await evening.settle(seconds=20)
    assert evening.desk.cue().owed is not None
    assert late is not None
    evening.by_hand(
        start_time=int(late.timestamp()) - 120,
        limited_discount_skus=[{"sku_id": "scarf", "sale_price": 5900, "sale_stock": 5}],
    )
    await evening.settle()
    assert evening.desk.cue().owed is None
    assert evening.made("scarf") == ["over"]
    await evening.close()


def crowd(evening: ShopEvening, n: int) -> None:
    """Other products with tasks of their own, and as many coupons, on every page of the lists."""
    for place in range(n):
        product_id = f"other{place}"
        evening.shop.goods.offer(product_id, product_id, [Sku(product_id, 9900, 10)])
        evening.by_hand(product_id)
        asked = coupon_body(evening.shop, discount_info={"discount_fee": 100}, type=104)
        made = evening.shop.coupons.create(asked)["data"]["coupon_id"]
        evening.shop.coupons.update_status({"coupon_id": made, "status": coupons.LIVE})


@pytest.mark.parametrize("kind", ["flash_sale", "coupon"])
async def test_it_is_found_among_many_in_any_order(kind: str) -> None:
    evening = ShopEvening()
    crowd(evening, 130)
    evening.shop.discounts._pages.disorder = wrong.Disorder(1)
    evening.shop.coupons._pages.disorder = wrong.Disorder(2)
    spec, path = (SALE, sales.ADD) if kind == "flash_sale" else (COUPON, coupons.CREATE)
    evening.faults.next(path, wrong.HANG_AFTER)
    evening.fire(kind, spec)
    await evening.settle()
    assert evening.status() == "on_air"
    await evening.restart()  # it knows the log alone
    evening.stop()
    await evening.settle()
    assert evening.desk.cue().owed is None
    assert evening.made("scarf") in ([], ["over"])
    assert evening.coupons().count(coupons.VOID) == (kind == "coupon")
    assert evening.made("other7") == ["runs"]
    await evening.close()


async def test_an_old_coupon_is_found_among_newer_ones_question_by_question() -> None:
    evening = ShopEvening()
    evening.fire("coupon", COUPON, "coupon")
    await evening.settle("coupon")
    crowd(evening, 70)
    await evening.restart()
    evening.stop("coupon")
    await evening.settle("coupon")
    assert evening.desk.cue("coupon").owed is None
    assert evening.coupons()[0] == coupons.VOID
    assert evening.coupons().count(coupons.LIVE) == 70
    await evening.close()


async def test_a_shop_that_keeps_no_notes_is_known_by_the_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    real = coupons.seen
    monkeypatch.setattr(coupons, "seen", lambda answer: replace(real(answer), mark=""))
    evening = ShopEvening()
    crowd(evening, 5)
    evening.faults.next(coupons.CREATE, wrong.RESET_AFTER)
    evening.fire("coupon", COUPON, "coupon")
    await evening.settle("coupon")
    assert evening.status("coupon") == "on_air"
    assert len(evening.coupons()) == 6
    await evening.close()


async def test_a_list_that_is_shorter_than_its_own_count_is_not_believed() -> None:
    """A page that lacks what its count says: whether ours is over is not known from it."""
    evening = ShopEvening()
    evening.fire("flash_sale", SALE)
    await evening.settle()
    real = evening.call

    async def short(path: str, body: dict[str, Any]) -> dict[str, Any]:
        said = await real(path, body)
        return {**said, "limited_discount_tasks": []} if path == sales.LIST else said

    evening.call = short  # type: ignore[method-assign]
    evening.desk.now += timedelta(seconds=120)
    evening.stop()
    await evening.settle(seconds=60)
    assert evening.desk.cue().owed is not None
    assert evening.made("scarf") == ["runs"]
    evening.call = real  # type: ignore[method-assign]
    await evening.settle()
    assert evening.made("scarf") == ["over"]
    await evening.close()
