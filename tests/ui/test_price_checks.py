"""The price of what waits is asked of the rules only where the state does not say it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.judged import lowest
from tests.ui.rooms import running
from tests.ui.test_desk import desks
from ui.windows import price_checks


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path) -> AsyncIterator[Any]:
    async with desks(tmp_path) as opens:
        yield opens


def many_goods() -> Evening:
    """A coupon of the whole shop waits, which has more goods than are reckoned anew with every order."""
    evening = Evening()
    goods = [
        {"product_id": f"p{n}", "title": f"商品 {n}", "price_fen": 9900, "stock": 5, "floor_fen": 5000}
        for n in range(60)
    ]
    evening.ok("catalogue.put", {"products": goods})
    evening.coupon("wide")
    evening.sale("narrow")
    return evening


async def test_a_coupon_for_many_goods_has_its_price_asked(sit: Any) -> None:
    evening = many_goods()
    at = await sit(evening.shown())
    assert next(cue for cue in evening.shown().cues if cue.cue_id == "wide").lowest is None
    await until(lambda: at.bus.judgements)
    assert at.bus.judgements == [("cue.fire", {"cue_id": "wide"})]
    at.bus.judged = lambda _type, _data: {"ok": True, "exposure_fen": 100} | lowest(7900, 5000, sku_id="p7")
    at.desk._price_checks.forget()
    await at.show(evening.shown())
    await until(lambda: at.desk.queue.row("wide").face.lowest_fen == 7900)
    assert at.desk.queue.row("wide").face.floor_fen == 5000
    assert {data["cue_id"] for _, data in at.bus.judgements} == {"wide"}


async def test_what_the_state_says_is_asked_of_nobody(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_checks, "AGAIN_AFTER", 0.0)
    evening = running()
    at = await sit(evening.shown())
    for _ in range(3):
        await at.show(evening.shown())
    await asyncio.sleep(0.1)
    assert at.desk.queue.row("c-arm").face.lowest_fen is not None
    assert at.bus.judgements == []
