"""What OBS is to show for a room, and what is done for it: rules alone, no socket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.obs.follow import (
    Followed,
    MakeChapter,
    ObsSeen,
    ShowScene,
    WantedPicture,
    WriteText,
    another_run,
    on_air,
    steps,
    troubles,
    wanted,
)
from liveconsole.messages.connection_words import connection_words
from liveconsole.messages.connection_words.obs import WORDS
from liveconsole.messages.connections import ObsConnection
from liveconsole.overlay.view import look
from tests.unit.domain.desk import SALE, START, Desk, product

SCENES = {
    "kind:flash_sale": "秒杀",
    "segment:s2": "开场",
    "segment:看围巾": "商品",
    "pin": "商品",
    "idle": "候场",
}
SOURCES = {"价格牌": "text_gdiplus_v3", "图": "image_source"}


def want(desk: Desk, **settings: Any) -> WantedPicture:
    view = look(desk.room, desk.now)
    return wanted(ObsConnection(**settings), on_air(desk.room, view))


def text(desk: Desk, template: str) -> str:
    return want(desk, texts={"价格牌": template}).texts["价格牌"]


def seen(**more: Any) -> ObsSeen:
    known: dict[str, Any] = {
        "scenes": ["候场", "商品", "秒杀"],
        "program": "候场",
        "inputs": dict(SOURCES),
        "recording": True,
    }
    return ObsSeen(**(known | more))


def codes(want_: WantedPicture, done: Followed, obs: ObsSeen, **settings: Any) -> list[str]:
    return [code for code, _ in troubles(ObsConnection(**settings), want_, done, obs)]


def on_sale(desk: Desk, cue_id: str = "f1") -> None:
    desk.ok("cue.add", {"cue_id": cue_id, "kind": "flash_sale", "spec": SALE})
    desk.ok("cue.fire", {"cue_id": cue_id})


def test_the_scene_is_that_of_what_is_on_air_then_of_the_segment_then_of_the_pin(desk: Desk) -> None:
    assert want(desk, scenes=SCENES).scene == "候场"
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert want(desk, scenes=SCENES).scene == "商品"
    segments = [
        {"segment_id": "s2", "title": "问好"},
        {"segment_id": "s1", "title": "看围巾", "product_id": "scarf"},
    ]
    desk.ok("rundown.put", {"segments": segments}, "assistant")
    desk.ok("go.next", {})
    assert want(desk, scenes=SCENES).scene == "开场", "by its id"
    desk.ok("go.next", {})
    assert want(desk, scenes=SCENES).scene == "商品", "by its title"
    on_sale(desk)
    assert want(desk, scenes=SCENES).scene == "秒杀"
    desk.wait(61)
    assert want(desk, scenes=SCENES).scene == "商品"


def test_of_kinds_the_latest_promotion_says_the_scene(desk: Desk) -> None:
    scenes = {"kind:flash_sale": "秒杀", "kind:lucky_bag": "福袋"}
    on_sale(desk)
    desk.wait(2)
    bag = {"prize": {"name": "杯", "value_fen": 1}, "winners": 1, "entry": {"keyword": "福"}, "seconds": 30}
    desk.ok("cue.add", {"cue_id": "b1", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "b1"})
    assert want(desk, scenes=scenes).scene == "福袋"
    assert want(desk, scenes={"kind:flash_sale": "秒杀"}).scene == "秒杀", "the other one has no scene"


def test_a_room_without_scenes_asks_for_none(desk: Desk) -> None:
    assert want(desk) == WantedPicture()


@pytest.mark.parametrize(
    ("template", "bare", "pinned", "on_sale_"),
    [
        ("{number}号 {title} {price}", "", "1号 scarf ¥99", "1号 scarf ¥59"),
        ("余 {left}", "", "", "余 5"),
        ("{title} 余 {left}", "", "scarf 余 —", "scarf 余 5"),
        ("今晚八点", "今晚八点", "今晚八点", "今晚八点"),
        ("{title", "{title", "{title", "{title"),
    ],
)
def test_a_text_says_what_viewers_may_see_and_never_half_a_sentence(
    desk: Desk, template: str, bare: str, pinned: str, on_sale_: str
) -> None:
    title = desk.room.products["scarf"].title
    assert text(desk, template) == bare
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert text(desk, template) == pinned.replace("scarf", title)
    on_sale(desk)
    assert text(desk, template) == on_sale_.replace("scarf", title)


def test_a_text_of_a_sold_out_product_has_no_price(desk: Desk) -> None:
    desk.ok("cart.pin", {"product_id": "scarf"})
    line = {"sku_id": "scarf", "quantity": 10, "unit_price_fen": 9900}
    order = {"order_id": "o", "buyer": {"id": "b", "name": "小明"}, "lines": [line], "total_fen": 99000}
    desk.fact("order.placed", order)
    assert text(desk, "{price}") == "已售罄"


def test_a_text_of_a_rehearsal_says_so() -> None:
    desk = Desk("rehearsal", recall_seconds=0)
    settings: dict[str, Any] = {"texts": {"价格牌": "{price}", "口号": "今晚八点"}}
    assert want(desk, **settings).texts == {"价格牌": "", "口号": "排练 今晚八点"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "127.0.0.1"},
        {"address": "user:secret@127.0.0.1:4455"},
        {"address": "ws://127.0.0.1:4455"},
        {"address": "a b:1"},
        {"scenes": {"pinned": "商品"}},
        {"scenes": {"kind:": "商品"}},
        {"texts": {"": "a"}},
        {"texts": {str(at): "" for at in range(51)}},
    ],
)
def test_settings_that_could_do_nothing_are_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    assert desk.no("room.set", {"obs": wrong}) == "bad_shape"
    desk.ok("room.set", {"obs": {"address": "[::1]:4455", "scenes": {"segment:a b": "商品"}}})


def test_braces_in_a_title_are_text(desk: Desk) -> None:
    odd = product("odd", 100, 3) | {"title": "{price}{0.__class__}%s\n\u202e好"}
    desk.ok("catalogue.put", {"products": [odd]})
    desk.ok("cart.pin", {"product_id": "odd"})
    said = text(desk, "{title}")
    assert said.startswith("{price}{0.__class__}%s")
    assert "\n" not in said
    assert "\u202e" not in said


def test_a_text_that_names_what_there_is_not_is_not_written(desk: Desk) -> None:
    settings: dict[str, Any] = {"texts": {"价格牌": "{buyer} {title}"}}
    assert want(desk, **settings).texts == {}
    assert codes(want(desk, **settings), Followed(), seen(), **settings) == ["unknown_field"]


def test_what_was_done_is_not_done_again() -> None:
    want_ = WantedPicture("商品", {"价格牌": "¥99"}, "p@1", "1号 围巾")
    all_three = [ShowScene("商品"), WriteText("价格牌", "¥99"), MakeChapter("p@1", "1号 围巾")]
    assert steps(want_, Followed(), seen()) == all_three
    assert steps(want_, Followed(scene="商品", texts={"价格牌": "¥99"}, pin="p@1"), seen()) == []


def test_a_scene_that_a_person_changed_stays_until_the_room_has_something_new() -> None:
    done = Followed(scene="商品")
    his = seen(program="候场")
    assert steps(WantedPicture("商品"), done, his) == []
    assert codes(WantedPicture("商品"), done, his) == ["by_hand"]
    assert steps(WantedPicture("秒杀"), done, his) == [ShowScene("秒杀")]


def test_what_obs_does_not_have_is_said_and_waited_for() -> None:
    settings: dict[str, Any] = {"scenes": {"pin": "没有"}, "texts": {"无": "a", "图": "a"}, "chapters": True}
    want_ = WantedPicture("没有", {"无": "a", "图": "a"}, "p@1", "a")
    obs = seen(chapters="no_chapters")
    assert steps(want_, Followed(), obs) == []
    assert codes(want_, Followed(), obs, **settings) == ["no_scene", "no_text", "not_a_text", "no_chapters"]


def test_a_chapter_waits_for_a_recording() -> None:
    assert steps(WantedPicture(pin="p", chapter="a"), Followed(), seen(recording=False)) == []


def test_the_same_product_explained_again_is_another_chapter(desk: Desk) -> None:
    desk.ok("cart.pin", {"product_id": "scarf"})
    first = want(desk, chapters=True)
    desk.wait(5)
    desk.ok("cart.unpin", {})
    assert want(desk, chapters=True).chapter == ""
    desk.ok("cart.pin", {"product_id": "scarf"})
    again = want(desk, chapters=True)
    assert first.chapter == again.chapter == f"1号 {desk.room.products['scarf'].title}"
    assert first.pin != again.pin


@pytest.mark.parametrize(
    ("done", "run", "frames", "later", "another"),
    [
        (Followed("a", 500, START), "a", 600, 3, False),
        (Followed("a", 500, START), "b", 600, 3, True),
        (Followed("a", 500, START), "a", 20, 3600, False),
        (Followed("a", 500, START), "", 20, 3, True),
        (Followed("", 500, START), "", 600, 3, False),
        (Followed("", 500, START), "", 20, 3, True),
        (Followed("", 500, START), "", 500 + 30 * 3600, 3600, False),
        (Followed("", 500, START), "", 30 * 3500, 3600, True),
        (Followed("", 500, START), "", 30 * 3599, 3600, False),
        (Followed(), "a", 20, 0, False),
    ],
)
def test_another_run_of_obs_is_known_by_its_salt_its_frames_or_its_beginning(
    done: Followed, run: str, frames: int, later: float, another: bool
) -> None:
    assert another_run(done, run, frames, 30, START + timedelta(seconds=later)) is another


def test_no_person_gets_into_what_obs_shows(desk: Desk) -> None:
    """Nothing that the rule reads has a field for one: what a viewer is called stands nowhere in it."""
    desk.ok("cart.pin", {"product_id": "scarf"})
    on_sale(desk)
    line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 5900}
    buyer = {"id": "u1", "name": "张三丰"}
    desk.fact("order.placed", {"order_id": "o", "buyer": buyer, "lines": [line], "total_fen": 5900})
    desk.fact("comment.posted", {"viewer": buyer, "text": "我是张三丰"}, "/tape/1")
    shown = on_air(desk.room, look(desk.room, desk.now, {"u1": "张三丰"}))
    assert "张三丰" not in msgspec.json.encode(shown).decode()


def test_every_trouble_has_words_that_name_what_they_are_about() -> None:
    settings: dict[str, Any] = {
        "scenes": {"pin": "没有"},
        "texts": {"无": "{x}", "图": "a"},
        "chapters": True,
    }
    want_ = WantedPicture("商品")
    obs = seen(chapters="chapters_refused")
    found = dict(troubles(ObsConnection(**settings), want_, Followed(scene="商品"), obs))
    assert set(found) <= set(WORDS)
    for code, params in found.items():
        for english in (False, True):
            words = connection_words("obs", code, params, english=english)
            assert all(str(value) in words for value in params.values()), words
            assert "—" not in words
