"""Every text of the desk has its English, with the same parameters."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import ui
from ui import i18n
from ui.kinds import KINDS, unknown

_ROOT = Path(ui.__file__).parent


def _texts(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "t"
            and node.args
        ):
            yield node.lineno, node.args[0]


def _sources() -> list[Path]:
    return sorted(path for path in _ROOT.rglob("*.py") if path != _ROOT / "i18n.py")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_its_english() -> None:
    english = i18n.load("en")
    missing = [
        f"{path.relative_to(_ROOT)}:{line}: {argument.value!r}"
        for path in _sources()
        for line, argument in _texts(ast.parse(path.read_text("utf-8")))
        if isinstance(argument, ast.Constant) and argument.value not in english
    ]
    assert missing == []


def test_no_text_is_put_together_before_it_is_looked_up() -> None:
    """``t(f"…{n}")`` is never found in the table: parameters are given by name."""
    built = [
        f"{path.relative_to(_ROOT)}:{line}"
        for path in _sources()
        for line, argument in _texts(ast.parse(path.read_text("utf-8")))
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]
    assert built == []


def test_both_languages_take_the_same_parameters() -> None:
    different = {zh: en for zh, en in i18n.load("en").items() if _fields(zh) != _fields(en) or not en.strip()}
    assert different == {}


def test_the_kinds_have_their_english() -> None:
    english = [words[1] for kind in (*KINDS.values(), unknown) for words in (kind.TITLE, kind.FIRE)]
    assert [word for word in english if not word.isascii() or not word] == []


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("zh")


def test_the_language_is_switched(english: None) -> None:
    assert i18n.t("已售 {n}", n=3) == "3 sold"
    i18n.use("zh")
    assert i18n.t("已售 {n}", n=3) == "已售 3"


def test_a_parameter_is_never_read_as_a_pattern() -> None:
    assert i18n.t("送出 {gift}", gift="{n.__class__} {0}") == "送出 {n.__class__} {0}"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language"):
        i18n.use("xx")


def test_one_of_a_thing_is_said_as_one() -> None:
    english = i18n.load("en")
    alone = {text.removesuffix("|1") for text in english if text.endswith("|1")}
    assert alone <= english.keys()
    assert [text for text in alone if "n" not in _fields(text)] == []
    i18n.use("en")
    try:
        assert [i18n.t("{n} 件", n=n) for n in (0, 1, "1", 2)] == ["0 items", "1 item", "1 item", "2 items"]
    finally:
        i18n.use("zh")
    assert i18n.t("{n} 件", n=1) == "1 件"


_JOINS = re.compile("[（）：，、；。]")
_TYPED = {"panels/comments/facts.py", "panels/composer/coupon.py", "panels/rundown/writing.py"}
"""Text that a person edits and that is read back: it has one form in both languages."""
_TWICE = {"program/named.py"}
"""What is said at a terminal before the language is known: each sentence stands there in both."""


def _joined_outside(source: str) -> list[int]:
    """Lines where parts are put together with Chinese punctuation that has no English."""
    found: list[int] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = [each.value for each in node.values if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant):
            parts = [node.value.value]
        else:
            continue
        found += [node.lineno for part in parts if isinstance(part, str) and _JOINS.search(part)]
    return found


def test_what_joins_parts_has_its_english() -> None:
    paths = [
        path for path in _ROOT.rglob("*.py") if path.relative_to(_ROOT).as_posix() not in _TYPED | _TWICE
    ]
    assert not [
        f"{path.name}:{line}" for path in paths for line in _joined_outside(path.read_text(encoding="utf-8"))
    ]
    assert _joined_outside('x = f"{a}：{b}"\ny = "、".join(z)\nz = t("、").join(z)') == [1, 2]
