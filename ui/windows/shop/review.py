"""晒单 and 故事: what somebody wrote, whether he agrees that it is shown, and the keys for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.cases import OF_REVIEW, CaseReview, CaseRow
from liveconsole.messages.reviews import ReviewRowTold
from liveconsole.messages.state import PictureState
from ui.clean import clean
from ui.i18n import t
from ui.widgets import CappedButton, Chip, PlainLabel, Section

SHOWN: Final = "shown"
"""The group of all reviews, low or not, from which some are shown; the others are groups of cases."""
SECONDS: Final = 15
"""For how long one is on the picture."""


class ReviewOnPicture(Section):
    """``asked(type, data)``: a command is wanted. Whether it may be shown the engine says, and which one is
    on the picture, whoever put it there, the state."""

    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("晒单"), parent=parent)
        self.review: CaseReview | None = None
        self._picture: PictureState | None = None
        self._now: datetime | None = None
        self._why = ""
        self._of_story = False
        self.chip = Chip("", tone="warn", elide=True)
        self.add_chip(self.chip)
        self.words = PlainLabel("", tone="fg0", lines=0)
        self.other = PlainLabel("", role="small", tone="ok", lines=0)
        self.show_key = CappedButton(t("放上画面 {n} 秒", n=SECONDS), "P", primary=True)
        self.hide_key = CappedButton(t("撤下来"), "P", primary=True)
        self.yes_key = CappedButton(t("买家同意了"), "G")
        self.no_key = CappedButton(t("买家不同意"), "G")
        row = QHBoxLayout()
        row.setSpacing(8)
        for key in (self.show_key, self.hide_key):
            key.clicked.connect(lambda _on=False: self.press_picture())
            row.addWidget(key)
        for key in (self.yes_key, self.no_key):
            key.clicked.connect(lambda _on=False: self.press_consent())
            row.addWidget(key)
        row.addStretch(1)
        self.body.addWidget(self.words)
        self.body.addWidget(self.other)
        self.body.addLayout(row)
        self._fill()

    def show_review(self, review: CaseReview | None, *, of_story: bool = False) -> None:
        """The review of the chosen case, or the story that it is; None: it is about none."""
        self.review = review
        if of_story != self._of_story:
            self._of_story = of_story
            self.title.setText(t("故事") if of_story else t("晒单"))
            self.setAccessibleName(self.title.text())
            self.yes_key.set_words(t("本人同意了") if of_story else t("买家同意了"))
            self.no_key.set_words(t("本人不同意") if of_story else t("买家不同意"))
        self._fill()

    def forget(self) -> None:
        """Another case is chosen, and its card is not there yet: no key acts."""
        self.show_review(None)

    def block(self, why: str) -> None:
        """This seat only reads, and why; ``""``: it may."""
        if why != self._why:
            self._why = why
            self._fill()

    def tick(self, now: datetime) -> None:
        """What is on the picture leaves it by itself."""
        seen, self._now = self._seen(), now
        if self._seen() != seen:
            self._fill()

    def show_picture(self, picture: PictureState | None, now: datetime) -> None:
        """What viewers see of reviews."""
        self._now = now
        if picture != self._picture:
            self._picture = picture
            self._fill()

    def take_keyboard(self) -> None:
        """To the first of its keys that can be pressed."""
        keys = (self.show_key, self.hide_key, self.yes_key, self.no_key)
        key = next((key for key in keys if key.isVisible() and key.isEnabled()), None)
        if key is not None:
            key.setFocus()

    def press_picture(self) -> bool:
        """P: on the picture, or off it again; whether there was anything to do."""
        if self.review is None or self._why:
            return False
        if self._is_there():
            self.asked.emit("review.hide", {})
        else:
            self.asked.emit("review.show", {"review_id": self.review.review_id, "seconds": SECONDS})
        return True

    def press_consent(self) -> bool:
        """G: the buyer agrees, or does so no longer; whether there was anything to do."""
        if self.review is None or self._why:
            return False
        data: dict[str, Any] = {"review_id": self.review.review_id, "agreed": not self.review.agreed}
        self.asked.emit("review.consent", data)
        return True

    def _seen(self) -> PictureState | None:
        one, now = self._picture, self._now
        return one if one is not None and now is not None and one.stands(now) else None

    def _is_there(self) -> bool:
        seen = self._seen()
        return self.review is not None and seen is not None and seen.review_id == self.review.review_id

    def _fill(self) -> None:
        review, there, seen = self.review, self._is_there(), self._seen()
        self.other.setVisible(seen is not None and not there)
        if seen is not None:
            self.other.setText(t("画面上现在是另一条：{words}", words=clean(seen.text, 60)))
        if review is None:
            self.words.setText("")
            return
        self.words.setText(clean(review.text, 300) or t("只打了星，没有写"))
        self.chip.show_as(*_said(review, there=there, of_story=self._of_story))
        self.show_key.setVisible(not there)
        self.hide_key.setVisible(there)
        self.show_key.setEnabled(not self._why and bool(review.agreed) and not review.words)
        self.hide_key.setEnabled(not self._why)
        self.yes_key.setVisible(not review.agreed)
        self.no_key.setVisible(bool(review.agreed))
        for key in (self.yes_key, self.no_key):
            key.setEnabled(not self._why)


def _said(review: CaseReview, *, there: bool, of_story: bool) -> tuple[str, str]:
    """Whether it can be shown, and the tone of it."""
    if there:
        return t("在画面上"), "ok"
    if review.agreed is None:
        return t("还没问过本人") if of_story else t("还没问过买家"), "warn"
    if not review.agreed:
        return t("本人没同意") if of_story else t("买家没同意"), "warn"
    if review.words:
        return t("有不能说的词：{words}", words=clean(t("、").join(review.words[:3]), 60)), "live"
    return t("可以放上画面"), "ok"


def row_of_review(review: ReviewRowTold) -> CaseRow:
    """The review as a row of the list."""
    return CaseRow(
        case_id=f"{OF_REVIEW}{review.review_id}",
        group="review",
        kind="review",
        order_id=review.order_id,
        reason=" · ".join(part for part in (_row_said(review), review.text) if part),
        product_id=review.product_id,
        title=review.title or review.product_id,
        buyer=review.buyer,
        stars=review.stars,
    )


def _row_said(review: ReviewRowTold) -> str:
    if review.agreed is None:
        return ""
    return t("买家同意了") if review.agreed else t("买家不同意")
