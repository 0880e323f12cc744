"""The words of product tables: what columns are called, and why a row is not taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from liveconsole.intake.tables import TableRow, Words, plain

_NAMED: Final[dict[str, str]] = {
    "product_id": "编号 商品编号 商品id 商品编码 编码 货号 款号 产品编号 产品id 宝贝id 商品链接id 数字id "
    "宝贝编号 宝贝数字id spuid spu编号 商品spuid 京东商品id 商家编码 商家货号 商家商品编码 外部编码 "
    "id code productid itemid spu numid outerid goodsid",
    "sku_id": "sku skuid sku编号 sku编码 skucode 规格编号 规格编码 规格id 商品skuid",
    "title": "名称 商品名称 商品名 标题 商品标题 品名 商品 产品名称 产品 宝贝标题 宝贝名称 商品全名 商品全称 "
    "产品名 宝贝 产品标题 title name product productname producttitle itemtitle goodsname",
    "spec": "规格 规格名称 规格型号 商品规格 sku名称 sku规格 sku属性 销售属性 属性 款式 颜色 颜色分类 型号 "
    "规格值 spec specification variant option skuname skutitle colour color",
    "size": "尺码 尺寸 大小 size",
    "price": "价格 售价 单价 直播价 现价 商品价格 销售价 直播间价 价 sku价格 售卖价 售卖价格 零售价 零售价格 "
    "一口价 京东价 宝贝价格 商品售价 销售价格 直播价格 直播间价格 直播售价 直播专享价 规格价格 sku售价 "
    "店铺价 活动价 到手价 price pricefen saleprice unitprice liveprice skuprice sellingprice retailprice",
    "stock": "库存 数量 库存数量 件数 可售库存 现货库存 商品库存 sku库存 可用库存 可售数量 可用数量 库存量 "
    "宝贝数量 总库存 规格库存 现有库存 剩余库存 库存件数 "
    "stock quantity qty units inventory skustock availablestock stockqty",
    "floor": "底价 最低价 底线 底线价 保底价 成本底价 最低售价 最低限价 控价 红线价 "
    "floor floorprice floorfen minprice",
    "list": "原价 划线价 吊牌价 市场价 日常价 门市价 建议零售价 市场零售价 专柜价 标价 参考价 划线价格 "
    "listprice listpricefen originalprice marketprice rrp msrp",
    "category": "类目 商品类目 类目名称 监管类目 category",
    "licences": "资质 商品资质 资质证照 证照 licences licenses qualifications",
    "ship_hours": "发货时限 发货时效 承诺发货时限 承诺发货时效 shiphours",
    "ships_on": "预售发货日 预售发货日期 预售发货时间 预计发货日 预计发货日期 shipson",
    "points": "卖点 商品卖点 推荐语 points sellingpoints highlights",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_FIRM: Final[dict[int, str]] = {
    0: "直播价 直播间价 直播价格 直播间价格 直播售价 直播专享价 liveprice",
    1: "sku价格 sku售价 规格价格 skuprice sku库存 规格库存 skustock 可售库存 可用库存 可售数量 可用数量 "
    "availablestock",
    3: "零售价 零售价格 retailprice 店铺价 活动价 到手价 数量 件数 quantity qty units "
    "商家编码 商家货号 商家商品编码 外部编码 outerid",
}
"""How firmly a word names its column; see `Words.ranks`."""
_ORDERS: Final = (
    "订单编号 订单号 订单id 主订单编号 子订单编号 主订单号 子订单号 交易单号 交易编号 支付单号 "
    "orderid orderno ordernumber ordersn suborderid"
)
ORDERS: Final = frozenset(_ORDERS.split())
"""Words of a header that no table of goods has: each row is an order."""
_LIKE: Final[dict[str, re.Pattern[str]]] = {
    "stock": re.compile(r"库|存|余量|剩余|可[售卖]|数量|件数|stock|inventory|qty|quantity|units|onhand"),
    "floor": re.compile(
        r"(底|最低|红线|保本|控)\w*价|控价|价\w*(底|最低|红线|下限)|floor|minprice|lowestprice"
    ),
}
"""A header that no word is known for and that looks like one of these is asked about."""
_UNLIKE: Final = re.compile(
    r"限购|起[订购]|单位|描述|类型|状态|方式|时间|预警|安全|销[量售]数|已售|冻结|占用|锁定|仓库"
)
_FIGURE: Final = re.compile(r"[¥￥]?\s*\d[\d,，]*(\.\d+)?\s*(元|块|件|个)?")


def is_figure(cell: str) -> bool:
    """Whether a cell holds an amount or a number of units."""
    return _FIGURE.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None


def looks_like(label: str) -> str | None:
    """The column that an unknown header looks like and must not be passed over for."""
    word = plain(label)
    if _UNLIKE.search(word) is not None:
        return None
    return next((column for column, like in _LIKE.items() if like.search(word)), None)


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    named = {name for name in order if name is not None}
    if len(named) >= 2 or any(plain(cell) in ORDERS for cell in line.cells):
        return True
    if sum(bool(cell) for cell in line.cells) < 3 or not named:
        return False
    # A product may be called 商品; none is numbered 编号 and none costs 价格.
    return named != {"title"} or not _is_row(line)


def _is_row(line: TableRow) -> bool:
    return len(line.cells) >= 4 and all(is_figure(cell) for cell in line.cells[2:4])


def _is_unnamed(line: TableRow) -> bool:
    """A row of words where the figures of a product would stand."""
    figures = [is_figure(cell) for cell in (*line.cells, "", "")[2:4]]
    return not any(figures) or (not all(figures) and not any(c.isdigit() for c in line.cells[0]))


USUAL: Final = ("product_id", "title", "price", "stock", "floor")
"""The order of a table without a header."""

GOODS: Final = Words(
    _SYNONYMS,
    USUAL,
    _is_header,
    _is_row,
    _is_unnamed,
    {word: rank for rank, words in _FIRM.items() for word in words.split()},
    frozenset({"price", "stock", "floor", "list"}),
    {"price": "list"},
)

COLUMN_NAMES: Final[dict[str, tuple[str, str]]] = {
    "product_id": ("编号", "id"),
    "sku_id": ("规格编号", "SKU id"),
    "title": ("名称", "name"),
    "spec": ("规格", "variant"),
    "size": ("尺码", "size"),
    "price": ("价格", "price"),
    "stock": ("库存", "stock"),
    "floor": ("底价", "floor"),
    "list": ("原价", "list price"),
    "points": ("卖点", "selling points"),
    "category": ("类目", "category"),
    "licences": ("资质", "licences"),
    "ship_hours": ("发货时限", "hours to ship"),
    "ships_on": ("预售发货日", "presale's day"),
}

REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": (
        "列数不对：要 编号、名称、价格、库存（底价可不填）",
        "Columns: id, name, price, stock (floor may be left out)",
    ),
    "no_id": ("没有编号", "No id"),
    "id_long": ("编号超过 200 字", "The id is over 200 characters"),
    "id_scientific": (
        "编号像被表格改成了科学计数，请把该列设为文本",
        "The id looks changed to scientific notation; make its column text",
    ),
    "id_digits": (
        "编号超过 15 位，表格改掉了后面的数字，请把该列设为文本再填",
        "The id has over 15 digits and the sheet changed the last ones; make its column text, type it again",
    ),
    "id_zeros": (
        "编号像丢了开头的 0：商品里有 {known}",
        "The id looks as if it lost its leading zeros: there is a product {known}",
    ),
    "date": (
        "{column}被表格改成了日期：{value}，请把该列设为文本",
        "The sheet has made a date of the {column}: {value}; make its column text",
    ),
    "no_value": ("{column}的公式没有算出值：{value}", "The formula of the {column} has no value: {value}"),
    "example": ("像是模板里的示例行", "Looks like the example of a form"),
    "id_like": (
        "编号像已有的 {known}：是同一个就写成一样，不是就换个编号",
        "The id looks like {known}, which is there: write it alike if it is that one, else choose another",
    ),
    "id_like_row": (
        "编号像第 {line} 行的 {known}：是同一个就删掉一行，不是就换个编号",
        "The id looks like {known} of row {line}: take one of them out, or choose another id",
    ),
    "cell": ("{column}不对：{value}", "Not a {column}: {value}"),
    "no_title": ("没有名称", "No name"),
    "title_long": ("名称超过 500 字", "The name is over 500 characters"),
    "points_long": ("卖点超过 500 字", "The selling points are over 500 characters"),
    "spec_long": ("规格超过 200 字", "The SKU is over 200 characters"),
    "money_format": ("{column}不是金额：{value}", "The {column} is no amount: {value}"),
    "money_negative": ("{column}是负数：{value}", "The {column} is negative: {value}"),
    "money_decimals": ("{column}多于两位小数：{value}", "The {column} has more than two decimals: {value}"),
    "money_large": ("{column}太大：{value}", "The {column} is too large: {value}"),
    "floor_over_price": ("底价高于价格", "The floor is above the price"),
    "under_floor": (
        "价格 {price} 低于现在的底价 {floor}",
        "The price {price} is under the floor that holds now, {floor}",
    ),
    "list_under_price": ("原价低于价格", "The list price is below the price"),
    "stock_format": ("库存不是整数：{value}", "The stock is no whole number: {value}"),
    "category_long": ("类目超过 500 字", "The category is over 500 characters"),
    "licence_format": (
        "资质要写成「种类 证号 到期日」，到期日可不写，几项用分号隔开：{value}",
        "A licence is its kind, its number and, if it ends, its last day; several are parted by ;: {value}",
    ),
    "licences_many": ("资质多于 {most} 项", "More than {most} licences"),
    "hours_format": (
        "发货时限要写 1 到 1,440 小时，或 1 到 60 天：{value}",
        "The hours to ship are 1 to 1,440, or 1 to 60 days: {value}",
    ),
    "day_format": (
        "预售发货日不是日期：{value}，写成 2026-12-31",
        "The presale's day is no date: {value}; write it as 2026-12-31",
    ),
    "twice": ("编号和第 {line} 行重复", "The id is that of row {line} too"),
    "sku_twice": ("规格和第 {line} 行重复：{value}", "The SKU is that of row {line} too: {value}"),
    "sku_titles": (
        "名称和同一商品的第 {line} 行不同",
        "The name differs from row {line} of the same product",
    ),
    "sibling": (
        "同一商品的第 {line} 行有误，整个商品都不取",
        "Row {line} of the same product is wrong: none of it is taken",
    ),
    "needs_skus": (
        "这个商品现在有 {n} 个规格，表里没写规格，取了会丢掉它们",
        "This product has {n} SKUs now and the table names none: they would be lost",
    ),
    "quotes": ("引号没有配对", "A quotation mark is not closed"),
    "too_many": ("一次最多 10,000 行", "10,000 rows at most in one go"),
    "refused": ("引擎没有收：{reason}", "The engine refused it: {reason}"),
}

REMARKS: Final[dict[str, tuple[str, str]]] = {
    "zeros": (
        "编号会不会丢了开头的 0？表里有 {like}",
        "Did the id lose its leading zeros? The table has {like}",
    ),
    "id_read": ("编号读作 {read}，表里写的是 {stood}", "The id was read as {read}; the table has {stood}"),
    "id_case": (
        "编号和第 {line} 行的 {known} 只差大小写",
        "The id differs from {known} of row {line} in its case only",
    ),
    "no_floor": ("底价是 0，等于没有底价", "The floor is 0, which is none"),
    "hidden": (
        "表格里隐藏（筛选掉）的 {n} 行也读了：不要的话，在表格里删掉再导入",
        "{n} rows that the sheet hides (a filter) were read too: delete them there if they are not wanted",
    ),
    "above": ("表头上面的 {n} 行没有读", "{n} rows above the header were not read"),
    "hidden_row": ("这一行在表格里是隐藏的", "The sheet hides this row"),
    "known": ("认出是{name}的导出", "Read as an export of {english}"),
    "free": ("价格是 0", "The price is 0"),
    "no_stock": (
        "没有库存列：新商品按 0 件，已有的不变",
        "No stock column: new products get 0 units, known ones stay as they are",
    ),
    "ignored": ("没有用到的列：{names}", "Columns that are not read: {names}"),
}

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "orders": (
        "这是订单导出（有「{words}」列），不是商品表，没有读",
        "This is an export of orders (it has a column {words}), no table of products: nothing was read",
    ),
    "missing": (
        "表头里没有认出{column}列，没有读。没认出的列：{words}。请选每列是什么",
        "The header names no {column}, so nothing was read. Unknown: {words}. Choose what each column is",
    ),
    "like": (
        "「{words}」是不是{column}？没有读，请选一下；不是就选不用",
        "Is {words} the {column}? Nothing was read: choose, or say that it is not used",
    ),
    "unsure": (
        "有几列都像{column}：{words}。没有读，请选一列",
        "Several columns may be the {column}: {words}. Nothing was read: choose one",
    ),
    "unnamed": (
        "第 {line} 行像表头，但没有认出列：{words}。没有读，请选每列是什么",
        "Row {line} looks like a header with no word that is known: {words}. Choose what each column is",
    ),
}
"""Why a table is not read as a whole."""
