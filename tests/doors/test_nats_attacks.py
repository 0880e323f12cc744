"""What a stolen key can do at a broker that was given our file: what its role may, and nothing else.

Every attack is made on a real broker, and is refused by it before an engine hears of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.bus.nats.broker_file import PAYLOAD_MOST, SUBSCRIPTIONS_MOST, SeatUser, room_text
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up, read_urls
from liveconsole.bus.nats.folder import BrokerFiles, NatsPlace, engine_seed_of, place_of
from liveconsole.bus.nats.keys import is_signed as owns
from liveconsole.bus.nats.keys import new_seed, owner_words, public_of, read_seed, signed
from liveconsole.bus.nats.subjects import SPEAKS, inbox
from liveconsole.bus.nats.wire import NatsWire
from liveconsole.bus.sharing.seats_kept import SeatRecord
from liveconsole.cli import main
from liveconsole.messages.sharing import SeatKind
from tests.brokers import Broker, all_said, needs_broker
from tests.goals import within

NOW: Final = datetime(2026, 11, 30, tzinfo=UTC)
SEATS: Final = {
    "assistant": ("aa11", "assistant", False),
    "deputy": ("dd22", "assistant", True),
    "operator": ("00ff", "operator", True),
    "viewer": ("bb33", "viewer", False),
    "tool": ("ee55", "producer", False),
}


class World(NamedTuple):
    """A broker of two rooms. ``seeds``: of everybody."""

    broker: Broker
    files: BrokerFiles
    records: list[SeatRecord]
    seeds: dict[str, str]

    def at(self, who: str) -> BrokerAt:
        return BrokerAt((self.broker.url,), self.seeds[who], self.files.authority)


def _kind(who: str) -> SeatKind:
    return "tool" if who == "tool" else "desk"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    needs_broker()
    data, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    broker = Broker(data, room="r1")
    words = ["nats", "write", "--address", "127.0.0.1", "--port", str(broker.port), "--room", "r2"]
    assert main([*words, "--data", str(other), "--folder", str(broker.folder)]) == 0
    seeds = {who: new_seed() for who in [*SEATS, "screen", "far assistant", "stranger"]}
    seeds |= {"engine": read_seed(engine_seed_of(data)), "reload": read_seed(broker.folder / "reload.nk")}
    records = [
        SeatRecord(id_, who, role, fires, _kind(who), "", NOW, None, True, public_of(seeds[who]))  # type: ignore[arg-type]
        for who, (id_, role, fires) in SEATS.items()
    ]
    records.append(
        SeatRecord(
            "cc44", "screen", "viewer", False, "phone", "", NOW, None, False, public_of(seeds["screen"])
        )
    )
    place, far = place_of(data), place_of(other)
    assert place is not None
    assert far is not None
    files = BrokerFiles(data, place, "r1")
    files.write(records)
    far_seat = SeatRecord(
        *("aa11", "far", "assistant", False, "desk", "", NOW), None, True, public_of(seeds["far assistant"])
    )
    BrokerFiles(other, far, "r2").write([far_seat])
    broker.start()
    try:
        yield World(broker, files, records, seeds)
    finally:
        broker.stop()


class Attack(NamedTuple):
    who: str
    act: str
    """``pub`` or ``sub``."""
    subject: str


def _attacks() -> list[Attack]:
    """Every way that a seat could leave its place, for each role."""
    found = []
    for who, (id_, role, _fires) in SEATS.items():
        right = "deputy" if who == "deputy" else role
        others = [
            f"lc.r1.{other}.{id_}.cmd"
            for other in ("operator", "deputy", "assistant", "host")
            if other != right
        ]
        found += [Attack(who, "pub", subject) for subject in others]
        found += [
            Attack(who, "pub", subject)
            for subject in (
                "lc.r1.operator.00fe.cmd",  # a seat that is not its own
                f"lc.r1.{right}.ffff.ask",
                f"lc.r2.{right}.{id_}.cmd",  # another room
                f"lc.r2.{right}.{id_}.ask",
                "lc.r1.live.seat",  # a forged log
                "lc.r1.live.plain",
                "lc.r1.beat",
                "_INBOX_zz99.token",  # a forged answer
                "$SYS.REQ.SERVER.PING",
                "$JS.API.INFO",
            )
        ]
        found += [
            Attack(who, "sub", subject)
            for subject in (
                ">",
                "*",
                "lc.>",
                "lc.*.live.seat",
                "lc.r1.>",
                "lc.r1.*.*.cmd",  # who can hear commands can answer them
                "lc.r1.*.*.ask",
                f"lc.r1.{right}.{id_}.cmd",
                "lc.r2.live.seat",
                "lc.r2.beat",
                "_INBOX.>",
                "_INBOX_*.>",
                "_INBOX_zz99.>",
                f"{inbox(id_)[:-1]}*.>",
                "$SYS.>",
                "$SYS.ACCOUNT.>",
            )
        ]
    found += [
        Attack(who, "pub", f"lc.r1.{'deputy' if who == 'deputy' else role}.{id_}.{kind}")
        for who, (id_, role, _fires) in SEATS.items()
        for kind in (("cmd", "ask", "here") if who == "tool" else ("facts", "mark"))
    ]
    found += [  # who posts what happened neither hears the room nor posts as another
        Attack("tool", "sub", "lc.r1.live.seat"),
        Attack("tool", "sub", "lc.r1.live.plain"),
        Attack("tool", "sub", "lc.r1.*.*.facts"),
        Attack("tool", "pub", "lc.r1.producer.ee56.facts"),
        Attack("tool", "pub", "lc.r2.producer.ee55.facts"),
        Attack("tool", "pub", "lc.r1.producer.ee55.facts.more"),
        Attack("assistant", "pub", "lc.r1.producer.ee55.facts"),
        Attack("assistant", "sub", "lc.r1.producer.ee55.facts"),
        Attack("engine", "pub", "lc.r1.producer.ee55.facts"),
    ]
    found += [Attack("viewer", "pub", "lc.r1.viewer.bb33.cmd"), Attack("viewer", "sub", "lc.r1.live.plain")]
    found += [
        Attack("screen", "sub", "lc.r1.live.seat"),  # names
        Attack("screen", "pub", "lc.r1.phone.cc44.cmd"),
        Attack("screen", "pub", "lc.r1.viewer.cc44.ask"),
        # what an engine's key cannot
        Attack("engine", "pub", "lc.r1.operator.00ff.cmd"),
        Attack("engine", "pub", "_INBOX_aa11.unasked"),
        Attack("engine", "sub", "lc.r1.live.seat"),
        Attack("engine", "sub", "_INBOX_aa11.>"),
        Attack("engine", "sub", "$SYS.>"),
        # nor the key that reads the file again
        Attack("reload", "pub", "$SYS.REQ.SERVER.ANY.KICK"),
        Attack("reload", "pub", "$SYS.REQ.ACCOUNT.room-r1.CONNZ"),
        Attack("reload", "pub", "lc.r1.operator.00ff.cmd"),
        Attack("reload", "sub", "$SYS.ACCOUNT.*.CONNECT"),
        Attack("reload", "sub", "lc.>"),
    ]
    return found


@asynccontextmanager
async def connected(at: BrokerAt, inbox_: str) -> AsyncIterator[tuple[Any, list[str]]]:
    refused: list[str] = []
    ended = asyncio.Event()
    broker = await dial(at, inbox_, refused=refused.append, closed=ended.set)
    try:
        yield broker, refused
    finally:
        await hang_up(broker)


async def test_every_attack_is_refused_by_the_broker(world: World) -> None:
    attacks = _attacks()
    assert len(attacks) >= 120
    async with AsyncExitStack() as stack:
        users = {}
        for who in {attack.who for attack in attacks}:
            own = SEATS[who][0] if who in SEATS else {"screen": "cc44", "reload": "reload"}.get(who, "none")
            users[who] = await stack.enter_async_context(connected(world.at(who), inbox(own)))
            users[who][0]._skip_subject_validation = True  # a thief's client checks nothing
        for attack in attacks:
            broker, _ = users[attack.who]
            if attack.act == "pub":
                await broker.publish(attack.subject, b"{}")
            else:
                await broker.subscribe(attack.subject)
        for broker, _ in users.values():
            await all_said(broker)
            assert not broker.is_closed
        for _ in range(200):
            passed = [one for one in attacks if one.subject.lower() not in users[one.who][1]]
            if not passed:
                break
            await asyncio.sleep(0.01)
    assert passed == []


async def test_without_the_permissions_they_would_get_through(world: World) -> None:
    """The twin: users of the same room without a word of what they may."""
    path = world.broker.folder / "rooms" / "r1.conf"
    kept = path.read_bytes()
    keys = [public_of(world.seeds[who]) for who in ("assistant", "viewer")]
    path.write_text(
        '"room-r1": { users: [' + ", ".join(f"{{nkey: {key}}}" for key in keys) + "] }\n", "utf-8"
    )
    try:
        assert await world.files.reload(world.files.reload_at()) == ""
        heard = asyncio.Event()

        async def hear(_message: Any) -> None:
            heard.set()

        async with (
            connected(world.at("viewer"), inbox("bb33")) as (viewer, refused),
            connected(world.at("assistant"), inbox("aa11")) as (assistant, _),
        ):
            await viewer.subscribe("lc.r1.operator.00ff.cmd", cb=hear)
            await all_said(viewer)
            for _ in range(200):
                await assistant.publish("lc.r1.operator.00ff.cmd", b"{}")
                if heard.is_set():
                    break
                await asyncio.sleep(0.02)
            assert heard.is_set()
            assert refused == []
    finally:
        path.write_bytes(kept)
        assert await world.files.reload(world.files.reload_at()) == ""


async def test_with_a_seat_s_rights_a_tool_would_hear_the_room(world: World) -> None:
    """The twin of its narrow rights: what the broker refuses a tool, it lets an assistant do."""
    text = (world.broker.folder / "rooms" / "r1.conf").read_text("utf-8")
    (line,) = (line for line in text.splitlines() if public_of(world.seeds["tool"]) in line)
    assert "live." not in line
    path = world.broker.folder / "rooms" / "r1.conf"
    path.write_text(
        text.replace(line, line.replace('"lc.r1.beat"', '"lc.r1.live.seat", "lc.r1.beat"')), "utf-8"
    )
    try:
        assert await world.files.reload(world.files.reload_at()) == ""
        async with connected(world.at("tool"), inbox("ee55")) as (tool, refused):
            await tool.subscribe("lc.r1.live.seat")
            await all_said(tool)
            assert refused == []
    finally:
        path.write_text(text, "utf-8")
        assert await world.files.reload(world.files.reload_at()) == ""


async def test_what_a_role_needs_it_may(world: World) -> None:
    """The other side of the table: a file that refuses everything would pass the test above."""
    for who, (id_, role, _fires) in SEATS.items():
        right = "deputy" if who == "deputy" else role
        async with connected(world.at(who), inbox(id_)) as (broker, refused):
            for kind in SPEAKS[right]:
                await broker.publish(f"lc.r1.{right}.{id_}.{kind}", b"{}", f"{inbox(id_)}.t")
            hears = () if who == "tool" else ("lc.r1.live.seat",)
            for subject in (*hears, "lc.r1.beat", f"{inbox(id_)}.>"):
                await broker.subscribe(subject)
            await all_said(broker)
            assert refused == [], who


async def test_the_same_subject_in_another_room_is_another_subject(world: World) -> None:
    """Even were a permission wrong: rooms are accounts of their own."""
    heard: list[str] = []

    async def hear(message: Any) -> None:
        heard.append(message.subject)

    async with (
        connected(world.at("engine"), "_INBOX_none") as (engine, _),
        connected(world.at("far assistant"), inbox("aa11")) as (far, refused),
    ):
        await engine.subscribe("lc.r1.*.*.ask", cb=hear)
        await all_said(engine)
        await far.publish("lc.r2.assistant.aa11.ask", b"{}")
        await far.publish("lc.r1.assistant.aa11.ask", b"{}")
        await all_said(far)
        await all_said(engine)
    assert (heard, refused) == ([], ["lc.r1.assistant.aa11.ask"])


async def test_who_goes_beyond_a_bound_of_the_file_is_cut_off_and_nobody_else(world: World) -> None:
    """A message over its size, and one subscription more than may be: by a client that checks nothing."""
    async with connected(world.at("viewer"), inbox("bb33")) as (viewer, _):
        for what in ("payload", "subscriptions"):
            ended = asyncio.Event()
            thief = await dial(world.at("assistant"), inbox("aa11"), refused=print, closed=ended.set)
            if what == "payload":
                size = PAYLOAD_MOST + 1
                await thief._send_command(b"PUB lc.r1.assistant.aa11.ask %d\r\n%b\r\n" % (size, bytes(size)))
                await thief._flush_pending()
            else:
                for n in range(SUBSCRIPTIONS_MOST + 1):
                    await thief.subscribe(f"{inbox('aa11')}.{n}")
            async with asyncio.timeout(5):
                await ended.wait()
            await hang_up(thief)
        await all_said(viewer)
        assert not viewer.is_closed
        async with connected(world.at("assistant"), inbox("aa11")) as (again, _):
            for n in range(SUBSCRIPTIONS_MOST):
                await again.subscribe(f"{inbox('aa11')}.{n}")
            await all_said(again)
            assert not again.is_closed, "up to the bound it may"


async def test_strangers_and_who_was_taken_away_are_let_nowhere(world: World) -> None:
    with pytest.raises(Denied) as no:
        await dial(world.at("stranger"), "_INBOX_x", refused=print, closed=print)
    assert no.value.code == "seat_removed"
    ended = asyncio.Event()
    broker = await dial(world.at("deputy"), "_INBOX_dd22", refused=print, closed=ended.set)
    async with connected(world.at("viewer"), inbox("bb33")) as (viewer, _):
        assert world.files.write([one for one in world.records if one.id != "dd22"])
        try:
            assert await world.files.reload(world.files.reload_at()) == ""
            async with asyncio.timeout(2):
                await ended.wait()
            with pytest.raises(Denied):
                await dial(world.at("deputy"), "_INBOX_dd22", refused=print, closed=print)
            assert not viewer.is_closed
        finally:
            world.files.write(world.records)
            assert await world.files.reload(world.files.reload_at()) == ""
    await hang_up(broker)


async def test_no_engine_is_known_at_once(world: World) -> None:
    """Nobody listens: that is told in milliseconds, and is no time-out."""
    wire = NatsWire(world.at("viewer"), room="r1", role="viewer", seat="bb33")
    try:
        with pytest.raises(EngineGone, match="listens"):
            await wire.health()
        began = time.monotonic()
        with pytest.raises(EngineGone, match="listens"):
            await wire.health()
        within(time.monotonic() - began, 0.3)
    finally:
        await wire.close()


async def test_nothing_is_said_before_the_broker_has_shown_its_certificate(world: World) -> None:
    """A stranger in between says that TLS is not needed. A client that began in the clear would go on so, and
    sign its nonce (seen: the library does, where it is not told to begin with TLS)."""
    got = bytearray()

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"X","version":"2.15.1","max_payload":1048576,"nonce":"abc"}\r\n')
        got.extend(await reader.read(4_096))
        writer.close()

    server = await asyncio.start_server(stranger, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        at = BrokerAt((f"tls://127.0.0.1:{port}",), world.seeds["assistant"], world.files.authority)
        with pytest.raises(EngineGone):
            await dial(at, "_INBOX_aa11", refused=print, closed=print)
    assert b"CONNECT" not in got
    assert public_of(world.seeds["assistant"]).encode() not in got


async def test_a_broker_with_another_certificate_is_none(world: World, tmp_path: Path) -> None:
    other = Broker(tmp_path).start()
    try:
        at = BrokerAt((other.url,), world.seeds["assistant"], world.files.authority)
        with pytest.raises(EngineGone, match="certificate"):
            await dial(at, "_INBOX_aa11", refused=print, closed=print)
    finally:
        other.stop()


async def test_the_broker_keeps_nothing(world: World) -> None:
    """No stream can be made, whoever asks, and its folder holds what we wrote and its log."""
    async with connected(world.at("operator"), inbox("00ff")) as (broker, _):
        assert broker.max_payload == 5 * 1024 * 1024
    kept = {path.relative_to(world.broker.folder).as_posix() for path in world.broker.folder.rglob("*.*")}
    ours = {"nats.conf", "broker.json", "authority.pem", "reload.nk", "engine.nk", "broker.log"}
    assert kept == {*ours, "rooms/r1.conf", "rooms/r2.conf"}
    assert "jetstream" not in (world.broker.folder / "nats.conf").read_text("utf-8")


def test_a_key_is_taken_only_from_who_holds_its_seed() -> None:
    seed, other = new_seed(), new_seed()
    words = owner_words("aa11")
    assert owns(public_of(seed), words, signed(seed, words))
    assert not owns(public_of(seed), words, signed(other, words))
    assert not owns(public_of(seed), owner_words("aa12"), signed(seed, words))
    spoiled = "B" if public_of(seed).endswith("A") else "A"
    assert not owns(public_of(seed)[:-1] + spoiled, words, signed(seed, words))
    assert not owns("U" + "A" * 55, words, "00" * 64)


def test_a_room_that_turns_out_to_be_another_leaves_no_keys_behind(tmp_path: Path) -> None:
    """Its engine's key would stand in the file of a room that there is not, and so not in its own."""
    needs_broker()
    broker = Broker(tmp_path)  # nobody said which room
    place = place_of(tmp_path)
    assert place is not None
    assert place.room == "room"
    assert BrokerFiles(tmp_path, place, "r7").write([])  # its engine knows
    rooms = {path.name: path.read_text("utf-8") for path in (broker.folder / "rooms").iterdir()}
    assert list(rooms) == ["r7.conf"]
    assert place.engines[0] in rooms["r7.conf"]
    assert "rooms/r7.conf" in (broker.folder / "nats.conf").read_text("utf-8")
    assert place_of(tmp_path) == NatsPlace(place.folder, place.engines, "r7")


