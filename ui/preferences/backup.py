"""自动备份: where to and when, and how the last one did. None counts before a restore of it was tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET
from PySide6.QtWidgets import QWidget

from liveconsole.messages.backups import KEEP_MOST, BackupState
from ui.i18n import t
from ui.preferences.connection import ConnectionPage
from ui.preferences.page import SetRoom
from ui.preferences.setting import ChoiceSetting, NumberSetting, TextSetting
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.words.backups import backup_words


class BackupPage(ConnectionPage):
    """A folder of the engine's computer, or an address; the recovery code is shown there and nowhere else."""

    TITLE: ClassVar = "自动备份"
    NAME: ClassVar = "backup"
    SECRETS: ClassVar = "backup"

    def __init__(
        self, set_room: SetRoom, asking: SeatConnections, role: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(set_room, asking, role, parent)
        self._backup: BackupState | None = None
        self.remark(t("不在播的时候做；每一份都试着恢复一遍，才算数。恢复码在引擎那台电脑上看："))
        self.remark("liveconsole backup --code")
        self.add_state()
        self.add_setting(
            "to",
            ChoiceSetting(
                t("放到哪"), "",
                [("folder", t("文件夹")), ("webdav", "WebDAV"), ("s3", "S3")], may=self.may,
            ),
        )  # fmt: skip
        place = TextSetting(t("位置"), t("文件夹的路径，或者 https:// 开头的地址"), 1_000, may=self.may)
        self.add_setting("place", place)
        user = TextSetting(t("用户名"), t("WebDAV 的用户名，S3 的 Access Key ID"), 200, may=self.may)
        self.add_setting("user", user)
        self.add_setting("bucket", TextSetting(t("S3 的桶"), "", 200, may=self.may))
        self.add_setting("region", TextSetting(t("S3 的地区"), "", 200, may=self.may))
        self.add_secret("password", t("密码"), t("WebDAV 的密码，S3 的 Secret Key"))
        hour = NumberSetting(t("每天几点以后"), t("引擎那台电脑的时间"), 23, t("点"), may=self.may)
        self.add_setting("hour", hour)
        self.add_setting(
            "after_broadcast",
            ChoiceSetting(t("下播以后"), "", [(True, t("也备份一次")), (False, t("不备份"))], may=self.may),
        )
        keep = NumberSetting(
            t("留几份"), t("再早的删掉，别的文件不动"), KEEP_MOST, t("份"), lowest=1, may=self.may
        )
        self.add_setting("keep", keep)
        self.add_keys()
        self.check.setParent(self)
        self.check.hide()

    def defaults(self) -> Mapping[str, Any]:
        return {
            "to": "folder", "place": "", "hour": 5, "after_broadcast": True, "keep": 14,
            "user": "", "bucket": "", "region": "us-east-1",
        }  # fmt: skip

    def show_room(self, room: RoomView, now: datetime) -> None:
        said = room.health.backup
        self._backup = said if said is not UNSET else None
        super().show_room(room, now)
        self.connect_.setText(t("开始备份"))
        self.leave.setText(t("不再备份"))
        self.check.hide()
        self._fit()

    def _ask(self, field: str, value: Any) -> None:
        super()._ask(field, value)
        self._fit()

    def _fit(self) -> None:
        """What the chosen place has no use for is not there."""
        to = self.value("to")
        for each in (self.settings["user"], self.secrets["password"]):
            each.setVisible(to != "folder")
        for name in ("bucket", "region"):
            self.settings[name].setVisible(to == "s3")

    def _show_state(self) -> None:
        if self._kept is None:
            words, well = t("没有自动备份"), None
        else:
            words, well = backup_words(self._backup)
        icon, tone = ("check", "ok") if well else ("ring", "fg2") if well is None else ("warn", "warn")
        self.mark.show_as(icon, tone, words)
        self.stands.set_tone("warn" if well is False else "fg0")
        self.stands.setText(words)
