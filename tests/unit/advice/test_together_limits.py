"""What a platform allows of groups and bargains, where its file names a figure; else nothing is said."""

from __future__ import annotations

import pytest

from liveconsole.advice.limits import Stocked, check, figures, parse
from liveconsole.messages.specs import BargainSpec, GroupBuySpec

SHOP = Stocked({"scarf": 9900}, {"scarf": "scarf"}, {"scarf": "围巾"})
FILE = """
[group_buy]
size_max = 5
hours_max = 1
[bargain]
friends_max = 3
hours_max = 0.5
"""


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (GroupBuySpec("scarf", 5900, 5, 3, 1, 3600), []),
        (
            GroupBuySpec("scarf", 5900, 7, 3, 1, 3660),
            ["最多 5 人成团，多了 2 人", "最长 1 小时，超出 1 分钟"],
        ),
        (BargainSpec("scarf", 4900, 3, 1, 1800), []),
        (BargainSpec("scarf", 4900, 4, 1, 1801), ["最多 3 人帮砍，多了 1 人", "最长 0.5 小时，超出 1 秒"]),
    ],
)
def test_what_is_over_is_said_with_by_how_much(spec: GroupBuySpec | BargainSpec, said: list[str]) -> None:
    limits = parse(FILE)
    assert figures(limits) == 4
    assert [notice.zh for notice in check(limits, spec, SHOP)] == said
    assert all(notice.en and notice.en != notice.zh for notice in check(limits, spec, SHOP))
    assert check(parse(""), spec, SHOP) == []
