"""The desk in twelve states, five sizes and two languages: nothing is cut, covered or without a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import SIZES, WalkedDesk

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scene", list(SCENES))
async def test_nothing_is_cut_covered_or_nameless(tmp_path: Path, scene: str, language: str) -> None:
    found: list[str] = []
    async with WalkedDesk(tmp_path, SCENES[scene](), language) as desk:
        for width, height in SIZES:
            found += [f"{width}x{height} {fault}" for fault in await desk.faults(width, height)]
    assert found == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_panel_that_is_made_taller_is_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    """The twin: 80 pixels more of a panel that gives nothing back, and the walk complains."""
    async with WalkedDesk(tmp_path, SCENES["crowded"](), "zh") as desk:
        before = await desk.faults(*size)
        desk.desk.stage.setMinimumHeight(desk.desk.stage.height() + 80)
        assert len(await desk.faults(*size)) > len(before)
