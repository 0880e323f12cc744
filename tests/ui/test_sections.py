"""A frame concerns the panels whose sections moved in it, and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from tests.ui.committed import NOW
from tests.ui.fake_bus import until
from tests.ui.host_rooms import host_at
from tests.ui.rooms import Evening, hosted, planned, running
from tests.ui.test_desk import AtDesk, desks
from ui import i18n, look, theme
from ui.panels.cart import CartPanel
from ui.seat.room import EVERYTHING, RoomView, Undeclared
from ui.windows.sections import PanelPart, SectionRouter

SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "notes": ("note.put", {"text": "镜头往左"}),
    "pledges": ("pledge.put", {"text": "多送小样"}),
    "rundown": ("rundown.put", {"segments": [{"segment_id": "s4", "script": "先讲尺码"}]}),
    "room": ("room.set", {"title": "另一个名字"}),
    "cart": ("cart.move", {"product_id": "pants", "to": 1}),
}
"""A command that moves one section, and it alone."""


class Counted:
    """A panel that counts how often it was shown something, in front of the real one."""

    def __init__(self, panel: Any) -> None:
        self.panel, self.calls = panel, 0
        self.SECTIONS: tuple[str, ...] = panel.SECTIONS

    def show_state(self, room: RoomView, now: datetime) -> None:
        self.calls += 1
        self.panel.show_state(room, now)


def counted(showing: SectionRouter) -> list[Counted]:
    """Every panel of a window counts from now on."""
    found = [Counted(panel) for panel in showing._panels]
    showing._panels = tuple(found)
    return found


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path) -> AsyncIterator[Any]:
    async with desks(tmp_path) as opens:
        yield opens


async def test_the_same_state_again_is_nobodys(sit: Any) -> None:
    evening = running()
    at: AtDesk = await sit(evening.shown())
    panels = counted(at.desk._sections)  # type: ignore[union-attr]
    for _ in range(2):
        await at.show(evening.shown())
    assert len(panels) > 8
    assert [panel.panel for panel in panels if panel.calls] == []


@pytest.mark.parametrize("section", SAID)
async def test_a_section_that_moved_is_shown_by_its_panels_alone(sit: Any, section: str) -> None:
    evening = planned()
    at: AtDesk = await sit(evening.shown())
    panels = counted(at.desk._sections)  # type: ignore[union-attr]
    evening.ok(*SAID[section])
    told: list[frozenset[str]] = []
    assert at.shell.seat is not None
    at.shell.seat.on_frame(at.shell, lambda frame: told.append(frame.moved))
    await at.show(evening.shown())
    await until(lambda: any(told))
    assert frozenset().union(*told) == {section}
    called = [panel for panel in panels if panel.calls]
    assert called == [panel for panel in panels if section in panel.SECTIONS]
    assert called
    assert len(called) < len(panels)


def test_the_hosts_screen_does_nothing_for_what_it_does_not_show(dressed: QApplication) -> None:
    window = host_at(hosted().shown())
    panels = counted(window._sections)
    window._show(frozenset({"orders", "pledges", "health", "alarms", "audience", "discount"}), NOW)
    assert [panel.calls for panel in panels] == [0] * len(panels)
    window._show(frozenset({"notes"}), NOW)
    assert sum(panel.calls for panel in panels) == 1
    window.deleteLater()


def test_every_panel_is_shown_the_first_state_whole(dressed: QApplication) -> None:
    shown: list[str] = []

    def part(name: str) -> PanelPart:
        return PanelPart((name,), lambda _room, _now: shown.append(name))

    showing = SectionRouter(*(part(name) for name in EVERYTHING))
    room = RoomView(running().shown())
    showing.show(room, frozenset(), NOW)
    assert sorted(shown) == sorted(EVERYTHING)
    shown.clear()
    showing.show(room, frozenset({"cues", "notes"}), NOW)
    assert sorted(shown) == ["cues", "notes"]


@pytest.mark.parametrize("change", ["language", "theme", "size of type"])
def test_another_look_shows_everything_anew(dressed: QApplication, change: str) -> None:
    shown: list[str] = []
    showing = SectionRouter(PanelPart(("notes",), lambda _room, _now: shown.append("notes")))
    room = RoomView(running().shown())
    showing.show(room, frozenset(), NOW)
    before = look.generation()
    try:
        if change == "language":
            i18n.use("en")
        else:
            theme.apply(dressed, "light" if change == "theme" else "dark", text_scale=1.25)
        assert look.generation() != before
        assert showing.stale()
        showing.show(room, frozenset(), NOW)
    finally:
        i18n.use("zh")
        theme.apply(dressed)
    assert shown == ["notes", "notes"]


def test_a_panel_that_reads_what_it_did_not_name_is_found_at_once(dressed: QApplication) -> None:
    cart = CartPanel()
    room = RoomView(Evening().shown())
    for missing in CartPanel.SECTIONS:
        rest = tuple(name for name in CartPanel.SECTIONS if name != missing)
        with pytest.raises(Undeclared, match=missing):
            SectionRouter(PanelPart(rest, cart.show_state)).show(room, EVERYTHING, NOW)
    SectionRouter(PanelPart(CartPanel.SECTIONS, cart.show_state)).show(room, EVERYTHING, NOW)
    cart.deleteLater()


def test_a_panel_that_were_handed_everything_would_read_anything(dressed: QApplication) -> None:
    """What `Undeclared` guards against goes unseen where a panel is given the whole room."""
    cart = CartPanel()
    cart.show_state(RoomView(Evening().shown()), NOW)
    cart.deleteLater()
