"""``python -m tests.end2end.hour_audience DATA SPEED``: viewers and shoppers of a rehearsal, at a speed.

It speaks from the moment the broadcast is open: as the rehearsal's own source, and as a second capture
program that a line on stdin silences (``quiet``) and brings back (``speak``). ``bye`` or the end of stdin
ends it. Its last line on stdout says how many seconds of its own time it lived.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from liveconsole.bus.client import Client
from liveconsole.bus.discovery import look_up
from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.rehearsal import scenario
from liveconsole.connectors.rehearsal.view import of_state
from liveconsole.connectors.rehearsal.world import World
from tests.end2end.hour_room import PRODUCTS

SECOND = "/oba/live"
STEP_SECONDS = 0.2
SEED = 4


class Audience:
    def __init__(self, folder: Path, speed: float) -> None:
        found = look_up(folder)
        assert found is not None
        self._speed = speed
        self._host, self._shop = (
            Client(found.url, found.tokens[role], found.proof_key) for role in ("host", "producer")
        )
        self.quiet, self.over = False, False
        self._spoken = 0

    async def live(self) -> float:
        """Seconds of its own time."""
        began: float | None = None
        age, loop = 0.0, asyncio.get_running_loop()
        start = datetime.now(UTC)
        world = World(
            scenario.load("quiet"), SEED, start, products=PRODUCTS, phrases=scenario.phrases(), run="h"
        )
        async with self._host, self._shop:
            while not self.over:
                view = of_state(await self._host.state())
                if view.open and began is None:
                    began = loop.time()
                if began is not None and view.open:
                    age = (loop.time() - began) * self._speed
                    moment = world.step(start + timedelta(seconds=age), view)
                    facts = [*moment.facts, *([] if self.quiet else [self._second()])]
                    await self._shop.post_events(facts)
                    for ask in moment.asks:
                        answer = await self._shop.command(ask.type, ask.data, ask.id)
                        world.answered(ask.id, bool(answer["ok"]), answer.get("result") or {})
                await asyncio.sleep(STEP_SECONDS)
        return age

    def _second(self) -> dict[str, object]:
        self._spoken += 1
        said = {"viewer": {"id": f"w{self._spoken}", "name": "第二个来源"}, "text": f"第 {self._spoken} 句"}
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return cloudevent(SECOND, f"o{self._spoken}", "comment.posted", said, now)

    def hear(self) -> None:
        for line in sys.stdin:
            if line.strip() == "bye":
                break
            self.quiet = line.strip() == "quiet"
        self.over = True


def main() -> int:
    audience = Audience(Path(sys.argv[1]), float(sys.argv[2]))
    threading.Thread(target=audience.hear, daemon=True, name="stdin").start()
    sys.stdout.write(json.dumps({"seconds": asyncio.run(audience.live())}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
