"""The pictures of the guide that a browser shows: what OBS gets, 复盘, and a phone's page."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from liveconsole.guide import Language
from liveconsole.reports.html import html
from liveconsole.views.report import ReportFold
from liveconsole.views.report.words import ReportWords
from tests.contract.engine_process import EngineProcess
from tests.guide import frames
from tests.overlay.chromium import Page, browser
from tests.overlay.stage import BAG, COUPON, SALE, set_stage
from tests.phone.door import TOKEN, PhoneDoor
from tests.shots import pages
from tests.shots.evening import Evening

PICTURES: Final = ("overlay", "report", "phone")


async def take(folders: dict[Language, Path], evening: Evening) -> None:
    """Write all of them into the folder of each language; ``evening`` is over."""
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        async with browser(base / "profile") as page:
            engine = EngineProcess(base / "overlay", "--port", "0", "--rehearsal").start()
            try:
                await pages._overlay(page, engine, base / "overlay.png")
            finally:
                engine.stop()
            for language, folder in folders.items():
                frames.save_photo(base / "overlay.png", folder / "overlay.webp", 480)
                await _report(page, evening, language, base, folder / "report.webp")
                await _phone(page, base / f"phone-{language}", language, folder / "phone.webp")


async def _report(page: Page, evening: Evening, language: Language, scratch: Path, into: Path) -> None:
    written = scratch / f"report-{language}.html"
    report = ReportFold(simulated=True).add(evening.log).report()
    words = ReportWords(english=language == "en")
    await asyncio.to_thread(written.write_bytes, html(report, words, ZoneInfo("Asia/Shanghai")))
    await page.go(written.as_uri(), 1180, 1000)
    await page.until("document.readyState === 'complete'")
    await asyncio.sleep(0.3)
    await _save(page, scratch, into, 1180)


async def _phone(page: Page, folder: Path, language: Language, into: Path) -> None:
    engine = EngineProcess(folder, "--port", "0").start()
    try:
        set_stage(engine)
        engine.done("room.set", platform="manual")
        for name, kind, spec in (
            ("coupon", "coupon", COUPON),
            ("sale", "flash_sale", SALE),
            ("bag", "lucky_bag", BAG),
        ):
            engine.done("cue.add", cue_id=name, kind=kind, spec=spec)
            engine.done("cue.approve", cue_id=name)
        engine.done("cue.fire", cue_id="coupon")
        async with PhoneDoor(engine.found["url"], engine.tokens, "operator") as door:
            seat = json.dumps({"token": TOKEN, "label": "小林"})
            script = f"localStorage['liveconsole.seat'] = {seat!r}"
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
            await page.go(f"http://{door.host}/phone?lang={language}", 390, 844)
            await page.until("document.querySelectorAll('#wait li').length >= 2")
            await asyncio.sleep(0.5)
            await _save(page, folder, into, 390)
    finally:
        engine.stop()


async def _save(page: Page, scratch: Path, into: Path, wide: int) -> None:
    taken = scratch / f"{into.stem}.png"
    taken.write_bytes(await page.picture())
    frames.save_photo(taken, into, wide)
