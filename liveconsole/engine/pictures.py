"""Pictures on their way into the store, and which of them are shown.

They are read one at a time beside the loop: a photograph takes a hundred megabytes while it is unpacked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, TypeVar

import msgspec

from liveconsole.domain.room import Room
from liveconsole.engine import kept_answers
from liveconsole.engine.core import RoomCore
from liveconsole.intake.pictures import fetching
from liveconsole.intake.pictures.reading import MIDDLE, SMALL, NoPicture, read_picture
from liveconsole.messages.bounds import FETCHES, PICTURES
from liveconsole.messages.inputs import CommandAnswer, CommandInput, NotTaken
from liveconsole.messages.refusals import Refused, word
from liveconsole.messages.rights import MAY
from liveconsole.store.errors import StoreBroken, StoreError
from liveconsole.store.reader import PictureSize, Reader
from liveconsole.store.store import Store

_AT_ONCE: Final = 4
_SHA: Final = re.compile("[0-9a-f]{64}")
_PUTS: Final = "catalogue.put"
_SIZES: Final[dict[int, PictureSize]] = {SMALL: "small", MIDDLE: "middle", 0: "whole"}
T = TypeVar("T")


class StoreView(Protocol):
    """Looks at the room on the store's thread."""

    def __call__(self, look: Callable[[RoomCore], T]) -> Awaitable[T]: ...


class StoreRead(Protocol):
    """Reads the store on the reading thread."""

    def __call__(self, look: Callable[[Reader], T]) -> Awaitable[T]: ...


class Pictures:
    """Takes pictures in and gives them out. ``broken`` is told where the disk failed to keep one; ``fetch``
    brings what lies at an address."""

    def __init__(
        self,
        store: Store,
        view: StoreView,
        read: StoreRead,
        broken: Callable[[Exception], None],
        fetch: Callable[[str], Awaitable[bytes]] = fetching.fetch,
    ) -> None:
        self._store, self._view, self._read, self._broken = store, view, read, broken
        self.fetch = fetch
        self._reading = asyncio.Lock()
        self._fetching = asyncio.Semaphore(_AT_ONCE)

    async def of(self, sha256: str, side: int) -> bytes | None:
        """Return a kept picture, at most ``side`` pixels long (0: as it is kept); None: there is none."""
        size = _SIZES[side]
        return await self._read(lambda reader: reader.picture(sha256, size))

    async def take(self, body: bytes) -> str:
        """Keep the picture in these bytes and return its hash; on disk when this returns.

        Raises:
            NoPicture: it is not taken.
            NotTaken: it cannot be written now.
        """
        async with self._reading:
            picture = await asyncio.to_thread(read_picture, body)
        try:
            kept = await self._view(
                lambda core: self._store.keep_picture(picture, shown(core.room), PICTURES)
            )
        except StoreBroken as error:
            self._broken(error)
            raise NotTaken("engine_stopped") from error
        except StoreError as error:
            raise NotTaken("cannot_write", str(error)) from error
        if not kept:
            raise NoPicture("too_many_pictures", limit=PICTURES)
        return picture.sha256

    async def take_from(self, url: str) -> str:
        """Keep the picture that lies at an address; it is asked this once."""
        async with self._fetching:
            body = await self.fetch(url)
        return await self.take(body)

    async def fetched(self, command: CommandInput) -> CommandInput | CommandAnswer:
        """Return a ``catalogue.put`` with hashes in place of addresses, or why one of them is not to be
        had; every other command as it is. What is no good shape, and who may not, is left to the rules."""
        if command.type != _PUTS or command.type not in MAY.get(command.role, ()):
            return command
        products = command.data.get("products") if isinstance(command.data, dict) else None
        urls = {_url_of(one): one for one in products} if isinstance(products, list) else {}
        urls.pop("", None)
        if not urls or await self._view(lambda core: bool(self._store.answers([command.id]))):
            return command
        if len(urls) > FETCHES:
            return _no(Refused("too_many_fetches", {"limit": FETCHES}))
        found = await asyncio.gather(*map(self.take_from, urls), return_exceptions=True)
        kept: dict[str, str] = {}
        for (url, product), came in zip(urls.items(), found, strict=True):
            if isinstance(came, NoPicture):
                why = word(came.code, came.params)
                about = {"product_id": str(product.get("product_id")), "why": why}
                title = product.get("title")
                named = {"product": title} if isinstance(title, str) and title else {}
                return _no(Refused("bad_image", about | named))
            if isinstance(came, BaseException):
                raise came
            kept[url] = came
        data = {**command.data, "products": [_with_hash(one, kept) for one in products or ()]}
        return msgspec.structs.replace(command, data=data)


def _no(refused: Refused) -> CommandAnswer:
    return CommandAnswer(False, kept_answers.no(refused), refused.code)


def _url_of(product: Any) -> str:
    image = product.get("image") if isinstance(product, dict) else None
    return image if isinstance(image, str) and fetching.is_address(image) else ""


def _with_hash(product: Any, kept: dict[str, str]) -> Any:
    sha = kept.get(_url_of(product))
    return product if sha is None else {**product, "image": sha}


def shown(room: Room) -> frozenset[str]:
    """Return the hashes that products of the room, and its shop, show."""
    images = (
        room.settings.shop_face.logo,
        *(product.sent.get("image") for product in room.products.values()),
    )
    licences = (
        one.get("image")
        for product in room.products.values()
        for one in product.sent.get("qualifications") or ()
        if isinstance(one, dict)
    )
    return frozenset(
        image for image in (*images, *licences) if isinstance(image, str) and _SHA.fullmatch(image)
    )
