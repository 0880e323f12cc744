"""A room at a broker: the desk's client over it, as over HTTP, and what it does when something is away."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Denied, EngineGone, Rejected
from liveconsole.bus.joining import SeatCredential, keep, load
from liveconsole.bus.nats.calls import STATUS, number_in
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up, read_urls
from liveconsole.bus.nats.subjects import inbox
from liveconsole.cli import main
from liveconsole.messages.bounds import PAGED_BYTES
from liveconsole.messages.sharing import ShareRevoke
from tests.brokers import all_said, posix_alone
from tests.contract.nats_room import (
    NAME,
    Place,
    answers,
    comments,
    followed,
    no_one,
    of_module,
    place,
    post,
    seat_at,
    until_seq,
)
from tests.doors.sharing import joined, local
from tests.goals import within

__all__ = ["of_module", "place"]


async def test_a_desk_asks_over_a_broker_what_it_asks_over_http(place: Place) -> None:
    engine, _ = place
    credential = await seat_at(engine)
    http = msgspec.structs.replace(credential, nats="")
    async with credential.client() as over, http.client() as direct, local(engine) as host:
        await post(engine, 20)
        assert await over.log(0, 1_000) == await direct.log(0, 1_000)
        mine, theirs = await over.state(), await direct.state()
        assert msgspec.structs.replace(mine, health=theirs.health) == theirs
        assert (await over.state_part("log:x"))[1].tzinfo is not None
        assert (await over.search("来了"))["events"] != []
        answer = await over.command("note.put", {"text": "先喝水"})
        gave = [one for one in await host.log(answer["seq"] - 1) if one["type"] == "seat.gave"]
        assert [one["data"]["seat_id"] for one in gave] == [credential.seat_id]
        for type_, data in (("broadcast.open", {}), ("cue.fire", {"cue_id": "x"})):
            with pytest.raises(Denied):
                await over.command(type_, data)
        assert (await over.judge("note.put", {"text": "x"}))["ok"] is True
        with pytest.raises(Rejected):
            await over.broadcast(99)
        with pytest.raises(Denied):
            await over.share()  # the host's, at his own computer
        with pytest.raises(Denied):
            await over.post_events(comments(1))
        with pytest.raises(Denied):
            await over.stop()


async def test_a_command_is_done_once_and_a_late_one_not_at_all(place: Place) -> None:
    engine, _ = place
    credential = await seat_at(engine)
    async with credential.client() as over:
        first = await over.command("note.put", {"text": "一次"}, id="once")
        until = datetime.now(UTC) + timedelta(seconds=8)
        with pytest.raises(Rejected) as other:  # the same id, and another body
            await over.command("note.put", {"text": "两次"}, id="once", expires_at=until)
        assert other.value.status == 409
        late = await over.command(
            "note.put", {"text": "晚了"}, expires_at=datetime.now(UTC) - timedelta(minutes=1)
        )
        assert (first["ok"], late["ok"], late["code"]) == (True, False, "expired")
    # Without saying until when, on the wire itself.
    refused = await asked_raw(credential, "cmd", b'{"id":"x1","type":"note.put","data":{"text":"x"}}')
    assert refused == (400, "bad_shape")


async def asked_raw(
    credential: SeatCredential, kind: str, body: bytes, headers: dict[str, str] | None = None, reply: str = ""
) -> tuple[int, str] | None:
    """What a program of somebody's own is told; None: nothing within half a second."""
    at = BrokerAt(read_urls(credential.nats), credential.nats_seed, credential.nats_authority)
    broker = await dial(at, inbox(credential.seat_id), refused=print, closed=no_one)
    try:
        got: asyncio.Queue[Any] = asyncio.Queue()
        await broker.subscribe(f"{inbox(credential.seat_id)}.>", cb=got.put)
        subject = f"lc.room.{credential.role}.{credential.seat_id}.{kind}"
        await broker.publish(subject, body, reply or f"{inbox(credential.seat_id)}.t", headers)
        try:
            message = await asyncio.wait_for(got.get(), 0.5 if not reply else 0.15)
        except TimeoutError:
            return None
        code = msgspec.json.decode(message.data).get("code", "") if message.data else ""
        return number_in(message.headers, STATUS), code
    finally:
        await hang_up(broker)


