"""``liveconsole join CODE``: ask for a seat in a room of another computer, and open the desk on it."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liveconsole.bus.joining import Joining, NotJoined, SeatCredential, free_name, keep, settled
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.joining import BadCode, label_of
from liveconsole.messages.refusals import TEXTS, word
from liveconsole.paths import data_folder

_WORDS: Final = {
    "typo": ("加入码不对：少了或错了字", "That is no code: letters are missing or wrong"),
    "version": (
        "加入码来自更新的版本，先升级这台电脑",
        "The code is of a newer version: upgrade this computer",
    ),
    "unreachable": (
        "连不上那台电脑：是不是在同一个网络里，它的防火墙拦没拦",
        "That computer cannot be reached: is it in the same network, and does its firewall let it through?",
    ),
    "stranger": (
        "在那里答话的不是加入码里的电脑，什么也没有发给它",
        "Who answers there is not the computer of the code; nothing was sent to it",
    ),
    "digits": (
        "两边算出的数字不一样，有人在中间",
        "The two sides reckon other digits: somebody is in between",
    ),
    "compare": (
        "主机屏幕上应该是同样的六位数字：{digits}。等它同意…",
        "The other screen must show the same six digits: {digits}. Waiting for its yes…",
    ),
    "refused": ("对方没有同意", "It was refused"),
    "expired": ("没人答，过时了", "Nobody answered in time"),
    "allowed": (
        "进来了：{role}。下次直接 liveconsole --seat {name}",
        "You are in: {role}. Next time: liveconsole --seat {name}",
    ),
    "tool": (
        "进来了，只能发来发生了什么。现在：你的工具 | liveconsole publish --seat {name}",
        "In, to post what happened and nothing else. Now: your-tool | liveconsole publish --seat {name}",
    ),
    "over": ("走消息代理 {url}", "Over the broker {url}"),
}


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole join", description=described(__doc__))
    words.add_argument("code", metavar="CODE", help="as the other screen shows it; - reads it from stdin")
    words.add_argument("--label", default="", help="what the host sees; else this computer's name")
    words.add_argument("--name", default="", help="under which it is kept here; else studio, of a tool tool")
    words.add_argument("--data", type=Path, metavar="DIR", help="where it is kept")
    words.add_argument(
        "--tool", action="store_true", help="for a program that posts what happened, and sees nothing"
    )
    words.add_argument("--no-desk", action="store_true", help="keep it, and open no desk")
    words.add_argument("--english", action="store_true", help="in English")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it joined (and the desk was closed again); 1: it did not."""
    args = parser().parse_args(argv)
    typed = sys.stdin.readline() if args.code == "-" else args.code
    base, english = data_folder(args.data), bool(args.english)
    try:
        credential = asyncio.run(_join(typed, args, base, english))
    except (BadCode, NotJoined) as error:
        return _complain(error.why, english)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"liveconsole: {error}\n")
        return Exit.FAILED
    if credential is None:
        return Exit.FAILED
    if args.no_desk or args.tool:
        return Exit.OK
    from liveconsole.cli import main  # the desk comes late, and by name

    return main(["open", "--seat", credential.name, "--data", str(base)])


async def _join(typed: str, args: argparse.Namespace, base: Path, english: bool) -> SeatCredential | None:
    label = args.label or label_of(platform.node())
    async with Joining(typed, label, "tool" if args.tool else "desk") as joining:
        shown = await joining.ask()
        _say("compare", english, digits=f"{shown.digits[:3]} {shown.digits[3:]}")
        while (answer := await joining.answer()).status == "waiting":
            pass  # the other side holds each of these for 25 s
        if answer.status != "allowed":
            _complain(answer.status, english)
            return None
        name = await asyncio.to_thread(free_name, args.name or ("tool" if args.tool else "studio"), base)
        credential = joining.credential(name, answer)
        await asyncio.to_thread(keep, credential, base)
        credential, why = await settled(credential, answer)
        await asyncio.to_thread(keep, credential, base)
        if args.tool:
            _say("tool", english, name=name)
        else:
            _say("allowed", english, role=credential.role, name=name)
        if credential.nats:
            _say("over", english, url=credential.nats)
        elif why:
            _complain(why, english)
        return credential


def _say(what: str, english: bool, **params: str) -> None:
    sys.stdout.write(_WORDS[what][english].format(**params) + "\n")
    sys.stdout.flush()


def _complain(why: str, english: bool) -> int:
    said = _WORDS[why][english] if why in _WORDS else word(why, {}, english=english) if why in TEXTS else why
    sys.stderr.write(f"liveconsole: {said}\n")
    return Exit.FAILED
