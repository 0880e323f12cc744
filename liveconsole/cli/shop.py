"""``liveconsole shop``: connect a 微信小店 to a running room, see what of it answers, fetch its orders now.

The secret is typed at a prompt, or read from stdin where that is no terminal: never from the
command line. What the shop's API is like is known from its documents alone: 未在真实店铺上验证.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.connection_acts import CheckedPart, ConnectionSaid
from liveconsole.messages.connection_words import connection_words
from liveconsole.messages.connection_words.shop import ASKED

_UNPROVED: Final = ("未在真实店铺上验证", "Not yet proved on a real shop")
_CONNECT_SECONDS: Final = 20.0
_LOOK: Final = 0.5


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole shop", description=described(__doc__))
    deeds = words.add_subparsers(dest="deed", required=True)
    connect = deeds.add_parser("connect", help="hand in the secret and follow the shop")
    connect.add_argument("--appid", required=True, metavar="ID", help="AppID of the shop")
    connect.add_argument("--poll", type=int, default=8, metavar="S", help="seconds between two looks (5…60)")
    connect.add_argument("--assistant-appid", default="", metavar="ID", help="AppID of 视频号助手")
    connect.add_argument("--relay", default="", metavar="URL", help="a `liveconsole relay` of yours")
    check = deeds.add_parser("check", help="what of the shop answers, each by itself")
    sync = deeds.add_parser("sync", help="fetch what changed since, now")
    for deed in (connect, check, sync):
        add_engine_words(deed)
        deed.add_argument("--english", action="store_true", help="in English")
        deed.add_argument("--json", action="store_true", help="the answer as it came")
    return words


def run(argv: Sequence[str]) -> int:
    """0; 1 where the shop does not answer, or not to all; 8 or 9 where no engine does, or not to
    this token."""
    args = parser().parse_args(argv)
    try:
        secrets = _typed(args) if args.deed == "connect" else {}
        return asyncio.run(_run(args, secrets))
    except (BusError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        return complain(error)


async def _run(args: argparse.Namespace, secrets: dict[str, str]) -> int:
    async with await client_of(args, "host") as client:
        if args.deed == "connect":
            refused = await _connect(client, args, secrets)
            if refused is not None:
                return _refused(args, refused)
            answer = await _first_check(client)
        else:
            answer = await client.act("shop", args.deed)
    return _told(args, answer)


def _typed(args: argparse.Namespace) -> dict[str, str]:
    """The secrets, one a line: of the shop, then of 视频号助手 where its appid was named."""
    names = ["secret", "assistant_secret"] if args.assistant_appid else ["secret"]
    if sys.stdin.isatty():
        found = {name: getpass.getpass(f"{name}: ").strip() for name in names}
    else:
        found = {name: sys.stdin.readline(4_096).strip() for name in names}
    return {name: value for name, value in found.items() if value}


async def _connect(
    client: Client, args: argparse.Namespace, secrets: dict[str, str]
) -> dict[str, Any] | None:
    """Hand in and set; what was refused, else None."""
    if secrets:
        await client.keep_secret("wechat_shop", secrets)
    shop = {"kind": "wechat_shop", "appid": args.appid, "poll_seconds": args.poll}
    if args.assistant_appid:
        shop["assistant_appid"] = args.assistant_appid
    if args.relay:
        shop["relay"] = args.relay
    answer = await client.command("room.set", {"shop": shop})
    return None if answer["ok"] else answer


async def _first_check(client: Client) -> ConnectionSaid:
    """The connection is made by the engine in its own time."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _CONNECT_SECONDS
    while True:
        try:
            answer = await client.act("shop", "check")
            if answer.code != "connecting" or loop.time() > until:
                return answer
        except BusError:
            if loop.time() > until:
                raise
        await asyncio.sleep(_LOOK)


def _refused(args: argparse.Namespace, answer: dict[str, Any]) -> int:
    sys.stderr.write(f"{answer['code']}: {answer['text']}\n")
    return Exit.FAILED


def _told(args: argparse.Namespace, answer: ConnectionSaid) -> int:
    well = answer.ok
    if args.json:
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
        return Exit.OK if well else Exit.FAILED
    for one in answer.answers or ():
        name = ASKED.get(one.name, (one.name,) * 2)[args.english]
        sys.stdout.write(f"{name}: {_sentence(args, one)}\n")
    if args.deed == "sync" and well:
        said = f"{answer.facts} new" if args.english else f"新到 {answer.facts} 条"
        sys.stdout.write(said + "\n")
    elif not well and not answer.answers:
        sys.stdout.write(_sentence(args, answer) + "\n")
    if args.deed == "connect":
        sys.stdout.write(_UNPROVED[args.english] + "\n")
    return Exit.OK if well else Exit.FAILED


def _sentence(args: argparse.Namespace, one: ConnectionSaid | CheckedPart) -> str:
    if one.ok:
        return "ok" if args.english else "正常"
    said = connection_words("shop", one.code, one.params, english=args.english)
    rid = one.params.get("rid")
    return f"{said} (rid {rid})" if rid else said
