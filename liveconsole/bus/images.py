"""Pictures at the door: ``PUT /v1/images``, ``GET /v1/images/SHA`` and ``/overlay/images/SHA``.

What is served was made by us, is named by its hash and never changes: it may be kept by who asks.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from aiohttp import web

from liveconsole.bus import decode
from liveconsole.bus.http import ErrorAnswer, json_answer, read_body
from liveconsole.bus.port import RoomPort
from liveconsole.intake.pictures.reading import MIDDLE, SMALL, NoPicture, kind_of_picture
from liveconsole.messages.bounds import PICTURE_BYTES
from liveconsole.messages.refusals import word

IMAGES: Final = "/v1/images"
OF_OVERLAY: Final = "/overlay/images/"
ONE_IMAGE: Final = f"{IMAGES}/"
_SHA: Final = re.compile("[0-9a-f]{64}")
_SIDES: Final = {"": 0, str(SMALL): SMALL, str(MIDDLE): MIDDLE}
_TOO_LARGE: Final = frozenset({"picture_too_large", "too_many_pixels"})
_HEADERS: Final = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class ImageServer:
    """Answers for pictures; who may ask was looked at before."""

    def __init__(self, room: RoomPort) -> None:
        self._room = room

    async def put(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Keep the picture in the body, or the one at the address that a JSON body names (``{"url"}``)."""
        body = await read_body(request, PICTURE_BYTES, _too_large)
        try:
            if request.content_type == "application/json":
                sha = await self._room.pictures.take_from(_url(request, body))
            else:
                sha = await self._room.pictures.take(body)
        except NoPicture as error:
            status = 413 if error.code in _TOO_LARGE else 400
            raise ErrorAnswer(status, error.code, word(error.code, error.params)) from error
        return json_answer(msgspec.json.encode({"sha256": sha}))

    async def get(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Return one picture."""
        sha = request.path.rpartition("/")[2]
        side = _SIDES.get(request.query.get("size", ""))
        if side is None:
            raise ErrorAnswer(400, "bad_shape", detail="size")
        body = await self._room.pictures.of(sha, side) if _SHA.fullmatch(sha) else None
        if body is None:
            raise ErrorAnswer(404, "not_found")
        return web.Response(body=body, content_type=kind_of_picture(body), headers=_HEADERS)


def _url(request: web.BaseRequest, body: bytes) -> str:
    try:
        url = decode.read_object(request.headers.get("Content-Type", ""), body).get("url")
    except decode.UnreadableBody as error:
        raise ErrorAnswer(400, error.code, error.text) from error
    if not isinstance(url, str) or not 1 <= len(url) <= 2000:
        raise ErrorAnswer(400, "bad_shape", detail="url")
    return url


def _too_large() -> ErrorAnswer:
    params = {"limit": PICTURE_BYTES // (1024 * 1024)}
    text = word("picture_too_large", params)
    return ErrorAnswer(413, "picture_too_large", text, headers={"Connection": "close"})
