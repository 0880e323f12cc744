"""The smallest window: what must be seen is in sight without scrolling, in both languages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from tests.ui.committed import NOW, busy
from tests.ui.rooms import manual_state, planned
from tests.ui.test_desk import AtDesk
from tests.ui.test_owed import tasked
from ui import i18n, preferences, theme
from ui.panels.stage.running import LINE
from ui.seat.room import EVERYTHING
from ui.windows.folding import LOW
from ui.windows.shrinking import ShrinkingArea

pytestmark = pytest.mark.usefixtures("dressed")


@pytest_asyncio.fixture(params=["zh", "en"])
async def at(request: pytest.FixtureRequest, tmp_path: Any) -> AsyncIterator[Any]:
    i18n.use(request.param)
    made: Any = AtDesk("host", planned(counting=True).shown())
    await made.open(tmp_path)
    made.shell.resize(1120, 700)
    made.desk.feed.take(list(busy(300)))
    await settle(made)
    yield made
    await made.shell.leave()
    made.shell.deleteLater()
    await tasks.cancel_all()


async def settle(at: Any) -> None:
    at.desk._show(EVERYTHING, NOW)
    at.desk.feed.tick(NOW)
    for _ in range(8):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


def whole(widget: QWidget) -> bool:
    """Whether nothing of it is cut by what it lies in."""
    region = QRect(widget.visibleRegion().boundingRect())
    return widget.isVisible() and region == widget.rect()


async def test_what_must_be_seen_is_in_sight(at: Any) -> None:
    desk = at.desk
    running, bars = desk.stage.running, desk.queue.bars()
    cards = running.shown()
    assert (len(cards) + len(running.others().actions()), len(bars)) == (3, 1)
    first = desk.queue.rows()[0]
    for each in (
        desk.strip.pill, desk.strip.gmv, desk.strip.orders, desk.strip.halt, desk.stage.product,
        desk.stage.product.price, *cards, *(card.stop for card in cards), *(card.ring for card in cards),
        bars[0], bars[0].key, first.fire, desk.rundown.box.key, desk.feed.view.viewport(),
    ):  # fmt: skip
        assert whole(each), each
    assert desk.feed.view.height() >= 10 * desk.feed.view.fontMetrics().lineSpacing()
    yielding = desk.stage.parentWidget().parentWidget()
    assert isinstance(yielding, ShrinkingArea)
    assert yielding.verticalScrollBar().maximum() == 0
    assert desk.rundown.list.height() > 2.5 * desk.rundown.list.sizeHintForRow(0)


async def test_a_higher_window_has_its_lines_back_and_nothing_stays_small(at: Any) -> None:
    low = at.desk.stage.running.height()
    at.shell.resize(1440, LOW + 150)
    await settle(at)
    assert at.desk.stage.running.height() > low
    assert not at.desk.stage.product._short
    assert not at.desk.feed.topics.more.isVisible()
    assert all(chip.isVisible() for chip in at.desk.feed.topics.chips.values())


async def test_large_type_makes_a_window_low(at: Any, qapp: QApplication) -> None:
    at.shell.resize(1440, LOW + 150)
    await settle(at)
    before, eyes = preferences.current(), preferences.use(preferences.Preferences())
    try:
        eyes.set_text_scale(1.5)
        await settle(at)
        assert at.desk.stage.running.height() == round(LINE * 1.5)
    finally:
        preferences.use(before)
        theme.apply(qapp)


async def test_the_groups_that_do_not_fit_are_behind_one_chip(at: Any) -> None:
    topics = at.desk.feed.topics
    hidden = [name for name, chip in topics.chips.items() if chip.isHidden()]
    assert hidden
    assert topics.more.isVisible()
    one_line = topics.height()
    topics.more.click()
    await settle(at)
    assert not any(chip.isHidden() for chip in topics.chips.values())
    assert topics.height() > one_line
    topics.chips[hidden[-1]].click()
    topics.more.click()
    await settle(at)
    assert not topics.chips[hidden[-1]].isHidden()  # what is chosen is never hidden
    assert topics.height() == one_line
    assert topics.mapTo(at.desk.feed, QPoint(0, 0)).x() >= 0


@pytest.mark.parametrize("size", [(960, 520), (1024, 640)])
async def test_what_is_to_be_done_never_pushes_next_out(at: Any, size: tuple[int, int]) -> None:
    """Three are to be confirmed in the smallest windows: what a card says is turned, its keys are not."""
    at.shell.resize(*size)
    await at.show(manual_state())
    await settle(at)
    left = at.desk.left
    owed, card = left.owed, left.owed.front
    box = left._front.box
    for each in (owed.head, card.done, card.failed, box.key):
        assert whole(each), each
    assert owed.geometry().bottom() <= box.geometry().top()
    assert card._words.isVisible()
    assert card._words.visibleRegion().boundingRect().height() >= card._words.fontMetrics().height()
    at.shell.resize(1920, 1040)
    await settle(at)
    assert all(whole(cell) for cell in owed.front.cells.cells)
    assert left._front.list_box.isVisible()


@pytest.mark.parametrize("height", [700, 728])
async def test_what_is_to_be_done_on_the_phone_is_whole_and_next_does_not_move(at: Any, height: int) -> None:
    at.shell.resize(1366, height)
    await settle(at)
    desk = at.desk
    owed, key = desk.left.owed, desk.rundown.box.key
    assert not owed.isVisible()
    before = key.mapTo(desk, QPoint(0, key.height()))
    rows_before = desk.rundown.list.height()
    await at.show(tasked().shown())
    await settle(at)
    card = owed.front
    assert len(card.cells.cells) == 6
    for each in (owed.head, card.done, card.failed, card.remaining, key, *card.cells.cells):
        assert whole(each), each
    assert not any(cell.value.is_cut() or cell.label.is_cut() for cell in card.cells.cells)
    assert not card._words.is_cut()
    assert owed.geometry().bottom() < desk.rundown.box.geometry().top() + 1
    row = desk.rundown.list.sizeHintForRow(0)
    rows = 2 if height == 728 and i18n.language() == "zh" else 1
    assert row * rows <= desk.rundown.list.height() < rows_before
    assert key.mapTo(desk, QPoint(0, key.height())) == before
    await at.show(planned().shown())
    await settle(at)
    assert not owed.isVisible()
    assert desk.rundown.list.height() == rows_before
