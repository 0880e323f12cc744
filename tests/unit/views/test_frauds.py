"""Comments that are after people's money are marked; real talk and real questions are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.views.feed import Feed, is_fraud, is_lure, matching
from liveconsole.views.feed.frauds import defrauds
from liveconsole.views.feed.lures import lures
from tests.ui.committed import comment

FRAUDS = [
    "私信我转账", "让我扫码付款", "订单异常 请联系客服退款",  # K10.3
    "私 信 我 转 账", "加我微信转账便宜", "扫这个码付款", "收款码发你了", "訂單異常，請聯繫客服退款",
    "您的快递丢失 添加理赔客服", "我是官方客服",
    "双倍赔付加我", "验证码发我一下", "刷单日结", "兼职刷好评佣金日结",
    "点赞返佣金", "做任务返现", "日赚500", "微信转账优惠", "转账给我发货", "支付宝转账", "直接私下交易",
    "你的账户异常冻结联系客服解冻", "退款专员微信", "百万保障到期", "屏幕共享退款", "中奖了联系客服领取",
    "手续费先交才能领取", "低息贷款", "私聊付款便宜10元", "有人叫我转账怎么回事", "包裹异常联系我退款",
    "宝妈兼职日结私信", "对公账户", "扫\u200b码🎁付款",
]  # fmt: skip
QUESTIONS = [
    "微信支付可以吗", "可以支付宝付款吗", "付款了怎么没发货", "付不了款", "退款多久到账", "怎么联系客服",
    "客服在吗我要退款", "扫码领券", "二维码在哪", "红包怎么领",
    "转给朋友了", "快递丢了", "订单号是多少", "没中奖",
    "中奖了怎么领", "佣金多少", "返场吗", "优惠券用不了", "能货到付款吗", "付款失败了", "钱付了没订单",
    "私信主播了",
    "这个码偏大吗", "刷卡可以吗", "主播刷脸", "直接拍吗", "找客服改地址", "已付款", "提现多久", "定金多少",
    "花呗可以吗", "先付款后发货吗", "麻烦快点发货", "怎么付款", "",
]  # fmt: skip


@pytest.mark.parametrize("text", FRAUDS)
def test_what_is_after_money_is_seen(text: str) -> None:
    assert defrauds(text)


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_a_buyer_asks_is_let_be(text: str) -> None:
    assert not defrauds(text)


def test_what_leads_elsewhere_did_not_see_them() -> None:
    """The twin: the sign that there was knows nothing of money."""
    assert not any(map(lures, FRAUDS[:3]))


def test_a_row_carries_it_and_the_filter_keeps_it() -> None:
    feed = Feed()
    feed.fold([comment(1, "私信我转账"), comment(2, "多少钱"), comment(3, "加我V信 abc123")])
    rows = list(feed.rows())
    assert [(is_fraud(row), is_lure(row)) for row in rows] == [(True, False), (False, False), (False, True)]
    assert [row.text for row in rows if matching("marked")(row)] == ["私信我转账", "加我V信 abc123"]


def test_real_comments_are_seldom_taken_for_it(shared: Path) -> None:
    """At most one of a thousand."""
    marked = comments = 0
    file = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    for line in file.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] == "comment":
            comments += 1
            marked += defrauds(event["text"])
    print(f"{comments:,} real comments: {marked} marked")
    assert comments > 30_000
    assert marked <= comments / 1_000


@given(st.text(max_size=500))
def test_any_text_is_judged_for_it(text: str) -> None:
    assert defrauds(text) in (True, False)
