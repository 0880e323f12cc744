"""One row of the queue: what it is, what the rules say, and the keys that this seat has for it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from liveconsole.views.money import yuan
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.queue.rows import RowFace, lowest_words
from ui.panels.queue.tile import CueTile
from ui.panels.queue.titled import show_title
from ui.widgets import Chip, FactLine, FireButton, KindMark, PlainLabel, ShortFact, button, set_tip
from ui.widgets.when import clock, countdown
from ui.words import cues as words

SAID_SECONDS: Final = 4.0
"""How long a refusal that stands for no lasting reason is shown."""
YES_KEY: Final = "Ctrl+↵"
NO_KEY: Final = "Ctrl+⌫"


_NARROW: Final = 560
"""Pixels at text scale 1 of a row under which who asked stands among its facts: its keys need the room."""


class QueueRow(QFrame):
    """Emits what the person wants with the cue's id: ``act("fire" | "approve" | "reject" | …, cue_id)``."""

    act = Signal(str, str)
    chosen_changed = Signal()

    def __init__(self, face: RowFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._tile = CueTile()
        self._mark = KindMark(face.kind, role="strong")
        self._title = PlainLabel("", role="heading", elide=True)
        self._asked, self._note = Chip("", tone="accent"), Chip("")
        self._facts = FactLine()
        self._refusal = self._guard = ""
        self._here = False
        self._waited = ""
        self._said_timer = QTimer(self)
        self._said_timer.setSingleShot(True)
        self._said_timer.setInterval(round(SAID_SECONDS * 1000))
        self._said_timer.timeout.connect(lambda: self.say(""))
        self.reject = FireButton(t("退回"), tone="fg1", key="")
        self.approve = FireButton(t("通过"), tone="accent", key="")
        self.fire = FireButton("", key="")
        self.fix = FireButton("", tone="accent", key="")
        self.more = button("⋯", "quiet")
        self.more.setAccessibleName(t("更多"))
        for key, what in (
            (self.fire, "fire"),
            (self.approve, "approve"),
            (self.reject, "reject"),
            (self.fix, "fix"),
        ):
            key.fired.connect(lambda what=what: self.act.emit(what, self.face.cue_id))
        self.more.clicked.connect(self._open_menu)
        self._build()
        self.show_face(face, force=True)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title)
        head.addWidget(self._asked)
        head.addWidget(self._note)
        head.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addLayout(head)
        lines.addWidget(self._facts)
        lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self._tile)
        row.addSpacing(4)
        row.addLayout(lines, 1)
        for each in (self.reject, self.approve, self.fire, self.fix, self.more):
            row.addWidget(each)

    # What it shows ----------------------------------------------------------------------------------

    def show_face(self, face: RowFace, *, force: bool = False) -> None:
        """Show the row as it is now; what has not changed is not touched."""
        if face == self.face and not force:
            return
        self.face = face
        self.setAccessibleName(face.title)
        self._tile.show_cue(face.kind, face.product, face.image)
        self._mark.set_kind(face.kind)
        show_title(self._title, face.kind, face.title, face.product)
        self._title.setMaximumWidth(self._title.sizeHint().width())
        self._note.show_as(face.note, face.tone)
        self._note.setVisible(self._noted() and not self._narrow())
        self._asked.setVisible(face.asked_at is not None and not self._narrow())
        if face.asked_at is None:
            self._asked.setText("")
        self._show_keys()
        self._guard = face.blocked or _below_words(face)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if face.proposal else Qt.FocusPolicy.NoFocus)
        if not face.proposal and self._here:
            self._here = False
            self.clearFocus()
        self._show_facts()
        self.update()

    def _show_keys(self) -> None:
        face = self.face
        kind = kind_of(face.kind)
        # What cannot go as it is gives its place to the key that mends it.
        mends = bool(face.fix) and bool(face.blocked)
        self.fix.setVisible(bool(face.fix))
        self.fix.show_as(face.fix, "accent", face.key if mends and face.fire else "")
        self.fix.setAccessibleName(f"{face.fix} {face.title}")
        self.fire.setVisible(bool(face.fire) and not mends)
        self.fire.show_as(
            face.waits if face.blocked else face.fire, kind.TONE, "" if face.blocked else face.key
        )
        self.fire.block(face.blocked)
        self.fire.setAccessibleName(f"{self.fire.face} {face.title}")
        chosen = self.chosen
        self.approve.setVisible(face.approve and not mends)
        self.approve.show_as(t("通过"), "accent", YES_KEY if chosen and face.may_approve else "")
        self.approve.block(face.blocked)
        self.approve.setAccessibleName(t("通过 {title}", title=face.title))
        self.reject.setVisible(face.proposal and face.reject)
        self.reject.show_as(t("退回"), "fg1", NO_KEY if chosen else "")
        self.reject.setAccessibleName(t("退回 {title}", title=face.title))
        self.more.setVisible(face.edit or face.remove or face.reject)

    def _show_facts(self) -> None:
        """Its terms, what a buyer comes to and what it costs; a refusal takes their place."""
        face = self.face
        said = self.said
        if said:
            which = [ShortFact(face.round, "accent", 1)] if face.round else []
            self._facts.show_facts([*which, ShortFact(f"▲ {said}", "live", strong=True)], said)
            self._facts.show()
            return
        found = [ShortFact(face.over, "live", strong=True)] if face.over else []
        found += [ShortFact(face.heed[0], "warn")] if face.heed else []
        if face.round:
            found.insert(0, ShortFact(face.round, "accent", 1))
        if self._narrow() and self._waited:
            found.insert(0, ShortFact(self._waited, "accent", 1))
        if self._narrow() and self._noted():
            found.insert(0, ShortFact(self._note.text(), face.tone, 1 if face.proposal else 0))
        low = lowest_words(face.kind, face.lowest_fen, face.floor_fen, face.lowest_of)
        if face.kept[0]:
            found.append(ShortFact(face.kept[0], "fg0", 1))
        found += [ShortFact(part, "fg1", 3) for part in face.detail.split(" · ") if part]
        if low:
            priced = face.lowest_fen is not None
            found.append(ShortFact(low, "live" if face.under_floor else "ok" if priced else "fg1", 0))
        if face.cost is not None:
            found.append(ShortFact(face.cost.words, "fg1", 2))
        tips = [
            *face.heed,
            face.kept[1],
            face.combination,
            kind_of(face.kind).unpriced()[1],
            face.cost.tip if face.cost else "",
        ]
        self._facts.show_facts(found, "\n".join(tip for tip in tips if tip))
        self._facts.setVisible(bool(found))  # without a second line the first stands in the middle

    def say(self, refusal: str) -> None:
        """A refusal stands beside what caused it, for as long as it is read; ``""`` takes it away."""
        self._refusal = refusal
        if refusal:
            self._said_timer.start()
        else:
            self._said_timer.stop()
        self._show_facts()

    @property
    def heed(self) -> str:
        """What of its words whoever approves it must see."""
        return self.face.heed[0] if self.face.heed else ""

    @property
    def said(self) -> str:
        """The refusal that stands on the row, else what keeps its key from being one."""
        return self._refusal or self._guard

    @property
    def facts(self) -> str:
        """The second line."""
        return self._facts.text()

    def tick(self, now: datetime) -> None:
        """A planned start counts down, and who waits for an approval waits longer."""
        face = self.face
        if face.asked_at is not None:
            waited = t("等了 {time}", time=clock((now - face.asked_at).total_seconds()))
            chip = f"{face.asked} · {waited}" if face.asked else waited
            whole, *_ = words.waiting(face.asked, face.asked_at, face.asked_until, now)
            self._asked.set_forms(whole, chip, waited)
            if waited != self._waited:
                self._waited = waited
                if self._narrow():
                    self._show_facts()
            # Of what is beside the keys the title has half at least; how long is never cut.
            room = (
                self.width()
                - sum(key.sizeHint().width() + 8 for key in self._keys())
                - self._tile.width()
                - 48
            )
            shown = chip if self._asked.width_for(chip) * 2 <= room else waited
            self._asked.setFixedWidth(self._asked.width_for(shown))
            set_tip(self._asked, whole)
        if face.fires_at is not None:
            left = (face.fires_at - now).total_seconds()
            at = face.fires_at.astimezone().strftime("%H:%M:%S")
            self._note.show_as(t("{at} 开始 · 还有 {left}", at=at, left=countdown(left)), "accent")
            if self._narrow():
                self._show_facts()

    def _noted(self) -> bool:
        """Whether where it stands is worth saying beside its keys."""
        return bool(self.face.note) and not (self.face.fire and self.face.tone == "ok")

    def _narrow(self) -> bool:
        return self.width() < _NARROW * theme.text_scale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._asked.setVisible(self.face.asked_at is not None and not self._narrow())
        self._note.setVisible(self._noted() and not self._narrow())
        self._tile.setVisible(not self._narrow())
        self._show_facts()

    def _keys(self) -> list[QWidget]:
        return [
            key for key in (self.reject, self.approve, self.fire, self.fix, self.more) if not key.isHidden()
        ]

    # Which one the keys of yes and no are for -------------------------------------------------------

    @property
    def chosen(self) -> bool:
        """Whether the keyboard is on this row: its yes and its no are the keys drawn on it."""
        return self.face.proposal and self._here and self.window().focusWidget() is self

    def choose(self) -> None:
        """The keyboard comes here; also while another window has it, for when it is back."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._here = True
        self._turned()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._here = True
        self._turned()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._here = False
        self._turned()

    def _turned(self) -> None:
        self._show_keys()
        self.update()
        self.chosen_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Not by policy: a press on one of its keys would choose the row too, and move the key away.
        if self.face.proposal and event.button() == Qt.MouseButton.LeftButton:
            self.choose()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        if self.face.proposal:
            painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.08)))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour(tokens.line))
        if self.chosen:
            painter.setPen(QPen(theme.colour(tokens.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        face = self.face
        entries = [
            ("edit", t("修改…"), face.edit),
            ("card", t("口播卡…"), True),
            ("approve", t("审核，先不发"), face.may_approve and not face.approve),
            ("reject", t("退回"), face.reject and not face.proposal),
            ("up", t("上移"), True),
            ("down", t("下移"), True),
            ("remove", t("移除，后面的场次也不开了") if face.round else t("移除"), face.remove),
        ]
        for name, label, shown in entries:
            if shown:
                action = menu.addAction(label)
                action.triggered.connect(lambda _=False, name=name: self.act.emit(name, self.face.cue_id))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))


def _below_words(face: RowFace) -> str:
    """What brings the price under its floor; where the fire key is blocked, the block says it."""
    low, floor = face.lowest_fen, face.floor_fen
    if not face.under_floor or low is None or floor is None:
        return ""
    said = t("最低到手 {money}，低于底价 {floor}", money=yuan(low), floor=yuan(floor))
    return t("{low}：{parts}", low=said, parts=face.combination) if face.combination else said
