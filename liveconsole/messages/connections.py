"""The outside worlds that a room is connected to: what is set for each, and how it does.

A secret is never among these (`liveconsole.credentials`): settings stand on the log and in the state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

ConnectionName = Literal["shop", "obs", "browser"]
CONNECTIONS: Final[tuple[ConnectionName, ...]] = ("shop", "obs", "browser")
"""``room.set`` has a field of each of these names."""
Part = Literal["pins", "sales", "coupons", "bags", "orders"]
"""What a connection does for the room: starts promotions of a kind (`Capabilities`), or tells of orders."""
ConnectionPlatform = Literal["wechat_channels", "douyin_shop", "buyin", "xiaohongshu", "taobao", "kuaishou"]

OBS_FIELDS: Final = ("number", "title", "price", "list_price", "left", "shop")
"""What a template of `ObsConnection.texts` may name, in braces: what viewers see on the overlay."""

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_HostPort = Annotated[
    str,
    msgspec.Meta(max_length=200, pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s/@?#:\[\]]+):[0-9]{1,5}$"),
]
"""Without a name and a password in it, which an address may have too."""
_When = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^(idle|pin|(kind|segment):.+)$")]
_Line = Annotated[str, msgspec.Meta(max_length=1_000)]


class ShopConnection(Struct, frozen=True):
    """``room.set shop``: 微信小店 by its API. ``assistant_appid`` is that of 视频号助手, whose token the big
    screen asks for; ``relay`` the address of a `liveconsole relay` that keeps what the platform pushes."""

    kind: Literal["wechat_shop"]
    appid: _Word
    poll_seconds: Annotated[int, msgspec.Meta(ge=5, le=60)] = 8
    assistant_appid: _Line = ""
    relay: _Line = ""


class ObsConnection(Struct, frozen=True):
    """``room.set obs``: OBS by obs-websocket 5 at ``address`` (host:port).

    ``scenes``: when → scene, where *when* is ``kind:KIND`` (such a promotion is on air), ``segment:ID`` or
    ``segment:TITLE`` (of the rundown), ``pin`` (a product is explained) or ``idle`` (nothing is); the
    first of these that holds is shown, of kinds that of the latest promotion. ``texts``: text source →
    template (`OBS_FIELDS`). ``chapters``: a chapter of the recording for each product that is explained.
    """

    address: _HostPort = "127.0.0.1:4455"
    scenes: Annotated[dict[_When, _Word], msgspec.Meta(max_length=100)] = {}
    texts: Annotated[dict[_Word, _Line], msgspec.Meta(max_length=50)] = {}
    chapters: bool = False


class BrowserConnection(Struct, frozen=True):
    """``room.set browser``: the user's own console page. ``page``: its address, where the map has none.

    Nothing is opened before ``consent``: that the platform's terms may forbid it, and the account is theirs.
    """

    platform: ConnectionPlatform
    page: _Line = ""
    consent: bool = False


_Figure = int | UnsetType | None


class ConnectionFigures(Struct, frozen=True):
    """What is counted of a connection: None where nobody knows it, not there where this one has no such
    figure (`known`)."""

    calls_minute: _Figure = UNSET
    """Of the shop, as are the five that follow."""
    quota_left: _Figure = UNSET
    """Calls of the path that has the fewest left today."""
    waiting: _Figure = UNSET
    """Orders and after-sales that are still to be read."""
    orders: _Figure = UNSET
    broken: _Figure = UNSET
    pushes: _Figure = UNSET
    rows: _Figure = UNSET
    """Of the console page, as are the five that follow: the products that it shows."""
    pressed: _Figure = UNSET
    received: _Figure = UNSET
    facts: _Figure = UNSET
    missed: _Figure = UNSET
    orders_without_amount: _Figure = UNSET
    """Different ones that the page was told of without an amount; None: of none ever."""
    streaming: _Figure = UNSET
    """Of OBS, as is all that follows. What is or is not is 1 or 0."""
    reconnecting: _Figure = UNSET
    stream_began: _Figure = UNSET
    """In Unix milliseconds by the room's clock."""
    congestion_percent: _Figure = UNSET
    dropped_frames: _Figure = UNSET
    total_frames: _Figure = UNSET
    recording: _Figure = UNSET
    record_paused: _Figure = UNSET
    record_began: _Figure = UNSET
    """In Unix milliseconds by the room's clock."""
    chapters: _Figure = UNSET


NO_FIGURES: Final = ConnectionFigures()


def known(figure: int | UnsetType | None) -> int | None:
    """Return a figure; None where nobody knows it, or the connection has no such one."""
    return None if isinstance(figure, UnsetType) else figure


class ConnectionState(Struct, frozen=True, omit_defaults=True):
    """How a connection does now (``health.connections``); ``state`` and ``code`` are of an open list, worded
    in `connection_words`."""

    state: str
    since: datetime | None = None
    code: str = ""
    params: dict[str, Any] = {}
    last_at: datetime | None = None
    """When the other side was heard last."""
    cannot: list[Part] = []
    """What it cannot do just now: a person does it."""
    figures: ConnectionFigures = NO_FIGURES
    picture: str | None = None
    """The hash of a kept picture of what the other side showed, for the seats alone."""


QUOTA_LOW: Final = 500
"""So few calls of today's left are said before a broadcast."""


_SALES_BY_SHOP: Final[dict[str, bool]] = {"manual": False, "browser": False, "wechat_shop": True}
_WITH: Final[dict[tuple[bool, bool], str]] = {
    (False, False): "manual",
    (False, True): "browser",
    (True, False): "wechat_shop",
    (True, True): "wechat_shop",
}


def sales_by_shop(platform: str) -> bool | None:
    """Tell whether a connected shop makes the sales and coupons of a room on this platform; None where no
    connection does anything, as in a rehearsal."""
    return _SALES_BY_SHOP.get(platform)


def platform_with(*, sales: bool, pins: bool) -> str:
    """Return the platform of a room whose shop makes the sales, and whose console page is pressed, or not."""
    return _WITH[sales, pins]


class ConnectionTold(Struct, frozen=True):
    """``connection.told``, by the connection itself: what it cannot do from now on, and why. Told when that
    changes; until it was told once, it can."""

    name: ConnectionName
    cannot: Annotated[list[Part], msgspec.Meta(max_length=len(Part.__args__))] = []
    code: _Line = ""
