"""No second task and no second coupon, wherever the program dies and whatever the shop does to a call.

Twins: without reading before and after a call, without the mark of the firing, and where an absence is
believed at once, the same evenings end with two tasks, or with one that nobody ends.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from liveconsole.connectors.wechat_shop import coupons, effects, sales
from liveconsole.connectors.wechat_shop.asking import NotDone
from liveconsole.connectors.wechat_shop.coupon_calls import CouponCalls
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.sale_tasks import SaleTasks
from liveconsole.domain.effects import Effect, owed
from liveconsole.engine.dispatch import PlatformSaid
from tests.unit.connectors.shop_evening import (
    BOTH,
    BUSY_AFTER,
    COUPON,
    Kill,
    ShopEvening,
    quick,
    with_places,
)
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.faults import Faults, Rule

PLACES = ("effect taken", "effect marked", "effect answered")
ANSWERS = (
    None,
    BUSY_AFTER,
    *(
        pytest.param(one, marks=pytest.mark.deep)
        for one in (wrong.HANG_AFTER, wrong.HANG_BEFORE, wrong.BUSY, wrong.HALF)
    ),
)
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "flash_sale": (BOTH, sales.ADD),
    "coupon": (COUPON, coupons.CREATE),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def seen(evening: ShopEvening) -> None:
    """What must hold at every end of an evening."""
    made = {one: evening.made(one) for one in ("scarf", "hat")}
    written = evening.coupons()
    assert all(len(tasks) <= 1 for tasks in made.values()), f"asked for twice: {made}"
    assert len(written) <= 1, f"asked for twice: {written}"
    status, cue = evening.status(), evening.desk.cue()
    runs = [tasks == ["runs"] for tasks in made.values()] + [coupons.LIVE in written]
    if status == "on_air":
        assert any(runs), "on air, and nothing of it in the shop"
        assert cue.kind == "coupon" or all(runs[:2]), "on air with a part of it"
    if status == "refused" or (status == "ended" and cue.owed is None):
        assert not any(runs), f"{status}, and it runs: {made}, {written}"


async def _evening(
    monkeypatch: pytest.MonkeyPatch, kind: str, kills: list[Kill], rules: list[Rule], *, seed: int = 0
) -> ShopEvening:
    """Fire; what is killed on the way is followed by a new program; stop; and the same again."""
    evening = ShopEvening(Faults(seed, rules))
    evening.shop.discounts._pages.disorder = wrong.Disorder(seed)
    evening.shop.coupons._pages.disorder = wrong.Disorder(seed + 1)
    with_places(evening, monkeypatch)
    kills = list(kills)
    evening.kill = kills.pop(0) if kills else None
    evening.fire(kind, KINDS[kind][0])
    await evening.settle()
    seen(evening)
    if evening.status() in ("on_air", "unknown", "firing"):
        evening.kill = kills.pop(0) if kills else None
        evening.stop()
        await evening.settle(seconds=600)
        assert evening.desk.cue().owed is None, "an end is never given up"
        seen(evening)
    await evening.close()
    return evening


async def _calls(monkeypatch: pytest.MonkeyPatch, kind: str) -> int:
    return len((await _evening(monkeypatch, kind, [], [])).called)


@pytest.mark.parametrize("fault", ANSWERS)
@pytest.mark.parametrize("kind", list(KINDS))
async def test_it_begins_once_wherever_the_program_dies(
    monkeypatch: pytest.MonkeyPatch, kind: str, fault: str | None
) -> None:
    calls = await _calls(monkeypatch, kind)
    kills: list[Kill] = [Kill(place) for place in PLACES]
    kills += [Kill(call, after) for call in range(calls) for after in (False, True)]
    came = set()
    for kill in kills:
        rules = [Rule(fault, path=KINDS[kind][1], most=1)] if fault is not None else []
        evening = await _evening(monkeypatch, kind, [kill], rules)
        came.add((evening.status(), evening.desk.cue().on_air_at is not None))
    assert ("ended", True) in came or fault in (wrong.HANG_BEFORE, wrong.BUSY)
    assert ("refused", False) in came, "killed before it was sent: it is said not to be there"


@pytest.mark.parametrize("batch", [0, *(pytest.param(n, marks=pytest.mark.deep) for n in range(1, 30))])
async def test_random_faults_and_kills(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    ways = [*wrong.EVERY, BUSY_AFTER]
    ways.remove(wrong.PERMISSION)  # a person's from then on
    for seed in range(batch * 20, batch * 20 + 20):
        dice = Random(f"shop effects/{seed}")
        kind = dice.choice(list(KINDS))
        rules = [
            Rule(dice.choice(ways), rate=dice.choice((0.1, 0.3)), most=dice.randint(1, 6)) for _ in range(4)
        ]
        kills = [Kill(dice.choice(PLACES)), Kill(dice.randrange(12), dice.random() < 0.5)]
        kills += [Kill(dice.randrange(30), dice.random() < 0.5)]
        dice.shuffle(kills)
        await _evening(monkeypatch, kind, kills, rules, seed=seed)


# Twins -----------------------------------------------------------------------------------------------


async def test_twin_without_reading_a_lost_answer_makes_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that asks again where nobody answered. The shop that takes a second one is made up: of the
    real one only its rule of one task a product is in the way, and for coupons nothing is."""

    async def again(program: effects.ShopEffects, effect: Effect) -> PlatformSaid:
        return await program.ask(effect)

    async def blindly(calls: Any, effect: Effect) -> None:
        for _ in range(2):
            try:
                answer = await calls._shop.call(coupons.CREATE, coupons.body(effect))
            except ShopError:
                continue
            calls._ids[effect.cue_id, effect.fired_at] = answer["data"]["coupon_id"]
            break
        await calls._set_live(effect, calls._ids[effect.cue_id, effect.fired_at])

    monkeypatch.setattr(effects.ShopEffects, "query", again)
    monkeypatch.setattr(CouponCalls, "begin", blindly)
    with pytest.raises(AssertionError, match="asked for twice"):
        await _evening(monkeypatch, "coupon", [], [Rule(wrong.HANG_AFTER, path=coupons.CREATE, most=1)])


