"""Backups on a schedule: where they go and when, and how the last one did.

The recovery code and passwords are never among these (`liveconsole.credentials`).
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

KEEP_MOST: Final = 365
_Word = Annotated[str, msgspec.Meta(max_length=200)]

_ADDRESS: Final = re.compile(
    r"(https?)://([^\s/@?#:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[^\s?#@]*)?"
)
"""Scheme and host, with no name, password, query or fragment."""

WHY: Final[dict[str, tuple[str, str]]] = {
    "no_code": (
        "还没有恢复码：在这台电脑上运行 liveconsole backup --code，抄下来",
        "No recovery code yet: run liveconsole backup --code on this computer and write it down",
    ),
    "inside_data": (
        "备份文件夹在数据文件夹里面：硬盘坏了两份一起没",
        "The backup folder lies inside the data folder: one broken disk would take both",
    ),
    "folder_gone": ("备份文件夹不在了：{detail}", "The backup folder is not there: {detail}"),
    "cannot_write": ("备份写不进去：{detail}", "The backup cannot be written: {detail}"),
    "no_room": (
        "这台电脑的硬盘放不下备份和试恢复：还要空出 {detail} MB",
        "The disk has no room for a backup and its trial: {detail} MB more are wanted",
    ),
    "not_whole": ("试着恢复没有成功：{detail}", "The trial restore failed: {detail}"),
    "key_unavailable": ("拿不到数据的密钥：{detail}", "The key of the data cannot be read: {detail}"),
    "no_password": ("没有存这个地址的密码", "No password is kept for this address"),
    "refused": ("对方不接受（{detail}）", "The other side refuses it ({detail})"),
    "unreachable": ("连不上：{detail}", "It cannot be reached: {detail}"),
    "differs": (
        "放上去的和这里的不一样大：{detail}",
        "What arrived is not as large as what was sent: {detail}",
    ),
    "failed": ("备份没有做成：{detail}", "The backup failed: {detail}"),
}
"""Why a backup failed → (zh, en)."""


class BackupPlan(Struct, frozen=True):
    """``room.set backup``. ``to``: a folder of this computer, or an address by WebDAV or S3.

    Raises:
        ValueError: the place is none of that.
    """

    to: Literal["folder", "webdav", "s3"]
    place: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
    """The folder, the address of the folder at the WebDAV server, or that of the S3 service."""
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 5
    """Every day from this hour of this computer's clock on; while a broadcast is on it waits for its end."""
    after_broadcast: bool = True
    keep: Annotated[int, msgspec.Meta(ge=1, le=KEEP_MOST)] = 14
    """So many stay; older ones are taken away, others' files never."""
    user: _Word = ""
    """Of WebDAV; of S3 the id of the access key."""
    bucket: _Word = ""
    region: _Word = "us-east-1"

    def __post_init__(self) -> None:
        if self.to == "folder":
            return
        said = _ADDRESS.fullmatch(self.place)
        if said is None:
            raise ValueError("place: an address that begins with https:// is wanted, without a password")
        if said[1] == "http" and not _near(said[2]):
            raise ValueError("place: beyond this house an address begins with https://")
        if self.to == "s3" and not (self.bucket and self.user):
            raise ValueError("bucket and user are wanted for S3")


def _near(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


class BackupDone(Struct, frozen=True):
    """A backup that was made, put where it belongs and restored once to try it."""

    name: str
    at: datetime
    bytes: int
    events: int
    """Whose chain was verified in the restored copy."""
    head: str = ""
    """Of the log, hex: what `verify-log --head` takes behind ``events``."""


class BackupFailed(Struct, frozen=True):
    """One of ``WHY``, since when it fails, and when it was tried last."""

    why: str
    detail: str
    since: datetime
    at: datetime
    times: int = 1

    def said(self, *, english: bool = False) -> str:
        """Return the reason as a sentence."""
        return WHY.get(self.why, WHY["failed"])[english].format(detail=self.detail)


class BackupState(Struct, frozen=True):
    """How backups do; ``last`` None: none was ever made of this room here."""

    to: Literal["folder", "webdav", "s3"]
    last: BackupDone | None = None
    failed: BackupFailed | None = None
    """None: the last try went well."""
    running: bool = False
