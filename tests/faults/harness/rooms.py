"""Rooms made ready once and copied for every case, and what must hold in each of them afterwards."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from liveconsole.connectors.rehearsal.platform import FILE, LEDGER
from tests.contract.engine_process import comment, event
from tests.faults.harness.processes import Engine, Zygote, until

UNITS = 5
SALE = {"sku_id": "a", "price_fen": 900, "quantity": UNITS, "per_buyer": 2, "seconds": 600}
BAG = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 2,
    "alternates": 2,
    "entry": {"keyword": "要"},
    "seconds": 1,
}
PRODUCTS = [{"product_id": "a", "title": "甲", "price_fen": 1900, "stock": 100}]
BUY: dict[str, Any] = {
    "order_id": "o1",
    "buyer": {"id": "b1", "name": "买家"},
    "lines": [{"sku_id": "a", "quantity": 1}],
    "cue_id": "sale",
}
PLACED = {
    "order_id": "p1",
    "buyer": {"id": "b2", "name": "买家"},
    "lines": [{"sku_id": "a", "quantity": 1, "unit_price_fen": 900}],
    "total_fen": 900,
    "cue_id": "sale",
}


def make_sale(zygote: Zygote | None, folder: Path, *, on_air: bool, platform: str) -> None:
    """An open room with one approved sale, or one on air."""
    engine = Engine(zygote, folder, "--port", "0", "--rehearsal", bend=["platform_outlives"]).start()
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0, platform=platform)
    engine.done("catalogue.put", products=PRODUCTS)
    engine.done("cue.add", cue_id="sale", kind="flash_sale", spec=SALE)
    engine.done("cue.approve", cue_id="sale")
    if on_air:
        engine.done("cue.fire", cue_id="sale")
    assert engine.stop() == 0


def make_bag(zygote: Zygote | None, folder: Path, *, on_air: bool) -> None:
    """An open room with a bag, approved or on air with entrants and (but for a start) over."""
    engine = Engine(zygote, folder, "--port", "0", "--rehearsal").start()
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0)
    engine.done("cue.add", cue_id="bag", kind="lucky_bag", spec=BAG)
    engine.done("cue.approve", cue_id="bag")
    if on_air:
        engine.done("cue.fire", cue_id="bag")
        engine.post([comment(f"e{n}", "要", viewer=f"v{n}") for n in range(30)])
    engine.kill()


class World:
    """One case: a copy of a room, a platform of its own, engines that come and go."""

    def __init__(self, zygote: Zygote | None, template: Path, folder: Path) -> None:
        self._zygote = zygote
        self.folder = folder
        shutil.copytree(template, folder)
        (folder / "engine.json").unlink(missing_ok=True)
        self._made: list[Engine] = []

    def platform(self, behaviour: str = "prompt_platform") -> None:
        """Start it; it outlives every engine."""
        outside = Engine(self._zygote, self.folder, bend=[behaviour], program="rehearsal-platform")
        self._made.append(outside.start(ready=False))
        until((self.folder / FILE).exists)

    def engine(self, *, fail: str = "", bend: tuple[str, ...] = (), ready: bool = True) -> Engine:
        made = Engine(self._zygote, self.folder, "--port", "0", fail=fail, bend=["platform_outlives", *bend])
        self._made.append(made)
        return made.start(ready=ready)

    def close(self) -> None:
        for one in self._made:
            one.revive()
            one.process.kill()
        for one in self._made:
            one.process.wait(10)

    def ledger(self) -> list[dict[str, Any]]:
        path = self.folder / LEDGER
        return [json.loads(row) for row in path.read_text("utf-8").splitlines()] if path.exists() else []

    def effects(self, step: str = "on_air") -> int:
        """How often the platform carried a step out, under whatever key."""
        return sum(row["row"] == "effect" and row["step"] == step for row in self.ledger())


class Asking:
    """One request on a thread of its own: its answer, or that none came."""

    def __init__(
        self,
        engine: Engine,
        path: str,
        body: Any = None,
        kind: str = "application/json",
        method: str = "POST",
    ) -> None:
        self.answer: Any = None
        self._words = (engine, method, path, body, kind)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        engine, method, path, body, kind = self._words
        try:
            answer = engine.call(method, path, body, kind=kind)
        except OSError:
            return
        except Exception:  # noqa: BLE001  # half a response: as good as none
            return
        if answer.status == 200 and method == "POST":
            self.answer = answer.json

    def done(self, seconds: float = 10.0) -> Any:
        """The acknowledgement, once the request has ended; None where there was none."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the request never ended"
        return self.answer


def log_of(engine: Engine) -> list[dict[str, Any]]:
    log = engine.log()
    assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
    return log


def types_of(log: list[dict[str, Any]]) -> Counter[str]:
    return Counter(line["type"] for line in log)


def cue_of(engine: Engine, cue_id: str) -> dict[str, Any]:
    (cue,) = [cue for cue in engine.state()["cues"] if cue["cue_id"] == cue_id]
    return dict(cue)


def placed(id_: str = "1") -> dict[str, Any]:
    return event(id_, "order.placed", PLACED, source="/test/shop")


@contextmanager
def following(engine: Engine, after: int = 0) -> Iterator[list[dict[str, Any]]]:
    """What a stream from ``after`` on has brought so far; it is live when this begins."""
    seen: list[dict[str, Any]] = []
    joined, leave = threading.Event(), threading.Event()

    async def follow() -> None:
        headers = {"Authorization": f"Bearer {engine.tokens['viewer']}"}
        url = f"{engine.found['url']}/v1/stream?after={after}"
        async with aiohttp.ClientSession(headers=headers) as session, session.ws_connect(url) as socket:
            joined.set()
            while not leave.is_set():
                try:
                    message = await asyncio.wait_for(socket.receive(), 0.05)
                except TimeoutError:
                    continue
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                seen.extend(json.loads(message.data))

    thread = threading.Thread(target=lambda: asyncio.run(follow()), name="a follower")
    thread.start()
    try:
        assert joined.wait(10)
        yield seen
    finally:
        leave.set()
        thread.join(10)
