"""The console page through the door: pinned and read back, and a person's at once where it is not."""

from __future__ import annotations

import asyncio
import json
import random
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from liveconsole.connectors.browser import finding, part
from tests.goals import within
from tests.services import may_skip
from tests.worlds.console.world import Console

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        may_skip(finding.executable() is None),
        reason="no Chrome, Edge or Chromium here: apt-get install chromium",
    ),
]
TITLES = [f"好物{n} 家用款" for n in range(1, 21)]
FLAVOUR = "wechat_channels"


class Room:
    """An engine whose room is connected to a replica, asked from beside the replica's loop."""

    def __init__(self, program: Any, console: Console) -> None:
        self._program, self.console = program, console

    async def do(self, type_: str, **data: Any) -> Any:
        return await asyncio.to_thread(lambda: self._program.command(type_, **data))

    async def state(self) -> Any:
        return await asyncio.to_thread(self._program.ask, "/v1/state")

    async def act(self, action: str) -> Any:
        return await asyncio.to_thread(self._program.ask, f"/v1/connections/browser/{action}", {})

    async def log(self, types: str) -> Any:
        return await asyncio.to_thread(self._program.log, types)

    async def until(self, holds: Callable[[Any], Any], seconds: float = 15) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            state = await self.state()
            if holds(state):
                return state
            if time.monotonic() > deadline:
                raise AssertionError((state["health"]["connections"], state["cues"], self.console.on))
            await asyncio.sleep(0.05)

    async def code(self, code: str, seconds: float = 15) -> Any:
        """Wait until the connection says it."""
        state = await self.until(lambda s: told(s).get("code") == code, seconds)
        return told(state)

    async def pin(self, number: int) -> None:
        await self.do("cart.pin", product_id=f"p{number}")

    async def confirmed(self, number: int) -> None:
        """Wait until the page was read back to show it."""
        await self.until(lambda s: s["pinned"]["confirmed"] == f"p{number}")

    def kill_browser(self) -> None:
        """End the browser of this room's engine, as a crash does."""
        profile = str(self._program.folder / "browser")
        engine = psutil.Process(json.loads((self._program.folder / "engine.json").read_bytes())["pid"])
        for process in engine.children(recursive=True):
            words = process.cmdline()
            if any(profile in word for word in words) and not any(
                word.startswith("--type=") for word in words
            ):
                process.kill()

    def picture(self, sha256: str) -> bytes:
        at = json.loads((self._program.folder / "engine.json").read_bytes())
        request = urllib.request.Request(f"{at['url']}/v1/images/{sha256}")
        request.add_header("Authorization", f"Bearer {at['tokens']['host']}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            body: bytes = answer.read()
        return body


def told(state: Any) -> Any:
    return state["health"]["connections"].get("browser", {})


@asynccontextmanager
async def room_at(program: Any, *, consent: bool = True, **console: Any) -> AsyncIterator[Room]:
    if not part.use(program.folder):
        pytest.skip("no Playwright with a driver here: python dev.py setup brings both")
    program.env["LIVECONSOLE_BROWSER_WINDOW"] = "none"
    async with Console(FLAVOUR, TITLES, **console) as world:
        world.put_map(program.folder)
        await asyncio.to_thread(program.serve)
        room = Room(program, world)
        products = [
            {"product_id": f"p{n}", "title": title, "price_fen": 900, "stock": 9}
            for n, title in enumerate(TITLES, 1)
        ]
        await room.do("catalogue.put", products=products)
        await room.do("cart.add", product_ids=[f"p{n}" for n in range(1, 21)])
        await room.do("broadcast.open")
        await room.do("room.set", platform="browser", browser={"platform": FLAVOUR, "consent": consent})
        try:
            yield room
        finally:
            await asyncio.to_thread(program.stop)


def polls(lines: list[dict[str, Any]]) -> Callable[[], Any]:
    """The recorded comments as the page is told of them: some more in each answer, and some said again."""
    chance, at = random.Random(7), 0

    def answer() -> Any:
        nonlocal at
        start, at = max(0, at - chance.randint(0, 40)), min(len(lines), at + chance.randint(0, 60))
        told = [
            {
                "type": 1,
                "nickname": line["name"],
                "username": "u-" + line["name"],
                "content": line["text"],
                "clientMsgId": f"m{line['seq']}",
            }
            for line in lines[start:at]
        ]
        return {"errCode": 0, "data": {"msgList": told, "appMsgList": []}}

    return answer


@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.deep)])
async def test_the_page_s_comments_are_those_of_the_tape(program: Any, shared: Path, count: int) -> None:
    tape = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    lines = [
        line for line in map(json.loads, tape.read_text("utf-8").splitlines()) if line["type"] == "comment"
    ]
    lines = lines[:count]
    async with room_at(program) as room:
        room.console.polls = polls(lines)
        ready = await room.code("ready")
        await room.until(lambda s: told(s)["figures"]["facts"] >= len(lines), 15 + len(lines) / 100)
        comments = await room.log("comment.posted")
        assert [(one["data"]["viewer"]["name"], one["data"]["text"]) for one in comments] == [
            (line["name"], line["text"]) for line in lines
        ]
        assert ready["figures"]["missed"] == 0


