"""Buttons. What touches money never has focus, is never a default, never repeats."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from ui import theme
from ui.clean import clean
from ui.held_keys import HOLDS, REPEAT_MS
from ui.i18n import t
from ui.widgets.chip import key_size, paint_kept_key, paint_key
from ui.widgets.cut import elided
from ui.widgets.plain import plain_tip

HOLD_SECONDS: Final = 1.0
END_SECONDS: Final = 2.0
"""What ends a broadcast."""
ICON_SIDE: Final = 16
"""Logical pixels of a drawing on a plain button at text scale 1."""


def button(text: str, look: str = "", *, icon: str = "", tone: str = "fg1") -> QPushButton:
    """A plain button for all that is not money. ``look``: ``""``, ``primary``, ``danger`` or ``quiet``.

    The text must be ours; ``&`` is doubled so that none becomes a shortcut.
    """
    made = QPushButton(clean(text).replace("&", "&&"))
    made.setProperty("look", look)
    made.setAutoDefault(False)
    made.setAccessibleName(clean(text))
    made.setProperty("bare", not text)
    if icon:
        # What is drawn, and in which tone, is kept for another theme to draw it again.
        made.setProperty("drawing", icon)
        made.setProperty("tone", tone)
        side = round(ICON_SIDE * theme.text_scale())
        made.setIcon(theme.icon(icon, theme.hexa(tone), side))
        made.setIconSize(QSize(side, side))
    return made


class MoneyButton(QPushButton):
    """A painted button with its key on its face. It takes no focus and hears no keyboard."""

    def __init__(
        self,
        text: str,
        *,
        tone: str,
        key: str,
        role: str,
        outline: bool,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._tone, self._key, self._outline = clean(text), tone, key, outline
        self._compact = compact
        self._kept = ""
        # Painted here: the style sheet's least height of a plain button would make a compact one as high.
        self.setProperty("look", "drawn" if compact else "")
        self.setFont(theme.font(role))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setDefault(False)
        self.setAutoDefault(False)
        self.setAutoRepeat(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)

    def show_as(self, text: str, tone: str | None = None, key: str | None = None) -> None:
        """Another face. Text, token name, key name."""
        new = (clean(text), tone or self._tone, self._key if key is None else key)
        if new != (self._text, self._tone, self._key):
            self._text, self._tone, self._key = new
            self.setAccessibleName(self._text)
            self.updateGeometry()
            self.update()

    @property
    def key_name(self) -> str:
        """The key on its face."""
        return self._key

    @property
    def kept(self) -> str:
        """Why its key, not the button, does not act now, or ``""``."""
        return self._kept

    def keep_key(self, reason: str) -> None:
        """The key on its face is grey while there is a reason, which the tip says; ``""``: it acts."""
        if reason != self._kept:
            self._kept = reason
            self.update()

    @property
    def face(self) -> str:
        """The words on the button."""
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self._text) + round(metrics.height() * 1.6)
        height = (
            round(metrics.height() * 1.5)
            if self._compact
            else max(theme.ROW - 6, round(metrics.height() * 1.9))
        )
        if self._key:
            width += key_size(self._key).width() + 8
            height = max(height, key_size(self._key).height() + (6 if self._compact else 12))
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        """As wide as it wishes; in the lowest windows as low as its words and its cap."""
        least = max(
            QFontMetrics(self.font()).height() + 6, key_size(self._key).height() + 6 if self._key else 0
        )
        return QSize(self.sizeHint().width(), min(self.sizeHint().height(), least))

    def least_width(self) -> int:
        """How wide it is with its word and its whole key, and no air."""
        metrics = QFontMetrics(self.font())
        cap = key_size(self._key).width() + 8 if self._key else 0
        return metrics.horizontalAdvance(self._text) + metrics.height() + cap

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Space and Enter never fire anything, wherever focus may have landed.
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The second press of a double click is the first one's echo, not a second wish.
        event.accept()

    def event(self, event: QEvent) -> bool:
        if self._kept and event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self._kept), self)
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _colours(self) -> tuple[str, str, str]:
        """Ground, words, edge."""
        tokens = theme.tokens()
        if not self.isEnabled():
            return tokens.bg2, tokens.fg1, tokens.bg2  # words on a ground, no key that looks dim
        if self._outline:
            colour = getattr(tokens, self._tone)
            if self._filling():
                return tokens.bg1, tokens.fg0, colour
            ground = theme.mix(
                tokens.bg1, colour, 0.22 if self.isDown() else 0.14 if self.underMouse() else 0.0
            )
            return ground, theme.soft(tokens, self._tone)[1], colour
        ground, words = theme.solid(tokens, self._tone)
        if self.isDown():
            ground = theme.mix(ground, tokens.bg0, 0.18)
        elif self.underMouse():
            ground = theme.mix(ground, words, 0.08)
        return ground, words, ground

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, words, edge = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(QPen(theme.colour(edge), 1.2))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        self._paint_inside(painter, room)
        metrics = QFontMetrics(self.font())
        # Where both do not fit, the words stay: a long title may be elided, but not for the sake of a key.
        least = metrics.horizontalAdvance(self._text[:6]) + metrics.height() + 8 + key_size(self._key).width()
        with_key = bool(self._key) and self.width() >= least
        cap = key_size(self._key) if with_key else QSize(0, 0)
        gap = 8 if with_key else 0
        space = self.width() - cap.width() - gap - metrics.height() // 2
        text = elided(self._text, metrics, space)
        wide = metrics.horizontalAdvance(text)
        left = (self.width() - wide - gap - cap.width()) / 2
        painter.setFont(self.font())
        painter.setPen(theme.colour(words))
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        where = QRectF(left + wide + gap, (self.height() - cap.height()) / 2, cap.width(), cap.height())
        if with_key and self._kept:
            paint_kept_key(painter, where, self._key)
        elif with_key:
            paint_key(
                painter,
                where,
                self._key,
                ground=theme.mix(ground, theme.tokens().bg0, 0.16),
                ink=words,
                edge=theme.mix(ground, words, 0.45),
            )
        painter.end()

    def _filling(self) -> bool:
        """Whether the ground is being filled from the left."""
        return False

    def _paint_inside(self, painter: QPainter, room: QRectF) -> None:
        """Between the ground and the words."""


class FireButton(MoneyButton):
    """Fires one thing once a press (``fired``). With a reason it is not a button but the reason's place."""

    fired = Signal()

    def __init__(
        self,
        text: str,
        *,
        tone: str = "accent",
        key: str = "",
        role: str = "strong",
        outline: bool = False,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, tone=tone, key=key, role=role, outline=outline, compact=compact, parent=parent)
        self._reason = ""
        self.clicked.connect(self._fire)

    def block(self, reason: str) -> None:
        """``""`` makes it a button again; anything else says why it is none (as tooltip, and read out)."""
        if reason != self._reason:
            self._reason = reason
            self.setEnabled(not reason)
            self.setToolTip(plain_tip(reason))
            self.setAccessibleDescription(clean(reason))
            self.update()

    @property
    def reason(self) -> str:
        """Why it may not be pressed, or ``""``."""
        return self._reason

    def _fire(self) -> None:
        if not self._reason:
            self.fired.emit()


