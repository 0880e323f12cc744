"""What is the same to the eye is the same to a rule."""

from __future__ import annotations

import os
import random
import sys
import unicodedata

import pytest

from liveconsole import verify_entries
from liveconsole.advice.words.letters import Letters
from liveconsole.intake.products.ids import alike, clean_id
from liveconsole.messages import text as letters
from liveconsole.messages.text import folded_with_places, letters_only, normalise, without_unseen
from liveconsole.views.feed.lures import lures

_ASSIGNED = (*range(0x40000), *range(0xE0000, 0xE1000))
"""Planes in which Unicode has given letters; the others are unassigned or private from end to end."""
_STEP = 1 if os.environ.get("LIVECONSOLE_DEEP") else 89
_OTHERS = (*range(0x40000, 0xE0000, _STEP), *range(0xE1000, sys.maxunicode + 1, _STEP), sys.maxunicode)
CODES = _ASSIGNED + _OTHERS
"""Every letter there is, and of what Unicode has not given one in 89 (with the deep tests each of them)."""
HEART, HEART_OF_A_PC = "想要❤", "想要❤\ufe0f"
UNSEEN = [
    *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u200b\u200c\u200d\u200e\u202e\u2060\u2064",
    *"\u2065\u206f\u2800\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff0\U0001bca0\U0001d173\U000e0001\U000e0041\U000e007f",
    *"\U000e0100\U000e01ef\U000e0fff\x00\x1f\x7f\u0085\ud800\ue000\U0001d159\U00016fe4",
]


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("text", ["想要", HEART, "Abc1", "\u1112\u1161\u11ab", "e\u0301"])
def test_what_is_not_seen_makes_no_difference(text: str, letter: str) -> None:
    wanted = normalise(text)
    for place in range(len(text) + 1):
        typed = text[:place] + letter * 2 + text[place:]
        assert normalise(typed) == wanted
        assert letters_only(typed) == letters_only(text)
        assert verify_entries.seen_letters(typed) == verify_entries.seen_letters(text)


def test_a_heart_of_a_phone_is_one_of_a_pc() -> None:
    assert normalise(HEART) == normalise(HEART_OF_A_PC) == HEART


def test_twin_by_categories_alone_a_heart_is_two() -> None:
    """As it was: format characters only, and a variation selector is a mark."""

    def before(text: str) -> str:
        folded = unicodedata.normalize("NFKC", text)
        return "".join(
            c for c in folded if unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co", "Cn"}
        ).strip()

    assert before(HEART) != before(HEART_OF_A_PC)
    assert sum(before(f"想{c}要") != "想要" for c in UNSEEN) > 15


def test_what_is_seen_makes_a_difference_as_ever() -> None:
    assert normalise("ＡＢＣ１２３") == "ABC123"
    assert normalise("Abc") != normalise("abc")
    assert normalise("福 到") != normalise("福到")
    assert normalise(" 福到\u3000") == "福到"
    assert normalise("⑥⑥") == "66"
    assert normalise("👍🏽") != normalise("👍")
    assert normalise("要\U0001fae8") != normalise("要"), "a picture that this Unicode does not know is seen"


def test_the_short_way_is_the_long_way() -> None:
    """Every letter there is, alone and between others."""
    for code in CODES:
        c = chr(code)
        for text in (c, f"福{c}到"):
            long = without_unseen(unicodedata.normalize("NFKC", without_unseen(text))).strip()
            assert normalise(text) == long, f"U+{code:04X}"
        assert not (c.isprintable() and unicodedata.category(c) in letters._FORMAT_CATEGORIES)
        assert not (c.isalnum() and unicodedata.category(c)[0] not in "LN")


def test_every_character_of_format_is_unseen_and_every_unseen_one_is_known_to_be() -> None:
    """The table against what this Unicode says: nothing with a form of its own is in it."""
    for code in CODES:
        c, category = chr(code), unicodedata.category(chr(code))
        gone = without_unseen(f"a{c}b") == "ab"
        name = unicodedata.name(c, "")
        if category in {"Cf", "Cc", "Cs", "Co"}:
            assert gone, name
        elif gone and category != "Cn":
            assert any(
                word in name
                for word in ("VARIATION", "FILLER", "JOINER", "INHERENT", "BLANK", "VOWEL SEPARATOR", "NULL")
            ), f"U+{code:04X} {name}"


def test_two_implementations_read_the_same() -> None:
    """The verifier shares no code with the rules: every letter, and many mixtures."""
    for code in CODES:
        typed = f"福{chr(code)}到"
        assert verify_entries.seen_letters(typed) == normalise(typed), f"U+{code:04X}"
    chance = random.Random(7)
    pool = [*UNSEEN, *"福到Ａａ１ 　❤！e\u0301\u1112\u1161\u11abｶﾞ㌔ﬁ"]
    for _ in range(20_000):
        typed = "".join(chance.choices(pool, k=chance.randrange(9)))
        assert verify_entries.seen_letters(typed) == normalise(typed), ascii(typed)
        assert normalise(normalise(typed)) == normalise(typed), ascii(typed)
        for match in ("exact", "lenient", "contains"):
            assert verify_entries.bare_letters(typed) == letters_only(typed), match


@pytest.mark.parametrize("letter", ["\u3164", "\u115f", "\u034f", "\u2800", "\U000e0100", "\ufe0f"])
def test_others_who_compare_what_is_typed_are_not_deceived_either(letter: str) -> None:
    assert clean_id(f"A1{letter}00") == "A100"
    assert alike(f"a1{letter}00") == alike("A100")
    assert Letters(f"全网{letter}最低").text == Letters("全网最低").text
    assert lures(f"加{letter}微{letter}信")
    folded, places = folded_with_places(f"最{letter}低")
    assert (folded, places) == ("最低", [0, 2, 3])
