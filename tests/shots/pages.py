"""Pictures of the pages that a browser shows: what OBS gets, and 复盘."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtGui import QImage

from liveconsole.reports.html import html
from liveconsole.views.report import ReportFold
from liveconsole.views.report.words import ReportWords
from tests.contract.engine_process import EngineProcess
from tests.overlay.chromium import Page, browser
from tests.overlay.shots import on, shot
from tests.overlay.stage import BAG, COUPON, SALE, buy, enter, fire, set_stage
from tests.shots import png
from tests.shots.evening import Evening

_REPORT = (1280, 1560)


async def take(folder: Path, evening: Evening) -> None:
    """Write ``overlay.png`` and ``report.png`` into ``folder``, which must be there."""
    with tempfile.TemporaryDirectory() as scratch:
        engine = EngineProcess(Path(scratch) / "engine", "--port", "0", "--rehearsal").start()
        try:
            async with browser(Path(scratch) / "profile") as page:
                await _overlay(page, engine, folder / "overlay.png")
                await _report(page, evening, Path(scratch), folder / "report.png")
        finally:
            engine.stop()


async def _overlay(page: Page, engine: EngineProcess, file: Path) -> None:
    set_stage(engine)
    engine.done("cart.pin", product_id="scarf")
    sale = fire(engine, "flash_sale", SALE)
    buy(engine, sale, 42)
    coupon = fire(engine, "coupon", COUPON | {"link": "https://example.com/coupon/8f3a", "name": "满减券"})
    fire(engine, "lucky_bag", BAG)
    enter(engine, "驼色好看", [f"观众{n}" for n in range(386)])
    for number in range(62):
        engine.done("coupon.claim", cue_id=coupon, viewer={"id": f"v{number}", "name": ""})
    await shot(page, engine, file, ready=on("bag"))


async def _report(page: Page, evening: Evening, scratch: Path, file: Path) -> None:
    written = scratch / "report.html"
    report = ReportFold(simulated=True).add(evening.log).report()
    await asyncio.to_thread(written.write_bytes, html(report, ReportWords(), ZoneInfo("Asia/Shanghai")))
    await page.go(written.as_uri(), *_REPORT)
    await page.until("document.readyState === 'complete'")
    await asyncio.sleep(0.3)
    png.save(QImage.fromData(await page.picture()), file)
