"""The desk in twelve states, five sizes and two languages.

What a test holds today is what is never wrong; `python -m tests.ui.layout FOLDER` tells the rest too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import SIZES, WalkedDesk

pytestmark = pytest.mark.usefixtures("dressed")

EVERYWHERE: Final = {"window_fits", "queue_has_rows", "control_has_a_name"}
ROOMY: Final = EVERYWHERE | {"nothing_is_cut_off", "nothing_overlaps"}
"""In windows as wide as a laptop's screen."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scene", list(SCENES))
async def test_nothing_is_cut_off_covered_or_nameless(tmp_path: Path, scene: str, language: str) -> None:
    found: list[str] = []
    async with WalkedDesk(tmp_path, SCENES[scene](), language) as desk:
        for width, height in SIZES:
            holds = ROOMY if width >= 1366 else EVERYWHERE
            faults = [fault for fault in await desk.faults(width, height) if fault.rule in holds]
            found += [f"{width}x{height} {fault}" for fault in faults]
    assert found == []


@pytest.mark.parametrize("scene", ["nothing_yet", "second_evening"])
async def test_an_empty_stage_takes_no_more_than_its_line(tmp_path: Path, scene: str) -> None:
    async with WalkedDesk(tmp_path, SCENES[scene](), "zh") as desk:
        for width, height in SIZES:
            await desk.stand(width, height)
            stage = desk.desk.stage
            assert stage.height() <= stage.product.whole_height() == stage.product.height(), (width, height)


async def test_a_panel_that_is_made_taller_is_seen(tmp_path: Path) -> None:
    """The twin: a panel that takes 80 pixels more and gives nothing back, and the walk complains."""
    async with WalkedDesk(tmp_path, SCENES["crowded"](), "zh") as desk:
        assert not [fault for fault in await desk.faults(1366, 728) if fault.rule in ROOMY]
        product = desk.desk.stage.product
        product.setMinimumHeight(product.height() + 80)
        assert [fault for fault in await desk.faults(1366, 728) if fault.rule in ROOMY]
