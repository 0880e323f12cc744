"""What is asked, what must not be overlooked, what lures elsewhere: rules from editable files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.views import highlights, questions
from liveconsole.views.feed.lures import lures
from liveconsole.views.questions import TOPICS, BadRulesFile, QuestionGroup, one_of, topic

_OWN = """
[[group]]
id = "gift"
zh = "赠品"
words = ["送礼盒", "赠品", "VIP"]
"""


def test_the_programs_own_groups_are_the_ones_that_the_report_counts() -> None:
    assert tuple(group.id for group in questions.built_in().groups) == TOPICS


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("这件多少钱", "price"),
        ("身高165穿几码", "size"),
        ("几天到", "shipping"),
        ("你们是骗子吧", "complaint"),
        ("有没有黑色", "colour"),
        ("会起球吗", "quality"),
        ("好看", ""),
        ("", ""),
    ],
)
def test_a_comment_belongs_to_what_it_asks_about(text: str, group: str) -> None:
    assert topic(text) == group


FOOD = ("每日坚果 750g", "手撕牛肉干", "云南车厘子 3 斤", "红枣夹核桃", "无糖燕麦片")
FOOD_ASKED = [
    "甜吗", "辣吗", "保质期多久", "生产日期是什么时候", "几斤一箱", "孕妇能吃吗", "小孩能吃吗",
    "怎么保存", "要放冰箱吗", "无糖的吗", "配料表看看", "有添加剂吗", "好吃吗", "什么口味",
    "产地是哪里", "是进口的吗", "多少钱", "几天到", "怎么吃", "开袋即食吗", "热量高吗",
    "糖尿病人能吃吗", "净含量多少", "哪个味好吃", "有防腐剂吗", "新鲜吗", "老人能吃吗", "顺丰吗",
]  # fmt: skip


JEWELS = ("冰种翡翠手镯", "足金转运珠手链", "和田玉平安扣吊坠", "淡水珍珠项链", "18K 金莫桑石戒指")
JEWELS_ASKED = [
    "有证书吗", "是天然的吗", "圈口多大", "多少克", "工费怎么算", "有纹裂吗", "是什么种", "会掉色吗",
    "能调节吗", "打灯看看", "支持复检吗", "直径几毫米", "925的吗", "会过敏吗", "碰水可以吗", "金价多少",
    "项链多长", "包邮吗", "多少钱", "有棉吗",
]  # fmt: skip


def test_a_jewellery_room_has_groups_of_its_own() -> None:
    jewels, clothes = questions.built_in().of_goods(JEWELS), questions.built_in()
    ids = {group.id for group in jewels.groups}
    assert {"price", "shipping", "complaint", "genuine", "ring", "weight", "flaw", "metal"} <= ids
    assert not {"size", "taste", "fresh"} & ids
    assert [text for text in JEWELS_ASKED if not jewels.topic(text)] == []
    assert sum(clothes.topic(text) != "" for text in JEWELS_ASKED) <= len(JEWELS_ASKED) // 2, "the twin"


def test_pearls_in_tea_and_maize_are_no_jewels() -> None:
    food = questions.built_in().of_goods(
        ("珍珠奶茶 6 杯", "甜玉米 8 根", "黄金小米 5 斤", "东北大米", "绿豆")
    )
    ids = {group.id for group in food.groups}
    assert "taste" in ids
    assert "genuine" not in ids


def test_a_food_room_has_groups_of_its_own() -> None:
    """K10.4: its questions fell into none, or into those of clothes."""
    food, clothes = questions.built_in().of_goods(FOOD), questions.built_in()
    ids = [group.id for group in food.groups]
    assert {"price", "shipping", "complaint", "taste", "fresh", "contents"} <= set(ids)
    assert not {"size", "colour", "measure"} & set(ids)
    assert [text for text in FOOD_ASKED if not food.topic(text)] == []
    # The twin: by the groups that every room had.
    assert sum(clothes.topic(text) != "" for text in FOOD_ASKED) <= 6


@pytest.mark.parametrize(
    ("titles", "has", "lacks"),
    [
        (["羊绒围巾", "大衣", "手套"], "size", "taste"),
        (["补水面膜", "口红", "防晒霜", "身体乳"], "who", "size"),
        (["不粘锅", "保温杯", "浴巾"], "measure", "who"),
        (["羊绒围巾", "每日坚果"], "taste", "measure"),
        (["洗衣液 2kg", "抽纸"], "measure", "size"),
        (["甲", "乙"], "size", "taste"),
        ([], "size", "taste"),
    ],
)
def test_the_goods_choose_the_groups(titles: list[str], has: str, lacks: str) -> None:
    ids = {group.id for group in questions.built_in().of_goods(titles).groups}
    assert has in ids
    assert lacks not in ids


def test_real_titles_of_cosmetics_are_beauty_alone(shared: Path) -> None:
    with (shared / "data/catalogue_cosmetic_1111/snapshot_2016-11-11.csv").open(encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    ids = {group.id for group in questions.built_in().of_goods(titles).groups}
    assert "who" in ids
    assert not {"taste", "size", "measure"} & ids


@pytest.mark.parametrize(
    "text", ["明明开心坏了", "笑坏了", "谢谢没发现", "我可爱坏了", "对，容易黑色素瘤", "十几块也可以有"]
)
def test_what_only_sounds_like_it_has_no_group(text: str) -> None:
    assert topic(text) == ""
    # The twin: without the phrases it has.
    bare = [QuestionGroup(group.id, group.words) for group in questions.built_in().groups]
    assert questions.Questions(bare).topic(text) != ""


def test_a_phrase_hides_its_own_word_and_no_other() -> None:
    assert topic("开心坏了，可是鞋坏了") == "complaint"
    assert topic("黑色素沉着能选黑色吗") == "colour"


def test_real_talk_seldom_falls_into_a_group(shared: Path) -> None:
    """A room that sells nothing: what it says is no question of a food room."""
    food = questions.built_in().of_goods(FOOD)
    found: Counter[str] = Counter()
    comments = 0
    file = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    for line in file.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] == "comment":
            comments += 1
            found[food.topic(event["text"])] += 1
    tagged = comments - found[""]
    print(f"{comments:,} comments: {tagged} in a group, {dict(found)}")
    assert comments > 30_000
    assert tagged <= comments / 500


def test_the_first_word_in_the_text_decides() -> None:
    assert topic("发货前能选颜色吗") == "shipping"
    assert topic("颜色选好几天到") == "colour"


def test_the_copy_in_the_data_folder_wins(tmp_path: Path) -> None:
    assert questions.load(tmp_path) is questions.built_in()
    (tmp_path / "questions.toml").write_text(_OWN, "utf-8-sig")  # as an editor on Windows leaves it
    own = questions.load(tmp_path)
    assert [(group.id, group.name("zh"), group.name("en")) for group in own.groups] == [
        ("gift", "赠品", "赠品")
    ]
    assert own.topic("有没有送礼盒") == "gift"
    assert own.topic("vip有吗") == own.topic("Vip有吗") == "gift"
    assert own.topic("多少钱") == ""


@pytest.mark.parametrize(
    "text",
    [
        "group = 3",
        "[[group]]\nid = 'a'",
        "[[group]]\nid = 'a b'\nwords = ['x']",
        "[[group]]\nid = 'a'\nwords = []",
        "[[group]]\nid = 'a'\nwords = ['']",
        "[[group]]\nid = 'a'\nwords = ['" + "长" * 21 + "']",
        "[[group]]\nid = 'a'\nwords = ['x']\n" * 2,
        "".join(f"[[group]]\nid = 'a{n}'\nwords = ['x']\n" for n in range(25)),
        "[[group]]\nid = 'a'\nwords = [" + ",".join(f"'w{n}'" for n in range(1201)) + "]",
        "not toml",
    ],
)
def test_a_file_that_cannot_be_used_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(text, "utf-8")
    with pytest.raises(BadRulesFile):
        questions.load(tmp_path)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadRulesFile):
        questions.load(tmp_path)


@given(
    st.lists(st.text("发货错多少钱.|(", min_size=1, max_size=4), max_size=12),
    st.text("发货错多少钱.|(x", max_size=20),
)
def test_words_are_found_as_a_plain_search_would(words: list[str], text: str) -> None:
    found = one_of(words).search(text)
    first = min((text.find(word) for word in words if word in text), default=-1)
    assert (found.start() if found else -1) == first
    if found:
        assert found.group() == max((w for w in words if text.startswith(w, first)), key=len)


def test_the_first_highlight_rule_counts_wherever_its_word_stands() -> None:
    rules = highlights.built_in()
    assert rules.mark("想要，可是拍不了") == "wrong"
    assert rules.mark("想要") == "wants"
    assert rules.mark("驼色好看") == ""


def test_own_highlights_win_and_an_empty_list_means_none(tmp_path: Path) -> None:
    (tmp_path / "highlights.toml").write_text(
        "[[rule]]\nid = 'boss'\nwords = ['老板']\nicon = 'info'\ntone = 'flash'\nsound = 'note'", "utf-8"
    )
    assert highlights.load(tmp_path).mark("老板好") == "boss"
    (tmp_path / "highlights.toml").write_text("", "utf-8")
    assert highlights.load(tmp_path).mark("付不了款") == ""


@pytest.mark.parametrize(
    "text",
    [
        "[[rule]]\nid = 'a'\nwords = ['x']\nicon = 'no-such-drawing'",
        "[[rule]]\nid = 'a'\nwords = ['x']\nicon = '../../secret'",
        "[[rule]]\nid = 'a'\nwords = ['x']\ntone = 'pink'",
    ],
)
def test_a_sign_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(BadRulesFile):
        highlights.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "加我V信 abc123",
        "加v❤看主页",
        "➕薇 低价",
        "vx：abcd1234",
        "V X abc12345",
        "淘宝搜 同款",
        "私我便宜",
        "来我直播间看看",
        "电话13812345678",
        "www.abc.com",
        "ｗｘ：ａｂｃｄｅ１",
        "加\u200b微\u200b信",
        "群号 12345678",
        "有要一手货源的私聊我",
        "taobao.com 更便宜",
    ],
)
def test_comments_that_lure_elsewhere_are_seen(text: str) -> None:
    assert lures(text)


@pytest.mark.parametrize(
    "text",
    [
        "加大码有吗",
        "微信支付可以吗",
        "主播私信我",
        "能加单吗",
        "淘宝买过一样的",
        "身高165体重52",
        "3.5折吗",
        "满199.减20",
        "订单号 2023112212345678901",
        "订单12345678901查一下",
        "小红书看到来的",
        "视频号小店在哪",
        "加v领吗",
        "加微量元素",
        "我家也有直播间",
        "来直播间看看",
        "vip有优惠吗",
        "这价格比拼多多便宜",
        "在抖音也看过你",
        "",
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str) -> None:
    assert not lures(text)


@given(st.text(max_size=500))
def test_any_text_is_judged(text: str) -> None:
    assert lures(text) in (True, False)
    assert topic(text) in ("", *TOPICS)