def test_another_room_s_broker_keeps_its_address_and_its_certificate(world: World, tmp_path: Path) -> None:
    words = [
        "nats",
        "write",
        "--address",
        "127.0.0.1",
        "--port",
        "1",
        "--room",
        "r9",
        "--data",
        str(tmp_path),
    ]
    before = (world.broker.folder / "broker.json").read_bytes()
    assert main([*words, "--folder", str(world.broker.folder)]) == 1
    assert (world.broker.folder / "broker.json").read_bytes() == before
    assert world.broker.data.as_posix().encode() in before  # and not that of the second room


def test_no_key_stands_twice_in_the_broker_s_file() -> None:
    """A broker with one key twice reads its file no more: one seat could shut out all of them."""
    engine, seat, elsewhere = (public_of(new_seed()) for _ in range(3))
    users = [SeatUser(key, "viewer", "aa11") for key in (engine, seat, seat, elsewhere, "U]}", "")]
    text = room_text("r", [engine, engine, "x"], users, {elsewhere})
    assert (text.count(engine), text.count(seat), text.count(elsewhere), text.count("nkey")) == (1, 1, 0, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tls://user:pw@10.0.0.1", "nats_password"),
        ("tls://token@10.0.0.1", "nats_password"),
        ("nats://10.0.0.1:4222", "nats_in_clear"),
        ("tls://127.0.0.1,nats://10.0.0.1", "nats_in_clear"),
        ("tls://127.0.0.1,nats://127.0.0.1", "bad_nats_url"),
        ("ws://10.0.0.1", "bad_nats_url"),
        ("10.0.0.1:4222", "bad_nats_url"),
        ("tls://10.0.0.1:99999", "bad_nats_url"),
        ("tls://10.0.0.1/x", "bad_nats_url"),
        (",".join(["tls://10.0.0.1"] * 5), "bad_nats_url"),
    ],
)
def test_an_address_holds_no_secret_and_goes_nowhere_in_the_clear(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_urls(text)


def test_addresses() -> None:
    assert read_urls("tls://10.0.0.1, tls://10.0.0.2:5000") == ("tls://10.0.0.1:4222", "tls://10.0.0.2:5000")
    assert read_urls("nats://localhost") == ("nats://localhost:4222",)