@pytest.mark.parametrize(
    ("target", "method", "told"),
    [
        ("/v1/share", "GET", (403, "forbidden")),
        ("/v1/events", "POST", (403, "forbidden")),
        ("/v1/secrets", "GET", (403, "forbidden")),
        ("/v1/secrets/obs", "PUT", (403, "forbidden")),
        ("/v1/stop", "POST", (403, "forbidden")),
        ("/v1/keys", "GET", (403, "forbidden")),
        ("/metrics", "GET", (404, "not_found")),
        ("/overlay", "GET", (404, "not_found")),
        ("/v1/commands", "POST", (404, "not_found")),  # until when stands on the other subject
        ("/v1/x/../share", "GET", (404, "not_found")),
        ("/v1/%73hare", "GET", (404, "not_found")),
        ("http://evil.example/v1/state", "GET", (404, "not_found")),
        ("/v1/state", "DELETE", (405, "wrong_method")),
        ("/v1/state", "POST", (405, "wrong_method")),
        ("/v1/phone", "GET", (400, "unreadable")),
        ("/v1/nothing", "GET", (404, "not_found")),
        ("", "GET", (404, "not_found")),
        ("/v1/log?after=-1", "GET", (400, "bad_shape")),
        ("/v1/stream?after=x", "GET", (400, "bad_shape")),
        ("/v1/" + "a" * 5_000, "GET", (404, "not_found")),
        ("/v1/connections/obs/check", "POST", (403, "forbidden")),
    ],
)
async def test_what_a_seat_may_not_ask_is_refused_in_words(
    asker: SeatCredential, target: str, method: str, told: tuple[int, str]
) -> None:
    assert await asked_raw(asker, "ask", b"{}", {"LC-Method": method, "LC-Target": target}) == told


@pytest.fixture
async def asker(place: Place) -> SeatCredential:
    """One seat for all that only ask."""
    folder = place[0].folder
    if folder not in _askers:
        _askers[folder] = await seat_at(place[0])
    return _askers[folder]


_askers: dict[Path, SeatCredential] = {}


@pytest.mark.parametrize(
    "reply", ["lc.room.beat", "lc.room.live.seat", "_INBOX_zz99.t", "lc.room.operator.x.cmd"]
)
async def test_an_engine_answers_into_the_inbox_of_who_asked_and_nowhere_else(
    place: Place, asker: SeatCredential, reply: str
) -> None:
    """Else an assistant could make the engine say something on a subject of its own: the broker allows it."""
    engine, broker = place
    other = await seat_at(engine, "viewer")
    at = BrokerAt(read_urls(other.nats), other.nats_seed, other.nats_authority)
    viewer = await dial(at, inbox(other.seat_id), refused=print, closed=no_one)
    heard: list[bytes] = []

    async def hear(message: Any) -> None:
        heard.append(message.data)

    try:
        for subject in ("lc.room.beat", "lc.room.live.seat"):
            await viewer.subscribe(subject, cb=hear)
        await all_said(viewer)
        headers = {"LC-Method": "GET", "LC-Target": "/v1/health"}
        assert await asked_raw(asker, "ask", b"", headers, reply=reply) is None
        assert not any(b'"version"' in one for one in heard)
    finally:
        await hang_up(viewer)
    assert broker.port


async def test_a_seat_follows_from_any_seq_and_then_live(place: Place) -> None:
    engine, _ = place
    await post(engine, 3_000, "先前")
    credential = await seat_at(engine, "viewer")
    async with credential.client() as over, local(engine) as host, aclosing(followed(over)) as stream:
        await over.introduce("desk", "小李")
        past = await until_seq(stream, (await host.health())["seq"])
        last = await post(engine, 800, "现在")
        live = await until_seq(stream, last)
        seqs = [one["seq"] for one in [*past, *live]]
        assert seqs == list(range(1, last + 1))
        assert live[-1]["data"]["viewer"]["name"] == NAME
        # Who follows is seen, as over HTTP; and a whole log travels in parts.
        for _ in range(100):
            state = await host.state()
            if any(seat.name == "小李" for seat in state.health.seats):
                break
            await asyncio.sleep(0.05)
        assert any(seat.name == "小李" for seat in state.health.seats)
        assert [one.here for one in (await host.share()).sharing.seats if one.id == credential.seat_id] == [
            True
        ]
        assert len(await over.log(0, 10_000)) == last


