"""What the bench posts: CloudEvents of a busy live shop, encoded before any clock runs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import msgspec

KEYWORD: Final = "冲鸭"
KEYWORD_SHARE: Final = 0.1
VIEWERS: Final = 20_000
BATCH: Final = 500
TYPE: Final = "application/cloudevents-batch+json"

TOOLS: Final = ("/oba/bench", "/wxlivespy/bench", "/douyin_grab/bench", "/dycast/bench", "/bilibili/bench")

_SAID: Final = (
    "1", "扣1", "主播身高体重多少", "160斤穿什么码", "什么时候发货", "有黑色吗", "面料起球吗", "七天无理由吗",
    "这件和上一件哪个显瘦", "已拍", "拍了两件，尽快发货哦", "运费险有吗", "再上点库存", "刚来，讲到几号了",
    "3号链接再讲一下", "主播今天好好看", "没抢到[流泪]", "能便宜点吗", "小个子能穿吗", "满减怎么算的呀",
    "回购第三次了，质量真的可以", "孕妇能用吗", "保质期到什么时候", "和旗舰店一样的吗", "😂😂😂", "来了来了",
)  # fmt: skip

_encode = msgspec.json.Encoder().encode


def comment(rng: random.Random, source: str, number: int) -> dict[str, Any]:
    """One comment; one in ten says the keyword, and one in three is a text nobody said before."""
    viewer = rng.randrange(VIEWERS)
    if rng.random() < KEYWORD_SHARE:
        text = KEYWORD
    else:
        text = rng.choice(_SAID)
        if rng.random() < 1 / 3:
            text += f" {rng.randrange(10**6)}"
    return {
        "specversion": "1.0",
        "id": str(number),
        "source": source,
        "type": "comment.posted",
        "time": "2026-11-11T20:00:00+08:00",
        "data": {"viewer": {"id": f"wx{viewer:08d}", "name": f"用户{viewer}"}, "text": text},
    }


def bodies(count: int, *, source: str = "/bench/comments", batch: int = BATCH, seed: int = 7) -> list[bytes]:
    """``count`` comments in posts of ``batch``, each event with an id of its own."""
    rng = random.Random(seed)
    return [
        _encode([comment(rng, source, number) for number in range(first, min(first + batch, count))])
        for first in range(0, count, batch)
    ]


def storm(count: int, *, batch: int, seed: int = 13) -> list[bytes]:
    """``count`` comments as five capture tools post them in turn, each with the platform's own id."""
    rng = random.Random(seed)
    posts = []
    for first in range(0, count, batch):
        source = TOOLS[first // batch % len(TOOLS)]
        events = []
        for number in range(first, min(first + batch, count)):
            event = comment(rng, source, number)
            event["data"]["message_id"] = f"{source[1:4]}{number:020}"
            event["data"]["viewer"]["name"] += source
            events.append(event)
        posts.append(_encode(events))
    return posts


def endless(source: str, batch: int, *, seed: int = 11) -> Iterator[bytes]:
    """Posts of ``batch`` comments for as long as they are asked for."""
    rng = random.Random(seed)
    number = 0
    while True:
        yield _encode([comment(rng, source, number + place) for place in range(batch)])
        number += batch
