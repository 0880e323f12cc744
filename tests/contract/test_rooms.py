"""Many rooms to look at: how each stands, who may see which, and that none holds up another."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole.bus.discovery import Discovery, announce
from liveconsole.bus.rooms import watching
from liveconsole.bus.rooms.listed import ROOMS, BadRooms, FolderRooms, ListedRoom
from liveconsole.bus.rooms.server import WallServer
from liveconsole.bus.rooms.watching import WatchedRooms, ordered
from liveconsole.cli import rooms as command
from liveconsole.messages.wall import WallAlarm, WallRoom
from liveconsole.respath import resources
from tests.contract.engine_process import EngineProcess
from tests.doors.wire import replies, request

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def written(folder: Path, **file: Any) -> Path:
    (folder / "rooms.json").write_text(json.dumps(file), "utf-8")
    return folder


def stranger(folder: Path, port: int) -> Path:
    """A data folder whose engine.json names somebody else's port."""
    folder.mkdir()
    announce(folder, Discovery(f"http://127.0.0.1:{port}", 1, "1", "proof", {"viewer": "secret-token"}))
    return folder


def test_the_command_lists_rooms_as_they_stand(
    engine: EngineProcess, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "empty").mkdir()
    rows = [{"folder": str(engine.folder), "id": "a", "name": "一号\u202e直播间"}, {"folder": "empty"}]
    written(tmp_path, rooms=rows)
    assert command.run(["--folder", str(tmp_path), "--json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    here, gone = told["rooms"]
    assert (here["id"], here["name"], here["url"]) == ("a", "一号直播间", engine.found["url"])
    assert here["stands"] in ("on_air", "off_air")
    assert here["version"] == engine.found["version"]
    assert (gone["id"], gone["stands"], gone["gmv_fen"], gone["gmv_why"]) == ("empty", "gone", None, "gone")
    assert gone["alarms"] is None, "unknown is not none"
    assert command.run(["--folder", str(tmp_path), "--english"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert lines[0].split() == ["Room", "Stands", "Since", "Alarms", "GMV", "Version", "Address"]
    assert "no engine" in lines[2]
    written(tmp_path, rooms=rows, watchers={"x": 3})
    assert command.run(["--folder", str(tmp_path)]) == 1


def test_without_a_file_every_data_folder_is_a_room(tmp_path: Path) -> None:
    for name in ("b", "a", "not-one"):
        (tmp_path / name).mkdir()
        if name != "not-one":
            (tmp_path / name / "bus.json").write_text("{}")
    listed = FolderRooms(tmp_path)
    assert [room.id for room in listed.rooms()] == ["a", "b"]
    assert listed.watchers() == {"all": None}
    with pytest.raises(BadRooms):
        FolderRooms(written(tmp_path, rooms=[{"folder": "a", "id": "x"}, {"folder": "b", "id": "x"}])).rooms()


async def test_who_never_answers_holds_nobody_up_and_gets_no_token(
    engine: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        heard: list[bytes] = []

        async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append(await reader.read(4096))
            await reader.read()
            writer.close()

        server = await asyncio.start_server(listens, sock=silent)
        stranger(tmp_path / "silent", silent.getsockname()[1])
        rows = [{"folder": "silent"}, {"folder": str(engine.folder), "id": "a"}]
        rooms = WatchedRooms(FolderRooms(written(tmp_path, rooms=rows)))
        began = time.monotonic()
        asking = asyncio.ensure_future(rooms.look())  # noqa: TID251  # awaited below
        while rooms.wall().rooms == [] or rooms.wall().rooms[0].stands == "gone":
            await asyncio.sleep(0.01)
            assert time.monotonic() - began < 10
        first = rooms.wall().rooms[0]
        assert first.id == "a"
        await asking
        assert rooms.wall().rooms[1].stands == "gone"
        await rooms.close()
        await asyncio.sleep(0.05)  # its end of the connection closes
        server.close()
    assert heard
    assert b"secret-token" not in b"".join(heard), "who cannot prove himself is told no token"


async def test_a_room_that_went_away_on_air_comes_first_and_says_since_when(
    engine: EngineProcess, tmp_path: Path
) -> None:
    if engine.state()["broadcast"]["status"] != "open":
        engine.done("broadcast.open", title="晚场")
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "engine.json").write_bytes((engine.folder / "engine.json").read_bytes())
    rows = [{"folder": str(engine.folder), "id": "stays"}, {"folder": "room"}]
    moment = NOW
    rooms = WatchedRooms(FolderRooms(written(tmp_path, rooms=rows)), lambda: moment)
    await rooms.look()
    assert [room.id for room in rooms.wall().rooms] == ["stays", "room"]
    (folder / "engine.json").unlink()
    moment = NOW.replace(hour=13)
    await rooms.look()
    lost = rooms.wall().rooms[0]
    assert (lost.id, lost.stands, lost.since, lost.was_on_air) == ("room", "gone", moment, True)
    moment = NOW.replace(hour=14)
    await rooms.look()
    assert rooms.wall().rooms[0].since == NOW.replace(hour=13), (
        "since when it is away, not since the last look"
    )
    await rooms.close()


@pytest.mark.parametrize("simulated", [False, True])
async def test_a_rehearsal_that_ends_is_missed_by_nobody(tmp_path: Path, simulated: bool) -> None:
    rooms = WatchedRooms(FolderRooms(written(tmp_path, rooms=[{"folder": "room"}])))
    await rooms.look()
    rooms._rooms["room"].seen = WallRoom("room", "room", "on_air", NOW, simulated=simulated)
    await rooms.look()
    (seen,) = rooms.wall().rooms
    assert (seen.stands, seen.was_on_air) == ("gone", not simulated)
    await rooms.close()


def test_those_come_first_that_need_somebody() -> None:
    alarm = [WallAlarm("trouble", "t", "t")]

    def room(id_: str, stands: Any, alarms: Any = None, *, lost: bool = False) -> WallRoom:
        return WallRoom(id_, id_, stands, was_on_air=lost, alarms=alarms)

    shuffled = [
        room("gone", "gone"), room("off", "off_air", []), room("air", "on_air", []),
        room("off!", "off_air", alarm), room("air!", "on_air", alarm), room("lost", "unread", lost=True),
    ]  # fmt: skip
    assert [one.id for one in ordered(shuffled)] == ["lost", "air!", "off!", "air", "off", "gone"]


async def test_a_hundred_are_asked_once_a_second_at_most_and_the_others_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def counted(self: Any) -> None:
        asked.append(self.listed.id)

    monkeypatch.setattr(watching._WatchedRoom, "_ask", counted)

    class Many:
        def rooms(self) -> list[ListedRoom]:
            return [ListedRoom(f"r{n}", f"r{n}", tmp_path) for n in range(ROOMS + 3)]

        def watchers(self) -> dict[str, frozenset[str] | None]:
            return {"all": None}

    rooms = WatchedRooms(Many())
    following = asyncio.ensure_future(rooms.follow())  # noqa: TID251  # cancelled below
    await asyncio.sleep(1.5)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert len(set(asked)) == ROOMS
    assert all(asked.count(id_) <= 2 for id_ in set(asked))
    assert rooms.wall().left_out == 3


# The page ---------------------------------------------------------------------------------------------


@pytest.fixture
async def wall(
    engine: EngineProcess, tmp_path: Path
) -> AsyncIterator[tuple[WallServer, int, dict[str, str]]]:
    rows = [{"folder": str(engine.folder), "id": "a"}, {"folder": "b"}]
    written(tmp_path, rooms=rows, watchers={"boss": "*", "east": ["b"], "none": []})
    listed = FolderRooms(tmp_path)
    rooms = WatchedRooms(listed)
    await rooms.look()
    server = WallServer(tmp_path, listed, rooms)
    port = await server.open(0)
    tokens = json.loads((tmp_path / "wall.json").read_bytes())["tokens"]
    yield server, port, tokens
    await server.close()
    await rooms.close()


async def test_each_watcher_sees_his_rooms_and_who_is_taken_out_sees_none(
    wall: tuple[WallServer, int, dict[str, str]], tmp_path: Path
) -> None:
    server, port, tokens = wall
    assert set(tokens) == {"boss", "east", "none"}
    async with aiohttp.ClientSession() as session:

        async def sees(name: str) -> list[str] | int:
            headers = {"Authorization": f"Bearer {tokens[name]}"}
            async with session.get(f"http://127.0.0.1:{port}/wall/rooms", headers=headers) as answer:
                if answer.status != 200:
                    return answer.status
                return sorted(room["id"] for room in (await answer.json())["rooms"])

        assert [await sees(name) for name in tokens] == [["a", "b"], ["b"], []]
        written(tmp_path, rooms=[{"folder": "b"}], watchers={"boss": "*"})
        server.refresh()
        assert await sees("east") == 401
        assert await sees("boss") == ["a", "b"], "the rooms are looked at by another hand"
    kept = json.loads((tmp_path / "wall.json").read_bytes())
    assert kept["tokens"] == {"boss": tokens["boss"]}
    assert kept["port"] == port


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("no token", {"headers": []}, 401),
        ("a wrong token", {"headers": [("Authorization", "Bearer wrong")]}, 401),
        ("the token in the address", {"target": "/wall/rooms?token={boss}", "headers": []}, 401),
        ("basic", {"headers": [("Authorization", "Basic {boss}")]}, 401),
        ("a rebound name", {"host": "evil.example:{port}"}, 403),
        ("no port", {"host": "127.0.0.1"}, 403),
        ("another page", {"more": [("Origin", "https://evil.example")]}, 403),
        ("a sandboxed page", {"more": [("Origin", "null")]}, 403),
        ("a form", {"method": "POST", "more": [("Content-Type", "text/plain")]}, 405),
        ("a preflight", {"method": "OPTIONS", "more": [("Origin", "https://evil.example")]}, 403),
        ("another file", {"target": "/wall/../wall.json"}, 404),
        ("a file of the folder", {"target": "/wall/wall.json"}, 404),
        ("a call of an engine", {"target": "/v1/state"}, 404),
        ("packed letters", {"target": "/wall/%72ooms"}, 404),
    ],
)
async def test_the_wall_lets_nobody_else_look(
    wall: tuple[WallServer, int, dict[str, str]], name: str, sent: dict[str, Any], status: int
) -> None:
    _, port, tokens = wall
    words = {**tokens, "port": port}
    headers = sent.get("headers", [("Authorization", "Bearer {boss}")]) + sent.get("more", [])
    host = ("Host", sent.get("host", "127.0.0.1:{port}").format(**words))
    said = [host, *((key, value.format(**words)) for key, value in headers)]
    straight = request(
        "GET", "/wall/rooms", [("Host", f"127.0.0.1:{port}"), ("Authorization", f"Bearer {tokens['boss']}")]
    )
    assert (await asyncio.to_thread(replies, port, straight))[0].status == 200, "the twin without its trick"
    bent = request(sent.get("method", "GET"), sent.get("target", "/wall/rooms").format(**words), said)
    answer = (await asyncio.to_thread(replies, port, bent))[0]
    assert answer.status == status, (name, answer.body)
    assert not [header for header in answer.headers if header.startswith(("access-control", "set-cookie"))]
    assert tokens["boss"].encode() not in answer.body


async def test_the_page_is_strict_and_puts_text_in_as_text(
    wall: tuple[WallServer, int, dict[str, str]],
) -> None:
    _, port, _ = wall
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/wall?lang=en") as page,
    ):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        body = await page.text()
    assert "<script>" not in body
    assert "style=" not in body
    script = (resources() / "wall" / "page.js").read_text("utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "localStorage"):
        assert way not in script, way
