"""The sentences of cues. Titles of products and names of coupons come from outside: plain text only."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.audiences import CHECKED, badge
from liveconsole.messages.reasons import reason_words
from liveconsole.messages.specs import Announced
from liveconsole.messages.state import CueState
from liveconsole.messages.statuses import STATUS_WORDS, VOIDED
from liveconsole.views.money import yuan_short
from ui.i18n import language, t
from ui.kinds import kind_of, name_of
from ui.seat.room import RoomView
from ui.seat.session import ROLE_NAMES
from ui.widgets.when import clock, countdown


def title(cue: CueState, room: RoomView) -> str:
    """What it is, in one line: ``秒杀 手套 ¥59 × 18``."""
    return kind_of(cue.kind).title(cue.terms, room) if cue.terms is not None else name_of(cue.kind)


def detail(cue: CueState) -> str:
    """Its terms, in one quiet line: first for whom it is kept and how long it counts down."""
    return " · ".join(part for part in (kept_for(cue), *terms(cue)) if part)


def terms(cue: CueState) -> list[str]:
    """What of its terms gives way where there is no room: not for whom it is kept, which stays longer."""
    own = kind_of(cue.kind).detail(cue.terms) if cue.terms is not None else ""
    return [part for part in (counts_down(cue), *own.split(" · ")) if part]


def kept_for(cue: CueState, *, short: bool = False) -> str:
    """For whom it is kept, and who checks that; empty where it is for everybody."""
    english, terms = language() == "en", cue.terms
    if not isinstance(terms, Announced) or terms.audience is None:
        return ""
    said = badge(terms.audience, english=english)
    checked = CHECKED.get(cue.checked_by, ("", ""))[english]  # type: ignore[call-overload]
    return said if short or not checked else t("{who}（{how}）", who=said, how=checked)


def counts_down(cue: CueState) -> str:
    """How long viewers see it count down before it starts."""
    terms = cue.terms
    if not isinstance(terms, Announced) or terms.countdown_seconds is None:
        return ""
    return t("开始前倒数 {time}", time=countdown(terms.countdown_seconds))


def missing(cue: CueState) -> str:
    """凑单: what a buyer of the pinned product still lacks for a coupon, in the picture's figures."""
    found = cue.top_up
    if found is None:
        return ""
    off = yuan_short(found.off_fen)
    if not found.missing_fen:
        return t("这件就减 {off}", off=off)
    return t("再买 {more} 减 {off}", more=yuan_short(found.missing_fen), off=off)


def asked_by(cue: CueState) -> str:
    """Who proposed it."""
    who = ROLE_NAMES.get(cue.proposed_by)
    return t("{who}提交", who=t(who)) if who else ""


def unread(cue: CueState, room: RoomView) -> tuple[str, ...]:
    """That it has not passed its review yet."""
    return (t("没审完，按 Ctrl+U 看缺哪一步"),) if f"cue:{cue.cue_id}" in room.unread else ()


def heeded(cue: CueState) -> tuple[str, ...]:
    """What whoever approves it must see of its words: the sum in one line, then each word and each override.

    Empty where nothing was found and nobody used a word all the same.
    """
    english = language() == "en"
    shown = list(dict.fromkeys(word.text for word in cue.words))
    if not shown and not cue.overrides:
        return ()
    used = list(dict.fromkeys(_role(one.by) for one in cue.overrides))
    parts = [t("用语要留意：{words}", words=t("、").join(f"「{text}」" for text in shown))] if shown else []
    if used:
        parts.append(t("{who}说照用", who=t("、").join(used)))
    elif shown:
        parts.append(t("没有人说照用"))
    lines = [" · ".join(parts)]
    for word in cue.words:
        said = t("「{word}」：{why}", word=word.text, why=word.en if english else word.zh)
        lines.append(said + (t("，可以说「{instead}」", instead=word.suggestion) if word.suggestion else ""))
    for one in cue.overrides:
        terms = t("、").join(f"「{term}」" for term in one.terms) or t("没有说是哪些词")
        at = one.at.astimezone().strftime("%H:%M:%S")
        lines.append(t("{who} {at} 照用：{terms}", who=_role(one.by), at=at, terms=terms))
    return tuple(lines)


def _role(name: str) -> str:
    return t(ROLE_NAMES[name]) if name in ROLE_NAMES else name


def waiting(who: str, since: datetime, until: datetime | None, now: datetime) -> list[str]:
    """How long it has been waiting for an approval and when it goes back by itself, whole and then in fewer
    words: of what is cut, the time must stay."""
    waited = t("等了 {time}", time=clock((now - since).total_seconds()))
    if until is None:
        return [f"{who} · {waited}" if who else waited, waited]
    whole = waited + t(" · {left} 后自动退回", left=countdown((until - now).total_seconds()))
    short = f"{waited} / {clock((until - since).total_seconds())}"
    return [f"{who} · {whole}" if who else whole, whole, short]


def status(cue: CueState) -> str:
    """Where it stands, in the words of the house."""
    return STATUS_WORDS[cue.status][language() == "en"]


def because(cue: CueState) -> str:
    """How it came to its end."""
    reason = reason_words(cue.reason, english=language() == "en")
    if cue.status != "ended" or cue.ended_because is None:
        return t("{what}：{why}", what=status(cue), why=reason) if reason else status(cue)
    if cue.reason in VOIDED:
        return reason  # no hand stopped it
    said = {
        "sold_out": t("抢完"),
        "time_up": t("时间到"),
        "stopped": t("手动停止"),
        "halted": t("全停"),
        "platform": t("平台结束"),
        "drawn": t("已开奖"),
    }[cue.ended_because]
    return t("{what}：{why}", what=said, why=reason) if reason else said


def result(cue: CueState) -> str:
    """What came of it, as far as anybody reported it."""
    counts = (
        (cue.sold, t("售 {n}")),
        (cue.oversold or None, t("超卖 {n}")),
        (cue.claimed or None, t("领 {n}")),
        (cue.used or None, t("用 {n}")),
        (cue.entrants or None, t("{n} 人参与")),
    )
    parts = [words.replace("{n}", f"{value:,}") for value, words in counts if value is not None]
    if cue.winners:
        parts.append(t("{n} 人中奖", n=len(cue.winners)))
    return " · ".join([*parts, *kind_of(cue.kind).outcome(cue), because(cue)])


def round_of(cue: CueState) -> str:
    """Which time of its plan it is; empty for what comes once."""
    return t("第 {n}/{times} 场", n=cue.nth, times=cue.repeat.times) if cue.repeat is not None else ""
