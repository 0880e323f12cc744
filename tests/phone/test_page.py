"""The phone's page in a real Chromium at a real engine: held keys, lost answers, a cut link."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from liveconsole.messages.joining import JoinCode, code_text, digits
from liveconsole.respath import resources
from tests.contract.engine_process import EngineProcess
from tests.overlay.chromium import Page, browser, needs_chromium
from tests.overlay.stage import BAG, COUPON, SALE, set_stage
from tests.phone.door import TOKEN, PhoneDoor, soon

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]
PAST = "2020-01-01T00:00:00Z"
LATE = "commands.open.get('late-1')"
EVIL = "<img src=x onerror=alert(1)>加购券"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """A room that a person runs at the platform: a coupon is owed, two sales and a bag wait, approved."""
    running = EngineProcess(tmp_path_factory.mktemp("phone") / "room", "--port", "0").start()
    set_stage(running)
    running.done("room.set", platform="manual")
    running.done("cart.pin", product_id="scarf")
    (pin,) = running.state()["cues"]
    running.done("cue.confirm", cue_id=pin["cue_id"], step="on_air", done=True)
    for name, kind, spec in (
        ("coupon", "coupon", COUPON | {"name": EVIL}),
        ("sale", "flash_sale", SALE),
        ("bag", "lucky_bag", BAG),
        ("later", "flash_sale", SALE | {"sku_id": "gloves", "price_fen": 5900}),
    ):
        running.done("cue.add", cue_id=name, kind=kind, spec=spec)
        running.done("cue.approve", cue_id=name)
    running.done("cue.fire", cue_id="coupon")
    yield running
    running.stop()


@pytest.fixture
async def door(engine: EngineProcess) -> AsyncIterator[PhoneDoor]:
    async with PhoneDoor(engine.found["url"], engine.tokens, "operator") as made:
        yield made


@pytest.fixture
async def page(door: PhoneDoor, tmp_path: Path) -> AsyncIterator[Page]:
    seat = json.dumps({"token": TOKEN, "label": "<b>小林</b>"})
    script = f"localStorage.made ||= localStorage['liveconsole.seat'] = {seat!r}"
    async with browser(tmp_path / "profile") as opened:
        await opened.call("Page.addScriptToEvaluateOnNewDocument", source=script)
        await opened.go(f"http://{door.host}/phone?lang=zh", 390, 844)
        await opened.until("document.querySelectorAll('#wait li').length >= 2")
        yield opened


def status(engine: EngineProcess, cue_id: str) -> str:
    return next(str(cue["status"]) for cue in engine.state()["cues"] if cue["cue_id"] == cue_id)


async def press(page: Page, kind: str, selector: str) -> None:
    """Put a finger on the middle of something, or take it away (``touchEnd``)."""
    box = json.loads(
        await page.ask(
            "(node => { node.scrollIntoView({block: 'center'}); const b = node.getBoundingClientRect();"
            " return JSON.stringify([b.x + b.width / 2, b.y + b.height / 2]) })"
            f"(document.querySelector({json.dumps(selector)}))"
        )
    )
    points = [] if kind == "touchEnd" else [{"x": box[0], "y": box[1]}]
    await page.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)


async def click(page: Page, selector: str) -> None:
    await page.ask(f"document.querySelector({json.dumps(selector)}).click()")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_one_task_and_three_rows_need_no_scrolling(page: Page, door: PhoneDoor, language: str) -> None:
    """First of all: later on there is less to show."""
    await page.go(f"http://{door.host}/phone?lang={language}", 390, 844)
    await page.until("document.querySelectorAll('#wait li').length == 3")
    assert await page.ask("String(document.querySelectorAll('.cell').length)") == "6"
    # Its name is a long one of a stranger here; another has one like any coupon's.
    named = (
        "document.querySelectorAll('bdi').forEach(one => { if (one.textContent.includes('<img'))"
        " one.textContent = one.textContent.replace(/<[^>]*>/, '') })"
    )
    again = "document.querySelectorAll('#wait h3 .sign').forEach(one => { one.style.display = '' })"
    high = "document.documentElement.scrollHeight"
    found = await page.ask(f"({named}, {high}) + ' ' + ({again}, {high})")
    whole, twin = map(int, str(found).split())
    assert whole <= 844 < twin, "the twin: each sign twice"


async def test_what_is_held_for_a_second_is_fired_once_and_what_is_let_go_is_not(
    engine: EngineProcess, door: PhoneDoor, page: Page
) -> None:
    row = "#wait li:first-child .hold"
    assert status(engine, "sale") == "approved"
    await asyncio.sleep(0.4)  # rows that have just come are not taken
    await press(page, "touchStart", row)
    await page.until("document.querySelector('.hold.held')?.innerText.includes('别松手')")
    await asyncio.sleep(0.5)
    await press(page, "touchEnd", row)
    await page.until("document.getElementById('told').textContent === '松手了，没有发'")
    await click(page, row)  # a tap, as a screen reader gives one
    await asyncio.sleep(1.2)
    assert door.commands == []
    assert status(engine, "sale") == "approved"

    door.lost_answers = 2  # done, and the answer never arrives: the same id again
    await press(page, "touchStart", row)
    await soon(lambda: len(door.commands) == 3)
    await press(page, "touchEnd", row)
    await page.until("document.getElementById('told').textContent === '做好了'")
    assert {one["id"] for one in door.commands} == {door.commands[0]["id"]}
    assert {one["type"] for one in door.commands} == {"cue.fire"}
    assert status(engine, "sale") in ("recallable", "firing")
    fired = engine.log(types="cue.firing,cue.recallable")
    assert [line["data"]["cue_id"] for line in fired].count("sale") == 1
    assert [each for each in page.complaints if "ERR_EMPTY_RESPONSE" not in each] == []


async def test_cut_off_it_says_so_and_sends_nothing_and_comes_back(
    engine: EngineProcess, door: PhoneDoor, page: Page
) -> None:
    assert await page.ask("document.querySelector('#todo bdi').textContent.includes('<img src=x')")
    assert await page.ask("document.getElementById('who').textContent") == "<b>小林</b> · 中控"
    for kind in ("touchStart", "touchEnd"):
        await press(page, kind, "#todo .cell")
    await page.until("document.querySelector('#todo .cell.copied')")
    await door.lose()
    await page.until("document.getElementById('top').className === 'red'")
    keys = "document.querySelectorAll('.answers button, .hold, .back, #send')"
    assert await page.ask(f"[...{keys}].every(key => key.disabled)")
    assert await page.ask("document.getElementById('cut').hidden") is False
    clocks = "document.querySelectorAll('#clocks b')"
    assert await page.ask(f"[...{clocks}].every(clock => clock.textContent === '—')")
    assert (
        await page.ask("document.querySelector('#todo .cell').disabled") is False
    )  # it copies on this phone
    # Nothing waits to go out later: a press at the last moment is told that it went nowhere.
    late = "'cue.confirm', {cue_id: 'coupon', step: 'on_air', done: true}"
    said = await page.ask(f"new Promise(go => commands.give({late}, (kind, words) => go(kind + words)))")
    assert said == "no没连上，什么都没有发出去"
    door.cut = False
    await page.until("document.getElementById('top').className === 'green'")
    assert door.commands == []
    assert await page.ask("!!document.querySelector('#todo .cell.copied')")
    assert await page.ask("document.querySelector('.answers .yes').disabled") is False

    await click(page, ".answers .yes")
    await soon(lambda: status(engine, "coupon") == "on_air")
    (sent,) = door.commands
    assert sent["data"] == {"cue_id": "coupon", "step": "on_air", "done": True}
    assert sent["expires_at"]

    await page.ask("document.getElementById('line').value = '<i>手套只有 18 双</i>'")
    await click(page, "#send")
    notes = "[...document.querySelectorAll('#notes bdi')]"
    await page.until(f"{notes}.some(line => line.textContent === '<i>手套只有 18 双</i>')")
    assert engine.state()["notes"][-1]["text"] == "<i>手套只有 18 双</i>"

    await door.remove()
    await page.until("document.getElementById('door').innerText.includes('主播把这台设备移除了')")
    assert await page.ask("localStorage.getItem('liveconsole.seat')") is None


async def test_a_command_without_any_answer_is_unknown_until_the_engine_says(
    engine: EngineProcess, door: PhoneDoor, page: Page
) -> None:
    told = "kind => (window.outcomes ||= []).push(kind)"
    await page.ask(f"void commands.give('cue.approve', {{cue_id: 'nobody'}}, {told})")
    await page.until("window.outcomes?.includes('no')")
    await door.lose()
    late = json.dumps({"id": "late-1", "type": "note.put", "data": {"text": "late"}, "expires_at": PAST})
    one = f"{{id: 'late-1', busy: false, until: performance.now() + 700, told: {told}, body: {late!r}}}"
    await page.ask(f"outcomes = []; commands.open.set('late-1', {one}); void commands.ask({LATE})")
    await page.until("window.outcomes.at(-1) === 'unknown'")
    door.cut = False
    await page.until("window.outcomes.at(-1) === 'no'")  # it asked again by itself: the engine did not do it
    assert all(note["text"] != "late" for note in engine.state()["notes"])


async def test_the_page_reckons_codes_and_digits_as_the_engine_does(page: Page) -> None:
    print_ = bytes(range(10))
    code = JoinCode("192.168.1.20", 41234, print_, b"\xfe\x01\x02\x03\x04")
    typed = code_text(code).lower().replace("-", " ").replace("0", "o")
    found = json.loads(await page.ask(f"readCode({json.dumps(typed)}).then(JSON.stringify)"))
    assert found == {"host": "192.168.1.20:41234", "fingerprint": print_.hex(), "token": "fe01020304"}
    wrong = code_text(code)
    for bad in ("", wrong[:-1], wrong[:-1] + ("A" if wrong[-1] != "A" else "B"), "U" * 36):
        assert await page.ask(f"readCode({json.dumps(bad)})") == "typo"
    mine, theirs, certificate = bytes(range(16)), bytes(range(16, 32)), bytes(range(32))
    parts = ", ".join(f"bytesOf('{part.hex()}')" for part in (mine, theirs, certificate))
    found = await page.ask(f"digitsOf({parts}, '小林')")
    assert found == digits(mine, theirs, certificate, "小林", "phone")


def test_every_word_of_the_page_has_its_english_and_nothing_is_put_in_as_markup() -> None:
    folder = resources() / "phone"
    scripts = {path.name: path.read_text("utf-8") for path in folder.glob("*.js")}
    entries = dict(re.findall(r'^  "(.+?)": "(.*?)",$', scripts["words.js"], re.MULTILINE))
    said = {words for text in scripts.values() for words in re.findall(r'\bt\("((?:[^"\\]|\\.)+)"', text)}
    said |= set(re.findall(r'\w+: "([一-鿿]+)"', scripts["page.js"]))
    assert said - entries.keys() == set()
    assert entries.keys() - said == set()
    slots = re.compile(r"\{\w+\}")
    assert [zh for zh, en in entries.items() if set(slots.findall(zh)) < set(slots.findall(en))] == []
    for name, text in scripts.items():
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://"):
            assert way not in text.replace("http://www.w3.org/2000/svg", ""), (name, way)
