"""What leaves the engine is bounded in bytes: frames of the stream, pages of the log. A log that an older
version wrote may hold events of any size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from liveconsole.bus.client import Client
from liveconsole.cli import tail
from liveconsole.messages.bounds import FRAME_BYTES, PAGE_BYTES
from tests.contract.engine_process import EngineProcess
from tests.doors.bent_engine import BentEngine
from tests.doors.wire import comment

LARGE: Final = 40
BLOB: Final = 900_000


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose log holds 40 comments of 900 kB, and small ones between (K6.3)."""
    folder = tmp_path_factory.mktemp("heavy") / "room"
    running = BentEngine(folder, without="unknown").start()
    for n in range(LARGE):
        running.post([comment(f"large-{n}", blob="b" * BLOB)])
        running.post([comment(f"small-{n}-{m}") for m in range(50)])
    assert running.stop() == 0
    return folder


@pytest.fixture
def old_log(heavy: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(heavy, "--port", "0").start()
    yield running
    assert running.stop() == 0


async def _frames(engine: EngineProcess, until: int) -> list[int]:
    """Size of every frame of the stream from the beginning, by a reader that takes any."""
    headers = {"Authorization": f"Bearer {engine.tokens['viewer']}"}
    url, sizes, seq = f"{engine.found['url']}/v1/stream?after=0", [], 0
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(url, max_msg_size=0) as ws,
    ):
        while seq < until:
            message = await asyncio.wait_for(ws.receive(), 20)
            events = json.loads(message.data)
            assert [event["seq"] for event in events] == list(range(seq + 1, seq + 1 + len(events)))
            seq = events[-1]["seq"]
            sizes.append(len(message.data.encode()))
            assert sizes[-1] <= FRAME_BYTES or len(events) == 1
    return sizes


def _pages(engine: EngineProcess, types: str = "") -> Iterator[tuple[int, list[dict[str, Any]]]]:
    after = 0
    while True:
        answer = engine.call(
            "GET", f"/v1/log?after={after}&limit=10000" + (f"&type={types}" if types else "")
        )
        assert answer.status == 200
        if not answer.body:
            return
        yield len(answer.body), answer.lines
        after = answer.lines[-1]["seq"]


def test_frames_and_pages_stay_within_their_bytes(old_log: EngineProcess) -> None:
    whole = old_log.seq()
    assert whole == LARGE * 51
    sizes = asyncio.run(_frames(old_log, whole))
    assert len(sizes) >= LARGE
    for types in ("", "comment.posted"):
        pages = list(_pages(old_log, types))
        assert max(size for size, _ in pages) <= PAGE_BYTES
        assert [line["seq"] for _, lines in pages for line in lines] == list(range(1, whole + 1))
        assert len(pages) >= 5


def test_our_own_client_goes_on_behind_a_short_page(
    old_log: EngineProcess, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    async def followed() -> int:
        async with Client(
            old_log.found["url"], old_log.tokens["viewer"], old_log.found["proof_key"]
        ) as client:
            seen = 0
            async for batch in client.follow(0):
                seen += len(batch)
                if seen == LARGE * 51:
                    return seen
        return 0

    assert asyncio.run(asyncio.wait_for(followed(), 30)) == LARGE * 51
    assert tail.run(["--data", str(old_log.folder), "--once"]) == 0
    told = capfdbinary.readouterr().out.splitlines()
    assert [json.loads(line)["seq"] for line in told] == list(range(1, LARGE * 51 + 1))


def test_a_search_of_large_comments_comes_in_pages(old_log: EngineProcess) -> None:
    before, found = 0, 0
    while before != 1:
        answer = old_log.call("GET", f"/v1/search?q=%E5%A5%BD%E7%9C%8B&before={before}&limit=500")
        assert len(answer.body) <= PAGE_BYTES + 100_000
        found += len(answer.json["events"])
        before = answer.json["before"]
    assert found == LARGE * 51


def test_twin_without_the_bounds_one_frame_is_everything(
    heavy: Path, tmp_path: Path, bent: Callable[..., BentEngine]
) -> None:
    running = bent(limits={"FRAME_BYTES": 1 << 40, "PAGE_BYTES": 1 << 40}, folder=heavy)
    assert max(size for size, _ in _pages(running)) > 4 * PAGE_BYTES
    with pytest.raises(AssertionError):
        asyncio.run(_frames(running, LARGE * 51))
    running.stop()
