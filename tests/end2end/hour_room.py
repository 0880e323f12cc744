"""What an hour of a broadcast is made of: 60 products, 20 segments, what an assistant pastes from a chat."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import xlsxwriter

from liveconsole.connectors.rehearsal.scenario import ScenarioProduct

_NAMES: Final = (
    "羊绒围巾", "羊毛贝雷帽", "真丝发带", "驼色大衣", "针织开衫", "灯芯绒裤", "羊皮手套", "高领毛衣",
    "牛仔衬衫", "法式连衣裙", "羊羔绒外套", "阔腿裤",
)  # fmt: skip
_COLOURS: Final = ("驼色", "雾灰", "酒红", "藏青", "米白")

PRODUCTS: Final = [
    ScenarioProduct(
        id=f"H{n:02}", title=f"{_COLOURS[n % 5]}{_NAMES[n % 12]}", short=_NAMES[n % 12],
        price=str(99 + 10 * n), floor=str(50 + 5 * n), stock=200,
    )
    for n in range(1, 61)
]  # fmt: skip
"""Number n in the cart is ``H{n:02}``: 99 + 10 n yuan, never below 50 + 5 n."""

BAD_ROW: Final = "H99 没有价格的围巾 abc 18 50"

CATALOGUE: Final = "products.xlsx"


def write_catalogue(path: Path) -> None:
    """The products as a shop's own workbook has them, with one row in the middle that cannot be taken."""
    rows = [[p.id, p.title, p.price, str(p.stock), p.floor] for p in PRODUCTS]
    rows.insert(len(rows) // 2, BAD_ROW.split())
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("商品")
        for place, row in enumerate([["编号", "名称", "价格", "库存", "底价"], *rows]):
            sheet.write_row(place, 0, row)


SEGMENTS: Final = 20
"""Segments 1 to 20 are about numbers 1 to 20."""
_CUES: Final = {
    1: "秒99 x40 限2 5分",  # fired, taken back, fired again
    2: "秒9.9 x10 限1 5分",  # below its floor: 下一品 says that it was not put up
    9: "秒149 x40 限2 5分",  # fired while the platform is late
    15: "满99减10 x200 5分",  # a coupon that still runs when everything is halted
}

PASTED_RUNDOWN: Final = "\n".join(
    ["编号\t分钟\t话术\t促销\t条件\t类型"]
    + [f"{n}\t3\t先摸面料，再讲洗护，{n} 号\t{_CUES.get(n, '')}\t\t" for n in range(1, SEGMENTS + 1)]
)

TOO_CHEAP: Final = "25号 秒1 x50 限2 5分"
MENDED: Final = "25号 秒288 x50 限2 5分"
PASTED_CHAT: Final = (
    TOO_CHEAP,
    "满199减20 x100 每人1 5分",
    "福袋 奖「羊绒围巾」 值199 口令「想要」 3人 6秒",
    "讲解30号",
    "26号 秒299 x5 限1 5分",
)
"""What the assistant proposes, in this order; the host agrees to all but the last."""

PINNED: Final = "H30"
"""The product of 「讲解30号」."""
FROM_ASSISTANT: Final = "商品和排品表好了，可以开播"
FROM_HOST: Final = "shou wei"
"""Typed letter by letter, as on a keyboard without an input method."""
