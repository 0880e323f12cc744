"""故事: which comments are one, whose is kept, and that it is shown with his yes alone and without a name."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from random import Random

import msgspec
import pytest

from liveconsole.domain import stories
from liveconsole.domain.room_stories import Story
from liveconsole.engine.folding import fold
from liveconsole.messages.state import StoryState
from liveconsole.overlay.view import look
from liveconsole.store import open_store
from liveconsole.views.state.comment_desk import stories_state
from tests.unit.engine.evenings import Evenings, encoded

WORD = "我的故事"


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    found.open()
    return found


def said(evenings: Evenings, who: str, text: str, name: str = "小红") -> None:
    evenings.fact("comment.posted", viewer={"id": who, "name": name}, text=text)


def rows(evenings: Evenings) -> list[StoryState]:
    return stories_state(evenings.room, {}).rows


def texts(evenings: Evenings) -> list[str]:
    return [one.text for one in rows(evenings)]


def shows(evenings: Evenings) -> str | None:
    one = look(evenings.room, evenings.now).review
    return one.text if one is not None else None


def _letters(text: str) -> str:
    """The second opinion: letters and digits of what is compatible, one by one."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")


def test_what_is_a_story_against_a_second_opinion() -> None:
    """Random comments of few parts: the word, pieces of it, decoration, and something that is told."""
    dice = Random(20_26)
    parts = [WORD, "我的", "故事", "＃", "！", " ", "🎁", "三年前", "２０２３", "\u200b", "ok"]
    seen = {True: 0, False: 0}
    for _ in range(4_000):
        text = "".join(dice.choices(parts, k=dice.randint(0, 5)))
        plain = unicodedata.normalize("NFKC", text.replace("\u200b", ""))
        is_one = WORD in plain and _letters(plain).replace(WORD, "") != ""
        assert stories.is_story(WORD, text) == is_one, text
        seen[is_one] += 1
    assert min(seen.values()) > 400


def test_only_what_is_said_while_the_word_is_out_counts(evenings: Evenings) -> None:
    said(evenings, "v1", f"{WORD} 太早了")
    assert evenings.ok("story.collect", "assistant", keyword=f" {WORD} ") == {"keyword": WORD}
    said(evenings, "v1", "三年前在这买的第一条围巾")
    said(evenings, "v2", WORD)
    said(evenings, "v3", f"#{WORD}# 三年前在这买的第一条围巾")
    assert texts(evenings) == [f"#{WORD}# 三年前在这买的第一条围巾"]
    evenings.ok("story.collect", keyword=None)
    said(evenings, "v4", f"{WORD} 太晚了")
    evenings.ok("story.collect", keyword=WORD)
    assert len(rows(evenings)) == 1, "the same word goes on with what is there"
    evenings.ok("story.collect", keyword="第一次")
    assert rows(evenings) == [], "another begins anew"
    for wrong in ("", "长" * 21, " \u200b "):
        assert evenings.no("story.collect", keyword=wrong) == "bad_shape"
    evenings.ok("story.collect", keyword=WORD)
    evenings.close()
    said(evenings, "v4", f"{WORD} 播完了")
    assert rows(evenings) == []
    assert evenings.no("story.collect", keyword=WORD) == "not_open"


def test_a_person_has_one_his_latest_until_he_agreed_to_it(evenings: Evenings) -> None:
    evenings.ok("story.collect", keyword=WORD)
    for text in ("一", "二", "二"):
        said(evenings, "v1", f"{WORD} {text}")
    (one,) = rows(evenings)
    assert (one.text, one.agreed, evenings.room.stories.heard) == (f"{WORD} 二", None, 2)
    evenings.ok("review.consent", "assistant", review_id=one.review_id, agreed=True)
    said(evenings, "v1", f"{WORD} 三")
    (same,) = rows(evenings)
    assert (same.text, same.agreed) == (f"{WORD} 二", True), "he said yes to that one"
    evenings.ok("review.consent", review_id=one.review_id, agreed=False)
    said(evenings, "v1", f"{WORD} 四")
    (other,) = rows(evenings)
    assert (other.text, other.agreed) == (f"{WORD} 四", None)
    evenings.fact("comment.posted", viewer={"id": "masked:1", "name": "小**"}, text=f"{WORD} 谁说的")
    said(evenings, "v2", f"{WORD} 刷屏")
    evenings.ok("viewer.mute", viewer_id="v2")
    assert texts(evenings) == [f"{WORD} 四"], "nobody could ask the one, and no seat shows the other"


