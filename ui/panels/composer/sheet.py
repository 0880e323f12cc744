"""The composer: a sheet of its own over the columns, with what the rules say always in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from liveconsole import tasks
from liveconsole.messages.rights import may
from liveconsole.messages.specs import parse_spec, terms_of
from liveconsole.messages.state import CueState
from liveconsole.messages.verdicts import MendedSpec, RefusalSaid, RepairFix, Verdict
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.panels.composer.announced import AnnouncedRow
from ui.panels.composer.choice import open_list
from ui.panels.composer.form import ROWS, Form
from ui.panels.composer.forms import FORMS
from ui.panels.composer.head import ComposerHead
from ui.panels.composer.money import brief
from ui.panels.composer.result import ResultColumn, fine_words
from ui.panels.composer.starts import ONCE, StartsRow
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.advice import AdviceLine, advice_of, warned_of
from ui.sheets.sheet import Sheet
from ui.widgets import (
    CappedButton,
    FilterChip,
    FlowRow,
    PlainLabel,
    button,
    set_tip,
)
from ui.words.answers import refusal, sentence
from ui.words.costs import beyond, broadcast

TYPED_MS: Final = 200
"""How long after the last keystroke the rules are asked."""
_SIDE: Final = 22


class ComposerSheet(Sheet):
    """A new cue, or an existing one to be changed. Closes itself when the engine has taken it."""

    SECTIONS: ClassVar = ("room", "catalogue", "cart", "discount")
    SIZE: ClassVar = (900, 760)

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
        self._round = self._trying = 0
        self._terms: list[str] = []
        self._spec: dict[str, Any] = {}
        """What the rules were asked about last."""
        self._mended: MendedSpec | None = None
        self._said = Verdict()
        self._forms: dict[str, Form[Any]] = {}
        """Of the kinds that were chosen; all of them would hold the desk up for a quarter of a second."""
        self._pages = QStackedWidget()
        self._ready_made = QWidget()
        self._flow = FlowRow(self._ready_made)
        self.result = ResultColumn(self._mend)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPED_MS)
        self._timer.timeout.connect(self.judge_now)
        self._build_head()
        self._build_body()
        self._build_foot()
        self.choose(cue.kind if cue is not None else next(iter(FORMS)))
        if cue is not None and cue.terms is not None:
            self.form.fill(cue.terms)
            self.announced.fill(cue.terms)
        self._show_about()
        self._show_lacks()
        self.form.touch(False)
        self.announced.touch(False)
        self._typed()

    def _build_head(self) -> None:
        self.title.hide()
        self.head.setContentsMargins(_SIDE, 8, 14, 8)
        self.head.setSpacing(12)
        self.top = ComposerHead(tuple(FORMS), fixed=self._cue is not None)
        self.top.kind_chosen.connect(self.choose)
        self.top.kinds.picked.connect(self.begin)
        words = t("草稿 · 还没加入待上") if self._cue is None else t("还没保存")
        self.head.insertWidget(0, self.top, 1)
        self.head.insertWidget(1, PlainLabel(words, role="small", tone="fg1"))
        self.head.setStretchFactor(self.title, 0)

    def _build_body(self) -> None:
        self.body.setContentsMargins(_SIDE, 14, 12, 14)
        self.body.addWidget(self._ready_made)
        self.body.setSpacing(ROWS)
        self.body.addWidget(self._pages)
        self.announced = AnnouncedRow()
        self.announced.changed.connect(self._typed)
        self.body.addWidget(self.announced)
        self.starts = StartsRow(self._cue, self._seat.now(), self._room)
        self.starts.changed.connect(self._typed)
        self.body.addWidget(self.starts)
        self.body.addStretch(1)
        self.middle.addWidget(self.result)

    def plan(self, planned: bool) -> None:
        """Stand in for choosing when."""
        self.starts.choose(ONCE if planned else "")

    def _build_foot(self) -> None:
        self.foot.setContentsMargins(_SIDE, 10, 14, 12)
        keys = QWidget()
        low = QHBoxLayout(keys)
        low.setContentsMargins(0, 0, 0, 0)
        low.setSpacing(10)
        cancel = CappedButton(t("取消"), "Esc")
        cancel.clicked.connect(self.close_sheet)
        self.after = PlainLabel("", role="small", tone="fg1", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self.after.setMinimumWidth(1)
        self.mend_all = button("", "primary")
        self.mend_all.clicked.connect(self.mend)
        self.mend_all.hide()
        self.add_it = button(self._word())
        self.add_it.setEnabled(False)
        self.add_it.clicked.connect(lambda: self.submit(approve=False))
        self.approve_it = button(t("加入并审核"), "primary")
        self.approve_it.setEnabled(False)
        self.approve_it.clicked.connect(lambda: self.submit(approve=True))
        self._approves = self._cue is None and may(self._role, "cue.approve")
        if not self._approves:
            self.approve_it.hide()
        low.addWidget(cancel)
        low.addWidget(self.after, 1)
        for key in (self.mend_all, self.add_it, self.approve_it):
            low.addWidget(key)
        self.add_foot(keys)

    def _word(self) -> str:
        if self._cue is not None:
            return t("保存修改")
        return t("加入待上") if may(self._role, "cue.approve") else t("提交")

    def begin(self) -> None:
        """The keyboard goes to where typing begins."""
        self.form.in_order()
        first = self.form.first
        first.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def begin_with(self, product_id: str) -> None:
        """Prepare the usual kind for a product; the rest is the person's."""
        if (subject := self.form.subject) is not None:
            subject.choose(product_id)
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field hands it in, as its key would; on a key it presses that one. F2: the kinds."""
        if event.key() == Qt.Key.Key_F2:
            open_list(self.top.kinds)
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self.try_it()

    # Kinds ------------------------------------------------------------------------------------------

    @property
    def form(self) -> Form[Any]:
        """The form of the chosen kind."""
        page = self._pages.currentWidget()
        assert isinstance(page, Form)
        return page

    def _form_of(self, kind: str) -> Form[Any]:
        if kind not in self._forms:
            form = self._forms[kind] = FORMS[kind]()
            form.show_room(self._room)
            form.changed.connect(self._typed)
            form.touch(False)
            self._pages.addWidget(form)
        return self._forms[kind]

    def choose(self, kind: str) -> None:
        """Another kind of promotion."""
        chosen = self._form_of(kind)
        self.top.show_kind(kind, chosen.subject)
        for form in self._forms.values():
            # The stack is as high and as wide as the form that is shown, not as the largest that was made.
            shown = QSizePolicy.Policy.Preferred if form is chosen else QSizePolicy.Policy.Ignored
            form.setSizePolicy(shown, shown)
        self._pages.setCurrentWidget(chosen)
        self._pages.adjustSize()
        self.announced.show_kind(kind)
        self._show_about()
        self._show_templates()
        self._typed()

    def _show_lacks(self) -> None:
        self.top.kinds.show_lacks({kind: form.lacks(self._room) for kind, form in FORMS.items()})

    def _show_about(self) -> None:
        self.top.show_about(*self.form.about())

    def _show_templates(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        # One with a subject in the head shows its own beside the price.
        templates = self.form.templates() if self.form.subject is None else []
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
            self._show_lacks()
            self._typed()

    # The rules' answer ------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._show_about()
        self._timer.start()

    def command(self) -> tuple[str, dict[str, Any]] | None:
        """What would be asked of the engine; None while a field cannot be read."""
        spec = self.form.draft()
        if spec is None:
            return None
        spec |= self.announced.fields()
        if self._cue is not None:
            data: dict[str, Any] = {"cue_id": self._cue.cue_id, "spec": spec}
            return "cue.edit", data | self.starts.data(self._seat.now())
        data = {"kind": self.form.kind, "spec": spec}
        return "cue.add", data | self.starts.data(self._seat.now())

    def judge_now(self) -> None:
        """Ask the rules about what stands in the fields."""
        self._round += 1
        self.form.clear_answers()
        self.announced.answer("")
        asked = self.command()
        if asked is None:
            self.add_it.setEnabled(False)
            self.approve_it.setEnabled(False)
            self._show_result(None, [], [])
            return
        self._spec = asked[1]["spec"]
        tasks.spawn(self._judge(self._round, *asked), name="judge a draft")

    async def _judge(self, asked_in: int, type_: str, data: dict[str, Any]) -> None:
        said = await self._seat.judge(type_, data)
        # What was typed since is judged by a later round.
        if said is None or not self.is_here() or asked_in != self._round:
            return
        self.show_judged(said)
        if self._trying == asked_in and self.add_it.isEnabled():
            self.submit(approve=False)

    def show_judged(self, said: Verdict) -> None:
        """The rules' answer: beside the field it is about, or in the column where it is about none."""
        self._said = said
        self._terms = warned_of(said)
        self.form.show_judged(said)
        refusals = [] if said.ok else [said, *said.also]
        at_start = said.at_start
        unplaced = [brief(refused, said) or words for refused in refusals if (words := self._place(refused))]
        if at_start and not refusals and not self._mends(at_start):
            unplaced.append(t("现在还不能发：{why}", why=_worded(at_start)))
        if over := beyond(said.over_budget_fen):
            unplaced.append(over)
        advice = [each for each in self._advise(advice_of(said)) if each.text not in unplaced]
        self._show_result(said, list(dict.fromkeys(unplaced)), advice)
        self.add_it.setEnabled(said.ok)
        self.approve_it.setEnabled(said.ok and at_start is None)

    def _mends(self, refused: RefusalSaid) -> bool:
        """Whether a card of the column says it, with its key."""
        sku_id = refused.params.get("sku_id")
        return any(each.code == refused.code and each.sku_id == sku_id for each in self._said.repairs)

    def _show_result(self, verdict: Verdict | None, unplaced: list[str], advice: list[AdviceLine]) -> None:
        """``verdict``: None where there is no draft yet."""
        kind, result, red = self.form.kind, self.result, self.form.touched
        self._said = said = verdict or Verdict()
        terms = terms_of(kind, self._spec) if verdict is not None else None
        result.show_lowest(kind, terms, verdict, self._room, quiet=not red)
        result.show_cost(kind, said.exposure_fen, self.form.basis(), broadcast(self._room).words)
        over = bool(said.over_budget_fen)
        well = "live" if over else "warn"
        result.show_said(unplaced, ("live" if red else "fg1") if not said.ok else well)
        result.show_advice(advice)
        repairs, titles = said.repairs, self._titles()
        result.show_repairs(repairs, titles, fine_words(said), quiet=not red)
        self._mended = said.mended
        self.mend_all.setVisible(self._mended is not None)
        if len(titles) > 1:
            self.mend_all.setText(t("一键改好这 {n} 格", n=len({each.sku_id for each in repairs})))
        else:
            self.mend_all.setText(t("一键改好"))
        self.mend_all.setAccessibleName(self.mend_all.text())
        self.approve_it.setVisible(self._approves and self._mended is None)
        self.after.setText(self._afterwards())

    def _titles(self) -> dict[str, str]:
        """SKU id → what it is called: within one product by itself, else with its product."""
        named = [row.sku_id for row in self._said.skus]
        owners = [owner for sku_id in named if (owner := self._room.product_of(sku_id)) is not None]
        if len({owner.product_id for owner in owners}) > 1:
            return {sku_id: self._room.title(sku_id) for sku_id in named}
        return {sku.sku_id: sku.title for owner in owners[:1] for sku in owner.skus}

    def _afterwards(self) -> str:
        """What it comes to once all of it is mended."""
        if self._mended is None:
            return ""
        units, most = self._mended.quantity, self._mended.exposure_fen
        return t("改好后 {n} 件，最多让 {money}", n=f"{units:,}", money=yuan_short(most))

    def _mend(self, sku_id: str, fix: RepairFix) -> None:
        """One fault, by the value that the rules gave."""
        self.form.mend(sku_id, fix)

    def mend(self) -> None:
        """All of them at once: the spec that the rules gave stands in the fields."""
        if self._mended is not None:
            self.form.fill(parse_spec(self.form.kind, dict(self._mended.spec)))
            self.form.touch()
            self._typed()

    def _advise(self, advice: list[AdviceLine]) -> list[AdviceLine]:
        """Beside the field it is about; what is about none, or finds it taken, is left for the column."""
        below = []
        for each in advice:
            field = self.form.fields.get(self.form.field_of(each.field))
            if field is None or field.isHidden() or field.answered:
                below.append(each)
            else:
                field.answer(each.text, each.tone)
                set_tip(field, each.text)
        return below

    def _place(self, refused: RefusalSaid) -> str:
        """Put a refusal beside its field; its words where there is none, or where that is not yet to be
        red."""
        if self.form.covers(refused):
            return ""
        words = _worded(refused)
        name = self.form.place_of(refused.code, refused.params)
        field = self.form.fields.get(name)
        if refused.code == "audience_unchecked":
            field = self.announced
        if field is None:
            return words
        field.answer(words)
        # Scrolled out of sight it would be no answer: then it stands in the column as well.
        unseen = not field.touched or (self.isVisible() and field.visibleRegion().isEmpty())
        return words if unseen and not self._mends(refused) else ""

    # Handing it in ----------------------------------------------------------------------------------

    def try_it(self) -> None:
        """Enter: hand in what stands there now, once the rules have said that they take it; else they say in
        red what is in the way. Whatever is typed meanwhile is another try."""
        self._timer.stop()
        self.form.touch()
        self.announced.touch()
        self.judge_now()
        self._trying = self._round

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
        self.result.show_said([sentence(answer)], "live")


def _worded(refused: RefusalSaid) -> str:
    return refusal(refused.code, refused.params, refused.text)
