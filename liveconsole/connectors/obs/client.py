"""One session with OBS: identified, then questions and answers by their ids, and events as they come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import aiohttp
import msgspec

from liveconsole.connectors.obs import wire
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

_T = TypeVar("_T")

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 3.0
READY_SECONDS: Final = 20.0
"""For so long OBS may load before this session is given up."""
_PAUSE: Final = 0.25
_WAITING: Final = 100
"""Questions without an answer yet; nobody here asks so many at once."""

Heard = Callable[[str, dict[str, Any]], None]
Sleep = Callable[[float], Awaitable[object]]


class ObsError(Exception):
    """OBS did not do it; ``code`` is one of `connection_words.obs`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code, self.params = code, params


class ObsRefused(ObsError):
    """It answered no, by a status of its own list or of a newer one."""

    def __init__(self, request: str, status: wire.ObsStatus) -> None:
        super().__init__("refused", request=request, status=status.code, comment=status.comment[:200])
        self.status = status.code


class ObsGone(ObsError):
    """The session is over, or never began; ``closed`` is the code that OBS closed it with."""

    def __init__(self, code: str, closed: int | None = None) -> None:
        super().__init__(code)
        self.closed = closed


class ObsClient:
    """A session as `session` gives it. ``salt`` is that of OBS's server: another one, another run of it."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, salt: str, heard: Heard, sleep: Sleep
    ) -> None:
        self.salt = salt
        self._socket, self._heard, self._sleep = socket, heard, sleep
        self._asked: dict[str, asyncio.Future[wire.ObsAnswer]] = {}
        self._number = 0
        self._over: ObsGone | None = None
        self.over = asyncio.Event()
        self.unreadable = 0

    async def ask(self, request: str, **data: Any) -> dict[str, Any]:
        """Ask once and return what was answered; while OBS loads it is asked again, as it did nothing.

        Raises:
            ObsRefused: it says no.
            ObsGone: there is no answer any more, or none came in time; it may have been done all the same.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + READY_SECONDS
        while True:
            answer = await self._once(request, data)
            status = answer.request_status
            if status.result:
                return answer.response_data or {}
            if status.code != wire.NOT_READY:
                raise ObsRefused(request, status)
            if loop.time() > until:
                raise ObsGone("loading")
            await self._sleep(_PAUSE)

    async def _once(self, request: str, data: dict[str, Any]) -> wire.ObsAnswer:
        if self._over is not None:
            raise self._over
        if len(self._asked) >= _WAITING:
            raise ObsGone("silent")
        self._number += 1
        id_ = str(self._number)
        answered = self._asked[id_] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._socket.send_str(wire.request(request, id_, data))
                answer: wire.ObsAnswer = await answered
                return answer
        except TimeoutError:
            raise ObsGone("silent") from None
        except (ConnectionError, aiohttp.ClientError):
            raise ObsGone("away") from None
        finally:
            del self._asked[id_]

    async def read(self) -> None:
        """Read until OBS closes; whoever waits for an answer then hears why there is none."""
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                self._take(message.data)
        finally:
            self._over = _gone(self._socket.close_code)
            for waiting in self._asked.values():
                if not waiting.done():
                    waiting.set_exception(self._over)
            self.over.set()

    def why_over(self) -> ObsGone:
        return self._over or ObsGone("away")

    def _take(self, data: str) -> None:
        """A frame of no usable shape, and an answer nobody waits for, are passed over."""
        try:
            frame = wire.read_frame(data)
            if frame.op == wire.RESPONSE:
                answer = msgspec.convert(frame.d, wire.ObsAnswer)
                waiting = self._asked.get(answer.request_id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer)
            elif frame.op == wire.EVENT:
                event = msgspec.convert(frame.d, wire.ObsEvent)
                self._heard(event.event_type, event.event_data or {})
        except UNREADABLE as why:
            self.unreadable += 1
            if self.unreadable == 1:
                log.warning("OBS sent what cannot be read: %s", type(why).__name__)


@asynccontextmanager
async def session(
    address: str, password: str, heard: Heard, *, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[ObsClient]:
    """Connect and identify.

    Raises:
        ObsGone: nobody there, something else there, no password where one is wanted, or a wrong one.
    """
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as http:
        socket, salt = await _opened(http, address, password)
        client = ObsClient(socket, salt, heard, sleep)
        reading = spawn(client.read(), name="obs: read")
        try:
            yield client
        finally:
            await cancel_all([reading])
            await _farewell(socket)


async def _opened(
    http: aiohttp.ClientSession, address: str, password: str
) -> tuple[aiohttp.ClientWebSocketResponse, str]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await http.ws_connect(
                f"ws://{address}", protocols=(wire.PROTOCOL,), heartbeat=20, max_msg_size=wire.FRAME_LIMIT
            )
            try:
                return socket, await _identified(socket, password)
            except BaseException:
                await _farewell(socket)
                raise
    except aiohttp.ClientResponseError:
        raise ObsGone("not_obs") from None
    except TimeoutError:
        raise ObsGone("silent") from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise ObsGone("away") from None


async def _identified(socket: aiohttp.ClientWebSocketResponse, password: str) -> str:
    """Return the salt."""
    hello = _read(await socket.receive(), wire.HELLO, socket, wire.ObsHello)
    if hello.authentication is not None and not password:
        raise ObsGone("no_secret")
    await socket.send_str(wire.identify(hello, password))
    _read(await socket.receive(), wire.IDENTIFIED, socket, dict)
    return hello.authentication.salt if hello.authentication is not None else ""


async def _farewell(socket: aiohttp.ClientWebSocketResponse) -> None:
    """A hung OBS answers none, and nobody waits for one."""
    closing = spawn(socket.close(), name="obs: close")
    await asyncio.wait([closing], timeout=_PAUSE)
    await cancel_all([closing])


def _read(
    message: aiohttp.WSMessage, op: int, socket: aiohttp.ClientWebSocketResponse, type_: type[_T]
) -> _T:
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise _gone(socket.close_code, early=True)
    try:
        frame = wire.read_frame(message.data)
        if frame.op == op:
            return msgspec.convert(frame.d, type_)
    except UNREADABLE:
        pass
    raise ObsGone("not_obs")


def _gone(closed: int | None, *, early: bool = False) -> ObsGone:
    codes = {wire.WRONG_PASSWORD: "wrong_password", wire.KICKED: "kicked", 4010: "too_old"}
    other = "not_obs" if early and closed is not None and 4000 <= closed < 5000 else "away"
    return ObsGone(codes.get(closed or 0, other), closed)
