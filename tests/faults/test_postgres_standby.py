"""Two engines of one room in a database, as programs: whatever happens to the one that leads, to its network
or to the database, the other goes on in seconds, with everything that was answered, at the same time of day.

A lease of half a length. Quick: one round of each fault; `LIVECONSOLE_DEEP=1` plays twenty.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from liveconsole.connectors.rehearsal.platform import FILE, LEDGER
from tests import services
from tests.contract.engine_process import comment
from tests.faults.harness.bent import CLOCK
from tests.faults.harness.database_wire import DatabaseWire
from tests.faults.harness.processes import Engine, Zygote, until
from tests.faults.harness.rooms import PRODUCTS, SALE, cue_of
from tests.goals import within

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="freezes processes by signals")

ROUNDS: Final = 20 if os.environ.get("LIVECONSOLE_DEEP") == "1" else 1
WITHIN: Final = {"killed": 1.0, "frozen": 5.0, "cut": 5.0, "database killed": 5.0, "database stopped": 5.0}
"""Fault -> seconds until somebody answers commands again, at most; in the last two from when the database
answers, which has its own start to get over."""
TTL: Final = 1.5


@pytest.fixture(scope="module")
def server() -> services.Postgres:
    return services.postgres(durable=True)


class Pair:
    """Two engines of a room, each on a machine of its own; one platform for both."""

    def __init__(self, zygote: Zygote | None, server: services.Postgres, folder: Path) -> None:
        self._zygote, self.server, self._folder = zygote, server, folder
        self.url = server.database()
        self.wires: dict[str, DatabaseWire] = {}
        """Of each engine's own to the database."""
        self._made: list[Engine] = []

    def engine(self, name: str, *bend: str, off: float = 0.0, fail: str = "", ready: bool = True) -> Engine:
        """``off``: seconds by which the clock of its machine is wrong."""
        if name not in self.wires:
            self.wires[name] = DatabaseWire(self.server)
        folder = self._folder / name
        for part in ("database", FILE):
            first = self._folder / "one" / part
            if name != "one" and first.is_dir() and not (folder / part).exists():
                shutil.copytree(first, folder / part)
            elif name != "one" and first.is_file():
                shutil.copy(first, folder / part)
        clock = self._folder / f"{name}.clock"
        clock.write_text(f"{off} 0", "utf-8")
        made = Engine(
            self._zygote,
            folder,
            *("--port", "0", "--rehearsal"),
            *("--database", self.wires[name].address(self.url)),
            bend=["platform_outlives", "short_lease", "machine_stands_off", *bend],
            env={CLOCK: str(clock)},
            fail=fail,
        )
        self._made.append(made)
        return made.start(ready=ready)

    def standby(self, name: str = "two", *bend: str, **more: Any) -> Engine:
        made = self.engine(name, *bend, ready=False, **more)
        until(lambda: "stands by" in made.errors(), 20, why=made.errors())
        return made

    def platform(self) -> Path:
        """One that outlives both; returns its ledger."""
        outside = Engine(
            self._zygote, self._folder / "one", bend=["prompt_platform"], program="rehearsal-platform"
        )
        (self._folder / "one").mkdir(exist_ok=True)
        self._made.append(outside.start(ready=False))
        until((self._folder / "one" / FILE).exists)
        return self._folder / "one" / LEDGER

    def close(self) -> None:
        for one in self._made:
            one.revive()
            one.process.kill()
        for one in self._made:
            one.process.wait(10)
        for wire in self.wires.values():
            wire.close()
        with contextlib.suppress(Exception):
            self.server.drop(self.url)


@pytest.fixture
def pair(zygote: Zygote | None, server: services.Postgres, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(zygote, server, tmp_path)
    yield made
    made.close()


def on_air(engine: Engine, seconds: float, platform: str = "own") -> None:
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0, platform=platform)
    engine.done("catalogue.put", products=PRODUCTS)
    engine.done("cue.add", cue_id="sale", kind="flash_sale", spec={**SALE, "seconds": seconds})
    engine.done("cue.approve", cue_id="sale")


