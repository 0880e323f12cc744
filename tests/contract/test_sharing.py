"""A shared room from its beginning to its end: nothing listens before, the host sees and decides, it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.client import Client
from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.bus.joining import (
    Joining,
    NotJoined,
    SeatCredential,
    forget,
    keep,
    kept,
    load,
    trusted,
)
from liveconsole.messages.sharing import (
    ShareAllow,
    ShareClose,
    ShareCode,
    ShareKeep,
    ShareOpen,
    ShareRefuse,
    ShareRevoke,
)
from tests.contract.engine_process import ROOT, EngineProcess
from tests.doors.sharing import joined, local, opened, waiting


def _listening(pid: int) -> set[str]:
    """Addresses at which a process listens, as the system tells."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for line in Path(f"/proc/{pid}/net/tcp").read_text("ascii").splitlines()[1:]:
        words = line.split()
        if words[3] == "0A" and words[9] in inodes:
            address, port = words[1].split(":")
            found.add(f"{socket.inet_ntoa(bytes.fromhex(address)[::-1])}:{int(port, 16)}")
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="this system has no /proc")
def test_nothing_listens_outside_before_a_person_shares_nor_after_he_ends_it(
    engine_of: Callable[..., EngineProcess],
) -> None:
    running = engine_of()
    before = _listening(running.process.pid)
    assert before == {f"127.0.0.1:{running.port}"}
    assert not (running.folder / "studio").exists()

    async def share() -> None:
        async with local(running) as host, local(running, "assistant") as assistant:
            for address, why in (
                ("0.0.0.0", "not_an_address"),
                ("8.8.8.8", "public_address"),
                ("224.0.0.1", "not_an_address"),
                ("::1", "not_an_address"),
                ("studio.local", "not_an_address"),
                ("10.255.3.99", "not_an_address"),
            ):
                answer = await host.share(ShareOpen(address))
                assert (answer.ok, answer.code) == (False, why), address
            assert _listening(running.process.pid) == before
            with pytest.raises(Denied):
                await assistant.share(ShareOpen("127.0.0.2"))
            opened = (await host.share(ShareOpen("127.0.0.2"))).sharing
            assert opened.code
            assert opened.link.startswith(f"https://127.0.0.2:{opened.port}/join#")
            now = _listening(running.process.pid) - before
            assert {one.split(":")[0] for one in now} == {"127.0.0.2"}
            assert len(now) == 2
            for role, sees in (("host", True), ("operator", True), ("assistant", False), ("viewer", False)):
                async with local(running, role) as client:
                    sharing = (await client.state()).sharing
                    assert sharing.open
                    assert bool(sharing.code) == sees, role
            assert not (await host.share(ShareClose())).sharing.open
            assert _listening(running.process.pid) == before

    asyncio.run(share())
    if os.name == "posix":
        for path in (running.folder / "seats.json", *(running.folder / "studio").iterdir()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_the_host_refuses_allows_revokes_and_it_ends_with_the_broadcast(
    engine_of: Callable[..., EngineProcess],
) -> None:
    running = engine_of()

    async def evening() -> SeatCredential:
        shared = await opened(running)
        async with local(running) as host:
            await host.command("broadcast.open", {})
            async with Joining(shared.code, "路人") as stranger:
                await stranger.ask()
                (ask,) = (await waiting(host)).asks
                assert (await host.share(ShareRefuse(ask.id))).ok
                assert (await stranger.answer()).status == "refused"
                assert (await host.share(ShareAllow(ask.id, "operator"))).code == "unknown_ask"
            seat = await joined(running, "operator", label="二号机")
            text = (running.folder / "seats.json").read_text("utf-8")
            assert seat.token not in text
            async with seat.client() as client:
                stream = client.stream()
                first = await anext(stream)
                assert first[0]["type"] == "broadcast.opened"
                await client.command("pledge.put", {"text": "拍两件送袜子"})
                await client.command("note.put", {"text": "好"})
                given = [(one["type"], one["actor"], one["data"]) for one in await host.log()][-4:]
                assert [type_ for type_, _, _ in given] == [
                    "pledge.put",
                    "seat.gave",
                    "note.put",
                    "seat.gave",
                ]
                assert given[1][1:] == (
                    "operator",
                    {"seat_id": seat.seat_id, "type": "pledge.put", "events": 1},
                )
                (state,) = (await host.share()).sharing.seats
                assert (state.label, state.here, state.role) == ("二号机", True, "operator")
                assert state.last_word_at is not None
                assert [(one.role, one.name) for one in (await host.state()).health.seats] == [
                    ("operator", "二号机")
                ]
                assert (await host.share(ShareRevoke(seat.seat_id))).ok
                with pytest.raises(Denied) as error:
                    await asyncio.wait_for(_to_its_end(stream), 5)
                assert error.value.code == "seat_removed"
                with pytest.raises(Denied) as error:
                    await client.state()
                assert error.value.code == "seat_removed"
            assert (await host.share(ShareRevoke(seat.seat_id))).code == "unknown_seat"
            other = await joined(running)
            await host.command("broadcast.close", {})
            for _ in range(100):
                if not (await host.share()).sharing.open:
                    break
                await asyncio.sleep(0.05)
            else:
                raise AssertionError("it was still shared")
            assert (await host.share(ShareCode())).code == "not_shared"
            return other

    seat = asyncio.run(evening())

    async def comes_back() -> None:
        """The seat of an evening comes back with the next share, at the port that it knows; kept, over a
        restart as well."""
        async with seat.client() as client:
            with pytest.raises(EngineGone):
                await client.state()
            shared = await opened(running, keep=True)
            assert (await client.state()).sharing.open
            assert f":{shared.port}" in seat.url
        running.stop()
        running.start()
        async with local(running) as host, seat.client() as client:
            for _ in range(100):
                if (await host.share()).sharing.open:
                    break
                await asyncio.sleep(0.05)
            assert (await client.state()).sharing.open
            again = (await host.share()).sharing
            assert (again.code, again.keep) == ("", True), "nobody new comes in by a start"
            assert not (await host.share(ShareKeep(False))).sharing.keep

    asyncio.run(comes_back())


def test_who_answers_with_another_certificate_is_told_nothing(
    engine_of: Callable[..., EngineProcess], tmp_path: Path
) -> None:
    """A man in between: his own room, at the address that the code names."""
    honest = engine_of()
    shared = asyncio.run(opened(honest))
    other = engine_of(folder=tmp_path / "other")

    async def between() -> None:
        seat = await joined(honest)
        async with local(honest) as host:
            await host.share(ShareClose())
        theirs = await opened(other, port=shared.port)
        assert theirs.port == shared.port
        async with Joining(shared.code, "前台") as joining:
            with pytest.raises(NotJoined) as error:
                await joining.ask()
            assert error.value.why == "stranger"
        async with Client(seat.url, seat.token, trusted=trusted(seat.certificate)) as client:
            with pytest.raises(EngineGone):
                await client.state()
        assert (await asyncio.to_thread(other.call, "GET", "/v1/health", role=None)).json["ok"]

    asyncio.run(between())


def test_a_credential_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    seat = SeatCredential("前台 2", "https://10.0.0.1:1", "t" * 43, "PEM", "a", "assistant", False, "room")
    path = keep(seat, tmp_path)
    assert load("前台 2", tmp_path) == seat
    assert kept(tmp_path) == [seat]
    assert seat.token not in repr(seat)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for name in ("", "../x", "a/b", ".hidden", "x" * 41, "con.", "a\\b"):
        with pytest.raises(ValueError, match="letters"):
            load_strictly(name, tmp_path)
    forget("前台 2", tmp_path)
    assert kept(tmp_path) == []


async def _to_its_end(stream: AsyncIterator[object]) -> None:
    async for _ in stream:
        pass


def load_strictly(name: str, base: Path) -> object:
    """As it is kept: a name that cannot be a file's is refused."""
    return keep(SeatCredential(name, "", "", "", "", "", False, ""), base)


def test_the_command_lines_of_both_computers(engine_of: Callable[..., EngineProcess], tmp_path: Path) -> None:
    """``share`` on the one, ``join`` on the other, the digits compared by who types; then ``--list``,
    ``--revoke``, ``--close``."""
    running = engine_of()
    there = tmp_path / "there"
    with _program("share", "--data", str(running.folder), "--address", "127.0.0.1") as host:
        code = _until(host, re.compile(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){8})\b"))
        wrong = subprocess.run(
            [*_LIVECONSOLE, "join", code[:-1] + ("1" if code[-1] == "0" else "0"), "--data", str(there)],
            **_TEXT,
            capture_output=True,
            timeout=20,
            check=False,
        )
        assert wrong.returncode == 1
        assert "加入码不对" in wrong.stderr
        with _program(
            "join", code, "--data", str(there), "--label", "楼下", "--no-desk", "--english"
        ) as seat:
            theirs = _until(seat, re.compile(r"(\d{3} \d{3})"))
            assert _until(host, re.compile(r"(\d{3} \d{3})")) == theirs
            assert host.stdin is not None
            host.stdin.write("\n")  # no answer
            host.stdin.write("f\n")
            host.stdin.flush()
            assert seat.wait(20) == 0
        host.stdin.close()
        assert host.wait(20) == 0
    credential = load("studio", there)
    assert credential is not None
    assert (credential.role, credential.may_fire) == ("assistant", True)

    def share(*words: str) -> str:
        done = subprocess.run(
            [*_LIVECONSOLE, "share", "--data", str(running.folder), *words],
            **_TEXT,
            capture_output=True,
            timeout=20,
            check=True,
        )
        return str(done.stdout)

    assert f"{credential.seat_id}  楼下  assistant +fire" in share("--list", "--english")
    share("--revoke", credential.seat_id)
    share("--close")
    assert share("--list", "--english") == "Not shared\nNo seats\n"


_LIVECONSOLE = [sys.executable, "-m", "liveconsole"]
_TEXT: dict[str, Any] = {"text": True, "encoding": "utf-8", "cwd": ROOT}


@contextlib.contextmanager
def _program(*words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [*_LIVECONSOLE, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        **_TEXT,
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def _until(running: subprocess.Popen[str], sought: re.Pattern[str]) -> str:
    """Read until something is found; the program may ask on the line that it stands in."""
    assert running.stdout is not None
    for line in running.stdout:
        if (found := sought.search(line)) is not None:
            return found[1]
    raise AssertionError(f"{sought.pattern} was never said")
