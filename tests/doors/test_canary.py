"""A whole small evening with marked people; afterwards everything that was written is searched for them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole import logs
from tests.contract.engine_process import ROOT, EngineProcess, event
from tests.doors.canary import GUESS, PEOPLE, files, process, scan
from tests.doors.posts import own
from tests.doors.wire import replies, request

SECRET_FILES = {"engine.json", "bus.json"}
"""Where tokens stand: the owner's alone."""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    made = Evening(tmp_path_factory.mktemp("canary"))
    yield made
    made.end()


class Evening:
    """Runs once; keeps what each part of it wrote and said."""

    def __init__(self, base: Path) -> None:
        self.base, self.home = base, base / "home"
        self.room = base / "room"
        self.home.mkdir()
        self.seen: list[tuple[str, bytes]] = []
        self.shown = b""
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR")
        self.env = {**os.environ, **dict.fromkeys(names, str(self.home)), "LIVECONSOLE_KEYRING": "off"}
        self.env |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        self.engine = EngineProcess(self.room, "--port", "0")
        before = {name: os.environ.get(name) for name in names}
        os.environ |= {name: str(self.home) for name in names}
        try:
            self.engine.start()
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        self.tokens = self.engine.tokens
        self.proof_key = str(self.engine.found["proof_key"])
        self._play()
        self._sit()
        asyncio.run(self._watch())
        self.seen += process(self.engine.process.pid)
        self.said = self._ask("doctor", "--data", str(self.room))
        # Its recovery code is said once, to who asked for the backup.
        self._ask("backup", "--data", str(self.room), str(base / "backup.liveconsole"))
        self._ask("report", "--data", str(self.room), "--out", str(base / "reports"))
        self.while_running = list(files(self.room))
        self.engine.process.send_signal(signal.SIGABRT)
        out, err = self.engine.rest()
        self.seen += [("engine stdout", out), ("engine stderr", err)]

    def end(self) -> None:
        if self.engine.process.poll() is None:
            self.engine.kill()

    def _play(self) -> None:
        engine, who = self.engine, {"id": PEOPLE["id"], "name": PEOPLE["name"]}
        private = {"phone": PEOPLE["phone"], "address": PEOPLE["address"]}
        engine.done("broadcast.open", title="第一场")
        engine.done("room.set", recall_seconds=0)
        engine.done(
            "catalogue.put", products=[{"product_id": "a", "title": "围巾", "price_fen": 990, "stock": 9}]
        )
        engine.done("cart.add", product_ids=["a"])
        engine.done("cart.pin", product_id="a")
        bag = {
            "prize": {"name": "帽子", "value_fen": 1},
            "winners": 1,
            "entry": {"keyword": "想要"},
            "seconds": 1,
        }
        lucky = engine.done("cue.add", kind="lucky_bag", spec=bag)["cue_id"]
        engine.done("cue.fire", cue_id=lucky)
        text = f"{PEOPLE['comment']} {PEOPLE['phone']} {PEOPLE['address']}"
        winner = {"id": "w", "name": PEOPLE["winner"]}
        gift = {"viewer": who, "gift": text, "count": 1, "value_fen": 1, "text": text}
        buyer = {"id": PEOPLE["buyer's id"], "name": PEOPLE["buyer's name"], **private}
        line = {"sku_id": "a", "quantity": 1, "unit_price_fen": 990}
        order = {"order_id": "o1", "buyer": buyer, "lines": [line], "total_fen": 990, **private}
        engine.post(
            [
                event("1", "comment.posted", {"viewer": who | private, "text": text}),
                event("2", "comment.posted", {"viewer": winner, "text": "想要"}),
                event("3", "viewer.entered", {"viewer": who, "note": text}),
                event("4", "gift.sent", gift),
                event("5", "order.placed", order, subject=PEOPLE["phone"]),
                # What is refused is refused with the canary in its hand.
                event("6", "comment.posted", {"viewer": who, "text": [text]}),
                event("7", f"no.such.{PEOPLE['name']}", {"viewer": who}),
                event("1", "comment.posted", {"viewer": who, "text": text + "!"}),
            ]
        )
        asked: dict[str, Any] = {"order_id": "o2", "buyer": buyer, "lines": [{"sku_id": "a", "quantity": 1}]}
        engine.command("order.request", role="producer", **asked)
        engine.command("order.request", role="producer", **{**asked, "lines": [{"sku_id": PEOPLE["name"]}]})
        engine.command("coupon.claim", role="producer", cue_id="none", viewer=who)
        self._knock()
        ends = time.monotonic() + 10
        while not any(cue.get("winners") for cue in engine.state()["cues"]):
            assert time.monotonic() < ends, "nothing was drawn"
            time.sleep(0.1)
        self.shown = engine.call("GET", "/v1/log").body

    def _knock(self) -> None:
        """Everything that is wrong at the door, with canaries in it."""
        engine, words = self.engine, json.dumps(PEOPLE, ensure_ascii=False).encode()
        host = ("Host", own(engine))
        right = ("Authorization", f"Bearer {engine.tokens['host']}")
        wrong = ("Authorization", f"Bearer {GUESS}")
        kind = ("Content-Type", "application/json")
        for sent in (
            request("POST", "/v1/events", [host, wrong, kind], words),
            request("POST", "/v1/events", [host, right, kind], words[:-5]),
            request("POST", "/v1/commands", [host, right, kind], words),
            request("POST", "/v1/judge", [host, right, kind], b'{"type":"cue.add","data":' + words + b"}"),
            request("GET", f"/v1/{PEOPLE['phone']}?token={GUESS}&name={PEOPLE['id']}", [host, right]),
            request("GET", f"/v1/log?after={PEOPLE['phone']}x&type={PEOPLE['id']}", [host, right]),
            request("GET", f"/overlay?token={GUESS}", [host]),
            request("GET", "/v1/state", [("Host", f"{PEOPLE['id']}.example"), right]),
            request("GET", "/v1/state", [host, right, ("Origin", f"http://{PEOPLE['id']}")]),
            request("GET", "/v1/state", [host, right, ("X", "\0" + PEOPLE["phone"])]),
            PEOPLE["phone"].encode() + b" " + engine.tokens["host"].encode() + b"\r\n\r\n",
        ):
            replies(engine.port, sent)

    def _sit(self) -> None:
        words = ["--data", str(self.room), "--role", "host", "--seconds", "3"]
        words += ["--screenshot", str(self.base / "desk.png")]
        self._ask(*words)
        self._ask("tail", "--data", str(self.room), keep=False, seconds=1.5)

    async def _watch(self) -> None:
        url, token = self.engine.found["url"], self.tokens["overlay"]
        async with aiohttp.ClientSession() as session, asyncio.timeout(10):
            async with session.get(f"{url}/overlay", params={"token": token}) as answer:
                assert answer.status == 200
                self.seen.append(("overlay page", await answer.read() + repr(answer.headers).encode()))
            protocols = ("liveconsole.overlay", token)
            async with session.ws_connect(f"{url}/overlay/stream", protocols=protocols) as socket:
                said = (await socket.receive()).data
                self.seen.append(("overlay stream", said.encode() if isinstance(said, str) else said))
                assert "围巾" in str(said)

    def _ask(self, *words: str, keep: bool = True, seconds: float = 0.0) -> bytes:
        """One more program of ours; its name, its environment and its words are looked at too."""
        running = subprocess.Popen(
            [sys.executable, "-m", "liveconsole", *words],
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            self.seen += process(running.pid)
            out, err = running.communicate(timeout=seconds or 60)
        except subprocess.TimeoutExpired:
            running.terminate()
            out, err = running.communicate(timeout=20)
        self.seen.append((f"stderr of {words[0]}", err))
        if keep:
            self.seen.append((f"stdout of {words[0]}", out))
            assert running.returncode in (0, 1), err[-500:]
        return out


def test_the_evening_took_place(evening: Evening) -> None:
    """Twin: what is looked for below was really there, and the authorised door gives it out."""
    names = {name for name, _ in evening.while_running}
    assert {"engine.json", "bus.json"} <= names
    assert any(name.endswith((".db", "-wal")) for name in names), names
    assert "logs/engine.log" in names
    assert "logs/desk.crash" in names
    assert {hit.split(": ")[1].split(" as ")[0] for hit in scan(PEOPLE, [("log", evening.shown)])} == set(
        PEOPLE
    )
    assert (evening.base / "desk.png").stat().st_size > 10_000
    assert (evening.base / "backup.liveconsole").stat().st_size > 1000
    assert any((evening.base / "reports").rglob("*"))


def test_no_person_is_found_in_anything_that_was_written(evening: Evening) -> None:
    written = [*files(evening.base), *evening.while_running, *evening.seen]
    assert len(written) > 20
    assert scan(PEOPLE, written) == []


def test_no_token_is_found_but_where_it_belongs(evening: Evening) -> None:
    secrets = {**evening.tokens, "proof key": evening.proof_key, "guess": GUESS}
    for name, content in [*files(evening.base), *evening.while_running, *evening.seen]:
        if Path(name).name not in SECRET_FILES:
            assert scan(secrets, [(name, content)]) == []
    (bus,) = evening.base.rglob("bus.json")
    assert evening.tokens["host"].encode() in bus.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="the user-data folder's own access list does this on Windows")
