"""店铺: worked off by keys alone, asked of the engine seldom, and never more than it says."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.cases import CaseRow
from tests.ui.committed import NOW
from tests.ui.fake_bus import refuse, until
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.shop_rooms import card, page, shop_window, show, told, urgent
from tests.ui.shop_sitting import AtShop, at_shop
from ui import i18n, theme
from ui.windows.shop import reading, window
from ui.windows.shop.rows import money_of, row_of, share_left
from ui.windows.shop.words import left_tone, left_words, rule_words

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")


async def test_j_and_k_go_the_most_urgent_first_and_the_card_follows() -> None:
    async with at_shop() as at:
        assert at.window.list.case() == at.window.reading.rows[0]
        at.press(K.Key_J, K.Key_J, K.Key_K)
        chosen = at.window.list.case()
        assert chosen is not None
        assert chosen.case_id == urgent()[1].case_id
        await until(lambda: at.asked_for(case=chosen.case_id))
        assert at.window.card.order.title.text() == chosen.title


async def test_a_step_is_filled_in_and_handed_over_by_keys() -> None:
    async with at_shop() as at:
        await at.chosen(4)
        at.press(K.Key_Y)
        assert at.window.card.steps.now is not None
        assert at.window.card.steps.now.said.text() == "先填上，再按 Enter"
        QTest.keyClicks(at.window.focusWidget(), "12-03")
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)
        assert at.bus.asked == [
            ("case.step", {"case_id": "order/4", "step": "call", "note": "12-03"}),
        ]


async def test_the_replies_of_a_case_are_there_when_one_comes_back_to_it() -> None:
    async with at_shop() as at:
        await at.chosen(4)
        assert at.window.card.templates.isVisible()
        at.press(K.Key_J)
        assert not at.window.card.templates.isVisible()
        at.press(K.Key_K)
        await until(at.window.card.templates.isVisible)


async def test_what_the_shop_is_asked_has_its_fields_first() -> None:
    async with at_shop() as at:
        at.bus.books_told["cases"] = lambda query: (
            msgspec.to_builtins(card(urgent()[4], done=3)) if "case" in query else told(query)
        )
        await at.chosen(4)
        at.press(K.Key_Y)
        QTest.keyClicks(at.window.focusWidget(), "SF")
        at.press(K.Key_Return)
        QTest.keyClicks(at.window.focusWidget(), "SF99")
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)
        data = {"order_id": urgent()[4].order_id, "act": "resend", "carrier": "SF", "waybill": "SF99"}
        assert at.bus.asked == [("shop.answer", data)]
        at.press(K.Key_Escape, K.Key_N)
        await until(lambda: len(at.bus.asked) == 2)
        assert at.bus.asked[1][1]["act"] == "accept"


async def test_no_key_acts_before_the_card_of_the_chosen_case_is_there() -> None:
    async with at_shop() as at:
        await at.chosen(4)
        at.press(K.Key_J, K.Key_Y, K.Key_1)
        assert not at.window.card.steps.isVisible()
        assert at.window.said.text() == "没有第 1 条话术"
        await until(at.window.card.steps.isVisible)
        assert at.bus.asked == []


async def _goes_by_itself(at: AtShop) -> None:
    """The chosen case was done elsewhere, and the next one stands in its place."""
    await at.chosen(4)
    rows = [row for row in urgent() if row.case_id != urgent()[4].case_id]
    done = card(rows[4], done=2)
    at.bus.books_told["cases"] = lambda query: msgspec.to_builtins(done if "case" in query else page(rows))
    at.window.reading.again()
    at.time += 5
    at.window.tick(at.seat.now())
    await until(lambda: at.window.reading.case == rows[4].case_id)
    await until(at.window.card.steps.isVisible)
    at.press(K.Key_Y)


async def test_a_case_that_took_the_place_of_another_is_looked_at_first() -> None:
    async with at_shop() as at:
        await _goes_by_itself(at)
        assert at.window.said.text() == "刚换了一单，看一眼再按"
        await asyncio.sleep(0.05)
        assert at.bus.asked == []
        at.press(K.Key_J, K.Key_K)  # a person went there
        await until(at.window.card.steps.isVisible)
        at.press(K.Key_Y)
        await until(lambda: at.bus.asked)


async def test_twin_without_the_look_its_step_would_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "SETTLE_SECONDS", 0.0)
    async with at_shop() as at:
        await _goes_by_itself(at)
        await until(lambda: at.bus.asked)
        assert at.bus.asked[0][1]["case_id"] == urgent()[5].case_id


async def test_a_refusal_stands_at_the_step() -> None:
    async with at_shop() as at:
        at.bus.answer = refuse("unknown_order", order_id="1")
        await at.chosen(4)
        at.press(K.Key_Y)
        QTest.keyClicks(at.window.focusWidget(), "x")
        at.press(K.Key_Return)
        await until(lambda: at.bus.asked)
        step = at.window.card.steps.now
        assert step is not None
        await until(lambda: step.said.isVisible())
        assert step.said.text() == at.window.said.text() != ""


async def test_digits_copy_what_is_ready_and_say_what_is_missing() -> None:
    async with at_shop() as at:
        await at.chosen(4)
        QGuiApplication.clipboard().setText("before")
        at.press(K.Key_2)
        assert QGuiApplication.clipboard().text() == "before"
        assert at.window.said.text() == "先做第 2 步"
        at.press(K.Key_1)
        assert QGuiApplication.clipboard().text() == at.window.card.templates.rows[0].template.text
        at.press(K.Key_O)
        assert QGuiApplication.clipboard().text() == urgent()[4].order_id
        at.press(K.Key_9)
        assert at.window.said.text() == "没有第 9 条话术"


async def test_several_at_one_step_are_noted_together_and_others_are_not() -> None:
    async with at_shop() as at:
        at.press(K.Key_J, K.Key_X, K.Key_J, K.Key_X)
        assert at.window.list.count.text() == "选中 2 单 · 不在同一步，不能一起记"
        at.press(K.Key_B)
        assert at.bus.asked == []
        at.press(K.Key_X, K.Key_J, K.Key_X)
        assert at.window.list.count.text() == "选中 2 单 · B 一起记：催付"
        at.press(K.Key_B)
        await until(lambda: len(at.bus.asked) == 2)
        assert [data["case_id"] for _, data in at.bus.asked] == ["order/1", "order/3"]
        await until(lambda: not at.window.list.ticked)


async def test_slash_searches_and_esc_comes_out_step_by_step() -> None:
    async with at_shop() as at:
        at.press(K.Key_Slash)
        assert at.window.focusWidget() is at.window.list.search
        at.window.list.search.setText("贝雷帽")
        at.press(K.Key_Return)
        await until(lambda: [row.title for row in at.window.reading.rows] == ["羊毛贝雷帽"])
        assert at.window.list.count.text() == "找到 1 单"
        at.window.list.rows.setFocus()
        at.press(K.Key_Escape)
        await until(lambda: len(at.window.reading.rows) == 9)
        gone: list[bool] = []
        at.window.closed.connect(lambda: gone.append(True))
        at.press(K.Key_Escape)
        assert gone == [True]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_large_letters_have_room(dressed: QApplication, language: str) -> None:
    i18n.use(language)
    theme.apply(dressed, "light", text_scale=2.0)
    try:
        made = shop_window()
        made.show()
        show(made)
        made.resize(1366, 768)
        for _ in range(8):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        assert [*faults(made), *painted_faults(made)] == []
        made.close()
        made.deleteLater()
    finally:
        theme.apply(dressed)


async def test_a_letter_never_goes_into_the_search_when_the_list_is_empty() -> None:
    async with at_shop() as at:
        at.press(*[K.Key_BracketLeft] * 4)  # round to the last but three
        await until(lambda: at.window.groups.group == "review")
        at.bus.books_told["cases"] = lambda _query: msgspec.to_builtins(page([]))
        at.press(K.Key_BracketLeft)
        await until(lambda: at.window.list.empty.title.text() == "没有平台介入的")
        at.press(K.Key_J, K.Key_Y, K.Key_X)
        assert at.window.list.search.text() == ""


async def test_a_locked_seat_only_looks_and_says_so() -> None:
    async with at_shop() as at:
        await at.chosen(4)
        at.is_locked = True
        at.window._second = -1
        at.window.tick(at.seat.now() + timedelta(seconds=60))
        assert at.window.said.text() == "本席位锁着：只看；Ctrl+L 解锁"
        at.press(K.Key_Y, K.Key_X, K.Key_B)
        await asyncio.sleep(0.05)
        assert at.bus.asked == []
        at.window.commands.write_note("x")
        assert at.bus.asked == []


async def test_a_seat_without_the_right_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_shop() as at:
        monkeypatch.setattr(window, "may", lambda _role, _type: False)
        await at.chosen(4)
        at.press(K.Key_Y)
        assert at.window.said.text() == "这个席位只看"
        assert at.bus.asked == []


async def _looks(at: AtShop, seconds: float) -> int:
    """How often the page is asked for while the log moves ten times a second."""
    before = at.asked_for(group="urgent")
    for _ in range(round(seconds * 10)):
        at.time += 0.1
        at.window.reading._moved = True
        at.window.tick(at.seat.now())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await until(lambda: not at.window.reading._runs)
    return at.asked_for(group="urgent") - before


async def test_the_engine_is_asked_at_most_every_two_seconds() -> None:
    async with at_shop() as at:
        assert 4 <= await _looks(at, 10.0) <= 5


async def test_twin_without_the_bound_every_move_is_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_shop() as at:
        monkeypatch.setattr(reading, "EVERY", 0.0)
        assert await _looks(at, 10.0) > 20


async def test_an_engine_that_is_silent_is_said_and_what_was_shown_stays() -> None:
    async with at_shop() as at:
        del at.bus.books_told["cases"]
        at.window.reading.again()
        at.time += 5
        at.window.tick(at.seat.now())
        await until(lambda: at.window.said.text() == "引擎没有回应，看到的可能旧了")
        assert len(at.window.reading.rows) == 9


def test_a_clock_is_red_for_a_first_answer_amber_within_four_hours_and_grey_beyond() -> None:
    first, pay, late = urgent()[0].clock, urgent()[1].clock, urgent()[8].clock
    assert first is not None
    assert pay is not None
    assert late is not None
    assert (left_tone(first, NOW), left_tone(pay, NOW)) == ("live", "warn")
    assert (left_tone(late, NOW), left_tone(late, NOW - timedelta(hours=1))) == ("warn", "fg1")
    assert left_words(first.due_at, NOW) == "4:10"
    assert left_words(first.due_at, NOW + timedelta(seconds=310)) == "过了 1:00"
    assert left_tone(pay, NOW + timedelta(hours=1)) == "live"
    assert [rule_words(clock) for clock in (first, pay)] == ["15 分钟内先回一句", "15 分钟不付就关单"]
    assert share_left(first, NOW) == pytest.approx(250 / 900)
    assert share_left(first, NOW + timedelta(days=9)) == 0.0


def test_what_is_still_to_be_paid_is_called_due_and_a_payment_of_nothing_is_one() -> None:
    due = CaseRow("order/1", "unpaid", "unpaid", "1", due_fen=19_800)
    free = CaseRow("order/2", "to_ship", "to_ship", "2", paid_fen=0)
    assert money_of(due) == ("应付", "¥198.00")
    assert money_of(free) == ("实付", "¥0.00"), "all of it was a coupon"
    assert "应付 ¥198.00" in row_of(due, ticked=False).said()


def test_what_nobody_told_is_a_dash_and_what_comes_from_outside_is_letters() -> None:
    row = row_of(CaseRow("order/1", "unpaid", "oddly", "1", title="<b>大衣</b>\u202e"), ticked=False)
    assert (row.paid, row.paid_word, row.buyer, row.rule) == ("—", "没报付款", "—", "没有时限")
    assert row.state == "oddly"
    assert row.title == "<b>大衣</b>"


async def test_a_price_that_is_not_known_is_never_nought_in_the_head() -> None:
    made = shop_window()
    show(made)
    assert made.head.refunded.number.text() == "¥2,310"
    made.head.show_page(replace(page(), refunded_today_fen=None, refunded_today=None, groups=[]))
    assert [figure.number.text() for figure in (made.head.refunded, made.head.urgent)] == ["—", "—"]
    assert made.head.sources["review"]._words.text() == "评价 没来源"
    made.deleteLater()


async def test_what_is_typed_stays_while_the_same_card_comes_again() -> None:
    made = shop_window()
    made.show()
    show(made)
    step = made.card.steps.now
    assert step is not None
    step.take_keyboard()
    line = made.focusWidget()
    QTest.keyClicks(line, "12-0")
    made.reading.card_told.emit(card(urgent()[4]))
    assert made.card.steps.now is step
    assert made.focusWidget() is line
    made.reading.card_told.emit(card(urgent()[4], done=2))
    assert made.card.steps.now is not step
    made.close()
    made.deleteLater()


async def test_the_keys_of_the_window_are_shown_and_taken_away() -> None:
    made = shop_window()
    made.show()
    QApplication.sendPostedEvents()
    assert made.show_keys()
    assert made.help.isVisible()
    made._escape()
    assert not made.help.isVisible()
    made.close()
    made.deleteLater()
