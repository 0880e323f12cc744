"""A WebDAV server and a service that speaks S3, as small as what a backup asks of them. The second reckons
every signature anew by the published rule, and shares no code with the program."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import quote

from aiohttp import web

USER: Final = "shop"
SECRET: Final = "s3cr3t/with+signs"
REGION: Final = "cn-north-1"
BUCKET: Final = "backups"


class FileServer:
    """``files`` by path. ``broken``: a status that is answered to every PUT; ``cuts``: keeps less than it
    was sent and says yes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.broken = 0
        self.cuts = False
        self.turned_away = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.knows(request, body):
            self.turned_away += 1
            return web.Response(status=403)
        path = request.path
        if request.method == "PUT":
            if self.broken:
                return web.Response(status=self.broken)
            self.files[path] = body[:-1] if self.cuts else body
            return web.Response(status=201)
        if path not in self.files:
            return web.Response(status=404)
        if request.method == "DELETE":
            del self.files[path]
            return web.Response(status=204)
        return web.Response(body=self.files[path])

    def knows(self, request: web.Request, body: bytes) -> bool:
        raise NotImplementedError

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self.url
        finally:
            await runner.cleanup()


class WebDavServer(FileServer):
    def knows(self, request: web.Request, body: bytes) -> bool:
        said = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {said}"


class S3Server(FileServer):
    def knows(self, request: web.Request, body: bytes) -> bool:
        """AWS signature 4, from the request as it came over the wire."""
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(",")) if rest else {}
        digest = request.headers.get("x-amz-content-sha256", "")
        if scheme != "AWS4-HMAC-SHA256" or digest != hashlib.sha256(body).hexdigest():
            return False
        names = said["SignedHeaders"].split(";")
        if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names):
            return False
        lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        whole = "\n".join(
            (request.method, quote(request.path), request.query_string, lines, ";".join(names), digest)
        )
        at = request.headers["x-amz-date"]
        user, _, scope = said["Credential"].partition("/")
        if user != USER or scope != f"{at[:8]}/{REGION}/s3/aws4_request":
            return False
        signed = "\n".join(("AWS4-HMAC-SHA256", at, scope, hashlib.sha256(whole.encode()).hexdigest()))
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(hmac.digest(key, signed.encode(), "sha256").hex(), said["Signature"])
