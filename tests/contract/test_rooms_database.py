"""The rooms of a database on one page: one question, a role that may read nothing else, each watcher his."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole.bus.rooms.database import DatabaseRooms, RoomsInDatabase
from liveconsole.bus.rooms.listed import ROOMS, BadRooms
from liveconsole.bus.rooms.server import WallServer
from liveconsole.cli import rooms as command
from liveconsole.messages.wall import Wall, WallRoom
from liveconsole.store.errors import CannotWrite
from tests import services
from tests.contract.engine_process import EngineProcess

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres import wall  # noqa: E402
from liveconsole.store.postgres.address import address_of  # noqa: E402

WATCHER = "wall_watcher"


@pytest.fixture(scope="module")
def server() -> services.Postgres:
    return services.postgres(durable=False)


@pytest.fixture(scope="module")
def engine(
    server: services.Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[EngineProcess, str]]:
    """One engine on air in a database, in which other rooms have none."""
    url = server.database()
    folder = tmp_path_factory.mktemp("led")
    made = EngineProcess(folder, "--database", url, "--room", "b", "--port", "0").start()
    made.done("broadcast.open", title="晚场")
    server.ask(
        url,
        f"DO $$ BEGIN CREATE ROLE {WATCHER} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT USAGE ON SCHEMA liveconsole_wall TO {WATCHER}",
        f"GRANT SELECT ON liveconsole_wall.rooms TO {WATCHER}",
        "INSERT INTO liveconsole.room (name) VALUES ('a')",
        "INSERT INTO liveconsole.lease (room_id) SELECT room_id FROM liveconsole.room WHERE name = 'a'",
    )
    yield made, url
    if made.process.poll() is None:
        made.kill()
    server.drop(url)


def reader(url: str) -> wall.WallReader:
    """By the role that may read the wall alone."""
    return wall.WallReader(address_of(url.replace(f"//{services.USER}@", f"//{WATCHER}@")))


def looked(url: str) -> dict[str, WallRoom]:
    rooms = RoomsInDatabase(reader(url))

    async def once() -> Wall:
        try:
            await rooms.look()
            return rooms.wall()
        finally:
            await rooms.close()

    return {room.id: room for room in asyncio.run(once()).rooms}


def until_told(url: str) -> dict[str, WallRoom]:
    limit = time.monotonic() + 10
    while (found := looked(url))["b"].stands != "on_air":
        assert time.monotonic() < limit, found
        time.sleep(0.1)
    return found


def test_each_leader_tells_how_it_stands_and_unknown_says_why(
    engine: tuple[EngineProcess, str], server: services.Postgres, tmp_path: Path, capsys: Any
) -> None:
    running, url = engine
    found = until_told(url)
    told, never = found["b"], found["a"]
    assert (told.title, told.gmv_fen, told.gmv_why) == ("晚场", 0, "")
    assert told.alarms is not None
    assert told.lead is not None
    assert str(running.process.pid) in told.lead.engine
    assert told.lead.lease_seconds is not None
    assert told.lead.lease_seconds < 3
    assert (told.lead.standing_by, told.url) == (0, "")
    assert (never.stands, never.alarms, never.gmv_why, never.since) == ("gone", None, "gone", None)
    assert never.lead is not None
    assert (never.lead.engine, never.lead.lease_seconds) == ("", None)
    stands_by = address_of(url).connect(name=f"{wall.STANDBY}{number(server, url)}")
    assert looked(url)["b"].lead.standing_by == 1  # type: ignore[union-attr]
    stands_by.close()

    assert command.run(["--folder", str(tmp_path), "--database", url, "--english"]) == 0
    heads, first, second = capsys.readouterr().out.splitlines()
    assert heads.split("  ")[-1].strip() == "Lease"
    assert "on air" in first, "what is on air stands before who is not there"
    assert "— never led" in second
    assert "— handed over" in second
    assert command.run(["--folder", str(tmp_path), "--database", "postgresql://u:secret@h/d"]) == 1
    assert "secret" not in capsys.readouterr().err

    server.ask(url, "UPDATE liveconsole_wall.told SET at = at - interval '1 minute'")
    silent = looked(url)["b"]
    assert (silent.stands, silent.was_on_air, silent.gmv_fen) == ("unread", True, None), "its lease goes on"
    until_told(url)  # who still looks at his room says so, also where nothing changed

    running.kill()
    server.ask(url, "UPDATE liveconsole.lease SET until = clock_timestamp() WHERE epoch > 1")
    lost = looked(url)["b"]
    assert (lost.stands, lost.was_on_air, lost.gmv_fen) == ("gone", True, None)
    assert lost.since is not None


def number(server: services.Postgres, url: str) -> int:
    return int(server.ask(url, "SELECT room_id FROM liveconsole.room WHERE name = 'b'")[0][0])


def test_who_may_look_may_read_nothing_else(engine: tuple[EngineProcess, str]) -> None:
    _, url = engine
    watcher = address_of(url.replace(f"//{services.USER}@", f"//{WATCHER}@"))
    with watcher.connect(autocommit=True) as raw:
        for statement in (
            "SELECT * FROM liveconsole.event",
            "SELECT * FROM liveconsole.person",
            "SELECT * FROM liveconsole.lease",
            "UPDATE liveconsole.lease SET epoch = 9",
            "SELECT * FROM liveconsole_wall.told",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement)


def test_a_hundred_rooms_are_one_question_and_the_others_are_counted(
    engine: tuple[EngineProcess, str], server: services.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = engine
    server.ask(
        url,
        "INSERT INTO liveconsole.room (name) SELECT 'many' || n FROM generate_series(1, 118) n",
        "INSERT INTO liveconsole_wall.told SELECT room_id, 9, now(), '{broken' FROM liveconsole.room"
        " WHERE name LIKE 'many%'",
    )
    asked: list[str] = []
    execute = psycopg.Connection.execute

    def counted(self: Any, query: str, *words: Any, **more: Any) -> Any:
        asked.append(query)
        return execute(self, query, *words, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", counted)
    rooms = RoomsInDatabase(reader(url))

    async def thrice() -> Wall:
        for _ in range(3):
            await rooms.look()
        return rooms.wall()

    seen = asyncio.run(thrice())
    asyncio.run(rooms.close())
    assert (len(seen.rooms), seen.left_out) == (ROOMS, 20)
    assert len([one for one in asked if not one.startswith("SET ")]) == 3
    assert rooms.wall(frozenset({"b"})).left_out == 0


async def test_the_page_keeps_each_watchers_rights_and_says_when_the_database_is_away(
    engine: tuple[EngineProcess, str], tmp_path: Path
) -> None:
    _, url = engine
    (tmp_path / "rooms.json").write_text(json.dumps({"watchers": {"boss": "*", "east": ["a"]}}))
    listed = DatabaseRooms(tmp_path, reader(url))
    assert {"a", "b"} <= {room.id for room in await asyncio.to_thread(listed.rooms)}
    listed.reader.close()
    rooms = RoomsInDatabase(reader(url))
    await rooms.look()
    server = WallServer(tmp_path, listed, rooms)
    port = await server.open(0)
    tokens = json.loads((tmp_path / "wall.json").read_bytes())["tokens"]
    async with aiohttp.ClientSession() as session:

        async def sees(name: str) -> dict[str, str]:
            headers = {"Authorization": f"Bearer {tokens[name]}"}
            async with session.get(f"http://127.0.0.1:{port}/wall/rooms", headers=headers) as answer:
                return {room["id"]: room["stands"] for room in (await answer.json())["rooms"]}

        assert set(await sees("east")) == {"a"}
        assert {"a", "b"} <= set(await sees("boss"))

        def away(_: int) -> Any:
            raise CannotWrite("io_error", "away")

        rooms._reader.read = away  # type: ignore[assignment, method-assign]
        following = asyncio.ensure_future(rooms.follow())  # noqa: TID251  # cancelled below
        await asyncio.sleep(0.1)
        assert await sees("east") == {"a": "unread"}
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    await server.close()
    await rooms.close()
    (tmp_path / "rooms.json").write_text(json.dumps({"rooms": []}))
    with pytest.raises(BadRooms):
        listed.watchers()
