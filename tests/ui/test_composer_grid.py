"""A sale of a product with sizes: a grid of cells, one price for all, what the real rules say of each.

`sale_by_keys` and `sale_by_clicks` press and count, for whoever counts them too.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from liveconsole.messages.specs import FlashSaleSpec
from tests.ui.clothes import STOCK, rules_of, wardrobe
from tests.ui.composed import KINDS, Compose, cell, composed, judged, put
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.fingers import stroke
from tests.ui.layout.rules import faults
from tests.ui.layout.walk import SIZES
from tests.ui.test_desk import CTRL, NONE, sit
from ui import i18n
from ui.kinds.phrases import span
from ui.panels.composer import ComposerSheet
from ui.panels.composer.lasts import LastsEntry, span_words
from ui.panels.composer.sale import SaleForm
from ui.seat.room import RoomView
from ui.widgets.entry import FormRow

__all__ = ["composed", "sit"]


async def at_the_desk(sit: Any, evening: Evening | None = None, role: str = "host") -> Any:
    """A desk in the room of the cardigan, whose bus judges by the real rules."""
    evening = evening or wardrobe()
    at = await sit(evening.shown(role), role)
    at.bus.judged = rules_of(evening, role)
    at.shell.activateWindow()
    await until(lambda: QApplication.activeWindow() is at.shell)
    return at


# How few keys -------------------------------------------------------------------------------------------


class Counted:
    """Presses and counts. A chord is one key, as a person counts it."""

    def __init__(self, at: Any) -> None:
        self.at, self.keys, self.clicks = at, 0, 0

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> None:
        self.keys += 1
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self.at.shell.windowHandle(), stroke(kind, key, held, text))

    def types(self, digits: str) -> None:
        for digit in digits:
            self.key(Qt.Key(ord(digit)), text=digit)

    def click(self, widget: QWidget) -> None:
        """At its middle, where nothing lies over it."""
        self.clicks += 1
        middle = widget.rect().center()
        window = widget.window()
        hit = window.childAt(widget.mapTo(window, middle))
        assert hit is widget or (hit is not None and widget.isAncestorOf(hit)), f"{hit} lies over {widget}"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(middle))


async def sale_by_keys(at: Any) -> int:
    """A new sale of the eight SKUs, 269 each, 60 units by stock. Returns the keys that it took."""
    count = Counted(at)
    at.desk.setFocus()
    count.key(Qt.Key.Key_P, CTRL)
    count.types("269")
    count.key(Qt.Key.Key_Tab)
    count.types("60")
    count.key(Qt.Key.Key_Return)
    await until(lambda: at.bus.asked)
    return count.keys


async def sale_by_clicks(at: Any) -> int:
    """The same at a tenth less than the day's price, with the mouse alone. Returns the clicks."""
    count = Counted(at)
    count.click(at.desk.queue.add)
    sheet = at.desk.side.sheet
    form = sheet.form
    await until(lambda: form._chips)
    QApplication.sendPostedEvents()
    count.click(form._chips[0])
    count.click(form.per_buyer.segments.key("2"))
    await until(sheet.add_it.isEnabled)
    count.click(sheet.add_it)
    await until(lambda: at.bus.asked)
    return count.clicks


async def test_a_new_sale_of_eight_skus_takes_few_keys(sit: Any) -> None:
    at = await at_the_desk(sit, wardrobe({**STOCK, "米白 XL": 12, "藏青 XL": 12}))
    at.bus.judged = rules_of(at_floor := wardrobe({**STOCK, "米白 XL": 12, "藏青 XL": 12}))
    for sku in at_floor.room.skus.values():
        sku.floor_fen = None
    assert await sale_by_keys(at) <= 25
    [(type_, data)] = at.bus.asked
    assert type_ == "cue.add"
    assert [sku["price_fen"] for sku in data["spec"]["skus"]] == [26_900] * 8
    assert sum(sku["quantity"] for sku in data["spec"]["skus"]) == 60
    await until(lambda: at.desk.side.sheet is None)


async def test_a_new_sale_of_eight_skus_takes_few_clicks(sit: Any) -> None:
    at = await at_the_desk(sit)
    assert await sale_by_clicks(at) <= 6
    [(_, data)] = at.bus.asked
    assert [sku["price_fen"] for sku in data["spec"]["skus"]] == [35_900] * 8
    assert data["spec"]["per_buyer"] == 2


