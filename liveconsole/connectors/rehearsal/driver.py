"""The world of a running rehearsal: audience, shoppers and, if wanted, the host of the script, all of them
clients of the engine's door like any other program. A process of its own, one to a folder.

``python -m liveconsole rehearsal-world --data DIR [--speed X] [--autopilot] [--until-eof]``. With
``--until-eof`` it belongs to whoever holds its stdin: on the line ``bye`` it stops the engine and ends; on a
bare end (the desk was killed) the audience stays a while, so that a new desk finds its room, then leaves,
and the broadcast is closed, so that an engine without seats may end as well.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from liveconsole.bus.client import BusError, Busy, Client, EngineCannotWrite, EngineGone
from liveconsole.bus.discovery import Discovery
from liveconsole.bus.launch import running
from liveconsole.connectors.rehearsal import scenario, settings
from liveconsole.connectors.rehearsal.autopilot import Autopilot
from liveconsole.connectors.rehearsal.drills import DrillScript
from liveconsole.connectors.rehearsal.moment import Ask, Moment
from liveconsole.connectors.rehearsal.view import of_state
from liveconsole.connectors.rehearsal.world import World
from liveconsole.connectors.source import BATCH
from liveconsole.exits import Exit
from liveconsole.logs import set_up
from liveconsole.paths import data_folder, log_folder, own_folder
from liveconsole.tasks import spawn

log = logging.getLogger(__name__)

BYE: Final = b"bye\n"
STEP_SECONDS: Final = 0.25
_ENGINE_WITHIN: Final = 20.0
HANDOVER: Final = "world.handover"
_GOES_WITHIN: Final = 3.0
_STAY: Final = 120.0
"""Seconds that the audience stays after its desk was killed."""
_GIVE_UP: Final = 30.0
"""Seconds without an engine after which there is nobody left to play to."""


class Driver:
    """Plays a world into one engine, at ``speed`` times the wall's pace. `play` ends with `stop`, or when the
    engine stays away."""

    def __init__(
        self, found: Discovery, rehearsal: settings.Rehearsal, *, speed: float, autopilot: bool
    ) -> None:
        played, products = scenario.load(rehearsal.scenario), scenario.products()
        self._start = datetime.now(UTC)
        run = f"{int(self._start.timestamp()):x}"
        self._speed = speed
        self._world = World(
            played, rehearsal.seed, self._start, products=products, phrases=scenario.phrases(), run=run
        )
        self._autopilot = Autopilot(played, self._start, products=products, run=run, script=autopilot)
        self._drills = DrillScript(run)
        self._clients = {
            role: Client(found.url, found.tokens[role], found.proof_key)
            for role in ("host", "assistant", "producer")
        }
        self._stopping = asyncio.Event()
        self._heard = 0
        self._asked: dict[str, dict[str, Any]] = {}
        """What seats asked of the shop and nobody has done yet, by its id."""

    def stop(self) -> None:
        self._stopping.set()

    async def play(self) -> None:
        """The room is prepared, then lived in."""
        loop = asyncio.get_running_loop()
        try:
            await self._as_asked(self._autopilot.prepare())
            began = heard = loop.time()
            while not self._stopping.is_set():
                now = self._start + timedelta(seconds=(loop.time() - began) * self._speed)
                try:
                    await self._step(now)
                    heard = loop.time()
                except EngineGone as why:
                    if loop.time() - heard > _GIVE_UP:
                        log.info("no engine any more (%s): the world ends", why)
                        return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), STEP_SECONDS)
        finally:
            for client in self._clients.values():
                await client.close()

    async def stop_engine(self) -> None:
        """End it; the broadcast stays as it is in the log."""
        async with self._clients["host"] as host:
            await host.stop()

    async def close_broadcast(self) -> None:
        """So that an engine with no seats left may end."""
        async with self._clients["host"] as host:
            await host.command("room.halt", {})
            await host.command("broadcast.close", {})

    async def _step(self, now: datetime) -> None:
        view = of_state(await self._clients["host"].state())
        # A drill goes by the wall's clock, as its end does, however fast the audience lives.
        second = asyncio.get_running_loop().time()
        drilled = self._drills.step(second, view)
        if self._world.has_buyers:
            await self._hear()
        moment = self._world.step(now, view, self._drills.air(second))
        await self._tell(moment)
        await self._as_asked(drilled)
        await self._as_asked(self._autopilot.step(now, view))
        answers = await asyncio.gather(*(self._ask(ask) for ask in moment.asks))
        for ask, answer in zip(moment.asks, answers, strict=True):
            self._world.answered(ask.id, bool(answer["ok"]), answer.get("result") or {})

    async def _hear(self) -> None:
        """What was asked of the shop, and what a person says that he did there: the buyers see it."""
        page = await self._clients["host"].log(self._heard, types=("shop.asked", "shop.settled"))
        for event in page:
            self._heard, data = event["seq"], event["data"]
            if event["type"] == "shop.asked":
                self._asked[data["ask_id"]] = data
            elif (ask := self._asked.pop(data["ask_id"], None)) is not None:
                done = data["outcome"] == "done"
                case_id = ask.get("aftersale_id", "")
                self._world.shop_did(case_id, ask["order_id"], ask["act"], done=done)

    async def _tell(self, moment: Moment) -> None:
        for start in range(0, len(moment.facts), BATCH):
            await _patiently(
                partial(self._clients["producer"].post_events, moment.facts[start : start + BATCH])
            )

    async def _as_asked(self, asks: Sequence[Ask]) -> None:
        """One after the other, as a person presses keys."""
        for ask in asks:
            answer = await self._ask(ask)
            if not answer["ok"]:
                log.info("%s was refused: %s", ask.type, answer.get("code"))

    async def _ask(self, ask: Ask) -> dict[str, Any]:
        return await _patiently(partial(self._clients[ask.role].command, ask.type, ask.data, ask.id))


async def _patiently(ask: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """The answer, asked for again while the engine's inbox or disk is full."""
    while True:
        try:
            return await ask()
        except (Busy, EngineCannotWrite) as why:
            await asyncio.sleep(why.retry_after if isinstance(why, Busy) else 1.0)