class HoldButton(MoneyButton):
    """Acts (``held``) only after it was held, by mouse or by its key (``begin`` / ``cancel``).

    ``seconds``: how long. ``own_keys``: it has the focus, and Space or Enter held on it count too; not for
    what touches money. ``clock`` is monotonic seconds, injected for tests.
    """

    held = Signal()
    holding = Signal(bool)
    """It went down; it was let go, or is done."""

    def __init__(
        self,
        text: str,
        *,
        tone: str = "live",
        key: str = "",
        role: str = "strong",
        seconds: float = HOLD_SECONDS,
        own_keys: bool = False,
        compact: bool = False,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, tone=tone, key=key, role=role, outline=True, compact=compact, parent=parent)
        self._clock, self._seconds, self._own_keys = clock, seconds, own_keys
        self._since: float | None = None
        self._done = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(16)
        self._timer.timeout.connect(self.advance)
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setTimerType(Qt.TimerType.PreciseTimer)
        self._let_go.setInterval(REPEAT_MS)
        self._let_go.timeout.connect(self.cancel)
        self.pressed.connect(self.begin)
        self.released.connect(self.cancel)
        self._how = t("按住一秒") if seconds == HOLD_SECONDS else t("按住 {n} 秒", n=f"{seconds:g}")
        self._aside = t("按住") if key else self._how
        self.setToolTip(plain_tip(self._how))
        self.setAccessibleDescription(self._how)
        if own_keys:
            self.setProperty(HOLDS, True)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_brief(self, brief: bool) -> None:
        """Where room is dear how it is pressed stands in the tip alone."""
        aside = "" if brief else t("按住") if self._key else self._how
        if aside != self._aside:
            self._aside = aside
            self.updateGeometry()
            self.update()

    def describe(self, words: str) -> None:
        """What holding it comes to."""
        said = "\n".join(filter(None, (self._how, clean(words))))
        self.setToolTip(plain_tip(said))
        self.setAccessibleDescription(said)

    def begin(self) -> None:
        """The button, or its key, went down. Auto-repeated key presses change nothing."""
        if self._since is None and self.isEnabled():
            self._since, self._done = self._clock(), False
            self._timer.start()
            self.update()
            self.holding.emit(True)

    def cancel(self) -> None:
        """It was let go, or the window lost the keyboard."""
        was, self._since = self._since, None
        self._timer.stop()
        self._let_go.stop()
        self.update()
        if was is not None:
            self.holding.emit(False)

    @property
    def progress(self) -> float:
        """How much of the time has passed, 0 to 1."""
        if self._since is None:
            return 0.0
        return min(1.0, (self._clock() - self._since) / self._seconds)

    def advance(self) -> None:
        """Look at the clock; acts once when the time is full."""
        if self._since is None or self._let_go.isActive():
            return  # the key is up: whether it is held is known in a moment
        self.update()
        if self.progress >= 1.0 and not self._done:
            self._done = True
            self._timer.stop()
            self.held.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._holds(event):
            super().keyPressEvent(event)
        else:
            self._let_go.stop()
            if not event.isAutoRepeat():
                self.begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._holds(event):
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._let_go.start()

    def _holds(self, event: QKeyEvent) -> bool:
        return self._own_keys and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cancel()

    def _filling(self) -> bool:
        return self._since is not None

    def _small(self) -> QFontMetrics:
        return QFontMetrics(theme.font("small"))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        ring = 0 if self._key else self._ring() + 6
        aside = self._small().horizontalAdvance(self._aside) + 6 if self._aside else 0
        return QSize(hint.width() + ring + aside, hint.height())

    def _ring(self) -> int:
        return self._small().height() - 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring that fills (or, beside a key of the keyboard, the ground), the words, how it is pressed."""
        ground, words, edge = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        focused = self._own_keys and self.hasFocus()
        painter.setPen(QPen(theme.colour(theme.tokens().accent if focused else edge), 2 if focused else 1.2))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        self._paint_inside(painter, room)
        metrics, small = QFontMetrics(self.font()), self._small()
        wide, aside = metrics.horizontalAdvance(self._text), small.horizontalAdvance(self._aside)
        cap = key_size(self._key) if self._key else QSize(0, 0)
        ring = 0 if self._key else self._ring() + 6
        between = 6 if self._aside else 0
        left = (self.width() - ring - wide - between - aside - (cap.width() + 8 if self._key else 0)) / 2
        painter.setPen(theme.colour(words))
        if ring:
            self._paint_ring(painter, left, words)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour(words))
        painter.setFont(self.font())
        painter.drawText(QRectF(left + ring, 0, wide + 2, self.height()), middle, self._text)
        at = left + ring + wide + between
        painter.setFont(theme.font("small"))
        painter.drawText(QRectF(at, 0, aside + 2, self.height()), middle, self._aside)
        if self._key:
            where = QRectF(at + aside + 8, (self.height() - cap.height()) / 2, cap.width(), cap.height())
            under = theme.mix(ground, theme.tokens().bg0, 0.22)
            paint_key(painter, where, self._key, ground=under, ink=words, edge=theme.mix(ground, words, 0.45))
        painter.end()

    def _paint_ring(self, painter: QPainter, left: float, words: str) -> None:
        side = self._ring()
        where = QRectF(left + 1, (self.height() - side) / 2 + 1, side - 2, side - 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(theme.mix(theme.tokens().bg1, words, 0.45)), 2))
        painter.drawEllipse(where)
        painter.setPen(QPen(theme.colour(words), 2.5))
        # From the top with the clock, in sixteenths of a degree.
        painter.drawArc(where, 90 * 16, -round(360 * 16 * self.progress))

    def _paint_inside(self, painter: QPainter, room: QRectF) -> None:
        if self._key and (progress := self.progress) > 0:
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.mix(theme.tokens().bg1, theme.tokens().live, 0.4)))
            painter.setClipRect(QRectF(room.left(), room.top(), room.width() * progress, room.height()))
            painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
            painter.restore()
