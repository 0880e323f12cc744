"""福袋雨 told from the log: when each bag may open, who may win in it, and the receipt of the whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from liveconsole.verify_series import check_series, check_series_log
from tests.sim.bags import Bag, entry_id
from tests.sim.books import Data, moment
from tests.sim.broken import must

if TYPE_CHECKING:
    from tests.sim.stage import Cue


def more(cue: Cue) -> bool:
    """Whether another bag is to open."""
    count: int = (cue.spec.get("series") or {}).get("count", 1)
    return 0 < len(cue.bags) < count and not cue.cut


def between(cue: Cue) -> bool:
    """Whether its present bag is drawn, and it goes on."""
    return cue.status == "on_air" and cue.bag is not None and cue.bag.receipt is not None


def opened(cue: Cue, data: Data, loudest: str, at: datetime) -> None:
    """``bag.opened``."""
    must(cue.status == "on_air" and more(cue), "a bag opened that was not to come", cue.cue_id, data)
    must(data["bag"] == len(cue.bags) + 1, "bags are not counted one by one", cue.cue_id, data)
    last, gap = cue.bags[-1], timedelta(seconds=cue.spec["series"]["gap_seconds"])
    if cue.spec.get("draw") != "platform":
        must(last.receipt is not None, "a bag opened before the draw of the last", cue.cue_id)
        assert last.closed_at is not None
        must(at >= last.closed_at + gap, "a bag opened before its gap was over", cue.cue_id, at)
    else:
        assert cue.ends_at is not None
        must(at >= cue.ends_at + gap, "a bag of the platform's opened too early", cue.cue_id, at)
    cue.ends_at = moment(data["ends_at"])
    must(cue.ends_at == at + timedelta(seconds=cue.spec["seconds"]), "another length than was said", cue)
    cue.bag = bag = Bag(cue.spec)
    bag.lines = last.lines
    if cue.spec["series"].get("once", True):
        bag.excluded |= _won(cue)
    bag.promised(data["draw"], loudest)
    if bag.promise is not None:
        back = {entry_id(bag.promise, pid) for pid in bag.excluded}
        must(set(bag.promise["rules"]["excluded"]) >= back, "a winner does not stand back", data)
    cue.bags.append(bag)


def _won(cue: Cue) -> set[str]:
    return {pid for bag in cue.bags for pid in (*bag.winners, *bag.settled)}


def commit_ends(cue: Cue) -> None:
    """Who entered is in, and nobody holds two prizes of a series, after any commit."""
    if cue.bag is not None:
        cue.bag.commit_ends()
    if not (cue.spec.get("series") or {}).get("once", True):
        return
    held = [pid for bag in cue.bags for pid in bag.winners]
    must(len(held) == len(set(held)), "somebody holds two prizes of a series", cue.cue_id, held)


def ends(cue: Cue, because: str) -> None:
    """``cue.ended``: what a bag that is not the last may not do."""
    must(because != "drawn" or not more(cue), "a series ended with bags to come", cue.cue_id)
    must(because != "time_up" or not more(cue), "a series ran out with bags to come", cue.cue_id)


def told(cue: Cue, data: Data) -> None:
    """``bag.series``."""
    must(cue.status == "ended" and not cue.told, "a series was told before its end, or twice", cue.cue_id)
    cue.told = True
    receipts = [bag.receipt for bag in cue.bags if bag.receipt is not None]
    must(receipts, "a series without a draw was told", cue.cue_id)
    for holds, _, english in check_series(data["receipt"], receipts):
        must(holds, f"the series does not verify: {english}", data)
    for holds, _, english in check_series_log(data["receipt"], receipts, cue.bags[0].lines):
        must(holds, f"the log tells another series: {english}", data)


def waits(cue: Cue) -> bool:
    """Whether a person is asked to start its next bag: no clock ends that."""
    return bool(cue.spec.get("series")) and cue.status == "on_air" and bool(cue.key)


def due(cue: Cue) -> datetime | None:
    """When the clock next opens or ends it between two bags."""
    series = cue.spec.get("series")
    if not series or cue.bag is None or waits(cue):
        return None
    gap = timedelta(seconds=series["gap_seconds"])
    if between(cue):
        closed = cue.bag.closed_at
        return closed + gap if more(cue) and closed is not None else closed
    if cue.spec.get("draw") == "platform" and more(cue) and cue.ends_at is not None:
        return cue.ends_at + gap
    return None


def claims_due(cue: Cue) -> datetime | None:
    """The first time to claim that ends, of all its bags."""
    return min((at for bag in cue.bags if (at := bag.claims_due()) is not None), default=None)


def bag_line(cue: Cue, kind: str, data: Data, loudest: str, at: datetime) -> None:
    """A line of the log about one of its bags."""
    if kind == "bag.asked":
        must(more(cue) and not cue.key, "a bag was asked for that was not to come, or twice", cue)
        cue.key, cue.step = data["key"], "on_air"
    elif kind == "bag.opened":
        cue.key = ""
        opened(cue, data, loudest, at)
    elif kind == "bag.no_more":
        must(more(cue), "no more of what had no more", cue)
        cue.key = ""
        cue.cut = True
    elif kind == "bag.series":
        told(cue, data)
    elif kind == "bag.winners":
        cue.bags[data.get("bag", 1) - 1].typed = True
        if cue.status == "ended":
            named(cue)
    else:
        bag = cue.bags[data.get("bag", 1) - 1]
        must(bag is cue.bag or kind == "bag.settled", "told of a bag that is over", cue, data)
        getattr(bag, kind.replace(".", "_"))(data, at)
        _in_time(cue, kind, at)


def named(cue: Cue) -> None:
    """Of one that is over nobody waits for names when each of its bags has them, whenever they were typed."""
    if cue.bags and all(bag.typed for bag in cue.bags):
        cue.because = "platform"


def _in_time(cue: Cue, kind: str, at: datetime) -> None:
    assert cue.ends_at is not None
    if kind in ("bag.entered", "bag.source"):
        must(cue.open(at), "entered a bag that is not open", cue)
    elif kind in ("bag.closed", "cue.drawn"):
        must(at >= cue.ends_at, "closed or drawn before its time", cue)
