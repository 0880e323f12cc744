"""The connection to the console page: what it says of itself, and pins that are asked of it once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.browser import maps, part, watching
from liveconsole.connectors.browser.carry import PageGone
from liveconsole.connectors.browser.connector import BrowserConnector
from liveconsole.connectors.browser.reading import PageLook, Word, word
from liveconsole.connectors.browser.received import Received
from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.wire import Mapped
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connection_words import connection_words
from liveconsole.messages.connections import BrowserConnection
from liveconsole.tasks import cancel_all, spawn
from tests.worlds.console.paper import PaperPage
from tests.worlds.console.rooms import PaperRoom

NOTHING: tuple[str, ...] = ()
SET = BrowserConnection("wechat_channels", consent=True)


class PaperWatch:
    """`watching.Watch` of a page on paper."""

    def __init__(self, page: PaperPage) -> None:
        self.goods = page

    async def look(self) -> tuple[Word, PageLook]:
        shown = await self.goods.look()
        return word(shown, self.goods.map), shown

    async def alive(self) -> None:
        if self.goods.state == "gone":
            raise PageGone("closed")

    async def picture(self) -> bytes:
        return self.goods.state.encode() + b" picture"

    async def show(self) -> None:
        pass


class Scene:
    """One connection with its page and its room, running."""

    def __init__(self, folder: Path, setting: BrowserConnection) -> None:
        self.page = PaperPage(maps.load("wechat_channels"), 1, moods=("well",))
        self.page.on, self.page.dialogs = set(), 0
        self.room = PaperRoom(folder, list(self.page.titles))
        self.opened = 0
        environ = {"LIVECONSOLE_BROWSER": __file__}
        self.made = BrowserConnector(
            setting,
            folder,
            lambda *_: Mapped(),
            lambda *_: {},
            environ=environ,
            clock=self.page.clock,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        await self.page.sleep(seconds)
        await asyncio.sleep(0)

    @asynccontextmanager
    async def open(self, *_: Any, **__: Any) -> AsyncIterator[PaperWatch]:
        self.opened += 1
        yield PaperWatch(self.page)

    async def until(self, code: str) -> None:
        for turn in range(6000):
            if self.made.state().code == code:
                return
            await asyncio.sleep(0.001 if turn > 1000 else 0)  # maps are read beside the loop
        raise AssertionError((code, self.made.state(), self.room.told))

    async def ask(self, number: int, **of: Any) -> tuple[Effect, PlatformSaid]:
        effect = self.room.owes(number, **of)
        return effect, await self.made.ask(effect)


MakeScene = Callable[..., contextlib.AbstractAsyncContextManager[Scene]]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeScene:
    @asynccontextmanager
    async def running(setting: BrowserConnection = SET) -> AsyncIterator[Scene]:
        made = Scene(tmp_path, setting)
        monkeypatch.setattr(watching.Watch, "opened", made.open)
        monkeypatch.setattr(part, "use", lambda folder: True)
        task = spawn(made.made.run(made.room), name="connection")
        try:
            yield made
        finally:
            await cancel_all([task])

    return running


async def test_pins_are_the_program_s_once_the_page_is_ready(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        assert at.room.told[0] == ("loading", ("pins",))
        assert at.room.told[1:] == [("ready", NOTHING)]
        state = at.made.state()
        assert (state.state, state.cannot, state.figures.rows) == ("connected", [], 40)
        _, said = await at.ask(7)
        assert said == PlatformSaid("done")
        assert at.page.on == {at.page.titles[6]}


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (BrowserConnection("wechat_channels"), "no_consent"),
        (BrowserConnection("wechat_channels", "https://evil.example/", consent=True), "page_elsewhere"),
    ],
)
async def test_nothing_is_opened_without_consent_or_elsewhere(
    scene: MakeScene, setting: BrowserConnection, code: str
) -> None:
    async with scene(setting) as at:
        await at.until(code)
        for _ in range(50):
            await asyncio.sleep(0)
        assert at.opened == 0
        assert at.room.told == [(code, ("pins",))]
        effect = at.room.owes(1)
        assert (await at.made.ask(effect)).outcome == "unknown"
        assert at.page.presses == 0


async def test_what_is_missing_has_its_word_and_is_looked_for_again(
    scene: MakeScene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene() as at:
        monkeypatch.setattr(part, "use", lambda folder: False)
        at.page.state = "gone"
        await at.until("no_part")
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages/wechat_channels.toml").write_text("name = 1", "utf-8")
        await at.until("bad_map")
        assert "name" in connection_words("browser", "bad_map", at.made.state().params)
        (tmp_path / "pages/wechat_channels.toml").unlink()
        monkeypatch.setattr(part, "use", lambda folder: True)
        at.page.state = ""
        await at.until("ready")


@pytest.mark.parametrize("word_", ["logged_out", "captcha", "renamed", "gone"])
async def test_each_word_of_the_page_makes_pins_a_person_s_with_a_picture(
    scene: MakeScene, word_: str
) -> None:
    code = {"renamed": "changed", "gone": "page_gone"}.get(word_, word_)
    async with scene() as at:
        await at.until("ready")
        at.page.state = word_
        await at.until(code)
        assert at.room.told[-1] == (code, ("pins",))
        if code != "page_gone":
            for _ in range(20):
                await asyncio.sleep(0)
            assert at.made.state().picture is not None
        for english in (False, True):
            state = at.made.state()
            assert connection_words("browser", code, state.params, english=english) != code
        at.page.state = ""
        await at.until("ready")
        assert at.made.state().picture is None


async def test_a_pin_that_nothing_came_of_is_a_person_s_until_nothing_is_owed(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        at.page.moods = ("ignores",)
        effect, said = await at.ask(3)
        assert said == PlatformSaid("unknown", "stuck")
        assert at.room.told[-1] == ("stuck", ("pins",))
        assert at.made.state().params == {"number": 3, "title": at.page.titles[2], "said": ""}
        assert at.made.state().picture is not None
        for _ in range(200):
            await asyncio.sleep(0)
        assert at.made.state().code == "stuck"
        at.room.settled(effect)
        await at.until("ready")
        assert at.room.told[-1] == ("ready", NOTHING)


async def test_who_asks_again_is_answered_and_nothing_is_pressed_again(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        effect, said = await at.ask(3)
        at.page.on = set()
        assert await at.made.ask(effect) == await at.made.query(effect) == said
        assert at.page.presses == 1


async def test_one_that_nobody_waits_for_any_more_is_carried_to_its_end(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        effect = at.room.owes(5)
        asking = spawn(at.made.ask(effect), name="ask")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await cancel_all([asking])
        for _ in range(500):
            await asyncio.sleep(0)
        assert await at.made.query(effect) == PlatformSaid("done")
        assert at.page.presses == 1


async def test_a_browser_that_goes_in_the_middle_of_a_press_ends_nobody_who_asks(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        at.page.moods = ("ignores",)
        effect = at.room.owes(5)
        asking = spawn(at.made.ask(effect), name="ask")
        while not at.page.presses:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert at.made._pressing is not None
        await at.made._pressing.close()  # as when the browser goes
        assert await asking == PlatformSaid("unknown", "page_gone")
        at.page.on = {at.page.titles[4]}
        assert await at.made.query(effect) == PlatformSaid("done")
        assert at.page.presses == 1


async def test_twin_one_that_waits_for_the_press_itself_is_ended_with_it(
    scene: MakeScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waits(tasks: list[asyncio.Task[Any]]) -> None:
        await asyncio.shield(tasks[0])

    async with scene() as at:
        await at.until("ready")
        at.page.moods = ("ignores",)
        monkeypatch.setattr(asyncio, "wait", waits)
        asking = spawn(at.made.ask(at.room.owes(5)), name="ask")
        while not at.page.presses:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert at.made._pressing is not None
        await at.made._pressing.close()
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_the_next_engine_reads_what_became_of_it_and_presses_nothing(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        at.page.on = {at.page.titles[8]}
        assert await at.made.query(at.room.owes(9, asked=True)) == PlatformSaid("done")
        assert await at.made.query(at.room.owes(9, "ended", asked=True)) != PlatformSaid("done")
        lost = at.room.owes(10, asked=True)
        assert (await at.made.query(lost)).outcome == "unknown"
        assert at.room.told[-1] == ("not_known", ("pins",))
        assert at.page.presses == 0


async def test_a_pin_of_the_same_product_once_more_shows_its_card_again(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        await at.ask(7)
        began = at.page.now
        _, said = await at.ask(7, key="again")
        assert said == PlatformSaid("done")
        assert at.page.presses == 3
        assert at.page.now - began >= 10
        at.page.on = {at.page.titles[1]}
        await at.ask(2)  # by hand already: nothing to press
        assert at.page.presses == 3


async def test_a_disk_that_is_full_is_told_again(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        at.room.cannot_write = 3
        at.page.state = "captcha"
        await at.until("captcha")
        for _ in range(200):
            await asyncio.sleep(0)
        assert at.room.told[-1] == ("captcha", ("pins",))


async def test_a_browser_that_does_not_start_says_why_and_is_tried_again(
    scene: MakeScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene() as at:
        await at.until("ready")

        @asynccontextmanager
        async def taken(*_: Any, **__: Any) -> AsyncIterator[PaperWatch]:
            if at.page.state == "gone":
                raise PageGone("Opening in existing browser session.", "profile_in_use")
            yield PaperWatch(at.page)

        monkeypatch.setattr(watching.Watch, "opened", taken)
        at.page.state = "gone"
        await at.until("profile_in_use")
        assert at.room.told[-1][1] == ("pins",)
        at.page.state = ""
        await at.until("ready")


async def test_it_takes_pins_alone_and_knows_its_actions(scene: MakeScene) -> None:
    async with scene() as at:
        await at.until("ready")
        coupon = msgspec.structs.replace(at.room.owes(1), kind="coupon")
        assert (await at.made.ask(coupon)).outcome == "refused"
        assert await at.made.act("check", {}) == ConnectionSaid(True, "ready", rows=40)
        assert (await at.made.act("picture", {})).ok
        assert (await at.made.act("add_part", {"file": "relative.zip"})).code == "part_broken"
        with pytest.raises(LookupError):
            await at.made.act("explode", {})


async def test_what_the_page_receives_reaches_the_room_once_whatever_comes(tmp_path: Path) -> None:
    room = PaperRoom(tmp_path, [])

    def told(platform: str, address: str, body: bytes, source: str) -> Mapped:
        if body == b"broken":
            raise ValueError("a bug in a mapping")
        names = body.decode().split()
        orders = tuple(name for name in names if name.startswith("order"))
        said = [cloudevent(source, id_, "comment.posted", {}) for id_ in names if id_ not in orders]
        return Mapped(said, orders=orders)

    def body(content: bytes | None) -> Callable[[], Any]:
        async def read() -> bytes | None:
            return content

        return read

    received = Received("wechat_channels", told, lambda *_: {"online": 9})
    giving = spawn(received.give(room.post, room.now), name="give")
    room.full = 2
    for content in (b"a b order1", b"broken", None, b"a b c order1", b"order2", b"c d"):
        received.heard("https://x/live/msg?", body(content))
    async with asyncio.timeout(5):
        while received.given < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    comments = [event["id"] for event in room.events if event["type"] == "comment.posted"]
    assert comments == ["a", "b", "c", "d"]
    (measured,) = (event for event in room.events if event["type"] == "room.measured")
    assert measured["data"] == {"online": 9}
    room.pass_by(61)
    received.heard("https://x/live/msg?", body(b""))
    async with asyncio.timeout(5):
        while received.given < 6:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert (received.health.received, received.health.broken, received.missed) == (7, 1, 1)
    assert received.health.orders == 2, "of unknown amount, and counted once"
    await cancel_all([giving])
    for _ in range(600):
        received.heard("https://x/live/msg?", body(b"late"))
    assert received.missed == 101
