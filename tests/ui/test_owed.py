"""人工协助: the cards of owed steps, what is typed in, and the question whether the platform added more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.connected_rooms import SHOWN, proved, troubled
from tests.ui.evening import BAG, Evening
from tests.ui.looking import look
from tests.ui.rooms import manual_state
from ui import preferences
from ui.panels.owed import ConfirmCard, OwedPanel
from ui.panels.owed.panel import RING_EVERY
from ui.seat.room import RoomView


def made(qtbot: QtBot, state: State) -> OwedPanel:
    """The block as wide as its column, before one state."""
    column = QWidget()
    qtbot.addWidget(column)
    column.show()
    panel = OwedPanel(column, ring=lambda: None)
    qtbot.column = column  # type: ignore[attr-defined]  # it lives as long as the test
    panel.resize(300, 500)
    look(panel, state)
    return panel


def tasked(count: int = 1) -> Evening:
    """A rundown by hand, in which coupons are to be made on the phone since 38 seconds."""
    at = Evening("manual", ago=900)
    products = ("coat", "silk", "scarf", "gloves", "beret", "pants")
    plan = [{"segment_id": f"s{n}", "product_id": one, "minutes": 7} for n, one in enumerate(products, 1)]
    at.ok("rundown.put", {"segments": plan}, "assistant")
    for ago in (880, 381):
        at.until(ago)
        at.next()
        for cue_id in [cue_id for cue_id, cue in at.room.cues.items() if cue.owed is not None]:
            at.confirm(cue_id, "ended" if at.cue(cue_id).status == "ended" else "on_air")
    at.until(38)
    rule = {"threshold_fen": 19900, "off_fen": 2000}
    for n in range(count):
        at.fire(at.coupon(f"c-{n}", name="满199减20", rule=rule, quantity=500, seconds=600))
    at.until(0)
    return at


def test_each_owed_step_has_a_card_that_says_what_to_press(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, manual_state())
    cards = {card.face.cue_id: card for card in panel.cards()}
    assert [(cue_id, card.face.step) for cue_id, card in cards.items()] == [
        ("c-sale", "on_air"),
        ("c-pin", "on_air"),
        ("c-bag", "ended"),
    ], "the oldest first"
    assert "4 号" in cards["c-pin"].face.words
    assert cards["c-pin"].done.focusPolicy() == Qt.FocusPolicy.NoFocus
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    cards["c-pin"].done.click()
    cards["c-sale"].failed.click()
    assert said == [("c-pin", "on_air", True, None), ("c-sale", "on_air", False, None)]
    assert cards["c-bag"].failed.isHidden()


def confirming(qtbot: QtBot) -> tuple[ConfirmCard, list[tuple[object, ...]]]:
    """The card of a sale of five minutes that is confirmed late, and what it answers."""
    panel = made(qtbot, manual_state())
    [card] = [card for card in panel.cards() if card.face.cue_id == "c-sale"]
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    return card, said


def test_what_the_phone_still_shows_goes_along_with_a_late_yes(qtbot: QtBot, dressed: QApplication) -> None:
    card, said = confirming(qtbot)
    assert card.remaining.text() == ""
    QTest.keyClicks(card.remaining, "4m12")
    QTest.keyClick(card.remaining, Qt.Key.Key_Return)
    assert said == [("c-sale", "on_air", True, 252)]


def test_no_span_is_not_sent_and_a_longer_one_is_asked_about(qtbot: QtBot, dressed: QApplication) -> None:
    card, said = confirming(qtbot)
    QTest.keyClicks(card.remaining, "<b>4")
    card.done.click()
    assert (said, "4:12" in card._said.text()) == ([], True)
    card.remaining.clear()
    QTest.keyClicks(card.remaining, "412:00")
    card.done.click()
    assert (said, "再按一次" in card._said.text()) == ([], True)
    card.done.click()
    assert said == [("c-sale", "on_air", True, 24_720)]


def test_a_card_is_answered_by_keys_and_only_ends_have_no_no(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, manual_state())
    said: list[tuple[object, ...]] = []
    panel.answered.connect(lambda *answer: said.append(answer))
    cards = {card.face.cue_id: card for card in panel.cards()}
    pin, sale, end = cards["c-pin"], cards["c-sale"], cards["c-bag"]
    assert [card._late.isHidden() for card in (pin, sale, end)] == [True, False, True]
    panel.activateWindow()
    for card, key in ((pin, Qt.Key.Key_Y), (sale, Qt.Key.Key_N), (end, Qt.Key.Key_N), (end, Qt.Key.Key_Y)):
        panel.turn(panel.cards().index(card) - [each.isVisible() for each in panel.cards()].index(True))
        card.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(card.hasFocus)
        QTest.keyClick(card, Qt.Key.Key_Space)
        QTest.keyClick(card, Qt.Key.Key_Return)
        QTest.keyClick(card, key)
    assert said == [
        ("c-pin", "on_air", True, None),
        ("c-sale", "on_air", False, None),
        ("c-bag", "ended", True, None),
    ]


def test_what_is_loud_uses_the_sounds_of_the_desk(
    qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[str] = []
    monkeypatch.setattr(preferences.current().sounds, "play", played.append)
    column = QWidget()
    qtbot.addWidget(column)
    panel = OwedPanel(column)
    room = RoomView(manual_state())
    panel.show_state(room, NOW)
    assert played == ["alert"]


def test_where_a_program_answers_only_its_silence_asks_a_person(qtbot: QtBot, dressed: QApplication) -> None:
    """A rehearsal's platform was asked for two sales and said of one that it does not know."""
    at = Evening("rehearsal")
    at.sale("a")
    at.sale("b", sku_id="pants", price_fen=4900)
    at.fire("a", "b")
    assert made(qtbot, at.shown()).is_empty()
    owed = at.cue("b").owed
    assert owed is not None
    answer = {"cue_id": "b", "key": owed.key, "step": "on_air", "outcome": "unknown"}
    at.ok("effect.answered", answer, "platform")
    panel = made(qtbot, at.shown())
    [card] = panel.cards()
    assert (card.face.cue_id, card.face.by_hand, card.done.face) == ("b", False, "开始了")


