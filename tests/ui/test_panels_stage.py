"""The stage tells what is pinned, at what price, how much is left, and what nobody is sure of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.specs import CouponRule
from liveconsole.messages.state import CueState, PinnedState, ProductState, State
from tests.ui.committed import NOW
from tests.ui.looking import look
from tests.ui.rooms import Evening, empty_state, manual_state, running, sample_state
from tests.ui.shots import settle
from ui.kinds.phrases import rule_words
from ui.panels.stage import StagePanel, product
from ui.panels.stage.card import RunningCard
from ui.panels.stage.running import CARD, LINE, beside
from ui.seat.room import RoomView
from ui.words.goods import cue_counts, cue_title

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def stage(qtbot) -> StagePanel:  # type: ignore[no-untyped-def]
    made = StagePanel()
    qtbot.addWidget(made)
    made.resize(640, 400)
    look(made, sample_state())
    return made


def card_of(stage: StagePanel, cue_id: str) -> RunningCard:
    return next(card for card in stage.cards() if card.cue_id == cue_id)


def with_cue(state: State, cue_id: str, **more: Any) -> State:
    """Other figures on one cue: widths and words are tried with what no rule comes to in an evening."""
    cues = [msgspec.structs.replace(cue, **more) if cue.cue_id == cue_id else cue for cue in state.cues]
    return msgspec.structs.replace(state, cues=cues)


def test_the_pinned_product_with_its_sale(stage: StagePanel) -> None:
    card = stage.product
    assert (card.number.text(), card.title.text()) == ("3 号", "100% 山羊绒围巾 驼色 200×70")
    assert (card.price.text(), card.before.text(), card.price_kind.text()) == (
        "¥99.00", "¥199", "秒杀价 · 七日最低 ¥199",
    )  # fmt: skip
    assert card.left.shown == "8 / 50"
    assert card.bar.share == pytest.approx(0.16)
    assert card.stock.text() == "总可售 123 件 · 已扣待付款 5"
    assert card.said.text() == "讲解中 · 6 分前确认"


def sweater(
    colours: tuple[str, ...] = ("燕麦", "驼色", "黑色"), sizes: tuple[str, ...] = ("S", "M", "L", "XL")
) -> State:
    """K20: one product in colours and sizes, pinned; some of its sizes are few, one is gone."""
    at = Evening()
    units = (12, 18, 9, 2, 10, 14, 3, 0, 16, 22, 15, 7)
    names = [f"{colour} {size}".strip() for colour in colours for size in sizes]
    skus = [
        {"sku_id": name, "title": name, "price_fen": 45900, "stock": units[n % len(units)]}
        for n, name in enumerate(names)
    ]
    put = {"product_id": "sweater", "title": "羊绒毛衣", "price_fen": 45900, "stock": 1, "skus": skus}
    at.ok("catalogue.put", {"products": [put]})
    at.ok("cart.add", {"product_ids": ["sweater"]})
    at.pin("sweater")
    return at.shown()


def test_the_stage_shows_the_stock_of_every_colour_and_size(stage: StagePanel) -> None:
    stage.resize(700, 400)
    look(stage, sweater())
    table = stage.product.table
    assert not table.isHidden()
    assert stage.product.bar.isHidden()
    looks = {each.text: each.look for each in table.placed()}
    assert [each.text for each in table.placed() if each.look == "head"] == ["S", "M", "L", "XL"]
    assert [each.text for each in table.placed() if each.look == "row"] == ["燕麦", "驼色", "黑色"]
    assert (looks["18"], looks["3"], looks["售罄"]) == ("plain", "few", "gone")
    assert "驼色 L 3" in table.accessibleDescription()
    assert stage.product.stock.text() == "总可售 128 件 · 已扣待付款 0"
    rooms = [each.room for each in table.placed()]
    assert not any(one.intersects(other) for n, one in enumerate(rooms) for other in rooms[:n])
    assert all(table.rect().toRectF().adjusted(-1, -1, 1, 1).contains(room) for room in rooms)


def test_of_more_than_fit_the_scarcest_stand_there_and_all_are_asked_for(
    stage: StagePanel, qtbot: Any
) -> None:
    stage.resize(700, 400)
    look(stage, sweater(("红", "橙", "黄", "绿", "青", "蓝")))
    card = stage.product
    cells = [each for each in card.table.placed() if each.look in ("few", "gone", "plain")]
    assert [each.look for each in cells] == ["gone", "gone", "few", "few", "few"]
    assert not card.every.isHidden()
    with qtbot.waitSignal(card.stock_asked) as asked:
        card.every.click()
    assert asked.args == ["sweater"]
    look(stage, sweater())
    assert card.every.isHidden()


def test_in_a_short_or_narrow_window_the_sizes_are_one_line(stage: StagePanel) -> None:
    stage.resize(700, 400)
    look(stage, sweater())
    high = stage.product.sizeHint().height()
    stage.product.set_short(True)
    assert stage.product.table.isHidden()
    assert stage.product.scarce.text() == "最缺：燕麦 XL 2"
    assert stage.product.sizeHint().height() < high
    stage.product.set_short(False)
    assert not stage.product.table.isHidden()
    stage.show()
    stage.resize(420, 400)
    assert stage.product.table.isHidden()
    look(stage, sample_state())
    assert stage.product.scarce.isHidden(), "a product of one size has no scarcest"
    assert stage.product.sizeHint().height() == high, "another product moves nothing below it"


def test_nothing_pinned_takes_hardly_any_room(stage: StagePanel) -> None:
    high = stage.product.sizeHint().height()
    look(stage, empty_state())
    assert stage.product.sizeHint().height() < high / 2


def two_of_a_sale(*, pinned: str = "scarf", platform: str = "own") -> Evening:
    """K2: a sale of 10 scarves and 90 hats, three scarves and one hat sold, with one of the two pinned."""
    at = Evening(platform)
    at.pin(pinned)
    skus = [
        {"sku_id": "scarf", "price_fen": 9900, "quantity": 10},
        {"sku_id": "beret", "price_fen": 4900, "quantity": 90},
    ]
    at.add("s", "flash_sale", {"skus": skus, "per_buyer": 1, "seconds": 300})
    at.fire("s")
    if platform == "manual":
        at.confirm("c-pin")
        at.confirm("s")
        return at
    for n in range(3):
        at.buys(f"o{n}", "scarf", 9900)
    at.buys("hat", "beret", 4900)
    return at


@pytest.mark.parametrize(
    ("pinned", "price", "left"), [("scarf", "¥99.00", "7 / 10"), ("beret", "¥49.00", "89 / 90")]
)
def test_of_a_sale_of_several_goods_the_card_shows_its_own(
    stage: StagePanel, pinned: str, price: str, left: str
) -> None:
    state = two_of_a_sale(pinned=pinned).shown()
    look(stage, state)
    assert (stage.product.price.text(), stage.product.left.shown) == (price, left)
    [sale] = [cue for cue in state.cues if cue.cue_id == "s"]
    assert sale.left == 96, "the whole sale's, which is nobody's figure here"


def test_the_sales_own_sum_would_be_seen_to_be_wrong(
    stage: StagePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with what the whole sale has left, as it was reckoned once, the card says 96 / 100."""

    def of_all(sales: list[CueState], _product: ProductState) -> tuple[int | None, int]:
        return sales[0].left, sum(sku.quantity for sku in sales[0].skus)

    monkeypatch.setattr(product, "left_of", of_all)
    look(stage, two_of_a_sale().shown())
    assert stage.product.left.shown == "96 / 100"


