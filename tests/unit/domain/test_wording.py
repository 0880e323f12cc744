"""A coupon's rule is worded in one place, and the same wherever it comes from."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.domain.judge import judge
from liveconsole.domain.pricing import lowest_final
from liveconsole.messages.specs import CouponRule, Tier
from liveconsole.messages.wording import rule_words, short_yuan, taken_words
from liveconsole.overlay.coupons import rule_line
from liveconsole.views.goods import goods_of
from liveconsole.views.sentences import card
from tests.unit.domain.desk import START, Desk, product

ROOT = Path(__file__).resolve().parents[3]
RULES: list[tuple[CouponRule, str, str, str]] = [
    (CouponRule(off_fen=800), "直减 8", "8 off", "直减 8.00"),
    (CouponRule(off_fen=2000, threshold_fen=29_900), "满 299 减 20", "20 off from 299", "满减 20.00"),
    (
        CouponRule(tiers=[Tier(9900, 1000), Tier(29_900, 5050)]),
        "满 99 减 10、满 299 减 50.50", "10 off from 99, 50.50 off from 299", "阶梯满减 50.50",
    ),
    (CouponRule(zhe="8.5"), "8.5 折", "pay 8.5/10", "8.5 折"),
]  # fmt: skip
each_rule = pytest.mark.parametrize(("rule", "zh", "en", "taken"), RULES, ids=[r[1] for r in RULES])


@each_rule
def test_a_rule_is_worded_alike_as_a_struct_as_sent_and_off_the_wire(
    rule: CouponRule, zh: str, en: str, taken: str
) -> None:
    off_the_wire = msgspec.to_builtins(rule)
    assert "zhe" in off_the_wire, "with nulls for what it has not"
    sent = {name: value for name, value in off_the_wire.items() if value is not None}
    assert rule_words(rule) == rule_words(off_the_wire) == rule_words(sent) == (zh, en)
    assert rule_line(rule, None, {}) == zh
    spec = {"name": "券", "rule": sent, "quantity": 1, "per_buyer": 1, "seconds": 60}
    shown = Desk().shown()
    assert f"，{zh}，" in card("coupon", spec, goods_of(shown.catalogue, shown.cart)).zh


@each_rule
def test_a_coupon_of_the_shop_is_worded_in_prices_state_and_judge(
    rule: CouponRule, zh: str, en: str, taken: str
) -> None:
    """K2.6: 满 299 减 20 of the shop stood on the desk as 「None 折」."""
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("coat", 29_900, 10)]})
    sent = {name: value for name, value in msgspec.to_builtins(rule).items() if value is not None}
    desk.ok("room.set", {"shop_coupons": [{"rule": sent}]})
    low = lowest_final(desk.room, "coat")
    assert low.combination == f"原价 299.00 + 店铺已有 {taken}"
    spec: dict[str, Any] = {
        "sku_id": "coat",
        "price_fen": 29_900,
        "quantity": 1,
        "per_buyer": 1,
        "seconds": 60,
    }
    judged = judge(desk.room, "cue.add", {"kind": "flash_sale", "spec": spec}, START)
    assert judged["lowest"]["combination"] == low.combination
    desk.queue_sale(**spec)
    assert desk.seen()["lowest"]["combination"] == low.combination
    (shown,) = desk.state()["room"]["shop_coupons"]
    assert rule_words(shown["rule"]) == (zh, en)
    assert "None" not in low.combination + low.combination_en


@each_rule
def test_what_a_rule_took_off_is_named_by_its_way(rule: CouponRule, zh: str, en: str, taken: str) -> None:
    assert taken_words(rule, 5050)[0].split()[0] == taken.split()[0]


def test_an_amount_is_said_without_empty_places() -> None:
    assert (short_yuan(29_900), short_yuan(50), short_yuan(1050)) == ("299", "0.50", "10.50")


NO_ROOM_FOR_A_SPACE: dict[str, list[str]] = {
    "liveconsole/intake/one_line/kinds.py": ["_rule_name"],  # a name that is given where none is typed
    "liveconsole/overlay/coupons.py": ["off_words"],  # the large figure on the picture
}


def wording(tree: ast.Module) -> list[str]:
    """Functions that put a rule into words of their own: 满 … 减 …, or a rule's … 折."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            texts = [ast.unparse(n) for n in ast.walk(node) if isinstance(n, ast.JoinedStr)]
            if any("满 {" in text or ("rule" in text and "zhe" in text and "折" in text) for text in texts):
                found.append(node.name)
    return found


SECOND_HOMES = (
    "def f(r):\n    return f'满 {r.threshold} 减 {r.off}'",
    "def f(rule):\n    return f'{rule.zhe} 折'",
)


@pytest.mark.parametrize("bad", SECOND_HOMES)
def test_a_second_home_of_a_rules_words_is_seen(bad: str) -> None:
    assert wording(ast.parse(bad))
    assert not wording(ast.parse("def f(rule):\n    return f'券{rule_words(rule)[0]}'"))


def test_nothing_else_of_the_engine_words_a_rule() -> None:
    found: dict[str, Any] = {}
    for path in sorted((ROOT / "liveconsole").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        found[name] = wording(ast.parse(path.read_text("utf-8")))
    assert {name: functions for name, functions in found.items() if functions} == {
        "liveconsole/messages/wording.py": ["sum_words", "_step"],
        "liveconsole/views/kinds/coupon.py": ["conditions"],  # what a viewer must meet (满 199) is no rule
        **NO_ROOM_FOR_A_SPACE,
    }
