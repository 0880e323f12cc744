"""The windows of the shop, the boards, the customers, the past and the plan at twice the size of type, in the
language with the longer words, on the smallest screen that people have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.ui import customer_rooms, shop_rooms
from tests.ui.board_rooms import NOW, board
from tests.ui.fake_bus import FakeBus
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.past_rooms import past
from tests.ui.prepare_rooms import prepared
from tests.ui.rooms import empty_state
from tests.ui.sections import show
from tests.ui.test_composer import Composing
from ui import i18n, theme
from ui.panels.composer.forms import FORMS
from ui.panels.on_air.strip import OnAirStrip
from ui.seat.seat import Seat
from ui.widgets.notices import EmptyState
from ui.widgets.placed import line_high
from ui.windows.boards.window import BoardsWindow
from ui.windows.customers.window import CustomersWindow
from ui.windows.history import row
from ui.windows.history.facts import facts_of
from ui.windows.history.window import HistoryWindow
from ui.windows.prepare.window import PrepareWindow

pytestmark = pytest.mark.usefixtures("large")
SIZE = (1366, 768)
BESIDE_THE_RESULT = 850
"""Pixels that the fields of a promotion have there."""


async def nobody() -> FakeBus:
    raise AssertionError("this seat joins nobody")


def _shop() -> QWidget:
    made = shop_rooms.shop_window()
    shop_rooms.show(made)
    return made


def _customers() -> QWidget:
    made = CustomersWindow(Seat(nobody), "host")
    page = customer_rooms.page("quintiles", 16)
    made.reading.person = lambda viewer_id: None  # type: ignore[method-assign]
    made.show_page(page, page.rows)
    made.show_worth(customer_rooms.worth(young=False))
    made.person.show_person(page.rows[0].viewer_id, customer_rooms.profile(member=True))
    made.birthdays.show_members(customer_rooms.born_today(4, 20))
    return made


def _boards() -> QWidget:
    seat = Seat(nobody)
    seat.now = lambda: NOW  # type: ignore[method-assign]
    made = BoardsWindow(seat)
    made.show_page(board())
    made.show_level("decision")
    return made


def _plan() -> QWidget:
    made = PrepareWindow(Seat(nobody))
    made.show_page(prepared())
    return made


def _history() -> QWidget:
    made = HistoryWindow(Seat(nobody))
    made.show_page(past())
    return made


@pytest.fixture
def large(dressed: QApplication) -> Iterator[None]:
    i18n.use("en")
    theme.apply(dressed, "light", text_scale=2.0)
    yield
    i18n.use("zh")
    theme.apply(dressed, "dark")


async def _faults(make: Callable[[], QWidget]) -> list[str]:
    made = make()
    made.show()
    made.resize(*SIZE)
    for _ in range(10):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()
    found = [str(fault) for fault in (*faults(made), *painted_faults(made))]
    if (made.width(), made.height()) != SIZE:
        found.append(f"needs {made.width()} x {made.height()}")
    made.close()
    made.deleteLater()
    return found


@pytest.mark.parametrize("make", [_shop, _customers, _boards, _plan, _history])
async def test_it_is_whole_at_twice_the_size(make: Callable[[], QWidget]) -> None:
    assert await _faults(make) == []


def _crowded(width: int) -> list[str]:
    """What of a row has no room of its own, or less than its line is high."""
    row.columns.cache_clear()
    (facts, *_) = (facts_of(one, {}) for one in past().rows)
    texts = row.lay_out(facts, width).texts
    named = [text.room.width() for text in texts if text.whole == facts.title]
    found = [] if named and named[0] >= 2 * 140 else [f"the name has {named}"]
    found += [f"{text.text} is cut" for text in texts if text.room.height() < line_high(text.role) * 0.8]
    for n, one in enumerate(texts):
        found += [
            f"{one.text} meets {other.text}" for other in texts[n + 1 :] if one.room.intersects(other.room)
        ]
    return found


@pytest.mark.parametrize("width", [940, 1340, 1900])
def test_a_row_of_the_past_gives_its_name_room(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: rows that keep all their figures run into the name; lines of a fixed height are cut."""
    assert _crowded(width) == []
    monkeypatch.setattr(row, "_lines", lambda: row._LINES)
    assert _crowded(width)
    monkeypatch.undo()
    monkeypatch.setattr(row, "_NAME_LEAST", float("-inf"))
    assert _crowded(width) or width > 1800
    row.columns.cache_clear()


async def test_the_composer_has_nothing_that_lies_beyond_its_edge() -> None:
    made = Composing()
    sheet = await made.open()
    for kind in FORMS:
        sheet.choose(kind)
        for _ in range(10):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        inside = sheet.findChildren(QScrollArea)[0].widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= BESIDE_THE_RESULT, kind
    await made.close()


def test_what_yields_its_place_keeps_its_words_whole_at_every_height() -> None:
    place = QWidget()  # a window of its own would never be lower than it asks for
    made = EmptyState("box", "Nothing is pinned", "Choose one in the cart and press Pin").yields()
    made.setParent(place)
    place.show()
    cut = []
    for high in (*range(112, 240, 7), *range(240, 112, -3), 400, 112):
        made.resize(860, high)
        for _ in range(3):
            QApplication.sendPostedEvents()
        cut += [high for each in (made.title, made.hint) if each.height() < each.sizeHint().height()]
    place.close()
    assert cut == [], "letters are cut"


def test_whether_it_is_on_air_is_never_cut() -> None:
    strip = OnAirStrip()
    show(strip, empty_state())
    strip.resize(1366, 96)
    strip.show()
    strip._simulated = True
    strip.tick(NOW)
    QApplication.sendPostedEvents()
    assert strip.pill.text() == "Rehearsal · not begun"
    assert not strip.pill.is_cut()
    strip.close()
