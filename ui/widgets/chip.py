"""Small signs: chips, key caps and the shapes of the kinds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui import theme
from ui.clean import clean
from ui.kinds import kind_of, name_of
from ui.widgets.plain import PlainLabel


class Chip(PlainLabel):
    """A word on a tinted ground. ``loud`` fills it with the tone; ``icon`` stands before the word."""

    def __init__(
        self,
        text: str = "",
        *,
        tone: str = "fg1",
        loud: bool = False,
        icon: str = "",
        role: str = "small_strong",
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._loud, self._icon = loud, icon
        super().__init__(
            text, role=role, tone=tone, elide=elide, align=Qt.AlignmentFlag.AlignHCenter, parent=parent
        )
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def show_as(self, text: str, tone: str, *, loud: bool = False, icon: str = "") -> None:
        """Another word with another meaning."""
        if (self._loud, self._icon) != (loud, icon):
            self._loud, self._icon = loud, icon
            self.updateGeometry()
            self.update()
        self.set_tone(tone)
        self.setText(text)

    def _pads(self) -> tuple[int, int, int]:
        height = QFontMetrics(self.font()).height()
        return round(height * 0.5), round(height * 0.14), round(height * 1.0) if self._icon else 0

    def width_for(self, text: str) -> int:
        """How wide it is with other words."""
        side, _, mark = self._pads()
        return QFontMetrics(self.font()).horizontalAdvance(text) + 2 + 2 * side + mark

    def is_cut(self) -> bool:
        return self.width_for(self.text()) > self.width() + 1

    def sizeHint(self) -> QSize:
        side, above, mark = self._pads()
        inner = super().sizeHint()
        return QSize(
            max(self.width_for(self.text()), inner.width() + 2 * side + mark), inner.height() + 2 * above
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        ground, ink = (theme.solid if self._loud else theme.soft)(theme.tokens(), self.tone)
        side, _, mark = self._pads()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        radius = min(7.0, self.height() / 2)
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        room = self.rect().adjusted(side, 0, -side, 0)
        if self._icon:
            size = mark * 0.86
            where = QRectF(room.left() - side * 0.2, (self.height() - size) / 2, size, size)
            theme.paint_icon(painter, self._icon, where, ink)
            room.setLeft(room.left() + mark)
        self.paint_text(painter, room, ink)
        painter.end()


class CappedButton(QPushButton):
    """A plain button with the cap of its key on its face. ``primary``: the one to press."""

    def __init__(self, text: str, key: str, *, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.setAccessibleName(clean(text))
        self._primary, self._label = primary, PlainLabel(text)
        if primary:
            self.setProperty("look", "primary")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(10)
        for each in (self._label, KeyCap(key)):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(each)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._ink()

    def set_words(self, text: str) -> None:
        """Other words on the same key."""
        self._label.setText(text)
        self.setAccessibleName(clean(text))
        self.updateGeometry()

    def _ink(self) -> None:
        self._label.set_tone("fg2" if not self.isEnabled() else "on_fill" if self._primary else "fg0")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._ink()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FilterChip(QPushButton):
    """A choice among few, with a count that may change without moving its neighbours."""

    def __init__(
        self, text: str, *, checkable: bool = True, small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._count = clean(text), ""
        self.setCheckable(checkable)
        self.setFont(theme.font("small" if small else "base"))
        if small:
            self.setProperty("look", "drawn")
        self.setAccessibleName(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_text(self, text: str) -> None:
        """Another word."""
        if clean(text) != self._text:
            self._text = clean(text)
            self.setAccessibleName(self._text)
            self.updateGeometry()
            self.update()

    def set_count(self, count: int | None, *, done: bool = False) -> None:
        """Show a number beside the word, or none; a 0 that was ``done`` is a tick in the same place."""
        shown = "" if count is None else f"{count:,}" if count < 10_000 else f"{count // 1000}k"
        if done and count == 0:
            shown = "✓"
        if shown != self._count:
            wider = len(shown) > len(self._count)
            self._count = shown
            self.setAccessibleDescription(shown)
            if wider:
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self._text) + metrics.height()
        if self._count:
            width += metrics.horizontalAdvance("8" * len(self._count)) + metrics.height() // 3
        return QSize(width, round(metrics.height() * 1.5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        metrics = QFontMetrics(self.font())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = theme.soft(tokens, "accent")[0] if self.isChecked() else tokens.bg2
        edge = tokens.accent if self.isChecked() or self.hasFocus() else tokens.line
        painter.setPen(QPen(theme.colour(edge), 1))
        painter.setBrush(theme.colour(tokens.bg3 if self.underMouse() and not self.isChecked() else ground))
        painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
        painter.setFont(self.font())
        left = metrics.height() // 2
        base = round((self.height() + metrics.ascent() - metrics.descent()) / 2)
        painter.setPen(theme.colour(tokens.fg0 if self.isChecked() else tokens.fg1))
        painter.drawText(left, base, self._text)
        if self._count:
            painter.setPen(theme.colour(tokens.warn))
            painter.drawText(
                left + metrics.horizontalAdvance(self._text) + metrics.height() // 3, base, self._count
            )
        painter.end()


def paint_key(painter: QPainter, room: QRectF, text: str, *, ground: str, ink: str, edge: str) -> None:
    """A key cap: the face of a key that does something here."""
    painter.setPen(QPen(theme.colour(edge), 1))
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(theme.colour(ink))
    painter.setFont(theme.font("key"))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def paint_kept_key(painter: QPainter, room: QRectF, text: str) -> None:
    """A key cap of a key that does something else just now."""
    tokens = theme.tokens()
    paint_key(painter, room, text, ground=tokens.bg1, ink=tokens.fg2, edge=tokens.line)


def key_size(text: str) -> QSize:
    """The size of a key cap with this text."""
    metrics = QFontMetrics(theme.font("key"))
    height = metrics.height() + 6
    return QSize(max(height, metrics.horizontalAdvance(text) + 12), height)


class KeyCap(QWidget):
    """The picture of a key, such as ``F12`` or ``Ctrl+1``."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._kept = text, ""
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def key_name(self) -> str:
        """The key that it is the picture of."""
        return self._text

    @property
    def kept(self) -> str:
        """Why the key does not act now, or ``""``."""
        return self._kept

    def keep_key(self, reason: str) -> None:
        """Grey while there is a reason, which is read out; ``""``: the key acts."""
        if reason != self._kept:
            self._kept = reason
            self.setAccessibleDescription(clean(reason))
            self.update()

    def set_text(self, text: str) -> None:
        """Another key."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return key_size(self._text)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.mix(tokens.line, tokens.fg2, 0.4)
        if self._kept:
            paint_kept_key(painter, QRectF(self.rect()), self._text)
        else:
            paint_key(painter, QRectF(self.rect()), self._text, ground=tokens.bg3, ink=tokens.fg1, edge=edge)
        painter.end()


class Mark(QWidget):
    """A drawing of ours in a token's colour, as high as a line of its role."""

    def __init__(
        self,
        icon: str,
        tone: str = "fg1",
        *,
        role: str = "base",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._role = icon, tone, role
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_as(self, icon: str, tone: str, name: str = "") -> None:
        """Another drawing."""
        if (icon, tone) != (self._icon, self._tone):
            self._icon, self._tone = icon, tone
            self.update()
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        side = QFontMetrics(theme.font(self._role)).ascent()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme.paint_icon(painter, self._icon, QRectF(self.rect()), theme.hexa(self._tone))
        painter.end()


class KindMark(Mark):
    """The shape and colour of a kind of promotion."""

    def __init__(self, kind: object, *, role: str = "base", parent: QWidget | None = None) -> None:
        look = kind_of(kind)
        super().__init__(look.ICON, look.TONE, role=role, name=name_of(kind), parent=parent)

    def set_kind(self, kind: object) -> None:
        """Another kind."""
        look = kind_of(kind)
        self.show_as(look.ICON, look.TONE, name_of(kind))