async def test_a_pin_is_pressed_read_back_and_a_persons_where_it_is_not(program: Any) -> None:
    async with room_at(program) as room:
        ready = await room.code("ready")
        assert ready["state"] == "connected"
        assert "cannot" not in ready
        for number in (7, 12):
            await room.pin(number)
            await room.confirmed(number)
            assert room.console.on == [TITLES[number - 1]]
        room.console.moods = ("ignores",)
        await room.pin(3)
        stuck = await room.code("stuck", 20)
        assert stuck["cannot"] == ["pins"]
        assert stuck["params"]["number"] == 3
        state = await room.until(lambda s: told(s).get("picture"))
        assert len(await asyncio.to_thread(room.picture, told(state)["picture"])) > 1000
        cue = next(cue for cue in state["cues"] if cue["cue_id"] == state["pinned"]["cue_id"])
        assert cue["can"]["confirm"] is True
        assert (state["pinned"]["wanted"], state["pinned"]["confirmed"]) == ("p3", "p12")
        await room.do("cue.confirm", cue_id=cue["cue_id"], step="on_air", done=True)
        await room.code("ready")
        room.console.moods = ("refuses",)
        await room.pin(5)
        await room.until(lambda s: any(cue["reason"].startswith("操作太频繁") for cue in s["cues"]))
        assert told(await room.state())["code"] == "ready"
        told_of = [
            (event["data"]["code"], event["data"]["cannot"]) for event in await room.log("connection.told")
        ]
        assert told_of == [("loading", ["pins"]), ("ready", []), ("stuck", ["pins"]), ("ready", [])]


@pytest.mark.deep
async def test_what_stands_in_the_way_is_a_persons_at_once_and_mended_by_itself(program: Any) -> None:
    async with room_at(program, consent=False) as room:
        assert (await room.code("no_consent"))["state"] == "off"
        room.console.logged_in = False
        await room.do("room.set", browser={"platform": FLAVOUR, "consent": True})
        assert (await room.code("logged_out"))["state"] == "login"
        await room.pin(4)
        state = await room.state()
        cue = next(cue for cue in state["cues"] if cue["cue_id"] == state["pinned"]["cue_id"])
        assert cue["can"]["confirm"] is True
        await room.do("cue.confirm", cue_id=cue["cue_id"], step="on_air", done=True)
        room.console.logged_in = True
        await room.code("ready")
        for mood, code in (("renames", "changed"), ("captcha", "captcha")):
            room.console.send(mood)
            await room.code(code)
            assert room.console.presses == 0
            room.console.send("well again")
            await room.code("ready")
        room.console.send("opens a dialog")
        room.console.send("reverses")
        await asyncio.sleep(2)  # a dialog that comes over the very press makes that press a person's
        await room.pin(9)
        await room.confirmed(9)
        assert room.console.on == [TITLES[8]]
        assert (await room.act("check")) == {"ok": True, "code": "ready", "params": {}, "rows": 20}
        await asyncio.to_thread(room.kill_browser)
        await room.code("page_gone")
        await room.code("ready")
        await room.pin(2)
        await room.confirmed(2)


@pytest.mark.deep
async def test_from_the_key_to_what_was_read_back(program: Any) -> None:
    took = []
    async with room_at(program) as room:
        await room.code("ready")
        for number in [n * 7 % 20 + 1 for n in range(40)]:
            began = time.monotonic()
            await room.pin(number)
            await room.confirmed(number)
            took.append(time.monotonic() - began)
            assert room.console.on == [TITLES[number - 1]]
    took.sort()
    print(f"p50 {took[20]:.2f} s, p95 {took[38]:.2f} s")
    within(took[38], 1.5)
