"""设置 of this computer: language, theme, type, sounds, motion, overlay address, word lists, limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QWidget

from ui import preferences
from ui.i18n import LANGUAGES, language, t
from ui.preferences import THEME_NAMES, Preferences
from ui.preferences.lists import FEED, LIMITS, TABLES, WORDS, own_copy
from ui.preferences.overlay import OverlayBox
from ui.sheets.sheet import Sheet
from ui.widgets import FilterChip, FlowRow, PlainLabel, button

_LANGUAGES: Final = {"zh": "中文", "en": "English"}
"""Each by its own name, in every language of the desk: whoever cannot read the desk has to find it."""
_THEMES: Final = {"dark": "深色", "light": "浅色", "high_contrast": "高对比"}
_LISTS: Final = {
    "questions.toml": "改问题分组的词",
    "highlights.toml": "改标记的词和声音",
    "words/absolute.txt": "改绝对化用语",
    "words/sensitive.txt": "改不宜说的词",
    "words/luring.txt": "改引到平台外的词",
    "words/allow.txt": "改不算的说法",
    "limits/wechat.toml": "改平台限制的数字",
    "tables/shops.toml": "改商品表的列名",
}


class PreferencesSheet(Sheet):
    """Every change counts at once and is remembered; nothing here is a promotion's business."""

    def __init__(self, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(t("设置"), parent)
        self._preferences: Preferences = preferences.current()
        set_ = self._preferences.settings
        self.languages = self._choice(
            t("语言"),
            [(_LANGUAGES[name], partial(self._preferences.set_language, name)) for name in LANGUAGES],
            LANGUAGES.index(language()),
        )
        self.themes = self._choice(
            t("主题 · Ctrl+T"),
            [(t(_THEMES[name]), partial(self._preferences.set_theme, name)) for name in THEME_NAMES],
            THEME_NAMES.index(set_.theme),
        )
        scales = preferences.SCALES
        near = min(range(len(scales)), key=lambda n: abs(scales[n] - set_.text_scale))
        self.sizes = self._choice(
            t("文字大小"),
            [(f"{scale:.0%}", partial(self._preferences.set_text_scale, scale)) for scale in scales],
            near,
        )
        self.body.addWidget(PlainLabel(t("声音和动效"), role="strong"))
        self.sounds = self._check(t("声音"), t("标记的评论、退款变多、没有回话时响"), set_.sounds)
        self.sounds.toggled.connect(self._sounds_set)
        self.still = self._check(t("少动效"), t("不滑动，不淡入淡出"), set_.less_motion)
        self.still.toggled.connect(self._preferences.set_less_motion)
        self.overlay = OverlayBox(folder)
        self.body.addWidget(self.overlay)
        self.lists = [
            *self._lists(
                t("评论的词表"), t("先复制一份到数据文件夹再打开；保存后回到中控台就用，不用重开。"), FEED
            ),
            *self._lists(
                t("发出前检查的词"),
                t("先复制一份到数据文件夹再打开；保存后下一次检查就用，不用重开。"),
                WORDS,
            ),
            *self._lists(
                t("平台限制"),
                t("折扣、时长、字数这些数字由平台定，会变；改了保存，下一次检查就用，不用重开。"),
                LIMITS,
            ),
            *self._lists(
                t("商品表的列名"),
                t("导出的列名会变，自己表里的列名也加在这里；改了保存，下一次添加商品就用。"),
                TABLES,
            ),
        ]
        self._wrong = PlainLabel("", role="small", tone="live", lines=0)
        self.body.addWidget(self._wrong)
        self.body.addStretch(1)
        self._preferences.changed.connect(self._follow)

    def _choice(self, title: str, faces: list[tuple[str, Callable[[], None]]], now: int) -> list[FilterChip]:
        self.body.addWidget(PlainLabel(title, role="strong"))
        held = QWidget()
        row = FlowRow(held)
        group = QButtonGroup(held)
        made = []
        for at, (face, act) in enumerate(faces):
            chip = FilterChip(face)
            chip.setChecked(at == now)
            chip.clicked.connect(lambda _checked, act=act: act())
            chip.setAccessibleName(f"{title} {face}")
            group.addButton(chip)
            row.addWidget(chip)
            made.append(chip)
        self.body.addWidget(held)
        return made

    def _check(self, words: str, more: str, on: bool) -> QCheckBox:
        box = QCheckBox()
        box.setChecked(on)
        box.setText(words.replace("&", "&&"))
        box.setAccessibleName(words)
        box.setAccessibleDescription(more)
        self.body.addWidget(box)
        self.body.addWidget(PlainLabel(more, role="small", tone="fg2", lines=0))
        return box

    def _lists(self, title: str, more: str, names: Sequence[str]) -> list[QWidget]:
        self.body.addWidget(PlainLabel(title, role="strong"))
        self.body.addWidget(PlainLabel(more, role="small", tone="fg2", lines=0))
        held = QWidget()
        flow = FlowRow(held)
        made = [self._list(name) for name in names]
        for each in made:
            flow.addWidget(each)
        self.body.addWidget(held)
        return made

    def _list(self, name: str) -> QWidget:
        open_ = button(t(_LISTS[name]), icon="edit")
        open_.setEnabled(self._preferences.base is not None)
        open_.clicked.connect(lambda: self._open_list(name))
        return open_

    def _open_list(self, name: str) -> None:
        if self._preferences.base is None:
            return
        try:
            path = own_copy(self._preferences.base, name)
        except OSError as error:
            self._wrong.setText(t("词表没有复制成：{why}", why=error))
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._wrong.setText(t("用文本编辑器打开 {path}", path=path))

    def _sounds_set(self, on: bool) -> None:
        self._preferences.set_sounds(on)
        self._preferences.sounds.play("chime")

    def _follow(self) -> None:
        """Ctrl+T may have changed it from elsewhere."""
        if self.is_here():
            self.themes[THEME_NAMES.index(self._preferences.settings.theme)].setChecked(True)
