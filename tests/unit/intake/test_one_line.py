"""One line to a promotion and back: what is read, what is refused and where."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.one_line import REASONS, LineDraft, LineRemark, read
from liveconsole.messages.specs import parse_spec
from liveconsole.views import sentences
from tests.unit.intake.line_goods import GOODS

SALE = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 300}
FULL = {"threshold_fen": 19900, "off_fen": 2000}


def drafted(line: str, **more: Any) -> LineDraft:
    found = read(line, GOODS, **more)
    assert isinstance(found, LineDraft), found
    parse_spec(found.kind, found.spec)
    return found


def refused(line: str) -> tuple[str, str]:
    """The code, and the letters that it points at."""
    found = read(line, GOODS)
    assert isinstance(found, LineRemark), found
    assert found.reason() != found.code != found.reason(english=True)
    assert 0 <= found.at <= found.at + found.length <= len(line)
    return found.code, line[found.at : found.at + found.length]


@pytest.mark.parametrize(
    "line",
    [
        "3号 秒99 x50 限2 5分",
        "３号　秒９９　ｘ５０　限２　５分",
        "3号秒杀价99元，限量50件，每人限购2件，5分钟",
        "#3 秒99 50件 每人2件 300秒",
        "秒99 3号链接 x50 限2 5分",
        "小王：3号 秒99 x50 限2 5分 谢谢！",
        "20:03:11 小王 3号 秒99 x50 限2 5分[玫瑰]",
        "@主播 3号 秒99 ×50 限购2 限时5分钟🎉🎉",
        "编号 scarf 秒99 x50 限2 5分",
        "3号 羊毛围巾 秒99 x50 限2 5m",
    ],
)
def test_a_sale_however_it_is_written(line: str) -> None:
    found = drafted(line)
    assert (found.kind, found.spec) == ("flash_sale", SALE)


@pytest.mark.parametrize(
    ("line", "fen"),
    [("3号 秒9.9 x1", 990), ("3号 秒9块9 x1", 990), ("3号 秒￥9.90元 x1", 990), ("3号 秒0.01 x1", 1)],
)
def test_prices(line: str, fen: int) -> None:
    assert drafted(line).spec["price_fen"] == fen


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90秒", 90),
        ("1分30秒", 90),
        ("半小时", 1800),
        ("1小时", 3600),
        ("1.5小时", 5400),
        ("2m", 120),
        ("1天", 86400),
    ],
)
def test_lengths_of_time(said: str, seconds: int) -> None:
    assert drafted(f"3号 秒99 x5 限1 {said}").spec["seconds"] == seconds


def test_what_is_not_said_is_taken_as_usual_and_told() -> None:
    found = drafted("3号 秒99 x50")
    assert (found.spec["per_buyer"], found.spec["seconds"]) == (1, 300)
    assert [w.code for w in found.warnings] == ["usual_limit", "usual_time"]


def test_words_are_passed_over_with_a_warning() -> None:
    found = drafted("3号 秒99 x50 限2 5分 快抢")
    assert [(w.code, w.params["text"]) for w in found.warnings] == [("passed", "快抢")]


def test_a_changed_price_is_restored_afterwards() -> None:
    assert drafted("3号改价99 x50 限2 5分").spec == {**SALE, "via": "price"}


def test_several_skus() -> None:
    assert drafted("5号 红 M 秒99 x5 蓝 165/88A 秒109 x6 限2 5分").spec == {
        "skus": [
            {"sku_id": "coat-red", "price_fen": 9900, "quantity": 5},
            {"sku_id": "coat-blue", "price_fen": 10900, "quantity": 6},
        ],
        "per_buyer": 2,
        "seconds": 300,
    }


@pytest.mark.parametrize(
    ("line", "rule", "more"),
    [
        ("券 满199减20 x500 10分", FULL, {"seconds": 600, "name": "满199减20"}),
        ("券 8.5折 全场 x300", {"zhe": "8.5"}, {"name": "8.5折券"}),
        ("发85折券 x300", {"zhe": "8.5"}, {}),
        ("券 立减20 x500", {"off_fen": 2000}, {}),
        ("20元无门槛券 x500", {"off_fen": 2000}, {}),
        ("券 满199减20，399减60 x9", {"tiers": [FULL, {"threshold_fen": 39900, "off_fen": 6000}]}, {}),
        ("券「新人 9.9」满199减20 共9张 每人限领1张", FULL, {"name": "新人 9.9", "quantity": 9}),
        ("券 满199减20 3-5号 x9", FULL, {"scope": {"product_ids": ["scarf", "spirit", "coat"]}}),
        ("券 满199减20 3号，5号 x9", FULL, {"scope": {"product_ids": ["scarf", "coat"]}}),
        ("券 满199减20 x9 7天有效", FULL, {"valid_seconds": 604_800}),
    ],
)  # fmt: skip
def test_coupons(line: str, rule: dict[str, Any], more: dict[str, Any]) -> None:
    found = drafted(line)
    assert (found.kind, found.spec["rule"]) == ("coupon", rule)
    assert more.items() <= found.spec.items()


def test_bags() -> None:
    assert drafted("福袋 口令 开心过冬 奖 围巾 值199 x3 3分").spec == {
        "prize": {"name": "围巾", "value_fen": 19900},
        "winners": 3,
        "entry": {"keyword": "开心过冬"},
        "seconds": 180,
    }
    other = drafted("平台福袋 口令包含「666」 奖 3号 2名 候补5 须关注 5分 10分钟内领奖").spec
    assert other == {
        "prize": {"name": "羊毛围巾", "value_fen": 19900, "product_id": "scarf"},
        "winners": 2,
        "entry": {"keyword": "666", "match": "contains"},
        "seconds": 300,
        "alternates": 5,
        "claim": {"followed": True, "seconds": 600},
        "draw": "platform",
    }


@pytest.mark.parametrize(
    "line", ["讲 4", "讲解4号", "上4号链接", "4号讲解", "弹4号", "讲解 4 号 酒精 75% 500ml x6"]
)
def test_pins(line: str) -> None:
    assert drafted(line) == LineDraft("pin", {"product_id": "spirit"}, [])


@pytest.mark.parametrize(
    ("line", "code", "marked"),
    [
        ("", "empty", ""),
        ("你好呀", "no_kind", "你好呀"),
        ("秒99 x50", "no_goods", "秒99 x50"),
        ("9号 秒99 x50", "unknown_number", "9号"),
        ("编号 nobody 秒99 x50", "unknown_id", "编号 nobody"),
        ("5号 秒99 x50", "which_sku", "5号 秒99 x50"),
        ("3号 秒99", "no_quantity", "3号 秒99"),
        ("3号 秒99.999 x5", "money", "99.999"),
        ("3号 秒99 x0", "whole", "x0"),
        ("3号 秒99 x1.5", "whole", "x1.5"),
        ("3号 秒99 x5 7788", "unread", "7788"),
        ("3号 秒1,299 x5", "unread", "299"),
        ("3号 秒99 x5 8折", "not_here", "8折"),
        ("3号 秒99 x5 x6", "twice", "x6"),
        ("3号 秒99 秒89 x6", "twice", "秒89"),
        ("3号 秒99 x5 0.4秒", "time", "0.4秒"),
        ("券 x50", "no_rule", "券 x50"),
        ("券 888折 x50", "zhe", "888折"),
        ("券 立减5 满99减20 x50", "rules", "满99减20"),
        ("福袋 x3", "no_prize", "福袋 x3"),
        ("福袋 奖 围巾 x3", "no_value", "福袋 奖 围巾 x3"),
        ("讲", "no_goods", "讲"),
    ],
)
def test_what_cannot_be_read_says_where(line: str, code: str, marked: str) -> None:
    assert refused(line) == (code, marked)


def test_a_place_is_one_of_the_line_as_it_was_given() -> None:
    assert refused("３号　秒９９．９９９　ｘ５") == ("money", "９９．９９９")


def test_a_segments_own_product_need_not_be_named() -> None:
    assert drafted("秒99 x50 限2 5分", product_id="scarf").spec == SALE
    assert drafted("券 满199减20 x5", product_id="scarf").spec["scope"] == {"product_ids": ["scarf"]}
    assert "scope" not in drafted("券 满199减20 全场 x5", product_id="scarf").spec


def test_every_reason_has_two_languages() -> None:
    assert all(zh and en and zh != en for zh, en in REASONS.values())


WORDS = st.text(st.sampled_from("围巾帽子冬天 abc19号秒券x限9.5折送抽·!满减"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
).filter(bool)  # fmt: skip
FEN = st.integers(1, 99_999_99)
COUNT = st.integers(1, 99_999)
SECONDS = st.integers(1, 30 * 86_400)
PRODUCT = st.sampled_from(sorted(GOODS.products))


@st.composite
def sales(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    good = GOODS.products[draw(PRODUCT)]
    chosen = draw(st.lists(st.sampled_from(good.skus), min_size=1, unique=True))
    skus = [{"sku_id": sku.sku_id, "price_fen": draw(FEN), "quantity": draw(COUNT)} for sku in chosen]
    spec: dict[str, Any] = skus[0] if len(skus) == 1 else {"skus": skus}
    spec |= {"per_buyer": draw(COUNT), "seconds": draw(SECONDS)}
    return "flash_sale", spec | draw(st.sampled_from([{}, {"via": "price"}]))


@st.composite
def coupons(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    tier = st.fixed_dictionaries({"threshold_fen": FEN, "off_fen": FEN})
    zhe = st.integers(10, 99).map(lambda n: f"{n // 10}.{n % 10}".removesuffix(".0"))
    rule = st.one_of(
        tier,
        st.lists(tier, min_size=2, max_size=3).map(lambda tiers: {"tiers": tiers}),
        FEN.map(lambda fen: {"off_fen": fen}),
        zhe.map(lambda said: {"zhe": said}),
    )
    spec: dict[str, Any] = {
        "name": draw(WORDS), "rule": draw(rule), "quantity": draw(COUNT), "per_buyer": draw(COUNT),
        "seconds": draw(SECONDS),
    }  # fmt: skip
    if draw(st.booleans()):
        spec["scope"] = {"product_ids": draw(st.lists(PRODUCT, min_size=1, unique=True))}
    if draw(st.booleans()):
        spec["valid_seconds"] = draw(SECONDS)
    return "coupon", spec


@st.composite
def bags(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    prize: dict[str, Any] = {"name": draw(WORDS), "value_fen": draw(FEN)}
    if draw(st.booleans()):
        prize["product_id"] = draw(PRODUCT)
    entry: dict[str, Any] = {}
    if draw(st.booleans()):
        entry = {"keyword": draw(WORDS)} | draw(
            st.sampled_from([{}, {"match": "contains"}, {"match": "lenient"}])
        )
    entry |= draw(st.sampled_from([{}, *({"stand_back": how} for how in ("none", "broadcast", "days:7"))]))
    spec: dict[str, Any] = {
        "prize": prize, "winners": draw(COUNT), "entry": entry, "seconds": draw(SECONDS),
    }  # fmt: skip
    spec |= draw(st.sampled_from([{}, {"alternates": 0}, {"alternates": 7}]))
    spec |= draw(
        st.sampled_from([{}, {"claim": {"followed": True}}, {"claim": {"followed": False, "seconds": 90}}])
    )
    gap, once = draw(st.integers(0, 3600)), draw(st.booleans())
    series = {"series": {"count": draw(st.integers(2, 20)), "gap_seconds": gap, "once": once}}
    spec |= draw(st.sampled_from([{}, series]))
    return "lucky_bag", spec | draw(st.sampled_from([{}, {"draw": "platform"}]))


PINS = PRODUCT.map(lambda id_: ("pin", {"product_id": id_}))


@given(st.one_of(sales(), coupons(), bags(), PINS))
def test_what_is_said_and_written_can_be_read_back(promotion: tuple[str, dict[str, Any]]) -> None:
    kind, spec = promotion
    card = sentences.card(kind, spec, GOODS)
    for text in (card.line, card.zh):
        found = read(text, GOODS)
        assert isinstance(found, LineDraft), (text, found)
        assert (found.kind, found.spec) == (kind, spec), text
        assert found.warnings == [], text


@given(
    st.text(st.sampled_from("3号秒杀99x50限2件5分券满减折福袋口令奖值讲 ，。:「」.块元#①０x"), max_size=40)
)
def test_no_line_breaks_it_and_no_figure_is_lost(line: str) -> None:
    found = read(line, GOODS)
    if isinstance(found, LineRemark):
        assert 0 <= found.at <= found.at + found.length <= len(line)
        return
    parse_spec(found.kind, found.spec)
    assert not any(c.isdigit() for w in found.warnings for c in w.params.get("text", ""))
