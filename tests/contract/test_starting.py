"""`liveconsole serve`: how it starts, what it leaves, how it ends."""

from __future__ import annotations

import hmac
import json
import os
import stat
from collections.abc import Callable

import pytest

from tests.contract.engine_process import EngineProcess, comment

Make = Callable[..., EngineProcess]


@pytest.fixture(autouse=True)
def _whole_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here an engine begins as its users begin it, every import of it too."""
    monkeypatch.setenv("LIVECONSOLE_TEST_FORKS", "0")


def test_ready_is_the_only_line_and_engine_json_is_its_owners(engine_of: Make) -> None:
    running = engine_of()
    ready = json.loads(running.first_line)
    assert ready == {"ready": True, "url": running.found["url"], "pid": running.process.pid}
    assert set(running.found) == {"url", "pid", "version", "proof_key", "tokens"}
    roles = {"host", "operator", "assistant", "viewer", "producer", "overlay"}
    assert set(running.tokens) == {*roles, "keys", "metrics"}
    assert len(set(running.tokens.values())) == 8
    if os.name == "posix":
        for name in ("engine.json", "bus.json", "room.db", "room.key"):
            assert stat.S_IMODE((running.folder / name).stat().st_mode) == 0o600, name
    running.process.terminate()
    out, _ = running.rest()
    assert out == b""
    assert running.process.returncode == 0
    assert not (running.folder / "engine.json").exists()


def test_health_needs_no_token_and_proves_itself(engine: EngineProcess) -> None:
    answer = engine.call("GET", "/v1/health?nonce=abc", role=None)
    assert answer.status == 200
    expected = hmac.new(engine.found["proof_key"].encode(), b"abc", "sha256").hexdigest()
    assert answer.json["proof"] == expected
    assert "proof" not in engine.call("GET", "/v1/health", role=None).json


def test_a_second_engine_exits_3_at_once(engine: EngineProcess, engine_of: Make) -> None:
    second = engine_of(folder=engine.folder, ready=False)
    out, err = second.rest()
    assert second.process.returncode == 3
    assert out == b""
    assert b"another engine" in err
    assert engine.call("GET", "/v1/health", role=None).status == 200
    assert json.loads((engine.folder / "engine.json").read_bytes()) == engine.found


def test_stop_ends_it_with_0(engine_of: Make) -> None:
    running = engine_of()
    assert running.call("POST", "/v1/stop", {}, role="assistant").status == 403
    assert running.call("POST", "/v1/stop", {}).status == 200
    running.rest()
    assert running.process.returncode == 0
    assert not (running.folder / "engine.json").exists()


def test_tokens_port_and_log_stay_over_a_restart(engine_of: Make) -> None:
    first = engine_of()
    first.post([comment("1")])
    log = first.log()
    assert first.stop() == 0
    second = EngineProcess(first.folder).start()
    try:
        assert second.found["url"] == first.found["url"]
        assert second.tokens == first.tokens
        assert second.found["proof_key"] == first.found["proof_key"]
        assert second.log() == log
    finally:
        assert second.stop() == 0


def test_a_missing_key_exits_4_and_no_other_is_made(engine_of: Make) -> None:
    first = engine_of()
    first.post([comment("1")])
    assert first.stop() == 0
    key = first.folder / "room.key"
    kept = key.read_bytes()
    key.unlink()
    second = engine_of(folder=first.folder, ready=False)
    out, _ = second.rest()
    assert second.process.returncode == 4
    assert out == b""
    assert not key.exists()
    key.write_bytes(kept)
    key.chmod(0o600)
    third = engine_of(folder=first.folder)
    assert [line["id"] for line in third.log()] == ["1"]


@pytest.mark.parametrize("word", ["--rehearsal", ""])
def test_simulated_is_decided_when_the_folder_is_made(engine_of: Make, word: str) -> None:
    running = engine_of(*([word] if word else []))
    simulated = bool(word)
    assert running.state()["room"]["simulated"] is simulated
    answer = running.post([comment("1", source="/rehearsal/viewers")])
    assert answer["accepted"] == int(simulated)
    assert [problem["code"] for problem in answer["refused"]] == ([] if simulated else ["simulated_fact"])