async def test_a_subject_that_the_broker_forbids_is_a_refusal_at_once(place: Place) -> None:
    """To who asks it looks like silence: the reason comes to the connection alone."""
    engine, _ = place
    async with (await seat_at(engine, "viewer")).client() as viewer:
        await viewer.health()
        began = time.monotonic()
        with pytest.raises(Denied) as no:
            await viewer.command("note.put", {"text": "x"})
        assert no.value.code == "forbidden"
        within(time.monotonic() - began, 1)


async def test_a_seat_comes_over_the_broker_by_one_command(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As people do it: joined, then ``liveconsole nats seat``; its seed lies with it and nowhere else."""
    engine, _ = place
    credential = await joined(engine)
    keep(credential, tmp_path)
    words = ["nats", "seat", credential.name, "--data", str(tmp_path), "--english"]
    assert await asyncio.to_thread(main, words) == 0
    found = load(credential.name, tmp_path)
    assert found is not None
    async with found.client() as over:
        assert over.url == place[1].url
        assert (await over.health())["ok"]
    async with found.over("off").client() as direct:
        assert direct.url == credential.url
        assert (await direct.state()).room.room_id == "room"
    with pytest.raises(Rejected):
        found.over("nats://10.0.0.1").client()
    capsys.readouterr()
    assert main(["nats", "show", "--data", str(engine.folder), "--english"]) == 0
    assert f"{found.seat_id}  assistant  has a key" in capsys.readouterr().out
    assert not any(
        found.nats_seed.encode() in path.read_bytes() for path in engine.folder.rglob("*") if path.is_file()
    )


async def test_pictures_and_what_is_too_large(place: Place) -> None:
    engine, _ = place
    credential = await seat_at(engine)
    async with credential.client() as over:
        picture = png(900, 900)
        sha = await over.keep_picture(picture)
        assert (await over.picture(sha))[:4] in (b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0")
        with pytest.raises(Rejected) as much:
            await over.keep_picture(b"\x89PNG" + bytes(5 * 1024 * 1024))
        assert much.value.status == 413
        with pytest.raises(Rejected):
            await over.command("note.put", {"text": "x" * (1024 * 1024 + 10)})


def png(width: int, height: int) -> bytes:
    import io
    import os

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(out, "PNG")
    return out.getvalue()


async def test_a_seat_that_was_taken_away_is_out_and_the_others_stay(place: Place) -> None:
    engine, broker = place
    gone, stays = await seat_at(engine), await seat_at(engine, label="留下的")
    async with gone.client() as out, stays.client() as on, local(engine) as host:
        following = asyncio.get_running_loop().create_task(_drain(out))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        assert (await host.share(ShareRevoke(gone.seat_id))).ok
        with pytest.raises(BusError):
            await asyncio.wait_for(following, 5)
        within(time.monotonic() - began, 3)
        with pytest.raises(Denied) as no:
            await _until_denied(out)
        assert no.value.code == "seat_removed"
        assert (await on.health())["ok"]
    assert gone.seat_id not in (broker.folder / "rooms" / "room.conf").read_text("utf-8")


async def _until_denied(client: Client) -> None:
    for _ in range(100):
        with suppress(EngineGone):
            await client.health()
        await asyncio.sleep(0.02)


async def _drain(client: Client) -> None:
    async for _ in client.stream(0):
        pass


async def test_the_broker_writes_nothing_down(place: Place) -> None:
    """Names pass through it and rest nowhere: no file of its folder has one."""
    engine, broker = place
    await post(engine, 50)
    for path in broker.folder.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes(), path
    assert not [path for path in broker.folder.rglob("*") if path.suffix in (".blk", ".idx", ".db")]


async def test_live_batches_are_cut_and_say_what_they_hold(place: Place) -> None:
    """At most 512 KiB each, with their seqs; the beat tells no more than was sent before it."""
    engine, _ = place
    viewer = await seat_at(engine, "viewer")
    at = BrokerAt(read_urls(viewer.nats), viewer.nats_seed, viewer.nats_authority)
    line = await dial(at, inbox(viewer.seat_id), refused=print, closed=no_one)
    heard: list[Any] = []

    async def hear(message: Any) -> None:
        heard.append(message)

    try:
        for subject in ("lc.room.live.seat", "lc.room.beat"):
            await line.subscribe(subject, cb=hear)
        await all_said(line)
        last = await post(engine, 3_000, "长" * 300)
        async with asyncio.timeout(10):
            while not heard or number_in(heard[-1].headers, "LC-Head", 0) < last:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await hang_up(line)
    sent = 0
    for message in heard:
        if message.subject.endswith(".beat"):
            assert number_in(message.headers, "LC-Head") <= sent or not sent
            assert msgspec.json.decode(message.data)["now"]
            continue
        first, sent = number_in(message.headers, "LC-First"), number_in(message.headers, "LC-Last")
        assert [one["seq"] for one in msgspec.json.decode(message.data)] == list(range(first, sent + 1))
        assert len(message.data) <= PAGED_BYTES
    assert sent == last


async def test_who_sees_no_names_hears_counts_alone(place: Place) -> None:
    """`live.plain`, on a broker whose file has a screen's key in it."""
    engine, broker = place
    from liveconsole.bus.nats.broker_file import SeatUser, room_text
    from liveconsole.bus.nats.folder import BrokerFiles, place_of
    from liveconsole.bus.nats.keys import new_seed, public_of

    found = place_of(engine.folder)
    assert found is not None
    files = BrokerFiles(engine.folder, found, "room")
    seed, path = new_seed(), broker.folder / "rooms" / "room.conf"
    kept = path.read_text("utf-8")
    path.write_text(room_text("room", found.engines, [SeatUser(public_of(seed), "screen", "cc44")]), "utf-8")
    assert await files.reload(files.reload_at()) == ""
    screen = await dial(
        BrokerAt((broker.url,), seed, files.authority), inbox("cc44"), refused=print, closed=no_one
    )
    heard: list[Any] = []

    async def hear(message: Any) -> None:
        heard.append(message)

    try:
        await screen.subscribe("lc.room.live.plain", cb=hear)
        await all_said(screen)
        first = await post(engine, 1)
        async with asyncio.timeout(10):  # what was said before this test is still on its way until then
            while not heard or number_in(heard[-1].headers, "LC-Last", 0) < first:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        heard.clear()
        await post(engine, 300)
        for _ in range(100):
            counted = sum(
                note["data"]["counts"].get("comment.posted", 0)
                for one in heard
                for note in msgspec.json.decode(one.data)
            )
            if counted == 300:
                break
            await asyncio.sleep(0.02)
        assert counted == 300
        assert not any(NAME.encode() in one.data or b"viewer" in one.data for one in heard)
    finally:
        await hang_up(screen)
        path.write_text(kept, "utf-8")
        assert await files.reload(files.reload_at()) == ""


async def test_a_broker_that_is_killed_costs_nothing(place: Place) -> None:
    """Nothing is lost, nothing done twice, the door by HTTP goes on, and the seat comes back."""
    engine, broker = place
    credential = await seat_at(engine)
    http = msgspec.structs.replace(credential, nats="")
    async with credential.client() as over, http.client() as direct, local(engine) as host:
        stream = followed(over, again=True)
        await until_seq(stream, (await over.command("note.put", {"text": "前"}))["seq"])
        broker.kill()
        cut = time.monotonic()
        asked = asyncio.gather(
            *(over.command("note.put", {"text": f"断 {n}"}, id=f"cut-{n}") for n in range(5))
        )
        assert (await direct.command("note.put", {"text": "另一扇门"}))["ok"]
        last = await post(engine, 400)
        with pytest.raises(EngineGone):
            await over.health()
        broker.start()
        back = time.monotonic()
        done = await asked
        assert [one["ok"] for one in done] == [True] * 5
        events = await until_seq(stream, max(last, *(one["seq"] for one in done)))
        within(time.monotonic() - back, 5)
        within(time.monotonic() - cut, 12)
        whole = await host.log(0, 10_000)
        seqs = [one["seq"] for one in events]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        notes = [str(one["data"].get("text")) for one in whole if one["type"] == "note.put"]
        assert sorted(text for text in notes if text.startswith("断")) == [f"断 {n}" for n in range(5)]
        await stream.aclose()
        broker.stop()


@posix_alone
async def test_an_engine_that_says_nothing_is_none(place: Place) -> None:
    """Frozen, its subscriptions stand: no beat for two seconds, and the stream ends."""
    engine, _ = place
    credential = await seat_at(engine)
    async with credential.client() as over:
        assert (await over.command("note.put", {"text": "在"}))["ok"]
        following = followed(over)
        await anext(following)
        engine.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises(EngineGone, match="speaks"):
                async for _ in following:
                    pass
            took = time.monotonic() - began
            assert took > 1.0
            within(took, 5)
        finally:
            engine.process.send_signal(signal.SIGCONT)
        assert await answers(over) < 5
