"""Money that people type at the desk, at a real engine: units of an order that go back, parts, and
a sharer's own prices. What is typed is what stands on the log, and what the windows show afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from liveconsole import tasks
from liveconsole.bus.client import Client
from tests.contract.engine_process import EngineProcess
from tests.ui.fake_bus import until
from ui.seat.seat import Seat
from ui.windows.history.window import HistoryWindow
from ui.windows.shop.amends_form import AmendsForm
from ui.windows.shop.window import ShopWindow

K = Qt.Key
WITHIN = 20.0
"""Seconds for what an engine has to answer on a busy machine."""
pytestmark = pytest.mark.usefixtures("dressed")
GOODS = [
    {"sku_id": "coat-m", "title": "燕麦 M", "price_fen": 6_400, "floor_fen": 4_000, "stock": 9},
    {"sku_id": "coat-l", "title": "燕麦 L", "price_fen": 6_400, "floor_fen": 4_000, "stock": 9},
]
LINES = [
    {"sku_id": "coat-m", "quantity": 2, "unit_price_fen": 6_400},
    {"sku_id": "coat-l", "quantity": 1, "unit_price_fen": 6_400},
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    yield running
    running.stop()


class Sold:
    """An evening of one order, of which one coat was missing in the parcel, told by a shop."""

    def __init__(self, engine: EngineProcess) -> None:
        self._engine = engine
        self._told = 0
        self.done(
            "catalogue.put",
            products=[
                {"product_id": "coat", "title": "大衣", "price_fen": 6_400, "stock": 18, "skus": GOODS}
            ],
        )
        self.done("broadcast.open", title="晚场")
        buyer = {"id": "buyer-1", "name": "林小姐"}
        self.tell("order.placed", order_id="o1", buyer=buyer, lines=LINES, total_fen=19_200)
        self.tell("order.paid", order_id="o1", paid_fen=19_200)
        self.tell("aftersale.updated", aftersale_id="a1", order_id="o1", kind="resend", status="asked")
        self.done("shop.answer", act="answer", aftersale_id="a1", text="马上查")
        self.done("case.step", case_id="aftersale/a1", step="check", note="少了一件 L")

    def done(self, type_: str, **data: Any) -> None:
        self._told += 1
        answer = self._engine.call(
            "POST", "/v1/commands", {"id": f"c{self._told}", "type": type_, "data": data}
        )
        assert answer.json["ok"], answer.json

    def tell(self, type_: str, **data: Any) -> None:
        self._told += 1
        event = {"specversion": "1.0", "source": "/shop", "id": f"e{self._told}", "type": type_, "data": data}
        kind = "application/cloudevents+json"
        answer = self._engine.call("POST", "/v1/events", event, role="producer", kind=kind)
        assert answer.status in (200, 202), answer.body

    def logged(self, type_: str) -> dict[str, Any]:
        """The newest event of a type."""
        line = self._engine.call("GET", f"/v1/log?types={type_}").lines[-1]
        found: dict[str, Any] = line["data"]
        return found


def press(window: QWidget, *keys: Any) -> None:
    for key in keys:
        focused: QWidget | None = window.focusWidget()
        focus = focused if focused is not None else window
        QTest.keyClicks(focus, key) if isinstance(key, str) else QTest.keyClick(focus, key)


async def _units_go_back(seat: Seat, sold: Sold) -> None:
    window = ShopWindow(seat, "assistant")
    window.show()
    window.groups.choose("solution")
    await until(lambda: window.list.case() is not None and window.card.steps.now is not None, WITHIN)
    assert window.reading.case == "aftersale/a1"
    press(window, K.Key_N)
    form = window.card.steps.now.form  # type: ignore[union-attr]
    assert isinstance(form, AmendsForm)
    press(window, K.Key_Down, K.Key_Return, "1", K.Key_Return)
    assert form.entries["fen:coat-m"].text() == "64"
    assert form.total.text() == "一共退 ¥64.00 · 最多还能退 ¥192.00"
    press(window, "one missing", K.Key_Return)
    await until(
        lambda: window.card.steps.now is not None and not hasattr(window.card.steps.now, "form"), WITHIN
    )
    asked = sold.logged("shop.asked")
    assert (asked["act"], asked["reason"]) == ("compensate", "one missing")
    assert asked["lines"] == [{"sku_id": "coat-m", "quantity": 1, "fen": 6_400}]
    window.close()
    window.deleteLater()


async def _parts_and_prices(seat: Seat, sold: Sold) -> None:
    window = HistoryWindow(seat)
    window.show()
    window.open_report(1)
    await until(window.report.parts.isEnabled, WITHIN)
    press(window.report, K.Key_P)
    press(window, "30", K.Key_Tab, "5.5", K.Key_Return)
    await until(lambda: not window.report.parts_form.isVisible(), WITHIN)
    assert sold.logged("parts.put")["parts"] == [
        {"who": "host", "percent": "30"},
        {"who": "assistant", "percent": "5.5"},
    ]
    QTest.keyClick(window.report, K.Key_S)
    form = window.report.sharers_form
    await until(form.isVisible, WITHIN)
    assert form.other.isVisible(), "nobody has brought anybody yet"
    form.other.setText("sharer-9")
    sku, price, _percent = form.goods[0]
    sku.choose("coat-l")
    price.setFocus()
    press(window, "30", K.Key_Tab, "8", K.Key_Return)
    await until(lambda: form.said.text() != "", WITHIN)
    assert "底价" in form.said.text(), "the engine's no stands in the form"
    price.set_fen(5_000)
    form.write()
    await until(lambda: not form.isVisible(), WITHIN)
    own = sold.logged("sharer.put")
    assert own["goods"] == [{"sku_id": "coat-l", "price_fen": 5_000, "percent": "8"}]
    window.close()
    window.deleteLater()


@pytest.mark.timeout(120)
async def test_what_is_typed_of_money_is_what_the_engine_keeps(engine: EngineProcess) -> None:
    sold = Sold(engine)
    found = engine.found

    async def join() -> Client:
        return Client(found["url"], found["tokens"]["host"], found["proof_key"])

    seat = Seat(join)
    living = tasks.spawn(seat.run(), name="seat")
    await until(lambda: seat.state is not None, WITHIN)
    await _units_go_back(seat, sold)
    await _parts_and_prices(seat, sold)
    await seat.close()
    await tasks.cancel_all([living])
