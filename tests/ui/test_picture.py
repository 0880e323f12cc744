"""The picture of a product: fetched once, within a bound, never stretched, a letter until it is there."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QApplication

from liveconsole.messages.shop import ShopFace
from liveconsole.views.shades import READ, contrast
from tests.ui.fake_bus import FakeBus
from tests.ui.rooms import sample_state
from ui import theme
from ui.panels.queue.rows import faces
from ui.panels.queue.tile import CueTile
from ui.panels.stage.product import ProductCard
from ui.preferences.repaint import repaint
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.theme import colour
from ui.widgets import picture
from ui.widgets.picture import PictureShelf, ProductPicture, decoded, letter_of, paint_picture
from ui.windows.host.facts import OnStage
from ui.windows.host.head import HostTopBar, StageHeading

pytestmark = pytest.mark.usefixtures("dressed")

RED, BLUE = QColor("#d02030"), QColor("#2040d0")


def encoded(image: QImage, form: bytes = b"PNG") -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, form).write(image)
    return bytes(buffer.data().data())


def plain(wide: int, high: int, colour: QColor = RED) -> QImage:
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


class Served:
    """An engine's pictures, each asking noted."""

    def __init__(self, **bodies: bytes) -> None:
        self.bodies, self.asked = bodies, list[tuple[str, int]]()
        self.gate = asyncio.Event()
        self.gate.set()
        self.most = self._now = 0

    async def __call__(self, sha: str, side: int) -> bytes | None:
        self.asked.append((sha, side))
        self._now += 1
        self.most = max(self.most, self._now)
        await self.gate.wait()
        self._now -= 1
        return self.bodies.get(sha)


