"""Sources of facts: how the paths of our own begin, and what people call them, since nobody reads a path
(``/oba/comments``) aloud."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.connections import ConnectionName

SIMULATED: Final = "/rehearsal/"
"""Sources under this path are simulated; they never enter a real room."""
RECORDED: Final = "/tape/"
"""Under this path a recording is played."""
OF_CONNECTIONS: Final[dict[ConnectionName, str]] = {
    "shop": "/wechat_shop",
    "obs": "/obs",
    "browser": "/browser",
}
"""Connection → how the path begins under which it posts: a fact from there is proof that it works."""

NAMES: Final[dict[str, tuple[str, str]]] = {
    "comments": ("评论", "Comments"),
    "orders": ("订单", "Orders"),
    "rehearsal": ("排练", "Rehearsal"),
    "tape": ("录像", "Recording"),
    "oba": ("评论 · oba", "Comments · oba"),
    "wxlivespy": ("评论 · wxlivespy", "Comments · wxlivespy"),
    "douyin_grab": ("评论 · DouyinBarrageGrab", "Comments · DouyinBarrageGrab"),
    "dycast": ("评论 · dycast", "Comments · dycast"),
    "bilibili": ("评论 · B 站", "Comments · Bilibili"),
    "platform": ("平台", "Platform"),
    "obs": ("OBS", "OBS"),
    "wechat_shop": ("微信小店", "WeChat shop"),
    "browser": ("控制台页面", "Console page"),
    "screen": ("控制台大屏", "Console's big screen"),
    "tmall": ("订单表", "Order table"),
}
"""A part of a path → (zh, en); the last part that is known names the source."""
_NAMELESS: Final = ("未命名来源", "Unnamed source")


def tool_of(source: str) -> str:
    """Return the first part of a source's path: the tool or the connection that it is of. It needs no slash
    before it, and more than one is as good."""
    return source.strip("/").partition("/")[0]


_OWN: Final = frozenset(map(tool_of, (*OF_CONNECTIONS.values(), RECORDED)))


def is_own(source: str) -> bool:
    """Tell whether a source is one of the engine's own connections, by path or name, or a recording."""
    return tool_of(source) in _OWN or source in OF_CONNECTIONS


def source_words(source: str, *, english: bool = False) -> str:
    """Return a source's name; one that is not known keeps the first part of its own."""
    parts = [part for part in source.split("/") if part]
    for part in reversed(parts):
        if part in NAMES:
            return NAMES[part][english]
    return parts[0] if parts else _NAMELESS[english]
