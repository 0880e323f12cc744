"""``liveconsole share``: let other computers and phones of the studio join the room, and say who may."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import threading
from collections.abc import Sequence
from typing import Final

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.refusals import word
from liveconsole.messages.sharing import (
    AskState,
    GivenRole,
    ShareAct,
    ShareAllow,
    ShareAnswer,
    ShareClose,
    ShareCode,
    SharedSeatState,
    ShareOpen,
    ShareRefuse,
    ShareRevoke,
    SharingState,
)
from liveconsole.views.masks import plain_line

_LOOK_SECONDS: Final = 0.5
_ROLES: Final[dict[str, tuple[GivenRole, bool]]] = {
    "a": ("assistant", False),
    "f": ("assistant", True),
    "o": ("operator", True),
    "v": ("viewer", False),
}
_KINDS: Final = {"desk": "desk", "phone": "phone_kind", "tool": "tool_kind"}
_WORDS: Final = {
    "code": ("加入码（另一台电脑上运行 liveconsole join）", "Code (on the other computer: liveconsole join)"),
    "until": ("{minutes} 分钟内有效，只能用一次", "Good for {minutes} minutes, and once"),
    "phone": ("手机扫这个码", "A phone scans this"),
    "waits": (
        "等人加入。回车换一个加入码，Ctrl+C 退出（共享继续；--close 停止）",
        "Waiting. Enter makes a new code, Ctrl+C leaves (it stays shared; --close ends it)",
    ),
    "asks": (
        "{label}（{kind}，{address}）要加入，它的屏幕上是不是 {digits}？",
        "{label} ({kind}, {address}) asks. Does its screen say {digits}?",
    ),
    "choose": (
        "a 助理 · f 助理，可以开抢 · o 中控 · v 只看 · n 不让进：",
        "a assistant · f assistant who may fire · o operator · v viewer · n no: ",
    ),
    "in": ("{label} 进来了", "{label} is in"),
    "no": ("没让 {label} 进来", "{label} was sent away"),
    "desk": ("电脑", "computer"),
    "phone_kind": ("手机", "phone"),
    "tool_kind": ("采集工具，只发来发生了什么", "a tool, which posts what happened and nothing else"),
    "choose_tool": ("y 让它进来 · n 不让进：", "y let it in · n no: "),
    "unread": (
        "消息代理还没读到新名单：移除的席位在它那里可能还听得到（nats-server 要 2.10.4 以上）",
        "The broker has not read the new list: a removed seat may still hear there (nats-server >= 2.10.4)",
    ),
    "nobody": ("没有席位", "No seats"),
    "closed": ("没有共享", "Not shared"),
    "open": ("在 {address}:{port} 共享", "Shared at {address}:{port}"),
    "here": ("在线", "here"),
    "gone": ("不在", "away"),
    "unproved": ("还没装证书", "certificate not installed"),
}


def run(argv: Sequence[str]) -> int:
    """0: done; 1: the engine says no; 8: there is none; 9: not to this token."""
    args = parser().parse_args(argv)
    say = _Said(args.english)
    try:
        return asyncio.run(_share(args, say))
    except (BusError, OSError) as error:
        return complain(error)
    except KeyboardInterrupt:
        return Exit.OK


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole share", description=described(__doc__))
    add_engine_words(words)
    words.add_argument("--address", default="", help="which of this computer's addresses; else the usual one")
    words.add_argument("--keep", action="store_true", help="share again at the next start, and after it ends")
    words.add_argument("--no-phone", action="store_true", help="computers alone")
    words.add_argument("--english", action="store_true", help="in English")
    one = words.add_mutually_exclusive_group()
    one.add_argument("--list", action="store_true", help="who has a seat")
    one.add_argument("--revoke", metavar="ID", help="take a seat away")
    one.add_argument("--close", action="store_true", help="share no more; seats stay allowed")
    return words


class _Said:
    """Sentences in one language."""

    def __init__(self, english: bool) -> None:
        self.english = english

    def __call__(self, name: str, **params: object) -> str:
        return _WORDS[name][self.english].format(**params)

    def line(self, name: str, **params: object) -> None:
        sys.stdout.write(self(name, **params) + "\n")
        sys.stdout.flush()


async def _share(args: argparse.Namespace, say: _Said) -> int:
    async with await client_of(args, "host") as client:
        if args.list:
            _list((await client.share()).sharing, say)
            return Exit.OK
        if args.revoke is not None:
            return _answered(await client.share(ShareRevoke(args.revoke)), say)
        if args.close:
            return _answered(await client.share(ShareClose()), say)
        address = args.address
        if not address:
            offered = (await client.share()).addresses
            if not offered:
                return _answered(ShareAnswer(False, SharingState(), code="no_address"), say)
            address = offered[0].address
        opened = await client.share(ShareOpen(address, args.keep, not args.no_phone))
        if not opened.ok:
            return _answered(opened, say)
        if not opened.sharing.code:
            opened = await client.share(ShareCode())
        _show(opened.sharing, say)
        await _wait(client, say)
    return Exit.OK


def _answered(answer: ShareAnswer, say: _Said) -> int:
    if answer.ok:
        return Exit.OK
    sys.stderr.write(f"liveconsole: {word(answer.code, dict(answer.params), english=say.english)}\n")
    return Exit.FAILED


def _show(sharing: SharingState, say: _Said) -> None:
    import segno  # takes a moment, and most calls show none

    say.line("open", address=sharing.address, port=sharing.port)
    if sharing.phone:
        drawn = io.StringIO()
        segno.make(sharing.link, error="m").terminal(drawn, compact=True, border=2)
        sys.stdout.write(drawn.getvalue())
        say.line("phone")
    say.line("code")
    sys.stdout.write(f"\n    {sharing.code}\n\n")
    say.line("until", minutes=10)
    say.line("waits")


class _Typed:
    """Lines that somebody types, read beside the loop; ``None``: nobody types any more."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            while line := sys.stdin.readline():
                loop.call_soon_threadsafe(self._lines.put_nowait, line.strip().lower())
            loop.call_soon_threadsafe(self._lines.put_nowait, None)

        # A thread that the program's end does not wait for: it may stand in a read for ever.
        threading.Thread(target=read, name="typed lines", daemon=True).start()

    def lately(self) -> list[str | None]:
        """Return what was typed and not taken yet."""
        found = []
        while not self._lines.empty():
            found.append(self._lines.get_nowait())
        return found

    async def next(self) -> str | None:
        """Wait for a line."""
        return await self._lines.get()


