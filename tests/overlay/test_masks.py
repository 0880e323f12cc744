"""Names on the air: the first letter and two stars, whatever somebody calls himself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.views.masks import NOBODY, mask_name, plain_line


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("糖糖不吃糖", "糖**"),
        ("糖", "糖**"),
        ("糖***", "糖**"),
        ("13812345678", "1**"),
        ("@小鹿", "小**"),
        ("\u202e\u200b鹿小", "鹿**"),
        ("<b>王", "<**"),
        ("😀开心", "😀**"),
        ("ｗａｎｇ", "w**"),
        ("", NOBODY),
        (" \u200b\u2066", NOBODY),
        ("***", NOBODY),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=60))
def test_a_mask_tells_one_letter_and_no_length(name: str) -> None:
    masked = mask_name(name)
    assert masked == NOBODY or (len(masked) == 3 and masked.endswith("**") and masked.isprintable())


@given(st.text(max_size=300), st.integers(1, 80))
def test_a_line_is_one_line_within_its_bound(text: str, cap: int) -> None:
    line = plain_line(text, cap)
    assert len(line) <= cap
    assert line.replace("\u200d", "").isprintable()


def test_a_line_keeps_what_people_wrote() -> None:
    assert plain_line(" <b>羊毛衫</b>\n 驼色 ", 60) == "<b>羊毛衫</b> 驼色"
    assert plain_line("a\u202eb\u2066c\u200bd\ufeff", 60) == "abcd"
    assert plain_line("👨\u200d👩\u200d👧 家", 60) == "👨\u200d👩\u200d👧 家"
    assert plain_line("长" * 80, 10) == "长" * 9 + "…"
    assert plain_line("z" + "\u0301" * 50, 60) == "z" + "\u0301" * 3
