"""What stands in the queue: recall bars, rows by role, results, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import GivenState, State
from tests.ui.committed import NOW
from tests.ui.looking import look
from tests.ui.rooms import Evening, empty_state, sample_state
from ui import i18n
from ui.panels.queue import QueuePanel
from ui.panels.queue.rows import Judged
from ui.seat.room import RoomView
from ui.widgets import Cost, CostMeter
from ui.widgets.cost import CostBar
from ui.words import costs as cost_words
from ui.words import cues as words

PANTS: Final[dict[str, Any]] = {"sku_id": "pants", "price_fen": 4900, "quantity": 100, "per_buyer": 2}
"""Their floor is ¥42."""


@pytest.fixture
def host(qtbot: QtBot, dressed: QApplication) -> QueuePanel:
    return _shown(qtbot, "host")


def made(qtbot: QtBot, role: str, state: State) -> QueuePanel:
    panel = _shown(qtbot, role)
    look(panel, state)
    return panel


def _shown(qtbot: QtBot, role: str) -> QueuePanel:
    panel = QueuePanel(role)
    qtbot.addWidget(panel)
    panel.destroyed.connect(lambda _gone, panel=panel: None)  # who only takes its rows keeps it too
    panel.resize(620, 500)
    panel.show()
    return panel


def waiting(*cue_ids: str, **room: Any) -> Evening:
    """Drafts of the assistant's, the pants at ¥49."""
    at = Evening(**room)
    for cue_id in cue_ids:
        at.sale(cue_id, **PANTS)
    return at


def floor_of_pants(at: Evening, floor_fen: int) -> None:
    """Somebody corrects what the pants must not go below."""
    row = {"product_id": "pants", "title": "加绒打底裤 2 条装", "price_fen": 7900, "stock": 310}
    at.ok("catalogue.put", {"products": [row | {"floor_fen": floor_fen}]})


def test_an_empty_queue_says_what_to_do(host: QueuePanel) -> None:
    look(host, empty_state())
    assert host.empty.isVisible()
    assert "加促销" in host.empty.hint.text()


def test_the_recall_bar_counts_down_in_tenths_and_never_below_zero(host: QueuePanel) -> None:
    at = waiting("a", ago=0.9, recall_seconds=3)
    at.fire("a")
    at.until(0)
    look(host, at.shown())
    bar = host.bars()[0]
    assert bar.said == "2.1 秒后发出：秒杀 加绒打底裤 2 条装 ¥49 × 100"
    host.tick(NOW + timedelta(seconds=1.24))
    assert bar.said.startswith("0.9 秒")
    host.tick(NOW + timedelta(seconds=9))
    assert bar.said.startswith("0.0 秒")


def test_escape_takes_back_the_last_one_pressed_and_only_its_bar_says_so(host: QueuePanel) -> None:
    at = waiting("early", ago=2, recall_seconds=3)
    at.sale("late")
    at.fire("early")
    at.until(0)
    at.fire("late")
    look(host, at.shown())
    assert host.to_recall() == "late"
    assert [bar._face.key for bar in host.bars()] == ["Esc", ""]
    asked: list[tuple[str, str]] = []
    host.act.connect(lambda what, cue_id: asked.append((what, cue_id)))
    host.bars()[1].key.click()
    assert asked == [("recall", "early")]


def test_a_seat_that_may_not_take_it_back_has_no_key_for_it(qtbot: QtBot, dressed: QApplication) -> None:
    at = waiting("a", recall_seconds=3)
    at.fire("a")
    panels = {role: made(qtbot, role, at.shown(role)) for role in ("host", "assistant", "viewer")}
    assert {role: panel.bars()[0].key.isHidden() for role, panel in panels.items()} == {
        "host": False,
        "assistant": False,
        "viewer": True,
    }


