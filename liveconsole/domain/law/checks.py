"""What the articles ask, held against the room as it stands: each passes, fails, or nobody can tell.

A check is made where the rules name an article for it; it decides nothing, what is refused is refused by the
rules of its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain import asked
from liveconsole.domain.china import day_of
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import qualified, reviews, used_rights
from liveconsole.domain.law.goods import tonight, waiting
from liveconsole.domain.room import Room
from liveconsole.messages.law import Article, LawRules

_NAMED: Final = 3
"""Titles that a check names; of the others it says how many."""
_TITLE_LONG: Final = 20


class CheckFound(Struct, frozen=True):
    """``passes`` None: nobody can tell. ``how``: which of the check's sentences, ``params`` what is in it."""

    passes: bool | None
    how: str
    params: dict[str, Any] = {}


class LawCheck(Struct, frozen=True):
    article: Article
    outcome: CheckFound


def law_checks(room: Room, rules: LawRules, now: datetime) -> list[LawCheck]:
    """Return the checks that the rules name, in their order."""
    return [
        LawCheck(article, CHECKS[article.check](room, now))
        for article in rules.articles
        if article.check in CHECKS
    ]


def titles(found: Iterable[str]) -> dict[str, Any]:
    """Return the params that name goods: the first of them, and how many there are."""
    all_ = list(found)
    named = [title if len(title) <= _TITLE_LONG else title[: _TITLE_LONG - 1] + "…" for title in all_]
    more = len(all_) - _NAMED
    return {
        "n": len(all_),
        "titles": "、".join(named[:_NAMED]) + (f" 等 {len(all_)} 个" if more > 0 else ""),
        "titles_en": ", ".join(named[:_NAMED]) + (f" and {more} more" if more > 0 else ""),
    }


def _records(room: Room, now: datetime) -> CheckFound:
    return CheckFound(None, "rehearsal") if room.simulated else CheckFound(True, "kept")


def _basis(room: Room, now: datetime) -> CheckFound:
    """A list price beside a lower price needs 七日最低价; so does what a sale is compared with."""
    wrong: list[str] = []
    unknown: list[str] = []
    for product in tonight(room):
        listed = product.list_price_fen
        if listed is None or listed <= product.price_fen:
            continue
        lowest = asked.before_now(room, product)
        if asked.struck(listed, product.price_fen, lowest) is None:
            (unknown if lowest is None else wrong).append(product.title)
    if wrong:
        return CheckFound(False, "too_high", titles(wrong))
    unknown += _never_asked(room, now)
    if unknown:
        return CheckFound(None, "not_yet", titles(dict.fromkeys(unknown)))
    return CheckFound(True, "proved")


def _never_asked(room: Room, now: datetime) -> Iterable[str]:
    for cue in waiting(room):
        for price in kind_of(cue).offers(cue.spec).prices:
            sku, known = room.skus.get(price.sku_id), room.asked.get(price.sku_id)
            if sku is not None and (known is None or asked.lowest(known, now) is None):
                yield room.products[sku.product_id].title if sku.product_id in room.products else sku.title


def _presenter(room: Room, now: datetime) -> CheckFound:
    said = room.settings.ai_presenter
    if said is None:
        return CheckFound(None, "unsaid")
    if not said:
        return CheckFound(True, "person")
    if room.settings.obs is None and not room.simulated:
        return CheckFound(False, "unseen")
    return CheckFound(True, "labelled")


def _prizes(room: Room, now: datetime) -> CheckFound:
    prizes = [prize for cue in waiting(room) if (prize := getattr(cue.spec, "prize", None)) is not None]
    if not prizes:
        return CheckFound(True, "no_bag")
    bare = [prize.name or "…" for prize in prizes if not prize.name.strip() or not prize.value_fen]
    return (
        CheckFound(False, "no_value", titles(bare))
        if bare
        else CheckFound(True, "valued", {"n": len(prizes)})
    )


def _qualified(room: Room, now: datetime) -> CheckFound:
    goods = tonight(room)
    short = [one for one in goods if qualified.lacking(room, one, now)]
    if short:
        first = qualified.lacking(room, short[0], now)
        rule = qualified.rule_of(room, short[0])
        assert rule is not None
        more = {
            "lacks": "；".join(one.words() for one in first),
            "lacks_en": "; ".join(one.words(english=True) for one in first),
            "rule": rule.rule,
            "rule_en": rule.rule_en,
        }
        return CheckFound(False, "lacking", {**titles(one.title for one in short), **more})
    of_category = [one for one in goods if one.sent.get("category")]
    strange = [one.title for one in of_category if qualified.rule_of(room, one) is None]
    if strange:
        return CheckFound(None, "no_rule", titles(strange))
    if not of_category:
        return CheckFound(None, "no_category")
    return CheckFound(True, "there", {"n": len(of_category)})


def _review(room: Room, now: datetime) -> CheckFound:
    if room.settings.review == "off":
        return CheckFound(None, "off")
    texts = list(reviews.to_come(room))
    short = [read.title[0] for read in texts if reviews.missing(room, read)]
    if short:
        return CheckFound(False, "missing", titles(short))
    return CheckFound(True, "passed", {"n": len(texts)}) if texts else CheckFound(None, "nothing")


def _rights(room: Room, now: datetime) -> CheckFound:
    """What has ended and too small a share fail; what ends soon, or was never said, nobody can pass."""
    today = day_of(now)
    over = used_rights.over(room, today)
    if over:
        return CheckFound(False, "over", {**titles(one.title for one in over), "until": str(over[0].until)})
    share = room.settings.own_content_percent
    if share is not None and share < used_rights.OWN_LEAST:
        return CheckFound(False, "share", {"share": share, "least": used_rights.OWN_LEAST})
    soon = used_rights.ending(room, today)
    if soon and (until := soon[0].until) is not None:
        days = (until - today).days
        return CheckFound(None, "soon", {**titles(one.title for one in soon), "days": days})
    if not room.law.rights:
        return CheckFound(None, "unsaid")
    if share is None:
        return CheckFound(None, "share_unsaid", {"n": len(room.law.rights), "least": used_rights.OWN_LEAST})
    return CheckFound(True, "fine", {"n": len(room.law.rights), "share": share})


CHECKS: Final[dict[str, Callable[[Room, datetime], CheckFound]]] = {
    "review": _review,
    "records": _records,
    "basis": _basis,
    "presenter": _presenter,
    "prizes": _prizes,
    "qualified": _qualified,
    "rights": _rights,
}
