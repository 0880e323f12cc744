"""Her shop's face as this computer remembers it, for the first window and for rooms that do not know it yet.

``shop.json`` and ``shop-logo.png`` in the data folder.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import msgspec

from liveconsole import paths
from liveconsole.messages.bounds import PICTURE_BYTES
from liveconsole.messages.shop import ShopFace
from liveconsole.messages.unreadable import UNREADABLE
from ui.seat.session import Mode

MODES: Final[tuple[Mode, ...]] = ("rehearsal", "manual", "tape")


class KeptShop(msgspec.Struct, frozen=True):
    """``untold``: the rooms of this computer that have not been told of it since it changed."""

    face: ShopFace = ShopFace()
    untold: list[Mode] = []


def load(base: Path) -> KeptShop:
    """What is remembered; an empty face where there is no file or it cannot be read."""
    try:
        return msgspec.json.decode((base / "shop.json").read_bytes(), type=KeptShop)
    except (OSError, *UNREADABLE):
        return KeptShop()


def save(base: Path, kept: KeptShop, logo: bytes | None = None) -> None:
    """Write it whole; ``logo`` only where it is another one. A folder that cannot be written remembers
    nothing."""
    with contextlib.suppress(OSError):
        paths.own_folder(base)
        if logo is not None:
            paths.write_own(base / "shop-logo.png", logo)
        paths.write_own(base / "shop.json", msgspec.json.encode(kept))


def logo(base: Path) -> bytes | None:
    """The picture of the remembered logo."""
    try:
        with (base / "shop-logo.png").open("rb") as file:
            return file.read(PICTURE_BYTES)
    except OSError:
        return None
