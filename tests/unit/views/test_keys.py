"""Keys of a surface: what each shows and does as the room stands, and what is no key's to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.messages.key_surface import SurfaceKey
from liveconsole.messages.state import State
from liveconsole.views.key_outcome import outcome
from liveconsole.views.keys import AskedOfKey, asked, keys_frame
from tests.unit.domain.desk import SALE, Desk

BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}


def hers(desk: Desk, **spec: Any) -> None:
    """A sale that the host wrote."""
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE | spec})


def shown(desk: Desk, slot: str, lang: str = "zh") -> SurfaceKey:
    frame = keys_frame(desk.shown("keys"), desk.now, lang)
    return next(key for key in frame.keys if key.slot == slot)


def pressed(desk: Desk, slot: str) -> AskedOfKey:
    """What the key asks for is asked for."""
    of = asked(desk.shown("keys"), slot)
    assert of is not None, slot
    desk.ok(of.type, of.data, "keys")
    return of


def test_a_sale_from_ready_to_its_end() -> None:
    desk = Desk()
    hers(desk)
    ready = shown(desk, "1")
    assert (ready.state, ready.does, ready.hold_ms, ready.colour) == ("ready", "fire", 0, "ready")
    assert (ready.title, ready.about) == ("秒杀 ¥59 × 5", "#1 scarf")
    fired = pressed(desk, "1")
    counting = shown(desk, "1")
    assert (counting.state, counting.does, counting.text) == ("counting", "recall", "撤回 3 s")
    assert counting.shown != ready.shown, "an echo of the press must not take it back"
    assert shown(desk, "recall").does == "recall"
    assert outcome(fired, desk.shown("keys")).status == "waiting"
    desk.wait(1.2)
    assert shown(desk, "1", "en").text == "Recall 2 s"
    desk.wait(2)
    live = shown(desk, "1")
    assert (live.state, live.text, live.does, live.hold_ms) == ("on_air", "余 5", "stop", 800)
    assert live.until is not None
    assert live.since is not None
    assert live.share == 0.0
    assert outcome(fired, desk.shown("keys")).status == "done"
    stopped = pressed(desk, "1")
    assert outcome(stopped, desk.shown("keys")).status == "done"
    assert shown(desk, "1") == SurfaceKey("1")


def test_nothing_that_a_press_names_moves_with_figures_and_all_of_it_with_the_terms() -> None:
    desk = Desk()
    hers(desk)
    before = shown(desk, "1").shown
    desk.ok("note.put", {"text": "x", "to": "host"})
    desk.wait(1)
    assert shown(desk, "1").shown == before
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE | {"price_fen": 6900}})
    assert shown(desk, "1").shown != before


def test_the_keys_say_yes_to_what_the_host_wrote_alone_and_to_nothing_else() -> None:
    desk = Desk()
    for cue_id, role in (("hers", "host"), ("his", "assistant")):
        spec = SALE if role == "host" else SALE | {"sku_id": "hat", "price_fen": 3900}
        desk.ok("cue.add", {"cue_id": cue_id, "kind": "flash_sale", "spec": spec}, role)
    assert shown(desk, "1").does == "fire"
    blocked = shown(desk, "2")
    assert (blocked.does, blocked.state, blocked.why) == ("", "blocked", "还没有审核")
    assert shown(desk, "2", "en").why == "Not approved yet"
    assert asked(desk.shown("keys"), "2") is None
    assert desk.no("cue.fire", {"cue_id": "his"}, "keys") == "not_approved"
    desk.ok("cue.edit", {"cue_id": "hers", "spec": SALE | {"price_fen": 6000}}, "assistant")
    assert shown(desk, "1").does == "", "somebody else has written in it"
    desk.ok("cue.approve", {"cue_id": "his"})
    assert shown(desk, "2").does == "fire"


@pytest.mark.parametrize("settings", [{"four_eyes": True}])
def test_under_four_eyes_a_key_is_no_second_pair(settings: dict[str, Any]) -> None:
    desk = Desk(**settings)
    desk.ok("cue.add", {"cue_id": "hers", "kind": "flash_sale", "spec": SALE})
    assert shown(desk, "1").does == ""


def test_what_cannot_be_taken_back_is_held() -> None:
    desk = Desk(recall_seconds=0)
    hers(desk)
    assert (shown(desk, "1").does, shown(desk, "1").hold_ms) == ("fire", 600)


def test_a_bag_is_not_stopped_by_a_key_which_gives_no_reason() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    pressed(desk, "1")
    bag = shown(desk, "1")
    assert (bag.state, bag.text, bag.does, bag.why) == ("on_air", "0 人", "", "停要写原因，在主播台上停")
    assert asked(desk.shown("keys"), "1") is None


def test_a_person_at_the_platform_is_waited_for_and_silence_is_unknown() -> None:
    desk = Desk("manual", recall_seconds=0)
    hers(desk)
    of = pressed(desk, "1")
    assert shown(desk, "1").text == "等平台"
    assert outcome(of, desk.shown("keys")).status == "waiting"
    desk.wait(181)
    assert (shown(desk, "1").state, shown(desk, "1").colour) == ("unknown", "alarm")
    assert outcome(of, desk.shown("keys")).status == "unknown"
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": False})
    no = outcome(of, desk.shown("keys"))
    assert (no.status, no.text[0]) == ("refused", "人工确认没有成功")


def test_next_pins_what_it_names_and_says_why_when_it_goes_nowhere() -> None:
    desk = Desk(open_=False)
    assert (shown(desk, "next").does, shown(desk, "next").why) == ("", "还没有开播")
    desk.ok("broadcast.open", {})
    first = shown(desk, "next")
    assert (first.does, first.about, first.text) == ("next", "scarf", "1 号")
    pressed(desk, "next")
    assert desk.room.pinned.wanted == "scarf"
    assert shown(desk, "next").shown != first.shown
    pressed(desk, "next")
    assert shown(desk, "next").why == "后面没有商品了"


def test_stopping_all_waits_for_the_ends_that_are_owed() -> None:
    desk = Desk("manual", recall_seconds=0)
    hers(desk)
    pressed(desk, "1")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert (shown(desk, "halt").text, shown(desk, "halt").hold_ms) == ("1 个在进行", 1000)
    of = pressed(desk, "halt")
    assert outcome(of, desk.shown("keys")).status == "waiting"
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    assert outcome(of, desk.shown("keys")).status == "done"


def test_a_frame_is_small_however_long_the_words_are() -> None:
    """Nine promotions with the longest titles and a whole rundown: one frame, 8 KiB at most."""
    desk = Desk()
    long = "很长的名字" * 60
    desk.ok(
        "catalogue.put",
        {"products": [{"product_id": "p", "title": long, "price_fen": 9900, "stock": 500}]},
    )
    for n in range(12):
        spec = SALE | {"sku_id": "p", "price_fen": 5900 + n, "quantity": 2}
        desk.ok("cue.add", {"cue_id": f"c{n}", "kind": "flash_sale", "spec": spec})
    frame = keys_frame(desk.shown("keys"), desk.now, "zh")
    assert [key.slot for key in frame.keys] == [*"123456789", "next", "recall", "halt"]
    assert len(msgspec.json.encode(frame)) < 8192
    assert all(len(line) <= 40 for key in frame.keys for line in (key.title, key.about, key.text))


def test_the_state_is_not_older_than_the_clock_it_is_shown_by() -> None:
    """A count that has run out shows 0, never less."""
    desk = Desk()
    hers(desk)
    pressed(desk, "1")
    state: State = desk.shown("keys")
    late = keys_frame(state, desk.now + timedelta(seconds=9), "zh")
    assert late.keys[0].text == "撤回 0 s"
