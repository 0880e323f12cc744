"""Words that should not leave: what hides them, what excuses them, and how often they cry wolf."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.advice.words.check import Checker
from liveconsole.advice.words.lists import KINDS, Lists, Term, expand, load, parse, parse_allowed, path

LISTS = load()
CHECKER = Checker(LISTS)


def terms(text: str) -> list[str]:
    return [finding.term for finding in CHECKER.check(text)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("全网销量第一的围巾", "销量第一"),
        ("最 好 用", "最好用"),
        ("最-好-用", "最好用"),
        ("最\u200b佳", "最佳"),
        ("最🎉佳", "最佳"),
        ("ＮＯ．１", "NO.1"),
        ("no 1 的选择", "NO.1"),
        ("ｔｏｐ１", "Top1"),
        ("國家級非遺", "国家级"),
        ("第①品牌", "第1品牌"),
        ("➕微信", "加微信"),
        ("加 v 信", "加V信"),
        ("私 聊 转 账", "私聊转账"),
        ("月入过万不是梦", "月入过万"),
    ],
)
def test_what_hides_a_word_does_not(text: str, term: str) -> None:
    found = Checker(Lists([*LISTS.terms, Term("第1品牌", "absolute")], LISTS.allowed)).check(text)
    assert term in [f.term for f in found]
    assert all(text[f.start : f.end] == f.text for f in found)
    assert all(f.zh and f.en and f.zh != f.en for f in found if f.term != "第1品牌")


@pytest.mark.parametrize(
    "text",
    [
        "你最好是", "最好别用热水洗", "您最好先量一下", "第一步打开盒子", "今天最后一天", "最近很忙",
        "第一次来的宝宝", "前10名", "第10名", "半永久眉", "devx同号", "加微量元素", "加V领券",
        "微信小店", "notop100",
        "最大承重", "每人最多买2件",
        "哈哈哈。最。好看", "", "   ", "。，！",
    ],
)  # fmt: skip
def test_what_is_no_violation(text: str) -> None:
    assert terms(text) == []


def test_the_regulators_exemptions(shared: Path) -> None:
    """The cases of exemptions.md that words alone can tell; the others need to know what is true."""
    listed = (shared / "data/words_absolute_terms/exemptions.md").read_text("utf-8")
    for case in ("顾客第一", "力争做到最好", "本店最大容量款", "最佳赏味期"):
        assert case in listed
        assert terms(case) == [], case
    for grade in ("特级", "一级"):
        assert terms(grade) == []
    # Names and prizes are the user's own: one line of the allow list each.
    assert terms("王牌饼干") == ["王牌"]
    assert Checker(Lists(LISTS.terms, [*LISTS.allowed, "王牌饼干"])).check("王牌饼干") == []


def test_the_published_list_is_mostly_known(shared: Path) -> None:
    """A list that a market wrote for itself: ours has the terms that are claims, not the everyday words."""
    text = (shared / "data/words_absolute_terms/list_a_huinong_rule_2016.txt").read_text("utf-8")
    listed = [line.strip() for line in text.splitlines() if line.strip()]
    missed = [term for term in listed if not terms(term)]
    print(f"absolute terms: {len(listed) - len(missed)} of {len(listed)} known; not: {' '.join(missed)}")
    assert len(listed) == 58
    assert len(missed) <= 9
    assert {"最", "优秀", "精确", "最新"} <= set(missed), "as bare words they are everywhere"


def test_real_comments_seldom_cry_wolf(shared: Path) -> None:
    folder = shared / "data/danmaku_bili_11365_20211230"
    listed = (shared / "data/words_absolute_terms/list_a_huinong_rule_2016.txt").read_text("utf-8").split()
    comments = naive = 0
    kinds: Counter[str] = Counter()
    for line in (folder / "events_first2h.jsonl").read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] != "comment":
            continue
        comments += 1
        naive += any(term in event["text"] for term in listed)
        kinds.update({finding.kind for finding in CHECKER.check(event["text"])})
    print(f"{comments:,} comments of a room that sells nothing: naive {naive}, ours {dict(kinds)}")
    assert comments > 30_000
    assert naive > 200
    assert kinds["absolute"] < naive / 3
    assert kinds["sensitive"] + kinds["luring"] < 15


def test_real_titles_seldom_cry_wolf(shared: Path) -> None:
    with (shared / "data/catalogue_cosmetic_1111/snapshot_2016-11-11.csv").open(encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    hits = {title: found for title in titles if (found := terms(title))}
    print(f"{len(titles):,} titles: {len(hits)} hit, {sorted({t for found in hits.values() for t in found})}")
    assert len(titles) == 2331
    assert 1 <= len(hits) <= 5
    assert all("王牌" in found for found in hits.values())


def test_the_longest_word_counts_and_none_twice() -> None:
    assert terms("全网销量第一") == ["销量第一"]
    assert terms("最好最好") == ["最好", "最好"]


def test_our_lists_say_what_to_do_instead() -> None:
    counts = Counter(term.kind for term in LISTS.terms)
    assert set(counts) == set(KINDS)
    assert counts["absolute"] >= 80
    assert all(term.suggestion for term in LISTS.terms if term.kind == "absolute")
    assert not [term.text for term in LISTS.terms if len(term.text) < 2], "a single letter is in everything"


def test_no_phrase_of_ours_is_idle() -> None:
    """A phrase excuses a word only if there is one in it."""
    bare = Checker(Lists(LISTS.terms, []))
    assert len([phrase for phrase in LISTS.allowed if bare.check(phrase)]) > 500


def test_a_list_as_a_person_writes_it() -> None:
    found = parse(
        "# 说明\n最{好,佳} = 很好 # 记\n\n@ 原因 | Reason\n{甲{乙,丙}}\n = \n@只有中文\n丁", "absolute"
    )
    assert [(t.text, t.suggestion, t.zh, t.en) for t in found] == [
        ("最好", "很好", KINDS["absolute"][0], KINDS["absolute"][1]),
        ("最佳", "很好", KINDS["absolute"][0], KINDS["absolute"][1]),
        ("甲乙", "", "原因", "Reason"),
        ("甲丙", "", "原因", "Reason"),
        ("丁", "", "只有中文", "只有中文"),
    ]
    assert parse_allowed("你最好\n# x\n{a,b}c\n你最好") == ["你最好", "ac", "bc"]


@given(st.text(st.sampled_from("最好{},=@#|\n 甲乙"), max_size=40), st.text(max_size=60))
def test_no_list_and_no_text_breaks_it(written: str, text: str) -> None:
    checker = Checker(Lists(parse(written, "sensitive"), parse_allowed(written)))
    for finding in checker.check(text):
        assert text[finding.start : finding.end] == finding.text != ""


def test_braces_end() -> None:
    assert len(list(expand("{a,b}" * 30))) < 100_000


def test_the_users_own_list_wins(tmp_path: Path) -> None:
    own = tmp_path / "words" / "luring.txt"
    own.parent.mkdir()
    own.write_text("我的店", "utf-8-sig")
    assert path("luring", tmp_path) == own
    assert [t.text for t in load(tmp_path).terms if t.kind == "luring"] == ["我的店"]
    assert [t for t in load(tmp_path).terms if t.kind == "absolute"]