async def test_enter_hands_in_only_what_the_rules_take(sit: Any) -> None:
    at = await at_the_desk(sit)
    count = Counted(at)
    at.desk.setFocus()
    count.key(Qt.Key.Key_P, CTRL)
    count.types("99")
    count.key(Qt.Key.Key_Return)
    sheet = at.desk.side.sheet
    await until(lambda: sheet.result.cards)
    assert at.bus.asked == []
    assert at.desk.side.sheet is sheet
    assert not sheet.add_it.isEnabled()


# One price, one total, exceptions -----------------------------------------------------------------------


async def test_cells_lie_in_colours_and_sizes_and_follow_the_one_price(composed: Compose) -> None:
    sheet, form = await composed()
    assert [each.title for each in form.grid.cells] == list(STOCK)
    ys = [cell(form, f"{colour} M").mapTo(form, QPoint()).y() for colour in ("米白", "藏青")]
    xs = [cell(form, f"米白 {size}").mapTo(form, QPoint()).x() for size in ("S", "M", "L", "XL")]
    assert ys[0] < ys[1]
    assert xs == sorted(set(xs))
    put(form, "米白 XL", price="279")
    form.price.setFocus()
    form.price.selectAll()
    QTest.keyClicks(form.price, "289")
    prices = {each.title: (each.price.fen(), each.own, each.state) for each in form.grid.cells}
    assert prices.pop("米白 XL") == (27_900, True, "own")
    assert set(prices.values()) == {(28_900, False, "")}
    put(form, "米白 XL", price="289")
    assert not cell(form, "米白 XL").own, "the price for all again"
    assert sheet.form.draft() is not None


async def test_the_total_is_shared_and_a_cell_that_is_counted_makes_it_ones_own(composed: Compose) -> None:
    _, form = await composed()
    form.total.setValue(60)
    assert [each.quantity.value() for each in form.grid.cells] == [7, 12, 10, 1, 8, 13, 6, 3]
    QTest.mouseClick(form.sharing.key("even"), Qt.MouseButton.LeftButton)
    assert [each.quantity.value() for each in form.grid.cells] == [9, 9, 9, 2, 9, 8, 8, 6]
    put(form, "米白 S", units=4)
    assert (form.sharing.chosen, form.total.value()) == ("own", 55)
    put(form, "米白 S", units=0)
    spec = form.draft()
    assert spec is not None
    assert [sku["sku_id"] for sku in spec["skus"]] == list(STOCK)[1:]
    assert cell(form, "米白 S").state == "out"
    form.total.setFocus()
    form.total.selectAll()
    QTest.keyClicks(form.total, "114")
    assert [each.quantity.value() for each in form.grid.cells] == list(STOCK.values())


async def test_an_existing_sale_comes_back_as_it_is(composed: Compose) -> None:
    _, form = await composed()
    put(form, "米白 XL", price="279")
    put(form, "藏青 L", units=0)
    spec = form.draft()
    assert spec is not None
    form.fill(msgspec.convert(spec | {"kind": "flash_sale"}, FlashSaleSpec))
    assert form.draft() == spec
    assert cell(form, "米白 XL").own


# What the rules say -------------------------------------------------------------------------------------


async def faulty(composed: Compose) -> tuple[ComposerSheet, SaleForm]:
    """The sketch: 米白 XL has two and three are offered, 藏青 XL comes under its floor."""
    sheet, form = await composed()
    form.price.setFocus()
    form.price.selectAll()
    QTest.keyClicks(form.price, "269")
    put(form, "米白 XL", price="279", units=3)
    await judged(sheet)
    return sheet, form


async def test_a_cell_at_fault_says_its_cause_and_the_column_how_to_mend_it(composed: Compose) -> None:
    sheet, form = await faulty(composed)
    assert [each.title for each in form.grid.cells if each.state == "wrong"] == ["米白 XL", "藏青 XL"]
    assert cell(form, "米白 XL")._left.text() == "余 2 ▲"
    assert cell(form, "藏青 XL")._lowest.text() == "▲ 最低到手 ¥249"
    assert cell(form, "藏青 XL")._floor.text() == "低于底价 ¥255"
    assert cell(form, "米白 S")._lowest.text() == "最低到手 ¥249"
    result = sheet.result
    assert [(card.title.text(), card.key.text()) for card in result.cards] == [
        ("米白 XL：抢 3 件，只有 2 件", "改成余量 2 件"),
        ("藏青 XL：到手低于底价 ¥6", "改到底价 ¥275"),
    ]
    assert result.head.text() == "还有 2 格要改"
    assert result.fine == ["其余 6 格不缺货、不破底价", "和别的秒杀不撞"]
    assert (sheet.add_it.isEnabled(), sheet.mend_all.text()) == (False, "一键改好这 2 格")
    assert not sheet.approve_it.isVisible()


