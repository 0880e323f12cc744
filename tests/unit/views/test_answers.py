"""What may be said to a question: written for it, of its own table, said before, or said not to be there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liveconsole.domain.comment_desk import GivenAnswer, LibraryAnswer
from liveconsole.views.answers import KnownGoods, product_of, suggested
from liveconsole.views.delivery import Delivery, asks_for_days
from liveconsole.views.questions import built_in
from liveconsole.views.room_questions import SuggestedAnswer

AT = datetime(2026, 11, 22, tzinfo=UTC)
SCARF = KnownGoods(
    "scarf",
    "羊绒围巾",
    {"材质": "100% 山羊绒", "克重": "180 克"},
    ["尺码", "身高", "体重(斤)"],
    [["S", "150-158", "80-95"], ["M", "158-165", "95-110"], ["L", "165-172", "110-125"]],
)


def written(question: str, zh: str, product_id: str | None = None, en: str = "") -> LibraryAnswer:
    return LibraryAnswer(f"a-{zh}", product_id, question, zh, en, "host", AT)


def said(
    question: str,
    *library: LibraryAnswer,
    product: KnownGoods | None = SCARF,
    drafts: tuple[GivenAnswer, ...] = (),
) -> SuggestedAnswer | None:
    return suggested(question, product, library, drafts, built_in())


def words(*args: object, **more: object) -> str:
    found = said(*args, **more)  # type: ignore[arg-type]
    return found.zh if found is not None else ""


def test_what_was_written_for_this_product_comes_first() -> None:
    shop, own = written("会不会起球", "看面料"), written("起球吗", "不起球", "scarf", "No")
    other = written("起球吗", "会", "hat")
    assert words("起球不", shop, own, other) == "不起球"
    assert words("起球吗", shop, other) == "看面料"
    assert words("起球吗", other) == ""
    assert said("起球吗", own) == SuggestedAnswer("library", "不起球", "No", "a-不起球")


def test_a_group_answers_what_has_no_answer_of_its_own() -> None:
    group, exact = written("shipping", "48 小时内发"), written("包邮吗", "包邮")
    assert words("多久发货", group, exact) == "48 小时内发"
    assert words("包邮吗", group, exact) == "包邮"


def test_the_products_table_answers_before_what_is_written_for_all() -> None:
    assert words("什么材质", written("quality", "都是好料")) == "材质：100% 山羊绒"
    assert words("什么材质", written("quality", "看标签", "scarf")) == "看标签"
    assert words("什么材质", written("quality", "都是好料"), product=None) == "都是好料"


@pytest.mark.parametrize(
    ("question", "sizes"),
    [
        ("160 100斤穿什么码", "M"),
        ("身高160体重52公斤穿几码", "M"),
        ("155 42kg 穿什么码", "S"),
        ("170 穿几码", "L"),
    ],
)
def test_the_size_that_fits_is_read_out(question: str, sizes: str) -> None:
    found = said(question)
    assert found is not None
    assert found.source == "size_table"
    assert found.zh.startswith(f"{sizes}：身高")
    assert "；" not in found.zh


def test_where_none_fits_the_table_is_read() -> None:
    assert words("190 200斤穿什么码").count("；") == 2
    assert words("有哪些尺码").count("；") == 2


def test_a_parameter_that_is_not_there_is_said_not_to_be() -> None:
    found = said("产地是哪里")
    assert found is not None
    assert found.source == "none"
    assert found.zh == "「产地」：没有这个参数"
    assert said("产地是哪里", product=None) is None
    assert said("起球吗") is None, "what is no parameter is not denied"


def test_what_was_said_before_is_better_than_nothing() -> None:
    draft = GivenAnswer("scarf", "产地是哪里", "内蒙古", AT)
    found = said("产地在哪里", drafts=(draft,))
    assert found is not None
    assert (found.source, found.zh) == ("draft", "内蒙古")
    assert words("产地在哪里", written("产地哪里", "鄂尔多斯"), drafts=(draft,)) == "鄂尔多斯"
    other = GivenAnswer("hat", "产地是哪里", "浙江", AT)
    assert words("产地在哪里", drafts=(other,)) == "「产地」：没有这个参数"


def test_a_product_without_any_of_it() -> None:
    bare = product_of("hat", "帽子", {"title": "帽子"})
    assert bare == KnownGoods("hat", "帽子")
    assert said("多少钱", product=bare) is None


DELIVERY = Delivery({"浙江": (1, 2), "内蒙古": (4, 6), "新疆": (5, 8)}, "杭州")


def in_days(question: str, *library: LibraryAnswer, delivery: Delivery = DELIVERY) -> str:
    found = suggested(question, SCARF, library, (), built_in(), delivery)
    return found.zh if found is not None else ""


def test_how_many_days_to_a_province_is_answered_by_the_table() -> None:
    assert in_days("发浙江几天到") == "发到浙江一般 1–2 天到"
    assert in_days("内蒙古多久能到呀") == "发到内蒙古一般 4–6 天到"
    assert in_days("几天到") == "从杭州发，近的 1–2 天，最远 5–8 天到；您在哪个省？"
    assert in_days("几天到", delivery=Delivery()) == "", "nobody wrote the days down"
    assert in_days("几天发货") == "", "that is another question"
    found = suggested("几天到新疆", None, (), (), built_in(), DELIVERY)
    assert found == SuggestedAnswer(
        "provinces", "发到新疆一般 5–8 天到", "To 新疆 it usually takes 5–8 days"
    ), "no product needs to be explained for it"


def test_what_somebody_wrote_of_this_product_stands_before_the_table() -> None:
    own, shop = written("几天到", "预售，等 20 天", "scarf"), written("shipping", "一般三天到")
    assert in_days("浙江几天到", own, shop) == "预售，等 20 天"
    assert in_days("几天到", own, shop) == "预售，等 20 天"
    assert in_days("几天到", shop) == "一般三天到"
    assert in_days("浙江几天到", shop) == "发到浙江一般 1–2 天到", "of the one that was asked for"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("几天能到", True),
        ("多久可以收到", True),
        ("什么时候到货", True),
        ("几天发货", False),
        ("什么时候发出", False),
        ("到底多少钱", False),
        ("几点开播", False),
    ],
)
def test_when_it_comes_and_when_it_is_sent_are_two_questions(question: str, asks: bool) -> None:
    assert asks_for_days(question) == asks
