"""Which seats count, and how a room goes on being shared, when another engine leads it or one was killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from liveconsole.bus.nats.serving import AtBroker
from liveconsole.bus.sharing import share
from liveconsole.bus.sharing.certificates import NoCertificate, StudioCertificates, studio_at
from liveconsole.bus.sharing.register import SeatRegister
from liveconsole.bus.sharing.seats_kept import (
    SeatRecord,
    SeatsFile,
    SeatsInDatabase,
    SeatsInFolder,
    SharedBefore,
)
from liveconsole.bus.sharing.share import Sharing
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.sharing import SEATS_MOST, ShareClose, ShareOpen, ShareRevoke
from liveconsole.store.errors import CannotWrite
from liveconsole.tasks import cancel_all, spawn
from tests.unit.bus.test_shared_bounds import _no_calls

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
AT = "127.0.0.1"


class Room:
    """`KeptSeats` of a room that several engines reach; ``away``: the database is not there."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.away = False

    def read(self) -> bytes | None:
        return self.content

    def put(self, content: bytes) -> None:
        if self.away:
            raise CannotWrite("io_error", "away")
        self.content = content


def seat(id_: str) -> SeatRecord:
    return SeatRecord(id_, id_, "assistant", False, "desk", f"hash of {id_}", NOW, proved=True, nats_key=id_)


@pytest.mark.parametrize(
    ("opened", "now", "goes_on"),
    [
        ((3, True), (3, True), True),  # killed in the middle
        ((3, True), (3, False), False),
        ((3, True), (4, True), False),  # another broadcast
        ((3, False), (3, False), False),  # off air a person shares again
        ((3, False), (4, True), True),  # opened before it
        ((3, False), (5, True), False),
    ],
)
def test_it_goes_on_for_the_broadcast_that_a_person_opened_it_for(
    opened: tuple[int, bool], now: tuple[int, bool], goes_on: bool
) -> None:
    shared = SharedBefore(AT, open=True, number=opened[0], on_air=opened[1])
    assert shared.goes_on(*now) is goes_on
    assert not replace(shared, open=False).goes_on(*now)


async def led(sharing: Sharing, on_air: Callable[[], tuple[int, bool]]) -> Any:
    async def look() -> tuple[int, bool]:
        return on_air()

    sharing.serve(_no_calls(), look)
    return spawn(sharing.follow(), name="sharing")


