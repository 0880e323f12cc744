"""Pictures of products through the door: what is taken, what is refused, who may, and that they stay."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.contract.engine_process import EngineProcess, event

Make = Callable[..., EngineProcess]
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, (200, 30, 40, 120)[: len(mode)]).save(out, form, **more)
    return out.getvalue()


def png_of(wide: int, high: int) -> bytes:
    """A head that says so many pixels, and next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def put(engine: EngineProcess, body: Any, role: str = "host", kind: str = "image/png") -> Any:
    return engine.call("PUT", "/v1/images", body, role=role, kind=kind)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_each_form_is_kept_by_its_hash_and_served_in_three_sizes(engine: EngineProcess, form: str) -> None:
    answer = put(engine, picture(form, (2000, 1000)), kind="application/octet-stream")
    assert answer.status == 200, answer.body
    sha = answer.json["sha256"]
    whole = engine.call("GET", f"/v1/images/{sha}")
    assert hashlib.sha256(whole.body).hexdigest() == sha
    assert whole.headers["content-type"] == "image/jpeg"
    assert whole.headers["x-content-type-options"] == "nosniff"
    for side in (96, 480):
        small = engine.call("GET", f"/v1/images/{sha}?size={side}", role="assistant")
        assert Image.open(BytesIO(small.body)).size == (side, side // 2)
    assert Image.open(BytesIO(whole.body)).size == (1280, 640)
    assert put(engine, picture(form, (2000, 1000))).json["sha256"] == sha, "the same picture is the same one"


def test_what_shows_through_stays_so(engine: EngineProcess) -> None:
    sha = put(engine, picture(mode="RGBA")).json["sha256"]
    kept = engine.call("GET", f"/v1/images/{sha}?size=96")
    assert kept.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(kept.body)).getpixel((5, 5)) == (200, 30, 40, 120)


def test_where_a_photograph_was_taken_is_not_kept_and_it_stands_upright(engine: EngineProcess) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "home address"
    sha = put(engine, picture("JPEG", (60, 40), exif=exif)).json["sha256"]
    body = engine.call("GET", f"/v1/images/{sha}").body
    assert b"home address" not in body
    kept = Image.open(BytesIO(body))
    assert kept.size == (40, 60)
    assert not kept.getexif()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (png_of(60_000, 60_000), 413, "too_many_pixels"),
        (png_of(16_385, 2), 413, "too_many_pixels"),
        (png_of(7_000, 7_000), 413, "too_many_pixels"),
        (png_of(60, 40), 400, "broken_picture"),
        (picture()[:60], 400, "broken_picture"),
        (SVG, 400, "no_picture"),
        (b"<!doctype html><script>alert(1)</script>", 400, "no_picture"),
        (picture("GIF"), 400, "no_picture"),
        (picture("BMP"), 400, "no_picture"),
        (b"", 400, "no_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (4 * 1024 * 1024), 413, "picture_too_large"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_what_is_no_picture_or_too_large_says_so(
    engine: EngineProcess, body: bytes, status: int, code: str
) -> None:
    answer = put(engine, body)
    assert (answer.status, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://localhost/a.png",
        "http://127.1/a.png",
        "http://2130706433/a.png",
        "http://0x7f.1/a.png",
        "http://[::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://[64:ff9b::7f00:1]/a.png",
        "http://10.0.0.8/a.png",
        "http://192.168.1.1/a.png",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/a.png",
        "http://user:pass@1.1.1.1/a.png",
        "http://1.1.1.1:8765/a.png",
        "file:///etc/passwd",
    ],
)
def test_an_address_of_this_computer_or_its_network_is_refused(engine: EngineProcess, url: str) -> None:
    answer = engine.call("PUT", "/v1/images", {"url": url})
    assert (answer.status, answer.json["code"]) == (400, "not_public")


def test_a_product_shows_the_picture_that_was_kept_and_the_log_its_hash(
    engine: EngineProcess, fresh: Callable[[str], str]
) -> None:
    sha = put(engine, picture("JPEG")).json["sha256"]
    product = {"product_id": fresh("p"), "title": "羊毛衫", "price_fen": 9900, "stock": 3, "image": sha}
    engine.done("catalogue.put", products=[product])
    shown = {p["product_id"]: p for p in engine.state()["catalogue"]["products"]}[product["product_id"]]
    assert shown["image"] == sha
    logged = engine.log(types="catalogue.put")[-1]["data"]["products"][0]
    assert logged["image"] == sha


