"""``liveconsole playback`` beside the engine of the same folder, as a desk joins it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.client import Client
from liveconsole.cli import playback as command
from liveconsole.engine.playback import Playback
from liveconsole.store import open_store
from tests.contract.engine_process import ROOT, EngineProcess

HAT = {"product_id": "hat", "title": "帽子", "price_fen": 4900, "stock": 9}


@pytest.fixture
def played(engine_of: Callable[..., EngineProcess]) -> Iterator[tuple[EngineProcess, dict[str, Any]]]:
    """An engine with two evenings, and the first one behind a door of its own."""
    engine = engine_of()
    engine.done("catalogue.put", products=[HAT])
    engine.done("cart.add", product_ids=["hat"])
    for number in (1, 2):
        engine.done("broadcast.open", title=f"第{number}场")
        engine.done("cart.pin", product_id="hat")
        engine.done("broadcast.close")
    engine.done("catalogue.put", products=[HAT | {"price_fen": 100}])
    words = [
        sys.executable,
        "-m",
        "liveconsole",
        "playback",
        "--data",
        str(engine.folder),
        "--broadcast",
        "1",
    ]
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT)
    assert process.stdout is not None
    if not process.stdout.readline():
        raise AssertionError(process.communicate()[1])
    found = json.loads((Path(engine.folder) / "playback" / "1" / "engine.json").read_bytes())
    yield engine, found
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()


@pytest.mark.asyncio
async def test_a_past_broadcast_is_joined_beside_the_running_engine(
    played: tuple[EngineProcess, dict[str, Any]],
) -> None:
    engine, found = played
    before = engine.call("GET", "/v1/health").json["seq"]
    async with Client(found["url"], found["tokens"]["host"], found["proof_key"]) as client:
        await client.health()
        state = await client.state()
        playback = state.health.playback
        assert playback
        assert (playback.broadcast, playback.playing) == (1, False)
        assert state.catalogue.products[0].skus[0].price_fen == 4900, "as it was, not as it is"
        assert (await client.state_part())[1] == playback.start
        assert (await client.command("cue.fire", {"cue_id": "x"}))["code"] == "only_playback"
        end = playback.end.isoformat()
        assert (await client.command("playback.seek", {"at": end}))["ok"]
        broadcast = (await client.state()).broadcast
        assert (broadcast.title, broadcast.status) == ("第1场", "closed")
        assert (await client.broadcast(1))["title"] == "第1场"
    assert engine.call("GET", "/v1/health").json["seq"] == before
    engine.done("broadcast.open", title="第三场")  # the engine goes on meanwhile


@pytest.mark.of_a_file
def test_the_sample_is_made_once_and_can_be_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")
    monkeypatch.setattr(command, "SAMPLE_SECONDS", 90.0)
    half = tmp_path / "tape" / "sample.making"
    half.mkdir(parents=True)
    (half / "room.db").write_bytes(b"broken off")
    folder = command.recorded(tmp_path, sample=True)
    assert not folder.with_name("sample.making").exists()
    made = (folder / "room.db").stat().st_ino
    assert command.recorded(tmp_path, sample=True) == folder
    assert (folder / "room.db").stat().st_ino == made
    store = open_store(folder, create=False)
    playback = Playback(store, store.meta, 1)
    assert playback.simulated
    assert playback.state_of_it().end > playback.state_of_it().start
    store.close()