def test_all_of_it_is_its_owners_alone(evening: Evening) -> None:
    for path in [evening.room, *evening.room.rglob("*"), evening.base / "backup.liveconsole"]:
        if path.is_dir():
            continue
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0, path
    for path in evening.room.rglob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_crash_leaves_a_trace_without_locals(evening: Evening) -> None:
    """SIGABRT, as a native crash: the stacks of all threads, file and line only."""
    told = (evening.room / "logs" / "engine.crash").read_text("utf-8")
    assert "Fatal Python error" in told
    assert "Thread" in told


def test_an_uncaught_error_says_no_value_and_no_token(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from liveconsole import logs\n"
        "logs.set_up(pathlib.Path(sys.argv[1]), 'desk')\n"
        "def bad(name, token): raise RuntimeError('Authorization: Bearer ' + token)\n"
        f"bad({PEOPLE['name']!r}, {GUESS!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-", str(tmp_path)],
        input=program,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    written = [*files(tmp_path), ("stdout", done.stdout.encode()), ("stderr", done.stderr.encode())]
    assert any("RuntimeError" in content.decode("utf-8", "replace") for _, content in written)
    assert scan({**PEOPLE, "guess": GUESS}, written) == []


# Twins: the scanner finds what is there ---------------------------------------------------------------


