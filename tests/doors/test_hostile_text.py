"""Hostile texts in every widget that can show them: they are read as they were written, and do nothing."""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyleOptionViewItem, QWidget

from liveconsole.views.feed import Feed
from tests.doors.hostile import LIVELY, MAGENTA, hostile
from tests.doors.screens import Screens, said, wrongs
from tests.goals import within
from tests.ui.committed import comment
from ui import theme
from ui.clean import clean
from ui.panels.cart.rows import CartRow
from ui.panels.feed.view import FeedView
from ui.program.report_pdf import _document
from ui.widgets import Chip, FireButton, PlainLabel, plain

pytestmark = pytest.mark.usefixtures("dressed")
TEXTS = hostile()
HEAVY = sorted(TEXTS, key=len)[-12:] + [s for s in TEXTS if not s.isascii() and len(set(s)) * 8 < len(s)]
VISIBLE_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Signs of category Cf that are seen."""
PAINT_MS = 2.0


@pytest.fixture(scope="module")
def screens(qapp: QApplication) -> Iterator[Screens]:
    theme.apply(qapp)
    made = Screens()
    yield made
    made.close()
    for each in made.kept.values():
        each.deleteLater()
    qapp.processEvents()


@pytest.fixture
def picture(tmp_path: Path) -> str:
    """An image that a careless label would load."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor(MAGENTA))
    path = tmp_path / "magenta.png"
    assert image.save(str(path))
    return str(path)


