"""A column is taken by its name or not at all; what a table does not say is asked, never guessed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Final

import pytest

from liveconsole.intake.products import (
    CatalogueRow,
    ProductTable,
    compare,
    is_goods,
    paste_products,
    read_products,
    shops,
)
from liveconsole.intake.products import words as goods_words
from liveconsole.intake.products.words import REFUSALS, is_figure
from liveconsole.intake.tables import (
    BadChoice,
    Columns,
    as_text,
    columns,
    find_columns,
    kept,
    key_of,
    plain,
    read_choice,
    read_table,
    understood,
)
from liveconsole.messages.state import ProductState, SkuState
from tests.unit.intake.books import book, rewritten

SHEET: Final = "xl/worksheets/sheet1.xml"


def read(rows: Sequence[Any], **more: Any) -> ProductTable:
    return read_products(read_table(book({"商品": rows}), "a.xlsx"), **more)


def one(products: ProductTable) -> CatalogueRow:
    (row,) = products.good
    return row


def code(products: ProductTable) -> str | None:
    return products.refusal.code if products.refusal is not None else None


# Headers ----------------------------------------------------------------------------------------------

UNKNOWN_PRICE: Final[list[list[Any]]] = [["商品编号", "商品名称", "备货数", "挂牌数"], ["A1", "杯", 5, 99]]


def test_a_header_without_a_price_that_is_known_is_refused_with_its_words() -> None:
    products = read(UNKNOWN_PRICE)
    assert (code(products), products.rows) == ("missing", ())
    assert products.refusal is not None
    assert "备货数、挂牌数" in products.refusal.reason()
    assert "价格" in products.refusal.reason()
    assert products.columns.samples == ["A1", "杯", "5", "99"]
    for zh, en in REFUSALS.values():
        assert zh != en


def test_twin_taken_by_place_the_price_is_the_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    by_place = goods_words.GOODS
    monkeypatch.setattr("liveconsole.intake.products.reading._refusal", lambda *_: None)
    blind = columns.Words({}, by_place.usual, lambda *_: False, lambda _: False)
    products = read(UNKNOWN_PRICE, words=blind)
    assert [(row.price_fen, row.stock) for row in products.good] == [(500, 99)], "what the header forbids"


def test_the_paste_says_the_same() -> None:
    products = paste_products(as_text(UNKNOWN_PRICE, "\t"))
    assert (code(products), products.rows) == ("missing", ())


def test_a_choice_makes_it_readable_by_header_and_by_letter() -> None:
    assert one(read(UNKNOWN_PRICE, choice={"挂牌数": "price", "备货数": "stock"})).price_fen == 9900
    found = read(UNKNOWN_PRICE).columns
    said = read_choice("price=D, 库存=备货数", goods_words.COLUMN_NAMES, found)
    row = one(read(UNKNOWN_PRICE, choice=said))
    assert (row.price_fen, row.stock) == (9900, 5)
    for wrong in ("price", "cost=D", "price=没有", "price=ZZ"):
        with pytest.raises(BadChoice):
            read_choice(wrong, goods_words.COLUMN_NAMES, found)


def test_a_column_that_looks_like_stock_or_a_floor_is_asked_about_until_it_is_said_to_be_none() -> None:
    rows = [["编号", "名称", "价格", "可配库位"], ["A1", "杯", 99, 5]]
    products = read(rows)
    assert code(products) == "like"
    assert one(read(rows, choice={"可配库位": ""})).stock is None
    assert one(read(rows, choice={"可配库位": "stock"})).stock == 5
    floor = [["编号", "名称", "价格", "库存", "最低成交价"], ["A1", "杯", 99, 5, 60]]
    assert code(read(floor)) == "like"
    assert one(read(floor, choice={"最低成交价": "floor"})).floor_fen == 6000
    none = [
        ["编号", "名称", "价格", "库存", "限购数量", "库存预警", "销售数量", "底部描述"],
        ["A1", "杯", 9, 5, 1, 2, 3, "x"],
    ]
    assert one(read(none)).stock == 5


def test_without_a_header_the_place_holds_and_may_be_told_otherwise() -> None:
    text = "A1\t杯\t5\t99\nA2\t碗\t6\t49"
    assert [(row.price_fen, row.stock) for row in paste_products(text).good] == [(500, 99), (600, 49)]
    said = {"C": "stock", "D": "price"}
    assert [(row.price_fen, row.stock) for row in paste_products(text, said).good] == [(9900, 5), (4900, 6)]
    assert paste_products(text).columns.labels == ["A", "B", "C", "D", "E"]


def test_a_first_row_of_unknown_words_is_a_header_and_one_with_a_bad_price_is_a_row() -> None:
    assert code(paste_products("品项\t叫法\t余\t挂牌\nA1\t杯\t5\t99")) == "unnamed"
    assert code(paste_products("品1\t叫法2\t余3\t挂牌4\nA1\t杯\t5\t99")) == "unnamed"
    odd = paste_products("A1\t杯\t面议\t5\nA2\t碗\t49\t6")
    assert code(odd) is None
    assert [row.product_id for row in odd.good] == ["A2"]
    assert one(paste_products("A1 商品 99 5")).title == "商品"


def test_a_title_a_date_and_a_long_remark_may_stand_above_the_header() -> None:
    rows = [["双11"], ["制表", "张三", "版本", "二"], ["编号", "名称", "价格", "库存"], ["A1", "杯", 99, 5]]
    assert one(read(rows)).price_fen == 9900


def test_two_rows_of_header_are_read_together() -> None:
    rows = [["商品", "", "规格", "价格", "", "库存"], ["编号", "名称", "名称", "直播价", "原价", "件数"]]
    row = one(read([*rows, ["A1", "杯", "大", 99, 199, 5]]))
    assert (row.spec, row.price_fen, row.list_price_fen, row.stock) == ("大", 9900, 19900, 5)
    group = [["商品", "", "价格", "", "库存"], ["编号", "名称", "甲", "乙", "件数"], ["A1", "杯", 99, 199, 5]]
    assert code(read(group)) == "missing", "a group names no one of its columns"


def test_of_two_prices_the_firmer_word_counts_and_equals_are_asked_about() -> None:
    live = [["编号", "名称", "价格", "直播价", "库存"], ["A1", "杯", 199, 99, 5]]
    assert (one(read(live)).price_fen, one(read(live)).list_price_fen) == (9900, 19900)
    three = [["编号", "名称", "价格", "直播价", "原价", "库存"], ["A1", "杯", 199, 99, 299, 5]]
    assert (one(read(three)).price_fen, one(read(three)).list_price_fen) == (9900, 29900)
    twice = [["编号", "名称", "价格", "库存", "价格"], ["A1", "杯", 199, 5, 99]]
    assert code(read(twice)) == "unsure"
    assert one(read(twice, choice={"价格 (E)": "price"})).price_fen == 9900
    stocks = [["编号", "名称", "价格", "库存", "可用库存"], ["A1", "杯", 199, 9, 5]]
    assert one(read(stocks)).stock == 5
    floors = [["编号", "名称", "价格", "底价", "最低价"], ["A1", "杯", 199, 90, 50]]
    assert code(read(floors)) == "unsure"


def test_an_export_of_orders_is_refused_as_one() -> None:
    for head in (["订单编号", "商品名称", "金额", "数量"], ["主订单号", "商品ID", "商品名称", "价格"]):
        products = read([head, ["692", "杯", "99", 2]])
        assert code(products) == "orders"
        assert products.refusal is not None
        assert head[0] in products.refusal.reason()


def test_marks_notes_and_units_of_a_header() -> None:
    rows = [
        ["*商品编码\n(必填)", "商品名称（60字以内）", "价格\n单位：分", "库存\n单位：件"],
        ["A1", "杯", 9900, 5],
    ]
    assert one(read(rows)).price_fen == 9900
    example = [["编号", "名称", "价格", "库存"], ["示例：A001", "示例商品", 99, 5], ["A1", "杯", 99, 5]]
    assert one(read(example)).product_id == "A1"


# Two thousand headers ------------------------------------------------------------------------------------

_PARTS: Final = (
    "可",
    "挂",
    "备",
    "主",
    "播",
    "本场",
    "渠道",
    "件",
    "元",
    "数",
    "码",
    "名",
    "额",
    "甲",
    "x",
    "No",
)


def _random_header(dice: random.Random) -> list[str]:
    real: dict[str, list[str]] = {}
    for word, column in goods_words.GOODS.synonyms.items():
        real.setdefault(column, []).append(word)
    head: list[str] = []
    for _ in range(dice.randint(3, 9)):
        kind = dice.random()
        if kind < 0.55:
            needed = ("product_id", "title", "price") * 2
            head.append(dice.choice(real[dice.choice([*real, *needed, "price", "stock"])]))
        elif kind < 0.9:
            head.append("".join(dice.choices(_PARTS, k=dice.randint(1, 4))))
        else:
            head.append(str(dice.choice([dice.randint(1, 2030), round(dice.random() * 300, 2)])))
    return head


def _names(cell: str, column: str) -> bool:
    """Whether a header's cell names a column, said without the code that reads it."""
    return any(plain(cell) == word and held == column for word, held in goods_words.GOODS.synonyms.items())


