"""Draws with public randomness through the door: fetched from a relay, verified, refused when forged."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole import verify_draw
from liveconsole.connectors.drand import chain as chains
from liveconsole.connectors.drand import relay as relays
from liveconsole.domain.drand import QUICKNET
from liveconsole.messages.refusals import Refused
from tests.contract.engine_process import ROOT, EngineProcess, comment
from tests.drand_chain import OwnChain, honest, relay
from tests.unit.domain.desk import Desk

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
Drawn = tuple[Json, list[Json], list[str], Path]
"""Receipt, log, what the relay was asked for, the folder with ``chain.json``."""

BAG: Json = {
    "prize": {"name": "保温杯", "value_fen": 9900},
    "winners": 2,
    "entry": {"keyword": "福到了"},
    "seconds": 2,
}


def run_a_draw(running: EngineProcess, seconds: float = 45) -> tuple[Json, list[Json]]:
    """A bag from its start to its draw; the receipt and the log."""
    running.done("room.set", randomness="drand", recall_seconds=0)
    running.done("broadcast.open")
    cue_id = running.done("cue.add", kind="lucky_bag", spec=BAG)["cue_id"]
    running.done("cue.fire", cue_id=cue_id)
    assert running.post([comment(f"c{i}", "福到了", viewer=f"v{i}") for i in range(9)])["accepted"] == 9
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        drawn = running.log(types="cue.drawn")
        if drawn:
            return drawn[0]["data"]["receipt"], running.log()
        time.sleep(0.2)
    raise AssertionError(f"never drawn: {running.log()[-3:]}")


@pytest.fixture(scope="module")
def chain() -> OwnChain:
    return OwnChain()


@pytest.fixture(scope="module")
def drawn(chain: OwnChain, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """A draw whose relay lies four times before it says the truth."""
    folder = tmp_path_factory.mktemp("drand")
    truth, lies = honest(chain), _lies(chain)

    def serves(number: int) -> bytes | int:
        lie = next(lies, None)
        return truth(number) if lie is None else lie(number)

    with relay(chain, serves) as (address, asked), pytest.MonkeyPatch.context() as patch:
        patch.setenv(relays.RELAY, address + "/")
        patch.setenv(chains.CHAIN_FILE, str(chain.file(folder)))
        running = EngineProcess(folder / "room", "--port", "0").start()
        try:
            receipt, lines = run_a_draw(running)
        finally:
            running.stop()
    return receipt, lines, asked, folder


def _lies(chain: OwnChain) -> Iterator[Callable[[int], bytes | int]]:
    def told(number: int, signature: bytes) -> bytes:
        return json.dumps({"round": number, "signature": signature.hex()}).encode()

    yield lambda number: told(number, bytes([0x80]) + bytes(47))  # invented
    yield lambda number: told(number, OwnChain("another").sign(number))  # of another key
    yield lambda number: told(number, chain.sign(number - 1))  # an older round under this one's name
    yield lambda number: b"x" * 10_000


def verified(folder: Path, receipt: Json, *words: str) -> int:
    file = folder / "receipt.json"
    file.write_text(json.dumps(receipt), "utf-8")
    return verify_draw.main([str(file), *words])


def test_the_named_round_is_fetched_and_decides(drawn: Drawn, chain: OwnChain, tmp_path: Path) -> None:
    receipt, lines, asked, folder = drawn
    said = receipt["randomness"]
    assert said["source"] == "drand"
    assert said["chain"] == chain.hash
    assert said["signature"] == chain.sign(said["round"]).hex()
    assert asked == [f"/{chain.hash}/public/{said['round']}"] * 5
    log = tmp_path / "log"
    log.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    info = str(folder / "chain.json")
    assert verified(tmp_path, receipt, "--chain", info, "--log", str(log)) == 0
    assert verified(tmp_path, receipt) == 5  # nobody here knows that chain


def test_an_invented_signature_is_refused(
    drawn: Drawn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signatures are invented until one's own entry wins, everything else worked out anew from it."""
    receipt, _, _, folder = drawn
    forged = forge(receipt, receipt["entries"][0]["id"])
    assert verified(tmp_path, forged, "--chain", str(folder / "chain.json")) == 1
    told = capsys.readouterr().out
    assert told.count("WRONG") == 1, told  # all but the signature fits
    assert "BLS" in next(line for line in told.splitlines() if "WRONG" in line)


