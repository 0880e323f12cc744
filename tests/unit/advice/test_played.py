"""Limits of what is played: nothing where no figure is known, the missing part in words where one is."""

from __future__ import annotations

import pytest

from liveconsole.advice.limits import Limits, Stocked, check, load, parse
from liveconsole.messages.specs import parse_spec

NOTHING = Stocked({}, {}, {})
FILE = "[pk]\nminutes_max = 5\nrounds_max = 2\n[red_packet]\ntotal_max_yuan = 100\npackets_max = 40\n"
PK = {"opponent": "小美", "seconds": 360, "rounds": 3}
PACKETS = {"total_fen": 20_000, "packets": 50, "seconds": 60}


@pytest.mark.parametrize(
    ("kind", "spec", "found"),
    [
        ("pk", PK, ["最长 5 分钟，超出 1 分钟", "最多 2 局，多了 1 局"]),
        ("pk", PK | {"seconds": 300, "rounds": 2}, []),
        ("red_packet", PACKETS, ["一次最多 100 元，超出 100.00 元", "一次最多 40 个，多了 10 个"]),
        ("red_packet", PACKETS | {"total_fen": 10_000, "packets": 40}, []),
    ],
)
def test_what_is_over_is_said_with_how_much(kind: str, spec: dict[str, object], found: list[str]) -> None:
    notices = check(parse(FILE), parse_spec(kind, spec), NOTHING)
    assert [notice.zh for notice in notices] == found
    assert all(notice.en and notice.missing for notice in notices)
    assert check(Limits(), parse_spec(kind, spec), NOTHING) == [], "a figure that is not there is not checked"


def test_the_programs_own_file_names_both_kinds_and_claims_no_figure() -> None:
    limits = load()
    assert check(limits, parse_spec("pk", PK), NOTHING) == []
    assert check(limits, parse_spec("red_packet", PACKETS), NOTHING) == []
