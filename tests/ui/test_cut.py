"""Where there is too little room: what a cut text may end in, and what the desk gives up in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.looking import look
from tests.ui.rooms import manual_state, planned, sample_state
from tests.ui.shots import settle
from ui import i18n, theme
from ui.panels.on_air import OnAirStrip
from ui.panels.queue.titled import show_title
from ui.panels.stage import StagePanel
from ui.widgets import PlainLabel
from ui.widgets.cut import elided

pytestmark = pytest.mark.usefixtures("dressed")
UI = Path(__file__).resolve().parents[2] / "ui"


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("zh")


def _halves(text: str, shown: str) -> list[str]:
    """Numbers of a text of which a part alone is shown."""
    whole = re.findall(r"¥?[\d.,:]*\d", text)
    return [each for each in re.findall(r"¥?[\d.,:]*\d|¥", shown) if each not in whole]


@pytest.mark.parametrize(
    "text", ["秒杀 5 双 ¥29.90 × 200", "¥1,280.00", "8 件 · 12 件下架", "19:45 起 (¥199)"]
)
def test_a_number_is_never_cut(dressed: QApplication, text: str) -> None:
    """Twin: Qt's own cut shows another price at some width."""
    metrics = QFontMetrics(theme.font("base"))
    widths = range(metrics.horizontalAdvance(text) + 4)
    shown = [elided(text, metrics, width) for width in widths]
    assert not [each for each in shown if _halves(text, each)]
    assert all(
        metrics.horizontalAdvance(each) <= width for width, each in enumerate(shown) if each not in "…"
    )
    assert shown[-1] == text
    own = [metrics.elidedText(text, Qt.TextElideMode.ElideRight, width) for width in widths]
    assert [each for each in own if _halves(text, each)]


def test_text_is_shortened_in_one_place() -> None:
    users = {path.name for path in UI.rglob("*.py") if "elidedText" in path.read_text(encoding="utf-8")}
    assert users == {"cut.py"}


@pytest.mark.parametrize("width", [684, 520])
@pytest.mark.parametrize("state", [sample_state, manual_state])
def test_of_promotions_that_share_a_line_each_has_its_name(
    qtbot: QtBot, dressed: QApplication, language: str, state: object, width: int
) -> None:
    assert callable(state)
    made = StagePanel()
    qtbot.addWidget(made)
    made.set_low(True)
    made.resize(width, 400)
    made.show()
    look(made, state())
    settle(dressed)
    shown = made.running.shown()
    assert shown
    for card in shown:
        (said,) = card.title._pieces(card.title.width())
        assert card.title.isVisible()
        assert len(said.rstrip("…")) >= 2, said
        # Its kind stands before it as a sign: where that is all that fits, what tells it apart is said alone.
        assert said[:2] in {form[:2] for form in (card.title.text(), *card.title._shorter)}
        time_or_state = card.state if card.is_unsettled and len(shown) > 1 else card.ring
        assert time_or_state.isVisible()
        assert not card.title.geometry().intersects(card.stop.geometry())
        assert card.rect().contains(card.stop.geometry())


def _strip(qtbot: QtBot, width: int) -> tuple[QWidget, OnAirStrip]:
    """In a window that does not grow with it."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(width, 200)
    made = OnAirStrip(window)
    made.resize(width, 120)
    window.show()
    return window, made


def test_the_strip_keeps_the_names_of_sources_while_they_have_room(
    qtbot: QtBot, dressed: QApplication, language: str
) -> None:
    _window, made = _strip(qtbot, 1366)
    look(made, planned(counting=True).shown())
    settle(dressed)
    assert made._signs[0].words.text() == made._signs[0].accessibleName()


@pytest.mark.parametrize(("width", "scale"), [(960, 1.0), (1366, 1.0), (1366, 1.5), (1366, 2.0)])
def test_nothing_of_the_strip_meets_with_the_key_of_sharing(
    qtbot: QtBot, dressed: QApplication, language: str, width: int, scale: float
) -> None:
    theme.apply(dressed, "dark", text_scale=scale)
    try:
        _window, made = _strip(qtbot, width)
        look(made, manual_state())
        made.show_shared(i18n.t("{n} 台要加入", n=2), i18n.t("加入 {n}", n=2), "warn", "")
        settle(dressed)
        parts = [
            made.pill, made.title.parentWidget(), made.online, made.gmv, made.orders, made.rate, made.shared,
            made.alarm, made._signs_box, made.halt,
        ]  # fmt: skip
        seen = [part for part in parts if part is not None and part.isVisible()]
        assert made._row.minimumSize().width() <= width
        for before, after in pairwise(seen):
            assert before.geometry().right() < after.geometry().left()
        assert {made.pill, made.shared, made.alarm, made.halt} <= set(seen)
    finally:
        theme.apply(dressed, "dark")


def test_what_it_costs_stays_where_its_name_has_no_room(dressed: QApplication) -> None:
    label = PlainLabel("", elide=True)
    show_title(label, "flash_sale", "秒杀 羊毛手套 男女同款 ¥98 × 5", "羊毛手套 男女同款")
    measure = QFontMetrics(label.font()).horizontalAdvance
    shown = {width: label._pieces(width)[0] for width in range(measure(label.text()) + 9)}
    assert shown[measure(label.text()) + 1] == label.text()
    assert shown[measure("羊毛手套 男女同款 ¥98 × 5") + 1] == "羊毛手套 男女同款 ¥98 × 5"
    assert "羊毛… ¥98 × 5" in shown.values()
    assert "秒杀 羊毛手套…" not in shown.values(), "the twin: cut at its end, without the price"
    assert all(measure(text) <= width for width, text in shown.items() if text != "…")
    show_title(label, "coupon", "优惠券 手套立减 8 元", "")
    assert (label.text(), label._pieces(measure("手套立减…") + 1)) == ("优惠券 手套立减 8 元", ["手套立减…"])
