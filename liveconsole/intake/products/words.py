"""The words of product tables: what columns are called, and why a row is not taken."""

from __future__ import annotations

from typing import Final

_NAMED: Final[dict[str, str]] = {
    "product_id": "编号 商品编号 商品id 商品编码 编码 货号 款号 产品编号 产品id 宝贝id 商品链接id "
    "id code productid itemid",
    "sku_id": "sku skuid sku编号 sku编码 skucode 规格编号 规格编码 规格id 商品skuid",
    "title": "名称 商品名称 商品名 标题 商品标题 品名 商品 产品名称 产品 宝贝标题 宝贝名称 "
    "title name product productname producttitle",
    "spec": "规格 规格名称 规格型号 商品规格 sku名称 sku规格 sku属性 销售属性 属性 款式 颜色 颜色分类 "
    "spec specification variant option skuname skutitle colour color",
    "size": "尺码 尺寸 大小 size",
    "price": "价格 售价 单价 直播价 现价 商品价格 销售价 直播间价 价 sku价格 "
    "price pricefen saleprice unitprice",
    "stock": "库存 数量 库存数量 件数 可售库存 现货库存 商品库存 sku库存 stock quantity qty units inventory",
    "floor": "底价 最低价 底线 底线价 保底价 成本底价 最低售价 floor floorprice floorfen minprice",
    "list": "原价 划线价 吊牌价 市场价 日常价 门市价 listprice listpricefen originalprice marketprice rrp",
    "points": "卖点 商品卖点 推荐语 points sellingpoints highlights",
}
SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}

USUAL: Final = ("product_id", "title", "price", "stock", "floor")
"""The order of a table without a header."""

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
    "cell": ("{column}不对：{value}", "Not a {column}: {value}"),
    "no_title": ("没有名称", "No name"),
    "title_long": ("名称超过 500 字", "The name is over 500 characters"),
    "points_long": ("卖点超过 500 字", "The selling points are over 500 characters"),
    "spec_long": ("规格超过 200 字", "The variant is over 200 characters"),
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
    "twice": ("编号和第 {line} 行重复", "The id is that of row {line} too"),
    "sku_twice": ("规格和第 {line} 行重复：{value}", "The variant is that of row {line} too: {value}"),
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
        "This product has {n} variants now and the table names none: they would be lost",
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
    "free": ("价格是 0", "The price is 0"),
    "no_stock": (
        "没有库存列：新商品按 0 件，已有的不变",
        "No stock column: new products get 0 units, known ones stay as they are",
    ),
    "ignored": ("没有用到的列：{names}", "Columns that are not read: {names}"),
}
