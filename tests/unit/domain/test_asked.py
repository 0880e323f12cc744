"""价格台账: which price may stand struck through, by the week before; what was never asked is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.domain import asked
from liveconsole.domain.price_ledger import Asked
from liveconsole.messages.state import ProductState, SaleSkuState
from liveconsole.views.state import state_of
from tests.unit.domain.desk import SALE, START, Desk

DAY = 86_400


def put(desk: Desk, fen: int, listed: int | None = None, product_id: str = "coat") -> None:
    sent: dict[str, Any] = {"product_id": product_id, "title": "大衣", "price_fen": fen}
    if product_id not in desk.room.products:
        sent["stock"] = 50
    if listed is not None:
        sent["list_price_fen"] = listed
    desk.ok("catalogue.put", {"products": [sent]})


def shown(desk: Desk, product_id: str = "coat") -> ProductState:
    products = state_of(desk.room, desk.now).catalogue.products
    return next(product for product in products if product.product_id == product_id)


def sale(desk: Desk, fen: int, cue_id: str = "sale") -> SaleSkuState:
    """A sale that is on air now."""
    desk.ok("room.set", {"recall_seconds": 0})
    spec = {**SALE, "sku_id": "coat", "price_fen": fen}
    desk.ok("cue.add", {"cue_id": cue_id, "kind": "flash_sale", "spec": spec})
    desk.ok("cue.fire", {"cue_id": cue_id})
    (line,) = next(cue for cue in state_of(desk.room, desk.now).cues if cue.cue_id == cue_id).skus
    return line


def test_a_price_that_was_asked_all_week_may_be_struck() -> None:
    desk = Desk()
    put(desk, 39_900)
    desk.wait(8 * DAY)
    put(desk, 19_900, 39_900)
    assert (shown(desk).struck_fen, shown(desk).lowest_7d_fen) == (39_900, 39_900)
    line = sale(desk, 9_900)
    assert (line.struck_fen, line.lowest_7d_fen) == (19_900, 19_900), "not the dear one: 199 was asked today"


def test_a_price_raised_the_day_before_is_struck_nowhere() -> None:
    """K10.2: 199 to 399 the day before, then a sale at 199 「原价 399」."""
    desk = Desk()
    put(desk, 19_900)
    desk.wait(20 * DAY)
    put(desk, 39_900)
    desk.wait(DAY)
    line = sale(desk, 19_900)
    assert (line.struck_fen, line.lowest_7d_fen) == (None, 19_900)
    desk.wait(90)
    put(desk, 19_900, 39_900)
    assert (shown(desk).struck_fen, shown(desk).lowest_7d_fen) == (None, 19_900)


def test_a_new_product_may_have_a_list_price_and_shows_none() -> None:
    desk = Desk()
    put(desk, 19_900, 99_900)
    assert (shown(desk).list_price_fen, shown(desk).struck_fen, shown(desk).lowest_7d_fen) == (
        99_900,
        None,
        None,
    )
    assert sale(desk, 9_900).struck_fen is None, "it was offered on no day before"
    desk.wait(DAY)
    put(desk, 19_900, 99_900)
    assert shown(desk).struck_fen is None


def test_a_list_price_above_all_that_was_asked_is_refused_with_the_article() -> None:
    desk = Desk()
    put(desk, 19_900)
    desk.wait(DAY)
    sent = {"products": [{"product_id": "coat", "list_price_fen": 99_900}]}
    refused = desk.refusal("catalogue.put", sent)
    assert (refused.code, refused.params["index"]) == ("list_price_never_asked", 0)
    assert "第十七条" in refused.text
    assert "999.00" in refused.text
    assert "199.00" in refused.text
    put(desk, 19_900, 19_900)
    put(desk, 29_900, 29_900)
    # What stood for a moment was not really asked, and what stays as it was is not asked for anew.
    put(desk, 9_900)
    refused = desk.refusal("catalogue.put", {"products": [{"product_id": "coat", "list_price_fen": 29_800}]})
    assert refused.params["highest"] == "199.00"
    put(desk, 9_900, 29_900)
    assert shown(desk).struck_fen is None


def test_a_sale_of_the_week_counts_and_the_days_are_those_of_china() -> None:
    desk = Desk()
    put(desk, 19_900)
    desk.wait(10 * DAY)
    sale(desk, 9_900)
    desk.wait(90)
    desk.wait(6 * DAY)
    second = sale(desk, 8_900, "second")
    assert (second.lowest_7d_fen, second.struck_fen) == (9_900, None)
    assert asked.china_day(datetime.fromisoformat("2026-11-11T15:59:59+00:00")) + 1 == asked.china_day(
        datetime.fromisoformat("2026-11-11T16:00:00+00:00")
    )


def test_a_price_off_the_shelf_is_asked_of_nobody() -> None:
    desk = Desk()
    put(desk, 99_900, 99_900)
    desk.ok("product.shelf", {"product_id": "coat", "on": False})
    desk.wait(20 * DAY)
    desk.ok("product.shelf", {"product_id": "coat", "on": True})
    put(desk, 19_900)
    assert shown(desk).list_price_fen == 99_900
    assert shown(desk).struck_fen is None


def test_a_reduction_of_long_ago_is_none_at_the_next_broadcast() -> None:
    desk = Desk()
    put(desk, 39_900)
    desk.wait(8 * DAY)
    put(desk, 19_900, 39_900)
    desk.wait(9 * DAY)
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {"title": "下一场"})
    assert (shown(desk).struck_fen, shown(desk).lowest_7d_fen) == (None, 19_900)


def test_without_the_ledger_of_sales_the_week_looks_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: sales that are not taken in leave the own price for the lowest."""
    monkeypatch.setattr(asked, "ended", lambda *_: None)
    desk = Desk()
    put(desk, 19_900)
    desk.wait(10 * DAY)
    sale(desk, 9_900)
    desk.wait(90)
    desk.wait(2 * DAY)
    assert sale(desk, 8_900, "second").struck_fen == 19_900


Change = tuple[int, int]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5 * 24), st.integers(1, 9)), min_size=1, max_size=30))
def test_the_kept_days_say_what_all_changes_say(changes: list[Change]) -> None:
    """Against every price that ever stood, kept whole; ``changes``: hours until one, and the new price."""
    at = START + timedelta(minutes=7)  # no price changes at midnight itself
    prices = [(at, 5)]
    ledger = asked._noted(Asked(at, 5), at, 5, closes=True)
    for hours, fen in changes:
        at += timedelta(hours=hours)
        if asked.china_day(at) > asked.china_day(prices[0][0]):
            assert asked.lowest(ledger, at) == _lowest(prices, at)
        ledger = asked._noted(msgspec.structs.replace(ledger, fen=fen, since=at), at, fen, closes=True)
        prices.append((at, fen))
        assert len(ledger.days) <= asked.DAYS + 2


def _lowest(prices: list[tuple[datetime, int]], at: datetime) -> int:
    first = asked.china_day(at) - asked.DAYS
    ends = [moment for moment, _ in prices[1:]] + [at]
    return min(
        fen
        for (_, fen), until in zip(prices, ends, strict=True)
        if asked.china_day(until - timedelta(microseconds=1)) >= first or until == at
    )
