"""OBS: where it listens, which scene belongs to what, and the overlay that one key makes there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtWidgets import QWidget

from ui.i18n import t
from ui.kinds import KINDS, name_of
from ui.preferences.connection import ConnectionPage
from ui.preferences.page import SetRoom
from ui.preferences.pairs import PairList
from ui.preferences.setting import ChoiceSetting, TextSetting
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import PlainLabel
from ui.words.answers import sentence
from ui.words.recording import recording_words

_SEGMENT: Final = "segment:"
_SCENES_MOST: Final = 80
_TEXTS_MOST: Final = 50


class ObsPage(ConnectionPage):
    """A scene that somebody changed in OBS stays until the next change here: nobody is fought."""

    TITLE: ClassVar = "OBS"
    NAME: ClassVar = "obs"
    SECRETS: ClassVar = "obs"

    def __init__(
        self, set_room: SetRoom, asking: SeatConnections, role: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(set_room, asking, role, parent)
        self.remark(t("OBS → 工具 → WebSocket 服务器设置：打开服务器，密码在「显示连接信息」里。"))
        self.add_state()
        self.recording = PlainLabel("", role="small", tone="fg1", lines=0)
        self.body.addWidget(self.recording)
        self.add_setting("address", TextSetting(t("地址"), t("同一台电脑就用原来的。"), 200, may=self.may))
        self.add_secret("password", t("OBS 的密码"), t("只进系统钥匙串或本机文件，不再显示。"))
        self.add_keys()
        self.overlay = self.add_key(t("在 OBS 里做好浮层"), partial(self.act, "overlay"))
        self.again = self.add_key(t("再连一次"), partial(self.act, "connect"))
        self.heading(t("什么时候切到哪个场景"))
        self.remark(t("照 OBS 里的场景名写；空着就不切。几样同时有，先看促销，再看排品的段，再看讲解。"))
        self.scenes: dict[str, TextSetting] = {}
        for when, title in _moments():
            made = self.scenes[when] = TextSetting(title, "", 200, may=self.may)
            made.asked.connect(partial(self._scene, when))
            self.body.addWidget(made)
        self.remark(t("排品表的某一段，用自己的场景："))
        self.segments = PairList(t("段名"), t("场景"), most=_SCENES_MOST, longest=(200, 200), may=self.may)
        self.segments.changed.connect(self._segments)
        self.body.addWidget(self.segments)
        self.heading(t("写进 OBS 的文字"))
        self.remark(
            t("左边是 OBS 里文字来源的名字，右边写模板：{fields}。", fields="{number} {title} {price} {left}")
        )
        self.texts = PairList(t("文字来源"), t("模板"), most=_TEXTS_MOST, longest=(200, 1_000), may=self.may)
        self.texts.changed.connect(partial(self._ask_list, "texts"))
        self.body.addWidget(self.texts)
        self.add_setting(
            "chapters",
            ChoiceSetting(
                t("录像章节"), t("讲解一个商品就在录像里打一个章节；要 OBS 30.2 以上、混合 MP4。"),
                [(False, t("不打")), (True, t("打"))], may=self.may,
            ),
        )  # fmt: skip

    def defaults(self) -> Mapping[str, Any]:
        return {"address": "127.0.0.1:4455", "scenes": {}, "texts": {}, "chapters": False}

    def show_more(self, room: RoomView, now: datetime) -> None:
        on = self._kept is not None
        for key in (self.overlay, self.again):
            key.setVisible(on)
        scenes = self.value("scenes") or {}
        for when, setting in self.scenes.items():
            setting.show_value(scenes.get(when, ""))
        prefix = len(_SEGMENT)
        self.segments.show_pairs(
            {when[prefix:]: scene for when, scene in scenes.items() if when.startswith(_SEGMENT)}
        )
        self.texts.show_pairs(self.value("texts") or {})
        self.recording.setText(recording_words(room.health, now))
        self.recording.setVisible(bool(self.recording.text()))

    def _scene(self, when: str, scene: str) -> None:
        held = {**(self.value("scenes") or {}), when: scene.strip()}
        self._set_scenes({name: found for name, found in held.items() if found}, self.scenes[when].answer)
        self.scenes[when].show_value(scene)

    def _segments(self, pairs: dict[str, str]) -> None:
        others = {
            when: scene
            for when, scene in (self.value("scenes") or {}).items()
            if not when.startswith(_SEGMENT)
        }
        self._set_scenes(others | {f"{_SEGMENT}{name}": scene for name, scene in pairs.items()}, self._listed)

    def _set_scenes(self, scenes: dict[str, str], then: Any) -> None:
        if self._kept is None:
            self._draft["scenes"] = scenes
        else:
            self._set_room(self, {self.NAME: {**self._kept, "scenes": scenes}}, then)

    def _ask_list(self, field: str, pairs: dict[str, str]) -> None:
        if self._kept is None:
            self._draft[field] = pairs
        else:
            self._set_room(self, {self.NAME: {**self._kept, field: pairs}}, self._listed)

    def _listed(self, answer: Answer) -> None:
        self.say(t("已保存") if answer.ok else sentence(answer), "ok" if answer.ok else "live")

    def give_up(self) -> bool:
        own: list[TextSetting | PairList] = [*self.scenes.values(), self.segments, self.texts]
        typed = [each for each in own if each.editing()]
        for each in typed:
            each.give_up()
        return super().give_up() or bool(typed)


def _moments() -> list[tuple[str, str]]:
    """When → what it is called: each kind on air, then while a product is explained, then else."""
    kinds = [(f"kind:{name}", t("{what}进行中", what=name_of(name))) for name in KINDS if name != "pin"]
    return [*kinds, ("pin", t("正在讲解")), ("idle", t("都没有的时候"))]
