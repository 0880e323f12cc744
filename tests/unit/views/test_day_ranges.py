"""Words for days are China's days, whatever the machine's clock calls them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liveconsole.views.day_ranges import RANGES, days_of


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-01", "2026-03-01"),
        ("yesterday", "2026-02-28", "2026-02-28"),
        ("week", "2026-02-23", "2026-03-01"),
        ("month_so_far", "2026-03-01", "2026-03-01"),
        ("month_before", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_word_is_days_of_china(name: str, first: str, last: str) -> None:
    late = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # midnight in China
    assert days_of(name, late) == {"from": first, "to": last}


def test_a_second_earlier_it_is_still_yesterday() -> None:
    assert days_of("today", datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC))["to"] == "2026-02-28"


def test_the_month_before_january_is_of_another_year_and_no_word_is_left_out() -> None:
    now = datetime(2027, 1, 31, tzinfo=UTC)
    assert days_of("month_before", now) == {"from": "2026-12-01", "to": "2026-12-31"}
    assert all(days_of(name, now) for name in RANGES)
    assert days_of("broadcast", now) == {}
