"""One connection of the room as a page: how it does, what is set, the keys that connect it and let it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from liveconsole.messages.connection_acts import ConnectionAct, ConnectionSaid
from liveconsole.messages.connection_words import is_well
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.rights import may
from ui import theme
from ui.i18n import t
from ui.preferences.page import SetRoom, SettingsPage
from ui.preferences.setting import RoomSetting
from ui.seat.connections import SeatConnections
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import FlowRow, Mark, PlainLabel, button
from ui.widgets.when import age
from ui.words import worlds as words
from ui.words.answers import sentence

_SECRET: Final = 220
"""Pixels at text scale 1 in which a secret is typed."""


class SecretSetting(QWidget):
    """A secret: goes in once and is never shown again. ``wanted`` by Enter and by its key alone, for what is
    half typed must not go out when the cursor leaves."""

    def __init__(self, title: str, more: str, *, may: bool) -> None:
        super().__init__()
        self._more = more
        self.typed = QLineEdit()
        self.typed.setEchoMode(QLineEdit.EchoMode.Password)
        self.typed.setMaxLength(1_000)
        self.typed.setAccessibleName(title)
        self.typed.setAccessibleDescription(more)
        self.typed.setMinimumWidth(round(_SECRET * theme.text_scale()))
        self.keep = button(t("保存密钥"))
        self.keep.setAccessibleName(t("{what}：保存密钥", what=title))
        self.line = PlainLabel(more, role="small", tone="fg2", lines=0)
        self._held = QWidget()
        row = FlowRow(self._held)
        row.addWidget(self.typed)
        row.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addWidget(PlainLabel(title, role="strong"))
        if may:
            column.addWidget(self._held)
        else:
            self._held.setParent(self)
            self._held.hide()
        column.addWidget(self.line)

    def show_kept(self, kept: bool) -> None:
        """Whether there is one now."""
        self.typed.setPlaceholderText(t("已保存，不再显示；要换就填新的") if kept else "")
        self.line.set_tone("fg2")
        self.line.setText(t("已保存") + " · " + self._more if kept else self._more)

    def answer(self, kept: str | Answer) -> None:
        """Where it lies: kept, it leaves the screen; or why it is not."""
        self.keep.setEnabled(True)
        if isinstance(kept, Answer):
            self.line.set_tone("live")
            self.line.setText(sentence(kept))
            return
        self.typed.clear()
        self.show_kept(True)
        where = t("在系统钥匙串里") if kept == "keyring" else t("在只有本人能读的文件里")
        self.line.set_tone("ok")
        self.line.setText(t("已保存，{where}，不再显示", where=where))


class ConnectionPage(SettingsPage):
    """What is not connected yet is a draft: its settings count once 「连接」 was pressed."""

    SECTIONS: ClassVar = ("room", "health")
    NAME: ClassVar = ""
    """The connection, and the field of `room.set`."""
    SECRETS: ClassVar = ""
    """Whose secrets it needs."""

    def __init__(
        self, set_room: SetRoom, asking: SeatConnections, role: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._set_room = set_room
        self.may, self._host = may(role, "room.set"), role == "host"
        self._asking = asking
        self._kept: dict[str, Any] | None = None
        self._draft: dict[str, Any] = {}
        self._state: ConnectionState | None = None
        self.settings: dict[str, RoomSetting] = {}
        self.secrets: dict[str, SecretSetting] = {}
        self.mark = Mark("ring", "fg2")
        self.stands = PlainLabel("", tone="fg1", lines=0)
        self.heard = PlainLabel("", role="small", tone="fg2", lines=0)
        self.said = PlainLabel("", role="small", tone="fg1", lines=0)
        self._keys = QWidget()
        self._key_row = FlowRow(self._keys)

    # What a page is made of ---------------------------------------------------------------------------

    def add_state(self) -> None:
        """The line that says how it does."""
        held = QWidget()
        row = QGridLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(8)
        row.setVerticalSpacing(2)
        row.setColumnStretch(1, 1)
        row.addWidget(self.mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.stands, 0, 1)
        row.addWidget(self.heard, 1, 1)
        self.body.addWidget(held)

    def add_setting(self, field: str, setting: RoomSetting) -> None:
        """One field of the settings."""
        self.settings[field] = setting
        setting.asked.connect(partial(self._ask, field))
        self.body.addWidget(setting)

    def add_secret(self, field: str, title: str, more: str) -> None:
        """One secret; the host alone hands it in."""
        made = self.secrets[field] = SecretSetting(title, more, may=self._host)
        made.keep.clicked.connect(partial(self._keep, field))
        made.typed.returnPressed.connect(partial(self._keep, field))
        self.body.addWidget(made)

    def add_keys(self) -> None:
        """Connect, look, let go; what else a page has goes in with `add_key`."""
        self.connect_ = self.add_key(t("连接"), self.connect_now, look="primary")
        self.check = self.add_key(t("查一下"), partial(self.act, "check"))
        self.leave = self.add_key(t("断开"), self._leave, look="quiet")
        if self.may:
            self.body.addWidget(self._keys)
        else:
            self._keys.setParent(self)
            self._keys.hide()
            self.remark(t("只有主播和中控能改，这里只看。"))
        self.body.addWidget(self.said)

    def add_key(self, face: str, press: Callable[[], Any], *, look: str = "") -> QPushButton:
        made = button(face, look)
        made.clicked.connect(lambda _on=False: press())
        self._key_row.addWidget(made)
        return made

    # What the room has --------------------------------------------------------------------------------

    def show_room(self, room: RoomView, now: datetime) -> None:
        kept = getattr(room.settings, self.NAME)
        self._kept = msgspec.to_builtins(kept) if kept is not None else None
        if self._kept is not None:
            self._draft = {}
        for field, setting in self.settings.items():
            setting.show_value(self.value(field))
        self._state = room.health.connections.get(self.NAME)
        self._show_state()
        on = self._kept is not None
        self.connect_.setVisible(not on)
        self.check.setVisible(on)
        self.leave.setVisible(on)
        self.show_more(room, now)
        self.tick(now)

    def show_more(self, room: RoomView, now: datetime) -> None:
        """What else a page shows of the room."""

    def value(self, field: str) -> Any:
        """A setting as the room has it; before it is connected as it was drafted."""
        held = self._kept if self._kept is not None else {**self.defaults(), **self._draft}
        return held.get(field)

    def defaults(self) -> Mapping[str, Any]:
        """What stands there before anything was set."""
        return {}

    def _show_state(self) -> None:
        one = self._state
        if self._kept is None:
            self.mark.show_as("ring", "fg2", t("没有接"))
            self.stands.set_tone("fg1")
            self.stands.setText(t("没有接"))
        elif one is None:
            self.mark.show_as("clock", "fg2", t("正在连接"))
            self.stands.setText(t("正在连接"))
        else:
            look = not is_well(self.NAME, one)
            said = words.connection_sentence(self.NAME, one)
            self.mark.show_as("warn" if look else "check", "warn" if look else "ok", said)
            self.stands.set_tone("warn" if look else "fg0")
            self.stands.setText(said)

    def tick(self, now: datetime) -> None:
        at = self._state.last_at if self._state is not None else None
        self.heard.setVisible(at is not None)
        if at is not None:
            self.heard.setText(t("{age}前听到过它", age=age(max(0.0, (now - at).total_seconds()))))

    def opened(self) -> None:
        """The page comes to the front: what is kept is asked for then."""
        if self.SECRETS and self.secrets:
            self._asking.secrets(self, self._show_kept)

    def _show_kept(self, fields: dict[str, list[str]] | Answer) -> None:
        kept = fields.get(self.SECRETS, []) if isinstance(fields, dict) else []
        for field, secret in self.secrets.items():
            if not secret.typed.text():
                secret.show_kept(field in kept)

    def give_up(self) -> bool:
        """Esc: what is being typed is left as it was. Whether there was something."""
        typed = [setting for setting in self.settings.values() if setting.editing()]
        for setting in typed:
            setting.give_up()
        half = [secret for secret in self.secrets.values() if secret.typed.text()]
        for secret in half:
            secret.typed.clear()
        return bool(typed or half)

    # What a person does -------------------------------------------------------------------------------

    def _ask(self, field: str, value: Any) -> None:
        if self._kept is None:
            self._draft[field] = value
            self.settings[field].show_value(value)
            return
        self._set_room(self, {self.NAME: {**self._kept, field: value}}, self.settings[field].answer)

    def connect_now(self) -> None:
        """Set it as it stands in the form."""
        self._set_room(self, self.wanted(), self._connected)

    def wanted(self) -> dict[str, Any]:
        """The fields of `room.set` that connect it."""
        return {self.NAME: {**self.defaults(), **self._draft}}

    def _connected(self, answer: Answer) -> None:
        if answer.ok:
            self.say(t("已保存，正在连接"), "ok")
        else:
            self.say(sentence(answer), "live")

    def _leave(self) -> None:
        self._set_room(self, self.unwanted(), self._left)

    def unwanted(self) -> dict[str, Any]:
        """The fields of `room.set` that let it go."""
        return {self.NAME: None}

    def _left(self, answer: Answer) -> None:
        self.say(t("断开了") if answer.ok else sentence(answer), "fg1" if answer.ok else "live")

    def act(self, action: ConnectionAct, data: dict[str, Any] | None = None) -> None:
        """Let the connection do something, and say what came of it."""
        self.say(t("正在看…"), "fg1")
        self._asking.act(self, self.NAME, action, data or {}, self._came)

    def _came(self, said: ConnectionSaid | Answer) -> None:
        self.say(*words.came_of(self.NAME, said))

    def say(self, said: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(said)

    def _keep(self, field: str) -> None:
        secret = self.secrets[field]
        if value := secret.typed.text().strip():
            secret.keep.setEnabled(False)
            self._asking.keep_secret(self, self.SECRETS, {field: value}, secret.answer)
