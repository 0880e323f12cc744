"""The desk on its second evening and after a month of them: every press goes through the rules themselves."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.domain.context import Decision
from tests.ui.committed import NOW, wire
from tests.ui.evening import Evening
from tests.ui.fake_bus import FakeBus, Json, until
from tests.ui.test_desk import AtDesk, desks
from ui.seat.room import EVERYTHING, RoomView
from ui.windows import commands
from ui.words.winners import moment_of

DAY = timedelta(days=1).total_seconds()
GOODS = ["coat", "silk", "scarf", "gloves", "thermal", "beret", "pants"]
"""What is on the shelf, in the order of the cart."""


class RulesBus(FakeBus):
    """A bus behind which the rules stand: what the desk asks for happens, and is seen."""

    def __init__(self, evening: Evening) -> None:
        super().__init__(evening.shown())
        self.evening = evening

    async def command(
        self, type: str, data: Json, id: str | None = None, expires_at: datetime | None = None
    ) -> Json:
        self.asked.append((type, data))
        said = self.evening.ask(type, data)
        if isinstance(said, Decision):
            self.happened()
            return {"ok": True, "seq": self.evening.room.seq, "result": said.result}
        return {"ok": False, "code": said.code, "text": said.text, "params": said.params}

    def happened(self) -> None:
        """The room is another one: every seat asks for it again."""
        self.now_state = self.evening.shown()
        seq = self.now_state.seq
        self.say({"seq": seq, "type": "room.set", "at": wire(NOW), "actor": "host", "data": {}})


class AtRules(AtDesk):
    """A host at a desk with her big screen open."""

    def __init__(self, evening: Evening) -> None:
        super().__init__("host", evening.shown())
        self.bus = self.rules = RulesBus(evening)
        self.evening = evening

    async def seen(self) -> None:
        """The desk shows the room as it stands."""
        self.rules.happened()
        seat = self.shell.seat
        assert seat is not None
        await until(lambda: seat.state is not None and seat.state.seq == self.evening.room.seq)

    async def go_next(self) -> None:
        """PgDn, and what came of it has been seen."""
        asked = len(self.bus.asked)
        self.press(Qt.Key.Key_PageDown)
        await until(lambda: len(self.bus.asked) > asked)
        await self.seen()


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    monkeypatch.setattr(commands, "TWICE_SECONDS", 0.0)
    opened: list[AtRules] = []

    async def open_(evening: Evening) -> AtRules:
        made = AtRules(evening)
        opened.append(made)
        await made.open(tmp_path)
        made.press(Qt.Key.Key_F9)
        return made

    async with desks(tmp_path):
        yield open_
        for each in opened:
            await each.shell.leave()
            each.shell.deleteLater()


def first_evening() -> Evening:
    """下一品 twice, nothing explained any more, 下播 and 开播 again."""
    evening = Evening()
    evening.next()
    evening.next()
    evening.ok("cart.unpin", {})
    evening.ok("broadcast.close", {})
    evening.wait(DAY)
    evening.ok("broadcast.open", {"title": "第二场"})
    return evening


def test_winners_of_the_first_evening_are_not_the_moment_of_the_second() -> None:
    evening = Evening()
    evening.bag("c-bag", seconds=10)
    evening.fire("c-bag")
    evening.says("驼色好看", "阿青", "小雨", "林姐")
    evening.wait(12)
    moment = moment_of(RoomView(evening.shown()))
    assert moment is not None
    assert moment.cue_id == "c-bag"
    evening.ok("broadcast.close", {})
    assert moment_of(RoomView(evening.shown())) is not None, "they are owed until the next one begins"
    evening.wait(DAY)
    evening.ok("broadcast.open", {"title": "第二场"})
    assert moment_of(RoomView(evening.shown())) is None


async def test_on_the_second_evening_the_next_product_is_the_one_that_the_engine_takes(sit: Any) -> None:
    at: AtRules = await sit(first_evening())
    desk, big = at.desk, at.shell.big
    assert desk is not None
    assert big is not None
    for product_id in GOODS[:3]:
        title = at.evening.room.products[product_id].title
        assert desk.cart.box.product_id == product_id
        assert title in big.next.title.text()
        await at.go_next()
        assert at.evening.room.pinned.wanted == product_id
        assert not desk.notice.said
    assert [data["expect"] for type_, data in at.bus.asked if type_ == "go.next"] == GOODS[:3]


def test_what_the_desk_once_worked_out_for_itself_was_refused_all_evening() -> None:
    """The product after the last one that was explained, which is another evening's."""
    evening = first_evening()
    pins = [cue for cue in evening.room.cues.values() if cue.kind == "pin"]
    last = pins[-1].spec_sent["product_id"] if pins else GOODS[1]
    reckoned = GOODS[GOODS.index(last) + 1]
    for _ in range(3):
        assert evening.refusal("go.next", {"expect": reckoned}).code == "changed"


def _sell(evening: Evening, number: int) -> str:
    """A sale of the scarf runs, and three of it are bought and paid."""
    cue_id = evening.sale(f"sale-{number}", quantity=5, seconds=60)
    evening.fire(cue_id)
    for n in range(3):
        evening.buys(f"o-{number}-{n}", "scarf", 9900)
    return cue_id


def _span(at: AtRules) -> float:
    """Seconds that it takes to show the whole room once: the least of forty."""
    spans = []
    for _ in range(40):
        assert at.desk is not None
        began = time.perf_counter()
        at.desk._show(EVERYTHING, NOW)
        spans.append(time.perf_counter() - began)
    return min(spans)


async def test_after_thirty_evenings_the_desk_is_as_it_was_on_the_second(sit: Any) -> None:
    evening = Evening()
    evening.ok("broadcast.close", {})
    at: AtRules = await sit(evening)
    assert at.desk is not None
    spans: dict[int, float] = {}
    for number in range(1, 31):
        evening.wait(DAY)
        evening.ok("stock.add", {"sku_id": "scarf", "by": 3})
        evening.ok("broadcast.open", {"title": f"第 {number} 场"})
        await at.seen()
        assert at.desk.cart.box.product_id == GOODS[0]
        for product_id in GOODS[:3]:
            await at.go_next()
            assert evening.room.pinned.wanted == product_id
        cue_id = _sell(evening, number)
        await at.seen()
        room = at.desk.commands.room
        assert room is not None
        assert (room.cues[cue_id].slot, room.cues[cue_id].sold) == (1, 3)
        assert (at.desk.strip.orders.number.text(), at.desk.strip.gmv.number.text()) == ("3", "¥297")
        if number in (2, 30):
            spans[number] = _span(at)
        evening.wait(90)
        evening.ok("cart.unpin", {})
        evening.ok("broadcast.close", {})
    assert spans[30] <= 4 * spans[2], spans  # what grew with the evenings would be fifteen times as long
