"""What stands in the queue: recall bars, rows by role, cards of 人工协助, results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.committed import NOW, wire
from tests.ui.sample_state import empty_state, manual_state, sample_state
from ui import comfort, i18n
from ui.panels.manual import ConfirmCard
from ui.panels.manual.panel import RING_EVERY, ManualPanel
from ui.panels.queue import QueuePanel, rows
from ui.panels.queue.rows import Judged
from ui.seat.room import RoomView
from ui.widgets import Cost, CostMeter
from ui.widgets.cost import CostBar
from ui.words import costs as cost_words
from ui.words import cues as words

SALE = {"sku_id": "pants", "price_fen": 3900, "quantity": 100, "per_buyer": 2, "seconds": 300}


def cue(cue_id: str, status: str = "queued", kind: str = "flash_sale", **more: Any) -> dict[str, Any]:
    made = {
        "cue_id": cue_id,
        "kind": kind,
        "spec": dict(SALE),
        "status": status,
        "proposed_by": "assistant",
        "approved_by": None,
        "reason": "",
        "at": wire(NOW - timedelta(seconds=133)),
    }
    return made | more


def state_with(*cues: dict[str, Any], **room: Any) -> dict[str, Any]:
    state = empty_state() | {"cues": list(cues)}
    full = sample_state()
    state["catalogue"], state["cart"] = full["catalogue"], full["cart"]
    state["broadcast"]["status"] = "open"
    state["room"] |= room
    return state


@pytest.fixture
def host(qtbot: QtBot, dressed: QApplication) -> QueuePanel:
    panel = QueuePanel("host")
    qtbot.addWidget(panel)
    panel.resize(620, 500)
    panel.show()
    return panel


def made(qtbot: QtBot, role: str, state: dict[str, Any]) -> QueuePanel:
    panel = QueuePanel(role)
    qtbot.addWidget(panel)
    panel.resize(620, 500)
    panel.show()
    panel.show_state(state, NOW)
    return panel


def test_an_empty_queue_says_what_to_do(host: QueuePanel) -> None:
    host.show_state(empty_state(), NOW)
    assert host.empty.isVisible()
    assert "加促销" in host.empty.hint.text()


def test_the_recall_bar_counts_down_in_tenths_and_never_below_zero(host: QueuePanel) -> None:
    state = state_with(cue("a", "recallable", fires_at=wire(NOW + timedelta(seconds=2.1))))
    host.show_state(state, NOW)
    bar = host.bars()[0]
    assert bar.said == "2.1 秒后发出：秒杀 加绒打底裤 2 条装 ¥39 × 100"
    host.tick(NOW + timedelta(seconds=1.24))
    assert bar.said.startswith("0.9 秒")
    host.tick(NOW + timedelta(seconds=9))
    assert bar.said.startswith("0.0 秒")


def test_escape_takes_back_the_last_one_pressed_and_only_its_bar_says_so(host: QueuePanel) -> None:
    early = cue("early", "recallable", fires_at=wire(NOW + timedelta(seconds=1)))
    late = cue("late", "recallable", fires_at=wire(NOW + timedelta(seconds=3)))
    host.show_state(state_with(early, late), NOW)
    assert host.to_recall() == "late"
    assert [bar._face.key for bar in host.bars()] == ["Esc", ""]
    asked: list[tuple[str, str]] = []
    host.act.connect(lambda what, cue_id: asked.append((what, cue_id)))
    host.bars()[1].key.click()
    assert asked == [("recall", "early")]


def test_the_host_fires_a_proposal_at_once_and_the_operator_approves_first(qtbot: QtBot) -> None:
    state = state_with(cue("a"))
    for_host, for_operator = made(qtbot, "host", state), made(qtbot, "operator", state)
    host_row, operator_row = for_host.rows()[0], for_operator.rows()[0]
    assert (host_row.fire.face, host_row.face.key) == ("开抢", "Ctrl+1")
    assert host_row.fire.isVisible()
    assert not operator_row.fire.isVisible()
    assert operator_row.approve.isVisible()
    assert operator_row.face.key == ""
    approved = state_with(cue("a", "approved"))
    for_operator.show_state(approved, NOW)
    assert operator_row.fire.isVisible()


def test_an_assistant_sees_that_it_waits_and_for_how_long(qtbot: QtBot) -> None:
    panel = made(qtbot, "assistant", state_with(cue("a")))
    row = panel.rows()[0]
    assert (row.face.note, row.face.fire, row.face.approve) == ("等审核", "", False)
    assert row._asked.text() == "助理提交 · 等了 2:13"
    panel.tick(NOW + timedelta(seconds=7))
    assert row._asked.text() == "助理提交 · 等了 2:20"
    assert panel._from.text() == "1 条等审核"


def test_four_eyes_take_the_hosts_own_proposal_to_somebody_else(qtbot: QtBot) -> None:
    panel = made(qtbot, "host", state_with(cue("a", proposed_by="host"), four_eyes=True))
    face = panel.rows()[0].face
    assert (face.fire, face.may_approve, face.note) == ("", False, "要另一个人审核")


BELOW = {
    "sku_id": "pants", "fen": 3100, "floor_fen": 4200, "label": "按已知优惠最低到手",
    "combination": "秒杀 39.00 + 满减 8.00", "combination_en": "flash sale 39.00 + coupon 8.00 off",
}  # fmt: skip


def gives(given: int | None, held: int | None, most: int) -> dict[str, int | None]:
    return {"given_fen": given, "held_fen": held, "most_fen": most}


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("zh")


@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
def test_before_the_rules_answer_the_state_says_the_lowest_price_and_what_makes_it(
    qtbot: QtBot, dressed: QApplication, role: str
) -> None:
    below = cue("a", "approved", lowest_fen=3100, lowest=BELOW, discount=gives(0, 0, 400_000))
    row = made(qtbot, role, state_with(below)).rows()[0]
    assert (row._lowest.text(), row._lowest.tone) == ("最低到手 ¥31.00，低于底价", "live")
    assert row.said == "最低到手 ¥31.00，低于底价 ¥42.00：秒杀 39.00 + 满减 8.00"
    assert row._cost.words == "最多让利 ¥4,000"


def test_the_combination_is_told_in_the_chosen_language(
    qtbot: QtBot, dressed: QApplication, english: None
) -> None:
    below = cue("a", "approved", lowest_fen=3100, lowest=BELOW)
    row = made(qtbot, "host", state_with(below)).rows()[0]
    assert row.said.endswith(": flash sale 39.00 + coupon 8.00 off")
    assert "秒杀" not in row.said


def test_every_kind_of_fire_key_has_its_price_and_its_cost_beside_it(host: QueuePanel) -> None:
    """开抢, 发券, 发福袋: a coupon names whose price it is, a bag says that it changes none."""
    coupon = {"name": "券", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}
    bag = {"prize": {"name": "帽", "value_fen": 6900}, "winners": 3, "entry": {}, "seconds": 60}
    low = BELOW | {"sku_id": "gloves", "fen": 8100, "floor_fen": None}
    state = state_with(
        cue("s", "approved", lowest_fen=3900, lowest=BELOW | {"fen": 3900, "floor_fen": None}),
        cue("c", "approved", "coupon", spec=coupon, lowest_fen=8100, lowest=low, discount=gives(0, 0, 4000)),
        cue("b", "approved", "lucky_bag", spec=bag, discount=gives(0, 0, 20_700)),
    )
    host.show_state(state, NOW)
    sale, ticket, gift = host.rows()
    assert [row.fire.face for row in host.rows()] == ["开抢", "发券", "发福袋"]
    assert sale._lowest.text() == "最低到手 ¥39.00"
    assert ticket._lowest.text() == "4 号 最低到手 ¥81.00"
    assert (gift._lowest.text(), gift._cost.words) == ("不改价", "奖品最多值 ¥207")
    assert all(row._lowest.isVisible() for row in host.rows())


def test_the_meter_shows_what_this_one_would_add_to_what_was_given(host: QueuePanel) -> None:
    state = state_with(cue("a", "approved", discount=gives(0, 0, 300_000)))
    state["discount"] = gives(80_000, 20_000, 100_000)
    host.show_state(state, NOW)
    assert host.given.words == "本场已让利 ¥800"
    assert "待付款里还有 ¥200.00" in host.given.label.toolTip()
    meter = host.rows()[0]._cost
    assert meter.bar.shares == (0.25, 0.75)
    assert meter.bar.accessibleDescription() == meter.words == "最多让利 ¥3,000"
    state["broadcast"]["status"] = "closed"
    host.show_state(state, NOW)
    assert host.given.isHidden()


@pytest.mark.parametrize(
    ("discount", "words", "shares"),
    [
        (gives(12_000, 3000, 60_000), "已让利 ¥120 / ¥600", (0.2, 0.05)),
        (gives(70_000, 0, 60_000), "已让利 ¥700 / ¥600", (1.0, 0.0)),
        (gives(None, None, 60_000), "让利多少平台没有报 · 最多 ¥600", (0.0, 0.0)),
    ],
)
def test_what_a_running_one_gave_against_the_most_it_can_come_to(
    qtbot: QtBot,
    dressed: QApplication,
    discount: dict[str, int | None],
    words: str,
    shares: tuple[float, float],
) -> None:
    meter = CostMeter()
    qtbot.addWidget(meter)
    meter.show_cost(cost_words.running(cue("a", "on_air", discount=discount)))
    assert (meter.words, meter.bar.shares) == (words, shares)
    meter.show_cost(cost_words.running(cue("a", "on_air")))
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


@pytest.mark.parametrize("status", ["missed", "recalled", "refused"])
def test_what_did_not_go_can_be_fired_again_and_says_why(qtbot: QtBot, status: str) -> None:
    panel = made(qtbot, "host", state_with(cue("a", status, reason="手机没电")))
    face = panel.rows()[0].face
    assert face.fire == "开抢"
    assert "手机没电" in face.note


def test_a_row_that_must_not_fire_says_why_and_its_button_is_none(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a")), NOW)
    fired: list[str] = []
    host.act.connect(lambda what, _cue_id: fired.append(what))
    params = {"final": "31.00", "floor": "42.00", "combination": "秒杀 39"}
    host.show_judged({"a": Judged("below_price_floor", params, "", 3100, 4200, 100)}, NOW)
    row = host.rows()[0]
    assert row.fire.face == "不能发"
    assert "低于底价 42.00" in row.said
    row.fire.click()
    assert fired == []
    host.show_judged({"a": Judged(lowest_fen=5000, floor_fen=4200, exposure_fen=400_000)}, NOW)
    assert (row.said, row.fire.face, row._lowest.text()) == ("", "开抢", "最低到手 ¥50.00")
    assert host.note.text() == "待上最多 ¥4,000"
    assert row._cost.words == "最多让利 ¥4,000"
    row.fire.click()
    assert fired == ["fire"]


def test_before_the_broadcast_opens_nothing_can_be_fired(host: QueuePanel) -> None:
    state = state_with(cue("a"))
    state["broadcast"]["status"] = "none"
    host.show_state(state, NOW)
    assert host.rows()[0].fire.reason == "还没有开播"


def test_a_row_stays_the_same_widget_while_others_come_and_go(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a"), cue("b")), NOW)
    second = host.row("b")
    host.show_state(state_with(cue("b"), cue("c")), NOW)
    assert host.row("b") is second
    assert [row.face.cue_id for row in host.rows()] == ["b", "c"]
    assert [row.face.key for row in host.rows()] == ["Ctrl+2", "Ctrl+1"]


def test_a_running_cue_keeps_its_number_and_a_pin_takes_none(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a"), cue("b")), NOW)
    pin = cue("p", "on_air", "pin", spec={"product_id": "scarf"})
    host.show_state(state_with(cue("b"), cue("a", "on_air"), pin), NOW)
    assert (host.slots.of("a"), host.slots.of("b"), host.slots.of("p")) == (1, 2, None)


def test_neighbours_say_where_up_and_down_lead(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a"), cue("b"), cue("c")), NOW)
    assert host.neighbours("a") == (None, "c")
    assert host.neighbours("b") == ("a", None)
    assert host.neighbours("c") == ("b", None)


def test_a_planned_start_counts_down(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a", "standby", fires_at=wire(NOW + timedelta(minutes=5)))), NOW)
    assert "还有 5:00" in host.rows()[0]._note.text()


def test_results_collapse_into_lines_newest_first(host: QueuePanel) -> None:
    old = cue("old", "ended", sold=18, held=0, ended_because="sold_out", ended_at=wire(NOW - timedelta(9)))
    new = cue("new", "ended", sold=3, oversold=1, ended_because="stopped", ended_at=wire(NOW))
    host.show_state(state_with(old, new), NOW)
    assert [line.said for line in host._ended.values()] == [
        "秒杀 加绒打底裤 2 条装 ¥39 × 100 售 3 · 超卖 1 · 手动停止",
        "秒杀 加绒打底裤 2 条装 ¥39 × 100 售 18 · 抢完",
    ]


def test_a_drawn_bag_has_a_key_to_its_winners(host: QueuePanel) -> None:
    spec = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    bag = cue("bag", "ended", "lucky_bag", spec=spec, winners=[{"viewer_id": "v", "name": "糖"}])
    host.show_state(state_with(bag | {"ended_because": "drawn", "entrants": 9}), NOW)
    asked: list[tuple[str, str]] = []
    host.act.connect(lambda what, cue_id: asked.append((what, cue_id)))
    line = host._ended["bag"]
    assert "9 人参与 · 1 人中奖 · 已开奖" in line.said
    line.winners.click()
    assert asked == [("winners", "bag")]


def test_a_refusal_stands_beside_what_caused_it(host: QueuePanel) -> None:
    host.show_state(state_with(cue("a"), cue("b")), NOW)
    assert host.say("b", "内容已经变了")
    assert [row.said for row in host.rows()] == ["", "内容已经变了"]
    assert not host.say("gone", "x")


def test_hostile_titles_are_letters(host: QueuePanel) -> None:
    state = state_with(cue("a"))
    for product in state["catalogue"]["products"]:
        product["title"] = "<b>粗</b>\u202e<img src=x>"
    host.show_state(state, NOW)
    row = host.rows()[0]
    assert "<b>粗</b><img src=x>" in row._title.text()
    assert "\u202e" not in row._title.text()
    assert row._title.textFormat() == Qt.TextFormat.PlainText


# 人工协助 -------------------------------------------------------------------------------------------


def test_each_owed_step_has_a_card_that_says_what_to_press(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", manual_state())
    cards = panel.manual.cards()
    assert [card.face.step for card in cards] == ["on_air", "on_air", "ended"]
    assert "4 号" in cards[0].face.words
    assert cards[0].done.focusPolicy() == Qt.FocusPolicy.NoFocus
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    cards[0].done.click()
    cards[1].failed.click()
    assert said == [("c-pin", "on_air", True, None), ("c-sale", "on_air", False, None)]
    assert cards[2].failed.isHidden()


def confirming(qtbot: QtBot) -> tuple[ConfirmCard, list[tuple[object, ...]]]:
    """The card of a sale of five minutes that is confirmed late, and what it answers."""
    panel = made(qtbot, "assistant", manual_state())
    card = panel.manual.cards()[1]
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    return card, said


def test_what_the_phone_still_shows_goes_along_with_a_late_yes(qtbot: QtBot, dressed: QApplication) -> None:
    card, said = confirming(qtbot)
    assert card.remaining.text() == ""
    qtbot.keyClicks(card.remaining, "4m12")
    qtbot.keyClick(card.remaining, Qt.Key.Key_Return)
    assert said == [("c-sale", "on_air", True, 252)]


def test_no_span_is_not_sent_and_a_longer_one_is_asked_about(qtbot: QtBot, dressed: QApplication) -> None:
    card, said = confirming(qtbot)
    qtbot.keyClicks(card.remaining, "<b>4")
    card.done.click()
    assert (said, "4:12" in card._said.text()) == ([], True)
    card.remaining.clear()
    qtbot.keyClicks(card.remaining, "412:00")
    card.done.click()
    assert (said, "再按一次" in card._said.text()) == ([], True)
    card.done.click()
    assert said == [("c-sale", "on_air", True, 24_720)]


def test_a_card_is_answered_by_keys_and_only_ends_have_no_no(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", manual_state())
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    pin, sale, end = panel.manual.cards()
    assert [card._late.isHidden() for card in (pin, sale, end)] == [True, False, True]
    panel.activateWindow()
    for card, key in ((pin, Qt.Key.Key_Y), (sale, Qt.Key.Key_N), (end, Qt.Key.Key_N), (end, Qt.Key.Key_Y)):
        card.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(card.hasFocus)
        qtbot.keyClick(card, Qt.Key.Key_Space)
        qtbot.keyClick(card, Qt.Key.Key_Return)
        qtbot.keyClick(card, key)
    assert said == [
        ("c-pin", "on_air", True, None),
        ("c-sale", "on_air", False, None),
        ("c-bag", "ended", True, None),
    ]


def test_what_is_loud_uses_the_sounds_of_the_desk(
    qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[str] = []
    monkeypatch.setattr(comfort.current().sounds, "play", played.append)
    panel = ManualPanel()
    qtbot.addWidget(panel)
    room = RoomView(manual_state())
    panel.show_cues(rows.confirmable(room), room, NOW)
    assert played == ["alert"]


def test_on_another_platform_only_silence_asks_a_person() -> None:
    state = manual_state()
    state["room"]["platform"] = "rehearsal"
    room = RoomView(state)
    assert [c["cue_id"] for c in rows.confirmable(room)] == ["c-pin", "c-sale"]


def test_what_is_loud_rings_until_it_is_answered(qtbot: QtBot, dressed: QApplication) -> None:
    rings: list[str] = []
    panel = ManualPanel(ring=lambda: rings.append("ring"))
    qtbot.addWidget(panel)
    room = RoomView(manual_state())
    quiet = [dict(room.cues["c-sale"], status="firing")]
    panel.show_cues(quiet, room, NOW)
    assert rings == []
    loud = rows.confirmable(room)
    panel.show_cues(loud, room, NOW)
    panel.tick(NOW + timedelta(seconds=1))
    assert len(rings) == 1
    panel.tick(NOW + RING_EVERY)
    assert len(rings) == 2
    panel.show_cues([], room, NOW + RING_EVERY)
    panel.tick(NOW + 3 * RING_EVERY)
    assert len(rings) == 2
    assert panel.cards() == []


def test_what_nobody_reports_can_be_typed_in(qtbot: QtBot, dressed: QApplication) -> None:
    sale = cue("a", "on_air", left=None, sold=None)
    bag = cue("b", "on_air", "lucky_bag", spec={"prize": {"name": "帽"}, "winners": 1, "entry": {}})
    state = state_with(sale, bag, platform="manual")
    panel = made(qtbot, "assistant", state)
    asked: list[tuple[str, str]] = []
    panel.act.connect(lambda what, cue_id: asked.append((what, cue_id)))
    [line] = panel.manual._lines.values()
    assert "没有来源报数" in line._words.text()
    line.type_in.click()
    assert asked == [("measure", "a")]
    panel.show_state(state_with(sale | {"left": 3, "measured_age": 65.0}, platform="manual"), NOW)
    assert "65 秒前填的数" in line._words.text()
    panel.show_state(state_with(sale | {"left": 3}, platform="manual"), NOW)
    assert not panel.manual.isVisible()


def test_a_platform_that_sold_more_asks_before_it_stops(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "host", state_with(cue("a", "on_air", asks_more=True, left=0), platform="manual"))
    said: list[tuple[str, bool]] = []
    panel.more_answered.connect(lambda cue_id, added: said.append((cue_id, added)))
    [card] = panel.manual._more.values()
    card.added.click()
    card.stop.click()
    assert said == [("a", True), ("a", False)]


# Words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "spec", "title", "detail"),
    [
        ("flash_sale", SALE, "秒杀 加绒打底裤 2 条装 ¥39 × 100", "每人 2 件 · 5 分钟"),
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
    room = RoomView(sample_state())
    shown = cue("x", kind=kind, spec=spec)
    assert (words.title(shown, room), words.detail(shown, room)) == (title, detail)
