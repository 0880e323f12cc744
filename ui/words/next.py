"""下一品 in words: where it goes and what it will do, and what became of each step when it came there."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from liveconsole.messages.reasons import reason_words
from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.state import SegmentState, StepState
from liveconsole.messages.statuses import RUNNING
from liveconsole.views.next_up import NextUp, next_up
from ui.clean import clean
from ui.i18n import language, t
from ui.kinds import KINDS, kind_of, name_of
from ui.kinds.phrases import label
from ui.seat.room import RoomView
from ui.words.answers import refusal
from ui.words.goods import cue_title


def segment_title(segment: SegmentState, room: RoomView) -> str:
    """What a segment is called: its own title, else its product's."""
    product_id = segment.product_id
    return clean(segment.title or (room.title(product_id) if product_id else t("没有标题")), 200)


class Plan(Struct, frozen=True):
    """What 下一品 would do: where to, in words, and why it cannot."""

    title: str = ""
    steps: tuple[str, ...] = ()
    blocked: str = ""
    product_id: str | None = None
    """None for a segment without one."""
    expect: dict[str, Any] | str | None = None
    """What ``go.next`` is held against (`NextUp.expect`)."""


def plan(room: RoomView) -> Plan:
    """What 下一品 would do: the state says where it goes, and the engine judges what the seat showed."""
    wanted = room.pinned.wanted
    going = next_up(room.rundown, room.cart, is_open=room.is_open)
    if going.code == "not_open":
        return Plan(blocked=t("还没开播"))
    if going.code:
        of_cart = not room.rundown.segments
        return Plan(blocked=t("购物车里后面没有在架的商品") if of_cart else t("排品表后面没有可讲的了"))
    ends = (t("结束 {label} 讲解", label=label(wanted, room)),) if wanted else ()
    coming = going.segment
    if coming is None:
        return _plan_of_cart(room, ends, going)
    title = segment_title(coming, room)
    steps: list[str] = []
    if coming.product_id != wanted or wanted is None:
        steps += ends
    if coming.product_id is not None:
        steps.append(t("讲解 {label}", label=label(coming.product_id, room)))
    else:
        steps.append(t("转到「{title}」", title=title))
    bad = {problem.cue for problem in coming.problems}
    for place, cue in enumerate(coming.cues):
        if kind_of(cue.kind).LISTED:
            said = template_words(cue, room)
            steps.append(t("{cue} 不能上", cue=said) if place in bad else t("{cue} 待上", cue=said))
    steps += _waiting(room, coming.product_id, besides=coming.segment_id)
    return Plan(title, tuple(steps), "", going.product_id, going.expect)


def _plan_of_cart(room: RoomView, ends: tuple[str, ...], going: NextUp) -> Plan:
    product_id = going.product_id
    assert product_id is not None
    steps = [*ends, t("讲解 {label}", label=label(product_id, room)), *_waiting(room, product_id)]
    return Plan(clean(room.title(product_id), 200), tuple(steps), "", product_id, going.expect)


def _waiting(room: RoomView, product_id: str | None, besides: str | None = None) -> list[str]:
    """Cues that wait for this product already, but those that were made of the segment's own templates."""
    if product_id is None:
        return []
    return [
        t("{cue} 待上", cue=cue_title(cue, room))
        for kind in KINDS.values()
        if kind.LISTED
        for cue in room.cues_on(product_id, kind.NAME, frozenset({"queued", "approved"}))
        if besides is None or cue.segment_id != besides
    ]


def template_words(template: CueTemplate, room: RoomView) -> str:
    """A segment's promotion in few words: ``秒杀 ¥59×18``."""
    terms = template.terms
    return kind_of(template.kind).planned(terms, room) if terms is not None else name_of(template.kind)


class StepWords(Struct, frozen=True):
    """One step of 下一品 as it really went."""

    text: str
    tone: str
    icon: str
    why: str = ""
    short: str = ""
    """Its word in the one chip of all that simply went well; ``""`` where it has a chip of its own."""


def steps_done(room: RoomView) -> list[StepWords]:
    """What 下一品 did when it came to the current segment, with what has become of each step since."""
    current = next((s for s in room.rundown.segments if s.current), None)
    return [_step(step) for step in current.steps] if current is not None else []


def _step(step: StepState) -> StepWords:
    name, status = step.step, step.status
    kind = name_of(step.kind)
    if name == "prompter":
        return StepWords(t("提词到这段"), "ok", "check", short=t("提词"))
    if name == "unpin":
        ended = StepWords(t("结束上一品"), "ok", "check", short=t("结束"))
        return ended if status == "ended" else _owed(t("结束上一品"))
    if name == "pin":
        if status == "on_air":
            return StepWords(t("讲解"), "ok", "check", short=t("讲解"))
        if status in RUNNING:
            return _owed(t("讲解"))
        return StepWords(t("讲解"), "fg1", "stop") if status == "ended" else _not(t("讲解"), step)
    if not step.ok:
        return _not(kind, step)
    word, tone, icon = {
        "queued": (t("等审核"), "warn", "clock"),
        "approved": (t("待上"), "accent", "clock"),
        "standby": (t("定时"), "accent", "clock"),
        "recallable": (t("可撤回"), "warn", "clock"),
        "on_air": (t("进行中"), "ok", "check"),
        "ended": (t("结束"), "fg1", "stop"),
    }.get(status or "", (t("等平台"), "warn", "clock") if status in RUNNING else ("", "warn", "warn"))
    return StepWords(f"{kind} {word}".strip(), tone, icon, step.reason)


def _owed(what: str) -> StepWords:
    return StepWords(t("{what}：等平台", what=what), "warn", "clock")


def _not(what: str, step: StepState) -> StepWords:
    if step.code:
        why = refusal(step.code, step.params, step.text)
    else:
        why = reason_words(step.reason, english=language() == "en")
    return StepWords(t("{what} 没上", what=what), "live", "warn", why)
