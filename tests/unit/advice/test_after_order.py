"""The files of what comes after the order: what they say, and what they may not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liveconsole.advice import after_order
from liveconsole.advice.after_order import CARDS, CLOCKS, PROVINCES, cards, carrier_code, figures, provinces
from liveconsole.advice.seller_files import FOLDER, BadSellerFile, text_of
from liveconsole.domain.aftersale import exception_of
from liveconsole.messages.facts import AFTERSALE_OVER

OURS = after_order.load()


def test_ours_say_what_sellers_go_by() -> None:
    clocks = OURS.figures
    assert (clocks.first_answer_minutes, clocks.solution_hours, clocks.ship_hours) == (15, 48, 72)
    assert (clocks.window_days, clocks.dispute_days_least, clocks.dispute_days) == (7, 3, 5)
    assert set(OURS.checked) == {CLOCKS, CARDS, PROVINCES}
    assert all(OURS.checked.values()), "each says when it was held against the rules"


def test_every_kind_of_case_has_a_card_in_both_languages() -> None:
    kinds = {"refund", "return", "exchange", "resend", "dispute", "unpaid", "to_ship", "stuck", "review"}
    assert set(OURS.cards) == kinds
    for card in OURS.cards.values():
        for step in card.step:
            assert step.zh != step.en
            assert all((step.help_zh, step.help_en))
        assert card.template, card.kind
    assert not AFTERSALE_OVER & set(OURS.cards)


def test_the_user_s_own_copy_wins(tmp_path: Path) -> None:
    own = tmp_path / FOLDER
    own.mkdir()
    (own / CLOCKS).write_text("checked = 2027-01-02\nship_hours = 48\n", "utf-8")
    found = after_order.load(tmp_path)
    assert (found.figures.ship_hours, found.checked[CLOCKS]) == (48, date(2027, 1, 2))
    assert found.cards.keys() == OURS.cards.keys()


@pytest.mark.parametrize(
    "text",
    [
        "ship_hours = 0",
        "ship_hours = 1.5",
        "ship_ours = 72",
        "dispute_days = 2",
        "ship_hours =",
        "rings_minutes = -1",
    ],
)
def test_a_figure_that_is_none_is_said(text: str) -> None:
    with pytest.raises(BadSellerFile, match=r"aftersale\.toml"):
        figures(text)


STEP = "[[card.step]]\nid = 'a'\nzh = '一'\nen = 'one'\n"
CARD = f"[[card]]\nkind = 'refund'\nzh = '退'\nen = 'back'\n{STEP}"


@pytest.mark.parametrize(
    "text",
    [
        CARD + CARD,
        CARD + STEP,
        CARD.replace("id = 'a'", "id = 'A b'"),
        CARD + "[[card.template]]\nid = 't'\ntitle_zh = '话'\ntitle_en = 'w'\ntext = '{nobody}'\n",
        CARD + "[[card.template]]\nid = 't'\ntitle_zh = '话'\ntitle_en = 'w'\ntext = '{note.b}'\n",
        "[[card]]\nkind = 'refund'\nzh = '退'\nen = 'back'\n",
        CARD.replace("en = 'one'", "en = 'one'\nacts = ['smile']"),
    ],
)
def test_a_card_that_nobody_could_go_by_is_said(text: str) -> None:
    with pytest.raises(BadSellerFile, match=r"cases\.toml"):
        cards(text)


def test_a_slot_is_filled_from_a_step_that_the_card_has() -> None:
    template = "[[card.template]]\nid = 't'\ntitle_zh = '话'\ntitle_en = 'w'\ntext = '{note.a}{goods}'\n"
    found, _ = cards(CARD + template)
    assert [name for name, _, _ in after_order.slots_in(found["refund"].template[0].text)] == [
        "note.a",
        "goods",
    ]


def test_days_to_a_province_however_it_is_called() -> None:
    table = OURS.provinces
    assert table.days_to("新疆维吾尔自治区") == table.days_to("新疆") == (5, 8)
    assert table.days_to("广东省") == (2, 3)
    assert table.days_to("台湾") is None, "nobody said: no days are made up"
    with pytest.raises(BadSellerFile, match="浙江"):
        provinces('[days]\n"浙江" = [3, 2]')


def test_carriers_by_code_and_by_name(tmp_path: Path) -> None:
    assert OURS.provinces.carrier("sf") == "顺丰"
    assert OURS.provinces.carrier("小张快送") == "小张快送"
    assert carrier_code(None, " 顺丰 ") == carrier_code(None, "SF") == "SF"
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / PROVINCES).write_text("[carriers", "utf-8")
    assert carrier_code(tmp_path, "顺丰") == "顺丰", "a broken file loses no parcel"


def test_goods_that_are_an_exception() -> None:
    found = exception_of("纯棉内衣套装", [], OURS.figures)
    assert found is not None
    assert found.category == "拆封的贴身用品"
    assert exception_of("羊绒围巾", ["定制"], OURS.figures) is not None
    assert exception_of("羊绒围巾", ["围巾"], OURS.figures) is None
    assert "定制" in text_of(CLOCKS, None)