def test_what_a_person_read_off_a_sale_of_several_goods_is_no_products_own(stage: StagePanel) -> None:
    at = two_of_a_sale(platform="manual")
    at.ok("cue.measure", {"cue_id": "s", "left": 96})
    look(stage, at.shown())
    assert stage.product.left.shown == "— / 10"
    single = Evening("manual")
    single.pin("scarf")
    single.confirm("c-pin")
    single.sale("s")
    single.fire("s")
    single.confirm("s")
    single.ok("cue.measure", {"cue_id": "s", "left": 31})
    look(stage, single.shown())
    assert stage.product.left.shown == "31 / 50"


def test_the_lowest_price_is_said_and_is_red_under_its_floor(stage: StagePanel) -> None:
    at = Evening(ago=60)
    at.pin("pants")
    at.sale("s", sku_id="pants", price_fen=4900, quantity=100)
    at.fire("s")
    look(stage, at.shown())
    final = stage.product.final
    assert (final.text(), final.tone) == ("到手 ¥49.00 · 按已知优惠最低到手", "fg1")
    # The rules let no coupon go under a floor: the shop's own, told of too late, does.
    state = at.shown()
    [sale] = [cue for cue in state.cues if cue.cue_id == "s"]
    assert sale.lowest is not None
    low = msgspec.structs.replace(sale.lowest, fen=3900, combination="秒杀 49.00 + 满减 10.00")
    look(stage, with_cue(state, "s", lowest_fen=3900, lowest=low))
    assert (final.text(), final.tone) == ("最低到手 ¥39.00，低于底价 ¥42.00", "live")
    assert "秒杀 49.00 + 满减 10.00" in final.toolTip()