@pytest.fixture
def bare(dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> PictureShelf:
    """A shelf of this test alone, in the place of the window's."""
    made = PictureShelf(dressed)
    monkeypatch.setattr(picture, "_shelf", made)
    return made


async def until(shelf: PictureShelf, count: int = 1) -> None:
    """So many pictures came, or two seconds went by."""
    came = asyncio.Semaphore(0)
    shelf.arrived.connect(lambda _sha: came.release())
    async with asyncio.timeout(2):
        for _ in range(count):
            await came.acquire()


async def test_a_picture_is_asked_for_once_and_painted_when_it_came(bare: PictureShelf) -> None:
    served = Served(a=encoded(plain(60, 60)))
    bare.ask_of(served)
    tile = ProductPicture(40)
    tile.show_product("a", "羊毛衫")
    assert tile.grab().toImage().pixelColor(4, 20) == colour("bg3"), "its letter's tile until then"
    tile.grab()
    await until(bare)
    assert served.asked == [("a", 96)]
    assert tile.grab().toImage().pixelColor(20, 20) == RED
    assert tile.grab().toImage().pixelColor(0, 0) != RED, "its corners are round"
    tile.deleteLater()


async def test_a_large_tile_asks_for_the_large_one_and_shows_the_small_until_then(bare: PictureShelf) -> None:
    served = Served(a=encoded(plain(300, 300)))
    bare.ask_of(served)
    bare.picture("a", 36)
    await until(bare)
    assert bare.picture("a", 288) is bare.picture("a", 36)
    await until(bare)
    assert served.asked == [("a", 96), ("a", 480)]
    large = bare.picture("a", 288)
    assert large is not None
    assert large.width() == 300


async def test_what_did_not_come_is_asked_for_again_later_only(
    bare: PictureShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(picture, "monotonic", lambda: now)
    served = Served()
    bare.ask_of(served)
    for _ in range(3):
        assert bare.picture("gone", 36) is None
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert len(served.asked) == 1
    now += 31
    bare.picture("gone", 36)
    await asyncio.sleep(0)
    assert len(served.asked) == 2


async def test_many_pictures_come_a_few_at_once_and_all_of_them(bare: PictureShelf) -> None:
    served = Served(**{f"p{n}": encoded(plain(8, 8)) for n in range(20)})
    served.gate.clear()
    bare.ask_of(served)
    for n in range(20):
        bare.picture(f"p{n}", 36)
    await asyncio.sleep(0)
    served.gate.set()
    await until(bare, 20)
    assert served.most == 4
    assert len(set(served.asked)) == 20


async def test_the_shelf_holds_no_more_than_its_bound(dressed: QApplication) -> None:
    one = plain(96, 96).sizeInBytes()
    shelf = PictureShelf(dressed, most=3 * one)
    served = Served(**{f"p{n}": encoded(plain(96, 96)) for n in range(6)})
    shelf.ask_of(served)
    for n in range(6):
        shelf.picture(f"p{n}", 96)
        await until(shelf)
    assert shelf.held == 3 * one
    assert shelf.picture("p5", 96) is not None


def test_what_is_no_picture_of_ours_is_none() -> None:
    assert decoded(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 96) is None
    assert decoded(encoded(plain(8, 8), b"BMP"), 96) is None
    assert decoded(encoded(plain(2100, 4)), 96) is None
    small = decoded(encoded(plain(400, 200)), 96)
    assert small is not None
    assert (small.width(), small.height()) == (96, 48)


async def test_a_wide_picture_is_cut_to_the_tile_and_not_stretched(bare: PictureShelf) -> None:
    wide = plain(96, 32, BLUE)
    painter = QPainter(wide)
    painter.fillRect(QRectF(32, 0, 32, 32), RED)
    painter.end()
    bare.ask_of(Served(a=encoded(wide)))
    bare.picture("a", 32)
    await until(bare)
    shown = plain(32, 32, QColor("black"))
    painter = QPainter(shown)
    paint_picture(painter, QRectF(0, 0, 32, 32), "a", "")
    painter.end()
    assert shown.pixelColor(2, 16) == RED
    assert shown.pixelColor(29, 16) == RED


def test_a_letter_stands_where_there_is_none() -> None:
    assert letter_of("【新】羊毛") == "新"
    assert letter_of("2024 Sweater") == "S"
    assert letter_of("！！") == ""


async def test_the_stage_shows_the_picture_of_what_is_pinned(bare: PictureShelf) -> None:
    bare.ask_of(Served(a=encoded(plain(300, 300))))
    card = ProductCard()
    tile = card.picture
    tile.show_title("羊毛衫")
    tile.resize(60, 60)
    before = tile.grab().toImage().pixelColor(30, 8)
    tile.show_image("a")
    tile.grab()
    await until(bare)
    assert before != RED
    assert tile.grab().toImage().pixelColor(30, 8) == RED
    card.deleteLater()


async def test_the_queue_shows_the_picture_of_what_a_promotion_is_about(bare: PictureShelf) -> None:
    bare.ask_of(Served(a=encoded(plain(90, 90))))
    state = sample_state()
    products = [msgspec.structs.replace(product, image="a") for product in state.catalogue.products]
    room = RoomView(
        msgspec.structs.replace(state, catalogue=msgspec.structs.replace(state.catalogue, products=products))
    )
    shown = faces(room, "host", {})
    assert {face.image for face in shown if face.product} == {"a"}
    assert {face.image for face in shown if not face.product} <= {None}, "a shop-wide one keeps its shape"
    tile = CueTile()
    tile.resize(40, 40)
    tile.show_cue("flash_sale", "羊毛衫", "a")
    assert tile.grab().toImage().pixelColor(20, 4) != RED
    await until(bare)
    assert tile.grab().toImage().pixelColor(20, 4) == RED
    tile.show_cue("coupon", "")
    assert tile.grab().toImage().pixelColor(20, 4) != RED
    tile.deleteLater()


async def test_the_large_screen_shows_the_picture_of_what_is_explained(bare: PictureShelf) -> None:
    bare.ask_of(Served(a=encoded(plain(300, 300))))
    heading = StageHeading()
    heading.show_product(None, more=False)
    assert heading.picture.isHidden()
    given: dict[str, Any] = dict.fromkeys(OnStage.__dataclass_fields__)
    given |= {"title": "羊毛衫", "points": "", "price_fen": 100, "whole": 1, "image": "a"}
    given |= dict.fromkeys(("dearer", "sale", "sold_out"), False)
    heading.show_product(OnStage(**given), more=False)
    assert not heading.picture.isHidden()
    heading.set_scale(0.6)
    heading.picture.grab()
    await until(bare)
    assert heading.picture.grab().toImage().pixelColor(30, 8) == RED
    heading.resize(900, 110)
    assert not heading.picture.isHidden()
    away = []
    for letters in range(8, 60):
        heading.show_product(OnStage(**given | {"title": "羊" * letters}), more=False)
        away += [letters] if heading.picture.isHidden() else []
    assert away == list(range(away[0], away[-1] + 1))
    assert 0 < len(away) < 8, (
        "its room goes to a title that is whole only so; where it is cut anyway it stays"
    )
    heading.deleteLater()


def test_the_shops_name_is_read_on_every_theme(dressed: QApplication) -> None:
    top = HostTopBar()
    top.show_shop(ShopFace("暖屿羊绒", None, "#a0704a"))
    try:
        for name in ("light", "high_contrast", "dark"):
            repaint(dressed, name, 1.0)
            assert contrast(top.shop_name.tone, theme.tokens().bg0) >= READ, name
    finally:
        theme.apply(dressed)
    top.show_shop(ShopFace())
    assert top.shop.isHidden()
    top.deleteLater()


async def test_a_seat_asks_its_engine_and_never_for_what_is_no_hash() -> None:
    asked: list[str] = []

    class Bus(FakeBus):
        async def picture(self, sha256: str, size: int = 0) -> bytes:
            asked.append(sha256)
            return await super().picture(sha256, size)

    bus = Bus(sample_state())
    bus.pictures["a" * 64] = b"bytes"
    seat = Seat(lambda: _given(bus))
    assert await seat.picture("a" * 64, 96) is None, "nobody is joined"
    seat._client = bus
    assert await seat.picture("a" * 64, 96) == b"bytes"
    assert await seat.picture("b" * 64, 96) is None
    assert await seat.picture("https://img.example/a.png", 96) is None
    assert asked == ["a" * 64, "b" * 64]


async def _given(bus: FakeBus) -> FakeBus:
    return bus
