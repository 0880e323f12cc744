"""The composer: a sheet beside the desk, never in its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from PySide6.QtCore import QTime, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTimeEdit,
    QWidget,
)

from liveconsole import tasks
from liveconsole.messages.rights import may
from liveconsole.messages.specs import terms_of
from liveconsole.messages.state import CueState
from ui.i18n import t
from ui.kinds import name_of
from ui.panels.composer.form import Form
from ui.panels.composer.forms import FORMS
from ui.panels.composer.money import lowest_words
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.advice import AdviceLine, AdviceList, advice_of, warned_of
from ui.sheets.sheet import Sheet
from ui.widgets import CostMeter, FilterChip, FlowRow, PlainLabel, button, set_tip
from ui.words.answers import refusal, sentence
from ui.words.costs import ahead

TYPED_MS: Final = 200
"""How long after the last keystroke the rules are asked."""


class ComposerSheet(Sheet):
    """A new cue, or an existing one to be changed. Closes itself when the engine has taken it."""

    SECTIONS: ClassVar = ("room", "catalogue", "cart", "discount")

    def __init__(
        self,
        seat: Seat,
        role: str,
        room: RoomView,
        *,
        cue: CueState | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("加促销") if cue is None else t("修改促销"), parent)
        self._seat, self._role, self._cue = seat, role, cue
        self._room = room.only(*self.SECTIONS)
        self._round = 0
        self._terms: list[str] = []
        self._spec: dict[str, Any] = {}
        """What the rules were asked about last."""
        self._forms: dict[str, Form[Any]] = {kind: form() for kind, form in FORMS.items()}
        self._chips: dict[str, FilterChip] = {}
        self._pages = QStackedWidget()
        self._ready_made = QWidget()
        self._flow = FlowRow(self._ready_made)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPED_MS)
        self._timer.timeout.connect(self.judge_now)
        self._build()
        for form in self._forms.values():
            form.show_room(self._room)
            form.changed.connect(self._typed)
        self.choose(cue.kind if cue is not None else next(iter(FORMS)))
        if cue is not None and cue.terms is not None:
            self.form.fill(cue.terms)
        self._typed()

    def _build(self) -> None:
        kinds, group = QHBoxLayout(), QButtonGroup(self)
        for kind in FORMS:
            chip = FilterChip(name_of(kind))
            chip.clicked.connect(lambda _checked, kind=kind: self.choose(kind))
            if self._cue is not None and self._cue.kind != kind:
                chip.hide()
            group.addButton(chip)
            kinds.addWidget(chip)
            self._chips[kind] = chip
        kinds.addStretch(1)
        self.body.addLayout(kinds)
        self.body.addWidget(self._ready_made)
        for form in self._forms.values():
            self._pages.addWidget(form)
        self.body.addWidget(self._pages)
        self.planned, self.at = QCheckBox(t("定时，到点自己发")), QTimeEdit()
        self.at.setDisplayFormat("HH:mm:ss")
        self.at.setTime(QTime.currentTime().addSecs(600))
        self.at.setAccessibleName(t("几点发"))
        self.at.setEnabled(False)
        self.planned.toggled.connect(self.at.setEnabled)
        self.planned.toggled.connect(self._typed)
        self.at.timeChanged.connect(self._typed)
        row = QHBoxLayout()
        row.addWidget(self.planned)
        row.addWidget(self.at)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self._build_foot()

    def _build_foot(self) -> None:
        self.lowest = PlainLabel("", tone="ok", lines=0)
        self.cost = CostMeter()
        self.said = PlainLabel("", tone="live", lines=0)
        keys = QWidget()
        low = QHBoxLayout(keys)
        low.setContentsMargins(0, 0, 0, 0)
        low.addStretch(1)
        self.add_it = button(self._word())
        self.add_it.setEnabled(False)
        self.add_it.clicked.connect(lambda: self.submit(approve=False))
        self.approve_it = button(t("加入并审核"), "primary")
        self.approve_it.setEnabled(False)
        self.approve_it.clicked.connect(lambda: self.submit(approve=True))
        if self._cue is not None or not may(self._role, "cue.approve"):
            self.approve_it.hide()
        low.addWidget(self.add_it)
        low.addWidget(self.approve_it)
        self.counsel = AdviceList()
        for each in (self.counsel, self.lowest, self.cost, self.said, keys):
            self.add_foot(each)
        self.said.hide()

    def _word(self) -> str:
        if self._cue is not None:
            return t("保存修改")
        return t("加入") if may(self._role, "cue.approve") else t("提交")

    # Kinds ------------------------------------------------------------------------------------------

    @property
    def form(self) -> Form[Any]:
        """The form of the chosen kind."""
        page = self._pages.currentWidget()
        assert isinstance(page, Form)
        return page

    def choose(self, kind: str) -> None:
        """Another kind of promotion."""
        self._chips[kind].setChecked(True)
        for form in self._forms.values():
            # The stack is as high as the form that is shown, not as the highest.
            shown = QSizePolicy.Policy.Preferred if form.kind == kind else QSizePolicy.Policy.Ignored
            form.setSizePolicy(QSizePolicy.Policy.Preferred, shown)
        self._pages.setCurrentWidget(self._forms[kind])
        self._pages.adjustSize()
        self._show_templates()
        self._typed()

    def _show_templates(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        templates = self.form.templates()
        for words, fill in templates:
            chip = FilterChip(words, checkable=False)
            chip.clicked.connect(lambda _=False, fill=fill: self._fill(fill))
            self._flow.addWidget(chip)
        self._ready_made.setVisible(bool(templates))

    def _fill(self, fill: Callable[[], None]) -> None:
        fill()
        self._typed()

    def show_room(self, room: RoomView, now: datetime) -> None:
        """Products and prices may have changed: judged anew, and nothing that was typed is lost."""
        before, self._room = self._room, room.only(*self.SECTIONS)
        if self._room.catalogue != before.catalogue or self._room.items != before.items:
            for form in self._forms.values():
                form.show_room(self._room)
            self._typed()

    # The rules' answer ------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._timer.start()

    def command(self) -> tuple[str, dict[str, Any]] | None:
        """What would be asked of the engine; None while a field cannot be read."""
        spec = self.form.draft()
        if spec is None:
            return None
        if self._cue is not None:
            data: dict[str, Any] = {"cue_id": self._cue.cue_id, "spec": spec}
            return "cue.edit", data | ({"at": self._when()} if self.planned.isChecked() else {})
        data = {"kind": self.form.kind, "spec": spec}
        return "cue.add", data | ({"at": self._when()} if self.planned.isChecked() else {})

    def _when(self) -> str:
        """The next time the clock on the wall shows it."""
        now = self._seat.now().astimezone()
        time = self.at.time()
        at = now.replace(hour=time.hour(), minute=time.minute(), second=time.second(), microsecond=0)
        return (at if at > now else at + timedelta(days=1)).isoformat()

    def judge_now(self) -> None:
        """Ask the rules about what stands in the fields."""
        self._round += 1
        self.form.clear_answers()
        asked = self.command()
        if asked is None:
            self.add_it.setEnabled(False)
            self.approve_it.setEnabled(False)
            self._say("")
            self.lowest.setText("")
            self.cost.show_cost(None)
            self.counsel.show_advice([])
            return
        self._spec = asked[1]["spec"]
        tasks.spawn(self._judge(self._round, *asked), name="judge a draft")

    async def _judge(self, asked_in: int, type_: str, data: dict[str, Any]) -> None:
        said = await self._seat.judge(type_, data)
        # What was typed since is judged by a later round.
        if said is not None and asked_in == self._round and self.is_here():
            self.show_judged(said)

    def show_judged(self, said: Mapping[str, Any]) -> None:
        """The rules' answer: beside the field it is about, or below where it is about none."""
        kind = self.form.kind
        words, tone = lowest_words(kind, terms_of(kind, self._spec), said, self._room)
        self.lowest.set_tone(tone)
        self.lowest.setText(words)
        self.cost.show_cost(ahead(kind, said.get("exposure_fen"), self._room))
        self._terms = warned_of(said)
        refusals = [] if said.get("ok") else [said, *(said.get("also") or ())]
        at_start = said.get("at_start")
        unplaced = [words for words in map(self._place, refusals) if words]
        self._advise(advice_of(said))
        if at_start and not refusals:
            unplaced.append(t("现在还不能发：{why}", why=_worded(at_start)))
        self._say("\n".join(unplaced), "live" if refusals else "warn")
        well = bool(said.get("ok"))
        self.add_it.setEnabled(well)
        self.approve_it.setEnabled(well and not at_start)

    def _advise(self, advice: list[AdviceLine]) -> None:
        """Beside the field it is about; what is about none, or finds it taken, stands below."""
        below = []
        for each in advice:
            field = self.form.fields.get(self.form.field_of(each.field))
            if field is None or field.isHidden() or field.answered:
                below.append(each)
            else:
                field.answer(each.text, each.tone)
                set_tip(field, each.text)
        self.counsel.show_advice(below)

    def _place(self, refused: Mapping[str, Any]) -> str:
        """Put a refusal beside its field; its words where there is none."""
        words = _worded(refused)
        name = self.form.place_of(str(refused.get("code", "")), refused.get("params") or {})
        field = self.form.fields.get(name)
        if field is None:
            return words
        field.answer(words)
        # Scrolled out of sight it would be no answer: then it stands below as well.
        return words if self.isVisible() and field.visibleRegion().isEmpty() else ""

    def _say(self, words: str, tone: str = "live") -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))

    # Handing it in ----------------------------------------------------------------------------------

    def submit(self, *, approve: bool) -> None:
        """Hand it in; a refusal stands here, an ok closes the sheet."""
        asked = self.command()
        if asked is None:
            return
        if self._terms:
            asked[1]["override"] = self._terms
        self.add_it.setEnabled(False)
        self.approve_it.setEnabled(False)
        self._seat.ask_then(self, *asked, lambda answer: self._taken(answer, approve=approve))

    def _taken(self, answer: Answer, *, approve: bool) -> None:
        if not answer.ok:
            self._refused(answer)
            return
        if approve:
            cue_id = answer.result["cue_id"]
            self._seat.ask_then(self, "cue.approve", {"cue_id": cue_id}, self._approved)
        else:
            self.close_sheet()

    def _approved(self, answer: Answer) -> None:
        # It stands in the queue either way; there its row says why it was not approved.
        self.close_sheet()

    def _refused(self, answer: Answer) -> None:
        self.add_it.setEnabled(True)
        self.approve_it.setEnabled(True)
        self._say(sentence(answer))


def _worded(refused: Mapping[str, Any]) -> str:
    return refusal(str(refused.get("code", "")), refused.get("params"), str(refused.get("text", "")))