async def test_twin_without_reading_before_asking_there_are_two_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a shop that lets a product have two; the program that reads makes one there as well."""

    class NeverLocked(set[str]):
        def __contains__(self, product_id: object) -> bool:
            return False

    async def evening() -> ShopEvening:
        evening = ShopEvening(Faults(0, [Rule(wrong.HANG_AFTER, path=sales.ADD, most=1)]))
        evening.shop.goods.locked = NeverLocked()
        evening.fire("flash_sale", BOTH)
        await evening.settle()
        await evening.close()
        return evening

    async def blindly(tasks: Any, effect: Effect) -> None:
        for task in sales.tasks_of(effect):
            for _ in range(2):
                try:
                    await tasks._shop.call(sales.ADD, sales.body(task))
                except ShopError:
                    continue
                break

    seen(await evening())
    monkeypatch.setattr(SaleTasks, "begin", blindly)
    with pytest.raises(AssertionError, match="asked for twice"):
        seen(await evening())


async def test_a_start_that_is_asked_for_again_is_looked_for() -> None:
    """The dispatcher never does; the program would not begin it twice."""
    evening = ShopEvening()
    evening.fire("flash_sale", BOTH)
    (effect,) = owed(evening.desk.room)
    await evening.settle()
    for program in (
        evening.program,
        effects.ShopEffects(evening, evening.now, evening._tell, evening._sleep),
    ):
        assert (await program.ask(effect)).outcome == "done"
    seen(evening)
    await evening.close()


async def test_twin_without_the_mark_of_the_firing_a_task_is_not_known_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sales, "of_sale", lambda effect, tasks: [])
    with pytest.raises(AssertionError, match="runs"):
        await _evening(monkeypatch, "flash_sale", [Kill("effect answered")], [])


async def test_twin_where_an_absence_is_believed_at_once_a_late_task_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program dies on the way to the shop; what it sent comes there a moment after the new one looked."""

    async def evening() -> ShopEvening:
        evening = ShopEvening()
        calls = 2  # the shop was read; the next call is the addition
        evening.kill = Kill(calls)
        evening.fire("flash_sale", BOTH)
        while not evening.killed.is_set():
            await evening.settle(seconds=0.5)
        effect = next(iter(owed(evening.desk.room)))
        await evening.settle(seconds=3)
        for task in sales.tasks_of(effect):
            evening.late(sales.body(task))
        await evening.settle()
        await evening.close()
        return evening

    seen(await evening())
    monkeypatch.setattr(effects, "SETTLED_AFTER", effects.SETTLED_AFTER * 0)
    with pytest.raises(AssertionError, match="it runs"):
        seen(await evening())


async def test_twin_without_taking_back_a_part_of_a_sale_runs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def left(tasks: Any, effect: Effect, task: Any, why: Any) -> None:
        raise NotDone("sale_refused") from why

    monkeypatch.setattr(SaleTasks, "_take_back", left)
    evening = ShopEvening()
    evening.shop.goods.products["hat"].edit_status = 2
    evening.fire("flash_sale", BOTH)
    await evening.settle()
    with pytest.raises(AssertionError, match="it runs"):
        seen(evening)
    await evening.close()
