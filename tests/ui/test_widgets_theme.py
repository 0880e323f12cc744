"""The look holds its promises: contrast, one shape a kind, every drawing there and drawable."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, product
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

import ui
from liveconsole.respath import resources
from liveconsole.views.shades import contrast, mix
from ui import theme
from ui.kinds import KINDS, kind_of
from ui.theme import fonts, icons, qss
from ui.theme.tokens import COLOUR_NAMES, DARK, PLAYS, TEXT_TONES, THEMES, field_edge, soft, solid

READABLE = 4.5
SEEN = 3.0
GROUNDS = ("bg0", "bg1", "bg2")


@pytest.mark.parametrize(("name", "tone", "ground"), list(product(THEMES, TEXT_TONES, GROUNDS)))
def test_text_can_be_read(name: str, tone: str, ground: str) -> None:
    tokens = THEMES[name]
    assert contrast(getattr(tokens, tone), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize(("name", "tone", "way"), list(product(THEMES, TEXT_TONES, (soft, solid))))
def test_text_on_a_tinted_or_filled_ground_can_be_read(name: str, tone: str, way) -> None:  # type: ignore[no-untyped-def]
    ground, ink = way(THEMES[name], tone)
    assert contrast(ground, ink) >= READABLE


@pytest.mark.parametrize("name", THEMES)
def test_text_on_the_tinted_rows_of_the_feed_can_be_read(name: str) -> None:
    tokens = THEMES[name]
    grounds = [
        mix(tokens.bg1, c, s) for c, s in ((tokens.ok, 0.13), (tokens.warn, 0.11), (tokens.accent, 0.1))
    ]
    assert min(contrast(ground, tokens.fg1) for ground in grounds) >= READABLE
    assert contrast(grounds[0], soft(tokens, "ok")[1]) >= READABLE
    assert contrast(grounds[2], soft(tokens, "accent")[1]) >= READABLE


@pytest.mark.parametrize("name", THEMES)
def test_what_an_empty_line_asks_for_can_be_read_as_it_is_painted(name: str, qapp: QApplication) -> None:
    try:
        theme.apply(qapp, name)
        line = QLineEdit()
        line.setPlaceholderText("■■■■■■")
        line.resize(300, 40)
        line.show()
        qapp.processEvents()
        picture = line.grab().toImage()
        seen = Counter(picture.pixelColor(x, y).name() for x in range(10, 90) for y in range(8, 32))
        (ground, _), (ink, _) = seen.most_common(2)
        assert contrast(ground, ink) >= READABLE
    finally:
        theme.apply(qapp)


@pytest.mark.parametrize(("name", "ground"), list(product(THEMES, GROUNDS)))
def test_where_something_can_be_written_is_seen(name: str, ground: str) -> None:
    tokens = THEMES[name]
    assert contrast(field_edge(tokens), getattr(tokens, ground)) >= SEEN
    assert field_edge(tokens) in qss.style_sheet(tokens)


def test_contrast_is_the_published_measure() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#6E7B89", DARK.bg1) < READABLE  # the grey that the first drafts had


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_is_one(name: str) -> None:
    for field in COLOUR_NAMES:
        assert QColor(getattr(THEMES[name], field)).isValid()


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_sets_no_size_of_type(name: str) -> None:
    sheet = qss.style_sheet(THEMES[name])
    assert "{" in sheet
    assert not re.search(r"font(-size|-family|-weight)?\s*:", sheet)


def test_no_panel_names_a_colour_of_its_own() -> None:
    found = [
        path.name
        for folder in ("widgets", "panels", "windows")
        for path in (Path(ui.__file__).parent / folder).rglob("*.py")
        if re.search(r"[\"']#[0-9A-Fa-f]{6}", path.read_text("utf-8"))
    ]
    assert found == []


def test_each_kind_has_its_own_colour_and_its_own_shape() -> None:
    kinds = list(KINDS.values())
    assert len({kind.ICON for kind in kinds}) == len({kind.TONE for kind in kinds}) == len(kinds)
    assert len({icons._source(kind.ICON) for kind in kinds}) == len(kinds)
    assert {kind.TONE for kind in kinds} <= set(TEXT_TONES)
    assert {"开抢", "发券", "发福袋", "讲解"} <= {kind.FIRE[0] for kind in kinds}


SHAPES = sorted(path.stem for path in (resources() / "icons").glob("kind-*.svg"))


def _covered(name: str) -> set[tuple[int, int]]:
    picture = icons.pixmap(name, "#FF0000", 24).toImage()
    return {(x, y) for x in range(24) for y in range(24) if picture.pixelColor(x, y).alpha() > 127}


def _alike(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> float:
    return len(one & other) / len(one | other)


@pytest.mark.parametrize(("one", "other"), list(combinations(SHAPES, 2)))
def test_no_two_kinds_cover_the_same_ground(dressed: QApplication, one: str, other: str) -> None:
    assert _alike(_covered(one), _covered(other)) < 0.84, "colour is never the only sign"


def test_twin_a_shape_is_like_itself_a_pixel_away(dressed: QApplication) -> None:
    assert _alike(_covered("kind-bag"), {(x + 1, y) for x, y in _covered("kind-bag")}) > 0.84


@pytest.mark.parametrize("name", THEMES)
def test_the_colours_of_kinds_are_as_many_as_there_are_shapes(name: str) -> None:
    tones = ("accent", "flash", "coupon", "bag", *PLAYS)
    assert len(tones) == len(SHAPES) == len({getattr(THEMES[name], tone) for tone in tones})
    for one, other in combinations(tones, 2):
        a, b = QColor(getattr(THEMES[name], one)), QColor(getattr(THEMES[name], other))
        apart = abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())
        assert apart >= 24, (one, other)


def test_a_kind_of_a_later_version_has_a_neutral_look() -> None:
    assert kind_of("auction").TONE == "fg1"
    assert kind_of(None) is kind_of("auction")


@pytest.mark.parametrize("path", sorted((resources() / "icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_drawing_draws_in_the_asked_colour(dressed: QApplication, path: Path) -> None:
    picture = icons.pixmap(path.stem, "#FF0000", 48).toImage()
    drawn = {
        picture.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if picture.pixelColor(x, y).alpha() == 255
    }
    own_colour = "currentColor" not in path.read_text("utf-8")
    assert drawn
    assert own_colour or "#ff0000" in drawn


def test_every_drawing_that_is_named_is_there() -> None:
    there = {path.stem for path in (resources() / "icons").glob("*.svg")}
    named = set()
    for folder in ("widgets", "panels", "windows", "theme"):
        for path in (Path(ui.__file__).parent / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            named |= set(re.findall(r"icon=\"([a-z-]+)\"", text)) | set(
                re.findall(r"(?<!\w)Mark\(\"([a-z-]+)\"", text)
            )
    assert named
    assert named - there == set()


def test_chinese_can_be_shown_and_digits_stand_still(dressed: QApplication) -> None:
    if not fonts.shows_chinese():
        pytest.skip("no Chinese font on this machine: apt install fonts-noto-cjk")
    metrics = QFontMetricsF(theme.font("kpi"))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_type_grows_with_the_text_scale(dressed: QApplication) -> None:
    before = theme.font("price").pixelSize()
    fonts.set_text_scale(2.0)
    try:
        assert theme.font("price").pixelSize() == 2 * before
    finally:
        fonts.set_text_scale(1.0)


def test_a_theme_dresses_what_is_open(dressed: QApplication) -> None:
    label = QLabel("x")
    theme.apply(dressed, "light")
    assert label.palette().windowText().color() == QColor(THEMES["light"].fg0)
    assert theme.hexa("bg0") == THEMES["light"].bg0
    assert dressed.font().pixelSize() == fonts.ROLES["base"][0]
    assert dressed.font().weight() == QFont.Weight.Normal


def test_another_theme_goes_through_every_widget_once(dressed: QApplication) -> None:
    """Counted: what a switch costs is what it makes each widget do."""

    class Counted(QWidget):
        styled = 0

        def changeEvent(self, event: QEvent) -> None:
            self.styled += event.type() == QEvent.Type.StyleChange

    widget = Counted()
    widget.show()
    widget.styled = 0
    theme.apply(dressed, "light")
    assert widget.styled == 1
    dressed.setProperty(theme._FUSION, False)
    theme.apply(dressed, "dark")
    assert widget.styled > 2, "the twin: the style is set again"
    widget.close()
