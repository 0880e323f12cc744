"""The attack list against a real engine: everything is refused, and nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.engine_process import EngineProcess
from tests.doors.attacks import ATTACKS
from tests.doors.bent_engine import BentEngine
from tests.doors.posts import Attack, post
from tests.doors.wire import Reply, replies

NAMES = [attack.name for attack in ATTACKS]


def secrets_of(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "engine.json").read_bytes(), (folder / "bus.json").read_bytes()


def gets_in(reply: Reply) -> bool:
    return reply.status in (101, 200)


def test_the_list_is_long_enough_and_names_nothing_twice() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert len(NAMES) >= 60


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_it_is_refused_and_nothing_has_changed(engine: EngineProcess, attack: Attack) -> None:
    before, secrets = engine.seq(), secrets_of(engine.folder)
    found = replies(engine.port, attack.make(engine), quiet=0.15 if attack.name.startswith("head") else 0.03)
    assert found, "no answer, and the connection stays open"
    for reply in found:
        assert not gets_in(reply), reply
        assert not [name for name in reply.headers if name.startswith(("access-control", "set-cookie"))]
        for token in engine.tokens.values():
            assert token.encode() not in reply.body
    # What follows a refused head on the same connection is noise of its own; the first answer counts.
    first = found[0]
    assert first.status in attack.refused, (first.status, first.body[:200])
    wanted = attack.refused[first.status]
    if first.headers.get("content-length", "0") != "0" and first.body:
        assert first.code == wanted or not wanted, first.body
        assert first.code
    assert engine.seq() == before
    assert secrets_of(engine.folder) == secrets


GUARDS = sorted({attack.guard for attack in ATTACKS if attack.guard})


@pytest.mark.parametrize("guard", GUARDS)
def test_twin_without_its_guard_every_attack_gets_in(bent: Callable[..., BentEngine], guard: str) -> None:
    running = bent(without=guard)
    for attack in ATTACKS:
        if attack.guard == guard:
            _must_get_in(running, attack.make(running), attack.name)


def test_twin_without_its_trick_every_attack_gets_in(engine: EngineProcess) -> None:
    for attack in ATTACKS:
        if not attack.guard:
            assert attack.straight is not None, attack.name
            _must_get_in(engine, attack.straight(engine), attack.name)


def _must_get_in(running: EngineProcess, sent: bytes, name: str) -> None:
    before = running.seq()
    first = replies(running.port, sent)[0]
    assert gets_in(first), (name, first.status, first.body[:200])
    if first.body.startswith(b'{"accepted"'):
        assert running.seq() == before + 1, name


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_its_own_names_are_let_in(engine: EngineProcess, host: str) -> None:
    sent = post(engine).replace(b"Host: 127.0.0.1:", f"Host: {host}:".encode())
    assert replies(engine.port, sent)[0].status == 200