async def soon(what: Callable[[], bool]) -> bool:
    for _ in range(3_000):  # a machine may be busy
        if what():
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.mark.parametrize("where", ["folder", "room"])
async def test_an_engine_that_was_killed_on_air_is_shared_again_by_the_next(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file the same folder, of a room in a database another one; closed with the broadcast, it stays
    closed."""
    monkeypatch.setattr(share, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(share, "_AGAIN_SECONDS", 0.02)
    room, air = Room(), [(1, True)]
    folders = iter([tmp_path, tmp_path if where == "folder" else tmp_path / "other", tmp_path])

    def engine() -> Sharing:
        seats = SeatsInDatabase(room) if where == "room" else None
        folder = next(folders)
        folder.mkdir(exist_ok=True)
        return Sharing(folder, "room", lambda: NOW, seats)

    first = engine()
    following = await led(first, lambda: air[0])
    assert (await first.act(ShareOpen(AT))).ok
    was = (first.shown.port, first.certificate)
    await cancel_all([following])
    await first._shut()  # what a kill does: nothing is written
    second = engine()
    following = await led(second, lambda: air[0])
    assert await soon(lambda: second.is_open and second.shown.port != 0)
    assert (second.shown.port, second.certificate) == was
    assert second.shown.code == "", "nobody new comes in by a start"
    air[0] = (1, False)
    kept = SeatsInDatabase(room) if where == "room" else SeatsInFolder(tmp_path)
    assert await soon(lambda: not kept.read().shared.open)  # on disk: only that is known to the next
    assert not second.is_open
    await cancel_all([following])
    third = engine()
    looks, go_on = list[bool](), third._go_on

    async def counted() -> None:
        await go_on()
        looks.append(third.is_open)

    monkeypatch.setattr(third, "_go_on", counted)
    following = await led(third, lambda: (1, True))
    assert await soon(lambda: len(looks) >= 3)
    assert not any(looks)
    await cancel_all([following])
    await third.close()


async def test_what_was_closed_by_a_person_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "_LOOK_SECONDS", 0.02)
    first = Sharing(tmp_path, "room", lambda: NOW)
    following = await led(first, lambda: (1, True))
    assert (await first.act(ShareOpen(AT))).ok
    await first.act(ShareClose())
    await cancel_all([following])
    assert not SeatsInFolder(tmp_path).read().shared.open


async def test_what_cannot_be_written_is_written_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away when a seat was sent away: at once it counts no more here, over the broker too;
    and the next leader is told as soon as that can be."""
    monkeypatch.setattr(share, "_LOOK_SECONDS", 0.02)
    room = Room()
    kept = SeatsInDatabase(room)
    kept.write(SeatsFile([seat("a"), seat("b")]))
    sharing = Sharing(tmp_path, "room", lambda: NOW, kept)
    following = await led(sharing, lambda: (1, True))
    room.away = True
    with pytest.raises(OSError, match="away"):
        await sharing.act(ShareRevoke("a"))
    assert [one.id for one in sharing.seats] == ["b"]
    assert sharing.seat("a") is None
    await asyncio.sleep(0.1)
    assert not following.done(), "it goes on, also without the database"
    assert [one.id for one in SeatsInDatabase(room).read().present] == ["a", "b"]
    room.away = False
    assert await soon(lambda: [one.id for one in SeatsInDatabase(room).read().present] == ["b"])
    await cancel_all([following])


async def test_it_ends_with_the_broadcast_also_where_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "_LOOK_SECONDS", 0.02)
    room, air = Room(), [(1, True)]
    kept = SeatsInDatabase(room)
    kept.write(SeatsFile([seat("a")]))
    sharing = Sharing(tmp_path, "room", lambda: NOW, kept)
    following = await led(sharing, lambda: air[0])
    assert (await sharing.act(ShareOpen(AT))).ok
    room.away = True
    with pytest.raises(OSError, match="away"):
        await sharing.act(ShareRevoke("a"))
    air[0] = (1, False)
    assert await soon(lambda: not sharing.is_open)
    room.away = False
    assert await soon(lambda: not SeatsInDatabase(room).read().shared.open)
    assert SeatsInDatabase(room).read().present == []
    await cancel_all([following])


async def test_a_room_that_cannot_be_looked_at_for_a_while_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its database was away for longer than a look waits; sharing ends with the broadcast all the same."""
    monkeypatch.setattr(share, "_LOOK_SECONDS", 0.02)
    air: list[tuple[int, bool] | None] = [(1, True)]
    asked = 0

    def on_air() -> tuple[int, bool]:
        nonlocal asked
        asked += 1
        if air[0] is None:
            raise NotTaken("cannot_write", "away")
        return air[0]

    sharing = Sharing(tmp_path, "room", lambda: NOW)
    following = await led(sharing, on_air)
    assert (await sharing.act(ShareOpen(AT))).ok
    air[0], asked = None, 0
    assert await soon(lambda: asked >= 3)
    assert sharing.shown.open
    with pytest.raises(NotTaken):
        await sharing.act(ShareOpen(AT))
    assert not sharing.is_open, "what is not written down is not open"
    air[0] = (1, True)
    assert await soon(lambda: sharing.is_open)
    air[0] = (1, False)
    assert await soon(lambda: not SeatsInFolder(tmp_path).read().shared.open), "closed, and written down"
    assert not following.done()
    await cancel_all([following])


async def test_an_engine_without_the_brokers_files_asks_the_rooms_seats(tmp_path: Path) -> None:
    """It stood by on another machine: the broker's file is not there, and may still name who was sent off."""
    room = Room()
    unused: Any = None

    def at(sharing: Sharing) -> AtBroker:
        return AtBroker(unused, tmp_path, "room", sharing, unused, unused)

    unkept = at(Sharing(tmp_path, "room", lambda: NOW, SeatsInDatabase(room)))
    assert unkept._admits("a", "assistant"), (
        "an earlier version told the room nothing: the file is all there is"
    )
    kept = SeatsInDatabase(room)
    kept.write(SeatsFile([seat("a"), seat("b")], removed=[seat("b").token_hash]))
    sharing = Sharing(tmp_path, "room", lambda: NOW, kept)
    admits = at(sharing)._admits
    assert admits("a", "assistant")
    assert not admits("a", "operator")
    assert not admits("b", "assistant")
    assert not admits("nobody", "assistant")
    await sharing.act(ShareRevoke("a"))
    assert not admits("a", "assistant")