def test_a_running_card_says_what_it_has_cost_and_keeps_its_key(
    stage: StagePanel, dressed: QApplication
) -> None:
    stage.show()
    look(stage, with_cue(sample_state(), "c-sale", slot=1))
    card = card_of(stage, "c-sale")
    stage.resize(700, 400)
    settle(dressed)
    assert card.stop.width() >= card.stop.least_width()
    assert "已让利 ¥3,700 / ¥5,000" in card.counts.toolTip()
    alone = Evening(ago=60)
    alone.sale("s")
    alone.fire("s")
    alone.buys("o", "scarf", 9900)
    look(stage, alone.shown())
    stage.set_low(True)
    settle(dressed)
    (card,) = stage.running.shown()
    stage.tick(NOW)
    assert card.counts.text() == "已售 1 · 待付款 0 · 没抢到 0 · 已让利 ¥100 / ¥5,000"


def test_without_a_sale_the_stock_is_what_is_left(stage: StagePanel) -> None:
    at = Evening()
    at.pin("scarf")
    at.sale("later", quantity=42)
    look(stage, at.shown())
    assert stage.product.price.text() == "¥199.00"
    assert (stage.product.left.shown, stage.product.left_label.text()) == ("128 / 128", "可售库存")
    assert stage.product.final.text() == ""
    assert stage.cards() == []
    assert stage.running.isHidden(), "what does not run takes no room"


def test_what_the_platform_shows_is_told_apart_from_what_is_wanted(stage: StagePanel) -> None:
    look(stage, manual_state())
    assert stage.product.number.text() == "4 号"
    assert stage.product.said.text() == "观众看到的还是 3 号 · 10 分前确认"
    stage.tick(NOW + timedelta(seconds=60))
    assert stage.product.said.text() == "观众看到的还是 3 号 · 11 分前确认"


def not_yet_there() -> State:
    at = Evening("manual")
    at.pin("scarf")
    return at.shown()


def not_yet_gone() -> State:
    at = Evening("manual", ago=9)
    at.pin("scarf")
    at.confirm("c-pin")
    at.ok("cart.unpin", {})
    at.until(0)
    return at.shown()


def there() -> State:
    at = Evening(ago=5)
    at.pin("scarf")
    at.until(0)
    return at.shown()


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (not_yet_there, "等平台开始讲解"),
        (not_yet_gone, "等平台结束讲解 3 号"),
        (there, "讲解中 · 5 秒前确认"),
    ],
)
def test_each_way_of_not_agreeing_has_its_words(stage: StagePanel, room: Any, said: str) -> None:
    look(stage, room())
    assert stage.product.said.text() == said


def test_a_pin_that_nobody_ever_confirmed_has_no_age(stage: StagePanel) -> None:
    # A log from before moments of confirmation were kept.
    state = msgspec.structs.replace(sample_state(), pinned=PinnedState("scarf", "scarf", None, None))
    look(stage, state)
    assert stage.product.said.text() == "讲解中"


def test_what_nobody_reported_is_a_dash_and_no_zero(stage: StagePanel) -> None:
    look(stage, two_of_a_sale(platform="manual").shown())
    assert stage.product.left.shown == "— / 10"
    assert stage.product.left_label.text() == "秒杀余量 · 平台没有报"


def test_nothing_pinned_says_how_to_pin(stage: StagePanel) -> None:
    look(stage, empty_state())
    assert stage.product._stack.currentIndex() == 0


