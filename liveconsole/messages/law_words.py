"""How each check of an article is worded: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.messages.law import Article

PREVAILS: Final = ("条文以公布文本为准", "the published text prevails")

CHECK_WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "review": {
        "off": (
            "没有用三级审核：在「设置 → 本直播间」里打开，标题、话术和券都要机器、人工、法务看过",
            "Reviews are not in use: turn them on in the room's settings, and titles, scripts and promotions"
            " are read by machine, person and lawyer",
        ),
        "missing": (
            "{titles}：还没有审完，在「法规」里看缺哪一步",
            "{titles}: not reviewed yet; the law page says which step is missing",
        ),
        "passed": ("{n} 处文字都审过了", "{n} texts have passed their review"),
        "nothing": ("没有要审的文字", "There is no text to review"),
    },
    "records": {
        "kept": (
            "每一场的价格、审核、处置和中奖都在记录里，不删；直播视频在平台上，请另存三年",
            "Prices, reviews, moderation and prizes of every broadcast are recorded and never deleted; the"
            " video is at the platform: keep it for three years too",
        ),
        "rehearsal": ("排练不是记录", "A rehearsal is no record"),
    },
    "basis": {
        "too_high": (
            "{titles}：划线价高于七日最低价，没有依据，画面上不会划出来。改低划线价，或者不标",
            "{titles}: the list price is above the lowest of seven days and has no basis; it is not shown"
            " struck. Lower it, or leave it out",
        ),
        "not_yet": (
            "{titles}：之前没有标过价，没有基准，画面上不划原价。先按原价挂一天",
            "{titles}: no price was asked before, so there is no basis and none is shown struck. Ask the"
            " normal price for a day first",
        ),
        "proved": (
            "每个划线价都有七日最低价作依据",
            "Every struck price has the lowest of seven days behind it",
        ),
    },
    "presenter": {
        "unsaid": (
            "没有说主播是不是 AI：到「设置 → 直播间」里说一下",
            "Nobody said whether the presenter is AI: say so in the room's settings",
        ),
        "person": ("主播是真人", "The presenter is a person"),
        "unseen": (
            "用了 AI 主播，叠加层没有接到 OBS，标识没有人看得见：接上 OBS，或者在平台上标明",
            "The presenter is AI and no overlay is connected to OBS, so nobody sees the label: connect OBS,"
            " or label it at the platform",
        ),
        "labelled": (
            "用了 AI 主播，画面上一直标着「AI 主播」",
            "The presenter is AI; the picture says so all the time",
        ),
    },
    "prizes": {
        "no_bag": ("没有排福袋", "No lucky bag is planned"),
        "no_value": (
            "{titles}：奖品没有写名称或价值，写上再开",
            "{titles}: the prize has no name or no value; write it before it starts",
        ),
        "valued": ("{n} 个福袋的奖品都写了名称和价值", "The prizes of {n} lucky bags have name and value"),
    },
    "rights": {
        "over": (
            "{titles}：授权 {until} 到期，不要再用，或者续上再改日期",
            "{titles}: the licence ended on {until}; stop using it, or renew it and change the date",
        ),
        "share": (
            "原创内容只有 {share}%，不到 {least}%",
            "Only {share} % of the content is one's own, {least} % is asked",
        ),
        "soon": (
            "{titles}：授权还有 {days} 天到期，先续上",
            "{titles}: the licence ends in {days} days; renew it",
        ),
        "unsaid": (
            "素材清单是空的：用了音乐、图片就写进「法规 → 素材授权」",
            "The list of licences is empty: write down the music and pictures that are used",
        ),
        "share_unsaid": (
            "{n} 条授权都在期内；原创内容的比例没有填，要求不少于 {least}%",
            "All {n} licences hold; the share of one's own content is not said, {least} % is asked",
        ),
        "fine": (
            "{n} 条授权都在期内，原创内容 {share}%",
            "All {n} licences hold, {share} % of the content is one's own",
        ),
    },
    "qualified": {
        "lacking": (
            "{titles}不能讲解：{lacks}（{rule}）。在商品里补上证号和图片",
            "{titles} cannot be pinned: {lacks} ({rule}). Add number and picture to the product",
        ),
        "no_rule": (
            "{titles}：填的类目不在规则里，没有检查",
            "{titles}: the rules do not know this category, nothing was checked",
        ),
        "no_category": (
            "没有商品填了类目，没有规则可查。食品、化妆品、医疗器械、酒、图书、3C 要填",
            "No product names a category, so there is no rule to check. Food, cosmetics, medical devices,"
            " alcohol, books and CCC goods need one",
        ),
        "there": ("{n} 个受监管的商品资质齐全", "{n} regulated products have what they need"),
    },
}  # fmt: skip
"""check → how it came out → (zh, en)."""


def check_words(article: Article, how: str, params: Mapping[str, Any], *, english: bool = False) -> str:
    """Return the sentence of a check, its article named."""
    if english:
        params = {**params, **{k.removesuffix("_en"): v for k, v in params.items() if k.endswith("_en")}}
    said = CHECK_WORDS[article.check][how][english].format_map(dict(params))
    named = article.named[english]
    return f"{said} ({named}; {PREVAILS[1]})" if english else f"{said}（{named}；{PREVAILS[0]}）"
