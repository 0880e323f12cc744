"""The pictures of the guide, taken of the program: a process a language, ``-m tests.guide LANGUAGE``."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from liveconsole import guide
from liveconsole.messages.shop import ShopFace
from liveconsole.messages.state import State
from tests.guide import frames
from tests.guide.frames import grabbed, numbered, part, rest
from tests.shots.evening import Evening, play
from tests.shots.seats import EveningBus
from tests.ui import shop_rooms
from tests.ui.board_rooms import NOW, board
from tests.ui.clothes import rules_of, wardrobe
from tests.ui.connected_rooms import logged_out
from tests.ui.drill_rooms import drilled
from tests.ui.fake_bus import FakeBus, until
from tests.ui.host_rooms import StillSeat, host_at, show
from tests.ui.layout.scenes import SCENES as ROOMS
from tests.ui.layout.walk import WalkedDesk
from tests.ui.past_rooms import past
from tests.ui.sharing_rooms import ask, shared
from tests.ui.sitting import Sitting, joined
from ui import i18n, preferences
from ui.preferences.window import SettingsWindow
from ui.seat import session
from ui.seat.room import EVERYTHING
from ui.seat.seat import Seat
from ui.seat.session import SeatPerson, StartChoice
from ui.seat.shop_kept import KeptShop
from ui.windows.boards.window import BoardsWindow
from ui.windows.check import RoomCheck
from ui.windows.history.window import HistoryWindow
from ui.windows.host.window import HostWindow
from ui.windows.shell import Shell
from ui.windows.welcome import Welcome

_WIDE: Final = (1280, 800)
_FEED: Final = 6_000

Scene = Callable[["Stage"], Awaitable[QImage]]


class Stage:
    """What the scenes stand on: the evening, played once and when it is wanted first, and the language."""

    def __init__(self, language: guide.Language) -> None:
        self.language = language

    @cached_property
    def evening(self) -> Evening:
        with tempfile.TemporaryDirectory() as scratch:
            return play(Path(scratch))

    async def still(self, window: QWidget, size: tuple[int, int] = _WIDE) -> QImage:
        """The whole of a window in a size; it is gone afterwards."""
        window.resize(*size)
        window.show()
        await rest()
        picture = grabbed(window)
        window.close()
        window.deleteLater()
        return picture

    @asynccontextmanager
    async def desk(self, state: State, size: tuple[int, int] = _WIDE) -> AsyncIterator[WalkedDesk]:
        """A host's desk in a state."""
        with tempfile.TemporaryDirectory() as scratch:
            async with WalkedDesk(Path(scratch), state, self.language) as walked:
                await walked.stand(*size)
                yield walked

    @asynccontextmanager
    async def seat(self, role: session.Role, *, counting: bool) -> AsyncIterator[Shell]:
        """A desk in the evening; ``counting``: the next sale can still be recalled."""
        with tempfile.TemporaryDirectory() as base:
            preferences.use(preferences.Preferences())
            shell, bus = Shell(Path(base), session.Remembered()), EveningBus(self.evening, counting=counting)

            async def join() -> EveningBus:
                return bus

            shell.resize(*_WIDE)
            shell.show()
            shell._sit(session.StartChoice("rehearsal", role, checked=True), join)
            await until(lambda: shell.desk is not None and shell.seat is not None and shell.seat.state)
            assert shell.desk is not None
            assert shell.seat is not None
            desk, now = shell.desk, bus.moment
            shell.seat.now = lambda: now  # type: ignore[method-assign]
            desk.feed.take(self.evening.log[-_FEED:])
            await until(lambda: not counting or desk.queue.bars())
            for _ in range(8):
                await rest()
            for _ in range(2):
                desk._show(EVERYTHING, now)
                desk._tick(now)
                desk.feed.tick(now)
                desk.keyboard_here(True)
                await rest()
            desk._tick(now)
            await rest()
            yield shell
            await shell.leave()
            shell.deleteLater()


async def _nobody() -> FakeBus:
    raise AssertionError("this seat joins nobody")


def _welcome(*, first: bool = True) -> Welcome:
    people = [SeatPerson("云朵", "host"), SeatPerson("小林", "assistant")]
    shop = KeptShop(ShopFace("暖屿羊绒", None, "#a0704a"))
    elsewhere = (Path("nowhere"), print)
    return Welcome(
        StartChoice(), print, people=people, shop=shop, keep_shop=print, first=first, elsewhere=elsewhere
    )


async def welcome(stage: Stage) -> QImage:
    return await stage.still(_welcome())


