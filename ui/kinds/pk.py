"""连麦PK at the desk. Its opponent's name comes from outside: plain text."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.specs import PkSpec
from liveconsole.messages.state import CueState, PkRoundState
from liveconsole.views.kinds import pk as words
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "pk"
ICON: Final = "kind-pk"
PRICES: Final = False
NAMED: Final = True
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("ours", "theirs")


def untold(cue: CueState) -> bool:
    """Where no source tells the score, or a person told it before."""
    return cue.ours is None or cue.theirs is None or cue.measured is not None


def title(terms: PkSpec, room: Shop) -> str:
    return f"{said(TITLE)} {t('对 {name}', name=clean(terms.opponent, 40))}"


def short(terms: PkSpec, room: Shop) -> str:
    return f"{said(TITLE)}「{clean(terms.opponent, 40)}」"


def detail(terms: PkSpec) -> str:
    parts = [span(terms.seconds)]
    if terms.rounds > 1:
        parts.insert(0, t("{n} 局", n=terms.rounds))
    if terms.stake:
        parts.append(t("赌注 {stake}", stake=clean(terms.stake, 60)))
    return " · ".join(parts)


def score(ours: int | None, theirs: int | None) -> str:
    """「1,200 : 980」; what nobody told is ``—``, never 0."""
    return f"{number(ours)} : {number(theirs)}"


def counts(cue: CueState, terms: PkSpec) -> list[str]:
    found = [score(cue.ours, cue.theirs)]
    if terms.rounds > 1:
        found.append(t("第 {n} / {of} 局", n=max(1, len(cue.rounds)), of=terms.rounds))
        if any(each.won for each in cue.rounds):
            found.append(t("局分 {score}", score=rounds_won(cue.rounds)))
    if terms.stake:
        found.append(t("赌注 {stake}", stake=clean(terms.stake, 40)))
    return found


def rounds_won(rounds: list[PkRoundState]) -> str:
    """How many rounds are over for us, and for them."""
    return f"{sum(r.won == 'ours' for r in rounds)} : {sum(r.won == 'theirs' for r in rounds)}"


def outcome(cue: CueState) -> list[str]:
    if cue.on_air_at is None or cue.status != "ended":
        return []
    if len(cue.rounds) > 1:
        return [t("局分 {score}", score=rounds_won(cue.rounds) if _told(cue) else "—")]
    won = cue.rounds[-1].won if cue.rounds else None
    words = {"ours": t("我方赢"), "theirs": t("对方赢"), "draw": t("平")}
    return [score(cue.ours, cue.theirs), *([words[won]] if won is not None else [])]


def _told(cue: CueState) -> bool:
    return any(each.won is not None for each in cue.rounds)


def left(cue: CueState) -> tuple[str, str]:
    """The score, instead."""
    ahead = cue.ours is not None and cue.theirs is not None and cue.ours > cue.theirs
    return score(cue.ours, cue.theirs), "ok" if ahead else "fg0"


def unpriced() -> tuple[str, str]:
    return t("不改价"), t("PK 不改任何商品的到手价")


planned = short
names_typed, goods, several = plain.names_typed, plain.goods, plain.several
unit_prices, heed, prize_of = plain.unit_prices, plain.heed, plain.prize_of
claim_of, feed_about, at_most = plain.claim_of, plain.feed_about, plain.at_most
given, unit_price, unit_left = plain.given, plain.unit_price, plain.unit_left
