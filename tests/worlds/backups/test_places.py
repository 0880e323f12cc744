"""Where backups lie: each place takes a file whole, tells its size and gives it up; faults are named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from liveconsole.connectors.backups import places
from liveconsole.connectors.backups.places import BackupError, BackupPlace, place_of
from liveconsole.messages.backups import BackupPlan
from tests.worlds.backups.servers import BUCKET, REGION, SECRET, USER, FileServer, S3Server, WebDavServer

SIZE = 512_000
NAME = "liveconsole-room-20261129-050000.lcbackup"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made"
    path.write_bytes(bytes(range(256)) * (SIZE // 256))
    return path


def dav(url: str) -> BackupPlan:
    return BackupPlan("webdav", f"{url}/dav/", user=USER)


def s3(url: str) -> BackupPlan:
    return BackupPlan("s3", url, user=USER, bucket=BUCKET, region=REGION)


@asynccontextmanager
async def at(kind: str, tmp_path: Path) -> AsyncIterator[tuple[BackupPlace, FileServer | None]]:
    if kind == "folder":
        (tmp_path / "disk").mkdir(exist_ok=True)
        yield place_of(BackupPlan("folder", str(tmp_path / "disk")), {}, tmp_path / "data"), None
        return
    server = WebDavServer() if kind == "webdav" else S3Server()
    async with server.running() as url:
        plan = dav(url) if kind == "webdav" else s3(url)
        yield place_of(plan, {"password": SECRET}, tmp_path / "data"), server


@pytest.mark.parametrize("kind", ["folder", "webdav", "s3"])
async def test_a_file_is_put_measured_and_taken_away(kind: str, tmp_path: Path, file: Path) -> None:
    async with at(kind, tmp_path) as (place, _):
        await place.ready()
        assert await place.size(NAME) is None
        await place.put(file, NAME)
        assert await place.size(NAME) == SIZE
        await place.remove(NAME)
        assert await place.size(NAME) is None
        await place.remove(NAME)


@pytest.mark.parametrize("plan", [dav, s3])
async def test_a_wrong_password_is_refused_and_named(plan: object, file: Path, tmp_path: Path) -> None:
    server = WebDavServer() if plan is dav else S3Server()
    async with server.running() as url:
        place = place_of((dav if plan is dav else s3)(url), {"password": "other"}, tmp_path)
        with pytest.raises(BackupError) as failed:
            await place.put(file, NAME)
    assert (failed.value.why, failed.value.detail) == ("refused", "HTTP 403")
    assert server.turned_away == 1
    assert SECRET not in str(failed.value)


async def test_the_server_would_notice_a_body_that_is_not_the_signed_one(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the fake: with another content's hash in the signature it says no."""
    monkeypatch.setattr(places, "_digest", lambda path: ("0" * 64, path.stat().st_size))
    async with at("s3", tmp_path) as (place, _):
        with pytest.raises(BackupError, match="refused"):
            await place.put(file, NAME)


async def test_nobody_there_is_unreachable(tmp_path: Path, file: Path) -> None:
    async with at("webdav", tmp_path) as (place, server):
        assert server is not None
    with pytest.raises(BackupError) as failed:
        await place.put(file, NAME)
    assert failed.value.why == "unreachable"


async def test_a_folder_in_the_data_folder_is_no_place_nor_is_one_that_is_not_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "inside" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(data / "inside")
    for inside in (data, data / "inside" / "deep", tmp_path / "link", data / "x" / ".."):
        with pytest.raises(BackupError) as failed:
            await place_of(BackupPlan("folder", str(inside)), {}, data).ready()
        assert failed.value.why == "inside_data"
    with pytest.raises(BackupError) as failed:
        await place_of(BackupPlan("folder", str(tmp_path / "unplugged")), {}, data).ready()
    assert failed.value.why == "folder_gone"


async def test_what_is_sent_goes_no_faster_than_is_said(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "BYTES_A_SECOND", 2 * SIZE)
    monkeypatch.setattr(places, "CHUNK", 16 * 1024)
    loop = asyncio.get_running_loop()
    async with at("webdav", tmp_path) as (place, _):
        begun = loop.time()
        await place.put(file, NAME)
        assert loop.time() - begun >= 0.45


@pytest.mark.parametrize(
    "place",
    [
        "ftp://nas/dav", "https://a:b@nas/dav", "http://example.com/dav", "https://nas/dav?x=1", "nas",
        "http://8.8.8.8/",
    ],
)  # fmt: skip
def test_an_address_that_would_show_a_password_is_no_plan(place: str) -> None:
    with pytest.raises(ValueError, match="place"):
        BackupPlan("webdav", place)


def test_an_address_in_the_house_may_be_plain() -> None:
    assert BackupPlan("webdav", "http://192.168.1.5:5005/dav").place
    with pytest.raises(ValueError, match="bucket"):
        BackupPlan("s3", "https://s3.example.com")