@pytest.mark.parametrize("role", ["host", "operator"])
def test_a_proposal_has_a_yes_and_a_no_drawn_and_fires_only_after_the_yes(qtbot: QtBot, role: str) -> None:
    at = waiting("a")
    panel = made(qtbot, role, at.shown(role))
    row = panel.rows()[0]
    assert (row.approve.face, row.reject.face) == ("通过", "退回")
    assert row.approve.isVisible()
    assert row.reject.isVisible()
    assert (row.face.key, row.fire.isVisible()) == ("", False)
    at.approve("a")
    look(panel, at.shown(role))
    assert (row.fire.face, row.fire._key, row.fire.isVisible()) == ("开抢", "Ctrl+1", True)
    assert not row.approve.isVisible()
    assert not row.reject.isVisible()


def test_what_is_ready_stands_before_what_is_asked_and_each_moves_among_its_own(host: QueuePanel) -> None:
    at = waiting("asked", "ready", "later", "last")
    at.approve("ready", "last")
    look(host, at.shown())
    assert [row.face.cue_id for row in host.rows()] == ["ready", "last", "asked", "later"]
    assert host.neighbours("last") == ("ready", None)
    assert host.neighbours("asked") == (None, None)
    assert host.neighbours("later") == ("asked", None)


def test_the_number_of_a_row_is_the_engines(host: QueuePanel) -> None:
    at = waiting("a", "b")
    at.approve("a", "b")
    # The engine numbers in the order of the queue; a room in which the first has left keeps the second's.
    cues = [msgspec.structs.replace(cue, slot={"a": 1, "b": 3}[cue.cue_id]) for cue in at.shown().cues]
    look(host, msgspec.structs.replace(at.shown(), cues=cues))
    assert [row.face.key for row in host.rows()] == ["Ctrl+1", "Ctrl+3"]


def test_an_assistant_sees_that_it_waits_and_for_how_long(qtbot: QtBot) -> None:
    at = waiting("a", ago=133, proposal_seconds=None)
    at.until(0)
    panel = made(qtbot, "assistant", at.shown("assistant"))
    row = panel.rows()[0]
    assert (row.face.note, row.face.fire, row.face.approve) == ("等审核", "", False)
    assert row._asked.text() == "助理提交 · 等了 2:13"
    panel.tick(NOW + timedelta(seconds=7))
    assert row._asked.text() == "助理提交 · 等了 2:20"
    assert panel._from.text() == "1 条等审核"


def test_four_eyes_take_the_hosts_own_proposal_to_somebody_else(qtbot: QtBot) -> None:
    at = Evening(four_eyes=True)
    at.add("a", "flash_sale", {**PANTS, "seconds": 300}, by="host")
    face = made(qtbot, "host", at.shown("host")).rows()[0].face
    assert (face.fire, face.may_approve, face.note) == ("", False, "要另一个人审核")
    other = made(qtbot, "operator", at.shown("operator")).rows()[0].face
    assert (other.approve, other.note) == (True, "")


def gives(given: int | None, held: int | None, most: int) -> GivenState:
    return GivenState(given, held, most)


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("zh")


def below(role: str) -> State:
    """The pants at ¥49, ¥48 with the shop's own coupon, were taken back before their floor was put right."""
    at = recalled(shop_coupons=[{"rule": {"off_fen": 100}}])
    floor_of_pants(at, 5100)
    return at.shown(role)


@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
def test_the_state_says_the_lowest_price_and_what_makes_it(
    qtbot: QtBot, dressed: QApplication, role: str
) -> None:
    row = made(qtbot, role, below(role)).rows()[0]
    assert (row.face.lowest_fen, row.face.most_fen) == (4800, 300_000)
    assert row.facts == f"▲ {row.said}", "what keeps its key from being one takes the place of its terms"
    if role == "assistant":  # it has no key to fire, so nothing else says it
        assert row.said == "最低到手 ¥48.00，低于底价 ¥51.00：秒杀 49.00 + 店铺已有 直减 1.00"
    else:
        assert row.said == "最低到手 48.00 元，低于底价 51.00 元（秒杀 49.00 + 店铺已有 直减 1.00）"
        assert not row.fire.isEnabled()


def test_the_combination_is_told_in_the_chosen_language(
    qtbot: QtBot, dressed: QApplication, english: None
) -> None:
    row = made(qtbot, "assistant", below("assistant")).rows()[0]
    assert row.said.endswith(": flash sale 49.00 + coupon 1.00 off, live in the shop")
    assert "秒杀" not in row.said


