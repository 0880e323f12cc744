"""三级审核 at a seat: every text that is to come, and the keys of the two steps that people do."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.law import REMARK_LIMIT, REVIEW_STEPS
from liveconsole.messages.rights import actor_of
from liveconsole.messages.state import ReviewState, ReviewStepState
from ui.clean import clean
from ui.i18n import language, t
from ui.parts.keyed_rows import ROWS_SHOWN, DeskRow, KeyedRows, RowKey, said_by
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.seat.session import ROLE_NAMES
from ui.widgets import PlainLabel

_STEPS: Final = {"machine": "机器", "person": "人工", "legal": "法务"}
_KINDS: Final = {"product": "商品", "segment": "话术", "template": "段里的促销", "cue": "促销"}


def step_words(review: ReviewState) -> str:
    """All three steps of a text, each with who and what came of it."""
    parts = []
    for name in REVIEW_STEPS:
        done = review.steps.get(name)
        parts.append(f"{t(_STEPS[name])} {_done_words(name, done)}")
    return " · ".join(parts)


def _done_words(name: str, done: ReviewStepState | None) -> str:
    if done is None:
        return "—"
    said = t("过了") if done.passed else t("退回了")
    if name == "machine":
        return f"{said} {clean(t('、').join(done.found), 60)}".strip()
    who = clean(done.name, 20) or t(ROLE_NAMES.get(done.by, done.by))
    remark = f" {clean(done.remark, 60)}" if done.remark else ""
    return f"{said} {who} {done.at.astimezone():%H:%M}{remark}"


class Reviews(QWidget):
    """Those that wait come first. A lawyer's step needs the name in the line above."""

    def __init__(self, seat: Seat, said: PlainLabel, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._said, self._role = seat, said, actor_of(role)
        self.name = QLineEdit()
        self.name.setMaxLength(REMARK_LIMIT)
        self.name.setAccessibleName(t("法务姓名"))
        self.name.setPlaceholderText(t("法务姓名，记在审核里"))
        if self._role == "assistant":
            self.name.hide()
        self.how = PlainLabel("", role="small", tone="fg2", lines=0)
        self.rows = KeyedRows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for each in (self.how, self.name, self.rows):
            column.addWidget(each)
        self._shown: object = None

    def show_room(self, room: RoomView) -> None:
        """What the engine says."""
        law, strict = room.law, room.settings.review
        if (law.reviews, law.reviews_all, strict) == self._shown:
            return
        self._shown = (law.reviews, law.reviews_all, strict)
        self.how.setText(_strict_words(strict, law.reviews_waiting, law.reviews_all))
        left = law.reviews_all - min(len(law.reviews), ROWS_SHOWN)
        self.rows.show_rows(
            [self._row(one) for one in law.reviews], t("还有 {n} 处", n=left) if left > 0 else ""
        )

    def _row(self, one: ReviewState) -> DeskRow:
        title = clean(one.title_en if language() == "en" else one.title, 80)
        kind = t(_KINDS.get(one.subject.partition(":")[0], "促销"))
        keys = [
            self._key(one, "person", "passed", t("人工通过")),
            self._key(one, "person", "returned", t("退回")),
        ]
        if self._role != "assistant":
            keys.append(self._key(one, "legal", "passed", t("法务通过")))
        return DeskRow(
            f"{kind} · {title}",
            step_words(one),
            () if one.passed else tuple(keys),
            "ok" if one.passed else "warn",
        )

    def _key(self, one: ReviewState, step: str, verdict: str, words: str) -> RowKey:
        title = clean(one.title_en if language() == "en" else one.title, 40)
        return RowKey(words, f"{title} {words}", partial(self.note, one, step, verdict))

    def note(self, one: ReviewState, step: str, verdict: str) -> None:
        """Note a step over the text that stands here."""
        data = {"subject": one.subject, "step": step, "verdict": verdict, "sha256": one.sha256}
        if step == "legal":
            data["name"] = self.name.text().strip()
            if not data["name"]:
                self._said.set_tone("live")
                self._said.setText(t("先写法务姓名"))
                self.name.setFocus()
                return
        self._seat.ask_then(self, "review.note", data, said_by(self._said, t("记下了")))


def _strict_words(strict: str, waiting: int, all_: int) -> str:
    if strict == "off":
        return t("没有开三级审核。在「设置 → 本直播间」里选「只提醒」或「没审完不能上」。")
    count = t("{n} 处没审完，一共 {all} 处。", n=waiting, all=all_)
    if strict == "required":
        return f"{count}{t('没审完的不能讲解、不能开促销。')}"
    return f"{count}{t('只提醒，不拦。')}"
