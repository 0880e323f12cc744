"""拼团, 砍价 and 分享券 in one line, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.one_line import LineDraft, LineRemark, read
from liveconsole.messages.specs import parse_spec
from liveconsole.views.kinds import WORDS
from tests.unit.intake.line_goods import GOODS

GROUP = {"sku_id": "scarf", "price_fen": 5900, "size": 3, "groups": 5, "per_buyer": 2, "seconds": 600}
BARGAIN = {"sku_id": "scarf", "price_fen": 4990, "friends": 3, "per_buyer": 1, "seconds": 600}


@pytest.mark.parametrize(
    ("line", "kind", "spec"),
    [
        ("3号 拼团59 3人团 5团 限2 10分钟", "group_buy", GROUP),
        ("3号拼团价59元，3人成团，最多5个团，每人限购2件，10分钟", "group_buy", GROUP),
        ("编号 scarf 拼团59 3人团 5团 限2 10分", "group_buy", GROUP),
        ("3号 砍价49.9 3人帮砍 限1 10分钟", "bargain", BARGAIN),
        ("3号 砍到49块9，3个朋友帮忙，每人1件，10分钟", "bargain", BARGAIN),
    ],
)
def test_it_is_read_however_it_is_written(line: str, kind: str, spec: dict[str, Any]) -> None:
    found = read(line, GOODS)
    assert isinstance(found, LineDraft), found
    assert (found.kind, found.spec) == (kind, spec)
    parse_spec(found.kind, found.spec)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("3号 拼团59 5团", "no_size"),
        ("3号 拼团59 3人团", "no_groups"),
        ("3号 砍价49", "no_friends"),
        ("拼团59 3人团 5团", "no_goods"),
        ("3号 拼团59 3人团 5团 x50", "not_here"),
    ],
)
def test_what_is_missing_is_asked_for(line: str, code: str) -> None:
    found = read(line, GOODS)
    assert isinstance(found, LineRemark)
    assert found.code == code


@given(
    st.sampled_from(["group_buy", "bargain"]),
    st.integers(1, 999_999),
    st.integers(2, 100),
    st.integers(1, 500),
    st.integers(1, 99),
    st.integers(1, 86_400),
)
def test_what_is_written_is_read_back(
    kind: str, fen: int, people: int, groups: int, per_buyer: int, seconds: int
) -> None:
    spec = {"sku_id": "scarf", "price_fen": fen, "per_buyer": per_buyer, "seconds": seconds}
    spec |= {"size": people, "groups": groups} if kind == "group_buy" else {"friends": people}
    found = read(WORDS[kind].line(spec, GOODS), GOODS)
    assert isinstance(found, LineDraft), found
    assert (found.kind, found.spec) == (kind, spec)


def test_a_coupon_for_whoever_brings_others_goes_there_and_back() -> None:
    found = read("券「拉新券」 直减8 全场 x5 限1 5分钟 分享3人", GOODS)
    assert isinstance(found, LineDraft), found
    assert found.spec["share"] == {"friends": 3}
    again = read(WORDS["coupon"].line(found.spec, GOODS), GOODS)
    assert isinstance(again, LineDraft)
    assert again.spec == found.spec
