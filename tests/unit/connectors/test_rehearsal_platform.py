"""The simulated platform: once for each key, whatever it answers, and its book survives it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liveconsole.connectors.rehearsal import settings
from liveconsole.connectors.rehearsal.client import PlatformClient
from liveconsole.connectors.rehearsal.ledger import (
    AskedRow,
    FileLedger,
    MemoryLedger,
    OutcomeRow,
    SimulatedPlatform,
)
from liveconsole.connectors.rehearsal.platform import LEDGER, look_up
from liveconsole.connectors.rehearsal.scenario import Behaviour
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.specs import PinSpec

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SOON = (0.1, 0.2)


def ask(platform: SimulatedPlatform, key: str = "k", step: str = "on_air", now: datetime = NOW):  # type: ignore[no-untyped-def]
    return platform.ask(now, key=key, cue_id="c", step=step, kind="coupon")


def test_a_good_platform_says_yes_soon_and_does_it_once() -> None:
    book = MemoryLedger()
    platform = SimulatedPlatform(Behaviour(seconds=SOON), 1, book)
    first = ask(platform)
    assert first.outcome == "done"
    assert first.after is not None
    assert 0.1 <= first.after <= 0.2
    assert platform.query(NOW, "k") == "unknown"
    assert platform.query(NOW + timedelta(seconds=1), "k") == "done"
    assert platform.query(NOW, "other") == "absent"
    ask(platform)
    ask(platform)
    assert [type(row) for row in book.kept] == [AskedRow, OutcomeRow, AskedRow, AskedRow]


@pytest.mark.parametrize(
    ("behaviour", "outcome", "late", "twice"),
    [
        (Behaviour(seconds=SOON, silent=1.0), "done", None, False),
        (Behaviour(seconds=SOON, late=1.0, late_seconds=(7, 8)), "done", True, False),
        (Behaviour(seconds=SOON, refuse=1.0), "refused", False, False),
        (Behaviour(seconds=SOON, twice=1.0), "done", False, True),
    ],
)
def test_a_bad_platform_behaves_as_its_scenario_says(
    behaviour: Behaviour, outcome: str, late: bool | None, twice: bool
) -> None:
    reply = ask(SimulatedPlatform(behaviour, 1, MemoryLedger()))
    assert reply.outcome == outcome
    assert reply.twice is twice
    if late is None:
        assert reply.after is None
    else:
        assert reply.after is not None
        assert (reply.after > 1) is late


def test_an_end_is_never_refused() -> None:
    assert (
        ask(SimulatedPlatform(Behaviour(seconds=SOON, refuse=1.0), 1, MemoryLedger()), step="ended").outcome
        == "done"
    )


def test_the_book_outlives_the_platform_and_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "book"
    book = FileLedger(path)
    ask(SimulatedPlatform(Behaviour(seconds=SOON, refuse=1.0), 1, book))
    book.close()
    path.write_bytes(path.read_bytes() + b'{"row":"asked","at":')
    book = FileLedger(path)
    again = SimulatedPlatform(Behaviour(seconds=SOON), 2, book)
    assert again.query(NOW + timedelta(seconds=1), "k") == "refused"
    assert ask(again).outcome == "refused", "it stays what it was, whatever the new seed says"
    book.close()
    kept = FileLedger(path)
    assert [type(row) for row in kept.rows()] == [AskedRow, OutcomeRow, AskedRow]
    kept.close()


def effect(key: str) -> Effect:
    return Effect(key, "c", "on_air", "pin", PinSpec("p"), NOW, asked=False)


async def test_its_process_is_asked_over_loopback_and_started_again_after_a_kill(tmp_path: Path) -> None:
    settings.keep(tmp_path, settings.Rehearsal(seed=1, scenario="default"))
    client = PlatformClient(tmp_path)
    try:
        assert await client.query(effect("a")) == PlatformSaid("absent")
        assert await client.ask(effect("a")) == PlatformSaid("done")
        found = look_up(tmp_path)
        assert found is not None
        assert client._child is not None
        client._child.kill()
        client._child.wait()
        assert await client.query(effect("a")) == PlatformSaid("done"), "the book was on disk"
        assert look_up(tmp_path) != found
    finally:
        await client.close()
    assert look_up(tmp_path) is None
    book = FileLedger(tmp_path / LEDGER)
    assert sum(isinstance(row, OutcomeRow) for row in book.rows()) == 1
    book.close()


async def test_in_a_drill_its_process_does_it_and_nobody_is_told(tmp_path: Path) -> None:
    settings.keep(tmp_path, settings.Rehearsal(seed=1, scenario="default"))
    silent: list[float | None] = [30.0]

    async def still() -> float | None:
        return silent[0]

    client = PlatformClient(tmp_path, still)
    try:
        await client.start()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.8):  # otherwise it answers within 0.4
                await client.ask(effect("a"))
        assert await client.query(effect("a")) == PlatformSaid("unknown")
        silent[0] = None
        assert await client.ask(effect("b")) == PlatformSaid("done"), "the twin: no drill, and it speaks"
    finally:
        await client.close()
    book = FileLedger(tmp_path / LEDGER)
    assert sum(isinstance(row, OutcomeRow) and row.key == "a" for row in book.rows()) == 1
    book.close()


async def test_an_answer_that_comes_twice_harms_nothing(tmp_path: Path) -> None:
    settings.keep(tmp_path, settings.Rehearsal(seed=3, scenario="slow_platform"))
    client = PlatformClient(tmp_path)
    probe = SimulatedPlatform(
        Behaviour(seconds=(0.2, 1.0), late=0.35, twice=0.2, silent=0.15, refuse=0.08), 3, MemoryLedger()
    )
    twice = [
        k
        for k in map(str, range(200))
        if (r := ask(probe, k)).twice and r.after is not None and r.after < 1.1
    ]
    try:
        for key in twice[:2]:
            await client.ask(effect(key))  # our HTTP client may find the second answer too odd to go on
            assert (await client.query(effect("never"))).outcome == "absent", "not the answer to the last one"
            assert (await client.query(effect(key))).outcome in ("done", "refused")
    finally:
        await client.close()