async def test_every_triangle_says_why(composed: Compose) -> None:
    sheet, _ = await faulty(composed)
    marked = [label for label in sheet.findChildren(QLabel) if label.isVisible() and "▲" in label.text()]
    assert len(marked) == 2
    assert [(bool(label.toolTip()), bool(label.accessibleDescription())) for label in marked] == [
        (True, True)
    ] * 2
    assert any("底价" in label.accessibleDescription() for label in marked)


async def test_each_key_mends_its_fault_and_one_key_mends_all(composed: Compose) -> None:
    sheet, form = await faulty(composed)
    QTest.mouseClick(sheet.result.cards[0].key, Qt.MouseButton.LeftButton)
    assert cell(form, "米白 XL").quantity.value() == 2
    await judged(sheet)
    assert [card.key.text() for card in sheet.result.cards] == ["改到底价 ¥275"]
    QTest.mouseClick(sheet.mend_all, Qt.MouseButton.LeftButton)
    assert (cell(form, "藏青 XL").price.fen(), cell(form, "藏青 XL").own) == (27_500, True)
    await judged(sheet)
    assert sheet.result.cards == []
    assert (sheet.add_it.isEnabled(), sheet.mend_all.isVisible()) == (True, False)
    assert [each.state for each in form.grid.cells if each.state == "wrong"] == []


@pytest.mark.parametrize(("platform", "told"), [("manual", "平台没说"), ("own", "")])
async def test_limits_stand_beside_their_field_and_unknown_is_said(
    composed: Compose, platform: str, told: str
) -> None:
    _, form = await composed(wardrobe(platform=platform))
    rows = {name: field for name, field in form.fields.items() if isinstance(field, FormRow)}
    notes = {name: row.noted for name, row in rows.items()}
    assert ("平台：最长 24 小时" in notes["seconds"]) == (platform == "manual")
    assert told in notes["quantity"]
    assert any("已扣待付款" in line for line in notes["quantity"])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "60 秒"), (90, "1:30"), (300, "5 分"), (3600, "1 小时"), (86_400, "24 小时"), (259_200, "3 天")],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_long_is_said_in_its_largest_unit_and_read_again(
    dressed: QApplication, seconds: int, words: str, language: str
) -> None:
    i18n.use(language)
    said = span_words(seconds)
    assert language == "en" or said == words
    assert "1440" not in span(seconds)
    assert "1440" not in said
    entry = LastsEntry(seconds)
    assert entry.seconds() == seconds
    for typed in ("24小时", "24h", "1天"):
        entry.setText(typed)
        assert entry.seconds() == 86_400
    i18n.use("zh")


# The sheet ----------------------------------------------------------------------------------------------


async def test_the_sheet_lies_between_strip_and_footer_with_its_foot_whole(sit: Any) -> None:
    at = await at_the_desk(sit)
    sheet = at.desk.sheets.compose()
    strip, footer = at.desk.strip, at.desk.footer
    for width, height in SIZES:
        at.shell.resize(width, height)
        for _ in range(6):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        top, bottom = strip.mapToGlobal(QPoint(0, strip.height())).y(), footer.mapToGlobal(QPoint()).y()
        assert (sheet.width(), sheet.height() <= 760) == (900, True)
        assert top <= sheet.mapToGlobal(QPoint()).y()
        assert sheet.mapToGlobal(QPoint(0, sheet.height())).y() <= bottom
        for key in (sheet.add_it, sheet.approve_it, sheet._close):
            assert key.visibleRegion().boundingRect() == key.rect(), key.text()
        assert sheet.result.width() == 248
        assert sheet.result.visibleRegion().boundingRect() == sheet.result.rect()


