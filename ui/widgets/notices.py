"""Words to the person at the desk that stop nothing: notices, empty places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.widgets.buttons import button
from ui.widgets.chip import Mark
from ui.widgets.plain import PlainLabel

_ICONS: Final = {"ok": "check", "warn": "warn", "live": "warn", "accent": "info"}


class Notice(QFrame):
    """One line inside the window: a sign, words, perhaps one thing to do. Never modal, never takes focus.

    Hidden until ``tell``; leaves after ``seconds`` (0: stays until dismissed or told otherwise).
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "accent"
        self._action: Callable[[], None] | None = None
        self._mark = Mark("info", "accent")
        self._words = PlainLabel("", lines=0)
        self._act = button("", "quiet")
        self._close = button("", "quiet", icon="cross")
        self._close.setAccessibleName(t("关闭提示"))
        for each in (self._act, self._close):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self._act)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._act.clicked.connect(self._do)
        self._close.clicked.connect(self.dismiss)
        self.hide()

    def tell(
        self,
        text: str,
        tone: str = "accent",
        *,
        seconds: float = 0.0,
        action: str = "",
        then: Callable[[], None] | None = None,
    ) -> None:
        """Say something; it replaces what was said before. ``tone``: accent, ok, warn or live."""
        self._tone, self._action = tone, then
        self._mark.show_as(_ICONS.get(tone, "info"), f"soft:{tone}")
        self._words.set_tone(f"soft:{tone}")
        self._words.setText(text)
        self._act.setText(clean(action).replace("&", "&&"))
        self._act.setVisible(bool(action))
        self.setAccessibleName(self._words.text())
        self._timer.stop()
        if seconds:
            self._timer.start(round(seconds * 1000))
        self.show()
        self.update()

    def dismiss(self) -> None:
        """Take the words away."""
        self._timer.stop()
        self._action = None
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    @property
    def said(self) -> str:
        """What stands there now; ``""`` when nothing does."""
        return "" if self.isHidden() else self._words.text()

    def _do(self) -> None:
        then = self._action
        self.dismiss()
        if then is not None:
            then()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, _ = theme.soft(theme.tokens(), self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setBrush(theme.colour(self._tone))
        painter.drawRoundedRect(QRectF(0, 0, 4, self.height()), 2, 2)
        painter.end()


_AIR: Final = 16
_SIDE: Final = 24
_UNDER: Final = 4
"""Below the sign."""


def _high(label: PlainLabel, wide: int) -> int:
    return label.heightForWidth(wide) if label.hasHeightForWidth() else label.sizeHint().height()


class EmptyState(QWidget):
    """What stands where nothing is yet: a sign, what is missing, and how it gets here."""

    def __init__(self, icon: str, title: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(
            title, role="heading", tone="fg1", align=Qt.AlignmentFlag.AlignHCenter, lines=0
        )
        self.hint = PlainLabel(hint, role="base", tone="fg2", align=Qt.AlignmentFlag.AlignHCenter, lines=0)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _AIR, _SIDE, _AIR)
        column.setSpacing(6)
        column.addStretch(1)
        self._mark = Mark(icon, "fg2", role="price")
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(_UNDER)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addStretch(1)
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title} {hint}".strip())

    def yields(self) -> EmptyState:
        """Never makes the place higher than its neighbours do; where it is low the sign goes first."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        return self

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Ignored:
            # By what it says, not by its own hint: that is another with the sign and the air than without.
            wide, gap = self.width() - 2 * _SIDE, self._column.spacing()
            labels = [each for each in (self.title, self.hint) if not each.isHidden()]
            words = sum(_high(each, wide) for each in labels) + gap * (len(labels) - 1) + _UNDER
            sign = self._mark.sizeHint().height() + gap
            self._mark.setVisible(self.height() >= words + sign + _AIR)
            left = self.height() - words - (0 if self._mark.isHidden() else sign)
            air = max(2, min(_AIR, left // 2))
            self._column.setContentsMargins(_SIDE, air, _SIDE, air)
