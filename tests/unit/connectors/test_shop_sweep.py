"""A list of ids is followed so that no change is missed: however late the list shows one, whatever the shop's
clock says, and however seldom it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from random import Random

import pytest
from msgspec import Struct

from liveconsole.connectors.wechat_shop import sweep
from liveconsole.connectors.wechat_shop.sweep import ListWindow, Marks

WEEK = 7 * 86_400
START = 1_700_000_000


class Change(Struct):
    at: int
    shown_at: int


class Shop:
    """Ids that change, at the shop's own time; a list shows the newest change of each, some time after it."""

    def __init__(self, dice: Random, lag: int) -> None:
        self._dice, self._lag = dice, lag
        self.of: dict[str, list[Change]] = {}

    def change(self, id_: str, at: int) -> None:
        shown = at + (self._dice.randint(1, self._lag) if self._lag and self._dice.random() < 0.4 else 0)
        self.of.setdefault(id_, []).append(Change(at, shown))

    def last(self, id_: str, at: int) -> Change | None:
        return next((change for change in reversed(self.of[id_]) if change.at <= at), None)

    def listed(self, window: ListWindow, at: int) -> list[str]:
        found = [
            id_
            for id_ in self.of
            if (last := self.last(id_, at)) is not None
            and last.shown_at <= at
            and window.start <= last.at <= window.end
        ]
        self._dice.shuffle(found)
        return found + found[: len(found) // 5]


class Follower:
    """What `poller.Poller` does, without the network."""

    asked_when_answered = False
    """The twin takes a reading to be as new as its last answer."""

    def __init__(self, at: int, skew: int) -> None:
        self.marks = Marks(at - sweep.AHEAD)
        self.seen: dict[str, int] = {}
        self.readings = 0
        self.ends = at
        """When the last reading was over."""
        self._skew = skew

    def turn(self, shop: Shop, ours: int, slow: int = 0, stuck: Callable[[], int] = lambda: 0) -> None:
        """``slow``: seconds between the listing and the readings; ``stuck``: for how many each waits for its
        last answer when it knows already what it will say, and how much later one begins than another. A turn
        that was stuck may come to nothing in the end."""
        for window in sweep.windows(self.marks, ours, WEEK):
            theirs = ours + self._skew
            listed = shop.listed(window, theirs)
            again = {
                moment: shop.listed(ListWindow(moment, window.end), theirs)
                for moment in sweep.list_again(self.marks, window, listed)
            }
            seen = 0
            for id_ in sweep.to_read(self.marks, window, listed, again, ours):
                asked = ours + slow + stuck()
                answered = asked + stuck()
                last = shop.last(id_, asked + self._skew)
                assert last is not None
                self.readings += 1
                self.seen[id_] = last.at
                taken_as = answered if self.asked_when_answered else asked
                sweep.learn(self.marks, id_, last.at, (), taken_as, answered, closed=False)
                seen = max(seen, sweep.passed(last.at, answered, ours))
                self.ends = max(self.ends, answered)
            if self.ends > ours + slow and stuck():
                return
            sweep.go_on(self.marks, window, seen, ours, theirs)


def evening(
    seed: int, *, lag: int = 60, busy: bool = True, stuck: Sequence[int] = (0,)
) -> tuple[Shop, Follower]:
    dice = Random(f"sweep/{seed}")
    skew = dice.choice((-550, -50, 0, 50, 550))
    shop, follower = Shop(dice, lag), Follower(START, skew)
    for second in range(1, 3_600):
        if dice.random() < (0.3 if busy else 0.01):
            known = list(shop.of)
            id_ = f"o{len(known)}" if not known or dice.random() < 0.5 else dice.choice(known[-6:])
            shop.change(id_, START + second + skew)
    ours = START
    while ours < START + 4_400:
        slow = dice.choice((0, 0, 0, 1, 7, 40))
        waits = stuck if ours < START + 3_600 else (0,)
        follower.turn(shop, ours, slow, partial(dice.choice, waits))
        late = follower.ends > ours + slow
        ours = max(ours + slow, follower.ends)
        ours += 0 if late else dice.choice((1, 8, 8, 8, 30, 600 if dice.random() < 0.05 else 8))
    return shop, follower


@pytest.mark.parametrize("busy", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_every_change_is_read_in_the_end(seed: int, busy: bool) -> None:
    shop, follower = evening(seed, busy=busy)
    assert follower.seen == {id_: changes[-1].at for id_, changes in shop.of.items()}
    changes = sum(len(changes) for changes in shop.of.values())
    assert follower.readings <= 3 * changes, "few are read twice"
    assert len(follower.marks.known) < 200


@pytest.mark.parametrize(
    ("name", "value"), [("OVERLAP", 0), ("LOOK_AGAIN", 10**9)], ids=["no_overlap", "no_second_look"]
)
def test_without_it_changes_are_missed(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    """The twins."""
    monkeypatch.setattr(sweep, name, value)
    for seed in range(40):
        shop, follower = evening(seed)
        if follower.seen != {id_: changes[-1].at for id_, changes in shop.of.items()}:
            return
    pytest.fail("nothing was missed: the others prove nothing")


STUCK = (0, 0, 0, 0, 0, 0, 240)


@pytest.mark.parametrize("seed", range(12))
def test_a_reading_that_waits_for_its_last_answer_hides_no_change(seed: int) -> None:
    """An after-sale is read with its order: what the first answer said is old when the second one comes."""
    shop, follower = evening(seed, stuck=STUCK)
    assert follower.seen == {id_: changes[-1].at for id_, changes in shop.of.items()}


def test_twin_a_reading_taken_to_be_as_new_as_its_last_answer_hides_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Follower, "asked_when_answered", True)
    for seed in range(24, 80):
        shop, follower = evening(seed, stuck=STUCK)
        if follower.seen != {id_: changes[-1].at for id_, changes in shop.of.items()}:
            return
    pytest.fail("nothing was missed: the others prove nothing")


def test_what_an_older_reading_says_is_not_taken_after_a_newer_one() -> None:
    marks = Marks(START)
    sweep.learn(marks, "a", START + 50, (), START + 60, START + 61, closed=False)
    assert sweep.overtaken(marks, "a", START + 10)
    assert not sweep.overtaken(marks, "a", START + 60)
    assert not sweep.overtaken(marks, "b", START + 10)


def test_what_cannot_be_read_is_asked_for_again_for_days_and_seldom() -> None:
    """A shop that is out of order for an hour loses nobody's order."""
    marks, asked = Marks(START), [START]
    sweep.learn_nothing(marks, "a", START, START)
    marks.until = START + 10_000
    for now in range(START, START + 7 * 86_400, 5):
        if sweep.look_again(marks, now):
            sweep.learn_nothing(marks, "a", now, now)
            asked.append(now)
    assert len(asked) == sweep.USELESS_MOST
    assert sum(now < START + 3_600 for now in asked) >= 5
    assert asked[-1] >= START + 2 * 86_400
    sweep.learn(marks, "a", START + 5, (), START + 60, START + 61, closed=False)
    assert not marks.known["a"].useless


def test_an_outage_of_weeks_is_asked_for_in_weeks() -> None:
    marks = Marks(START)
    found = sweep.windows(marks, START + 3 * WEEK, WEEK)
    assert found[0].start == START - sweep.OVERLAP
    assert found[-1].end == START + 3 * WEEK + sweep.AHEAD
    assert all(one.end - one.start < WEEK for one in found)
    assert [two.start - one.end for one, two in pairwise(found)] == [1] * (len(found) - 1)
    sweep.go_on(marks, found[0], START + 2 * WEEK, START + 3 * WEEK, START + 3 * WEEK)
    assert marks.until == found[0].end, "never past what was listed"


def test_where_nothing_happens_the_window_does_not_grow_for_ever() -> None:
    follower = Follower(START, 0)
    for day in range(30):
        follower.turn(Shop(Random(0), 0), START + day * 86_400)
    assert follower.marks.until == START + 29 * 86_400 - sweep.SLACK


def test_a_reading_that_took_long_does_not_move_the_mark_past_the_listing() -> None:
    """What was read is newer than what was listed: what changed in between is listed next time."""
    shop, follower = Shop(Random(1), 0), Follower(START, 0)
    shop.change("a", START + 10)
    shop.change("a", START + 490)
    shop.change("b", START + 50)
    follower.turn(shop, START + 20, slow=480)
    assert follower.seen == {"a": START + 490}
    follower.turn(shop, START + 520)
    assert follower.seen["b"] == START + 50


@pytest.mark.parametrize(("ours", "theirs"), [(400 * 86_400, 60), (60, 400 * 86_400), (60, None)])
def test_no_clock_that_runs_ahead_moves_the_mark_by_itself(ours: int, theirs: int | None) -> None:
    """Ours may stand in another year; then nothing that is bought may be passed over."""
    marks = Marks(START)
    for window in sweep.windows(marks, START + ours, WEEK):
        sweep.go_on(marks, window, 0, START + ours, START + theirs if theirs is not None else None)
    assert marks.until == START


def test_a_time_that_cannot_be_moves_no_mark_and_hides_no_change() -> None:
    """Milliseconds where seconds should stand."""
    marks = Marks(START)
    assert not sweep.plausible(START * 1_000, START)
    sweep.learn(marks, "odd", START * 1_000, (), START, START, closed=False)
    (window,) = sweep.windows(marks, START, WEEK)
    assert sweep.list_again(marks, window, ["odd"]) == []
    later = START + sweep.LOOK_AGAIN
    assert sweep.to_read(marks, window, ["odd"], {}, later) == ["odd"]
    marks.until = START + 10_000
    sweep.learn(marks, "odd", START * 1_000, (), later, later, closed=False)
    assert marks.known["odd"].settled, "it is not read for ever"
