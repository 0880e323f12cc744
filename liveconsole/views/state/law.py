"""Law and rules: what holds, and how the room stands to it. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from liveconsole.domain.china import day_of
from liveconsole.domain.law import qualified, reviews, used_rights
from liveconsole.domain.law.checks import LawCheck, law_checks
from liveconsole.domain.room import Product, Room
from liveconsole.domain.room_law import Right, Violation
from liveconsole.messages.law import CategoryRule, LawRules
from liveconsole.messages.law_words import check_words
from liveconsole.messages.state.law import (
    REVIEWS_SHOWN,
    CategoryState,
    LackState,
    LawCheckState,
    LawState,
    NeedState,
    OnAirState,
    ReviewState,
    ReviewStepState,
    RightState,
    TakenState,
    ViolationState,
)

_DIGEST_SHOWN: Final = 16


def law_state(room: Room, now: datetime, files: LawRules | None = None) -> LawState:
    """Return how the room stands to the rules that hold, or to the files' where it asked for none yet."""
    rules = room.law.rules or files
    if rules is None:
        return LawState()
    texts = [_review(room, read) for read in reviews.to_come(room)] if _looks(room) else []
    waiting = [one for one in texts if not one.passed]
    shown = [*waiting, *(one for one in texts if one.passed)][:REVIEWS_SHOWN]
    return LawState(
        rules=room.law.rules.sha256[:_DIGEST_SHOWN] if room.law.rules is not None else "",
        categories=[_category(one) for one in rules.categories],
        checks=[_check(one) for one in law_checks(room, rules, now)],
        reviews=shown,
        reviews_all=len(texts),
        reviews_waiting=len(waiting),
        rights=[_right(one, day_of(now)) for one in room.law.rights.values()],
        violations=[_violation(one) for one in reversed(room.law.violations.values())],
    )


def _looks(room: Room) -> bool:
    """Whether anybody looks at reviews here."""
    return room.settings.review != "off" or bool(room.law.reviews)


def _review(room: Room, read: reviews.ReviewedText) -> ReviewState:
    steps = {
        name: ReviewStepState(done.passed, done.by, done.at, done.name, done.remark, done.found)
        for name, done in reviews.steps_of(room, read).items()
    }
    passed = not reviews.missing(room, read)
    return ReviewState(read.subject, *read.title, read.sha256, passed, steps)


def _right(right: Right, today: date) -> RightState:
    over = right.until is not None and right.until < today
    left = (right.until - today) if right.until is not None else None
    soon = left is not None and not over and left <= used_rights.SOON
    return RightState(
        **msgspec.structs.asdict(right), over=over, days=left.days if left is not None and soon else None
    )


def _violation(one: Violation) -> ViolationState:
    fields = msgspec.structs.asdict(one)
    fields["on_air"] = [OnAirState(each.cue_id, each.kind, each.title, each.title_en) for each in one.on_air]
    fields["steps"] = {name: TakenState(taken.at, taken.by, taken.text) for name, taken in one.steps.items()}
    return ViolationState(**fields)


def lacks_state(room: Room, product: Product, now: datetime) -> list[LackState]:
    """Return what a product lacks of what its category asks."""
    return [
        LackState(one.need.kinds, one.why, one.words(), one.words(english=True), one.until)
        for one in qualified.lacking(room, product, now)
    ]


def _category(rule: CategoryRule) -> CategoryState:
    needs = [NeedState(one.kinds, one.zh, one.en, one.number, one.image) for one in rule.needs]
    return CategoryState(rule.id, rule.zh, rule.en, rule.rule, rule.rule_en, needs, rule.source, rule.checked)


def _check(made: LawCheck) -> LawCheckState:
    article, outcome = made.article, made.outcome
    zh, en = article.named
    return LawCheckState(
        check=article.check,
        article=zh,
        article_en=en,
        passes=outcome.passes,
        text=check_words(article, outcome.how, outcome.params),
        text_en=check_words(article, outcome.how, outcome.params, english=True),
    )
