"""The column at the right: everything of the chosen case."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseReview, CaseRow
from liveconsole.messages.order_pages import BookOrder
from ui import theme
from ui.i18n import t
from ui.widgets.notices import EmptyState
from ui.windows.shop.note import OrderNote
from ui.windows.shop.order_card import OrderCard
from ui.windows.shop.orders import parcel_of, way_of
from ui.windows.shop.review import ReviewOnPicture
from ui.windows.shop.steps import StepsCard
from ui.windows.shop.stories import OF_STORY
from ui.windows.shop.templates import TemplateList


class CaseColumn(QScrollArea):
    """The order, what to do, what to say, what was noted. It scrolls where it is low."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(t("这一单"))
        self.order, self.steps = OrderCard(), StepsCard()
        self.templates, self.note = TemplateList(), OrderNote()
        self.review = ReviewOnPicture()
        self.nothing = EmptyState("order", t("左边选一单"))
        self._case = ""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP - 2)
        self._parts = (self.order, self.review, self.steps, self.templates, self.note)
        for part in self._parts:
            column.addWidget(part)
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.setWidget(inside)
        self.show_row(None)

    def show_row(self, row: CaseRow | None) -> None:
        """What the list already knows of a case, until its card comes; None: none is chosen."""
        case = row.case_id if row is not None else ""
        if case != self._case:
            self._case = case
            for part in self._parts:
                part.setVisible(part is self.order and bool(case) and not case.startswith(OF_STORY))
            self.nothing.setVisible(not case)
            self.verticalScrollBar().setValue(0)
            for each in (self.order, self.review, self.steps, self.templates):
                each.forget()
        if row is not None:
            self.order.show_row(row)
            self.note.show_row(row)

    def show_card(self, card: CaseCard, now: datetime, why_read_only: str) -> None:
        """Everything of it."""
        self.show_row(card.row)
        self.order.show_card(card, now)
        self.review.show_review(card.review)
        self.review.setVisible(card.review is not None)
        self.review.block(why_read_only)
        self.steps.show_card(card, now)
        self.steps.block(why_read_only)
        self.steps.setVisible(bool(card.steps or card.asks))
        self.templates.show_card(card)
        self.note.show_written(card.note, card.tags)
        self.note.setVisible(bool(card.row.order_id))

    def show_story(self, story: CaseReview | None, why_read_only: str) -> None:
        """A story is all there is of its case; None: it is there no more."""
        self.review.show_review(story, of_story=True)
        self.review.setVisible(story is not None)
        self.review.block(why_read_only)

    def show_order(self, order: BookOrder, now: datetime) -> None:
        """One that nobody waits for: what the books know of it."""
        self.order.way.show_way(way_of(order), now)
        self.order.way.show()
        self.order.show_parcel(parcel_of(order), now)
        self.note.show_written(order.note, order.tags)
        self.note.show()

    def take_keyboard(self) -> None:
        """Enter: to the first thing that can be pressed or filled in here."""
        step = self.steps.now
        if step is not None and step.isVisible():
            step.take_keyboard()
            self.ensureWidgetVisible(step)
        elif not self.order.isVisible():
            self.review.take_keyboard()
        else:
            self.order.copy.setFocus()
