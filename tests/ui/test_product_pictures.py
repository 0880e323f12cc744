"""Pictures of products at the desk: with a table, from a file for one product, and what is not taken said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.fake_bus import refuse, until
from tests.ui.looking import look
from tests.ui.rooms import sample_state
from tests.ui.sitting import joined
from tests.ui.test_picture import encoded, plain
from tests.ui.test_table_sheets import AtTables
from tests.unit.intake.books import book
from ui.panels.cart import CartPanel
from ui.panels.products import PictureSheet
from ui.preferences.shop import ShopPage
from ui.seat.room import RoomView
from ui.seat.seat import Answer


@pytest_asyncio.fixture
async def sitting(dressed: QApplication) -> AsyncIterator[AtTables]:
    async with joined(AtTables()) as made:
        yield made


async def test_a_table_brings_the_pictures_that_lie_beside_it(sitting: AtTables, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(plain(50, 50)))
    file = tmp_path / "goods.xlsx"
    head = ["商品编号", "商品名称", "直播价（元）", "库存", "图片"]
    rows = [["N1", "披肩", 99, 5, "a.png"], ["N2", "围脖", 59, 5, "https://example.com/b.png"]]
    file.write_bytes(book({"商品": [head, *rows, ["N3", "手套", 39, 5, "../secret.png"]]}))
    sheet = sitting.products()
    sheet.open_file(file)
    await until(sheet.put.isEnabled)
    sheet.put.click()
    await until(lambda: sheet.put.text() == "完成")
    (put,) = [data for type_, data in sitting.bus.asked if type_ == "catalogue.put"]
    images = {product["product_id"]: product.get("image") for product in put["products"]}
    (sha,) = sitting.bus.pictures
    assert images == {"N1": sha, "N2": None, "N3": None}
    assert "1 张图片没放上：N2" in sheet.said.text()


async def test_one_product_gets_a_picture_from_a_file(sitting: AtTables, tmp_path: Path) -> None:
    assert sitting.seat.state is not None
    sheet = PictureSheet(sitting.seat, "scarf", RoomView(sitting.seat.state))
    sitting.side.open_sheet(sheet)
    good, bad = tmp_path / "a.jpg", tmp_path / "b.png"
    good.write_bytes(encoded(plain(80, 40), b"JPG"))
    bad.write_bytes(b"GIF89a")
    sheet.take_file(str(bad))
    await until(lambda: sheet.said.tone == "live")
    assert sheet.said.text().startswith("不是图片")
    assert sitting.bus.asked == []
    sheet.take_file(str(good))
    await until(lambda: sheet.said.text() == "放好了")
    (sha,) = sitting.bus.pictures
    assert sitting.bus.asked == [("catalogue.put", {"products": [{"product_id": "scarf", "image": sha}]})]
    sitting.bus.answer = refuse("forbidden")
    sheet.take_file(str(good))
    await until(lambda: sheet.said.tone == "live")
    assert sheet.pick.isEnabled()


async def test_the_cart_asks_for_a_picture_of_the_chosen_product(sitting: AtTables) -> None:
    cart = CartPanel()
    look(cart, sample_state())
    asked: list[str] = []
    cart.picture_asked.connect(asked.append)
    cart.list.choose(cart.model.rows[0].product_id)
    cart.tools["picture"].trigger()
    assert asked == [cart.model.rows[0].product_id]
    cart.deleteLater()


async def test_the_shops_face_is_set_and_what_another_seat_sets_is_shown(
    sitting: AtTables, tmp_path: Path
) -> None:
    asked: list[dict[str, Any]] = []

    def set_room(_page: QWidget, fields: dict[str, Any], then: Callable[[Answer], None]) -> None:
        asked.append(fields)
        then(Answer(True))

    page = ShopPage(set_room, sitting.seat, "host")
    logo = tmp_path / "logo.png"
    logo.write_bytes(encoded(plain(900, 900)))
    page.form.name.setText("暖屿羊绒")
    page.form.colour.setText("#ffee00")
    page.form.take_file(str(logo))
    await until(lambda: page.form.face.logo is not None)
    page.form.keep.click()
    await until(lambda: asked)
    (sha,) = sitting.bus.pictures
    assert asked == [{"shop_face": {"name": "暖屿羊绒", "logo": sha, "accent": "#ffee00"}}]
    assert page.form.said.text() == "已保存"
    page.form.name.setText("正在改")
    assert sitting.seat.state is not None
    page.show_room(RoomView(sitting.seat.state), sitting.seat.now())
    assert page.form.name.text() == "正在改", "what is being typed is not overwritten"
    seen = ShopPage(set_room, sitting.seat, "assistant")
    seen.show_room(RoomView(sitting.seat.state), sitting.seat.now())
    assert seen.form.keep.isHidden()
    for each in (page, seen):
        each.deleteLater()
