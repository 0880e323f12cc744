"""Two engines of one room in a database, at a broker, and a seat that asks and follows over it while
the leader is killed or frozen, or the broker dies: nothing is lost or done twice, none answers from the past.

Quick: the leader is killed, then the broker. `LIVECONSOLE_DEEP=1`: twenty rounds, frozen leaders among them.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Denied, EngineGone
from liveconsole.bus.joining import SeatCredential, enrolled
from liveconsole.bus.nats.calls import EPOCH, PART, STATUS
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up, say
from liveconsole.bus.nats.folder import own_key
from liveconsole.bus.nats.following import Epoch
from liveconsole.bus.nats.keys import new_seed, public_of
from liveconsole.bus.nats.wire import NatsWire
from liveconsole.messages.sharing import ShareRevoke
from liveconsole.tasks import spawn
from tests import services
from tests.brokers import Broker, all_said
from tests.contract.engine_process import EngineProcess
from tests.contract.nats_room import answers
from tests.doors.sharing import joined, local

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="freezes processes by signals")

DEEP: Final = os.environ.get("LIVECONSOLE_DEEP") == "1"
ROUNDS: Final = 20 if DEEP else 2
KILLED_SECONDS: Final = 6.0
"""From a kill to the next answer, on a machine that is busy with the whole build; by itself it is one."""
FROZEN_SECONDS: Final = 8.0


class Pair:
    """An engine that leads and one that stands by, each in a folder of its own, and their broker."""

    def __init__(self, folder: Path, database: str) -> None:
        self.words = ("--database", database, "--room", "r", "--port", "0")
        folders = [folder / name for name in ("a", "b")]
        for one in folders:
            one.mkdir()
        self.broker = Broker(folders[0], room="r", engines=[own_key(folders[1])]).start()
        self.leads = self._engine(folders[0]).start()
        shutil.copytree(folders[0] / "database", folders[1] / "database")
        self.stands_by = self._engine(folders[1])
        self.stand_by(self.stands_by)

    def _engine(self, folder: Path) -> EngineProcess:
        authority = ("--nats-ca", str(self.broker.folder / "authority.pem"))
        return EngineProcess(folder, *self.words, "--nats", self.broker.url, *authority)

    def stand_by(self, engine: EngineProcess) -> None:
        engine.start(ready=False)
        assert engine.process.stderr is not None
        assert b"stands by" in engine.process.stderr.readline()

    def taken_over(self) -> EngineProcess:
        """The two have changed places; return the one that led."""
        assert self.stands_by.process.stdout is not None
        assert json.loads(self.stands_by.process.stdout.readline())["ready"]
        self.leads, self.stands_by = self.stands_by, self.leads
        return self.stands_by

    def over(self) -> None:
        for one in (self.leads, self.stands_by):
            if one._process is not None and one.process.poll() is None:
                one.process.send_signal(signal.SIGCONT)
                one.kill()
        self.broker.stop()


class AtWork:
    """A seat that gives one command after the other and follows the log; both for as long as it is let."""

    def __init__(self, credential: SeatCredential) -> None:
        self._credential = credential
        self.given, self.answered = 0, list[float]()
        self.seqs, self.texts = list[int](), list[str]()
        self.refused: list[Any] = []
        self._over = asyncio.Event()
        self._tasks = [spawn(self._command(), name="commands"), spawn(self._follow(), name="follows")]

    async def _command(self) -> None:
        async with self._credential.client() as client:
            while not self._over.is_set():
                self.given += 1
                answer = await _until_answered(client, f"n{self.given}", {"text": f"n{self.given}"})
                if not answer["ok"]:
                    self.refused.append(answer)
                self.answered.append(time.monotonic())
                await asyncio.sleep(0.03)

    async def _follow(self) -> None:
        async with self._credential.client() as client:
            async for batch in client.follow(0):
                self.seqs += [event["seq"] for event in batch]
                self.texts += [one["data"]["text"] for one in batch if one["type"] == "note.put"]

    async def until_answered(self, since: float, within: float) -> float:
        """Seconds from ``since`` to the next answer."""
        while not self.answered or self.answered[-1] < since:
            assert time.monotonic() - since < within, "nobody answered"
            await asyncio.sleep(0.01)
        return next(at for at in self.answered if at >= since) - since

    async def end(self) -> None:
        self._over.set()
        await self._tasks[0]
        async with asyncio.timeout(10):
            while f"n{self.given}" not in self.texts:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        self._tasks[1].cancel()
        with suppress(asyncio.CancelledError):
            await self._tasks[1]


def _over() -> None: ...


async def _until_answered(client: Client, id_: str, data: dict[str, Any]) -> dict[str, Any]:
    """The answer to one command, asked again under its id for as long as a test's machine may need."""
    for _ in range(10):
        with suppress(EngineGone):
            return await client.command("note.put", data, id=id_)
    raise AssertionError(f"{id_} was never answered")


