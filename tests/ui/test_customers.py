"""客户: grouped by keys, one person asked about at a time, joined and forgotten by two presses each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from liveconsole.messages.customers import MemberRowShown, PersonAnswer
from liveconsole.messages.specs import CouponRule, CouponSpec, ShopCoupon, parse_spec
from tests.ui import customer_rooms
from tests.ui.committed import comment, event
from tests.ui.fake_bus import refuse, until
from tests.ui.rooms import queue_of
from tests.ui.sitting import Sitting, joined
from tests.ui.test_desk import sit
from ui.windows.customers.window import CustomersWindow

__all__ = ["sit"]
pytestmark = pytest.mark.usefixtures("dressed")


class AtCustomers(Sitting):
    """A seat at a fake engine, with the window open."""

    def __init__(self, role: str = "host") -> None:
        super().__init__()
        self.bus.books_told["customers"] = customer_rooms.told
        self.is_locked = False
        self.window = CustomersWindow(self.seat, role, locked=lambda: self.is_locked)

    def asked_for(self, **query: Any) -> int:
        """How often the engine was asked for that."""
        return sum(query.items() <= found.items() for _, found in self.bus.books_asked)


@asynccontextmanager
async def opened(role: str = "host") -> AsyncIterator[AtCustomers]:
    at = AtCustomers(role)
    async with joined(at):
        at.window.begin()
        at.window.show()
        await until(lambda: at.window.person.name.text() == "陈**")
        yield at
        at.window.close()
        at.window.deleteLater()


async def test_who_bought_for_most_is_shown_and_nobody_is_asked_about_twice() -> None:
    async with opened() as at:
        assert at.window.rows.chosen() is not None
        assert at.asked_for(view="person") == 1
        assert "960" in at.window.summary.text()
        assert [cell.figure.text() for cell in at.window.worth] == [
            "¥864",
            "41.2%",
            "27 天",
            "¥1,318",
            "¥623",
        ]
        assert at.window.worth[0].why.text() == "按收入，没填毛利率"
        assert "金卡会员" in at.window.person.member.text()


async def test_worth_that_was_not_to_be_had_is_a_dash_with_its_reason() -> None:
    async with opened() as at:
        at.window.show_worth(None)
        assert [cell.figure.text() for cell in at.window.worth] == ["—"] * 5
        assert {cell.why.text() for cell in at.window.worth} == {"现在算不出"}
        at.window.show_worth(customer_rooms.worth(young=True))
        assert [cell.figure.text() for cell in at.window.worth] == ["—"] * 5


async def test_tiers_stand_beside_what_guides_expect() -> None:
    async with opened() as at:
        QTest.keyClick(at.window, Qt.Key.Key_2)
        await until(lambda: len(at.window.groups.keys) == 4)
        assert at.asked_for(rfm="seed", after=0) == 1
        below = [key.facts.below for key in at.window.groups.keys[1:]]
        assert [words.partition(" · ")[2] for words in below] == ["参考 15%", "参考 35%", "参考 50%"]
        QTest.keyClick(at.window, Qt.Key.Key_BracketRight)
        await until(lambda: at.asked_for(rfm="seed", group="high") == 1)
        assert at.window.groups.does.text() == "专属服务，新品先给，VIP"
        await until(lambda: len(at.window._model.rows) == 6)


async def test_one_joins_by_two_presses_the_second_of_which_says_that_he_agreed() -> None:
    async with opened("assistant") as at:
        person = at.window.person
        at.bus.books_told["customers"] = _no_member
        person.show_person(person.viewer_id, customer_rooms.profile(member=False))
        assert not person.checkin.isVisible()
        assert not person.forget.isVisible(), "an assistant forgets nobody"
        person.join.click()
        assert at.bus.asked == []
        assert "同意" in person.question.text()
        person.no.click()
        person.join.click()
        person.yes.click()
        await until(lambda: len(at.bus.asked) == 1)
        assert at.bus.asked[0] == ("member.join", {"viewer_id": f"p{0:020x}", "consent": True})


def _no_member(query: dict[str, str | int]) -> dict[str, Any]:
    if query.get("view") == "person":
        return dict(msgspec.to_builtins(PersonAnswer(customer_rooms.profile(member=False))))
    return customer_rooms.told(query)


async def test_points_and_deposits_go_out_as_typed_and_a_no_stands_beside_them() -> None:
    async with opened() as at:
        person = at.window.person
        at.bus.answer = refuse("too_few_points", points=3, asked=50)
        person.points.setValue(50)
        person.what.setText(" 贴纸 ")
        person.spend.click()
        await until(lambda: person.said.text() != "")
        assert person.said.text() == "积分不够：只有 3 分，要用 50 分"
        person.amount.setValue(1_000)
        person.deposit.click()
        person.use.click()
        await until(lambda: len(at.bus.asked) == 3)
        assert [data for _, data in at.bus.asked] == [
            {"viewer_id": person.viewer_id, "points": 50, "what": "贴纸"},
            {"viewer_id": person.viewer_id, "amount_fen": 100_000, "use": False},
            {"viewer_id": person.viewer_id, "amount_fen": 100_000, "use": True},
        ]


async def test_discounts_of_levels_go_on_beside_other_coupons_and_a_broken_floor_says_so() -> None:
    async with opened() as at:
        discounts = at.window.discounts
        other = ShopCoupon(CouponRule(off_fen=500), "店铺券")
        room = msgspec.structs.replace(at.bus.now_state.room, shop_coupons=[other])
        at.bus.now_state = msgspec.structs.replace(at.bus.now_state, room=room)
        at.bus.say(event(80, "room.set", {}))
        await until(lambda: discounts._coupons == [other])
        at.bus.answer = refuse("below_price_floor", sku_id="gloves", final="90.00", floor="95.00")
        assert discounts.key.text() == "启用等级折扣"
        discounts.key.click()
        await until(lambda: discounts.said.text() != "")
        type_, data = at.bus.asked[0]
        assert type_ == "room.set"
        assert [c.get("member_from") for c in data["shop_coupons"]] == [None, 500, 2_000, 8_000]
        assert data["shop_coupons"][3]["rule"]["zhe"] == "9"
        sent = msgspec.convert(data["shop_coupons"], list[ShopCoupon])
        room = msgspec.structs.replace(room, shop_coupons=sent)
        at.bus.now_state = msgspec.structs.replace(at.bus.now_state, room=room)
        at.bus.say(event(81, "room.set", {}))
        await until(lambda: discounts.key.text() == "停用等级折扣")
        discounts.key.click()
        await until(lambda: len(at.bus.asked) == 2)
        assert [c["name"] for c in at.bus.asked[1][1]["shop_coupons"]] == ["店铺券"]


async def test_a_locked_seat_asks_nothing() -> None:
    async with opened() as at:
        at.is_locked = True
        at.window.person.checkin.click()
        at.window.discounts.key.click()
        await asyncio.sleep(0.02)
        assert at.bus.asked == []
        assert at.window.person.said.text() != ""
        assert at.window.discounts.said.text() == at.window.person.said.text()


async def test_who_was_forgotten_is_read_out_of_the_list() -> None:
    async with opened() as at:
        person, before = at.window.person, at.asked_for(after=0)
        person.forget.click()
        assert at.bus.asked == []
        person.yes.click()
        await until(lambda: at.asked_for(after=0) == before + 1)
        assert at.bus.asked == [("viewer.forget", {"viewer_id": f"p{0:020x}"})]


async def test_a_person_is_read_with_his_name_only_for_his_own_file(tmp_path: Path) -> None:
    async with opened() as at:
        assert at.asked_for(whole=1) == 0
        file = tmp_path / "customer.json"
        at.window._write(at.window.person.viewer_id, str(file))
        await until(lambda: at.window.person.said.text() != "")
        assert at.asked_for(whole=1) == 1
        assert json.loads(file.read_text("utf-8"))["orders"] == 24
        at.window._write(at.window.person.viewer_id, str(tmp_path / "nowhere" / "x.json"))
        await until(lambda: "没有写成" in at.window.person.said.text())


async def test_a_key_of_the_desk_opens_it_and_closes_it(sit: Any) -> None:
    at = await sit(queue_of())
    at.bus.books_told["customers"] = customer_rooms.told
    at.press(Qt.Key.Key_F4)
    window = at.shell.beside.open["F4"]
    assert isinstance(window, CustomersWindow)
    await until(lambda: window.person.name.text() == "陈**")
    at.press(Qt.Key.Key_F4)
    assert "F4" not in at.shell.beside.open


async def test_a_member_has_his_sign_in_the_feed_and_it_goes_when_he_leaves(sit: Any) -> None:
    at = await sit(queue_of())
    told = {"members": 1, "rows": [msgspec.to_builtins(_member_row("v1"))], "next": None}
    at.bus.books_told["customers"] = lambda query: told if query.get("view") == "members" else {}
    joined_now = event(90, "member.joined", {"viewer_id": "v1"})
    at.bus.say(joined_now, comment(91, "来了", viewer="v1"), comment(92, "在", viewer="v2"))
    await until(lambda: at.desk.feed.feed.members == {"v1": "金卡会员"})
    # Who is a member may be known a frame before they are shown.
    await until(lambda: len(at.desk.feed.view.sentences()) == 2)
    assert ["金卡会员" in line for line in at.desk.feed.view.sentences()] == [True, False]
    told.update(members=0, rows=[])
    at.bus.say(event(93, "member.left", {"viewer_id": "v1"}))
    await until(lambda: at.desk.feed.feed.members == {})


def _member_row(outside: str) -> MemberRowShown:
    profile = customer_rooms.profile().member
    assert profile is not None
    return MemberRowShown(f"p{0:020x}", outside, "陈**", profile)


async def test_4_proposes_their_coupon_and_a_broken_floor_is_mended_by_the_next_press() -> None:
    async with opened() as at:
        birthdays = at.window.birthdays
        QTest.keyClick(at.window, Qt.Key.Key_4)
        assert at.bus.asked == [], "nobody has one"
        birthdays.show_members(customer_rooms.born_today(4, 20))
        at.bus.answer = refuse("below_price_floor", sku_id="gloves", final="90.00", floor="95.00")
        at.bus.judged = lambda _type, data: {
            "ok": data["spec"]["rule"]["off_fen"] <= 1_200,
            "code": "below_price_floor",
            "repairs": [{"code": "below_price_floor", "sku_id": "gloves", "fix": {"off_fen": 1_200}}],
        }
        QTest.keyClick(at.window, Qt.Key.Key_4)
        await until(lambda: "最多减" in birthdays.who.text())
        at.bus.answer = lambda _type, _data: {"ok": True, "seq": 5, "result": {"cue_id": "c"}}
        QTest.keyClick(at.window, Qt.Key.Key_4)
        await until(lambda: birthdays.who.text() == "生日券在待上里了：减 ¥12，等放行")
        first, second = (data["spec"] for _, data in at.bus.asked)
        assert (first["rule"], second["rule"]) == ({"off_fen": 2_000}, {"off_fen": 1_200})
        assert second["audience"] == "birthday"
        spec = parse_spec("coupon", second)
        assert isinstance(spec, CouponSpec)


async def test_whose_birthday_it_is_is_shown_and_3_copies_a_wish_without_a_name() -> None:
    async with opened() as at:
        assert not at.window.birthdays.isVisible(), "nobody's"
        told = customer_rooms.born_today(4)
        at.bus.books_told["customers"] = lambda query: (
            dict(msgspec.to_builtins(told)) if query.get("view") == "members" else customer_rooms.told(query)
        )
        at.window.reading.birthdays()
        await until(at.window.birthdays.isVisible)
        assert at.asked_for(view="members", birthday="today") == 2
        assert at.window.birthdays.who.text() == "今天生日 4 人：林**、王**、陈**…"
        assert "20 元，给当天生日的会员，一人一张" in at.window.birthdays.coupon.toolTip()
        QTest.keyClick(at.window, Qt.Key.Key_3)
        assert QGuiApplication.clipboard().text() == "生日快乐！送您一张 20 元生日券，找客服领。"
        at.window.birthdays.show_members(customer_rooms.born_today(1, None))
        assert at.window.birthdays.wish == "生日快乐！谢谢您一直在。"
        at.window.birthdays.show_members(None)
        assert not at.window.birthdays.isVisible()
        assert not at.window.birthdays.copy()
