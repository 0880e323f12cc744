"""整点秒杀 at the desk: composed, one row in the queue with its time, on the host's screen, undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from liveconsole.messages.verdicts import Verdict
from tests.ui.committed import NOW
from tests.ui.evening import SALE, Evening
from tests.ui.fake_bus import until
from tests.ui.test_composer import Composing
from tests.ui.test_host import hosts, words
from ui.panels.composer.starts import BEAT
from ui.panels.queue.rows import faces
from ui.seat.room import RoomView
from ui.windows.host import facts
from ui.windows.undo.edit import Edit, Undo
from ui.windows.undo.inverse import inverse

__all__ = ["hosts"]

EVERY = {"minutes": 60, "times": 5}
SOON = (NOW + timedelta(minutes=5)).isoformat()


def hourly() -> Evening:
    """A plan whose first time is in five minutes, approved."""
    at = Evening()
    at.add("first", "flash_sale", SALE, at=SOON, repeat=EVERY)
    at.approve("first")
    return at


@pytest_asyncio.fixture
async def composing(dressed: QApplication) -> AsyncIterator[Any]:
    opened: list[Composing] = []

    async def open_(**more: Any) -> Composing:
        made = Composing(**more)
        await made.open()
        opened.append(made)
        return made

    yield open_
    for made in opened:
        await made.close()


async def test_every_full_hour_is_a_choice_of_the_form(composing: Any) -> None:
    made = await composing()
    starts = made.sheet.starts
    assert made.sheet.command()[1].keys() == {"kind", "spec"}
    starts.choose(BEAT)
    _, data = made.sheet.command()
    assert (data["at"][14:19], data["repeat"]) == ("00:00", {"minutes": 60, "times": 5})
    starts.minutes.setValue(20)
    starts.times.setValue(3)
    assert made.sheet.command()[1]["repeat"] == {"minutes": 20, "times": 3}
    assert starts.minutes.isVisible()
    starts.choose("")
    assert made.sheet.command()[1].keys() == {"kind", "spec"}
    assert not starts.minutes.isVisible()


async def test_a_plan_is_changed_in_its_own_form(composing: Any) -> None:
    cue = RoomView(hourly().shown()).cues["first"]
    made = await composing(cue=cue)
    _, data = made.sheet.command()
    assert data["repeat"] == EVERY
    assert cue.fires_at is not None
    assert data["at"][11:19] == cue.fires_at.astimezone().strftime("%H:%M:%S")


async def test_the_refusal_of_a_beat_that_is_too_close_is_said(composing: Any) -> None:
    made = await composing()
    made.sheet.starts.choose(BEAT)
    made.sheet.show_judged(Verdict(code="repeat_too_close", params={"minutes": 1, "seconds": 63}))
    assert "一场却要 63 秒" in made.sheet.result.said.text()
    await until(lambda: not made.sheet.add_it.isEnabled())


def test_the_queue_has_one_row_for_a_plan_with_its_time_and_which_it_is(dressed: QApplication) -> None:
    at = hourly()
    (row,) = faces(RoomView(at.shown()), "host", {})
    assert (row.round, row.fires_at) == ("第 1/5 场", NOW + timedelta(minutes=5))
    at.wait(310)
    (row,) = faces(RoomView(at.shown()), "host", {})
    assert (row.round, row.fires_at) == ("第 2/5 场", NOW + timedelta(minutes=65))


def test_her_screen_says_when_the_next_one_is(hosts: Any) -> None:
    at = hourly()
    assert facts.next_round(RoomView(at.shown())).endswith("第 1/5 场")
    window = hosts(at.shown())
    assert "秒杀 第 1/5 场 · 下一品" in words(window)
    at.ok("cue.remove", {"cue_id": "first"})
    assert facts.next_round(RoomView(at.shown())) == ""


def _undone(at: Evening, type_: str, data: dict[str, Any]) -> None:
    before = at.shown()
    result = at.ok(type_, data)
    undo = inverse(Edit(type_, data, "host", before, result, lambda: "again"))
    assert isinstance(undo, Undo)
    assert undo.stands(at.shown())
    for command in undo.commands:
        at.ok(*command)


@pytest.mark.parametrize(
    ("type_", "data", "cue_id"),
    [
        ("cue.remove", {"cue_id": "first"}, "again"),
        ("cue.edit", {"cue_id": "first", "spec": SALE, "repeat": None}, "first"),
    ],
)
def test_what_ends_a_plan_is_taken_back(type_: str, data: dict[str, Any], cue_id: str) -> None:
    at = hourly()
    _undone(at, type_, data)
    cue = at.cue(cue_id)
    assert cue.repeat is not None
    assert (cue.at, cue.repeat.minutes, cue.repeat.times) == (NOW + timedelta(minutes=5), 60, 5)


async def test_what_has_to_be_explained_first_is_chosen_in_the_form(composing: Any) -> None:
    made = await composing()
    made.sheet.starts.after.choose("gloves")
    assert made.sheet.command()[1]["only_after"] == "gloves"
    at = Evening()
    at.add("sale", "flash_sale", SALE, only_after="gloves")
    at.approve("sale")
    (row,) = faces(RoomView(at.shown()), "host", {})
    assert (row.waits, row.blocked.startswith("先讲「羊毛手套")) == ("等先讲别的", True)
    changed = await composing(cue=RoomView(at.shown()).cues["sale"])
    assert "only_after" not in changed.sheet.command()[1], "it stays as it was"
    changed.sheet.starts.after.choose("")
    assert changed.sheet.command()[1]["only_after"] is None


@pytest.mark.parametrize("edit", [("cue.remove", {}), ("cue.edit", {"spec": SALE, "only_after": None})])
def test_what_has_to_be_explained_first_comes_back_with_an_undo(edit: Any) -> None:
    at = Evening()
    at.add("first", "flash_sale", SALE, only_after="gloves")
    type_, more = edit
    _undone(at, type_, {"cue_id": "first", **more})
    assert [c.only_after for c in at.room.cues.values() if c.status == "queued"] == ["gloves"]
