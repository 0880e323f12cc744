"""The composer's choice among many kinds: one key each, the same in every room, and why one cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import State
from tests.ui.fake_bus import until
from tests.ui.rooms import empty_state, sample_state
from tests.ui.test_composer import Composing
from ui import theme
from ui.kinds import KINDS, name_of
from ui.panels.composer.choice import LETTERS, KindBox, key_of
from ui.panels.composer.forms import FORMS
from ui.seat.room import RoomView

ELEVEN = [*KINDS, *(f"later-{n}" for n in range(11 - min(11, len(KINDS))))]


@pytest_asyncio.fixture
async def composing(dressed: QApplication) -> AsyncIterator[Composing]:
    made = Composing()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def box(qtbot: QtBot, dressed: QApplication) -> KindBox:
    made = KindBox(ELEVEN)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("row", range(11))
@pytest.mark.parametrize("open_", [False, True])
def test_each_of_eleven_kinds_is_one_key_away(box: KindBox, qtbot: QtBot, row: int, open_: bool) -> None:
    box.setCurrentIndex((row + 1) % 11)
    if open_:
        box.showPopup()
    with qtbot.waitSignal(box.picked):
        QTest.keyClicks(box.view() if open_ else box, key_of(row).lower())
    assert (box.currentIndex(), box.view().isVisible()) == (row, False)


def test_no_two_kinds_have_one_key() -> None:
    assert len(set(LETTERS)) == len(LETTERS) >= len(ELEVEN)
    assert len(FORMS) <= len(LETTERS)
    assert key_of(len(LETTERS)) == ""


@pytest.mark.parametrize("key", ["z", "-", " ", "g"])
def test_a_key_that_no_kind_has_chooses_nothing(box: KindBox, key: str) -> None:
    before = box.currentIndex()
    assert not box.pick(key)
    assert box.currentIndex() == before


def test_what_is_fixed_is_not_chosen_by_a_key(box: KindBox) -> None:
    box.setEnabled(False)
    assert not box.pick("2")
    assert box.currentIndex() == 0


def test_the_open_list_shows_the_shape_in_its_colour_and_the_name(box: KindBox, qtbot: QtBot) -> None:
    box.show_lacks({ELEVEN[1]: "还没有商品"})
    box.showPopup()
    view = box.view()
    place = view.visualRect(view.model().index(0, 0))
    picture = view.viewport().grab(place).toImage()
    tone = QColor(theme.hexa(KINDS[ELEVEN[0]].TONE)).name()
    seen = {picture.pixelColor(x, y).name() for x in range(40) for y in range(picture.height())}
    assert tone in seen
    assert view.sizeHintForColumn(0) <= view.width()
    said = box.itemData(1, Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"{name_of(ELEVEN[1])} 还没有商品 2"
    box.hidePopup()


@pytest.mark.parametrize("mended", [True, False], ids=["whole", "twin"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_last_row_of_an_open_list_is_whole(
    qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch, scale: float, mended: bool
) -> None:
    theme.apply(dressed, "dark", text_scale=scale)
    if not mended:
        monkeypatch.setattr(KindBox, "_show_last_row", lambda _self: None)
    box = KindBox(ELEVEN)
    box.setProperty("look", "title")
    qtbot.addWidget(box)
    box.show()
    for _ in range(2):  # the second opening has what the first left
        box.showPopup()
        view = box.view()
        dressed.processEvents()
        last = view.visualRect(view.model().index(len(ELEVEN) - 1, 0))
        assert (last.bottom() < view.viewport().height()) == mended
        assert (view.verticalScrollBar().maximum() == 0) == mended
        box.hidePopup()
    theme.apply(dressed, "dark")


async def test_f2_and_a_digit_choose_and_the_keyboard_goes_on_to_the_form(composing: Composing) -> None:
    sheet = composing.sheet
    sheet.begin()
    sheet.activateWindow()
    await until(lambda: QApplication.focusWidget() is not None)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F2)
    assert sheet.top.kinds.view().isVisible()
    QTest.keyClicks(sheet.top.kinds.view(), "2")
    assert sheet.form.kind == list(FORMS)[1]
    focus = QApplication.focusWidget()
    assert focus is not None
    assert sheet.form.isAncestorOf(focus)


def _lacking(state: State) -> set[str]:
    return {kind for kind, form in FORMS.items() if form.lacks(RoomView(state))}


def test_in_a_room_without_products_what_is_about_one_says_so(dressed: QApplication) -> None:
    empty = _lacking(empty_state())
    assert {"flash_sale", "pin"} <= empty
    assert not {"coupon", "lucky_bag"} & empty
    assert not _lacking(sample_state()), "twin: with products nothing lacks"
    for kind in empty:
        form = FORMS[kind]()
        form.show_room(RoomView(empty_state()))
        assert form.draft() is None, kind
        form.deleteLater()


async def test_only_the_form_of_a_chosen_kind_is_made(composing: Composing) -> None:
    """All of them at once held the desk up for a quarter of a second."""
    sheet = composing.sheet
    kinds = list(FORMS)
    assert list(sheet._forms) == kinds[:1]
    typed = sheet.form.first
    assert isinstance(typed, QLineEdit)
    typed.setText("12")
    sheet.choose(kinds[3])
    assert list(sheet._forms) == [kinds[0], kinds[3]]
    sheet.choose(kinds[0])
    assert (sheet.form.first, typed.text()) == (typed, "12"), "what was typed is kept"
