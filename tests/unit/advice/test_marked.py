"""Words in comments that somebody should look at: with a reason, seldom wrong, never slow, taught."""

from __future__ import annotations

import json
import re
import time
import tomllib
from pathlib import Path

import pytest

from liveconsole.advice.words import marked
from liveconsole.advice.words.marked import LETTERS, MarkedWords, load, teach
from liveconsole.respath import resources
from liveconsole.views import highlights, questions
from liveconsole.views.feed import Feed, Filtered, MarkReason, is_fraud, is_lure, lures, reason_of
from liveconsole.views.highlights import CommentMarks
from tests.ui.committed import comment
from tests.unit.views.test_frauds import FRAUDS, QUESTIONS

WANTED = [
    "主播是骗子", "大家别买 上当了", "我要投诉你们", "拼多多更便宜", "加我微信", "来我直播间看", "刷单日结",
    "我是客服", "退款请加我", "报一下手机号", "货不对板", "虚 假 发 货", "假 货",
]  # fmt: skip
LEFT = [
    "不要买带镜片的", "别买大了", "啥时候加我好友 宝", "客服在吗", "怎么投诉快递", "淘宝也有活动吗",
    "我是老粉了", "去看直播", "手机号填错了怎么改", "加我一个", "来了来了", "主播骗我眼泪",
    "quququqqqqqqq", "qaqqaqqaqqaq",
]  # fmt: skip


@pytest.mark.parametrize("text", WANTED)
def test_what_should_be_looked_at_is_marked_with_its_reason(text: str) -> None:
    found = load().sign(text)
    assert found is not None
    assert found.zh
    assert found.en.isascii()


@pytest.mark.parametrize("text", [*LEFT, *QUESTIONS])
def test_what_buyers_say_is_let_be(text: str) -> None:
    assert load().sign(text) is None
    assert not lures.lures(text)


def test_a_name_that_passes_for_the_shop_marks_whatever_it_says() -> None:
    found = load().sign("晚上好", "糖糖官方客服")
    assert found is not None
    assert "冒充" in found.zh
    assert load().sign("晚上好", "客服妈妈爱生活") is None


def test_every_spam_of_a_rehearsal_is_seen_and_nothing_else() -> None:
    said = tomllib.loads((resources() / "rehearsal" / "phrases.toml").read_text("utf-8"))
    feed = Feed(look=CommentMarks(questions.built_in(), highlights.built_in(), load()))
    feed.fold(comment(n, text) for n, text in enumerate(said["spam"], 1))
    marks = [is_fraud(r) or is_lure(r) or reason_of(r, feed.look.signs) is not None for r in feed.rows()]
    assert all(marks)
    fair = [
        *said["question"],
        *said["praise"],
        *said["filler"],
        *said["one"],
        *said["bag_near"],
        *said["bought"],
    ]
    assert [text for text in fair if load().sign(text) is not None or lures.lures(text)] == []


def test_real_comments_are_seldom_marked(shared: Path) -> None:
    """docs/comments.md has what they are: read one by one."""
    words, found, comments = load(), [], 0
    file = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    for line in file.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] == "comment":
            comments += 1
            if lures.lures(event["text"]) or words.sign(event["text"], event["name"]) is not None:
                found.append(event["text"])
    assert comments > 30_000
    assert len(found) <= comments / 10_000


def test_crying_is_no_address_and_was_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without what tells them apart it is."""
    assert lures.lures("加qq 123456789")
    assert lures.lures("QQ号12345678")
    assert lures.lures("vx abc123x")
    loose = re.compile("qq(?:号|群)?(?:是|[:：])?[a-z0-9]{5,}")
    monkeypatch.setattr(lures, "_LURES", loose)
    assert lures.lures("蓝色挑染好看quqqqqqqqqq")


def test_no_text_and_no_list_makes_it_slow() -> None:
    """Two thousand in a second leave a core free, whatever they say."""
    stars = MarkedWords([MarkReason("加*" * 20 + "我", "x", "x"), MarkReason("加*我*加", "x", "x")])
    worst = ["加" * 500, "加我" * 250, "a" * 5_000, "别买" * 300, "\u200b" * 4_000, "1" * 900, "加微信" * 200]
    began = time.process_time()
    for _ in range(5):
        for text in worst:
            stars.sign(text)
            load_once().sign(text, text)
    each = (time.process_time() - began) / (5 * len(worst))
    assert each < 0.005
    assert load_once().sign("好" * LETTERS + "主播是骗子") is None, "beyond the bound nothing is looked at"


_ONCE: list[MarkedWords] = []


def load_once() -> MarkedWords:
    if not _ONCE:
        _ONCE.append(load())
    return _ONCE[0]


def test_what_was_marked_wrongly_is_let_be_from_then_on(tmp_path: Path) -> None:
    look = CommentMarks(questions.built_in(), highlights.built_in(), load(tmp_path))
    feed = Feed(look=look)
    feed.fold([comment(1, "货不对板"), comment(2, FRAUDS[0]), comment(3, "好看")])
    only = Filtered(feed, "marked")
    only.refresh()
    assert [row.text for row in only.rows()] == ["货不对板", FRAUDS[0]]
    assert teach(tmp_path, " 货不对板\n")
    assert teach(tmp_path, FRAUDS[0])
    assert teach(tmp_path, "#1 货不对板")
    assert teach(tmp_path, "#1 货不对板")
    assert (tmp_path / "words/let_be.txt").read_text("utf-8").splitlines() == [
        "货不对板", FRAUDS[0], "＃1 货不对板",
    ]  # fmt: skip
    feed.read_by(CommentMarks(questions.built_in(), highlights.built_in(), load(tmp_path)))
    only = Filtered(feed, "marked")
    only.refresh()
    assert only.rows() == []
    feed.fold([comment(4, "货不对板吧"), comment(5, "货不对板 ")])
    rows = feed.rows()[-2:]
    assert [reason_of(row, feed.look.signs) is not None for row in rows] == [True, False]
    assert load(tmp_path).lets_be("#1 货不对板")


def test_the_list_of_what_is_let_be_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "TAUGHT_MAX", 2)
    assert [teach(tmp_path, f"第 {n} 句") for n in range(3)] == [True, True, False]


def test_own_marks_stand_in_place_of_the_programs(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/marked.txt").write_text("\ufeff@ 自己的 | Own\n{甲,乙}丙\nname: 丁\n", "utf-8")
    own = load(tmp_path)
    assert own.sign("货不对板") is None
    assert own.sign("乙丙") == MarkReason("乙丙", "自己的", "Own")
    assert own.sign("x", "丁丁") is not None


def test_taking_comments_in_asks_no_list_of_words() -> None:
    """The work per comment is bounded: words are looked at when a row is seen, and once."""

    class Asked(MarkedWords):
        asked = 0

        def sign(self, text: str, name: str = "") -> MarkReason | None:
            Asked.asked += 1
            return None

    feed = Feed(look=CommentMarks(questions.built_in(), highlights.built_in(), Asked()))
    feed.fold(comment(n, f"第{n}句") for n in range(1, 4_001))
    assert Asked.asked == 0
    only = Filtered(feed, "marked")
    only.refresh()
    only.refresh()
    assert Asked.asked == 2_000
