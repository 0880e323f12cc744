"""A room that is shared on an address of this computer, and seats that join it as other computers would."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any

import aiohttp

from liveconsole.bus.client import Client
from liveconsole.bus.joining import Joining, SeatCredential, trusted
from liveconsole.messages.joining import commitment, read_code
from liveconsole.messages.sharing import SeatKind, ShareAllow, ShareAnswer, ShareOpen, SharingState
from tests.contract.engine_process import EngineProcess
from tests.doors.wire import Reply, gather


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
    running: EngineProcess,
    role: Any = "assistant",
    *,
    may_fire: bool = False,
    label: str = "前台电脑",
    kind: SeatKind = "desk",
) -> SeatCredential:
    """A seat that asked by the code, whose digits were compared, and that was allowed."""
    shared = await opened(running)
    async with local(running) as host, Joining(shared.code, label, kind) as joining:
        shown = await joining.ask()
        (ask,) = (await waiting(host)).asks
        assert (ask.digits, ask.label, ask.kind) == (shown.digits, label, kind)
        answer: ShareAnswer = await host.share(ShareAllow(ask.id, role, may_fire))
        assert answer.ok, answer
        said = await joining.answer()
        assert said.status == "allowed"
        return joining.credential("studio", said)


async def joined_phone(
    running: EngineProcess, role: Any = "assistant", *, may_fire: bool = False
) -> SeatCredential:
    """A phone that was allowed; it has not proved that it trusts the certificate."""
    shared = await opened(running)
    code = read_code(shared.code)
    certificate = (running.folder / "studio" / "studio.pem").read_text("ascii")
    pem = certificate[certificate.index("-----BEGIN CERTIFICATE") :]
    nonce = bytes(16)
    connector = aiohttp.TCPConnector(ssl=trusted(pem))
    url = f"https://{code.address}:{code.port}"
    async with local(running) as host, aiohttp.ClientSession(url, connector=connector) as phone:
        ask = {"token": code.token.hex(), "commit": commitment(nonce, "手机", "phone"), "kind": "phone"}
        async with phone.post("/v1/join", json=ask | {"label": "手机"}) as response:
            id_ = (await response.json())["id"]
        async with phone.post(f"/v1/join/{id_}", json={"nonce": nonce.hex()}) as response:
            shown = await response.json()
        (asked,) = (await waiting(host)).asks
        assert asked.digits == shown["digits"]
        await host.share(ShareAllow(asked.id, role, may_fire))
        async with phone.get(f"/v1/join/{id_}") as response:
            said = await response.json()
    assert said["status"] == "allowed", said
    return SeatCredential(
        "phone", url, said["token"], pem, said["seat_id"], said["role"], may_fire, said["room"], "手机"
    )


def tls_replies(credential: SeatCredential, sent: bytes, *, quiet: float = 0.05) -> list[Reply]:
    """Bytes over TLS, and what is answered to them until the other side closes or falls silent."""
    address, _, port = credential.url.removeprefix("https://").partition(":")
    with (
        socket.create_connection((address, int(port)), timeout=5) as line,
        trusted(credential.certificate).wrap_socket(line, server_hostname=address) as secure,
    ):
        with contextlib.suppress(OSError):
            secure.sendall(sent)
        return gather(secure, within=8, quiet=quiet)
