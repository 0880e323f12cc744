"""Members whose birthday is today, by China's day; a leap day has its place in every year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from liveconsole.books.person import members
from liveconsole.books.reading import BookReader
from liveconsole.domain.membership import born_on
from liveconsole.store import open_store
from tests.unit.engine.evenings import START, Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data", room_id="room")
    yield Evenings(store)
    store.close()


def test_those_of_today_are_asked_for_by_a_word(evenings: Evenings) -> None:
    evenings.open()
    for order_id, birthday in (("o1", "06-01"), ("o2", "06-02"), ("o3", None)):
        evenings.placed(order_id)
        told = {} if birthday is None else {"birthday": birthday}
        evenings.ok("member.join", viewer_id=f"of {order_id}", consent=True, **told)
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: START, seconds=5)
    try:
        found = members(reader, {"view": "members", "birthday": "today"})
        assert [row.profile.birthday for row in found.rows] == ["06-01"]
        assert [row.profile.birthday for row in members(reader, {"birthday": "06-02"}).rows] == ["06-02"]
        assert len(members(reader, {}).rows) == 3
        assert found.birthday_coupon_yuan == 20
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("day", "birthdays"),
    [
        (date(2026, 6, 1), ["06-01"]),
        (date(2026, 2, 28), ["02-28", "02-29"]),
        (date(2028, 2, 28), ["02-28"]),
        (date(2028, 2, 29), ["02-29"]),
    ],
)
def test_a_leap_day_is_kept_in_every_year(day: date, birthdays: list[str]) -> None:
    assert born_on(day) == birthdays
