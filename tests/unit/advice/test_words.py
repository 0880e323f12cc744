"""Words that should not leave: what hides them, what excuses them, and how often they cry wolf."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.advice.words.check import Checker
from liveconsole.advice.words.lists import KINDS, Lists, Term, expand, load, parse, parse_allowed, path
from liveconsole.advice.words.wanted import STAR_LETTERS
from tests.goals import within

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


@pytest.mark.parametrize(
    "term",
    [
        "药到病除", "无效退款", "驰名商标", "质量免检", "专家推荐", "宇宙级", "世界之最", "首屈一指", "绝佳",
        "100%", "特供",
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_spread(term: str) -> None:
    """K10.5, each with what is put between its letters; the twin is the word with its last letter gone."""
    for text in (term, " ".join(term), "·".join(term), "，".join(term), "\u200b".join(term), f"我家{term}哦"):
        assert term in terms(text), text
    assert term not in terms(term[:-1] + "呀")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("藥到病除", "药到病除"), ("無效退款", "无效退款"), ("馳名商標", "驰名商标"),
        ("質量免檢", "质量免检"), ("專家推薦", "专家推荐"), ("絕佳口感", "绝佳"), ("１００％ 正品", "100%"),
        ("百分之百有用", "百分之百"), ("医生力荐", "医生力荐"), ("没效果包退", "没效果包退"),
        ("国家免检", "国家免检"), ("免檢產品", "免检产品"), ("全球之冠", "全球之冠"),
        ("独占鳌头", "独占鳌头"), ("国宴特供", "国宴特供"), ("特供酒", "特供"), ("100%有效", "100%有效"),
        ("全球级", "全球级"),
    ],
)  # fmt: skip
def test_their_siblings_are_found_too(text: str, term: str) -> None:
    assert terms(text) == [term]


@pytest.mark.parametrize(
    "text",
    [
        "100%棉", "100% 山羊绒围巾", "面料：100% 桑蚕丝", "棉：100%", "含绒量100%白鸭绒", "百分百纯棉",
        "100%果汁", "还剩100%", "2100%", "特供套装", "直播间特供", "【11-11特供】水乳", "大、中、小",
        "第一步，打开", "专家门诊在哪", "商标是什么", "免检车能买吗",
    ],
)  # fmt: skip
def test_what_a_composition_or_a_channel_is_called_is_no_claim(text: str) -> None:
    assert terms(text) == []


def test_a_star_in_a_list_stands_for_a_few_letters_of_the_clause() -> None:
    lists = Lists(
        parse("全网*最低 = 写价格\n*爆款*\n**\n甲*乙*丙", "sensitive"), parse_allowed("全网*最低温")
    )
    checker = Checker(lists)

    def found(text: str) -> list[tuple[str, str]]:
        return [(one.term, one.text) for one in checker.check(text)]

    assert found("全网最低") == [("全网*最低", "全网最低")]
    assert found("今天全网价格 最 低哦") == [("全网*最低", "全网价格 最 低")]
    assert found("全网" + "一" * STAR_LETTERS + "最低") != []
    assert found("全网" + "一" * (STAR_LETTERS + 1) + "最低") == [], "it has an end"
    assert found("全网，最低气温") == [], "nor does it go over the end of a clause"
    assert found("全网明天最低温") == [], "in a list of what is no violation as well"
    assert found("小爆款呀") == [("*爆款*", "爆款")]
    assert found("甲1乙2丙") == [("甲*乙*丙", "甲1乙2丙")]
    assert found("甲1丙") == found("*") == []
    # The twin: taken as letters, as before, the star was lost and the word was another.
    assert Checker(Lists([Term("全网最低", "sensitive")], [])).check("全网价格最低") == []


def test_many_stars_take_no_longer_than_few() -> None:
    checker = Checker(Lists([Term("*".join("一" * 40) + "*二", "sensitive")], []))
    began = time.thread_time()
    assert checker.check("一" * 500) == []
    within(time.thread_time() - began, 5)


def test_braces_end() -> None:
    assert len(list(expand("{a,b}" * 30))) < 100_000


def test_the_users_own_list_wins(tmp_path: Path) -> None:
    own = tmp_path / "words" / "luring.txt"
    own.parent.mkdir()
    own.write_text("我的店", "utf-8-sig")
    assert path("luring", tmp_path) == own
    assert [t.text for t in load(tmp_path).terms if t.kind == "luring"] == ["我的店"]
    assert [t for t in load(tmp_path).terms if t.kind == "absolute"]
