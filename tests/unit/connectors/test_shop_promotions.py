"""What the shop shows of a promotion reaches the room, and so does an end that the shop made."""

from __future__ import annotations

import pytest

from liveconsole.connectors.wechat_shop import coupons, sales
from liveconsole.connectors.wechat_shop.promotions import ReadPromotions
from liveconsole.domain.floors import of_spec
from liveconsole.domain.kinds import coupon as coupon_kind
from liveconsole.messages.specs import parse_spec
from tests.unit.connectors.shop_evening import BOTH, COUPON, READS, SALE, WRITES, ShopEvening, quick
from tests.unit.domain.desk import product
from tests.worlds.wechat_shop import faults as wrong


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


async def on_air(kind: str, spec: dict[str, object]) -> ShopEvening:
    evening = ShopEvening()
    evening.fire(kind, spec)
    await evening.settle()
    assert evening.status() == "on_air"
    return evening


def sell(evening: ShopEvening, product_id: str, units: int) -> None:
    task = evening.shop.discounts.of(product_id)[0]
    evening.shop.goods.move(product_id, product_id, -units, 2, "1", task.task_id)


async def test_what_is_left_of_a_sale_is_read_and_told_when_it_changes() -> None:
    evening = await on_air("flash_sale", BOTH)
    assert await evening.read() == 1
    assert evening.desk.seen()["measured"]["left"] == 12
    assert await evening.read() == 0, "nothing has changed"
    sell(evening, "hat", 3)
    assert await evening.read() == 1
    assert evening.desk.seen()["measured"]["left"] == 9
    await evening.close()


async def test_claims_and_uses_of_a_coupon_are_read_and_once_more_after_its_end() -> None:
    evening = await on_air("coupon", COUPON)
    assert evening.desk.seen()["claimed"] is None, "nobody has read any: that is not 0"
    (made,) = evening.shop.coupons.coupons
    taken = [evening.shop.coupons.receive(made, f"o{n}") for n in range(3)]
    await evening.read()
    assert (evening.desk.seen()["claimed"], evening.desk.seen()["used"]) == (3, 0)
    evening.shop.coupons.receive(made, "o9")
    assert taken[0] is not None
    evening.shop.coupons.use(taken[0].user_coupon_id, "1", 9900)
    evening.stop()
    await evening.settle()
    assert await evening.read() == 1
    assert (evening.desk.seen()["claimed"], evening.desk.seen()["used"]) == (4, 1)
    assert await evening.read() == 0, "it is not read any more"
    await evening.close()


async def test_what_viewers_hold_of_a_coupon_counts_after_its_end() -> None:
    """A sale that with it would go under the floor is refused while it is valid."""
    evening = await on_air("coupon", {**COUPON, "rule": {"off_fen": 2000}, "scope": None})
    (made,) = evening.shop.coupons.coupons
    evening.shop.coupons.receive(made, "o1")
    evening.desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=3500)]})
    evening.stop()
    await evening.settle()
    sale = parse_spec("flash_sale", {**SALE, "skus": [{"sku_id": "scarf", "price_fen": 4000, "quantity": 1}]})
    assert of_spec(evening.desk.room, sale) is not None, "as many as there were, until they are read"
    await evening.read()
    assert coupon_kind.in_hands(evening.desk.cue()) == 1
    assert of_spec(evening.desk.room, sale) is not None
    evening.desk.cue().claims_read = False  # the twin: as if each claim had been told
    assert of_spec(evening.desk.room, sale) is None
    await evening.close()


@pytest.mark.parametrize("how", ["stopped", "deleted"])
async def test_a_sale_that_the_shop_ended_is_seen(how: str) -> None:
    evening = await on_air("flash_sale", SALE)
    await evening.read()
    (task,) = evening.shop.discounts.of("scarf")
    evening.shop.discounts.stop({"task_id": task.task_id})
    if how == "deleted":
        evening.shop.discounts.delete({"task_id": task.task_id})
        await evening.read()
        assert evening.status() == "on_air", "once not found is not gone"
    await evening.read()
    cue = evening.desk.cue()
    assert (cue.status, cue.ended_because, cue.owed) == ("ended", "platform", None)
    assert cue.measured is not None
    assert cue.measured.left == 5, "what went back to the stock was not sold"
    assert sales.STOP not in evening.called
    await evening.close()


async def test_a_coupon_that_was_made_void_on_the_phone_is_seen() -> None:
    evening = await on_air("coupon", COUPON)
    (made,) = evening.shop.coupons.coupons
    evening.shop.coupons.update_status({"coupon_id": made, "status": coupons.VOID})
    await evening.read()
    assert (evening.desk.cue().status, evening.desk.cue().ended_because) == ("ended", "platform")
    await evening.close()


async def test_a_list_that_cannot_be_read_ends_nothing() -> None:
    evening = await on_air("flash_sale", SALE)
    for _ in range(3):
        evening.faults.rules.insert(0, wrong.Rule(wrong.HALF, path=sales.LIST, most=4))
        with pytest.raises(Exception, match="no_answer"):
            await evening.read()
    assert evening.status() == "on_air"
    await evening.close()


async def test_twin_units_read_after_the_tasks_would_be_taken_for_sold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shop ends the sale between two readings: the units that go back are no sale."""
    evening = await on_air("flash_sale", SALE)
    (task,) = evening.shop.discounts.of("scarf")
    real = ReadPromotions._left

    async def ends_then(reading: ReadPromotions, effect: object) -> int | None:
        left = await real(reading, effect)  # type: ignore[arg-type]
        evening.shop.discounts.stop({"task_id": task.task_id})
        return left

    monkeypatch.setattr(ReadPromotions, "_left", ends_then)
    await evening.read()
    assert evening.desk.cue().measured is None
    assert evening.desk.cue().ended_because == "platform"
    await evening.close()


async def test_a_room_where_nothing_runs_asks_nothing() -> None:
    evening = ShopEvening()
    assert await evening.read() == 0
    assert evening.called == []


async def test_an_end_that_comes_for_another_firing_changes_nothing() -> None:
    evening = await on_air("flash_sale", SALE)
    at = evening.desk.cue().fired_at
    assert at is not None
    await evening.ask_self("effect.over", {"cue_id": "sale", "fired_at": at.replace(year=2025).isoformat()})
    assert evening.status() == "on_air"
    await evening.ask_self("effect.over", {"cue_id": "sale", "fired_at": at.isoformat()})
    await evening.ask_self("effect.over", {"cue_id": "sale", "fired_at": at.isoformat()})
    assert evening.status() == "ended"
    await evening.close()


async def test_nothing_is_called_but_reading_and_what_a_person_fired() -> None:
    evening = ShopEvening()
    evening.desk.ok("cue.add", {"cue_id": "waits", "kind": "flash_sale", "spec": SALE})
    await evening.read()
    assert evening.written() == []
    evening.fire("flash_sale", BOTH)
    await evening.settle()
    evening.fire("coupon", COUPON, "coupon")
    await evening.settle("coupon")
    await evening.read()
    assert evening.written() == [sales.ADD, sales.ADD, coupons.CREATE, coupons.STATUS]
    for cue_id in ("sale", "coupon"):
        evening.stop(cue_id)
        await evening.settle(cue_id)
        await evening.read()
    assert set(evening.called) == {*READS, *WRITES}
    await evening.close()
