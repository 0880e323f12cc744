"""Seats of a room in a database, as programs: whoever leads it next, a seat goes on with what it has, and who
was sent away stays away."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liveconsole.bus.errors import BusError, Denied
from liveconsole.bus.joining import Joining, SeatCredential
from liveconsole.messages.joining import read_code
from liveconsole.messages.sharing import ShareAllow, ShareCode, ShareKeep, ShareRevoke
from tests import services
from tests.doors.sharing import joined, joined_phone, local, opened, waiting
from tests.faults.harness.processes import Engine, Zygote, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="behind a Unix socket")

WITHIN: float = 6.0
"""Seconds from a kill until a seat is answered, on a machine that is busy with the whole build."""

Start = Callable[..., Engine]


@pytest.fixture
def engine(zygote: Zygote | None, tmp_path: Path) -> Iterator[Start]:
    """Starts an engine of one room, in a folder by its name: a machine of its own, which shares the room's
    key and nothing else with the first. One that does not lead stands by."""
    server = services.postgres(durable=False)
    url = server.database()
    made: list[Engine] = []

    def start(name: str, *bend: str, leads: bool = True) -> Engine:
        folder = tmp_path / name
        key = tmp_path / "one" / "database"
        if name != "one" and not folder.exists():
            shutil.copytree(key, folder / "database")
        one = Engine(zygote, folder, "--port", "0", "--database", url, bend=["short_lease", *bend])
        made.append(one)
        one.start(ready=leads)
        if not leads:
            until(lambda: "stands by" in one.errors(), 20, why=one.errors())
        return one

    yield start
    for one in made:
        one.process.kill()
        one.process.wait(10)
    with contextlib.suppress(Exception):
        server.drop(url)


async def answered(seat: SeatCredential, within: float = WITHIN) -> bool:
    """Whether an engine answers a seat in time; Denied where it is told that it is none."""
    until_ = time.monotonic() + within
    while time.monotonic() < until_:
        with contextlib.suppress(BusError):
            async with seat.client() as client:
                try:
                    return (await client.state()).sharing.open
                except Denied as error:
                    raise AssertionError(error.code) from error
        await asyncio.sleep(0.05)
    return False


async def refused_as(seat: SeatCredential) -> str:
    async with seat.client() as client:
        with pytest.raises(Denied) as error:
            await client.state()
        return error.value.code


async def sent_away(engine: Engine, seat: SeatCredential) -> None:
    async with local(engine) as host:
        assert (await host.share(ShareRevoke(seat.seat_id))).ok


async def joined_by_code(engine: Engine) -> SeatCredential:
    """Somebody new, at the door that is open already."""
    async with local(engine) as host:
        code = (await host.share(ShareCode())).sharing.code
        async with Joining(code, "二号机") as joining:
            await joining.ask()
            (ask,) = (await waiting(host)).asks
            assert (await host.share(ShareAllow(ask.id, "operator"))).ok
            return joining.credential("two", await joining.answer())


@pytest.mark.timeout(120)
async def test_a_seat_goes_on_at_whoever_leads_next_and_who_was_sent_away_stays_away(engine: Start) -> None:
    one = await asyncio.to_thread(engine, "one")
    await asyncio.to_thread(one.done, "broadcast.open")
    desk, gone, phone = await joined(one), await joined(one), await joined_phone(one)
    await sent_away(one, gone)
    two = await asyncio.to_thread(engine, "two", leads=False)
    began = time.monotonic()
    one.kill()
    assert await answered(desk)
    print(f"\nthe seat is answered {time.monotonic() - began:.2f} s after the kill")
    assert await refused_as(phone) == "forbidden", "a phone is known, and what it has not proved it has not"
    assert await refused_as(gone) == "seat_removed"
    two.until_ready()
    async with desk.client() as client:
        assert (await client.command("note.put", {"text": "接着播"}))["ok"]
    assert not (two.folder / "studio" / "studio.pem").exists(), "the key that signs stays where it was made"
    new = await joined_by_code(two)
    assert new.certificate == desk.certificate, "the same studio"
    await sent_away(two, desk)
    # And back: the first stands by, and leads again.
    one = await asyncio.to_thread(engine, "one", leads=False)
    assert await asyncio.to_thread(two.stop) == 0
    assert await answered(new)
    assert [await refused_as(desk), await refused_as(gone)] == ["seat_removed"] * 2
    one.until_ready()
    # With the broadcast it ends for every engine.
    await asyncio.to_thread(one.done, "broadcast.close")
    async with local(one) as host:
        while (await host.share()).sharing.open:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    two = await asyncio.to_thread(engine, "two", leads=False)
    one.kill()
    until(lambda: two.said(), 10, why=two.errors())
    assert not await answered(new, within=1.5)


@pytest.mark.timeout(60)
async def test_twin_that_knows_its_own_seats_alone_the_next_leader_knows_nobody(engine: Start) -> None:
    one = await asyncio.to_thread(engine, "one", "seats_in_the_folder")
    await asyncio.to_thread(one.done, "broadcast.open")
    desk = await joined(one)
    port = read_code((await opened(one)).code).port
    two = await asyncio.to_thread(engine, "two", "seats_in_the_folder", leads=False)
    one.kill()
    until(lambda: two.said(), 10, why=two.errors())
    two.until_ready()
    assert not await answered(desk, within=2.0), "nobody listens there"
    await opened(two, port=port)
    assert not await answered(desk, within=1.0), "and if somebody does, it is a stranger"


@pytest.mark.timeout(60)
async def test_seats_that_an_earlier_version_kept_in_a_folder_are_taken_into_the_room(
    engine: Start,
) -> None:
    old = await asyncio.to_thread(engine, "one", "seats_in_the_folder")
    desk, gone = await joined(old), await joined(old)
    await sent_away(old, gone)
    async with local(old) as host:
        await host.share(ShareKeep(True))
    assert await asyncio.to_thread(old.stop) == 0
    assert (old.folder / "seats.json").exists()
    one = await asyncio.to_thread(engine, "one")
    assert await answered(desk)
    assert await refused_as(gone) == "seat_removed"
    assert not (one.folder / "seats.json").exists(), "one place"
