"""``liveconsole relay`` as a program: what it said yes to outlives its own death."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from liveconsole.bus.starting import child_environment
from liveconsole.connectors.relay.crypto import signature_of, wrapped
from liveconsole.tasks import spawn

TOKEN, AES, APPID = "the-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef"


class Relay:
    """One relay program after another on one folder and one port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        words = ["--data", str(self.folder), "--port", str(self.port)]
        env = child_environment() | {"LIVECONSOLE_KEYRING": "off"}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "liveconsole", "relay", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
        )  # fmt: skip
        assert self._child.stdout is not None
        url = str(json.loads(self._child.stdout.readline())["url"])
        self.port = int(url.rsplit(":", 1)[1])
        return url

    def end(self, how: int) -> str:
        assert self._child is not None
        self._child.send_signal(how)
        _, told = self._child.communicate(timeout=10)
        self._child = None
        return told.decode()

    def close(self) -> None:
        if self._child is not None:
            self.end(signal.SIGKILL)

    @property
    def key(self) -> str:
        return str(json.loads((self.folder / "secrets.json").read_bytes())["relay"]["key"])


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    (tmp_path / "secrets.json").write_text(json.dumps({"wechat_shop": {"token": TOKEN}}), "utf-8")
    one = Relay(tmp_path)
    yield one
    one.close()


async def _push(session: aiohttp.ClientSession, base: str, number: int) -> bool:
    message = json.dumps({"MsgType": "event", "Event": "x", "order_info": {"order_id": str(number)}})
    encrypt = wrapped(message.encode(), aes_key=AES, appid=APPID, random=bytes(16))
    stamp = str(int(time.time()))
    signed = signature_of(TOKEN, stamp, str(number), encrypt)
    query = {"timestamp": stamp, "nonce": str(number), "msg_signature": signed}
    try:
        async with session.post(f"{base}/push", params=query, json={"Encrypt": encrypt}) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def _storm(base: str, count: int, kill: object) -> set[int]:
    """Push until somebody kills it; return what it said yes to."""
    assert callable(kill)
    async with aiohttp.ClientSession() as session:
        tasks = {n: spawn(_push(session, base, n), name="a push") for n in range(count)}
        done = 0
        for one in asyncio.as_completed(tasks.values()):
            said = bool(await one)
            done += said
            if said and done == count // 3:
                kill()
        return {n for n, task in tasks.items() if task.result()}


async def _kept(base: str, key: str) -> set[int]:
    found: set[int] = set()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        more, after = True, 0
        while more:
            async with session.get(f"{base}/fetch?after={after}") as answer:
                told = await answer.json()
            found |= {int(one["push"]["nonce"]) for one in told["pushes"]}
            after = told["pushes"][-1]["id"] if told["pushes"] else after
            more = told["more"]
    return found


@pytest.mark.skipif(os.name == "nt", reason="a kill there is no kill -9")
def test_a_relay_that_is_killed_in_a_storm_has_what_it_said_yes_to(relay: Relay) -> None:
    base = relay.start()
    said = asyncio.run(_storm(base, 300, lambda: relay.end(signal.SIGKILL)))
    assert 100 <= len(said) < 300  # it died in the middle
    base = relay.start()
    assert said <= asyncio.run(_kept(base, relay.key))
    told = relay.end(signal.SIGTERM)
    assert "Traceback" not in told


def test_a_key_is_made_once_for_its_owner_alone_and_never_told(relay: Relay) -> None:
    relay.start()
    told = relay.end(signal.SIGTERM)
    key = relay.key
    assert len(key) == 43
    assert key not in told
    assert "a key for the room was made" in told
    with contextlib.suppress(AttributeError):
        assert (relay.folder / "secrets.json").stat().st_mode & 0o077 == 0
    relay.start()
    assert (relay.end(signal.SIGTERM), relay.key) == ("", key)


def test_without_a_token_it_says_what_is_wanted(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "liveconsole", "relay", "--data", str(tmp_path), "--port", "0"]
    env = child_environment() | {"LIVECONSOLE_KEYRING": "off"}
    ended = subprocess.run(words, capture_output=True, text=True, env=env, timeout=30, check=False)
    assert ended.returncode == 4
    assert "secrets.json" in ended.stderr