@pytest.mark.timeout(900 if DEEP else 90)
async def test_leaders_and_brokers_die_and_a_seat_loses_nothing(tmp_path: Path) -> None:
    database = services.postgres(durable=True).database()
    pair = await asyncio.to_thread(Pair, tmp_path, database)
    chance, taken = random.Random(5), dict[str, list[float]]()
    try:
        seat = await enrolled(await joined(pair.leads))
        work = AtWork(seat)
        await work.until_answered(time.monotonic(), 10)
        for number in range(ROUNDS):
            kind = ("killed", "broker")[number] if not DEEP else chance.choice(["killed", "frozen", "broker"])
            began = time.monotonic()
            if kind == "broker":
                pair.broker.kill()
                await asyncio.sleep(0.3)
                pair.broker.start()
                taken.setdefault(kind, []).append(await work.until_answered(time.monotonic(), KILLED_SECONDS))
                continue
            old = pair.leads
            old.kill() if kind == "killed" else old.process.send_signal(signal.SIGSTOP)
            within = KILLED_SECONDS if kind == "killed" else FROZEN_SECONDS
            taken.setdefault(kind, []).append(await work.until_answered(began + 0.1, within) + 0.1)
            await asyncio.to_thread(pair.taken_over)
            if kind == "frozen":
                old.process.send_signal(signal.SIGCONT)
                await asyncio.sleep(1.0)  # thawed, at the same subjects
                if old.process.poll() is None:
                    old.kill()
            if number + 1 < ROUNDS:
                await asyncio.to_thread(pair.stand_by, old)
        await work.end()
        assert work.refused == []
        seqs = work.seqs
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        assert sorted(work.texts) == sorted(f"n{n}" for n in range(1, work.given + 1))
        print(
            {kind: [round(one, 2) for one in found] for kind, found in taken.items()}, work.given, "commands"
        )
    finally:
        pair.over()


@pytest.mark.timeout(90)
async def test_who_was_sent_away_by_the_next_leader_is_refused_though_the_broker_knows_him(
    tmp_path: Path,
) -> None:
    """The broker's file is on the first machine, which is gone: the next leader asks the room's seats."""
    database = services.postgres(durable=False).database()
    pair = await asyncio.to_thread(Pair, tmp_path, database)
    try:
        stays, goes = await enrolled(await joined(pair.leads)), await enrolled(await joined(pair.leads))
        pair.leads.kill()
        await asyncio.to_thread(pair.taken_over)
        pair.leads.found = json.loads((pair.leads.folder / "engine.json").read_bytes())
        async with stays.client() as here, goes.client() as there, local(pair.leads) as host:
            for client in (here, there):
                await answers(client, 20)
                assert (await client.command("note.put", {"text": "x"}))["ok"]
            assert (await host.share(ShareRevoke(goes.seat_id))).ok
            with pytest.raises(Denied) as no:
                await there.command("note.put", {"text": "y"})
            assert no.value.code == "seat_removed"
            assert (await here.command("note.put", {"text": "z"}))["ok"]
            assert [one.id for one in (await host.share()).sharing.seats] == [stays.seat_id]
    finally:
        pair.over()


@pytest.mark.parametrize("checked", [True, False])
async def test_what_an_engine_of_the_past_answers_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    """Two engines answer each question, the old one first. The twin, a seat that looks at no epoch, takes the
    old one's word."""
    other = new_seed()
    broker = Broker(tmp_path, room="r", engines=[public_of(other)]).start()
    authority = (broker.folder / "authority.pem").read_text("ascii")
    own = (broker.folder / "engine.nk").read_text("ascii").strip()
    if not checked:
        monkeypatch.setattr(Epoch, "holds", lambda _self, _epoch: True)
    seat, path = new_seed(), broker.folder / "rooms" / "r.conf"
    from liveconsole.bus.nats.broker_file import SeatUser, room_text

    users = [SeatUser(public_of(seat), "viewer", "aa11")]
    path.write_text(room_text("r", [public_of(own), public_of(other)], users), "utf-8")
    broker.stop()
    broker.start()

    async def engine(seed: str, epoch: int, wait: float) -> Any:
        line = await dial(
            BrokerAt((broker.url,), seed, authority), "_INBOX_none", refused=print, closed=_over
        )

        async def answer(message: Any) -> None:
            await asyncio.sleep(wait)
            headers = {EPOCH: str(epoch), STATUS: "200", PART: "1/1"}
            await say(line, message.reply, b'{"epoch": %d}' % epoch, headers)

        await line.subscribe("lc.r.*.*.ask", cb=answer)
        await all_said(line)
        return line

    old, new = await engine(other, 1, 0), await engine(own, 2, 0.02)
    wire = NatsWire(BrokerAt((broker.url,), seat, authority), room="r", role="viewer", seat="aa11")
    try:
        wire._epoch.newest = 2  # a beat of the new one was heard
        said = [(await wire.health())["epoch"] for _ in range(5)]
        assert said == ([2] * 5 if checked else [1] * 5)
        await hang_up(new)
        if checked:  # and the old one alone is as nobody
            monkeypatch.setattr("liveconsole.bus.nats.wire.ANSWER_SECONDS", 0.3)
            with pytest.raises(BusError):
                await wire.health()
    finally:
        await wire.close()
        await hang_up(old)
        broker.stop()