def run(argv: Sequence[str]) -> int:
    """0: ended as asked; 1: there is no engine; 3: the folder has a world already."""
    words = argparse.ArgumentParser(prog="liveconsole rehearsal-world")
    words.add_argument("--data", type=Path)
    words.add_argument("--speed", type=float, default=1.0)
    words.add_argument("--autopilot", action="store_true")
    words.add_argument("--until-eof", action="store_true")
    args = words.parse_args(argv)
    folder = own_folder(data_folder(args.data))
    lock = FileLock(folder / "world.lock")
    try:
        _take_over(lock, folder / HANDOVER)
    except Timeout:
        return Exit.TAKEN
    try:
        set_up(log_folder(folder), "world")
        return asyncio.run(_drive(folder, args.speed, autopilot=args.autopilot, until_eof=args.until_eof))
    finally:
        lock.release()


def _take_over(lock: FileLock, handover: Path) -> None:
    """The folder's only world is this one from here on. One that stayed behind after its desk was killed goes
    when it is asked to; one whose desk lives does not (Timeout)."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        handover.touch()
        lock.acquire(timeout=_GOES_WITHIN)
    finally:
        handover.unlink(missing_ok=True)


async def _drive(folder: Path, speed: float, *, autopilot: bool, until_eof: bool) -> int:
    found = await _engine(folder)
    if found is None:
        sys.stderr.write(f"no engine runs on {folder}\n")
        return Exit.FAILED
    driver = Driver(found, settings.of(folder), speed=speed, autopilot=autopilot)
    owner = _Owner(driver.stop)
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), owner.from_outside)
    watching = None
    if until_eof:
        owner.listen()
        watching = spawn(owner.let_go(_STAY, folder / HANDOVER), name="stays a while")
    await driver.play()
    if watching is not None:
        watching.cancel()
    with contextlib.suppress(BusError):
        if owner.said_bye:
            await driver.stop_engine()
        elif owner.waited_in_vain:
            await driver.close_broadcast()
    return Exit.OK


async def _engine(folder: Path) -> Discovery | None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _ENGINE_WITHIN
    while loop.time() < deadline:
        found = await running(folder)
        if found is not None:
            return found
        await asyncio.sleep(0.1)
    return None


class _Owner:
    """Whoever holds our stdin."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = stop
        self.said_bye = False
        self.waited_in_vain = False
        self.gone = asyncio.Event()

    def from_outside(self, *_: Any) -> None:
        """A signal."""
        self._on_loop(self._stop)

    def listen(self) -> None:
        threading.Thread(target=self._read, daemon=True, name="stdin").start()

    async def let_go(self, after: float, handover: Path) -> None:
        """End at once after a bye; ``after`` the owner has gone without a word, or when another asks."""
        await self.gone.wait()
        deadline = self._loop.time() + after
        while not self.said_bye and not handover.exists():  # noqa: ASYNC240  # one stat
            if self._loop.time() >= deadline:
                self.waited_in_vain = True
                break
            await asyncio.sleep(0.2)
        self._stop()

    def _read(self) -> None:
        """Without Python's buffer: a daemon thread that holds its lock at exit aborts the interpreter."""
        said = b""
        with contextlib.suppress(OSError):
            while more := os.read(0, 4096):
                said = (said + more)[-16:]
                if said.endswith(BYE):
                    break
        self.said_bye = said.endswith(BYE)
        self._on_loop(self.gone.set)

    def _on_loop(self, do: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(do)
