"""Who sits here: people who sat at this computer before, and the seats that nobody has a name for yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.i18n import t
from ui.seat.session import PEOPLE, ROLE_NAMES, ROLES, Role, SeatPerson
from ui.widgets import FilterChip, PlainLabel, button
from ui.widgets.picture import letter_of

_MAY: Final[dict[Role, str]] = {
    "host": "能开抢、下播",
    "operator": "什么都能做",
    "assistant": "提促销，等主播通过",
}
_TONES: Final[dict[Role, str]] = {"host": "flash", "operator": "accent", "assistant": "ok"}


class PersonTile(QAbstractButton):
    """A name with its role, or a role that has no name yet; without either, what adds one."""

    def __init__(self, person: SeatPerson | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = person
        self.setCheckable(person is not None)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if person is None:
            name, words = t("加一个人"), t("写名字，选身份")
        elif person.name:
            role = t(ROLE_NAMES[person.role])
            name, words = person.name, f"{role} · {t(_MAY[person.role])}"
        else:
            name, words = t(ROLE_NAMES[person.role]), t(_MAY[person.role])
        self.setMaximumWidth(round(250 * theme.text_scale()))
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(PlainLabel(name, role="heading", tone="fg0" if person else "fg1", elide=True))
        lines.addWidget(PlainLabel(words, role="small", tone="fg1", elide=True))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(_Avatar(name if person else "", _TONES[person.role] if person else "fg1"))
        row.addLayout(lines, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(round(190 * theme.text_scale()), self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(110, self._row.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, chosen = theme.tokens(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = tokens.accent if chosen else tokens.fg1 if self.hasFocus() else tokens.line
        dashed = Qt.PenStyle.DashLine if self.person is None else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.colour(edge), 2, dashed))
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.12) if chosen else tokens.bg1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        if chosen and self.hasFocus():
            painter.setPen(QPen(theme.colour("fg0"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 8, 8)
        painter.end()


class _Avatar(QWidget):
    """The first letter of a name in a circle; a plus where somebody can be added."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._letter, self._tone = letter_of(name), tone
        side = round(34 * theme.text_scale())
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground, ink = theme.soft(tokens, self._tone)
        painter.setBrush(theme.colour(ground if self._tone != "fg1" else tokens.bg3))
        painter.drawEllipse(QRectF(self.rect()))
        if self._letter:
            painter.setPen(theme.colour(ink))
            painter.setFont(theme.font("heading"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        else:
            inset = self.width() * 0.27
            theme.paint_icon(
                painter, "plus", QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), tokens.fg1
            )
        painter.end()


class _NameField(QLineEdit):
    """Enter in it adds somebody and goes no further: on the window it would open the room."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class PeopleRow(QStackedWidget):
    """Tiles to choose from; in the same place, the name and the role of somebody new."""

    changed = Signal()

    def __init__(
        self, people: Sequence[SeatPerson], role: Role, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.people = list(people)[:PEOPLE]
        self.tiles: list[PersonTile] = []
        self._choose = QWidget()
        self._row = QHBoxLayout(self._choose)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self.add = PersonTile(None)
        self.add.clicked.connect(self.begin_adding)
        self._row.addWidget(self.add, 8)
        self._row.addStretch(1)
        self.addWidget(self._choose)
        self.addWidget(self._build_form())
        self._fill(role, name)

    def _build_form(self) -> QWidget:
        form = QWidget()
        self.name = _NameField()
        self.name.setMaxLength(20)
        self.name.setAccessibleName(t("名字"))
        self.name.setPlaceholderText(t("名字"))
        self.name.returnPressed.connect(self.keep_new)
        self.roles: dict[Role, FilterChip] = {}
        row = QHBoxLayout(form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        group = QButtonGroup(form)
        for role in ROLES:
            chip = self.roles[role] = FilterChip(t(ROLE_NAMES[role]))
            group.addButton(chip)
            row.addWidget(chip)
        self.roles["assistant"].setChecked(True)
        keep, leave = button(t("加上"), "primary"), button(t("不加"), "quiet")
        keep.clicked.connect(self.keep_new)
        leave.clicked.connect(lambda: self.setCurrentIndex(0))
        row.addWidget(keep)
        row.addWidget(leave)
        return form

    def _fill(self, role: Role, name: str) -> None:
        for tile in self.tiles:
            self._row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        named = {person.role for person in self.people}
        shown = [*self.people, *(SeatPerson("", each) for each in ROLES if each not in named)][:PEOPLE]
        group = QButtonGroup(self)
        self.tiles = [PersonTile(person) for person in shown]
        for place, tile in enumerate(self.tiles):
            group.addButton(tile)
            self._row.insertWidget(place, tile, 8)
            tile.toggled.connect(lambda _on: self.changed.emit())
        by_name = [tile for tile in self.tiles if tile.person == SeatPerson(name, role)]
        by_role = [tile for tile in self.tiles if tile.person is not None and tile.person.role == role]
        (by_name or by_role or self.tiles)[0].setChecked(True)

    @property
    def person(self) -> SeatPerson:
        """Who is chosen."""
        found = (tile.person for tile in self.tiles if tile.isChecked())
        return next((person for person in found if person is not None), SeatPerson(""))

    def choose(self, role: Role) -> None:
        """The first who does this."""
        tile = next(tile for tile in self.tiles if tile.person is not None and tile.person.role == role)
        tile.setChecked(True)

    def begin_adding(self) -> None:
        """The form takes the tiles' place, as high as they are."""
        self.setCurrentIndex(1)
        self.name.setFocus()

    def keep_new(self) -> None:
        """Somebody new is chosen at once; without a name nobody comes."""
        name = self.name.text().strip()
        if not name:
            self.name.setFocus()
            return
        role = next(each for each, chip in self.roles.items() if chip.isChecked())
        person = SeatPerson(name, role)
        self.people = [person, *(each for each in self.people if each.name != name)][:PEOPLE]
        self.name.clear()
        self._fill(role, name)
        self.setCurrentIndex(0)
        self.changed.emit()
