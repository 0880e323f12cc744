"""The tour: rehearsals only, one step at a time, and only what was pressed and truly happened counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from liveconsole.messages.state import State
from tests.ui.evening import PRICES
from tests.ui.fake_bus import until
from tests.ui.layout.scenes import SCENES
from tests.ui.rooms import Evening, queue_of
from tests.ui.test_desk import CTRL, SHIFT, desks
from ui import i18n, preferences, theme
from ui.panels.queue.recall import RecallBar
from ui.preferences import Preferences
from ui.preferences import settings as kept
from ui.tour import tour as tours
from ui.tour.callout import free_place
from ui.widgets import FireButton, HoldButton
from ui.windows.help import KeysSheet

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is congratulated for a second."""
    monkeypatch.setattr(tours, "_ENJOY_MS", 0)


@pytest_asyncio.fixture
async def sit(eyes: Preferences, tmp_path: Path) -> AsyncIterator[Any]:
    async with desks(tmp_path) as opens:
        yield opens


_GOODS = {"a": "gloves", "b": "thermal", "c": "beret", "d": "pants", "e": "coat"}


def evening(*, pinned: str = "scarf", open_: bool = True, **statuses: str) -> Evening:
    """A rehearsal in which something is explained; sales of other goods were each brought to their status."""
    at = Evening(open_=open_, recall_seconds=3)
    at.room.simulated = True
    if open_:
        at.pin(pinned)
    for cue_id, status in statuses.items():
        product_id = _GOODS[cue_id]
        at.sale(cue_id, sku_id=product_id, price_fen=PRICES[product_id] - 100, quantity=5)
        if status != "queued":
            at.approve(cue_id)
    for cue_id, status in statuses.items():
        if status in ("on_air", "ended"):
            at.fire(cue_id)
    at.until(-3)
    for cue_id, status in statuses.items():
        if status in ("recallable", "recalled"):
            at.fire(cue_id)
        if status == "recalled":
            at.ok("cue.recall", {"cue_id": cue_id})
        if status == "ended":
            at.stop(cue_id)
        assert at.cue(cue_id).status == status
    return at


def room(**how: Any) -> State:
    return evening(**how).shown()


def step(at: Any) -> str:
    return at.desk.tour.step.title if at.desk.tour.step is not None else ""


async def test_a_rehearsal_begins_with_it_once(sit: Any, eyes: Preferences, tmp_path: Path) -> None:
    at = await sit(room(a="queued"))
    await until(lambda: at.desk.tour.running)
    assert (step(at), at.desk.tour.callout.said[:5]) == ("下一品", "1 / 6")
    at.press(Qt.Key.Key_Escape)
    assert not at.desk.tour.running
    eyes.flush()
    assert kept.load(tmp_path).toured == ["host"]
    again = await sit(room(a="queued"))
    await again.show(room(a="queued", pinned="coat"))
    assert not again.desk.tour.running


async def test_it_waits_until_there_is_something_to_try(sit: Any) -> None:
    at = await sit(room(open_=False))
    await asyncio.sleep(0.05)
    assert not at.desk.tour.running
    await at.show(room(a="queued"))
    await until(lambda: at.desk.tour.running)
    assert step(at) == "下一品"


async def test_a_real_room_has_none_and_its_help_offers_none(sit: Any) -> None:
    at = await sit(queue_of(a="queued"))
    at.desk.show_keys()
    assert not at.desk.tour.running
    assert not at.desk.tour.begin()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, KeysSheet)
    assert "跟着走一遍" not in [b.text() for b in sheet.findChildren(QPushButton)]


async def test_neither_the_key_alone_nor_the_deed_alone_counts(sit: Any) -> None:
    at = await sit(room(a="queued"))
    await until(lambda: at.desk.tour.running)
    await at.show(room(a="queued", pinned="coat"))  # somebody else pinned it
    assert step(at) == "下一品"
    at.press(Qt.Key.Key_PageDown)
    await asyncio.sleep(0.05)
    assert step(at) == "下一品"  # asked, not yet so
    await at.show(room(a="queued", pinned="gloves"))
    await until(lambda: step(at) == "通过一条提议")


