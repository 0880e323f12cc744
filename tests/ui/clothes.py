"""The cardigan of the composer's sketch: two colours × four sizes, a coupon of the shop, two cells at fault.

``python -m tests.ui.clothes FOLDER [theme] [language]`` writes pictures of the composer, to be looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from msgspec.structs import replace

from liveconsole.advice.judged import AdviceFiles, judged
from liveconsole.messages.specs import CouponRule, ShopCoupon
from tests.ui.evening import Evening

STOCK: Final = {
    "米白 S": 14, "米白 M": 22, "米白 L": 18, "米白 XL": 2,
    "藏青 S": 16, "藏青 M": 24, "藏青 L": 12, "藏青 XL": 6,
}  # fmt: skip
OFF: Final = ShopCoupon(CouponRule(off_fen=2000, threshold_fen=19_900))


def wardrobe(stock: dict[str, int] | None = None, *, platform: str = "own") -> Evening:
    """The evening with the cardigan as number 9, pinned; ``stock``: other SKUs than the sketch's."""
    at = Evening(platform)
    skus = [
        {"sku_id": title, "title": title, "price_fen": 39_900, "stock": units,
         "floor_fen": 25_500 if title.endswith("XL") else 24_000}
        for title, units in (stock or STOCK).items()
    ]  # fmt: skip
    put = {
        "product_id": "cardigan", "title": "V 领羊毛开衫", "price_fen": 39_900,
        "stock": sum((stock or STOCK).values()), "skus": skus,
    }  # fmt: skip
    at.ok("catalogue.put", {"products": [put]})
    at.ok("cart.add", {"product_ids": ["cardigan"]})
    at.pin("cardigan")
    at.room.settings = replace(at.room.settings, shop_coupons=[OFF])
    return at


def rules_of(at: Evening, role: str = "host") -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """What ``POST /v1/judge`` answers in that room, by the real rules."""
    books = AdviceFiles()
    return lambda type_, data: judged(books, at.room, type_, data, at.now, role)


def main(folder: str, name: str = "dark", language: str = "zh") -> None:
    """The composer alone and on the desk, as it opens and with the two faults of the sketch."""
    import asyncio

    from PySide6.QtWidgets import QApplication

    from tests.ui.layout.walk import WalkedDesk, application
    from ui import theme

    async def pictures() -> None:
        where = Path(folder)
        at = wardrobe(platform="manual")
        async with WalkedDesk(where, at.shown(), language) as walked:
            app = QApplication.instance()
            assert isinstance(app, QApplication)
            theme.apply(app, name)
            walked._at.bus.judged = rules_of(at)
            sheet = walked.desk.sheets.compose()

            async def rest() -> None:
                sheet._timer.stop()
                sheet.judge_now()
                for _ in range(20):
                    await asyncio.sleep(0)
                    QApplication.sendPostedEvents()

            for width, height in ((1366, 728), (960, 520), (1440, 900)):
                await walked.stand(width, height)
                await rest()
                walked.picture(where / f"desk-{width}-{name}-{language}.png")
            sheet.grab().save(str(where / f"opened-{name}-{language}.png"))
            form = sheet.form
            form.price.setText("269")
            form._one_price()
            for cell in form.grid.cells:
                if cell.title == "米白 XL":
                    cell.price.setText("279")
                    cell._price_typed()
                    cell.set_quantity(3)
            form.touch()
            await rest()
            sheet.grab().save(str(where / f"faults-{name}-{language}.png"))
            await walked.stand(960, 520)
            await rest()
            walked.picture(where / f"small-faults-{name}-{language}.png")
            await walked.stand(1440, 900)
            for kind in ("coupon", "lucky_bag", "pin"):
                sheet.choose(kind)
                await rest()
                sheet.grab().save(str(where / f"{kind}-{name}-{language}.png"))

    with application() as run:
        Path(folder).mkdir(parents=True, exist_ok=True)
        run(pictures())


if __name__ == "__main__":
    main(*sys.argv[1:])
