"""Price bands and their overlap, what hangs on few goods, and which goods may be the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain import rivals


def test_a_price_on_an_edge_is_in_the_lower_band() -> None:
    assert rivals.bands([0, 5_000, 5_001, 10_000, 20_000, 50_000, 50_001]) == [2, 2, 1, 1, 1]
    assert rivals.band_edges() == [
        (0, 5_000),
        (5_000, 10_000),
        (10_000, 20_000),
        (20_000, 50_000),
        (50_000, None),
    ]


def test_overlap_is_the_shared_share_of_skus_by_band() -> None:
    assert rivals.overlap([1, 1, 0, 0, 0], [0, 1, 1, 0, 0]) == 0.5
    assert rivals.overlap([2, 0, 0, 0, 0], [7, 0, 0, 0, 0]) == 1.0
    assert rivals.overlap([2, 0, 0, 0, 0], [0, 7, 0, 0, 0]) == 0.0
    assert rivals.overlap([0] * 5, [1] * 5) is None, "nothing of ours: not nought"


@given(st.lists(st.integers(0, 100_000), min_size=1), st.lists(st.integers(0, 100_000), min_size=1))
def test_overlap_is_the_same_both_ways_and_a_part_of_one(ours: list[int], theirs: list[int]) -> None:
    a, b = rivals.bands(ours), rivals.bands(theirs)
    assert sum(a) == len(ours)
    assert rivals.overlap(a, b) == rivals.overlap(b, a)
    assert 0 <= (rivals.overlap(a, b) or 0) <= 1
    assert rivals.overlap(a, a) == 1


def test_concentration_is_of_the_first_three_and_unknown_where_one_is() -> None:
    assert rivals.concentration([50, 20, 10, 10, 10]) == 0.8
    assert rivals.concentration([5]) == 1.0
    assert rivals.concentration([50, None, 10]) is None
    assert rivals.concentration([0, 0]) is None
    assert rivals.concentration([]) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("羊绒大衣", "【爆款】羊绒 大衣（驼色）", True),
        ("Lamp A", "lamp-a", True),
        ("帽", "毛线帽", False),
        ("羊绒大衣", "羊毛大衣", False),
        ("", "", False),
    ],
)
def test_goods_may_be_the_same_where_one_title_stands_in_the_other(
    ours: str, theirs: str, same: bool
) -> None:
    assert rivals.same_goods(ours, theirs) is same
