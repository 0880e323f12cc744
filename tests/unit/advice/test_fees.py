"""The table of fees: dated, editable, and nothing in it that cannot be counted with."""

from __future__ import annotations

from pathlib import Path

import pytest

from liveconsole.advice import fees
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.domain.settlement import Rate

OWN = """
checked = 2026-12-01
[[category]]
zh = "帽子"
en = "Hats"
names = ["毛线帽"]
low_percent = "2.5"
high_percent = "2.5"
"""


def test_the_programs_own_table_is_a_claim_of_guides_with_its_date() -> None:
    table = fees.load()
    assert table.checked is not None
    assert table.payout is not None
    assert all(one.source for one in table.categories)
    for category in table.categories:
        rate = fees.rate_of(category)
        assert 100 <= rate.low <= rate.high <= 500, "1–5 %"
        low, high = fees.deposit_of(category) or (0, 0)
        assert 50_000 <= low <= high
    assert table.of(" 女装 ") is table.of("服饰")
    assert table.of("没有这一类") is None


def test_a_copy_in_the_data_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "seller").mkdir()
    (tmp_path / "seller" / "fees.toml").write_text(OWN, "utf-8")
    table = fees.load(tmp_path)
    found = table.of("毛线帽")
    assert found is not None
    assert fees.rate_of(found) == Rate(250, 250)
    assert table.payout is None, "nobody said"
    assert fees.load(tmp_path / "rehearsal").by_name == table.by_name, "a rehearsal of that folder"


@pytest.mark.parametrize(
    "text",
    [
        "[",
        OWN.replace('"2.5"', '"5"', 1),
        OWN.replace('"2.5"', '"-1"'),
        OWN.replace('"2.5"', '"101"'),
        OWN + OWN.partition("checked = 2026-12-01")[2],
        OWN + 'deposit_low_yuan = "x"\ndeposit_high_yuan = "2"\n',
        OWN + "unknown = 1\n",
    ],
)
def test_what_is_wrong_in_it_is_named(text: str) -> None:
    with pytest.raises(BadSellerFile, match=r"fees\.toml"):
        fees.parse(text)


def test_a_file_too_long_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "seller").mkdir()
    (tmp_path / "seller" / "fees.toml").write_text("#" * 300_000, "utf-8")
    with pytest.raises(BadSellerFile, match="bytes"):
        fees.load(tmp_path)
