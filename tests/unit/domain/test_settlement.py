"""What an evening brings: exact where the shop has settled, a range where it has not, unknown where nobody
knows; and its parts to the 分."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain import settlement
from liveconsole.domain.settlement import CategoryRate, Rate, SoldLine, SoldOrder, settle, split

RATES = {"女装": CategoryRate("服饰", Rate(100, 500)), "图书": CategoryRate("图书音像", Rate(200, 200))}
NOTHING = Rate(0, 0)


def sold(paid: int, *lines: tuple[str, int], **more: int) -> SoldOrder:
    return SoldOrder(paid, more.pop("refund", 0), [SoldLine(*line) for line in lines], **more)


def test_a_range_is_the_fee_at_both_ends() -> None:
    found = settle([sold(10_000, ("女装", 10_000))], RATES, Rate(0, 60))
    assert found.known
    assert found.high_fen == 9_900
    assert found.low_fen == 9_500 - 57
    assert found.categories["服饰"] == settlement.CategorySum(10_000, 100, 500)


def test_what_went_back_brings_nothing_and_what_is_asked_back_may() -> None:
    gone = settle([sold(10_000, ("图书", 10_000), refund=10_000)], RATES, NOTHING)
    assert (gone.low_fen, gone.high_fen, gone.known) == (0, 0, True)
    asked = settle([sold(10_000, ("图书", 10_000), asked_back_fen=4_000)], RATES, NOTHING)
    assert (asked.low_fen, asked.high_fen) == (5_880, 9_800)


def test_the_shops_word_stands_against_every_rate() -> None:
    found = settle([sold(10_000, ("没有的类目", 10_000), settled_fen=9_321)], RATES, None)
    assert (found.low_fen, found.high_fen, found.known, found.settled) == (9_321, 9_321, True, 1)


def test_a_category_that_nobody_knows_makes_the_sum_unknown_and_is_never_free() -> None:
    orders = [sold(10_000, ("女装", 6_000), ("", 4_000)), sold(5_000, ("图书", 5_000))]
    found = settle(orders, RATES, NOTHING)
    assert not found.known
    assert (found.unknown_orders, found.unknown_fen, found.unknown) == (1, 10_000, {"": 1})
    assert (found.low_fen, found.high_fen) == (4_900, 4_900), "of what is known"
    assert not settle([sold(10_000)], RATES, NOTHING).known, "no line was told"
    assert not settle([sold(5_000, ("图书", 5_000))], RATES, None).known, "nobody said what a payout costs"


def test_the_twin_a_fee_table_with_a_hole_that_counts_as_free_is_seen() -> None:
    """The planted fault: an unknown category is taken as one without a fee."""
    free = {**RATES, "": CategoryRate("?", Rate(0, 0))}
    assert settle([sold(10_000, ("", 10_000))], free, NOTHING).high_fen == 10_000
    assert settle([sold(10_000, ("", 10_000))], RATES, NOTHING).high_fen == 0


_LINES = st.lists(st.tuples(st.sampled_from(["女装", "图书"]), st.integers(0, 10**6)), min_size=1, max_size=5)


@given(_LINES, st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_low_end_is_never_above_the_high_one(
    lines: list[tuple[str, int]], paid: int, refund: int, asked: int, commission: int
) -> None:
    order = sold(paid, *lines, refund=refund, asked_back_fen=asked, commission_fen=commission)
    found = settle([order], RATES, Rate(0, 60))
    assert 0 <= found.low_fen <= found.high_fen <= max(0, paid - refund)
    assert sum(one.base_fen for one in found.categories.values()) == order.left_fen


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 3_000), max_size=3))
def test_parts_add_up_to_the_whole_to_the_fen(fen: int, parts: list[int]) -> None:
    found = split(fen, parts)
    assert sum(found) == fen
    assert len(found) == len(parts) + 1
    for part, got in zip(parts, found, strict=False):
        assert abs(got - fen * part / settlement.WHOLE) < 1


def test_parts_of_more_than_the_whole_are_no_parts() -> None:
    with pytest.raises(ValueError, match="more than the whole"):
        split(100, [6_000, 4_001])
    assert split(1, [3_333, 3_333]) == [0, 0, 1]
    assert split(100, [3_333, 3_333]) == [33, 33, 34]
