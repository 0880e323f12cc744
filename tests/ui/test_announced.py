"""At the desk: for whom and after which countdown, by keys alone; what counts down; the budget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.messages.budgets import BroadcastBudget
from tests.ui.fake_bus import until
from tests.ui.host_rooms import host_at, show
from tests.ui.looking import look
from tests.ui.rooms import Evening
from tests.ui.test_composer import Composing
from ui import theme
from ui.panels.composer.coupon import CouponForm
from ui.panels.queue import QueuePanel
from ui.panels.queue.row import QueueRow
from ui.panels.queue.rows import faces, recall_faces, recallable
from ui.preferences.room import _budget_with
from ui.seat.room import RoomView
from ui.widgets.facts import lay_out
from ui.words import costs as cost_words
from ui.words import cues as cue_words

pytestmark = pytest.mark.usefixtures("dressed")
GLOVES: dict[str, Any] = {"sku_id": "gloves", "price_fen": 5900, "quantity": 18, "seconds": 600}


@pytest_asyncio.fixture
async def composing(dressed: QApplication) -> AsyncIterator[Composing]:
    made = Composing()
    await made.open()
    yield made
    await made.close()


async def test_both_are_chosen_by_keys_alone(composing: Composing) -> None:
    sheet = composing.sheet
    row = sheet.announced
    row.audience.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        QTest.keyClick(row.audience, Qt.Key.Key_Down)
    QTest.keyClick(row.countdown, Qt.Key.Key_Down)
    assert (row.audience.chosen, row.countdown.chosen) == ("members", "10")
    chosen = {"audience": "members", "countdown_seconds": 10}
    asked = composing.bus.judgements
    await until(lambda: asked and chosen.items() <= asked[-1][1]["spec"].items())
    sheet.choose("pin")
    assert row.isHidden(), "nobody is kept from what is explained"
    assert "audience" not in (sheet.command() or ("", {"spec": {}}))[1]["spec"]
    sheet.choose("coupon")
    assert not row.isHidden()


async def test_a_no_stands_beside_it_and_an_edit_keeps_what_stood_there(composing: Composing) -> None:
    sheet = composing.sheet
    sheet.choose("coupon")
    form = sheet.form
    assert isinstance(form, CouponForm)
    form.threshold.setText("99")
    form.off.setText("8")
    params = {"audience": "粉丝", "audience_en": "followers"}
    composing.bus.judged = lambda _t, _d: {"ok": False, "code": "audience_unchecked", "params": params}
    sheet.announced.audience.choose("followers")
    sheet.judge_now()
    await until(lambda: sheet.announced.answered)
    assert "没有人能核对谁是粉丝" in sheet.announced.answered
    composing.bus.judged = lambda _t, _d: {"ok": True, "over_budget_fen": 12_000}
    sheet.judge_now()
    await until(sheet.add_it.isEnabled)
    assert sheet.announced.answered == ""
    assert (sheet.result.said.text(), sheet.result.said.tone) == ("会超出本场预算 ¥120", "live")
    at = Evening("manual")
    at.coupon("c-mine", audience="group", countdown_seconds=45)
    kept = RoomView(at.shown()).cues["c-mine"].terms
    assert kept is not None
    sheet.announced.fill(kept)
    assert sheet.announced.fields() == {"audience": "group", "countdown_seconds": 45}


def _counting(**more: Any) -> Evening:
    at = Evening(ago=100, recall_seconds=3)
    at.pin("scarf")
    at.sale("c-long", **GLOVES, countdown_seconds=120, **more)
    at.fire("c-long")
    return at


def test_esc_takes_back_what_was_pressed_last_and_not_what_starts_last() -> None:
    at = _counting()
    at.until(1)
    at.coupon("c-short")
    at.fire("c-short")
    room = RoomView(at.shown())
    assert [cue.cue_id for cue in recallable(room)] == ["c-short", "c-long"]
    assert [face.key for face in recall_faces(room)] == ["Esc", ""]


def test_the_card_says_for_whom_who_checks_it_and_that_it_counts_down() -> None:
    at = _counting(audience="new")
    cue = RoomView(at.shown()).cues["c-long"]
    assert cue_words.detail(cue).startswith("新人专享（按这里的订单核对） · 开始前倒数 2:00")


def test_for_whom_it_is_kept_outlasts_the_rest_of_its_terms(qtbot: QtBot) -> None:
    """A row that is too narrow for all: who may have it is not what gives way first."""
    at = Evening(ago=100, recall_seconds=3)
    at.sale("c-old", **GLOVES, audience="bought", countdown_seconds=120)
    at.approve("c-old")
    row = QueueRow(faces(RoomView(at.shown()), "host", {})[0])
    qtbot.addWidget(row)
    facts = {fact.text: fact.goes for fact in row._facts.facts()}
    terms = [fact for fact in row._facts.facts() if fact.goes > facts["老客专享"]]
    assert {"开始前倒数 2:00"} <= {fact.text for fact in terms}
    whole = QFontMetrics(theme.font("small"))
    wide = sum(whole.horizontalAdvance(fact.text) for fact in row._facts.facts())
    said = [one.text for one in lay_out(row._facts.facts(), wide * 2 // 3, whole, whole)]
    assert "老客专享" in said
    assert not {fact.text for fact in terms} <= set(said), "something had no room"
    assert "按这里的订单核对" in row._facts.toolTip()


def test_her_screen_keeps_her_words_until_the_last_seconds(qtbot: QtBot) -> None:
    at = _counting(audience="new")
    state = at.shown()
    fires = RoomView(state).cues["c-long"].fires_at
    assert fires is not None
    window = host_at(state, fires - timedelta(seconds=60))
    qtbot.addWidget(window)
    window.show()
    assert window.countdown.isHidden()
    assert "新人专享 要开始了" in [place.accessibleName() for place in window.rings.places]
    show(window, state, fires - timedelta(seconds=2))
    assert not window.countdown.isHidden()
    assert window.countdown.digit == "2"
    assert 0.6 < window.countdown.share < 0.7
    window._seat.moment = fires - timedelta(seconds=60)  # type: ignore[attr-defined]
    at.ok("cue.recall", {"cue_id": "c-long"})
    show(window, at.shown(), fires - timedelta(seconds=60))
    assert window.countdown.isHidden()


def test_a_person_is_told_to_press_at_zero() -> None:
    at = Evening("manual", ago=10)
    at.sale("c-long", **GLOVES, countdown_seconds=120)
    at.fire("c-long")
    (face,) = recall_faces(RoomView(at.shown()))
    assert face.facts[0][0] == "到 0 时在手机上按"


def test_what_would_break_the_budget_is_red_in_the_queue_and_while_it_can_be_recalled(qtbot: QtBot) -> None:
    at = Evening(ago=10, recall_seconds=3)
    at.ok("room.set", {"budget": {"fen": 10_000, "gmv_percent": 5}})
    at.sale("c-long", **GLOVES)  # 18 × 40 元
    state = at.shown()
    (face,) = faces(RoomView(state), "host", {})
    assert face.over == "会超出本场预算 ¥620"
    panel = QueuePanel("host")
    qtbot.addWidget(panel)
    look(panel, state)
    panel.resize(620, 500)
    panel.show()
    at.fire("c-long")
    (bar,) = recall_faces(RoomView(at.shown()))
    assert bar.facts[0][:2] == ("会超出本场预算 ¥620", "live")
    assert cost_words.broadcast(RoomView(state)).words == "本场已让利 ¥0 · 预算 ¥0"
    at.ok("room.set", {"budget": {"fen": 10_000}})
    assert cost_words.broadcast(RoomView(at.shown())).words == "本场已让利 ¥0 · 预算 ¥100 的 0%"


@pytest.mark.parametrize(
    ("before", "name", "value", "asked"),
    [
        (None, "fen", 1000, {"fen": 100_000}),
        (BroadcastBudget(100_000), "gmv_percent", 8, {"fen": 100_000, "gmv_percent": 8}),
        (BroadcastBudget(100_000, 8, hard=True), "fen", None, {"gmv_percent": 8}),
        (BroadcastBudget(100_000), "fen", None, None),
        (BroadcastBudget(100_000), "hard", True, {"fen": 100_000, "hard": True}),
    ],
)
def test_each_part_of_the_budget_is_set_by_itself(before: Any, name: str, value: Any, asked: Any) -> None:
    assert _budget_with(before, name, value) == asked
