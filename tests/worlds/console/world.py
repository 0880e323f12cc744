"""Replicas of the platforms' console pages on loopback, built from the facts, with moods to order.

What viewers see explained is the page's own truth; it tells it here (`Console.on`).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from liveconsole.connectors.browser import maps
from liveconsole.respath import resources

PATHS: Final = {
    "wechat_channels": "/platform/live/commodity/onsale/index",
    "douyin_shop": "/ffa/buyin/dashboard/live/control",
    "buyin": "/dashboard/live/control",
    "xiaohongshu": "/live_center_control",
    "taobao": "/restful/index/live/control",
    "kuaishou": "/page/helper",
}
TALK: Final = "/platform/live/liveBuild"
_SCRIPT: Final = Path(__file__).with_name("page.js")
_HTML: Final = """<!doctype html><meta charset="utf-8"><title>{flavour}</title><body>
<div id="extras"></div><div id="place"></div>
<script>window.CONSOLE = {at}</script><script src="/world/page.js"></script>"""
_TALK: Final = """<!doctype html><meta charset="utf-8"><title>中控</title><body>
<div class="wujie_iframe"></div><script>
const at = "/micro/live/cgi-bin/mmfinderassistant-bin/live/msg?_rid=";
const ask = () => fetch(at + Math.random(), {method: "POST"})
  .then((r) => r.json()).catch(() => 0).then(() => setTimeout(ask, 40));
ask();
</script>"""
_SCREEN: Final = """<!doctype html><meta charset="utf-8"><title>大屏</title><body><script>
const ask = (at) => fetch(at + Math.random()).then((r) => r.json()).catch(() => 0)
  .then(() => setTimeout(() => ask(at), 100));
ask("/api/live_order_stream?_=");
ask("/api/message?_=");
</script>"""
_PROMOTIONS: Final = """<script>
const told = () => fetch("/api/promotions_v2?_=" + Math.random()).then((r) => r.json()).catch(() => 0)
  .then(() => setTimeout(told, 100));
told();
</script>"""
_LOGIN: Final = """<!doctype html><meta charset="utf-8"><title>登录</title><body>请用微信扫码<script>
const ask = () => fetch("/world/session").then((r) => r.json()).then((yes) =>
  yes ? (location.href = "/platform/index") : setTimeout(ask, 100)).catch(() => setTimeout(ask, 100));
