"""Her shop's face between this computer and its rooms: what was set here is told to each room once, and what
a room was given elsewhere is remembered here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from liveconsole import tasks
from liveconsole.messages.rights import may
from liveconsole.messages.shop import ShopFace
from ui.seat import shop_kept
from ui.seat.seat import Answer, Frame, Seat
from ui.seat.session import Mode, Role
from ui.seat.shop_kept import KeptShop
from ui.seat.told import as_told


class ShopFaceBetween:
    """Lives as long as the seat. ``kept`` is asked anew each time: the first window may have changed it."""

    def __init__(
        self, seat: Seat, base: Path, mode: Mode, role: Role, save: Callable[[KeptShop, bytes | None], object]
    ) -> None:
        self._seat, self._base, self._mode, self._role, self._save = seat, base, mode, role, save
        self._seen: ShopFace | None = None
        self._busy = False

    def tell_again(self) -> None:
        """It was changed here while the seat is taken."""
        self._seen = None

    def frame(self, frame: Frame) -> None:
        """A state came."""
        if frame.state is None or self._busy or (self._seen is not None and "room" not in frame.moved):
            return
        face, kept = frame.state.room.shop_face, shop_kept.load(self._base)
        first, self._seen = self._seen is None, face
        if first and self._mode in kept.untold and may(self._role, "room.set"):
            self._busy = True
            tasks.spawn(self._tell(kept, face), name="tell the shop's face")
        elif face != kept.face and not (face.is_blank and first):
            tasks.spawn(self._remember(face, kept), name="remember the shop's face")

    async def _tell(self, kept: KeptShop, there: ShopFace) -> None:
        try:
            picture = shop_kept.logo(self._base) if kept.face.logo and kept.face.logo != there.logo else None
            answer = await tell(self._seat, kept.face, picture)
        finally:
            self._busy = False
        if answer.ok:
            told = answer.result.get("settings", {}).get("shop_face") or msgspec.to_builtins(kept.face)
            face = as_told(told, ShopFace) or kept.face
            self._seen = face
            self._save(KeptShop(face, [mode for mode in kept.untold if mode != self._mode]), None)

    async def _remember(self, face: ShopFace, kept: KeptShop) -> None:
        logo = None
        if face.logo and face.logo != kept.face.logo:
            logo = await self._seat.picture(face.logo, 480)
        self._save(KeptShop(face, [mode for mode in shop_kept.MODES if mode != self._mode]), logo)


async def tell(seat: Seat, face: ShopFace, picture: bytes | None) -> Answer:
    """Let the engine keep the logo, where it is another one, and set the face."""
    logo = face.logo
    if picture is not None:
        kept = await seat.keep_picture(picture)
        if not kept.ok:
            return kept
        logo = str(kept.result["sha256"])
    data = {"name": face.name, "logo": logo, "accent": face.accent}
    return await seat.ask("room.set", {"shop_face": data})
