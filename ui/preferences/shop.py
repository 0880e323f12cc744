"""Her shop's face: name, logo, colour. On the first window kept for later, at a desk told at once."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

import shiboken6
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.rights import may
from liveconsole.messages.shop import NAME_LIMIT, ShopFace
from liveconsole.views.shades import READ, contrast
from ui import theme
from ui.i18n import t
from ui.preferences.page import SetRoom, SettingsPage
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.widgets import FlowRow, PlainLabel, button, set_tip
from ui.widgets.files import choose_file
from ui.widgets.picture import shelf
from ui.widgets.picture_file import PictureRefused, kinds, read_picture, shrunk
from ui.widgets.shop_mark import ShopMark, ink_of
from ui.words.answers import refusal, sentence

LOGO_SIDE: Final = 480
_TONES: Final = ("accent", "live", "ok", "warn", "flash", "coupon")


class _Swatch(QAbstractButton):
    """One colour; a ring says which is chosen."""

    def __init__(self, colour: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = colour
        self.setCheckable(True)
        self.setAccessibleName(name)
        set_tip(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        side = round(30 * theme.text_scale())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(theme.colour("fg0" if self.isChecked() else "accent"), 2))
            painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self.colour or "bg3"))
        painter.drawRoundedRect(room.adjusted(3, 3, -3, -3), 5, 5)
        if not self.colour:
            painter.setPen(QPen(theme.colour("fg1"), 1.5))
            painter.drawLine(room.adjusted(8, 8, -8, -8).topLeft(), room.adjusted(8, 8, -8, -8).bottomRight())
        painter.end()


class ShopForm(QWidget):
    """``wanted`` says the face as it stands in the form, and the logo's picture where that is another one."""

    wanted = Signal(object, object)

    def __init__(self, keep: str, parent: QWidget | None = None) -> None:
        """``keep``: the word on its button."""
        super().__init__(parent)
        self._logo: str | None = None
        self._picture: bytes | None = None
        self._editable = True
        self._shown = ShopFace()
        self.mark = ShopMark(64)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setAccessibleName(t("店名"))
        self.name.setPlaceholderText(t("店名"))
        self.pick = button(t("选标志…"), icon="box")
        self.drop = button(t("去掉标志"), "quiet")
        self.colour = QLineEdit()
        self.colour.setMaxLength(7)
        self.colour.setAccessibleName(t("店铺颜色，#开头六位"))
        self.colour.setPlaceholderText("#3366CC")
        self.keep = button(keep, "primary")
        self.said = PlainLabel("", role="small", tone="fg1", lines=0)
        self.shade = PlainLabel("", role="small", tone="fg1", lines=0)
        self._build()
        self.name.textEdited.connect(self._edited)
        self.colour.textEdited.connect(self._coloured)
        self.pick.clicked.connect(self._pick)
        self.drop.clicked.connect(self._drop)
        self.keep.clicked.connect(self._keep)
        self._edited()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.mark)
        lines = QVBoxLayout()
        lines.addWidget(self.name)
        flow = QWidget()
        row = FlowRow(flow)
        row.addWidget(self.pick)
        row.addWidget(self.drop)
        lines.addWidget(flow)
        head.addLayout(lines, 1)
        held = QWidget()
        tones = FlowRow(held)
        self._group = QButtonGroup(held)
        self.swatches: list[_Swatch] = []
        names = (t("不用颜色"), t("蓝"), t("红"), t("绿"), t("琥珀"), t("橙"), t("紫"))
        for colour, name in zip(("", *(theme.hexa(tone) for tone in _TONES)), names, strict=True):
            swatch = _Swatch(colour, name)
            swatch.clicked.connect(lambda _on=False, colour=colour: self._take(colour))
            self._group.addButton(swatch)
            tones.addWidget(swatch)
            self.swatches.append(swatch)
        tones.addWidget(self.colour)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP - 2)
        column.addLayout(head)
        column.addWidget(PlainLabel(t("店铺颜色"), role="strong"))
        column.addWidget(held)
        column.addWidget(self.shade)
        column.addWidget(self.said)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def face(self) -> ShopFace:
        """As it stands in the form."""
        colour = self.colour.text().strip()
        return ShopFace(self.name.text().strip(), self._logo, colour.lower() if _is_colour(colour) else None)

    @property
    def is_touched(self) -> bool:
        """Whether somebody is at it: what arrives meanwhile does not overwrite that."""
        return self.face != self._shown or self._picture is not None

    def show_face(self, face: ShopFace) -> None:
        """Begin with this one."""
        self._shown, self._logo, self._picture = face, face.logo, None
        self.name.setText(face.name)
        self.colour.setText(face.accent or "")
        self._edited()

    def set_editable(self, editable: bool) -> None:
        """Who may not change it sees it."""
        self._editable = editable
        for field in (self.name, self.colour):
            field.setReadOnly(not editable)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        for key in (self.pick, self.keep, *self.swatches):
            key.setVisible(editable)
        self._edited()

    def say(self, words: str, tone: str = "fg1") -> None:
        """Beside its button."""
        self.said.setText(words)
        self.said.set_tone(tone)

    def _take(self, colour: str) -> None:
        self.colour.setText(colour)
        self._edited()

    def _coloured(self) -> None:
        self._edited()

    def _edited(self) -> None:
        face, typed = self.face, self.colour.text().strip()
        self.mark.show_face(face)
        self.drop.setVisible(self._editable and self._logo is not None)
        self._group.setExclusive(False)  # a colour of her own is none of them
        for swatch in self.swatches:
            swatch.setChecked(swatch.colour.lower() == typed.lower())
        self._group.setExclusive(True)
        bad = bool(typed) and not _is_colour(typed)
        self.keep.setEnabled(not bad)
        self.shade.setVisible(bool(typed))
        if bad:
            self.shade.set_tone("live")
            self.shade.setText(t("颜色写成 # 加六位，例如 #3366CC"))
        elif face.accent:
            ground = theme.tokens().bg1
            read = contrast(face.accent, ground) >= READ
            words = t("这个颜色的字看得清") if read else t("这个颜色的字看不清，写字时自动用最接近的一档")
            self.shade.set_tone(ink_of(face, ground))
            self.shade.setText(words)

    # The logo --------------------------------------------------------------------------------------

    def _pick(self) -> None:
        choose_file(self, t("选店铺标志"), kinds(), self.take_file)

    def take_file(self, path: str) -> None:
        """A picture was chosen."""
        self.say(t("正在看图片…"))
        tasks.spawn(self._take_file(path), name="read a logo")

    async def _take_file(self, path: str) -> None:
        try:
            body = await shrunk(await read_picture(path), LOGO_SIDE)
        except PictureRefused as why:
            if shiboken6.isValid(self):
                self.say(refusal(why.code, why.params), "live")
            return
        if shiboken6.isValid(self):
            self.say("")
            self._picture, self._logo = body, name_of(body)
            shelf().give(self._logo, body)
            self._edited()

    def _drop(self) -> None:
        self._picture, self._logo = None, None
        self._edited()

    def _keep(self) -> None:
        self.wanted.emit(self.face, self._picture)


