"""本机: who sits at this window, its language, theme, type, sounds and motion."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLineEdit, QWidget

from liveconsole.messages.bounds import SEAT_NAME
from ui import preferences
from ui.i18n import LANGUAGES, language, t
from ui.preferences.page import SettingsPage, chips
from ui.preferences.preferences import Preferences
from ui.preferences.settings import SCALES, THEME_NAMES
from ui.widgets import FilterChip, PlainLabel, button
from ui.words.online import role_name

_LANGUAGES: Final = {"zh": "中文", "en": "English"}
"""Each by its own name, in every language of the desk: whoever cannot read the desk has to find it."""
_THEMES: Final = {"dark": "深色", "light": "浅色", "high_contrast": "高对比"}


class ComputerPage(SettingsPage):
    """Every change counts at once and is remembered; nothing here is the room's business."""

    TITLE: ClassVar = "这台电脑"

    named = Signal(str)
    """Who sits here says another name."""
    seat_wanted = Signal()
    """换席位…"""

    def __init__(self, role: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences: Preferences = preferences.current()
        set_ = self._preferences.settings
        self._seat(role, name)
        self.languages = self._choice(
            t("语言"),
            [(_LANGUAGES[one], partial(self._preferences.set_language, one)) for one in LANGUAGES],
            LANGUAGES.index(language()),
        )
        self.themes = self._choice(
            t("主题 · Ctrl+T"),
            [(t(_THEMES[one]), partial(self._preferences.set_theme, one)) for one in THEME_NAMES],
            THEME_NAMES.index(set_.theme),
        )
        near = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - set_.text_scale))
        self.sizes = self._choice(
            t("文字大小"),
            [(f"{scale:.0%}", partial(self._preferences.set_text_scale, scale)) for scale in SCALES],
            near,
        )
        self.heading(t("声音和动效"))
        self.sounds = self._check(t("声音"), t("标记的评论、退款变多、没有回话时响"), set_.sounds)
        self.sounds.toggled.connect(self._sounds_set)
        self.still = self._check(t("少动效"), t("不滑动，不淡入淡出"), set_.less_motion)
        self.still.toggled.connect(self._preferences.set_less_motion)
        self._preferences.changed.connect(self._follow)

    def _seat(self, role: str, name: str) -> None:
        self.heading(t("本窗口的席位"))
        self.name = QLineEdit(name)
        self.name.setMaxLength(SEAT_NAME)
        self.name.setMaximumWidth(240)
        self.name.setAccessibleName(t("你的名字"))
        self.name.setPlaceholderText(t("你的名字"))
        self.name.editingFinished.connect(self._name_said)
        self.role = PlainLabel(role_name(role), tone="fg0")
        self.change = button(t("换席位…"))
        self.change.clicked.connect(self.seat_wanted)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.name)
        row.addWidget(self.role)
        row.addWidget(self.change)
        row.addStretch(1)
        self.body.addLayout(row)
        self.remark(t("别的席位看到的就是这个名字，不进日志。换席位时可以不换了再回来。"))
        self._said = name

    def _name_said(self) -> None:
        name = " ".join(self.name.text().split())
        if name != self._said:
            self._said = name
            self.named.emit(name)

    def _choice(self, title: str, faces: list[tuple[str, partial[None]]], now: int) -> list[FilterChip]:
        self.heading(title)
        held, made = chips(title, faces, QButtonGroup(self))
        made[now].setChecked(True)
        self.body.addWidget(held)
        return made

    def _check(self, words: str, more: str, on: bool) -> QCheckBox:
        box = QCheckBox()
        box.setChecked(on)
        box.setText(words.replace("&", "&&"))
        box.setAccessibleName(words)
        box.setAccessibleDescription(more)
        self.body.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
        self.remark(more)
        return box

    def _sounds_set(self, on: bool) -> None:
        self._preferences.set_sounds(on)
        self._preferences.sounds.play("chime")

    def _follow(self) -> None:
        """Ctrl+T may have changed it from elsewhere."""
        self.themes[THEME_NAMES.index(self._preferences.settings.theme)].setChecked(True)
