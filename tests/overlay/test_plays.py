"""A list, a PK and red packets on the picture: names masked, no figure that nobody told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.overlay.view import OverlayPromotion, look
from tests.contract.engine_process import EngineProcess, comment
from tests.overlay.chromium import browser, needs_chromium
from tests.unit.domain.desk import Desk

LIST: dict[str, Any] = {"keyword": "1", "places": 3, "seconds": 60, "sku_id": "scarf", "price_fen": 4900}
PK: dict[str, Any] = {"opponent": "<b>小美</b>的店", "seconds": 600, "rounds": 2, "stake": "唱一首"}
PACKETS: dict[str, Any] = {"total_fen": 20_000, "packets": 50, "seconds": 600}


def on_air(kind: str, spec: dict[str, Any], platform: str = "own") -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "it", "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": "it"})
    if desk.cue("it").owed is not None:
        desk.ok("cue.confirm", {"cue_id": "it", "step": "on_air", "done": True})
    return desk


def card(desk: Desk, **names: str) -> OverlayPromotion:
    (found,) = look(desk.room, desk.now, names).running
    return found


def test_a_list_names_those_who_came_last_masked() -> None:
    desk = on_air("first_come", LIST)
    for who in ("a", "b", "c", "d"):
        desk.fact("comment.posted", {"viewer": {"id": who, "name": who}, "text": "1"})
    shown = card(desk, a="糖糖爱吃糖", b="小明", c="阿梅", d="谁也不是")
    assert shown.places == ["1. 糖**", "2. 小**", "3. 阿**"]
    assert (shown.entrants, shown.quantity, shown.waiting, shown.price_fen) == (3, 3, 1, 4900)
    assert len(shown.promise_code) == 19


def test_a_long_list_names_its_end_and_counts_the_whole() -> None:
    desk = on_air("first_come", LIST | {"places": 10})
    for number in range(10):
        desk.fact("comment.posted", {"viewer": {"id": f"v{number}", "name": "x"}, "text": "1"})
    shown = card(desk)
    assert [place.split(".")[0] for place in shown.places] == ["5", "6", "7", "8", "9", "10"]
    assert shown.entrants == 10


@pytest.mark.parametrize("platform", ["own", "manual"])
def test_a_score_is_there_for_a_minute_after_it_was_told_and_never_before(platform: str) -> None:
    desk = on_air("pk", PK, platform)
    assert (card(desk).score, card(desk).rounds) == ([], 2)
    desk.ok("cue.measure", {"cue_id": "it", "ours": 0})
    assert card(desk).score == [], "half a score is none"
    desk.ok("cue.measure", {"cue_id": "it", "theirs": 0})
    assert card(desk).score == [0, 0], "told, and so it is 0 : 0"
    desk.wait(61)
    assert card(desk).score == []


def test_red_packets_show_what_was_read_a_moment_ago() -> None:
    desk = on_air("red_packet", PACKETS, "manual")
    assert (card(desk).title, card(desk).quantity, card(desk).left) == ("200 元", 50, None)
    desk.ok("cue.measure", {"cue_id": "it", "claimed": 20})
    assert card(desk).left == 30
    desk.wait(61)
    assert card(desk).left is None


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    running.done("room.set", recall_seconds=0)
    goods = {"product_id": "scarf", "title": "围巾", "price_fen": 9900, "stock": 20}
    running.done("catalogue.put", products=[goods])
    running.done("broadcast.open")
    for kind, spec in (("first_come", LIST), ("pk", PK), ("red_packet", PACKETS)):
        running.done("cue.add", cue_id=kind, kind=kind, spec=spec | {"seconds": 3000})
        running.done("cue.fire", cue_id=kind)
    running.post([comment(f"c{n}", "1", viewer=f"v{n}") for n in range(5)])
    running.done("cue.measure", cue_id="pk", ours=520, theirs=88)
    yield running
    running.stop()


@pytest.mark.slow
@needs_chromium
async def test_every_play_has_its_card_in_a_browser(stage: EngineProcess, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{stage.port}/overlay?token={stage.tokens['overlay']}"
    async with browser(tmp_path / "browser") as page:
        await page.go(url)
        await page.until("document.querySelectorAll('.play:not(.gone)').length === 3")
        said = await page.ask("[...document.querySelectorAll('.play')].map(card => card.innerText).join('|')")
        assert "对 <b>小美</b>的店" in said, "an opponent's name is text"
        assert "520 : 88" in said
        assert "3 / 3 位，候补 2" in said
        assert "小**" in said
        assert "200 元" in said
        (tmp_path / "plays.png").write_bytes(await page.picture())
        assert page.complaints == []


KEPT: dict[str, dict[str, Any]] = {
    "bundle": {
        "items": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "hat", "quantity": 1}],
        "price_fen": 12_900, "quantity": 3, "per_buyer": 1,
    },
    "gift": {
        "buy": {"product_ids": ["scarf"]}, "gift": {"sku_id": "hat", "quantity": 1},
        "quantity": 3, "per_buyer": 1,
    },
    "group_buy": {"sku_id": "scarf", "price_fen": 7900, "size": 2, "groups": 2, "per_buyer": 1},
    "bargain": {"sku_id": "hat", "price_fen": 2900, "friends": 3, "per_buyer": 1},
    "first_come": LIST,
}  # fmt: skip
"""Kinds of which each is kept for members."""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    yield running
    running.stop()


@pytest.mark.slow
@needs_chromium
async def test_every_card_says_for_whom_it_is_kept(kept: EngineProcess, tmp_path: Path) -> None:
    running = kept
    running.done("room.set", recall_seconds=0)
    goods = [("scarf", "围巾", 9900), ("hat", "帽子", 4900)]
    running.done(
        "catalogue.put",
        products=[
            {"product_id": id_, "title": title, "price_fen": fen, "stock": 30} for id_, title, fen in goods
        ],
    )
    running.done("broadcast.open")
    for kind, spec in KEPT.items():
        data: dict[str, Any] = {
            "cue_id": kind,
            "kind": kind,
            "spec": spec | {"seconds": 3000, "audience": "members"},
        }
        running.done("cue.add", **data)
        running.done("cue.fire", cue_id=kind)
    url = f"http://127.0.0.1:{running.port}/overlay?token={running.tokens['overlay']}"
    async with browser(tmp_path / "browser") as page:
        await page.go(url)
        await page.until(f"document.querySelectorAll('.card:not(.gone)').length >= {len(KEPT)}")
        said = await page.ask(
            "[...document.querySelectorAll('.card:not(.gone)')].map(card => card.innerText).join('|')"
        )
        cards = str(said).split("|")
        assert len(cards) == len(KEPT)
        apart = "[...document.querySelectorAll('.name.apart')].map(title => title.textContent).join('|')"
        assert await page.ask(apart) == "围巾 + 帽子", "only several goods end a line between two of them"
        assert [card for card in cards if "会员专享" not in card] == [], "a card that does not say it"
        for words in ("拼团", "砍价", "接龙", "围巾 + 帽子", "送 帽子"):
            assert words in str(said), words
        assert page.complaints == []