def test_every_kind_of_fire_key_has_its_price_and_its_cost_beside_it(host: QueuePanel) -> None:
    """开抢, 发券, 发福袋: a coupon names whose price it is, a bag says that it changes none."""
    at = waiting("s")
    at.coupon("c", name="券", rule={"off_fen": 800}, quantity=5, scope={"product_ids": ["gloves"]})
    at.bag("b")
    at.approve("s", "c", "b")
    look(host, at.shown())
    sale, ticket, gift = host.rows()
    assert [row.fire.face for row in host.rows()] == ["开抢", "发券", "发福袋"]
    assert "最低到手 ¥49，底价 ¥42" in sale.facts
    assert "4 号 最低到手 ¥91，底价 ¥50" in ticket.facts
    assert "不改价 · 奖品最多值 ¥207" in gift.facts


def test_the_meter_shows_what_this_one_would_add_to_what_was_given(host: QueuePanel) -> None:
    at = waiting("a", ago=60)
    at.approve("a")
    at.sale(quantity=10)
    at.fire("c-sale")
    for n in range(10):
        at.buys(f"o{n}", "scarf", 9900, paid=n < 8)
    look(host, at.shown())
    assert host.total.said == "本场已让利 ¥800 · 在跑的最多 ¥1,000 · 能发的 1 条最多再让 ¥3,000"
    assert "待付款里还有 ¥200.00" in host.total.given.toolTip()
    assert host.total.bar.shares == (0.2, 0.8), "¥800 of ¥4,000, all the rest may follow"
    at.ok("cue.stop", {"cue_id": "c-sale"})
    at.ok("broadcast.close", {})
    look(host, at.shown())
    assert host.total.given.text() == ""


def test_where_nobody_reports_orders_what_was_given_is_not_zero(host: QueuePanel) -> None:
    at = waiting("a", platform="manual")
    look(host, at.shown())
    assert host.total.given.text() == "本场让利平台没有报"
    assert "已让利" not in host.total.given.toolTip()


@pytest.mark.parametrize(
    ("discount", "words", "shares"),
    [
        (gives(12_000, 3000, 60_000), "已让利 ¥120 / ¥600", (0.2, 0.05)),
        (gives(70_000, 0, 60_000), "已让利 ¥700 / ¥600", (1.0, 0.0)),
        (gives(None, None, 60_000), "让利多少平台没有报 · 最多 ¥600", (0.0, 0.0)),
    ],
)
def test_what_a_running_one_gave_against_the_most_it_can_come_to(
    qtbot: QtBot, dressed: QApplication, discount: GivenState, words: str, shares: tuple[float, float]
) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    meter = CostMeter(place)
    [running] = waiting("a").shown().cues
    # Figures alone: which of them come together is the rules' matter, and theirs are tried in the domain.
    meter.show_cost(cost_words.running(msgspec.structs.replace(running, discount=discount)))
    assert (meter.words, meter.bar.shares) == (words, shares)
    meter.show_cost(cost_words.running(msgspec.structs.replace(running, discount=None)))
    assert meter.isHidden()


def test_spent_and_possible_are_told_apart_without_colour(qtbot: QtBot, dressed: QApplication) -> None:
    """Solid against hatched: along the middle line a solid part is one colour, a hatched one is not."""
    bar = CostBar()
    qtbot.addWidget(bar)
    bar.resize(80, 12)
    bar.show_cost(Cost(50, 50, 100, "x"))
    seen = bar.grab().toImage()
    half, line = seen.width() // 2, seen.height() // 2
    solid = {seen.pixelColor(x, line).name() for x in range(4, half - 4)}
    hatched = {seen.pixelColor(x, line).name() for x in range(half + 4, seen.width() - 4)}
    assert (len(solid), len(hatched) > 1) == (1, True)


def missed() -> Evening:
    at = Evening(ago=300)
    at.sale("a", at=(NOW - timedelta(seconds=200)).isoformat(), **PANTS)
    at.approve("a")
    at.sleep(300)
    return at


def recalled(**room: Any) -> Evening:
    at = waiting("a", recall_seconds=3, **room)
    at.fire("a")
    at.ok("cue.recall", {"cue_id": "a"})
    return at


