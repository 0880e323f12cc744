"""Law and rules: what holds, and how the room stands to it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.domain.law import qualified
from liveconsole.domain.law.checks import LawCheck, law_checks
from liveconsole.domain.room import Product, Room
from liveconsole.messages.law import CategoryRule
from liveconsole.messages.law_words import check_words
from liveconsole.messages.state.law import CategoryState, LackState, LawCheckState, LawState, NeedState

_DIGEST_SHOWN: Final = 16


def law_state(room: Room, now: datetime) -> LawState:
    rules = room.law.rules
    if rules is None:
        return LawState()
    return LawState(
        rules=rules.sha256[:_DIGEST_SHOWN],
        categories=[_category(one) for one in rules.categories],
        checks=[_check(one) for one in law_checks(room, now)],
    )


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
