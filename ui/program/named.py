"""Whether what the command line names is there: a kept seat, a token, an engine. Asked before Qt loads."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from liveconsole.exits import Exit
from ui.seat import elsewhere

if TYPE_CHECKING:
    from ui.program.start import Options

_PATIENCE: Final = 8.0
"""Seconds that an engine elsewhere has for its first answer."""
_SHOWN: Final = 5


class NotThere(NamedTuple):
    """Why no desk is opened: what the program ends with, and the words in Chinese and in English."""

    code: Exit
    words: tuple[str, str]


def not_there(options: Options) -> NotThere | None:
    """Return why what is named cannot be joined; None where it can, or where nothing is named.

    Blocks on the disk, and for some seconds on the network where an address is given.
    """
    if options.seat:
        return _seat(options.seat, options.data)
    if not options.url or options.token_file is None:
        return None
    try:
        token = options.token_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as why:
        said = getattr(why, "strerror", None) or type(why).__name__
        file = options.token_file
        return NotThere(Exit.USAGE, (f"{file}：读不出来（{said}）", f"{file}: {said}"))
    return asyncio.run(_asked(options.url, token))


def _seat(name: str, base: Path) -> NotThere | None:
    if elsewhere.load(name, base) is not None:
        return None
    names = [one.name for one in elsewhere.kept(base)][:_SHOWN]
    zh = f"（有的是：{'、'.join(names)}）" if names else ""
    en = f" (there are: {', '.join(names)})" if names else ""
    return NotThere(
        Exit.USAGE,
        (
            f"这台电脑上没有席位 {name!r}{zh}：用主播给的码加入，liveconsole join 码",
            f"no seat {name!r} is kept here{en}: join with the host's code, liveconsole join CODE",
        ),
    )


async def _asked(url: str, token: str) -> NotThere | None:
    from liveconsole.bus.client import Client
    from liveconsole.bus.errors import BusError, Denied, EngineGone
    from liveconsole.messages.refusals import TEXTS

    try:
        async with asyncio.timeout(_PATIENCE), Client(url, token) as client:
            await client.state_body()
    except Denied as why:
        zh, en = TEXTS.get(why.code, (str(why), str(why)))
        return NotThere(Exit.DENIED, (f"{url}：{zh}", f"{url}: {en}"))
    except (EngineGone, TimeoutError) as why:
        said = str(why) or f"no answer within {_PATIENCE:g} s"
        return NotThere(Exit.NO_ENGINE, (f"{url}：连不上引擎，看看地址，引擎开了没有", said))
    except BusError:
        return None  # it is there and lets us in; what it has to say the desk says
    return None