def test_there_are_enough_of_them() -> None:
    assert len(TEXTS) >= 500
    assert len(set(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize("cap", [24, 40, 500])
def test_what_is_painted_is_tame(cap: int) -> None:
    for text in TEXTS:
        shown = clean(text, cap)
        assert len(shown) <= cap + 2, text[:40]
        assert "\n" not in shown
        pile = joins = 0
        for letter in shown.removeprefix("\u2068").removesuffix("\u2069"):
            kind = unicodedata.category(letter)
            assert kind not in ("Cc", "Cs", "Zl", "Zp"), text[:40]
            assert kind != "Cf" or letter in VISIBLE_FORMAT or letter == "\u200d", text[:40]
            pile = pile + 1 if kind in ("Mn", "Me") else 0
            joins = 0 if letter.isspace() else joins + (letter == "\u200d")
            assert pile <= 4, text[:40]
        assert "\u200d" * 2 not in shown


def test_no_character_that_steers_the_others_is_left() -> None:
    for number in range(0x110000):
        kind = unicodedata.category(chr(number))
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and chr(number) not in VISIBLE_FORMAT | {"\u200d"}:
            assert clean(f"a{chr(number)}b") in ("ab", "a b"), hex(number)


def test_what_needs_no_cleaning_stays_as_it_is() -> None:
    for text in (
        "<b>羊绒</b>",
        "a & b",
        "100% 山羊绒 ¥99",
        "😀 好看",
        "é à ñ",
        "हिन्दी",
        "ไทยที่นี่",
        "👨‍👩‍👧‍👦",
        "🇨🇳",
    ):
        assert clean(text) == text


@pytest.mark.parametrize("part", range(10))
def test_every_panel_shows_them_as_they_are(screens: Screens, part: int) -> None:
    for text in TEXTS[part::10]:
        screens.show(text)
        _check(screens, text)


def test_every_sheet_and_widget_shows_them_as_they_are(screens: Screens, qapp: QApplication) -> None:
    style = qapp.styleSheet()
    some = random.Random(3).sample(TEXTS, 10) + [s for s in TEXTS if s.startswith("&")][:3] + list(LIVELY[:3])
    for text in some:
        screens.open(text)
        _check(screens, text, made=True)
    screens.close()
    assert qapp.styleSheet() == style


LITERAL = ("strip", "cart", "stage", "queue", "feed", "manual", "stock", "winners", "widgets", "products")
"""Where the text itself must be found; the others show it in parts, or only when chosen."""


def _check(screens: Screens, text: str, *, made: bool = False) -> None:
    first = next(iter(text.splitlines()), "")
    wanted = " ".join(clean(first, 24).replace("\u2068", "").replace("\u2069", "").split())[:10].rstrip(
        "\u200d "
    )
    for name, widget in (screens.made if made else screens.kept).items():
        assert not (found := list(wrongs(widget))), (name, text[:60], found[:3])
        if name in LITERAL and wanted:
            assert wanted in " ".join(said(widget).split()), (name, text[:60], wanted)


# Pixels -----------------------------------------------------------------------------------------------


def magenta(widget: QWidget) -> int:
    """Pixels that only somebody's mark-up can have painted."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits()).count(QColor(MAGENTA).rgb().to_bytes(4, "little"))


@pytest.mark.parametrize("lively", LIVELY)
def test_nothing_is_painted_that_was_only_described(screens: Screens, picture: str, lively: str) -> None:
    text = lively.replace("{file}", picture)
    screens.show(text)
    if lively in LIVELY[::4]:
        screens.open(text)
    for name, widget in screens.each():
        assert magenta(widget) == 0, name
    screens.close()


@pytest.mark.parametrize("lively", LIVELY[:3])
def test_twin_a_bare_label_paints_it(qapp: QApplication, picture: str, lively: str) -> None:
    label = QLabel(lively.replace("{file}", picture))
    label.resize(400, 80)
    assert magenta(label) > 100
    label.setTextFormat(Qt.TextFormat.PlainText)
    assert magenta(label) == 0


def test_twin_text_in_a_style_sheet_changes_the_style(qapp: QApplication) -> None:
    label = QLabel("x")
    label.resize(80, 40)
    label.setStyleSheet(LIVELY[3])
    assert magenta(label) > 100


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (lambda: QLabel("<b>x</b>"), "guesses at mark-up"),
        (lambda: QPushButton("&Fire"), "made a shortcut"),
        (lambda: _with(QWidget(), "setToolTip", "<b>x</b>"), "tooltip"),
        (lambda: _with(QWidget(), "setStyleSheet", "* {}"), "style"),
        (lambda: _with(QWidget(), "setWindowTitle", "x"), "title"),
    ],
)
def test_twin_the_check_sees_what_is_wrong(qapp: QApplication, bad: Callable[[], QWidget], why: str) -> None:
    (found,) = wrongs(bad())
    assert why in found


def _with(widget: QWidget, what: str, text: str) -> QWidget:
    getattr(widget, what)(text)
    return widget


def test_a_line_is_the_same_picture_as_its_letters_painted_one_by_one(qapp: QApplication) -> None:
    """Mark-up is seen with all its brackets: as wide as plain letters, and not as its meaning would be."""
    for text in ("<b>x</b>", "&lt;", "<img src='x'>", "a&b", "&nbsp;", "<br>", "\\n"):
        label = PlainLabel(text)
        label.resize(200, 24)
        wide = _ink(label)
        assert abs(wide - label.fontMetrics().horizontalAdvance(text)) <= 4, text


def _ink(widget: QWidget) -> int:
    """From the first column that is painted to the last."""
    image = widget.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    used = [
        x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))
    ]
    return used[-1] - used[0] + 1 if used else 0


def test_the_report_on_paper_reads_no_file(qapp: QApplication, picture: str) -> None:
    """Its page is escaped before it gets here; a hole there must still not read the disk."""
    body = f"<p>x</p><img src='{picture}' width=64 height=64><img src='file://{picture}'>"
    assert _on_paper(_document(body, "<svg/>", (10, 10), QSizeF(300, 300))) == 0
    careless = QTextDocument()
    careless.setHtml(body)
    assert _on_paper(careless) > 100


def _on_paper(document: QTextDocument) -> int:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    document.drawContents(painter)
    painter.end()
    return bytes(image.constBits()).count(QColor(MAGENTA).rgb().to_bytes(4, "little"))


# Time -------------------------------------------------------------------------------------------------


def _paint_ms(widget: QWidget, again: Callable[[], None]) -> float:
    """The quickest of some paintings from nothing: the machine's other work is not what is measured."""
    target = QImage(widget.size(), QImage.Format.Format_ARGB32_Premultiplied)
    best = 1e9
    for _ in range(6):
        again()
        began = time.thread_time()
        widget.render(target)
        best = min(best, (time.thread_time() - began) * 1000)
    return best


@pytest.mark.parametrize("make", [PlainLabel, Chip, FireButton], ids=lambda made: made.__name__)
def test_a_line_of_it_is_painted_in_time(qapp: QApplication, make: Callable[[str], QWidget]) -> None:
    for text in HEAVY:
        widget = make(text)
        widget.resize(360, 28)
        within(_paint_ms(widget, lambda w=widget: setattr(w, "_broken", None)), PAINT_MS, text[:40])  # type: ignore[misc]


def test_a_row_of_the_feed_is_painted_in_time(qapp: QApplication) -> None:
    for text in HEAVY:
        feed = Feed()
        view = FeedView(feed)
        view.resize(400, view.row_height * 10)
        feed.fold([comment(n, f"{n}{text}"[:500], name=text[:500], viewer=f"p{n}") for n in range(10)])
        view.refresh()
        rows = len(view.visible())
        within(_paint_ms(view, view.paints.measure) / rows, PAINT_MS, text[:40])


def test_a_row_of_the_cart_is_painted_in_time(qapp: QApplication, screens: Screens) -> None:
    delegate, model = screens.cart.list.itemDelegate(), screens.cart.model
    target = QImage(QSize(360, 64), QImage.Format.Format_ARGB32_Premultiplied)
    for text in HEAVY:
        model.show_rows([CartRow(1, "p", clean(text, 200), 1, 1, True, "", False, ())])
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, 360, 64)
        best = 1e9
        for _ in range(6):
            painter = QPainter(target)
            began = time.thread_time()
            delegate.paint(painter, option, model.index(0))
            best = min(best, (time.thread_time() - began) * 1000)
            painter.end()
        within(best, PAINT_MS, text[:40])


def test_twin_without_the_cap_it_takes_too_long(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "clean", lambda text, *_, **__: text)
    slow = 0
    for text in HEAVY:
        widget = PlainLabel(text, most=len(text))
        widget.resize(360, 28)
        slow += _paint_ms(widget, lambda w=widget: setattr(w, "_broken", None)) > PAINT_MS  # type: ignore[misc]
    assert slow >= 3
