"""How a row of the feed is laid out: long comments wrap, what is cut has a tip, and no row moves another."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from liveconsole.views.feed import Feed, KeptBack
from tests.ui.committed import comment, order
from tests.ui.rooms import sample_state
from tests.ui.sections import show
from ui import i18n
from ui.panels.feed import FeedPanel
from ui.panels.feed import layout as feed_layout
from ui.panels.feed.layout import RowSizes, RowWords, end_room, lay_out

pytestmark = pytest.mark.usefixtures("dressed")

ASKED = "身高 165 体重 52 公斤，平时穿 M，会不会太长？"

MARKED = [("首次", "coupon"), ("〔引到别处〕", "warn")]


@pytest.fixture
def panel(qtbot: QtBot) -> FeedPanel:
    made = FeedPanel(Feed(400))
    qtbot.addWidget(made)
    made.resize(338, 640)
    show(made, sample_state())
    made.show()
    return made


def said(panel: FeedPanel) -> dict[str, int]:
    """Each text in sight and how high it stands."""
    return {each.text: each.rect.height() for each in panel.view.painted()}


@pytest.mark.parametrize("width", [220, 298, 338, 384, 520])
def test_no_text_of_a_row_covers_another_or_leaves_the_row(width: int) -> None:
    sizes = RowSizes()
    for text in (
        "1",
        ASKED,
        ASKED * 9,
        "https://example.com/" + "x" * 300,
        "Is it warm enough for winter? " * 6,
    ):
        for badges, ends in (
            ([], ""),
            ([("已选", "accent"), ("买过", "ok")], ""),
            ([], "×214"),
            (MARKED, ""),
        ):
            words = RowWords("20:16", "一只很长名字的小鹿和她的朋友们", badges, text, ends, counted=True)
            end = width - end_room("×888", sizes)
            laid = lay_out(words, width, end, sizes)
            rects = [each.rect(QPoint()) for each in laid.texts()]
            assert not any(one.intersects(other) for one, other in combinations(rects, 2)), (width, text)
            assert all(each.top() >= 0 and each.bottom() < laid.high for each in rects)
            if width >= 298:
                assert all(each.right() <= (end if ends else width - sizes.side) for each in rects)
            assert laid.lines - len(laid.said.lines) == int(laid.said.top >= sizes.line)
            assert laid.lines <= feed_layout.LINES_MOST
            whole = "".join(laid.said.lines).replace(" ", "") == text.replace(" ", "")
            assert laid.said.full == whole


@pytest.mark.parametrize("lines", [0, 1, 2, 3])
def test_what_was_said_can_be_read_beside_any_badges(lines: int) -> None:
    sizes, width = RowSizes(), 338
    end = width - end_room("×888", sizes)
    for text in ("看我主页有同款", ASKED):
        words = RowWords("20:16", "星星的店", MARKED, text, counted=True)
        laid = lay_out(words, width, end, sizes, lines)
        shown = "".join(laid.said.lines)
        # A column of single letters was what two badges left of it.
        assert len(shown) >= (7 if lines != 1 else 3), (text, laid.said.lines)
        assert laid.badges[-1][0].text == "〔引到别处〕", "what is wrong with it is told in any case"
        assert laid.lines == lines or (not lines and laid.said.top >= sizes.line)


def test_a_long_comment_stands_in_two_lines_and_a_longer_one_in_three(panel: FeedPanel) -> None:
    line = panel.view.paints.sizes.line
    panel.take([comment(1, "好看"), comment(2, ASKED), comment(3, ASKED * 8)])
    assert said(panel)["好看"] == line
    assert said(panel)[ASKED] == 2 * line
    texts = {each.text: each for each in panel.view.painted()}
    assert texts[ASKED].full
    assert not texts[ASKED * 8].full
    assert ASKED * 8 in texts[ASKED * 8].tip
    assert texts[ASKED * 8].rect.height() == 3 * line


def test_twin_without_lines_it_is_cut(panel: FeedPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_layout, "LINES_MOST", 1)
    panel.take([comment(2, ASKED)])
    assert not next(each for each in panel.view.painted() if each.text == ASKED).full


def test_every_row_in_sight_is_whole_and_they_fill_it_from_below(panel: FeedPanel) -> None:
    panel.take([comment(n, f"{n} {ASKED if n % 3 else '好看'}") for n in range(120)])
    view = panel.view
    placed = view._placed_rows()
    assert placed[0].top >= 0
    assert placed[-1].top + placed[-1].laid.high == view.viewport().height()
    assert all(above.top + above.laid.high == below.top for above, below in pairwise(placed))
    room = placed[0].top
    assert room < view.paints.sizes.high(feed_layout.LINES_MOST)


def test_a_badge_or_a_count_more_moves_no_row(panel: FeedPanel) -> None:
    fits = ASKED[:20]
    panel.take([comment(1, "好看"), comment(2, fits, viewer="p2"), comment(3, "多少钱")])
    tops = [placed.top for placed in panel.view._placed_rows()]
    bought = order(4, "o1", "scarf", 9900)
    bought["data"]["buyer"] = {"id": "p2", "name": ""}
    panel.take([bought, comment(5, "好看")])
    placed = panel.view._placed_rows()
    assert [each.top for each in placed][:3] == tops
    assert [word for (word, _) in panel.view._tells.words(placed[1].row).badges] == ["买过"]
    panel.view.paints._forget()
    assert panel.view._placed_rows()[1].laid.lines == 2, "the twin: measured anew it needs a second line"


def test_scrolled_to_the_oldest_all_of_it_is_in_sight_and_nothing_is_passed_over(panel: FeedPanel) -> None:
    texts = [f"{n} {ASKED if n % 2 else '好看'}" for n in range(60)]
    panel.take([comment(n, text) for n, text in enumerate(texts)])
    seen = {row.text for row in panel.view.visible()}
    for _ in range(60):
        QTest.keyClick(panel.view, Qt.Key.Key_PageUp)
        seen |= {row.text for row in panel.view.visible()}
    assert seen == set(texts)
    assert panel.view.visible()[0].text == texts[0]
    panel.view.follow()
    chosen = []
    for _ in range(60):
        QTest.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        assert panel.view.chosen is not None
        chosen.append(panel.view.chosen.text)
        assert panel.view.chosen in panel.view.visible()
    assert chosen == texts[::-1], "the frame goes row by row"


def test_a_click_on_a_name_asks_for_the_card_and_one_beside_it_does_not(panel: FeedPanel) -> None:
    asked: list[tuple[str, str]] = []
    panel.view.person_asked.connect(lambda who, name: asked.append((who, name)))
    nobody = comment(2, "好看", name="路人")
    nobody["data"]["viewer"]["id"] = ""
    panel.take([comment(1, ASKED, name="云朵妈妈", viewer="p7"), nobody])
    names = {each.text: each.rect for each in panel.view.painted()}
    viewport = panel.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=names[ASKED].center())
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=names["路人"].center())
    assert asked == [], "a row without a person has no card"
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=names["云朵妈妈"].center())
    assert asked == [("p7", "云朵妈妈")]
    QTest.mouseMove(viewport, names["云朵妈妈"].center())
    assert viewport.cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_what_lures_or_cheats_is_named_and_never_goes_to_the_host(panel: FeedPanel) -> None:
    picked: list[str] = []
    panel.view.picked.connect(lambda text, count: picked.append(text))
    panel.take([comment(1, "加v❤看主页"), comment(2, "私信我转账"), comment(3, "好看")])
    assert {"〔已拦截：站外引流〕", "〔已拦截：疑似诈骗〕"} <= set(said(panel))
    assert "加v❤看主页" not in said(panel)
    tips = {each.text: each.tip for each in panel.view.painted()}
    assert "加v❤看主页" in tips["〔已拦截：站外引流〕"], "its tip tells the person at the desk"
    panel.view.choose(-1)
    panel.view.choose(-1)
    panel.view.pick()
    assert picked == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_filters_fit_at_every_width_and_the_rest_are_behind_one_key(qtbot: QtBot, language: str) -> None:
    i18n.use(language)
    try:
        made = FeedPanel(Feed(400))
        qtbot.addWidget(made)
        made.show()
        for width in (248, 258, 300, 338, 384, 520):
            made.resize(width, 640)
            made.take([comment(width, "加v❤看主页")])
            QTest.qWait(0)
            shown, behind = made.tabs.in_sight(), [each.text() for each in made.tabs.rest().actions()]
            assert len(shown) + len(behind) == 7
            assert sum(map(made.tabs._bar.wide, range(len(shown)))) <= made.tabs._bar.width()
            assert made.tabs.more.isVisible() == bool(behind)
        made.resize(248, 640)
        made.choose("kept_back")
        assert made.tabs.in_sight()[-1].endswith("1"), "the chosen one is always there, with its count"
        assert [row.text for row in made.view.visible()] == ["加v❤看主页"]
    finally:
        i18n.use("zh")


def test_at_1366_the_six_of_the_sketch_stand_there(panel: FeedPanel) -> None:
    panel.take([comment(n, "加v❤看主页" * n) for n in range(1, 4)])
    QTest.qWait(0)
    assert panel.tabs.in_sight() == ["全部", "提问", "订单", "大额", "未付", "拦截 3"]


def test_what_is_kept_back_is_counted_a_few_rows_at_a_time() -> None:
    feed = Feed(300)
    kept_back = KeptBack(feed)
    feed.fold([comment(n, f"加v❤看主页 {n}") for n in range(200)])
    kept_back.look(64)
    assert kept_back.count == 64
    for _ in range(4):
        kept_back.look(64)
    assert (kept_back.count, kept_back.at_least) == (200, False)
    feed.fold([comment(n, f"加v❤看主页 {n}") for n in range(1_000, 1_600)])
    for _ in range(10):
        kept_back.look(64)
    assert (kept_back.count, kept_back.at_least) == (500, True), "in a flood there are at least so many"
