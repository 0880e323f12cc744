"""A tool on another computer: it posts what happened over a broker, reads up to where the room has it, and
may nothing else. At a real engine and a real broker."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.bus.errors import BusError, Busy, Denied, EngineGone, Rejected
from liveconsole.bus.joining import SeatCredential, keep, kept, load
from liveconsole.bus.nats.calls import STATUS, number_in
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up, read_urls
from liveconsole.bus.nats.keys import new_seed
from liveconsole.bus.nats.subjects import inbox
from liveconsole.bus.visitors import AT_ONCE
from liveconsole.cli import main
from liveconsole.exits import Exit
from liveconsole.messages.sharing import ShareAllow, ShareCode, ShareRevoke
from liveconsole.tasks import cancel_all, spawn
from tests.brokers import posix_alone
from tests.contract.engine_process import EngineProcess
from tests.contract.nats_room import Place, comments, no_one, of_module, place, seat_at, tool_at
from tests.doors.sharing import local, opened, waiting

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["of_module", "place"]

_tools: dict[Path, SeatCredential] = {}


@pytest.fixture
async def tool(place: Place) -> SeatCredential:
    """One tool for all that only post."""
    if place[0].folder not in _tools:
        _tools[place[0].folder] = await tool_at(place[0])
    return _tools[place[0].folder]


def lines(events: list[dict[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(event) + b"\n" for event in events)


async def test_what_it_posts_is_on_the_log_once_and_it_knows_up_to_where(
    place: Place, tool: SeatCredential
) -> None:
    source = "/capture/one"
    batch = comments(300, source=source)
    async with tool.client() as over, local(place[0]) as host:
        never = await over.checkpoint(source)
        assert (never.seq, never.id, never.why) == (None, None, "never")
        first = await over.post_events(batch)
        assert (first["accepted"], first["duplicates"], first["refused"]) == (300, 0, [])
        again = await over.post_events([*batch[200:], *comments(301, source=source)[300:]])
        assert (again["accepted"], again["duplicates"]) == (1, 100), (
            "of what is sent again nothing counts twice"
        )
        ended = await over.checkpoint(source)
        assert (ended.seq, ended.id, ended.why) == (again["seq"], "300", "")
        assert ended.at is not None
        logged = [one for one in await host.log(0, 10_000) if one.get("source") == source]
        assert [one["id"] for one in logged] == [str(n) for n in range(301)]
        assert {one["actor"] for one in logged} == {"producer"}
        bad = b'{"specversion": "1.0"}\n' + lines(comments(1, source="/capture/two")) + b"no json\n"
        told = await over.post_lines(bad)
        assert (told["accepted"], [one["index"] for one in told["refused"]]) == (1, [0, 2])


async def test_posts_in_turn_are_taken_in_their_order_and_names_are_each_seat_s_own(
    place: Place, tool: SeatCredential
) -> None:
    other = await tool_at(place[0], label="另一个")
    async with tool.client() as one, other.client() as two, local(place[0]) as host:
        posts = [
            one.post_lines(lines(comments(1, text=f"第{n}", source=f"/turn/{n}")), f"line/{n}")
            for n in (3, 2, 1)
        ]
        theirs = two.post_lines(lines(comments(1, source="/turn/theirs")), "line/1")
        answers = await asyncio.gather(*posts, theirs)
        assert [answer["accepted"] for answer in answers] == [1, 1, 1, 1]
        logged = [
            one["source"] for one in await host.log(0, 10_000) if one.get("source", "").startswith("/turn/")
        ]
    assert [source for source in logged if source != "/turn/theirs"] == ["/turn/1", "/turn/2", "/turn/3"]


async def test_what_is_too_large_is_refused_and_what_comes_too_fast_is_told_to_wait(
    place: Place, tool: SeatCredential
) -> None:
    async with tool.client() as over:
        with pytest.raises(Rejected) as much:
            await over.post_lines(b"x" * (1024 * 1024 + 1))
        assert (much.value.code, much.value.status) == ("too_large", 413)
        with pytest.raises(Rejected) as more:  # more than a message may hold: it does not leave this computer
            await over.post_lines(b"x" * (5 * 1024 * 1024 + 1))
        assert more.value.status == 413
    hasty = await tool_at(place[0], label="急的")
    async with hasty.client() as over, tool.client() as calm:
        # The first of a line does not come: of those behind it as many wait as one seat may ask at once.
        waiting = [
            spawn(over.post_lines(lines(comments(1, source=f"/fast/{n}")), f"fast/{n}"), name="a post")
            for n in range(2, AT_ONCE + 6)
        ]
        told: set[asyncio.Task[Any]] = set()
        async with asyncio.timeout(8):
            while len(told) < 4:
                told, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(0)
                told = {one for one in waiting if one.done()}
        errors = [one.exception() for one in told]
        assert [getattr(error, "status", 0) for error in errors] == [429] * 4
        assert all(isinstance(error, Busy) and error.retry_after >= 1 for error in errors)
        assert (await calm.post_events(comments(1)))["accepted"] == 1, "nobody else waits for that"
        await cancel_all(waiting)


@pytest.mark.parametrize("source", ["/wechat_shop", "/wechat_shop/wx1", "/obs/x", "/browser/a/b", "/tape/x"])
async def test_it_does_not_speak_for_a_connection_of_the_engine(
    place: Place, tool: SeatCredential, source: str
) -> None:
    """What comes from there is taken for proof that the connection works."""
    good = comments(1, source=f"/obsidian{source}")
    async with tool.client() as over:
        told = await over.post_events([*comments(1, source=source), *good])
    assert (told["accepted"], [(one["index"], one["code"]) for one in told["refused"]]) == (
        1,
        [(0, "own_source")],
    )


async def raw(credential: SeatCredential, kind: str, headers: dict[str, str], body: bytes = b"{}") -> Any:
    """What a program of somebody's own is told with its key: a status, or the subject that the broker
    refused."""
    at = BrokerAt(read_urls(credential.nats), credential.nats_seed, credential.nats_authority)
    refused: list[str] = []
    broker = await dial(at, inbox(credential.seat_id), refused=refused.append, closed=no_one)
    try:
        got: asyncio.Queue[Any] = asyncio.Queue()
        await broker.subscribe(f"{inbox(credential.seat_id)}.>", cb=got.put)
        subject = f"lc.room.{credential.role}.{credential.seat_id}.{kind}"
        await broker.publish(subject, body, f"{inbox(credential.seat_id)}.t", headers)
        for _ in range(100):
            if refused:
                return refused[0]
            if not got.empty():
                return number_in(got.get_nowait().headers, STATUS)
            await asyncio.sleep(0.01)
        return None
    finally:
        await hang_up(broker)


@pytest.mark.parametrize(
    ("kind", "target", "told"),
    [
        ("mark", "/v1/state", 404),
        ("mark", "/v1/log", 404),
        ("mark", "/v1/health", 404),
        ("mark", "/v1/events", 404),
        ("mark", "/v1/checkpoint/../state", 404),
        ("mark", "/v1/%63heckpoint?source=x", 404),
        ("mark", "/v1/checkpoint", 400),
        ("mark", "/v1/checkpoint?source=x", 200),
        ("facts", "/v1/commands", 200),  # whatever it says of an address, it posts facts: none of them here
    ],
)
async def test_whatever_else_it_asks_is_refused(
    place: Place, tool: SeatCredential, kind: str, target: str, told: int
) -> None:
    headers = {"LC-Method": "GET", "LC-Target": target, "Content-Type": "application/cloudevents-batch+json"}
    assert await raw(tool, kind, headers, b"[]") == told


@pytest.mark.parametrize("kind", ["ask", "cmd", "here"])
async def test_the_broker_lets_it_say_nothing_else(place: Place, tool: SeatCredential, kind: str) -> None:
    assert await raw(tool, kind, {"LC-Target": "/v1/state"}) == f"lc.room.producer.{tool.seat_id}.{kind}"


async def test_nor_do_others_post_as_it_does(place: Place) -> None:
    operator = await seat_at(place[0], "operator")
    async with operator.client() as over:
        with pytest.raises(Denied):
            await over.post_events(comments(1))
        with pytest.raises(Denied):
            await over.checkpoint("/x")
    assert await raw(operator, "facts", {}) == f"lc.room.operator.{operator.seat_id}.facts"


async def test_at_the_studio_s_own_door_it_may_the_same_and_no_more(
    place: Place, tool: SeatCredential
) -> None:
    direct = tool.over("off")
    async with direct.client() as door:
        assert (await door.post_events(comments(2, source="/direct")))["accepted"] == 2
        assert (await door.checkpoint("/direct")).id == "1"
        for asking in (
            door.state(),
            door.log(),
            door.health(),
            door.command("note.put", {"text": "x"}),
            door.judge("note.put", {"text": "x"}),
            door.share(),
            door.secrets(),
            door.stop(),
            door.schema(),
        ):
            with pytest.raises(Denied) as no:
                await asking
            assert no.value.status in (401, 403)  # health is asked without a token
        with pytest.raises(BusError):
            await anext(door.stream(0))


async def test_facts_come_through_a_broker_that_is_killed_meanwhile_and_count_once(
    place: Place, tool: SeatCredential
) -> None:
    engine, broker = place
    source, n = "/capture/killed", 40
    async with tool.client() as over, local(engine) as host:
        for at in range(n):
            if at in (10, 25):
                broker.kill()
                posting = spawn(over.post_events(comments(at + 1, source=source)[-1:]), name="a post")
                await asyncio.sleep(0.1)
                broker.start()
                answer = await posting
            else:
                answer = await over.post_events(comments(at + 1, source=source)[-1:])
            assert answer["accepted"] + answer["duplicates"] == 1
        logged = [one["id"] for one in await host.log(0, 10_000) if one.get("source") == source]
    assert logged == [str(at) for at in range(n)]
    broker.stop()


async def test_who_is_revoked_is_cut_off_at_the_broker_and_at_the_door_at_once(place: Place) -> None:
    """One seat, at both: and another one stays at both."""
    engine, broker = place
    gone, stays = await seat_at(engine), await seat_at(engine, label="留下的")
    tool = await tool_at(engine, label="要走的工具")
    async with (
        gone.client() as over, gone.over("off").client() as direct,
        stays.client() as over_2, stays.over("off").client() as direct_2,
        tool.client() as posts, tool.over("off").client() as posts_direct,
        local(engine) as host,
    ):  # fmt: skip
        assert (await posts.post_events(comments(1)))["accepted"] == 1
        following = [spawn(_until_over(client), name="a stream") for client in (over, direct)]
        staying = [spawn(_until_over(client), name="a stream") for client in (over_2, direct_2)]
        await asyncio.sleep(0.2)
        for one in (gone, tool):
            assert (await host.share(ShareRevoke(one.seat_id))).ok
        # From the host's yes on, the engine answers neither way, whether or not the broker has read its file.
        for client in (over, direct):
            with pytest.raises((Denied, EngineGone)):
                await client.command("note.put", {"text": "还在吗"})
        for client in (posts, posts_direct):
            with pytest.raises(BusError):
                await asyncio.wait_for(client.checkpoint("/x"), 10)
        with pytest.raises(Denied):
            await posts_direct.post_events(comments(1))
        async with asyncio.timeout(10):
            await asyncio.gather(*following)
        assert not any(one.done() for one in staying)
        assert (await over_2.health())["ok"]
        notes = [one for one in await host.log(0, 10_000) if one["type"] == "note.put"]
        assert not any("还在吗" in json.dumps(one, ensure_ascii=False) for one in notes)
        await cancel_all(staying)
    text = (broker.folder / "rooms" / "room.conf").read_text("utf-8")
    assert gone.seat_id not in text
    assert tool.seat_id not in text


async def _until_over(client: Any) -> None:
    try:
        async for _ in client.stream(0):
            pass
    except BusError:
        return


@posix_alone
async def test_a_broker_that_does_not_read_its_file_is_told_of_until_it_does(place: Place) -> None:
    """Its key to say so is another one, as after a restore; a person lets it read the file by a signal."""
    engine, broker = place
    gone = await seat_at(engine, "viewer", label="要走的")
    async with local(engine) as host:

        async def until(unread: bool) -> None:
            async with asyncio.timeout(20):
                while (await host.share()).sharing.broker_unread is not unread:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)

        await until(False)
        (broker.folder / "reload.nk").write_text(new_seed(), "ascii")
        assert (await host.share(ShareRevoke(gone.seat_id))).ok
        await until(True)
        assert gone.seat_id not in {seat.id for seat in (await host.share()).sharing.seats}
        os.kill(broker.pid, signal.SIGHUP)
        await until(False)


async def test_a_newcomer_s_key_is_handed_in_as_it_joins(place: Place, tmp_path: Path) -> None:
    """By one command, a person's seat and a tool's; a seat of each name is another one."""
    engine, broker = place
    for more, act, name, role in (
        (["--no-desk"], {"role": "assistant"}, "studio", "assistant"),
        (["--tool"], {"role": "operator", "may_fire": True}, "tool", "producer"),
        (["--no-desk"], {"role": "viewer"}, "studio-2", "viewer"),
    ):
        shared = await opened(engine)
        words = ["join", shared.code or await new_code(engine), "--data", str(tmp_path), "--english", *more]
        joining = spawn(asyncio.to_thread(main, words), name="join")
        async with local(engine) as host:
            (ask,) = (await waiting(host)).asks
            assert (await host.share(ShareAllow(ask.id, **act))).ok
        assert await joining == 0
        found = load(name, tmp_path)
        assert found is not None
        assert (found.role, found.may_fire, found.nats) == (role, False, broker.url)
        assert f".{found.seat_id}." in (broker.folder / "rooms" / "room.conf").read_text("utf-8")
    assert [one.name for one in kept(tmp_path)] == ["studio-2", "studio", "tool"]


async def new_code(engine: EngineProcess) -> str:
    async with local(engine) as host:
        return (await host.share(ShareCode())).sharing.code


def test_as_people_do_it_by_the_command_line(place: Place, tmp_path: Path) -> None:
    """``publish --seat`` posts what comes on standard input, and says up to where the room has it."""
    tool = asyncio.run(tool_at(place[0], label="命令行"))
    keep(tool, tmp_path)
    words = [sys.executable, "-m", "liveconsole", "publish", "--data", str(tmp_path), "--seat", tool.name]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    feed = lines(comments(50, source="/cli"))
    for accepted, duplicates in ((50, 0), (0, 50)):
        done = subprocess.run(words, input=feed, capture_output=True, check=False, timeout=60, env=env)
        told = msgspec.json.decode(done.stdout)
        assert (done.returncode, told["accepted"], told["duplicates"]) == (0, accepted, duplicates)
    said = subprocess.run(
        [*words, "--checkpoint", "/cli"], capture_output=True, check=False, timeout=60, env=env
    )
    assert msgspec.json.decode(said.stdout)["id"] == "49"
    none = subprocess.run([*words[:-1], "nobody"], capture_output=True, check=False, timeout=60, env=env)
    assert none.returncode == Exit.USAGE
    assert b"nobody" in none.stderr
