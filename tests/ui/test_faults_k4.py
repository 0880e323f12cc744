"""K4 at the desk: unknown is a dash, what was read off has the sign of a hand, all that is owed is reachable,
and what is sold out is said so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from liveconsole.messages.state import State
from tests.ui.host_rooms import host_at
from tests.ui.looking import look
from tests.ui.rooms import Evening
from tests.unit.domain.desk import placed
from ui import i18n
from ui.panels.health import HealthPanel
from ui.panels.on_air import OnAirStrip
from ui.panels.stage import StagePanel
from ui.widgets import PlainLabel

pytestmark = pytest.mark.usefixtures("dressed")


def _manual(*, read: tuple[int, int] | None = None, ago: float = 180) -> State:
    at = Evening("manual", ago=ago, stock={"scarf": 60})
    at.confirm(at.pin("scarf"))
    for cue_id in (at.sale(), at.coupon()):
        at.fire(cue_id)
        at.confirm(cue_id)
    at.until(120)
    if read is not None:
        at.ok("cue.measure", {"cue_id": "c-sale", "sold": read[0], "left": read[1]}, "assistant")
    at.until(0)
    return at.shown()


def _shown(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget)]


def _made(qtbot: Any, panel: Any, state: State) -> Any:
    qtbot.addWidget(panel)
    panel.resize(1366, 420)
    look(panel, state)
    return panel


def test_no_screen_of_a_room_without_a_source_shows_a_nought(qtbot: Any) -> None:
    """K4.1: the strip said 成交额 ¥0 订单 0 让利 ¥0."""
    state = _manual()
    panels = [_made(qtbot, made(), state) for made in (OnAirStrip, StagePanel)]
    host = host_at(state)
    qtbot.addWidget(host)
    found = [text for panel in (*panels, host) for text in _shown(panel)]
    assert found.count("—") >= 4, "online, sum, orders, rate"
    assert [text for text in found if re.search(r"(?<![\d:.,])[¥]?0(?![\d:.,]|分|:)", text)] == []
    # The twin: with a source the same places say numbers.
    at = Evening("manual", ago=60)
    at.fact("order.placed", placed("o1", sku_id="scarf", price_fen=19_900))
    at.fact("order.closed", {"order_id": "o1", "reason": ""})
    at.until(0)
    look(panels[0], at.shown())
    assert "¥0" in _shown(panels[0])


def test_what_was_read_off_has_the_sign_of_a_hand_and_its_age(qtbot: Any) -> None:
    state = _manual(read=(27, 23))
    stage = _made(qtbot, StagePanel(), state)
    assert stage.product.left.shown == "23 / 50"
    assert stage.product.left_label.text() == "秒杀余量 · 手 2 分前"
    assert stage.product.stock.text() == "总库存 33 · 待付款 —"
    card = next(card for card in stage.cards() if card.cue_id == "c-sale")
    assert card.counts.text() == "已售 27 · 待付款 — · 没抢到 — · 手 2 分前"
    host = host_at(state)
    qtbot.addWidget(host)
    assert host.product.left_word.text() == "秒杀还剩 · 手 2 分前"


def test_sold_out_is_said_in_place_of_a_price(qtbot: Any) -> None:
    """K4.5."""
    state = _manual(read=(60, 0))
    stage = _made(qtbot, StagePanel(), state)
    assert stage.product.price_kind.text() == "已售罄"
    assert stage.product.final.text() == ""
    host = host_at(state)
    qtbot.addWidget(host)
    assert host.product.price.text() == "已售罄"
    assert host.product.before.text() == ""
    # The twin: one unit left, and the price stands.
    host = host_at(_manual(read=(49, 1)))
    qtbot.addWidget(host)
    assert host.product.price.text() == "¥99"


def _owing() -> Evening:
    """Oversold, an order off its price, a start that waits, and one that nobody answered."""
    at = Evening("manual", ago=400)
    at.fire(at.coupon())
    at.until(100)
    at.fire(at.sale())
    at.confirm("c-sale")
    at.until(60)
    at.fact("order.placed", placed("7301", "b", 60, 9900, sku_id="scarf", cue_id="c-sale"))
    at.fact("order.placed", placed("7302", "c", 1, 19_900, sku_id="scarf", cue_id="c-sale"))
    at.fire(at.bag(draw="platform"))
    at.until(0)
    return at


def test_all_that_is_owed_stands_in_one_list_each_with_its_keys(qtbot: Any) -> None:
    """K4.4: 超卖 hid 等平台 and an unknown sale."""
    at = _owing()
    state = at.shown()
    assert [alarm.code for alarm in state.alarms] == ["above_promise", "asks_more", "unknown", "owed_start"]
    strip = _made(qtbot, OnAirStrip(), state)
    assert strip.alarm.text() == "4 件要看"
    assert all(alarm.text[:20] in strip.alarm.toolTip() for alarm in state.alarms)
    health = _made(qtbot, HealthPanel(), state)
    lines = health.alarm_lines
    for line, alarm in zip(lines, state.alarms, strict=True):
        assert line.words.text().startswith(alarm.text)
    assert [[key.text() for key in line.keys] for line in lines] == [
        ["停止", "处理好了"],
        ["去做"],
        ["去做"],
        ["去做"],
    ]
    pressed: list[tuple[str, object]] = []
    led: list[str] = []
    health.act_asked.connect(lambda type_, data: pressed.append((type_, data)))
    health.phone_asked.connect(led.append)
    for line in lines:
        line.keys[-1].click()
    assert led == [alarm.cue_id for alarm in state.alarms[1:]], "each has a card in 现在要做"
    assert [type_ for type_, _ in pressed] == ["prices.settle"]
    for type_, data in [
        *pressed,
        *((alarm.acts[-1].type, alarm.acts[-1].data) for alarm in state.alarms[1:]),
    ]:
        at.ok(type_, data)
    left = {alarm.code for alarm in at.shown().alarms}
    assert left <= {"owed_end", "oversold"}, "each ends by its key; units that were sold stay sold"


def test_in_english_sentences_and_keys_are_english(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.use("en")
    try:
        health = _made(qtbot, HealthPanel(), _owing().shown())
        line = health.alarm_lines[0]
        assert line.words.text().startswith("Order 7302 came to ¥199.00, ¥100.00 more")
        assert [key.text() for key in line.keys] == ["Stop", "Seen to"]
    finally:
        i18n.use("zh")
