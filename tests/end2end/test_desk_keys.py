"""The keys a person would press, on a real desk that joined a real engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from liveconsole.bus.client import Client
from tests.contract.engine_process import EngineProcess
from tests.end2end.desk_person import CTRL, SHIFT, Person, Story, comments, leave, live
from ui.panels.composer.bag import BagForm
from ui.panels.queue.winners import WinnersSheet
from ui.seat import session
from ui.windows.shell import Shell


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0")
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def at_the_desk(engine: EngineProcess) -> Callable[..., None]:
    """Run a story at a desk that joined the engine as `role`."""

    def run(story: Story, role: session.Role = "host") -> None:
        live(lambda: _sit(engine, story, role))

    return run


async def _sit(engine: EngineProcess, story: Story, role: session.Role) -> None:
    shell = Shell(engine.folder, session.Remembered())
    outside = Client(engine.found["url"], engine.tokens["host"])
    try:
        shell.show()
        shell.activateWindow()
        shell.begin(role=role)
        person = Person(shell, outside)
        await person.sees(lambda: person.joined)
        await story(person)
    finally:
        await outside.close()
        await leave(shell)


def test_pin_compose_approve_fire_recall_stop(at_the_desk: Callable[..., None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.brings_products_in()
        await person.opens()

        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: person.state.pinned.confirmed == "A1")
        assert desk.cart.next.face.endswith("贝雷帽")

        await person.proposes_sale("99")
        row = desk.queue.rows()[0]
        await person.sees(lambda: row.face.lowest_fen == 9900)
        assert (row.face.key, row.fire.face) == ("Ctrl+1", "开抢")
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            await person.press(key)
        desk.commands.approve(row.face.cue_id)
        await person.sees(lambda: person.of("flash_sale", "approved"))

        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: desk.queue.bars())
        assert "秒后发出：秒杀 羊绒围巾 ¥99 × 10" in desk.queue.bars()[0].said
        await person.press(Qt.Key.Key_Escape)
        await person.sees(lambda: person.of("flash_sale", "recalled"))
        assert not desk.queue.bars()

        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: person.of("flash_sale", "on_air"))
        card = desk.stage.cards()[0]
        assert "9:5" in card.ring.shown[0] or "10:00" in card.ring.shown[0]
        await person.press(Qt.Key.Key_1, CTRL | SHIFT)
        await person.sees(lambda: person.of("flash_sale", "ended"))
        assert not desk.stage.cards()
        assert any("手动停止" in line.said for line in desk.queue._ended.values())

    at_the_desk(story)


def test_a_bag_takes_who_said_it_and_is_drawn(at_the_desk: Callable[..., None], tmp_path: Path) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.outside.command("room.set", {"recall_seconds": 0})
        await person.outside.command("broadcast.open", {})
        await person.sees(lambda: person.state.broadcast.status == "open")
        sheet = await person.composes("lucky_bag")
        form = sheet.form
        assert isinstance(form, BagForm)
        form.prize.setText("帽子 <b>大</b>")
        form.value.setText("69")
        form.keyword.setText("想要")
        form.winners.setValue(1)
        form.alternates.setValue(1)
        form.lasts_entry.set_seconds(3)
        await person.sees(sheet.approve_it.isEnabled)
        await person.click(sheet.approve_it)
        await person.sees(lambda: person.of("lucky_bag", "approved"))
        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: person.of("lucky_bag", "on_air"))
        said = comments({"甲": "想要", "乙": "想要", "丙": "不要", "丁": "想要"})
        await person.outside.post_events(said)
        await person.sees(lambda: person.of("lucky_bag", "on_air")[0].entrants == 3)
        await person.sees(lambda: desk.feed.feed.comments == 4)
        await person.press(Qt.Key.Key_1, CTRL | SHIFT)  # a bag is not stopped without a reason
        await person.sees(lambda: desk.side.sheet is not None)
        await person.press(Qt.Key.Key_Escape)
        await person.sees(lambda: person.of("lucky_bag", "ended"))
        bag = person.of("lucky_bag", "ended")[0]
        assert bag.ended_because == "drawn"
        desk.sheets.winners(bag.cue_id)
        winners = desk.side.sheet
        assert isinstance(winners, WinnersSheet)
        first = bag.winners[0]
        assert first.name in {"甲", "乙", "丁"}
        winners.settle(first.viewer_id, ok=False)
        await person.sees(lambda: person.of("lucky_bag", "ended")[0].winners[-1].viewer_id != first.viewer_id)
        await winners.keep(tmp_path / "receipt.json")
        assert (tmp_path / "receipt.json").stat().st_size > 100

    at_the_desk(story)


def test_under_manual_nothing_is_on_air_before_a_person_said_so(at_the_desk: Callable[..., None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.outside.command("room.set", {"platform": "manual", "recall_seconds": 0})
        await person.brings_products_in()
        await person.opens()
        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: len(desk.left.owed.cards()) == 1)
        pinning = desk.left.owed.cards()[0]
        assert "1 号 羊绒围巾" in pinning.face.words
        assert person.state.pinned.confirmed is None
        await person.click(pinning.done)
        await person.sees(lambda: person.state.pinned.confirmed == "A1")

        await person.proposes_sale("99")
        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: person.of("flash_sale", "firing"))
        await person.sees(lambda: len(desk.left.owed.cards()) == 1)
        assert person.of("flash_sale", "on_air") == []
        assert "限时抢购" in desk.left.owed.cards()[0].face.words
        await person.click(desk.left.owed.cards()[0].done)
        await person.sees(lambda: person.of("flash_sale", "on_air"))

        await person.press(Qt.Key.Key_1, CTRL | SHIFT)
        await person.sees(lambda: person.of("flash_sale", "ended"))
        await person.sees(lambda: [c.face.step for c in desk.left.owed.cards()] == ["ended"])
        ending = desk.left.owed.cards()[0]
        assert ending.face.loud
        assert ending.failed.isHidden()
        await person.click(ending.done)
        await person.sees(lambda: not desk.left.owed.cards())

    at_the_desk(story)


def test_halt_is_held_and_closing_on_air_asks(at_the_desk: Callable[..., None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.outside.command("room.set", {"recall_seconds": 0})
        await person.brings_products_in()
        await person.opens()
        await person.proposes_sale("99")
        await person.press(Qt.Key.Key_1, CTRL)
        await person.sees(lambda: person.of("flash_sale", "on_air"))

        await person.press(Qt.Key.Key_F12)  # down and up at once: no halt
        await person.sees(lambda: desk.strip.halt.progress == 0)
        person.shell.close()
        await person.sees(lambda: desk.side.sheet is not None)
        assert person.shell.isVisible()
        await person.press(Qt.Key.Key_Escape)
        assert desk.side.sheet is None

        await person.hold(Qt.Key.Key_F12)
        await person.sees(lambda: person.of("flash_sale", "ended"))
        await person.let_go(Qt.Key.Key_F12)
        assert person.of("flash_sale", "ended")[0].ended_because == "halted"

    at_the_desk(story)


def test_an_assistant_proposes_and_cannot_fire(at_the_desk: Callable[..., None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.outside.command("broadcast.open", {})
        await person.brings_products_in()
        sheet = await person.composes("flash_sale")
        assert sheet.add_it.text() == "提交"
        assert not sheet.approve_it.isVisible()
        await person.click(desk.side.sheet._close)  # type: ignore[union-attr]
        await person.proposes_sale("99")
        row = desk.queue.rows()[0]
        assert (row.face.fire, row.face.key, row.fire.isVisible()) == ("", "", False)
        await person.sees(lambda: "助理提交 · 等了 0:0" in row._asked.text())
        await person.press(Qt.Key.Key_1, CTRL)
        await person.press(Qt.Key.Key_PageDown)
        await asyncio.sleep(0.3)
        assert list(person.statuses().values()) == ["queued"]
        assert not desk.strip.halt.isVisible()

    at_the_desk(story, role="assistant")
