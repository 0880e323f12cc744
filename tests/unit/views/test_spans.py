"""What a person types of a countdown, read as seconds or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.views.spans import LONGEST, parse_remaining


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("4:12", 252),
        ("4：12", 252),
        ("４：１２", 252),
        (" 252 ", 252),
        ("252秒", 252),
        ("4分12", 252),
        ("4分12秒", 252),
        ("4 分钟 12 秒", 252),
        ("4min12s", 252),
        ("4分", 240),
        ("1:02:03", 3723),
        ("1小时2分3秒", 3723),
        ("0", 0),
        ("0:07", 7),
        ("90:00", 5400),
    ],
)
def test_what_a_phone_shows(typed: str, seconds: int) -> None:
    assert parse_remaining(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "4:", ":12", "4:72", "-3", "4.5", "四分", "4:12:", "1e3", "分", "4分12分", "9999999", "٤:١٢"],
)
def test_what_is_no_span_is_not_guessed_at(typed: str) -> None:
    assert parse_remaining(typed) is None


@given(st.integers(0, LONGEST))
def test_a_clock_and_words_read_back(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    if minutes <= 9999:
        assert parse_remaining(f"{minutes}:{rest:02}") == seconds
        assert parse_remaining(f"{minutes}分{rest}秒") == seconds
    assert parse_remaining(str(seconds)) == seconds


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse_remaining(text)
    assert found is None or 0 <= found <= LONGEST
