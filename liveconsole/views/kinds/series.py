"""福袋雨 in words, and in the state: how far a series of bags is, and what became of each."""

from __future__ import annotations

from liveconsole.domain.draw import promise_code
from liveconsole.domain.room import Cue
from liveconsole.domain.room_bags import Bag, BagSeries
from liveconsole.messages.specs import LuckyBagSpec, SeriesSpec
from liveconsole.messages.state.cues import BagState, BagStatus, SeriesState
from liveconsole.views.kinds.kind import Json, PhoneField, length_field
from liveconsole.views.phrases import spoken


def spec_of(cue: Cue) -> SeriesSpec | None:
    return cue.spec.series if isinstance(cue.spec, LuckyBagSpec) else None


def series_state(cue: Cue, series: BagSeries) -> SeriesState | None:
    wanted, bags = spec_of(cue), cue.bags
    if wanted is None or not bags:
        return None
    return SeriesState(
        bag=bags[-1].number,
        count=wanted.count,
        gap_seconds=wanted.gap_seconds,
        once=wanted.once,
        next_at=series.next_at if cue.status == "on_air" else None,
        more=cue.status == "on_air" and cue.more_bags,
        bags=[_bag(bag, cue) for bag in bags],
        receipt_code=series.receipt_code,
    )


def _bag(bag: Bag, cue: Cue) -> BagState:
    promise = bag.promise
    return BagState(
        bag=bag.number,
        status=_status(bag, cue),
        opened_at=bag.opened_at,
        ends_at=bag.ends_at,
        entrants=bag.entrants or len(bag.entries) if promise is not None else None,
        draw_id=promise.draw_id if promise is not None else "",
        promise_code=promise_code(promise.rules_sha256) if promise is not None else "",
        receipt_code=bag.receipt_code,
        stood_back=len(promise.rules.get("stood_back", ())) if promise is not None else 0,
        typed=bag.typed,
        corrected=bag.corrected,
    )


def _status(bag: Bag, cue: Cue) -> BagStatus:
    if bag.receipt is not None:
        return "drawn"
    if (
        bag is not cue.bag
        or (cue.status == "on_air" and cue.owed is not None)
        or (bag.promise is None and cue.status == "ended" and cue.ended_because != "stopped")
    ):
        return "over"  # of the platform: the next has opened or is asked for, or its time was up
    if cue.status == "ended":
        return "void"
    return "closed" if bag.root else "open"


# In words -------------------------------------------------------------------------------------------


def bags_of(spec: Json) -> int:
    return int((spec.get("series") or {}).get("count", 1))


def series_words(spec: Json) -> tuple[str, str]:
    """Return what a sentence adds for a series; the Chinese is read back as it is (`intake.one_line`)."""
    series = spec.get("series")
    if not series:
        return "", ""
    count, gap, once = series["count"], series["gap_seconds"], series.get("once", True)
    zh = f"，连发 {count} 个，" + (f"间隔 {spoken(gap)}" if gap else "不间隔")
    en = f", {count} bags, " + (f"{spoken(gap, english=True)} apart" if gap else "one right after the other")
    again = (
        ("，中过的不再中", ", everybody wins once")
        if once
        else ("，中过的可以再中", ", winners may win again")
    )
    return zh + again[0], en + again[1]


def phone_words(spec: Json) -> tuple[str, str]:
    """Return what a person who starts the first bag must know of the others."""
    series = spec.get("series")
    if not series:
        return "", ""
    zh, en = series_words(spec)
    if spec.get("draw", "console") == "console":
        return (
            f"。这是第 1 个{zh}，后面的到点自己开",
            f". This is the first of a series{en}; the others open by themselves",
        )
    return (
        f"。这是第 1 个{zh}，后面的每个都要在手机上发起",
        f". This is the first of a series{en}; start each on the phone",
    )


def series_fields(spec: Json) -> list[PhoneField]:
    series = spec.get("series")
    if not series:
        return []
    return [
        PhoneField(("连发", "Bags"), str(series["count"]), ("个", "")),
        length_field(("间隔", "Gap"), int(series["gap_seconds"])),
    ]
