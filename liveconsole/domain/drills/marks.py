"""The mark of a drill from what the log showed: `FULL` less what its facts take off, never below nothing.

A marker reads the events in the order in which they stand: the same ones in another order are another mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Final

from msgspec import Struct

from liveconsole.domain.drills.seen import Run
from liveconsole.domain.room_drills import Seen
from liveconsole.messages.drills import DRILLS, FULL, DrillFact
from liveconsole.messages.rights import PEOPLE

WRONG_FEN: Final = 1_990
RIGHT_FEN: Final = 9_900
"""From here on a price of the drill's scarf is one that somebody meant."""
SLOW: Final = 10
"""Seconds in which a proposal is decided."""
SEGMENT: Final = 40
"""Seconds after which a segment of the quick day ran late; it is meant to last 30."""


class DrillMark(Struct, frozen=True):
    """``mark`` is None where there is none, and ``why`` says why."""

    mark: int | None
    facts: list[DrillFact]
    better: list[str]
    why: str = ""


def marked(run: Run) -> DrillMark:
    """Return what a drill came to. Pure: the same log, the same mark."""
    if run.beyond:
        return DrillMark(None, [], [], "too_much")
    if run.because != "time_up":
        return DrillMark(None, [], [], "cut_short")
    begun = BEGUN[run.drill](run) if run.drill in BEGUN else None  # of a newer program: nothing here marks it
    if begun is None:
        return DrillMark(None, [], [], "nothing_happened")
    facts: list[DrillFact] = []
    better: list[str] = []
    for fact, advice in MARKERS[run.drill](run, begun):
        facts.append(fact)
        if fact.off and advice and advice not in better:
            better.append(advice)
    mark = max(0, FULL - sum(fact.off for fact in facts))
    return DrillMark(mark, facts, better or ["keep"])


Points = Iterator[tuple[DrillFact, str]]
"""Facts in the order in which they are told; with each what to do better where it takes points off."""


def cut_line(run: Run, begun: Seen) -> Points:
    """Nothing is started and nothing concluded while nobody can see; somebody says so; then it is settled."""
    silent = DRILLS["cut_line"].silent
    assert silent is not None
    yield DrillFact("fault", begun.at), ""
    yield _told(run, begun.at), "tell"
    settled = _settled(run, begun)
    yield from _fired_blind(run, begun, settled, other=True)
    if settled is None:
        yield _never_settled(begun.at), "read_first"
    elif settled.what == "refused" and settled.actor in PEOPLE:
        yield DrillFact("said_not_begun", settled.at, 40), "look_at_phone"
    elif settled.actor in PEOPLE and run.second(settled.at) < silent[1]:
        yield DrillFact("guessed", settled.at, 25), "read_first"
    elif settled.actor in PEOPLE:
        yield _confirmed(begun, settled, 0), ""
    else:
        yield DrillFact("read", settled.at), ""


def silent_platform(run: Run, begun: Seen) -> Points:
    """It is not started twice; what buyers show is confirmed, sooner rather than later."""
    yield DrillFact("fault", begun.at), ""
    settled = _settled(run, begun)
    yield from _fired_blind(run, begun, settled, other=False)
    if settled is None:
        yield _never_settled(begun.at), "confirm_sooner"
    elif settled.what == "refused":
        yield DrillFact("said_not_begun", settled.at, 50), "look_at_phone"
    elif settled.actor in PEOPLE:
        unknown = _first(run, "unknown", run.own) or begun
        late = _seconds(unknown, settled) - 15
        yield _confirmed(unknown, settled, _within(late, 30)), "confirm_sooner"
    else:
        yield DrillFact("read", settled.at, 20), "confirm_sooner"


