"""The words of tables of orders: what columns are called, and why a row is not taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from liveconsole.intake.tables import TableRow, Words

_NAMED: Final[dict[str, str]] = {
    "order": "订单编号 订单号 订单id 主订单编号 主订单号 交易单号 交易编号 "
    "orderid orderno ordernumber ordersn order",
    "buyer": "买家id 买家 买家会员名 买家账号 用户id 客户id 会员id 客户编号 会员编号 买家openid "
    "buyerid buyer customerid customer userid memberid openid",
    "name": "买家昵称 昵称 客户姓名 买家姓名 会员名 buyername customername nickname",
    "placed": "订单创建时间 下单时间 创建时间 订单时间 下单日期 订单日期 拍下时间 成交时间 订单提交时间 "
    "placed placedat createtime createdat created orderdate ordertime date",
    "paid_at": "订单付款时间 付款时间 支付时间 买家付款时间 支付完成时间 paidat paytime paymenttime",
    "total": "总金额 订单金额 订单总额 应付金额 订单应付金额 买家应付货款 总价 金额 成交金额 "
    "total totalamount amount orderamount ordertotal revenue",
    "paid": "买家实际支付金额 实付金额 实付款 实际支付金额 买家实付 支付金额 实收金额 付款金额 "
    "paid paidamount paidfee",
    "refund": "退款金额 已退款金额 退款总额 refund refundamount refunded",
    "status": "订单状态 状态 交易状态 status orderstatus",
    "sku": "sku skuid sku编号 sku编码 规格编号 规格编码 商品编号 商品编码 商品id 商家编码 货号 "
    "宝贝id skucode productid",
    "title": "商品名称 商品标题 宝贝标题 商品 宝贝名称 品名 title producttitle productname",
    "quantity": "数量 购买数量 商品数量 件数 宝贝数量 宝贝总数量 quantity qty units",
    "price": "单价 商品单价 成交单价 价格 商品价格 unitprice price",
    "province": "收货地址 省份 省 收货省份 收件省份 收货人省份 province",
    "scene": "下单场景 成交场景 订单来源 渠道 scene channel",
    "payment": "支付方式 付款方式 paymentmethod paytype",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_RANKS: Final[dict[int, str]] = {
    1: "主订单编号 主订单号 总金额 订单总额 订单金额 订单应付金额 买家实际支付金额 实付金额 实付款 "
    "订单创建时间 下单时间 "
    "已退款金额 退款总额 买家id 用户id 客户id 会员id buyerid customerid userid",
    3: "应付金额 买家应付货款 总价 金额 成交金额 amount 支付金额 付款金额 "
    "实收金额 date 成交时间 refund buyer customer",
}
"""How firmly a word names its column; see `Words.ranks`."""
_PROVINCES: Final = (
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 "
    "山东省 河南省 湖北省 "
    "湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 "
    "内蒙古自治区 广西壮族自治区 西藏自治区 "
    "宁夏回族自治区 新疆维吾尔自治区 香港特别行政区 澳门特别行政区"
)
_SHORT: Final = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
_PROVINCE: Final = re.compile(
    "|".join(
        sorted({*_PROVINCES.split(), *(_SHORT.sub("", name) for name in _PROVINCES.split())}, key=len)[::-1]
    )
)
_PLAIN_LONG: Final = 12
_LEAST: Final = frozenset({"placed", "paid_at"})


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    named = {name for name in order if name is not None}
    return len(named) >= 2 and bool(named & (_LEAST | {"order", "total", "paid"}))


ORDERS: Final = Words(
    _SYNONYMS,
    (),
    _is_header,
    lambda line: False,
    lambda line: sum(bool(cell) for cell in line.cells) >= 2,
    ranks={word: rank for rank, words in _RANKS.items() for word in words.split()},
    single=frozenset({"order", "total", "paid", "refund"}),
)


def province_of(cell: str) -> str | None:
    """Return the province that an address begins with: no more of where somebody lives is kept. A word of
    another country stands as it is."""
    plain = cell.strip()
    if (found := _PROVINCE.match(plain)) is not None:
        return found[0]
    return plain if len(plain) <= _PLAIN_LONG and plain.isascii() and plain.isalpha() else None


COLUMN_NAMES: Final[dict[str, tuple[str, str]]] = {
    "order": ("订单号", "order id"),
    "buyer": ("买家", "buyer"),
    "name": ("昵称", "name"),
    "placed": ("下单时间", "placed at"),
    "paid_at": ("付款时间", "paid at"),
    "total": ("总金额", "total"),
    "paid": ("实付", "paid amount"),
    "refund": ("退款", "refund amount"),
    "status": ("状态", "state"),
    "sku": ("规格编号", "SKU id"),
    "title": ("商品", "product"),
    "quantity": ("数量", "units"),
    "price": ("单价", "unit price"),
    "province": ("省份", "province of the address"),
    "scene": ("场景", "bought in"),
    "payment": ("支付方式", "paid by"),
}

REASONS: Final[dict[str, tuple[str, str]]] = {
    "no_id": ("没有订单号", "No order id"),
    "id_long": ("{column}超过 200 字", "The {column} is over 200 characters"),
    "id_scientific": (
        "{column}像被表格改成了科学计数，请把该列设为文本",
        "The {column} looks changed to scientific notation; make its column text",
    ),
    "id_digits": (
        "{column}超过 15 位，表格改掉了后面的数字，请把该列设为文本再填",
        "The {column} has over 15 digits and the sheet changed the last ones; make its column text",
    ),
    "no_time": ("没有下单时间", "It does not say when it was placed"),
    "time": ("{column}不是日期：{value}", "The {column} is no date: {value}"),
    "money": ("{column}不是金额：{value}", "The {column} is no amount: {value}"),
    "no_total": ("没有金额", "No amount"),
    "units": ("数量不对：{value}", "No number of units: {value}"),
    "value": ("{column}没有值：{value}", "The {column} has no value: {value}"),
    "refund_over_paid": ("退款比付款多", "More was refunded than paid"),
    "disagree": (
        "同一个订单的几行，{column}不一样",
        "Rows of one order differ in the {column}",
    ),
    "quotes": ("引号没有闭合", "A quote is not closed"),
    "many_lines": ("一个订单超过 {most} 行", "One order has over {most} lines"),
}

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "unnamed": (
        "认不出哪些列是下单时间和金额：{words}",
        "Which columns say when an order was placed and what it came to is not known: {words}",
    ),
    "unsure": ("哪一列是{column}：{words}", "Which column is the {column}: {words}"),
}
