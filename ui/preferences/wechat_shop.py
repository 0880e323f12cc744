"""微信小店: whose orders come, who makes its sales and coupons, and how many calls are left."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from liveconsole.messages.connections import known, platform_with, sales_by_shop
from ui.i18n import t
from ui.preferences.connection import ConnectionPage
from ui.preferences.page import SetRoom
from ui.preferences.setting import ChoiceSetting, NumberSetting, TextSetting
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.widgets import PlainLabel


class WechatShopPage(ConnectionPage):
    """Nothing that moves money is called but what a person fired."""

    TITLE: ClassVar = "微信小店"
    NAME: ClassVar = "shop"
    SECRETS: ClassVar = "wechat_shop"

    compare_asked = Signal()
    """Where its goods differ from ours is to be seen, on the desk."""

    def __init__(
        self, set_room: SetRoom, asking: SeatConnections, role: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(set_room, asking, role, parent)
        self.remark(
            t(
                "订单、商品、限时抢购、优惠券和大屏都经小店的接口。后台：服务市场 → 自研 → 拿 AppID 和"
                " AppSecret，再把这台电脑的出口 IP 加进白名单。未在真实店铺上验证。"
            )
        )
        self.add_state()
        self.budget = PlainLabel("", role="small", tone="fg1", lines=0)
        self.body.addWidget(self.budget)
        self.add_setting("appid", TextSetting("AppID", t("小店的 AppID，以 wx 开头。"), 200, may=self.may))
        self.add_secret("secret", "AppSecret", t("只进系统钥匙串或本机文件，不进日志和备份，不再显示。"))
        self.add_setting(
            "poll_seconds",
            NumberSetting(
                t("多久取一次订单"), t("5 到 60 秒；快到调用上限会自己放慢。"), 60, t("秒"),
                lowest=5, may=self.may,
            ),
        )  # fmt: skip
        self.add_setting(
            "assistant_appid",
            TextSetting(t("视频号助手 AppID"), t("大屏的数字要用它；没有就空着。"), 1_000, may=self.may),
        )
        self.add_secret("assistant_secret", t("视频号助手 AppSecret"), t("和上面一样，只存不显示。"))
        self.add_setting(
            "relay",
            TextSetting(
                t("推送中继地址"), t("自己架的中继，推送来得比轮询快；没有就空着，照样不漏单。"), 1_000,
                may=self.may,
            ),
        )  # fmt: skip
        self.program = ChoiceSetting(
            t("限时抢购和优惠券"),
            t("由程序建：只建主播按下的那一个，建完读回来才算数；不知道成没成就去问，不会再建一次。"),
            [(False, t("人在手机上建")), (True, t("程序在店里建"))],
            may=self.may,
        )
        self.program.asked.connect(self._choose)
        self.body.addWidget(self.program)
        self.add_keys()
        self.sync = self.add_key(t("现在取一次"), partial(self.act, "sync"))
        self.compare = self.add_key(t("和小店对一遍"), self.compare_asked.emit)
        self._sales: bool | None = None
        self._pins = False

    def defaults(self) -> dict[str, Any]:
        return {"kind": "wechat_shop", "appid": "", "poll_seconds": 8, "assistant_appid": "", "relay": ""}

    def show_more(self, room: RoomView, now: datetime) -> None:
        self._sales = sales_by_shop(room.settings.platform)
        self._pins = room.settings.browser is not None
        self.program.setVisible(self._sales is not None and self._kept is not None)
        self.program.show_value(bool(self._sales))
        self.sync.setVisible(self._kept is not None)
        self.compare.setVisible(self._kept is not None)
        self.budget.setText(_budget(room))
        self.budget.setVisible(bool(self.budget.text()))

    def unwanted(self) -> dict[str, Any]:
        # Without the shop nobody makes its sales: they are a person's again.
        platform = {"platform": platform_with(sales=False, pins=self._pins)} if self._sales else {}
        return {self.NAME: None, **platform}

    def _choose(self, by_program: bool) -> None:
        platform = platform_with(sales=by_program, pins=self._pins)
        self._set_room(self, {"platform": platform}, self.program.answer)


def _budget(room: RoomView) -> str:
    """Calls of the last minute and what is left of today's; what nobody knows is a dash."""
    one = room.health.connections.get("shop")
    if one is None:
        return ""
    minute, left = known(one.figures.calls_minute), known(one.figures.quota_left)
    return t(
        "这一分钟调用 {minute} 次 · 今天还剩 {left} 次",
        minute="—" if minute is None else f"{minute:,}",
        left="—" if left is None else f"{left:,}",
    )