def _is_product(head: list[str]) -> bool:
    """A first row without a word of a header, with the figures of a product, or with its number and one
    figure: there is no header at all, and a row of the table may be wrong."""
    no_word = not any(plain(cell) in goods_words.GOODS.synonyms for cell in head)
    figures = [is_figure(cell) for cell in head[2:4]]
    return no_word and any(figures) and (all(figures) or any(letter.isdigit() for letter in head[0]))


def _taken_unnamed(products: ProductTable, head: list[str]) -> int:
    wrong = 0
    for row in products.good:
        for column, value in (("price", row.price_fen), ("stock", row.stock)):
            # Every cell below the header holds a number of its own, so that a value says where it is from.
            places = [
                place
                for place, cell in enumerate(head)
                if value == (11 + place) * (100 if column == "price" and not cell.endswith("fen") else 1)
            ]
            if value is not None and not any(_names(head[place], column) for place in places):
                wrong += 1
    return wrong


def _random_tables() -> list[list[str]]:
    dice = random.Random(20261128)
    made = [_random_header(dice) for _ in range(2_400)]
    return [head for head in made if not _is_product(head)][:2_000]


def test_no_price_and_no_stock_is_taken_from_a_column_that_no_word_names() -> None:
    heads = _random_tables()
    assert len(heads) == 2_000
    taken = read_whole = 0
    for head in heads:
        # No figure is a licence or a day: such a column says nothing here.
        terms = [goods_words.GOODS.synonyms.get(plain(cell)) in ("licences", "ships_on") for cell in head]
        below = ["" if term else str(11 + place) for place, term in enumerate(terms)]
        for products in (
            paste_products(as_text([head, below], "\t")),
            read_products(read_table(as_text([head, below]).encode(), "a.csv")),
        ):
            assert _taken_unnamed(products, head) == 0, head
            taken += len(products.good)
            read_whole += code(products) is None
    assert taken > 200, "headers that say enough are read"
    assert read_whole < 2 * len(heads) - 1000, "and those that do not are refused"


