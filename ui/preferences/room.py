"""本直播间: what the engine lets be set for the room, by whoever may set it, seen by everybody."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.commands import HOLD_MOST, PROPOSAL_LEAST, PROPOSAL_MOST, RECALL_MOST
from liveconsole.messages.rights import may
from ui.i18n import t
from ui.preferences.page import SetRoom, SettingsPage
from ui.preferences.setting import ChoiceSetting, NumberSetting, RoomSetting, TextSetting
from ui.preferences.shop_coupons import ShopCoupons
from ui.seat.room import RoomView
from ui.widgets import PlainLabel

_TITLE_LONG = 60
MOST_YUAN = 10_000_000
_BACK = ("none", "broadcast", "days:7", "days:30")


class RoomPage(SettingsPage):
    """A value counts once the engine has it on disk; its no stands beside what was asked for."""

    TITLE: ClassVar = "本直播间"
    SECTIONS: ClassVar = ("room",)

    def __init__(self, set_room: SetRoom, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_room = set_room
        self.may = may(role, "room.set")
        self.settings = self._made()
        self.rights = self.remark(
            t("改了马上算数，每个席位都看到。") if self.may else t("只有主播和中控能改，这里只看。")
        )
        self._budget: BroadcastBudget | None = None
        for name, setting in self.settings.items():
            setting.asked.connect(partial(self._ask, name))
            self.body.addWidget(setting)
        self.coupons = ShopCoupons(set_room, may_change=self.may)
        self.heading(t("店里的券"))
        self.body.addWidget(self.coupons)
        self.platform = PlainLabel("", tone="fg1", lines=0)
        self.heading(t("平台"))
        self.body.addWidget(self.platform)
        self.remark(t("换席位时选：排练、真直播（人工协助）、看录像。"))

    def _made(self) -> dict[str, RoomSetting]:
        return {
            "title": TextSetting(t("场名"), t("开播时没另写，就用它。"), _TITLE_LONG, may=self.may),
            "recall_seconds": NumberSetting(
                t("撤回时间"), t("按下发出键后还能撤回多久；0 是马上发。"), RECALL_MOST, t("秒"), may=self.may
            ),
            "hold_seconds": NumberSetting(
                t("待付款保留"), t("下了单没付款的件数替他留多久，到时放回去卖。900 秒是 15 分钟。"),
                HOLD_MOST, t("秒"), lowest=1, may=self.may,
            ),
            "four_eyes": ChoiceSetting(
                t("双人复核"), t("打开后，写促销的人不能自己通过它：要另一个席位来通过。"),
                [(False, t("一个人就行")), (True, t("要两个人"))], may=self.may,
            ),
            "proposal_seconds": NumberSetting(
                t("提议等多久"), t("助理提的没人理，到时自动退回。{n} 秒起；0 是一直等。", n=PROPOSAL_LEAST),
                PROPOSAL_MOST, t("秒"), none=t("一直等"), may=self.may,
            ),
            "randomness": ChoiceSetting(
                t("开奖的随机数"), t("公开随机由 drand 网络给出，谁都能核对；要联网，开奖晚十几秒。"),
                [("local", t("本机随机")), ("drand", t("公开随机"))], may=self.may,
            ),
            "review": ChoiceSetting(
                t("三级审核"), t("标题、话术、券要机器、人工、法务看过；按 Ctrl+U 审。"),
                [("off", t("不用")), ("warn", t("只提醒")), ("required", t("没审完不能上"))], may=self.may,
            ),
            "ai_presenter": ChoiceSetting(
                t("AI 主播"), t("用了就一直标在画面上；没说的话，检查里是不知道。"),
                [(None, t("没说")), (False, t("真人")), (True, t("AI 主播"))], may=self.may,
            ),
            "own_content_percent": NumberSetting(
                t("原创内容"), t("自己做的内容占多少，要求不少于 70%；0 是没说。"), 100, "%", none=t("没说"),
                may=self.may,
            ),
            "stand_back": ChoiceSetting(
                t("中过奖的人"), t("福袋自己没写时照这个。"), [(each, _back_words(each)) for each in _BACK],
                may=self.may,
            ),
            "budget.fen": NumberSetting(
                t("每场让利预算"), t("用到 80% 和 100% 会提醒，会超的促销标红。下一场从 0 算。"),
                MOST_YUAN, t("元"), none=t("不设"), may=self.may,
            ),
            "budget.gmv_percent": NumberSetting(
                t("让利最多占成交"), t("按付了款的算；没有来源报订单时不知道。"), 100, "%", none=t("不设"),
                may=self.may,
            ),
            "budget.hard": ChoiceSetting(
                t("超了每场预算"), t("只管写了多少元的预算。"),
                [(False, t("提醒")), (True, t("不许发"))], may=self.may,
            ),
        }  # fmt: skip

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._budget = room.settings.budget
        for name, setting in self.settings.items():
            setting.show_value(_value(room, name))
        self.coupons.show_state(room)
        self.platform.setText(_platform_words(room.settings.platform))

    def _ask(self, name: str, value: Any) -> None:
        asked = {name: value}
        if name.startswith("budget."):
            asked = {"budget": _budget_with(self._budget, name.removeprefix("budget."), value)}
        self._set_room(self, asked, self.settings[name].answer)

    def give_up(self) -> bool:
        """Esc: what is being typed is left as the room has it. Whether there was something."""
        typed = [setting for setting in self.settings.values() if setting.editing()]
        for setting in typed:
            setting.give_up()
        return bool(typed)


def _value(room: RoomView, name: str) -> Any:
    """A value as its setting has it: sums in whole 元."""
    if not name.startswith("budget."):
        return getattr(room.settings, name)
    budget = room.settings.budget
    if name == "budget.hard":
        return budget is not None and budget.hard
    found = getattr(budget, name.removeprefix("budget."), None)
    return found // 100 if name == "budget.fen" and found is not None else found


def _budget_with(budget: BroadcastBudget | None, name: str, value: Any) -> dict[str, Any] | None:
    """The budget with one of its parts changed; None where nothing is left of it."""
    parts: dict[str, Any] = {"fen": None, "gmv_percent": None, "hard": False}
    if budget is not None:
        parts = {"fen": budget.fen, "gmv_percent": budget.gmv_percent, "hard": budget.hard}
    parts[name] = value * 100 if name == "fen" and value is not None else value
    if parts["fen"] is None and name != "hard":
        parts["hard"] = False  # it is about the sum
    found = {part: said for part, said in parts.items() if said}
    return found or None


def _back_words(way: str) -> str:
    if way.startswith("days:"):
        return t("{n} 天内的不参加", n=int(way.removeprefix("days:")))
    return t("本场的不参加") if way == "broadcast" else t("都能参加")


def _platform_words(platform: str) -> str:
    known = {"own": t("自家商城"), "manual": t("人工协助"), "rehearsal": t("模拟平台")}
    return known.get(platform, platform)
