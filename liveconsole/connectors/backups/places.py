"""Where backups lie: a folder, a WebDAV server, or a service that speaks S3. Each puts a file there whole,
tells how large what lies there is, and takes one away."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote

import aiohttp
from aws_request_signer import AwsRequestSigner

from liveconsole.messages.backups import BackupPlan

BYTES_A_SECOND: Final = 8 * 1024 * 1024
"""As fast as one is sent: an upload is not what a shop's line is for."""
CHUNK: Final = 256 * 1024
ANSWER_SECONDS: Final = 60.0
"""A server that says nothing for so long is not there."""
_GONE: Final = 404


class BackupError(Exception):
    """It did not work: a code of `messages.backups.WHY`, and what of it."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


class BackupPlace(Protocol):
    """Raises BackupError throughout. A file that is to be taken away and is gone already is no error."""

    async def ready(self) -> None: ...

    async def put(self, file: Path, name: str) -> None: ...

    async def size(self, name: str) -> int | None: ...

    async def remove(self, name: str) -> None: ...


def place_of(plan: BackupPlan, secrets: Mapping[str, str], data: Path) -> BackupPlace:
    """Return where a plan's backups go; ``data``: the data folder, which they never lie in."""
    if plan.to == "folder":
        return FolderPlace(Path(plan.place), data)
    password = secrets.get("password", "")
    if plan.to == "s3":
        if not password:
            raise BackupError("no_password")
        return S3Place(plan, password)
    if plan.user and not password:
        raise BackupError("no_password")
    return WebDavPlace(plan, password)


class FolderPlace:
    """A folder that is there already: one that is not may be a drive that is not plugged in."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder, self._data = folder, data

    async def ready(self) -> None:
        await asyncio.to_thread(self._ready)

    async def put(self, file: Path, name: str) -> None:
        await asyncio.to_thread(self._put, file, name)

    async def size(self, name: str) -> int | None:
        path = self._folder / name
        return await asyncio.to_thread(lambda: path.stat().st_size if path.exists() else None)

    async def remove(self, name: str) -> None:
        await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)

    def _ready(self) -> None:
        here, data = self._folder.resolve(), self._data.resolve()
        if here == data or data in here.parents:
            raise BackupError("inside_data")
        if not self._folder.is_absolute() or not self._folder.is_dir():
            raise BackupError("folder_gone", self._folder.name)

    def _put(self, file: Path, name: str) -> None:
        self._ready()
        part = self._folder / f".{name}.part"
        try:
            with file.open("rb") as read, part.open("wb") as out:
                shutil.copyfileobj(read, out, CHUNK)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._folder / name)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BackupError("cannot_write", error.strerror or type(error).__name__) from error


class _HttpPlace:
    """What both kinds of servers have in common."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    async def ready(self) -> None:
        """A server says at the file itself whether it takes it."""

    async def put(self, file: Path, name: str) -> None:
        digest, size = await asyncio.to_thread(_digest, file)
        async with self._session() as session:
            url = self._url(name)
            headers = {"Content-Length": str(size), **self._headers("PUT", url, digest)}
            await self._ask(session, "PUT", url, headers, _slowly(file))

    async def size(self, name: str) -> int | None:
        async with self._session() as session:
            url = self._url(name)
            answer = await self._ask(session, "HEAD", url, self._headers("HEAD", url, _EMPTY), gone=True)
        return None if answer is None else int(answer.get("Content-Length", -1))

    async def remove(self, name: str) -> None:
        async with self._session() as session:
            url = self._url(name)
            await self._ask(session, "DELETE", url, self._headers("DELETE", url, _EMPTY), gone=True)

    def _url(self, name: str) -> str:
        return f"{self._base}/{quote(name)}"

    def _headers(self, method: str, url: str, digest: str) -> dict[str, str]:
        raise NotImplementedError

    def _session(self) -> aiohttp.ClientSession:
        wait = aiohttp.ClientTimeout(total=None, sock_connect=ANSWER_SECONDS, sock_read=ANSWER_SECONDS)
        return aiohttp.ClientSession(timeout=wait, auto_decompress=False)

    @staticmethod
    async def _ask(
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: AsyncIterator[bytes] | None = None,
        *,
        gone: bool = False,
    ) -> Mapping[str, str] | None:
        """The answer's headers; None where nothing lies there. No redirect is followed: a password would go
        along."""
        try:
            async with session.request(
                method, url, headers=headers, data=body, allow_redirects=False
            ) as answer:
                if gone and answer.status == _GONE:
                    return None
                if answer.status >= 300:
                    raise BackupError("refused", f"HTTP {answer.status}")
                return answer.headers
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise BackupError("unreachable", type(error).__name__) from error


class WebDavPlace(_HttpPlace):
    """A folder of a WebDAV server, which is there already."""

    def __init__(self, plan: BackupPlan, password: str) -> None:
        super().__init__(plan.place)
        said = base64.b64encode(f"{plan.user}:{password}".encode()).decode()
        self._said = {"Authorization": f"Basic {said}"} if plan.user else {}

    def _headers(self, method: str, url: str, digest: str) -> dict[str, str]:
        return dict(self._said)


class S3Place(_HttpPlace):
    """A bucket, addressed by its path: every service that speaks S3 takes that. Every request is signed
    (AWS signature 4), its content's hash included."""

    def __init__(self, plan: BackupPlan, secret: str) -> None:
        super().__init__(f"{plan.place.rstrip('/')}/{quote(plan.bucket)}")
        self._signer = AwsRequestSigner(plan.region, plan.user, secret, "s3")

    def _headers(self, method: str, url: str, digest: str) -> dict[str, str]:
        signed: dict[str, str] = self._signer.sign_with_headers(method, url, {}, digest)
        return signed


_EMPTY: Final = hashlib.sha256(b"").hexdigest()


def _digest(file: Path) -> tuple[str, int]:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest(), file.stat().st_size


async def _slowly(file: Path) -> AsyncIterator[bytes]:
    """The file in pieces, no faster than `BYTES_A_SECOND`."""
    with file.open("rb") as read:
        while piece := await asyncio.to_thread(read.read, CHUNK):
            yield piece
            await asyncio.sleep(len(piece) / BYTES_A_SECOND)
