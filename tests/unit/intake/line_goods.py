"""A small shop for lines of text: a plain product, one with figures in its title, one with two SKUs."""

from __future__ import annotations

from liveconsole.views.goods import Good, Goods, GoodsSku

COAT = [GoodsSku("coat-red", "红 M", 59900), GoodsSku("coat-blue", "蓝 165/88A", 62900)]
GOODS = Goods(
    {
        "scarf": Good("scarf", "羊毛围巾", 19900, [GoodsSku("scarf", "羊毛围巾", 19900)]),
        "spirit": Good("spirit", "酒精 75% 500ml x6", 1990, [GoodsSku("spirit", "瓶", 1990)]),
        "coat": Good("coat", "大衣", 59900, COAT),
        "gift": Good("gift", "赠品袋", 100, [GoodsSku("gift", "赠品袋", 100)]),
    },
    {3: "scarf", 4: "spirit", 5: "coat"},
)
