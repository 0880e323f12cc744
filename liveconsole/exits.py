"""What a command says by its exit code: one table, told by ``liveconsole --help`` and docs/commands.md."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The number that a command ends with; no command has a number of its own.

    `verify_draw` and `verify_evidence` run without the program and say the same numbers by themselves.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    TAKEN = 3
    NO_KEY = 4
    UNVERIFIED = 5
    NEWER = 6
    UPDATE = 7
    NO_ENGINE = 8
    DENIED = 9
    INTERRUPTED = 130


MEANINGS: Final[dict[Exit, tuple[str, str]]] = {
    Exit.OK: ("做完了", "done"),
    Exit.FAILED: (
        "没做成，或没有全部做成；错误输出里写着原因",
        "not done, or not all of it; why stands on stderr",
    ),
    Exit.USAGE: (
        "命令写得不对，或给的文件读不出",
        "the command line is wrong, or a file that it names cannot be read",
    ),
    Exit.TAKEN: (
        "已经有一个在这个数据目录（或端口）上运行",
        "another one runs on this data folder or port already",
    ),
    Exit.NO_KEY: (
        "拿不到密钥或令牌：先解锁本用户的钥匙串，或恢复备份",
        "the key or token is not to be had: unlock this user's keyring, or restore a backup",
    ),
    Exit.UNVERIFIED: (
        "没有发现错，但有一处没能核对（verify-draw）",
        "nothing is wrong, and something could not be checked (verify-draw)",
    ),
    Exit.NEWER: (
        "数据是更新版本的程序写的：什么都没有动，请装新版本",
        "a newer version of the program wrote the data: nothing was touched, install that one",
    ),
    Exit.UPDATE: ("有新版本（update）", "there is a newer version (update)"),
    Exit.NO_ENGINE: (
        "那里没有引擎应答：没有启动，地址不对，或者网络不通",
        "no engine answers there: none was started, the address is wrong, or the network",
    ),
    Exit.DENIED: ("令牌不对，或这个角色不能做这件事", "a wrong token, or one whose role may not do this"),
    Exit.INTERRUPTED: ("被 Ctrl+C 打断", "broken off by Ctrl+C"),
}
"""Chinese and English. What a signal ends says 128 + the signal's number, as every program does."""


def table(*, english: bool) -> str:
    """Return the table as lines of text, a code a line."""
    return "".join(f"  {code:<4} {MEANINGS[code][english]}\n" for code in Exit)
