"""What the room asks now: comments that ask, merged by sense, counted in people over the last five minutes.

Pure and bounded; the time is the events' own. The engine follows the log with it: every seat reads one count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct, field

from liveconsole.messages.text import OLD_FORMS
from liveconsole.views.questions import asks, one_of

SPAN: Final = 300
"""Seconds that somebody counts after asking."""
QUESTIONS_MAX: Final = 200
"""Different questions that are remembered; the one that the fewest people asked leaves first."""
PEOPLE_MAX: Final = 5_000
"""People who are remembered for one question: beyond them the count stands."""
WORDINGS_MAX: Final = 12
SHOWN: Final = 20
BACK: Final = 3
"""So many people who ask again bring an answered question back at once; fewer, when it is `LATER`."""
LATER: Final = 60
"""Seconds after an answer in which one who asks may not have heard it yet."""
WAITS: Final = 1_800
"""Seconds that a question which nobody answered is remembered as open, though nobody asks it any more."""
CROWD_MAX: Final = 100
"""People who are remembered to have asked since the last answer: so many are a crowd."""
LONG: Final = 60
"""Letters of a question that are looked at and shown."""
_ALIKE: Final = 0.5
"""Share of pairs of letters in common (Dice) from which on two questions are one."""
_SWEEP: Final = 10
"""Seconds between two looks for what has left the window."""

_SAME: Final = {
    "啥时候": "几时", "什么时候": "几时", "什么时间": "几时", "何时": "几时", "多久": "几时",
    "几天": "几时", "啥": "什么", "咋": "怎么", "怎样": "怎么", "怎么样": "怎么", "有没有": "有",
    "有无": "有", "有木有": "有", "几块": "多少钱", "什么价": "多少钱", "啥价": "多少钱", "价格": "多少钱",
    "怎么卖": "多少钱", "多少米": "多少钱", "几码": "什么码", "多大码": "什么码", "哪个码": "什么码",
    "什么号": "什么码", "多大号": "什么码", "啥码": "什么码", "什么尺码": "什么码", "啥尺码": "什么码",
    "选什么码": "穿什么码", "买什么码": "穿什么码", "拍什么码": "穿什么码", "可不可以": "能",
    "能不能": "能", "可以": "能", "会不会": "会", "是不是": "是", "要不要": "要", "好不好": "好",
    "公斤": "斤", "千克": "斤", "kg": "斤", "厘米": "", "cm": "", "身高": "", "体重": "",
    "发不发货": "发货", "发出": "发货", "寄出": "发货", "能发": "发货",
}  # fmt: skip
"""Ways to say one thing, told apart by nothing that matters to the answer."""
_IDLE: Final = (
    "主播", "小姐姐", "姐姐", "宝宝", "亲亲", "老板", "请问", "想问", "问一下", "这个", "那个", "这款",
    "这件",
)  # fmt: skip
"""Said to somebody, or about what is in everybody's sight."""
_SAID_AS: Final = one_of([*_SAME, *_IDLE])
_NOISE: Final = re.compile(r"[^0-9a-z\u4e00-\u9fff]+|[吗呢么吧啊呀哦哈嘛呗的了]+$|[啊呀哦哈嘛呗]")
_FIGURE: Final = re.compile(r"\d+斤?(?![号#])")
_ASKING: Final = frozenset("什么怎多少几时有没能会是要哪谁")
"""Letters that any question may have: no two are one for these alone."""
_TELLS_APART: Final = re.compile(
    r"[红黄蓝绿黑白灰紫粉棕橙米咖驼杏青金银](?=色)|(?<![a-z])(?:x{0,3}[sl]|\d?xl|m)(?![a-z])|\d+(?=号)"
    r"|[大小加长短厚薄](?=[码号款])"
)
"""Colours, sizes and numbers: 有没有黑色 is not 有没有白色."""
_SHORT: Final = 8
"""Letters of a question of which single ones count beside the pairs: 黑色有吗 is 有没有黑色."""


