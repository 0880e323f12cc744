"""Two engines on one folder: the second one goes, a revived one is fenced, and what the twins lose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.contract.engine_process import BATCH, comment
from tests.faults.harness.processes import Engine
from tests.faults.harness.rooms import log_of

Start = Callable[..., Engine]


def test_a_second_engine_goes_with_3_also_while_the_first_is_frozen(start: Start, tmp_path: Path) -> None:
    first = start()
    first.freeze()
    second = start(ready=False)
    assert second.process.wait() == 3
    assert "another engine runs" in second.errors()
    first.revive()
    assert first.post([comment("1")])["accepted"] == 1


def test_twin_without_the_lease_both_serve(start: Start) -> None:
    first = start(bend=("no_lease",))
    second = start(bend=("no_lease",))
    assert first.call("GET", "/v1/health", role=None).status == 200
    assert second.call("GET", "/v1/health", role=None).status == 200


def revived(start: Start, *bend: str) -> tuple[list[str], Engine]:
    """An engine is frozen, another takes its folder and writes, the first one wakes and is asked to write.
    The sources that the log has afterwards, and the first engine."""
    first = start(bend=("no_lease", *bend))
    first.post([comment("1", source="/first")])
    first.freeze()
    second = start(bend=("no_lease",))
    second.post([comment("2", source="/second")])
    first.revive()
    late = [comment("3", source="/late")]
    refused = first.call("POST", "/v1/events", late, role="producer", kind=BATCH).status
    if not bend:
        assert refused == 503
        assert first.process.wait() == 1
        assert second.found["pid"] == second.process.pid
        assert (second.folder / "engine.json").exists(), "the fenced engine took the other one's address away"
        assert second.post([comment("4", source="/second")])["accepted"] == 1
    sources = [line["source"] for line in second.log() if "source" in line]
    if not bend:
        log_of(second)
        assert second.stop() == 0
    return sources, first


def test_a_revived_engine_writes_nothing_and_ends(start: Start) -> None:
    sources, _ = revived(start)
    assert sources == ["/first", "/second", "/second"]


def test_twin_without_the_fence_it_writes_as_well(start: Start) -> None:
    sources, first = revived(start, "no_fence")
    assert "/late" in sources
    assert first.process.poll() is None