ask();
</script>"""


class Console:
    """One platform's console. Set `mood` (or `moods`, drawn by seed) for what presses do, `send` for what
    happens by itself; `logged_in` and `live` for where it leads."""

    def __init__(self, flavour: str, titles: list[str], *, seed: int = 1, backwards: bool = False) -> None:
        self.flavour = flavour
        self.titles = titles
        self.backwards = backwards
        self.chance = random.Random(seed)
        self.moods: tuple[str, ...] = ("well",)
        self.most_ms = 120
        self.settle_seconds = 1.5
        self.logged_in = self.live = True
        self.on: list[str] = []
        self.presses = 0
        self.url = ""
        self.room_id: str | int | None = None
        """抖店 and 百应 tell their page of products which live is on."""
        self.screen: dict[str, Any] = {}
        """What the big screen of a live receives, by the end of the address."""
        self.screens: list[str] = []
        """Lives whose screen was opened."""
        self.polls: Callable[[], Any] = lambda: {"errCode": 0, "data": {"msgList": [], "appMsgList": []}}
        self._news: list[tuple[int, str, str]] = []
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Console:
        app = web.Application()
        app.router.add_get(PATHS[self.flavour], self._goods)
        app.router.add_get(TALK, self._talk)
        app.router.add_get("/login.html", self._page(_LOGIN))
        app.router.add_get("/platform/index", self._page("<!doctype html><body>首页"))
        app.router.add_get("/world/page.js", self._script)
        app.router.add_get("/world/press", self._press)
        app.router.add_get("/world/news", self._tell)
        app.router.add_get("/world/session", self._session)
        app.router.add_get("/world/socket", self._socket)
        app.router.add_get("/api/promotions_v2", self._promotions)
        app.router.add_get("/api/{name}", self._screen_tells)
        app.router.add_get("/screen/anchor/{kind}", self._screen_page)
        app.router.add_post("/world/truth", self._truth)
        app.router.add_post("/micro/live/cgi-bin/mmfinderassistant-bin/live/msg", self._messages)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def send(self, mood: str, title: str = "") -> None:
        """Have the open page do something by itself."""
        self._news.append((len(self._news) + 1, mood, title))

    def map_text(self) -> str:
        """The shipped map of the platform, at this address in place of the real one, in more of a hurry."""
        path = resources() / maps.FOLDER / f"{self.flavour}.toml"
        text = path.read_text("utf-8")
        for host in maps.parse(text.encode(), path.name).hosts:
            text = text.replace(f'"https://{host}', f'"{self.url}')
        text = re.sub(r"^hosts = .*$", 'hosts = ["127.0.0.1"]', text, flags=re.MULTILINE)
        return text.replace(
            "\nverified = false", f"\nverified = false\nsettle_seconds = {self.settle_seconds}"
        )

    def put_map(self, folder: Path) -> maps.PageMap:
        """Write it where a user's own copy lies, and return it."""
        own = folder / maps.FOLDER / f"{self.flavour}.toml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(self.map_text(), "utf-8")
        return maps.load(self.flavour, folder)

    def _away(self) -> web.Response | None:
        if not self.logged_in:
            return web.Response(status=302, headers={"Location": "/login.html"})
        return None if self.live else web.Response(status=302, headers={"Location": "/platform/index"})

    async def _goods(self, request: web.Request) -> web.Response:
        products = [{"number": n, "title": title} for n, title in enumerate(self.titles, 1)]
        at = {"flavour": self.flavour, "products": products, "on": self.on, "reversed": self.backwards}
        at["news"] = len(self._news)  # what came before this page is not told to it
        text = _HTML.format(flavour=self.flavour, at=json.dumps(at).replace("<", "\\u003c"))
        text += _PROMOTIONS if self.room_id is not None else ""
        return self._away() or web.Response(text=text, content_type="text/html")

    async def _promotions(self, request: web.Request) -> web.Response:
        return web.json_response({"data": {"room_id": self.room_id}})

    async def _screen_page(self, request: web.Request) -> web.Response:
        self.screens.append(f"{request.match_info['kind']} {request.query['live_room_id']}")
        return web.Response(text=_SCREEN, content_type="text/html")

    async def _screen_tells(self, request: web.Request) -> web.Response:
        return web.json_response(self.screen.get(request.match_info["name"], {}))

    async def _talk(self, request: web.Request) -> web.Response:
        return self._away() or web.Response(text=_TALK, content_type="text/html")

    @staticmethod
    def _page(text: str) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.Response:
            return web.Response(text=text, content_type="text/html")

        return answer

    async def _script(self, request: web.Request) -> web.Response:
        return web.Response(text=_SCRIPT.read_text("utf-8"), content_type="text/javascript")

    async def _press(self, request: web.Request) -> web.Response:
        self.presses += 1
        mood = self.chance.choice(self.moods)
        plan = {
            "mood": mood,
            "after": self.chance.randint(0, self.most_ms),
            "other": self.chance.randrange(1 << 16),
        }
        return web.json_response(plan)

    async def _tell(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        return web.json_response([news for news in self._news if news[0] > after])

    async def _session(self, request: web.Request) -> web.Response:
        return web.json_response(self.logged_in)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """Two frames, as 小红书's page gets its comments."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("一")
        await socket.send_bytes(b"two")
        await socket.receive()
        return socket

    async def _truth(self, request: web.Request) -> web.Response:
        self.on = json.loads(await request.read())
        return web.Response()

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response(self.polls())
