"""订单, 大额 and 未付 at the desk: the engine's own list, whole for a desk that joined late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from liveconsole import tasks
from liveconsole.messages.order_list import OrdersSought
from liveconsole.views import order_list
from liveconsole.views.feed import Feed
from tests.ui.fake_bus import until
from tests.ui.rooms import sample_state
from tests.ui.sections import show
from tests.unit.domain.desk import START, Desk, product
from ui import i18n
from ui.panels.feed import FeedPanel
from ui.panels.feed import orders as feed_orders

pytestmark = pytest.mark.usefixtures("dressed")


class Asked:
    """A room that is asked as the engine asks it."""

    def __init__(self, platform: str = "manual") -> None:
        self.desk = Desk(platform)
        self.desk.ok("catalogue.put", {"products": [product("coat", 199_900, 10)]})
        self.desk.ok("cart.add", {"product_ids": ["coat"]})
        self.sought: list[tuple[str, str, int, int]] = []
        self.gone = False

    def place(self, order_id: str, sku_id: str = "scarf", fen: int = 9900) -> None:
        line = {"sku_id": sku_id, "quantity": 1, "unit_price_fen": fen}
        data = {
            "order_id": order_id,
            "buyer": {"id": "u1", "name": "小明"},
            "lines": [line],
            "total_fen": fen,
        }
        self.desk.fact("order.placed", data)

    def pay(self, order_id: str, fen: int = 9900) -> None:
        self.desk.fact("order.paid", {"order_id": order_id, "paid_fen": fen})

    async def __call__(self, text: str, standing: str, least_fen: int, before: int) -> Any:
        self.sought.append((text, standing, least_fen, before))
        await asyncio.sleep(0)
        sought = OrdersSought(text, standing, least_fen, before)
        return None if self.gone else msgspec.to_builtins(order_list.page(self.desk.room, sought))


@pytest.fixture
def asked() -> Asked:
    made = Asked()
    made.place("8100-1001")
    made.place("8100-1002", "hat", 4900)
    made.place("8100-1003", "coat", 199_900)
    made.pay("8100-1002", 4900)
    return made


@pytest.fixture
async def panel(qtbot: QtBot, asked: Asked) -> Any:
    """It has seen no order itself."""
    made = FeedPanel(Feed(200))
    qtbot.addWidget(made)
    made.resize(420, 640)
    show(made, sample_state())
    made.orders_with(asked)
    made.show()
    made.tick(START)
    yield made
    await tasks.cancel_all()


def lines(panel: FeedPanel) -> list[str]:
    return [line.split(" ", 1)[1] for line in panel.view.sentences()]


def told(panel: FeedPanel) -> bool:
    """Whether the engine has answered, and nothing more is asked."""
    orders = panel.shown.orders
    return orders is not None and orders.is_read and not orders._runs


async def opened(panel: FeedPanel, name: str) -> list[str]:
    panel.choose(name)
    await until(
        lambda: panel.shown.orders is not None and panel.shown.orders.is_read and not panel.shown.orders._runs
    )
    return lines(panel)


async def looked_again(panel: FeedPanel, seconds: float) -> list[str]:
    panel.tick(START + timedelta(seconds=seconds))
    await until(lambda: panel.shown.orders is not None and not panel.shown.orders._runs)
    return lines(panel)


async def test_a_desk_that_joined_late_lists_every_order(panel: FeedPanel) -> None:
    assert await opened(panel, "order") == [
        "…1001 1 号 scarf ×1 ¥99.00 等 0:00",
        "…1002 2 号 hat ×1 ¥49.00 已付",
        "…1003 3 号 coat ×1 ¥1,999.00 等 0:00",
    ]
    assert panel.foot.status.text() == "本场 3 单 · 未付 2"
    assert "小明" not in "".join(lines(panel)) + panel.view.tip_at(panel.view.viewport().rect().center())
    tips = {text.tip.split(" ")[0] for text in panel.view.painted()}
    assert tips == {"8100-1001", "8100-1002", "8100-1003"}, "the tip has the whole number"


async def test_big_and_unpaid_are_the_same_list_and_follow_it(panel: FeedPanel, asked: Asked) -> None:
    assert await opened(panel, "big") == ["…1003 3 号 coat ×1 ¥1,999.00 等 0:00"]
    assert [line[:5] for line in await opened(panel, "unpaid")] == ["…1001", "…1003"]
    asked.pay("8100-1001")
    asked.place("8100-1004")
    assert [line[:5] for line in await looked_again(panel, 3)] == ["…1003", "…1004"]
    assert [line[:5] for line in await looked_again(panel, 4)] == ["…1003", "…1004"], (
        "not twice in two seconds"
    )
    asked.gone = True
    await looked_again(panel, 9)
    assert panel.foot.status.text() == "2 单"
    assert len(lines(panel)) == 2, "what was read stays while nobody can be asked"


async def test_what_is_asked_back_stands_with_its_order(panel: FeedPanel, asked: Asked) -> None:
    def back(status: str) -> None:
        told = {"aftersale_id": "a1", "order_id": "8100-1002", "kind": "refund", "status": status}
        asked.desk.fact("aftersale.updated", told)

    back("asked")
    assert (await opened(panel, "order"))[1] == "…1002 2 号 hat ×1 ¥49.00 售后中"
    back("<b>补寄")
    await looked_again(panel, 3)
    (tip,) = {text.tip for text in panel.view.painted() if text.tip.startswith("8100-1002")}
    assert tip.endswith("已付 售后：<b>补寄"), "text from outside, as text"
    back("refunded")
    assert (await looked_again(panel, 6))[1] == "…1002 2 号 hat ×1 ¥49.00 已付"


async def test_found_by_number_goods_and_standing(panel: FeedPanel, asked: Asked) -> None:
    await opened(panel, "order")
    panel.look_for()
    for words, found in (
        ("1003", ["…1003"]),
        ("hat", ["…1002"]),
        ("3号", ["…1003"]),
        ("未付", ["…1001", "…1003"]),
        ("未付 scarf", ["…1001"]),
        ("已退款", []),
    ):
        panel.search._line.setText(words)
        await until(
            lambda: (
                panel.shown.orders is not None and panel.shown.orders.is_read and not panel.shown.orders._runs
            )
        )
        assert [line[:5] for line in lines(panel)] == found, words
    assert panel.foot.status.text() == "0 单"
    assert panel.search._line.placeholderText() == "搜单号、商品、未付 / 已付"
    assert not panel.search._whole.isVisible(), "the engine looks through all of them anyway"


async def test_every_page_is_read_and_beyond_the_bound_it_says_so(
    panel: FeedPanel, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(450):
        asked.place(f"p-{n:04}")
    assert len(await opened(panel, "order")) > 10
    assert panel.shown.orders is not None
    assert len(panel.shown.orders) == 453
    asked.pay("8100-1001")
    seen = []
    for second in (3, 6, 9, 12):
        await looked_again(panel, second)
        seen.append(panel.shown.orders.rows()[0].order.standing)
    assert seen[-1] == "paid", "older pages are looked at in turn"
    monkeypatch.setattr(feed_orders, "ORDERS_MOST", 300)
    panel.choose("all")
    await opened(panel, "order")
    assert len(panel.shown.orders) == 300
    assert panel.shown.orders.rows()[-1].order.order_id == "p-0449"
    assert panel.foot.status.text() == "只列最近 300 单，更早的搜单号或商品"


async def test_paused_nothing_moves_and_what_came_is_counted(panel: FeedPanel, asked: Asked) -> None:
    for n in range(60):
        asked.place(f"p-{n:04}")
    await opened(panel, "order")
    panel.view.scroll_rows(-3)
    before = [row.seq for row in panel.view.visible()]
    asked.place("p-9999")
    await looked_again(panel, 3)
    assert [row.seq for row in panel.view.visible()] == before
    assert panel.view.unseen == 1


async def test_nobody_reports_orders_and_nobody_can_be_asked(
    qtbot: QtBot, panel: FeedPanel, asked: Asked
) -> None:
    asked.gone = True
    panel.choose("order")
    await until(lambda: panel.shown.orders is not None and panel.shown.orders.is_read)
    assert panel.foot.status.text() == "现在问不到订单"
    asked.gone, asked.desk = False, Desk("manual")
    await looked_again(panel, 5)
    assert panel.foot.status.text() == "订单 — · 没有来源报订单"


@pytest.fixture
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("zh")


async def test_in_english(in_english: None, panel: FeedPanel) -> None:
    assert (await opened(panel, "order"))[1] == "…1002 #2 hat ×1 ¥49.00 Paid"
    panel.search._line.setText("unpaid")
    panel.search.begin()
    panel._sought()
    await until(
        lambda: panel.shown.orders is not None and panel.shown.orders.is_read and not panel.shown.orders._runs
    )
    assert len(lines(panel)) == 2


async def test_twin_what_this_desk_saw_itself_is_nothing(panel: FeedPanel) -> None:
    panel.shown.ask_orders = None
    panel.choose("order")
    assert lines(panel) == []
