"""想要, 返场, 加单: people, not comments; of the product named or explained; proposed, never done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liveconsole.views import wishes
from liveconsole.views.questions import built_in, read
from liveconsole.views.wishes import PEOPLE_MAX, PRODUCTS_MAX, SHOWN, Wishes

CART = {3: "scarf", 12: "hat"}


def tally(*lines: tuple[str, str], explained: str | None = "scarf") -> Wishes:
    made = Wishes(built_in().wishes)
    for who, text in lines:
        made.comment(who, text, explained, CART)
    return made


def told(made: Wishes, **more: object) -> list[tuple[str, int, int, int, int, str | None]]:
    asked = {"least": 3, "explained": "scarf"} | more
    return [
        (one.product_id, one.people, one.want, one.back, one.more, one.proposal)
        for one in made.told(**asked)  # type: ignore[arg-type]
    ]


def test_people_count_once_however_often_they_say_it() -> None:
    made = tally(("a", "想要"), ("a", "我想要这个"), ("a", "没抢到"), ("b", "求链接"))
    assert told(made) == [("scarf", 2, 2, 1, 0, None)]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("3号补货", "scarf"),
        ("12 号链接再来一轮", "hat"),
        ("三号返场", "scarf"),
        ("补货", "scarf"),
        ("99号补货", None),
        ("3号色补货", "scarf"),
    ],
)
def test_a_number_names_the_product_else_it_is_what_is_explained(text: str, product: str | None) -> None:
    assert [one[0] for one in told(tally(("a", text)))] == ([product] if product else [])


@pytest.mark.parametrize("text", ["不想要", "我要退货", "没抢到福袋", "好看", "1", "我要睡了", "", "不缺货"])
def test_what_is_no_wish(text: str) -> None:
    assert told(tally(("a", text))) == []


def test_nobody_knows_what_was_explained_and_who_spoke() -> None:
    assert told(tally(("a", "想要"), explained=None)) == []
    assert told(tally(("", "想要"))) == []


def test_enough_people_are_a_proposal() -> None:
    back = [(f"v{n}", "返场") for n in range(3)]
    more = [(f"w{n}", "3号卖完了 加单") for n in range(3)]
    wants = [(f"u{n}", "12号想要") for n in range(3)]
    assert [one[5] for one in told(tally(*back))] == ["back"]
    assert [one[5] for one in told(tally(*back, *more))] == ["more"], "more of it is what both want"
    assert [one[5] for one in told(tally(*wants))] == ["back"]
    assert [one[5] for one in told(tally(*wants), explained="hat")] == [None], "it is being explained"
    assert [one[5] for one in told(tally(*back[:2]))] == [None]


def test_who_is_hidden_wishes_nothing() -> None:
    made = tally(("a", "返场"), ("b", "返场"), ("c", "返场"))
    assert told(made, hidden=frozenset({"a", "b"})) == [("scarf", 1, 0, 1, 0, None)]


def test_another_evening_begins_with_none() -> None:
    made = tally(("a", "返场"))
    made.clear()
    assert told(made) == []


def test_a_crowd_and_a_large_shop_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishes, "PEOPLE_MAX", 10)
    monkeypatch.setattr(wishes, "PRODUCTS_MAX", 30)
    assert PEOPLE_MAX > 1_000
    assert PRODUCTS_MAX > 100
    made = Wishes(built_in().wishes)
    for n in range(40):
        made.comment(f"v{n}", "想要", "scarf", {})
    for n in range(60):
        made.comment("a", "想要", f"p{n}", {})
    found = told(made)
    assert len(found) == SHOWN
    assert found[0][:2] == ("scarf", 10), "the one that most people want never leaves"
    assert len(made._said) == 30


def test_a_list_of_her_own_decides_and_an_old_one_has_the_programs() -> None:
    group = '[[group]]\nid = "price"\nwords = ["多少钱"]\n'
    assert read(group, built_in()).wishes == built_in().wishes
    assert read(group, built_in()).waiting == built_in().waiting
    own = read(f'[waiting]\nseconds = 30\npeople = 5\n{group}[[wish]]\nid = "want"\nwords = ["俺要"]\n')
    assert (own.waiting.seconds, own.waiting.people, own.waiting.wishes) == (30, 5, 3)
    made = Wishes(own.wishes)
    made.comment("a", "俺要", "scarf", {})
    made.comment("b", "想要", "scarf", {})
    assert [one.people for one in made.told(least=3, explained=None)] == [1]


def test_a_recorded_evening_wishes_little(shared: Path) -> None:
    """No shop: what is wished for there are songs and hair; docs/comments.md has the figures."""
    made, comments = Wishes(built_in().wishes), 0
    file = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    for line in file.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] == "comment":
            comments += 1
            made.comment(event["name"], event["text"], "room", {})
    (one,) = made.told(least=3, explained="room")
    print(f"{comments:,} comments: {one}")
    assert one.people <= 100