def test_a_product_with_an_address_inside_is_refused_whole_and_says_which(
    engine: EngineProcess, fresh: Callable[[str], str]
) -> None:
    good, bad = fresh("p"), fresh("p")
    before = engine.seq()
    said = engine.command(
        "catalogue.put",
        products=[
            {"product_id": good, "title": "好", "price_fen": 100, "stock": 1},
            {
                "product_id": bad,
                "title": "坏",
                "price_fen": 100,
                "stock": 1,
                "image": "http://127.0.0.1/x.png",
            },
        ],
    )
    assert (said["ok"], said["code"]) == (False, "bad_image")
    assert "坏" in said["text"]
    assert "127.0.0.1" in said["text"]
    assert engine.seq() == before


def test_more_addresses_than_can_be_fetched_are_refused_before_any_is(engine: EngineProcess) -> None:
    products = [
        {"product_id": f"u{n}", "title": "x", "price_fen": 1, "stock": 1, "image": f"http://127.0.0.1/{n}"}
        for n in range(21)
    ]
    assert engine.command("catalogue.put", products=products)["code"] == "too_many_fetches"


def test_who_may_put_and_who_may_look(engine: EngineProcess) -> None:
    body = picture()
    sha = put(engine, body, role="assistant").json["sha256"]
    for role in ("viewer", "producer", "overlay"):
        assert put(engine, body, role=role).status == 403
    assert engine.call("GET", f"/v1/images/{sha}", role="viewer").status == 200
    assert engine.call("GET", f"/v1/images/{sha}", role="producer").status == 403
    assert engine.call("GET", f"/v1/images/{sha}", role=None).status == 401
    own = engine.tokens["overlay"]
    assert engine.call("GET", f"/overlay/images/{sha}?token={own}&size=480", role=None).status == 200
    assert engine.call("GET", f"/overlay/images/{sha}?token={engine.tokens['host']}", role=None).status == 403
    assert engine.call("GET", f"/overlay/images/{sha}", role=None).status == 401


@pytest.mark.parametrize("path", ["0" * 64, "..%2fengine.json", "A" * 64, "x", "0" * 63, ""])
def test_a_picture_that_is_not_there_is_not_found(engine: EngineProcess, path: str) -> None:
    assert engine.call("GET", f"/v1/images/{path}").status == 404


def test_a_size_that_is_not_served_is_a_bad_shape(engine: EngineProcess) -> None:
    sha = put(engine, picture()).json["sha256"]
    assert engine.call("GET", f"/v1/images/{sha}?size=97").status == 400


def test_pictures_outlive_a_kill_and_come_back_from_a_backup(engine_of: Make, tmp_path: Path) -> None:
    first = engine_of()
    sha = put(first, picture()).json["sha256"]
    body = first.call("GET", f"/v1/images/{sha}").body
    first.kill()
    again = engine_of()
    assert again.call("GET", f"/v1/images/{sha}").body == body
    file, other = tmp_path / "room.backup", tmp_path / "other"
    code = _run("backup", str(file), "--data", str(again.folder))
    again.stop()
    _run("restore", str(file), "--data", str(other), stdin=code)
    assert engine_of(folder=other).call("GET", f"/v1/images/{sha}").body == body


@pytest.mark.parametrize("runs", [True, False])
def test_a_report_carries_its_pictures_and_loads_none(engine_of: Make, tmp_path: Path, runs: bool) -> None:
    engine = engine_of()
    logo, scarf = (put(engine, picture(size=size)).json["sha256"] for size in ((40, 40), (80, 60)))
    engine.done("room.set", shop_face={"name": "暖屿羊绒", "logo": logo, "accent": "#ffee00"})
    product = {"product_id": "scarf", "title": "围巾", "price_fen": 9900, "stock": 9}
    other = {"product_id": "hat", "title": "帽子", "price_fen": 5900, "stock": 9}
    engine.done("catalogue.put", products=[product | {"image": scarf}, other])
    engine.done("broadcast.open")
    lines = [{"sku_id": sku, "quantity": 1} for sku in ("scarf", "hat")]
    placed = {"order_id": "o1", "buyer": {"id": "a"}, "lines": lines}
    engine.done("order.request", "producer", **placed)
    engine.post([event("paid", "order.paid", {"order_id": "o1", "paid_fen": 15_800})])
    if not runs:
        engine.stop()
    _run("report", "--data", str(engine.folder), "--html", "--out", str(tmp_path / "out"))
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert page.count('src="data:image/') == 2
    assert "暖屿羊绒" in page
    assert '<span class="pic">帽</span>' in page, "a letter stands where there is no picture"
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "#ffee00" not in page.lower(), "yellow on white is not read: a darker shade of it is"


def _run(*words: str, stdin: bytes = b"") -> bytes:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off"}
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", *words], input=stdin, capture_output=True, env=env, check=True
    )
    return done.stdout
