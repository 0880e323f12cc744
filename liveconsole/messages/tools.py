"""The capture tools, and which platform each can watch: who may tell of the same room as another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_CHANNELS, _DOUYIN, _RED, _TAOBAO, _KUAISHOU, _BILI = (
    "channels",
    "douyin",
    "red",
    "taobao",
    "kuaishou",
    "bili",
)
_WATCHES: Final[dict[str, frozenset[str]]] = {
    "oba": frozenset({_CHANNELS, _DOUYIN, _RED, _TAOBAO, _KUAISHOU}),
    "wxlivespy": frozenset({_CHANNELS}),
    "douyin_grab": frozenset({_DOUYIN}),
    "dycast": frozenset({_DOUYIN}),
    "bilibili": frozenset({_BILI}),
    "browser/wechat_channels": frozenset({_CHANNELS}),
    "browser/douyin_shop": frozenset({_DOUYIN}),
    "browser/buyin": frozenset({_DOUYIN}),
    "browser/xiaohongshu": frozenset({_RED}),
    "browser/taobao": frozenset({_TAOBAO}),
}


@lru_cache(maxsize=512)
def tool_of(source: str) -> str:
    """``/oba/127.0.0.1:12354`` → oba; the console's page is one tool for each platform. Whoever is no capture
    tool is known by its own source."""
    parts = source.split("/", 3)
    if len(parts) < 3 or parts[0]:
        return source
    name = f"browser/{parts[2]}" if parts[1] == "browser" else parts[1]
    return name if name in _WATCHES else source


def is_tool(name: str) -> bool:
    return name in _WATCHES


def may_share(one: str, other: str) -> bool:
    """Tell whether two tools can watch the same room."""
    return one in _WATCHES and other in _WATCHES and not _WATCHES[one].isdisjoint(_WATCHES[other])
