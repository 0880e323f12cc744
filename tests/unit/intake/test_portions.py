"""One total over the SKUs of a sale: exact, never above what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.portions import by_stock, evenly

Split = Callable[[int, Sequence[int]], list[int]]
WAYS = pytest.mark.parametrize("split", [by_stock, evenly])
LEFT = st.lists(st.integers(-3, 5000), max_size=40)


@WAYS
@given(total=st.integers(-5, 100_000), left=LEFT)
def test_the_sum_is_exact_and_nobody_gets_what_is_not_there(
    split: Split, total: int, left: list[int]
) -> None:
    there = [max(0, units) for units in left]
    shares = split(total, left)
    assert sum(shares) == max(0, min(total, sum(there)))
    assert all(0 <= share <= units for share, units in zip(shares, there, strict=True))


@WAYS
@given(left=st.lists(st.integers(1, 500), min_size=1, max_size=30), more=st.integers(0, 500))
def test_whoever_has_any_gets_one_where_there_is_one_for_each(
    split: Split, left: list[int], more: int
) -> None:
    assert all(split(len(left) + more, left))


@given(total=st.integers(0, 3000), left=st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_shared_by_stock_more_never_gets_less(total: int, left: list[int]) -> None:
    shares = by_stock(total, left)
    pairs = sorted(zip(left, shares, strict=True))
    assert all(one[1] <= other[1] + 1 for one, other in pairwise(pairs))


def test_the_sketch_of_eight() -> None:
    left = [14, 22, 18, 2, 16, 24, 12, 6]
    assert by_stock(60, left) == [7, 12, 10, 1, 8, 13, 6, 3]
    assert evenly(60, left) == [9, 9, 9, 2, 9, 8, 8, 6]
