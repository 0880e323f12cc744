"""A clock that is far off: said as that, and not as a network or a stranger."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from liveconsole.bus.client import Client
from liveconsole.bus.errors import EngineGone
from liveconsole.bus.joining import Joining, NotJoined, trusted
from liveconsole.bus.nats.dialing import BrokerAt, dial
from liveconsole.bus.nats.keys import new_seed
from liveconsole.bus.out_of_time import is_out_of_time
from liveconsole.bus.sharing import certificates
from liveconsole.bus.sharing.certificates import StudioCertificates
from liveconsole.bus.sharing.share import Sharing
from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.sharing import ShareOpen
from tests.brokers import needs_broker
from tests.unit.bus.test_shared_bounds import NOW, _no_calls


def _off_by(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Off(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(certificates, "datetime", Off)


@pytest.fixture(params=[30, -20 * 365])
async def shared(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Sharing]:
    """A room whose computer is a month ahead, or twenty years behind."""
    _off_by(request.param, monkeypatch)
    sharing = Sharing(tmp_path, "room", lambda: NOW)

    async def off_air() -> tuple[int, bool]:
        return 1, False

    sharing.serve(_no_calls(), off_air)
    assert (await sharing.act(ShareOpen("127.0.0.1"))).ok
    yield sharing
    await sharing.close()


async def test_who_joins_is_told_to_look_at_the_clocks(shared: Sharing) -> None:
    async with Joining(shared.shown.code, "前台") as joining:
        with pytest.raises(NotJoined) as no:
            await joining.ask()
    assert no.value.why == "clock_off"
    assert no.value.why in TEXTS


async def test_who_has_a_seat_is_told_so_too(shared: Sharing, tmp_path: Path) -> None:
    context = trusted(StudioCertificates(tmp_path).pem)
    async with Client(f"https://127.0.0.1:{shared.shown.port}", "t", trusted=context) as seat:
        with pytest.raises(EngineGone, match="时钟"):
            await seat.state()


async def test_and_who_comes_over_a_broker(shared: Sharing, tmp_path: Path) -> None:
    needs_broker()
    studio = StudioCertificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(studio.leaf_file("127.0.0.1", "broker"))

    async def broker(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(broker, "127.0.0.1", 0, ssl=context) as server:
        at = BrokerAt((f"tls://127.0.0.1:{server.sockets[0].getsockname()[1]}",), new_seed(), studio.pem)
        with pytest.raises(EngineGone, match="时钟"):
            await dial(at, "_INBOX_x", refused=print, closed=print)


async def test_another_certificate_is_another_matter(tmp_path: Path) -> None:
    sharing = Sharing(tmp_path, "room", lambda: NOW)

    async def off_air() -> tuple[int, bool]:
        return 1, False

    sharing.serve(_no_calls(), off_air)
    opened = await sharing.act(ShareOpen("127.0.0.1"))
    try:
        other = trusted(StudioCertificates(tmp_path / "other").pem)
        async with Client(f"https://127.0.0.1:{opened.sharing.port}", "t", trusted=other) as seat:
            with pytest.raises(EngineGone) as no:
                await seat.state()
        assert "时钟" not in str(no.value)
        assert not is_out_of_time(no.value)
    finally:
        await sharing.close()