def test_what_is_loud_rings_until_it_is_answered(qtbot: QtBot, dressed: QApplication) -> None:
    rings: list[str] = []
    column = QWidget()
    qtbot.addWidget(column)
    panel = OwedPanel(column, ring=lambda: rings.append("ring"))
    at = Evening("manual", ago=200)
    at.sale("a")
    at.fire("a")
    room = RoomView(at.shown())
    panel.show_state(room, at.now)
    assert (len(panel.cards()), rings) == (1, [])
    at.until(0)
    room = RoomView(at.shown())
    panel.show_state(room, NOW)
    panel.tick(NOW + timedelta(seconds=1))
    assert len(rings) == 1
    panel.tick(NOW + RING_EVERY)
    assert len(rings) == 2
    at.confirm("a")
    panel.show_state(RoomView(at.shown()), NOW + RING_EVERY)
    panel.tick(NOW + 3 * RING_EVERY)
    assert len(rings) == 2
    assert panel.cards() == []


def test_what_nobody_reports_can_be_typed_in(qtbot: QtBot, dressed: QApplication) -> None:
    """A sale and a bag of the platform's own have figures there; a bag that is drawn here has them here."""
    at = Evening("manual", ago=65)
    at.sale("a")
    at.bag("b")
    at.add("c", "lucky_bag", BAG | {"draw": "platform"})
    at.fire("a", "b", "c")
    for cue_id in "abc":
        at.confirm(cue_id)
    panel = made(qtbot, at.shown("assistant"))
    asked: list[str] = []
    panel.measure_asked.connect(asked.append)
    sale, bag = panel._lines.values()
    assert "没有来源报数" in sale._words.text()
    assert "没有来源报数" in bag._words.text()
    sale.type_in.click()
    assert asked == ["a"]
    at.ok("cue.measure", {"cue_id": "a", "left": 3})
    at.until(0)
    look(panel, at.shown("assistant"))
    assert "65 秒前填的数" in sale._words.text()
    panel.tick(NOW + timedelta(seconds=10))
    assert "75 秒前填的数" in sale._words.text()
    at.buys("o1", "scarf", 9900)
    look(panel, at.shown("assistant"))
    assert list(panel._lines) == ["c"], "orders tell the sale's figures now"


