"""A list, a PK and red packets in one line, and back: what is read is what was said."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.intake.one_line import LimitDraft, LineDraft, LineRemark, read, read_limit
from liveconsole.messages.specs import parse_spec
from liveconsole.views.goods import Good, Goods, GoodsSku
from liveconsole.views.sentences import card

GOODS = Goods(
    {
        "scarf": Good("scarf", "羊绒围巾", 19900, [GoodsSku("scarf", "羊绒围巾", 19900)]),
        "gloves": Good(
            "gloves", "手套", 9900, [GoodsSku("g-s", "S 码", 9900), GoodsSku("g-m", "M 码", 9900)]
        ),
    },
    {3: "scarf", 4: "gloves"},
)
LIST: dict[str, Any] = {"keyword": "1", "places": 50, "seconds": 180}


def drafted(line: str) -> LineDraft:
    found = read(line, GOODS)
    assert isinstance(found, LineDraft), found.reason()
    return found


@pytest.mark.parametrize(
    ("line", "kind", "spec"),
    [
        ("扣1接龙 x50 3分钟", "first_come", LIST),
        ("扣「要」接龙 50人 3分", "first_come", LIST | {"keyword": "要"}),
        ("接龙 口令「想要」 x50 3分", "first_come", LIST | {"keyword": "想要"}),
        ("接龙 口令包含「想要」 x50 3分", "first_come", LIST | {"keyword": "想要", "match": "contains"}),
        ("接龙 口令宽松「想要」 x50 3分", "first_come", LIST | {"keyword": "想要", "match": "lenient"}),
        ("扣1接龙 x50 3号 秒159 3分", "first_come", LIST | {"sku_id": "scarf", "price_fen": 15900}),
        ("扣1接龙 x50 4号 M 码 秒59 3分", "first_come", LIST | {"sku_id": "g-m", "price_fen": 5900}),
        ("连麦PK 对手「小美」 5分", "pk", {"opponent": "小美", "seconds": 300}),
        (
            "PK 对手「小美的店」 3局 赌注「唱一首」 5分钟",
            "pk",
            {"opponent": "小美的店", "rounds": 3, "stake": "唱一首", "seconds": 300},
        ),
        ("红包 200元 x50 3分", "red_packet", {"total_fen": 20_000, "packets": 50, "seconds": 180}),
        ("发红包 总额88.88元 10个 1分", "red_packet", {"total_fen": 8_888, "packets": 10, "seconds": 60}),
    ],
)
def test_a_line_is_read(line: str, kind: str, spec: dict[str, Any]) -> None:
    found = drafted(line)
    assert (found.kind, found.spec) == (kind, spec)
    parse_spec(found.kind, found.spec)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("first_come", LIST),
        ("first_come", LIST | {"match": "lenient", "sku_id": "scarf", "price_fen": 15900}),
        ("first_come", LIST | {"match": "contains", "sku_id": "g-s", "price_fen": 5900}),
        ("pk", {"opponent": "小美", "seconds": 600, "rounds": 2, "stake": "唱一首"}),
        ("pk", {"opponent": "小美", "seconds": 95}),
        ("red_packet", {"total_fen": 8_888, "packets": 10, "seconds": 60}),
    ],
)
def test_what_is_said_of_one_is_read_back(kind: str, spec: dict[str, Any]) -> None:
    said = card(kind, spec, GOODS)
    found = drafted(said.line)
    assert (found.kind, found.spec) == (kind, spec)
    assert said.zh
    assert said.en


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("接龙 x50", "no_word"),
        ("扣1接龙 3分", "no_quantity"),
        ("扣1接龙 x50 4号 秒59", "which_sku"),
        ("扣1接龙 x50 3号", "no_price"),
        ("连麦PK 5分", "no_opponent"),
        ("红包 x50", "no_total"),
        ("红包 200元", "no_quantity"),
    ],
)
def test_what_is_missing_is_asked_for(line: str, code: str) -> None:
    found = read(line, GOODS)
    assert not isinstance(found, LineDraft)
    assert found.code == code


@pytest.mark.parametrize(
    ("said", "minutes", "times"),
    [
        ("每小时", 60, 5),
        ("整点 共3场", 60, 3),
        ("每个小时一场，4场", 60, 4),
        ("每30分钟，共 12 次", 30, 12),
        ("每 90 分钟一次", 90, 5),
    ],
)
def test_a_beat_is_read_wherever_it_stands_in_the_line(said: str, minutes: int, times: int) -> None:
    sale = "3号 秒99 x50 限2 5分"
    for line in (f"{sale} {said}", f"{said} {sale}", sale.replace(" x50", f" {said} x50")):
        found = read(line, GOODS, beats=True)
        assert isinstance(found, LineDraft), (line, found)
        assert found.repeat == {"minutes": minutes, "times": times}
        plain = read("3号 秒99 x50 限2 5分", GOODS)
        assert isinstance(plain, LineDraft)
        assert (found.kind, found.spec) == (plain.kind, plain.spec)


def test_a_length_is_no_beat_and_where_no_plan_can_be_made_none_is_passed_over() -> None:
    once = read("3号 秒99 x50 限2 30分钟", GOODS, beats=True)
    assert isinstance(once, LineDraft)
    assert once.repeat is None
    assert not isinstance(read("3号 秒99 x50 限2 5分 每30分钟", GOODS), LineDraft)


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("3号 本场上限50 每人2", ("scarf", 50, 2)),
        ("3 号 本场最多 50 件，每人限 2 件", ("scarf", 50, 2)),
        ("4号 M 码 本场每人 1 件", ("g-m", None, 1)),
        ("3号本场限30", ("scarf", 30, None)),
        ("3号 本场不限", ("scarf", None, None)),
        ("本场上限 9", ("scarf", 9, None)),
    ],
)
def test_the_limit_of_a_broadcast_is_read(line: str, limit: tuple[str, int | None, int | None]) -> None:
    found = read_limit(line, GOODS, on_stage="scarf")
    assert isinstance(found, LimitDraft), found
    assert (found.sku_id, found.units, found.per_buyer) == limit


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("4号 本场上限50", "which_sku"),
        ("本场上限50", "no_goods"),
        ("9号 本场上限50", "unknown_number"),
        ("3号 本场上限0", "whole"),
        ("3号 秒99 本场上限50", "not_here"),
        ("3号 本场不限 每人2", "whole"),
    ],
)
def test_a_limit_that_cannot_be_read_says_why(line: str, code: str) -> None:
    found = read_limit(line, GOODS)
    assert isinstance(found, LineRemark), found
    assert found.code == code


@pytest.mark.parametrize(
    "line", ["3号 秒99 x50 限2 5分", "券 满199减20 每人1张 x100", "福袋 奖「杯子」值29 本场中过奖的不参加"]
)
def test_other_lines_set_no_limit(line: str) -> None:
    assert read_limit(line, GOODS) is None