def test_it_is_shown_with_his_yes_alone_and_without_his_name(evenings: Evenings) -> None:
    evenings.core.terms = lambda text: [word for word in ("最好",) if word in text]
    evenings.ok("story.collect", keyword=WORD)
    said(evenings, "v1", f"{WORD} 三年前\u202e的围巾")
    said(evenings, "v2", f"{WORD} 全网最好")
    bad, good = (one.review_id for one in rows(evenings))
    assert evenings.no("review.show", "assistant", review_id=good) == "no_consent"
    for one in (good, bad):
        evenings.ok("review.consent", review_id=one, agreed=True)
    assert evenings.no("review.show", review_id=bad) == "words_in_review"
    evenings.ok("review.show", "assistant", review_id=good, seconds=30)
    seen = look(evenings.room, evenings.now)
    assert seen.review is not None
    assert (seen.review.stars, seen.review.text, seen.review.title) == (0, f"{WORD} 三年前的围巾", "")
    assert "小红" not in msgspec.json.encode(seen).decode()
    assert '"v1"' not in msgspec.json.encode(seen).decode()
    evenings.ok("review.hide")
    assert shows(evenings) is None
    evenings.ok("review.show", review_id=good, seconds=30)
    evenings.ok("review.consent", review_id=good, agreed=False)
    assert shows(evenings) is None, "with his yes it goes"


def test_it_goes_with_who_is_forgotten_and_stands_after_a_restart(evenings: Evenings) -> None:
    evenings.ok("story.collect", keyword=WORD)
    said(evenings, "v1", f"{WORD} 我是小红，三年前的围巾")
    said(evenings, "v2", f"{WORD} @小红 我也是", "小兰")
    first = rows(evenings)[1].review_id
    evenings.ok("review.consent", review_id=first, agreed=True)
    evenings.ok("review.show", review_id=first, seconds=120)
    evenings.restart()
    assert (len(rows(evenings)), shows(evenings)) == (2, f"{WORD} 我是小红，三年前的围巾")
    evenings.ok("viewer.forget", viewer_id="v1")
    assert shows(evenings) is None
    assert "小红" not in "".join(texts(evenings)), "nor where another called him"
    assert len(rows(evenings)) == 1
    assert evenings.no("review.show", review_id=first) == "unknown_review"
    evenings.restart()
    assert encoded(fold(evenings.store)[0]) == encoded(evenings.room)
    evenings.close()
    evenings.open()
    assert stories_state(evenings.room, {}) == stories_state(type(evenings.room)("room"), {})


def test_a_fold_that_forgets_nobody_would_keep_it(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the one above."""
    monkeypatch.setattr(stories, "forgotten", lambda room, pid: None)
    evenings.ok("story.collect", keyword=WORD)
    said(evenings, "v1", f"{WORD} 三年前的围巾")
    evenings.ok("viewer.forget", viewer_id="v1")
    assert len(rows(evenings)) == 1


def test_two_hundred_are_kept_and_who_agreed_stays(evenings: Evenings) -> None:
    evenings.ok("story.collect", keyword=WORD)
    said(evenings, "first", f"{WORD} 第一个")
    evenings.ok("review.consent", review_id=rows(evenings)[0].review_id, agreed=True)
    told = [
        evenings.event(
            "comment.posted", {"viewer": {"id": f"v{n}", "name": "小红"}, "text": f"{WORD} 第 {n} 条"}
        )
        for n in range(stories.KEPT + 50)
    ]
    evenings.post(*told)
    there = stories_state(evenings.room, {})
    assert (len(there.rows), there.heard) == (stories.KEPT, stories.KEPT + 51)
    assert there.rows[0].text == f"{WORD} 第 {stories.KEPT + 49} 条"
    assert there.rows[-1].text == f"{WORD} 第一个"
    for one in evenings.room.stories.told.values():
        assert isinstance(one, Story)
        one.agreed = True
    said(evenings, "last", f"{WORD} 最后一个")
    assert len(rows(evenings)) == stories.KEPT, "also where all have agreed"