def refused() -> Evening:
    at = waiting("a", platform="manual")
    at.fire("a")
    at.confirm("a", done=False)
    return at


@pytest.mark.parametrize(
    ("room", "note"),
    [
        (missed, "错过了时间：过了时间 30 秒以上"),
        (recalled, "已撤回"),
        (refused, "没成功：人工确认没有成功"),
    ],
)
def test_what_did_not_go_can_be_fired_again_and_says_why(qtbot: QtBot, room: Any, note: str) -> None:
    face = made(qtbot, "host", room().shown()).rows()[0].face
    assert (face.fire, face.note, face.blocked) == ("开抢", note, "")


def test_a_row_that_must_not_fire_says_why_and_its_button_is_none(host: QueuePanel) -> None:
    at = recalled()
    floor_of_pants(at, 5100)
    look(host, at.shown())
    fired: list[str] = []
    host.act.connect(lambda what, _cue_id: fired.append(what))
    row = host.rows()[0]
    assert row.fire.face == "低于底价"
    assert "低于底价 51.00" in row.said
    row.fire.click()
    assert fired == []
    floor_of_pants(at, 4200)
    look(host, at.shown())
    assert (row.said, row.fire.face) == ("", "开抢")
    assert row.facts == "每人 2 件 · 5 分钟 · 最低到手 ¥49，底价 ¥42 · 最多让利 ¥3,000"
    assert "能发的 1 条最多再让 ¥3,000" in host.total.said
    row.fire.click()
    assert fired == ["fire"]


def test_an_approval_that_the_rules_would_not_take_says_why(qtbot: QtBot, dressed: QApplication) -> None:
    at = waiting("a")
    floor_of_pants(at, 5100)
    panel = made(qtbot, "operator", at.shown("operator"))
    row = panel.rows()[0]
    assert row.approve.isVisible()
    assert not row.approve.isEnabled()
    assert "低于底价 51.00" in row.said
    floor_of_pants(at, 4200)
    look(panel, at.shown("operator"))
    assert (row.approve.isEnabled(), row.said) == (True, "")


def test_prices_that_were_asked_for_apart_stand_in_place_of_the_states(host: QueuePanel) -> None:
    at = waiting("a")
    at.approve("a")
    look(host, at.shown())
    host.show_judged({"a": Judged(lowest_fen=5000, floor_fen=4200, exposure_fen=400_000)}, NOW)
    assert "最低到手 ¥50，底价 ¥42 · 最多让利 ¥4,000" in host.rows()[0].facts
    assert "能发的 1 条最多再让 ¥4,000" in host.total.said


def test_before_the_broadcast_opens_a_proposal_is_agreed_to_and_nothing_fires(
    qtbot: QtBot, dressed: QApplication
) -> None:
    at = waiting("a", open_=False)
    for role in ("host", "operator"):
        row = made(qtbot, role, at.shown(role)).rows()[0]
        assert (row.face.approve, row.face.fire, row.approve.isEnabled()) == (True, "", True)
    at.approve("a")
    assert made(qtbot, "host", at.shown()).rows()[0].fire.reason == "还没有开播"


def test_a_row_stays_the_same_widget_while_others_come_and_go(host: QueuePanel) -> None:
    at = waiting("a", "b")
    look(host, at.shown())
    second = host.row("b")
    at.ok("cue.remove", {"cue_id": "a"})
    at.sale("c", **PANTS)
    look(host, at.shown())
    assert host.row("b") is second
    assert [row.face.cue_id for row in host.rows()] == ["b", "c"]


def test_neighbours_say_where_up_and_down_lead(host: QueuePanel) -> None:
    look(host, waiting("a", "b", "c").shown())
    assert host.neighbours("a") == (None, "c")
    assert host.neighbours("b") == ("a", None)
    assert host.neighbours("c") == ("b", None)


def test_a_planned_start_counts_down(host: QueuePanel) -> None:
    at = Evening()
    at.sale("a", at=(NOW + timedelta(minutes=5)).isoformat(), **PANTS)
    at.approve("a")
    look(host, at.shown())
    assert "还有 5:00" in host.rows()[0]._note.text()


