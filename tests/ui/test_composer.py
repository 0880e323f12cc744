"""The composer: drafts that are never guessed, the rules' answer beside the field it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole import tasks
from liveconsole.messages.specs import parse_spec
from liveconsole.messages.state import CueState, State
from liveconsole.messages.verdicts import Verdict
from tests.ui.fake_bus import FakeBus, refuse, until
from tests.ui.judged import lowest
from tests.ui.rooms import running, sample_state
from ui.panels.composer import ComposerSheet
from ui.panels.composer.bag import BagForm
from ui.panels.composer.coupon import CouponForm
from ui.panels.composer.form import Form, LastsEntry
from ui.panels.composer.pin import PinForm
from ui.panels.composer.plays import ListForm, PacketForm, PkForm
from ui.panels.composer.sale import SaleForm
from ui.seat.room import RoomView
from ui.seat.seat import Seat

SPECS: list[tuple[type[Form[Any]], dict[str, Any]]] = [
    (PinForm, {"product_id": "gloves"}),
    (
        SaleForm,
        {"skus": [{"sku_id": "pants", "price_fen": 4990, "quantity": 30}], "per_buyer": 2, "seconds": 95},
    ),
    (
        CouponForm,
        {"name": "满 199 减 20", "rule": {"threshold_fen": 19900, "off_fen": 2000}, "quantity": 300,
         "per_buyer": 1, "seconds": 600, "valid_seconds": 3600},
    ),
    (
        CouponForm,
        {"name": "手套券", "rule": {"off_fen": 850}, "quantity": 3, "per_buyer": 2, "seconds": 60,
         "valid_seconds": 86_400, "scope": {"product_ids": ["gloves"]}},
    ),
    (
        CouponForm,
        {"name": "8.5 折", "rule": {"zhe": "8.5"}, "quantity": 9, "per_buyer": 1, "seconds": 60,
         "valid_seconds": 86_400},
    ),
    (
        CouponForm,
        {"name": "阶梯", "rule": {"tiers": [{"threshold_fen": 19900, "off_fen": 2000},
                                          {"threshold_fen": 29900, "off_fen": 4050}]},
         "quantity": 9, "per_buyer": 1, "seconds": 60, "valid_seconds": 86_400},
    ),
    (
        CouponForm,
        {"name": "两样券", "rule": {"off_fen": 850}, "quantity": 3, "per_buyer": 2, "seconds": 60,
         "valid_seconds": 86_400, "scope": {"product_ids": ["gloves", "beret"]},
         "link": "https://shop.example/c/8f3a"},
    ),
    (
        BagForm,
        {"prize": {"name": "羊毛贝雷帽", "value_fen": 6900, "product_id": "beret"}, "winners": 3,
         "alternates": 2, "entry": {"keyword": "想要", "match": "lenient"}, "seconds": 180,
         "draw": "console", "claim": {"followed": True, "seconds": 900}, "exclude": ["v1"]},
    ),
    (ListForm, {"keyword": "1", "match": "lenient", "places": 7, "seconds": 60}),
    (
        ListForm,
        {"keyword": "想要", "match": "exact", "places": 20, "seconds": 180, "sku_id": "gloves",
         "price_fen": 5900},
    ),
    (PkForm, {"opponent": "小美的店", "seconds": 300, "rounds": 3, "stake": "唱一首"}),
    (PkForm, {"opponent": "小美的店", "seconds": 61, "rounds": 1}),
    (PacketForm, {"total_fen": 20_000, "packets": 100, "seconds": 180}),
    (
        BagForm,
        {"prize": {"name": "红包", "value_fen": 100}, "winners": 1, "alternates": 0, "entry": {},
         "seconds": 61, "draw": "platform"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("form", "spec"), SPECS)
def test_what_is_filled_in_comes_out_again(
    qtbot: QtBot, dressed: QApplication, form: type[Form[Any]], spec: dict[str, Any]
) -> None:
    made = form()
    qtbot.addWidget(made)
    made.show_room(RoomView(sample_state()))
    made.fill(parse_spec(made.kind, spec))
    assert made.draft() == spec


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("10", 600), ("1:30", 90), ("0：20", 20), ("0", None), ("", None), ("1:75", None), ("-3", None),
     ("99999", None)],
)  # fmt: skip
def test_how_long_is_read_or_not_at_all(qtbot: QtBot, typed: str, seconds: int | None) -> None:
    entry = LastsEntry(60)
    qtbot.addWidget(entry)
    entry.setText(typed)
    assert entry.seconds() == seconds


def test_a_price_that_is_none_is_answered_at_once_and_makes_no_draft(
    qtbot: QtBot, dressed: QApplication
) -> None:
    form = SaleForm()
    qtbot.addWidget(form)
    form.show_room(RoomView(sample_state()))
    form.touch()
    for typed, answer in (("9,9,9", "这不是金额"), ("1.999", "最多两位小数"), ("", "多少钱？")):
        form.lines[0].price.setText(typed)
        assert form.draft() is None
        assert form.fields["skus"].answered == answer


def test_templates_stay_above_the_floor(qtbot: QtBot, dressed: QApplication) -> None:
    form = SaleForm()
    qtbot.addWidget(form)
    form.show_room(RoomView(sample_state()))
    form.product.choose("thermal")  # 129, floor 99
    prices = {}
    for words, fill in form.templates():
        fill()
        prices[words] = form.lines[0].price.fen()
    assert prices == {"9 折": 11600, "8 折": 10300, "到底价": 9900}


class Composing:
    def __init__(self, role: str = "host", cue: CueState | None = None, state: State | None = None) -> None:
        state = state or sample_state()
        self.bus = FakeBus(state)

        async def join() -> FakeBus:
            return self.bus

        self.seat = Seat(join)
        self.room = RoomView(state)
        self.role, self.cue = role, cue

    async def open(self) -> ComposerSheet:
        self.living = tasks.spawn(self.seat.run(), name="seat")
        await until(lambda: self.seat.state is not None)
        self.sheet = ComposerSheet(self.seat, self.role, self.room, cue=self.cue)
        self.closed: list[bool] = []
        self.sheet.closed.connect(lambda: self.closed.append(True))
        self.sheet.show()
        return self.sheet

    async def close(self) -> None:
        self.sheet.deleteLater()
        await self.seat.close()
        await tasks.cancel_all([self.living])


@pytest_asyncio.fixture
async def composing(dressed: QApplication) -> AsyncIterator[Composing]:
    made = Composing()
    await made.open()
    yield made
    await made.close()


async def test_the_rules_are_asked_after_the_typing_stops(composing: Composing) -> None:
    form = composing.sheet.form
    assert isinstance(form, SaleForm)
    for typed in ("1", "15", "159"):
        form.lines[0].price.setText(typed)
    await until(lambda: composing.bus.judgements)
    assert len(composing.bus.judgements) == 1
    type_, data = composing.bus.judgements[0]
    assert (type_, data["kind"]) == ("cue.add", "flash_sale")
    assert data["spec"]["skus"] == [{"sku_id": "scarf", "price_fen": 15900, "quantity": 50}]


async def test_a_refusal_stands_beside_its_field_and_the_rest_below(composing: Composing) -> None:
    sheet = composing.sheet
    params = {"final": "9.00", "floor": "99.00", "combination": "秒杀 9.00"}
    also = [{"code": "over_limit", "params": {"detail": "一天太多"}}]
    composing.bus.judged = lambda _t, _d: {
        "ok": False, "code": "below_price_floor", "params": params, "also": also, **lowest(900, 9900),
        "exposure_fen": 950_000,
    }  # fmt: skip
    sheet.judge_now()
    sheet.form.touch()
    await until(lambda: sheet.form.fields["skus"].answered)
    assert "低于底价 99.00" in sheet.form.fields["skus"].answered
    result = sheet.result
    assert result.said.text() == "超过上限：一天太多"
    assert (result.lowest.text(), result.lowest_money.text()) == ("按已知优惠最低到手", "¥9")
    assert (result.sum.text(), result.lowest_money.tone) == ("底价 ¥99", "live")
    assert (result.most.text(), result.most_money.text()) == ("最多让利", "¥9,500")
    assert not sheet.add_it.isEnabled()
    composing.bus.judged = lambda _t, _d: {"ok": True, **lowest(9900, 9900)}
    sheet.judge_now()
    await until(sheet.add_it.isEnabled)
    assert (sheet.form.fields["skus"].answered, result.said.text(), result.lowest_money.tone) == (
        "",
        "",
        "flash",
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [("coupon", "4 号 · 按已知优惠最低到手"), ("lucky_bag", "福袋不改任何商品的到手价")],
)
async def test_coupons_and_bags_say_their_lowest_price_too(
    composing: Composing, kind: str, words: str
) -> None:
    sheet = composing.sheet
    sheet.choose(kind)
    form = sheet.form
    if isinstance(form, CouponForm):
        form.threshold.setText("99")
        form.off.setText("8")
    else:
        assert isinstance(form, BagForm)
        form.prize.setText("帽")
        form.value.setText("69")
    low = lowest(8100, sku_id="gloves") if kind == "coupon" else {"lowest_fen": None}
    composing.bus.judged = lambda _t, _d: {"ok": True, **low, "exposure_fen": 80_000}
    sheet.judge_now()
    await until(sheet.add_it.isEnabled)
    result = sheet.result
    assert result.lowest.text() == words
    assert result.lowest_money.text() == ("¥81" if kind == "coupon" else "")
    assert (result.most.text(), result.most_money.text()) == (
        "最多让利" if kind == "coupon" else "奖品最多值",
        "¥800",
    )


async def test_an_answer_to_what_was_typed_before_is_not_shown(composing: Composing) -> None:
    sheet = composing.sheet
    await until(lambda: composing.bus.judgements)
    await sheet._judge(sheet._round - 1, "cue.add", {})
    composing.bus.judged = refuse("over_stock", available=3)
    sheet.form.touch()
    await sheet._judge(sheet._round - 1, "cue.add", {})
    assert sheet.form.fields["quantity"].answered == ""
    await sheet._judge(sheet._round, "cue.add", {})
    assert sheet.form.fields["quantity"].answered == "库存只有 3 件"


async def test_what_cannot_start_now_can_be_queued_but_not_approved(composing: Composing) -> None:
    sheet = composing.sheet
    composing.bus.judged = lambda _t, _d: {
        "ok": True, "at_start": {"code": "overlap", "params": {"cue_id": "c-sale"}},
    }  # fmt: skip
    sheet.judge_now()
    await until(lambda: "现在还不能发" in sheet.result.said.text())
    assert (sheet.add_it.isEnabled(), sheet.approve_it.isEnabled()) == (True, False)


async def test_adding_and_approving_are_two_commands_and_close_the_sheet(composing: Composing) -> None:
    composing.bus.answer = lambda _t, _d: {"ok": True, "seq": 2, "result": {"cue_id": "new"}}
    composing.sheet.submit(approve=True)
    await until(lambda: composing.closed)
    assert [type_ for type_, _ in composing.bus.asked] == ["cue.add", "cue.approve"]
    assert composing.bus.asked[1][1] == {"cue_id": "new"}


async def test_a_refused_one_stays_open_with_the_reason(composing: Composing) -> None:
    composing.bus.answer = refuse("unknown_sku", sku_id="scarf")
    composing.sheet.submit(approve=False)
    await until(lambda: composing.sheet.result.said.text())
    assert composing.sheet.result.said.text() == "没有这个规格"
    assert composing.closed == []
    assert composing.sheet.add_it.isEnabled()


async def test_a_planned_one_carries_its_time(composing: Composing) -> None:
    composing.sheet.plan(True)
    asked = composing.sheet.command()
    assert asked is not None
    assert asked[1]["at"] > composing.seat.now().astimezone().isoformat()


async def test_typing_survives_a_new_state(composing: Composing) -> None:
    form = composing.sheet.form
    assert isinstance(form, SaleForm)
    form.product.choose("gloves")
    form.lines[0].price.setText("66")
    at = running()
    at.ok("cart.remove", {"product_id": "coat"})
    composing.sheet.show_room(RoomView(at.shown()), composing.seat.now())
    assert (form.product.chosen, form.lines[0].price.text()) == ("gloves", "66")


async def test_an_existing_one_is_changed_in_its_own_form(dressed: QApplication) -> None:
    at = running()
    at.coupon("c-late", scope={"product_ids": ["gloves"]}, rule={"off_fen": 800})
    coupon = RoomView(at.shown()).cues["c-late"]
    made = Composing(role="assistant", cue=coupon)
    sheet = await made.open()
    assert (sheet.form.kind, sheet.add_it.text(), sheet.approve_it.isVisible()) == (
        "coupon",
        "保存修改",
        False,
    )
    asked = sheet.command()
    assert asked is not None
    assert (asked[0], asked[1]["cue_id"], asked[1]["spec"]["rule"]) == (
        "cue.edit",
        coupon.cue_id,
        coupon.spec["rule"],
    )
    await made.close()


async def test_a_link_that_leads_nowhere_is_refused_beside_its_field(composing: Composing) -> None:
    composing.sheet.choose("coupon")
    form = composing.sheet.form
    assert isinstance(form, CouponForm)
    form.off.setText("8")
    form.threshold.setText("99")
    form.link.setText("javascript:alert(1)")
    asked = composing.sheet.command()
    assert asked is not None
    assert asked[1]["spec"]["link"] == "javascript:alert(1)"
    no = {"ok": False, "code": "bad_spec", "params": {"detail": "link", "because": "bad_link", "limit": 200}}
    composing.sheet.show_judged(msgspec.convert(no, Verdict))
    assert "https://" in form.fields["link"].answered
    assert composing.sheet.result.said.text() == "" or "https://" in composing.sheet.result.said.text()
    assert not composing.sheet.add_it.isEnabled()
