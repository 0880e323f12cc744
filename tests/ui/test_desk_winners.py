"""The winners' row on the stage of the desk: names, clock and the keys of the next, until all is settled."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.ui.test_desk import CTRL, sit
from tests.ui.test_host_winners import drawn_evening, settled
from ui.panels.stage import claims

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SETTLE_SECONDS", 0.0)


def _drawn() -> Evening:
    at = drawn_evening()
    at.until(0)
    return at


async def test_names_and_clock_stand_until_each_is_settled(sit: Any) -> None:
    evening = _drawn()
    at = await sit(evening.shown())
    row = at.desk.stage.winners
    at.desk._tick(NOW)
    names = [w.name for cue in evening.shown().cues for w in cue.winners]
    assert len(names) == 3
    assert row.isVisible()
    assert all(name in row.names.text() for name in names)
    assert (row.clock.text(), row.count.text()) == ("8:00", "已领 0 / 3")
    first = next(w for cue in evening.shown().cues for w in cue.winners)
    evening.ok("bag.settle", {"cue_id": "c-bag", "viewer_id": first.viewer_id, "ok": True})
    await at.show(evening.shown())
    assert row.count.text() == "已领 1 / 3"
    assert first.name not in row.names.text()
    await at.show(settled(_drawn()).shown())
    assert not row.isVisible()


async def test_one_key_confirms_the_next_and_one_passes_over(sit: Any) -> None:
    at = await sit(_drawn().shown())
    first = at.desk.stage.winners.moment.open[0]
    at.press(Qt.Key.Key_Y, CTRL)
    at.press(Qt.Key.Key_N, CTRL)
    asked = await at.asked(2)
    assert [(type_, data["ok"], data["viewer_id"]) for type_, data in asked] == [
        ("bag.settle", True, first.viewer_id),
        ("bag.settle", False, first.viewer_id),
    ]


async def test_a_card_of_the_phone_has_the_keys_before_it(sit: Any) -> None:
    """Keys are drawn only where they act now."""
    evening = Evening("manual", ago=300)
    evening.fire(evening.bag())
    evening.confirm("c-bag")
    evening.says("驼色好看", *(f"观众{n}" for n in range(12)))
    evening.until(60)
    at = await sit(evening.shown())
    row = at.desk.stage.winners
    assert (row.done._key, row.over._key) == ("Ctrl+Y", "Ctrl+N")
    evening.fire(evening.sale())
    await at.show(evening.shown())
    assert at.desk.left.owed.front is not None
    assert (row.done._key, row.over._key) == ("", "")
    at.press(Qt.Key.Key_Y, CTRL)
    await asyncio.sleep(0)
    assert all(type_ != "bag.settle" for type_, _ in at.bus.asked)


async def test_a_key_that_was_meant_for_the_one_before_settles_nobody(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "SETTLE_SECONDS", 60.0)
    at = await sit(_drawn().shown())
    at.press(Qt.Key.Key_Y, CTRL)
    await at.nothing_asked()


async def test_who_may_not_settle_has_no_key(sit: Any) -> None:
    evening = _drawn()
    at = await sit(evening.shown("assistant"), "assistant")
    row = at.desk.stage.winners
    may = row.moment.may_settle
    assert row.done.isVisible() is may
    assert row.isVisible()


async def test_a_locked_seat_settles_nobody(sit: Any) -> None:
    at = await sit(_drawn().shown())
    at.desk.lock()
    at.press(Qt.Key.Key_Y, CTRL)
    at.desk.stage.winners.done.click()
    await at.nothing_asked()