def test_seats_of_a_folder_go_into_the_room_once_and_nobody_comes_back_by_it(tmp_path: Path) -> None:
    room, folder = Room(), SeatsInFolder(tmp_path)
    kept = SeatsInDatabase(room)
    kept.write(SeatsFile([seat("a"), seat("b")], removed=[seat("c").token_hash]))
    folder.write(SeatsFile([seat("b"), seat("c"), seat("d")], removed=[seat("a").token_hash]))
    kept.take_over(tmp_path)
    assert [one.id for one in kept.read().seats] == ["b", "d"]
    assert folder.found() is None
    before = room.content
    kept.take_over(tmp_path)
    assert room.content == before
    (tmp_path / "seats.json").write_bytes(b'{"seats": [{"id"')
    kept.take_over(tmp_path)
    assert (tmp_path / "seats.json").exists(), "what cannot be read is a person's to look at"
    assert room.content == before
    folder.write(SeatsFile([seat(f"n{n}") for n in range(SEATS_MOST)]))
    kept.take_over(tmp_path)
    assert len(kept.read().seats) == SEATS_MOST


async def test_what_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    room = Room()
    room.content = b'{"seats": [{"id"'
    assert list(SeatRegister(SeatsInDatabase(room)).seats) == []


def test_the_key_that_signs_is_lent_to_nobody(tmp_path: Path) -> None:
    """What the next engine gets serves one address; for another one it needs a studio of its own, which it
    makes where a person asks and by itself never."""
    owner, other = tmp_path / "owner", tmp_path / "other"
    owner.mkdir()
    other.mkdir()
    studio = StudioCertificates(owner)
    lent = studio.kept(AT)
    secret = (owner / "studio" / "studio.pem").read_text("ascii").partition("-----BEGIN CERTIFICATE")[0]
    assert "PRIVATE KEY" in secret
    assert secret not in str(lent)
    assert studio_at(other, lent, AT, make=False).fingerprint == studio.fingerprint
    assert not (other / "studio" / "studio.pem").exists()
    with pytest.raises(NoCertificate):
        studio_at(other, lent, "192.168.7.7", make=False)
    made = studio_at(other, lent, "192.168.7.7", make=True)
    assert made.fingerprint != studio.fingerprint
    assert studio_at(other, lent, AT, make=False).fingerprint == studio.fingerprint, (
        "where it can be, as before"
    )
    assert studio_at(owner, lent, AT, make=False).kept(AT) == lent
    for broken in (
        replace(lent, authority="none"),
        replace(lent, leaves={}),
        replace(lent, leaves=dict.fromkeys(lent.leaves, made.pem)),
    ):
        (tmp_path / "third").mkdir(exist_ok=True)
        with pytest.raises(NoCertificate):
            studio_at(tmp_path / "third", broken, AT, make=False)
