"""An OBS's WebSocket server on loopback around a `Studio`, with what can go wrong on the way."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from liveconsole.tasks import spawn
from tests.worlds.obs.studio import No, Studio


class FakeObs:
    """`start` listens, on the port of before where there was one. ``hung``: takes requests and answers none;
    ``mute``: says nothing after Hello, and counts the ``farewells`` that it heard; ``loading``: answers 207;
    ``junk``: frames sent before each answer; ``late``: closes with this code in
    place of Identified. ``tries`` counts the sessions that were begun."""

    def __init__(self, studio: Studio | None = None, password: str = "") -> None:
        self.studio = studio or Studio()
        self.password = password
        self.port = 0
        self.tries = 0
        self.wrong = 0
        self.hung = False
        self.mute = False
        self.muted = self.farewells = 0
        self.loading = False
        self.junk: list[str] = []
        self.late = 0
        self._salt = ""
        self._sockets: list[web.WebSocketResponse] = []
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> FakeObs:
        self._salt = base64.b64encode(secrets.token_bytes(32)).decode()
        app = web.Application()
        app.router.add_get("/", self._session)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.studio.told = self._tell
        return self

    async def stop(self, code: int = 1001) -> None:
        """As when OBS is closed."""
        await self.close_sessions(code)
        self.studio.told = lambda *_: None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def close_sessions(self, code: int) -> None:
        for socket in list(self._sockets):
            await socket.close(code=code)

    @property
    def sessions(self) -> int:
        return len(self._sockets)

    def _tell(self, event: str, data: dict[str, Any], intent: int) -> None:
        said = {"op": 5, "d": {"eventType": event, "eventIntent": intent, "eventData": data}}
        for socket in self._sockets:
            spawn(_send(socket, json.dumps(said)), name="fake obs: tells")

    async def _session(self, request: web.Request) -> web.WebSocketResponse:
        self.tries += 1
        socket = web.WebSocketResponse(protocols=("obswebsocket.json",))
        await socket.prepare(request)
        challenge = base64.b64encode(secrets.token_bytes(32)).decode()
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.5.2", "rpcVersion": 1}
        if self.password:
            hello["authentication"] = {"challenge": challenge, "salt": self._salt}
        await socket.send_json({"op": 0, "d": hello})
        if not await self._identified(socket, challenge):
            return socket
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._answer(socket, json.loads(message.data)["d"])
        finally:
            self._sockets.remove(socket)
        return socket

    async def _identified(self, socket: web.WebSocketResponse, challenge: str) -> bool:
        said = await socket.receive()
        if said.type is not WSMsgType.TEXT:
            return False
        if self.mute:
            self.muted += 1
            self.farewells += (await socket.receive()).type is WSMsgType.CLOSE
            return False
        if self.late:
            await socket.close(code=self.late)
            return False
        if self.password and json.loads(said.data)["d"].get("authentication") != _proof(
            self.password, self._salt, challenge
        ):
            self.wrong += 1
            await socket.close(code=4009, message=b"Authentication failed.")
            return False
        await socket.send_json({"op": 2, "d": {"negotiatedRpcVersion": 1}})
        return True

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        if self.hung:
            return
        for junk in self.junk:
            await socket.send_str(junk)
        status: dict[str, Any] = {"result": True, "code": 100}
        answered: dict[str, Any] | None = None
        try:
            if self.loading and asked["requestType"] != "GetVersion":
                raise No(207, "OBS is not ready to perform the request.")
            answered = self.studio.answer(asked["requestType"], asked.get("requestData") or {})
        except No as no:
            status = {"result": False, "code": no.status, "comment": no.comment}
        said = {"requestType": asked["requestType"], "requestId": asked["requestId"], "requestStatus": status}
        if answered:
            said["responseData"] = answered
        await socket.send_json({"op": 7, "d": said})


async def _send(socket: web.WebSocketResponse, text: str) -> None:
    with suppress(ConnectionError):  # closed meanwhile
        await socket.send_str(text)


def _proof(password: str, salt: str, challenge: str) -> str:
    once = base64.b64encode(hashlib.sha256((password + salt).encode()).digest()).decode()
    return base64.b64encode(hashlib.sha256((once + challenge).encode()).digest()).decode()