class ShopPage(SettingsPage):
    """What the form says goes to the engine, and what another seat changes is seen here."""

    TITLE: ClassVar = "店铺"
    SECTIONS: ClassVar = ("room",)

    def __init__(self, set_room: SetRoom, seat: Seat, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_room, self._seat = set_room, seat
        self.form = ShopForm(t("保存"))
        self.form.set_editable(may(role, "room.set"))
        self.heading(t("店铺的样子"))
        self.remark(t("店名、标志和颜色印在主播大屏、浮层和报告上"))
        self.body.addWidget(self.form)
        if not may(role, "room.set"):
            self.remark(t("只有主播和中控能改，这里只看。"))
        self.form.wanted.connect(self._wanted)

    def show_room(self, room: RoomView, now: datetime) -> None:
        if not self.form.is_touched:
            self.form.show_face(room.settings.shop_face)

    def _wanted(self, face: ShopFace, picture: bytes | None) -> None:
        self.form.keep.setEnabled(False)
        if picture is None:
            self._ask(face)
        else:
            tasks.spawn(self._keep(face, picture), name="keep the shop's logo")

    async def _keep(self, face: ShopFace, picture: bytes) -> None:
        kept = await self._seat.keep_picture(picture)
        if not shiboken6.isValid(self):
            return
        if kept.ok:
            self._ask(ShopFace(face.name, str(kept.result["sha256"]), face.accent))
        else:
            self._answered(face, kept)

    def _ask(self, face: ShopFace) -> None:
        data = {"name": face.name, "logo": face.logo, "accent": face.accent}
        self._set_room(self, {"shop_face": data}, partial(self._answered, face))

    def _answered(self, face: ShopFace, answer: Answer) -> None:
        self.form.keep.setEnabled(True)
        if answer.ok:
            self.form.show_face(face)
            self.form.say(t("已保存"), "ok")
        else:
            self.form.say(sentence(answer), "live")


def name_of(logo: bytes) -> str:
    """What a logo is called until an engine keeps it."""
    return hashlib.sha256(logo).hexdigest()


def _is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None
