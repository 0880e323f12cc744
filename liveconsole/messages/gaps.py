"""When a source of facts told nothing although it should have: on the wire, on the log and in words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Struct, field

from liveconsole.messages.fields import Id

LOST, SILENT, TAKEN, REFUSED, DOWN = "lost", "silent", "port_taken", "refused", "engine"

WHY: Final[dict[str, tuple[str, str]]] = {
    LOST: ("连接断了", "the connection was lost"),
    SILENT: ("连着却没有数据", "connected, and nothing came"),
    TAKEN: ("端口被别的程序占着", "another program held its port"),
    REFUSED: ("平台不让连", "the platform refused it"),
    DOWN: ("本机引擎没在运行", "the engine here was not running"),
}
"""Why → (zh, en); one that is not known says nothing."""


class SourceGap(Struct, frozen=True):
    """A source's gap: told without its end when it is seen, and with it once the source speaks again."""

    source: Id
    since: datetime = field(name="from")
    until: datetime | None = field(default=None, name="to")
    why: Annotated[str, msgspec.Meta(max_length=40)] = SILENT
    comments: bool = False
    """Comments were among what it used to tell."""


def why_words(why: str, *, english: bool = False) -> str:
    return WHY[why][english] if why in WHY else ""