@pytest.mark.parametrize("redacting", [True, False])
def test_twin_without_redaction_the_log_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redacting: bool
) -> None:
    if not redacting:
        monkeypatch.setattr(logs, "redact", lambda text: text)
    handler = logs.OwnRotatingFile(tmp_path / "engine.log")
    handler.setFormatter(logs.JsonLines())
    handler.emit(logging.LogRecord("x", 20, __file__, 1, "Authorization: Bearer %s", (GUESS,), None))
    handler.close()
    found = scan({"guess": GUESS}, files(tmp_path))
    assert bool(found) is not redacting


@pytest.mark.parametrize("word", PEOPLE.values())
def test_twin_each_way_of_writing_is_found(tmp_path: Path, word: str) -> None:
    ways: dict[str, Any] = {
        "a": word.encode(),
        "b": json.dumps({"x": word}).encode(),
        "c": word.encode("utf-16-le"),
        "d": repr(("x", word.encode())).encode(),
    }
    for name, content in ways.items():
        (tmp_path / name).write_bytes(b"xx" + content + b"yy")
    assert {hit.partition(":")[0] for hit in scan({"word": word}, files(tmp_path))} == set(ways)


def test_twin_a_store_without_its_key_is_caught(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "room.db") as store:
        store.execute("CREATE TABLE person (name TEXT)")
        store.execute("INSERT INTO person VALUES (?)", (PEOPLE["name"],))
    store.close()
    assert scan(PEOPLE, files(tmp_path)) == ["room.db: name as UTF-8"]
