"""晒单 and 故事: whose words may be shown, and which are on the picture.

What a review says and whether its buyer agreed, the books know, and of a story the room does (`stories`): to
the rules here both are one. The room knows the one that is shown, so that it goes the moment he takes his
word back or is forgotten.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain import stories
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import ShownReview
from liveconsole.messages.after_order import (
    CASE_TEXT_LONG,
    ReviewAgreed,
    ReviewConsent,
    ReviewHidden,
    ReviewHide,
    ReviewShow,
    ReviewShown,
)
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused

_TERMS_NAMED: Final = 5


def consent(room: Room, data: ReviewConsent, ctx: Context) -> Decision | Refused:
    """Note that who wrote it agrees to its being shown, or no longer does."""
    agreed = ReviewAgreed(data.review_id, data.agreed)
    return Decision([ctx.event("review.agreed", agreed)], {"review_id": data.review_id})


def show(room: Room, data: ReviewShow, ctx: Context) -> Decision | Refused:
    """Put it on the picture in the place of the one before; again, and its time begins anew."""
    known = ctx.books.reviews.get(data.review_id)
    if known is None:
        return Refused("unknown_review" if ctx.books.looked else "judge_later", {"review_id": data.review_id})
    if not known.agreed:
        return Refused("no_consent", {"review_id": data.review_id})
    if known.terms:
        return Refused("words_in_review", {"words": "、".join(known.terms[:_TERMS_NAMED])})
    until = ctx.now + timedelta(seconds=data.seconds)
    text = known.text[:CASE_TEXT_LONG]
    shown = ReviewShown(known.review_id, known.product_id, known.stars, text, until, known.buyer)
    return Decision([ctx.event("review.shown", shown)], {"review_id": known.review_id, "until": until})


def hide(room: Room, data: ReviewHide, ctx: Context) -> Decision | Refused:
    """Take it off the picture; nothing where none is there."""
    one = on_picture(room, ctx.now)
    if one is None:
        return Decision([], {})
    return Decision([ctx.event("review.hidden", ReviewHidden(one.review_id))], {"review_id": one.review_id})


def on_picture(room: Room, now: datetime) -> ReviewShown | None:
    """Return the review that viewers see now; a clock that was set back shows none for longer."""
    one = room.shown_review
    return one.shown if one is not None and one.at <= now < one.shown.until else None


def forgotten(room: Room, pid: str) -> None:
    """Let go what somebody wrote who is forgotten."""
    if room.shown_review is not None and room.shown_review.shown.buyer == pid:
        room.shown_review = None


def _shown(room: Room, data: ReviewShown, event: Event) -> None:
    room.shown_review = ShownReview(data, event.actor, event.at)


def _hidden(room: Room, data: ReviewHidden, event: Event) -> None:
    _let_go(room, data.review_id)


def _agreed(room: Room, data: ReviewAgreed, event: Event) -> None:
    stories.agreed(room, data.review_id, yes=data.agreed)
    if not data.agreed:
        _let_go(room, data.review_id)


def _let_go(room: Room, review_id: int) -> None:
    if room.shown_review is not None and room.shown_review.shown.review_id == review_id:
        room.shown_review = None


COMMANDS: Final[dict[str, Rule]] = {
    "review.consent": consent,
    "review.show": show,
    "review.hide": hide,
}
FOLDS: Final[dict[str, Fold]] = {
    "review.agreed": _agreed,
    "review.shown": _shown,
    "review.hidden": _hidden,
}