async def join(stage: Stage) -> QImage:
    made = _welcome(first=False)
    made.ask_elsewhere()
    assert made.joining is not None
    made.joining.label.setText("前台电脑" if stage.language == "zh" else "Front desk")
    return await stage.still(made, (1120, 560))


async def check(stage: Stage) -> QImage:
    made = Sitting()
    made.bus.now_state = ROOMS["rich"]()
    async with joined(made) as at:
        page = RoomCheck(at.seat, StartChoice("manual", "host"), then=lambda: None)
        page.setObjectName("window")
        page._linked("live", "")
        return await stage.still(page, (1000, 860))


async def desk(stage: Stage) -> QImage:
    async with stage.seat("host", counting=False) as shell:
        at = shell.desk
        assert at is not None
        return numbered(shell, [at.strip, at.left, at.stage, at.queue, at.side, at.footer])


async def recall(stage: Stage) -> QImage:
    async with stage.seat("host", counting=True) as shell:
        assert shell.desk is not None
        return part(shell, shell.desk.queue)


async def assistant(stage: Stage) -> QImage:
    async with stage.seat("assistant", counting=False) as shell:
        return grabbed(shell)


async def host(stage: Stage) -> QImage:
    seat = StillSeat(_nobody)
    seat.moment, seat.state = stage.evening.at(counting=False)
    window = HostWindow(seat, "host")
    window.resize(1280, 720)
    window.show()
    window.prompter.toggle()
    window.prompter.nudge(1)
    return await stage.still(window, (1280, 720))


async def winners(stage: Stage) -> QImage:
    drawn = ROOMS["drawn"]()
    window = host_at(drawn)
    window.show()
    show(window, drawn)
    return await stage.still(window, (1280, 720))


async def phone_task(stage: Stage) -> QImage:
    async with stage.desk(ROOMS["to_do_on_the_phone"]()) as walked:
        return part(walked.window, walked.desk.left)


async def alarms(stage: Stage) -> QImage:
    async with stage.desk(ROOMS["to_do_on_the_phone"]()) as walked:
        walked.desk.alarms.toggle()
        await walked.stand(*_WIDE)
        return part(walked.window, walked.desk.side)


async def drill(stage: Stage) -> QImage:
    async with stage.desk(drilled().shown()) as walked:
        walked.desk.drills.open()
        await walked.stand(*_WIDE)
        return grabbed(walked.window)


async def sharing(stage: Stage) -> QImage:
    async with stage.desk(shared(asks=[ask(label="小林的手机")])) as walked:
        walked.desk.sharing.open()
        await walked.stand(*_WIDE)
        return part(walked.window, walked.desk.side)


async def composer(stage: Stage) -> QImage:
    at = wardrobe(platform="manual")
    async with stage.desk(at.shown()) as walked:
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
        await walked.stand(*_WIDE)
        return grabbed(walked.window)


async def connections(stage: Stage) -> QImage:
    made = Sitting()
    made.bus.now_state = logged_out().shown()
    async with joined(made) as at:
        window = SettingsWindow(at.seat, "host")
        window.go_to("")
        return await stage.still(window, (900, 760))


async def history(stage: Stage) -> QImage:
    window = HistoryWindow(Seat(_nobody))
    window.show_page(past())
    return await stage.still(window)


async def boards(stage: Stage) -> QImage:
    window = BoardsWindow(Seat(_nobody))
    window._seat.now = lambda: NOW  # type: ignore[method-assign]
    window.show()
    window.show_page(board())
    window.show_level("advanced")
    return await stage.still(window, (1440, 900))


async def shop(stage: Stage) -> QImage:
    window = shop_rooms.shop_window()
    shop_rooms.show(window)
    return await stage.still(window, (1366, 820))


SCENES: Final[dict[str, Scene]] = {
    "welcome": welcome, "check": check, "desk": desk, "recall": recall, "drill": drill, "host": host,
    "connections": connections, "phone-task": phone_task, "assistant": assistant, "composer": composer,
    "winners": winners, "history": history, "boards": boards, "shop": shop, "sharing": sharing, "join": join,
    "alarms": alarms,
}  # fmt: skip
"""Picture → what it is taken of. Those of `tests.guide.web` need a browser."""


async def take(folder: Path, language: guide.Language, names: list[str]) -> None:
    """Write the named ones, or all, into ``folder``."""
    import_module("ui.windows.desk")  # the shell loads it late, and a scene waits for its desk a few seconds
    stage = Stage(language)
    for name in names or SCENES:
        i18n.use(language)  # a desk that has left speaks Chinese again
        frames.save(await SCENES[name](stage), folder / f"{name}.webp")
