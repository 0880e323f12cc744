"""What a seat makes of what comes over a broker, and what an engine says there: without a broker."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from liveconsole.bus import joining
from liveconsole.bus.errors import Denied, EngineGone, Rejected
from liveconsole.bus.http import ErrorAnswer, json_answer, read_body
from liveconsole.bus.joining import SeatCredential
from liveconsole.bus.nats import calls, serving
from liveconsole.bus.nats.broker_file import broker_text
from liveconsole.bus.nats.calls import PART_BYTES, Joined, TooManyParts, cut, parts_of, request_of
from liveconsole.bus.nats.dialing import BrokerAt, dial, forbidden_subject
from liveconsole.bus.nats.door import _Plain
from liveconsole.bus.nats.folder import BrokerFiles, NatsPlace
from liveconsole.bus.nats.following import HELD_BYTES, Beat, Epoch, LiveBatch, LogPlace, beyond
from liveconsole.bus.nats.keys import BadKey, is_public, new_seed, public_of, read_seed
from liveconsole.bus.nats.serving import AtBroker
from liveconsole.bus.nats.subjects import asked_on, read_asked, token_of
from liveconsole.bus.nats.wire import NatsWire, _Asking
from liveconsole.bus.sharing.certificates import NoCertificate
from liveconsole.cli import main
from liveconsole.messages.joining import NatsOffer
from liveconsole.tasks import spawn
from tests.brokers import needs_broker


def batch(first: int, last: int, epoch: int = 1, size: int = 10) -> LiveBatch:
    return LiveBatch(epoch, first, last, b"x" * size)


class Log:
    """An engine's log, and the wire that loses, doubles and delays. ``read``: as a seat asks for a page."""

    def __init__(self, seed: int) -> None:
        self.chance, self.last, self.lost = random.Random(seed), 0, 0

    def grow(self) -> list[LiveBatch]:
        first, self.last = self.last + 1, self.last + self.chance.randint(1, 5)
        one = batch(first, self.last)
        return [one] * self.chance.choice([0, 1, 1, 1, 2])  # lost, once, twice


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_wire_does_the_log_comes_whole_and_in_order(seed: int) -> None:
    log, epoch = Log(seed), Epoch()
    place, got, pages = LogPlace(0, epoch), list[int](), 0
    late: list[LiveBatch] = []
    for _ in range(200):
        said = log.grow()
        if said and log.chance.random() < 0.1:
            late.append(said.pop())  # it comes after those behind it
        for one in said:
            place.hear(one)
        if late and log.chance.random() < 0.3:
            place.hear(late.pop())
        if log.chance.random() < 0.3:
            place.beaten(Beat(1, log.last))
        while (found := place.next_live()) is not None:
            one, after = found
            got += range(after + 1, one.last + 1)
        if place.behind:
            pages += 1
            got += range(place.at + 1, log.last + 1)
            place.read(log.last)
    place.beaten(Beat(1, log.last))
    while (found := place.next_live()) is not None:
        got += range(found[1] + 1, found[0].last + 1)
    if place.behind:
        got += range(place.at + 1, log.last + 1)
    assert got == list(range(1, log.last + 1))
    assert pages  # something was missing, and was read


def test_an_engine_of_the_past_is_not_heard() -> None:
    epoch = Epoch()
    place = LogPlace(10, epoch)
    place.beaten(Beat(3, 10))
    place.hear(batch(11, 12, epoch=2))
    assert place.next_live() is None
    assert not place.behind
    place.beaten(Beat(2, 99))
    assert not place.behind
    place.hear(batch(11, 12, epoch=4))
    assert place.next_live() is not None
    assert (epoch.newest, epoch.holds(3)) == (4, False)


def test_one_that_waited_from_an_earlier_epoch_is_dropped_too() -> None:
    epoch = Epoch()
    place = LogPlace(10, epoch)
    place.hear(batch(11, 12, epoch=2))
    place.beaten(Beat(3, 11))
    assert place.next_live() is None
    assert place.behind  # what the new leader has at 11 is read from it


def test_what_waits_for_a_reader_is_bounded_and_the_rest_is_read() -> None:
    place = LogPlace(0, Epoch())
    size = HELD_BYTES // 8
    for n in range(1, 20):
        place.hear(batch(n, n, size=size))
    assert place.next_live() is None
    assert place.behind
    place.read(13)
    assert [found[0].first for _ in range(9) if (found := place.next_live())] == [14, 15, 16, 17, 18, 19]