def test_results_collapse_into_lines_newest_first(host: QueuePanel) -> None:
    at = Evening(ago=60)
    at.sale("old", **PANTS | {"quantity": 18})
    at.fire("old")
    for n in range(18):
        at.buys(f"o{n}", "pants", 4900)
    at.until(30)
    at.sale("new", **PANTS | {"quantity": 2})
    at.fire("new")
    at.buys("p0", "pants", 4900)
    at.buys("p1", "pants", 4900, quantity=2)
    look(host, at.shown())
    assert [line.said for line in host._ended.values()] == [
        "秒杀 加绒打底裤 2 条装 ¥49 × 2 售 2 · 超卖 1 · 手动停止：超卖",
        "秒杀 加绒打底裤 2 条装 ¥49 × 18 售 18 · 抢完",
    ]


def test_a_drawn_bag_has_a_key_to_its_winners(host: QueuePanel) -> None:
    at = Evening(ago=61)
    at.bag("bag", entry={}, winners=1, seconds=60)
    at.fire("bag")
    at.says("来了", *"糖云强晚鹿南茶北王")
    at.until(0)
    look(host, at.shown())
    asked: list[tuple[str, str]] = []
    host.act.connect(lambda what, cue_id: asked.append((what, cue_id)))
    line = host._ended["bag"]
    receipt = next(cue.draw for cue in at.shown().cues if cue.cue_id == "bag")
    assert receipt is not None
    assert f"9 人参与 · 1 人中奖 · 收据 {receipt.receipt_code} · 已开奖" in line.said
    line.winners.click()
    assert asked == [("winners", "bag")]


def test_a_refusal_stands_beside_what_caused_it(host: QueuePanel) -> None:
    look(host, waiting("a", "b").shown())
    assert host.say("b", "内容已经变了")
    assert [row.said for row in host.rows()] == ["", "内容已经变了"]
    assert not host.say("gone", "x")


def test_hostile_titles_are_letters(host: QueuePanel) -> None:
    at = waiting("a")
    title = "<b>粗</b>\u202e<img src=x>"
    at.ok(
        "catalogue.put",
        {"products": [{"product_id": "pants", "title": title, "price_fen": 7900, "stock": 310}]},
    )
    look(host, at.shown())
    row = host.rows()[0]
    assert "<b>粗</b><img src=x>" in row._title.text()
    assert "\u202e" not in row._title.text()
    assert row._title.textFormat() == Qt.TextFormat.PlainText


# Words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "spec", "title", "detail"),
    [
        ("flash_sale", {**PANTS, "seconds": 300}, "秒杀 加绒打底裤 2 条装 ¥49 × 100", "每人 2 件 · 5 分钟"),
        (
            "coupon",
            {"name": "满 199 减 20", "rule": {"threshold_fen": 19900, "off_fen": 2000}, "quantity": 300,
             "per_buyer": 1, "seconds": 600},
            "优惠券 满 199 减 20",
            "全场 · 300 张 · 每人 1 张 · 10 分钟内领",
        ),
        (
            "lucky_bag",
            {"prize": {"name": "围巾", "value_fen": 19900}, "winners": 3, "entry": {"keyword": "开心"},
             "seconds": 90, "claim": {"followed": True}},
            "福袋 口令“开心”",
            "围巾 × 3 (¥199) · 1 分 30 秒 · 关注后领 · 本机开奖",
        ),
        ("pin", {"product_id": "scarf"}, "讲解 3 号 100% 山羊绒围巾 驼色 200×70", ""),
    ],
)  # fmt: skip
def test_a_promotion_in_words(kind: str, spec: dict[str, Any], title: str, detail: str) -> None:
    at = Evening()
    at.add("x", kind, spec)
    room = RoomView(at.shown())
    shown = room.cues["x"]
    assert (words.title(shown, room), words.detail(shown)) == (title, detail)


def test_the_rich_evening_fits(host: QueuePanel) -> None:
    look(host, sample_state())
    assert [row.face.title for row in host.rows()] == ["优惠券 手套立减 8 元"]
    assert [bar.said for bar in host.bars()] == ["2.1 秒后发出：秒杀 羊毛手套 男女同款 ¥59 × 18"]