def test_running_cards_count_and_empty(stage: StagePanel) -> None:
    sale, coupon, bag = (card_of(stage, cue_id) for cue_id in ("c-sale", "c-coupon", "c-bag"))
    assert [card.title.text() for card in (sale, coupon, bag)] == [
        "秒杀 ¥99 · 3 号",
        "满 199 减 20",
        "福袋「驼色好看」",
    ]
    assert sale.counts.text() == "已售 37 · 待付款 5 · 没抢到 214"
    assert coupon.counts.text() == "领 212 / 500 · 用 48（22%）"
    assert bag.counts.text().startswith("只认 评论 · 1,204 人参与 · 抽 3 人 · 奖品 羊毛贝雷帽 · 承诺 ")
    assert [card.ring.shown[0] for card in (sale, coupon, bag)] == ["2:41", "7:12", "1:15"]
    stage.tick(NOW + timedelta(seconds=61))
    assert [card.ring.shown[0] for card in (sale, coupon, bag)] == ["1:40", "6:11", "0:14"]


def test_cards_stand_in_the_order_in_which_they_began_and_close_up(
    stage: StagePanel, dressed: QApplication
) -> None:
    at = running()
    look(stage, at.shown())
    first, second, third = stage.cards()
    at.stop(second.cue_id)
    look(stage, at.shown())
    assert stage.cards() == [first, third], "the same widgets, and no empty place between them"
    at.until(-3)
    look(stage, at.shown(), NOW + timedelta(seconds=3))
    assert [card.cue_id for card in stage.cards()] == [first.cue_id, third.cue_id, "c-next"]


def crowded(count: int) -> State:
    """So many coupons run at once."""
    at = Evening(ago=60)
    for n in range(count):
        at.coupon(f"k{n}", name=f"券 {n}")
        at.fire(f"k{n}")
    return at.shown()


@pytest.mark.parametrize("low", [True, False])
@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 2), (6, 2)])
def test_what_runs_takes_one_row_and_every_stop_key_is_reached(
    stage: StagePanel, dressed: QApplication, low: bool, count: int, shown: int
) -> None:
    stage.resize(684, 400)
    stage.show()
    stage.set_low(low)
    look(stage, crowded(count))
    settle(dressed)
    row = stage.running
    if not count:
        assert row.isHidden()
        return
    assert row.height() == (LINE if low else CARD)
    assert len(row.shown()) == (shown if count < 4 else min(3, len(row.shown())))
    for card in row.shown():
        assert card.stop.visibleRegion().boundingRect() == card.stop.rect()
        assert card.stop.width() >= card.stop.least_width()
        assert card.rect().contains(card.stop.geometry())
    asked: list[str] = []
    stage.stop_asked.connect(asked.append)
    behind = row.others().actions()
    assert len(row.shown()) + len(behind) == count
    assert row.more.isVisible() == bool(behind)
    for card in row.shown():
        card.stop.click()
    for action in behind:
        assert "Ctrl+Shift+" in action.text()
        action.trigger()
    assert sorted(asked) == [f"k{n}" for n in range(count)]


def test_numbers_that_change_move_no_block(stage: StagePanel, dressed: QApplication) -> None:
    stage.show()
    settle(dressed)
    before = [card.geometry() for card in stage.cards()] + [stage.product.geometry()]
    state = with_cue(sample_state(), "c-sale", sold=1_000_000, held=88_888, left=0, oversold=3)
    owed = next(cue.owed for cue in manual_state().cues if cue.cue_id == "c-sale")
    state = with_cue(state, "c-coupon", status="unknown", owed=owed)
    state = msgspec.structs.replace(state, pinned=manual_state().pinned)
    look(stage, state)
    settle(dressed)
    assert [card.geometry() for card in stage.cards()] + [stage.product.geometry()] == before


def test_what_is_unsettled_is_said_loudly(stage: StagePanel) -> None:
    look(stage, manual_state())
    sale, coupon, bag = (card_of(stage, cue_id) for cue_id in ("c-sale", "c-coupon", "c-bag"))
    assert (sale.state.text(), sale.state.tone) == ("等人确认 3:24", "live")
    assert sale.ring.shown[0] == "—"
    assert coupon.counts.text() == "领 — / 500 · 用 —"
    assert bag.state.text() == "请去结束它 0:12"
    assert bag.stop.reason == "正在请平台结束"