async def _wait(client: Client, say: _Said) -> None:
    """Show who asks, one after the other, until it is shared no more or nobody types any more."""
    typed = _Typed()
    while True:
        sharing = (await client.share()).sharing
        if not sharing.open:
            say.line("closed")
            return
        before = typed.lately()  # what was typed before a question is no answer to it
        if sharing.asks:
            ask = sharing.asks[0]
            act = await _asked(ask, typed, say)
            if act is None:
                return
            if _answered(await client.share(act), say) == 0:
                say.line("no" if isinstance(act, ShareRefuse) else "in", label=_label(ask))
            continue
        if None in before:
            return
        if before:
            _show((await client.share(ShareCode())).sharing, say)
        await asyncio.sleep(_LOOK_SECONDS)


async def _asked(ask: AskState, typed: _Typed, say: _Said) -> ShareAct | None:
    kind, tool = say(_KINDS[ask.kind]), ask.kind == "tool"
    shown = f"{ask.digits[:3]} {ask.digits[3:]}"
    say.line("asks", label=_label(ask), kind=kind, address=ask.address, digits=shown)
    while True:
        sys.stdout.write(say("choose_tool" if tool else "choose"))
        sys.stdout.flush()
        answer = await typed.next()
        if answer is None:
            return None
        if answer == "n" or (answer == "y" if tool else answer in _ROLES):
            return _act(ask, answer)


def _label(ask: AskState) -> str:
    return plain_line(ask.label, 20) or "?"


def _act(ask: AskState, answer: str) -> ShareAct:
    """What was typed, as an act."""
    if answer == "n":
        return ShareRefuse(ask.id)
    if ask.kind == "tool":
        return ShareAllow(ask.id)
    role, fires = _ROLES[answer]
    return ShareAllow(ask.id, role, fires)


def _list(sharing: SharingState, say: _Said) -> None:
    if sharing.open:
        say.line("open", address=sharing.address, port=sharing.port)
    else:
        say.line("closed")
    if sharing.broker_unread:
        say.line("unread")
    if not sharing.seats:
        say.line("nobody")
    for seat in sharing.seats:
        sys.stdout.write(_row(seat, say) + "\n")


def _row(seat: SharedSeatState, say: _Said) -> str:
    role = seat.role + (" +fire" if seat.role == "assistant" and seat.may_fire else "")
    here = say("here" if seat.here else "gone")
    at = seat.last_word_at.astimezone().strftime("%m-%d %H:%M") if seat.last_word_at is not None else "—"
    proof = "" if seat.proved else f" · {say('unproved')}"
    return f"{seat.id}  {plain_line(seat.label, 20) or '—'}  {role}  {here}  {at}{proof}"
