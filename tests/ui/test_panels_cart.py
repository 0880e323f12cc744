"""The cart shows what viewers see and only ever asks; 下一品 says what it will do."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.committed import NOW
from tests.ui.rooms import Evening, empty_state, manual_state, running, sample_state
from tests.ui.sections import show
from ui.panels.cart import CartPanel
from ui.seat.room import RoomView, Undeclared
from ui.widgets.rows import ROW_ROLE

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def cart(qtbot) -> CartPanel:  # type: ignore[no-untyped-def]
    made = CartPanel()
    qtbot.addWidget(made)
    made.resize(360, 760)
    show(made, sample_state())
    return made


def _asked(cart: CartPanel) -> list[Any]:
    seen: list[Any] = []
    cart.pin_asked.connect(lambda *a: seen.append(("pin", *a)))
    cart.unpin_asked.connect(lambda: seen.append(("unpin",)))
    cart.move_asked.connect(lambda *a: seen.append(("move", *a)))
    cart.remove_asked.connect(lambda *a: seen.append(("remove", *a)))
    cart.shelf_asked.connect(lambda *a: seen.append(("shelf", *a)))
    cart.stock_asked.connect(lambda *a: seen.append(("stock", *a)))
    cart.next_asked.connect(lambda *a: seen.append(("next", *a)))
    return seen


def test_rows_say_everything_to_who_listens(cart: CartPanel) -> None:
    said = [cart.model.index(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(8)]
    assert said[1] == "2 号 桑蚕丝印花围巾 ¥168 售罄"
    assert said[2] == "3 号 100% 山羊绒围巾 驼色 200×70 ¥199 余 115 讲解中"
    assert said[3] == "4 号 羊毛手套 男女同款 ¥99 售罄 下一品"
    assert said[6] == "7 号 羽绒马甲 轻薄款 ¥259 余 88 已下架"
    assert cart.model.index(2).data(ROW_ROLE).kinds == ("flash_sale",)
    assert cart.note.text() == "8 件 · 1 件下架"


def test_next_says_what_it_will_do(cart: CartPanel) -> None:
    seen = _asked(cart)
    assert cart.next.face == "下一品 · 4 号 羊毛手套 男女同款"
    assert cart.next_says.text() == "结束 3 号 讲解 → 讲解 4 号 → 手套立减 8 元 待上"
    QTest.mouseClick(cart.next, Qt.MouseButton.LeftButton)
    assert seen == [("next", "gloves")]


def test_next_passes_over_what_is_off_the_shelf(cart: CartPanel) -> None:
    at = Evening()
    at.pin("beret")
    show(cart, at.shown())
    assert cart.box.product_id == "pants"
    at.pin("pants", "c-last")
    show(cart, at.shown())
    assert cart.next.reason == "购物车里后面没有在架的商品"


def test_next_goes_on_after_what_was_last_explained(cart: CartPanel) -> None:
    at = Evening()
    at.pin("scarf")
    at.ok("cart.unpin", {})
    show(cart, at.shown())
    assert cart.box.product_id == "gloves"


def test_on_the_second_evening_next_is_what_the_engine_takes(cart: CartPanel) -> None:
    at = Evening()
    at.next()
    at.next()
    at.ok("cart.unpin", {})
    at.ok("broadcast.close", {})
    at.ok("broadcast.open", {"title": "第二晚"})
    show(cart, at.shown())
    assert cart.box.product_id == "coat"
    at.ok("go.next", {"expect": cart.box.product_id})
    assert at.room.pinned.wanted == "coat"


def test_a_section_that_it_does_not_declare_is_kept_from_it(cart: CartPanel) -> None:
    least = [name for name in cart.SECTIONS if name != "cues"]
    with pytest.raises(Undeclared):
        cart.show_state(RoomView(sample_state()).only(*least), NOW)


def test_before_the_broadcast_next_is_no_button(cart: CartPanel) -> None:
    seen = _asked(cart)
    show(cart, empty_state())
    cart.next.click()
    assert (seen, cart.next.reason) == ([], "还没开播")
    assert cart.empty.isVisibleTo(cart)


def test_it_only_asks_and_names_what_it_showed(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("gloves")
    cart.pin.trigger()
    for what in ("up", "down", "stock", "shelf", "remove"):
        cart.tools[what].trigger()
    assert seen == [
        ("pin", "gloves", 4),
        ("move", "gloves", 3),
        ("move", "gloves", 5),
        ("stock", "gloves"),
        ("shelf", "gloves", False),
        ("remove", "gloves"),
    ]
    assert [cart.model.index(n).data(ROW_ROLE).product_id for n in range(4)] == [
        "coat",
        "silk",
        "scarf",
        "gloves",
    ]


def test_the_pinned_one_is_unpinned_and_the_shelved_one_not_pinned(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("scarf")
    assert cart.pin.text().startswith("结束讲解")
    cart.pin.trigger()
    cart.list.choose("vest")
    assert cart.pin_reason == "已下架"
    cart.tools["shelf"].trigger()
    assert seen == [("unpin",), ("shelf", "vest", True)]


def test_keys_move_and_take_out_but_never_pin(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("gloves")
    QTest.keyClick(cart.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(cart.list, Qt.Key.Key_Delete)
    QTest.keyClick(cart.list, Qt.Key.Key_Return)
    QTest.keyClick(cart.list, Qt.Key.Key_Space)
    assert seen == [("move", "gloves", 3), ("remove", "gloves")]
    QTest.keyClick(cart.list, Qt.Key.Key_Down)
    chosen = cart.list.chosen()
    assert chosen is not None
    assert chosen.product_id == "thermal"


def test_the_chosen_product_stays_chosen_wherever_it_goes(cart: CartPanel) -> None:
    cart.list.choose("beret")
    at = running()
    at.ok("cart.move", {"product_id": "beret", "to": 1})
    show(cart, at.shown())
    chosen = cart.list.chosen()
    assert chosen is not None
    assert (chosen.product_id, cart.list.currentIndex().row()) == ("beret", 0)


def test_unchanged_rows_are_not_painted_anew(cart: CartPanel) -> None:
    changed: list[int] = []
    cart.model.dataChanged.connect(lambda first, last: changed.append(first.row()))
    cart.model.modelReset.connect(lambda: changed.append(-1))
    at = running(counting=False)
    show(cart, at.shown())
    changed.clear()
    show(cart, at.shown())
    assert changed == []
    at.ok("stock.add", {"sku_id": "gloves", "by": -1})
    show(cart, at.shown())
    assert changed == [3]


def test_a_pin_that_waits_for_the_platform_is_marked_so(cart: CartPanel) -> None:
    show(cart, manual_state())
    assert cart.model.rows[3].marks() == [("等平台", "warn")]
    assert cart.model.rows[2].marks() == []


def test_a_seat_sees_what_it_may_not_do(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("gloves")
    cart.set_allowed({"cart.move"})
    for each in (cart.pin, cart.tools["shelf"], cart.tools["remove"], cart.tools["up"]):
        each.trigger()
    QTest.keyClick(cart.list, Qt.Key.Key_Delete)
    assert seen == [("move", "gloves", 3)]
    assert cart.pin_reason == "没有权限"


def test_it_paints_rows_of_every_sort(cart: CartPanel) -> None:
    at = running()
    long = {"product_id": "coat", "title": "<b>很长</b>" * 30, "price_fen": 128_000}
    at.ok("catalogue.put", {"products": [long]})
    show(cart, at.shown())
    cart.list.choose("scarf")
    for width in (180, 360, 700):
        cart.resize(width, 760)
        assert not cart.grab().isNull()