def test_a_platform_that_sold_more_asks_before_it_stops(qtbot: QtBot, dressed: QApplication) -> None:
    at = Evening("manual")
    at.sale("a", quantity=2)
    at.fire("a")
    at.confirm("a")
    for n in range(3):
        at.buys(f"o{n}", "scarf", 9900, paid=False)
    panel = made(qtbot, at.shown())
    said: list[tuple[str, bool]] = []
    panel.more_answered.connect(lambda cue_id, added: said.append((cue_id, added)))
    [card] = panel._more.values()
    card.added.click()
    card.stop.click()
    assert said == [("a", True), ("a", False)]
    at.ok("stock.add", {"sku_id": "scarf", "by": 5})
    look(panel, at.shown())
    assert panel._more == {}


def test_each_field_of_the_phone_s_form_is_copied_by_itself(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, tasked().shown())
    front = panel.front
    assert front is not None
    cells = front.cells.cells
    said = [f"{cell.label.text()} {cell.value.text()}" for cell in cells]
    assert said == ["券名 满199减20", "门槛 199 元", "减 20 元", "张数 500 张", "每人 1 张", "领取 10 分钟"]
    cells[3].click()
    assert QApplication.clipboard().text() == "500"
    assert [cell.copied for cell in cells] == [False, False, False, True, False, False]
    look(panel, tasked().shown())
    assert front.cells.cells[3].copied, "the same form keeps its ticks"
    assert panel.head._count.text() == "1 件 · 已等 0:38"


def test_the_second_waits_behind_the_first_and_what_came_later_never_takes_its_place(
    qtbot: QtBot, dressed: QApplication
) -> None:
    panel = made(qtbot, tasked(1).shown())
    look(panel, tasked(2).shown())
    first, second = panel.cards()
    assert (first.isVisible(), second.isVisible(), first.place.text()) == (True, False, "1 / 2")
    first.after.click()
    assert (first.isVisible(), second.isVisible(), second.place.text()) == (False, True, "2 / 2")
    look(panel, tasked(2).shown())
    assert panel.front is second, "who turned to it keeps it"
    assert (second.done._key, first.done._key) == ("Ctrl+Y", "")
    QTest.keyClick(second, Qt.Key.Key_Left)
    assert panel.head._count.text().startswith("2 件")


def test_a_pin_that_fell_back_says_why_and_shows_what_the_browser_showed(
    qtbot: QtBot, dressed: QApplication
) -> None:
    at = troubled()
    at.pin("scarf")
    at.until(0)
    panel = made(qtbot, at.shown())
    (card,) = panel.cards()
    assert card.face.by_hand
    assert "扫码" in card.why.text()
    assert card.picture.sha == SHOWN
    assert card.picture.isVisibleTo(panel)
    assert card.heights(300)[1] > card.picture.heightForWidth(276), "it has its room in the card"
    without = made(qtbot, manual_state())
    assert not any(card.picture.isVisibleTo(without) for card in without.cards()), "no browser, none"


def test_a_browser_that_is_well_is_not_blamed(qtbot: QtBot, dressed: QApplication) -> None:
    at = troubled()
    at.pin("scarf")
    at.until(0)
    at.health = proved().health
    (card,) = made(qtbot, at.shown()).cards()
    assert not card.why.text()
    assert not card.picture.isVisibleTo(card)
