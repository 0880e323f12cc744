"""What the composer is told besides the rules' own answer: platform limits, a coupon's threshold, words.

All of it is advice: nothing here refuses a command. `AdviceFiles` are the lists and figures it is taken from;
they are files that a person edits while the engine runs.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.advice import by_program, law_files, limits, thresholds
from liveconsole.advice.law_files import BadLawFile, LawFiles
from liveconsole.advice.limits import BadLimits, Limits, Stocked
from liveconsole.advice.words import lists
from liveconsole.advice.words.check import Checker
from liveconsole.domain.judge import judge
from liveconsole.domain.kind import RuleOff, kind_of_spec
from liveconsole.domain.platforms import doer
from liveconsole.domain.room import Room
from liveconsole.domain.stock import PROMISING
from liveconsole.messages.law import LawRules
from liveconsole.messages.said import texts_of_command, texts_of_spec
from liveconsole.messages.specs import Spec, parse_spec
from liveconsole.messages.state import ListState, WordState
from liveconsole.respath import resources
from liveconsole.views.state.inputs import WORDS_SHOWN

log = logging.getLogger(__name__)

TEXT: Final = "text"
"""No command: words alone are to be looked at, such as a sentence that will be read out."""
CHECKED_AGAIN: Final = timedelta(days=90)
"""Rules and figures that nobody looked at for longer are marked as old."""
_MOST_FINDINGS: Final = 200
_WITH_SPEC: Final = frozenset({"cue.add", "cue.edit", "cue.fire", "cue.approve"})
_UNDECIDED: Final = frozenset({"queued", "approved", "standby", *PROMISING})


class AdviceFiles:
    """Limits and word lists of one data folder, read again when a file of theirs has changed.

    A file that cannot be used leaves what was read before, and says so in every answer until it is mended.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self.limits = Limits()
        self.law: LawFiles | None = None
        self.checker = Checker(lists.Lists([], []))
        self._counted: Counter[str] = Counter()
        self._checked: Mapping[str, date] = {}
        self.trouble = ""
        self.files: tuple[ListState, ...] = ()
        """What the state says of them."""
        self._seen: list[_Stamp] = []
        self.look()

    def look(self) -> None:
        """Reads what has changed; cheap where nothing has."""
        seen = [_stamp(path) for path in self._paths()]
        if seen == self._seen:
            return
        self._seen, self.trouble = seen, ""
        wrong: dict[str, str] = {}
        try:
            self.limits = limits.load(self._data)
        except (BadLimits, OSError, UnicodeDecodeError) as error:
            self.trouble = f"{limits.FILE}: {error}"
            wrong[limits.FILE] = _why(error)
        try:
            found = lists.load(self._data)
        except OSError as error:
            self.trouble = str(error)
            wrong[Path(str(error.filename)).name] = _why(error)
        else:
            self.checker = Checker(found)
            self._counted = Counter(term.kind for term in found.terms)
            self._counted[lists.ALLOW] = len(found.allowed)
            self._checked = found.checked
        try:
            self.law = law_files.load(self._data)
        except (BadLawFile, OSError, UnicodeDecodeError) as error:
            self.trouble = str(error)
            wrong |= dict.fromkeys(_named_in(error), _why(error))
        if self.trouble:
            log.warning("limits or word lists cannot be read: %s", self.trouble)
        self.files = self._told(seen, wrong)

    def _told(self, seen: Sequence[_Stamp], wrong: Mapping[str, str]) -> tuple[ListState, ...]:
        told = []
        for file, changed_ns, _ in seen:
            path = Path(file)
            own = not path.is_relative_to(resources())
            entries, checked = self._said_in(path.name)
            told.append(
                ListState(
                    f"{path.parent.name}/{path.name}",
                    entries,
                    own,
                    datetime.fromtimestamp(changed_ns // 10**9, UTC) if own else None,
                    checked,
                    wrong=wrong.get(path.name, ""),
                )
            )
        return tuple(told)

    def _said_in(self, name: str) -> tuple[int, date | None]:
        """How many figures, rules or terms of a file are in force, and when somebody held it against its
        source."""
        if name == limits.FILE:
            return limits.figures(self.limits), _day(self.limits.checked)
        if name in law_files.FILES:
            law = self.law
            return (law.counts[name], law.checked[name]) if law is not None else (0, None)
        return self._counted[Path(name).stem], self._checked.get(name)

    @property
    def rules(self) -> LawRules | None:
        """Those of the law's files as they were read last; None where they never could be."""
        return self.law.rules if self.law is not None else None

    def files_at(self, now: datetime) -> list[ListState]:
        """`files`, with those marked that nobody held against their source for `CHECKED_AGAIN`."""
        return [
            msgspec.structs.replace(one, old=True)
            if one.checked is not None and now.date() - one.checked > CHECKED_AGAIN
            else one
            for one in self.files
        ]

    @property
    def lists(self) -> object:
        """The word lists as they were read last: another object once they were read anew."""
        return self.checker

    def found(self, texts: Iterable[tuple[str, str]]) -> list[WordState]:
        """The first `WORDS_SHOWN` words that are found in (path, text). Reads no file: any thread may ask."""
        checker = self.checker
        marks = (
            WordState(path, one.term, one.kind, one.text, one.zh, one.en, one.suggestion)
            for path, text in texts
            for one in checker.check(text)
        )
        return list(islice(marks, WORDS_SHOWN))

    def terms(self, text: str) -> list[str]:
        """Return the words of the lists that are found in a text."""
        return [one.term for one in self.checker.check(text)]

    def _paths(self) -> list[Path]:
        names = (*lists.KINDS, lists.ALLOW)
        law = (law_files.path(name, self._data) for name in law_files.FILES)
        return [limits.path(self._data), *law, *(lists.path(name, self._data) for name in names)]


_Stamp = tuple[str, int, int]
"""Path, nanosecond of the last change, bytes."""


def _why(error: Exception) -> str:
    """What is wrong with a file, without the place where it lies."""
    return (error.strerror or "") if isinstance(error, OSError) else str(error)


def _named_in(error: Exception) -> Sequence[str]:
    """The law's file that an error is of; where it names none, both."""
    name = Path(str(error.filename)).name if isinstance(error, OSError) else str(error).partition(":")[0]
    return [name] if name in law_files.FILES else law_files.FILES


def _day(said: object) -> date | None:
    """A date as TOML has it."""
    if isinstance(said, datetime):
        return said.date()
    return said if isinstance(said, date) else None


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size


def judged(
    books: AdviceFiles, room: Room, type_: str, data: dict[str, Any], now: datetime, role: str
) -> dict[str, Any]:
    """`domain.judge.judge`'s answer with ``notices`` (the platform's limits, of what does not live here
    alone), ``advice`` (a coupon's threshold) and ``words`` (what should not be said in it), and with
    ``limits``: what the platform allows, by the name of the field; None where no platform is asked.

    The others are lists, empty where there is nothing to say. With `TEXT` for a type, ``data["text"]`` is
    looked at and nothing else.
    """
    books.look()
    if type_ == TEXT:
        return {
            "ok": True,
            "notices": [],
            "advice": [],
            "words": words_in(type_, data, "", None, books.checker),
        }
    found = judge(room, type_, data, now, role)
    kind, sent, cue_id = _spec_of(room, type_, data)
    spec = _parsed(kind, sent)
    notices: list[dict[str, Any]] = []
    told: dict[str, dict[str, str]] | None = None
    advices: list[dict[str, Any]] = []
    if spec is not None:
        if doer(room, kind) != "us":
            told = limits.told(books.limits, spec)
            shop = stocked(room, spec, without=cue_id)
            ahead = _ahead(data, now)
            found_out = limits.check(books.limits, spec, shop, ahead_seconds=ahead)
            notices = [_plain(n) for n in (*by_program.notices(room, kind, spec), *found_out)]
        if rules := kind_of_spec(spec).offers(spec).rules:
            said = thresholds.threshold(room.totals.paid, room.totals.gmv_fen, _threshold(rules))
            advices = [{"code": "threshold", **_plain(said)}] if said is not None else []
    if books.trouble:
        text = f"限制或词库文件读不出来：{books.trouble}"
        english = f"The limits or word lists cannot be read: {books.trouble}"
        notices.append({"code": "unreadable", "zh": text, "en": english, "missing": ""})
    return {
        **found,
        "limits": told,
        "notices": notices,
        "advice": advices,
        "words": words_in(type_, data, kind, sent, books.checker),
    }


def _plain(struct: Struct) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(struct)
    return made


def words_in(
    type_: str, data: Mapping[str, Any], kind: str, spec: object, checker: Checker
) -> list[dict[str, Any]]:
    """Findings of every text of a command that viewers will read or hear, each with its ``field``."""
    found: list[dict[str, Any]] = []
    for field, text in texts(type_, data, kind, spec):
        for finding in checker.check(text):
            found.append({"field": field, **_plain(finding)})
            if len(found) == _MOST_FINDINGS:
                return found
    return found


def texts(type_: str, data: Mapping[str, Any], kind: str, spec: object) -> Iterator[tuple[str, str]]:
    """(path, text) of what leaves the desk with a command: titles, names, prizes, links, scripts, reasons."""
    for path, text in texts_of_spec(kind, spec):
        yield f"spec.{path}", text
    if type_ == TEXT:
        said = data.get("text")
        if isinstance(said, str):
            yield "text", said
    else:
        yield from texts_of_command(type_, data)


def stocked(room: Room, spec: Spec, *, without: str | None = None) -> Stocked:
    """What the limits need of the room; sales that are not over, but for the one that is judged."""
    sales: dict[str, str] = {}
    if limits.task_skus(spec):
        for cue in room.cues.values():
            if cue.cue_id != without and cue.status in _UNDECIDED:
                skus = limits.task_skus(cue.spec)
                owners = {room.skus[sku_id].product_id for sku_id in skus if sku_id in room.skus}
                sales |= dict.fromkeys(owners, cue.cue_id)
    return Stocked(
        {sku.sku_id: sku.price_fen for sku in room.skus.values()},
        {sku.sku_id: sku.product_id for sku in room.skus.values()},
        {product.product_id: product.title for product in room.products.values()},
        sales,
    )


def _spec_of(
    room: Room, type_: str, data: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any] | None, str | None]:
    """Kind, spec as sent and cue id of what a command is about."""
    if type_ not in _WITH_SPEC:
        return "", None, None
    cue_id = data.get("cue_id")
    cue = room.cues.get(cue_id) if isinstance(cue_id, str) and type_ != "cue.add" else None
    kind = cue.kind if cue is not None else data.get("kind")
    sent = (
        data.get("spec") if type_ in {"cue.add", "cue.edit"} else cue.spec_sent if cue is not None else None
    )
    if not isinstance(kind, str) or not isinstance(sent, Mapping):
        return "", None, None
    return kind, sent, cue.cue_id if cue is not None else None


def _parsed(kind: str, sent: Mapping[str, Any] | None) -> Spec | None:
    if sent is None:
        return None
    try:
        return parse_spec(kind, dict(sent))
    except (msgspec.ValidationError, KeyError):
        return None


def _threshold(rules: Sequence[RuleOff]) -> int | None:
    """Where what they take off begins; of tiers the lowest."""
    starts = [tier.threshold_fen for off in rules for tier in off.rule.tiers or ()]
    starts += [off.rule.threshold_fen for off in rules if off.rule.threshold_fen is not None]
    return min(starts, default=None)


def _ahead(data: Mapping[str, Any], now: datetime) -> float:
    at = data.get("at")
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else None
        return max(0.0, (moment - now).total_seconds()) if moment is not None else 0.0
    except (TypeError, ValueError):
        return 0.0
