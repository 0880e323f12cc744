"""What is to come and to be done, as its book tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.engine import refill
from liveconsole.messages.preparations import PlanTold, PreparePage
from liveconsole.store import open_store
from tests.table_rows import rows_of
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Evenings]:
    evenings = Evenings(open_store(tmp_path / "data", room_id="room"))
    evenings.now = datetime.fromisoformat("2026-11-28T12:00:00+00:00")
    yield evenings
    evenings.store.close()


def _page(evenings: Evenings) -> PreparePage:
    reader = BookReader(
        evenings.store.beside(), simulated=evenings.store.meta.simulated, now=lambda: evenings.now
    )
    try:
        return msgspec.json.decode(answer(reader, "prepare", {}), type=PreparePage)
    finally:
        reader.close()


def _done(plan: PlanTold) -> list[str]:
    return [item.id for item in plan.items if item.done]


def _plan(evenings: Evenings, days: float, **more: Any) -> str:
    at = (evenings.now + timedelta(days=days)).isoformat()
    return str(evenings.ok("prepare.plan", at=at, **more)["plan_id"])


def test_campaigns_come_in_order_with_the_days_until_them(room: Evenings) -> None:
    page = _page(room)
    assert (page.today, page.trouble) == (date(2026, 11, 28), "")
    assert [one.id for one in page.campaigns][:3] == ["1212", "nianhuo", "mothers_day"]
    assert (page.campaigns[0].days, page.campaigns[0].warm_from) == (12, date(2026, 12, 3))


def test_a_plan_has_its_items_with_the_day_by_which_each_is_due(room: Evenings) -> None:
    goals = [{"phase": "sell", "goal": "卖 200 件"}]
    _plan(room, 2, title="双12 预热", campaign="1212", goals=goals, reserved=120)
    room.ok("prepare.tick", "assistant", item="notice", done=True)
    (plan,) = _page(room).plans
    assert (plan.title, plan.reserved, plan.campaign and plan.campaign.id) == ("双12 预热", 120, "1212")
    items = {item.id: item for item in plan.items}
    assert items["video"].due == date(2026, 11, 27)
    assert items["video"].late
    assert (items["notice"].done, items["notice"].by, items["notice"].late) == (True, "assistant", False)
    assert items["group"].due == date(2026, 11, 29)
    assert plan.left == len(plan.items) - 1
    phases = {phase.id: phase for phase in plan.phases}
    assert (phases["sell"].goal, phases["sell"].own, phases["open"].own) == ("卖 200 件", True, False)


def test_ticks_of_a_broadcast_that_was_held_are_not_of_the_next(room: Evenings) -> None:
    room.ok("prepare.tick", item="video", done=True)
    assert _done(_page(room).plans[0]) == ["video"]
    room.open()
    assert _done(_page(room).plans[0]) == [], "the opening took them"
    room.close()
    room.wait(86_400)
    room.ok("prepare.tick", item="group", done=True)
    first = _plan(room, 3)
    second = _plan(room, 6)
    page = _page(room)
    assert [(plan.plan_id, _done(plan)) for plan in page.plans] == [(first, ["group"]), (second, [])]
    room.ok("prepare.drop", plan_id=first)
    room.ok("prepare.tick", item="video", done=True)
    assert [(plan.plan_id, _done(plan)) for plan in _page(room).plans] == [(second, ["video"])]
    room.ok("prepare.drop", plan_id=second)
    assert [(plan.plan_id, plan.at, _done(plan)) for plan in _page(room).plans] == [("next", None, [])]
    before = _page(room)
    refill.refill(room.store)
    assert _page(room) == before


def test_a_plan_whose_time_is_past_is_not_to_come(room: Evenings) -> None:
    _plan(room, 0.1, title="没播")
    room.wait(2 * 86_400)
    assert [plan.title for plan in _page(room).plans] == [""]


def test_what_people_wrote_gives_way_when_somebody_is_forgotten(room: Evenings) -> None:
    """No table of the books holds it: the log alone does."""
    _plan(room, 2, title="王小明的专场")
    with room.store._file.reading() as c:
        for table in ("noted", "shelf_row", "brought", "settled_row"):
            assert not [row for row in rows_of(c, table) if "王小明" in str(row)]


def test_rivals_lie_beside_our_shelf(room: Evenings) -> None:
    assert _page(room).rivals is None
    rows = [
        {"shop": "隔壁", "title": "纯羊毛衫 女", "price_fen": 15_900, "sold": 60, "rank": 1},
        {"shop": "隔壁", "title": "帽子", "price_fen": 3_900, "sold": 20, "rank": 2},
        {"shop": "隔壁", "title": "袜子", "price_fen": 1_900, "sold": 15, "rank": 3},
        {"shop": "隔壁", "title": "手套", "price_fen": 2_900, "sold": 5, "rank": 4},
        {"shop": "对面", "title": "羊毛衫", "price_fen": 12_000},
    ]
    room.ok("rivals.put", week="2026-11-16", rows=rows[:1])
    room.ok("rivals.put", "assistant", week="2026-11-26", rows=rows)
    week = _page(room).rivals
    assert week is not None
    assert (week.week, week.weeks, week.ours) == (date(2026, 11, 23), 2, [0, 0, 2, 0, 0])
    shops = {shop.shop: shop for shop in week.shops}
    beside = shops["隔壁"]
    assert (beside.bands, beside.overlap, beside.first_share) == ([3, 0, 1, 0, 0], 0.25, 0.95)
    assert (beside.goods[0].ours, beside.goods[0].ours_fen) == ("羊毛衫", 19_900)
    assert (beside.goods[1].ours, beside.goods[1].ours_fen) == ("", None)
    assert (shops["对面"].overlap, shops["对面"].first_share) == (1.0, None)
    room.ok("product.shelf", product_id="a", on=False)
    room.ok("product.shelf", product_id="b", on=False)
    week = _page(room).rivals
    assert week is not None
    assert week.shops[0].overlap is None, "nothing of ours is on the shelf"


def test_a_file_that_cannot_be_used_is_said_and_the_programs_own_holds(room: Evenings) -> None:
    folder = room.store.folder / "seller"
    folder.mkdir()
    (folder / "calendar.toml").write_text("[", "utf-8")
    page = _page(room)
    assert "calendar.toml" in page.trouble
    assert page.campaigns
    (folder / "calendar.toml").write_text('[[item]]\nid="x"\nzh="带水"\nen="Water"\ngroup="warm"\n', "utf-8")
    page = _page(room)
    assert ([item.zh for item in page.plans[0].items], page.campaigns) == (["带水"], [])
