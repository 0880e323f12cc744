"""One look for an update against servers of every bad kind, and what a person at the command line is told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from filelock import FileLock

from liveconsole import __version__
from liveconsole.cli import main
from liveconsole.exits import Exit
from liveconsole.updates import checking, fetching, kept
from liveconsole.updates.notice import NOTICE_BYTES, UpdateRefused
from tests.unit.updates.made_notices import SOURCE, signed

ROOT = Path(__file__).resolve().parents[3]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def asked(answer: Answer, *, patience: float = 5.0) -> tuple[bytes, list[web.Request]]:
    """What `fetch` returns of a server that answers like this, and what that server was asked."""
    seen: list[web.Request] = []

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request)  # type: ignore[arg-type]
        return await answer(request)  # type: ignore[arg-type]

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        return await fetching.fetch(f"http://127.0.0.1:{port}/latest.json", patience=patience), seen
    finally:
        await runner.cleanup()


async def code_of(answer: Answer, **more: float) -> str:
    with pytest.raises(UpdateRefused) as why:
        await asked(answer, **more)
    return why.value.code


async def test_nothing_is_told_to_the_release_host() -> None:
    body, (request,) = await asked(lambda _: _of(web.Response(body=b"x" * NOTICE_BYTES)))
    assert len(body) == NOTICE_BYTES
    assert request.headers["User-Agent"] == "LiveConsole"
    assert {name.lower() for name in request.headers} <= {"host", "user-agent", "accept", "accept-encoding"}
    assert request.query_string == ""


async def _of(response: web.StreamResponse) -> web.StreamResponse:
    return response


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_who_sends_us_on_is_not_followed(status: int) -> None:
    """Not to elsewhere, and not to the same host either."""
    for target in ("https://elsewhere.example/latest.json", "/other.json"):
        headers = {"Location": target}
        assert await code_of(lambda _, h=headers: _of(web.Response(status=status, headers=h))) == "sent_on"  # type: ignore[misc]


async def test_an_answer_without_an_end_is_left_at_the_bound() -> None:
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 500 * NOTICE_BYTES:
            await response.write(b" " * 65_536)
            sent += 65_536
        return response

    assert await code_of(flood) == "too_long"
    assert sent < 200 * NOTICE_BYTES, "what was read beyond it is what the sockets hold"


async def test_a_packed_answer_is_not_unpacked() -> None:
    import gzip

    packed = gzip.compress(b" " * 50_000_000, 9)
    headers = {"Content-Encoding": "gzip"}
    body, _ = await asked(lambda _: _of(web.Response(body=packed[:1000], headers=headers)))
    assert body == packed[:1000]


async def test_a_server_that_dribbles_is_left_in_time() -> None:
    async def dribble(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    begun = asyncio.get_running_loop().time()
    assert await code_of(dribble, patience=0.4) == "too_slow"
    assert asyncio.get_running_loop().time() - begun < 3


async def test_no_network_a_bad_answer_and_a_proxy_that_is_gone_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await code_of(lambda _: _of(web.Response(status=503))) == "status"
    for address, code in (
        ("http://127.0.0.1:1/latest.json", "no_network"),
        ("http://release.example/latest.json", "bad_address"),
        ("ftp://release.example/", "bad_address"),
        ("https:///latest.json", "bad_address"),
        ("https://[::1", "bad_address"),
    ):
        with pytest.raises(UpdateRefused) as why:
            await fetching.fetch(address, patience=3)
        assert why.value.code == code, address
    for proxy in ("http://127.0.0.1:1", "127.0.0.1:1", "socks5://127.0.0.1:1"):
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(UpdateRefused) as why:
            await fetching.fetch("https://release.example/latest.json", patience=3)
        assert why.value.code == "proxy", proxy


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "built_in", lambda: SOURCE)


def at(tmp_path: Path, raw: bytes) -> list[str]:
    (tmp_path / "latest.json").write_bytes(raw)
    return ["update", "--from", str(tmp_path / "latest.json"), "--data", str(tmp_path / "data")]


def today(**other: object) -> bytes:
    now = datetime.now(UTC)
    dates = {"date": now - timedelta(hours=1), "expires": now + timedelta(days=9)}
    return signed(**{**dates, **other})  # type: ignore[arg-type]


@pytest.mark.usefixtures("ours")
def test_the_command_says_what_is_new_and_ends_with_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = {"zh": "好用\n<b>粗</b>\x1b[31m\u202e倒着", "en": "Good\n<b>bold</b>\x1b[31m\u202eback"}
    assert main([*at(tmp_path, today(notes=hostile)), "--english"]) == Exit.UPDATE
    said = capsys.readouterr().out
    assert "9.9.9" in said
    assert "https://release.example/download/9.9.9/" in said
    assert "<b>bold</b>[31mback" in said, "letters only: nothing that moves a terminal or turns a line round"
    assert "\x1b" not in said
    assert main([*at(tmp_path, today()), "--json"]) == Exit.UPDATE
    assert msgspec.json.decode(capsys.readouterr().out)["version"] == "9.9.9"
    assert main(at(tmp_path, today(version=__version__))) == Exit.OK
    assert "最新" in capsys.readouterr().out
    assert main(at(tmp_path, today(oldest_schema=9_999))) == Exit.UPDATE
    assert "太旧" in capsys.readouterr().out


@pytest.mark.usefixtures("ours")
def test_the_command_refuses_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(at(tmp_path, today().replace(b"A", b"B"))) == Exit.FAILED
    assert "没有采用" in capsys.readouterr().err
    assert main(at(tmp_path, b" " * (NOTICE_BYTES + 1))) == Exit.FAILED
    assert "太长" in capsys.readouterr().err
    assert main(["update", "--from", str(tmp_path / "none"), "--data", str(tmp_path / "d")]) == Exit.USAGE
    assert "none" in capsys.readouterr().err
    assert main(["update", "--from", "http://release.example/", "--data", str(tmp_path / "d")]) == Exit.FAILED
    newer, older = today(), today(date=datetime.now(UTC) - timedelta(days=5))
    assert main(at(tmp_path, newer)) == Exit.UPDATE
    assert main(at(tmp_path, older)) == Exit.FAILED, "shown again, an older notice would hide the newer one"
    assert "还旧" in capsys.readouterr().err


def test_a_build_without_a_key_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> bytes:
        raise AssertionError("asked")

    monkeypatch.setattr(fetching, "fetch", never)
    monkeypatch.setattr(checking, "built_in", lambda: msgspec.structs.replace(SOURCE, keys={}, address=""))
    assert main(["update", "--data", str(tmp_path)]) == Exit.FAILED
    kept.save(tmp_path, kept.KeptUpdate(agreed=True))
    assert asyncio.run(checking.look_if_due(tmp_path)) is None


async def test_it_is_asked_once_a_day_after_a_yes_and_never_on_air(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: None
) -> None:
    """On air is asked first: neither the network nor the person is troubled then."""
    questions, on_air = 0, 0

    async def fetch(_address: str) -> bytes:
        nonlocal questions
        questions += 1
        return today()

    async def rooms(_base: Path) -> int:
        return on_air

    monkeypatch.setattr(fetching, "fetch", fetch)
    monkeypatch.setattr(checking, "rooms_on_air", rooms)
    assert await checking.look_if_due(tmp_path) is None
    assert questions == 0, "nobody has agreed"
    kept.save(tmp_path, kept.KeptUpdate(agreed=True))
    on_air = 1
    with pytest.raises(UpdateRefused, match="on_air"):
        await checking.look_if_due(tmp_path)
    assert questions == 0
    on_air = 0
    for _ in range(3):
        offer = await checking.look_if_due(tmp_path)
        assert offer is not None
        assert offer.notice.version == "9.9.9"
    assert questions == 1, "what was told is told again without asking"
    on_air = 1
    assert await checking.look_if_due(tmp_path) is None
    known = kept.load(tmp_path)
    bent = msgspec.structs.replace(known, notice=known.notice.replace("A", "B"))
    on_air = 0
    kept.save(tmp_path, bent)
    assert await checking.look_if_due(tmp_path) is None, "what lies on the disk is looked at like any other"


async def test_a_question_that_failed_was_todays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: None
) -> None:
    async def fetch(_address: str) -> bytes:
        raise UpdateRefused("no_network")

    monkeypatch.setattr(fetching, "fetch", fetch)
    kept.save(tmp_path, kept.KeptUpdate(agreed=True))
    with pytest.raises(UpdateRefused):
        await checking.look_if_due(tmp_path)
    assert await checking.look_if_due(tmp_path) is None


def test_a_kept_file_that_is_rubbish_or_endless_is_nothing(tmp_path: Path) -> None:
    for rubbish in (
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"agreed": 1}',
        b'{"agreed": true, "asked_at": "2026-11-30T03:00:00"}',  # of no zone: it cannot be compared
        b'{"agreed": true' + b" " * 400_000 + b"}",
    ):
        (tmp_path / kept.FILE).write_bytes(rubbish)
        assert kept.load(tmp_path) == kept.KeptUpdate()


async def test_a_system_that_does_not_tell_its_proxy_is_as_slow_as_a_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its question of names may take minutes; nobody waits for it, the end of the program neither."""
    goes_on = threading.Event()
    monkeypatch.setattr(fetching, "_proxy_for", lambda _address: goes_on.wait(60) and None)
    with pytest.raises(UpdateRefused) as why:
        await fetching.fetch("http://127.0.0.1:9/latest.json", patience=0.05)
    assert why.value.code == "too_slow"
    thread = next(each for each in threading.enumerate() if each.name == "the system's proxy")
    assert thread.daemon
    goes_on.set()
    thread.join(20)


_CHANGES: str = """
import sys
from pathlib import Path
from liveconsole.updates import kept
base, name = Path(sys.argv[1]), sys.argv[2]
sys.stdin.readline()
for turn in range(60):
    kept.change(base, **({"agreed": True} if name == "agreed" else {"notice": f"n{turn}"}))
    if name == "agreed":
        assert kept.load(base).agreed, "what a person said was written over"
"""


def test_two_programs_that_change_it_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    words = [sys.executable, "-c", _CHANGES, str(tmp_path)]
    names = ("agreed", "notice")
    both = [subprocess.Popen([*words, name], stdin=subprocess.PIPE, cwd=ROOT) for name in names]
    for each in both:
        assert each.stdin is not None
        with each.stdin as begin:
            begin.write(b"\n")
    assert [each.wait(100) for each in both] == [0, 0]
    found = kept.load(tmp_path)
    assert (found.agreed, found.notice) == (True, "n59")


def test_a_lock_that_another_holds_for_long_loses_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_WAITS", 0.01)
    with FileLock(tmp_path / kept.LOCK):
        assert kept.change(tmp_path, agreed=True).agreed
    assert kept.load(tmp_path).agreed
