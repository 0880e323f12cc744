"""What is said of a promotion that is kept for some and counted down to: aloud, in one line, on the phone."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from liveconsole.intake.one_line import LineDraft, read
from liveconsole.messages.audiences import AUDIENCES, BADGES, CHECKED, OWN_TYPES, UNSEEN, Checker, phone_words
from liveconsole.messages.specs import SPECS, Announced, AudienceName
from liveconsole.views.goods import Good, Goods, GoodsSku
from liveconsole.views.instructions import ProductNames, instruction
from liveconsole.views.sentences import card

GOODS = Goods({"scarf": Good("scarf", "围巾", 9900, [GoodsSku("scarf", "围巾", 9900)])}, {1: "scarf"})
NAMES = ProductNames({"scarf": "围巾"}, {"scarf": 1})
COUPON: dict[str, Any] = {
    "name": "新客",
    "rule": {"off_fen": 2000},
    "quantity": 10,
    "per_buyer": 1,
    "seconds": 300,
}
SALE: dict[str, Any] = {
    "skus": [{"sku_id": "scarf", "price_fen": 5900, "quantity": 5}],
    "per_buyer": 1,
    "seconds": 60,
}
BAG: dict[str, Any] = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 2,
    "entry": {"keyword": "想要"},
    "seconds": 180,
}
TERMS = {"coupon": COUPON, "flash_sale": SALE, "lucky_bag": BAG}


@pytest.mark.parametrize("name", get_args(AudienceName))
@pytest.mark.parametrize("kind", TERMS)
def test_for_whom_it_is_kept_is_read_aloud_and_read_back(kind: str, name: str) -> None:
    spec = TERMS[kind] | {"audience": name, "countdown_seconds": 30}
    told = card(kind, spec, GOODS)
    assert told.zh.startswith(BADGES[name][0])  # type: ignore[index]
    assert "倒数 30 秒开始" in told.zh
    assert "countdown of 30 s" in told.en
    assert told.conditions[0] == BADGES[name]  # type: ignore[index]
    for said in (told.zh, told.line):
        back = read(said, GOODS)
        assert isinstance(back, LineDraft), (said, back)
        assert (back.kind, back.spec["audience"], back.spec["countdown_seconds"]) == (kind, name, 30)


def test_a_pin_is_kept_for_nobody_and_a_name_in_a_title_is_a_name() -> None:
    back = read("1号 秒59 x5 限1 1分", GOODS)
    assert isinstance(back, LineDraft)
    assert back.spec.keys() & {"audience", "countdown_seconds"} == set()
    gift = Good("gift", "新人专享礼包", 9900, [GoodsSku("gift", "新人专享礼包", 9900)])
    titled = Goods({"gift": gift}, {2: "gift"})
    again = read("2号 新人专享礼包 秒59 x5", titled)
    assert isinstance(again, LineDraft)
    assert "audience" not in again.spec


@pytest.mark.parametrize("name", get_args(AudienceName))
@pytest.mark.parametrize("kind", TERMS)
def test_the_phone_is_told_the_platforms_own_type_or_how_to_keep_it(kind: str, name: AudienceName) -> None:
    done_as = SPECS[kind].done_as
    bare, told = (instruction(kind, "on_air", TERMS[kind] | more, NAMES) for more in ({}, {"audience": name}))
    zh, en = phone_words(name, done_as)
    assert (told.zh, told.en) == (f"{bare.zh}；{zh}", f"{bare.en}; {en}")
    own = OWN_TYPES[done_as].get(name)
    assert (own is not None and own[0] in zh) or AUDIENCES[name][0] in zh
    assert (UNSEEN[0] in zh) == (own is not None and not own[1])
    ended = instruction(kind, "ended", TERMS[kind] | {"audience": name}, NAMES)
    assert ended == instruction(kind, "ended", TERMS[kind], NAMES), "ending it is the same for everybody"


def test_every_name_and_checker_has_words_in_two_languages() -> None:
    for table in (AUDIENCES, BADGES):
        assert set(table) == set(get_args(AudienceName))
        assert len({en for _, en in table.values()}) == len(table)
    assert set(CHECKED) == set(get_args(Checker))
    assert all(zh and en and zh != en for table in (AUDIENCES, BADGES, CHECKED) for zh, en in table.values())


def test_the_kinds_that_pay_can_be_kept_for_some_and_a_pin_cannot() -> None:
    assert not issubclass(SPECS["pin"], Announced)
    assert all(issubclass(SPECS[kind], Announced) for kind in TERMS)