def wrong_price(run: Run, begun: Seen) -> Points:
    """Stopped at once and started again at the right price: what is on sale at a tenth of it."""
    if begun.what == "recalled":
        yield DrillFact("taken_back", begun.at), ""
        yield from _right_again(run, begun, begun)
        return
    yield DrillFact("fault", begun.at), ""
    ended = _after(run, begun, lambda one: one.what == "ended" and one.cue_id == begun.cue_id)
    by_hand = ended is not None and ended.because in {"stopped", "halted"}
    if ended is not None and by_hand:
        seconds = _seconds(begun, ended)
        off = _within(2 * (seconds - 10), 50)
        yield DrillFact("stopped", ended.at, off, {"seconds": seconds}), "stop_first"
    else:
        yield DrillFact("never_stopped", None, 60), "stop_first"
    sold = sum(one.n for one in _behind(run, begun) if one.what == "units" and one.cue_id == begun.cue_id)
    if sold:
        yield DrillFact("sold_wrong", None, _within((sold - 10) // 2, 25), {"units": sold}), "set_a_floor"
    yield from _right_again(run, begun, ended)


def _right_again(run: Run, begun: Seen, ended: Seen | None) -> Points:
    def right(one: Seen) -> bool:
        return one.what == "firing" and _same_goods(one, begun) and (one.fen or 0) >= RIGHT_FEN

    again = _after(run, ended, right) if ended is not None else None
    if again is not None:
        yield DrillFact("right_again", again.at), ""
    else:
        yield DrillFact("not_right_again", None, 15), "start_again"


def sold_out(run: Run, out: Seen) -> Points:
    """Something is done about it, somebody is answered, and nobody is promised what is not there."""
    yield DrillFact("sold_out", out.at), ""
    act = _after(run, out, _acts)
    if act is None:
        yield DrillFact("stood_still", None, 35), "have_more_ready"
    else:
        seconds = _seconds(out, act)
        code = "again" if act.done_as == "sales" else "went_on"
        yield DrillFact(code, act.at, _within(seconds - 20, 30), {"seconds": seconds}), "have_more_ready"
    answer = _after(run, out, lambda one: one.what in {"answered", "note"} and one.actor in PEOPLE)
    if answer is None:
        yield DrillFact("not_answered", None, 20), "answer_one"
    else:
        seconds = _seconds(out, answer)
        yield DrillFact("answered", answer.at, _within(seconds - 40, 15), {"seconds": seconds}), "answer_one"
    over = [one for one in run.seen if one.what == "oversold"]
    if over:
        units = sum(one.n for one in over)
        yield DrillFact("oversold", over[0].at, 25, {"units": units}), "mind_stock"
    else:
        yield DrillFact("not_oversold"), ""


def long_day(run: Run, _begun: Seen) -> Points:
    """Proposals are decided soon, the segments go on, and the second half is no slower than the first."""
    took: list[tuple[datetime, int]] = []
    open_ = 0
    for asked in run.seen:
        if asked.what != "queued" or not asked.cue_id.startswith(run.own):
            continue
        said = _after(run, asked, lambda one, cue_id=asked.cue_id: _decides(one, cue_id))  # type: ignore[misc]
        if said is None:
            open_ += 1
        else:
            took.append((asked.at, _seconds(asked, said)))
    if took:
        mean = round(sum(seconds for _, seconds in took) / len(took))
        yield DrillFact("decided", None, 0, {"n": len(took), "seconds": mean}), ""
    if slow := sum(seconds > SLOW for _, seconds in took):
        yield DrillFact("slow", None, _within(4 * slow, 30), {"n": slow, "limit": SLOW}), "decide_at_once"
    if open_:
        yield DrillFact("undecided", None, _within(6 * open_, 40), {"n": open_}), "decide_at_once"
    if refused := sum(one.what in {"refused", "missed"} for one in run.seen):
        yield DrillFact("turned_down", None, _within(3 * refused, 15), {"n": refused}), "mind_stock"
    yield _segments(run), "move_on"
    half = run.started_at + (run.ended_at - run.started_at) / 2
    slower = _mean([s for at, s in took if at >= half]) - _mean([s for at, s in took if at < half])
    if took and slower >= 3:
        yield DrillFact("slower", None, _within(round(slower), 10), {"seconds": round(slower)}), "rest"


def _segments(run: Run) -> DrillFact:
    """Tell how many turns of 下一品 came late, counted from the one before."""
    turns = [
        one.at for one in run.seen if one.what == "went" or (one.done_as == "pins" and one.what == "queued")
    ]
    edges = [run.started_at, *turns, run.ended_at]
    late = sum(int((after - before).total_seconds()) // SEGMENT for before, after in pairwise(edges))
    if not late:
        return DrillFact("on_time")
    return DrillFact("late_segments", None, _within(5 * late, 30), {"n": late})


def _told(run: Run, since: datetime) -> DrillFact:
    told = next((one for one in run.seen if one.what == "note" and one.at >= since), None)
    if told is None:
        return DrillFact("not_told", None, 20)
    seconds = int((told.at - since).total_seconds())
    return DrillFact("told", told.at, _within((seconds - 20) // 2, 15), {"seconds": seconds})


def _fired_blind(run: Run, begun: Seen, settled: Seen | None, *, other: bool) -> Points:
    """Money that was started before anybody knew what had become of the first; ``other``: of any goods, for
    while the line is cut nobody sees what any of them does."""
    for one in _behind(run, begun):
        if one is settled:
            break
        if _is_money(one) and one.cue_id != begun.cue_id and (other or _same_goods(one, begun)):
            yield DrillFact("fired_blind", one.at, 30), "fire_nothing"
    if settled is not None and settled.what == "refused" and settled.actor in PEOPLE:
        # Said not to have begun, and then begun anew: that sells it twice.
        twice = _after(run, settled, lambda one: one.what == "firing" and _same_goods(one, begun))
        if twice is not None:
            yield DrillFact("fired_blind", twice.at, 30), "fire_nothing"


def _is_money(one: Seen) -> bool:
    return one.what == "firing" and one.done_as not in {"", "pins"}


def _same_goods(one: Seen, other: Seen) -> bool:
    return bool(set(one.skus) & set(other.skus))


def _settled(run: Run, begun: Seen) -> Seen | None:
    def settles(one: Seen) -> bool:
        return one.cue_id == begun.cue_id and one.what in {"on_air", "refused"}

    return _after(run, begun, settles)


def _confirmed(since: Seen, settled: Seen, off: int) -> DrillFact:
    return DrillFact("confirmed", settled.at, off, {"seconds": _seconds(since, settled)})


def _never_settled(at: datetime | None) -> DrillFact:
    return DrillFact("never_settled", at, 40)


def _acts(one: Seen) -> bool:
    """Another sale that starts, or the next product."""
    if one.what == "went" or (one.done_as == "pins" and one.what == "queued"):
        return True
    return one.what == "firing" and one.done_as == "sales"


def _decides(one: Seen, cue_id: str) -> bool:
    return one.cue_id == cue_id and one.what in {"approved", "standby", "rejected", "removed"}


def _first(run: Run, what: str, prefix: str) -> Seen | None:
    return next((one for one in run.seen if one.what == what and one.cue_id.startswith(prefix)), None)


def _behind(run: Run, since: Seen) -> list[Seen]:
    """What stands behind it on the log: by place and not by time, which two events may share."""
    place = next(at for at, one in enumerate(run.seen) if one is since)
    return run.seen[place + 1 :]


def _after(run: Run, since: Seen, wanted: Callable[[Seen], bool]) -> Seen | None:
    return next((one for one in _behind(run, since) if wanted(one)), None)


def _seconds(since: Seen, until: Seen) -> int:
    return int((until.at - since.at).total_seconds())


def _within(off: int, most: int) -> int:
    return min(most, max(0, off))


def _mean(seconds: list[int]) -> float:
    return sum(seconds) / len(seconds) if seconds else 0.0


def _fired(run: Run) -> Seen | None:
    return _first(run, "firing", run.own)


def _on_sale(run: Run) -> Seen | None:
    return _first(run, "on_air", run.own) or _first(run, "recalled", run.own)


def _asked(run: Run) -> Seen | None:
    return _first(run, "queued", run.own)


def _gone(run: Run) -> Seen | None:
    """The grant that took the last unit: the sale itself ends when they are paid."""
    queued = _asked(run)
    if queued is None:
        return None
    left = queued.n
    for one in run.seen:
        if one.what == "units" and one.cue_id == queued.cue_id:
            left -= one.n
            if left <= 0:
                return one
    return None


BEGUN: Final[dict[str, Callable[[Run], Seen | None]]] = {
    "cut_line": _fired,
    "wrong_price": _on_sale,
    "sold_out": _gone,
    "silent_platform": _fired,
    "long_day": _asked,
}
"""What must have happened, or there is nothing to mark."""
MARKERS: Final[dict[str, Callable[[Run, Seen], Points]]] = {
    "cut_line": cut_line,
    "wrong_price": wrong_price,
    "sold_out": sold_out,
    "silent_platform": silent_platform,
    "long_day": long_day,
}