def test_without_the_check_of_the_signature_the_forgery_passes(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: it is that check, and nothing else, that finds it."""
    from liveconsole import verify_drand

    receipt, _, _, folder = drawn
    monkeypatch.setattr(verify_drand, "is_signed", lambda *_: True)
    forged = forge(receipt, receipt["entries"][0]["id"])
    assert verified(tmp_path, forged, "--chain", str(folder / "chain.json")) == 0


def forge(receipt: Json, wanted: str) -> Json:
    """As a cheating host would: the first invented signature with which ``wanted`` wins."""
    forged: Json = json.loads(json.dumps(receipt))
    entries = [(entry["id"], entry["weight"]) for entry in forged["entries"]]
    count = len(forged["winners"]) + len(forged["alternates"])
    for number in range(100_000):
        signature = b"\x80" + number.to_bytes(47, "big")
        value = hashlib.sha256(signature).hexdigest()
        seed = verify_draw.seed_of(forged["root"], value)
        picked = verify_draw.pick(entries, seed, count)
        if picked[0] == wanted:
            forged["randomness"] |= {"signature": signature.hex(), "value": value}
            places = len(forged["winners"])
            forged |= {"seed": seed, "winners": picked[:places], "alternates": picked[places:]}
            return forged
    raise AssertionError("no luck")


@pytest.mark.parametrize(
    "missing", ["randomness", "winners", "alternates", "algorithm", "draw_id", "entry", "excluded"]
)
def test_a_promise_that_is_missing_is_never_taken_from_the_receipt(
    missing: str, drawn: Drawn, tmp_path: Path
) -> None:
    receipt, _, _, folder = drawn
    changed = json.loads(json.dumps(receipt))
    del changed["rules"][missing]
    changed["rules_sha256"] = verify_draw._sha(verify_draw.canonical(changed["rules"]))
    assert verified(tmp_path, changed, "--chain", str(folder / "chain.json")) == 1


def test_without_the_library_it_says_so_and_exits_with_five(drawn: Drawn, tmp_path: Path) -> None:
    """A Python without pyblst: not verified is neither yes nor no."""
    receipt, _, _, folder = drawn
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), "utf-8")
    (tmp_path / "pyblst.py").write_text("raise ImportError('not here')\n", "utf-8")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r});"
        "from liveconsole import verify_draw; sys.exit(verify_draw.main())"
    )
    words = [sys.executable, "-c", program, str(file), "--chain", str(folder / "chain.json")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert done.returncode == 5, done
    assert "未验证" in done.stdout.decode()


def test_a_room_without_the_library_refuses_public_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert chains.chain_in_use() is None
    desk = Desk()
    desk.chance.chain = None
    assert desk.no("room.set", {"randomness": "drand"}) == "no_public_randomness"
    assert "pyblst" in Refused("no_public_randomness").text
    desk.chance.chain = QUICKNET
    assert desk.ok("room.set", {"randomness": "drand"})


def test_entries_after_the_round_was_there_are_seen_on_the_log(drawn: Drawn, tmp_path: Path) -> None:
    """Whoever knows the value when somebody enters chooses who wins."""
    receipt, lines, _, folder = drawn
    log, words = tmp_path / "log", ("--chain", str(folder / "chain.json"), "--log", str(tmp_path / "log"))
    for late, code in ((False, 0), (True, 1)):
        told = json.loads(json.dumps(lines))
        if late:
            next(line for line in told if line["type"] == "bag.entered")["at"] = "2999-01-01T00:00:00Z"
        log.write_text("\n".join(json.dumps(line) for line in told), "utf-8")
        assert verified(tmp_path, receipt, *words) == code


def test_a_chain_file_that_is_none_ends_the_engine_in_plain_words(
    tmp_path: Path, engine_of: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = OwnChain().info | {"public_key": OwnChain("another").info["public_key"]}
    (tmp_path / "chain.json").write_text(json.dumps(info), "utf-8")
    monkeypatch.setenv(chains.CHAIN_FILE, str(tmp_path / "chain.json"))
    running = engine_of(ready=False)
    _, said = running.rest()
    assert running.process.returncode == 1
    assert b"is not this chain's" in said