class AskedQuestion(Struct, frozen=True):
    """One question of the room. ``people``: those who asked it in the last five minutes, or since it was
    answered."""

    question_id: int
    """The seq of the comment that asked it first."""
    text: str
    """As most of those who asked it put it."""
    people: int
    answered: bool = False
    since: datetime | None = None
    """When it was asked first, or first again since it was answered; None: it is answered."""


AnswerSource = Literal["library", "draft", "parameter", "size_table", "provinces", "none"]
"""Where an answer comes from; ``none``: the product has no such parameter, which is said."""


class SuggestedAnswer(Struct, frozen=True):
    """An answer in both languages (`views.answers`); ``zh`` or ``en`` is empty where nobody wrote it."""

    source: AnswerSource
    zh: str
    en: str
    answer_id: str = ""


class AnswerableQuestion(AskedQuestion, frozen=True):
    """With what may be said to it."""

    answer: SuggestedAnswer | None = None


class _Known(Struct):
    """A question, and who asked it when."""

    seq: int
    pairs: frozenset[str]
    marks: frozenset[str]
    people: dict[str, int] = field(default_factory=dict)
    wordings: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    """When it was answered last, seconds since the epoch; 0: not lately."""
    since: int = 0
    """When it was asked first since then; 0: nobody did."""
    crowd: set[str] = field(default_factory=set)
    """Who asked it since then, five minutes ago or earlier."""

    def is_back(self) -> bool:
        """Tell whether it was asked again since it was answered, by those who could have heard the answer."""
        if not self.answered:
            return True
        late = any(at >= self.answered + LATER for at in self.people.values())
        return late or len(self.people) >= BACK


