"""Sizes and colours in one line: any fragment that fits one thing, 全部, 各, a list; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.one_line import LineDraft, LineRemark, read
from liveconsole.intake.one_line.sizes import SkuWords
from liveconsole.messages.specs import FlashSaleSpec, parse_spec
from liveconsole.views.goods import Good, Goods, GoodsSku

COLOURS, SIZES = ["驼色", "黑色", "酒红", "大红"], ["S", "M", "L", "XL"]
KNIT = [GoodsSku(f"{c}-{s}", f"{c} {s}", 39900) for c in COLOURS for s in SIZES]
JEANS = [GoodsSku(f"j-{n}", f"水洗蓝{n}", 29900) for n in ("28", "29", "30")]
GOODS = Goods(
    {
        "knit": Good("knit", "羊毛开衫 9 粒扣", 39900, KNIT),
        "jeans": Good("jeans", "直筒牛仔裤", 29900, JEANS),
        "scarf": Good("scarf", "围巾", 19900, [GoodsSku("scarf", "围巾", 19900)]),
    },
    {9: "knit", 4: "jeans", 3: "scarf"},
)


def rows(line: str, on_stage: str | None = "knit") -> dict[str, tuple[int, int]]:
    found = read(line, GOODS, on_stage=on_stage)
    assert isinstance(found, LineDraft), found
    spec = parse_spec(found.kind, found.spec)
    assert isinstance(spec, FlashSaleSpec)
    assert not [w for w in found.warnings if w.code == "passed"], found.warnings
    return {sku.sku_id: (sku.price_fen, sku.quantity) for sku in spec.skus}


def refused(line: str, on_stage: str | None = "knit") -> LineRemark:
    found = read(line, GOODS, on_stage=on_stage)
    assert isinstance(found, LineRemark), found
    assert found.reason() != found.reason(english=True)
    return found


EVERY = {sku.sku_id: (26900, 10) for sku in KNIT}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("秒269 驼色M 黑L 各30", {"驼色-M": (26900, 30), "黑色-L": (26900, 30)}),
        ("驼M 黑 L 各30 秒269", {"驼色-M": (26900, 30), "黑色-L": (26900, 30)}),
        ("M驼色、L黑色 各30 秒269", {"驼色-M": (26900, 30), "黑色-L": (26900, 30)}),
        ("秒269 驼色m30件", {"驼色-M": (26900, 30)}),
        ("秒269 全部 各10", EVERY),
        ("秒269 全部各10", EVERY),
        ("秒269 各10", EVERY),
        ("9号 秒269 各10件 限2 5分", EVERY),
        ("秒269 每个10", EVERY),
        ("秒269 驼色 各5", {f"驼色-{s}": (26900, 5) for s in SIZES}),
        ("秒269 驼色 黑色 各5", {f"{c}-{s}": (26900, 5) for c in COLOURS[:2] for s in SIZES}),
        ("秒269 XL 各5", {f"{c}-XL": (26900, 5) for c in COLOURS}),
        ("秒269 驼色M x5 黑色L x6", {"驼色-M": (26900, 5), "黑色-L": (26900, 6)}),
        ("驼色M x5 秒269 黑色L x6 秒279", {"驼色-M": (26900, 5), "黑色-L": (27900, 6)}),
        ("驼色M 秒269 黑色L 秒279 各6", {"驼色-M": (26900, 6), "黑色-L": (27900, 6)}),
        ("全部 秒269 各10 驼色XL 秒279 x3", EVERY | {"驼色-XL": (27900, 3)}),
        ("全部 秒269 各10 驼色XL 秒279 黑XL x3", EVERY | {"驼色-XL": (27900, 10), "黑色-XL": (26900, 3)}),
        ("驼色XL 秒279 x3 其余 秒269 各10", EVERY | {"驼色-XL": (27900, 3)}),
        ("9号 羊毛开衫 9 粒扣 驼色M x5 秒269", {"驼色-M": (26900, 5)}),
        ("4号 30 29 各7 秒199", {"j-30": (19900, 7), "j-29": (19900, 7)}),
        ("4号 水洗蓝 各7 秒199", {f"j-{n}": (19900, 7) for n in ("28", "29", "30")}),
        ("3号 秒99 x50", {"scarf": (9900, 50)}),
    ],
)
def test_what_is_meant(line: str, wanted: dict[str, tuple[int, int]]) -> None:
    assert rows(line) == wanted


@pytest.mark.parametrize(
    ("line", "code", "named"),
    [
        ("秒269 红 各5", "several_skus", ["酒红 S", "大红 XL"]),
        ("秒269 色M x5", "several_skus", ["驼色 M", "黑色 M"]),
        ("秒269 驼色M L 各5", "several_skus", ["驼色 L", "黑色 L"]),
        ("秒269 驼色 x5", "say_each", ["驼色 S", "驼色 XL"]),
        ("秒269 驼色M 黑色L x5", "say_each", ["驼色 M", "黑色 L"]),
        ("秒269 全部 共80", "say_each", ["驼色 S", "大红 XL"]),
        ("秒269 x80", "which_sku", ["驼色 S", "大红 XL"]),
        ("秒269 驼色M x5 驼色M x6", "twice", []),
        ("秒269 全部 各5 其余 各6", "no_rest", []),
        ("驼色M x5 秒269 黑色L x6 秒279 酒红M x7", "no_price", []),
        ("驼色M 黑色L 各5", "no_kind", []),
    ],
)
def test_what_is_not_sure_is_refused_with_what_it_could_be(line: str, code: str, named: list[str]) -> None:
    remark = refused(line)
    assert remark.code == code
    assert all(title in remark.reason() and title in remark.reason(english=True) for title in named)


def test_one_red_alone_is_still_found_by_its_size() -> None:
    """A fragment that fits two words is sure where its size leaves one SKU."""
    goods = Goods({"k": Good("k", "k", 1, [KNIT[8], KNIT[13], KNIT[0]])}, {1: "k"})
    found = read("1号 秒269 红M x5", goods)
    assert isinstance(found, LineDraft)
    assert found.spec["sku_id"] == "大红-M"


def test_the_product_on_stage_is_meant_by_a_sale_only() -> None:
    assert refused("秒269 各5", on_stage=None).code == "no_goods"
    coupon = read("券 满199减20 x5", GOODS, on_stage="knit")
    assert isinstance(coupon, LineDraft)
    assert "scope" not in coupon.spec
    assert isinstance(read("讲", GOODS, on_stage="knit"), LineRemark)


def test_a_size_of_another_product_is_none_of_this_one() -> None:
    assert isinstance(read("4号 驼色M x5 秒199", GOODS, on_stage="knit"), LineRemark)


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, dict[str, tuple[int, int]]]:
    """Some SKUs, each written in any of the ways that mean it alone, in groups of a price and 各."""
    left = draw(st.permutations(KNIT))
    words, wanted = [], {}
    for _ in range(draw(st.integers(1, 3))):
        count = draw(st.integers(1, 4))
        chosen, left = left[:count], left[count:]
        fen, quantity = draw(st.integers(1, 39900)), draw(st.integers(1, 999))
        for sku in chosen:
            colour, size = sku.title.split()
            short = colour[0]
            ways = [f"{colour} {size}", f"{colour}{size}", f"{short}{size}", f"{size}{short}"]
            words.append(draw(st.sampled_from(ways)))
            wanted[sku.sku_id] = (fen, quantity)
        each = "各" if count > 1 else draw(st.sampled_from(["各", "x"]))
        words += draw(st.permutations([f"秒{fen / 100:.2f}", f"{each}{quantity}"]))
    return " ".join(words), wanted


@given(lists())
def test_any_list_is_read_as_it_was_meant(meant: tuple[str, dict[str, tuple[int, int]]]) -> None:
    line, wanted = meant
    assert rows(line) == wanted


@given(st.text(st.sampled_from("驼黑红色酒大SMLX各全部其余秒 x59、9号30"), max_size=24))
def test_whatever_is_typed_no_sku_is_had_that_the_line_does_not_name(line: str) -> None:
    found = read(line, GOODS, on_stage="knit")
    if not isinstance(found, LineDraft) or found.kind != "flash_sale":
        return
    spec = parse_spec(found.kind, found.spec)
    assert isinstance(spec, FlashSaleSpec)
    everything = any(word in line for word in ("全", "各", "其余"))
    for sku in spec.skus:
        if sku.sku_id in {s.sku_id for s in KNIT} and not everything:
            colour, size = sku.sku_id.split("-")
            assert set(line) & set(colour)
            assert set(line) & set(size)


def test_a_part_of_a_size_is_no_size() -> None:
    """The twin: letters taken as they come would find the L of XL, and give the wrong size away."""
    found = SkuWords(["黑 L", "黑 XL"]).chosen("xl", 0)
    assert found is not None
    assert found.fits == (1,)
    assert SkuWords(["黑 L", "黑 M"]).chosen("xl", 0) is None
