"""The overlay in a real Chromium: the figures of the state, nothing of the token, back after every end."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from liveconsole.views.shades import READ, contrast
from tests.contract.engine_process import EngineProcess
from tests.contract.test_images import picture
from tests.overlay.chromium import Page, browser, needs_chromium
from tests.overlay.stage import BAG, COUPON, SALE, buy, enter, fire, set_stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]

CARDS = "document.querySelectorAll('.card:not(.gone)').length"
Engines = Callable[..., EngineProcess]


@pytest.fixture
def engine_of(tmp_path: Path) -> Iterator[Engines]:
    made: list[EngineProcess] = []

    def make(*words: str) -> EngineProcess:
        running = EngineProcess(tmp_path / f"room{len(made)}", "--port", "0", *words).start()
        made.append(running)
        return running

    yield make
    for running in made:
        running.stop()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """Every kind on air, for tests that change nothing."""
    running = EngineProcess(tmp_path_factory.mktemp("stage") / "room", "--port", "0").start()
    set_stage(running)
    running.done("cart.pin", product_id="scarf")
    for kind, spec in (("flash_sale", SALE), ("coupon", COUPON), ("lucky_bag", BAG)):
        fire(running, kind, spec | {"seconds": 3000})
    yield running
    running.stop()


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with browser(tmp_path / "profile") as opened:
        yield opened


def address(running: EngineProcess, more: str = "", token: str | None = None) -> str:
    return f"{running.found['url']}/overlay?token={token or running.tokens['overlay']}{more}"


def seen(running: EngineProcess) -> dict[str, Any]:
    """By kind, the one cue that is on air as every seat sees it."""
    return {cue["kind"]: cue for cue in running.state()["cues"] if cue["status"] == "on_air"}


def text(words: str) -> str:
    return f"document.body.innerText.includes({json.dumps(words)})"


def quiet(page: Page, running: EngineProcess) -> None:
    """It asked nobody but the engine, and its policy refused nothing."""
    host = running.found["url"].removeprefix("http://")
    ours = rf"(http|ws)://{re.escape(host)}/overlay|blob:http://{re.escape(host)}/"
    strangers = [url for url in page.asked if not re.match(ours, url)]
    assert strangers == []
    assert page.complaints == []


async def test_the_page_and_the_state_show_the_same_figures(engine_of: Engines, page: Page) -> None:
    running = engine_of()
    set_stage(running)
    running.done("cart.pin", product_id="scarf")
    sale = fire(running, "flash_sale", SALE)
    coupon = fire(running, "coupon", COUPON | {"link": "https://example.com/c/8f3a"})
    fire(running, "lucky_bag", BAG)
    await page.go(address(running))
    await page.until(f"{CARDS} === 3")
    buy(running, sale, 42)
    for number in range(7):
        running.done("coupon.claim", cue_id=coupon, viewer={"id": f"viewer-{number}", "name": "领券人"})
    enter(running, "驼色好看", ["糖糖", "小鹿", "云朵", "糖糖"])
    state = seen(running)
    assert state["flash_sale"]["left"] == 8
    await page.until(text(f"仅剩 {state['flash_sale']['left']} / {SALE['quantity']}"))
    await page.until(
        text(f"已领\u00a0{state['coupon']['claimed']} · 余\u00a0{state['coupon']['left']}\u00a0张")
    )
    await page.until(text(f"{state['lucky_bag']['entrants']} 人已参与"))
    shown = await page.ask("document.body.innerText")
    for words in (
        "3\n号",
        "山羊绒围巾 驼色",
        "¥99",
        "满 199 减 20",
        "买 3 号，再买 ¥100 减 ¥20",
    ):
        assert words in shown
    assert "¥199" not in shown, "it was first put today: nothing proves its list price"
    for words in ("领券人", "糖糖", "小鹿", "买家", "排练"):
        assert words not in shown
    for kind, selector in (
        ("flash_sale", ".strip .clock"),
        ("coupon", ".coupon .clock"),
        ("lucky_bag", ".bag .clock"),
    ):
        told = await page.ask(f"document.querySelector('{selector}').innerText")
        minutes, seconds = map(int, re.sub(r"[^\d:]", "", told).split(":"))
        assert 0 <= _remaining(running, kind) - (60 * minutes + seconds) + 2 <= 4
    assert await page.ask("document.querySelector('.coupon .code path').getBBox().width > 20")
    quiet(page, running)


async def test_the_pinned_product_has_its_picture_from_the_engine_alone(
    engine_of: Engines, page: Page
) -> None:
    running = engine_of()
    set_stage(running)
    sha = running.call("PUT", "/v1/images", picture(), kind="image/png").json["sha256"]
    pinned = {"product_id": "scarf", "title": "围巾", "price_fen": 15900, "stock": 80, "image": sha}
    running.done("catalogue.put", products=[pinned])
    running.done("cart.pin", product_id="scarf")
    await page.go(address(running))
    await page.until("document.querySelector('.tile.pic img')?.naturalWidth === 60")
    assert "3号" in await page.ask("document.body.innerText")
    assert running.tokens["overlay"] not in await page.ask("document.documentElement.outerHTML")
    quiet(page, running)
    running.done("catalogue.put", products=[pinned | {"image": "0" * 64}])  # one that nobody has
    await page.until("!document.querySelector('.tile.pic')")


async def test_her_shop_signs_the_picture_in_a_shade_that_is_read(engine_of: Engines, page: Page) -> None:
    running = engine_of()
    set_stage(running)
    await page.go(address(running))
    await page.until("document.getElementById('shop').hidden")
    logo = running.call("PUT", "/v1/images", picture(), kind="image/png").json["sha256"]
    evil = {"name": "<b>暖屿</b>羊绒", "logo": logo, "accent": "#a0704a"}
    running.done("room.set", shop_face=evil)
    await page.until("document.querySelector('#shop img')?.naturalWidth === 60")
    assert await page.ask("document.querySelector('#shop bdi').textContent") == "<b>暖屿</b>羊绒"
    red, green, blue = map(
        int,
        re.findall(r"\d+", await page.ask("getComputedStyle(document.getElementById('shop')).color"))[:3],
    )
    assert contrast(f"#{red:02x}{green:02x}{blue:02x}", "#2D3036") >= READ
    assert contrast("#a0704a", "#2D3036") < READ
    quiet(page, running)
    running.done("room.set", shop_face={})
    await page.until("document.getElementById('shop').hidden")


async def test_the_next_time_of_a_plan_stands_there_while_it_is_approved(
    engine_of: Engines, page: Page
) -> None:
    running = engine_of()
    set_stage(running)
    at = datetime.now().astimezone() + timedelta(minutes=20)
    plan: dict[str, Any] = {"kind": "flash_sale", "spec": SALE, "repeat": {"minutes": 60, "times": 5}}
    running.done("cue.add", cue_id="plan", at=at.isoformat(), **plan)
    await page.go(address(running))
    await page.until("!document.querySelector('.round')")
    running.done("cue.approve", cue_id="plan")
    await page.until("document.querySelector('.round')")
    await page.until(text(f"{at:%H:%M}"))
    assert await page.ask(text("下一场 · 第 1/5 场"))
    quiet(page, running)
    running.done("room.halt")
    await page.until("!document.querySelector('.round:not(.gone)')")


def _remaining(running: EngineProcess, kind: str) -> float:
    answer = running.call("GET", "/v1/state")
    now = datetime.fromisoformat(answer.headers["liveconsole-now"])
    return (datetime.fromisoformat(seen(running)[kind]["ends_at"]) - now).total_seconds()


async def test_winners_are_masked_and_a_rehearsal_always_says_so(engine_of: Engines, page: Page) -> None:
    running = engine_of("--rehearsal")
    set_stage(running)
    await page.go(address(running, "&only=bag"))
    await page.until("!document.getElementById('mark').hidden")
    assert await page.ask(CARDS) == 0
    fire(running, "lucky_bag", BAG | {"seconds": 2, "winners": 2})
    enter(running, "驼色好看", ["赵大名", "赵小名"])
    await page.until(text("福袋中奖"))
    shown = await page.ask("document.body.innerText")
    assert shown.count("赵**") == 2
    assert "大名" not in shown
    assert "排练" in shown
    quiet(page, running)


async def test_hostile_text_is_shown_as_written_and_does_nothing(engine_of: Engines, page: Page) -> None:
    running = engine_of()
    set_stage(running)
    evil = "<img src=http://evil.example/x onerror=alert(1)><script>alert(2)</script>\u202e\u2066倒"
    running.done(
        "catalogue.put", products=[{"product_id": "scarf", "title": evil, "price_fen": 15900, "stock": 80}]
    )
    running.done("cart.pin", product_id="scarf")
    fire(running, "coupon", COUPON | {"name": "</bdi><style>*{display:none}</style>"})
    fire(
        running,
        "lucky_bag",
        BAG
        | {
            "prize": {"name": "<b onmouseover=alert(4)>x", "value_fen": 1},
            "entry": {"keyword": "${alert(5)}"},
        },
    )
    await page.go(address(running))
    await page.until(f"{CARDS} === 3")
    shown = await page.ask("document.body.innerText")
    for words in (
        "<img src=http://evil.example/x onerror=alert(1)",
        "</bdi><style>",
        "<b onmouseover=alert(4)>x",
        "${alert(5)}",
    ):
        assert words in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    assert (
        await page.ask(
            "document.querySelectorAll('img[src], b, a, iframe, .card script, .card style').length"
        )
        == 0
    )
    handlers = (
        "[...document.querySelectorAll('*')].flatMap(n => n.getAttributeNames()).filter(a => /^on/.test(a))"
    )
    assert await page.ask(handlers) == []
    quiet(page, running)


async def test_the_complaints_of_a_page_would_be_heard(stage: EngineProcess, page: Page) -> None:
    """The twin of `quiet`: what the policy refuses is told of, and does not happen."""
    await page.go(address(stage))
    await page.until("document.readyState === 'complete'")
    await page.ask("const i = new Image(); i.src = 'http://127.0.0.1:9/x'; document.body.append(i); 1")
    await page.ask("document.body.setAttribute('style', 'color: red')")
    await page.ask("fetch('http://127.0.0.1:9/y').catch(() => 1)")
    async with asyncio.timeout(10):
        while len(page.complaints) < 3:
            await page.ask("1")
    assert "Content Security Policy" in "".join(page.complaints)


async def test_a_reload_builds_the_same_picture_from_the_state(engine_of: Engines, page: Page) -> None:
    running = engine_of()
    set_stage(running)
    running.done("cart.pin", product_id="hat")
    buy(running, fire(running, "flash_sale", SALE), 3)
    await page.go(address(running))
    await page.until(text("余 47 / 50"))
    titles = "[...document.querySelectorAll('.name')].map(n => n.innerText).sort().join('|')"
    before = await page.ask(titles)
    await page.ask("window.stale = 1")
    await page.call("Page.reload", ignoreCache=True)
    await page.until(f"window.stale === undefined && {text('余 47 / 50')}")
    assert await page.ask(titles) == before == "山羊绒围巾 驼色|羊毛贝雷帽"


async def test_a_wrong_token_shows_nothing_at_all(stage: EngineProcess, page: Page) -> None:
    for token in ("wrong", stage.tokens["viewer"], stage.tokens["host"]):
        await page.go(address(stage, token=token))
        await page.until("document.readyState === 'complete' && location.pathname === '/overlay'")
        assert await page.ask("document.body.innerText") == ""
        assert await page.ask("document.documentElement.outerHTML.length") < 200


async def test_the_page_comes_back_by_itself_and_shows_no_old_figure_meanwhile(
    engine_of: Engines, page: Page
) -> None:
    running = engine_of()
    set_stage(running)
    running.done("cart.pin", product_id="scarf")
    sale = fire(running, "flash_sale", SALE)
    await page.go(address(running, "&guide=1"))
    await page.until(text("余 50 / 50"))
    port = running.port
    running.kill()
    await page.until("document.documentElement.classList.contains('old')")
    figure = "getComputedStyle(document.querySelector('.strip .figure')).visibility"
    assert await page.ask(figure) == "hidden", "what nobody can vouch for is not on the picture"
    await page.until(f"{CARDS} === 0")
    await page.until(text("未连接控制台"))
    again = EngineProcess(running.folder).start()
    try:
        assert again.port == port, "the address in OBS stays right"
        buy(again, sale, 5)
        await page.until(text("余 45 / 50"), 20)
        assert await page.ask(figure) == "visible"
        assert await page.ask(text("已连接"))
    finally:
        again.stop()


async def test_a_frozen_engine_is_noticed_within_a_second_or_so(engine_of: Engines, page: Page) -> None:
    """Its socket stays open and nothing comes: a close would never be told."""
    running = engine_of()
    set_stage(running)
    fire(running, "flash_sale", SALE)
    await page.go(address(running))
    await page.until(text("余 50 / 50"))
    process = psutil.Process(running.process.pid)
    process.suspend()
    try:
        await page.until("document.documentElement.classList.contains('old')", 3)
        await page.until(f"{CARDS} === 0", 10)
    finally:
        process.resume()
    await page.until(text("余 50 / 50"), 20)


async def test_switches_of_the_address(stage: EngineProcess, page: Page) -> None:
    kinds = "[...document.querySelectorAll('.card:not(.gone)')].map(n => n.classList[1]).sort().join(' ')"
    for only, cards in (
        ("", "bag coupon pinned"),
        ("&only=coupon,bag", "bag coupon"),
        ("&only=sale", "pinned"),
        ("&only=pin&theme=light&guide=1", "pinned"),
    ):
        await page.go(address(stage, only))
        await page.until(f"{kinds} === {cards!r}")
        assert await page.ask("document.getElementById('guide').hidden") is ("guide" not in only)
        if only == "&only=sale":
            assert await page.ask(text("秒杀中"))
            assert not await page.ask(text("讲解中"))
    assert await page.ask("document.documentElement.dataset.theme") == "light"
    assert await page.ask("getComputedStyle(document.querySelector('.strip')).display") == "none"
    assert await page.ask("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


async def test_motion_is_short_and_none_where_the_system_asks_for_less(
    stage: EngineProcess, page: Page
) -> None:
    lasts = "getComputedStyle(document.querySelector('.card')).transitionDuration"
    await page.go(address(stage))
    await page.until(f"{CARDS} === 3")
    assert await page.ask(lasts) == "0.16s, 0.16s"
    await page.go(address(stage), calm=True)
    await page.until(f"{CARDS} === 3")
    assert await page.ask(lasts) == "0s"


async def test_a_clock_that_is_wrong_counts_down_rightly(stage: EngineProcess, page: Page) -> None:
    hour_ahead = "const was = Date.now; Date.now = () => was() + 3.6e6;"
    await page.call("Page.addScriptToEvaluateOnNewDocument", source=hour_ahead)
    await page.go(address(stage))
    await page.until(f"{CARDS} === 3")
    told = await page.ask("document.querySelector('.strip .clock').innerText")
    minutes, seconds = map(int, told.removeprefix("秒杀 ").split(":"))
    assert 0 <= _remaining(stage, "flash_sale") - (60 * minutes + seconds) + 2 <= 4


async def test_cards_stay_in_the_safe_area_of_every_canvas(engine_of: Engines, page: Page) -> None:
    running = engine_of("--rehearsal")
    running.done("room.set", platform="own", recall_seconds=0)
    set_stage(running)
    long = "特别长的名字" * 12
    running.done(
        "catalogue.put", products=[{"product_id": "scarf", "title": long, "price_fen": 15900, "stock": 80}]
    )
    running.done("cart.pin", product_id="scarf")
    for sku_id in ("scarf", "coat", "hat"):
        fire(running, "flash_sale", SALE | {"sku_id": sku_id, "price_fen": 5900, "quantity": 10})
    for name in ("一", "二", "三"):
        fire(running, "coupon", COUPON | {"name": long + name, "link": "https://example.com/c/8f3a"})
    for word in ("甲", "乙"):
        fire(
            running,
            "lucky_bag",
            BAG | {"prize": {"name": long, "value_fen": 1}, "entry": {"keyword": long + word}},
        )
    standing = "[...document.querySelectorAll('.card:not(.gone):not(.over)')]"
    boxes = standing + ".map(n => n.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    for width, height in ((720, 1280), (1080, 1920), (1080, 2400), (360, 640), (1920, 1080), (1000, 1000)):
        await page.go(address(running), width, height, calm=True)
        await page.until(f"{CARDS} === 8 && {text('另有')}")
        found = await page.ask(boxes)
        assert len(found) >= 3
        portrait = height > width
        for left, top, right, bottom in found:
            assert 0 <= left < right <= width
            assert top >= (0.16 * height if portrait else 0.04 * height)
            assert bottom <= (0.547 * height if portrait else 0.96 * height) + 1
        for one, other in itertools.combinations(found, 2):
            apart = other[2] <= one[0] or one[2] <= other[0] or other[3] <= one[1] or one[3] <= other[1]
            assert apart, "no card lies on another"


async def test_the_token_is_nowhere_but_in_the_address(engine_of: Engines, page: Page) -> None:
    running = engine_of()
    await page.go(address(running))
    await page.until("document.readyState === 'complete'")
    token = running.tokens["overlay"]
    assert token not in await page.ask("document.documentElement.outerHTML")
    await page.go(address(running, token="wrong-token-of-somebody"))
    await page.until("document.title === 'LiveConsole'")
    running.stop()
    logs = b"".join(file.read_bytes() for file in running.folder.rglob("*.log*"))
    assert b"wrong token" in logs, "the log is looked at"
    assert token.encode() not in logs
    assert b"wrong-token-of-somebody" not in logs
