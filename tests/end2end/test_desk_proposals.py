"""What waits for somebody's yes, at a real engine by keys: proposals, four eyes, steps done on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from liveconsole.bus.client import Client
from tests.contract.engine_process import EngineProcess
from tests.end2end.desk_person import CTRL, Person
from tests.end2end.test_desk_keys import at_the_desk, engine
from ui.panels.owed.panel import SETTLE_SECONDS

__all__ = ["at_the_desk", "engine"]

LINE = "1号 秒99 x10 限1 5分"
LOOK = SETTLE_SECONDS + 0.3
"""How long a card is looked at before it is answered: sooner the desk does not take the answer."""


async def _proposes(person: Person) -> str:
    """By Ctrl+K, a paste and Enter; the cue."""
    bar = person.desk.proposals.line
    await person.press(Qt.Key.Key_K, CTRL)
    await person.sees(lambda: person.shell.focusWidget() is bar.line)
    QGuiApplication.clipboard().setText(LINE)
    await person.press(Qt.Key.Key_V, CTRL)
    await person.sees(lambda: "最低到手" in bar.cost.text())
    await person.press(Qt.Key.Key_Return)
    await person.sees(lambda: person.of("flash_sale", "queued"))
    await person.press(Qt.Key.Key_Escape)
    return person.of("flash_sale", "queued")[0].cue_id


async def _with_a_scarf(engine: EngineProcess, person: Person) -> None:
    product = {"product_id": "A1", "title": "羊绒围巾", "price_fen": 19900, "stock": 128, "floor_fen": 9900}
    engine.done("catalogue.put", products=[product])
    engine.done("cart.add", product_ids=["A1"])
    engine.done("broadcast.open")
    await person.sees(lambda: person.state.cart.items and person.state.broadcast.status == "open")


@pytest.mark.slow
def test_a_proposal_that_nobody_answers_goes_back_by_itself(
    engine: EngineProcess, at_the_desk: Callable[..., None]
) -> None:
    async def story(person: Person) -> None:
        engine.done("room.set", proposal_seconds=10)
        await _with_a_scarf(engine, person)
        cue_id = await _proposes(person)
        row = person.desk.queue.row(cue_id)
        assert row is not None
        await person.sees(lambda: "后自动退回" in row._asked.text() and "等了 0:0" in row._asked.text())
        await person.sees(lambda: person.of("flash_sale", "rejected"), within=20)
        await person.sees(lambda: row._note.text().startswith("已退回："))
        assert "后自动退回" not in row._asked.text()

    at_the_desk(story, "assistant")


def test_four_eyes_are_two_peoples(engine: EngineProcess, at_the_desk: Callable[..., None]) -> None:
    async def story(person: Person) -> None:
        engine.done("room.set", four_eyes=True, recall_seconds=0)
        await _with_a_scarf(engine, person)
        cue_id = await _proposes(person)
        row = person.desk.queue.row(cue_id)
        assert row is not None
        await person.sees(lambda: row._note.text() == "要另一个人审核")
        await person.press(Qt.Key.Key_Return, CTRL)
        await person.press(Qt.Key.Key_1, CTRL)
        assert person.of("flash_sale", "queued")
        async with Client(engine.found["url"], engine.tokens["operator"]) as operator:
            assert (await operator.command("cue.approve", {"cue_id": cue_id}))["ok"]
        await person.sees(lambda: row.face.key == "Ctrl+1" and not row.fire.reason)
        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: person.of("flash_sale", "on_air"))
        state = engine.state()
        cue = next(c for c in state["cues"] if c["cue_id"] == cue_id)
        assert (cue["proposed_by"], cue["approved_by"]) == ("host", "operator")

    at_the_desk(story)


def test_what_was_done_on_the_phone_is_answered_by_keys(
    engine: EngineProcess, at_the_desk: Callable[..., None]
) -> None:
    async def story(person: Person) -> None:
        engine.done("room.set", platform="manual", recall_seconds=0)
        await _with_a_scarf(engine, person)
        manual = person.desk.left.owed
        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: len(manual.cards()) == 1)
        await asyncio.sleep(LOOK)
        await person.press(Qt.Key.Key_Y, CTRL)
        await person.sees(lambda: person.state.pinned.confirmed == "A1" and not manual.cards())
        cue_id = await _proposes(person)
        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: [card.face.cue_id for card in manual.cards()] == [cue_id])
        await asyncio.sleep(LOOK)
        await person.press(Qt.Key.Key_N, CTRL)
        await person.sees(lambda: person.of("flash_sale", "refused") and not manual.cards())

    at_the_desk(story)
