"""What gives way in a low window, in its order; where the columns stand; what is told moves nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.ui.test_desk import sit
from ui import i18n
from ui.panels.queue import whole_rows
from ui.panels.queue.whole_rows import LEAST, MOST, RowFit, fit_rows
from ui.preferences.columns import side_widths
from ui.seat.room import EVERYTHING
from ui.windows.folding import LOWEST, ORDER, DeskColumn, Fold, folded

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")

GIVES = {
    Fold.PLAN_BARS: 60, Fold.DONE_SEGMENTS: 52, Fold.CAPTION: 60, Fold.CARDS: 60, Fold.METER: 40,
    Fold.SIZES: 30, Fold.PICTURE: 48, Fold.TOTAL: 31,
}  # fmt: skip


@pytest.mark.parametrize(
    ("window", "left", "middle", "right", "steps"),
    [
        (900, 0, 0, 0, ""),
        (900, 1, 0, 0, "plan_bars"),
        (900, 61, 0, 0, "plan_bars done_segments"),
        (900, 0, 60, 0, "cards"),
        (900, 0, 61, 0, "cards sizes"),
        (839, 0, 0, 0, "cards"),
        (839, 0, 60, 0, "cards"),
        (728, 0, 90, 1, "cards caption sizes"),
        (728, 0, 91, 60, "cards caption sizes picture"),
        (640, 200, 500, 61, "plan_bars done_segments caption cards meter sizes picture total"),
    ],
)
def test_what_gives_way(window: int, left: int, middle: int, right: int, steps: str) -> None:
    lacks = {DeskColumn.LEFT: left, DeskColumn.MIDDLE: middle, DeskColumn.RIGHT: right}
    assert folded(window, lacks, GIVES) == frozenset(map(Fold, steps.split()))


@pytest.mark.parametrize("column", DeskColumn)
def test_of_one_column_nothing_gives_way_before_what_comes_first(column: DeskColumn) -> None:
    own = [fold for fold, of in ORDER if of is column]
    for lack in range(0, 300, 7):
        found = folded(900, {column: lack}, GIVES)
        assert [fold in found for fold in own] == sorted((fold in found for fold in own), reverse=True)
        missing = lack - sum(GIVES[fold] for fold in found)
        assert missing <= 0 or set(own) - {Fold.LINES} <= found


@pytest.mark.parametrize(
    ("room", "count", "fit"),
    [
        (238, 4, RowFit(59, 4)),
        (208, 4, RowFit(52, 4)),
        (207, 4, RowFit(69, 3)),  # three whole ones, and none in half
        (400, 2, RowFit(69, 2)),
        (160, 9, RowFit(53, 3)),
        (30, 1, RowFit(52, 1)),
    ],
)
def test_rows_share_the_height(room: int, count: int, fit: RowFit) -> None:
    assert fit_rows(room, count) == fit


def test_the_columns_are_the_sketches() -> None:
    assert side_widths(1366) == (304, 338)
    assert side_widths(1440) == (340, 384)
    assert side_widths(1920) == (400, 440)
    assert side_widths(700) == side_widths(960)
    for width in range(960, 2200, 20):
        left, right = side_widths(width)
        assert width - left - right - 40 >= 430, "the middle keeps what its rows need"


def full(*, running: int, proposals: int = 2) -> Evening:
    """Some run, one is about to go, two are ready and two are proposed."""
    at = Evening(ago=30)
    at.pin("scarf")
    for n in range(running):
        at.coupon(f"r{n}", name=f"券 {n}")
        at.fire(f"r{n}")
    at.bag("q1")
    at.sale("q2", sku_id="pants", price_fen=4900)
    at.sale("q3", sku_id="gloves", price_fen=5900, quantity=18)
    at.approve("q1", "q2", "q3")
    for n in range(proposals):
        at.sale(f"p{n}", sku_id="beret", price_fen=5900, quantity=n + 1)
    at.ok("room.set", {"recall_seconds": 60})
    at.fire("q3")
    at.until(0)
    return at


async def settle(at: Any) -> None:
    at.desk._show(EVERYTHING, NOW)
    for _ in range(10):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


def whole_rows_of(at: Any) -> int:
    """Rows of which nothing is cut; none may be cut in part."""
    seen = 0
    for row in at.desk.queue.rows():
        region = row.visibleRegion().boundingRect()
        assert region in (QRect(), row.rect()) or region.isEmpty(), "half a row"
        seen += region == row.rect()
    return seen


@pytest.mark.parametrize("running", [0, 1, 3, 5])
async def test_three_whole_rows_stand_beside_the_recall_bar(sit: Any, running: int) -> None:
    at = await sit(full(running=running).shown())
    for width, high in ((1366, 728), (1366, 700), (1440, 900), (1920, 1040)):
        at.shell.resize(width, high)
        await settle(at)
        assert len(at.desk.queue.bars()) == 1
        assert whole_rows_of(at) >= 3, (width, high)
        for bar in at.desk.queue.bars():
            assert bar.visibleRegion().boundingRect() == bar.rect()
        for card in at.desk.stage.running.shown():
            assert card.stop.visibleRegion().boundingRect() == card.stop.rect()


async def test_a_panel_that_is_higher_takes_rows_away(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: where rows are as high as once, fewer than three are whole."""
    monkeypatch.setattr(whole_rows, "LEAST", 88)
    at = await sit(full(running=3).shown())
    at.shell.resize(1366, 728)
    await settle(at)
    assert whole_rows_of(at) < 3