def test_twin_by_place_many_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: no header unless it names a price, and the place of each column otherwise."""
    words = goods_words.GOODS
    naive = columns.Words(
        words.synonyms,
        words.usual,
        lambda order, _: "price" in order and bool({"product_id", "sku_id", "title"} & set(order)),
        lambda _: True,
    )
    monkeypatch.setattr("liveconsole.intake.products.reading._refusal", lambda *_: None)
    wrong = 0
    for head in _random_tables():
        below = [str(11 + place) for place in range(len(head))]
        wrong += _taken_unnamed(paste_products(as_text([head, below], "\t"), words=naive), head)
    assert wrong > 100


# What people have said -----------------------------------------------------------------------------------


def test_a_choice_is_remembered_for_the_same_words_in_another_order() -> None:
    found = read(UNKNOWN_PRICE)
    choices = kept({}, key_of(found.columns), {"挂牌数": "price", "备货数": "stock"})
    other = [["挂牌数", "商品名称", "商品编号", "备货数"], [89, "碗", "A2", 7]]
    again = understood(lambda said: read(other, choice=said), choices, {})
    assert (one(again).price_fen, one(again).stock) == (8900, 7)
    more = [["挂牌数", "商品名称", "商品编号", "备货数", "另一列"], [89, "碗", "A2", 7, 1]]
    assert code(understood(lambda said: read(more, choice=said), choices, {})) == "missing"


def test_choices_are_bounded_and_the_oldest_goes_first() -> None:
    choices: dict[str, dict[str, str]] = {}
    for n in range(250):
        choices = kept(choices, f"k{n}", {"A": "price"})
    assert len(choices) == 200
    assert "k49" not in choices
    assert kept(choices, "k60", {}).keys() == choices.keys() - {"k60"}
    assert kept({}, "", {"A": "price"}) == {}, "a table without a header is nothing to remember"


def test_rows_that_were_given_back_are_understood_as_their_table_was() -> None:
    by_letter = {"C": "stock", "D": "price"}
    products = paste_products("A1\t杯\t5\t99\nA2\t碗\t6\t面议", by_letter)
    again = paste_products(products.to_mend(products.bad).replace("面议", "49"))
    assert [(row.price_fen, row.stock) for row in again.good] == [(4900, 6)], "not the other way round"
    choices = kept({}, key_of(read(UNKNOWN_PRICE).columns), {"挂牌数": "price", "备货数": "stock"})

    def told(text: str) -> ProductTable:
        return understood(lambda said: paste_products(text, said), choices, {})

    bad = told(as_text([UNKNOWN_PRICE[0], ["A1", "杯", "5", "面议"]], "\t"))
    mended = told(bad.to_mend(bad.bad).replace("面议", "99"))
    assert [(row.price_fen, row.stock) for row in mended.good] == [(9900, 5)]
    head = [["商品", "", "规格", "价格", "库存"], ["编号", "名称", "名称", "直播价", "件数"]]
    two = paste_products(as_text([*head, ["A1", "杯", "大", "面议", "5"]], "\t"))
    (row,) = paste_products(two.to_mend(two.bad).replace("面议", "99")).good
    assert (row.spec, row.price_fen) == ("大", 9900)


def test_rows_above_the_header_that_are_no_title_are_mentioned() -> None:
    products = read([["A1", "杯", "面议", "充足"], ["编号", "名称", "价格", "库存"], ["A2", "碗", 9, 5]])
    assert [remark.said() for remark in products.remarks()] == ["表头上面的 1 行没有读"]


# Shops --------------------------------------------------------------------------------------------------


def test_exports_are_known_by_name_and_by_the_file_that_one_may_edit() -> None:
    words = shops.load()
    assert [each.name for each in words.known] == ["淘宝助理", "抖店", "有赞", "微店", "微信小店"]
    head: list[Any] = [
        "商品ID",
        "商品标题",
        "SKU ID",
        "SKU规格",
        "SKU编码",
        "SKU价格",
        "SKU库存",
        "SKU市场价",
    ]
    rows = [head, ["100", "杯", "S1", "大", "M-1", 99, 5, 199], ["100", "杯", "S2", "小", "M-2", 89, 6, 199]]
    products = read(rows, words=words)
    assert [(sku.sku_id, sku.price_fen, sku.stock) for sku in one(products).skus] == [
        ("S1", 9900, 5), ("S2", 8900, 6),
    ]  # fmt: skip
    assert products.remarks()[0].said() == "认出是微信小店的导出"
    for known in words.known:
        for by in known.known_by:
            lines = read_table(as_text([sorted(by), ["1"] * len(by)]).encode(), "a.csv").lines
            assert find_columns(lines, words).known is not None, by


def test_words_of_ones_own_count() -> None:
    own = shops.parse('[words]\nprice = ["团购价"]')
    rows = [["编号", "名称", "团购价", "库存"], ["A1", "杯", 99, 5]]
    assert code(read(rows)) == "missing"
    assert one(read(rows, words=own)).price_fen == 9900
    for wrong in ("[words", '[words]\ncost = ["x"]', '[[shop]]\nname = "x"\nknown_by = [[]]\ncolumns = {}'):
        with pytest.raises(shops.BadShops):
            shops.parse(wrong)


def test_a_copy_in_the_data_folder_wins(tmp_path: Any) -> None:
    assert shops.load(tmp_path).known
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "shops.toml").write_text('[words]\nprice = ["团购价"]', "utf-8")
    own = shops.load(tmp_path)
    assert (own.known, own.synonyms["团购价"]) == ([], "price")


# Cells without a value ------------------------------------------------------------------------------------

HEAD: Final = ["编号", "名称", "价格", "库存", "底价"]


@pytest.mark.parametrize(("cell", "place"), [("C2", 2), ("D2", 3), ("E2", 4)])
@pytest.mark.parametrize("mark", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_a_formula_that_went_wrong_is_no_empty_cell(cell: str, place: int, mark: str) -> None:
    row: list[Any] = ["A1", "杯", 99, 5, 60]
    row[place] = ""

    def more(made: Any) -> None:
        made.get_worksheet_by_name("商品").write_formula(1, place, "=NA()", None, mark)

    products = read_products(read_table(book({"商品": [HEAD, row]}, more), "a.xlsx"))
    (bad,) = products.bad
    assert (bad.code, bad.cell) == ("no_value", cell)
    assert "公式没有算出值" in bad.reason()
    row[place] = mark
    (pasted,) = paste_products(as_text([HEAD, row], "\t")).bad
    assert pasted.code == "no_value"


def test_a_formula_that_was_never_worked_out_is_no_empty_cell() -> None:
    def more(made: Any) -> None:
        sheet = made.get_worksheet_by_name("商品")
        sheet.write_formula(1, 4, "=C2*0.6", None, 59.4)
        sheet.write_formula(2, 4, '=IF(C3>0,"","")', None, "EMPTY")

    rows: list[list[Any]] = [HEAD, ["A1", "杯", 99, 5], ["A2", "碗", 49, 6]]
    whole = rewritten(book({"商品": rows}, more), SHEET, lambda part: part.replace(b"EMPTY", b""))
    without = rewritten(whole, SHEET, lambda part: part.replace(b"<v>59.4</v>", b"<v/>"))
    assert [row.floor_fen for row in read_products(read_table(whole, "a.xlsx")).good] == [5940, None]
    products = read_products(read_table(without, "a.xlsx"))
    assert [(bad.code, bad.cell) for bad in products.bad] == [("no_value", "E2")]
    assert [row.product_id for row in products.good] == ["A2"]


def test_twin_without_a_look_at_the_parts_the_floor_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.intake.tables.zipped._valueless", lambda *_: None)

    def more(made: Any) -> None:
        made.get_worksheet_by_name("商品").write_formula(1, 4, "=NA()", None, "#N/A")

    products = read_products(read_table(book({"商品": [HEAD, ["A1", "杯", 99, 5]]}, more), "a.xlsx"))
    assert one(products).floor_fen is None


def test_hidden_rows_are_mentioned_and_a_floor_of_nothing_too() -> None:
    def more(made: Any) -> None:
        made.get_worksheet_by_name("商品").set_row(2, None, None, {"hidden": True})

    rows: list[list[Any]] = [HEAD, ["A1", "杯", 99, 5, 60], ["A2", "碗", 49, 6, 0]]
    products = read_products(read_table(book({"商品": rows}, more), "a.xlsx"))
    assert [remark.code for remark in products.remarks()] == ["hidden"]
    assert [[remark.code for remark in row.remarks] for row in products.good] == [
        [],
        ["no_floor", "hidden_row"],
    ]


# Ids ----------------------------------------------------------------------------------------------------


def _known(product_id: str) -> ProductState:
    sku = SkuState(product_id, "杯", 9900, 5000, 5, 0, 0, 0, 5)
    return ProductState(product_id, "杯", 9900, 5000, None, 5, True, 5, [sku])


@pytest.mark.parametrize(
    ("there", "stood"),
    [
        ("1001", "1001.0"), ("1001", "１００１"), ("1001", "'1001"), ("1001", "`1001"),
        ("AB-1", "\u200bAB-1"), ("AB-1", "AB\u20111"), ("AB-1", "ＡＢ－１"),
        ("AB-1", "\ufeffAB-1\u200d"), ("1001.0", "1001.0"),
    ],
)  # fmt: skip
def test_an_id_that_was_bent_is_the_same_product_and_keeps_its_floor(there: str, stood: str) -> None:
    (seen,) = compare(paste_products(f"{stood}\t杯\t30\t5"), [_known(there)])
    assert (seen.state, seen.bad and seen.bad.code) == ("wrong", "under_floor"), (
        "the floor that holds is its own"
    )
    (fine,) = compare(paste_products(f"{stood}\t杯\t89\t5"), [_known(there)])
    assert (fine.state, fine.row and fine.row.product_id) == ("changed", there)


@pytest.mark.parametrize(
    ("there", "stood"), [("AB-1", "AB -1"), ("ab-2", "AB-2"), ("0123", "123"), ("123", "0123")]
)
def test_an_id_that_may_be_another_is_no_new_product(there: str, stood: str) -> None:
    (seen,) = compare(paste_products(f"{stood}\t杯\t89\t5"), [_known(there)])
    assert (seen.state, seen.bad and seen.bad.code in ("id_like", "id_zeros")) == ("wrong", True)
    (new,) = compare(paste_products("XY-9\t杯\t89\t5"), [_known(there)])
    assert new.state == "new"


def test_ids_of_one_table_that_look_alike() -> None:
    products = paste_products("AB-1\t甲\t1\t1\nAB -1\t乙\t1\t1\nab-1\t丙\t1\t1\nＡＢ-1\t丁\t1\t1")
    assert [row.product_id for row in products.good] == ["AB-1", "ab-1"]
    assert [bad.code for bad in products.bad] == ["id_like_row", "twice"]
    assert [[remark.code for remark in row.remarks] for row in products.good] == [[], ["id_case"]]


def test_twin_ids_as_they_stand_are_new_products_without_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.intake.products.reading.clean_id", lambda stood: stood)
    monkeypatch.setattr("liveconsole.intake.products.changes.alike", lambda id_: id_)
    (seen,) = compare(paste_products("1001.0\t杯\t1\t5"), [_known("1001")])
    assert seen.state == "new"


# Which sheet ----------------------------------------------------------------------------------------------


def test_the_sheet_that_is_a_table_of_goods_is_read_and_not_the_guide_before_it() -> None:
    content = book({"填写说明": [["请勿修改表头"], ["带*为必填"]], "商品": [HEAD, ["A1", "杯", 99, 5, 60]]})
    table = read_table(content, "a.xlsx", wanted=is_goods)
    assert (table.sheet, list(table.sheets)) == ("商品", ["填写说明", "商品"])
    assert read_table(content, "a.xlsx").sheet == "填写说明"
    assert Columns(()).labels == ()
