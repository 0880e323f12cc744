"""What a platform allows of what several people do together."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from liveconsole.advice.notices import LimitNotice, Number, hours
from liveconsole.messages.specs import BargainSpec, GroupBuySpec


class GroupLimits(Struct, frozen=True, forbid_unknown_fields=True):
    size_max: int | None = None
    hours_max: Number | None = None


class BargainLimits(Struct, frozen=True, forbid_unknown_fields=True):
    friends_max: int | None = None
    hours_max: Number | None = None


def group(limits: GroupLimits, spec: GroupBuySpec) -> Iterator[LimitNotice]:
    yield from _people(limits.size_max, spec.size, "size_max", "人成团", "people a group")
    yield from hours(limits.hours_max, spec.seconds)


def bargain(limits: BargainLimits, spec: BargainSpec) -> Iterator[LimitNotice]:
    yield from _people(limits.friends_max, spec.friends, "friends_max", "人帮砍", "helpers")
    yield from hours(limits.hours_max, spec.seconds)


def _people(most: int | None, people: int, code: str, zh: str, en: str) -> Iterator[LimitNotice]:
    if most is not None and people > most:
        over = str(people - most)
        yield LimitNotice(
            code, f"最多 {most} {zh}，多了 {over} 人", f"{most} {en} at most: {over} too many", over
        )
