"""Comments that lure viewers off the platform: contacts, other shops, addresses.

A sign for the person at the desk, no verdict: what is done about it is theirs.
"""

from __future__ import annotations

import re
from typing import Final

from liveconsole.messages.text import TEXT_LIMIT, normalise

_NOISE: Final = re.compile(
    r"[\s\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff.,，。·•、!！~～*_\-—|/\\'\"“”()（）\[\]【】]+"
)
_PLACE: Final = (
    "(?:v信|v❤|vx|wx|weixin|微信|薇信|威信|徽信|维信|微❤|薇❤|扣扣|qq|企鹅号|电报|telegram|whatsapp)"
)
_OTHER: Final = "(?:某宝|淘宝|天猫|拼多多|pdd|某多多|抖音|快手|某音|京东|咸鱼|闲鱼|1688|小红书|公众号)"
_LURES: Final = re.compile(
    "|".join(
        (
            f"(?:加|\\+|➕|佳|家我|私|联系|找我){{1,2}}.{{0,4}}{_PLACE}",
            # Latin names of places stand alone; crying (quqqqq, qaq) is no address, and a QQ is a number
            f"(?<![a-z0-9]){_PLACE}(?:号|群)?(?:是|[:：])?(?:(?<!qq)[a-z0-9]{{5,}}|\\d{{5,}})",
            "(?:加|佳|\\+|➕)(?:我|一下)?(?:[v薇](?!领)|微(?![信波量调]))",
            "(?:qq群|扣群|群号|进群|加群)[:：]?\\d{5,}",
            "(?:私聊|私信|滴滴|私)我.{0,8}(?:便宜|低价|更低|返现|返利|货源|一手|优惠)",
            "(?:便宜|低价|更低|返现|返利|货源|一手).{0,8}(?:私聊|私信|滴滴|加)我",
            f"(?:来|去|到|上|看).{{0,2}}(?:我的|我们|我家|俺|我).{{0,3}}(?:直播间|店铺|小店|店里|{_OTHER})",
            f"{_OTHER}.{{0,3}}(?:搜|搜索)",
            f"{_OTHER}.{{0,4}}(?:更便宜|便宜一半|只要|才卖)",
            "(?<!\\d)1[3-9]\\d{9}(?!\\d)",
        )
    )
)
_ADDRESS: Final = re.compile(
    r"https?://|www\.|(?<![a-z0-9-])[a-z0-9][a-z0-9-]{0,40}\."
    r"(?:com|cn|net|top|xyz|shop|vip|cc|me|link)(?![a-z])",
    re.IGNORECASE,
)
_HINTS: Final = re.compile(
    r"[vVwWqQ薇微威徽维+＋➕加佳私群宝多店搜抖快扣企电京闲咸滴公.．。]|[ａ-ｚＡ-Ｚ０-９]|\d{11}|小红|便宜|直播间|我家|telegram"
)


def lures(text: str) -> bool:
    """Tell whether a comment invites people elsewhere; spacing, full-width and zero-width letters hide
    nothing."""
    text = text[:TEXT_LIMIT]
    if _HINTS.search(text) is None and text.isprintable():
        return False
    plain = normalise(text).lower()[: 2 * TEXT_LIMIT]  # one letter may become eighteen
    return _ADDRESS.search(plain) is not None or _LURES.search(_NOISE.sub("", plain)) is not None
