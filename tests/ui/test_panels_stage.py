"""The stage tells what is pinned, at what price, how much is left, and what nobody is sure of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.committed import NOW
from tests.ui.sample_state import empty_state, manual_state, sample_state
from tests.ui.shots import settle
from ui.panels.stage import Goods, StagePanel, cue_counts, cue_title, rule_words
from ui.panels.stage.panel import Gap

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def stage(qtbot) -> StagePanel:  # type: ignore[no-untyped-def]
    made = StagePanel()
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show_state(sample_state(), NOW)
    return made


def _cue(state: dict[str, Any], cue_id: str) -> dict[str, Any]:
    return next(cue for cue in state["cues"] if cue["cue_id"] == cue_id)


def test_the_pinned_product_with_its_sale(stage: StagePanel) -> None:
    card = stage.product
    assert (card.number.text(), card.title.text()) == ("3 号", "100% 山羊绒围巾 驼色 200×70")
    assert (card.price.text(), card.before.text(), card.price_kind.text()) == (
        "¥99.00", "¥199", "秒杀价 · 划线为日常价",
    )  # fmt: skip
    assert card.final.text() == "到手 ¥99.00 · 按已知优惠最低到手"
    assert card.left.shown == "8 / 50"
    assert card.bar.share == pytest.approx(0.16)
    assert card.stock.text() == "总库存 128 · 待付款 5"
    assert card.said.text() == "讲解中 · 6 分前确认"


def test_a_running_price_under_its_floor_is_red_and_says_what_does_it(stage: StagePanel) -> None:
    state = sample_state()
    stage.show_state(state, NOW)
    assert (stage.product.final.text(), stage.product.final.tone) == (
        "到手 ¥99.00 · 按已知优惠最低到手",
        "fg1",
    )
    sale = state["cues"][1]
    sale["lowest_fen"] = 7900
    sale["lowest"] |= {"fen": 7900, "floor_fen": 8800, "combination": "秒杀 99.00 + 满减 20.00"}
    stage.show_state(state, NOW)
    assert stage.product.final.text() == "最低到手 ¥79.00，低于底价 ¥88.00"
    assert stage.product.final.tone == "live"
    assert "秒杀 99.00 + 满减 20.00" in stage.product.final.toolTip()


def test_a_running_card_shows_what_it_has_cost_and_keeps_its_key(
    stage: StagePanel, dressed: QApplication
) -> None:
    stage.set_stop_keys({"c-sale": "Ctrl+Shift+1"})
    stage.show()
    stage.show_state(sample_state(), NOW)
    card = next(card for card in stage.cards() if card.cue_id == "c-sale")
    assert card.cost.words == "已让利 ¥3,700 / ¥5,000"
    assert [round(share, 6) for share in card.cost.bar.shares] == [0.74, 0.1]
    settle(dressed)
    assert card.stop.width() >= card.stop.sizeHint().width()
    assert card.cost.bar.width() >= card.cost.bar.minimumSizeHint().width()
    card.set_low(True)
    assert card.cost.isHidden()
    assert "已让利 ¥3,700 / ¥5,000" in card.counts.toolTip()
    card.set_low(False)
    assert not card.cost.isHidden()
    assert card.counts.toolTip() == ""


def test_without_a_sale_the_stock_is_what_is_left(stage: StagePanel) -> None:
    state = sample_state()
    state["cues"] = []
    stage.show_state(state, NOW)
    assert stage.product.price.text() == "¥199.00"
    assert (stage.product.left.shown, stage.product.left_label.text()) == ("86 / 128", "可售库存")
    assert stage.product.final.text() == ""
    assert stage.cards() == []
    assert not stage._quiet.isHidden()


def test_what_the_platform_shows_is_told_apart_from_what_is_wanted(stage: StagePanel) -> None:
    stage.show_state(manual_state(), NOW)
    assert stage.product.number.text() == "4 号"
    assert stage.product.said.text() == "观众看到的还是 3 号 · 41 秒前确认"
    stage.tick(NOW + timedelta(seconds=9))
    assert stage.product.said.text() == "观众看到的还是 3 号 · 50 秒前确认"


@pytest.mark.parametrize(
    ("wanted", "confirmed", "said"),
    [("scarf", None, "等平台开始讲解"), (None, "scarf", "等平台结束讲解 3 号"), ("scarf", "scarf", "讲解中")],
)
def test_each_way_of_not_agreeing_has_its_words(
    stage: StagePanel, wanted: str | None, confirmed: str | None, said: str
) -> None:
    state = sample_state()
    state["pinned"] = {"wanted": wanted, "confirmed": confirmed, "age": None, "cue_id": None}
    stage.show_state(state, NOW)
    assert stage.product.said.text() == said


def test_what_nobody_reported_is_a_dash_and_no_zero(stage: StagePanel) -> None:
    state = sample_state()
    _cue(state, "c-sale")["left"] = None
    stage.show_state(state, NOW)
    assert stage.product.left.shown == "— / 50"
    assert stage.product.left_label.text() == "秒杀余量 · 平台没有报"


def test_nothing_pinned_says_how_to_pin(stage: StagePanel) -> None:
    stage.show_state(empty_state(), NOW)
    assert stage.product._stack.currentIndex() == 0


def test_running_cards_count_and_empty(stage: StagePanel) -> None:
    sale, coupon, bag = stage.cards()
    assert [card.title.text() for card in stage.cards()] == [
        "秒杀 ¥99 · 3 号",
        "满 199 减 20",
        "福袋「驼色好看」",
    ]
    assert sale.counts.text() == "已售 37 · 待付款 5 · 没抢到 214"
    assert coupon.counts.text() == "领 212 / 500 · 用 48（22%）"
    assert bag.counts.text() == "1,204 人参与 · 抽 3 人 · 奖品 羊毛贝雷帽"
    assert [card.ring.shown[0] for card in stage.cards()] == ["2:41", "7:12", "1:15"]
    stage.tick(NOW + timedelta(seconds=61))
    assert [card.ring.shown[0] for card in stage.cards()] == ["1:40", "6:11", "0:14"]


def test_a_card_keeps_its_place_until_its_cue_leaves(stage: StagePanel) -> None:
    state = sample_state()
    _cue(state, "c-coupon")["status"] = "ended"
    stage.show_state(state, NOW)
    assert [card.cue_id if card else None for card in stage._places] == ["c-sale", None, "c-bag"]
    assert [gap.isVisibleTo(stage) for gap in stage.findChildren(Gap)] == [True]
    _cue(state, "c-next")["status"] = "on_air"
    stage.show_state(state, NOW)
    assert [card.cue_id if card else None for card in stage._places] == ["c-sale", "c-next", "c-bag"]
    assert not any(gap.isVisibleTo(stage) for gap in stage.findChildren(Gap))


def test_numbers_that_change_move_no_block(stage: StagePanel, dressed: QApplication) -> None:
    stage.show()
    settle(dressed)
    before = [card.geometry() for card in stage.cards()] + [stage.product.geometry()]
    state = sample_state()
    _cue(state, "c-sale").update(sold=1_000_000, held=88_888, left=0, oversold=3)
    _cue(state, "c-coupon").update(status="unknown", owed={"step": "on_air", "since": state["room"]["now"]})
    state["pinned"] = {"wanted": "gloves", "confirmed": "scarf", "age": 3000.0, "cue_id": "c"}
    stage.show_state(state, NOW)
    settle(dressed)
    assert [card.geometry() for card in stage.cards()] + [stage.product.geometry()] == before


def test_what_is_unsettled_is_said_loudly(stage: StagePanel) -> None:
    stage.show_state(manual_state(), NOW)
    sale, coupon, bag = stage.cards()
    assert (sale.state.text(), sale.state.tone) == ("等人确认 3:24", "live")
    assert sale.ring.shown[0] == "—"
    assert coupon.counts.text() == "领 — / 500 · 用 —"
    assert bag.state.text() == "请去结束它 0:12"
    assert bag.stop.reason == "正在请平台结束"
    state = sample_state()
    _cue(state, "c-sale").update(status="unknown", owed={"step": "on_air", "since": state["room"]["now"]})
    stage.show_state(state, NOW + timedelta(seconds=5))
    assert stage.cards()[0].state.text() == "平台没回话，在问 0:05"


def test_oversold_is_never_hidden(stage: StagePanel) -> None:
    state = sample_state()
    _cue(state, "c-sale")["oversold"] = 2
    stage.show_state(state, NOW)
    assert stage.cards()[0].state.text() == "平台超卖了"
    assert cue_counts(_cue(state, "c-sale"))[0] == "超卖 2"


def test_the_stop_key_names_its_cue(stage: StagePanel) -> None:
    asked: list[str] = []
    stage.stop_asked.connect(asked.append)
    stage.set_stop_keys({"c-bag": "Ctrl+Shift+3"})
    stage.show_state(sample_state(), NOW)
    QTest.mouseClick(stage.cards()[2].stop, Qt.MouseButton.LeftButton)
    assert asked == ["c-bag"]


@pytest.mark.parametrize(("width", "columns"), [(900, 3), (620, 3), (420, 2), (200, 1)])
def test_columns_follow_the_width(stage: StagePanel, width: int, columns: int) -> None:
    stage._lay_out(width)
    assert stage._columns == columns


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"off_fen": 800}, "直减 8"),
        ({"threshold_fen": 19900, "off_fen": 2050}, "满 199 减 20.50"),
        ({"tiers": [{"threshold_fen": 10000, "off_fen": 500}, {"threshold_fen": 20000, "off_fen": 1500}]},
         "满 100 减 5，满 200 减 15"),
        ({"zhe": "8.5"}, "8.5 折"),
    ],
)  # fmt: skip
def test_rules_are_read_as_people_say_them(rule: dict[str, Any], words: str) -> None:
    assert rule_words(rule) == words


def test_a_kind_of_a_later_version_is_shown_neutrally() -> None:
    state = sample_state()
    odd = {"cue_id": "x", "kind": "auction", "spec": {}, "status": "on_air"}
    assert cue_title(odd, Goods(state)) == "促销"
    assert cue_counts(odd) == []


def test_outside_titles_stay_text(stage: StagePanel) -> None:
    state = sample_state()
    state["catalogue"]["products"][2]["title"] = "<h1>假</h1>\u202e价"
    stage.show_state(state, NOW)
    assert stage.product.title.text() == "<h1>假</h1>价"
