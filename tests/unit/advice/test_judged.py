"""The dry run with its advice: limits, threshold and words; lists that change while the engine runs."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole.advice.judged import AdviceFiles, judged
from tests.read_verdicts import read
from tests.unit.domain.desk import SALE, Desk, placed

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)

COUPON = {
    "name": "全网最低券", "rule": {"threshold_fen": 1000, "off_fen": 100}, "quantity": 5,
    "per_buyer": 1, "seconds": 60,
}  # fmt: skip


def ask(desk: Desk, type_: str, data: dict[str, Any], books: AdviceFiles | None = None) -> dict[str, Any]:
    found = judged(books or AdviceFiles(), desk.room, type_, data, desk.now, "host")
    read(found)
    return found


def test_the_rules_answer_stays_and_advice_comes_beside_it() -> None:
    desk = Desk("manual")
    found = ask(desk, "cue.add", {"kind": "flash_sale", "spec": {**SALE, "price_fen": 9000}})
    assert (found["ok"], found["exposure_fen"]) == (True, 4500)
    assert [n["code"] for n in found["notices"]] == ["off_min_yuan"] or found["notices"][0][
        "code"
    ] == "zhe_max"
    assert "还需再降" in found["notices"][0]["zh"]
    assert (found["advice"], found["words"]) == ([], [])


def test_limits_are_the_platforms_own() -> None:
    assert (
        ask(Desk(), "cue.add", {"kind": "flash_sale", "spec": {**SALE, "price_fen": 9000}})["notices"] == []
    )


def test_a_product_with_a_sale_that_is_not_over() -> None:
    desk = Desk("manual")
    desk.queue_sale("one")
    again = ask(desk, "cue.add", {"kind": "flash_sale", "spec": SALE})
    assert [n["code"] for n in again["notices"]] == ["one_per_product"]
    assert ask(desk, "cue.fire", {"cue_id": "one"})["notices"] == [], "it is not in its own way"


def test_a_threshold_from_what_was_paid_here() -> None:
    desk = Desk()
    assert ask(desk, "cue.add", {"kind": "coupon", "spec": COUPON})["advice"] == []
    for n in range(5):
        desk.fact("order.placed", placed(f"o{n}", price_fen=9900))
        desk.fact("order.paid", {"order_id": f"o{n}", "paid_fen": 9900})
    (advice,) = ask(desk, "cue.add", {"kind": "coupon", "spec": COUPON})["advice"]
    assert (advice["code"], advice["average_fen"], advice["low_fen"], advice["high_fen"]) == (
        "threshold", 9900, 6000, 6900,
    )  # fmt: skip
    assert advice["fits"] is False


@pytest.mark.parametrize(
    ("type_", "data", "fields"),
    [
        ("cue.add", {"kind": "coupon", "spec": COUPON}, ["spec.name"]),
        (
            "cue.add",
            {"kind": "lucky_bag", "spec": {"prize": {"name": "顶级围巾"}, "entry": {"keyword": "全网第一"}}},
            ["spec.prize.name", "spec.entry.keyword"],
        ),
        ("broadcast.open", {"title": "全网最低价专场"}, ["title"]),
        ("cue.stop", {"cue_id": "x", "reason": "加我微信领"}, ["reason"]),
        ("catalogue.put", {"products": [{"title": "好"}, {"title": "极品", "points": ["永不褪色"]}]},
         ["products.1.title", "products.1.points.0"]),
        ("rundown.put",
         {"segments": [{"script": "这是史上最低", "cues": [{"kind": "coupon", "spec": COUPON}]}]},
         ["segments.0.script", "segments.0.cues.0.spec.name"]),
        ("text", {"text": "全网最低，今晚最好的"}, ["text", "text"]),
        ("text", {"text": 3}, []),
        ("broadcast.open", {"title": 3}, []),
        ("rundown.put", {"segments": "x"}, []),
        ("catalogue.put", {"products": [None, 3]}, []),
    ],
)  # fmt: skip
def test_every_text_that_leaves_is_looked_at(type_: str, data: dict[str, Any], fields: list[str]) -> None:
    found = ask(Desk(), type_, data)["words"]
    assert [w["field"] for w in found] == fields
    assert all(w["zh"] and w["en"] and w["text"] for w in found)


def test_a_fired_cue_is_looked_at_too() -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    assert [w["term"] for w in ask(desk, "cue.fire", {"cue_id": "c"})["words"]] != []


def test_lists_are_read_again_when_they_have_changed(tmp_path: Path) -> None:
    books = AdviceFiles(tmp_path)
    ours = books.checker
    books.look()
    assert books.checker is ours, "nothing changed, nothing was read"
    own = tmp_path / "words" / "absolute.txt"
    own.parent.mkdir()
    own.write_text("围巾 = 披肩\n", "utf-8")
    desk = Desk()
    (word,) = ask(desk, "broadcast.open", {"title": "最好的围巾"}, books)["words"]
    assert (word["term"], word["suggestion"]) == ("围巾", "披肩")
    own.unlink()
    assert [w["term"] for w in ask(desk, "broadcast.open", {"title": "最好的围巾"}, books)["words"]] == [
        "最好的"
    ]


def test_words_alone_are_looked_at_and_nothing_else_is_judged() -> None:
    found = ask(Desk(), "text", {"text": "围巾 99 元"})
    assert found == {"ok": True, "notices": [], "advice": [], "words": []}


@pytest.mark.parametrize("room", [(), ("rehearsal", "desk"), ("tape",)])
def test_one_edit_counts_in_rehearsals_and_tapes_too(tmp_path: Path, room: tuple[str, ...]) -> None:
    books = AdviceFiles(tmp_path.joinpath(*room))
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "sensitive.txt").write_text("围巾 = 披肩\n", "utf-8")
    assert [w["term"] for w in ask(Desk(), "text", {"text": "围巾"}, books)["words"]] == ["围巾"]
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "wechat.toml").write_text("[flash_sale]\noff_min_yuan = 70\n", "utf-8")
    (notice,) = ask(Desk("rehearsal"), "cue.add", {"kind": "flash_sale", "spec": SALE}, books)["notices"]
    assert notice["zh"].startswith("至少便宜 70 元，还需再降")


def test_a_broken_file_of_the_user_is_told_and_the_last_good_one_holds(tmp_path: Path) -> None:
    books = AdviceFiles(tmp_path)
    own = tmp_path / "limits" / "wechat.toml"
    own.parent.mkdir()
    own.write_text("[flash_sale", "utf-8")
    desk = Desk("manual")
    dear = {"kind": "flash_sale", "spec": {**SALE, "price_fen": 9000}}
    codes = [n["code"] for n in ask(desk, "cue.add", dear, books)["notices"]]
    assert codes[-1] == "unreadable"
    assert len(codes) == 2, "ours still hold"
    own.write_text("[flash_sale]\n", "utf-8")
    os.utime(own, ns=(1, 1))
    assert (
        ask(desk, "cue.add", {"kind": "flash_sale", "spec": {**SALE, "price_fen": 9000}}, books)["notices"]
        == []
    )


def test_an_override_stands_on_the_log() -> None:
    desk = Desk(open_=False)
    desk.ok("broadcast.open", {"title": "最好的一场", "override": True})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON, "override": ["最低"]}, "assistant")
    desk.ok("cue.edit", {"cue_id": "c", "spec": COUPON})
    written = {"segments": [{"segment_id": "s", "script": "最好的"}], "override": ["最好的"]}
    for _ in range(2):  # what changes nothing uses no word
        desk.ok("rundown.put", written, "assistant")
    bag = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "最好的原因", "override": ["最好的"]})
    logged = [(e.actor, e.data) for e in desk.log if e.type == "words.overridden"]
    assert [(actor, d.where, d.terms, d.cue_id) for actor, d in logged] == [  # type: ignore[attr-defined]
        ("host", "broadcast.open", [], ""), ("assistant", "cue.add", ["最低"], "c"),
        ("assistant", "rundown.put", ["最好的"], ""), ("host", "cue.stop", ["最好的"], "bag"),
    ]  # fmt: skip


def test_the_state_says_which_lists_are_read_and_which_figures_are_old(tmp_path: Path) -> None:
    books = AdviceFiles(tmp_path)
    said = {one.name: one for one in books.files_at(NOW)}
    assert set(said) == {
        "limits/wechat.toml", "words/absolute.txt", "words/sensitive.txt", "words/luring.txt",
        "words/allow.txt", "law/categories.toml", "law/articles.toml",
    }  # fmt: skip
    ours = said["words/sensitive.txt"]
    assert ours.entries > 5
    assert (ours.own, ours.changed_at, ours.old, ours.wrong) == (False, None, False, "")
    assert ours.checked == date(2026, 11, 29), "a remark in the list says so"
    assert said["law/categories.toml"].entries > 5
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "sensitive.txt").write_text("围巾\n{甲,乙}级\n", "utf-8")
    (tmp_path / "limits").mkdir()
    own = tmp_path / "limits" / "wechat.toml"
    own.write_text("checked = 2026-08-01\n[flash_sale]\nzhe_min = 1\nhours_max = 24\n", "utf-8")
    books.look()
    said = {one.name: one for one in books.files_at(datetime(2026, 10, 30, 12, tzinfo=UTC))}
    words, limits = said["words/sensitive.txt"], said["limits/wechat.toml"]
    assert (words.own, words.entries) == (True, 3)
    assert words.changed_at is not None
    assert (limits.entries, limits.checked, limits.old) == (2, date(2026, 8, 1), False)
    later = books.files_at(datetime(2026, 10, 31, 12, tzinfo=UTC))  # the ninety-first day
    assert [one.name for one in later if one.old] == ["limits/wechat.toml"]
    last = books.files_at(datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert {one.name for one in last if one.old} == set(said) - {"words/sensitive.txt"}, "own, and undated"
    own.write_text("checked = 2026-08-01\nhours_max =", "utf-8")
    books.look()
    (broken,) = [one for one in books.files if one.wrong]
    assert (broken.name, broken.entries) == ("limits/wechat.toml", 2), "what was read before stays in force"
    assert str(tmp_path) not in broken.wrong


def test_what_a_desk_would_not_read_is_seen() -> None:
    """The twin: a name that no desk knows, and one that says something else."""
    for more in ({"fresh": 1}, {"skus": [{"sku_id": "a", "fresh": 1}]}, {"notices": [{"red": True}]}):
        with pytest.raises(AssertionError, match="is not read"):
            read({"ok": True, **more})
