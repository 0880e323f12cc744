"""Every sheet of the desk, and every window beside it: laid out as the desk is, none forgotten."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.state import State
from tests.ui import shop_rooms
from tests.ui.board_rooms import board
from tests.ui.drill_rooms import drilled
from tests.ui.fake_bus import FakeBus
from tests.ui.host_rooms import host_at, show
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import WalkedDesk
from tests.ui.past_rooms import past
from tests.ui.play_rooms import a_list
from tests.ui.sharing_rooms import ask, shared
from tests.ui.shop_rooms import shop_window
from tests.ui.test_differences import page
from ui import i18n
from ui.seat.seat import Answer, Seat
from ui.windows.history.window import HistoryWindow
from ui.windows.leaving import LeavingSheet

pytestmark = pytest.mark.usefixtures("dressed")

ROOT: Final = Path(__file__).resolve().parents[3]
SMALL: Final = ((960, 520), (1366, 728))

Open = Callable[[Any], object]


def _leaving(desk: Any) -> None:
    desk.side.open_sheet(LeavingSheet(2, may_stop=True, decide=print))


def _picture(desk: Any) -> None:
    desk.sheets.picture(desk.commands.room.items[0].product_id)


def _differences(desk: Any) -> None:
    desk.sheets.differences()
    desk.side.sheet._told(Answer(True, result=page()))


SHEETS: Final[dict[str, tuple[str, Open]]] = {
    "ComposerSheet": ("rich", lambda desk: desk.sheets.compose()),
    "KeysSheet": ("rich", lambda desk: desk.show_keys()),
    "ProductsSheet": ("rich", lambda desk: desk.sheets.products()),
    "StockSheet": ("rich", lambda desk: desk.sheets.stock("scarf")),
    "LimitSheet": ("rich", lambda desk: desk.sheets.limit("scarf")),
    "PictureSheet": ("rich", _picture),
    "DifferencesSheet": ("rich", _differences),
    "MeasureSheet": ("to_do_on_the_phone", lambda desk: desk.sheets.measure(_one(desk, "coupon"))),
    "CardSheet": ("rich", lambda desk: desk.sheets.card(_one(desk, "coupon"))),
    "HandoverSheet": ("rich", lambda desk: desk.sheets.handover()),
    "WinnersSheet": ("drawn", lambda desk: desk.sheets.winners(_one(desk, "lucky_bag"))),
    "StopBagSheet": ("rich", lambda desk: desk.sheets.stop_bag(_one(desk, "lucky_bag"))),
    "SegmentSheet": ("planned", lambda desk: desk.segments.edit(_segment(desk))),
    "PasteSheet": ("planned", lambda desk: desk.segments.paste()),
    "NoteSheet": ("rich", lambda desk: desk.proposals.note()),
    "PledgeSheet": ("rich", lambda desk: desk.proposals.pledge()),
    "ViewerSheet": ("rich", lambda desk: desk.sheets.viewer("v1", "观众1")),
    "LeavingSheet": ("rich", _leaving),
    "DrillSheet": ("drilled", lambda desk: desk.drills.open()),
    "CommentSheet": ("rich", lambda desk: desk.comments.open()),
    "PlacesSheet": ("listed", lambda desk: desk.sheets.places()),
    "LawSheet": ("rich", lambda desk: desk.sheets.law()),
    "SharingSheet": ("shared", lambda desk: desk.sharing.open()),
    "QualificationSheet": ("rich", lambda desk: desk.sheets.qualifications("scarf")),
}
"""Sheet → the room it is opened in, and what opens it."""
LAID_OUT: Final = {
    "Shell": "tests/ui/layout/test_layout.py",
    "HostWindow": "tests/ui/layout/test_sheets.py",
    "HistoryWindow": "tests/ui/layout/test_sheets.py",
    "ShopWindow": "tests/ui/layout/test_sheets.py",
    "CustomersWindow": "tests/ui/layout/test_customers_layout.py",
    "BoardsWindow": "tests/ui/layout/test_boards_layout.py",
    "PrepareWindow": "tests/ui/layout/test_prepare_layout.py",
    "PlayerWindow": "tests/ui/test_player.py",
    "SettingsWindow": "tests/ui/test_settings.py",
    "RefusedWindow": "tests/ui/test_updates.py",
    "Welcome": "tests/ui/test_welcome.py",
}
"""Window → the test that lays it out."""


def _one(desk: Any, kind: str) -> str:
    return str(next(cue_id for cue_id, cue in desk.commands.room.cues.items() if cue.kind == kind))


def _segment(desk: Any) -> str:
    return str(desk.commands.room.rundown.segments[0].segment_id)


def _state(scene: str) -> State:
    if scene == "listed":
        return a_list().shown()
    if scene == "shared":
        return shared(asks=[ask()])
    return drilled().shown() if scene == "drilled" else SCENES[scene]()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(SHEETS))
async def test_a_sheet_is_whole_in_every_window(tmp_path: Path, name: str, language: str) -> None:
    scene, opens = SHEETS[name]
    found: list[str] = []
    async with WalkedDesk(tmp_path, _state(scene), language) as walked:
        for size in SMALL:
            await walked.stand(*size)
            desk = walked.desk
            if desk.side.sheet is None:
                opens(desk)
            await walked.stand(*size)
            sheet = desk.side.sheet
            assert type(sheet).__name__ == name
            found += [f"{size} {fault}" for fault in (*faults(sheet), *painted_faults(sheet))]
        desk.side.close_sheet()
    assert found == []


async def _at_rest(window: QWidget) -> None:
    for _ in range(6):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["HostWindow", "HistoryWindow", "ShopWindow"])
async def test_a_window_beside_the_desk_is_whole(name: str, language: str) -> None:
    i18n.use(language)

    async def nobody() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    window: Any
    states = [SCENES[scene]() for scene in ("rich", "drawn", "planned", "nothing_yet")]
    if name == "HostWindow":
        window = host_at(states[0])
    elif name == "ShopWindow":
        window = shop_window()
        shop_rooms.show(window)
    else:
        window = HistoryWindow(Seat(nobody))
        window.show_page(past())
    window.show()
    found: list[str] = []
    for state in states if name == "HostWindow" else states[:1]:
        if name == "HostWindow":
            show(window, state)
        for size in ((960, 540), (1280, 720), (1920, 1080)):
            window.resize(*size)
            await _at_rest(window)
            found += [f"{size} {fault}" for fault in (*faults(window), *painted_faults(window))]
    if name == "HistoryWindow":
        found += await _compared(window)
    window.close()
    window.deleteLater()
    i18n.use("zh")
    assert found == []


async def _compared(window: HistoryWindow) -> list[str]:
    """Three of them side by side, one of whose boards cannot be had."""
    for number in (7, 6, 5):
        window._rows[number].tick.click()
    window.show_compare()
    window.compare.show_board(7, board())
    window.compare.show_board(6, board())
    found: list[str] = []
    for size in ((960, 540), (1440, 900)):
        window.resize(*size)
        await _at_rest(window)
        found += [f"{size} {fault}" for fault in (*faults(window), *painted_faults(window))]
    return found


def _classes(*bases: str) -> set[str]:
    """Classes of the desk that stand on one of these."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "ui").rglob("*.py"))
    made = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    named = {node.name: {ast.unparse(base).partition("[")[0] for base in node.bases} for node in made}
    return {name for name, own in named.items() if own & set(bases)}


def test_no_sheet_is_forgotten() -> None:
    assert _classes("Sheet", "TableSheet") - {"TableSheet"} == set(SHEETS)


def test_no_window_is_forgotten() -> None:
    bases = {"PaintedWindow", "OwnWindow"}
    windows = {name for name in _classes("QWidget", "QFrame", *bases) if name.endswith("Window")}
    assert windows - bases | {"Shell", "Welcome"} == set(LAID_OUT)
    for name, test in LAID_OUT.items():
        source = (ROOT / test).read_text("utf-8")
        assert "faults(" in source, f"{test} does not lay {name} out"


def test_no_place_of_a_promotion_is_forgotten() -> None:
    """Every status in which a seat sees a promotion stands in one of the scenes."""
    seen = {cue.status for made in SCENES.values() for cue in made().cues}
    assert {"queued", "approved", "recallable", "on_air", "ended", "unknown"} <= seen
