"""Reading and fetching pictures: each guard, and that without it what it keeps out comes through."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from liveconsole.intake.pictures import fetching, reading
from liveconsole.intake.pictures.fetching import fetch, is_public
from liveconsole.intake.pictures.reading import NoPicture, read_picture
from liveconsole.store import open_store
from liveconsole.store.rows import KeptPicture
from tests.contract.test_images import picture, png_of


def refused(body: bytes) -> str:
    with pytest.raises(NoPicture) as no:
        read_picture(body)
    return no.value.code


def test_the_head_is_looked_at_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    body = png_of(7_000, 7_000)
    assert refused(body) == "too_many_pixels"
    monkeypatch.setattr(reading, "PICTURE_PIXELS", 50_000_000)  # the twin: it is unpacked, and is broken
    assert refused(body) == "broken_picture"


def test_a_foreign_form_does_not_reach_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    gif = picture("GIF")
    assert refused(gif) == "no_picture"
    monkeypatch.setattr(reading, "kind_of_picture", lambda _body: "image/png")
    assert refused(gif) == "broken_picture", "the decoder itself knows three forms only"
    monkeypatch.setattr(reading, "FORMATS", ("GIF",))
    assert read_picture(gif).sha256


def test_a_moving_picture_is_its_first_one() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    kept = Image.open(BytesIO(read_picture(out.getvalue()).whole)).convert("RGB")
    red, _, blue = kept.getpixel((15, 15))  # type: ignore[misc]
    assert red > 200 > 50 > blue


def test_a_thin_picture_keeps_a_pixel() -> None:
    kept = read_picture(picture(size=(4000, 1)))
    assert Image.open(BytesIO(kept.small)).size == (96, 1)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.1.1", "::1", "fe80::1%eth0", "fd00::1",
                "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "224.0.0.1", "0.0.0.0", "x"]
)  # fmt: skip
def test_what_is_not_of_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2606:4700:4700::1111"])
def test_what_is(address: str) -> None:
    assert is_public(address)


class Shop:
    """A server on this computer that stands for one in the web: the guards are told so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.port = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path == "/inwards":
            raise web.HTTPFound("http://127.0.0.1:9/secret")
        if request.path == "/round":
            raise web.HTTPFound("/round")
        if request.path == "/moved":
            raise web.HTTPFound("/a.png")
        if request.path == "/slow":
            await asyncio.sleep(60)
        if request.path == "/long":
            return web.Response(body=b"x" * (4 * 1024 * 1024 + 1))
        if request.path == "/a.png":
            return web.Response(body=picture())
        raise web.HTTPNotFound

    def at(self, path: str) -> str:
        return f"http://shop.example:{self.port}{path}"


@pytest.fixture
async def shop(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    made = Shop()
    runner = web.ServerRunner(web.Server(made.answer), shutdown_timeout=0.1)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listening).start()
    made.port = listening.getsockname()[1]
    loop = asyncio.get_running_loop()
    honest = loop.getaddrinfo

    async def looked_up(host: str, port: int, **more: int) -> object:
        return await honest("127.0.0.1" if host == "shop.example" else host, port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", looked_up)
    monkeypatch.setattr(fetching, "_PORTS", frozenset({80, 443, made.port}))
    yield made
    await runner.cleanup()


@pytest.fixture
def open_web(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop's name is believed; a number in an address is looked at as ever."""

    class Believing(fetching.PublicResolver):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):  # type: ignore[no-untyped-def]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(fetching, "is_public", lambda _address: True)
                return await super().resolve(host, port, family)

    monkeypatch.setattr(fetching, "PublicResolver", Believing)
    return shop


async def test_a_name_that_leads_inwards_is_not_followed(shop: Shop) -> None:
    with pytest.raises(NoPicture) as no:
        await fetch(shop.at("/a.png"))
    assert (no.value.code, shop.asked) == ("not_public", [])


async def test_the_twin_where_the_name_is_believed_it_is_fetched(open_web: Shop) -> None:
    assert read_picture(await fetch(open_web.at("/a.png"))).sha256
    assert read_picture(await fetch(open_web.at("/moved"))).sha256


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/inwards", "not_public"),
        ("/round", "fetch_failed"),
        ("/none", "fetch_failed"),
        ("/long", "picture_too_large"),
    ],
)
async def test_what_a_server_may_not_do_to_us(open_web: Shop, path: str, code: str) -> None:
    with pytest.raises(NoPicture) as no:
        await fetch(open_web.at(path))
    assert no.value.code == code
    assert len(open_web.asked) <= 1 + fetching.REDIRECTS


async def test_who_never_answers_is_left(open_web: Shop) -> None:
    with pytest.raises(NoPicture, match="fetch_failed"):
        await fetch(open_web.at("/slow"), seconds=0.2)


def test_the_oldest_that_nobody_shows_give_way(tmp_path: Path) -> None:
    store = open_store(tmp_path / "room")

    def keep(sha: str, shown: set[str]) -> bool:
        return store.keep_picture(KeptPicture(sha, b"s", b"m", sha.encode()), shown, 3)

    for sha in ("a", "b", "c"):
        assert keep(sha, set())
    assert keep("d", {"a"})
    reader = store.open_reader()
    assert [reader.picture(sha, "whole") for sha in "abcd"] == [b"a", None, b"c", b"d"]
    assert not keep("e", {"a", "c", "d"})
    assert keep("a", {"a", "c", "d"}), "what is there already needs no room"
    assert reader.picture("e", "small") is None
    reader.close()
    store.close()
