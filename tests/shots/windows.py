"""Pictures of what else there is to see: the first window, lists and sheets over the desk, winners, the past.

``python -m tests.shots.windows FOLDER``
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["LIVECONSOLE_KEYRING"] = "off"

from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.boards import LEVELS
from liveconsole.messages.shop import ShopFace
from liveconsole.messages.state import State
from tests.shots import png
from tests.ui import shop_rooms
from tests.ui.board_rooms import NOW, board
from tests.ui.clothes import rules_of, wardrobe
from tests.ui.connected_rooms import logged_out
from tests.ui.drill_rooms import drilled
from tests.ui.fake_bus import FakeBus
from tests.ui.host_rooms import host_at, show
from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import WalkedDesk, application
from tests.ui.past_rooms import past
from tests.ui.sitting import Sitting, joined
from ui.preferences.window import SettingsWindow
from ui.seat.seat import Seat
from ui.seat.session import SeatPerson, StartChoice
from ui.seat.shop_kept import KeptShop
from ui.windows.boards.window import BoardsWindow
from ui.windows.history.window import HistoryWindow
from ui.windows.welcome import Welcome

WIDE = (1440, 900)


async def _rest() -> None:
    for _ in range(12):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


async def _window(window: QWidget, file: Path, size: tuple[int, int] = WIDE) -> None:
    window.resize(*size)
    window.show()
    await _rest()
    png.save(window.grab().toImage(), file)
    window.close()
    window.deleteLater()


async def _connections(file: Path) -> None:
    """接入 of a room that is connected to everything, one of them logged out since."""
    made = Sitting()
    made.bus.now_state = logged_out().shown()
    async with joined(made) as at:
        window = SettingsWindow(at.seat, "host")
        window.go_to("")
        await _window(window, file, (900, 860))


async def _desk(file: Path, state: State, does: Callable[[WalkedDesk], object]) -> None:
    """A host's desk in this state, once something was opened on it."""
    with tempfile.TemporaryDirectory() as scratch:
        async with WalkedDesk(Path(scratch), state, "zh") as walked:
            await walked.stand(*WIDE)
            does(walked)
            await walked.stand(*WIDE)
            await _rest()
            png.save(walked.window.grab().toImage(), file)


async def _composer(file: Path) -> None:
    at = wardrobe(platform="manual")

    def fill(walked: WalkedDesk) -> None:
        walked._at.bus.judged = rules_of(at)
        sheet = walked.desk.sheets.compose()
        form = sheet.form
        form.price.setText("269")
        form._one_price()
        for cell in form.grid.cells:
            if cell.title == "米白 XL":
                cell.price.setText("279")
                cell._price_typed()
                cell.set_quantity(3)
        form.touch()
        sheet._timer.stop()
        sheet.judge_now()

    await _desk(file, at.shown(), fill)


async def take(folder: Path) -> None:
    """Write them into ``folder``."""

    async def nobody() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    people = [SeatPerson("云朵", "host"), SeatPerson("小林", "assistant")]
    shop = KeptShop(ShopFace("暖屿羊绒", None, "#a0704a"))
    welcome = Welcome(StartChoice(), print, people=people, shop=shop, keep_shop=print, first=True, stay=print)
    await _window(welcome, folder / "welcome.png", (1366, 728))
    past_broadcasts = HistoryWindow(Seat(nobody))
    past_broadcasts.show_page(past())
    await _window(past_broadcasts, folder / "history.png")
    waiting = shop_rooms.shop_window()
    shop_rooms.show(waiting)
    await _window(waiting, folder / "shop.png", (1440, 900))
    past_broadcasts = HistoryWindow(Seat(nobody))
    past_broadcasts.show_page(past())
    for number in (7, 6):
        past_broadcasts._rows[number].tick.click()
    past_broadcasts.show_compare()
    for number in (7, 6):
        past_broadcasts.compare.show_board(number, board())
    await _window(past_broadcasts, folder / "history-compared.png")
    for level in LEVELS:
        boards = BoardsWindow(Seat(nobody))
        boards._seat.now = lambda: NOW  # type: ignore[method-assign]
        boards.show()
        boards.show_page(board())
        boards.show_level(level)
        await _window(boards, folder / f"{'boards' if level == 'advanced' else f'boards-{level}'}.png")
    drawn = SCENES["drawn"]()
    host = host_at(drawn)
    host.show()
    show(host, drawn)
    await _window(host, folder / "host-winners.png", (1280, 720))
    await _desk(folder / "alarms.png", SCENES["to_do_on_the_phone"](), lambda at: at.desk.alarms.toggle())
    await _desk(folder / "drill.png", drilled().shown(), lambda at: at.desk.drills.open())
    await _composer(folder / "composer.png")
    await _connections(folder / "connections.png")


def main(folder: Path) -> None:
    """Take every one of them."""
    with application() as run:
        run(take(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