def test_a_program_that_does_not_answer_is_asked_again_and_nobody_is_sent(stage: StagePanel) -> None:
    at = Evening("rehearsal")
    at.sale("s")
    at.fire("s")
    look(stage, at.shown(), NOW + timedelta(seconds=2))
    assert card_of(stage, "s").state.text() == "等平台开始 0:02"
    owed = at.cue("s").owed
    assert owed is not None
    answer = {"cue_id": "s", "step": "on_air", "key": owed.key, "outcome": "unknown"}
    at.ok("effect.answered", answer, "platform")
    look(stage, at.shown(), NOW + timedelta(seconds=5))
    assert card_of(stage, "s").state.text() == "平台没回话，在问 0:05"


def test_oversold_is_never_hidden(stage: StagePanel) -> None:
    at = Evening("manual")
    at.sale("s", quantity=2)
    at.fire("s")
    at.confirm("s")
    for n in range(4):
        at.buys(f"o{n}", "scarf", 9900, paid=False)
    look(stage, at.shown())
    assert card_of(stage, "s").state.text() == "平台超卖了"
    assert cue_counts(RoomView(at.shown()).cues["s"])[0] == "超卖 2"


def test_the_stop_key_names_its_cue_and_its_number(stage: StagePanel) -> None:
    asked: list[str] = []
    stage.stop_asked.connect(asked.append)
    look(stage, with_cue(sample_state(), "c-bag", slot=3))
    QTest.mouseClick(card_of(stage, "c-bag").stop, Qt.MouseButton.LeftButton)
    assert asked == ["c-bag"]
    assert card_of(stage, "c-bag").stop._key == "Ctrl+Shift+3"


def test_who_may_not_stop_it_reads_why(stage: StagePanel) -> None:
    """An assistant stops sales and coupons; a bag ends with a reason that the host or the operator gives."""
    look(stage, running().shown("assistant"))
    reasons = {card.cue_id: card.stop.reason for card in stage.cards()}
    assert (reasons["c-sale"], reasons["c-coupon"]) == ("", "")
    assert reasons["c-bag"] == "没有权限"


@pytest.mark.parametrize(
    ("count", "width", "shown"),
    [(0, 684, 0), (1, 100, 1), (2, 684, 2), (3, 684, 3), (3, 500, 2), (3, 300, 1), (4, 660, 2), (4, 684, 3),
     (9, 2000, 3), (2, 300, 1)],
)  # fmt: skip
def test_as_many_stand_side_by_side_as_have_their_time_and_their_key(
    count: int, width: int, shown: int
) -> None:
    assert beside(count, width, 200, 44, 10) == shown


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"off_fen": 800}, "直减 8"),
        ({"threshold_fen": 19900, "off_fen": 2050}, "满 199 减 20.50"),
        ({"tiers": [{"threshold_fen": 10000, "off_fen": 500}, {"threshold_fen": 20000, "off_fen": 1500}]},
         "满 100 减 5、满 200 减 15"),
        ({"zhe": "8.5"}, "8.5 折"),
    ],
)  # fmt: skip
def test_rules_are_read_as_people_say_them(rule: dict[str, Any], words: str) -> None:
    assert rule_words(msgspec.convert(rule, CouponRule)) == words


def test_a_kind_of_a_later_version_is_shown_neutrally() -> None:
    state = sample_state()
    # This program's own rules make no such kind.
    odd: CueState = msgspec.structs.replace(state.cues[0], cue_id="x", kind="auction", spec={})
    assert cue_title(odd, RoomView(state)) == "促销"
    assert cue_counts(odd) == []


def test_outside_titles_stay_text(stage: StagePanel) -> None:
    at = Evening()
    title = "<h1>假</h1>\u202e价"
    at.ok(
        "catalogue.put",
        {"products": [{"product_id": "scarf", "title": title, "price_fen": 19900, "stock": 128}]},
    )
    at.pin("scarf")
    look(stage, at.shown())
    assert stage.product.title.text() == "<h1>假</h1>价"
