"""OBS and the engine start, stop, crash and lose each other in any order while the room and a person go on:
the room's picture where the room had the last word, his where he had it, and a chapter for each pin."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.connectors.obs import follow
from liveconsole.connectors.obs.connector import ObsConnector
from liveconsole.messages.connections import ObsConnection
from liveconsole.tasks import cancel_all, spawn
from tests.unit.domain.desk import Desk
from tests.worlds.obs.room import WITHIN, DeskRoom, until
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio

SCENES = {"segment:问好": "开场", "pin": "商品", "idle": "候场"}
HIS = ("机位一", "机位二")
STEPS = 14


def studio() -> Studio:
    made = Studio()
    made.frames = 10
    made.add_scene("开场", "商品", "候场", *HIS)
    made.add_source("价格牌")
    made.start_record()
    return made


class Evening:
    """The OBS, the room and the connector of one walk, and by the rule alone what ought to be seen."""

    def __init__(self, seed: int, folder: Path, within: float) -> None:
        self.within = within
        self.chance = random.Random(seed)
        self.room = DeskRoom(Desk(recall_seconds=0), folder)
        self.obs = FakeObs(studio())
        self.made: ObsConnector | None = None
        self.running: asyncio.Task[None] | None = None
        self.open = False
        self.done, self.pinned, self.told = "", "", ""
        self.program = self.obs.studio.program
        self.chapters: list[str] = []
        self.pins = 0

    # what happens

    def time_passes(self) -> None:
        self.room.desk.wait(10)
        if self.open:
            self.obs.studio.frames += 300

    async def start_obs(self) -> None:
        if not self.open:
            await self.obs.start()
            self.open = True

    async def stop_obs(self) -> None:
        """Another run of it begins with a picture of its own."""
        if self.open:
            await self.obs.stop()
            self.open = False
            self.obs.studio = studio()
            self.program, self.done, self.chapters = self.obs.studio.program, "", []

    async def lose_session(self) -> None:
        if self.open:
            await self.obs.close_sessions(1001)

    async def start_engine(self) -> None:
        if self.running is None:
            settings = ObsConnection(
                address=self.obs.address, scenes=SCENES, texts={"价格牌": "{title}"}, chapters=True
            )
            self.made = ObsConnector(settings, self.room.folder, first_wait=0.02, tick=0.01)
            self.running = spawn(self.made.run(self.room), name="obs of a walk")

    async def stop_engine(self) -> None:
        if self.running is not None:
            await cancel_all([self.running])
            self.running = None

    async def pin(self) -> None:
        product_id = self.chance.choice(("scarf", "hat"))
        if self.room.desk.room.pinned.confirmed != product_id:
            self.room.desk.ok("cart.pin", {"product_id": product_id})
            self.pins += 1
            self.pinned = f"{product_id} {self.pins}"

    async def unpin(self) -> None:
        if self.pinned:
            self.room.desk.ok("cart.unpin", {})
            self.pinned = ""

    async def person(self) -> None:
        if self.open:
            self.program = self.chance.choice(HIS)
            self.obs.studio.by_hand(self.program)

    # what ought to be

    @property
    def together(self) -> bool:
        return self.open and self.running is not None

    def settle(self) -> None:
        wanted = "商品" if self.pinned else "候场"
        if self.together:
            if self.done != wanted:
                self.done = self.program = wanted
            if self.pinned and self.pinned != self.told:
                self.told = self.pinned
                self.chapters.append(self.pinned.split(" ")[0])

    async def look(self) -> None:
        text = self.pinned.split(" ")[0]
        made, shown = self.made, self.obs.studio

        def holds() -> bool:
            return (
                shown.program == self.program
                and shown.sources["价格牌"].settings.get("text", "") == text
                and [name.split(" ")[1] for name in shown.chapters] == self.chapters
            )

        if self.together:
            assert made is not None
            await until(lambda: made.state().state == "connected" and holds(), self.within)
            await asyncio.sleep(0.04)
            assert holds(), "and so it stays"
        else:
            assert shown.program == self.program


async def walk(seed: int, folder: Path, within: float = WITHIN) -> None:
    evening = Evening(seed, folder, within)
    happenings: list[Callable[[], object]] = [
        evening.start_obs, evening.stop_obs, evening.lose_session, evening.start_engine, evening.stop_engine,
        evening.pin, evening.pin, evening.unpin, evening.person,
    ]  # fmt: skip
    await evening.obs.start()
    await evening.obs.stop()
    try:
        for _ in range(STEPS):
            for happens in evening.chance.sample(happenings, evening.chance.randint(1, 2)):
                evening.time_passes()
                await happens()  # type: ignore[misc]
                evening.settle()
                await evening.look()
        await evening.start_obs()
        await evening.start_engine()
        evening.settle()
        await evening.look()
    finally:
        await evening.stop_engine()
        await evening.obs.stop()


@pytest.mark.parametrize("seed", range(2))
async def test_in_any_order(seed: int, tmp_path: Path) -> None:
    await walk(seed, tmp_path)


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 42))
async def test_in_any_order_at_length(seed: int, tmp_path: Path) -> None:
    await walk(seed, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("what", ["run", "done"])
async def test_twin_the_walk_sees_it_where_what_was_done_is_forgotten_or_a_new_run_is_not_known(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = what == "done"
    monkeypatch.setattr(follow, "another_run", lambda *_: known)
    for seed in range(12):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            await walk(seed, folder, 1.0)
        except AssertionError:
            return
    raise AssertionError("no walk saw it")
