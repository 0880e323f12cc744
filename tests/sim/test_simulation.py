"""Hundreds of worst evenings: no promise broken, all that is owed settled, and each of them the same twice.

A build plays 300 of them, every third twice; `make prove` ten thousand, each twice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole.domain.kinds import KINDS as KINDS_PLAYED
from liveconsole.messages.events import EVENTS
from tests.sim import batch
from tests.sim.faults import KINDS
from tests.sim.run import run

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("LIVECONSOLE_SIM_SEEDS", "300"))
TWICE_EVERY = 1 if os.environ.get("LIVECONSOLE_DEEP") == "1" else 3
"""What makes a seed another one the second time is in the program or in the simulation, not in a seed."""
SEEN_IN = 100
"""One seed in so many has every fault and every type of event, or the run proves nothing."""
PLAYED = (
    *("comment.", "viewer.", "gift.", "room.", "promotion.", "order.", "stock.", "coupon.", "bag."),
    *("cue.", "effect.", "cart.", "catalogue.", "product.", "broadcast.", "clock.", "rundown.", "note."),
    "pledge.",
    "places.",
    "place.",
    "pk.",
    "group.",
    "bargain.",
    "answer.",
    "review.",
    "story.",
    "right.",
    "violation.",
    "prepare.",
    "rivals.",
    "parts.",
    "sharer.",
    "shop.",
    "case.",
    "member.",
)
"""Events of what the simulated people do."""
ELSEWHERE = {
    "bag.name_settled": "winners of a platform's draw have no names here: tests/contract/test_stand_back.py",
    "room.restored": "a disk that is put back is another world: tests/contract/test_faults_k5_log.py",
    "viewer.forgotten": "nobody asks for it here: tests/contract/test_faults_k7.py",
    "source.gap": "the simulated room is looked at by no detector: tests/unit/domain/test_gaps.py",
    "connection.told": "the simulated room is connected to nothing: tests/unit/domain/test_connections.py",
    "aftersale.updated": "nobody here asks anything back: tests/unit/domain/test_aftersales.py",
    "viewer.joined_club": "no capture tool is here: tests/unit/domain/test_audiences.py",
    "coupon.overused": "two orders seldom meet in one coupon among eleven kinds: tests/ui/alarm_rooms.py",
    "shop.kept": "no shop is connected here: tests/unit/domain/test_shop.py",
    "shop.sent": "no shop is connected here: tests/unit/connectors/test_shop_asks.py",
    "review.shown": "its seq is seldom known here: tests/unit/engine/test_shown_reviews.py",
    "review.hidden": "nor is what is to be hidden: tests/unit/engine/test_shown_reviews.py",
    "story.told": "no word for stories is out here: tests/unit/engine/test_stories.py",
    "story.collecting": "nobody puts one out: tests/unit/engine/test_stories.py",
    "law.read": "the rules of law: tests/unit/domain/test_qualified.py",
    "seat.gave": "nobody joins from another computer: tests/contract/test_sharing.py",
    "world.proved": "no connection is here: tests/unit/domain/test_proofs.py",
    "clock.repaired": "the simulation's clock is never repaired: tests/faults/test_fault_clock_ahead.py",
}
"""Events that nobody here brings about, and where they are tried."""
SELDOM = {
    "bag.source",
    "bag.winners",
    "bag.no_more",
    "bag.asked",
    "place.freed",
    "note.cleared",
    "pledge.cleared",
    "right.removed",
    "violation.stepped",
    "prepare.planned",
    "prepare.dropped",
    "prepare.ticked",
    "rivals.put",
    "board.typed",
    "switchback.planned",
    "switchback.dropped",
    "parts.put",
    "sharer.put",
    "member.left",
    "member.spent",
    "member.deposited",
}
"""Seen, but not in every hundredth seed."""
SELDOM_IN = 1000
"""So many seeds see each of those: `make prove`."""
VIRTUAL_PER_REAL = 350
"""Of the fastest part, on a machine that others use: two seeds in five play several broadcasts, a third read
the state at every step, and what members, stories and gifts add is checked a second time."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def found() -> batch.Found:
    return batch.many(0, SEEDS, twice_every=TWICE_EVERY)


@pytest.mark.slow
def test_no_promise_is_broken_and_every_seed_repeats_itself(found: batch.Found) -> None:
    told = "\n".join(batch.line(seed, broken) for seed, broken in sorted(found.broken.items()))
    assert not found.broken, f"repeat it with:\n{told}"
    assert found.seeds == SEEDS
    assert found.repeated == len(range(0, SEEDS, TWICE_EVERY))
    print(found.words())


@pytest.mark.slow
def test_every_fault_struck_and_every_event_happened(found: batch.Found) -> None:
    few = found.seeds // SEEN_IN
    assert {kind: found.faults[kind] for kind in KINDS if found.faults[kind] < few} == {}
    played = [kind for kind in EVENTS if kind.startswith(PLAYED) and kind not in ELSEWHERE]
    often = [kind for kind in played if kind not in SELDOM]
    assert {kind: found.types[kind] for kind in often if found.types[kind] < few} == {}
    if found.seeds >= SELDOM_IN:
        assert {kind for kind in SELDOM if not found.types[kind]} == set()
    assert found.types["late"] >= 10 * few, "several broadcasts, and something told of the ones before"


@pytest.mark.slow
def test_it_is_fast_enough_to_be_run_often(found: batch.Found) -> None:
    # the best of the chunks: the others share their core with whatever else runs on the machine
    assert found.fastest >= VIRTUAL_PER_REAL, found.words()


def test_every_kind_of_promotion_goes_on_air_and_ends() -> None:
    """A kind that nobody in the simulation plays is one that its checks say nothing about."""
    seen: set[tuple[str, str]] = set().union(*(run(seed, "liveness").lives for seed in range(20)))
    assert {(kind.NAME, status) for kind in KINDS_PLAYED for status in ("on_air", "ended")} <= seen


def test_a_seed_is_the_same_in_another_process() -> None:
    """Nothing hangs on the order of a set: what the build found is found again at a desk."""
    traces = set()
    for hash_seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-m", "tests.sim", "7"]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True, timeout=60)
        traces.add(re.findall(rb"^trace: (\w+)", done.stdout, re.MULTILINE)[0])
    assert traces == {run(7).trace.encode()}


POWER = frozenset({"crash.power_cut"})


def test_power_cuts_lose_nothing_that_was_acknowledged() -> None:
    ran = [run(seed, "safety", only=POWER) for seed in range(8)]
    assert [one.broken for one in ran] == [None] * 8
    assert sum(one.faults["crash.power_cut"] for one in ran) >= 8


def test_the_twin_on_a_disk_that_lies_loses() -> None:
    """The checks see it when what was acknowledged is gone, or half of a commit is there."""
    broken = [run(seed, "safety", only=POWER, lying_disk=True).broken for seed in range(8)]
    assert any(words is not None and "gone" in words for words in broken), broken


def test_the_twin_of_peace_is_a_platform_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Liveness mode sees what stays owed: here nobody carries out anything, ever."""
    monkeypatch.setattr("tests.sim.platform.Line._arrived", lambda self, effect, future: None)
    monkeypatch.setattr("tests.sim.run.Everybody.tidy", lambda self: None)
    broken = [run(seed, "liveness", only=frozenset()).broken for seed in range(6)]
    assert any(words is not None and "not settled" in words for words in broken), broken
