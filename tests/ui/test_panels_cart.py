"""The cart shows what viewers see and only ever asks; 下一品 says what it will do."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.committed import NOW
from tests.ui.sample_state import empty_state, manual_state, sample_state
from ui.panels.cart import CartPanel
from ui.widgets.rows import ROW_ROLE

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def cart(qtbot) -> CartPanel:  # type: ignore[no-untyped-def]
    made = CartPanel()
    qtbot.addWidget(made)
    made.resize(360, 760)
    made.show_state(sample_state(), NOW)
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
    assert said[2] == "3 号 100% 山羊绒围巾 驼色 200×70 ¥199 余 86 讲解中"
    assert said[3] == "4 号 羊毛手套 男女同款 ¥99 余 18 下一品"
    assert said[6] == "7 号 羽绒马甲 轻薄款 ¥259 余 88 已下架"
    assert cart.model.index(2).data(ROW_ROLE).kinds == ("flash_sale",)
    assert cart.note.text() == "8 件 · 1 件下架"


def test_next_says_what_it_will_do(cart: CartPanel) -> None:
    seen = _asked(cart)
    assert cart.next.face == "下一品 · 羊毛手套 男女同款"
    assert cart.next_says.text() == "结束 3 号 讲解 → 讲解 4 号 → 手套立减 8 元 待上"
    QTest.mouseClick(cart.next, Qt.MouseButton.LeftButton)
    assert seen == [("next", "gloves")]


def test_next_passes_over_what_is_off_the_shelf(cart: CartPanel) -> None:
    state = sample_state()
    state["pinned"] = {"wanted": "beret", "confirmed": "beret", "age": 1.0, "cue_id": "x"}
    cart.show_state(state, NOW)
    assert cart.box.product_id == "pants"
    state["pinned"]["wanted"] = "pants"
    cart.show_state(state, NOW)
    assert cart.next.reason == "购物车里后面没有在架的商品"


def test_next_goes_on_after_what_was_last_explained(cart: CartPanel) -> None:
    state = sample_state()
    state["pinned"] = {"wanted": None, "confirmed": None, "age": None, "cue_id": None}
    state["cues"] = [{**state["cues"][0], "status": "ended"}]
    cart.show_state(state, NOW)
    assert cart.box.product_id == "gloves"


def test_before_the_broadcast_next_is_no_button(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.show_state(empty_state(), NOW)
    cart.next.click()
    assert (seen, cart.next.reason) == ([], "还没开播")
    assert cart.empty.isVisibleTo(cart)


def test_it_only_asks_and_names_what_it_showed(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("gloves")
    cart.pin.click()
    for what in ("up", "down", "stock", "shelf", "remove"):
        cart.buttons[what].click()
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
    assert cart.pin.face == "结束讲解"
    cart.pin.click()
    cart.list.choose("vest")
    assert cart.pin.reason == "已下架"
    cart.buttons["shelf"].click()
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
    state = sample_state()
    items = state["cart"]["items"]
    items.insert(0, items.pop(5))
    cart.show_state(state, NOW)
    chosen = cart.list.chosen()
    assert chosen is not None
    assert (chosen.product_id, cart.list.currentIndex().row()) == ("beret", 0)


def test_unchanged_rows_are_not_painted_anew(cart: CartPanel) -> None:
    changed: list[int] = []
    cart.model.dataChanged.connect(lambda first, last: changed.append(first.row()))
    cart.model.modelReset.connect(lambda: changed.append(-1))
    cart.show_state(sample_state(), NOW)
    assert changed == []
    state = sample_state()
    state["catalogue"]["products"][3]["available"] = 17
    cart.show_state(state, NOW)
    assert changed == [3]


def test_a_pin_that_waits_for_the_platform_is_marked_so(cart: CartPanel) -> None:
    cart.show_state(manual_state(), NOW)
    assert cart.model.rows[3].marks() == [("等平台", "warn")]
    assert cart.model.rows[2].marks() == []


def test_a_seat_sees_what_it_may_not_do(cart: CartPanel) -> None:
    seen = _asked(cart)
    cart.list.choose("gloves")
    cart.set_allowed({"cart.move"})
    for each in (cart.pin, cart.buttons["shelf"], cart.buttons["remove"], cart.buttons["up"]):
        each.click()
    QTest.keyClick(cart.list, Qt.Key.Key_Delete)
    assert seen == [("move", "gloves", 3)]
    assert cart.pin.reason == "这个席位不能做"


def test_it_paints_rows_of_every_sort(cart: CartPanel) -> None:
    state = sample_state()
    state["catalogue"]["products"][0]["available"] = None
    state["catalogue"]["products"][0]["title"] = "<b>很长</b>" * 30
    cart.show_state(state, NOW)
    cart.list.choose("scarf")
    for width in (180, 360, 700):
        cart.resize(width, 760)
        assert not cart.grab().isNull()
