"""What the log says, for tests of the desk: events as a seat's stream brings them, up to one fixed moment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 22, 12, 16, 36, 400_000, tzinfo=UTC)
"""20:16:36 in China: the moment at which the rooms of `tests.ui.rooms` stand."""


def wire(moment: datetime) -> str:
    """A time as it stands on the wire."""
    return moment.isoformat(timespec="milliseconds")


_NAMES = [
    "糖糖",
    "云朵妈妈",
    "阿强",
    "Linda",
    "晚风",
    "用户8823",
    "一只小鹿",
    "momo",
    "南方姑娘",
    "Jun",
    "茶茶",
    "北北",
    "小王",
    "林姐",
    "陈陈",
]
_SAID = [
    "驼色好看",
    "身高165体重52戴会不会太长？",
    "去年那条戴到现在",
    "1",
    "灰色什么时候补货呀",
    "第一次来，主播声音好好听",
    "可以和大衣合并发货吗",
    "已拍，蹲个福袋",
    "给妈妈带一条",
    "想看上身效果，转一圈～",
    "起球吗？去年买的别家起球了",
    "什么时候发货",
    "有没有黑色",
]


def comment(
    seq: int, text: str, *, name: str = "糖糖", viewer: str = "", at: datetime = NOW
) -> dict[str, Any]:
    """A committed comment."""
    return {
        "seq": seq,
        "type": "comment.posted",
        "at": wire(at),
        "actor": "producer",
        "source": "/oba/comments",
        "id": str(seq),
        "data": {"viewer": {"id": viewer or f"p-{name}", "name": name}, "text": text},
    }


def event(seq: int, type_: str, data: dict[str, Any], *, at: datetime = NOW) -> dict[str, Any]:
    """A committed event of any type."""
    return {"seq": seq, "type": type_, "at": wire(at), "actor": "producer", "data": data}


def order(seq: int, order_id: str, sku_id: str, fen: int, *, at: datetime = NOW) -> dict[str, Any]:
    """A committed order of one unit, without a nickname, as 视频号 sends it."""
    line = {"sku_id": sku_id, "quantity": 1, "unit_price_fen": fen}
    data = {"order_id": order_id, "buyer": {"id": "p-b", "name": ""}, "lines": [line], "total_fen": fen}
    return event(seq, "order.placed", data, at=at)


def busy(count: int, *, rate: int = 48, seed: int = 7, repeats: bool = True) -> Iterator[dict[str, Any]]:
    """``count`` events that end at ``NOW``, ``rate`` a second; without ``repeats`` nothing is said twice."""
    chance = random.Random(seed)
    start = NOW - timedelta(seconds=count / rate)
    for index in range(count):
        at, seq = start + timedelta(seconds=index / rate), 60365 - count + index
        dice = chance.random()
        name = chance.choice(_NAMES)
        if repeats and dice < 0.06:
            yield order(seq, f"o-{seq}", chance.choice(["scarf", "scarf", "beret"]), 9900, at=at)
        elif repeats and dice < 0.065:
            yield order(seq, f"o-{seq}", "coat", 128000, at=at)
        elif repeats and dice < 0.10:
            yield event(seq, "viewer.entered", {"viewer": {"id": f"p-{name}", "name": name}}, at=at)
        elif repeats and dice < 0.11:
            gift = {
                "viewer": {"id": f"p-{name}", "name": name},
                "gift": "小心心",
                "count": 3,
                "value_fen": 30,
            }
            yield event(seq, "gift.sent", gift, at=at)
        else:
            text = chance.choice(_SAID) if repeats else f"{chance.choice(_SAID)} {index}"
            yield comment(seq, text, name=name, viewer=f"p{chance.randrange(3000)}", at=at)
