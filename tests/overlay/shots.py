"""Pictures of the overlay, to be looked at: ``python -m tests.overlay.shots FOLDER``. Not a test."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.overlay.chromium import Page, browser
from tests.overlay.stage import BAG, COUPON, SALE, buy, enter, fire, set_stage

PICTURE = (
    "radial-gradient(circle at 72% 30%, #d9b48f 0, transparent 34%), "
    "radial-gradient(circle at 30% 62%, #5b6b8c 0, transparent 40%), "
    "linear-gradient(165deg, #8a6a58, #4b3b48 45%, #1d2430)"
)
BRIGHT = "repeating-conic-gradient(#fff 0 25%, #d8d8d8 0 50%) 0 0 / 40px 40px"
NAMES = ["糖糖不吃糖", "小鹿", "A-Lin", "北方的狼", "momo", "晚风", "橘子汽水", "大梨", "米粒", "云朵"]


async def shot(
    page: Page,
    running: EngineProcess,
    file: Path,
    *,
    more: str = "",
    ready: str,
    bright: bool = False,
    **size: Any,
) -> None:
    await page.go(f"{running.found['url']}/overlay?token={running.tokens['overlay']}{more}", **size)
    await page.until(ready)
    await page.ask(f"document.body.style.background = '{BRIGHT if bright else PICTURE}'; 1")
    await asyncio.sleep(0.5)
    await asyncio.to_thread(file.write_bytes, await page.picture())


def on(kind: str, count: int = 1) -> str:
    return f"document.querySelectorAll('.card.{kind}').length >= {count}"


async def main(folder: Path) -> None:
    """``folder`` must be there."""
    with tempfile.TemporaryDirectory() as scratch:
        real = EngineProcess(Path(scratch) / "real", "--port", "0").start()
        played = EngineProcess(Path(scratch) / "played", "--port", "0", "--rehearsal").start()
        try:
            async with browser(Path(scratch) / "profile") as page:
                await everything(page, real, played, folder)
        finally:
            real.stop()
            played.stop()


async def everything(page: Page, real: EngineProcess, played: EngineProcess, folder: Path) -> None:
    for running in (real, played):
        set_stage(running)
        running.done("cart.pin", product_id="scarf")
    await shot(page, real, folder / "pin.png", ready=on("pinned"))
    sale = fire(real, "flash_sale", SALE)
    buy(real, sale, 12)
    fire(real, "coupon", COUPON)
    fire(real, "lucky_bag", BAG)
    enter(real, "驼色好看", [f"观众{n}" for n in range(1204)])
    await shot(page, real, folder / "all.png", ready=on("bag"))
    await shot(page, real, folder / "all-bright.png", ready=on("bag"), bright=True)
    for theme in ("light", "clear"):
        await shot(page, real, folder / f"{theme}.png", more=f"&theme={theme}", ready=on("bag"))
        await shot(
            page, real, folder / f"{theme}-bright.png", more=f"&theme={theme}", ready=on("bag"), bright=True
        )
    await shot(page, real, folder / "guide.png", more="&guide=1", ready=on("bag"))
    await shot(page, real, folder / "wide.png", ready=on("bag"), width=1280, height=720)
    await shot(page, real, folder / "only.png", more="&only=sale,bag", ready=on("bag"))
    buy(real, sale, 30, first=100)

    sale = fire(played, "flash_sale", SALE)
    buy(played, sale, 42)
    coupon = fire(played, "coupon", COUPON | {"link": "https://example.com/coupon/8f3a", "name": "满减券"})
    fire(
        played,
        "coupon",
        COUPON | {"rule": {"zhe": "8.5"}, "name": "老粉券", "scope": {"product_ids": ["coat", "hat"]}},
    )
    fire(played, "lucky_bag", BAG | {"seconds": 2})
    enter(played, "驼色好看", NAMES)
    await shot(
        page,
        played,
        folder / "winners.png",
        ready=on("bag") + " && document.body.innerText.includes('福袋中奖')",
    )
    fire(
        played,
        "lucky_bag",
        BAG | {"prize": {"name": "羊毛贝雷帽", "value_fen": 6900}, "entry": {"keyword": "开心过冬"}},
    )
    enter(played, "开心过冬", [f"观众{n}" for n in range(386)])
    for number in range(62):
        played.done("coupon.claim", cue_id=coupon, viewer={"id": f"v{number}", "name": ""})
    await shot(page, played, folder / "full.png", ready=on("bag"))
    for theme in ("light", "clear"):
        await shot(page, played, folder / f"full-{theme}.png", more=f"&theme={theme}", ready=on("bag"))
    fire(
        played,
        "flash_sale",
        {"sku_id": "coat", "price_fen": 99900, "quantity": 10, "per_buyer": 1, "seconds": 300},
    )
    await shot(page, played, folder / "overfull.png", ready=on("pinned", 2))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
