"""补偿 in the shop window: by line, as a sum, as a coupon; by keys alone, never more than the card says."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from liveconsole.messages.cases import CaseCard, CaseLine
from liveconsole.messages.verdicts import Verdict
from tests.ui.fake_bus import refuse, until
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.shop_rooms import card, told, urgent
from tests.ui.shop_sitting import AtShop, at_shop, with_keyboard
from ui import i18n, theme
from ui.windows.shop.amends_form import AmendsForm

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")
GOODS = [CaseLine(1, "coat-m", 2, 6400, "大衣", "燕麦 M"), CaseLine(2, "hat", 1, 4900, "帽子")]


def _shown(**more: Any) -> CaseCard:
    """A case whose next step is 补偿: two coats and a hat, of which ¥100 may still go back."""
    shown = card(urgent()[4], done=3)
    steps = [*shown.steps[:3], replace(shown.steps[3], acts=["compensate", "resend"])]
    found = {"steps": steps, "acts": ["compensate", "resend"], "lines": GOODS, "refund_most_fen": 10_000}
    return replace(shown, **found | more)


def _type(at: AtShop, text: str) -> None:
    QTest.keyClicks(with_keyboard(at.window), text)


async def _opened(at: AtShop, **more: Any) -> AmendsForm:
    """The form of a chosen case, opened by its key."""
    at.bus.books_told["cases"] = lambda query: (
        msgspec.to_builtins(_shown(**more)) if "case" in query else told(query)
    )
    await at.chosen(4)
    at.press(K.Key_Y)
    step = at.window.card.steps.now
    assert step is not None
    form = step.form  # type: ignore[union-attr]
    assert isinstance(form, AmendsForm)
    assert at.window.focusWidget() is form.way
    return form


async def _lines(at: AtShop, **more: Any) -> AmendsForm:
    form = await _opened(at, **more)
    at.press(K.Key_Down, K.Key_Return)
    assert at.window.focusWidget() is form.entries["units:coat-m"]
    return form


async def test_some_units_go_back_by_keys_alone() -> None:
    async with at_shop() as at:
        form = await _lines(at)
        _type(at, "1")
        assert form.entries["fen:coat-m"].text() == "64"
        assert form.total.text() == "一共退 ¥64.00 · 最多还能退 ¥100.00"
        at.press(K.Key_Return)
        assert at.window.focusWidget() is form.entries["reason"]
        _type(at, "broken")
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)
        data = {
            "order_id": urgent()[4].order_id,
            "act": "compensate",
            "reason": "broken",
            "lines": [{"sku_id": "coat-m", "quantity": 1, "fen": 6400}],
        }
        assert at.bus.asked == [("shop.answer", data)]


async def test_never_more_than_the_card_says_goes_back() -> None:
    async with at_shop() as at:
        form = await _lines(at)
        _type(at, "2")
        assert form.entries["fen:coat-m"].text() == "100", "what is left, not what they cost"
        form.entries["units:hat"].setFocus()
        _type(at, "1")
        form.entries["fen:hat"].setFocus()
        _type(at, "0.01")
        form.entries["reason"].setText("x")
        at.press(K.Key_Return)
        assert form.fields["fen:hat"].answered == "最多还能退 ¥100.00"
        form.entries["units:hat"].setText("2")
        form.entries["units:hat"].setFocus()
        at.press(K.Key_Return)
        assert form.fields["units:hat"].answered == "写 1 到 1"
        assert at.bus.asked == []


async def test_twin_without_what_the_card_says_it_would_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AmendsForm, "_wrong", lambda _form: {})
    async with at_shop() as at:
        form = await _opened(at)
        form.entries["amount_fen"].setText("9999")
        form.entries["reason"].setText("x")
        form.entries["reason"].setFocus()
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)


async def test_what_may_go_back_moves_while_it_is_typed() -> None:
    async with at_shop() as at:
        form = await _opened(at)
        at.press(K.Key_Return)
        _type(at, "60")
        at.window.reading.card_told.emit(_shown(refund_most_fen=5000))
        assert at.window.card.steps.now is not None
        assert form.entries["amount_fen"].text() == "60"
        assert form.total.text() == "最多还能退 ¥50.00"
        at.press(K.Key_Return)
        assert form.fields["amount_fen"].answered == "最多还能退 ¥50.00"


@pytest.mark.parametrize(
    ("code", "params", "field"),
    [
        ("not_bought", {"sku_id": "coat-m", "units": 1}, "units:coat-m"),
        ("beyond_paid", {"most": "64", "most_fen": 6400}, "fen:coat-m"),
        ("bad_shape", {"detail": "reason"}, "reason"),
    ],
)
async def test_what_the_engine_refuses_stands_at_its_field(
    code: str, params: dict[str, Any], field: str
) -> None:
    async with at_shop() as at:
        form = await _lines(at)
        at.bus.answer = refuse(code, **params)
        _type(at, "1")
        form.entries["reason"].setText("x")
        at.press(K.Key_Return)
        await until(lambda: form.fields[field].answered)
        assert at.window.focusWidget() is form.entries[field]
        assert form.fields[field].answered == at.window.said.text()
        assert not at.window.card.steps.now.said.isVisible()  # type: ignore[union-attr]


async def test_what_is_about_no_field_stands_below() -> None:
    async with at_shop() as at:
        form = await _opened(at)
        at.bus.answer = refuse("already_asked", order_id="1")
        form.entries["amount_fen"].setText("1")
        form.entries["reason"].setText("x")
        form.enter()
        step = at.window.card.steps.now
        assert step is not None
        await until(lambda: step.said.text() == "已经提交过，还没有结果")


async def _coupon(at: AtShop) -> AmendsForm:
    form = await _opened(at)
    at.press(K.Key_Down, K.Key_Down, K.Key_Return)
    assert at.window.focusWidget() is form.entries["off_fen"]
    return form


async def test_a_coupon_has_its_amount_threshold_and_days() -> None:
    async with at_shop() as at:
        form = await _coupon(at)
        _type(at, "10")
        form.entries["threshold_fen"].setFocus()
        _type(at, "50")
        form.entries["seconds"].setText("31")
        form.entries["reason"].setText("late")
        at.press(K.Key_Return)
        assert form.fields["seconds"].answered == "写 1 到 30"
        form.entries["seconds"].setText("7")
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)
        coupon = {"off_fen": 1000, "threshold_fen": 5000, "seconds": 7 * 86_400}
        assert at.bus.asked[0][1] == {
            "order_id": urgent()[4].order_id,
            "act": "compensate",
            "reason": "late",
            "coupon": coupon,
        }


def _floor(_type: str, data: dict[str, Any]) -> dict[str, Any]:
    """A floor that lets ¥9 go."""
    if data.get("coupon", {}).get("off_fen", 0) <= 900:
        return {"ok": False, "code": "judge_later", "params": {}}
    params = {"sku_id": "coat-m", "final": "54.00", "floor": "55.00", "combination": "补偿券"}
    params |= {"combination_en": "coupon"}
    repair = {"code": "below_price_floor", "sku_id": "coat-m", "params": params, "fix": {"off_fen": 900}}
    return {"ok": False, "code": "below_price_floor", "params": params, "repairs": [repair]}


def _keys(form: AmendsForm) -> list[QPushButton]:
    """The key that mends it, where there is one."""
    return [form.fault.key] if form.fault is not None else []


async def test_a_coupon_may_be_for_some_goods_alone() -> None:
    """One of the order, all of the order, or everything; the engine is asked about each."""
    known = [replace(line, product_id=line.sku_id.split("-")[0]) for line in GOODS]
    async with at_shop() as at:
        form = await _opened(at, lines=known)
        at.press(K.Key_Down, K.Key_Down, K.Key_Return)
        assert at.window.focusWidget() is form.scope
        said = [form.scope.itemText(n) for n in range(form.scope.count())]
        assert said == ["全店都能用", "只能买这一单的 2 样", "只能买「大衣」", "只能买「帽子」"]
        at.press(K.Key_Down, K.Key_Return)
        assert at.window.focusWidget() is form.entries["off_fen"]
        _type(at, "5")
        await until(lambda: at.bus.judgements)
        assert at.bus.judgements[-1][1]["coupon"]["product_ids"] == ["coat", "hat"]
        form.scope.setCurrentIndex(3)
        found = form.coupon()
        assert found is not None
        assert found["product_ids"] == ["hat"]
        form.scope.setCurrentIndex(0)
        assert "product_ids" not in (form.coupon() or {})


async def test_a_floor_refuses_a_coupon_at_its_amount_and_a_key_mends_it() -> None:
    async with at_shop() as at:
        at.bus.judged = _floor
        form = await _coupon(at)
        _type(at, "10")
        await until(lambda: form.fault is not None)
        assert form.fields["off_fen"].answered == "最低到手 54.00 元，低于底价 55.00 元（补偿券）"
        (key,) = _keys(form)
        assert key.text() == "改成减 ¥9.00"
        key.setFocus()
        at.press(K.Key_Space)
        assert form.entries["off_fen"].text() == "9"
        assert _keys(form) == []
        assert form.fields["off_fen"].answered == ""
        await until(lambda: len(at.bus.judgements) == 2)
        assert _keys(form) == []


async def test_a_floor_s_no_to_what_was_sent_brings_the_key_that_mends_it() -> None:
    async with at_shop() as at:
        form = await _coupon(at)
        at.bus.judged = _floor
        at.bus.answer = refuse("below_price_floor", **_floor("", {"coupon": {"off_fen": 1000}})["params"])
        _type(at, "10")
        form.entries["reason"].setText("late")
        at.press(K.Key_Return)
        await until(lambda: form.fault is not None)
        assert at.window.focusWidget() is form.entries["off_fen"]


async def test_where_no_amount_would_do_all_of_why_is_said() -> None:
    async with at_shop() as at:
        at.bus.judged = lambda type_, data: _floor(type_, data) | {"repairs": []}
        form = await _coupon(at)
        _type(at, "10")
        await until(lambda: form.total.text() == "最低到手 54.00 元，低于底价 55.00 元（补偿券）")
        assert form.total.isVisible()
        assert _keys(form) == []


async def test_only_the_newest_draft_is_answered() -> None:
    async with at_shop() as at:
        at.bus.judged = _floor
        form = await _coupon(at)
        _type(at, "10")
        await until(lambda: form.fault is not None)
        form.way.setCurrentIndex(0)
        assert _keys(form) == []
        form.judged(msgspec.convert(_floor("", {"coupon": {"off_fen": 1000}}), Verdict))
        assert _keys(form) == [], "another way is chosen by now"


async def test_an_order_of_very_many_goods_is_not_done_by_line() -> None:
    async with at_shop() as at:
        many = [CaseLine(n, f"s{n}", 1, 100, f"货{n}") for n in range(7)]
        form = await _opened(at, lines=many)
        assert [form.way.itemData(n) for n in range(form.way.count())] == ["sum", "coupon"]


async def test_every_word_of_it_has_its_english() -> None:
    i18n.use("en")
    try:
        async with at_shop() as at:
            form = await _lines(at)
            said = [form.way.itemText(n) for n in range(form.way.count())]
            said += [field.label.text() for field in form.fields.values()] + [form.total.text()]
            plain = "".join(said).replace("大衣", "").replace("燕麦", "").replace("帽子", "")
            assert plain.isascii() or not [c for c in plain if "一" <= c <= "鿿"]
    finally:
        i18n.use("zh")


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 1.0), ("en", 2.0)])
async def test_it_has_room(dressed: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(dressed, "light", text_scale=scale)
    try:
        async with at_shop() as at:
            at.bus.judged = _floor
            form = await _lines(at)
            at.window.show()
            at.window.resize(1366, 768)
            for way in range(3):
                form.way.setCurrentIndex(way)
                form.entries["off_fen"].setText("10")
                if way == 2:
                    await until(lambda: form.fault is not None)
                for _ in range(8):
                    await asyncio.sleep(0)
                    QApplication.sendPostedEvents()
                if folder := os.environ.get("LOOK"):
                    at.window.card.verticalScrollBar().setValue(300)
                    at.window.grab().save(f"{folder}/amends-{language}-{scale}-{way}.png")
                assert [*faults(at.window), *painted_faults(at.window)] == []
    finally:
        i18n.use("zh")
        theme.apply(dressed)