async def test_what_is_told_lies_over_the_right_column_and_moves_nothing(sit: Any) -> None:
    at = await sit(full(running=1).shown())
    at.shell.resize(1366, 728)
    await settle(at)
    desk = at.desk
    parts: list[QWidget] = [
        desk.stage,
        desk.queue,
        *desk.queue.rows(),
        *desk.queue.bars(),
        desk.left,
        desk.side,
    ]
    before = [part.geometry() for part in parts]
    desk.notice.tell("引擎没有回应，正在重新连接。促销由引擎计时，它回来就接着。", "live")
    await settle(at)
    assert [part.geometry() for part in parts] == before
    over = desk.side.rect().translated(desk.side.mapTo(desk, desk.side.rect().topLeft()))
    assert over.contains(desk.notice.geometry())
    assert desk.notice.visibleRegion().boundingRect() == desk.notice.rect()


def test_the_limits_of_a_row_are_the_sketches() -> None:
    assert (LEAST, MOST) == (52, 69)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "high", "rows"), [(960, 520, 2), (1024, 640, 3)])
async def test_in_the_smallest_windows_rows_and_keys_are_whole(
    sit: Any, language: str, width: int, high: int, rows: int
) -> None:
    i18n.use(language)
    at = await sit(full(running=3).shown())
    at.shell.setMinimumSize(width, high)
    at.shell.resize(width, high)
    await settle(at)
    assert (at.shell.width(), at.shell.height()) == (width, high)
    assert whole_rows_of(at) >= rows
    for row in at.desk.queue.rows()[:rows]:
        for key in row._keys():
            assert key.visibleRegion().boundingRect() == key.rect(), (row.face.title, key.accessibleName())
    for card in at.desk.stage.running.shown():
        assert card.stop.visibleRegion().boundingRect() == card.stop.rect()
    for bar in at.desk.queue.bars():
        assert bar.key.visibleRegion().boundingRect() == bar.key.rect()


def test_the_stage_is_two_lines_only_where_large_type_leaves_no_other_way() -> None:
    lack = {DeskColumn.MIDDLE: 400}
    assert Fold.LINES in folded(LOWEST - 1, lack, GIVES)
    assert Fold.LINES not in folded(LOWEST, lack, GIVES)
