"""A real browser on one page, driven by its DevTools protocol: what OBS does with the overlay."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from liveconsole.tasks import spawn
from tests.services import may_skip

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--mute-audio",
    "--lang=zh-CN",
    "--remote-debugging-port=0",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def chromium() -> str | None:
    """The path of a Chromium on this machine; ``$LIVECONSOLE_CHROMIUM`` wins."""
    named = os.environ.get("LIVECONSOLE_CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)


needs_chromium = pytest.mark.skipif(
    may_skip(chromium() is None), reason="no Chromium here (apt install chromium, or $LIVECONSOLE_CHROMIUM)"
)


class Page:
    """One tab. ``asked``: every URL it asked for; ``complaints``: errors, refusals of its policy, issues."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.frames = 0

    async def listen(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                future = self._waiting.pop(said["id"])
                if not future.done():
                    future.set_result(said)
                continue
            method, params = said["method"], said["params"]
            if method == "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            elif method == "Network.webSocketCreated":
                self.asked.append(params["url"])
            elif method == "Network.webSocketFrameReceived":
                self.frames += 1
            elif method in ("Log.entryAdded", "Runtime.exceptionThrown", "Audits.issueAdded"):
                self.complaints.append(json.dumps(params, ensure_ascii=False))
            elif method == "Page.javascriptDialogOpening":
                self.complaints.append(f"dialog {params}")
                await self._send("Page.handleJavaScriptDialog", accept=False)

    async def _send(self, method: str, **params: Any) -> asyncio.Future[Any]:
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return future

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        said = await asyncio.wait_for(await self._send(method, **params), 15)
        assert "error" not in said, said
        return dict(said["result"])

    async def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, script: str, seconds: float = 15) -> None:
        """Wait until the expression is true. A page that is not there yet, or is loaded anew, is asked again:
        what throws is not true yet, and is told if it never becomes so."""
        loop = asyncio.get_running_loop()
        last, end = None, loop.time() + seconds
        while last is not True:
            if loop.time() > end:
                shown = await self.ask("document.body?.innerText")
                raise AssertionError(f"never true: {script} ({last!r}); the page shows {shown!r}")
            try:
                last = await self.ask(f"document.body !== null && !!({script})")
            except AssertionError as thrown:
                last = thrown
            await asyncio.sleep(0.03)

    async def picture(self) -> bytes:
        """A PNG of what stands there, transparent where nothing does."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])

    async def go(self, url: str, width: int = 720, height: int = 1280, *, calm: bool = False) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        motion = {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"}
        await self.call("Emulation.setEmulatedMedia", features=[motion])
        await self.call("Emulation.setDefaultBackgroundColorOverride", color={"r": 0, "g": 0, "b": 0, "a": 0})
        await self.call("Page.navigate", url=url)


@asynccontextmanager
async def browser(folder: Path, *more: str) -> AsyncIterator[Page]:
    """A browser with a profile of its own in ``folder``, gone at the end. ``more``: further words."""
    process, port = await asyncio.to_thread(_start, folder, more)
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                (tab,) = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                listening = spawn(page.listen(), name="browser listener")
                for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
                    await page.call(f"{domain}.enable")
                try:
                    yield page
                    await page.call("Browser.close")
                finally:
                    listening.cancel()
    finally:
        await asyncio.to_thread(_end, process)


def _start(folder: Path, more: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], int]:
    program = chromium()
    assert program is not None
    folder.mkdir(parents=True, exist_ok=True)
    quiet: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    process = subprocess.Popen([program, *FLAGS, *more, f"--user-data-dir={folder}", "about:blank"], **quiet)
    told, end = folder / "DevToolsActivePort", time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        words = told.read_text("utf-8").split() if told.is_file() else []
        if len(words) > 1:
            return process, int(words[0])
        time.sleep(0.05)
    _end(process)
    raise AssertionError("the browser did not start")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    _, alive = psutil.wait_procs(family, timeout=3)
    for one in alive:
        one.kill()
    psutil.wait_procs(alive, timeout=3)
