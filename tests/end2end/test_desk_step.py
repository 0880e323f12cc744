"""Two desks at one engine, in two processes, under a flood: the same things are painted on both together."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.client import Client
from tests.contract.engine_process import ROOT, EngineProcess
from tests.goals import within
from ui.bench.beat import spread
from ui.bench.flood import LAST

RATE, SECONDS, BATCH = 1_500, 6.0, 75
PINS = 10
FRAME_MS = 16.0
P50_MS, P99_MS = 60.0, 500.0
"""On a machine that two desks, an engine and this test share with whatever else runs. A quiet one has some
10 ms and 30 ms: a frame or two, as the frames of two processes do not begin together."""


class StepDesk:
    """One of the two desks."""

    def __init__(self, engine: EngineProcess, role: str, folder: Path) -> None:
        token = folder / f"{role}.token"
        token.write_text(engine.tokens[role])
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        words = [sys.executable, "-m", "tests.end2end.step_desk", engine.found["url"], str(token), role]
        self.process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE)

    def says(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the desk ended with {self.process.wait(5)}"
        said: dict[str, Any] = json.loads(line)
        return said

    def end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    products = [
        {"product_id": f"P{n}", "title": f"商品 {n}", "price_fen": 9900, "stock": 100} for n in range(PINS)
    ]
    running.done("catalogue.put", products=products)
    running.done("cart.add", product_ids=[p["product_id"] for p in products])
    running.done("broadcast.open")
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_two_desks_paint_the_same_things_together(engine: EngineProcess, tmp_path: Path) -> None:
    desks = [StepDesk(engine, role, tmp_path) for role in ("host", "assistant")]
    try:
        assert [desk.says() for desk in desks] == [{"joined": True}] * 2
        asyncio.run(_flood(engine))
        host, assistant = (desk.says() for desk in desks)
    finally:
        for desk in desks:
            desk.end()
    events, pins = _apart(host["events"], assistant["events"]), _apart(host["pins"], assistant["pins"])
    print(f"apart on two desks, ms: {len(events)} comments {_said(events)}")
    print(f"{len(pins)} changes of 讲解 {_said(pins)}; gaps of their loops {host['gap']} {assistant['gap']}")
    assert host["skipped"] == assistant["skipped"] == 0
    assert len(events) == int(RATE * SECONDS)
    assert len(pins) == PINS
    for found in (events, pins):
        within(spread(found)["p50"], P50_MS)
        within(spread(found)["p99"], P99_MS)


def _apart(one: dict[str, int], other: dict[str, int]) -> list[float]:
    """Milliseconds between the two paintings of each thing that both painted."""
    return [abs(at - other[name]) / 1e6 for name, at in one.items() if name in other]


def _said(found: list[float]) -> str:
    return " ".join(f"{name} {ms:.1f}" for name, ms in spread(found).items())


async def _flood(engine: EngineProcess) -> None:
    """Comments at a rate with an order among every 75, so that both desks always have a reason to ask for the
    state; a pin every so often; and at the end the order that ends the desks' watch."""
    shop, host = (Client(engine.found["url"], engine.tokens[role]) for role in ("producer", "host"))
    loop = asyncio.get_running_loop()
    async with shop, host:
        began, posted, pinned = loop.time(), 0, 0
        while posted < RATE * SECONDS:
            comments = [_comment(posted + n) for n in range(BATCH)]
            await shop.post_events([*comments, _order(f"o{posted}")])
            posted += BATCH
            if pinned < PINS and posted * PINS >= (pinned + 0.5) * RATE * SECONDS:
                assert (await host.command("cart.pin", {"product_id": f"P{pinned}"}))["ok"]
                pinned += 1
            await asyncio.sleep(max(0.0, began + posted / RATE - loop.time()))
        await asyncio.sleep(0.5)
        await shop.post_events([_order(LAST)])


def _comment(number: int) -> dict[str, Any]:
    said = {"viewer": {"id": f"u{number % 500}", "name": f"观众{number % 500}"}, "text": f"第 {number} 句"}
    return {
        "specversion": "1.0",
        "id": f"c{number}",
        "source": "/test",
        "type": "comment.posted",
        "data": said,
    }


def _order(order_id: str) -> dict[str, Any]:
    lines = [{"sku_id": "P0", "quantity": 1, "unit_price_fen": 9900}]
    data = {"order_id": order_id, "buyer": {"id": "b", "name": "乙"}, "lines": lines, "total_fen": 9900}
    return {"specversion": "1.0", "id": order_id, "source": "/test", "type": "order.placed", "data": data}
