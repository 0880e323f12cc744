"""What a person does about the sharing counts, whatever the engine is about to do by itself just then."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.sharing.seats_kept import SharedBefore
from liveconsole.bus.sharing.share import Sharing
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.sharing import ShareClose, ShareKeep, ShareOpen
from liveconsole.tasks import spawn
from tests.unit.bus.test_shared_bounds import _no_calls

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
AT = "127.0.0.1"


class Air:
    """Which broadcast is on: asked, it waits where ``held``, and cannot be told ``missing`` times."""

    def __init__(self) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.held, self.missing = False, 0
        self.on_air = (1, True)

    async def __call__(self) -> tuple[int, bool]:
        if self.missing:
            self.missing -= 1
            raise NotTaken("log_unreadable")
        if self.held:
            self.held = False
            self.asked.set()
            await self.go_on.wait()
        return self.on_air


async def killed(folder: Path) -> tuple[Sharing, Air]:
    """An engine that begins after one that was killed while its room was shared."""
    first = Sharing(folder, "room", lambda: NOW)
    first.serve(_no_calls(), Air())
    assert (await first.act(ShareOpen(AT))).ok
    await first._shut()
    second, air = Sharing(folder, "room", lambda: NOW), Air()
    second.serve(_no_calls(), air)
    return second, air


def is_open(sharing: Sharing) -> bool:
    return sharing.is_open  # asked again each time


def kept(folder: Path) -> SharedBefore:
    return Sharing(folder, "room", lambda: NOW)._register.shared


async def meanwhile(sharing: Sharing, air: Air, person: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """The engine begins to look whether it goes on; a person is faster."""
    air.held = True
    going = spawn(sharing._go_on(), name="goes on")
    await air.asked.wait()
    acting = spawn(person(), name="a person")
    for _ in range(50):
        await asyncio.sleep(0)
    air.go_on.set()
    await acting
    await going


async def test_what_a_person_closed_meanwhile_is_not_opened_again(tmp_path: Path) -> None:
    sharing, air = await killed(tmp_path)
    await meanwhile(sharing, air, lambda: sharing.act(ShareClose()))
    assert not is_open(sharing)
    assert not kept(tmp_path).open
    await sharing.close()


@pytest.mark.parametrize("on_air", [(1, True), (1, False)])
async def test_what_a_person_opened_meanwhile_stays_as_he_did(
    tmp_path: Path, on_air: tuple[int, bool]
) -> None:
    """There were two listeners of which one was never closed; off air his own was written down as closed."""
    sharing, air = await killed(tmp_path)
    before, other = kept(tmp_path).port, _free_port()
    air.on_air = on_air

    async def person() -> None:
        assert (await sharing.act(ShareOpen(AT, port=other))).ok
        assert (await sharing.act(ShareKeep(True))).ok

    await meanwhile(sharing, air, person)
    assert is_open(sharing)
    assert sharing.shown.port == other
    shared = kept(tmp_path)
    assert (shared.port, shared.open, shared.keep) == (other, True, True)
    assert not _listens(before)
    await sharing.close()
    assert not _listens(other)


@pytest.mark.parametrize("moved", [True, False], ids=["opened anew", "the twin"])
async def test_what_a_person_opens_as_a_broadcast_ends_does_not_end_with_it(
    tmp_path: Path, *, moved: bool
) -> None:
    sharing, air = Sharing(tmp_path, "room", lambda: NOW), Air()
    sharing.serve(_no_calls(), air)
    assert (await sharing.act(ShareOpen(AT))).ok
    air.on_air, air.held = (1, False), True
    passing = spawn(sharing._pass_time(), name="time passes")
    await air.asked.wait()
    if moved:
        assert (await sharing.act(ShareOpen(AT, port=_free_port()))).ok
    air.go_on.set()
    await passing
    assert is_open(sharing) is moved
    await sharing._pass_time()
    assert is_open(sharing) is moved
    await sharing.close()


async def test_an_opening_that_cannot_be_ended_leaves_nothing_open(tmp_path: Path) -> None:
    """The room could not be looked at just then: the port was held, nobody was served, and the next try said
    that it was open."""
    sharing, air = Sharing(tmp_path, "room", lambda: NOW), Air()
    sharing.serve(_no_calls(), air)
    air.missing = 1
    with pytest.raises(NotTaken):
        await sharing.act(ShareOpen(AT))
    assert not is_open(sharing)
    answer = await sharing.act(ShareOpen(AT))
    assert answer.ok
    assert is_open(sharing)
    assert _listens(answer.sharing.port)
    await sharing.close()
    assert not _listens(answer.sharing.port)


async def test_it_goes_on_where_nobody_did_anything(tmp_path: Path) -> None:
    """The twin."""
    sharing, air = await killed(tmp_path)
    await sharing._go_on()
    assert is_open(sharing)
    await sharing._shut()
    air.on_air = (1, False)
    await sharing._go_on()
    assert not is_open(sharing)
    assert not kept(tmp_path).open
    await sharing.close()


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        knock.settimeout(2.0)
        return knock.connect_ex((AT, port)) == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((AT, 0))
        return int(one.getsockname()[1])
