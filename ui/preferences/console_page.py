"""控制台页面: the user's own console in his own browser, and what it means to let a program press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final, get_args

from PySide6.QtWidgets import QCheckBox, QWidget

from liveconsole.messages.connections import ConnectionPlatform, known, platform_with, sales_by_shop
from ui.i18n import t
from ui.preferences.connection import ConnectionPage
from ui.preferences.page import SetRoom
from ui.preferences.setting import ChoiceSetting, TextSetting
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import PlainLabel
from ui.widgets.files import choose_file
from ui.widgets.whole_picture import WholePicture
from ui.words.sources import orders_without_amount

_PLATFORMS: Final[tuple[str, ...]] = get_args(ConnectionPlatform)


class ConsoleSettings(ConnectionPage):
    """Nothing is opened before the person agreed; the login is theirs alone, by their own phone."""

    TITLE: ClassVar = "控制台页面"
    NAME: ClassVar = "browser"

    def __init__(
        self,
        set_room: SetRoom,
        asking: SeatConnections,
        role: str,
        folder: Path | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(set_room, asking, role, parent)
        self._folder = folder
        self._platform = ""
        self.remark(
            t(
                "用您自己的 Chrome 或 Edge 打开您自己的后台，替您点「讲解」，点完从页面上读回来；"
                "读不回来就当没成，转给人在手机上点。不发评论、不解验证码、不改平台的页面。未在真实店铺上验证。"
            )
        )
        self.add_state()
        self.orders = PlainLabel("", role="small", tone="fg1", lines=0)
        self.body.addWidget(self.orders)
        self.picture = WholePicture(t("浏览器里现在是这样"))
        self.body.addWidget(self.picture)
        faces = [(name, platform_words(name)) for name in _PLATFORMS]
        self.add_setting("platform", ChoiceSetting(t("哪个平台"), "", faces, may=self.may))
        self.add_setting(
            "page",
            TextSetting(t("页面地址"), t("空着就用说明里的；淘宝填带 liveId 的。"), 1_000, may=self.may),
        )
        self.remark(t("平台的条款可能不允许程序代点；账号是您自己的。没同意之前，什么页面都不打开。"))
        self.agree = QCheckBox(t("我知道，我同意"))
        self.agree.setAccessibleName(self.agree.text())
        self.agree.toggled.connect(self._agreed)
        self.agreed = PlainLabel("", role="small", tone="fg1", lines=0)
        self.body.addWidget(self.agree)
        self.body.addWidget(self.agreed)
        self.add_keys()
        self.show_it = self.add_key(t("把浏览器叫到前面"), partial(self.act, "show"))
        self.part = self.add_key(t("添加浏览器部件…"), self._choose_part)

    def defaults(self) -> Mapping[str, Any]:
        return {"platform": "wechat_channels", "page": "", "consent": False}

    def show_more(self, room: RoomView, now: datetime) -> None:
        on, one = self._kept is not None, room.health.connections.get(self.NAME)
        self._platform = room.settings.platform
        given = bool(self.value("consent"))
        self.agree.blockSignals(True)
        self.agree.setChecked(given)
        self.agree.blockSignals(False)
        self.agree.setEnabled(self.may)
        self.agree.setVisible(self.may)
        self.agreed.setVisible(not self.may)
        self.agreed.setText(t("同意过") if given else t("还没有同意"))
        self.connect_.setEnabled(given)
        self.show_it.setVisible(on)
        self.part.setVisible(on and one is not None and one.code.startswith(("no_part", "part_")))
        self.part.setEnabled(self._folder is not None)
        orders = known(one.figures.orders_without_amount) if one is not None else None
        self.orders.setText(orders_without_amount(orders) if orders else "")
        self.orders.setVisible(bool(orders))
        self.picture.show_picture(one.picture if one is not None else None)

    def wanted(self) -> dict[str, Any]:
        # By itself a connection presses nothing: the platform says who does.
        return {**super().wanted(), **self._platform_with(pins=True)}

    def unwanted(self) -> dict[str, Any]:
        return {**super().unwanted(), **self._platform_with(pins=False)}

    def _platform_with(self, *, pins: bool) -> dict[str, str]:
        sales = sales_by_shop(self._platform)
        if sales is None or (platform := platform_with(sales=sales, pins=pins)) == self._platform:
            return {}
        return {"platform": platform}

    def _agreed(self, given: bool) -> None:
        if self._kept is None:
            self._draft["consent"] = given
            self.connect_.setEnabled(given)
        else:
            self._set_room(self, {self.NAME: {**self._kept, "consent": given}}, self._consented)

    def _consented(self, answer: Answer) -> None:
        self._connected(answer)
        if not answer.ok:
            self.agree.blockSignals(True)
            self.agree.setChecked(bool(self.value("consent")))
            self.agree.blockSignals(False)

    def _choose_part(self) -> None:
        choose_file(self, t("选部件文件"), ("*.zip",), lambda path: self.act("add_part", {"file": path}))


def platform_words(name: str) -> str:
    """What people call a platform's console."""
    known = {
        "wechat_channels": t("视频号助手"),
        "douyin_shop": t("抖店"),
        "buyin": t("巨量百应"),
        "xiaohongshu": t("小红书"),
        "taobao": t("淘宝"),
        "kuaishou": t("快手小店"),
    }
    return known.get(name, name)
