"""A room that is shared on an address of this computer, and seats that join it as other computers would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.joining import Joining, SeatCredential
from liveconsole.messages.sharing import ShareAllow, ShareAnswer, ShareOpen, SharingState
from tests.contract.engine_process import EngineProcess

T = TypeVar("T")


def local(running: EngineProcess, role: str = "host") -> Client:
    """A client on loopback."""
    return Client(running.found["url"], running.tokens[role], running.found["proof_key"])


async def opened(running: EngineProcess, address: str = "127.0.0.1", **more: Any) -> SharingState:
    """Share it, as the host does."""
    async with local(running) as host:
        answer = await host.share(ShareOpen(address, **more))
    assert answer.ok, answer
    return answer.sharing


async def waiting(host: Client) -> SharingState:
    """The sharing as soon as somebody asks."""
    for _ in range(200):
        shared = (await host.share()).sharing
        if shared.asks:
            return shared
        await asyncio.sleep(0.02)
    raise AssertionError("nobody asked")


async def joined(
    running: EngineProcess, role: Any = "assistant", *, may_fire: bool = False, label: str = "前台电脑"
) -> SeatCredential:
    """A seat that asked by the code, whose digits were compared, and that was allowed."""
    shared = await opened(running)
    async with local(running) as host, Joining(shared.code, label) as joining:
        shown = await joining.ask()
        (ask,) = (await waiting(host)).asks
        assert (ask.digits, ask.label, ask.kind) == (shown.digits, label, "desk")
        answer: ShareAnswer = await host.share(ShareAllow(ask.id, role, may_fire))
        assert answer.ok, answer
        said = await joining.answer()
        assert said.status == "allowed"
        return joining.credential("studio", said)


def run(coro: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coro)


@contextlib.asynccontextmanager
async def seat(credential: SeatCredential) -> AsyncIterator[Client]:
    async with credential.client() as client:
        yield client


def as_json(struct: Any) -> Any:
    return msgspec.to_builtins(struct)
