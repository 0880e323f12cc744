"""The pages of the guide that are made and not written: the keys, of the desk's own table, and the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from liveconsole.guide import LANGUAGES, Language
from tests.guide.build import ROOT, TEXTS
from ui import i18n
from ui.i18n import t
from ui.windows.help import KEYS
from ui.windows.host.keys import KEYS as HOST_KEYS

_KEYS: Final[dict[Language, tuple[str, str, str, str, str]]] = {
    "zh": (
        "快捷键",
        "按 <kbd>?</kbd> 在中控台上也能看到这张表，而且写着哪个键现在不起作用、为什么。"
        "空格和回车从不发出任何促销；按住不放的重复不算按。",
        "在主播大屏里",
        "键",
        "做什么",
    ),
    "en": (
        "Keys",
        "<kbd>?</kbd> shows this table on the desk too, and which key does nothing now and why."
        " Space and Enter never send a promotion; a key held down is one press.",
        "On the host's screen",
        "Key",
        "What it does",
    ),
}
_WORDS: Final = (
    "# Words",
    "One word for a thing, the same on the desk, in the reports and here.",
)
_ROW: Final = re.compile(r"^\| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def keys(language: Language) -> str:
    """Return the page of the keys in one language; the desk speaks as before afterwards."""
    title, words, on_big, key, does = _KEYS[language]
    before = i18n.language()
    i18n.use(language)
    try:
        lines = [f"# {title}", "", words, "", *_table(KEYS, key, does)]
        lines += ["", "<!-- place: big-keys -->", f"## {on_big}", "", *_table(HOST_KEYS, key, does)]
    finally:
        i18n.use(before)
    return "\n".join(lines) + "\n"


def _table(rows: tuple[tuple[str, str], ...], key: str, does: str) -> Iterator[str]:
    yield f"| {key} | {does} |"
    yield "|---|---|"
    for name, words in rows:
        yield f"| <kbd>{t(name)}</kbd> | {t(words)} |"


def glossary() -> dict[str, tuple[str, str]]:
    """Return the project's own list: Chinese → English and what it is."""
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    return {zh: (en, what) for en, zh, what in _ROW.findall(text) if zh != "中文"}


def told_words() -> list[tuple[str, str]]:
    """Return the words of the Chinese page, Chinese and English, in its order."""
    text = (TEXTS / "zh" / "words.md").read_text("utf-8")
    return [(zh, en) for zh, en, _ in _ROW.findall(text) if en != "English"]


def words() -> str:
    """Return the English page of words: the Chinese one's, as the glossary says them. Raises KeyError."""
    known = glossary()
    lines = [*_WORDS, "", "| English | 中文 | What it is |", "|---|---|---|"]
    lines += [f"| {known[zh][0]} | {zh} | {known[zh][1]} |" for zh, _ in told_words()]
    lines.insert(1, "")
    return "\n".join(lines) + "\n"


def write() -> None:
    """Write all of them."""
    for language in LANGUAGES:
        (TEXTS / language / "keys.md").write_text(keys(language), "utf-8", newline="\n")
    (TEXTS / "en" / "words.md").write_text(words(), "utf-8", newline="\n")
