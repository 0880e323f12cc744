"""The way to an engine by HTTP and WebSocket: over loopback with a proof, or over TLS to a shared room."""

from __future__ import annotations

import contextlib
import hmac
import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Final

import aiohttp
import msgspec

from liveconsole.bus.errors import Denied, EngineGone, error_of
from liveconsole.bus.out_of_time import CLOCK, is_out_of_time
from liveconsole.bus.wire import SEAT_REMOVED, Json, WireAnswer, health_in
from liveconsole.messages.refusals import word

_TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=5)
_FAR_TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=1.5, sock_read=6)
"""Over a network that may be cut at any moment: a frozen connection is given up soon."""
_HEARTBEAT: Final = 20.0
_FAR_HEARTBEAT: Final = 3.0
_STREAM_MAX: Final = 256 * 1024 * 1024
"""A frame is no larger than `bounds.FRAME_BYTES` or one event; a draw of an older version had all of its
entrants in one."""
_ANSWER_MOST: Final = _STREAM_MAX
"""Bytes of an answer, unpacked: whoever answers there may be anybody until he has proved who he is."""


def proof_of(proof_key: str, nonce: str) -> str:
    """HMAC-SHA256 hex of ``nonce``: what only a reader of the owner-only engine.json can know."""
    return hmac.new(proof_key.encode(), nonce.encode(), "sha256").hexdigest()


class HttpWire:
    """See `wire.Wire`. The server is asked for its proof before the token is sent the first time, and after
    every lost connection."""

    def __init__(
        self, url: str, token: str, proof_key: str | None = None, *, trusted: ssl.SSLContext | None = None
    ) -> None:
        """``trusted``: what an engine that is shared over TLS is known by."""
        self.url = url.rstrip("/")
        self._trusted = trusted
        self._token = token
        self._proof_key = proof_key
        self._proved = proof_key is None
        self._session: aiohttp.ClientSession | None = None
        self._introduced = ""
        self._stream: aiohttp.ClientWebSocketResponse | None = None

    @property
    def far(self) -> bool:
        return self._trusted is not None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @property
    def late(self) -> bool:
        return False

    async def health(self) -> Json:
        nonce = secrets.token_hex(16)
        answer = await self._send("GET", "/v1/health", {"nonce": nonce}, None, {})
        if answer.status != 200:
            raise error_of(*answer)
        body = health_in(answer.body)
        if self._proof_key is not None:
            if not hmac.compare_digest(str(body.get("proof", "")), proof_of(self._proof_key, nonce)):
                raise EngineGone("who answers there is not our engine")
            self._proved = True
        return body

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WireAnswer:
        await self._prove()
        return await self._send(method, path, params, data, {**(headers or {}), **self._auth()})

    async def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        data: bytes | None,
        headers: Mapping[str, str],
    ) -> WireAnswer:
        try:
            async with self._open().request(
                method, self.url + path, params=params, data=data, headers=headers, allow_redirects=False
            ) as response:
                return WireAnswer(response.status, await self._whole(response), response.headers)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._proved = self._proof_key is None
            raise self._nobody(error) from error

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        parts, length = [], 0
        async for part in response.content.iter_any():
            parts.append(part)
            length += len(part)
            if length > _ANSWER_MOST:
                raise EngineGone(f"what answers at {self.url} says more than an engine does")
        return b"".join(parts)

    async def introduce(self, said: str) -> None:
        self._introduced = said
        if self._stream is not None and not self._stream.closed:
            with contextlib.suppress(ConnectionError):  # the stream itself tells that it has ended
                await self._stream.send_str(said)

    async def stream(self, after: int) -> AsyncIterator[list[Json]]:
        await self._prove()
        try:
            async with self._open().ws_connect(
                f"{self.url}/v1/stream",
                params={"after": str(after)},
                headers=self._auth(),
                heartbeat=_HEARTBEAT if self._trusted is None else _FAR_HEARTBEAT,
                max_msg_size=_STREAM_MAX,
                autoclose=True,
            ) as socket:
                self._stream = socket
                if self._introduced:
                    await socket.send_str(self._introduced)
                while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                    yield msgspec.json.decode(message.data)
                if message.type is aiohttp.WSMsgType.CLOSE and message.data == SEAT_REMOVED:
                    raise Denied("seat_removed", "", 401)
        except aiohttp.WSServerHandshakeError as error:
            if error.status in (401, 403):
                code = "unauthorized" if error.status == 401 else "forbidden"
                raise Denied(code, "", error.status) from error
            self._proved = self._proof_key is None
            raise self._nobody(error) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._proved = self._proof_key is None
            raise self._nobody(error) from error
        self._proved = self._proof_key is None
        raise EngineGone("the stream ended")

    def _nobody(self, error: Exception) -> EngineGone:
        """The address, and what the system says of it, in words of ours."""
        why = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
        said = (why.strerror if isinstance(why, OSError) else "") or str(why) or type(why).__name__
        if is_out_of_time(error):
            said = word(CLOCK, {})
        return EngineGone(f"no engine answers at {self.url} ({said})")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # trust_env stays off: a proxy of the user's must never see a loopback token.
            connector = aiohttp.TCPConnector(ssl=self._trusted) if self._trusted is not None else None
            timeout = _TIMEOUT if self._trusted is None else _FAR_TIMEOUT
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=False, connector=connector)
        return self._session

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _prove(self) -> None:
        if not self._proved:
            await self.health()