async def test_the_whole_walk_of_a_host(sit: Any) -> None:
    at = await sit(room(a="queued"))
    await until(lambda: at.desk.tour.running)
    at.press(Qt.Key.Key_PageDown)
    await at.show(room(a="queued", pinned="coat"))
    await until(lambda: step(at) == "通过一条提议")
    at.press(Qt.Key.Key_Return, CTRL)
    await at.show(room(a="approved"))
    await until(lambda: step(at) == "发出")
    assert "Ctrl+1" in at.desk.tour.callout.said
    at.press(Qt.Key.Key_1, CTRL)
    await at.show(room(a="recallable"))
    await until(lambda: step(at) == "撤回")
    await until(lambda: at.desk.tour.callout.said.endswith("Esc"))
    at.press(Qt.Key.Key_Escape)
    await at.show(room(a="recalled"))
    await until(lambda: step(at) == "停掉")
    await at.show(room(a="on_air"))
    await until(lambda: "Ctrl+Shift+1" in at.desk.tour.callout.said)
    at.press(Qt.Key.Key_1, CTRL | SHIFT)
    await at.show(room(a="ended"))
    await until(lambda: step(at) == "所有的键")
    at.desk.tour.pressed("?")
    at.desk.show_keys()
    await until(lambda: at.desk.tour.callout.said.startswith("走完了"))
    assert preferences.current().settings.toured == []
    at.desk.tour._on.timeout.emit()
    assert not at.desk.tour.running
    assert preferences.current().settings.toured == ["host"]


async def test_esc_that_came_too_late_does_not_end_the_step_that_teaches_it(sit: Any) -> None:
    at = await sit(room(a="approved"))
    await until(lambda: at.desk.tour.running)
    tour = at.desk.tour
    tour._at = [each.title for each in tour._steps].index("撤回")
    at.press(Qt.Key.Key_Escape)
    assert tour.running
    tour.callout.skip.click()
    assert not tour.running


async def test_an_assistant_is_shown_her_own_keys(sit: Any) -> None:
    at = await sit(room(), "assistant")
    await until(lambda: at.desk.tour.running)
    assert step(at) == "一行写促销"
    at.press(Qt.Key.Key_K, CTRL)
    await at.show(room(a="queued"))
    await until(lambda: step(at) == "给主播写一句话")
    at.press(Qt.Key.Key_M, CTRL)
    written = evening(a="queued")
    written.ok("note.put", {"text": "面料慢点讲"}, "assistant")
    await at.show(written.shown())
    await until(lambda: step(at) == "找一条评论")
    at.press(Qt.Key.Key_F, CTRL)
    await until(lambda: step(at) == "所有的键")


async def test_the_help_begins_it_again(sit: Any, eyes: Preferences) -> None:
    eyes.keep_toured("host")
    at = await sit(room(a="queued"))
    assert not at.desk.tour.running
    at.desk.show_keys()
    [again] = [b for b in at.desk.side.sheet.findChildren(QPushButton) if b.text() == "跟着走一遍"]
    again.click()
    assert at.desk.side.sheet is None
    assert step(at) == "下一品"


async def test_what_cannot_be_tried_now_is_passed_over(sit: Any) -> None:
    at = await sit(room(a="approved"))
    await until(lambda: at.desk.tour.running)
    at.press(Qt.Key.Key_PageDown)
    await at.show(room(a="approved", pinned="coat"))
    await until(lambda: step(at) == "发出")  # there is no proposal to agree to


async def test_its_card_takes_no_keyboard_and_no_press(sit: Any) -> None:
    at = await sit(room(a="approved"))
    await until(lambda: at.desk.tour.running)
    assert at.desk.tour.callout.skip.focusPolicy() == Qt.FocusPolicy.TabFocus
    focus = QApplication.focusWidget()
    assert focus is None or not at.desk.tour.callout.isAncestorOf(focus)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        at.press(key)
    assert at.desk.tour.running
    at.press(Qt.Key.Key_1, CTRL)
    assert [type_ for type_, _ in await at.asked()] == ["cue.fire"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [QSize(1120, 700), QSize(1440, 900), QSize(1920, 1080)])