def test_of_a_batch_that_overlaps_what_was_read_only_the_known_lines_are_left_out() -> None:
    """A note is one line for many seqs: lines are told apart by their seqs and never counted."""
    place = LogPlace(0, Epoch())
    place.hear(batch(100, 110))
    place.read(105)
    found = place.next_live()
    assert found is not None
    assert found[1] == 105
    note = {"type": "stream.skipped", "data": {"from": 100, "to": 110, "counts": {"comment.posted": 11}}}
    assert beyond([note], 105) == [note], "who sees no names hears that something moved"
    skipped = {"type": "stream.skipped", "data": {"from": 101, "to": 104, "counts": {"comment.posted": 4}}}
    events = [{"type": "cue.added", "seq": seq} for seq in range(105, 111)]
    assert beyond([{"type": "cue.added", "seq": 100}, skipped, *events], 105) == events[1:]


def test_a_log_that_ends_before_what_was_heard_of_it_is_taken_at_its_word() -> None:
    place = LogPlace(5, Epoch())
    place.hear(batch(9, 9))
    assert place.next_live() is None
    place.ended()
    assert not place.behind


def test_answers_travel_in_parts_of_any_order_and_of_one_engine() -> None:
    body = bytes(range(256)) * (PART_BYTES // 100)
    parts = cut(body)
    assert len(parts) > 2
    assert max(map(len, parts)) == PART_BYTES
    joined, whole = Joined(), None
    for n in [*range(len(parts), 1, -1)]:
        assert joined.add(2, f"{n}/{len(parts)}", parts[n - 1], 256) is None
        assert joined.add(1, f"{n}/{len(parts)}", b"old", 256) is None
    whole = joined.add(2, f"1/{len(parts)}", parts[0], 256)
    assert whole == body
    assert cut(b"") == [b""]
    for bad in ("", "1", "0/1", "2/1", "x/y", "-1/2", "1/99999999999", "²/³"):
        assert Joined().add(1, bad, b"", 256) is None, bad
    with pytest.raises(TooManyParts):
        Joined().add(1, "1/257", b"", 256)


async def test_an_answer_of_more_parts_than_travel_is_a_refusal_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The broker lets an engine answer with so many messages and no more: the rest would never come."""
    monkeypatch.setattr(calls, "PART_BYTES", 256)
    monkeypatch.setattr(calls, "PARTS_MOST", 4)
    fits, parts = parts_of(json_answer(bytes(256 * 4)))
    assert (fits["LC-Status"], [len(part) for part in parts]) == ("200", [256] * 4)
    headers, parts = parts_of(json_answer(bytes(256 * 4 + 1)))
    assert (headers["LC-Status"], len(parts)) == ("413", 1)
    assert b'"answer_too_large"' in parts[0]
    wire = NatsWire(BrokerAt(("nats://127.0.0.1:1",), ""), room="room", role="operator", seat="aa11")
    asking = wire._asking["t"] = _Asking("lc.room.operator.aa11.ask", 0)
    headers = {"LC-Epoch": "1", "LC-Status": "200", "LC-Part": "1/257"}
    await wire._on_answer(SimpleNamespace(subject="_INBOX_aa11.t", headers=headers, data=b"x"))
    with pytest.raises(Rejected) as no:  # from an engine that knows no such bound
        await asking.answer
    assert (no.value.code, no.value.status) == ("answer_too_large", 413)


@pytest.mark.parametrize(
    "room", ["room", "A_b-9", "直播间 一号", "a.b", ">", "*", "", "x" * 41, "lc.room.live"]
)
def test_a_room_s_id_is_one_part_of_a_subject(room: str) -> None:
    token = token_of(room)
    assert token
    assert not set(token) & set(".*> \t\r\n")
    asked = read_asked(asked_on(room, "assistant", "aa11", "cmd"), room)
    assert asked is not None
    assert tuple(asked) == ("assistant", "aa11", "cmd")
    assert read_asked(asked_on(room, "host", "aa11", "cmd"), room) is None
    assert read_asked(asked_on(room, "assistant", "AA.11", "cmd"), room) is None
    assert read_asked(asked_on("other", "assistant", "aa11", "cmd"), room) is None
    assert token_of("other") != token


def test_a_folder_s_name_stands_in_the_broker_s_file_as_it_is(tmp_path: Path) -> None:
    """Its reader ends at an escape that it does not know, and it knows none for letters."""
    certificate = 'C:/Users/张三/AppData/Local/a "b"/studio.pem'
    text = broker_text(
        address="10.0.0.2", port=4222, certificate=certificate, reload_key=public_of(new_seed()), rooms=[]
    )
    assert 'cert_file: "C:/Users/张三/AppData/Local/a \\"b\\"/studio.pem"' in text
    assert set(re.findall(r"\\(.)", text)) == {'"'}
    program = needs_broker()
    (tmp_path / "nats.conf").write_text(text, "utf-8")
    said = subprocess.run(
        [program, "-t", "-c", tmp_path / "nats.conf"], capture_output=True, text=True, check=False
    )
    assert "scape" not in said.stderr
    assert "studio.pem" in said.stderr, "it was read up to the file that is not there"


def test_two_rooms_never_share_a_token() -> None:
    hashed = token_of("直播间")
    assert token_of(hashed) != hashed


async def test_a_message_is_the_request_that_http_would_have_brought() -> None:
    request = request_of("POST", "/v1/judge?x=%E4%B8%80", "application/json", b'{"a": 1}')
    assert (request.path, request.query["x"], request.content_type) == ("/v1/judge", "一", "application/json")
    assert await read_body(request) == b'{"a": 1}'
    with pytest.raises(ErrorAnswer):
        await read_body(request_of("POST", "/v1/judge", "", bytes(1024 * 1024 + 1)))
    for method, target, kind in (
        ("CONNECT", "/v1/x", ""),
        ("GET", "/v2/x", ""),
        ("GET", "/v1/x y", ""),
        ("GET", "/v1/x\r\nHost: y", ""),
        ("GET", "/v1/x", "a\r\nX: y"),
        ("GET", "/v1/一", ""),
    ):
        with pytest.raises(ErrorAnswer):
            request_of(method, target, kind, b"")


def test_who_sees_no_names_is_told_counts() -> None:
    plain = _Plain(4)
    plain.add(
        [b'{"seq":5,"type":"comment.posted","data":{"text":"secret"}}', b'{"seq":6,"type":"order.paid"}']
    )
    plain.add(
        [
            b'{"type":"stream.skipped","data":{"from":7,"to":9,"counts":{"comment.posted":3}}}',
            b'{"seq":8,"type":"order.placed"}',
        ]
    )
    first, last, body = plain.take()
    assert (first, last) == (5, 9)
    (note,) = msgspec.json.decode(body)
    assert note["data"]["counts"] == {"comment.posted": 4, "order.paid": 1, "order.placed": 1}
    assert b"secret" not in body


async def test_a_forbidden_subject_is_a_refusal_and_no_silence() -> None:
    """The broker tells it to the connection alone; to who asked it would look like a time-out."""
    said = Exception('nats: permissions violation for publish to "lc.room.operator.aa11.cmd"')
    assert forbidden_subject(said) == "lc.room.operator.aa11.cmd"
    assert forbidden_subject(Exception("nats: stale connection")) == ""
    wire = NatsWire(BrokerAt(("nats://127.0.0.1:1",), ""), room="room", role="operator", seat="aa11")
    asking = wire._asking["t"] = _Asking("lc.room.operator.aa11.cmd", 0)
    other = wire._asking["u"] = _Asking("lc.room.operator.aa11.ask", 0)
    wire._on_refused("lc.room.operator.aa11.cmd")
    with pytest.raises(Denied) as no:
        await asking.answer
    assert no.value.code == "forbidden"
    assert not other.answer.done()
    wire._ended(None)
    with pytest.raises(EngineGone):
        await other.answer


async def test_who_asked_a_leader_that_leads_no_more_is_not_kept_waiting() -> None:
    """It may be frozen and its sockets open: the question would wait for as long as one may."""
    wire = NatsWire(BrokerAt(("nats://127.0.0.1:1",), ""), room="room", role="operator", seat="aa11")
    before = wire._asking["t"] = _Asking("lc.room.operator.aa11.cmd", 3)
    unknown = wire._asking["u"] = _Asking("lc.room.operator.aa11.cmd", 0)
    since = wire._asking["v"] = _Asking("lc.room.operator.aa11.cmd", 4)
    await wire._on_beat(SimpleNamespace(headers={"LC-Epoch": "4", "LC-Head": "9"}))
    with pytest.raises(EngineGone, match="leads"):
        await before.answer
    assert not unknown.answer.done()
    assert not since.answer.done()


async def test_the_broker_s_file_is_kept_whatever_could_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One damaged file on the way, and no later seat would ever come in or be taken away."""
    monkeypatch.setattr(serving, "_AGAIN_SECONDS", 0.01)
    faults: list[Exception] = [NoCertificate("cut"), UnicodeDecodeError("utf-8", b"", 0, 1, "x"), OSError()]

    class Files:
        def write(self, _seats: object) -> None:
            if faults:
                raise faults.pop(0)

        def reload_at(self) -> None:
            return None

        async def reload(self, _at: object) -> str:
            return ""

    said: list[bool] = []
    unused: Any = SimpleNamespace(seats=[], broker_unread=said.append)
    files: Any = Files()
    at = AtBroker(unused, tmp_path, "room", unused, unused, unused)
    keeping = spawn(at._keep_file(files, lambda: len(said) != 1), name="a test's file")
    at._keep()
    while at._kept < 1:
        assert not keeping.done()
        await asyncio.sleep(0.01)
    keeping.cancel()
    assert faults == []
    assert said == [True, False, True, False], "one that is away lets nobody hear"
    with pytest.raises(OSError, match="broker"):
        BrokerFiles(tmp_path, NatsPlace(str(tmp_path)), "room").reload_at()


@pytest.mark.parametrize(
    ("door", "broker", "why"),
    [
        ("https://192.168.1.20:8443", "tls://192.168.1.20:4222", ""),
        ("https://192.168.1.20:8443", "tls://127.0.0.1:4222", "no_broker"),
        ("https://192.168.1.20:8443", "nats://localhost:4222", "no_broker"),
        ("https://127.0.0.1:8443", "tls://127.0.0.1:4222", ""),
        ("https://192.168.1.20:8443", "nats://192.168.1.20:4222", "nats_in_clear"),
    ],
)
async def test_a_seat_keeps_no_broker_that_it_could_never_reach(
    door: str, broker: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would come by no other way from then on."""

    async def called(*_: object) -> NatsOffer:
        return NatsOffer(broker, "PEM")

    monkeypatch.setattr(joining, "_called", called)
    monkeypatch.setattr(joining, "trusted", lambda _certificate: ssl.create_default_context())
    credential = SeatCredential("studio", door, "t", "PEM", "aa11", "operator", False, "room")
    if why:
        with pytest.raises(joining.NotJoined) as no:
            await joining.enrolled(credential)
        assert no.value.why == why
    else:
        assert (await joining.enrolled(credential)).nats == broker


async def test_what_holds_no_certificate_is_said_before_and_while_it_is_dialled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_broker()
    for text in ("", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "张"):
        at = BrokerAt(("tls://127.0.0.1:1",), new_seed(), text)
        with pytest.raises(EngineGone, match="certificate"):
            await dial(at, "_INBOX_x", refused=print, closed=print)
    (tmp_path / "ca.pem").write_text("nothing", "utf-8")
    words = ["serve", "--nats", "tls://127.0.0.1", "--nats-ca", str(tmp_path / "ca.pem")]
    assert main([*words, "--data", str(tmp_path)]) == 1
    assert "holds no certificate" in capsys.readouterr().err


def test_without_the_extra_every_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "nkeys", None)
    assert main(["nats", "write", "--address", "127.0.0.1", "--data", str(tmp_path)]) == 1
    assert "live-room-console[nats]" in capsys.readouterr().err
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["serve", "--nats", "tls://127.0.0.1", "--data", str(tmp_path)]) == 1
    assert "live-room-console[nats]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nats", "write", "--address", "8.8.8.8"], "8.8.8.8"),
        (["nats", "write", "--address", "0.0.0.0"], "0.0.0.0"),
        (["nats", "write", "--address", "127.0.0.1", "--engine", "nobody"], "nobody"),
        (["nats", "seat", "elsewhere", "--english"], "elsewhere"),
        (["nats", "seat", "../x", "--english"], "../x"),
        (["nats", "show", "--english"], "nats write"),
        (["serve", "--nats", "tls://me:secret@10.0.0.1"], "No password"),
        (["serve", "--nats", "nats://10.0.0.1"], "in the clear"),
        (["serve", "--nats", "tls://10.0.0.1"], "--nats-ca"),
        (["serve", "--nats", "tls://10.0.0.1", "--nats-credentials", "absent.nk"], "absent.nk"),
    ],
)
def test_what_cannot_be_is_said(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_broker()
    assert main([*words, "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told


def test_keys(tmp_path: Any) -> None:
    needs_broker()
    seed = new_seed()
    path = tmp_path / "x.creds"
    path.write_text(f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n", "ascii")
    assert read_seed(path) == seed
    assert is_public(public_of(seed))
    assert not is_public(seed)
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(BadKey):
        read_seed(path)
    with pytest.raises(BadKey):
        public_of("SUAB")
