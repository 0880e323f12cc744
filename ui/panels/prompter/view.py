"""The painted prompter: a strip where one reads, the words running through it, a line of what it does.

One timer while the words run, and none while they stand; it repaints when they moved by a whole pixel of
the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.panels.prompter.script import Passage
from ui.panels.prompter.scroll import Scroll
from ui.widgets.cut import elided
from ui.widgets.plain import break_lines
from ui.widgets.when import countdown

SIZES: Final = (25, 28, 32, 36, 40, 46, 52, 60, 68, 76)
"""Steps of type in logical pixels, at a window of 1280 × 720."""
_USUAL: Final = SIZES.index(40)
_CAPTION: Final = 25
_CAP: Final = 5_000
"""Characters of one script (``messages.rundown.SCRIPT_LIMIT``)."""
_FRAME_MS: Final = 16
_LEAP: Final = 0.25
"""Longest time that one frame stands for: a machine that slept does not throw the text on."""
_BRIGHT: Final = 2.5
"""Lines under the strip that are as bright as what is in it; further ones are yet to come."""


class Prompter(QWidget):
    """Shows one passage at a time. ``clock`` is monotonic seconds, injected for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reel = Scroll()
        self.mirrored = False
        self._clock = clock
        self._then = 0.0
        self._passages: list[Passage] = []
        self._current = ""
        self._shown = 0
        self._size = _USUAL
        self._scale = 1.0
        self._cleaned = ("", "")
        """A passage's text as it came, and as it is painted."""
        self._lines: list[str] = []
        self._laid_out: tuple[str, int, int] | None = None
        self._painted = -1.0
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.advance)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._name()

    # What it shows ---------------------------------------------------------------------------------

    def show_passages(self, found: Sequence[Passage], current: str) -> None:
        """All passages and the key of the one that is on now: when that changes, the prompter goes there."""
        before = self.passage
        went_on = current != self._current
        self._passages, self._current = list(found), current
        keys = [passage.key for passage in found]
        wanted = current if went_on or before is None else before.key
        self._shown = keys.index(wanted) if wanted in keys else keys.index(current) if current in keys else 0
        after = self.passage
        if after == before:
            return
        length = len(self._text())
        if before is None or after is None or before.key != after.key:
            self.reel.start(length)
        else:
            self.reel.resize(length)
        self._changed()

    @property
    def passage(self) -> Passage | None:
        """What is shown."""
        return self._passages[self._shown] if self._passages else None

    @property
    def previewing(self) -> bool:
        """Whether it shows another passage than the one that is on."""
        return self.passage is not None and self.passage.key != self._current

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        if scale != self._scale:
            self._scale = scale
            self.update()

    # What the person does --------------------------------------------------------------------------

    def faster(self, steps: int = 1) -> None:
        """By steps of 0.05; negative is slower."""
        self.reel.step(steps)
        self._changed()

    def toggle(self) -> None:
        """Run, or stand. Nothing else anywhere listens to this."""
        self.reel.paused = not self.reel.paused
        self._changed()

    def mirror(self) -> None:
        """For a glass in front of the camera."""
        self.mirrored = not self.mirrored
        self._changed()

    def jump(self, by: int) -> None:
        """To the passage before or after. What is on air does not change."""
        to = min(len(self._passages) - 1, max(0, self._shown + by))
        if to != self._shown and self._passages:
            self._shown = to
            self.reel.start(len(self._text()))
            self._changed()

    def back(self) -> None:
        """To the beginning of what is on; pressed there already, nothing changes."""
        keys = [passage.key for passage in self._passages]
        if self._current in keys:
            self._shown = keys.index(self._current)
        self.reel.start(len(self._text()))
        self._changed()

    def nudge(self, lines: float) -> None:
        """On by lines, or back (negative)."""
        self._lay_out()
        self.reel.move(lines * self.reel.length / max(1, len(self._lines)))
        self._changed()

    def resize_text(self, steps: int) -> None:
        """Larger or smaller type; the place in the text stays."""
        self._size = min(len(SIZES) - 1, max(0, self._size + steps))
        self._changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.nudge(-event.angleDelta().y() / 120)
        event.accept()

    # Running ---------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Move by the time that passed; the frame timer's, tests call it themselves."""
        now = self._clock()
        self.reel.advance(min(_LEAP, max(0.0, now - self._then)))
        self._then = now
        if not self.reel.moving:
            self._timer.stop()
            self.update()
        elif round(self.offset() * self.devicePixelRatioF()) != self._painted:
            self.update(self._window())
            if self._how() != self._said:
                self.update()

    @property
    def running(self) -> bool:
        """Whether its timer ticks."""
        return self._timer.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _changed(self) -> None:
        if self.reel.moving and self.isVisible():
            if not self._timer.isActive():
                self._then = self._clock()
                self._timer.start()
        else:
            self._timer.stop()
        self._name()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"{t('提词')} {self._where()} · {self._how()}")
        self.setAccessibleDescription(self._text())

    # Painting --------------------------------------------------------------------------------------

    def _text(self) -> str:
        raw = self.passage.text if self.passage is not None else ""
        if raw != self._cleaned[0]:
            self._cleaned = (raw, clean(raw, _CAP, lines=True))
        return self._cleaned[1]

    def _font(self) -> QFont:
        font = theme.font("host_text")
        font.setPixelSize(max(12, round(SIZES[self._size] * self._scale)))
        return font

    def _small(self) -> QFont:
        font = theme.font("host_note")
        font.setPixelSize(max(12, round(_CAPTION * self._scale)))
        return font

    def _line_high(self) -> int:
        return round(SIZES[self._size] * self._scale * 1.55)

    def _lay_out(self) -> None:
        font = self._font()
        key = (self._text(), self._room().toRect().width(), font.pixelSize())
        if key != self._laid_out:
            self._laid_out = key
            self._lines = break_lines(key[0], font, key[1], 0) if key[0] else []

    def _room(self) -> QRectF:
        """Where the words are."""
        side, caption = 32 * self._scale, _CAPTION * self._scale * 2.0
        return QRectF(self.rect()).adjusted(side, 2, -side, -caption)

    def _window(self) -> QRect:
        """What moves: the words with the strip, between the frame's corners and the caption."""
        return QRect(1, theme.RADIUS, self.width() - 2, round(self._room().bottom()) - theme.RADIUS)

    def offset(self) -> float:
        """Logical pixels that the words have run up."""
        self._lay_out()
        if not self.reel.length:
            return 0.0
        return self.reel.at / self.reel.length * len(self._lines) * self._line_high()

    def strip(self) -> QRectF:
        """Where one reads."""
        high = self._line_high()
        return QRectF(1, 14 * self._scale + high * 0.9, self.width() - 2, high * 1.12)

    def visible(self) -> list[tuple[float, str]]:
        """The lines in sight: distance from the strip in lines (0: in it), and text."""
        high, room, strip = self._line_high(), self._room(), self.strip()
        gone = self.offset() / high
        first = max(0, int(gone - strip.center().y() / high) - 1)
        last = int(gone + (room.bottom() - strip.top()) / high) + 1
        return [(index - gone, self._lines[index]) for index in range(first, min(last, len(self._lines)))]

    def sizeHint(self) -> QSize:
        return QSize(round(830 * self._scale), round(430 * self._scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 180)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange):
            self._laid_out = None

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moved = self._window().contains(event.rect())
        if moved:
            painter.fillRect(event.rect(), theme.colour(tokens.bg1))
        else:
            painter.setPen(QPen(theme.colour(tokens.line), 1))
            painter.setBrush(theme.colour(tokens.bg1))
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        if self._text():
            self._paint_words(painter)
        else:
            painter.setFont(self._small())
            painter.setPen(theme.colour(tokens.fg2))
            painter.drawText(self._room(), Qt.AlignmentFlag.AlignCenter, self._nothing())
        if not moved:
            self._paint_caption(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        tokens, high, room, strip = theme.tokens(), self._line_high(), self._room(), self.strip()
        self._painted = round(self.offset() * self.devicePixelRatioF())
        painter.fillRect(strip, theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.2)))
        painter.fillRect(QRectF(strip.left(), strip.top(), 5, strip.height()), theme.colour("accent"))
        painter.save()
        if self.mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.setClipRect(self._window())
        font = self._font()
        metrics = QFontMetrics(font)
        painter.setFont(font)
        base = (metrics.ascent() - metrics.descent()) / 2 + strip.center().y()
        for away, line in self.visible():
            near = -0.5 <= away <= _BRIGHT
            painter.setPen(theme.colour("fg0" if near else "fg2"))
            painter.drawText(QPointF(room.left(), base + away * high), line)
        painter.restore()

    def _paint_caption(self, painter: QPainter) -> None:
        tokens, font = theme.tokens(), self._small()
        metrics = QFontMetrics(font)
        room = QRectF(self.rect()).adjusted(32 * self._scale, 0, -24 * self._scale, 0)
        room.setTop(self.height() - _CAPTION * self._scale * 2.0)
        painter.fillRect(
            QRectF(1, room.top(), self.width() - 2, 1), theme.colour(theme.mix(tokens.bg1, tokens.line, 0.8))
        )
        how = self._said = self._how()
        painter.setFont(font)
        painter.setPen(theme.colour("warn" if self.reel.paused else "fg1"))
        wide = metrics.horizontalAdvance(how) + 2
        painter.drawText(
            QRectF(room.right() - wide, room.top(), wide, room.height()), Qt.AlignmentFlag.AlignVCenter, how
        )
        side = metrics.ascent() * 0.9
        mark = QRectF(room.right() - wide - side * 1.4, room.top() + (room.height() - side) / 2, side, side)
        theme.paint_icon(
            painter,
            "pause" if self.reel.paused else "play",
            mark,
            theme.hexa("warn" if self.reel.paused else "ok"),
        )
        painter.setPen(theme.colour("warn" if self.previewing else "fg2"))
        left = QRectF(room.left(), room.top(), mark.left() - room.left() - side, room.height())
        where = elided(self._where(), metrics, round(left.width()))
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, where)

    def _nothing(self) -> str:
        if self.passage is None:
            return t("排品表和购物车都是空的，还没有词")
        return t("这一段没有词，也没有卖点")

    def _where(self) -> str:
        """Which passage, and whether it is the one that is on."""
        if self.passage is None:
            return ""
        place = f"{self._shown + 1} / {len(self._passages)}"
        title = clean(self.passage.title, 80)
        if self.previewing:
            return t("预看 {place} · {title}", place=place, title=title)
        return f"{place} · {title}"

    def _how(self) -> str:
        """Speed, what that means, and how long the rest takes."""
        parts = [f"{self.reel.speed:.2f}×"]
        if not self.reel.length:
            parts.append(t("{n} 字/分", n=self.reel.pace))
        elif self.reel.at >= self.reel.length:
            parts.append(t("讲完了"))
        elif self.reel.paused:
            parts.append(t("已停，空格继续"))
        else:
            parts += [t("{n} 字/分", n=self.reel.pace), t("还要 {time}", time=countdown(self.reel.left))]
        if self.mirrored:
            parts.append(t("镜像"))
        return " · ".join(parts)
