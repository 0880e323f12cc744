"""What a console's page receives → facts, by platform. Pure; whatever comes, it never raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from liveconsole.connectors.browser.mappings import douyin, taobao, wechat_channels, xiaohongshu
from liveconsole.connectors.wire import Mapped

BODY_LIMIT: Final = 4 << 20
"""Bytes of one body that is looked into."""
_Read = Callable[[str, bytes, str], Mapped]

READ: Final[dict[str, _Read]] = {
    "wechat_channels": wechat_channels.read,
    "douyin_shop": douyin.read,
    "buyin": douyin.read,
    "xiaohongshu": xiaohongshu.read,
    "taobao": taobao.read,
}
"""快手 is not among them: its comments are to be had only by changing the page's own script."""


def figures(platform: str, url: str, body: bytes) -> dict[str, int]:
    """The fields of a ``room.measured`` in one response; 视频号's page alone is known to be told of them."""
    return (
        wechat_channels.figures(url, body)
        if platform == "wechat_channels" and len(body) <= BODY_LIMIT
        else {}
    )


def told(platform: str, url: str, body: bytes, source: str) -> Mapped:
    """Return what one response, or one frame of a socket, holds."""
    read = READ.get(platform)
    if read is None or len(body) > BODY_LIMIT:
        return Mapped(passed_over=1)
    return read(url, body, source)
