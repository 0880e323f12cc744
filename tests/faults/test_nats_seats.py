"""A seat too slow for a broker, and a broker that freezes: both look like silence. Run by `make prove`."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time

import pytest

from liveconsole.bus.errors import EngineGone
from liveconsole.bus.joining import keep
from tests.brokers import Broker, posix_alone
from tests.contract.engine_process import ROOT, EngineProcess
from tests.contract.nats_room import answers, post, seat_at
from tests.goals import within


@posix_alone
@pytest.mark.deep
@pytest.mark.timeout(120)
async def test_a_seat_that_was_stopped_for_14_s_reads_what_the_broker_threw_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """At some MB a second the broker cuts it off (10 s, 64 MiB) and tells nobody: the seq shows it."""
    folder = tmp_path_factory.mktemp("slow")
    broker = Broker(folder).start()
    engine = EngineProcess(folder, "--nats", broker.url).start()
    try:
        credential = await seat_at(engine)
        keep(credential, folder / "seat")
        words = [sys.executable, "-c", FOLLOWER, str(folder / "seat"), credential.name]
        child = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        last = await post(engine, 500)
        while int(await child.stdout.readline()) < last:
            pass
        child.send_signal(signal.SIGSTOP)
        until = time.monotonic() + 14
        while time.monotonic() < until:
            last = await post(engine, 1_000, "长" * 300)
        child.send_signal(signal.SIGCONT)
        back = time.monotonic()
        said = 0
        while said < last:
            line = await asyncio.wait_for(child.stdout.readline(), 30)
            assert line.strip().isdigit(), "a seq came twice, or was left out without a word"
            said = int(line)
        print(f"whole again {time.monotonic() - back:.1f} s after 14 s, {last} events")
        child.kill()
        await child.wait()
    finally:
        engine.stop()
        broker.stop()


FOLLOWER = """
import asyncio, sys
from pathlib import Path
from liveconsole.bus.joining import load
async def main():
    async with load(sys.argv[2], Path(sys.argv[1])).client() as client:
        at = 0
        async for batch in client.follow(0):
            for event in batch:
                if event["type"] == "stream.skipped":  # it stands for all of from … to
                    assert event["data"]["from"] == at + 1
                    at = event["data"]["to"]
                elif event["seq"] > at:
                    assert event["seq"] == at + 1
                    at += 1
            print(at, flush=True)
asyncio.run(main())
"""


@posix_alone
@pytest.mark.deep
async def test_a_frozen_broker_is_noticed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its kernel still answers: only the pings show it."""
    folder = tmp_path_factory.mktemp("frozen")
    broker = Broker(folder).start()
    engine = EngineProcess(folder, "--nats", broker.url).start()
    try:
        credential = await seat_at(engine)
        async with credential.client() as over:
            broker.pause()
            began = time.monotonic()
            with pytest.raises(EngineGone):
                await over.command("note.put", {"text": "x"})
            within(time.monotonic() - began, 12)
            broker.go_on()
            assert await answers(over) < 5
    finally:
        engine.stop()
        broker.stop()
