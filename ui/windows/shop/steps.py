"""What to do with a case, step by step: what is done, the one that is next with its keys, what comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseStep, ShopAct, ShopAsk
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.messages.verdicts import Verdict
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.widgets import CappedButton, Chip, Mark, PlainLabel, Section, set_tip
from ui.widgets.entry import MoneyEntry
from ui.windows.shop.act_form import ActForm
from ui.windows.shop.amends_form import AmendsForm
from ui.windows.shop.owed_ask import OwedAsk
from ui.windows.shop.words import ACTS, ASKS, both, moment

_HINTS: Final = {"text": "写一句，填进给买家的话里", "date": "哪天，如 12 月 3 日", "amount": "多少元"}
KEYS: Final = ("Y", "N", "M")
"""Of what a step is done with, in its order."""


class CurrentStep(QFrame):
    """The next step: what it needs, and its keys. ``done(note)``: a person did it; ``asked(act, data)``: the
    shop is asked; ``drafted(act, data)``: what would be said to that?"""

    done = Signal(str)
    asked = Signal(str, object)
    drafted = Signal(str, object)

    def __init__(self, step: CaseStep, card: CaseCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("duty")
        self.step, self._card = step, card
        self.keys: list[CappedButton] = []
        self.form: ActForm | None = None
        self.line = self._line() if step.needs and not step.acts else None
        self._acts = [act for act in step.acts if act in card.acts][: len(KEYS)]
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(PlainLabel(both(step.text), role="strong", lines=0))
        if both(step.help):
            column.addWidget(PlainLabel(both(step.help), role="small", tone="fg1", lines=0))
        row = QHBoxLayout()
        row.setSpacing(8)
        if self.line is not None:
            row.addWidget(self.line)
        for place, words in enumerate(self._faces()):
            key = CappedButton(words, KEYS[place], primary=place == 0)
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.clicked.connect(lambda _on=False, place=place: self.press(place))
            self.keys.append(key)
            row.addWidget(key)
        if self.line is None:
            row.addStretch(1)
        column.addLayout(row)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.said.hide()
        if step.acts and not self._acts:
            column.addWidget(PlainLabel(t("小店现在不接这一步"), role="small", tone="warn", lines=0))
        column.addWidget(self.said)

    def _line(self) -> QLineEdit:
        made = MoneyEntry(self._card.row.amount_fen) if self.step.needs == "amount" else QLineEdit()
        made.setMaxLength(20 if self.step.needs == "amount" else TEXT_LIMIT)
        made.setPlaceholderText(t(_HINTS[self.step.needs]))
        set_tip(made, made.placeholderText())
        made.setAccessibleName(both(self.step.text))
        made.returnPressed.connect(lambda: self.press(0))
        return made

    def _faces(self) -> list[str]:
        if self.step.acts:
            return [t(ACTS[act]) for act in self._acts]
        return [t("填好了") if self.step.needs else t("做完了")]

    def press(self, place: int) -> bool:
        """The key of this place; whether there is one. What is needed is filled in first."""
        if place >= len(self.keys):
            return False
        if self.step.acts:
            self._act(self._acts[place])
        elif self.line is not None and not self.line.text().strip():
            self._wants(self.line)
        else:
            self.done.emit(self.line.text().strip() if self.line is not None else "")
        return True

    def _act(self, act: ShopAct) -> None:
        if self.form is None or self.form.act != act:
            first = self._open(act).first()
            if first is not None:
                self._wants(first)
                return
        assert self.form is not None
        missing = self.form.missing()
        if missing is not None:
            self._wants(missing)
        else:
            self.asked.emit(act, self.form.data())

    def _open(self, act: ShopAct) -> ActForm:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        form = AmendsForm(self._card) if act == "compensate" else ActForm(act, self._card)
        form.sent.connect(lambda: self._act(act))
        form.drafted.connect(lambda: self.drafted.emit(act, form.data()))
        self._column.insertWidget(self._column.indexOf(self.said), form)
        form.setVisible(bool(form.entries))
        self.form = form
        return form

    def _wants(self, line: QWidget) -> None:
        self.say(t("先填上，再按 Enter"))
        line.setFocus()

    def take_keyboard(self) -> None:
        """To what is to be filled in, else to the first key."""
        for each in (self.line, *self.keys):
            if each is not None:
                each.setFocus()
                return

    def refuse(self, code: str, params: Mapping[str, Any], words: str) -> None:
        """Why the engine did not take it: at its field where it is about one."""
        self.say("" if self.form is not None and self.form.refuse(code, params, words) else words)

    def learn(self, card: CaseCard) -> None:
        """The same steps, of which something else may be known now; what is being typed stays."""
        self._card = card
        if self.form is not None:
            self.form.learn(card)

    def say(self, words: str) -> None:
        """Why it was not done; ``""`` takes it away."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def block(self, why: str) -> None:
        """Nothing can be done from this seat now, and why; ``""``: it can."""
        for key in self.keys:
            key.setEnabled(not why)
        self.said.set_tone("fg1" if why else "live")
        if why:
            self.say(why)


