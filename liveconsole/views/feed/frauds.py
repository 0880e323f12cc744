"""Comments after people's money: payment beside the platform, false customer service, paid fake orders.

A sign for the person at the desk, no verdict. It tells of words alone: one who reports a fraud is marked too,
which is as well.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liveconsole.messages.text import OLD_FORMS, TEXT_LIMIT

_NOISE: Final = re.compile(r"[\W_]+")
_PAY: Final = "(?:转账|转钱|转款|打钱|打款|汇款|付款|付钱|收款|交钱|交易|支付)"
_AWAY: Final = "(?:转账|转钱|转款|打钱|打款|汇款)"
_BESIDE: Final = "(?:私信|私聊|私下|私我|线下|平台外|直接加|加我|联系我|找我|单独)"
_MAKES: Final = "(?:让我|叫我|要我|喊我|让你|叫你|请你|你们?先|您先|麻烦)"
_SERVICE: Final = "(?:客服|专员|售后|理赔|退款中心|工作人员)"
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "payment": (
        f"{_BESIDE}.{{0,8}}{_PAY}",
        f"{_PAY}.{{0,4}}(?:私信我|私聊我|加我|联系我|找我)",
        f"{_MAKES}.{{0,6}}(?:扫.{{0,3}}码|{_AWAY}|付款到|支付到|打到)",
        f"(?:微信|支付宝|银行卡|vx|wx|v信|红包).{{0,2}}{_AWAY}",
        f"{_AWAY}(?:给|到|至).{{0,4}}(?:我|他|个人|私人|账户|账号|银行卡|微信|支付宝)",
        "扫.{0,3}码.{0,4}(?:付|转|支付|打款|交)",
        "(?:收款|付款|支付|转账)(?:的)?(?:码|二维码)",
        "二维码.{0,4}(?:付款|转账|收款|支付|打款)",
        "(?:个人|私人|对公)(?:账户|账号|银行卡|收款)",
        "(?:银行)?卡号.{0,3}(?:发|给|报|提供|是多少|填)",
    ),
    "service": (
        "(?:订单|快递|包裹|商品|货物|账户|账号|支付|交易).{0,4}(?:异常|冻结|丢失|丢件|不合格|失败|错误|被锁)"
        f".{{0,10}}(?:联系|添加|加|私信|办理|点击|咨询).{{0,8}}(?:{_SERVICE}|退|赔|处理|我|解冻)",
        f"(?:我是|这里是|您好我是|你好我是|本人是).{{0,8}}(?:官方|平台|店铺|退款|快递|视频号|微信|淘宝){_SERVICE}",
        "(?:退款|理赔|赔付)(?:专员|专线|中心|通道|客服(?:微信|qq|扣扣|电话|号))",
        "(?:双倍|三倍|十倍|2倍|3倍|10倍).{0,3}(?:赔付|赔偿|理赔|退款).{0,8}(?:联系|加|添加|私|扫)",
        "(?:加|添加|联系|私信).{0,8}(?:双倍|三倍|2倍|3倍|理赔)",
        "百万保障|屏幕共享|共享屏幕|安全账户|解冻金|解冻费",
        "(?:会员|代理|保险|服务).{0,6}自动扣(?:费|款)",
        "验证码.{0,3}(?:发|告诉|给|报|提供)|(?:发|告诉|报|提供).{0,5}验证码",
        "(?:下载|安装).{0,8}(?:退款|理赔|返现)",
    ),
    "prize": (
        "中奖.{0,10}(?:私信|联系|添加|加).{0,4}(?:领|我|客服|填)|(?:手续费|保证金|押金|税费).{0,6}(?:领奖|领取|才能|先交|先付)",
        "(?:低息|免息|无抵押|秒批|秒到).{0,3}(?:贷|借款)|荐股|带单|内幕消息|跟单.{0,4}(?:赚|返)",
    ),
    "orders": (
        "刷单|刷好评|刷信誉|刷销量|刷手|做单.{0,4}(?:返|佣|赚)",
        "(?:兼职|日结|宝妈).{0,10}(?:佣金|日赚|月入|私信|加我|联系我|做任务|单结)",
        "(?:垫付|做任务|点赞|点关注).{0,6}(?:返现|返钱|返佣|返还|佣金|领佣|赚钱)",
        "(?:日赚|日入|月入|躺赚).{0,2}(?:\\d{2,}|[几过上]?[百千万])",
        "(?:返佣|佣金).{0,6}(?:私信|加我|加微|联系|日结|秒结|群)",
    ),
}
"""What they are after → how it is put: payment beside the platform, false customer service, prizes and money
that nobody gives, paid fake orders."""
_FRAUDS: Final = re.compile("|".join(pattern for kind in _KINDS.values() for pattern in kind))
_OF_KIND: Final = {name: re.compile("|".join(patterns)) for name, patterns in _KINDS.items()}
_HINTS: Final = re.compile(
    "[转轉账賬帳码碼款汇匯刷佣验驗冻凍卡贷貸赔賠奖獎赚賺兼共异異丢丟合扣费費障股单單入返付客易打]"
)


def fraud_kind(text: str) -> str:
    """Return what a comment that `defrauds` is after, a key of the table of kinds; ``""`` for any other."""
    plain = _plain(text[:TEXT_LIMIT])
    return next((name for name, pattern in _OF_KIND.items() if pattern.search(plain)), "")


def defrauds(text: str) -> bool:
    """Tell whether a comment is one of those that cheat people of money; spacing, pictures, full-width and
    traditional letters hide nothing."""
    text = text[:TEXT_LIMIT]
    if _HINTS.search(text) is None:
        return False
    return _FRAUDS.search(_plain(text)) is not None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()[: 2 * TEXT_LIMIT].translate(OLD_FORMS)
    return _NOISE.sub("", plain)