class RoomQuestions:
    """Questions by sense. ``comment`` each comment in order, ``answer`` what was answered, read ``asked``."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Let everything go, every word: of another broadcast, a time set back, somebody forgotten."""
        self._known: dict[int, _Known] = {}
        self._by_pair: dict[str, set[int]] = {}
        self._by_sense: dict[str, int] = {}
        self._swept = 0
        sense.cache_clear()
        _read.cache_clear()

    def __len__(self) -> int:
        return len(self._known)

    def comment(self, seq: int, second: int, person: str, text: str) -> None:
        """One comment; ``person``: an id that stays the same, ``""`` where nobody knows who it was."""
        if second - self._swept >= _SWEEP:
            self._sweep(second)
        text = text[:LONG]
        if not asks(text) or len(said := sense(text)) < 2:
            return
        known = self._find(said)
        if known is None:
            known = self._begin(seq, said)
        if len(known.people) < PEOPLE_MAX or person in known.people:
            known.people[person or f"\0{seq}"] = second
        known.since = known.since or second
        if len(known.crowd) < CROWD_MAX:
            known.crowd.add(person or f"\0{seq}")
        if text in known.wordings or len(known.wordings) < WORDINGS_MAX:
            known.wordings[text] += 1

    def answer(self, second: int, text: str) -> None:
        """The host has answered a question that is put like this: it is counted anew."""
        known = self._find(sense(text[:LONG]))
        if known is not None:
            known.answered, known.since = second, 0
            known.people.clear()
            known.crowd.clear()

    def asked(self, second: int) -> list[AskedQuestion]:
        """Return the questions of the five minutes before ``second``, those of most people first, answered
        ones behind them."""
        self._sweep(second)
        found = [
            AskedQuestion(
                known.seq,
                _wording(known.wordings),
                len(known.people),
                not known.is_back(),
                datetime.fromtimestamp(known.since, UTC) if known.since and known.is_back() else None,
            )
            for known in self._known.values()
            if known.people or known.answered
        ]
        return sorted(found, key=lambda each: (each.answered, -each.people, each.question_id))[:SHOWN]

    def oldest_open(self, second: int, least: int) -> AskedQuestion | None:
        """Return the question that has waited longest for an answer, of those that ``least`` people asked."""
        self._sweep(second)
        waiting = [
            one for one in self._known.values() if one.since and one.is_back() and len(one.crowd) >= least
        ]
        if not waiting:
            return None
        one = min(waiting, key=lambda known: (known.since, known.seq))
        return AskedQuestion(
            one.seq, _wording(one.wordings), len(one.crowd), since=datetime.fromtimestamp(one.since, UTC)
        )

    # Inside -------------------------------------------------------------------------------------------

    def _find(self, said: str) -> _Known | None:
        """The question that this is a way to ask."""
        if (seq := self._by_sense.get(said)) is not None:
            return self._known[seq]
        pairs, marks = _pairs(said), frozenset(_TELLS_APART.findall(said))
        common = Counter(seq for pair in pairs for seq in self._by_pair.get(pair, ()))
        likest = max(
            (
                (2 * n / (len(pairs) + len(self._known[seq].pairs)), -seq)
                for seq, n in common.items()
                if self._known[seq].marks == marks
            ),
            default=(0.0, 0),
        )
        if likest[0] < _ALIKE:
            return None
        if len(self._by_sense) < 20 * QUESTIONS_MAX:
            self._by_sense[said] = -likest[1]
        return self._known[-likest[1]]

    def _begin(self, seq: int, said: str) -> _Known:
        if len(self._known) >= QUESTIONS_MAX:
            self._drop(min(self._known.values(), key=lambda known: (len(known.people), known.seq)).seq)
        known = self._known[seq] = _Known(seq, _pairs(said), frozenset(_TELLS_APART.findall(said)))
        self._by_sense[said] = seq
        for pair in known.pairs:
            self._by_pair.setdefault(pair, set()).add(seq)
        return known

    def _sweep(self, second: int) -> None:
        self._swept = second
        edge = second - SPAN
        for known in list(self._known.values()):
            if any(at <= edge for at in known.people.values()):
                known.people = {who: at for who, at in known.people.items() if at > edge}
            waits = known.since > second - WAITS and len(known.crowd) > 1
            if not known.people and known.answered <= edge and not waits:
                self._drop(known.seq)

    def _drop(self, seq: int) -> None:
        for pair in self._known.pop(seq).pairs:
            holders = self._by_pair[pair]
            holders.discard(seq)
            if not holders:
                del self._by_pair[pair]
        self._by_sense = {said: of for said, of in self._by_sense.items() if of != seq}


@lru_cache(maxsize=4_096)
def sense(text: str) -> str:
    """Return what a question asks, without what is said around it; figures are one figure."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(OLD_FORMS)
    plain = _SAID_AS.sub(lambda found: _SAME.get(found.group(), ""), plain)
    plain = _NOISE.sub("", plain)
    return _FIGURE.sub("#", plain)


def alike(one: str, other: str) -> bool:
    """Tell whether two questions ask the same."""
    (first, marks, pairs), (second, tells, others) = _read(one[:LONG]), _read(other[:LONG])
    if first == second:
        return bool(first)
    if marks != tells:
        return False
    return bool(pairs) and 2 * len(pairs & others) / (len(pairs) + len(others)) >= _ALIKE


@lru_cache(maxsize=2_048)
def _read(text: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """What a question asks, what tells it apart, and its pairs: a library is held against every question."""
    said = sense(text)
    return said, frozenset(_TELLS_APART.findall(said)), _pairs(said)


def _pairs(said: str) -> frozenset[str]:
    """What two ways to ask one thing have in common: letters that stand together, and of short ones each."""
    found = {said[at : at + 2] for at in range(len(said) - 1)}
    if len(said) < _SHORT:
        found |= set(said)
    return frozenset(each for each in found if not _ASKING.issuperset(each)) or frozenset(found)


def _wording(wordings: Counter[str]) -> str:
    """The way that most put it; of equals the shortest."""
    return min(wordings, key=lambda text: (-wordings[text], len(text), text), default="")
