"""Texts for the buyer, with their slots filled from what is known and from what was written down. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from liveconsole.advice.after_order import CaseKindCard, Provinces, TextCard, slots_in
from liveconsole.advice.words.check import Checker
from liveconsole.books.cases.told import Case
from liveconsole.domain.china import CHINA, day_of
from liveconsole.messages.cases import BothWords, CaseTemplate, ParcelWord, TemplateSlot
from liveconsole.messages.wording import plain_yuan
from liveconsole.views.masks import plain_line

_TAIL: Final = 8
_LONG: Final = 120


def facts_of(
    case: Case,
    parcel: ParcelWord | None,
    window_until: datetime | None,
    provinces: Provinces,
    now: datetime,
    sent: tuple[str, str] = ("", ""),
) -> dict[str, str]:
    """Return what fills slots; what is not known is not among it. ``sent``: carrier and waybill of what was
    sent again."""
    order = case.order
    days = provinces.days_to(order.province) if order.province else None
    carrier = sent[0] or (parcel.carrier if parcel is not None else "")
    found = {
        "goods": order.title,
        "sku": order.sku,
        "order": order.order_id[-_TAIL:],
        "amount": _yuan(case.amount_fen),
        "paid": _yuan(order.paid_fen),
        "reason": case.reason,
        "carrier": provinces.carrier(carrier) if carrier else "",
        "waybill": sent[1] or (parcel.waybill if parcel is not None else ""),
        "place": parcel.text if parcel is not None else "",
        "province": order.province,
        "days": f"{days[0]}–{days[1]}" if days is not None else "",
        "until": _until(case, now),
        "window": _last_day(window_until) if window_until is not None and window_until > now else "",
    }
    return {name: plain_line(text, _LONG) for name, text in found.items() if text.strip()}


def _until(case: Case, now: datetime) -> str:
    clock = case.clock
    return moment_words(clock.due_at, now) if clock is not None and clock.due_at > now else ""


def moment_words(at: datetime, now: datetime) -> str:
    """``今天 22:00``, ``明天 9:05``, else ``12月3日 9:05``; China's time."""
    local, days = at.astimezone(CHINA), (day_of(at) - day_of(now)).days
    day = {0: "今天", 1: "明天"}.get(days, f"{local.month}月{local.day}日")
    return f"{day} {local.hour}:{local.minute:02}"


def _last_day(until: datetime) -> str:
    """The day whose end it is."""
    local = until.astimezone(CHINA)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        day = day_of(until).toordinal() - 1
        local = local.fromordinal(day)
    return f"{local.month}月{local.day}日"


def _yuan(fen: int | None) -> str:
    return plain_yuan(fen) if fen is not None else ""


def templates(
    card: CaseKindCard | None, facts: Mapping[str, str], notes: Mapping[str, str], words: Checker
) -> list[CaseTemplate]:
    """Return the texts of a card. One with a slot that nothing fills, or with a word of the lists, is not
    ready."""
    filled = {**facts, **{f"note.{step}": plain_line(text, _LONG) for step, text in notes.items()}}
    return [_template(one, filled, words) for one in (card.template if card is not None else ())]


def _template(one: TextCard, facts: Mapping[str, str], words: Checker) -> CaseTemplate:
    text, slots, end = "", [], 0
    for name, begins, ends in slots_in(one.text):
        text += one.text[end:begins]
        value = facts.get(name, "")
        shown = value or f"〔{name}〕"
        slots.append(TemplateSlot(name, len(text), len(text) + len(shown), bool(value)))
        text, end = text + shown, ends
    text += one.text[end:]
    missing = [slot.name for slot in slots if not slot.filled]
    waits_for = next((name.removeprefix("note.") for name in missing if name.startswith("note.")), "")
    found = list(dict.fromkeys(term.text for term in words.check(text)))
    title = BothWords(one.title_zh, one.title_en)
    return CaseTemplate(one.id, title, text, slots, not missing and not found, waits_for, found)
