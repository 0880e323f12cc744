"""Words in comments that somebody should look at, each with its reason, and whole comments that are let be.

The file is a list like the others (`lists`), so that nothing in it can be slow: it is one machine, and reads
a comment once. A line ``name: …`` is about names of viewers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from liveconsole.advice.words.letters import Letters
from liveconsole.advice.words.lists import FOLDER, expand, path
from liveconsole.advice.words.wanted import STAR, Wanted
from liveconsole.messages.text import OLD_FORMS
from liveconsole.paths import own_folders
from liveconsole.views.feed.signs import MarkReason

MARKED: Final = "marked"
LET_BE: Final = "let_be"
LETTERS: Final = 200
"""Letters of a comment that are looked at."""
STARS_MAX: Final = 2
"""Gaps of one word; one with more would be looked for at every place of every gap, and is left out."""
TAUGHT_MAX: Final = 5_000
"""Comments that are let be; one more is not taken."""
_NAME: Final = "name:"
_TERMS: Final = 20_000


class MarkedWords:
    """Both files. ``sign`` takes some microseconds: it is asked of what is in sight, and of the rest bit by
    bit."""

    def __init__(
        self,
        words: Sequence[MarkReason] = (),
        names: Sequence[MarkReason] = (),
        let_be: Iterable[str] = (),
    ) -> None:
        words = [one for one in words if one.word.count(STAR) <= STARS_MAX]
        names = [one for one in names if one.word.count(STAR) <= STARS_MAX]
        self._words = Wanted((one.word, one) for one in words)
        self._names = Wanted((one.word, one) for one in names)
        self._begins, self._names_begin = _beginnings(words), _beginnings(names)
        self._let_be = frozenset(map(whole, let_be))

    def __len__(self) -> int:
        return len(self._words) + len(self._names)

    def sign(self, text: str, name: str = "") -> MarkReason | None:
        """Return why a comment is to be looked at; of several reasons that of the word which begins first."""
        found = None if self._begins.isdisjoint(text) else _first(self._words, text)
        if found is None and not self._names_begin.isdisjoint(name):
            return _first(self._names, name)
        return found

    def lets_be(self, text: str) -> bool:
        """Tell whether somebody said that this very comment needs no mark."""
        return bool(self._let_be) and whole(text) in self._let_be


def whole(text: str) -> str:
    """Return a comment as it is compared."""
    return " ".join(text.replace("#", "＃").split()).casefold()[:LETTERS]


def _beginnings(reasons: Iterable[MarkReason]) -> frozenset[str]:
    """Letters with which a word of the lists begins, in every form that is usual: most comments have none."""
    plain = {letters.text[0] for one in reasons if (letters := Letters(one.word)).text}
    wide = {chr(ord(letter) + 0xFEE0) for letter in plain if "!" <= letter <= "~"}
    old = {chr(was) for was, now in OLD_FORMS.items() if chr(now) in plain}
    found = plain | wide | old
    return frozenset(found | {letter.upper() for letter in found})


def _first(words: Wanted[MarkReason], text: str) -> MarkReason | None:
    if not text or not len(words):
        return None
    letters = Letters(text[:LETTERS])
    found = [
        (start, -end, one)
        for start, end, one in words.iter(letters.text)
        if not letters.cuts_a_word(start, end)
    ]
    return min(found, key=lambda hit: hit[:2])[2] if found else None


def load(data: Path | None = None) -> MarkedWords:
    """Return the lists as they stand on disk: the user's own marks or the program's; what is let be is both.

    Raises:
        OSError: a file cannot be read.
    """
    words: list[MarkReason] = []
    names: list[MarkReason] = []
    zh, en = "要看一眼", "To be looked at"
    for line in _lines(path(MARKED, data)):
        if line.startswith("@"):
            zh, _, en = (part.strip() for part in line[1:].partition("|"))
            en = en or zh
            continue
        about_name = line.startswith(_NAME)
        into = names if about_name else words
        for word in expand(line.removeprefix(_NAME).strip()):
            if len(words) + len(names) < _TERMS:
                into.append(MarkReason(word, zh, en))
    let_be = _lines(path(LET_BE, None))
    if data is not None and (own := own_let_be(data)) is not None:
        let_be += _lines(own)
    return MarkedWords(words, names, let_be[:TAUGHT_MAX])


def own_let_be(data: Path) -> Path | None:
    """Return the user's own list of comments that are let be; None where there is none yet."""
    return next(
        (file for folder in own_folders(data) if (file := folder / FOLDER / f"{LET_BE}.txt").is_file()), None
    )


def teach(data: Path, text: str) -> bool:
    """Write a comment into the user's own list; False where it is full.

    Raises:
        OSError: it cannot be written.
    """
    file = own_let_be(data) or own_folders(data)[-1] / FOLDER / f"{LET_BE}.txt"
    known = _lines(file) if file.is_file() else []
    if len(known) >= TAUGHT_MAX:
        return False
    line = " ".join(text.split())[:LETTERS]
    if line and whole(line.replace("#", "＃")) not in map(whole, known):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            # A remark begins with the sign that a comment may begin with.
            out.write(f"{line.replace('#', '＃')}\n")
    return True


def _lines(file: Path) -> list[str]:
    return lines_of(file.read_text("utf-8-sig", errors="replace"))


def lines_of(text: str) -> list[str]:
    """Return the lines of such a file that say anything."""
    return [bare for line in text.splitlines() if (bare := line.partition("#")[0].strip())]
