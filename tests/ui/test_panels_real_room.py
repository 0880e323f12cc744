"""The panels on what the rules themselves make: no sample can drift away from the real state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.state import State
from tests.ui.looking import look
from tests.unit.domain.desk import SALE, Desk
from ui.panels.cart import CartPanel
from ui.panels.feed import FeedPanel
from ui.panels.health import HealthPanel
from ui.panels.on_air import OnAirStrip
from ui.panels.stage import StagePanel

pytestmark = pytest.mark.usefixtures("dressed")
COUPON = {
    "name": "晚场券",
    "rule": {"threshold_fen": 9900, "off_fen": 500},
    "quantity": 5,
    "per_buyer": 1,
    "seconds": 90,
}
BAG = {
    "prize": {"name": "帽子", "value_fen": 4900},
    "winners": 1,
    "entry": {"keyword": "要"},
    "seconds": 60,
}


class Seen:
    """Every display panel, shown a room."""

    def __init__(self) -> None:
        self.strip, self.cart, self.stage = OnAirStrip(), CartPanel(), StagePanel()
        self.feed, self.health = FeedPanel(), HealthPanel()
        self._told = 0

    def panels(self) -> tuple[QWidget, ...]:
        return self.strip, self.cart, self.stage, self.feed, self.health

    def look(self, desk: Desk) -> State:
        state = desk.shown()
        for panel in (self.strip, self.cart, self.stage, self.feed, self.health):
            look(panel, state, desk.now)
        news = [
            msgspec.to_builtins(
                {"seq": e.seq, "type": e.type, "at": e.at.isoformat(), "actor": e.actor, "data": e.data}
            )
            for e in desk.log[self._told :]
        ]
        self._told = len(desk.log)
        self.feed.take(news)
        self.feed.tick(desk.now)
        for shown in self.panels():
            assert not shown.grab().isNull()
        return state


@pytest.fixture
def seen(dressed: QApplication) -> Iterator[Seen]:
    made = Seen()
    yield made
    for panel in made.panels():
        panel.deleteLater()


def _fire(desk: Desk, kind: str, spec: dict[str, Any]) -> str:
    cue_id: str = desk.ok("cue.add", {"kind": kind, "spec": spec})["cue_id"]
    desk.ok("cue.approve", {"cue_id": cue_id})
    desk.ok("cue.fire", {"cue_id": cue_id})
    desk.wait(4)
    return cue_id


def _buy(desk: Desk, order_id: str) -> None:
    buyer = {"id": f"p-{order_id}", "name": ""}
    line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 5900}
    desk.fact("order.placed", {"order_id": order_id, "buyer": buyer, "lines": [line], "total_fen": 5900})


def test_an_evening_of_the_consoles_own(seen: Seen) -> None:
    desk = Desk()
    seen.look(desk)
    assert seen.stage.product._stack.currentIndex() == 0
    desk.ok("cart.pin", {"product_id": "scarf"})
    _fire(desk, "flash_sale", SALE)
    _fire(desk, "coupon", COUPON)
    _fire(desk, "lucky_bag", BAG)
    for n in range(3):
        _buy(desk, f"o{n}")
    desk.fact("order.paid", {"order_id": "o0", "paid_fen": 5900})
    desk.fact("comment.posted", {"viewer": {"id": "p1", "name": "糖糖"}, "text": "有黑色吗"})
    seen.look(desk)
    assert seen.stage.product.number.text() == "1 号"
    assert seen.stage.product.price.text() == "¥59.00"
    assert seen.stage.product.left.shown == "2 / 5"
    assert seen.stage.product.said.text().startswith("讲解中")
    assert [card.title.text() for card in seen.stage.cards()] == [
        "秒杀 ¥59 · 1 号",
        "晚场券",
        "福袋「要」",
    ]
    assert seen.stage.cards()[0].counts.text().startswith("已售 1 · 待付款 2")
    assert seen.cart.next.face.startswith("下一品")
    assert seen.strip.pill.text().startswith("直播中")
    assert seen.strip.orders.number.text() == "3"
    said = [line.split(" ", 1)[1] for line in seen.feed.view.sentences()]
    assert said[-3:] == ["1 号 +3 单", "1 号 已付款 1 单", "糖糖 首次 有黑色吗"]
    assert any("秒杀 1 号 开始" in line for line in said)
    desk.wait(120)
    seen.look(desk)
    assert seen.stage.cards() == []


def test_next_names_what_the_rules_will_pin(seen: Seen) -> None:
    desk = Desk()
    for _ in range(3):
        seen.look(desk)
        named = seen.cart.box.product_id
        answer = desk.ask("go.next", {"expect": named} if named else {})
        pinned = getattr(answer, "result", {}).get("product_id", "")
        assert pinned == named
        if desk.room.pinned.wanted == "scarf":
            desk.ok("cart.unpin", {})


def test_by_hand_nothing_is_on_air_before_a_person_said_so(seen: Seen) -> None:
    desk = Desk("manual")
    desk.ok("cart.pin", {"product_id": "scarf"})
    _fire(desk, "flash_sale", SALE)
    state = seen.look(desk)
    assert seen.stage.product.said.text() == "等平台开始讲解"
    assert seen.stage.cards()[0].state.text()
    assert seen.stage.cards()[0].ring.shown[0] == "—"
    assert sum(cue.owed is not None for cue in state.cues) == 2
    desk.wait(200)
    seen.look(desk)
    assert seen.stage.cards()[0].state.text().startswith("等人确认")
    assert "秒杀 1 号 平台没有回话" in " ".join(seen.feed.view.sentences())