class StepsCard(Section):
    """``done(step, note)``, ``asked(act, data)``, ``drafted(act, data)``, ``answered(ask_id, done)``: what is
    wanted."""

    done = Signal(str, str)
    asked = Signal(str, object)
    drafted = Signal(str, object)
    answered = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.what = PlainLabel(t("怎么办"), role="heading", elide=True)
        self.chip = Chip("", tone="warn")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.what, 1)
        head.addWidget(self.chip)
        self.body.addLayout(head)
        self.now: CurrentStep | OwedAsk | None = None
        """The one that the keys act on."""
        self._inside: QWidget | None = None
        self._shown: tuple[object, ...] = ()
        self._why = ""

    def show_card(self, card: CaseCard, now: datetime) -> None:
        """The steps of a case; the same ones again leave what is being typed."""
        shown = (card.row.case_id, card.steps, card.asks, card.acts)
        if shown == self._shown:
            if isinstance(self.now, CurrentStep):
                self.now.learn(card)
            return
        self._shown = shown
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.what.setText(both(card.title))
        self.setAccessibleName(both(card.title))
        self.now = None
        here = next((place for place, step in enumerate(card.steps) if step.done_at is None), len(card.steps))
        whole = len(card.steps)
        self._say_place(here, whole)
        owed = next((ask for ask in card.asks if ask.by_person and ask.status in ("owed", "unknown")), None)
        for place, step in enumerate(card.steps):
            if place == here:
                column.addWidget(self._next(step, card, owed))
            else:
                column.addWidget(_line(place + 1, step, now, done=place < here or step.done_at is not None))
        if owed is not None and here == whole:
            column.addWidget(self._owed(owed))
        for ask in card.asks[-3:]:
            if ask is not owed:
                column.addWidget(_ask_line(ask, now))
        self.body.addWidget(self._inside)
        self.block(self._why)

    def _say_place(self, here: int, whole: int) -> None:
        if here < whole:
            self.chip.show_as(t("第 {n} 步，共 {whole} 步", n=here + 1, whole=whole), "warn")
        else:
            self.chip.show_as(t("都做完了"), "ok", icon="check")

    def _next(self, step: CaseStep, card: CaseCard, owed: ShopAsk | None) -> QWidget:
        if owed is not None:
            return self._owed(owed)
        made = CurrentStep(step, card)
        made.done.connect(lambda note: self.done.emit(step.step, note))
        made.asked.connect(self.asked)
        made.drafted.connect(self.drafted)
        self.now = made
        return made

    def _owed(self, ask: ShopAsk) -> QWidget:
        made = OwedAsk(ask)
        made.answered.connect(self.answered)
        self.now = made
        return made

    def forget(self) -> None:
        """Another case is chosen, and its card is not there yet: no key acts."""
        self._shown, self.now = (), None
        self.hide()

    def press(self, place: int) -> bool:
        """Y, N and M; whether there was anything to do."""
        return not self._why and self.now is not None and self.now.press(place)

    def answer(self, words: str, code: str, params: Mapping[str, Any]) -> None:
        """Why the engine did not take it; ``""``: it did."""
        if isinstance(self.now, CurrentStep) and words:
            self.now.refuse(code, params, words)
        elif self.now is not None:
            self.now.say(words)

    def judged(self, said: Verdict) -> None:
        """What the rules say to what is being typed."""
        if isinstance(self.now, CurrentStep) and self.now.form is not None:
            self.now.form.judged(said)

    def block(self, why: str) -> None:
        """This seat only reads, and why; ``""``: it may."""
        changed, self._why = why != self._why, why
        if self.now is not None and (why or changed):
            self.now.block(why)
            if changed and not why:
                self.now.say("")


def _line(number: int, step: CaseStep, now: datetime, *, done: bool) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(2, 0, 2, 0)
    row.setSpacing(10)
    if done:
        row.addWidget(Mark("check", "ok"))
    else:
        row.addWidget(Chip(str(number), tone="fg2"))
    words = both(step.text)
    row.addWidget(PlainLabel(words, tone="fg1", lines=0), 1)
    if step.done_at is not None:
        who = t(ROLE_NAMES[step.done_by]) if step.done_by in ROLE_NAMES else step.done_by
        said = " ".join(part for part in (who, moment(step.done_at, now)) if part)
        row.addWidget(PlainLabel(said, role="small", tone="fg2"))
    return made


def _ask_line(ask: ShopAsk, now: datetime) -> QWidget:
    words, tone = ASKS[ask.status]
    amount = f" {yuan(ask.amount_fen)}" if ask.amount_fen is not None else ""
    said = f"{t(ACTS[ask.act])}{amount} · {t(words)} · {moment(ask.at, now)}"
    if ask.reason:
        said = f"{said} · {clean(ask.reason, 200)}"
    return PlainLabel(said, role="small", tone=tone, lines=0)