class Posting:
    """Comments to one of these engines, to the next of them where it does not answer; which were answered."""

    def __init__(self, engines: list[Engine], answered: set[str]) -> None:
        self.engines, self.answered, self._n, self._stop = engines, answered, len(answered), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            engine = self.engines[0]
            name = f"c{self._n}"
            with contextlib.suppress(Exception):
                if engine.call(
                    "POST", "/v1/events", [comment(name, "多少钱")], role="producer",
                    kind="application/cloudevents-batch+json",
                ).status == 200:  # fmt: skip
                    self.answered.add(name)
                    self._n += 1
                    continue
            self.engines = [*self.engines[1:], engine]
            with contextlib.suppress(OSError, ValueError):
                find(self.engines[0])
            time.sleep(0.02)

    def stop(self) -> None:
        """Post no more; what is asked already may be answered yet."""
        self._stop.set()

    def end(self) -> None:
        self._thread.join(25)
        assert not self._thread.is_alive()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fault", list(WITHIN))
def test_whatever_happens_nothing_answered_is_lost_or_there_twice(pair: Pair, fault: str) -> None:
    """And the one that was relieved stands by again, by itself."""
    leads = pair.engine("one")
    on_air(leads, 600)
    stands = pair.standby("two")
    answered, slowest = set[str](), 0.0
    for _ in range(ROUNDS):
        # A server that began anew freed the lock: who leads may change once more, a moment after it answered.
        leads, stands = until(partial(in_order, leads, stands, fault), 20)
        posting = Posting([leads, stands] if fault.startswith("database") else [leads], answered)
        more_answered(posting, 20)
        for each in (leads, stands):
            hear_anew(each)
        began = happens(pair, fault, leads)
        found = until(partial(who_leads, leads, stands, fault), 20)
        slowest = max(slowest, time.monotonic() - began)
        posting.stop()
        was, leads, stands = leads, found, stands if found is leads else leads
        if fault == "killed":
            stands = pair.standby(stands.folder.name)
            hear_anew(stands, 0)
        stands.revive()
        pair.wires[stands.folder.name].mend()
        if leads is not was and not fault.startswith("database"):  # others say it no second time, or both do
            until(partial(stands_by, stands), 15)
        posting.end()
    leads, stands = until(partial(in_order, leads, stands, fault), 20)
    log = leads.log()
    assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
    said = Counter(line["id"] for line in log if line["type"] == "comment.posted")
    assert answered - set(said) == set(), "lost"
    assert max(said.values()) == 1, "twice"
    print(f"\n{fault}: slowest {slowest:.2f} s of {ROUNDS}, {len(answered)} answered")
    within(slowest, WITHIN[fault])
    assert leads.stop() == 0
    assert until(lambda: is_ready(stands), 5, why=stands.errors()), "who ends hands over"


def in_order(leads: Engine, stands: Engine, fault: str) -> tuple[Engine, Engine] | None:
    """Who leads, and who stands by."""
    if is_ready(leads):
        return leads, stands
    return (stands, leads) if fault.startswith("database") and is_ready(stands) else None


def stands_by(engine: Engine) -> bool:
    return "stands by" in engine.errors()[engine.heard :]  # type: ignore[attr-defined]


def more_answered(posting: Posting, more: int) -> None:
    had = len(posting.answered)
    until(lambda: len(posting.answered) > had + more)


def happens(pair: Pair, fault: str, leads: Engine) -> float:
    """Let it happen; return from when on an answer may be waited for."""
    began = time.monotonic()
    if fault == "killed":
        leads.process.kill()
    elif fault == "frozen":
        leads.freeze()
    elif fault == "cut":
        pair.wires[leads.folder.name].cut()
    else:
        pair.server.restart(kill=fault == "database killed")
        began = time.monotonic()
    return began


def hear_anew(engine: Engine, heard: int | None = None) -> None:
    """Nothing of it is known from now on but what it says."""
    engine._started_at = engine.out.stat().st_size
    engine.heard = len(engine.errors()) if heard is None else heard  # type: ignore[attr-defined]


def who_leads(was: Engine, other: Engine, fault: str) -> Engine | None:
    """Who takes what is sent to it, after a fault."""
    if is_ready(other):
        return other
    return was if fault.startswith("database") and is_ready(was) else None


def find(engine: Engine) -> None:
    """Where it answers, as it said last: each time it leads it says so anew."""
    if engine.said():
        engine.found = json.loads((engine.folder / "engine.json").read_bytes())


