"""The settings in force: applied to what is open, remembered in the data folder."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from liveconsole.intake.tables import Choice
from liveconsole.intake.tables import kept as kept_choices
from ui import i18n, theme
from ui.preferences import settings as kept
from ui.preferences.installed_watch import InstalledWatch
from ui.preferences.repaint import repaint
from ui.preferences.settings import THEME_NAMES, DeskSettings, ThemeName, WindowLayout
from ui.preferences.sounds import Sounds
from ui.preferences.update_watch import UpdateWatch

_EFFECTS: Final = (
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_FadeTooltip,
)


_SETTLES_MS: Final = 400
"""A grip that is dragged is one change."""


class Preferences(QObject):
    """One for the program (``current``). Without a folder it remembers nothing and stays silent."""

    changed = Signal()
    """Something was set: theme, size, sounds or motion."""
    language_changed = Signal(str)
    """Texts made from now on are in this language; whoever owns a window makes its texts anew."""

    def __init__(self, base: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.base = base
        self.attended = True
        """Whether somebody sits here: a window that closes by itself shows nobody round."""
        self.settings = kept.load(base) if base is not None else DeskSettings(sounds=False)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="preferences")
        self._unsaved = QTimer(self)
        self._unsaved.setSingleShot(True)
        self._unsaved.setInterval(_SETTLES_MS)
        self._unsaved.timeout.connect(self._write)
        self.sounds = Sounds(self, folder=base)
        self.sounds.on = self.settings.sounds
        self.updates = UpdateWatch(base, self)
        self.installed = InstalledWatch(self)

    def dress(self, app: QApplication, text_scale: float | None = None) -> None:
        """Apply everything before the first widget; ``text_scale`` overrides what is remembered."""
        scale = self.settings.text_scale if text_scale is None else text_scale
        theme.apply(app, self.settings.theme, text_scale=scale)
        self._still()

    def set_theme(self, name: ThemeName) -> None:
        """Another theme, on all that is open."""
        self._set(theme=name)
        self._redress()

    def next_theme(self) -> ThemeName:
        """Dark, light, high contrast, and round again."""
        at = THEME_NAMES.index(self.settings.theme)
        name = THEME_NAMES[(at + 1) % len(THEME_NAMES)]
        self.set_theme(name)
        return name

    def set_text_scale(self, scale: float) -> None:
        """Type from 1.0 to 2.0 times its size, on all that is open."""
        self._set(text_scale=min(2.0, max(1.0, scale)))
        self._redress()

    def set_language(self, name: str) -> None:
        """Another language at once; the window remembers it with what else it was asked at the first run."""
        if name != i18n.language():
            i18n.use(name)
            self.language_changed.emit(name)

    def set_sounds(self, on: bool) -> None:
        """Sounds on or off."""
        self.sounds.on = on
        if not on:
            self.sounds.stop()
        self._set(sounds=on)

    def set_less_motion(self, less: bool) -> None:
        """Nothing slides or fades."""
        self._set(less_motion=less)
        self._still()

    def shows_round(self, role: str) -> bool:
        """Whether a rehearsal begins with the tour for this role: once, and where it can be remembered."""
        return self.attended and self.base is not None and role not in self.settings.toured

    def keep_toured(self, role: str) -> None:
        """The tour does not come by itself again."""
        if role not in self.settings.toured:
            self._set(toured=[*self.settings.toured, role])

    def layout_of(self, role: str) -> WindowLayout:
        """How this role left its window; empty where it never did."""
        return self.settings.layouts.get(role, WindowLayout())

    def keep_layout(self, role: str, **parts: Any) -> None:
        """Remember parts of a role's `WindowLayout`, when the window is left."""
        layout = msgspec.structs.replace(self.layout_of(role), **parts)
        self._set(layouts={**self.settings.layouts, role: layout})

    @property
    def columns(self) -> Mapping[str, Choice]:
        """What was said of the columns of tables, by their header."""
        return self.settings.columns

    def keep_columns(self, key: str, said: Choice) -> None:
        """Remember what was said of the columns of tables with this header; nothing: forget it."""
        self._set(columns=kept_choices(self.settings.columns, key, said))

    def _set(self, **fields: Any) -> None:
        self.settings = msgspec.structs.replace(self.settings, **fields)
        if self.base is not None:
            self._unsaved.start()
        self.changed.emit()

    def flush(self) -> None:
        """Have it on disk when this returns: for the end of the program."""
        self._unsaved.stop()
        self._write()
        self._writer.shutdown(wait=True)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="preferences")

    def _write(self) -> None:
        if self.base is not None:
            # A disk that is slow to say yes never holds the desk.
            self._writer.submit(kept.save, self.base, self.settings)

    def _redress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            repaint(app, self.settings.theme, self.settings.text_scale)

    def _still(self) -> None:
        for effect in _EFFECTS:
            QApplication.setEffectEnabled(effect, not self.settings.less_motion)


_current: Preferences | None = None


def current() -> Preferences:
    """The preferences of this program; a silent one that forgets where none was put in force."""
    global _current
    if _current is None:
        _current = Preferences()
    return _current


def use(preferences: Preferences) -> Preferences:
    """Put one in force for panels made from now on."""
    global _current
    _current = preferences
    return preferences