async def test_more_than_twelve_skus_scroll_inside_and_the_heads_stand(composed: Compose) -> None:
    many = {
        f"{colour} {size}": 5 for colour in ("米白", "藏青", "驼", "黑") for size in ("S", "M", "L", "XL")
    }
    _, form = await composed(wardrobe(many))
    grid = form.grid
    bar = grid._inside.verticalScrollBar()
    assert bar.maximum() > 0
    heads = [label for label in grid._columns.findChildren(QLabel) if label.text() == "XL"]
    before = heads[0].mapTo(form, QPoint())
    bar.setValue(bar.maximum())
    assert heads[0].mapTo(form, QPoint()) == before
    assert grid._rows.verticalScrollBar().value() == bar.value()
    last = grid.cells[-1]
    assert last.visibleRegion().boundingRect() == last.rect()
    _, few = await composed()
    assert few.grid._inside.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_form_cuts_a_text_or_lacks_a_name(composed: Compose, language: str) -> None:
    i18n.use(language)
    sheet, form = await composed(wardrobe(platform="manual"))
    form.price.setText("269")
    for kind in KINDS:
        sheet.choose(kind)
        for size in ((900, 394), (900, 617), (900, 760)):
            sheet.resize(*size)
            QApplication.sendPostedEvents()
            assert faults(sheet) == [], (kind, size)


async def test_every_cell_and_the_keys_of_the_foot_are_reached_by_tab(composed: Compose) -> None:
    sheet, form = await composed()
    wanted = {id(each.price) for each in form.grid.cells} | {id(form.price), id(sheet.add_it)}
    reached, at = set(), form.price
    for _ in range(2_000):
        reached.add(id(at))
        at = at.nextInFocusChain()  # type: ignore[assignment]
    assert wanted <= reached


# The queue's own repair ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["host", "assistant"])
async def test_a_row_that_stock_no_longer_fits_is_mended_by_its_key(sit: Any, role: str) -> None:
    evening = Evening()
    evening.sale("a", sku_id="gloves", price_fen=5900, quantity=18)
    evening.buys("order", "gloves", quantity=3)
    at = await sit(evening.shown(role), role)
    await until(lambda: at.desk.queue.row("a") is not None)
    row = at.desk.queue.row("a")
    assert (row.fix.isVisible(), row.face.fix) == (True, "改成 15 件")
    assert "▲" in row.facts
    assert row._facts.toolTip(), "the triangle says why"
    assert "15" in row._facts.accessibleName()
    QTest.mouseClick(row.fix, Qt.MouseButton.LeftButton)
    [(type_, data)] = await at.asked()
    cue = evening.shown(role).cues[[cue.cue_id for cue in evening.shown(role).cues].index("a")]
    fix = cue.can.fix
    assert fix is not None
    assert (type_, data) == (fix.type, fix.data)
    assert data["spec"]["quantity"] == 15
    assert evening.ok(type_, data, role) is not None, "the engine takes it from this seat"


async def test_skus_that_come_and_go_leave_what_was_typed(composed: Compose) -> None:
    sheet, form = await composed()
    put(form, "米白 XL", price="279")
    fewer = wardrobe({title: units for title, units in STOCK.items() if title != "藏青 S"} | {"黑 S": 9})
    sheet.show_room(RoomView(fewer.shown()), sheet._seat.now())
    titles = [each.title for each in form.grid.cells]
    assert "黑 S" in titles
    assert "藏青 S" not in titles
    assert cell(form, "米白 XL").price.fen() == 27_900
    sold = wardrobe({**dict.fromkeys(titles, 1)})
    sheet.show_room(RoomView(sold.shown()), sheet._seat.now())
    form.total.setValue(99)
    assert [each.quantity.value() for each in form.grid.cells] == [1] * 8


async def test_segments_are_one_stop_and_arrows_go_through_them(composed: Compose) -> None:
    sheet, form = await composed()
    limit = form.per_buyer
    limit.segments.key("1").setFocus()
    QTest.keyClick(limit.segments.key("1"), Qt.Key.Key_Right)
    assert (limit.segments.chosen, limit.value()) == ("2", 2)
    form.total.setValue(40)
    QTest.mouseClick(limit.segments.key("all"), Qt.MouseButton.LeftButton)
    assert limit.value() == 40
    QTest.mouseClick(limit.segments.key("own"), Qt.MouseButton.LeftButton)
    assert limit.entry.isVisible()
    await judged(sheet)
    spec = form.draft()
    assert spec is not None
    assert spec["per_buyer"] == limit.entry.value()