def is_ready(engine: Engine) -> bool:
    with contextlib.suppress(OSError, ValueError):  # it is just being written
        find(engine)
    with contextlib.suppress(Exception):
        return bool(engine.found) and bool(engine.command("note.put", text="?")["ok"])
    return False


@pytest.mark.parametrize("off", [30.0, -30.0])
def test_a_sale_ends_at_its_time_though_the_other_machines_clock_is_wrong(pair: Pair, off: float) -> None:
    assert abs(ended_late(pair, off)) < 1.0


def test_twin_by_its_own_clock_it_ends_early(pair: Pair) -> None:
    assert ended_late(pair, 30.0, "goes_by_its_own_clock") < -2.0


def ended_late(pair: Pair, off: float, *bend: str) -> float:
    """Whoever leads is killed while a sale runs; the other's clock is off by so many seconds. Return by how
    many seconds of this machine's clock, which is the database's, the sale ended late."""
    one = pair.engine("one")
    on_air(one, 4)
    one.done("cue.fire", cue_id="sale")
    ends = datetime.fromisoformat(until(lambda: cue_of(one, "sale").get("ends_at")))
    two = pair.standby("two", *bend, off=off)
    one.process.kill()
    until(lambda: is_ready(two), 5, why=two.errors())
    until(lambda: cue_of(two, "sale")["status"] == "ended", 15, why=str(cue_of(two, "sale")))
    late = datetime.now(UTC) - ends
    if not bend:
        (end,) = (line for line in two.log() if line["type"] == "cue.ended")
        assert abs(datetime.fromisoformat(end["at"]) - ends) < timedelta(seconds=1)
    return late.total_seconds()


def test_an_engine_that_was_relieved_between_its_mark_and_its_question_asks_nothing(pair: Pair) -> None:
    assert asked_after_relief(pair) == 0


def test_twin_without_a_look_at_the_lease_the_platform_is_asked_by_two(pair: Pair) -> None:
    assert asked_after_relief(pair, "asks_whatever_the_lease") == 1


def asked_after_relief(pair: Pair, *bend: str) -> int:
    """An engine is frozen after the mark of a firing is on disk and before the platform is asked; another
    leads then, asks what became of it, and takes it back; the first is thawed. How often the platform was
    asked to fire."""
    ledger = pair.platform()
    one = pair.engine("one", *bend, fail="F4:freeze")
    on_air(one, 600, "rehearsal")
    two = pair.standby("two")
    firing = threading.Thread(target=partial(fired, one), daemon=True)
    firing.start()
    until(lambda: one.reached("F4"))
    until(lambda: is_ready(two), 15, why=two.errors())
    until(lambda: cue_of(two, "sale")["status"] == "unknown", 10, why=str(cue_of(two, "sale")))
    two.done("cue.confirm", cue_id="sale", step="on_air", done=False)
    one.revive()
    firing.join(30)
    time.sleep(1.0)
    rows = [json.loads(row) for row in ledger.read_text("utf-8").splitlines()] if ledger.exists() else []
    return sum(row["row"] == "effect" and row["step"] == "on_air" for row in rows)


def fired(engine: Engine) -> None:
    with contextlib.suppress(Exception):
        engine.command("cue.fire", cue_id="sale")


def test_twin_that_waits_for_the_network_leads_for_ever(pair: Pair) -> None:
    """An engine whose network is cut waits for the answer to its renewal; without a watch beside it, it goes
    on to tell everybody what the room was like."""
    one = pair.engine("one", "waits_for_the_network")
    on_air(one, 600)
    two = pair.standby("two")
    pair.wires["one"].cut()
    until(lambda: is_ready(two), 10, why=two.errors())
    time.sleep(TTL)
    assert one.call("GET", "/v1/state").status == 200


@pytest.mark.parametrize("twin", [False, True])
def test_a_room_that_takes_longer_to_open_than_a_lease_lasts_is_led_all_the_same(
    pair: Pair, twin: bool
) -> None:
    one = pair.engine("one", "opens_slowly", *(["keeps_late"] if twin else []), ready=False)
    if twin:
        until(lambda: "leads no more" in one.errors(), 10, why=one.errors())
        assert not one.said()
    else:
        one.until_ready()
        assert "leads no more" not in one.errors()
