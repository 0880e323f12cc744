"""组合价 and 买赠 composed by keys alone, judged by the real rules; and how they look while they run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from liveconsole.messages.specs import BundleItem, BundleSpec, parse_spec
from liveconsole.overlay.view import look as viewers_see
from tests.ui.clothes import rules_of, wardrobe
from tests.ui.composed import judged
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.rooms import sample_state
from tests.ui.test_composer import Composing
from ui.kinds import KINDS
from ui.panels.composer.bundle import BundleForm
from ui.panels.composer.choice import key_of
from ui.panels.composer.form import Form
from ui.panels.composer.forms import FORMS
from ui.panels.composer.gift import GiftForm
from ui.panels.composer.money import brief
from ui.panels.composer.result import ResultColumn, fine_words
from ui.panels.queue.rows import faces
from ui.seat.room import RoomView
from ui.windows.host import facts

BUNDLE: dict[str, Any] = {
    "items": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "gloves", "quantity": 2}],
    "price_fen": 29_900, "quantity": 5, "per_buyer": 1, "seconds": 300,
}  # fmt: skip
GIFT: dict[str, Any] = {
    "buy": {"product_ids": ["scarf"], "units": 2}, "gift": {"sku_id": "gloves", "quantity": 1},
    "quantity": 5, "per_buyer": 1, "seconds": 600,
}  # fmt: skip
SEVERAL = GIFT | {"buy": {"product_ids": ["scarf", "silk"], "units": 1}}
FROM = GIFT | {"buy": {"threshold_fen": 19_900}}

Compose = Callable[[str], Awaitable[Composing]]


@pytest_asyncio.fixture
async def composed(dressed: QApplication) -> AsyncIterator[Compose]:
    """The composer in the room of the cardigan, with a kind chosen by F2 and its key."""
    opened: list[Composing] = []

    async def open_(kind: str) -> Composing:
        evening = wardrobe()
        made = Composing(state=evening.shown())
        opened.append(made)
        made.bus.judged = rules_of(evening)
        made.bus.answer = lambda _t, _d: {"ok": True, "seq": 2, "result": {"cue_id": "new"}}
        sheet = await made.open()
        sheet.activateWindow()
        await until(lambda: QApplication.activeWindow() is sheet)
        QTest.keyClick(sheet, Qt.Key.Key_F2)
        keys = sheet.top.kinds
        QTest.keyClicks(
            keys.view() if keys.view().isVisible() else keys, key_of(list(FORMS).index(kind)).lower()
        )
        assert sheet.form.kind == kind
        sheet.activateWindow()
        await until(lambda: QApplication.activeWindow() is sheet)
        sheet.begin()
        await judged(sheet)
        return made

    yield open_
    for each in opened:
        await each.close()


@pytest.mark.parametrize(
    ("form", "spec"), [(BundleForm, BUNDLE), (GiftForm, GIFT), (GiftForm, SEVERAL), (GiftForm, FROM)]
)
def test_what_is_filled_in_comes_out_again(
    qtbot: QtBot, dressed: QApplication, form: type[Form[Any]], spec: dict[str, Any]
) -> None:
    made = form()
    qtbot.addWidget(made)
    made.show_room(RoomView(sample_state()))
    made.fill(parse_spec(made.kind, spec))
    assert made.draft() == spec


def _tab_to(wanted: QWidget) -> int:
    """Go on by Tab until it has the keyboard."""
    for steps in range(40):
        focus = QApplication.focusWidget()
        if focus is wanted:
            return steps
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    raise AssertionError(f"{wanted} is not reached by Tab")


def _type(wanted: Any, text: str) -> None:
    _tab_to(wanted)
    if hasattr(wanted, "selectAll"):
        wanted.selectAll()
    QTest.keyClicks(wanted, text)


async def test_a_bundle_is_composed_by_keys_alone(composed: Compose) -> None:
    made = await composed("bundle")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, BundleForm)
    assert QApplication.focusWidget() is form.goods.rows[0].sku, "typing begins at the goods"
    before = form.apart()
    _type(form.goods.rows[0].units, "2")
    assert form.apart() > before
    assert form.price.fen() == form.apart() * 90 // 100 // 100 * 100, "it follows the goods until it is typed"
    _tab_to(form.goods.add_one)
    QTest.keyClick(form.goods.add_one, Qt.Key.Key_Space)
    assert len(form.goods.rows) == 3
    assert QApplication.focusWidget() is form.goods.rows[2].sku
    _tab_to(form.goods.rows[2].take_out)
    QTest.keyClick(form.goods.rows[2].take_out, Qt.Key.Key_Space)
    assert len(form.goods.rows) == 2
    _type(form.quantity, "2")
    await judged(sheet)
    assert sheet.add_it.isEnabled(), (sheet.result.said.text(), sheet._said)
    QTest.keyClick(form.quantity, Qt.Key.Key_Return)
    await until(lambda: made.closed)
    ((type_, data),) = made.bus.asked
    assert (type_, data["kind"], data["spec"]["quantity"]) == ("cue.add", "bundle", 2)
    assert [item["quantity"] for item in data["spec"]["items"]] == [2, 1]


async def test_a_bundle_that_is_too_cheap_and_too_many_is_mended_by_one_key(composed: Compose) -> None:
    made = await composed("bundle")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, BundleForm)
    goods = [BundleItem("米白 XL", 1), BundleItem("藏青 XL", 1)]
    form.fill(BundleSpec(goods, 50_000, 4, 1, 300))
    form.touch()
    sheet.begin()
    await judged(sheet)
    assert not sheet.add_it.isEnabled()
    codes = [each.code for each in sheet._said.repairs]
    assert sorted(codes) == ["below_price_floor", "below_price_floor", "over_stock"]
    assert "2 格" in sheet.mend_all.text()
    _tab_to(sheet.mend_all)
    QTest.keyClick(sheet.mend_all, Qt.Key.Key_Space)
    await judged(sheet)
    assert sheet.add_it.isEnabled()
    assert form.quantity.value() == 2
    assert (form.price.fen() or 0) > 50_000


async def test_a_gift_is_composed_by_keys_alone(composed: Compose) -> None:
    made = await composed("gift")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, GiftForm)
    assert QApplication.focusWidget() is form.product
    _type(form.units, "3")
    _type(form.quantity, "4")
    await judged(sheet)
    assert sheet.add_it.isEnabled(), sheet._said
    assert sheet.result.most_money.text(), "what the gifts are worth"
    QTest.keyClick(form.quantity, Qt.Key.Key_Return)
    await until(lambda: made.closed)
    ((type_, data),) = made.bus.asked
    assert (type_, data["kind"], data["spec"]["quantity"]) == ("cue.add", "gift", 4)
    assert data["spec"]["buy"] == {"product_ids": ["cardigan"], "units": 3}


def sheet_words(column: ResultColumn) -> list[str]:
    """What stands in the column at the right."""
    return [each.text() for each in column.findChildren(QLabel) if each.isVisible() and each.text()]


async def test_a_conflict_is_said_once_and_nothing_says_the_contrary(composed: Compose) -> None:
    made = await composed("gift")
    form = made.sheet.form
    form.fill(parse_spec("gift", GIFT | {"buy": {"product_ids": ["cardigan"]}, "gift": {"sku_id": "coat"}}))
    await judged(made.sheet)
    said = made.sheet._said
    assert said.code == "below_price_floor"
    low = said.lowest
    assert low is not None
    assert low.floor_fen is not None
    assert brief(said, said) == f"到手低于底价 ¥{(low.floor_fen - low.fen) / 100:g}"
    assert [sku.sku_id for sku in said.skus if not sku.faults] == ["coat"], "the gift's own floor is kept"
    assert "不破底价" not in "".join(fine_words(said))
    other = replace(said, params={**said.params, "final_fen": 1})
    assert brief(other, said) == "", "another price says all"


async def test_a_gift_that_brings_goods_under_their_floor_says_so_beside_it(composed: Compose) -> None:
    made = await composed("gift")
    sheet, form = made.sheet, made.sheet.form
    form.fill(parse_spec("gift", GIFT | {"buy": {"product_ids": ["cardigan"]}, "gift": {"sku_id": "coat"}}))
    form.touch()
    await judged(sheet)
    assert not sheet.add_it.isEnabled()
    assert "底价" in form.fields["gift"].answered
    column = made.sheet.result
    said = sheet_words(column)
    assert sum("低于底价" in words for words in said) <= 1, said
    assert not any("最低到手" in words and "低于底价" in words for words in said), said
    assert not any("不破底价" in words for words in said), said


# While they run --------------------------------------------------------------------------------------


def _running(kind: str, spec: dict[str, Any]) -> Evening:
    at = Evening()
    at.ok("cue.add", {"cue_id": kind, "kind": kind, "spec": spec}, "assistant")
    at.ok("cue.approve", {"cue_id": kind})
    return at


@pytest.mark.parametrize(
    ("kind", "spec", "title", "card"),
    [
        ("bundle", BUNDLE, "组合价 100% 山羊绒围巾", ("组合价", 29_900, 5)),
        ("gift", GIFT, "买 3 号 2 件 送", ("", None, 5)),
    ],
)
def test_they_wait_run_and_are_seen(
    dressed: QApplication, kind: str, spec: dict[str, Any], title: str, card: tuple[str, int | None, int]
) -> None:
    at = _running(kind, spec)
    (face,) = [face for face in faces(RoomView(at.shown()), "host", {}) if face.cue_id == kind]
    assert face.title.startswith(title)
    assert face.fire == KINDS[kind].FIRE[0]
    at.fire(kind)
    at.pin("scarf")
    room = RoomView(at.shown())
    (running,) = [one for one in facts.running(room) if one.name == KINDS[kind].TITLE[0]]
    assert "5" in running.says
    stage = facts.on_stage(room)
    assert stage is not None
    assert not stage.sale, "the product's own price is no bundle's and no gift's"
    (shown,) = [one for one in viewers_see(at.room, at.now).running if one.kind == kind]
    assert (shown.price_fen, shown.left) == card[1:]
    assert "100%" in shown.title or "手套" in shown.title or shown.title.startswith("送")
