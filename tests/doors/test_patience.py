"""Who is slow, idle or guessing is let go of, and holds up nobody else."""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.contract.engine_process import EngineProcess
from tests.doors.bent_engine import BentEngine
from tests.doors.posts import Post, own, post
from tests.doors.wire import Reply, frame, gather, replies, request, upgrade
from tests.goals import within

Bent = Callable[..., BentEngine]


@contextlib.contextmanager
def lines(port: int, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    """So many open connections that have said so much."""
    made: list[socket.socket] = []
    try:
        for _ in range(count):
            made.append(socket.create_connection(("127.0.0.1", port), timeout=5))
            if said:
                made[-1].sendall(said)
        yield made
    finally:
        for line in made:
            line.close()


def closed_within(line: socket.socket, seconds: float) -> tuple[bool, bytes]:
    """Whether the other side hangs up, and what it said before."""
    got, ends = b"", time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            block = line.recv(65536)
        except TimeoutError:
            return False, got
        except ConnectionError:
            return True, got
        if not block:
            return True, got
        got += block
    return False, got


def dripped(line: socket.socket, bytes_: bytes, pause: float, seconds: float) -> bool:
    """Send byte after byte; whether the other side hung up meanwhile."""
    ends, eye = time.monotonic() + seconds, selectors.DefaultSelector()
    eye.register(line, selectors.EVENT_READ)
    try:
        for byte in bytes_:
            if time.monotonic() > ends:
                return False
            try:
                line.sendall(bytes([byte]))
            except ConnectionError:
                return True
            if eye.select(pause):
                return True
        return False
    finally:
        eye.close()


HEAD = b"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@pytest.mark.parametrize("said", [b"", b"P", HEAD], ids=["silent", "one byte", "half a head"])
def test_a_head_that_does_not_come_is_not_waited_for(
    hasty: BentEngine, engine: EngineProcess, said: bytes
) -> None:
    before = hasty.seq()
    with lines(hasty.port, 1, said) as (line,), lines(engine.port, 1, said) as (other,):
        assert closed_within(line, 5) == (True, b"")
        # The twin: what hangs up is that limit and nothing else.
        assert closed_within(other, 0.1) == (False, b"")
    assert hasty.seq() == before


def test_a_dripping_head_is_not_waited_for(hasty: BentEngine, engine: EngineProcess) -> None:
    with lines(hasty.port, 1, HEAD) as (line,), lines(engine.port, 1, HEAD) as (other,):
        assert dripped(line, b"x" * 1000, 0.02, 5)
        assert not dripped(other, b"x" * 30, 0.02, 5)


@pytest.mark.parametrize("drip", [b"", b" " * 1000], ids=["stops", "drips"])
def test_a_body_that_does_not_come_is_not_waited_for(hasty: BentEngine, drip: bytes) -> None:
    before, whole = hasty.seq(), post(hasty)
    head, _, body = whole.partition(b"\r\n\r\n")
    slow = (
        head.replace(b"Content-Length: %d" % len(body), b"Content-Length: 100000") + b"\r\n\r\n" + body[:20]
    )
    with lines(hasty.port, 1, slow) as (line,):
        assert not drip or dripped(line, drip, 0.02, 5)
        (reply,) = gather(line, within=5)
        assert (reply.status, reply.code) == (400, "unreadable")
        assert closed_within(line, 5)[0]
    assert hasty.seq() == before
    assert replies(hasty.port, whole)[0].status == 200


def test_a_chunked_body_without_end_is_cut_off(engine: EngineProcess) -> None:
    """It never says how long it is; what is counted is what came."""
    before = engine.seq()
    head = Post(engine, headers=[("Transfer-Encoding", "chunked")], body=b"", more={"length": False}).bytes()
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with lines(engine.port, 1, head) as (line,):
        line.settimeout(5)
        sent = 0
        with contextlib.suppress(ConnectionError, TimeoutError):
            while sent < 400:
                line.sendall(piece)
                sent += 1
        with contextlib.suppress(ConnectionError):
            assert gather(line, within=5)[0].status in (0, 413)
    assert engine.seq() == before


def test_two_hundred_idle_ones_keep_nobody_out(engine: EngineProcess) -> None:
    with lines(engine.port, 200, HEAD):
        began = time.monotonic()
        assert replies(engine.port, post(engine))[0].status == 200
        within(time.monotonic() - began, 2)


def test_twin_where_the_newcomer_is_cut_the_idle_ones_keep_everybody_out(bent: Bent) -> None:
    """Until they are let go of, one after the other."""
    running = bent(limits={"IDLE_SECONDS": 0.4, "CONNECTION_CAP": 20}, without="strangers")
    with lines(running.port, 40, b""):
        assert _answer(running) == 0
        ends = time.monotonic() + 10
        while _answer(running) != 200:
            assert time.monotonic() < ends
    told = (running.folder / "logs" / "engine.log").read_text("utf-8")
    assert "error" not in told, "whoever knocks can fill the log"


@pytest.mark.parametrize("said", [b"", HEAD], ids=["silent", "half a head"])
def test_at_the_cap_the_oldest_without_a_token_gives_way(bent: Bent, said: bytes) -> None:
    """K6.5: idle connections lock nobody out, and no stream with a right token is the one that is cut."""
    running = bent(limits={"CONNECTION_CAP": 20})
    with lines(running.port, 3, _stream(running)) as streams:
        assert [gather(line)[0].status for line in streams] == [101] * 3
        with lines(running.port, 60, said) as idle:
            for _ in range(5):
                assert _answer(running) == 200
            assert closed_within(idle[0], 1)[0]
            assert not closed_within(idle[-1], 0.1)[0]
            before = running.seq()
            assert replies(running.port, post(running))[0].status == 200
            for line in streams:
                told = line.recv(65536)
                while b"attack-" not in told:
                    told += line.recv(65536)
            assert running.seq() == before + 1
    told_all = (running.folder / "logs" / "engine.log").read_text("utf-8")
    assert "error" not in told_all, "whoever knocks can fill the log"


def test_where_everybody_has_a_token_the_newcomer_is_cut(bent: Bent) -> None:
    running = bent(limits={"CONNECTION_CAP": 20})
    with lines(running.port, 20, _stream(running)) as streams:
        assert [gather(line)[0].status for line in streams] == [101] * 20
        assert _answer(running) == 0
        assert not any(closed_within(line, 0.02)[0] for line in streams)


def _answer(running: EngineProcess) -> int:
    try:
        return replies(running.port, post(running))[0].status
    except ConnectionError:
        return 0


def _guess(line: socket.socket, running: EngineProcess, token: str) -> tuple[Reply, float]:
    began = time.monotonic()
    line.sendall(request("GET", "/v1/state", [("Host", own(running)), ("Authorization", f"Bearer {token}")]))
    return gather(line, within=10, quiet=0.001)[0], time.monotonic() - began


def test_guesses_are_slowed_and_counted_on_their_own_connection(bent: Bent) -> None:
    running = bent(limits={"_GUESSES": 4})
    right = running.tokens["viewer"]
    with lines(running.port, 2, b"") as (guessing, other):
        waits = []
        for n in range(3):
            reply, seconds = _guess(guessing, running, f"guess-{n}")
            assert (reply.status, reply.code) == (401, "unauthorized")
            waits.append(seconds)
            # A right token is let in at once: on another connection, and on the very same one.
            assert all(_guess(line, running, right)[0].status == 200 for line in (other, guessing))
            within(min(_guess(other, running, right)[1] for _ in range(3)), 0.3)
        assert waits[0] >= 0.1
        assert waits[1] >= 0.2
        assert waits[2] >= 0.4
        reply, _ = _guess(guessing, running, "the last")
        assert (reply.status, reply.headers["connection"]) == (401, "close")
        assert closed_within(guessing, 2)[0]
    assert running.seq() == 0
    told = (running.folder / "logs" / "engine.log").read_text("utf-8")
    assert [json.loads(line)["text"] for line in told.splitlines() if "wrong token" in line] == [
        "wrong token, 1 on this connection",
        "wrong token, 4 on this connection",
    ]
    assert "guess-" not in told


def test_twin_without_the_slowness_guesses_cost_nothing(bent: Bent) -> None:
    running = bent(without="slowness")
    with lines(running.port, 1, b"") as (line,):
        waits = [_guess(line, running, f"guess-{n}")[1] for n in range(10)]
    within(sum(waits), 1)


def test_many_who_guess_at_once_keep_no_right_one_waiting(engine: EngineProcess) -> None:
    wrong = request("GET", "/v1/state", [("Host", own(engine)), ("Authorization", "Bearer wrong")])
    with lines(engine.port, 100, wrong * 3):
        for _ in range(5):
            began = time.monotonic()
            assert engine.call("GET", "/v1/state").status == 200
            within(time.monotonic() - began, 1)


# Frames -----------------------------------------------------------------------------------------------

FRAMES = {
    "too large": frame(b"x" * 5000),
    "says it is endless": frame(b"x", says=2**62),
    "unknown kind": frame(b"x", opcode=3),
    "fragment of nothing": frame(b"x", opcode=0),
    "long ping": frame(b"x" * 200, opcode=9),
    "packed": bytes([frame(b"x")[0] | 0x40]) + frame(b"x")[1:],
    "not UTF-8": frame(b"\xff\xfe"),
    "a broken close": frame(b"\x03", opcode=8),
}


def _stream(running: EngineProcess) -> bytes:
    return upgrade(
        "/v1/stream?after=0",
        [("Host", own(running)), ("Authorization", f"Bearer {running.tokens['viewer']}")],
    )


@pytest.mark.parametrize("name", FRAMES)
def test_a_bad_frame_ends_its_stream_and_nothing_else(engine: EngineProcess, name: str) -> None:
    before = engine.seq()
    with lines(engine.port, 1, _stream(engine)) as (line,):
        assert gather(line)[0].status == 101
        line.sendall(FRAMES[name])
        assert closed_within(line, 5)[0]
    assert replies(engine.port, post(engine))[0].status == 200
    assert engine.seq() == before + 1


def test_twin_without_the_limit_a_large_frame_is_swallowed(bent: Bent) -> None:
    running = bent(without="frames")
    with lines(running.port, 1, _stream(running)) as (line,):
        assert gather(line)[0].status == 101
        line.sendall(FRAMES["too large"])
        assert closed_within(line, 0.5) == (False, b"")


def test_a_flood_of_frames_reaches_nobody(engine: EngineProcess) -> None:
    """What is said on a stream is read, and does nothing."""
    before = engine.seq()
    command = json.dumps({"id": "flood", "type": "room.halt", "data": {}}).encode()
    with lines(engine.port, 1, _stream(engine)) as (line,):
        assert gather(line)[0].status == 101
        line.settimeout(10)
        with contextlib.suppress(ConnectionError):
            line.sendall(frame(command) * 20_000)
        began = time.monotonic()
        assert engine.call("GET", "/v1/state").status == 200
        within(time.monotonic() - began, 2)
    assert engine.seq() == before
