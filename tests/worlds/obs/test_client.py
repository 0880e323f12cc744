"""obs-websocket 5 on the wire: the published vector, and every documented body."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.obs import client, wire
from liveconsole.connectors.obs.client import ObsGone, ObsRefused, session
from liveconsole.tasks import cancel_all, spawn
from tests.worlds.obs.room import until
from tests.worlds.obs.server import FakeObs

VECTOR = (
    "supersecretpassword",
    wire.Challenge(
        "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=", "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI="
    ),
    "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=",
)
"""Of the protocol's document."""


def unheard(event: str, data: dict[str, Any]) -> None:
    """Of no interest here."""


def sample(shared: Path, name: str) -> Any:
    return json.loads((shared / "samples/obs" / f"obs-{name}.json").read_bytes())


def test_the_answer_to_a_challenge_is_that_of_the_document() -> None:
    password, asked, answer = VECTOR
    assert wire.proof(password, asked) == answer
    assert wire.proof(password + " ", asked) != answer


def test_the_kept_vector_holds_too(shared: Path) -> None:
    kept = sample(shared, "auth-vector")
    asked = wire.Challenge(kept["challenge"], kept["salt"])
    assert wire.proof(kept["password"], asked) == kept["authentication"]


def test_the_documented_bodies_are_read_and_written(shared: Path) -> None:
    hello = msgspec.convert(sample(shared, "hello")["d"], wire.ObsHello)
    assert hello.authentication is not None
    bare = msgspec.convert(sample(shared, "hello-noauth")["d"], wire.ObsHello)
    assert bare.authentication is None
    said = json.loads(wire.identify(bare, "p"))
    assert said["op"] == sample(shared, "identify")["op"]
    assert "authentication" not in said["d"]
    no = msgspec.convert(sample(shared, "response-fail-608")["d"], wire.ObsAnswer)
    assert (no.request_status.result, no.request_status.code) == (False, 608)
    status = msgspec.convert(sample(shared, "response-GetStreamStatus.constructed")["d"], wire.ObsAnswer)
    assert status.response_data is not None
    for name in ("SetCurrentProgramScene", "SetInputSettings.constructed", "CreateRecordChapter.constructed"):
        asked = sample(shared, f"request-{name}")
        type_, id_, data = (asked["d"][field] for field in ("requestType", "requestId", "requestData"))
        assert json.loads(wire.request(type_, id_, data)) == asked


async def test_a_status_of_no_list_is_a_refusal(obs: FakeObs) -> None:
    obs.studio.record.active = True
    obs.studio.chapters_fail = 608
    async with session(obs.address, "", unheard) as asked:
        with pytest.raises(ObsRefused) as no:
            await asked.ask("CreateRecordChapter", chapterName="1")
    assert no.value.status == 608


async def test_answers_find_their_question_in_any_order(obs: FakeObs) -> None:
    async with session(obs.address, "", unheard) as asked:
        names = ("GetVersion", "GetSceneList", "GetStats") * 5
        answers = await asyncio.gather(*(asked.ask(name) for name in names))
    first = {"GetVersion": "obsVersion", "GetSceneList": "scenes", "GetStats": "renderTotalFrames"}
    assert all(first[name] in answer for name, answer in zip(names, answers, strict=True))


async def test_whoever_waits_hears_that_it_is_over(obs: FakeObs) -> None:
    async with session(obs.address, "", unheard) as asked:
        obs.hung = True
        waiting = [spawn(asked.ask("GetVersion"), name="asks") for _ in range(3)]
        await asyncio.sleep(0.1)
        await obs.close_sessions(4011)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [one.code for one in found if isinstance(one, ObsGone)] == ["kicked"] * 3
        with pytest.raises(ObsGone):
            await asked.ask("GetVersion")


async def test_questions_without_answers_are_bounded(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)
    obs.hung = True
    async with session(obs.address, "", unheard) as asked:
        asking = (asked.ask("GetVersion") for _ in range(150))
        found = await asyncio.gather(*asking, return_exceptions=True)
    assert {one.code for one in found if isinstance(one, ObsGone)} == {"silent"}
    assert asked._asked == {}


@pytest.mark.parametrize(
    ("address", "code"),
    [("127.0.0.1:1", "away"), ("not an address", "away"), ("127.0.0.1:99999", "away"), ("", "away")],
)
async def test_an_address_where_nobody_is_is_away(address: str, code: str) -> None:
    with pytest.raises(ObsGone) as gone:
        async with session(address, "", unheard):
            raise AssertionError("connected")
    assert gone.value.code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "not_obs"),
        (b"\x00\x01\x02", "not_obs"),
        (b"", "away"),
    ],
)
async def test_something_else_that_answers_there_is_no_obs(answer: bytes, code: str) -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(other, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ObsGone) as gone:
            async with session(f"127.0.0.1:{port}", "", unheard):
                raise AssertionError("connected")
    assert gone.value.code == code


async def test_who_is_stopped_while_it_knocks_closes_what_it_opened(obs: FakeObs) -> None:
    obs.mute = True
    knocking = spawn(_knock(obs.address), name="knocks")
    await until(lambda: obs.muted == 1)
    await cancel_all([knocking])
    await until(lambda: obs.farewells == 1, 1)


async def _knock(address: str) -> None:
    async with session(address, "", unheard):
        raise AssertionError("connected")