async def test_it_never_lies_on_money_or_on_the_recall_bar(sit: Any, size: QSize, language: str) -> None:
    i18n.use(language)
    state = room(a="approved", b="approved", c="queued", d="queued", e="on_air")
    at = await sit(state)
    at.shell.resize(size)
    await until(lambda: at.desk.tour.running)
    tour = at.desk.tour
    recalled = room(a="approved", b="recallable", c="queued", e="on_air")
    for place in range(len(tour._steps)):
        tour._at = place
        for shown in (state, recalled):
            await at.show(shown)
            await asyncio.sleep(0)
            tour.place()
            card = tour.callout.geometry()
            assert at.desk.rect().contains(card), (place, card)
            bars = [bar for bar in at.desk.findChildren(RecallBar) if bar.isVisible()]
            assert bool(bars) == (shown is recalled)
            for kind in (FireButton, HoldButton, RecallBar):
                for each in at.desk.findChildren(kind):
                    if each.isVisible() and not each.visibleRegion().isEmpty():
                        over = QRect(each.mapTo(at.desk, QPoint(0, 0)), each.size())
                        seen = over & tour._in_sight(each)
                        assert not card.intersects(seen), (place, type(each).__name__)


@pytest.mark.parametrize("covered", [False, True], ids=["clear", "twin"])
async def test_it_leaves_what_has_to_be_done_now_in_sight(
    sit: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, covered: bool
) -> None:
    state = SCENES["to_do_on_the_phone"]()
    theme.apply(qapp, text_scale=2.0)
    at = await sit(replace(state, room=replace(state.room, simulated=True)))
    await until(lambda: at.desk.tour.running and at.desk.left.owed.cards())
    if covered:
        monkeypatch.setattr(tours, "OwedPanel", RecallBar)
    tour, lies = at.desk.tour, []
    for size in (QSize(960, 520), QSize(1366, 728), QSize(1440, 900)):
        at.shell.resize(size)
        for _ in range(8):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        for place in range(len(tour._steps)):
            tour._at = place
            tour.callout.setProperty("placed", None)
            tour.place()
            owed = tour._where(at.desk.left.owed)
            lies.append(tour.callout.geometry().intersects(owed))
    assert any(lies) == covered


async def test_it_makes_room_for_what_was_opened(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await sit(room(a="approved", b="queued"))
    await until(lambda: at.desk.tour.running)
    tour, lies = at.desk.tour, {}
    at.desk.show_keys()
    await until(lambda: at.desk.side.sheet is not None and at.desk.side.sheet.isVisible())
    for kind in (KeysSheet, RecallBar):
        if kind is RecallBar:
            monkeypatch.setattr(tours, "Sheet", RecallBar)
        lies[kind] = 0
        for place in range(len(tour._steps)):
            tour._at = place
            tour.callout.setProperty("placed", None)
            tour.place()
            lies[kind] += tour.callout.geometry().intersects(tour._where(at.desk.side.sheet))
    assert lies[KeysSheet] == 0
    assert lies[RecallBar] > 0, "the twin: it lay on the list of keys"


def test_a_place_is_kept_while_it_is_free_and_given_up_when_it_is_not() -> None:
    within, beside, size = QRect(0, 0, 1000, 600), QRect(300, 100, 300, 300), QSize(200, 100)
    first = free_place(size, beside, within, [])
    assert first is not None
    assert first.left() > beside.right()
    assert free_place(size, QRect(0, 0, 10, 10), within, [], first) == first
    moved = free_place(size, beside, within, [first.adjusted(5, 5, -5, -5)], first)
    assert moved is not None
    assert not moved.intersects(first.adjusted(5, 5, -5, -5))
    assert free_place(size, beside, within, [within]) is None
