"""The calendar has every campaign for three years from any day, on the right days, lunar ones too."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

import pytest

from liveconsole.advice import campaigns
from liveconsole.advice.seller_files import BadSellerFile

LUNAR = {
    "qixi": ["2026-08-19", "2027-08-08", "2028-08-26", "2029-08-16"],
    "mid_autumn": ["2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22"],
    "nianhuo": ["2026-01-26", "2027-01-15", "2028-01-04", "2029-01-22"],
}
"""七月初七, 八月十五 and 腊八 of the Hong Kong Observatory's tables."""
NEW_YEAR = [date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13)]
EVERY = {"618", "1111", "1212", "mothers_day", "fathers_day", "qixi", "mid_autumn", "national_day", "nianhuo"}


def _days(id_: str) -> list[date]:
    return next(one.days for one in campaigns.load().campaigns if one.id == id_)


def _sunday(year: int, month: int, nth: int) -> date:
    sundays = [week[6] for week in months.monthcalendar(year, month) if week[6]]
    return date(year, month, sundays[nth - 1])


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 11, 28), date(2026, 12, 31)])
def test_every_campaign_comes_three_times_in_three_years(today: date) -> None:
    found = campaigns.coming(campaigns.load(), today, 3 * 366)
    counts = {id_: sum(one.campaign.id == id_ for one in found) for id_ in EVERY}
    assert set(counts) == EVERY
    assert min(counts.values()) >= 3, counts


def test_lunar_days_and_sundays_are_right() -> None:
    for id_, days in LUNAR.items():
        assert [str(day) for day in _days(id_)] == days
    for first, new_year in zip(_days("nianhuo"), NEW_YEAR, strict=True):
        assert timedelta(days=21) <= new_year - first <= timedelta(days=23), "腊八 is three weeks before"
    for id_, month, nth in (("mothers_day", 5, 2), ("fathers_day", 6, 3)):
        assert _days(id_) == [_sunday(day.year, month, nth) for day in _days(id_)]


def test_the_twin_a_lunar_day_of_another_year_is_seen() -> None:
    assert LUNAR["qixi"][0][5:] not in {day[5:] for day in LUNAR["qixi"][1:]}
    assert "2027-08-19" not in {str(day) for day in _days("qixi")}


def test_what_runs_is_there_until_its_last_day() -> None:
    calendar = campaigns.load()
    assert campaigns.coming(calendar, date(2026, 11, 11))[0].campaign.id == "1111"
    after = campaigns.coming(calendar, date(2026, 11, 12))
    assert (after[0].campaign.id, after[0].first, after[0].last) == (
        "1212",
        date(2026, 12, 10),
        date(2026, 12, 12),
    )
    assert after[0].warm_from == date(2026, 12, 3)


def test_the_checklist_begins_three_days_before_and_asks_for_the_account() -> None:
    items = {one.id: one for one in campaigns.load().items}
    assert items["video"].days == 3
    assert {"verified", "profile", "deposit", "review", "category"} == {
        one.id for one in items.values() if one.group == "ready"
    }


@pytest.mark.parametrize(
    "text",
    [
        '[[item]]\nid="a"\nzh="甲"\nen="a"\ngroup="warm"\n' * 2,
        "campaign = 1",
        '[[campaign]]\nid="a"\n',
        "x = 1",
    ],
)
def test_what_is_wrong_in_it_is_named(text: str) -> None:
    with pytest.raises(BadSellerFile, match=r"calendar\.toml"):
        campaigns.parse(text)
